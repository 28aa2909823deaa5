"""Keeping the index of the list true from within requests, a little at a time."""

from __future__ import annotations

import time

from ..tasks.people import listing
from ..tasks.runtime import at_forget, runtime

# Songs indexed by one request at most, where no consumer does it, and how often that is looked for.
AT_ONCE = 1000
LOOK_EVERY = 2.0

_looked_at = -LOOK_EVERY
_missing = 0


@at_forget
def forget() -> None:
    """Look at once (another library was opened)."""
    global _looked_at
    _looked_at = -LOOK_EVERY


def keep_true() -> int:
    """Index what is new; returns how many songs the list still lacks."""
    global _looked_at, _missing
    if _missing or time.monotonic() - _looked_at >= LOOK_EVERY:
        _missing = listing.fill(AT_ONCE)
        if not runtime().presence.alive():  # a consumer follows PiKaraoke's table by itself
            listing.catch_up()
        _looked_at = time.monotonic()
    return _missing
