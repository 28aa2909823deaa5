"""What is written to a terminal: names that do not steer it, lines that fit, plain errors."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import unicodedata
from typing import TextIO

CLEAR = "\r\x1b[K"
"""Makes room where a line was drawn that is drawn anew and anew."""


def take_any_letter(encoding: str | None = None) -> None:
    """Let names in all scripts be written: a letter that the terminal's or file's encoding does not
    have is escaped. With `encoding`, standard output takes that one."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if encoding and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def write(text: str, out: TextIO) -> None:
    """Write at once; a reader who has gone (`| head`) or a full disk ends nothing that goes on."""
    with contextlib.suppress(OSError):
        out.write(text)
        out.flush()


def columns(text: str) -> int:
    """The columns that a line takes: most letters of East Asia take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def fitting(text: str, most: int) -> str:
    """The part of a line that fits into `most` columns."""
    taken = 0
    for place, sign in enumerate(text):
        taken += columns(sign)
        if taken > most:
            return text[:place]
    return text


def printable(name: str) -> str:
    """The name with a "?" for each sign that is no letter, mark or picture."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def counted(count: int, one: str, many: str = "") -> str:
    """A number of things in words, "1 song", "2 songs"; `many` is the plural that adds no s."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def in_words(error: Exception) -> str:
    """An error in words; the system's own errors lose Python's number and quotes."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    place = f"{os.fsdecode(error.filename)}: " if error.filename else ""
    return f"{place}{error.strerror[:1].lower()}{error.strerror[1:]}"
