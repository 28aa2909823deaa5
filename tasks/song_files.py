"""Which files are songs, by PiKaraoke's rules, and how their names are read from a disk."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from .names.identity import no_song
from .names.spelling import YOUTUBE_ID

# PiKaraoke 1.23.0's own: SongList.VALID_EXTENSIONS.
EXTENSIONS = frozenset({".mp4", ".mp3", ".zip", ".mkv", ".avi", ".webm", ".mov"})


def youtube_id(path: str) -> str | None:
    """The YouTube id at the end of a file's name, as `---ID` or `[ID]`."""
    stem = os.path.splitext(os.path.basename(path))[0]
    found = YOUTUBE_ID.search(stem)
    return (found.group(1) or found.group(2)) if found else None


def song_format(path: str, names_beside: set[str]) -> str:
    """PiKaraoke's word for the kind of file, by its companions (`names_beside` in lower case)."""
    base, extension = os.path.splitext(os.path.basename(path).lower())
    if extension == ".mp3" and f"{base}.cdg" in names_beside:
        return "cdg"
    if extension == ".mp4" and f"{base}.ass" in names_beside:
        return "ass"
    return extension.lstrip(".")


def is_song(path: str) -> bool:
    """Whether PiKaraoke plays files of this extension."""
    return os.path.splitext(path)[1].lower() in EXTENSIONS


def one_form(name: str) -> str:
    """A name as it is compared: what a Mac has written has its accents beside their letters."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def both_forms(name: str) -> set[str]:
    """A name as Linux and Windows write it, as a Mac does, and as it stands."""
    if name.isascii():
        return {name}
    return {name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)}


# --- the disk -------------------------------------------------------------------------------------


@dataclass
class Found:
    """What lies below a folder.

    Attributes:
        songs: paths of songs and of what only looks like one (`no_song`).
        unreadable: paths of files whose names are no valid text.
        closed: folders that could not be read.
        linked: folders that are only linked there, which is not followed.
    """

    songs: set[str] = field(default_factory=set)
    unreadable: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)


def walk(folder: str, spelled: str | None = None) -> Found:
    """Look for songs below a folder, whose paths are told as if it was called `spelled`.

    Names are UTF-8 on every disk, whatever this process's locale makes of them: with LANG=de_DE
    each "ö" was another name, and the rows of those songs were replaced.

    Raises:
        OSError: the folder itself cannot be read.
    """
    found = Found()

    def note(error: OSError) -> None:
        place = _text(error.filename or on_disk(folder))  # a disk that fails half-way names none
        if place == folder:
            raise error
        found.closed.append(respelt(place, folder, top))

    top, start = spelled or folder, on_disk(folder)
    walked: Any = os.walk(start, onerror=note)
    for directory, folders, names in walked:
        here = respelt(_text(directory), folder, top)
        inside = ((os.path.join(directory, name), name) for name in folders)
        links = (_text(name) for path, name in inside if os.path.islink(path))
        found.linked += [os.path.join(here, name) for name in links]
        for path in (os.path.join(here, _text(name)) for name in names):
            if not is_song(path):
                continue
            try:
                path.encode()  # what is in some old encoding SQLite cannot hold
                found.songs.add(path)
            except UnicodeEncodeError:
                found.unreadable.append(path)
    return found


def respelt(path: str, folder: str, spelled: str) -> str:
    """A path below a folder, as if that was called `spelled`."""
    if folder == spelled:
        return path
    below = os.path.relpath(path, folder)
    return spelled if below == os.curdir else os.path.join(spelled, below)


def on_disk(path: str) -> bytes | str:
    """A path as the system is asked for it: in UTF-8, where it takes bytes."""
    return path if os.name == "nt" else path.encode("utf-8", "surrogateescape")


def as_utf8(path: str) -> str:
    """A path that the system has told in this process's locale, as its bytes read in UTF-8."""
    return path if os.name == "nt" else _text(os.fsencode(path))


def is_there(path: str) -> bool:
    """Whether a file has this path."""
    return os.path.lexists(on_disk(path))


def names_in(folder: str) -> list[str]:
    """The names in a folder, none where it cannot be read."""
    try:
        return [_text(name) for name in os.listdir(on_disk(folder))]
    except OSError:
        return []


def _text(path: bytes | str) -> str:
    return path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else path


def are_songs(paths: set[str]) -> set[str]:
    """Those that are songs indeed."""
    return {path for path in paths if not no_song(path)}
