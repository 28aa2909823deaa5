"""Names of which one only asks who is among them, at some eight bytes a name. Pure.

Fourteen thousand artists are 1.5 MB as a set of strings, and 0.1 MB as the sorted hashes that are
kept here: 64 bits, of which two names of such a crowd have the same once in 10^11 crowds.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator
from typing import TypeAlias

# A hash's first fourteen bits tell where to look for it: at one place or none, among 14,000.
_SHIFT, _HALF = 50, 1 << 13
# Its last sixteen tell at once of most names that they are not in it.
_LOW = 0xFFFF
_LINE = re.compile(".+")


class Crowd(Container[str]):
    """A set of names that tells who is in it and no more."""

    __slots__ = ("_marks", "_seen", "_starts")

    def __init__(self, names: Iterable[str]) -> None:
        self._keep(map(hash, names))

    def __contains__(self, name: object) -> bool:
        mark = hash(name)
        if not self._seen[mark & _LOW]:
            return False
        bucket = (mark >> _SHIFT) + _HALF
        return mark in self._marks[self._starts[bucket] : self._starts[bucket + 1]]

    def __len__(self) -> int:
        return len(self._marks)

    def isdisjoint(self, names: Iterable[str]) -> bool:
        """Whether none of these names is in it."""
        return not any(name in self for name in names)

    def _keep(self, marks: Iterable[int]) -> None:
        self._marks = array("q", sorted(marks))
        bounds = ((bucket - _HALF) << _SHIFT for bucket in range(2 * _HALF))
        self._starts = array("I", (bisect_left(self._marks, bound) for bound in bounds))
        self._starts.append(len(self._marks))
        self._seen = bytearray(_LOW + 1)
        for mark in self._marks:
            self._seen[mark & _LOW] = 1


class Names(Crowd):
    """A crowd that can be gone through as well, at another letter's byte each.

    A library of 50,000 songs has ten thousand artists, who were kept three times over while they
    were read anew each minute.
    """

    __slots__ = ("_text",)

    def __init__(self, names: Iterable[str]) -> None:
        """`names` hold no line break."""
        self._text = "\n".join(names)
        super().__init__(self)

    def __iter__(self) -> Iterator[str]:
        return (found.group() for found in _LINE.finditer(self._text))


Artists: TypeAlias = "frozenset[str] | Names"


class Weights(Crowd):
    """A number for each name, to six digits."""

    __slots__ = ("_weights",)

    def __init__(self, marks: Iterable[int], weigh: Callable[[int], float]) -> None:
        """Made of the names' hashes and what tells the number of one: no pair of thousands needs
        to be made first, the memory of which would stay with the process."""
        self._keep(marks)
        self._weights = array("f", map(weigh, self._marks))

    def get(self, name: str) -> float:
        """The number of a name; 0.0 for who is not among them."""
        mark = hash(name)
        if not self._seen[mark & _LOW]:
            return 0.0
        bucket = (mark >> _SHIFT) + _HALF
        for place in range(self._starts[bucket], self._starts[bucket + 1]):
            if self._marks[place] == mark:
                return self._weights[place]
        return 0.0
