"""Where a run is told: rows of songs above one living line in a terminal, plain lines elsewhere."""

from __future__ import annotations

import logging
import os
import shutil
from typing import TextIO

from ..system.terminal import CLEAR, fitting, is_drawn_on, wrapped, write

_COLOURS = {"green": "32", "yellow": "33", "orange": "38;5;208", "red": "31"}


class Screen(logging.Handler):
    """Writes to a stream. A terminal has one row a song, which is updated where it still stands.

    It hears the log too: what others write moves the rows, which are then let go.
    """

    def __init__(self, out: TextIO, *, is_quiet: bool = False) -> None:
        """`is_quiet` leaves rows and the living line out; what is said outright is still said."""
        super().__init__()
        self._out = out
        self._is_quiet = is_quiet
        self.is_drawn_on = is_drawn_on(out)
        self.has_colour = self.is_drawn_on and not os.environ.get("NO_COLOR")
        self._rows: list[int] = []

    @property
    def columns(self) -> int:
        """How wide a line may be; a plain line goes into a file and may be of any length."""
        return self._size().columns - 1 if self.is_drawn_on else 1000

    def living(self, text: str) -> None:
        """Draw the line anew that stands below the rows."""
        if not self._is_quiet:
            write(f"{CLEAR}{text}", self._out)

    def row(self, song_id: int, text: str, colour: str = "", part: slice = slice(0)) -> None:
        """Tell a song, or tell it anew in the row it has.

        Args:
            colour: of the `part` of the text: green, yellow, orange or red.
        """
        if self._is_quiet:
            return
        if not self.is_drawn_on:
            write(f"{text}\n", self._out)
            return
        text = fitting(text, self.columns)
        if self.has_colour and colour in _COLOURS:
            shown = f"\x1b[{_COLOURS[colour]}m{text[part]}\x1b[0m"
            text = f"{text[: part.start]}{shown}{text[part.stop :]}"
        # A row still stands where it is not more lines above the living one than the screen has.
        self._rows = self._rows[-(self._size().lines - 2) :]
        if song_id in self._rows:
            above = len(self._rows) - self._rows.index(song_id)
            write(f"\x1b[{above}A{CLEAR}{text}\x1b[{above}B\r", self._out)
        else:
            write(f"{CLEAR}{text}\n", self._out)
            self._rows.append(song_id)

    def say(self, text: str) -> None:
        """Write a line that stays as it is."""
        write(
            f"{CLEAR}{wrapped(text, self.columns)}\n" if self.is_drawn_on else f"{text}\n",
            self._out,
        )
        self._rows.clear()

    def emit(self, record: logging.LogRecord) -> None:
        """Another writes to the terminal."""
        del record
        self._rows.clear()

    def _size(self) -> os.terminal_size:
        return shutil.get_terminal_size((80, 24))
