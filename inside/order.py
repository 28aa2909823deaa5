"""PiKaraoke's list in the order of the names that are shown, and the letters they begin with. Pure.

A thread beside PiKaraoke's loop makes them, and both share Python's one lock: so nothing here stays
within one call of C for long. Sorting 100,000 pairs at once would stop every greenlet for 90 ms;
parts of a thousand, merged in Python, let them go on every millisecond.
"""

from __future__ import annotations

import heapq
import os
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

Pair = tuple[str, str]
AT_ONCE = 1000
# With more changes than this, sorting anew is quicker than moving each.
MOST_MOVED = 2000


class Order:
    """Songs as (search key, path), sorted.

    Attributes:
        pairs: what PiKaraoke calls its match index.
    """

    def __init__(self, paths: Iterable[str], key_of: Callable[[str], str], folder: str) -> None:
        """
        Args:
            paths: of all songs.
            key_of: gives a path's search key.
            folder: PiKaraoke's download path, which its folder view starts from.
        Raises:
            RuntimeError: `paths` is a set that has changed meanwhile.
        """
        self._key_of = key_of
        self._within = os.path.normpath(folder) + os.sep
        self._letters: dict[str | None, Counter[str]] = {None: Counter(), "": Counter()}
        rest = iter(paths)
        parts = iter(lambda: list(islice(rest, AT_ONCE)), [])
        self.pairs = list(heapq.merge(*[sorted((key_of(p), p) for p in part) for part in parts]))
        for key, path in self.pairs:
            self._count(key, path, 1)

    @property
    def paths(self) -> list[str]:
        """All paths in order."""
        return [path for _, path in self.pairs]

    def letters(self) -> dict[str | None, set[str]]:
        """The first letters by folder, None for the whole library: "numeric" for digits."""
        return {
            scope: {letter for letter, songs in counted.items() if songs}
            for scope, counted in self._letters.items()
        }

    def move(self, changed: Mapping[str, str]) -> None:
        """Move songs whose key has changed to where they belong, and pass over unknown ones.

        The list is a new one afterwards, as PiKaraoke may be going through the old one.

        Args:
            changed: their paths -> the keys by which they stand here.
        """
        self.pairs = list(self.pairs)
        for path, before in changed.items():
            place = bisect_left(self.pairs, (before, path))
            if self.pairs[place : place + 1] != [(before, path)]:
                continue
            del self.pairs[place]
            now = self._key_of(path)
            insort(self.pairs, (now, path))
            self._count(before, path, -1)
            self._count(now, path, 1)

    def let_go(self) -> None:
        """Let go of all songs piece by piece, once PiKaraoke has another list: at once it would
        take 10 ms."""
        while self.pairs:
            del self.pairs[-AT_ONCE:]

    def _count(self, key: str, path: str, by: int) -> None:
        first = key[:1]
        letter = "numeric" if first.isnumeric() else first
        directory = os.path.dirname(os.path.normpath(path))
        inside = directory.startswith(self._within)
        scope = directory[len(self._within) :].replace(os.sep, "/") if inside else ""
        for counted in (self._letters[None], self._letters.setdefault(scope, Counter())):
            counted[letter] += by
