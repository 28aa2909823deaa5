"""Files of one song, the same artist, title and version: a host decides which of them to keep."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from ...database.connection import database

PAGE = 20
# What is told apart stays apart: "Live" and "Key -2" are other songs to whoever sings them.
_GROUPS = """
SELECT l.artist, l.title, lower(coalesce(s.variant, '')) AS version
FROM enrichment_listing AS l JOIN songs AS s ON s.id = l.song_id
WHERE l.artist <> '' AND l.title <> ''
GROUP BY l.artist, l.title, lower(coalesce(s.variant, '')) HAVING count(*) > 1
"""
_FILES = """
SELECT l.artist, l.title, lower(coalesce(s.variant, '')), s.id, s.file_path, s.format, s.artist,
    s.title, s.variant,
    (SELECT count(*) FROM plays AS p WHERE p.song_id = s.id AND p.completed = 1)
FROM ({groups} ORDER BY 1, 2, 3 LIMIT ? OFFSET ?) AS g
JOIN enrichment_listing AS l ON l.artist = g.artist AND l.title = g.title
JOIN songs AS s ON s.id = l.song_id AND lower(coalesce(s.variant, '')) = g.version
ORDER BY 1, 2, 3, 10 DESC, s.id
"""


@dataclass(frozen=True, slots=True)
class File:
    """One file of a song; `size` in bytes, None where it is not there; `sung` to the end."""

    song_id: int
    path: str
    format: str
    artist: str
    title: str
    variant: str
    sung: int
    size: int | None

    @property
    def name(self) -> str:
        """What the file is called."""
        return os.path.basename(self.path)


def count() -> int:
    """How many songs have several files."""
    return int(database.execute_sql(f"SELECT count(*) FROM ({_GROUPS}) AS g").fetchone()[0])


def find(number: int) -> Sequence[Sequence[File]]:
    """One page of songs, each with its files, the most sung first; `number` counts from 1."""
    sql = _FILES.format(groups=_GROUPS)
    rows = database.execute_sql(sql, (PAGE, (number - 1) * PAGE)).fetchall()
    songs: list[list[File]] = []
    for _, files in groupby(rows, key=lambda row: row[:3]):
        songs.append([])
        for song_id, path, kind, artist, title, variant, sung in (row[3:] for row in files):
            size = None
            with suppress(OSError):
                size = os.path.getsize(path)
            told = artist or "", title or "", variant or "", sung
            songs[-1].append(File(song_id, path, kind, *told, size))
    return songs
