"""A folder whose files PiKaraoke renames, for the tests of renaming."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.exceptions import Declined, Unreachable
from pikaraoke_enrichment.models import Song

ID = "---dQw4w9WgXcQ"


def add(
    folder: Path, name: str, artist: str = "Queen", title: str = "Innuendo", **more: Any
) -> int:
    """A file and its song, which a service knows for certain."""
    (folder / name).touch()
    values = {"metadata_status": "enriched", "confidence": 0.95, "year": 1991, **more}
    song = Song.create(
        file_path=str(folder / name), format="mp4", artist=artist, title=title, **values
    )
    database.execute_sql(
        "INSERT INTO enrichment_reading (song_id, file_name, sources, evidence, reason, failed_by) "
        "VALUES (?, ?, '{}', '{}', '', '')",
        (song.id, name),
    )
    return int(song.id)


class Hand:
    """Renames as PiKaraoke does, files and rows."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.refuses: str = ""
        self.is_away_after = 1000

    def __call__(self, path: str, proper: str) -> str:
        if len(self.asked) >= self.is_away_after:
            raise Unreachable("PiKaraoke does not answer")
        self.asked.append((path, proper))
        if self.refuses:
            raise Declined(self.refuses)
        stem, extension = os.path.splitext(os.path.basename(path))
        identity = ID if stem.endswith(ID) else ""
        new = os.path.join(os.path.dirname(path), proper + identity + extension)
        os.rename(path, new)
        Song.update(file_path=new, updated_at="2026-11-23 00:00:00").where(
            Song.file_path == path
        ).execute()
        return new


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
