"""What is written to a terminal: names that do not steer it, lines that fit, plain errors."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
import sys
import textwrap
import unicodedata
from typing import TextIO

from .signs import for_eyes

CLEAR = "\r\x1b[K"
"""Makes room where a line was drawn that is drawn anew and anew."""


def is_drawn_on(out: TextIO) -> bool:
    """Whether a line can be drawn anew there: in a terminal, unless that is a dumb one (an editor's
    shell, a serial line), which shows what steers others."""
    return out.isatty() and os.environ.get("TERM") != "dumb"


def clear(out: TextIO) -> str:
    """What makes room there, where `run` may have drawn its progress line."""
    return CLEAR if is_drawn_on(out) else ""


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


def wrapped(text: str, most: int, indent: str = "") -> str:
    """A sentence in lines of at most `most` columns, broken between words, `indent` before each but
    the first; what has lines already keeps them, and so does an address longer than a line."""
    wrapper = textwrap.TextWrapper(
        most, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(
        wrapper.fill(each) if columns(each) > most else each for each in text.splitlines()
    )


def tell(text: str, out: TextIO | None = None, indent: str = "") -> None:
    """Print a sentence (to standard output by default) which may hold others' names: in a terminal
    broken between words, where a line may have been drawn."""
    out = out or sys.stdout
    text = for_eyes(text)
    if out.isatty():
        text = clear(out) + wrapped(text, shutil.get_terminal_size().columns - 1, indent)
    print(text, file=out, flush=True)


class Plain(logging.Formatter):
    """The log as sentences among others, for who sits before it; what a journal wants to know, when
    and how grave, puzzled people."""

    def format(self, record: logging.LogRecord) -> str:
        """The message, in lines that fit, where a line may have been drawn."""
        text = wrapped(super().format(record), shutil.get_terminal_size().columns - 1)
        return clear(sys.stderr) + text


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
