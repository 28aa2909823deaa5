"""Rate slots and provider health, shared by every process through one row a provider.

`Pacer` reads the row, asks `pace_rules` what to do with it, and writes what they say.
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

from ..database.connection import database
from ..models import ProviderState
from ..providers.base import (
    CLOSED,
    LIMITED,
    OPEN,
    REFUSED,
    Failure,
    Health,
    RateLimited,
    Refused,
    Unavailable,
)
from ..system.said import Said, from_text
from .pace_rules import (
    HEAD_START,
    LEEWAY,
    MARGIN,
    NO_CONTACT,
    Shut,
    Wait,
    after,
    is_momentary,
    next_step,
    shut_for,
)
from .queue import table as queue_table

# --- the row --------------------------------------------------------------------------------------

_COLUMNS = tuple(Health.__dataclass_fields__)
# Written out, as every request asks and writes, and an idle consumer looks four times a second.
_READ_ALL = f"SELECT name, {', '.join(_COLUMNS)} FROM enrichment_provider"
_WHO_REFUSED = "SELECT name, reason FROM enrichment_provider WHERE health = ?"
_FORGET_REFUSAL = """
UPDATE enrichment_provider SET health = ?, open_until = 0, reason = '' WHERE name = ? AND health = ?
"""
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


def rows() -> dict[str, Health]:
    """The rows that hold for this process's connection, by provider."""
    found = ((name.partition("@"), row) for name, *row in database.execute_sql(_READ_ALL))
    return {provider: Health(*row) for (provider, _, at), row in found if at == _address}


def read(name: str) -> Health:
    """The provider's row; a fresh one where it has none yet."""
    found = database.execute_sql(_READ, (row_name(name),)).fetchone()
    return Health() if found is None else Health(*found)


def _make_row(name: str) -> None:
    ProviderState.insert(name=row_name(name)).on_conflict_ignore().execute()


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


# The share of the time between two slots that lies between two requests of one process, whatever
# the clock says; the rest is for what goes out a little late.
NEARLY = 0.9


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
        contact: str = "",
    ) -> None:
        """Make a gate.

        Args:
            name, label: the provider's row, and its name for people.
            rate: requests a second.
            is_stopping: asked while a thread waits.
            slower_by: by how much requests of this process are to be further apart just now.
            contact: how we say that we can be reached.
        """
        self.name = name
        self.label = label
        self.rate = rate
        self._is_stopping = is_stopping
        self._slower_by = slower_by
        self._contact = contact
        self._turn = threading.Condition()
        self._line: list[tuple[int, int]] = []
        self._tickets = itertools.count()
        self._troubled = True
        self._mine = _Slot()
        self._rests_until = 0.0
        self._sent_at = -math.inf  # on a clock that never jumps
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
        if late > 0:
            before, mine.next_at = mine.next_at, mine.next_at + late
            # Once this one is out, whoever goes next has to keep away from it.
            unless_beyond = mine.next_at if mine.is_out else before
            values = mine.next_at, row_name(self.name), unless_beyond
            is_moved = database.execute_sql(_MOVE, values).rowcount
            if not is_moved and not mine.is_out:
                # Before those that have not had a slot yet; it is still the same request.
                self._stand_in_line(-next(self._tickets), requests=0)
        self._sent_at = time.monotonic()
        # It is heard of twice, and may need a moment to be out.
        mine.latest = max(database.now(), mine.latest) + LEEWAY
        mine.is_out = True

    def leave(self, failure: Failure | None) -> bool:
        """Report how the request went; whether it was refused for a moment only."""
        if failure is None and not self._troubled:
            return False  # the usual case costs no write
        if isinstance(failure, Refused) and failure.reason.code == NO_CONTACT:
            told = {**failure.reason.params, "contact": self._contact}
            failure = Refused(Said(NO_CONTACT, **told))
        with database.atomic("IMMEDIATE"):
            row = after(read(self.name), failure, database.now(), random.random())
            database.execute_sql(_REPORT, (*_values(row, _OF_OUTCOME), row_name(self.name)))
            if row.health == OPEN:
                queue_table.forgive(self.name)
        self._troubled = row.failures > 0 or row.health != CLOSED
        return isinstance(failure, RateLimited) and is_momentary(row, database.now())

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
            # A clock that jumps forward frees every slot at once: this one never jumps.
            apart = self._sent_at + NEARLY / self.rate
            if requests and (early := apart - time.monotonic()) > 0:
                self._turn.wait(min(early, 1.0))
                continue
            row = read(self.name)
            step = next_step(row, self.rate, database.now(), requests=requests)
            if isinstance(step, Shut) and is_momentary(row, database.now()):
                self._turn.wait(min(step.seconds, 1.0))
                continue
            if isinstance(step, Shut):
                if step.health == REFUSED:
                    return Refused(step.reason)
                if step.health == LIMITED:
                    return RateLimited(step.seconds, step.reason)
                return Unavailable(step.reason, arrived=False)
            if isinstance(step, Wait):
                self._turn.wait(min(step.seconds, 1.0))
                continue
            key = row_name(self.name), row.next_at, row.open_until
            slot = (*_values(step.health, _OF_SLOT), *key)
            if not database.execute_sql(_TAKE_IF_UNCHANGED, slot).rowcount:
                _make_row(self.name)  # a database put back may have none
                self._turn.wait(0.005)  # whatever is wrong with the row, no thread runs hot on it
                continue
            self._troubled = row.failures > 0 or row.health != CLOSED
            mine = self._mine
            mine.latest, mine.next_at, mine.is_out = step.latest, step.health.next_at, False
            time.sleep(min(HEAD_START, max(0.0, step.at - database.now())))
            slower_by = self._slower_by()
            if slower_by > 1.0:
                self._rests_until = time.monotonic() + slower_by * MARGIN / self.rate
            return None


def forgive_refusals(contact: str = "") -> bool:
    """Let providers be asked once more although they refused our key: it may be another one now, or
    be in order again. False where none had refused it.

    Args:
        contact: what we say now of how we can be reached. Who has blocked us for what we said then
            is asked once that is another one, "" for not known.
    """
    refused = []
    for name, reason in database.execute_sql(_WHO_REFUSED, (REFUSED,)).fetchall():
        said = from_text(reason)
        is_blocked_still = said.code == NO_CONTACT and contact in ("", said.params.get("contact"))
        if not is_blocked_still:
            refused.append(name)
    forgiven = ProviderState.update(open_until=0.0).where(ProviderState.name.in_(refused))
    return bool(refused and forgiven.execute())


def forget_refusal(name: str) -> None:
    """Let a provider that refused the old key be asked at once with the new one."""
    database.execute_sql(_FORGET_REFUSAL, (CLOSED, row_name(name), REFUSED))


def seconds_shut(name: str) -> float:
    """Seconds for which a provider is not to be asked, 0.0 when it may be."""
    shut = shut_for(read(name), database.now())
    return shut.seconds if shut else 0.0


def any_open(names: list[str]) -> bool:
    """Whether any of these providers may be asked now."""
    return any(not seconds_shut(name) for name in names)
