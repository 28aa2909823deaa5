"""The dashboard beside the consumer: a process of its own, started anew when it was killed."""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Callable

log = logging.getLogger("pikaraoke_enrichment")

# How soon, in seconds: what was killed for want of memory gets no more of it at once.
ANEW_AFTER = 2.0


class Face(threading.Thread):
    """Keeps one process there until `end`. One that ends by itself has said why, and stays away."""

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        """`start` makes the process, which ends when its standard input closes: the consumer stays
        small, and one that is killed leaves no dashboard behind."""
        super().__init__(name="Face", daemon=True)
        self._make = start
        self._ended = threading.Event()
        self._process = start()

    def run(self) -> None:
        """Wait for its end, again and again."""
        while self._process.wait() < 0 and not self._ended.is_set():
            log.warning("The dashboard was killed: it is started anew")
            if self._ended.wait(ANEW_AFTER):
                return
            self._process = self._make()

    def end(self) -> None:
        """End it with its pipe, and by force after five seconds."""
        self._ended.set()
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
