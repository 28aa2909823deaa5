"""Quiet hours: over midnight, over a day of 23 or 25 hours, and never longer than they last."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.tasks.quiet_hours import end_of_rest


@pytest.fixture(autouse=True, scope="module")
def _in_berlin() -> Iterator[None]:
    """Clocks go forward at 2:00 on 29 March 2026 and back at 3:00 on 25 October."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")  # needs no table of the world's zones
        time.tzset()
        yield
    time.tzset()


def at(text: str) -> float:
    """An ISO time, Berlin's own without an offset, as epoch seconds."""
    return datetime.fromisoformat(text).timestamp()


def end(hours: str, now: str) -> str | None:
    found = end_of_rest(hours, at(now))
    return None if found is None else datetime.fromtimestamp(found).strftime("%d %H:%M")


@pytest.mark.parametrize(
    ("hours", "now", "ends"),
    [
        ("22:00-06:00", "2026-11-22T21:59:59", None),
        ("22:00-06:00", "2026-11-22T22:00:00", "23 06:00"),
        ("22:00-06:00", "2026-11-23T00:00:00", "23 06:00"),
        ("22:00-06:00", "2026-11-23T05:59:59", "23 06:00"),
        ("22:00-06:00", "2026-11-23T06:00:00", None),
        ("22:00-06:00", "2026-12-31T23:00:00", "01 06:00"),
        ("13:00-14:30", "2026-11-22T13:00:00", "22 14:30"),
        ("13:00-14:30", "2026-11-22T14:30:00", None),
        ("13:00-14:30", "2026-11-22T01:00:00", None),
        ("18:00-00:00", "2026-11-22T23:59:59", "23 00:00"),
        ("18:00-00:00", "2026-11-23T00:00:00", None),
        ("00:00-06:00", "2026-11-22T23:59:59", None),
        ("00:00-06:00", "2026-11-23T00:00:00", "23 06:00"),
        ("06:00-05:59", "2026-11-23T05:59:30", None),
    ],
)
def test_a_rest_begins_on_time_and_ends_on_time(hours: str, now: str, ends: str | None) -> None:
    assert end(hours, now) == ends


@pytest.mark.parametrize(
    ("hours", "now", "ends"),
    [
        ("22:00-06:00", "2026-03-29T01:59:59", "29 06:00"),
        ("22:00-06:00", "2026-03-29T03:00:00", "29 06:00"),
        ("22:00-02:30", "2026-03-29T03:00:00", "29 03:30"),  # 2:30 does not come that night
        ("22:00-02:30", "2026-03-29T03:30:00", None),
        ("02:30-04:00", "2026-03-29T03:00:00", None),
        ("02:30-04:00", "2026-03-29T03:30:00", "29 04:00"),
        ("22:00-02:30", "2026-10-25T02:29:59+02:00", "25 02:30"),
        ("22:00-02:30", "2026-10-25T02:30:00+02:00", None),
        ("22:00-02:30", "2026-10-25T02:15:00+01:00", None),  # it has been a quarter past two before
        ("22:00-06:00", "2026-10-25T02:15:00+01:00", "25 06:00"),
    ],
)
def test_it_ends_once_in_the_nights_in_which_clocks_are_changed(
    hours: str, now: str, ends: str | None
) -> None:
    assert end(hours, now) == ends


CLOCKS = st.times().map(lambda clock: clock.strftime("%H:%M"))


@given(
    st.tuples(CLOCKS, CLOCKS).filter(lambda both: both[0] != both[1]),
    st.integers(int(1.7e9), int(2e9)),
)
def test_a_rest_ends_within_a_day_and_an_hour(times: tuple[str, str], now: int) -> None:
    ends = end_of_rest("-".join(times), now)
    assert ends is None or now < ends <= now + 25 * 3600
    swapped = end_of_rest("-".join(reversed(times)), now)
    is_changing_clocks = (
        time.localtime(now - 93600).tm_isdst != time.localtime(now + 93600).tm_isdst
    )
    assert is_changing_clocks or (ends is None) != (swapped is None)
