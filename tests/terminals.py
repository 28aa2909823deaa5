"""A command in a terminal of its own, for the tests of what it asks a person."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time

from pikaraoke_enrichment import config
from pikaraoke_enrichment.system.loopback import VARIABLE


class Terminal:
    """A command in a terminal of its own; what it says is heard, and answers are typed."""

    def __init__(
        self, settings: config.Settings, *program: str, held_to_loopback: bool = True
    ) -> None:
        environment = {**settings.whole_environment(), "TERM": "xterm", "PYTHONUTF8": "1"}
        if not held_to_loopback:
            environment.pop(VARIABLE, None)
        self._ours, theirs = pty.openpty()
        self.heard = b""
        self._up_to = 0
        self.process = subprocess.Popen(
            program,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def hear(self, words: str) -> None:
        """Read on until these words stand there, after those heard last; fails after half a
        minute."""
        end = time.monotonic() + 30
        while (at := self.heard.find(words.encode(), self._up_to)) < 0:
            assert time.monotonic() < end, self.heard
            if select.select([self._ours], [], [], 0.1)[0]:
                try:
                    self.heard += os.read(self._ours, 4096)
                except OSError:  # the other end is closed: what it said last was read
                    assert words.encode() in self.heard[self._up_to :], self.heard
        self._up_to = at + len(words.encode())

    def type(self, line: str) -> None:
        os.write(self._ours, line.encode() + b"\n")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        os.close(self._ours)
