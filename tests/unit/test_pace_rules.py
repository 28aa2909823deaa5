"""Pace and health of a provider, decided by pure functions: simulated time, no clock."""

from __future__ import annotations

import heapq
import math
from collections import deque
from dataclasses import asdict, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from polling import most_in_a_second

from pikaraoke_enrichment.models import ProviderState
from pikaraoke_enrichment.providers.base import (
    CLOSED,
    LIMITED,
    OPEN,
    PROBING,
    REFUSED,
    Failure,
    Health,
    RateLimited,
    Refused,
    Unavailable,
)
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks.pace_rules import (
    FAILURES_TO_OPEN,
    HEAD_START,
    HOLD_TIMES,
    LEEWAY,
    LEEWAY_SHARE,
    LONGEST_LIMIT,
    LONGEST_WAIT,
    LOOK_AT_PROBE,
    MARGIN,
    NO_CONTACT,
    PROBE_LEASE,
    REFUSED_AGAIN_AFTER,
    SHORTEST_WAIT,
    SLOWDOWN_HALF_LIFE,
    SLOWER_TIMES,
    SLOWEST,
    Go,
    Shut,
    Wait,
    after,
    next_step,
    shut_for,
    slowdown,
)

NOW = 1_790_000_000.0
DOWN = Unavailable(Said("no connection"))
BUSY = RateLimited(7.0, Said("too many requests"))
BAD_KEY = Refused(Said("the key is not valid"))

RATES = st.floats(0.05, 50.0)


def test_a_row_is_what_the_table_keeps() -> None:
    kept = {each.name: each.default for each in ProviderState._meta.sorted_fields[1:]}
    assert asdict(Health()) == kept


def taken(row: Health, rate: float, now: float) -> Health:
    """The row after a slot that must be free."""
    step = next_step(row, rate, now)
    assert isinstance(step, Go), step
    return step.health


def failed(
    times: int, failure: Failure = DOWN, now: float = NOW, row: Health | None = None
) -> Health:
    """A row after so many failures in a row."""
    row = row or Health()
    for _ in range(times):
        row = after(row, failure, now, 0.5)
    return row


# --- slots ----------------------------------------------------------------------------------------


def test_a_fresh_provider_may_be_asked_at_once_and_then_after_the_interval() -> None:
    row = taken(Health(), 5.0, NOW)
    step = next_step(row, 5.0, NOW)
    assert isinstance(step, Wait)
    early = MARGIN / 5.0 - step.seconds
    assert 0.0 <= early <= 1.1 * HEAD_START, "it is taken a little before it is due"
    following = next_step(row, 5.0, NOW + step.seconds + 1e-6)
    assert isinstance(following, Go)
    assert following.at - NOW == pytest.approx(MARGIN / 5.0)


def test_a_slot_is_taken_no_earlier_than_half_the_way_to_it() -> None:
    row = taken(Health(), 50.0, NOW)
    assert isinstance(next_step(row, 50.0, NOW + 0.4 * MARGIN / 50.0), Wait)
    assert isinstance(next_step(row, 50.0, NOW + 0.6 * MARGIN / 50.0), Go)


def send(
    rate: float, thinking: list[float], start: float = NOW, row: Health | None = None
) -> list[float]:
    """When requests go out: before each there is a pause, and a wait is waited as it was told."""
    row = row or Health()
    now, times = start, []
    for pause in thinking:
        now += pause
        while not isinstance(step := next_step(row, rate, now), Go):
            assert step.seconds > 0
            now += step.seconds + 1e-6
        row, now = step.health, step.at
        times.append(now)
    return times


PAUSES = st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.001, 0.05]) | st.floats(0, 3), max_size=80)


@given(rate=RATES, pauses=PAUSES.filter(bool))
def test_never_more_than_the_rate_in_any_second(rate: float, pauses: list[float]) -> None:
    times = send(rate, pauses)
    assert most_in_a_second(times) <= math.ceil(rate)
    shortest = min((after - before for before, after in pairwise(times)), default=9e9)
    interval = MARGIN / rate
    assert shortest >= interval - 1.1 * max(LEEWAY, LEEWAY_SHARE * interval)


@given(rate=RATES, count=st.integers(2, 200))
def test_whoever_asks_without_a_pause_uses_the_rate(rate: float, count: int) -> None:
    times = send(rate, [0.0] * count)
    assert times[-1] - times[0] <= 1.02 * (count - 1) / rate + 0.001


@given(rate=RATES, idle=st.floats(1, 1e7))
def test_idle_time_saves_up_no_burst(rate: float, idle: float) -> None:
    row = replace(Health(), next_at=NOW - idle)
    assert most_in_a_second(send(rate, [0.0] * 30, row=row)) <= math.ceil(rate)


