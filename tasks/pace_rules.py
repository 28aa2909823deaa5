"""Whether a provider's row lets a request out, and what its outcome makes of the row. Pure.

Requests are spaced evenly instead of counted in windows: `@huey.rate_limit(5, per=1)` was measured
to send ten calls within one second and to reschedule each task 184 times.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ..providers.base import (
    CLOSED,
    LIMITED,
    OPEN,
    PROBING,
    REFUSED,
    Failure,
    Health,
    RateLimited,
    Refused,
)
from ..system.said import Said, from_text

# Slots lie this much further apart than the rate asks, so that two requests that travel at
# different speeds never make the provider see one too many within a second.
MARGIN = 1.015
# How late a request may go out without moving the slots after it: seconds, or the share of a longer
# interval. It is less than MARGIN saves in a second, so that five a second of which only the first
# is late make no sixth. A thread that gets the processor late would cost its slot otherwise.
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
# A refusal that costs less than this is a server that is busy for a moment (MusicBrainz). A longer
# one, and the fourth short one in a row is, says that the rate is too high (Last.fm's error 29,
# iTunes' 403): then intervals grow SLOWER_TIMES, and nothing faster is tried for HOLD_TIMES the
# wait. Both are forgotten.
LONG_REFUSAL = 5.0
# How many refusals in a row the refused request and those in line behind it wait for, which are all
# that are shorter than a long one. Songs that were put back instead kept a consumer busy with
# nothing: MusicBrainz refuses one question in four at a kept pace, and each third one in a row put
# back all that were named and waited for an older date, 1,800 songs of 2,000.
MOMENTS = 3
# MetaBrainz blocks who names no contact, for minutes after each request: nothing is asked until
# another contact is set.
NO_CONTACT, FOR_GOOD = "no_contact", 10 * 365 * 86_400.0
SLOWER_TIMES, HOLD_TIMES = 1.3, 20.0
SLOWEST, SLOWDOWN_HALF_LIFE = 9.0, 120.0


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
    if row.health == CLOSED or left <= 0:
        return None
    reason = from_text(row.reason)
    if row.health == REFUSED and reason.code == NO_CONTACT:
        return Shut(REFUSED_AGAIN_AFTER, reason, row.health)
    if left > LONGEST_LIMIT * 1.1:
        return None  # the clock was set back
    return Shut(min(left, LOOK_AT_PROBE) if row.health == PROBING else left, reason, row.health)


def is_momentary(row: Health, now: float) -> bool:
    """Whether a provider that is not to be asked will be let in, or heard of, in a moment."""
    left = row.open_until - now
    if row.health == LIMITED:
        return left < LONG_REFUSAL and row.failures <= MOMENTS
    return row.health == PROBING and row.failures < FAILURES_TO_OPEN


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
        until = now + (FOR_GOOD if failure.reason.code == NO_CONTACT else REFUSED_AGAIN_AFTER)
        return replace(row, health=REFUSED, open_until=until, reason=failure.reason.as_text())
    failures = row.failures + 1
    if isinstance(failure, RateLimited):
        wait = min(LONGEST_LIMIT, max(failure.retry_after, 2.0 ** min(failures - 1, 8)))
        if wait >= LONG_REFUSAL:  # one in four is met shorter at a kept pace
            slower = (1 + slowdown(row, now)) * SLOWER_TIMES - 1
            hold = min(wait * HOLD_TIMES, LONGEST_LIMIT)
            row = replace(row, slowdown=min(SLOWEST, slower), slowed_at=now + hold)
        return replace(
            row,
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
