"""SQLite files as the disk has them: which stands in a place, and one opened only to be read."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path


def identity(path: str | Path) -> tuple[int, int] | None:
    """Device and inode, which tell a file from another in its place; None while there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def uri_of(path: str | Path, mode: str = "rw") -> str:
    """A file as SQLite is asked to open it. "rw" never makes one: where the database is gone SQLite
    would put an empty one."""
    return f"{Path(path).absolute().as_uri()}?mode={mode}"


def open_to_read(path: str | Path, *, for_any_thread: bool = False) -> sqlite3.Connection:
    """A connection that cannot write, whatever it is asked.

    Args:
        for_any_thread: whether one thread after the other may use it.
    """
    return sqlite3.connect(uri_of(path, "ro"), uri=True, check_same_thread=not for_any_thread)
