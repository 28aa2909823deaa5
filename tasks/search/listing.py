"""The rows that the list of songs is searched, filtered and sorted by, kept true to the songs.

Our own writes index their song in the same transaction. What PiKaraoke writes is found by `fill`
(songs added) and `catch_up` (songs renamed); what it deletes goes by the foreign key. No trigger
hangs on PiKaraoke's table, so nothing of ours can make a write of its fail.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from contextlib import nullcontext
from typing import Any

from ...database import foreign
from ...database.connection import count_rows, database, run_many
from ...models import Song
from ..names.folding import fold
from ..names.identity import no_song
from ..queue import table as queue_table
from ..runtime import at_forget, is_to_end, until_told
from ..scoring import LEVELS, level_of
from . import full_text, review_queue

_PLACE = {level: place for place, level in enumerate(LEVELS)}
# Scripts written without spaces: every sign is a word, so that any part of a name is found.
_WHOLE = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af])")
_SELECT = (
    "SELECT id, file_path, artist, title, year, genre, metadata_status, {confidence}, updated_at "
    "FROM songs WHERE id IN ({marks})"
)

# What any program may have left in these columns, as what it should be.
_READ = (
    foreign.path, foreign.text, foreign.text, foreign.year, foreign.text, foreign.text,
    foreign.share,
)  # fmt: skip


# What is noted of a song as we wrote it last.
KNOWN_FIELDS = ("artist", "title", "variant", "year", "genre", "metadata_status")
_PART = "\x1f"


def as_it_stands(songs: str) -> str:
    """SQL of what a song's columns hold. Made by the database alone, so that what stands in a
    column is compared with itself, of whatever kind it is.

    Args:
        songs: what the table is called there.
    """
    columns = (f"coalesce(CAST({songs}.{name} AS TEXT), '')" for name in KNOWN_FIELDS)
    return f" || '{_PART}' || ".join(columns)


def is_changed(songs: str) -> str:
    """SQL of whether a song, joined to its row `l` of the list, is not as we wrote it last; to be
    formatted with `confidence`, our column's name. Who has written that too is no other program."""
    return (
        f"l.known <> {as_it_stands(songs)} AND coalesce({songs}.{{confidence}}, 0.0) = l.confidence"
    )


_KNOWN = as_it_stands("s")


def words(text: str) -> str:
    """Text as it is searched: folded, so that accents, case and punctuation do not matter."""
    return " ".join(_WHOLE.sub(r" \1 ", fold(text)).split())


def index(ids: Collection[int]) -> None:
    """Index these songs as they are now, within the caller's transaction or one of its own."""
    # A savepoint within the caller's transaction costs as much as all the rest.
    with nullcontext() if database.in_transaction() else database.atomic():
        for batch in queue_table.in_batches(ids, 500):
            marks = ",".join("?" * len(batch))
            select = _SELECT.format(confidence=Song.confidence.column_name, marks=marks)
            found = database.execute_sql(select, batch).fetchall()
            rows = []
            for song_id, *values, stamp in found:
                known = (read(each) for read, each in zip(_READ, values, strict=True))
                rows.append((song_id, *known, stamp))
            put(rows)


def fill(most: int | None = None) -> int:
    """Index songs that have no row yet, and forget the text of songs that are gone.

    Args:
        most: songs to index at most; the rest waits for the next call.
    Returns:
        How many songs still have no row.
    """
    global _complete_at
    if _complete_at == _state():
        full_text.forget_orphans()
        return 0
    if not _complete_at:  # what older versions had listed, or what is none by its new name
        listed = database.execute_sql(_LISTED)
        no_songs = [song_id for song_id, path in listed if no_song(foreign.path(path))]
        for some in until_told(queue_table.in_batches(no_songs)):
            with database.atomic("IMMEDIATE"):
                index(some)
        review_queue.mend()
    done = last = 0
    while (most is None or done < most) and not is_to_end():
        batch = database.execute_sql(_UNLISTED, (last,)).fetchall()
        if not batch:
            _complete_at = _state()
            break
        last = batch[-1][0]
        songs = [song_id for song_id, path in batch if not no_song(foreign.path(path))]
        if songs:
            with database.atomic("IMMEDIATE"):
                index(songs)
        done += len(songs)
    full_text.forget_orphans()
    if _complete_at == _state():
        return 0
    return max(0, count_rows("songs") - count_rows("enrichment_listing"))


# How many songs and rows there were, and the highest id, when all songs had their rows: what is no
# song has none. An id is never given twice.
_complete_at: tuple[int, ...] = ()
_LISTED = "SELECT s.id, s.file_path FROM songs AS s JOIN enrichment_listing ON song_id = s.id"
_UNLISTED = f"""
SELECT id, file_path FROM songs
WHERE id > ? AND id NOT IN (SELECT song_id FROM enrichment_listing)
ORDER BY id LIMIT {queue_table.IN_ONE_TRANSACTION}
"""


@at_forget
def forget() -> None:
    """Look for songs without a row on the next use (another library was opened)."""
    global _complete_at
    _complete_at = ()


