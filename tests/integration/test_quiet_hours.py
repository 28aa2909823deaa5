"""Quiet hours are obeyed like a pause, end by themselves, and are named where a state is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from polling import wait_until
from processes import Command

from pikaraoke_enrichment import config
from pikaraoke_enrichment.tasks import control, enrich, progress, runtime
from pikaraoke_enrichment.web import create_app
from pikaraoke_enrichment.web.wording import describe


def clock(hours: float) -> str:
    return time.strftime("%H:%M", time.localtime(time.time() + hours * 3600))


def resting(settings: config.Settings) -> config.Settings:
    return replace(settings, quiet_hours=f"{clock(-1)}-{clock(2)}")


@pytest.fixture
def now(library: runtime.Runtime) -> runtime.Runtime:
    control.start()
    return library


def test_nothing_is_taken_up_in_quiet_hours_and_again_after_them(now: runtime.Runtime) -> None:
    assert enrich.may_work()
    open_settings = now.settings
    now.settings = resting(open_settings)
    assert not enrich.may_work()
    now.settings = replace(open_settings, quiet_hours=f"{clock(2)}-{clock(4)}")
    assert enrich.may_work()


def test_pages_say_until_when_and_offer_a_pause_of_ones_own(now: runtime.Runtime) -> None:
    now.settings = resting(now.settings)
    snapshot = progress.compose(now)
    until = time.strftime("%H:%M", time.localtime(snapshot["rests_until"]))
    assert (snapshot["state"], snapshot["held"]) == ("paused", True)
    assert snapshot["reason"] == f"Paused until {until}: quiet hours"
    assert snapshot["retry_at"] == pytest.approx(snapshot["rests_until"], abs=1)
    with create_app(now.settings).app_context():
        words = describe(snapshot)
        assert words["status"] == snapshot["reason"]
        assert words["primary"]["action"] == "pause", "Resume would not help"
        control.pause()
        words = describe(progress.compose(now))
    assert (words["status"], words["primary"]["action"]) == ("Paused", "resume")


def test_the_command_obeys_and_its_status_says_why(
    made: Callable[[int], object], command: Callable[..., Command], settings: config.Settings
) -> None:
    made(3)
    quiet = resting(settings)
    until = quiet.quiet_hours.partition("-")[2]
    running = command("run", "--no-dashboard", own=quiet)
    wait_until(lambda: f"Paused until {until}: quiet hours" in running.said)
    asked = command("status", own=quiet)
    assert asked.wait() == 0
    assert f"0/3 (0.0%)  enriched 0  not found 0  Paused until {until}: quiet hours" in asked.said
    assert running.end() == 0
