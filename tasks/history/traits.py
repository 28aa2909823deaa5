"""What is known of duet, language and explicit, kept for each song with who says so."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ...database import foreign
from ...database.connection import database, now_text, run_many
from ...models import Song
from ..judging.makers import is_nobody
from ..judging.traits import (
    OTHER_SONGS,
    PERSON,
    SCRIPT,
    TRAITS,
    UNKNOWN,
    Told,
    by_name,
    by_other_songs,
    merged,
    without_former_lists,
)
from ..queue import table as queue_table
from ..runtime import until_told
from ..search import listing

# Within a change: trait -> who said it. The values stand beside the song's fields.
TOLD = "told"

_COLUMNS = "duet, duet_source, language, language_source, explicit, explicit_source"
_SELECT = f"SELECT song_id, {_COLUMNS} FROM enrichment_traits WHERE song_id IN ({{marks}})"
# PiKaraoke may delete a song between our reading its row and our writing.
_STORE = f"""
INSERT INTO enrichment_traits (song_id, {_COLUMNS})
SELECT id, CAST(? AS BOOLEAN), ?, ?, ?, CAST(? AS BOOLEAN), ? FROM songs WHERE id = ?
ON CONFLICT (song_id) DO UPDATE SET
    duet = excluded.duet, duet_source = excluded.duet_source,
    language = excluded.language, language_source = excluded.language_source,
    explicit = excluded.explicit, explicit_source = excluded.explicit_source
"""

Known = dict[str, Told]


def known(song_id: int) -> Known:
    """Each trait of a song, UNKNOWN where nobody has said anything."""
    return known_of([song_id])[song_id]


def known_of(ids: Collection[int]) -> dict[int, Known]:
    """The same of several songs."""
    found: dict[int, Known] = {song_id: dict.fromkeys(TRAITS, UNKNOWN) for song_id in ids}
    for batch in queue_table.in_batches(ids, 500):
        select = _SELECT.format(marks=",".join("?" * len(batch)))
        for song_id, *row in database.execute_sql(select, batch).fetchall():
            pairs = zip(row[::2], row[1::2], strict=True)
            found[song_id] = {
                name: Told(bool(value) if isinstance(value, int) else value, source)
                for name, (value, source) in zip(TRAITS, pairs, strict=True)
            }
    return found


def values(song_id: int) -> dict[str, bool | str | None]:
    """Each trait's value alone."""
    return {name: told.value for name, told in known(song_id).items()}


def _store(rows: Iterable[tuple[int, Mapping[str, Told]]]) -> None:
    run_many(
        _STORE,
        [(*(part for name in TRAITS for part in now[name]), song_id) for song_id, now in rows],
    )


# --- what is told ---------------------------------------------------------------------------------


class Named(NamedTuple):
    """A song's id, path and what it is called now."""

    id: int
    path: str
    artist: str
    title: str
    variant: str

    def told(self) -> Known:
        """What that tells by itself."""
        return by_name(os.path.basename(self.path), *self[2:])


def named(song: Song) -> Named:
    """A song as it stands."""
    return Named(song.id, song.file_path, song.artist or "", song.title or "", song.variant or "")


def note(
    song: Named, answers: Mapping[str, Told] | None = None, *, is_same_song: bool = True
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep what a song's name and answers tell of it now, within the caller's transaction, who then
    calls `follow_artists`.

    Args:
        answers: what came along with answers for it (`traits.by_answers`).
        is_same_song: whether what was known before is of this song.
    Returns:
        What changed, before and after, for `changes.record`.
    """
    before = known(song.id)
    now = merged(before, [song.told(), answers or {}], is_same_song=is_same_song)
    if now != before:
        _store([(song.id, now)])
    return _difference(before, now)


def say(song_id: int, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep a person's word, which is final, within the caller's transaction. What is so already
    needs none.

    Returns:
        What changed, before and after, for `changes.record`.
    """
    before = known(song_id)
    news = {name: value for name, value in said.items() if before[name].value != value}
    now = {**before, **{name: Told(value, PERSON) for name, value in news.items()}}
    if news:
        _store([(song_id, now)])
    return _difference(before, now)


def put_back(song_id: int, change: Mapping[str, Any]) -> None:
    """Make traits what they were before a change; within the caller's transaction."""
    was = {n: Told(change[n], change.get(TOLD, {}).get(n, "")) for n in TRAITS if n in change}
    if was:
        _store([(song_id, {**known(song_id), **was})])


def said_of(song_id: int) -> dict[str, Any]:
    """The traits of which a person has spoken."""
    return {name: told.value for name, told in known(song_id).items() if told.source == PERSON}


def _difference(
    before: Mapping[str, Told], now: Mapping[str, Told]
) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in TRAITS if before[name].value != now[name].value]

    def kept(told: Mapping[str, Told]) -> dict[str, Any]:
        sources = {name: told[name].source for name in names}
        return {**{name: told[name].value for name in names}, **({TOLD: sources} if names else {})}

    return kept(before), kept(now)


