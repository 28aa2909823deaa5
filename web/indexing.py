"""Keeping the index of the list true from within requests, a little at a time."""

from __future__ import annotations

import time

from peewee import OperationalError

from ..database.connection import database, is_locked
from ..tasks.history import elsewhere
from ..tasks.runtime import at_forget, runtime
from ..tasks.search import listing, review_queue

# One request indexes at most this many songs, where no consumer does it, and looks this often.
AT_ONCE = 1000
LOOK_EVERY = 2.0  # seconds
# Seconds to wait for SQLite's lock: while somebody writes, the list is shown as it is.
PATIENCE = 0.1

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
        try:
            with database.in_a_hurry(PATIENCE):
                _missing = listing.fill(AT_ONCE)
                if not runtime().presence.alive():  # a consumer follows PiKaraoke's table by itself
                    elsewhere.notice()
                    listing.catch_up()
                review_queue.catch_up()
        except OperationalError as error:
            if not is_locked(error):
                raise
        _looked_at = time.monotonic()
    return _missing
