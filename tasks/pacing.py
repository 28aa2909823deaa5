"""Rate slots and provider health, shared by every process through one row a provider.

Requests are spaced evenly instead of counted in windows: `@huey.rate_limit(5, per=1)` was measured
to send ten calls within one second and to reschedule each task 184 times. What to do with a row is
decided by pure functions (`next_step`, `after`); `Pacer` reads the row, asks them, and writes it.
"""

from __future__ import annotations

import heapq
import itertools
import math
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from ..database.connection import database
from ..models import ProviderState
from ..providers.base import Failure, RateLimited, Refused, Unavailable
from ..system.said import Said, from_text
from .queue import table as queue_table

CLOSED, OPEN, LIMITED, PROBING, REFUSED = "closed", "open", "limited", "probing", "refused"

# Slots lie this much further apart than the rate asks, so that two requests that travel at
# different speeds never make the provider see one too many within a second.
MARGIN = 1.015
# How late a request may go out without moving the slots after it: so many seconds, or that share of
# a longer interval. Less than MARGIN gives away in a second: five a second that all came on time
# but the first make no sixth. A thread that gets the processor late would cost its slot otherwise.
LEEWAY, LEEWAY_SHARE = 0.008, 0.01
# How long before its moment a slot is taken, at most: the write may have to wait for a lock, which
# SQLite tries again only after some milliseconds.
HEAD_START = 0.02
FAILURES_TO_OPEN = 3
SHORTEST_WAIT, LONGEST_WAIT = 5.0, 300.0
# A probe that never reports (its process was killed) gives way to another after this long.
PROBE_LEASE = 30.0
# How it ends is mostly known within a second: songs that came meanwhile were seen to wait for the
# whole lease, while the provider had long answered.
LOOK_AT_PROBE = 1.0
# A wait longer than this in a row can only come from a clock that jumped.
LONGEST_LIMIT = 3600.0
REFUSED_AGAIN_AFTER = LONGEST_LIMIT
# A refusal that costs less than this is a server that is busy for a moment (MusicBrainz), a longer
# one says that the rate is too high (Last.fm's error 29, iTunes' 403): then intervals grow by a
# share of themselves, and nothing faster is tried for so many times the wait. Both are forgotten.
LONG_REFUSAL = 5.0
SLOWER_BY, SLOWER_TIMES, HOLD_TIMES = 0.1, 1.3, 20.0
SLOWEST, SLOWDOWN_HALF_LIFE = 9.0, 120.0


@dataclass(frozen=True, slots=True)
class Health:
    """One provider's row. Times are epoch seconds."""

    next_at: float = 0.0
    health: str = CLOSED
    open_until: float = 0.0
    failures: int = 0
    answered_at: float = 0.0
    slowdown: float = 0.0
    slowed_at: float = 0.0
    reason: str = ""
    day: str = ""
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Go:
    """A request may be sent at a moment; `health` is the row that says so to everyone else.

    Sent after `latest`, it is to move the next slot. Both are epoch seconds.
    """

    health: Health
    at: float
    latest: float