@given(
    rate=RATES,
    jumps=st.lists(
        st.tuples(st.integers(0, 40), st.floats(-2e9, 2e9) | st.floats(-5, 5)), max_size=4
    ),
)
def test_a_jumping_clock_neither_stalls_nor_bursts(
    rate: float, jumps: list[tuple[int, float]]
) -> None:
    """True time goes on evenly; the clock that the rows hold jumps before some of the requests."""
    row, now, error, times = Health(), NOW, 0.0, []
    for number in range(40):
        error += sum(jump for place, jump in jumps if place == number)
        waited = 0.0
        while not isinstance(step := next_step(row, rate, now + error), Go):
            now += step.seconds + 1e-6
            waited += step.seconds
        assert waited <= 2.1 * MARGIN / rate, "no clock holds the work for longer than two slots"
        row, now = step.health, step.at - error
        times.append(now)
    # A jump forward may make the one slot that waits due at once, and no more.
    assert most_in_a_second(times) <= math.ceil(rate) + len(jumps)


def test_the_clock_of_a_pi_that_wakes_in_1970_gives_way_to_the_real_one() -> None:
    row = taken(Health(), 5.0, 20.0)
    row = after(row, RateLimited(60.0, Said("busy")), 21.0, 0.5)
    assert isinstance(next_step(row, 5.0, NOW), Go), "what was shut in 1970 is open now"
    row = failed(5, BUSY, NOW)
    assert isinstance(next_step(row, 5.0, 20.0), Go), "and nothing stays shut for fifty years"


def test_requests_of_the_day_are_counted_and_begin_anew() -> None:
    row = taken(taken(Health(), 5.0, NOW), 5.0, NOW + 1)
    assert row.requests == 2
    assert taken(row, 5.0, NOW + 86_400).requests == 1


# --- slower after refusals ------------------------------------------------------------------------


def test_a_refusal_for_speed_slows_down_and_is_forgotten() -> None:
    row = after(Health(), RateLimited(60.0, Said("too many requests")), NOW, 0.0)
    held = NOW + 60.0 * HOLD_TIMES
    assert slowdown(row, NOW) == slowdown(row, held) == pytest.approx(SLOWER_TIMES - 1)
    assert slowdown(row, held + SLOWDOWN_HALF_LIFE) == pytest.approx((SLOWER_TIMES - 1) / 2)
    assert slowdown(row, NOW + 36_000) == 0.0
    later = replace(after(row, None, NOW + 68, 0.0), next_at=0.0)
    step = next_step(taken(later, 1.0, NOW + 70), 1.0, NOW + 70)
    assert isinstance(step, Wait)
    assert step.seconds > 1.2, "the pace stays slower once it may be asked again"


def test_a_server_is_asked_more_slowly_once_it_was_busy_four_times_in_a_row() -> None:
    row = Health()
    for number in range(3):
        row = after(row, RateLimited(1.0, Said("busy")), NOW + 8 * number, 0.0)
        assert slowdown(row, NOW) == 0.0, "one in four is busy so, at a kept pace"
    row = after(row, RateLimited(1.0, Said("busy")), NOW + 30, 0.0)
    assert slowdown(row, NOW + 30) == pytest.approx(SLOWER_TIMES - 1)


def test_a_busy_moment_does_not_end_a_slower_pace_early() -> None:
    row = after(Health(), RateLimited(60.0, Said("too many requests")), NOW, 0.0)
    row = after(after(row, None, NOW + 61, 0.0), RateLimited(1.0, Said("busy")), NOW + 62, 0.0)
    assert slowdown(row, NOW + 1000) == pytest.approx(SLOWER_TIMES - 1)


@pytest.mark.parametrize(
    ("rate", "limit", "wait"),
    [(10, 5, 60.0), (20, 5, 60.0), (5, 5, 60.0), (1, 0.33, 120.0), (4, 1, 1.0), (0.9, 1, 1.0)],
)
def test_a_rate_that_is_set_too_high_finds_the_limit_and_keeps_below_it(
    rate: float, limit: float, wait: float
) -> None:
    """Two hours against a provider that refuses what is beyond its limit."""
    row, now, sent, refused_at = Health(), NOW, deque[float](), []
    answered = 0
    while now < NOW + 7200:
        step = next_step(row, rate, now)
        if not isinstance(step, Go):
            now += step.seconds + 1e-3
            continue
        now = step.at
        sent.append(now)
        while sent[0] <= now - max(1.0, 1 / limit) * 0.95:
            sent.popleft()
        too_many = len(sent) > max(1, int(limit))
        refused_at += [now] if too_many else []
        answered += not too_many
        failure = RateLimited(wait, Said("too many requests")) if too_many else None
        row = after(step.health, failure, now + 0.01, 0.5)
    assert answered >= 0.7 * min(rate, limit) * 7200, "and most of the limit is used"
    if rate <= limit:
        assert not refused_at
    elif wait > 10:
        late = [moment for moment in refused_at if moment > NOW + 3600]
        assert len(refused_at) <= 12, "nobody bans for so few"
        assert len(late) <= 4, "it is tried again whether more is allowed by now, seldom"


