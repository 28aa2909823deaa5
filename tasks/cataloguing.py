"""Lists of songs read into the offline catalogue: any table with a column for artist and title."""

from __future__ import annotations

import csv
import io
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from pathlib import Path

from ..exceptions import BadList, NoSuchList
from ..providers import catalogue
from ..providers.decoding import text, whole, year
from ..providers.plain import plain_words
from ..system.said import Said
from . import workbooks
from .judging.languages import codes_of
from .names.formatting import article_first, flipped
from .spreadsheets import decoded, from_header

log = logging.getLogger("pikaraoke_enrichment")

# Names of the columns, without case and accents.
COLUMNS: dict[str, tuple[str, ...]] = {
    "artist": (
        "artist", "artists", "interpret", "interpreten", "kunstler", "artista", "artiste",
        "interprete", "singer", "performer", "band", "artist name",
    ),
    "title": (
        "title", "song", "titel", "titulo", "titolo", "titre", "track", "lied", "cancion",
        "song title", "song name", "track name",
    ),
    "year": ("year", "jahr", "ano", "annee", "anno", "release year", "released"),
    "genre": ("genre", "genres", "style", "styles", "stil", "genero", "genere"),
    "duet": ("duo", "duet", "duett", "dueto", "duetto"),
    "language": (
        "languages", "language", "sprache", "sprachen", "idioma", "idiomas", "langue", "langues",
        "lingua", "lingue", "taal", "talen",
    ),
    "explicit": ("explicit", "explizit", "explicito", "explicite", "explicit lyrics"),
}  # fmt: skip
# The number of artists that can be turned round from which a book counts as sorted by surnames.
TURNED_FROM = 0.1
# Seconds to wait for another import; nobody else writes the file.
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Line:
    """One song of a list."""

    artist: str
    title: str
    year: int | None
    genre: str
    duet: bool | None = None
    language: str | None = None
    explicit: bool | None = None