# --- many songs -----------------------------------------------------------------------------------


def read_names(ids: Collection[int], *, anew: Collection[int] = ()) -> None:
    """Keep what the names of songs tell, within the caller's transaction, their rows of the list
    being written.

    Args:
        anew: of these songs nothing else that was known holds any more: their names are others.
    """
    before, rows, artists = known_of(ids), [], set()
    for song in _named(ids):
        now = merged(before[song.id], [song.told()], is_same_song=song.id not in anew)
        rows.append((song.id, now))
        artists.add(song.artist)
    _store(rows)
    follow_artists(artists)


def _named(ids: Collection[int]) -> Iterator[Named]:
    for batch in queue_table.in_batches(ids, 500):
        select = _NAMED.format(marks=",".join("?" * len(batch)))
        for song_id, path, *columns in database.execute_sql(select, batch).fetchall():
            names = (foreign.text(column) or "" for column in columns)
            yield Named(song_id, foreign.path(path), *names)


_NAMED = "SELECT id, file_path, artist, title, variant FROM songs WHERE id IN ({marks})"


def fill() -> None:
    """Keep what the names of songs tell that an older version had read."""
    unknown = [row[0] for row in database.execute_sql(_UNFILLED).fetchall()]
    for batch in until_told(queue_table.in_batches(unknown)):
        with database.atomic("IMMEDIATE"):
            read_names(batch)


_UNFILLED = """
SELECT l.song_id FROM enrichment_listing AS l
WHERE NOT EXISTS (SELECT 1 FROM enrichment_traits AS t WHERE t.song_id = l.song_id)
"""


def relist(
    ids: Collection[int],
    listed: Callable[[Named], Mapping[str, Told] | None],
    gone: Collection[str],
) -> int:
    """Keep what lists tell of songs now, within the caller's transaction, once lists have changed.

    Args:
        listed: what they tell of a song; None where none has it.
        gone: names of lists that were removed.
    Returns:
        Of how many songs something else is known now.
    """
    before, rows, artists = known_of(ids), [], set()
    for song in _named(ids):
        told = listed(song)
        left = without_former_lists(before[song.id], gone, is_listed=told is not None)
        now = merged(left, [song.told(), told or {}], is_same_song=True)
        if now != before[song.id]:
            rows.append((song.id, now))
            artists.add(song.artist)
    _store(rows)
    _touch([song_id for song_id, _ in rows])
    follow_artists(artists)
    return len(rows)


# --- an artist's other songs ----------------------------------------------------------------------


def follow_artists(artists: Iterable[str]) -> None:
    """Let the songs of artists of which nobody tells the language have that of their other songs,
    or lose it where these do not agree any more; within the caller's transaction, the rows of the
    list being written."""
    changed: list[tuple[int, Told]] = []
    for artist in {*map(listing.words, artists)} - _ANYBODY:
        if not artist or is_nobody(artist):
            continue
        rows = database.execute_sql(_OF_ARTIST, (artist, MOST_SONGS + 1)).fetchall()
        # A title in letters of its own says what that song is: who sings in Korean under Korean
        # titles may sing in English under others.
        told = Counter(row[2] for row in rows if row[2] and row[3] not in (OTHER_SONGS, SCRIPT))
        written = told + Counter(row[2] for row in rows if row[2] and row[3] == SCRIPT)
        if len(rows) > MOST_SONGS:
            told = written = Counter()
        for song_id, title, language, source in rows:
            now = by_other_songs(told if title.isascii() else written)
            if source in ("", OTHER_SONGS) and now != Told(language, source):
                changed.append((song_id, now))
    run_many(_SET_LANGUAGE, [(*told, song_id) for song_id, told in changed])
    _touch([song_id for song_id, _ in changed])


def _touch(ids: Collection[int]) -> None:
    """Have what PiKaraoke shows and finds of these songs follow."""
    run_many(_TOUCH, [(now_text(), song_id) for song_id in ids])
    listing.index(ids)


_SET_LANGUAGE = "UPDATE enrichment_traits SET language = ?, language_source = ? WHERE song_id = ?"
_TOUCH = "UPDATE songs SET updated_at = ? WHERE id = ?"


# Songs of one artist at most. Each look-up reads all of them, and all are written at once where one
# is in another language: 2,000 statements for 500 songs.
MOST_SONGS = 500
# Under these names, folded, songs of many stand.
_ANYBODY = frozenset({"traditional", "disney", "christmas", "karaoke"})
_OF_ARTIST = """
SELECT l.song_id, l.title, t.language, t.language_source
FROM enrichment_listing AS l JOIN enrichment_traits AS t ON t.song_id = l.song_id
WHERE l.artist = ? LIMIT ?
"""
