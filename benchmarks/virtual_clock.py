"""A clock that moves on only while everybody waits: hours of a pace in minutes of work.

Threads that take part run one at a time; whoever waits lets the next one go on, and where nobody
has anything left to do the clock jumps to the first moment that is waited for. A run is the same
each time, whatever else the machine does; what the work itself costs takes no time.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from unittest import mock


@dataclass(slots=True)
class _Sleeper:
    """A thread's wait; over once `is_over`."""

    turn: threading.Event = field(default_factory=threading.Event)
    is_over: bool = False


class VirtualClock:
    """The time of all threads of `run`; `now` is epoch seconds, it begins at the true time."""

    def __init__(self) -> None:
        self.began = self.now = time.time()
        self._numbers = itertools.count()
        self._asleep: list[tuple[float, int, _Sleeper]] = []

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return self.now - self.began

    def sleep(self, seconds: float) -> None:
        """Let others go on until this much time has passed."""
        self.wait(_Sleeper(), seconds)

    def wait(self, sleeper: _Sleeper, seconds: float) -> None:
        """Sleep until the time has passed, or another wakes this sleeper."""
        self.wake(sleeper, seconds)
        self._next_goes_on()
        sleeper.turn.wait()

    def wake(self, sleeper: _Sleeper, seconds: float = 0.0) -> None:
        """Have a sleeper go on after this time, at the latest."""
        at = self.now + max(0.0, seconds)
        heapq.heappush(self._asleep, (at, next(self._numbers), sleeper))

    def _next_goes_on(self) -> None:
        while self._asleep:
            at, _, sleeper = heapq.heappop(self._asleep)
            if not sleeper.is_over:
                self.now = max(self.now, at)
                sleeper.is_over = True
                sleeper.turn.set()
                return

    def run(self, tasks: Sequence[Callable[[], None]]) -> None:
        """Run each in a thread of its own until all have ended."""
        threads = [threading.Thread(target=self._run, args=(task,)) for task in tasks]
        with self._in_place_of_the_systems():
            for task in threads:
                task.start()
            while len(self._asleep) < len(tasks):
                threading.Event().wait(0.001)
            self._next_goes_on()
            for task in threads:
                task.join()

    def _run(self, task: Callable[[], None]) -> None:
        self._first_turn()
        try:
            task()
        finally:
            self._next_goes_on()

    def _first_turn(self) -> None:
        sleeper = _Sleeper()
        self.wake(sleeper)
        sleeper.turn.wait()

    @contextmanager
    def _in_place_of_the_systems(self) -> Iterator[None]:
        """Inside, whoever asks for the time is told this one, Huey included."""

        def utc() -> datetime:
            return datetime.fromtimestamp(self.now, timezone.utc).replace(tzinfo=None)

        def now() -> float:
            return self.now

        with (
            mock.patch.multiple(time, time=now, monotonic=now, sleep=self.sleep),
            mock.patch("huey.utils.utcnow", utc),
            mock.patch("huey.api.utcnow", utc),
        ):
            yield


class Turnstile:
    """A `threading.Condition` on a virtual clock; it locks nothing, as one thread runs at once."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._sleepers: dict[int, _Sleeper] = {}

    def __enter__(self) -> Turnstile:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was locked."""

    def wait(self, timeout: float) -> None:
        """Wait to be notified, at most so many seconds."""
        sleeper = _Sleeper()
        self._sleepers[id(sleeper)] = sleeper
        self._clock.wait(sleeper, timeout)
        del self._sleepers[id(sleeper)]

    def notify_all(self) -> None:
        """Wake all who wait."""
        for sleeper in self._sleepers.values():
            self._clock.wake(sleeper)
