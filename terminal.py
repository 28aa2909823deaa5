"""What may be written to a terminal: strangers' names without the signs that would steer it."""

from __future__ import annotations


def printable(name: str) -> str:
    """The name with a "?" for each sign that is no letter, mark or picture."""
    return "".join(sign if sign.isprintable() else "?" for sign in name)
