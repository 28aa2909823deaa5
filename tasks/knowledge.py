"""Which artists the library holds for certain: they tell the order of a name without a request."""

from __future__ import annotations

import threading
import time

from ..models import Song
from .folding import fold
from .parsing import Knowledge
from .runtime import at_forget

REFRESH_AFTER = 60.0
CERTAIN_FROM = 0.90

_lock = threading.Lock()
_kept = Knowledge()
_read_at = -REFRESH_AFTER


@at_forget
def forget() -> None:
    """Read the artists anew on the next use (another library was opened)."""
    global _read_at
    _read_at = -REFRESH_AFTER


def certain_artists() -> Knowledge:
    """The artists of songs that a person verified or a provider answered with high confidence.

    Read from the songs table at most once a minute.
    """
    global _kept, _read_at
    with _lock:
        if time.monotonic() - _read_at >= REFRESH_AFTER:
            certain = Song.select(Song.artist).where(
                Song.metadata_status.in_(["enriched", "manual"])
                & (Song.confidence >= CERTAIN_FROM)
                & Song.artist.is_null(False)
            )
            names = certain.distinct().tuples()
            _kept = Knowledge(artists=frozenset(fold(row[0]) for row in names.iterator()))
            _read_at = time.monotonic()
        return _kept