@dataclass(frozen=True, slots=True)
class Wait:
    """The next slot can be taken in `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Shut:
    """The provider is not to be asked for `seconds`, for `reason`."""

    seconds: float
    reason: Said
    health: str


def shut_for(row: Health, now: float) -> Shut | None:
    """Whether, how long and why the provider is not to be asked; None when it may be."""
    left = row.open_until - now
    if row.health == CLOSED or not 0 < left <= LONGEST_LIMIT * 1.1:
        return None
    reason = from_text(row.reason)
    return Shut(min(left, LOOK_AT_PROBE) if row.health == PROBING else left, reason, row.health)


def next_step(row: Health, rate: float, now: float, *, requests: int = 1) -> Go | Wait | Shut:
    """Whether a request may be sent now.

    Args:
        row: the provider's state.
        rate: requests a second that its service allows.
        now: epoch seconds.
        requests: how many the slot adds to those of the day; 0 for one that was counted before.
    """
    shut = shut_for(row, now)
    if shut is not None:
        return shut
    interval = MARGIN / rate * (1 + slowdown(row, now))
    left = row.next_at - now
    # A slot that lies further ahead than any slot can: the clock was set back meanwhile.
    is_ahead = 0 < left <= 2 * interval
    head_start = min(HEAD_START, interval / 2)
    if is_ahead and left > head_start:
        return Wait(left - head_start)
    leeway = max(LEEWAY, LEEWAY_SHARE * interval)
    # After a pause, or a clock that was set on, slots begin anew.
    is_in_time = is_ahead or 0 <= -left <= interval / 2
    grid = max(row.next_at, now - leeway) if is_in_time else now
    day = time.strftime("%Y-%m-%d", time.localtime(now))
    taken = replace(
        row,
        next_at=grid + interval,
        day=day,
        requests=row.requests + requests if row.day == day else requests,
    )
    if row.health != CLOSED:
        taken = replace(taken, health=PROBING, open_until=now + PROBE_LEASE)
    return Go(taken, max(grid, now), grid + leeway)


def slowdown(row: Health, now: float) -> float:
    """By how much intervals are longer than the rate asks, after refusals for speed.

    It holds until `slowed_at`, which may lie ahead, and is forgotten from then on.
    """
    age = max(0.0, now - row.slowed_at)
    if row.slowed_at - now > LONGEST_LIMIT:
        return 0.0  # the clock was set back
    left: float = row.slowdown * 0.5 ** (age / SLOWDOWN_HALF_LIFE)
    return left if left > 0.01 else 0.0


def _slowed(row: Health, wait: float, now: float) -> Health:
    """The row with a slower pace after a refusal that costs `wait` seconds."""
    before = slowdown(row, now)
    if wait < LONG_REFUSAL:
        slower, hold = before + SLOWER_BY, max(0.0, min(row.slowed_at - now, LONGEST_LIMIT))
    else:
        slower = (1 + before) * SLOWER_TIMES - 1
        hold = min(wait * HOLD_TIMES, LONGEST_LIMIT)
    return replace(row, slowdown=min(SLOWEST, slower), slowed_at=now + hold)


def after(row: Health, failure: Failure | None, now: float, jitter: float) -> Health:
    """The row after a request's outcome.

    Args:
        failure: what went wrong, None for an answer.
        jitter: 0.0-1.0, so that not every process comes back at the same moment.
    """
    shut = shut_for(row, now)
    if shut is not None and shut.health in (LIMITED, REFUSED) and not isinstance(failure, Refused):
        # Nothing goes out meanwhile, so this request is older than the refusal and lifts none.
        wait = min(LONGEST_LIMIT, failure.retry_after) if isinstance(failure, RateLimited) else 0.0
        row = replace(row, open_until=max(row.open_until, now + wait))
        return row if failure else replace(row, answered_at=now)
    if failure is None:
        return replace(row, health=CLOSED, open_until=0.0, failures=0, reason="", answered_at=now)
    if isinstance(failure, Refused):
        until = now + REFUSED_AGAIN_AFTER
        return replace(row, health=REFUSED, open_until=until, reason=failure.reason.as_text())
    failures = row.failures + 1
    if isinstance(failure, RateLimited):
        wait = min(LONGEST_LIMIT, max(failure.retry_after, 2.0 ** min(failures - 1, 8)))
        return replace(
            _slowed(row, wait, now),
            health=LIMITED,
            failures=failures,
            open_until=now + wait * (1 + 0.1 * jitter),
            reason=failure.reason.as_text(),
        )
    row = replace(row, failures=failures, reason=failure.reason.as_text())
    if failures < FAILURES_TO_OPEN:
        return row
    wait = min(LONGEST_WAIT, SHORTEST_WAIT * 2.0 ** min(failures - FAILURES_TO_OPEN, 8))
    return replace(row, health=OPEN, open_until=now + wait * (0.8 + 0.2 * jitter))


# --- the row --------------------------------------------------------------------------------------

_COLUMNS = tuple(Health.__dataclass_fields__)
# Written out, as every request asks and writes, and an idle consumer looks four times a second.
_READ = f"SELECT {', '.join(_COLUMNS)} FROM enrichment_provider WHERE name = ?"
# What a slot changes, and what an outcome does: who reports one must not give back a slot that was
# taken since it read the row.
_OF_SLOT = ("next_at", "day", "requests", "health", "open_until")
_OF_OUTCOME = tuple(name for name in _COLUMNS if name not in ("next_at", "day", "requests"))


def _set(columns: Iterable[str]) -> str:
    return f"UPDATE enrichment_provider SET {', '.join(f'{name} = ?' for name in columns)}"


_TAKE_IF_UNCHANGED = f"{_set(_OF_SLOT)} WHERE name = ? AND next_at = ? AND open_until = ?"
_REPORT = f"{_set(_OF_OUTCOME)} WHERE name = ?"
_MOVE = "UPDATE enrichment_provider SET next_at = ? WHERE name = ? AND next_at <= ?"


# The internet connection that this process asks through, "" for the one that all share. Services
# count requests by address: machines behind one keep one pace, and those elsewhere have their own.
_address = ""


def ask_from(address: str) -> None:
    """Keep the pace of the machines behind this internet connection."""
    global _address
    _address = address


def row_name(provider: str) -> str:
    """Under which name a provider's row stands, for this process's connection."""
    return f"{provider}@{_address}" if _address else provider


def rows() -> dict[str, ProviderState]:
    """The rows that hold for this process's connection, by provider."""
    found = {row.name.partition("@"): row for row in ProviderState.select()}
    return {provider: row for (provider, _, address), row in found.items() if address == _address}


