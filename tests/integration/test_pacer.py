"""The gate before a provider, with real threads, processes and the row that they share."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from polling import wait_until

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import ProviderState
from pikaraoke_enrichment.providers.base import REFUSED, Health, RateLimited, Refused, Unavailable
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks import pacing, runtime
from pikaraoke_enrichment.tasks.pace_rules import Shut, next_step
from pikaraoke_enrichment.tasks.pacing import Pacer, at_priority


def in_threads(count: int, work: Callable[[int], Any]) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


@pytest.mark.usefixtures("library")
def test_threads_share_one_evenly_spaced_pace() -> None:
    gate, times = Pacer("lastfm", "Last.fm", 50.0), []

    def ask(_: int) -> None:
        for _ in range(10):
            assert gate.enter() is None
            times.append(time.time())
            gate.leave(None)

    in_threads(4, ask)
    times.sort()
    assert len(times) == 40
    assert times[-1] - times[0] >= 0.98 * 39 / 50, "never faster than the rate"
    assert times[-1] - times[0] <= 5 * 39 / 50, "and not much slower, on a busy machine too"
    assert ProviderState.get_by_id("lastfm").requests == 40


ASK = """
import sys, time
from pikaraoke_enrichment.schema.opening import open_library
from pikaraoke_enrichment.tasks.pacing import Pacer
open_library(sys.argv[1], patience=30)
gate = Pacer("lastfm", "Last.fm", 20.0)
sys.stdin.readline()
for _ in range(15):
    assert gate.enter() is None
    print(time.time(), flush=True)
    gate.leave(None)
