"""Whether something came, went or was renamed below a folder, told by its folders' own times.

A folder's time changes with every name in it. To ask a hundred folders for theirs costs a slow card
nothing; to list 10,000 files every few seconds would.
"""

from __future__ import annotations

import os

# Seconds after which a change is told: a copy or move in many steps is then seen as a whole. FAT's
# times are two seconds coarse, so a younger change could hide another one.
SETTLED = 3.0
# Seconds after which a change is told although it goes on, as a large copy does.
AT_LAST = 30.0


class Folders:
    """A folder of songs and all folders below it, as they were when `has_news` last said yes."""

    def __init__(self, top: str, now: float) -> None:
        """`now`, here and below, is in epoch seconds, as the folders' times are."""
        self._top = top
        self._restless_since: float | None = None
        self._times = self._look(now)

    def has_news(self, now: float) -> bool:
        """Whether a name in any of them has changed, or a folder is gone or back, and settled."""
        if all(_time(path) == time for path, time in self._times.items()):
            return False
        if self._restless_since is None or self._restless_since > now:
            self._restless_since = now
        times = self._look(now)
        if None in times.values() and now - self._restless_since < AT_LAST:
            return False
        self._times, self._restless_since = times, None
        return True

    def _look(self, now: float) -> dict[str, float | None]:
        """Each folder's time; None for one too young to tell a later change from this one."""
        places = [self._top, *(folder for folder, _, _ in os.walk(self._top))]
        times = {place: _time(place) for place in places}
        return {path: None if abs(now - time) < SETTLED else time for path, time in times.items()}


def _time(path: str) -> float:
    """The moment at which a folder last changed; 0.0 for one that is not there."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0
