"""Which consumers are alive: each holds a lock on a file of its own, which its death releases.

A heartbeat in a table would write to the SD card for ever and lie while the table is locked; the
operating system lets go of a lock at the very moment a process is killed, in containers too.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from ...system.file_lock import FileLock

_SUFFIX = ".lock"


class Presence:
    """The consumers of one queue, by the lock files in `folder`."""

    def __init__(self, queue: str) -> None:
        """`queue` is the path of the queue's file; the folder of locks lies beside it."""
        self.folder = Path(f"{queue}.consumers")
        self._mine: FileLock | None = None
        self.name = ""

    def enter(self) -> str:
        """Announce this process as a consumer.

        Returns:
            Its name, which marks the songs that it has under way.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        while True:
            self.name = uuid.uuid4().hex[:12]
            path = self.folder / (self.name + _SUFFIX)
            lock = FileLock(path)
            if lock.take():  # else someone has just taken the new file for a dead one's
                self._mine = lock
                return self.name

    def leave(self) -> None:
        """Take the announcement back."""
        if self._mine is not None:
            self._mine.release()
            (self.folder / (self.name + _SUFFIX)).unlink(missing_ok=True)
            self._mine = None

    def alive(self) -> set[str]:
        """Names of the consumers that live; removes what dead ones left behind."""
        if not self.folder.is_dir():
            return set()
        alive = set()
        for path in self.folder.glob(f"*{_SUFFIX}"):
            lock = FileLock(path)
            if lock.take():  # which a living one would hold
                path.unlink(missing_ok=True)
                lock.release()
            else:
                alive.add(path.stem)
        return alive