"""


def test_two_processes_share_one_evenly_spaced_pace(library: runtime.Runtime) -> None:
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, library.settings.db],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in asking:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=30)[0].split() for process in asking]
    assert [process.returncode for process in asking] == [0, 0]
    assert all(len(words) == 15 for words in told), "both got their turns"
    times = sorted(float(word) for words in told for word in words)
    assert times[-1] - times[0] >= 0.98 * 29 / 20, "together never faster than the rate"


@pytest.mark.usefixtures("library")
def test_an_urgent_request_overtakes_those_that_wait() -> None:
    gate, order = Pacer("lastfm", "Last.fm", 1.0), []
    # The slot is gone: whoever comes within the next second waits.
    assert gate.enter() is None

    def ask(number: int) -> None:
        with at_priority(100 if number == 2 else 0):
            wait_until(lambda: len(gate._line) == number)
            assert gate.enter() is None
            order.append(number)

    in_threads(3, ask)
    assert order == [2, 0, 1], "the urgent one first, then as they came"


@pytest.mark.usefixtures("library")
def test_an_urgent_request_is_not_urgent_for_the_next_song_of_its_thread() -> None:
    with at_priority(100):
        pass
    assert pacing._urgency.get() == 0


@pytest.mark.usefixtures("library")
def test_an_outage_shuts_every_gate_and_one_probe_opens_them() -> None:
    ours, theirs = Pacer("lastfm", "Last.fm", 1000.0), Pacer("lastfm", "Last.fm", 1000.0)
    for gate in (ours, theirs, ours):
        assert gate.enter() is None
        gate.leave(Unavailable(Said("no connection")))
    assert ours.enter() == theirs.enter() == Unavailable(Said("no connection"))
    assert not pacing.any_open(["lastfm"])
    assert pacing.any_open(["lastfm", "itunes"])
    ProviderState.update(open_until=time.time() - 1).execute()
    assert theirs.enter() is None
    assert isinstance(ours.enter(), Unavailable), "only one probe"
    theirs.leave(None)
    assert ours.enter() is None


@pytest.mark.usefixtures("library")
def test_only_one_of_many_threads_probes() -> None:
    gate = Pacer("lastfm", "Last.fm", 1000.0)
    row = {"health": "open", "failures": 3, "open_until": time.time() - 1}
    ProviderState.update(**row).execute()
    answers: list[object] = []
    in_threads(8, lambda _: answers.append(gate.enter()))
    assert answers.count(None) == 1


@pytest.mark.usefixtures("library")
def test_a_refusal_for_speed_holds_everyone_for_as_long_as_it_says() -> None:
    ours, theirs = Pacer("itunes", "iTunes", 1000.0), Pacer("itunes", "iTunes", 1000.0)
    assert ours.enter() is None
    assert ours.enter() is None
    ours.leave(RateLimited(60.0, Said("too many requests")))
    ours.leave(None)  # another thread's, under way when the refusal came
    blocked = theirs.enter()
    assert isinstance(blocked, RateLimited)
    assert 50 < blocked.retry_after <= 66
    assert blocked.reason == Said("too many requests")


@pytest.mark.usefixtures("library")
def test_who_waits_in_line_outlasts_a_server_that_is_busy_for_a_moment() -> None:
    ours, theirs = (Pacer("musicbrainz", "MusicBrainz", 1000.0) for _ in range(2))
    assert ours.enter() is None
    assert ours.leave(RateLimited(0.2, Said("busy"))), "it may ask the same again"
    began = time.monotonic()
    assert theirs.enter() is None, "and others wait"
    assert 0.2 < time.monotonic() - began < 5.0
    assert theirs.leave(None) is False
    for _ in range(4):
        assert ours.enter() is None
        is_momentary = ours.leave(RateLimited(0.2, Said("busy")))
    assert not is_momentary, "the fourth in a row"
    assert isinstance(theirs.enter(), RateLimited)


@pytest.mark.usefixtures("library")
def test_a_bad_key_is_said_to_everyone_who_asks() -> None:
    gate = Pacer("lastfm", "Last.fm", 1000.0)
    assert gate.enter() is None
    gate.leave(Refused(Said("the key is not valid")))
    assert gate.enter() == Refused(Said("the key is not valid"))


@pytest.mark.usefixtures("library")
def test_a_wait_ends_when_the_worker_is_told_to_stop() -> None:
    stopping = threading.Event()
    gate = Pacer("lastfm", "Last.fm", 0.01, stopping.is_set)
    assert gate.enter() is None
    answers: list[object] = []
    waiting = threading.Thread(target=lambda: answers.append(gate.enter()))
    waiting.start()
    stopping.set()
    waiting.join(3)
    assert answers == [Unavailable(Said("stopping"))]


@pytest.mark.usefixtures("library")
def test_answers_cost_no_write_while_all_is_well() -> None:
    gate = Pacer("lastfm", "Last.fm", 1000.0)
    for _ in range(3):
        assert gate.enter() is None
        before = pacing.read("lastfm")
        gate.leave(None)
        assert pacing.read("lastfm") == before


@pytest.mark.usefixtures("library")
def test_a_request_that_goes_out_late_moves_the_next_slot(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1_790_000_000.0]
    monkeypatch.setattr(database.obj, "now", lambda: clock[0])
    gate = Pacer("lastfm", "Last.fm", 5.0)
    assert gate.enter() is None
    before = pacing.read("lastfm").next_at
    clock[0] += 0.1
    gate.sent()
    moved = before + 0.1 - pacing.LEEWAY
    assert pacing.read("lastfm").next_at == pytest.approx(moved, abs=1e-5)
    clock[0] += 0.05
    gate.sent()
    moved += 0.05 - pacing.LEEWAY
    assert pacing.read("lastfm").next_at == pytest.approx(moved, abs=1e-5)


@pytest.mark.usefixtures("library")
def test_a_request_whose_next_slot_is_taken_waits_for_another() -> None:
    """Its host's name took so long to be resolved that the next one, whose connection was open,
    was on its way: both went out within the same second."""
    ours, theirs = Pacer("listenbrainz", "ListenBrainz", 4.0), Pacer("listenbrainz", "…", 4.0)
    assert ours.enter() is None
    assert theirs.enter() is None
    theirs_at = time.monotonic()
    theirs.sent()
    ours.sent()
    assert time.monotonic() - theirs_at >= 0.2


@pytest.mark.usefixtures("library")
def test_a_request_that_waits_for_another_slot_is_counted_once() -> None:
    ours, theirs = Pacer("lastfm", "Last.fm", 20.0), Pacer("lastfm", "Last.fm", 20.0)
    assert ours.enter() is None
    assert theirs.enter() is None
    before = pacing.read("lastfm")
    ours.sent()
    after = pacing.read("lastfm")
    assert after.next_at > before.next_at, "another slot was taken"
    assert after.requests == before.requests == 2


@pytest.mark.usefixtures("library")
def test_requests_that_are_all_late_go_out_one_after_the_other() -> None:
    """Four threads connect at once, each for a second."""
    connected, began, out = threading.Barrier(4), [], []

    def ask(_: int) -> None:
        gate = Pacer("lastfm", "Last.fm", 10.0)
        assert gate.enter() is None
        connected.wait(30)
        began.append(time.monotonic())
        gate.sent()
        out.append(time.monotonic())

    in_threads(4, ask)
    assert max(out) - min(began) >= 0.25, "and not all at once"


@pytest.mark.usefixtures("library")
def test_a_late_request_moves_no_slot_of_others_while_the_provider_is_shut() -> None:
    ours, theirs = Pacer("lastfm", "Last.fm", 50.0), Pacer("lastfm", "Last.fm", 50.0)
    assert ours.enter() is None
    assert theirs.enter() is None
    theirs.leave(RateLimited(60.0, Said("too many requests")))
    before = pacing.read("lastfm")
    began = time.monotonic()
    ours.sent()
    assert time.monotonic() - began < 30, "it was let out before"
    assert pacing.read("lastfm") == before


@pytest.mark.usefixtures("library")
def test_a_report_gives_back_no_slot_that_was_taken_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a server another machine takes it between our reading the row and our writing it."""
    gate = Pacer("lastfm", "Last.fm", 5.0)
    assert gate.enter() is None
    after = pacing.after

    def meanwhile(*about: Any) -> Health:
        ProviderState.update(next_at=ProviderState.next_at + 1.0, requests=7).execute()
        return after(*about)

    monkeypatch.setattr(pacing, "after", meanwhile)
    before = pacing.read("lastfm")
    gate.leave(Unavailable(Said("no connection")))
    now = pacing.read("lastfm")
    assert (now.next_at, now.requests, now.failures) == (before.next_at + 1.0, 7, 1)


