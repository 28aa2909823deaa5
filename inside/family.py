"""What guests do not see inside PiKaraoke in a family: explicit songs in its search and browse, nor
may put into its queue.

Whoever is PiKaraoke's admin sees all; without a password there that is everybody.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import has_request_context

from .shown_names import ShownNames

Pair = tuple[str, str]
_KEPT = ("letters_with_songs", "folder_tree")


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

    def hides(self, path: str) -> bool:
        """Whether this song is hidden from who asks just now."""
        return self.ask() and path in self._names.hidden

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


def hide(manager: Any, song_list: Any, karaoke: Callable[[], Any], guests: Guests) -> None:
    """Change PiKaraoke's classes of the song manager and of its list.

    Args:
        karaoke: gives the PiKaraoke that answers a request.
    Raises:
        AttributeError: they have not what we know of 1.23.0.
    """
    whole_index = guests.for_all(manager._match_index)

    @functools.wraps(whole_index)
    def _match_index(self: Any) -> list[Pair]:
        index: list[Pair] = whole_index(self)
        return guests.pairs(index) if guests.ask() else index

    def seen(name: str) -> Callable[..., Any]:
        """What the list does as `name`, done by what a guest sees of it."""
        own, of_list = getattr(song_list, name), getattr(list, name)

        @functools.wraps(own)
        def method(self: Any, *given: Any) -> Any:
            if not guests.ask():
                return own(self, *given)
            return of_list(guests.paths(whole_index(karaoke().song_manager)), *given)

        return method

    # What it keeps of them is for everybody.
    whole = {name: guests.for_all(getattr(manager, name)) for name in _KEPT}
    of_guests = {name: seen(name) for name in ("__iter__", "__len__", "__getitem__")}
    for changed, methods in ((manager, whole), (song_list, of_guests)):
        for name, method in methods.items():
            setattr(changed, name, method)
    manager._match_index = _match_index


def refuse(queue: Any, guests: Guests, words: Callable[[], str]) -> None:
    """Change PiKaraoke's class of the queue so that it takes nothing from a guest that is hidden:
    its history, its search of YouTube and a page that was opened before know where the song lies.

    Args:
        words: what the guest is told.
    Raises:
        AttributeError: it has not what we know of 1.23.0.
    """
    own = queue.enqueue

    @functools.wraps(own)
    def enqueue(self: Any, song_path: str, *given: Any, **asked: Any) -> Any:
        hidden = guests.hides(song_path)
        return [False, words()] if hidden else own(self, song_path, *given, **asked)

    queue.enqueue = enqueue