def read(name: str) -> Health:
    """The provider's row; a fresh one where it has none yet."""
    found = database.execute_sql(_READ, (row_name(name),)).fetchone()
    return Health() if found is None else Health(*found)


def health_of(row: ProviderState) -> Health:
    """The row as the plain value that decisions are made from."""
    return Health(**{column: getattr(row, column) for column in _COLUMNS})


def _make_row(name: str) -> None:
    ProviderState.insert(name=row_name(name)).on_conflict_ignore().execute()


def _take_if_unchanged(name: str, old: Health, new: Health) -> bool:
    """Take a slot unless another process has taken it meanwhile."""
    values = (*_values(new, _OF_SLOT), row_name(name), old.next_at, old.open_until)
    return bool(database.execute_sql(_TAKE_IF_UNCHANGED, values).rowcount)


def _values(row: Health, columns: Iterable[str]) -> tuple[object, ...]:
    return tuple(getattr(row, column) for column in columns)


# --- who goes first within a process --------------------------------------------------------------

_urgency: ContextVar[int] = ContextVar("urgency", default=0)
_until: ContextVar[float] = ContextVar("until", default=math.inf)


@contextmanager
def at_priority(priority: int, *, seconds: float = math.inf) -> Iterator[None]:
    """Requests made inside go ahead of waiting ones with a lower priority; after `seconds` none
    waits for a slot any longer."""
    tokens = _urgency.set(priority), _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _urgency.reset(tokens[0])
        _until.reset(tokens[1])


def is_time_up() -> bool:
    """Whether the seconds of the `at_priority` around this are over."""
    return time.monotonic() >= _until.get()


class _Slot(threading.local):
    """What a thread was given last: until when its request may go out, and the slot after it, both
    in epoch seconds; and whether the request is out."""

    latest = 0.0
    next_at = 0.0
    is_out = False


