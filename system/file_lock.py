"""A lock on a file, which the operating system releases at the moment its process dies.

Our own, as `filelock` loads asyncio too: 3 MB that a consumer below 50 has no use for.
"""

from __future__ import annotations

import math
import os
import sys
import time
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


TRY_AGAIN_AFTER = 0.02


class FileLock:
    """The lock on the file at `path`, which is made where there is none and stays.

    `with` waits for it. Two of these on one file are two holders, also in one process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self, within: float = 0.0) -> bool:
        """Take the lock; False where another holds it.

        Args:
            within: for how many seconds to wait for whoever holds it.
        """
        until = time.monotonic() + within
        while not self._is_taken():
            if time.monotonic() >= until:
                return False
            time.sleep(TRY_AGAIN_AFTER)
        return True

    def _is_taken(self) -> bool:
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
            # Of a file that its holder has removed meanwhile, another may stand in its place, and
            # the lock on the old one keeps nobody off.
            if os.path.samestat(os.fstat(handle), os.stat(self._path)):
                self._handle = handle
                return True
        except (BlockingIOError, PermissionError, FileNotFoundError):  # Windows says the second
            pass
        finally:
            if self._handle != handle:
                os.close(handle)
        return False

    def release(self) -> None:
        """Give the lock back, where it is held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> None:
        self.take(math.inf)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.release()
