"""What people have said of songs, kept where no deleted row takes it along.

PiKaraoke deletes the row of a file that is away for one scan (a stick that is not mounted yet, a
share that is late), and with it all that refers to the row. So each word of a person is kept a
second time, and `restoring` gives it to the file's next row.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from ...database.connection import database
from ...models import KeptEdit, Song, find_song
from ..names.identity import video_of
from ..queue import table as queue_table
from ..runtime import until_told
from ..song_files import both_forms, one_form
from . import traits

# What is kept of a verified song, of a refused candidate, and of a change.
FIELDS = ("artist", "title", "variant", "year", "genre")
REFUSED_FIELDS = ("id", "rank", *FIELDS, "confidence", "providers", "evidence")
CHANGE_FIELDS = ("batch", "at", "action", "source", "before", "after")
# Seconds after which what is gone is forgotten. A Pi without a clock wakes in 1970: what it missed
# before a network told it the time is of no known age.
YEAR, CLOCK_IS_SET = 365 * 86_400.0, 1.7e9


def key_of(youtube_id: str | None, path: str) -> str:
    """What a file is known again by. An id has no dot and a song's file an extension, so that one
    is never taken for the other."""
    return video_of(youtube_id, path) or one_form(os.path.basename(path))


def keys_of(youtube_id: str | None, path: str) -> set[str]:
    """All keys that a file may have been kept under: older versions kept a base name as it stood,
    and a stick that comes back from a Mac has another form of it."""
    return both_forms(key_of(youtube_id, path)) | {os.path.basename(path)}


def keep(song_id: int) -> None:
    """Keep what people have said of a song as it stands now, or forget what they took back; within
    the caller's transaction."""
    song = find_song(song_id)
    if song is not None:
        keep_of(song)


def keep_of(song: Song) -> None:
    """The same of a song that `find_song` has read, and that is as it stands now.

    Kept are `verified`: FIELDS of a song that a person has verified, else None; `traits`: those of
    which a person has spoken; `sources`: JSON, field -> who it is from; `refused`: REFUSED_FIELDS
    of candidates; `changes`: CHANGE_FIELDS of people's changes that stand, the oldest first.
    """
    changes = _rows(_CHANGES, CHANGE_FIELDS, song.id)
    refused = _rows(_REFUSED, REFUSED_FIELDS, song.id)
    is_verified = song.metadata_status == "manual"
    if not (is_verified or changes or refused):
        database.execute_sql("DELETE FROM enrichment_keepsake WHERE song_id = ?", (song.id,))
        return
    said = {
        "verified": {name: getattr(song, name) for name in FIELDS} if is_verified else None,
        "traits": traits.said_of(song.id),
        "sources": song.detail.sources,
        "refused": refused,
        "changes": changes,
    }
    key = key_of(song.youtube_id, song.file_path)
    database.execute_sql(_KEEP, (song.id, key, song.file_path, json.dumps(said)))


def _rows(sql: str, names: Sequence[str], song_id: int) -> list[dict[str, Any]]:
    columns = ", ".join(f'"{name}"' for name in names)
    found = database.execute_sql(sql.format(columns=columns), (song_id,)).fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


# Written out, as a list of corrections may name a whole library.
_KEEP = """
INSERT INTO enrichment_keepsake (song_id, key, file_path, said) VALUES (?, ?, ?, ?)
ON CONFLICT (song_id) DO UPDATE SET
    key = excluded.key, file_path = excluded.file_path, said = excluded.said
"""
_CHANGES = """
SELECT {columns} FROM enrichment_change
WHERE song_id = ? AND source = 'person' AND undone_at IS NULL ORDER BY id
"""
_REFUSED = "SELECT {columns} FROM enrichment_candidate WHERE song_id = ? AND rejected ORDER BY id"


def count_away() -> int:
    """How many songs that a person has verified have no row now, as their files are away."""
    there = Song.select(Song.id)
    # As `keep` writes JSON; within a name the quotes would be escaped.
    is_verified = KeptEdit.said.contains('"verified": {')
    return int(KeptEdit.select().where(is_verified & KeptEdit.song_id.not_in(there)).count())


def follow() -> None:
    """Note which songs have another path by now, and which are gone; forget those gone long ago."""
    stale = database.execute_sql(_STALE).fetchall()
    for batch in until_told(queue_table.in_batches(stale)):
        gone = [song_id for song_id, is_there in batch if not is_there]
        with database.atomic("IMMEDIATE"):
            for song_id, is_there in batch:
                if is_there:
                    keep(song_id)
            if gone:
                now = database.now()
                KeptEdit.update(gone_at=now).where(KeptEdit.song_id.in_(gone)).execute()
                KeptEdit.delete().where(
                    KeptEdit.gone_at.between(CLOCK_IS_SET, now - YEAR)
                ).execute()


# One that was only noted when this table was made has no path yet.
_STALE = """
SELECT k.song_id, s.id IS NOT NULL
FROM enrichment_keepsake AS k LEFT JOIN songs AS s ON s.id = k.song_id
WHERE k.gone_at IS NULL AND (s.id IS NULL OR s.file_path <> k.file_path)
"""
