"""The worker as a process of its own: what it must do, whatever happens to it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from folders import folder_of
from polling import wait_until
from processes import claims, query
from servers import queue_in_file

from pikaraoke_enrichment import EnrichmentWorker, config
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.exceptions import SettingsError
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.enrich import scan


def rows(settings: config.Settings, columns: str = "metadata_status") -> list[Any]:
    """A look at the songs past all of our own code."""
    found = query(settings, f"SELECT {columns} FROM songs ORDER BY id")
    return [row[0] if len(row) == 1 else row for row in found]


def statuses(settings: config.Settings) -> set[str]:
    return set(rows(settings))


@pytest.fixture
def songs() -> tuple[Song, ...]:
    return made_up_songs(30)


@pytest.fixture
def worker(
    settings: config.Settings, api: ApiServer, songs: tuple[Song, ...], tmp_path: Path
) -> Iterator[EnrichmentWorker]:
    """A worker for a scanned library of thirty songs that all services know; not started yet."""
    api.catalogue = Catalogue(songs)
    folder = folder_of(tmp_path, songs)
    runtime.forget()
    worker = EnrichmentWorker(settings=replace(settings, autostart=False), rate_limit=1000)
    runtime.configure(worker.settings)
    scan(folder)
    yield worker
    worker.stop()
    worker.wait(30)
    runtime.forget()
    close_library()


def test_enrichment_worker_starts(worker: EnrichmentWorker) -> None:
    assert worker.get_progress()["state"] == "offline"
    before = time.monotonic()
    worker.start()
    assert time.monotonic() - before < 1.0, "start must not wait for the consumer"
    progress = wait_until(lambda: (now := worker.get_progress())["state"] == "running" and now)
    assert progress["total"] == 30


def test_enrichment_worker_processes_queue(
    worker: EnrichmentWorker, songs: tuple[Song, ...]
) -> None:
    worker.start()
    wait_until(lambda: statuses(worker.settings) == {"enriched"})
    wait_until(lambda: worker.get_progress()["remaining"] == 0)
    found = rows(worker.settings, "artist, title, year, confidence")
    known = {(song.artist, song.title, song.year) for song in songs}
    assert {row[:3] for row in found} == known
    assert all(row[3] >= 0.9 for row in found)
    progress = worker.get_progress()
    assert progress["enriched"] == progress["processed"] == 30
    assert progress["percent"] == 100.0


def test_enrichment_worker_respects_rate_limit(
    settings: config.Settings, worker: EnrichmentWorker, api: ApiServer
) -> None:
    limited = EnrichmentWorker(
        settings=replace(worker.settings, providers=("lastfm",)), rate_limit=10
    )
    limited.start()
    try:
        wait_until(lambda: statuses(settings) == {"enriched"})
    finally:
        limited.stop()
        limited.wait(30)
    times = sorted(request.at for request in api.requests)
    assert len(times) >= 30
    # The stand-in notes when its thread gets to run; a busy machine blurs that by some ms.
    in_a_second = [sum(at <= other < at + 0.97 for other in times) for at in times]
    assert max(in_a_second) <= 10
    assert times[-1] - times[0] <= 1.3 * (len(times) - 1) / 10, "and the rate is used"


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_empty_key_is_none_given(settings: config.Settings, empty: str | None) -> None:
    """As everywhere else; the consumer would take the settings' own all the same."""
    worker = EnrichmentWorker(settings.db, api_key=empty, settings=settings)
    assert worker.settings.lastfm_api_key == "a-key"
    assert EnrichmentWorker(settings.db, " b ", settings=settings).settings.lastfm_api_key == "b"


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_a_rate_that_is_none_is_said(settings: config.Settings, rate: float) -> None:
    with pytest.raises(SettingsError, match="rate_limit"):
        EnrichmentWorker(settings.db, rate_limit=rate, settings=settings)


def test_enrichment_worker_handles_api_failures(worker: EnrichmentWorker, api: ApiServer) -> None:
    unlucky = rows(worker.settings, "title")[7]
    api.fail("lastfm", "500", times=2)
    api.fail("musicbrainz", "html", times=1)
    api.fail("itunes", "500", times=1)
    for provider in ("lastfm", "musicbrainz", "itunes"):
        api.fail(provider, "truncated", when=unlucky)
    api.fail("itunes", "truncated", when="artistTerm")  # which would tell of the unlucky one too
    worker.start()
    wait_until(lambda: statuses(worker.settings) == {"enriched", "enrichment_failed"}, 60)
    wait_until(lambda: worker.get_progress()["remaining"] == 0, 60)
    found = rows(worker.settings, "title, metadata_status, enrichment_attempts, confidence")
    assert [row[0] for row in found if row[1] == "enrichment_failed"] == [unlucky]
    failed = found[7]
    assert failed[2] == 3, "three attempts and no more"
    assert failed[3] >= 0.3, "what its name told stays"
    assert all(row[2] <= 1 for row in found if row is not failed)


def test_an_outage_is_no_songs_fault(worker: EnrichmentWorker, api: ApiServer) -> None:
    api.fail("*", "503")
    worker.start()
    wait_until(lambda: worker.get_progress()["state"] == "waiting")
    progress = worker.get_progress()
    assert progress["reason"]
    assert progress["retry_at"] > time.time() - 1
    api.heal()
    wait_until(lambda: statuses(worker.settings) == {"enriched"}, 60)
    assert set(rows(worker.settings, "enrichment_attempts")) == {0}


def test_enrichment_worker_pause_resume(worker: EnrichmentWorker, api: ApiServer) -> None:
    api.latency = 0.1
    worker.start()
    wait_until(lambda: api.requests)
    worker.pause()
    assert worker.get_progress()["state"] == "paused"
    paused_at = time.monotonic()
    wait_until(lambda: time.monotonic() > paused_at + 1.0)
    wait_until(lambda: worker.get_progress()["current"] is None, 10)
    asked = len(api.requests)
    assert asked < 60, "there is work left to hold"
    wait_until(lambda: time.monotonic() > paused_at + 2.0)
    assert len(api.requests) == asked
    worker.resume()
    wait_until(lambda: statuses(worker.settings) == {"enriched"})


def test_enrichment_worker_survives_restart(worker: EnrichmentWorker, api: ApiServer) -> None:
    api.latency = 0.05
    worker.start()
    wait_until(lambda: "enriched" in statuses(worker.settings))
    assert worker._child is not None
    os.kill(worker._child.pid, signal.SIGKILL)
    worker.wait(10)
    assert "parsed" in statuses(worker.settings), "killed with work left"
    wait_until(lambda: worker.get_progress()["state"] == "offline", 10)
    worker.start()
    wait_until(lambda: statuses(worker.settings) == {"enriched"})
    wait_until(lambda: worker.get_progress()["remaining"] == 0)


@queue_in_file
def test_the_queue_file_is_only_the_delivery(worker: EnrichmentWorker) -> None:
    for file in Path(worker.settings.queue).parent.glob("pikaraoke-enrichment-queue.db*"):
        if file.is_file():
            file.unlink()
    runtime.forget()
    worker.start()
    wait_until(lambda: statuses(worker.settings) == {"enriched"})


def test_a_terminated_consumer_ends_cleanly(worker: EnrichmentWorker, api: ApiServer) -> None:
    api.latency = 0.2
    worker.start()
    wait_until(lambda: api.requests)
    assert worker._child is not None
    worker._child.end()
    assert worker.wait(15) == 0
    assert claims(worker.settings) == 0, "songs under way were finished or put back"
