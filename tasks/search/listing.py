"""The rows that the list of songs is searched, filtered and sorted by, kept true to the songs.

Our own writes index their song in the same transaction. What PiKaraoke writes is found by `fill`
(songs added) and `catch_up` (songs renamed); what it deletes goes by the foreign key. No trigger
hangs on PiKaraoke's table, so nothing of ours can make a write of its fail.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from contextlib import nullcontext
from typing import Any

from ...database.connection import database, run_many
from ...models import Song
from ..names.folding import fold
from ..queue import table as queue_table
from ..scoring import LEVELS, level_of
from . import full_text, review_queue

_PLACE = {level: place for place, level in enumerate(LEVELS)}
# Scripts written without spaces: every sign is a word, so that any part of a name is found.
_WHOLE = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af])")
_SELECT = (
    "SELECT id, file_path, artist, title, year, genre, metadata_status, {confidence}, updated_at "
    "FROM songs WHERE id IN ({marks})"
)


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
            _store(database.execute_sql(select, batch).fetchall())
            review_queue.keep(batch)


def fill(most: int | None = None) -> int:
    """Index songs that have no row yet, and forget the text of songs that are gone.

    Args:
        most: songs to index at most; the rest waits for the next call.
    Returns:
        How many songs still have no row.
    """
    missing = _count("songs") - _count("enrichment_listing")
    done = 0
    while missing > 0 and (most is None or done < most):
        batch = database.execute_sql(
            "SELECT id FROM songs WHERE id NOT IN (SELECT song_id FROM enrichment_listing) "
            "ORDER BY id LIMIT 1000"
        ).fetchall()
        if not batch:
            return 0
        for part in queue_table.in_batches(batch):
            with database.atomic("IMMEDIATE"):
                index([row[0] for row in part])
        done += len(batch)
        missing -= len(batch)
    full_text.forget_orphans()
    return max(0, missing)


def catch_up() -> int:
    """Index songs that another program has changed, a renamed file for one; returns how many."""
    stale = database.execute_sql(
        "SELECT s.id FROM songs AS s JOIN enrichment_listing AS l ON l.song_id = s.id "
        "WHERE l.stamp <> s.updated_at OR (l.stamp IS NULL) <> (s.updated_at IS NULL)"
    ).fetchall()
    for batch in queue_table.in_batches(stale):
        with database.atomic("IMMEDIATE"):
            index([row[0] for row in batch])
    return len(stale)


def _count(table: str) -> int:
    return int(database.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0])


def _store(rows: Iterable[tuple[Any, ...]]) -> None:
    listings, texts = [], []
    for song_id, path, artist, title, year, genre, status, confidence, stamp in rows:
        folded = words(artist or ""), words(title or "")
        level = _PLACE[level_of(confidence or 0.0, status or "pending")]
        decade = year // 10 * 10 if isinstance(year, int) else None
        known = confidence or 0.0, year, decade, genre or None, stamp
        listings.append((song_id, *folded, level, status or "pending", *known))
        stem = os.path.splitext(os.path.basename(path))[0]
        texts.append(full_text.Text(song_id, *folded, words(stem)))
    run_many(_STORE_LISTING, listings)
    full_text.store(texts)


_STORE_LISTING = """
INSERT INTO enrichment_listing
    (song_id, artist, title, level, status, confidence, year, decade, genre, stamp)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (song_id) DO UPDATE SET
    artist = excluded.artist, title = excluded.title, level = excluded.level,
    status = excluded.status, confidence = excluded.confidence, year = excluded.year,
    decade = excluded.decade, genre = excluded.genre, stamp = excluded.stamp
"""
