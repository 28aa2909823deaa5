"""A full disk, a file that cannot be written, a clock that jumps, workers that die or take long."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest
from polling import most_in_a_second, wait_until
from processes import Command, claims, count, query

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Song
from pikaraoke_enrichment.demo.server import ApiServer

Make: TypeAlias = Callable[[int], tuple[Song, ...]]
Start: TypeAlias = Callable[..., Command]


def test_a_disk_that_fills_up_loses_nothing_and_is_told_once(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    made(150)
    api.latency = 0.05
    consumer = command("run", "--no-dashboard")
    wait_until(lambda: count(settings) > 10)
    _, most = resource.prlimit(consumer.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(consumer.pid, resource.RLIMIT_FSIZE, (0, most))  # no write goes through
    wait_until(lambda: "Waiting: " in consumer.said)
    asked = api.count()
    end = time.monotonic() + 6.0
    wait_until(lambda: time.monotonic() > end)
    assert api.count() - asked < 20, "nobody asks what cannot be written down"
    assert consumer.process.poll() is None
    assert consumer.said.count("Traceback") <= 1
    assert consumer.said.count("Waiting: ") <= 6, "the log does not fill what is left"
    resource.prlimit(consumer.pid, resource.RLIMIT_FSIZE, (most, most))
    wait_until(lambda: count(settings) == 150)
    wait_until(lambda: not query(settings, "SELECT 1 FROM enrichment_queue"))
    assert consumer.end() == 0
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]
    assert query(settings, "PRAGMA integrity_check") == [("ok",)]


NO_ROOM = """
import sqlite3, sys
from pathlib import Path
from pikaraoke_enrichment import cli
from pikaraoke_enrichment.tasks import enrich
reconcile = enrich.reconcile
def without_room():
    if not Path(sys.argv[1]).exists():
        raise sqlite3.OperationalError("database or disk is full")
    return reconcile()
enrich.reconcile = without_room
sys.exit(cli.main(["run", "--no-dashboard"]))
"""


def test_a_consumer_started_on_a_full_disk_waits_for_room(
    settings: config.Settings, made: Make, command: Start, tmp_path: Path
) -> None:
    made(20)
    consumer = command("-c", NO_ROOM, str(tmp_path / "room"))
    wait_until(lambda: "Waiting: database or disk is full" in consumer.said)
    (tmp_path / "room").touch()
    wait_until(lambda: count(settings) == 20)
    wait_until(lambda: not query(settings, "SELECT 1 FROM enrichment_queue"))
    assert consumer.end() == 0
    assert "Traceback" not in consumer.said
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


def test_a_database_that_cannot_be_written_is_an_error_in_one_line(
    settings: config.Settings, made: Make
) -> None:
    made(3)
    # The superuser may write everything, unless that right is taken away.
    humble = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    if humble and not shutil.which("setpriv"):
        pytest.skip("the superuser may write everything")
    files = list(Path(settings.db).parent.glob("pikaraoke.db*"))
    for file in files:
        file.chmod(0o444)
    ended = subprocess.run(
        [*humble, sys.executable, "-m", "pikaraoke_enrichment", "run", "--no-dashboard"],
        env=settings.whole_environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    for file in files:
        file.chmod(0o644)
    assert ended.returncode == 1
    said = ended.stderr.splitlines()[-1]
    assert "cannot be written" in said
    assert "give this user the right" in said
    assert "Traceback" not in ended.stderr


def test_a_damaged_database_is_written_to_by_nobody(
    settings: config.Settings, made: Make, command: Start
) -> None:
    """Pages in its middle, where opening it meets none of them."""
    made(200)
    with closing(sqlite3.connect(settings.db)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with open(settings.db, "r+b") as file:
        file.seek(Path(settings.db).stat().st_size // 2)
        file.write(b"\xff" * 20_000)
    before = Path(settings.db).read_bytes()
    consumer = command("run", "--no-dashboard")
    assert consumer.wait() == 1
    assert "is damaged" in consumer.said
    assert "restore a backup" in consumer.said
    assert "Traceback" not in consumer.said
    assert Path(settings.db).read_bytes() == before


CLOCK = """
import os, time
_real, _place = time.time, os.environ["TEST_CLOCK"]
def _shifted():
    return _real() + os.stat(_place).st_size * -86400.0