@given(times=st.integers(1, 100), age=st.floats(-1e10, 1e10))
def test_the_slowdown_has_a_limit_whatever_the_clock(times: int, age: float) -> None:
    assert 0.0 <= slowdown(failed(times, BUSY), NOW + age) <= SLOWEST


# --- health ---------------------------------------------------------------------------------------


def test_a_stumble_is_no_outage() -> None:
    row = failed(FAILURES_TO_OPEN - 1)
    assert row.health == CLOSED
    assert isinstance(next_step(row, 5.0, NOW), Go)


def test_three_failures_in_a_row_shut_the_provider_with_its_reason() -> None:
    shut = next_step(failed(3), 5.0, NOW)
    assert isinstance(shut, Shut)
    assert (shut.health, shut.reason) == (OPEN, Said("no connection"))
    assert 0.8 * SHORTEST_WAIT <= shut.seconds <= SHORTEST_WAIT


def test_an_answer_between_failures_starts_the_count_anew() -> None:
    row = failed(2, row=after(failed(2), None, NOW, 0.5))
    assert row.health == CLOSED


def test_waits_grow_up_to_their_limit() -> None:
    waits = []
    for failures in range(3, 14):
        shut = shut_for(failed(failures), NOW)
        assert shut is not None
        waits.append(shut.seconds)
    assert all(longer >= shorter for shorter, longer in pairwise(waits))
    assert waits[-1] <= LONGEST_WAIT
    assert waits[-1] >= 0.8 * LONGEST_WAIT


@given(failures=st.integers(1, 10_000), jitter=st.floats(0, 1))
def test_no_number_of_failures_breaks_the_arithmetic(failures: int, jitter: float) -> None:
    for failure in (DOWN, BUSY):
        row = after(Health(failures=failures), failure, NOW, jitter)
        assert row.open_until <= NOW + 1.1 * LONGEST_LIMIT


def test_processes_do_not_all_come_back_at_one_moment() -> None:
    row = failed(2)
    assert after(row, DOWN, NOW, 0.0).open_until < after(row, DOWN, NOW, 1.0).open_until


@given(st.floats(0, 1e6), st.floats(0, 1))
def test_a_refusal_for_speed_is_obeyed_as_long_as_it_says(seconds: float, jitter: float) -> None:
    row = after(Health(), RateLimited(seconds, Said("busy")), NOW, jitter)
    shut = shut_for(row, NOW)
    assert shut is not None
    assert shut.health == LIMITED
    assert min(seconds, LONGEST_LIMIT) - 1e-6 <= shut.seconds <= 1.1 * LONGEST_LIMIT + 1e-6


def test_refusals_that_name_no_time_grow_too() -> None:
    first = after(Health(), RateLimited(0.0, Said("busy")), NOW, 0.0)
    assert first.open_until - NOW >= 1.0
    probing = taken(first, 1.0, NOW + 10)
    again = after(probing, RateLimited(0.0, Said("busy")), NOW + 10, 0.0)
    assert again.open_until - NOW - 10 >= 2.0


def test_when_the_wait_is_over_one_probe_goes_alone() -> None:
    row = failed(3)
    probing = taken(row, 5.0, NOW + 10)
    assert probing.health == PROBING
    assert isinstance(next_step(probing, 5.0, NOW + 12), Shut), "nobody else meanwhile"
    assert after(probing, None, NOW + 12, 0.5).health == CLOSED


def test_nobody_waits_for_the_whole_lease_of_a_probe() -> None:
    """Its answer takes a moment; songs that came meanwhile once waited for thirty seconds."""
    probing = taken(failed(3), 5.0, NOW + 10)
    for passed in (0.0, 5.0, PROBE_LEASE - 0.2):
        shut = shut_for(probing, NOW + 10 + passed)
        assert shut is not None
        assert 0 < shut.seconds <= LOOK_AT_PROBE


def test_a_probe_that_fails_shuts_for_longer() -> None:
    first = shut_for(failed(3), NOW)
    probing = taken(failed(3), 5.0, NOW + 10)
    again = shut_for(after(probing, DOWN, NOW + 12, 0.5), NOW + 12)
    assert first is not None
    assert again is not None
    assert again.health == OPEN
    assert again.seconds > first.seconds


