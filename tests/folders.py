"""Files of songs in a folder, and the songs that the library has of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.models import Song


def folder_of(place: Path, songs: Iterable[Known]) -> Path:
    """A new folder "songs" with a karaoke file of each song."""
    folder = place / "songs"
    folder.mkdir()
    for song in songs:
        (folder / f"{song.artist} - {song.title} (Karaoke).mp4").touch()
    return folder


def touch(folder: Path, *names: str) -> None:
    """Make files, which may lie in folders within the folder."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def song(name: str) -> Song:
    """The song whose path ends with this name."""
    found: Song = Song.get(Song.file_path.endswith(f"/{name}"))
    return found
