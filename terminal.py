"""What may be written to a terminal: names without signs that steer it, errors in plain words."""

from __future__ import annotations

import os


def printable(name: str) -> str:
    """The name with a "?" for each sign that is no letter, mark or picture."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)


def in_words(error: Exception) -> str:
    """What went wrong; the system's own errors without Python's number and quotes."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    place = f"{os.fsdecode(error.filename)}: " if error.filename else ""
    return f"{place}{error.strerror[:1].lower()}{error.strerror[1:]}"
