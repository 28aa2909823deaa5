"""A consumer killed at random moments, a queue file lost, a database put back: nothing is lost."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from pikaraoke.lib.karaoke_database import KaraokeDatabase
from polling import wait_until
from processes import Command, claims, count, query

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Song
from pikaraoke_enrichment.demo.server import ApiServer

Make: TypeAlias = Callable[[int], tuple[Song, ...]]
Start: TypeAlias = Callable[..., Command]

KILLS = 30


def kill(consumer: Command) -> None:
    consumer.send(signal.SIGKILL)
    consumer.wait()


def test_thirty_kills_lose_nothing_and_repeat_little(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    """Two consumers look the songs up, and one or both of them are killed meanwhile."""
    songs = made(1000)
    api.latency = 0.02
    own = replace(settings, providers=("itunes",))  # one answer tells all of a song
    before = query(settings, "SELECT id, file_path FROM songs ORDER BY id")
    dice = random.Random(30)
    consumers = [command("run", "--no-dashboard", own=own) for _ in range(2)]
    killed = 0
    for left in range(KILLS, 0, -1):
        # Kill this many songs further on, so that every kill finds some left, however slow we are.
        settled = count(settings)
        moment = settled + dice.randint(1, max(1, (950 - settled) // left))
        wait_until(lambda moment=moment: count(settings) >= moment)
        pause = time.monotonic() + dice.uniform(0.0, 0.02)
        wait_until(lambda pause=pause: time.monotonic() >= pause)
        for victim in [0, 1] if left % 5 == 0 else [dice.randrange(2)]:
            kill(consumers[victim])
            consumers[victim] = command("run", "--no-dashboard", own=own)
            killed += 1
    assert count(settings) < 1000, "all kills met songs that were still to be done"
    wait_until(lambda: count(settings) == 1000, 120)
    wait_until(lambda: not query(settings, "SELECT 1 FROM enrichment_queue"), 30)
    assert [consumer.end() for consumer in consumers] == [0, 0]

    assert query(settings, "SELECT id, file_path FROM songs ORDER BY id") == before
    found = query(settings, "SELECT artist, title, year FROM songs")
    years = {(song.artist, song.title): song.year for song in songs}
    assert Counter(found) == Counter(
        # The store dates some songs 1900: such a year is none.
        (*song, year if (*song, year) in found else None)
        for song, year in years.items()
    )
    assert query(settings, "PRAGMA integrity_check") == [("ok",)]
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]
    asked = Counter(request.params["term"] for request in api.requests)
    repeated = sum(times - 1 for times in asked.values())
    assert repeated <= killed * settings.workers, "only songs under way are looked up again"


def test_a_queue_file_lost_under_two_consumers_is_filled_anew(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    """What SQLite keeps beside the file is found by its name: both once spoiled the other's."""
    made(160)
    api.latency = 0.05
    consumers = [command("run", "--no-dashboard") for _ in range(2)]
    for _ in range(4):
        so_far = count(settings)
        wait_until(lambda so_far=so_far: count(settings) > so_far + 10)
        Path(settings.queue).unlink(missing_ok=True)
    wait_until(lambda: count(settings) == 160)
    assert [consumer.end() for consumer in consumers] == [0, 0]
    for consumer in consumers:
        assert "I/O error" not in consumer.said