def _state() -> tuple[int, ...]:
    highest = database.execute_sql("SELECT coalesce(max(id), 0) FROM songs").fetchone()[0]
    return count_rows("songs"), count_rows("enrichment_listing"), int(highest)


_STALE = f"""
SELECT s.id FROM songs AS s JOIN enrichment_listing AS l ON l.song_id = s.id
WHERE (l.stamp <> s.updated_at OR (l.stamp IS NULL) <> (s.updated_at IS NULL))
  AND (l.known IS NULL OR NOT ({is_changed("s")}))
"""


def catch_up() -> int:
    """Index songs whose stamp another program has moved, with a renamed file for one; returns how
    many. What it has changed of them is left to `history.elsewhere`."""
    select = _STALE.format(confidence=Song.confidence.column_name)
    stale = database.execute_sql(select).fetchall()
    for batch in queue_table.in_batches(stale):
        with database.atomic("IMMEDIATE"):
            index([row[0] for row in batch])
    return len(stale)


# --- what others have changed --------------------------------------------------------------------


def learn_known() -> None:
    """Take songs that were listed before it was noted what we wrote as they stand."""
    after = 0
    while batch := database.execute_sql(_NOT_NOTED, (after,)).fetchall():
        with database.atomic("IMMEDIATE"):
            run_many(_LEARN, batch)
        after = batch[-1][0]
        if is_to_end():
            return


def changed_elsewhere() -> list[int]:
    """Ids of songs that are not as we wrote them last."""
    select = _NOT_AS_KNOWN.format(confidence=Song.confidence.column_name)
    return [row[0] for row in database.execute_sql(select).fetchall()]


def known_of(song_id: int) -> dict[str, str] | None:
    """What we wrote of a song last, as text; None where it still stands, or was never listed."""
    select = _NOT_AS_KNOWN.format(confidence=Song.confidence.column_name)
    row = database.execute_sql(f"{select} AND s.id = ?", (song_id,)).fetchone()
    return dict(zip(KNOWN_FIELDS, row[1].split(_PART), strict=True)) if row else None


_NOT_NOTED = f"""
SELECT song_id FROM enrichment_listing
WHERE known IS NULL AND song_id > ? ORDER BY song_id LIMIT {queue_table.IN_ONE_TRANSACTION}
"""
_LEARN = f"""
UPDATE enrichment_listing
SET known =
    coalesce((SELECT {_KNOWN} FROM songs AS s WHERE s.id = enrichment_listing.song_id), '')
WHERE known IS NULL AND song_id = ?
"""
_NOT_AS_KNOWN = f"""
SELECT s.id, l.known FROM songs AS s JOIN enrichment_listing AS l ON l.song_id = s.id
WHERE {is_changed("s")}
"""


def row_of(song: Song) -> tuple[Any, ...]:
    """What `put` needs of a song."""
    known = song.artist, song.title, song.year, song.genre
    state = song.metadata_status, song.confidence, song.updated_at
    return song.id, song.file_path, *known, *state


def put(rows: Collection[tuple[Any, ...]]) -> None:
    """Index songs by what is known of them, within the caller's transaction.

    Args:
        rows: id, path, artist, title, year, genre, status, confidence and `updated_at` of each.
    """
    listings, texts, waiting = [], [], []
    no_songs, done = [], []
    for song_id, path, artist, title, year, genre, status, confidence, stamp in rows:
        if no_song(path):  # renamed to one, or listed by an older version
            no_songs.append((song_id,))
            done.append((song_id,))
            continue
        folded = words(artist or ""), words(title or "")
        level = _PLACE[level_of(confidence, status or "pending")]
        decade = None if year is None else year // 10 * 10
        known = confidence or 0.0, year, decade, genre or None, stamp
        if status in review_queue.OPEN or level == review_queue.MEDIUM:
            waiting.append(song_id)
        else:
            done.append((song_id,))
        listings.append((song_id, *folded, level, status or "pending", *known, song_id))
        stem = os.path.splitext(os.path.basename(path))[0]
        texts.append(full_text.Text(song_id, *folded, words(stem)))
    run_many("DELETE FROM enrichment_listing WHERE song_id = ?", no_songs)
    run_many(_STORE_LISTING, listings)
    full_text.store(texts)
    run_many("DELETE FROM enrichment_review WHERE song_id = ?", done)
    if waiting:
        review_queue.keep(waiting)


_STORE_LISTING = f"""
INSERT INTO enrichment_listing
    (song_id, artist, title, level, status, confidence, year, decade, genre, stamp, known)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT {_KNOWN} FROM songs AS s WHERE s.id = ?))
ON CONFLICT (song_id) DO UPDATE SET
    artist = excluded.artist, title = excluded.title, level = excluded.level,
    status = excluded.status, confidence = excluded.confidence, year = excluded.year,
    decade = excluded.decade, genre = excluded.genre, stamp = excluded.stamp,
    known = excluded.known
"""
