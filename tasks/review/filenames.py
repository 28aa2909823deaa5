"""What a song's file should be called: `Artist - Title---ID.ext`. Pure.

PiKaraoke 1.23.0 does the renaming and cleans the name that it is given; a name made here it leaves
as it is, on every system. The YouTube id at the end stays as it stands, `---ID` or `[ID]`.
"""

from __future__ import annotations

import os
import re
import unicodedata

from ..names.spelling import YOUTUBE_ID

# What Windows and the exFAT of a USB stick refuse; a song may move to one any day.
_REFUSED = str.maketrans({'"': "'", "?": "", "<": "", ">": "", **dict.fromkeys("/\\:|*", "-")})
# Bytes of a name: a file system takes 255, and PiKaraoke's hop to another case of the name adds
# some.
LONGEST = 240


def parts(name: str) -> tuple[str, str, str]:
    """A file's name as (name proper, YouTube id as it stands or "", extension)."""
    stem, extension = os.path.splitext(name)
    found = YOUTUBE_ID.search(stem)
    cut = found.start() if found else len(stem)
    return stem[:cut], stem[cut:], extension


def proper_name(
    artist: str, title: str, variant: str, name: str, *, is_title_first: bool = False
) -> str | None:
    """The name that a file should have, with its id and extension.

    Args:
        variant: what sets this recording apart ("Live", "Key -2"); it stays in the name, as two
            versions of a song are told apart by nothing else on PiKaraoke's pages.
        name: the file's name now.
        is_title_first: `Title - Artist`, as PiKaraoke's host prefers it.
    Returns:
        None where no name can be made: artist or title have nothing that a name may hold, it would
        be too long, or it would seem to have another YouTube id.
    """
    _, identity, extension = parts(name)
    written = []
    for text in (artist, title, variant):
        # No sign that a disk refuses, none that is not seen or turns the others round, no dash at
        # its ends, and no dot before it, which would hide the file.
        composed = unicodedata.normalize("NFC", text).translate(_REFUSED)
        seen = "".join(sign if sign.isprintable() else " " for sign in composed)
        written.append(" ".join(seen.split()).lstrip(". -").rstrip(" -"))
    whom, what, which = written
    what = what.rstrip(". -")  # Windows takes a dot before the extension away
    if not (whom and what):
        return None
    first, last = (what, whom) if is_title_first else (whom, what)
    last = last.rstrip(". -")
    made = f"{first} - {last}{f' ({which})' if which else ''}{identity}{extension}"
    is_too_long = len(made.encode()) > LONGEST
    return None if is_too_long or parts(made)[1] != identity else made


def comes_back(name: str) -> bool:
    """Whether PiKaraoke can give a file this name again: it takes double spaces out, for one."""
    proper, identity, _ = parts(name)
    asked = proper.strip() + identity
    cleaned = re.sub(r"\s{2,}", " ", asked.replace("\\", "-")).strip()
    # It keeps a name of dashes alone.
    return (re.sub(r"[\s-]+$", "", cleaned) or cleaned) == proper + identity
