"""Commands of ours as processes beside this one: kept there, ended."""

from __future__ import annotations

import os
import signal
import subprocess
from functools import partial

import pytest
from polling import wait_until

from pikaraoke_enrichment import config
from pikaraoke_enrichment.system import child
from pikaraoke_enrichment.system.child import Child, Keeper


@pytest.fixture
def environment(settings: config.Settings) -> dict[str, str]:
    return settings.whole_environment()


def sleeper(environment: dict[str, str]) -> Child:
    """A child that lives as long as we hold its pipe: names come from nowhere."""
    return Child("parse", environment=environment, stdin=subprocess.PIPE)


def test_a_childs_end_is_told(environment: dict[str, str]) -> None:
    one = sleeper(environment)
    assert one.is_alive()
    one.end()
    assert one.wait(30) == 0
    assert not one.is_alive()
    one.end()


def test_a_killed_child_comes_back_until_its_keeper_ends(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "FIRST_REST", 0.01)
    made: list[Child] = []

    def make() -> Child:
        made.append(sleeper(environment))
        return made[-1]

    keeper = Keeper("sleeper", make, lambda status: status < 0)
    keeper.start()
    wait_until(lambda: made)
    os.kill(made[0].pid, signal.SIGKILL)
    wait_until(lambda: len(made) == 2)
    keeper.end(kill_after=30)
    keeper.join(30)
    assert (len(made), made[1].is_alive()) == (2, False)


def test_a_child_that_ends_by_itself_stays_away(environment: dict[str, str]) -> None:
    keeper = Keeper(
        "reader",
        partial(Child, "parse", "x", environment=environment, stdout=subprocess.DEVNULL),
        lambda status: status < 0,
    )
    keeper.start()
    keeper.join(30)
    assert not keeper.is_alive()


def test_a_child_that_cannot_be_made_is_tried_again(
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There may be no memory for another process in this moment."""
    monkeypatch.setattr(child, "FIRST_REST", 0.01)
    tries: list[int] = []

    def make() -> Child:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("no memory")
        return Child("parse", "x", environment=environment, stdout=subprocess.DEVNULL)

    keeper = Keeper("reader", make, lambda status: status < 0)
    keeper.start()
    keeper.join(30)
    assert len(tries) == 2
    assert "The reader cannot be started now: no memory" in caplog.text
