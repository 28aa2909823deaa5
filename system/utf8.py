"""Python's UTF-8 mode, taken where the locale is another: names on disks are UTF-8."""

from __future__ import annotations

import os
import sys

_MODE = "PYTHONUTF8"


def take() -> None:
    """Start this program anew in that mode, with the words it was given, where it is not in it.

    With LANG=de_DE a Pi reads each "ö" of a file's name as two other letters, and finds no file
    by the name that the database has.
    """
    is_taken = sys.flags.utf8_mode or sys.getfilesystemencoding().lower() == "utf-8"
    if os.name == "nt" or is_taken or os.environ.get(_MODE) == "1":
        return
    os.environ[_MODE] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