time.time = _shifted
"""


def test_a_clock_that_jumps_between_1970_and_now_neither_stalls_nor_bursts(
    settings: config.Settings, api: ApiServer, made: Make, command: Start, tmp_path: Path
) -> None:
    """The clock is wrong by as many days as a file has bytes."""
    songs = made(110)
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(CLOCK)
    clock = tmp_path / "days"
    long_ago = int(time.time() // 86400) - 2

    def be_wrong_by(days: int) -> None:
        with clock.open("ab") as file:
            file.truncate(days)

    be_wrong_by(long_ago)
    api.fail("lastfm", "500", when=songs[5].title, times=1)  # a song that has to wait meanwhile
    own = replace(settings, providers=("lastfm",), lastfm_rate=10.0, retry_delay=3.0)
    path = os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")])
    consumer = command("run", "--no-dashboard", own=own, PYTHONPATH=path, TEST_CLOCK=str(clock))
    wait_until(lambda: count(settings) >= 15)
    be_wrong_by(0)
    wait_until(lambda: count(settings) >= 45)
    be_wrong_by(long_ago)
    wait_until(lambda: count(settings) >= 75)
    be_wrong_by(0)
    wait_until(lambda: count(settings) == 110)
    assert consumer.end() == 0
    assert "The clock was set" in consumer.said
    times = sorted(request.at for request in api.requests)
    assert most_in_a_second(times) <= 12, "a jump makes one slot due at once, and no more"
    assert times[-1] - times[0] < 2.5 * len(times) / 10


DYING = """
import sys
from pikaraoke_enrichment import cli
from pikaraoke_enrichment.tasks import consumer, enrich
work, died = enrich._work, set()
def dying(claim):
    if claim.song_id <= 4 and claim.song_id not in died:
        died.add(claim.song_id)
        raise SystemExit("a worker dies")
    return work(claim)
enrich._work = dying
start = consumer.EnrichmentConsumer.start
def start_with_closer_looks(self):
    self._health_check_interval = 0.5
    start(self)
consumer.EnrichmentConsumer.start = start_with_closer_looks
sys.exit(cli.main(["run", "--no-dashboard"]))
"""


def test_workers_that_die_are_replaced_and_their_songs_done(
    settings: config.Settings, made: Make, command: Start
) -> None:
    made(12)
    consumer = command("-c", DYING)
    wait_until(lambda: count(settings) == 12)
    wait_until(lambda: not query(settings, "SELECT 1 FROM enrichment_queue"))
    assert claims(settings) == 0
    assert consumer.end() == 0
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


IMPATIENT = """
import sys
from pikaraoke_enrichment import cli
from pikaraoke_enrichment.tasks import enrich
enrich.LONGEST_INQUIRY = 0.3
sys.exit(cli.main(["run", "--no-dashboard", "--workers", "1"]))
"""


def test_a_song_that_takes_long_gives_its_worker_to_others_and_goes_on_where_it_was(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    """Nobody knows it, so all are asked for all its readings, a quarter of a second each."""
    songs = made(3)
    path = str(Path(settings.db).with_name("songs") / "Nobody At All - Of This Song Live.mp4")
    Path(path).touch()
    api.latency = 0.25
    assert command("enqueue", path, "--priority", "90").wait() == 0
    consumer = command("-c", IMPATIENT)
    wait_until(lambda: not query(settings, "SELECT 1 FROM enrichment_queue"))
    assert consumer.end() == 0
    assert count(settings) == len(songs)
    assert count(settings, "enrichment_failed") == 1
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]
    asked = [
        (request.provider, tuple(sorted(request.params.items())))
        for request in api.requests
        if "nobody" in str(request.params).lower()
    ]
    assert len(asked) >= 3
    assert len(asked) == len(set(asked)), "what was answered is not asked again"
