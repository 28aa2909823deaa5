"""The table of shown names, in memory, which follows the library's changes.

PiKaraoke asks it for every song of every page, in its loop: so an answer there is one look into a
dictionary, without query, lock or disk. The real thread does everything else.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..config import Following
from ..database.connection import text_of
from ..database.files import identity, open_to_read
from ..models import Song
from ..tasks.runtime import configure
from .shown_name import (
    END_OF_NAME,
    SURE_ENOUGH,
    Known,
    ShownName,
    search_key,
    shown_name,
    words_of,
)

_SELECT = (
    "SELECT file_path, artist, title, variant, year, genre, duet, language, metadata_status, "
    "{confidence}, updated_at FROM songs LEFT JOIN enrichment_traits ON song_id = songs.id"
)
_EXPLICIT = (
    "SELECT file_path FROM enrichment_traits JOIN songs ON songs.id = song_id WHERE explicit"
)
# Rows are stamped to the second, so each look reads the last ones again. In seconds.
OVERLAP = 2.0


@dataclass(frozen=True, slots=True)
class News:
    """What a look found: the paths whose name or words changed, or all of them, and whether other
    songs are hidden from guests."""

    changed: frozenset[str] = frozenset()
    is_all: bool = False
    is_hidden_news: bool = False

    def __bool__(self) -> bool:
        return self.is_all or bool(self.changed)


class ShownNames:
    """Names by the path of their file."""

    def __init__(
        self, following: Following, file_name: Callable[[str], str], fold: Callable[[str], str]
    ) -> None:
        """Nothing is read yet.

        Args:
            following: the settings as they are now.
            file_name: a file's name as PiKaraoke searches it.
            fold: text as PiKaraoke compares it.
        """
        self._following = following
        self._file_name = file_name
        self._fold = fold
        self._names: dict[str, ShownName] = {}
        self._keys: dict[str, str] = {}
        self._read_by: tuple[bool, str] | None = None  # the settings that the table was made by
        self._file: tuple[int, int] | None = None
        self._connection: sqlite3.Connection | None = None
        self._state: object = None
        self._since = ""
        self._family_by: object = None  # the state by which the hidden songs were read
        self.hidden: frozenset[str] = frozenset()  # from guests, in a family
        self.took = 0.0  # seconds that the last look worked, without those that it waited

    # --- what PiKaraoke's loop asks ---------------------------------------------------------------

    def get(self, path: str) -> ShownName | None:
        """The name to show; None where the file's own is."""
        return self._names.get(path) if self._following.latest.show_names else None

    def key(self, path: str) -> str:
        """The text that a search looks through for this song, which the list is sorted by too."""
        found = self._keys.get(path)
        if found is None:
            found = self._keys[path] = self._fold(self._file_name(path)) + END_OF_NAME
        return found

    # --- in the real thread -----------------------------------------------------------------------

    def refresh(self) -> News:
        """Take over what has changed in the library or the settings since the last look."""
        begun = time.thread_time()
        news = self._look()
        if self._hide():
            news = replace(news, is_hidden_news=True)
        self.took = time.thread_time() - begun
        return news

    def _look(self) -> News:
        settings = self._following.current()
        configure(settings)
        wish = settings.show_names, settings.name_order
        is_all = wish != self._read_by
        if is_all:
            self._names.clear()
            self._keys.clear()
        state = self._state_now()
        changed: set[str] = set()
        if settings.show_names and is_all:
            self._read("WHERE metadata_status IN ('enriched', 'manual')", [])
        elif settings.show_names and state != self._state:
            changed = self._read("WHERE updated_at >= ?", [self._since])
        self._read_by, self._state = wish, state
        return News(frozenset(changed), is_all)

    def _hide(self) -> bool:
        """Take over which songs guests are not to see; whether they are others than before."""
        is_family = self._following.latest.family
        if (is_family, self._state) == self._family_by:
            return False
        assert self._connection is not None
        found = self._connection.execute(_EXPLICIT) if is_family else []
        hidden = frozenset(row[0] for row in found)
        self._family_by = is_family, self._state
        if hidden == self.hidden:
            return False
        self.hidden = hidden
        return True

    def _state_now(self) -> object:
        """A value that changes once anybody has written to the file or put another in its place.

        A connection of our own tells it, which is kept and never writes: pages close theirs after
        each request, and a fresh one counts from the beginning.
        """
        db = self._following.latest.db
        found = identity(db)
        if self._connection is None or found != self._file:
            self._connection = open_to_read(db, for_any_thread=True)
            self._file = found
        return found, self._connection.execute("PRAGMA data_version").fetchone()[0]

    def _read(self, where: str, values: list[Any]) -> set[str]:
        """Take over these rows; returns the paths of those that changed.

        SQLite lets one write at a time, so a row that is committed later bears no earlier stamp,
        unless the clock was set back.
        """
        select = _SELECT.format(confidence=Song.confidence.column_name)
        changed, latest = set(), self._since
        assert self._connection is not None
        for path, *told, status, confidence, stamp in self._connection.execute(
            f"{select} {where}", values
        ):
            latest = max(latest, stamp or "")
            name, key = self._told(path, Known(*told), status, confidence or 0.0)
            if name == self._names.get(path) and key == self.key(path):
                continue
            changed.add(path)
            self._keys[path] = key
            if name is None:
                self._names.pop(path, None)
            else:
                self._names[path] = name
        self._since = min(latest, text_of(time.time() - OVERLAP))
        return changed

    def _told(
        self, path: str, known: Known, status: str | None, confidence: float
    ) -> tuple[ShownName | None, str]:
        """Name and search key of one song; no name where the file's own is shown."""
        file_words = self._fold(self._file_name(path))
        if status not in ("enriched", "manual"):
            return None, file_words + END_OF_NAME
        is_title_first = self._following.latest.name_order == "title"
        is_sure = confidence >= SURE_ENOUGH
        name = shown_name(path, known, is_title_first) if is_sure else None
        first = file_words if name is None else self._fold(name)
        return name, search_key(first, [*file_words.split(), *words_of(known)])