def test_a_queue_file_damaged_under_a_consumer_or_before_is_moved_aside(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    made(120)
    api.latency = 0.05
    own = replace(settings, providers=("lastfm",))  # a request a song: some are left each time
    consumer = command("run", "--no-dashboard", own=own)
    wait_until(lambda: count(settings) > 10)
    damaged = Path(settings.queue).with_name("damaged")
    damaged.write_bytes(b"this is no database" * 1000)
    os.replace(damaged, settings.queue)
    wait_until(lambda: "was damaged" in consumer.said)
    so_far = count(settings)
    wait_until(lambda: count(settings) > so_far + 10)
    kill(consumer)
    Path(settings.queue).write_bytes(b"this is no database" * 1000)
    consumer = command("run", "--no-dashboard", own=own)
    wait_until(lambda: "was damaged" in consumer.said)
    wait_until(lambda: count(settings) == 120)
    assert consumer.end() == 0
    assert list(Path(settings.queue).parent.glob("*.damaged-*"))


def copy_of(db: str, copy: Path) -> Path:
    """A copy of a database that is in use."""
    with closing(sqlite3.connect(db)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def put_in_place(file: Path, db: str) -> None:
    """Put a copy of `file` where the songs database is, as one who restores a backup."""
    for suffix in ("-wal", "-shm"):
        Path(db + suffix).unlink(missing_ok=True)
    os.replace(shutil.copy(file, file.with_suffix(".copy")), db)


def test_a_backup_made_while_all_runs_is_put_back_and_taken_up(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    """Songs that were under way then stand in it as claimed by a consumer that still lives."""
    made(120)
    api.latency = 1.0  # the backup is made long before the last song
    consumer = command("run", "--no-dashboard")
    wait_until(lambda: count(settings) > 5)
    assert command("doctor", "--backup").wait() == 0
    api.latency = 0.0
    backup = next(Path(settings.db).parent.glob("pikaraoke.db.backup-*"))
    wait_until(lambda: count(settings) == 120)
    before = count(replace(settings, db=str(backup)))
    assert 0 < before < 120
    put_in_place(backup, settings.db)
    assert count(settings) < 120
    wait_until(lambda: count(settings) == 120)
    wait_until(lambda: not query(settings, "SELECT 1 FROM enrichment_queue"))
    assert consumer.end() == 0
    assert query(settings, "PRAGMA integrity_check") == [("ok",)]


def test_a_database_put_back_that_is_not_ours_is_left_alone_until_it_is_mended(
    settings: config.Settings, made: Make, command: Start, tmp_path: Path
) -> None:
    """A damaged file, and one that a newer version has written, once stopped a consumer for good
    and filled its log."""
    made(60)
    backup = copy_of(settings.db, tmp_path / "backup.db")
    consumer = command("run", "--no-dashboard")
    wait_until(lambda: count(settings) > 5)

    damaged, newer = tmp_path / "damaged.db", copy_of(settings.db, tmp_path / "newer.db")
    damaged.write_bytes(b"no database at all" * 1000)
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE enrichment_state SET value = 99 WHERE key = 'schema_version'")
    put_in_place(damaged, settings.db)
    wait_until(lambda: "is damaged" in consumer.said)
    assert Path(settings.db).read_bytes() == damaged.read_bytes()
    put_in_place(newer, settings.db)
    wait_until(lambda: "by a newer pikaraoke-enrichment" in consumer.said)
    assert Path(settings.db).read_bytes() == newer.read_bytes()
    assert consumer.process.poll() is None

    put_in_place(backup, settings.db)
    wait_until(lambda: count(settings) == 60)
    assert consumer.end() == 0
    assert "Traceback" not in consumer.said
    assert consumer.said.count("Waiting: ") <= 6


def test_a_consumer_rests_while_a_newer_version_has_the_database(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    """An update was installed and started, and the old consumer forgotten."""
    made(400)
    api.latency = 0.1
    consumer = command("run", "--no-dashboard")
    wait_until(lambda: count(settings) > 5)
    change = "UPDATE enrichment_state SET value = ? WHERE key = 'schema_version'"
    ours = query(settings, "SELECT value FROM enrichment_state WHERE key = 'schema_version'")[0][0]
    query(settings, change, "99")
    wait_until(lambda: "by a newer pikaraoke-enrichment" in consumer.said)
    wait_until(lambda: claims(settings) == 0)
    asked = api.count()
    end = time.monotonic() + 1.5
    wait_until(lambda: time.monotonic() > end)
    assert api.count() == asked < 400
    query(settings, change, ours)
    api.latency = 0.0
    wait_until(lambda: count(settings) == 400)
    assert consumer.end() == 0


def test_a_library_of_pikaraokes_own_put_in_its_place_is_made_ready(
    settings: config.Settings, made: Make, command: Start, tmp_path: Path
) -> None:
    songs = made(20)
    folder = Path(settings.db).with_name("songs")
    own = tmp_path / "own.db"
    KaraokeDatabase(str(own)).close()
    with closing(sqlite3.connect(own)) as connection, connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.executemany(
            "INSERT INTO songs (file_path, format) VALUES (?, 'mp4')",
            [(str(path),) for path in folder.iterdir()],
        )
    consumer = command("run", "--no-dashboard")
    wait_until(lambda: count(settings) == len(songs))
    put_in_place(own, settings.db)
    wait_until(lambda: count(settings) == len(songs))
    assert consumer.end() == 0
    assert list(tmp_path.glob("pikaraoke.db.before-enrichment-*"))


def test_a_missing_database_is_waited_for_and_never_made_anew(
    settings: config.Settings, made: Make, command: Start, api: ApiServer, tmp_path: Path
) -> None:
    made(200)
    api.latency = 0.05
    consumer = command("run", "--no-dashboard")
    wait_until(lambda: count(settings) > 5)
    aside = tmp_path / "aside"
    aside.mkdir()
    for suffix in ("", "-wal", "-shm"):
        if Path(settings.db + suffix).exists():
            os.replace(settings.db + suffix, aside / ("db" + suffix))
    asked = len(api.requests)
    wait_until(lambda: consumer.process.poll() is None and len(api.requests) < asked + 30, 2)
    assert not Path(settings.db).exists()
    for suffix in ("-wal", "-shm", ""):
        if (aside / ("db" + suffix)).exists():
            os.replace(aside / ("db" + suffix), settings.db + suffix)
    wait_until(lambda: count(settings) == 200)
    consumer.end()


def test_a_write_lock_held_by_another_program_only_delays(
    settings: config.Settings, made: Make, command: Start
) -> None:
    made(60)
    consumer = command("run", "--no-dashboard")
    wait_until(lambda: count(settings) > 2)
    other = sqlite3.connect(settings.db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    before = count(settings)
    end = time.monotonic() + 3.0
    wait_until(lambda: time.monotonic() > end)
    assert count(settings) <= before + 1
    other.execute("ROLLBACK")
    wait_until(lambda: count(settings) == 60)
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]
    assert consumer.end() == 0
    assert "could not be enriched" not in consumer.said


def test_two_consumers_share_the_work_and_the_pace(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    made(80)
    limited = replace(settings, providers=("lastfm",), lastfm_rate=20.0)
    first, second = (command("run", "--no-dashboard", own=limited) for _ in range(2))
    wait_until(lambda: count(settings) == 80)
    first.end()
    second.end()
    times = sorted(request.at for request in api.requests)
    assert len(times) <= 82, "no song twice"
    assert max(sum(at <= other < at + 0.97 for other in times) for at in times) <= 20
