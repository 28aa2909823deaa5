"""The thread that keeps house beside the workers, tick by tick."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from processes import query
from servers import songs_in_file

from pikaraoke_enrichment.database import sqlite as songs_file
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import QueueEntry
from pikaraoke_enrichment.tasks import consumer, control, progress, runtime
from pikaraoke_enrichment.tasks.consumer import FOLLOW_EVERY, SWEEP_EVERY, TICK, Steward


@pytest.fixture
def steward(library: runtime.Runtime) -> Steward:
    control.pause()
    assert library.consumer_name
    return Steward(threading.Event())


def add_from_outside(library: runtime.Runtime, name: str) -> None:
    """PiKaraoke registers a song, in another process's connection."""
    statement = "INSERT INTO songs (file_path, format) VALUES (?, 'mp4')"
    query(library.settings, statement, f"/songs/{name}")


def queued() -> int:
    return QueueEntry.select().count()


def test_songs_that_come_one_after_the_other_are_all_noticed_within_five_seconds(
    library: runtime.Runtime, steward: Steward
) -> None:
    """Paused, so that no worker's writes hide that a change was overlooked."""
    now = 1000.0
    steward._tick(now)
    for number in range(3):
        add_from_outside(library, f"{number}.mp4")
        now += TICK
        steward._tick(now)
    until = now + 5.0
    while now < until:
        now += TICK
        steward._tick(now)
    assert queued() == 3


def test_an_idle_library_is_not_read_again(
    library: runtime.Runtime, steward: Steward, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_from_outside(library, "a.mp4")
    steward._tick(1000.0)
    steward._tick(1000.0 + FOLLOW_EVERY)
    looks: list[int] = []
    monkeypatch.setattr(consumer.enrich, "follow", lambda: looks.append(1))
    for number in range(1, 40):
        steward._tick(1003.0 + number * TICK)
    assert len(looks) <= 1


def test_an_idle_consumer_writes_its_snapshot_seldom(
    steward: Steward, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    steward._tick(1000.0)
    monkeypatch.setattr(progress, "publish", lambda _: written.append(1))
    for number in range(1, 600):  # five minutes
        steward._tick(1000.0 + number * TICK)
    assert len(written) <= 6


@songs_in_file
def test_an_idle_consumer_waits_for_nobody_who_writes(
    library: runtime.Runtime, steward: Steward
) -> None:
    """Nor does anybody wait for it: PiKaraoke's loop stands still meanwhile."""
    steward._tick(1000.0)
    database.connection().execute("PRAGMA busy_timeout = 100")
    writer = sqlite3.connect(library.settings.db, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    for number in range(1, 30):
        steward._tick(1000.0 + number * TICK)
    writer.close()


def test_a_tick_that_fails_ends_nothing(
    steward: Steward, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ticks: list[float] = []

    def tick(now: float) -> None:
        ticks.append(now)
        if len(ticks) > 2:
            steward._stop_flag.set()
        raise ValueError("a bug")

    monkeypatch.setattr(steward, "_tick", tick)
    monkeypatch.setattr(consumer, "TICK", 0.01)
    steward.run()
    assert len(ticks) == 3
    assert "a bug" in caplog.text
    assert database.is_closed(), "and its connection is closed at the end"


@songs_in_file
def test_a_log_that_has_grown_long_is_emptied_once_nobody_reads_from_it(
    library: runtime.Runtime, steward: Steward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(songs_file, "LONGEST_LOG", 100_000)
    log = Path(f"{library.settings.db}-wal")
    reader = sqlite3.connect(library.settings.db, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM songs").fetchone()
    writer = sqlite3.connect(library.settings.db)
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    with writer:
        writer.executemany(
            "INSERT INTO songs (file_path, format) VALUES (?, 'mp4')",
            [(f"/songs/{number}.mp4",) for number in range(3000)],
        )
    writer.close()
    steward._tick(1000.0)
    assert log.stat().st_size > 100_000, "somebody reads what stood there before"
    reader.close()
    steward._tick(1000.0 + SWEEP_EVERY)
    assert log.stat().st_size == 0
