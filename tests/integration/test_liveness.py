"""Who lives: a lock that death releases, whatever kind of death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from polling import wait_until

from pikaraoke_enrichment.tasks.queue.liveness import Presence

LIVE = """
import sys
from pikaraoke_enrichment.tasks.queue.liveness import Presence
presence = Presence(sys.argv[1])
print(presence.enter(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def queue(tmp_path: Path) -> str:
    return str(tmp_path / "queue.db")


def another(queue: str) -> tuple[subprocess.Popen[str], str]:
    """A consumer in a process of its own, and its name."""
    process = subprocess.Popen(
        [sys.executable, "-c", LIVE, queue],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_nobody_lives_where_nobody_ever_was(queue: str) -> None:
    assert Presence(queue).alive() == set()
    assert not Path(f"{queue}.consumers").exists(), "to ask leaves nothing behind"


def test_who_enters_lives_and_who_leaves_does_not(queue: str) -> None:
    mine, looker = Presence(queue), Presence(queue)
    name = mine.enter()
    assert mine.name == name
    assert looker.alive() == mine.alive() == {name}
    mine.leave()
    assert looker.alive() == set()
    mine.leave()  # twice does no harm


def test_consumers_of_one_queue_see_each_other_and_no_others(queue: str, tmp_path: Path) -> None:
    first, second, stranger = Presence(queue), Presence(queue), Presence(str(tmp_path / "other.db"))
    names = {first.enter(), second.enter()}
    stranger.enter()
    assert len(names) == 2
    assert first.alive() == names
    first.leave()
    assert second.alive() == {second.name}
    second.leave()
    stranger.leave()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_a_consumer_that_is_killed_is_dead_at_once(queue: str, how: signal.Signals) -> None:
    process, name = another(queue)
    looker = Presence(queue)
    assert looker.alive() == {name}
    os.kill(process.pid, how)
    process.wait(10)
    wait_until(lambda: name not in looker.alive())
    assert list(Path(f"{queue}.consumers").iterdir()) == [], "and nothing of it is left"
    process.communicate()


def test_a_consumer_that_is_stopped_by_the_system_still_lives(queue: str) -> None:
    """A suspended laptop is no dead consumer: nobody takes its songs."""
    process, name = another(queue)
    os.kill(process.pid, signal.SIGSTOP)
    assert Presence(queue).alive() == {name}
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=10)


def test_many_that_look_while_many_come_and_go_take_nobody_for_dead(queue: str) -> None:
    """Whoever looks holds a dead one's lock for a moment: nobody who lives may lose by it."""
    steady = Presence(queue)
    name = steady.enter()
    stop, missed, failed = threading.Event(), [], []

    def look() -> None:
        looker = Presence(queue)
        try:
            while not stop.is_set():
                if name not in looker.alive():
                    missed.append(1)
        except Exception as error:
            failed.append(error)

    def come_and_go() -> None:
        try:
            for _ in range(40):
                guest = Presence(queue)
                if guest.enter() not in guest.alive():
                    missed.append(2)
                guest.leave()
        except Exception as error:
            failed.append(error)

    lookers = [threading.Thread(target=look) for _ in range(3)]
    guests = [threading.Thread(target=come_and_go) for _ in range(3)]
    for thread in (*lookers, *guests):
        thread.start()
    for thread in guests:
        thread.join(30)
    stop.set()
    for thread in lookers:
        thread.join(30)
    assert (failed, missed) == ([], [])
    assert steady.alive() == {name}
    steady.leave()


def test_a_folder_of_locks_that_is_deleted_is_made_anew(queue: str) -> None:
    mine = Presence(queue)
    mine.enter()
    mine.leave()
    Path(f"{queue}.consumers").rmdir()
    again = Presence(queue)
    assert again.alive() == set()
    assert again.enter() in again.alive()
    again.leave()
