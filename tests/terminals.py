"""A command in a terminal of its own, for the tests of what it asks a person."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
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


def on_screen(
    program: list[str], environment: dict[str, str], columns: int, *, keys: str = ""
) -> list[str]:
    """What stands on a terminal of so many columns, and of lines enough, when a command has ended.

    Args:
        keys: typed ahead.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 300, columns, 0, 0))
    os.write(ours, keys.encode())
    with subprocess.Popen(
        program,
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        heard = b""
        while True:
            try:
                heard += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        process.wait(60)
    os.close(ours)
    return _drawn(heard.decode())


def _drawn(text: str) -> list[str]:
    """The lines that are left of what was written, each whole: where a terminal breaks one that is
    too long depends on how long a path in it is."""
    lines, row, column = [""], 0, 0
    for sign in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|[^\x1b]", text):
        if sign == "\n":
            row, column = row + 1, 0
        elif sign == "\r":
            column = 0
        elif sign[0] != "\x1b":
            lines += [""] * (row + 1 - len(lines))
            before = lines[row].ljust(column)
            lines[row] = before[:column] + sign + before[column + 1 :]
            column += 1
        elif sign[-1] == "K":
            lines[row] = lines[row][:column]
        elif sign[-1] in "AB":
            row += int(sign[2:-1]) * (1 if sign[-1] == "B" else -1)
        lines += [""] * (row + 1 - len(lines))
    return [line.rstrip() for line in lines]
