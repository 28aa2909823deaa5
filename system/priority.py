"""Low priority for the consumer: the machine's first job is to play a song."""

from __future__ import annotations

import contextlib
import os
import sys

NICE = 10
_WINDOWS_BELOW_NORMAL = 0x4000


def lower() -> None:
    """Let everybody else go first, once and for good; where that cannot be had, nothing happens.

    On Linux the place in the line for the disk follows the niceness (10 is level 6 of 7) where
    nobody has set one, so it needs no call of its own; on Windows the class is good for both.
    """
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "win32":
            from ctypes import windll

            windll.kernel32.SetPriorityClass(
                windll.kernel32.GetCurrentProcess(), _WINDOWS_BELOW_NORMAL
            )
        elif os.nice(0) < NICE:  # not twice: systemd or an admin may have done it
            os.nice(NICE - os.nice(0))
