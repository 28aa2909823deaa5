"""Told to end, or killed, at any moment: no claims, no orphans, nothing lost."""

from __future__ import annotations

import os
import random
import signal
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from polling import wait_until
from processes import Command, claims, count, query

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Song
from pikaraoke_enrichment.demo.server import ApiServer

# A song under way may take its requests' time; without latency that is next to nothing.
SOON = 10.0

Make: TypeAlias = Callable[[int], tuple[Song, ...]]
Start: TypeAlias = Callable[..., Command]


def let_pass(seconds: float) -> None:
    end = time.monotonic() + seconds
    wait_until(lambda: time.monotonic() >= end)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_consumer_ends_cleanly_at_random_moments(
    settings: config.Settings,
    api: ApiServer,
    made: Make,
    command: Start,
    signum: int,
) -> None:
    made(300)
    api.latency = 0.15
    dice = random.Random(signum)
    for _ in range(3):
        before = count(settings)
        consumer = command("run", "--no-dashboard")
        wait_until(lambda before=before: count(settings) > before)
        let_pass(dice.uniform(0, 0.3))
        consumer.send(signum)
        assert consumer.wait(SOON) == 0
        assert claims(settings) == 0
        assert not consumer.children()
        assert "Traceback" not in consumer.said
    assert query(settings, "SELECT count(*) FROM songs") == [(300,)]
    waiting = query(settings, "SELECT count(*) FROM enrichment_queue")[0][0]
    assert waiting >= 300 - count(settings), "what is not done stands in the queue"
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


def test_a_consumer_that_waits_for_an_answer_ends_within_the_requests_time(
    settings: config.Settings,
    api: ApiServer,
    made: Make,
    command: Start,
) -> None:
    made(20)
    api.fail("*", "hang")
    consumer = command("run", "--no-dashboard")
    wait_until(lambda: api.requests)
    before = time.monotonic()
    consumer.send(signal.SIGTERM)
    assert consumer.wait(30) == 0
    assert time.monotonic() - before < 21
    assert claims(settings) == 0
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


def test_told_to_end_before_it_has_begun(
    settings: config.Settings,
    made: Make,
    command: Start,
) -> None:
    """While modules are read, the folder is scanned, the consumer starts."""
    made(300)
    folder = str(Path(settings.db).with_name("songs"))
    ends = []
    for moment in (0.6, 1.0, 1.5, 2.2):
        job = command("run", folder, "--port", "0")
        let_pass(moment)
        job.send(signal.SIGTERM)
        ends.append(job.wait(SOON))
        wait_until(lambda job=job: not job.children(), 5)
        assert claims(settings) == 0
    # Before Python has read our first modules nobody can say how to end.
    assert set(ends) <= {0, -signal.SIGTERM, -signal.SIGINT}
    assert ends[-1] == 0
    assert query(settings, "PRAGMA integrity_check") == [("ok",)]


def test_told_to_end_while_the_folder_is_scanned_it_says_so(
    settings: config.Settings,
    made: Make,
    command: Start,
) -> None:
    """Ctrl-C in the first minute over a large stick: it ended without a word."""
    made(5)
    folder = Path(settings.db).with_name("songs")
    (folder / "A New One - Song.mp4").touch()
    with closing(sqlite3.connect(settings.db)) as another:
        another.execute("BEGIN IMMEDIATE")  # the scan waits for it
        job = command("run", str(folder), "--no-dashboard")
        wait_until(lambda: any(b"scan" in _words_of(pid) for pid in job.children()))
        job.send(signal.SIGINT)
    assert job.wait(SOON) == 0, "as Ctrl-C ends a run at any other time"
    assert "Ended before the folder was scanned to its end" in job.said
    assert not job.children()


