"""Power cuts: a consumer killed again and again, a lost queue file, a database put back or full."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import close_library
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.tasks.enrich import scan


def wait_until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Poll until the condition holds; fails when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"not within {seconds} s")


def query(settings: config.Settings, sql: str) -> list[Any]:
    """A look past all of our own code."""
    connection = sqlite3.connect(settings.db, timeout=10)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def done(settings: config.Settings) -> int:
    return int(query(settings, "SELECT count(*) FROM songs WHERE metadata_status='enriched'")[0][0])


class Consumer:
    """The real command, as a process that can be killed."""

    started: ClassVar[list[Consumer]] = []

    def __init__(self, settings: config.Settings, *words: str) -> None:
        self.started.append(self)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pikaraoke_enrichment", "run", "--no-dashboard", *words],
            env=settings.whole_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=10)

    def end(self) -> str:
        """End it as systemd does; what it said on standard error."""
        self.process.terminate()
        return self.process.communicate(timeout=30)[1]


@pytest.fixture
def made(
    settings: config.Settings, api: ApiServer, tmp_path: Path
) -> Iterator[Callable[[int], Any]]:
    """Makes a scanned library of so many songs, wished to run; no consumer is there yet."""

    def make(count: int) -> tuple[Song, ...]:
        songs = made_up_songs(count)
        api.catalogue = Catalogue(songs)
        folder = tmp_path / "songs"
        folder.mkdir()
        for song in songs:
            (folder / f"{song.artist} - {song.title} (Karaoke).mp4").touch()
        runtime.forget()
        runtime.configure(settings)
        scan(folder)
        control.start()
        runtime.forget()
        close_library()
        return songs

    yield make
    for consumer in Consumer.started:  # a failed test leaves none behind
        if consumer.process.poll() is None:
            consumer.kill()
    Consumer.started.clear()
    runtime.forget()
    close_library()


def test_thirty_kills_lose_nothing_and_repeat_little(
    settings: config.Settings, api: ApiServer, made: Callable[[int], tuple[Song, ...]]
) -> None:
    songs = made(1000)
    dice = random.Random(30)
    api.latency = 0.02
    before = query(settings, "SELECT id, file_path FROM songs ORDER BY id")
    consumer = Consumer(settings)
    for kills in range(30):
        settled = done(settings)
        # A quiet machine recovers within 2 s of the start; a busy one takes longer to start at all.
        wait_until(lambda settled=settled: done(settings) > settled, 30)
        at = time.monotonic() + dice.uniform(0.0, 0.15)
        wait_until(lambda at=at: time.monotonic() >= at)
        consumer.kill()
        assert done(settings) < 1000, f"too few songs for {kills} kills"
        consumer = Consumer(settings)
    wait_until(lambda: done(settings) == 1000, 180)
    wait_until(lambda: not query(settings, "SELECT 1 FROM enrichment_queue"), 10)
    consumer.end()

    assert query(settings, "SELECT id, file_path FROM songs ORDER BY id") == before
    found = query(settings, "SELECT artist, title, year FROM songs")
    assert Counter(found) == Counter((song.artist, song.title, song.year) for song in songs)
    assert query(settings, "PRAGMA integrity_check") == [("ok",)]
    asked = Counter(
        (request.params.get("artist"), request.params.get("track"))
        for request in api.requests
        if request.params.get("method") == "track.getInfo"
    )
    repeated = sum(times - 1 for times in asked.values())
    assert repeated <= 30 * 4, "only songs under way are looked up again"


def test_a_queue_file_lost_or_damaged_while_the_consumer_runs_is_filled_anew(
    settings: config.Settings, api: ApiServer, made: Callable[[int], object]
) -> None:
    made(120)
    api.latency = 0.05
    consumer = Consumer(settings)
    wait_until(lambda: done(settings) > 10)
    Path(settings.queue).unlink()
    so_far = done(settings)
    wait_until(lambda: done(settings) > so_far + 20)
    consumer.kill()
    Path(settings.queue).write_bytes(b"this is no database" * 1000)
    consumer = Consumer(settings)
    wait_until(lambda: done(settings) == 120)
    said = consumer.end()
    assert "was damaged" in said
    assert list(Path(settings.queue).parent.glob("*.damaged-*"))


def test_a_database_put_back_under_a_running_consumer_is_taken_up(
    settings: config.Settings, made: Callable[[int], object], tmp_path: Path
) -> None:
    made(60)
    backup = tmp_path / "backup.db"
    source, target = sqlite3.connect(settings.db), sqlite3.connect(backup)
    source.backup(target)
    source.close()
    target.close()
    consumer = Consumer(settings)
    wait_until(lambda: done(settings) == 60)
    for suffix in ("-wal", "-shm"):
        Path(settings.db + suffix).unlink(missing_ok=True)
    os.replace(shutil.copy(backup, tmp_path / "copy.db"), settings.db)
    assert done(settings) == 0
    wait_until(lambda: done(settings) == 60)
    consumer.end()
    assert query(settings, "PRAGMA integrity_check") == [("ok",)]


def test_a_missing_database_is_waited_for_and_never_made_anew(
    settings: config.Settings, made: Callable[[int], object], api: ApiServer, tmp_path: Path
) -> None:
    made(200)
    api.latency = 0.05
    consumer = Consumer(settings)
    wait_until(lambda: done(settings) > 5)
    aside = tmp_path / "aside"
    aside.mkdir()
    for suffix in ("", "-wal", "-shm"):
        if Path(settings.db + suffix).exists():
            os.replace(settings.db + suffix, aside / ("db" + suffix))
    asked = len(api.requests)
    wait_until(lambda: not consumer.process.poll() and len(api.requests) < asked + 30, 2)
    assert not Path(settings.db).exists()
    for suffix in ("-wal", "-shm", ""):
        if (aside / ("db" + suffix)).exists():
            os.replace(aside / ("db" + suffix), settings.db + suffix)
    wait_until(lambda: done(settings) == 200)
    consumer.end()


def test_a_write_lock_held_by_another_program_only_delays(
    settings: config.Settings, made: Callable[[int], object]
) -> None:
    made(60)
    consumer = Consumer(settings)
    wait_until(lambda: done(settings) > 2)
    other = sqlite3.connect(settings.db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    before = done(settings)
    end = time.monotonic() + 3.0
    wait_until(lambda: time.monotonic() > end)
    assert done(settings) <= before + 1
    other.execute("ROLLBACK")
    wait_until(lambda: done(settings) == 60)
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]
    assert "could not be enriched" not in consumer.end()


def test_two_consumers_share_the_work_and_the_pace(
    settings: config.Settings, api: ApiServer, made: Callable[[int], object]
) -> None:
    made(80)
    limited = replace(settings, providers=("lastfm",), lastfm_rate=20.0)
    first, second = Consumer(limited), Consumer(limited)
    wait_until(lambda: done(settings) == 80)
    first.end()
    second.end()
    times = sorted(request.at for request in api.requests)
    assert len(times) <= 82, "no song twice"
    assert max(sum(at <= other < at + 0.97 for other in times) for at in times) <= 20
