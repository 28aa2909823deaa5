"""Which video a file is, as far as its name proves it, and whether it is a song at all. Pure."""

from __future__ import annotations

import os
import re

from .spelling import is_no_word

# Folders in which systems keep what was deleted, thumbnails, and copies of the past: Windows and
# old Windows, Linux, macOS, QNAP and Synology.
_NO_FOLDER_OF_SONGS = re.compile(
    r"(?:^|[/\\])(?:\$recycle\.bin|recycler|\.trash(?:-\d+|es)?|\.recycle|[#@]recycle|@eadir|"
    r"[#.@]snapshots?|\.spotlight-v100|\.fseventsd|__macosx|system volume information|lost\+found)"
    r"[/\\]",
    re.IGNORECASE | re.ASCII,
)
# What yt-dlp has before it puts picture and sound together, and while it does.
_HALF_A_DOWNLOAD = re.compile(r"\.(?:f\d{1,4}(?:-\w{1,8})?|temp|part(?:-frag\d+)?)$", re.I | re.A)


def no_song(path: str) -> str:
    """Why a file is none although PiKaraoke 1.23.0 lists it as one (a code of `words.phrases`), ""
    for a song. Nobody is asked about it, and no guest may queue it."""
    name = os.path.basename(path.replace("\\", "/"))
    if name.startswith("._"):  # attributes of the file beside it, on a USB stick
        return "no_song"
    if _NO_FOLDER_OF_SONGS.search(path):
        return "no_song_deleted"
    if _HALF_A_DOWNLOAD.search(os.path.splitext(name)[0]):
        return "no_song_download"
    return ""


def video_of(youtube_id: str | None, path: str) -> str | None:
    """The YouTube id that PiKaraoke saw in a file's name, where it is certain to be one.

    It takes any eleven signs in brackets for an id, so that all that "[ZoomKaraoke]" or
    "[with-lyrics]" have made would be one video. What is no song has the id of one beside it.
    """
    if not youtube_id or no_song(path):
        return None
    stem = os.path.splitext(os.path.basename(path))[0]
    return youtube_id if stem.endswith(f"---{youtube_id}") or is_no_word(youtube_id) else None
