"""Has PiKaraoke 1.23.0 take the shown names where it asks for a song's name, searches and sorts.

Its files stay as they are. Its parts are handed a bound method of its song manager when they are
made, so the class is changed before. Where a later PiKaraoke has no such place any more, the log
says so once and PiKaraoke's own way holds.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import has_request_context, request

from ..config import Following
from .family import Guests, hide, refuse
from .history import name_history
from .shown_names import ShownNames

log = logging.getLogger("pikaraoke_enrichment")

# Its page that renames many files at once compares and shows what the files are called.
_ABOUT_FILES = "batch_song_renamer"
_INDEX = ("_index", "_index_version", "_initials", "_initials_version", "_folders_version")
_LIST = ("_songs", "_sorted_cache", "_sort_key", "_version")


def open_seams(following: Following) -> ShownNames | None:
    """Have PiKaraoke show and search the names of a new, still empty table, before it makes its
    parts.

    Returns:
        The table; None where PiKaraoke has changed so that files' names are shown.
    """
    try:
        manager = import_module("pikaraoke.lib.song_manager").SongManager
        remove_accents = import_module("pikaraoke.lib.metadata_parser").remove_accents
        _check(manager.display_name_from_path, "self", "file_path", "remove_youtube_id")
        _check(manager.filename_from_path, "file_path", "remove_youtube_id", "tidy")
        _check(manager._match_index, "self")
    except (ImportError, AttributeError, TypeError) as error:
        _say_changed(f"songs are shown by their files' names ({error})")
        return None
    names = ShownNames(
        following,
        functools.partial(manager.filename_from_path, tidy=False),
        lambda text: (text if text.isascii() else str(remove_accents(text))).lower(),
    )
    _show(manager, names)
    _search(manager, names)
    try:
        history = import_module("pikaraoke.lib.play_history_manager").PlayHistoryManager
        name_history(history, names, manager.filename_from_path)
    except (ImportError, AttributeError) as error:
        _say_changed(f"its play history shows files' names ({error})")
    return names


def hide_from_guests(names: ShownNames, refusal: Callable[[], str]) -> Guests | None:
    """Have PiKaraoke leave out of its search and browse what guests are not to see in a family, and
    not take it into its queue from them.

    Args:
        refusal: what a guest is told who wants to queue it all the same.
    Returns:
        What they see; None where PiKaraoke has changed so that everybody sees all.
    """
    try:
        manager = import_module("pikaraoke.lib.song_manager").SongManager
        song_list = import_module("pikaraoke.lib.song_list").SongList
        app = import_module("pikaraoke.lib.current_app")
        guests = Guests(names, app.is_admin)
        hide(manager, song_list, app.get_karaoke_instance, guests)
    except (ImportError, AttributeError) as error:
        _say_changed(f"its search and browse hide nothing from guests in a family ({error})")
        return None
    try:
        queue = import_module("pikaraoke.lib.queue_manager").QueueManager
        _check(queue.enqueue, "self", "song_path")
        refuse(queue, guests, refusal)
    except (ImportError, AttributeError, TypeError) as error:
        _say_changed(f"its queue takes what is hidden from guests in a family ({error})")
    return guests


def has_known_list(manager: Any) -> bool:
    """Whether this song manager keeps its list and index as we know it; says so once if not."""
    missing = [f"SongList.{name}" for name in _LIST if not hasattr(manager.songs, name)]
    missing += [f"SongManager.{name}" for name in _INDEX if not hasattr(manager, name)]
    if missing:
        _say_changed(f"its list stays in the order of the files' names (no {missing[0]})")
    return not missing


def _say_changed(words: str) -> None:
    log.warning("PiKaraoke has changed: %s", words)


def _check(method: Callable[..., Any], *names: str) -> None:
    found = list(inspect.signature(method).parameters)
    if found[: len(names)] != list(names):
        raise TypeError(f"{method.__qualname__} takes {', '.join(found)}")


def _show(manager: Any, names: ShownNames) -> None:
    own = manager.display_name_from_path

    @functools.wraps(own)
    def display_name_from_path(self: Any, file_path: str, remove_youtube_id: bool = True) -> Any:
        name = names.get(file_path)
        if name is None or not remove_youtube_id:
            return own(self, file_path, remove_youtube_id)
        is_about_files = has_request_context() and request.blueprint == _ABOUT_FILES
        return own(self, file_path, True) if is_about_files else name

    manager.display_name_from_path = display_name_from_path


def _search(manager: Any, names: ShownNames) -> None:
    @functools.wraps(manager._match_index)
    def _match_index(self: Any) -> list[tuple[str, str]]:
        version = self.songs.version  # before the songs are read: see there
        if self._index_version != version:
            self._index = [(names.key(path), path) for path in self.songs]
            self._index_version = version
        index: list[tuple[str, str]] = self._index
        return index

    manager._match_index = _match_index
