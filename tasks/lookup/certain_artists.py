"""What the library knows for certain: its artists, who tell the order of a name without a request,
and what people have taught it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from ...models import Song, get_state
from ..history import learning, naming_habits
from ..names.folding import fold
from ..names.hashed_set import Names
from ..parsing import Knowledge
from ..runtime import at_forget

REFRESH_AFTER = 60.0
CERTAIN_FROM = 0.90

_lock = threading.Lock()
_kept = Knowledge()
_read_at = -REFRESH_AFTER
_taught_at: str | None = None


@at_forget
def forget() -> None:
    """Read the artists anew on the next use (another library was opened)."""
    global _read_at
    _read_at = -REFRESH_AFTER


def certain_artists() -> Knowledge:
    """The artists of songs that a person verified or a provider answered with high confidence.

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
            _kept = replace(learning.knowledge(), artists=artists, habits=naming_habits.habits())
            _read_at, _taught_at = time.monotonic(), taught_at
        return _kept
