"""The table of shown names, in memory, which follows the library's changes.

PiKaraoke asks it for every song of every page, in its loop: so an answer there is one look into a
dictionary, without query, lock or disk. The real thread does everything else.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from ..config import Following
from ..database.connection import text_of
from ..database.files import identity, open_to_read
from ..models import Song
from ..tasks.runtime import configure
from .by_path import ByPath
from .order import MOST_MOVED
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
# Rows read in one go. SQLite hands Python's lock over and takes it back with each row: as long as
# it does so, the loop is woken for nothing again and again (for 20 to 45 ms, with 90,000 rows).
ROWS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class News:
    """What a look found: the paths whose name or words changed, with the keys that they had, and
    whether these are too many to tell each."""

    changed: Mapping[str, str] = field(default_factory=dict)
    is_all: bool = False

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
        self._names = ByPath()
        self._keys = ByPath()
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
        name = self._names.get(path) if self._following.latest.show_names else None
        return None if name is None else ShownName(name, path)

    def key(self, path: str) -> str:
        """The text that a search looks through for this song, which the list is sorted by too."""
        found = self._keys.get(path)
        if found is None:
            # The thread that reads the library may have put the song's own key here meanwhile.
            found = self._keys.keep(path, self._fold(self._file_name(path)) + END_OF_NAME)
        return found

    # --- in the real thread -----------------------------------------------------------------------

    def refresh(self) -> News:
        """Take over what has changed in the library or the settings since the last look."""
        begun = time.thread_time()
        news = self._look()
        self._hide()
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
        changed: dict[str, str] = {}
        if settings.show_names and is_all:
            self._read("WHERE metadata_status IN ('enriched', 'manual')", [])
        elif settings.show_names and state != self._state:
            changed = self._read("WHERE updated_at >= ?", [self._since])
        self._read_by, self._state = wish, state
        return News(changed, is_all or len(changed) > MOST_MOVED)

    def _hide(self) -> None:
        """Take over which songs guests are not to see."""
        is_family = self._following.latest.family
        if (is_family, self._state) == self._family_by:
            return
        assert self._connection is not None
        found = self._connection.execute(_EXPLICIT) if is_family else []
        hidden = frozenset(row[0] for row in found)
        self._family_by = is_family, self._state
        if hidden != self.hidden:
            self.hidden = hidden

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

    def _read(self, where: str, values: list[Any]) -> dict[str, str]:
        """Take over these rows; returns the paths of those that changed with their former keys, no
        more than a look tells.

        SQLite lets one write at a time, so a row that is committed later bears no earlier stamp,
        unless the clock was set back.
        """
        select = _SELECT.format(confidence=Song.confidence.column_name)
        changed: dict[str, str] = {}
        latest = self._since
        assert self._connection is not None
        rows = self._connection.execute(f"{select} {where}", values)
        batches = iter(lambda: rows.fetchmany(ROWS_AT_ONCE), [])
        for path, *told, status, confidence, stamp in chain.from_iterable(batches):
            latest = max(latest, stamp or "")
            name, key = self._told(path, Known(*told), status, confidence or 0.0)
            before = self._keys.get(path)  # None where no list was ever sorted by it
            if key == before and name == self._names.get(path):
                continue
            if len(changed) <= MOST_MOVED:
                changed[path] = before or ""
            self._keys.put(path, key)
            self._names.put(path, name)
        self._since = min(latest, text_of(time.time() - OVERLAP))
        return changed

    def _told(
        self, path: str, known: Known, status: str | None, confidence: float
    ) -> tuple[str | None, str]:
        """Name and search key of one song; no name where the file's own is shown."""
        file_words = self._fold(self._file_name(path))
        if status not in ("enriched", "manual"):
            return None, file_words + END_OF_NAME
        is_title_first = self._following.latest.name_order == "title"
        is_sure = confidence >= SURE_ENOUGH
        name = shown_name(known, is_title_first) if is_sure else None
        first = file_words if name is None else self._fold(name)
        return name, search_key(first, [*file_words.split(), *words_of(known)])
