"""How many songs wait for a person, for the badge on our entry in PiKaraoke's menu.

PiKaraoke draws its menu in its loop, for each page of everybody: so a look there is one look at a
number, and the number is counted in the real thread.
"""

from __future__ import annotations

from ..config import Following
from ..system import real_thread
from ..system.log_throttle import complain
from ..tasks.runtime import configure
from ..tasks.search import review_queue

# Seconds from one count to the next; 17,000 songs that wait are counted in a millisecond.
COUNT_EVERY = 10.0


class Waiting:
    """The songs that wait for a person, as they were counted last; 0 before the first count."""

    def __init__(self, following: Following) -> None:
        self._following = following
        self.count = 0

    def look(self) -> None:
        """Count them; in the real thread."""
        configure(self._following.current())
        self.count = review_queue.waiting()


def keep_counted(waiting: Waiting) -> None:
    """Count again and again; returns never. A greenlet's work: the loop goes on meanwhile."""
    import gevent

    while True:
        try:
            real_thread.call(waiting.look)
        except Exception as error:  # whatever it is, PiKaraoke goes on, and so do we
            complain(f"the songs that wait for the host are not counted ({error})", error)
        gevent.sleep(COUNT_EVERY)
