"""The offline catalogue: lists of songs that somebody imported, asked first and without a network.

They lie in a SQLite file of their own beside the songs database: what can be imported again need
not weigh on PiKaraoke's file and its backups, and a big import holds no lock that PiKaraoke needs.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from itertools import combinations
from pathlib import Path
from typing import Final, Literal

from ..database.files import identity, open_to_read
from ..system.invocation import typed
from .base import Candidate, Found, NotFound, Outcome, Query, Tag, Trait
from .plain import plain_words
from .services import CATALOGUE

SCHEMA = """
DROP TABLE IF EXISTS enrichment_catalogue_common;  -- what was kept before all words were counted
CREATE TABLE IF NOT EXISTS enrichment_catalogue_list (
    id INTEGER PRIMARY KEY,
    name TEXT UNIQUE NOT NULL,
    songs INTEGER NOT NULL,
    imported_at REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS enrichment_catalogue_song (
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL,
    words TEXT NOT NULL,
    artist TEXT NOT NULL,
    title TEXT NOT NULL,
    year INTEGER,
    genre TEXT NOT NULL,
    duet INTEGER,
    language TEXT,
    explicit INTEGER
);
CREATE INDEX IF NOT EXISTS enrichment_catalogue_words ON enrichment_catalogue_song (words);
CREATE INDEX IF NOT EXISTS enrichment_catalogue_lists ON enrichment_catalogue_song (list);
CREATE VIRTUAL TABLE IF NOT EXISTS enrichment_catalogue USING fts5(
    words, content = 'enrichment_catalogue_song', content_rowid = 'id',
    tokenize = 'unicode61', detail = none
);
CREATE TABLE IF NOT EXISTS enrichment_catalogue_word (
    word TEXT PRIMARY KEY,
    songs INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS enrichment_catalogue_known (
    list INTEGER PRIMARY KEY,
    songs INTEGER NOT NULL  -- of the library
);
"""
# Columns of songs that files of older versions lack; NULL is what a list does not tell.
TRAITS: Final = {"duet": "INTEGER", "language": "TEXT", "explicit": "INTEGER"}
_A_DUET: Final = frozenset({"duet", "duets", "duo"})
# As many rows as are looked at for one question, and for one that leaves a word out.
LIMIT: Final = 25
FEWER: Final = 10
# A word in this many songs finds nothing by itself.
COMMON_FROM: Final = 500
# Names of more words are no slip of the pen away from a song.
MOST_WORDS: Final = 10
# What to do about a file that is damaged, and about one whose words are not counted.
IF_DAMAGED: Final = "delete it, and import your lists again"
IF_NOT_COUNTED: Final = f"run: {typed('catalogue list')}"
# In KiB, for each worker's connection.
CACHE = 128

# A name has them or has them not.
_NO_SIGN = frozenset({"the", "and", "a", "of", "feat", "ft"})
# Artist, title, year, genre; the list's name, and TRAITS as it tells them.
Row = tuple[str, str, "int | None", str, str, "int | None", "str | None", "int | None"]
# Name, number of songs and time of import (epoch seconds) of a list.
Listed = tuple[str, int, float]
# The words it is found by, and the row.
_Stored = tuple[str, str, str, "int | None", str, str, "int | None", "str | None", "int | None"]

LISTS = "SELECT name, songs, imported_at FROM enrichment_catalogue_list ORDER BY name"
_KNOWN = (
    "SELECT l.name, k.songs FROM enrichment_catalogue_known AS k "
    "JOIN enrichment_catalogue_list AS l ON l.id = k.list"
)
_A_WORD = "SELECT 1 FROM enrichment_catalogue_song WHERE words > '' LIMIT 1"
_A_COUNT = "SELECT 1 FROM enrichment_catalogue_word LIMIT 1"

_GENRES = re.compile(r"\s*[,;|/]\s*")


class NotCounted(sqlite3.Error):
    """A file of an older version, which did not count the words: its lists cannot be asked."""


class Catalogue:
    """The provider "catalogue".

    Args:
        path: the SQLite file.
    """

    name = CATALOGUE.name
    label = CATALOGUE.label
    supplies = CATALOGUE.supplies
    finds_by: Literal["pair", "fields", "text"] = "text"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine = threading.local()

    def lookup(self, query: Query) -> Outcome:
        """Find songs with the words of a reading, or all of them but one.

        A file that cannot be read knows nothing: the services are there to be asked.
        """
        words = search_words(f"{query.artist} {query.title}")
        if not words or not query.title.strip():
            return NotFound()
        try:
            # The songs of just these words, in any order; else those with all of them and more;
            # else those that lack one which is not in half of all titles: it may be a slip.
            rows = self._rows(f"words = ? LIMIT {LIMIT}", (key_of(words),))
            if not rows and len(words) > MOST_WORDS:
                rows = self._with_all(words, LIMIT)
            elif not rows:
                rows = self._with_most(words)
        except sqlite3.Error:
            self._mine.connection = None
            return NotFound()
        songs: dict[tuple[str, ...], list[Row]] = {}
        for row in dict.fromkeys(stored[1:] for stored in rows):
            songs.setdefault((*plain_words(row[0]), "", *plain_words(row[1])), []).append(row)
        return Found(tuple(map(_candidate, songs.values()))) if songs else NotFound()

    def song(self, artist: str, title: str) -> Candidate | None:
        """The song of just this artist and title, accents, case and small words aside; None where
        no list has it.

        Raises:
            sqlite3.Error: the file cannot be read.
        """
        wanted = search_words(artist), search_words(title)
        words = search_words(f"{artist} {title}")
        found = self._rows(f"words = ? LIMIT {LIMIT}", (key_of(words),))
        rows = [row[1:] for row in found if (search_words(row[1]), search_words(row[2])) == wanted]
        return _candidate(rows) if rows else None

    def _with_most(self, words: Sequence[str]) -> list[_Stored]:
        """The songs with all words, else some that lack one.

        In how many songs each word is says beforehand which searches would find nothing: to leave
        out one word after another took 4 ms for some real names.
        """
        # In how many songs each word is; without those that are in none.
        places = ",".join("?" * len(words))
        query = f"SELECT word, songs FROM enrichment_catalogue_word WHERE word IN ({places})"
        songs = dict(self._connection().execute(query, words).fetchall())
        unknown = [word for word in words if word not in songs]
        rare = [word for word in words if songs.get(word, 0) < COMMON_FROM]
        if len(words) < 3 or not rare:
            return [] if unknown else self._with_all(words, LIMIT)
        if len(unknown) > 1:
            return []
        if len(rare) > 1 and not unknown:
            return self._sifted(words, sorted(rare, key=songs.__getitem__))
        (slip,) = unknown or rare
        rows = [] if unknown else self._with_all(words, LIMIT)
        return rows or self._with_all([word for word in words if word != slip], FEWER)

    def _sifted(self, words: Sequence[str], rare: Sequence[str]) -> list[_Stored]:
        """The same where any of several words may be the slip, in one search.

        Args:
            words: of the question.
            rare: those of them that may be the slip, the rarest first; two or more.
        """
        # It finds few songs, and among them all that lack none of the words but one rare one: who
        # lacks one word at most has one of any two of them, and two of any three.
        some = [_all_of(pair) for pair in combinations(rare[:3], 2)] if len(rare) > 2 else rare
        either = " OR ".join(f"({each})" for each in some)
        sieve = " AND ".join([f"({either})", *(f'"{word}"' for word in words if word not in rare)])
        complete: list[_Stored] = []
        lacking: dict[str, list[_Stored]] = {word: [] for word in words}
        for row in self._matching(sieve):
            missing = set(words).difference(row[0].split())
            if not missing:
                complete.append(row)
            elif len(missing) == 1:
                lacking[missing.pop()].append(row)
        return complete[:LIMIT] or [row for rows in lacking.values() for row in rows[:FEWER]]

    def _with_all(self, words: Sequence[str], limit: int) -> list[_Stored]:
        return self._matching(_all_of(words), limit)

    def _matching(self, match: str, limit: int = -1) -> list[_Stored]:
        """What the full text finds, or the first of it, in the order of the lists."""
        found = "SELECT rowid FROM enrichment_catalogue WHERE enrichment_catalogue MATCH ? LIMIT ?"
        return self._rows(f"id IN ({found}) ORDER BY id", (match, limit))

    def _rows(self, where: str, values: Sequence[str | int]) -> list[_Stored]:
        connection = self._connection()
        traits = ", ".join(TRAITS if self._mine.tells_traits else ["NULL"] * len(TRAITS))
        wanted = (
            "SELECT words, artist, title, year, genre, "
            "(SELECT name FROM enrichment_catalogue_list AS l WHERE l.id = song.list), "
            f"{traits} FROM enrichment_catalogue_song AS song"
        )
        return connection.execute(f"{wanted} WHERE {where}", values).fetchall()

    def _connection(self) -> sqlite3.Connection:
        """This thread's own."""
        connection: sqlite3.Connection | None = getattr(self._mine, "connection", None)
        if connection is None:
            connection = open_to_read(self._path, for_any_thread=True)
            connection.execute(f"PRAGMA cache_size = -{CACHE}")
            self._mine.tells_traits = not missing_columns(connection)
            self._mine.connection = connection
        return connection


class Watch:
    """The provider for as long as there are lists, without asking for them each time: an import
    or a removal that has returned holds for the next song, whichever process made it.

    Not for two threads at once.

    Args:
        path: the SQLite file, which need not be there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: object = None
        self._connection: sqlite3.Connection | None = None
        self._seen: object = None
        self._provider: Catalogue | None = None

    def provider(self) -> Catalogue | None:
        """The provider; None where there is no list. A few microseconds while nothing changes.

        Raises:
            sqlite3.Error: the file cannot be read just now; it is read at the next call again.
        """
        state = self._state()
        if state != self._seen:
            self._seen = self._provider = None
            with suppress(NotCounted):  # until its words are counted, which changes the file
                self._provider = Catalogue(self._path) if read_lists(self._path) else None
            self._seen = state
        return self._provider

    def _state(self) -> object:
        """Something that is another once anybody has written to the file, or put one in its place;
        its times would not tell an import from another in the same two seconds of a FAT card."""
        found = identity(self._path)
        if found is None:
            self._file = self._connection = None
            return None
        file = os.getpid(), *found  # no connection survives a fork
        try:
            if self._connection is None or file != self._file:
                self._connection = open_to_read(self._path, for_any_thread=True)
                self._file = file
            return file, self._connection.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error:
            self._connection = None
            return file


def _all_of(words: Iterable[str]) -> str:
    """What finds in the full text the songs that have all of these words."""
    return " AND ".join(f'"{word}"' for word in words)


def lists(path: Path) -> list[Listed]:
    """The same as `read_lists`; none where the file cannot be read."""
    try:
        return read_lists(path)
    except sqlite3.Error:
        return []


def read_lists(path: Path) -> list[Listed]:
    """The lists that can be asked.

    Raises:
        NotCounted: an older version made them.
        sqlite3.Error: the file cannot be read.
    """
    if not path.exists():
        return []
    with closing(open_to_read(path)) as connection:
        # The first import may have just begun, or never have ended.
        if not _has_table(connection, "enrichment_catalogue_list"):
            return []
        # The table of words is empty where an import into a file of an older version made it and
        # was given up.
        is_counted = connection.execute(_A_WORD).fetchone() is None or (
            _has_table(connection, "enrichment_catalogue_word")
            and connection.execute(_A_COUNT).fetchone() is not None
        )
        if not is_counted:
            raise NotCounted("an older version made it")
        return connection.execute(LISTS).fetchall()


def known(path: Path) -> dict[str, int]:
    """How many songs of the library each list knew when they were counted last, by its name."""
    try:
        with closing(open_to_read(path)) as connection:
            if not _has_table(connection, "enrichment_catalogue_known"):
                return {}
            return dict(connection.execute(_KNOWN).fetchall())
    except sqlite3.Error:
        return {}


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
    return found.fetchone() is not None


def missing_columns(connection: sqlite3.Connection) -> list[str]:
    """The TRAITS that a file of an older version lacks."""
    told = connection.execute("PRAGMA table_info(enrichment_catalogue_song)")
    there = {row[1] for row in told}
    return [name for name in TRAITS if name not in there]


def search_words(text: str) -> list[str]:
    """The words that a name is found by, each once."""
    words = list(dict.fromkeys(plain_words(text)))
    return [word for word in words if word not in _NO_SIGN] or words


def key_of(words: Sequence[str]) -> str:
    """What is the same for the same words in any order."""
    return " ".join(sorted(words))


def _candidate(rows: Sequence[Row]) -> Candidate:
    """One song out of all rows for it.

    Who keeps a list may mean the year of the disc: where two rows disagree, neither is believed,
    nor on whether it is a duet, its language, or whether it is explicit.
    """
    artist, title = rows[0][:2]
    years = {row[2] for row in rows if row[2]}
    tags = dict.fromkeys(name for row in rows for name in _genres(row[3]))
    traits: list[Trait] = []
    for place, name in enumerate(TRAITS, 5):
        told: dict[int | str, str] = {}
        for row in rows:
            value = row[place]
            if value is None and name == "duet":  # some lists have it among the styles
                value = True if not _A_DUET.isdisjoint(map(str.lower, _genres(row[3]))) else None
            if value is not None:
                told.setdefault(value, row[4])
        if len(told) == 1:
            value, source = told.popitem()
            value = value if isinstance(value, str) else bool(value)
            traits.append(Trait(name, value, f"list {source}"))
    return Candidate(
        provider=Catalogue.name,
        artist=artist,
        title=title,
        year=min(years) if years and max(years) - min(years) <= 1 else None,
        tags=tuple(Tag(name, 1 / place) for place, name in enumerate(tags, 1)),
        traits=tuple(traits),
    )


def _genres(text: str) -> Iterator[str]:
    return (name for name in _GENRES.split(text or "") if name)
