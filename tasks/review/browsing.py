"""The list of songs: searched, filtered, sorted and cut into pages, over the index of `listing`."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from peewee import SQL, Table, fn

from ...database.connection import database, pairs, text_of
from ...models import Listing, QueueEntry, Song, Traits
from ..names.folding import fold
from ..queue import table as queue_table
from ..runtime import Remembered
from ..scoring import LEVELS, Level, level_of
from ..search import full_text, listing
from . import exporting

PAGE = 50
# From this many songs on it is quicker to walk in the wanted order and pass over what the filter
# leaves out than to gather all that it lets by and sort them.
WALK_FROM = 3000
# "waiting" are those that wait for their first look-up; they are not among the parsed ones.
STATUSES = ("pending", "parsed", "enriched", "enrichment_failed", "manual", "waiting")
MISSING = ("year", "genre")
# What is asked of duet and explicit; of a language too, beside its code.
ANSWERS = ("yes", "no", "unknown")
# Where a query begins: at an index of the filter, of the full text, or of the order.
Start = Literal["filter", "text", "order"]
LEVEL_NAMES = tuple(level.name for level in LEVELS)
_BY_NAME = (Listing.artist, Listing.title, Listing.song)
# Every order ends in the name, so that variants of one recording stand together in it.
SORTS: dict[str, tuple[Any, ...]] = {
    "artist": _BY_NAME,
    "title": (Listing.title, Listing.artist, Listing.song),
    "unsure": (Listing.confidence, *_BY_NAME),
    "sure": (Listing.confidence.desc(), Listing.artist.desc(), Listing.title.desc()),
    "oldest": (Listing.year.asc(nulls="FIRST"), *_BY_NAME),
    "newest": (Listing.year.desc(nulls="LAST"), Listing.artist.desc(), Listing.title.desc()),
    "changed": (Listing.stamp.desc(nulls="LAST"), Listing.song.desc()),
}

# PiKaraoke's own record of what was sung.
_PLAYS: Any = Table("plays", ("song_id", "completed"))
# By its index: of a bare column SQLite reads the whole index.
_IS_EXPLICIT = Traits.explicit == SQL("TRUE")
PICKS = ("sung", "new")
# "New this week", in seconds.
A_WEEK = 7 * 24 * 3600.0


# More words than these tell hardly any songs apart.
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """Which songs, in which order. Empty fields filter nothing.

    Attributes:
        text: words of artist, title or file name; each may be the beginning of one.
        level: the name of a level (`LEVEL_NAMES`).
        status: one of STATUSES.
        artist: an artist's name, accents and case aside.
        genres: as they are written in the library; songs of any of them.
        decade: its first year.
        missing: "year" or "genre": songs that lack it.
        like: id of a song: all variants of its recording.
        letter: with which the artist's folded name begins.
        duet, explicit: one of ANSWERS.
        language: its code, "unknown" for songs of which nobody tells it.
        is_family: whether what is explicit, or marked so, is left out.
        pick: "sung" to the end in PiKaraoke, the most sung first; "new" within a week, the newest
            first. It orders for itself.
        sort: one of SORTS.
    """

    text: str = ""
    level: str = ""
    status: str = ""
    artist: str = ""
    genres: tuple[str, ...] = ()
    decade: int | None = None
    duet: str = ""
    language: str = ""
    explicit: str = ""
    is_family: bool = False
    missing: Literal["", "year", "genre"] = ""
    like: int | None = None
    letter: str = ""
    pick: Literal["", "sung", "new"] = ""
    sort: str = "artist"

    @property
    def words(self) -> list[str]:
        """What is searched for, folded; signs that are no part of any word are left out, and so are
        words that begin another one. The longest of many are taken: a word costs the more the
        shorter it is, and a hundred letters cost a second over 50,000 songs."""
        words = {word for word in listing.words(self.text).split() if any(map(str.isalnum, word))}
        longest = sorted(words, key=lambda word: (-len(word), word))
        taken: list[str] = []
        for word in longest:
            if not any(each.startswith(word) for each in taken):
                taken.append(word)
        return taken[:MOST_WORDS]

    @property
    def narrows(self) -> bool:
        """Whether any song is left out that the reader could see."""
        return replace(self, sort="artist", is_family=False) != Filter()


@dataclass(frozen=True, slots=True)
class Row:
    """One song of a page.

    Attributes:
        variants: how many files the library has of this recording.
        is_variant: whether the row before shows another file of the same recording.
    """

    song: Song
    level: Level
    variants: int
    is_variant: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `number` counts from 1, `total` all songs that the filter lets by."""

    rows: Sequence[Row]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // PAGE))