# A line's cells, without `astuple`, which copies each of them: a third of an import.
_CELLS = attrgetter(*(each.name for each in fields(Line)))


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome of reading a file's lines.

    Attributes:
        songs: how many the list holds.
        nameless: lines left out, as they have no artist or no title.
        strange_years: songs with something in the year's column that is none.
    """

    songs: int
    nameless: int
    strange_years: int


def import_data(
    data: bytes, path: str, into: Path, name: str, tell: Callable[[str], None] = lambda _: None
) -> Imported:
    """Read a list into the catalogue, in place of an older one of that name.

    Args:
        data: CSV, .xlsx or .ods with its columns named in the first line.
        path: the file's name, for what is said of it.
        into: the catalogue's own file; made where there is none.
        name: what the list is called.
        tell: is told each step as it begins: "reading", "writing".
    Returns:
        How many songs it holds, and what could not be read.
    Raises:
        BadList: no such list can be read from it; the catalogue is as it was.
    """
    unread: Counter[str] = Counter()
    tell("reading")
    lines = read_list(data, path, unread)
    tell("writing")
    with _opened(into) as connection:
        _remove(connection, name)
        added = connection.execute(
            "INSERT INTO enrichment_catalogue_list (name, songs, imported_at) VALUES (?, 0, ?)",
            (name, time.time()),
        )
        rows = [
            (added.lastrowid, _words(line.artist, line.title), *_CELLS(line))
            for line in dict.fromkeys(lines)
        ]
        if not rows:
            raise BadList(
                f"{path} holds no song: each line needs an artist and a title", Said("list_empty")
            )
        connection.executemany(
            "INSERT INTO enrichment_catalogue_song"
            " (list, words, artist, title, year, genre, duet, language, explicit)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        _index(connection)
        connection.execute(
            "UPDATE enrichment_catalogue_list SET songs = ? WHERE name = ?", (len(rows), name)
        )
    return Imported(len(rows), unread["names"], unread["year"])


def kept_lists(path: Path) -> list[catalogue.Listed]:
    """The catalogue's lists; raises BadList where its file cannot be read.

    Those of an older version are made ready to be asked: it took 2 s for 100,000 songs, for which
    no consumer waits when it starts.
    """
    try:
        return catalogue.read_lists(path)
    except catalogue.NotCounted:
        log.info("The song lists are of an older version: their words are counted anew")
        with _opened(path) as connection:
            _index(connection)
            return connection.execute(catalogue.LISTS).fetchall()
    except sqlite3.Error as error:
        raise _unusable(path, "read", error) from error


def remove_list(name: str, path: Path) -> None:
    """Take a list out of the catalogue; raises NoSuchList where it has none of that name."""
    names = [listed for listed, _, _ in kept_lists(path)]
    if name not in names:
        others = f", only {', '.join(names)}" if names else ""
        raise NoSuchList(f"there is no song list {name!r}{others}")
    with _opened(path) as connection:
        _remove(connection, name)
        _index(connection)


def count_known(name: str, path: Path, library: Iterable[tuple[str, str]]) -> int:
    """Count the songs of a library that a list holds, and keep the number for whoever asks.

    Args:
        name: the list's.
        path: the catalogue's file.
        library: artist and title of each song.
    """
    of_it = "FROM enrichment_catalogue_list WHERE name = ?"
    there = (
        "SELECT 1 FROM enrichment_catalogue_song WHERE words = ? "
        f"AND +list = (SELECT id {of_it}) LIMIT 1"  # by its words: by its list took a minute
    )
    with _opened(path) as connection:
        known = sum(
            connection.execute(there, (_words(artist, title), name)).fetchone() is not None
            for artist, title in library
        )
        connection.execute(
            f"INSERT OR REPLACE INTO enrichment_catalogue_known SELECT id, ? {of_it}", (known, name)
        )
    return known


def counts_of_known(path: Path) -> dict[str, int]:
    """What `count_known` found last, by the list's name; without those that were never counted."""
    return catalogue.known(path)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The catalogue open for one change: all of it is written, or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = wal")
            connection.executescript(catalogue.SCHEMA)
            connection.execute("BEGIN IMMEDIATE")
            for name in catalogue.missing_columns(connection):
                column = f"{name} {catalogue.TRAITS[name]}"
                connection.execute(f"ALTER TABLE enrichment_catalogue_song ADD COLUMN {column}")
            yield connection
            connection.execute("COMMIT")
            # The log would stay as long as the import while a consumer has the file open. A disk
            # that is full only now loses nothing: the change is kept in that log.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise _unusable(path, "written", error) from error


def _unusable(path: Path, how: str, error: sqlite3.Error) -> BadList:
    """A full disk or a file that is held says so itself; what is damaged cannot be mended."""
    if isinstance(error, sqlite3.OperationalError):
        words = f"{path} cannot be {how} ({error})"
    else:
        words = f"{path} is damaged ({error}): {catalogue.IF_DAMAGED}"
    return BadList(words, Said("lists_unusable", file=path.name, error=str(error)))


def _remove(connection: sqlite3.Connection, name: str) -> None:
    old = "SELECT id FROM enrichment_catalogue_list WHERE name = ?"
    connection.execute(f"DELETE FROM enrichment_catalogue_known WHERE list = ({old})", (name,))
    connection.execute(f"DELETE FROM enrichment_catalogue_song WHERE list = ({old})", (name,))
    connection.execute("DELETE FROM enrichment_catalogue_list WHERE name = ?", (name,))


def _words(artist: str, title: str) -> str:
    return catalogue.key_of(catalogue.search_words(f"{artist} {title}"))


def _index(connection: sqlite3.Connection) -> None:
    """Build the index of words and its counts anew: quicker, and smaller, than to take a list out
    of it."""
    connection.execute("INSERT INTO enrichment_catalogue (enrichment_catalogue) VALUES ('rebuild')")
    counts: Counter[str] = Counter()
    for (words,) in connection.execute("SELECT words FROM enrichment_catalogue_song"):
        counts.update(words.split())
    connection.execute("DELETE FROM enrichment_catalogue_word")
    connection.executemany(
        "INSERT INTO enrichment_catalogue_word VALUES (?, ?)", sorted(counts.items())
    )


