"""Quiet hours: the time of day in which nothing is looked up, and when it ends."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from datetime import time as Clock

from .runtime import runtime


def rests_until() -> float | None:
    """The end of the quiet hours that rule now, in epoch seconds; None outside of them."""
    hours = runtime().settings.quiet_hours
    return end_of_rest(hours, time.time()) if hours else None


def end_of_rest(hours: str, now: float) -> float | None:
    """The end of the quiet hours that hold `now`; None where none do.

    Where clocks are put forward or back in between, the rest lasts an hour more or less by the
    clock and just as long as ever.

    Args:
        hours: local times as the setting keeps them, "22:00-06:00"; the end may be the next day's.
        now: epoch seconds; so is the end.
    """
    begin, end = map(Clock.fromisoformat, hours.split("-"))
    today = date.fromtimestamp(now)
    for first in (today - timedelta(days=1), today):
        last = first if begin < end else first + timedelta(days=1)
        starts_at, ends_at = _epoch(first, begin), _epoch(last, end)
        if starts_at <= now < ends_at:
            return ends_at
    return None


def _epoch(day: date, clock: Clock) -> float:
    return datetime.combine(day, clock).timestamp()