def find(wanted: Filter, number: int = 1) -> Page:
    """One page of the songs that are wanted; a number beyond the last page gives the last one."""
    start = _start(wanted)
    total = _count(wanted, start)
    number = max(1, min(number, -(-total // PAGE)))
    # The indexes of the filters go on by artist and title: that order is walked as it is.
    is_in_order = start == "filter" and wanted.sort == "artist" and len(wanted.genres) < 2
    if total >= WALK_FROM and not is_in_order:
        start = "order"
    ids = _ids(wanted, start, limit=PAGE, offset=(number - 1) * PAGE)
    return Page(_rows(ids), number, total)


def has_any(wanted: Filter) -> bool:
    """Whether a song is wanted."""
    return bool(_part(_chosen(wanted, _start(wanted), Listing.song), 1, 0))


def of_chance(*, is_family: bool = False) -> Page:
    """A page of one song that chance takes among those whose artist is known."""
    named = _chosen(Filter(is_family=is_family), "filter", Listing.song).where(Listing.artist > "")
    named = named.order_by(*_BY_NAME)
    known = named.count()
    if not known:
        return Page([], 1, 0)
    return Page(_rows(_part(named, 1, random.randrange(known))), 1, 1)


def count(wanted: Filter) -> int:
    """How many songs the filter lets by."""
    return _count(wanted, _start(wanted))


def all_ids(wanted: Filter) -> list[int]:
    """Ids of all songs that the filter lets by, in its order."""
    return _ids(wanted, _start(wanted))


def songs(wanted: Filter) -> Iterator[dict[str, Any]]:
    """All songs that the filter lets by, in its order, as the export gives them."""
    for batch in queue_table.in_batches(all_ids(wanted), 500):
        found = {row["id"]: row for row in exporting.songs(Song.id.in_(batch))}
        yield from (found[song_id] for song_id in batch if song_id in found)


# --- the library in numbers -----------------------------------------------------------------------

# In seconds: to count takes a few scans of indexes.
COUNT_AGAIN_AFTER = 5.0
_LETTER = fn.SUBSTR(Listing.artist, 1, 1)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a list may be narrowed by, and how many songs each leaves.

    Attributes:
        decades: first year -> songs, in order, without gaps.
        genres: genre -> songs, the most frequent first.
        languages: code -> songs, the most frequent first.
        letters: what artists' folded names begin with -> songs.
    """

    decades: dict[int, int]
    genres: dict[str, int]
    languages: dict[str, int]
    letters: dict[str, int]


@dataclass(frozen=True, slots=True)
class Counts(Choices):
    """The library in numbers.

    Attributes:
        levels: level's name -> songs, every level.
        known: "artist", "year", "genre" -> songs that have it.
        map: decade and genre -> songs, where both are known.
    """

    total: int
    levels: dict[str, int]
    known: dict[str, int]
    map: dict[tuple[int, str], int]


def _count_library() -> Counts:
    levels = _counted(Listing.level)
    decades, genres = _counted(Listing.decade), _counted(Listing.genre)
    total = sum(levels.values())
    nameless = Listing.select().where(Listing.artist == "").count()
    known = {
        "artist": total - nameless,
        "year": total - decades.pop(None, 0),
        "genre": total - genres.pop(None, 0),
    }
    letters = _counted(_LETTER)
    letters.pop("", None)
    languages: Counter[str] = Counter()
    told: Any = Traits.select(Traits.language, fn.COUNT(SQL("*"))).group_by(Traits.language)
    for codes, songs in told.tuples():
        languages.update(dict.fromkeys(filter(None, (codes or "").split(",")), songs))
    columns = Listing.decade, Listing.genre
    both = Listing.decade.is_null(False) & Listing.genre.is_null(False)
    found: Any = Listing.select(*columns, fn.COUNT(SQL("*"))).where(both).group_by(*columns)
    span = range(min(decades), max(decades) + 10, 10) if decades else range(0)
    return Counts(
        decades={decade: decades.get(decade, 0) for decade in span},
        genres=dict(sorted(genres.items(), key=lambda item: (-item[1], item[0]))),
        languages=dict(languages.most_common()),
        letters=letters,
        total=total,
        levels={name: levels.get(place, 0) for place, name in enumerate(LEVEL_NAMES)},
        known=known,
        map={(decade, genre): count for decade, genre, count in found.tuples()},
    )


def _counted(column: Any) -> dict[Any, int]:
    return pairs(Listing.select(column, fn.COUNT(SQL("*"))).group_by(column))


def _count_for_family() -> Choices:
    """What is explicit is gone through alone and taken from the whole: it is the smaller part."""
    every = counts()
    decades, letters = Counter(every.decades), Counter(every.letters)
    genres, languages = Counter(every.genres), Counter(every.languages)
    columns = Listing.decade, Listing.genre, _LETTER, Traits.language
    is_song = Traits.song == Listing.song
    hidden: Any = Listing.select(*columns).join(Traits, on=is_song).where(_IS_EXPLICIT)
    for decade, genre, letter, codes in hidden.tuples():
        decades[decade] -= 1
        genres[genre] -= 1
        letters[letter] -= 1
        languages.subtract((codes or "").split(","))
    return Choices(
        {decade: max(0, decades[decade]) for decade in every.decades},
        dict((+genres).most_common()),
        dict((+languages).most_common()),
        +letters,
    )


counts = Remembered(COUNT_AGAIN_AFTER, _count_library)
family_choices = Remembered(COUNT_AGAIN_AFTER, _count_for_family)


def forget() -> None:
    """Count anew on the next use: somebody has changed a song."""
    counts.forget()
    family_choices.forget()


# --- the query ----------------------------------------------------------------------------------


def _start(wanted: Filter) -> Start:
    """Where fewer songs are to be looked through; either side alone is counted in a millisecond."""
    if not wanted.words:
        return "filter"
    if not any(_equal(wanted)):
        return "text"
    found, filtered = full_text.count(wanted.words), _count(replace(wanted, text=""), "filter")
    # A song of the text costs twice what one of the filter's index does.
    return "text" if found < filtered / 2 else "filter"


def _count(wanted: Filter, start: Start) -> int:
    is_text_alone = replace(wanted, text="", sort="artist") == Filter()
    if wanted.words and is_text_alone:  # ten times as quick as asking both tables
        return full_text.count(wanted.words)
    return int(_chosen(wanted, start, fn.COUNT(SQL("*"))).scalar())


def _ids(wanted: Filter, start: Start, limit: int | None = None, offset: int = 0) -> list[int]:
    order = SORTS[wanted.sort]
    if wanted.pick == "new":
        order = (Listing.song.desc(),)
    elif wanted.pick == "sung":
        is_of_song = (_PLAYS.song_id == Listing.song) & (_PLAYS.completed == 1)
        times: Any = _PLAYS.select(fn.COUNT(SQL("*"))).where(is_of_song)
        order = (fn.COALESCE(times, 0).desc(), *_BY_NAME)
    query = _chosen(wanted, start, Listing.song).order_by(*order)
    if wanted.pick or wanted.sort != "artist" or wanted.artist or wanted.like is not None:
        return _part(query, limit, offset)
    # Songs whose artist nobody knows come last. Two walks along the index: a sort by whether there
    # is a name would go through the whole library.
    named = _part(query.where(Listing.artist > ""), limit, offset)
    if limit is not None and len(named) == limit:
        return named
    rest = None if limit is None else limit - len(named)
    if not named and offset:  # by as many as have an artist
        every = _chosen(wanted, start, fn.COUNT(SQL("*")))
        offset -= int(every.scalar()) - int(every.where(Listing.artist == "").scalar())
    return named + _part(query.where(Listing.artist == ""), rest, max(0, offset))


def _part(query: Any, limit: int | None, offset: int) -> list[int]:
    rows: Any = query.limit(limit).offset(offset).tuples()
    return [row[0] for row in rows]


def _chosen(wanted: Filter, start: Start, *columns: Any) -> Any:
    """The filter as SQL, which begins at the index of `start` and is kept from the others."""
    query = Listing.select(*columns)
    keep = "" if start == "filter" else database.no_index
    conditions: list[Any] = [
        SQL(f"{keep}{column} IS NULL") if value is None else SQL(f"{keep}{column} = ?", [value])
        for column, value in _equal(wanted)
    ]
    conditions += _by_choice(wanted)
    if len(wanted.genres) > 1:
        conditions.append(Listing.genre.in_(wanted.genres))
    if wanted.words:
        keep = "" if start == "text" else database.no_index
        conditions.append(full_text.condition(wanted.words, f"{keep}song_id"))
    return query.where(*conditions) if conditions else query


def _by_choice(wanted: Filter) -> Iterator[Any]:
    """The conditions that no column of the list's row holds by itself."""
    # Songs that wait for their first look-up, apart from those whose name alone is known.
    queued = QueueEntry.select(SQL("1")).where(
        (QueueEntry.song == Listing.song) & (QueueEntry.priority > queue_table.SECOND_LOOK)
    )
    if wanted.status == "parsed":
        yield ~fn.EXISTS(queued)
    elif wanted.status == "waiting":
        is_read = Listing.status == "parsed"
        yield (Listing.status == "pending") | (is_read & fn.EXISTS(queued))
    if wanted.letter:
        yield fn.SUBSTR(Listing.artist, 1, 1) == wanted.letter
    if wanted.pick == "sung":
        yield Listing.song.in_(_PLAYS.select(_PLAYS.song_id).where(_PLAYS.completed == 1))
    elif wanted.pick == "new":
        since = text_of(time.time() - A_WEEK)
        yield Listing.song.in_(Song.select(Song.id).where(Song.created_at >= since))
    if wanted.is_family:
        yield Listing.song.not_in(Traits.select(Traits.song).where(_IS_EXPLICIT))
    for column, asked in ((Traits.duet, wanted.duet), (Traits.explicit, wanted.explicit)):
        if asked == "unknown":
            yield Listing.song.not_in(Traits.select(Traits.song).where(column.is_null(False)))
        elif asked:
            is_so = column if asked == "yes" else ~column
            yield Listing.song.in_(Traits.select(Traits.song).where(is_so))
    if wanted.language == "unknown":
        is_told = Traits.language.is_null(False)
        yield Listing.song.not_in(Traits.select(Traits.song).where(is_told))
    elif wanted.language:
        is_sung = SQL("',' || language || ',' LIKE ?", [f"%,{wanted.language},%"])
        yield Listing.song.in_(Traits.select(Traits.song).where(is_sung))


def _equal(wanted: Filter) -> Iterator[tuple[str, Any]]:
    """Columns and what they must be equal to."""
    if wanted.level:
        yield "level", LEVEL_NAMES.index(wanted.level)
    if wanted.status and wanted.status != "waiting":
        yield "status", wanted.status
    if wanted.artist:
        yield "artist", listing.words(wanted.artist)
    if len(wanted.genres) == 1:
        yield "genre", wanted.genres[0]
    if wanted.decade is not None:
        yield "decade", wanted.decade
    if wanted.missing:
        yield ("decade" if wanted.missing == "year" else "genre"), None
    if wanted.like is not None:
        found = Listing.get_or_none(Listing.song == wanted.like)
        yield "artist", found.artist if found else None
        yield "title", found.title if found else None


# --- the rows -----------------------------------------------------------------------------------


def _rows(ids: Sequence[int]) -> list[Row]:
    found = {song.id: song for song in Song.select().where(Song.id.in_(ids))}
    marks = ",".join("?" * len(ids))
    # How many songs have the same artist and title as each of these.
    variants = dict(database.execute_sql(_VARIANTS.format(marks=marks), ids).fetchall())
    rows: list[Row] = []
    before = None
    for song in (found[song_id] for song_id in ids if song_id in found):
        level = level_of(song.confidence, song.metadata_status or "pending")
        recording = (fold(song.artist or ""), fold(song.title or ""))
        rows.append(Row(song, level, variants.get(song.id, 1), recording == before))
        before = recording
    return rows


def row(song_id: int) -> Row | None:
    """One song as a row of the list, None where there is no such song."""
    return next(iter(_rows([song_id])), None)


_VARIANTS = """
SELECT l.song_id, (SELECT count(*) FROM enrichment_listing AS o
    WHERE o.artist = l.artist AND o.title = l.title)
FROM enrichment_listing AS l WHERE l.song_id IN ({marks}) AND l.title <> ''
"""
