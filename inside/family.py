"""What guests do not see inside PiKaraoke in a family: explicit songs in its search and browse.

Whoever is PiKaraoke's admin sees all; without a password there that is everybody.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any

from flask import has_request_context

from .shown_names import ShownNames

Pair = tuple[str, str]


class Guests:
    """PiKaraoke's index and list as guests see them, made anew where either has changed."""

    def __init__(self, names: ShownNames, is_admin: Callable[[], bool]) -> None:
        self._names = names
        self._is_admin = is_admin
        self._made_of: tuple[object, object] = (None, None)
        self._pairs: list[Pair] = []
        self._paths: list[str] = []
        self._is_for_all = False

    def ask(self) -> bool:
        """Whether it is a guest who asks just now, from whom something is to be hidden."""
        return (
            bool(self._names.hidden)
            and not self._is_for_all
            and has_request_context()
            and not self._is_admin()
        )

    def for_all(self, own: Callable[..., Any]) -> Callable[..., Any]:
        """A method of PiKaraoke's in which everybody sees all, as it keeps what it makes. No other
        greenlet runs meanwhile, as nothing in it waits."""

        @functools.wraps(own)
        def whole(*given: Any, **asked: Any) -> Any:
            before, self._is_for_all = self._is_for_all, True
            try:
                return own(*given, **asked)
            finally:
                self._is_for_all = before

        return whole

    def pairs(self, index: list[Pair]) -> list[Pair]:
        """The index without what is hidden."""
        hidden = self._names.hidden
        if self._made_of[0] is not index or self._made_of[1] is not hidden:
            self._pairs = [pair for pair in index if pair[1] not in hidden]
            self._paths = [path for _, path in self._pairs]
            self._made_of = index, hidden
        return self._pairs

    def paths(self, index: list[Pair]) -> list[str]:
        """The list without what is hidden, in the index's order."""
        self.pairs(index)
        return self._paths


class _SeenSongs:
    """PiKaraoke's list of songs with less in it; all else of it is its own."""

    def __init__(self, songs: Any, paths: list[str]) -> None:
        self._songs = songs
        self._paths = paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._paths[place]

    def __contains__(self, path: object) -> bool:
        return path in self._songs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._songs, name)


def hide(manager: Any, guests: Guests) -> None:
    """Change PiKaraoke's class of the song manager.

    Raises:
        AttributeError: it has not what we know of 1.23.0.
    """
    whole_index = guests.for_all(manager._match_index)

    @functools.wraps(whole_index)
    def _match_index(self: Any) -> list[Pair]:
        index: list[Pair] = whole_index(self)
        return guests.pairs(index) if guests.ask() else index

    def songs(self: Any) -> Any:
        own = vars(self)["songs"]
        return _SeenSongs(own, guests.paths(whole_index(self))) if guests.ask() else own

    def keep_songs(self: Any, own: Any) -> None:
        vars(self)["songs"] = own

    manager._match_index = _match_index
    # What it keeps of them is for everybody.
    manager.letters_with_songs = guests.for_all(manager.letters_with_songs)
    manager.folder_tree = guests.for_all(manager.folder_tree)
    manager.songs = property(songs, keep_songs)
