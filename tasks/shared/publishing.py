"""One's own list for other hosts: what people here have verified of YouTube videos."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from ...models import Song
from ..names.identity import video_of
from ..spreadsheets import MARK, harmless
from .reading import COLUMNS, LONGEST, Row


def rows() -> Iterator[Row]:
    """Each verified video once, by its id: no path, no name of a file, no time, no play."""
    verified = Song.select().where(
        (Song.metadata_status == "manual") & Song.youtube_id.is_null(False)
    )
    last = ""
    for song in verified.order_by(Song.youtube_id, Song.id).iterator():
        video = video_of(song.youtube_id, song.file_path)
        texts = [song.artist or "", song.title or "", song.variant or "", song.genre or ""]
        if video is None or video == last or not texts[1] or max(map(len, texts)) > LONGEST:
            continue
        last = video
        artist, title, variant, genre = texts
        yield Row(video, artist, title, variant or None, song.year, genre or None)


def csv_lines() -> Iterator[str]:
    """The list as lines of CSV, the head line first; no spreadsheet takes a cell for a formula."""
    line = StringIO()
    writer = csv.writer(line, lineterminator="\n")
    line.write(MARK)
    writer.writerow(COLUMNS)
    yield line.getvalue()
    for row in rows():
        line.seek(0)
        line.truncate()
        writer.writerow(map(harmless, row))
        yield line.getvalue()
