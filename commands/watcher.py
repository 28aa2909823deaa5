"""Notices files that come, go or change their name in the folder of songs while a run goes on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ..system.child import Child
from ..tasks.folder_times import Folders

log = logging.getLogger("pikaraoke_enrichment")

# Seconds between two looks at the folders, and before the next scan where one failed.
LOOK_EVERY, AGAIN_AFTER = 5.0, 60.0
# A look and its scan are followed by a rest this many times as long, so that a Pi's card has other
# things to do while a thousand songs are copied.
REST = 20.0


class Watcher(threading.Thread):
    """Scans the folder anew, by the scan's own rules, when something in it has changed."""

    def __init__(self, folder: Path, scan: Callable[[], Child]) -> None:
        """Look at the folder as it is now; `scan` starts a scan in a process of its own."""
        super().__init__(name="Watcher", daemon=True)
        self._folder = folder
        self._start_scan = scan
        self._scan: Child | None = None
        self._ended = threading.Event()
        self._folders = Folders(str(folder), time.time())

    def run(self) -> None:
        """Look now and then until told to end."""
        must_scan, rest = False, LOOK_EVERY
        while not self._ended.wait(rest):
            began = time.monotonic()
            must_scan = self._folders.has_news(time.time()) or must_scan
            must_scan = must_scan and not self._scanned()
            at_least = AGAIN_AFTER if must_scan else LOOK_EVERY
            rest = max(at_least, REST * (time.monotonic() - began))

    def _scanned(self) -> bool:
        """Scan; True when there is nothing to do over, as with a folder that is gone."""
        if not self._folder.is_dir():
            log.warning("%s is gone (is the drive there?): its songs stay", self._folder)
            return True
        try:
            self._scan = self._start_scan()
        except OSError as error:  # no memory for another process, say
            log.warning("%s cannot be scanned now: %s", self._folder, error)
            return False
        return self._scan.wait() == 0

    def end(self) -> None:
        """Look no more; a scan under way is broken off, which leaves nothing half done."""
        self._ended.set()
        if self._scan is not None:
            self._scan.end()
        if self.ident is not None:
            self.join(5)