# --- the file -------------------------------------------------------------------------------------


def read_list(data: bytes, path: str, unread: Counter[str] | None = None) -> list[Line]:
    """The songs of a file; raises BadList.

    Args:
        unread: is told how many lines have no "names", and how many songs a "year" that is none.
    """
    try:
        rows = _rows(data)
        places = _places(next(rows, []), path)
        read = list(_lines(rows, places, Counter() if unread is None else unread))
    except BadList:
        raise
    except (ValueError, csv.Error) as error:
        raise BadList(f"{path} {error}", Said("list_unreadable")) from None
    # "PRESLEY, ELVIS" and "BOXER, THE" the right way round, in a book that is sorted by them: in
    # KaraFun's list "Hello, Dolly! (film)" is a name.
    spoken = {line.artist: flipped(line.artist) for line in read}
    turned = sum(name != written for written, name in spoken.items())
    if not turned or turned < TURNED_FROM * len(spoken):
        return read
    return [
        replace(line, artist=spoken[line.artist], title=article_first(line.title)) for line in read
    ]


def read_head(data: bytes, path: str) -> list[str]:
    """A table's first line; raises BadList where it is none."""
    try:
        return next(_rows(data), [])
    except (ValueError, csv.Error) as error:
        raise BadList(f"{path} {error}", Said("list_unreadable")) from None


def columns_found(header: Sequence[str]) -> dict[str, str]:
    """What a list's columns are called that hold artist, title, year and genre."""
    return {what: header[at] for what, at in _places(header, "the list").items()}


def _rows(data: bytes) -> Iterator[list[str]]:
    """The rows of a table, its head first; raises ValueError."""
    if workbooks.is_workbook(data):
        yield from (row for row in workbooks.rows(data) if any(row))
        return
    content, separator = from_header(decoded(data))
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=separator)
    try:
        yield from reader
    except csv.Error as error:
        raise ValueError(f"cannot be read at line {reader.line_num}: {error}") from None


def _places(header: Sequence[str], path: str) -> dict[str, int]:
    """The column of each kind of value."""
    names = [" ".join(plain_words(name)) for name in header]
    places = {
        what: names.index(found)
        for what, words in COLUMNS.items()
        if (found := next((word for word in words if word in names), None)) is not None
    }
    for what in ("artist", "title"):
        if what not in places:
            seen = ", ".join(name for name in names[:10] if name) or "nothing"
            raise BadList(
                f"{path} has no column for the {what}: its first line must name the columns, as "
                f"Artist;Title;Year;Genre (it names {seen})",
                Said("list_no_column", names=seen),
            )
    return places


def _lines(
    rows: Iterable[Sequence[str]], places: dict[str, int], unread: Counter[str]
) -> Iterator[Line]:
    for row in rows:
        cells = {what: row[at] if at < len(row) else "" for what, at in places.items()}
        artist, title = text(cells["artist"]), text(cells["title"])
        if artist and title:
            written = cells.get("year", "").strip()
            number = whole(written)  # a spreadsheet may have made it "1975.0"
            found = year(written if number is None else str(number))
            unread["year"] += found is None and bool(written)
            duet, explicit = (
                _FLAGS.get(cells.get(name, "").strip().lower()) for name in ("duet", "explicit")
            )
            language = codes_of(cells.get("language", "")) or None
            genre = text(cells.get("genre", ""))
            yield Line(artist, title, found, genre, duet, language, explicit)
        else:
            # A spreadsheet ends in lines of nothing but separators.
            unread["names"] += any(cell.strip() for cell in row)


_YES = ("1", "1.0", "yes", "y", "true", "x", "ja", "oui", "si", "sì", "sí", "sim")
_NO = ("0", "0.0", "no", "n", "false", "nein", "non", "nee", "não")
_FLAGS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)  # all others tell nothing