@pytest.mark.usefixtures("library")
def test_the_row_of_a_shut_provider_is_not_touched_by_those_who_ask() -> None:
    gate = Pacer("lastfm", "Last.fm", 5.0)
    ProviderState.update(health="open", open_until=time.time() + 60, reason="down").execute()
    before = pacing.read("lastfm")
    assert isinstance(next_step(before, 5.0, time.time()), Shut)
    assert gate.enter() == Unavailable(Said("down"))
    assert pacing.read("lastfm") == before


@pytest.mark.usefixtures("library")
def test_each_internet_connection_has_a_pace_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "_address", "")  # as it is put back afterwards
    everywhere = pacing.read("lastfm")
    for address in ("here", "there"):
        pacing.ask_from(address)
        gate = Pacer("lastfm", "Last.fm", 0.001)
        assert gate.enter() is None, "its first slot is free, whoever asks elsewhere"
        assert pacing.seconds_shut("lastfm") == 0.0
    gate.leave(Refused(Said("no such key")))
    assert pacing.rows()["lastfm"].health == REFUSED
    pacing.ask_from("here")
    assert pacing.rows()["lastfm"].requests == 1
    assert pacing.seconds_shut("lastfm") == 0.0
    pacing.ask_from("")
    assert pacing.read("lastfm") == everywhere


@pytest.mark.usefixtures("library")
def test_a_clock_that_jumps_lets_no_two_requests_out_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A Pi learned the time from the network: two requests went out 0.117 s apart."""
    gate, times, jump = Pacer("musicbrainz", "MusicBrainz", 2.0), [], 0.0
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + jump)
    for number in range(3):
        assert gate.enter() is None
        gate.sent()
        times.append(time.monotonic())
        gate.leave(None)
        jump = 3600.0 * (number + 1)
    assert min(after - before for before, after in itertools.pairwise(times)) >= 0.44
