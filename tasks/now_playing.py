"""The party first: what singers chose is looked up next, and a song that plays may hold us."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

from peewee import DatabaseError

from ..database.connection import database, text_of
from ..exceptions import LibraryError
from ..system.log_throttle import complain
from .pikaraoke import queued_paths
from .queue import storage
from .queue import table as queue_table
from .runtime import runtime

# The factor by which requests move apart while a song plays, where that is wished.
SLOWER_BY = 4.0
# Seconds between two looks at PiKaraoke's queue, and between two while it does not answer.
ASK_EVERY, ASK_AGAIN_AFTER = 2.0, 30.0

# PiKaraoke closes a play when its song ends; one that it left open when it was killed is closed by
# its next start, which may be next month. Seconds that no song lasts.
LONGEST_SONG = 20 * 60.0
_PLAYING = """
SELECT song_id, ended_at IS NULL AND played_at > ?
FROM plays ORDER BY id DESC LIMIT 1
"""


def is_playing() -> bool:
    """Whether PiKaraoke plays a song now, by its own table."""
    return _latest_play()[1]


def song_playing() -> int | None:
    """The id of the song that plays now, None where none does."""
    song_id, is_open = _latest_play()
    return song_id if is_open else None


def _latest_play() -> tuple[int | None, bool]:
    try:
        since = text_of(time.time() - LONGEST_SONG)
        row = database.execute_sql(_PLAYING, (since,)).fetchone()
    except DatabaseError:  # another version's table; the library itself is looked at elsewhere
        return None, False
    return (row[0], bool(row[1])) if row else (None, False)


def holds() -> bool:
    """Whether nothing is to be taken up because a song plays."""
    return runtime().settings.while_playing == "pause" and is_playing()


def brake() -> float:
    """The factor by which requests are to be further apart now."""
    return SLOWER_BY if runtime().settings.while_playing == "slow" and is_playing() else 1.0


class Chosen(threading.Thread):
    """Asks PiKaraoke for the songs that wait to be sung, and has new ones looked up next."""

    def __init__(self, stop_flag: Any, hurry: Callable[[list[str]], int]) -> None:
        """`hurry` is given their paths."""
        super().__init__(name="Chosen", daemon=True)
        self._stop_flag = stop_flag
        self._hurry = hurry

    def run(self) -> None:
        """Ask until the consumer ends; a PiKaraoke that does not run is asked now and then."""
        rest = 0.0
        while not self._stop_flag.wait(rest):
            rest = ASK_EVERY
            try:
                errors = storage.errors(runtime().settings.queue)
                # Locked, or its drive is gone: the next look does it.
                with contextlib.suppress(DatabaseError, LibraryError, *errors):
                    rest = self._look()
            except Exception as error:
                complain("what singers chose cannot be looked up first, and is tried again", error)
        database.close()

    def _look(self) -> float:
        """Ask once, where a song waits that could be hurried; the seconds until the next look.

        All paths are hurried each time: a song that was downloaded for a singer stands in
        PiKaraoke's queue before the steward has put it into ours.
        """
        database.is_replaced()  # what the steward looks after; here the old file is let go of
        if not queue_table.can_hurry():
            return ASK_EVERY
        paths = queued_paths(runtime().settings.pikaraoke_url)
        if paths:
            self._hurry(paths)
        return ASK_AGAIN_AFTER if paths is None else ASK_EVERY
