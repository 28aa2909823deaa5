"""What other programs have left in a table of PiKaraoke's, read as what it should be.

SQLite keeps a value of any kind in a column of any kind; one song's list of numbers in place of its
title is not to shut the list of all songs.
"""

from __future__ import annotations

import math
from typing import Any

LARGEST = 2**63 - 1


def text(value: Any) -> str | None:
    """Text; what is none is written out, bytes as well as they can be read."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)


def whole(value: Any) -> int | None:
    """A whole number that a database can hold, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = int(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) <= LARGEST else None


def share(value: Any) -> float | None:
    """A number from 0 to 1, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and 0.0 <= number <= 1.0 else None


def path(value: Any) -> str:
    """A path; what is none is a file of no name, and no song's."""
    return (text(value) or "").replace("\0", "\ufffd")


def year(value: Any) -> int | None:
    """A year of four digits, else None."""
    number = whole(value)
    return number if number is not None and 1000 <= number <= 9999 else None