class Pacer:
    """The gate before one provider: who may send a request, and when.

    Threads of this process stand in one line, the highest priority first; the head of the line
    takes its slot only when it is due, so that an upload need not wait behind the backlog.
    """

    def __init__(
        self,
        name: str,
        label: str,
        rate: float,
        is_stopping: Callable[[], bool] = lambda: False,
        slower_by: Callable[[], float] = lambda: 1.0,
    ) -> None:
        """Make a gate.

        Args:
            name, label: the provider's row, and its name for people.
            rate: requests a second.
            is_stopping: asked while a thread waits.
            slower_by: by how much requests of this process are to be further apart just now.
        """
        self.name = name
        self.label = label
        self.rate = rate
        self._is_stopping = is_stopping
        self._slower_by = slower_by
        self._turn = threading.Condition()
        self._line: list[tuple[int, int]] = []
        self._tickets = itertools.count()
        self._troubled = True
        self._mine = _Slot()
        self._rests_until = 0.0
        _make_row(name)

    def enter(self) -> Failure | None:
        """Wait for a slot.

        Returns:
            None when one request may be sent now, else why none may be.
        """
        return self._stand_in_line(next(self._tickets))

    def _stand_in_line(self, number: int, *, requests: int = 1) -> Failure | None:
        ticket = (-_urgency.get(), number)
        with self._turn:
            heapq.heappush(self._line, ticket)
            try:
                return self._wait_in_line(ticket, requests)
            finally:
                self._line.remove(ticket)
                heapq.heapify(self._line)
                self._turn.notify_all()

    def sent(self) -> None:
        """Move the next slot by as much as this request goes out too late: to connect takes time,
        and the provider counts what arrives.

        Where another has taken that slot meanwhile, both would go out at once: at one request a
        second, a name that took two seconds to be resolved did that. So this one waits for another.
        """
        mine, late = self._mine, database.now() - self._mine.latest
        if late > 0 and not self._move_next(late) and not mine.is_out:
            # Before those that have not had a slot yet; it is still the same request.
            self._stand_in_line(-next(self._tickets), requests=0)
        # It is heard of twice, and may need a moment to be out.
        mine.latest = max(database.now(), mine.latest) + LEEWAY
        mine.is_out = True

    def _move_next(self, late: float) -> bool:
        """Move the slot after this thread's; False where another has taken it."""
        mine = self._mine
        before, mine.next_at = mine.next_at, mine.next_at + late
        # Once this one is out, whoever goes next has to keep away from it.
        unless_beyond = mine.next_at if mine.is_out else before
        values = mine.next_at, row_name(self.name), unless_beyond
        return bool(database.execute_sql(_MOVE, values).rowcount)

    def leave(self, failure: Failure | None) -> None:
        """Report how the request went."""
        if failure is None and not self._troubled:
            return  # the usual case costs no write
        with database.atomic("IMMEDIATE"):
            row = after(read(self.name), failure, database.now(), random.random())
            database.execute_sql(_REPORT, (*_values(row, _OF_OUTCOME), row_name(self.name)))
            if row.health == OPEN:
                queue_table.forgive(self.name)
        self._troubled = row.failures > 0 or row.health != CLOSED

    def _wait_in_line(self, ticket: tuple[int, int], requests: int) -> Failure | None:
        while True:
            if self._is_stopping():
                return Unavailable(Said("stopping"), arrived=False)
            if is_time_up():
                return Unavailable(Said("no_slot"), arrived=False)
            if self._line[0] != ticket:
                self._turn.wait(1.0)
                continue
            # Beside the shared slots and never in place of them, so that the rate holds.
            rest = self._rests_until - time.monotonic()
            if rest > 0:
                self._turn.wait(min(rest, 1.0))
                continue
            row = read(self.name)
            step = next_step(row, self.rate, database.now(), requests=requests)
            if isinstance(step, Shut):
                return _as_failure(step)
            if isinstance(step, Wait):
                self._turn.wait(min(step.seconds, 1.0))
            elif not _take_if_unchanged(self.name, row, step.health):
                _make_row(self.name)  # a database put back may have none
                self._turn.wait(0.005)  # whatever is wrong with the row, no thread runs hot on it
            else:
                self._troubled = row.failures > 0 or row.health != CLOSED
                mine = self._mine
                mine.latest, mine.next_at, mine.is_out = step.latest, step.health.next_at, False
                time.sleep(min(HEAD_START, max(0.0, step.at - database.now())))
                slower_by = self._slower_by()
                if slower_by > 1.0:
                    self._rests_until = time.monotonic() + slower_by * MARGIN / self.rate
                return None


def _as_failure(shut: Shut) -> Failure:
    if shut.health == REFUSED:
        return Refused(shut.reason)
    if shut.health == LIMITED:
        return RateLimited(shut.seconds, shut.reason)
    return Unavailable(shut.reason, arrived=False)


def forgive_refusals() -> bool:
    """Let providers be asked once more although they refused our key: it may be another one now, or
    be in order again. False where none had refused it."""
    refused = ProviderState.health == REFUSED
    if not ProviderState.select().where(refused).exists():
        return False
    return bool(ProviderState.update(open_until=0.0).where(refused).execute())


def seconds_shut(name: str) -> float:
    """Seconds for which a provider is not to be asked, 0.0 when it may be."""
    shut = shut_for(read(name), database.now())
    return shut.seconds if shut else 0.0


def any_open(names: list[str]) -> bool:
    """Whether any of these providers may be asked now."""
    return any(not seconds_shut(name) for name in names)