def test_a_probe_that_never_reports_gives_way_to_another() -> None:
    probing = taken(failed(3), 5.0, NOW + 10)
    assert isinstance(next_step(probing, 5.0, NOW + 10 + PROBE_LEASE - 1), Shut)
    assert isinstance(next_step(probing, 5.0, NOW + 10 + PROBE_LEASE + 1), Go)


def test_a_bad_key_shuts_at_once_and_says_so() -> None:
    shut = shut_for(after(Health(), BAD_KEY, NOW, 0.5), NOW)
    assert shut is not None
    assert (shut.health, shut.reason) == (REFUSED, BAD_KEY.reason)
    assert shut.seconds == LONGEST_LIMIT
    later = shut_for(after(Health(), BAD_KEY, NOW, 0.5), NOW + LONGEST_LIMIT / 2)
    assert later is not None
    assert later.seconds == LONGEST_LIMIT / 2


def test_who_wants_a_contact_is_asked_no_more_until_that_changes() -> None:
    row = after(Health(), Refused(Said(NO_CONTACT)), NOW, 0.5)
    for passed in (0.0, 2 * LONGEST_LIMIT, 300 * 86_400.0):
        shut = shut_for(row, NOW + passed)
        assert shut is not None
        assert (shut.health, shut.seconds) == (REFUSED, REFUSED_AGAIN_AFTER)


def test_an_answer_heals_and_keeps_the_pace_that_was_learned() -> None:
    row = after(after(Health(), BUSY, NOW, 0.5), None, NOW + 10, 0.5)
    assert (row.health, row.failures, row.reason, row.open_until) == (CLOSED, 0, "", 0.0)
    assert row.answered_at == NOW + 10
    assert slowdown(row, NOW + 10) > 0.2


# --- requests that were under way when the news came ---------------------------------------------


@pytest.mark.parametrize(
    "news", [RateLimited(60.0, BUSY.reason), BAD_KEY], ids=["limited", "refused"]
)
def test_an_answer_to_an_older_request_lifts_no_refusal(news: Failure) -> None:
    row = after(Health(), news, NOW, 0.5)
    late = after(row, None, NOW + 0.3, 0.5)
    shut = shut_for(late, NOW + 0.3)
    assert shut is not None, "it was sent before the refusal: it says nothing about it"
    assert shut.seconds > 50


def test_a_further_refusal_of_an_older_request_is_no_second_one() -> None:
    row = after(Health(), RateLimited(60.0, Said("busy")), NOW, 0.5)
    again = after(row, RateLimited(90.0, Said("busy")), NOW + 0.3, 0.5)
    assert slowdown(again, NOW) == slowdown(row, NOW)
    assert again.failures == row.failures
    assert again.open_until >= NOW + 90, "but the longer wait counts"


@pytest.mark.parametrize(
    "news", [RateLimited(60.0, BUSY.reason), BAD_KEY], ids=["limited", "refused"]
)
def test_a_failure_of_an_older_request_shortens_no_refusal(news: Failure) -> None:
    row = after(Health(failures=4), news, NOW, 0.5)
    shut = shut_for(after(row, DOWN, NOW + 0.3, 0.5), NOW + 0.3)
    assert shut is not None
    assert shut.seconds > 50
    assert shut.health == row.health


# --- a whole outage, simulated --------------------------------------------------------------------


@given(
    rate=st.floats(0.3, 10),
    outage=st.floats(1, 5000),
    threads=st.integers(1, 6),
    latency=st.floats(0.01, 2.0),
)
def test_in_an_outage_few_requests_are_made_and_its_end_is_noticed(
    rate: float, outage: float, threads: int, latency: float
) -> None:
    """Several threads ask without a pause; answers fail until the outage is over."""
    row, asked, closed_at = Health(), 0, None
    # (moment, thread, answered or None to ask)
    events: list[tuple[float, int, bool]] = [(NOW, number, False) for number in range(threads)]
    heapq.heapify(events)
    while closed_at is None:
        now, thread, reports = heapq.heappop(events)
        if reports:
            row = after(row, DOWN if now < NOW + outage else None, now, 0.5)
            if now >= NOW + outage:
                closed_at = now
            heapq.heappush(events, (now, thread, False))
            continue
        step = next_step(row, rate, now)
        if isinstance(step, Go):
            row = step.health
            asked += now < NOW + outage
            heapq.heappush(events, (now + latency, thread, True))
        else:
            heapq.heappush(events, (now + step.seconds + 1e-6, thread, False))
    assert closed_at - (NOW + outage) <= LONGEST_WAIT + 2 * latency + 2 / rate + PROBE_LEASE
    assert asked <= 3 + 2 * threads + 12 + outage / (0.8 * LONGEST_WAIT)
