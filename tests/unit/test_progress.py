"""What the snapshot says, decided by pure functions: the state, the percentage, the time left."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.system.invocation import typed
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks.control import Wishes
from pikaraoke_enrichment.tasks.pace_rules import Shut
from pikaraoke_enrichment.tasks.progress import (
    PACE_OVER,
    Pace,
    Rates,
    Situation,
    Waiting,
    going_on,
    named_by,
    percent,
    state_of,
    time_left,
)
from pikaraoke_enrichment.words.sentences import sentence
from pikaraoke_enrichment.words.units import rounded

RUN, PAUSE, STOP = Wishes(True, False), Wishes(True, True), Wishes(False, False)
LASTFM = ("lastfm", Shut(30.0, Said("no connection"), "open"))
ITUNES = ("itunes", Shut(7.0, Said("too many requests"), "limited"))


def situation(
    wishes: Wishes = RUN, *shut: tuple[str, Shut], alive: bool = True, **values: Any
) -> Situation:
    return Situation(
        **{"alive": alive, "wishes": wishes, "remaining": 5, "shut": shut, "usable": 2}
        | {"run_again": typed("run")}
        | values
    )


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (situation(), "running"),
        (situation(remaining=0), "running"),
        (situation(RUN, LASTFM), "running"),
        (situation(RUN, LASTFM, ITUNES), "waiting"),
        (situation(RUN, LASTFM, ITUNES, remaining=0), "running"),
        (situation(usable=0), "waiting"),
        (situation(PAUSE), "paused"),
        (situation(PAUSE, LASTFM, ITUNES), "paused"),
        (situation(held=True), "paused"),
        (situation(rests_until=100.0), "paused"),
        (situation(RUN, LASTFM, ITUNES, rests_until=100.0), "paused"),
        (situation(STOP, rests_until=100.0), "stopped"),
        (situation(rests_until=100.0, alive=False), "offline"),
        (situation(STOP), "stopped"),
        (situation(Wishes(False, True)), "stopped"),
        (situation(STOP, LASTFM, ITUNES, usable=2), "stopped"),
        (situation(alive=False), "offline"),
        (situation(PAUSE, alive=False), "offline"),
        (situation(STOP, alive=False), "offline"),
        (situation(RUN, LASTFM, ITUNES, alive=False), "offline"),
    ],
)
def test_a_dead_consumer_outweighs_a_wish_and_a_wish_a_provider(now: Situation, state: str) -> None:
    found, said, _ = state_of(now)
    assert found == state
    assert (said.code == "running") == (state == "running"), "whatever does not run says why"


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (RUN, f"No consumer is running: start {typed('run')}"),
        (Wishes(False, False, decided=False), f"No consumer is running: start {typed('run')}"),
        (PAUSE, "No consumer is running, and the next one begins paused"),
        (
            Wishes(False, True, decided=False),
            "No consumer is running, and the next one begins paus",
        ),
        (STOP, "No consumer is running, and the next one begins stopped"),
        (Wishes(False, True), "No consumer is running, and the next one begins stopped"),
    ],
)
def test_without_a_consumer_it_is_said_what_the_next_one_does(wishes: Wishes, words: str) -> None:
    assert sentence(state_of(situation(wishes, alive=False))[1]).startswith(words)


def test_waiting_names_the_provider_that_opens_first_and_when() -> None:
    state, said, seconds = state_of(situation(RUN, LASTFM, ITUNES))
    assert (state, sentence(said), seconds) == ("waiting", "iTunes: too many requests", 7.0)


def test_a_rest_says_when_it_ends_and_a_persons_pause_outweighs_it() -> None:
    until = datetime(2026, 11, 23, 6, 0).timestamp()
    resting = {"rests_until": until, "now": until - 90.0}
    said = Said("quiet_hours", until=until)
    assert sentence(said) == "Paused until 06:00: quiet hours"
    assert state_of(situation(**resting)) == ("paused", said, 90.0)
    assert state_of(situation(held=True, **resting)) == ("paused", said, 90.0)
    assert state_of(situation(PAUSE, **resting))[1:] == state_of(situation(PAUSE))[1:]


@pytest.mark.parametrize(
    ("processed", "total", "share"),
    [(0, 0, 100.0), (0, 3, 0.0), (1, 3, 33.3), (3, 3, 100.0), (2, 3, 66.7)],
)
def test_percent_has_one_decimal_and_an_empty_library_is_done(
    processed: int, total: int, share: float
) -> None:
    assert percent(processed, total) == share


def test_it_is_never_all_done_while_a_look_up_is_open() -> None:
    assert percent(3, 3, 1) == 99.9
    assert percent(1, 3, 2) == 33.3


# --- time left ------------------------------------------------------------------------------------


def test_nothing_waits_no_time_is_left() -> None:
    assert time_left(Waiting(0, 0), Rates()) == 0.0


def test_time_is_unknown_without_a_pace() -> None:
    assert time_left(Waiting(10, 0), Rates(second=1.0)) is None
    assert time_left(Waiting(0, 10), Rates(first=5.0)) is None
    assert time_left(Waiting(10, 0), Rates(first=5.0, to_second=1.0)) is None


def test_one_kind_of_look_takes_its_own_time() -> None:
    assert time_left(Waiting(100, 0), Rates(first=5.0)) == 20.0
    assert time_left(Waiting(0, 9), Rates(second=0.9)) == pytest.approx(10.0)
    assert time_left(Waiting(0, 0, 9), Rates(second=5.0, third=0.9)) == pytest.approx(10.0)


def test_slower_services_are_asked_beside_the_first_looks() -> None:
    rates = Rates(first=5.0, second=1.0, third=0.5, to_second=25.0, to_third=5.0)
    assert time_left(Waiting(50, 50), rates) == pytest.approx((50 + 25) / 1.0)
    assert time_left(Waiting(50, 50, 40), rates) == pytest.approx((40 + 5) / 0.5)


def test_a_single_worker_does_one_after_the_other() -> None:
    rates = Rates(5.0, 1.0, 0.5, 25.0, 5.0, is_parallel=False)
    assert time_left(Waiting(50, 50, 1), rates) == pytest.approx(50 / 5 + (50 + 25) / 1 + 6 / 0.5)


def test_of_songs_to_come_as_many_go_on_as_are_expected_and_seen() -> None:
    """Those that nobody knows come last: the first hundred went on seldom, as 16 of 96 would."""
    assert going_on(ahead=96, done=0, gone_on=0, share=0.25) == 24.0
    assert going_on(ahead=16, done=80, gone_on=4, share=0.2) == pytest.approx(15.2)
    assert going_on(ahead=100, done=1000, gone_on=500, share=0.2) == pytest.approx(49.4, abs=0.1)
    assert going_on(ahead=0, done=96, gone_on=4, share=0.2) == 0.0


@given(
    first=st.integers(0, 10**6),
    second=st.integers(0, 10**6),
    paces=st.tuples(*[st.floats(0, 100)] * 3),
)
def test_time_left_is_never_negative(
    first: int, second: int, paces: tuple[float, float, float]
) -> None:
    left = time_left(Waiting(first, second), Rates(*paces))
    assert left is None or left >= 0.0
    assert (left == 0.0) == (not first and not second) or left is None or left < 1e-300


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(20, "1 min"), (151, "3 min"), (24 * 60, "25 min"), (31 * 60, "30 min"), (3600, "1 h"),
     (5400, "1 to 2 h"), (3 * 3600, "3 to 4 h"), (12 * 3600 + 99, "12 h")],
)  # fmt: skip
def test_a_time_that_nobody_knows_to_the_second_is_rounded(seconds: float, words: str) -> None:
    assert rounded(seconds) == words


# --- the pace -------------------------------------------------------------------------------------


def test_without_a_look_back_the_pace_is_what_is_expected() -> None:
    pace = Pace()
    assert pace.per_second(2.0) == pytest.approx(2.0)
    pace.note(10, 100.0)
    assert pace.per_second(2.0) == pytest.approx(2.0)
    pace.note(10, 200.0)
    assert pace.per_second(2.0) == pytest.approx(2.0)
    assert pace.per_second(0.0) == 0.0, "of who asks nobody nothing is expected"


def test_a_steady_pace_is_found_whatever_was_expected() -> None:
    pace = Pace()
    for second in range(200):
        pace.note(second * 3, float(second))
    assert pace.per_second(1.0) == pytest.approx(3.0, rel=0.11)
    assert pace.per_second(10.0) == pytest.approx(3.0, rel=0.05)


def test_a_first_song_long_after_the_last_look_makes_no_hours_of_minutes() -> None:
    """An idle consumer looks once a minute: thirty songs that came then were told as two hours."""
    pace = Pace()
    pace.note(0, 0.0)
    pace.note(1, 60.0)
    assert 30 / pace.per_second(2.6) < 120


def test_idle_time_before_the_work_is_no_work() -> None:
    pace = Pace()
    for second in range(30):
        pace.note(0, float(second))
    for second in range(1, 6):
        pace.note(second * 5, 29.0 + second)
    assert pace.per_second(5.0) == pytest.approx(5.0)


def test_the_pace_forgets_what_was_long_ago() -> None:
    pace = Pace()
    for second in range(100):
        pace.note(second * 10, float(second))
    for second in range(100, 100 + 2 * int(PACE_OVER)):
        pace.note(990 + second - 99, float(second))
    assert pace.per_second(1.0) == pytest.approx(1.0, rel=0.05)


def test_a_total_that_was_set_back_tells_nothing() -> None:
    pace = Pace()
    pace.note(1000, 0.0)
    pace.note(3, 1.0)
    assert pace.per_second(2.0) == pytest.approx(2.0)


@given(st.lists(st.tuples(st.just(0.0) | st.floats(0.001, 100), st.integers(0, 50)), max_size=50))
def test_any_history_gives_a_finite_pace(steps: list[tuple[float, int]]) -> None:
    pace, now, total = Pace(), 0.0, 0
    for pause, done in steps:
        now, total = now + pause, total + done
        pace.note(total, now)
        assert 0.0 < pace.per_second(1.0) < float("inf")


@pytest.mark.parametrize(
    ("sources", "name"),
    [
        ("", ""),
        ("{}", ""),
        ('{"title": "lastfm", "artist": "itunes"}', "Last.fm"),
        ('{"artist": "itunes"}', "iTunes"),
        ('{"title": "person"}', "person"),
    ],
)
def test_a_songs_source_is_named_for_people(sources: str, name: str) -> None:
    assert named_by(sources) == name
