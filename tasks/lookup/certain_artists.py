"""What the library knows for certain: its artists, who tell the order of a name without a request,
and what people have taught it; and names read by that."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from ...models import Song, get_state
from ..history import learning, naming_habits
from ..judging.folder_habits import read
from ..names.folding import fold
from ..names.hashed_set import Names
from ..parsing import Knowledge, ParsedName
from ..runtime import at_forget

REFRESH_AFTER = 60.0
CERTAIN_FROM = 0.90
# How many names are remembered, a kilobyte each: one is read when its song is found, when it rides
# along in another's request, and at each of its own looks.
NAMES_REMEMBERED = 500


class Reader(NamedTuple):
    """What the library knows, and the name of a file, given by its path, as it is read by that:
    each once as long as the library knows no more."""

    knowledge: Knowledge
    read: Callable[[str], ParsedName]


def _reader(knowledge: Knowledge) -> Reader:
    @lru_cache(maxsize=NAMES_REMEMBERED)
    def read_once(path: str) -> ParsedName:
        folder, name = os.path.split(path)
        return read(name, knowledge, folder)

    return Reader(knowledge, read_once)


_lock = threading.Lock()
_kept = _reader(Knowledge())
_read_at = -REFRESH_AFTER
_taught_at: str | None = None


@at_forget
def forget() -> None:
    """Read the artists anew on the next use (another library was opened)."""
    global _read_at
    _read_at = -REFRESH_AFTER


def reader() -> Reader:
    """The artists of songs that a person verified or a provider answered with high confidence, and
    names read by them.

    Read from the songs table at most once a minute, and when a person has taught something.
    """
    global _kept, _read_at, _taught_at
    with _lock:
        taught_at = get_state(learning.TAUGHT_AT)
        if time.monotonic() - _read_at >= REFRESH_AFTER or taught_at != _taught_at:
            certain = Song.select(Song.artist).where(
                Song.metadata_status.in_(["enriched", "manual"])
                & (Song.confidence >= CERTAIN_FROM)
                & Song.artist.is_null(False)
            )
            names = certain.distinct().tuples()
            artists = Names(fold(row[0]) for row in names.iterator())
            known = replace(learning.knowledge(), artists=artists, habits=naming_habits.habits())
            _kept = _reader(known)
            _read_at, _taught_at = time.monotonic(), taught_at
        return _kept
