"""Which video a file is, as far as its name proves it. Pure."""

from __future__ import annotations

import os

from .spelling import is_no_word


def is_companion(path: str) -> bool:
    """Whether it is what macOS keeps beside a file on a USB stick: its attributes, as "._Song.mp4".

    PiKaraoke 1.23.0 lists it as a song of its own, and so do we; but nobody is asked about it.
    """
    return os.path.basename(path).startswith("._")


def video_of(youtube_id: str | None, path: str) -> str | None:
    """The YouTube id that PiKaraoke saw in a file's name, where it is certain to be one.

    It takes any eleven signs in brackets for an id, so that all that "[ZoomKaraoke]" or
    "[with-lyrics]" have made would be one video. A companion has the id of the song it lies beside.
    """
    if not youtube_id or is_companion(path):
        return None
    stem = os.path.splitext(os.path.basename(path))[0]
    return youtube_id if stem.endswith(f"---{youtube_id}") or is_no_word(youtube_id) else None