def _words_of(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:  # it has just ended
        return []


def test_wishes_are_heard_by_all_and_outlive_kills_and_nobody_being_there(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    made(200)
    api.latency = 0.05
    own = replace(settings, providers=("lastfm",))  # a request a song: some are left
    consumers = [command("run", "--no-dashboard", own=own) for _ in range(2)]
    wait_until(lambda: count(settings) > 5)
    assert command("pause").wait() == 0
    let_pass(1.0)
    wait_until(lambda: claims(settings) == 0)
    asked = api.count()
    for consumer in consumers:
        consumer.send(signal.SIGKILL)
        consumer.wait()
    consumer = command("run", "--no-dashboard", own=own)
    wait_until(lambda: "starts" in consumer.said)
    let_pass(1.5)
    assert api.count() == asked, "still paused"
    assert command("resume").wait() == 0
    wait_until(lambda: api.count() > asked)
    consumer.send(signal.SIGKILL)
    consumer.wait()
    assert command("stop").wait() == 0, "nobody is there to hear it"
    asked = api.count()
    consumer = command("run", "--no-dashboard", own=own)
    wait_until(lambda: "starts" in consumer.said)
    let_pass(1.5)
    assert api.count() == asked, "stopped"
    assert command("start").wait() == 0
    wait_until(lambda: count(settings) == 200)
    assert consumer.end() == 0


def test_killed_it_leaves_no_dashboard_behind(
    made: Make,
    command: Start,
) -> None:
    made(5)
    job = command("run", "--port", "0")
    wait_until(lambda: "Dashboard:" in job.said)
    assert job.children()
    job.send(signal.SIGKILL)
    job.wait()
    wait_until(lambda: not job.children(), 5)


def test_a_dashboard_that_is_killed_is_started_anew(
    settings: config.Settings,
    api: ApiServer,
    made: Make,
    command: Start,
) -> None:
    """The first that a Pi short of memory kills."""
    made(5)
    api.latency = 0.1
    job = command("run", "--port", "0")
    wait_until(lambda: "Dashboard:" in job.said)
    for pid in job.children():
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: job.said.count("Dashboard:") == 2)
    wait_until(lambda: count(settings) == 5)
    assert job.end() == 0
    assert not job.children()


def test_the_whole_job_ends_with_its_dashboard(
    made: Make,
    command: Start,
) -> None:
    made(5)
    job = command("run", "--port", "0")
    wait_until(lambda: "Dashboard:" in job.said)
    assert job.end() == 0
    assert not job.children()
    assert "5 songs:" in job.said, "its last words say how it stands"


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_dashboard_ends_cleanly(
    made: Make,
    command: Start,
    signum: int,
) -> None:
    made(5)
    dashboard = command("dashboard", "--port", "0")
    wait_until(lambda: "Dashboard:" in dashboard.said)
    port = int(dashboard.said.split("localhost:")[1].split("/")[0])
    with socket.create_connection(("localhost", port)):  # a visitor who says nothing
        dashboard.send(signum)
        assert dashboard.wait(SOON) == 0
    assert "Traceback" not in dashboard.said


def test_a_dashboard_whose_run_ends_while_it_starts_tells_no_address(command: Start) -> None:
    dashboard = command("dashboard", "--port", "0", "--until-stdin-closes")  # it holds no pipe
    assert (dashboard.wait(), dashboard.said) == (0, "")


def test_a_demonstration_ends_with_all_that_it_started(
    tmp_path: Path, settings: config.Settings, command: Start
) -> None:
    demo = command("demo", own=replace(settings, port=0), TMPDIR=str(tmp_path))
    wait_until(lambda: "Dashboard:" in demo.said)
    assert demo.end() == 0
    assert not demo.children()
    assert "token: give it on the settings page\n" in demo.said, "a command sets the host's own"
    assert not list(tmp_path.glob("pikaraoke-enrichment-demo-*"))


EARLY = """
import sys
from pikaraoke_enrichment import cli
from pikaraoke_enrichment.tasks import consumer
start = consumer.EnrichmentConsumer.start
def start_when_told_to_end(self):
    self.stop(graceful=True)
    start(self)
consumer.EnrichmentConsumer.start = start_when_told_to_end
sys.exit(cli.main(["run", "--no-dashboard", "--until-done"]))
"""


def test_nothing_to_do_that_is_found_before_the_workers_start_ends_quietly(
    made: Make, command: Start
) -> None:
    """A traceback: "cannot join thread before it is started"."""
    made(1)
    consumer = command("-c", EARLY)
    assert consumer.wait(SOON) == 0
    assert "Traceback" not in consumer.said


@pytest.mark.parametrize(
    "words",
    [("enqueue", "1", "2", "3"), ("requeue", "--all"), ("scan",)],
    ids=lambda words: words[0],
)
def test_a_command_killed_half_way_loses_nothing(
    settings: config.Settings,
    made: Make,
    command: Start,
    words: tuple[str, ...],
) -> None:
    made(200)
    folder = Path(settings.db).with_name("songs")
    before = query(settings, "SELECT id, file_path FROM songs ORDER BY id")
    if words == ("scan",):
        words = ("scan", str(folder))
        for name in ("New One - Song.mp4", "New Two - Song.mp4"):
            (folder / name).touch()
    for moment in (0.35, 0.5, 0.65, 0.8):
        job = command(*words)
        let_pass(moment)
        job.send(signal.SIGKILL)
        job.wait()
        assert query(settings, "PRAGMA quick_check") == [("ok",)]
    there = query(settings, "SELECT id, file_path FROM songs ORDER BY id")
    assert there[: len(before)] == before
    assert command(*words).wait() == 0
    consumer = command("run", "--no-dashboard", "--until-done")
    assert consumer.wait(60) == 0
    known = query(settings, "SELECT count(*) FROM songs WHERE metadata_status = 'enriched'")
    assert known == [(200,)]


def test_an_edit_killed_half_way_is_whole_or_was_not_made(
    settings: config.Settings,
    made: Make,
    command: Start,
) -> None:
    made(3)
    for moment in (0.4, 0.5, 0.6, 0.7, 0.9):
        job = command("edit", "1", "--artist", "Somebody", "--title", "Something")
        let_pass(moment)
        if job.process.poll() is None:
            os.kill(job.pid, signal.SIGKILL)
        job.wait()
        found = query(settings, "SELECT artist, title, metadata_status FROM songs WHERE id = 1")
        changes = query(settings, "SELECT count(*) FROM enrichment_change WHERE song_id = 1")[0][0]
        made_it = found == [("Somebody", "Something", "manual")]
        assert made_it == bool(changes)
