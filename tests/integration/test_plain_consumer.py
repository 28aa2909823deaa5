"""Huey's own command on our queue: it paces, pauses and recovers as ours does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from folders import folder_of
from polling import wait_until
from processes import query

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.tasks.enrich import scan
from pikaraoke_enrichment.tasks.progress import get_progress

SONGS = made_up_songs(14)
FLAGS = ("-w", "2")


@pytest.fixture
def here(settings: config.Settings, api: ApiServer, tmp_path: Path) -> Iterator[config.Settings]:
    """A scanned library that Last.fm alone is asked about, a request a song."""
    api.catalogue = Catalogue(SONGS)
    folder = folder_of(tmp_path, SONGS)
    runtime.forget()
    mine = replace(settings, providers=("lastfm",))
    runtime.configure(mine)
    scan(folder)
    control.start()
    yield mine
    runtime.forget()
    close_library()


@pytest.fixture
def consume(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts `huey_consumer` with settings and flags; ends what is left of them."""
    started: list[subprocess.Popen[bytes]] = []

    def start(settings: config.Settings, *flags: str) -> subprocess.Popen[bytes]:
        command = Path(sys.executable).with_name("huey_consumer")
        with open(tmp_path / f"consumer-{len(started)}.log", "wb") as log:
            process = subprocess.Popen(
                [sys.executable, str(command), "pikaraoke_enrichment.tasks.huey", *flags],
                env=settings.whole_environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def statuses(settings: config.Settings) -> list[str]:
    return [row[0] for row in query(settings, "SELECT metadata_status FROM songs")]


def all_done(settings: config.Settings) -> bool:
    return set(statuses(settings)) == {"enriched"}


def claims(settings: config.Settings) -> int:
    sql = "SELECT count(*) FROM enrichment_queue WHERE claim IS NOT NULL"
    return int(query(settings, sql)[0][0])


def log_of(tmp_path: Path) -> str:
    return "".join(path.read_text() for path in sorted(tmp_path.glob("consumer-*.log")))


def test_it_enriches_at_the_pace_and_ends_cleanly(
    here: config.Settings,
    consume: Callable[..., subprocess.Popen[bytes]],
    api: ApiServer,
    tmp_path: Path,
) -> None:
    process = consume(replace(here, lastfm_rate=20.0), *FLAGS)
    wait_until(lambda: all_done(here))
    times = sorted(request.at for request in api.requests)
    assert len(times) == len(SONGS), "each song once"
    assert max(sum(at <= other < at + 1.0 for other in times) for at in times) <= 20
    # The first may arrive a few ms after it went out, which shortens the span by as much.
    assert times[-1] - times[0] >= (len(times) - 1) / 20 - 0.02
    wait_until(lambda: get_progress()["remaining"] == 0)
    assert get_progress()["state"] == "running"
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    assert get_progress()["state"] == "offline"
    assert "Traceback" not in log_of(tmp_path)


def test_it_pauses_within_a_second_and_goes_on(
    here: config.Settings,
    consume: Callable[..., subprocess.Popen[bytes]],
    api: ApiServer,
) -> None:
    consume(replace(here, lastfm_rate=10.0), *FLAGS)
    wait_until(lambda: api.requests)
    control.pause()
    paused_at = time.monotonic()
    wait_until(lambda: time.monotonic() > paused_at + 1.3)
    late = [request for request in api.requests if request.at > paused_at + 1.0]
    assert late == []
    assert claims(here) == 0, "what was under way has ended"
    assert not all_done(here), "there is work left to hold"
    assert get_progress()["state"] == "paused"
    control.resume()
    wait_until(lambda: all_done(here))


def test_killed_at_work_it_recovers_at_the_next_start(
    here: config.Settings,
    consume: Callable[..., subprocess.Popen[bytes]],
    api: ApiServer,
) -> None:
    api.latency = 0.1
    process = consume(replace(here, lastfm_rate=15.0), *FLAGS)
    wait_until(lambda: "enriched" in statuses(here))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    assert not all_done(here)
    consume(here, *FLAGS)
    wait_until(lambda: all_done(here), 15)
    assert len(api.requests) <= len(SONGS) + 2, "nothing twice but what was under way"


def test_a_signal_puts_songs_under_way_back_or_ends_them(
    here: config.Settings,
    consume: Callable[..., subprocess.Popen[bytes]],
    api: ApiServer,
) -> None:
    """One request in ten seconds: a worker waits for its slot when the signal comes."""
    process = consume(replace(here, lastfm_rate=0.1), *FLAGS)
    wait_until(lambda: "enriched" in statuses(here))
    wait_until(lambda: claims(here) > 0)
    process.send_signal(signal.SIGTERM)
    assert process.wait(8) == 0
    assert claims(here) == 0
    assert len(api.requests) <= 2


@pytest.mark.parametrize("kind", ["process", "greenlet"])
def test_workers_are_threads(
    here: config.Settings,
    consume: Callable[..., subprocess.Popen[bytes]],
    tmp_path: Path,
    kind: str,
) -> None:
    """A consumer that was killed left its worker processes at work, four at each try."""
    process = consume(here, "-w", "2", "-k", kind)
    assert process.wait(20) != 0
    assert "workers are threads here" in log_of(tmp_path) or kind == "greenlet"
    assert claims(here) == 0


def test_two_of_them_share_the_work_and_the_pace(
    here: config.Settings, consume: Callable[..., subprocess.Popen[bytes]], api: ApiServer
) -> None:
    shared = replace(here, lastfm_rate=20.0)
    consume(shared, "-w", "2")
    consume(shared, "-w", "2")
    wait_until(lambda: all_done(here))
    times = sorted(request.at for request in api.requests)
    assert len(times) == len(SONGS), "no song twice"
    assert max(sum(at <= other < at + 1.0 for other in times) for at in times) <= 20
