"""Long running: kills, refusals and outages while many songs are enriched, and then idleness.

    python benchmarks/soak.py [--songs 50000] [--kills 30] [--troubles 20] [--idle 30]

The real command, its services played by a server without latency, so that days pass in minutes.
Prints memory, open files and the sizes of the files at the start and the end, what was done to the
consumer and to the services, processor time and writes when idle, and whether anything was lost.
Exit status 1 where something was lost or grew; --quick is the short form of the ordinary tests.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer

# Beyond these something grows that should not.
MOST_MEMORY, MOST_FILES, MOST_WAL, MOST_IDLE = 55.0, 45, 24_000_000, 1.0
TROUBLES = ("500", "503", "429_retry", "html", "truncated", "reset", "lastfm_29", "lastfm_8")


@dataclass(frozen=True)
class Look:
    """What a consumer holds at one moment; sizes in bytes, memory in MB."""

    memory: float
    files: int
    cpu: float
    writes: int
    wal: int
    queue: int
    queue_wal: int
    results: int


class Consumer:
    """The real command, started anew after each kill."""

    def __init__(self, settings: config.Settings) -> None:
        self.settings = settings
        self.kills = 0
        self.start()

    def start(self) -> None:
        environment = {"MALLOC_ARENA_MAX": "2", **self.settings.whole_environment()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pikaraoke_enrichment", "run", "--no-dashboard"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        self.start()

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(60)

    def look(self) -> Look:
        place = Path(f"/proc/{self.process.pid}")
        found = re.search(r"VmRSS:\s+(\d+)", (place / "status").read_text())
        times = (place / "stat").read_text().rpartition(")")[2].split()[11:13]
        wrote = re.search(r"syscw: (\d+)", (place / "io").read_text())
        db, queue = self.settings.db, self.settings.queue
        return Look(
            memory=int(found[1]) / 1024 if found else 0.0,
            files=len(os.listdir(place / "fd")),
            cpu=sum(map(int, times)) / os.sysconf("SC_CLK_TCK"),
            writes=int(wrote[1]) if wrote else 0,
            wal=_size(f"{db}-wal"),
            queue=_size(queue),
            queue_wal=_size(f"{queue}-wal"),
            results=int(_ask(queue, "SELECT count(*) FROM kv")),
        )


def _size(path: str) -> int:
    return Path(path).stat().st_size if Path(path).exists() else 0


def _ask(path: str, sql: str) -> int:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        return int(connection.execute(sql).fetchone()[0] or 0)


def main(arguments: list[str] | None = None) -> int:
    """Run it all; 0 when nothing was lost and nothing grew."""
    options = _options(arguments)
    songs = made_up_songs(options.songs)
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as place,
        ApiServer(Catalogue(songs)) as server,
    ):
        settings = _library(Path(place), songs, server.url)
        return _soak(settings, songs, server, options)


def _library(place: Path, songs: tuple[Song, ...], url: str) -> config.Settings:
    folder = place / "songs"
    folder.mkdir()
    for song in songs:
        (folder / f"{song.artist} - {song.title} (Karaoke).mp4").touch()
    db = str(place / "pikaraoke.db")
    urls = dict.fromkeys(("lastfm_url", "musicbrainz_url", "itunes_url", "listenbrainz_url"), url)
    rates = dict.fromkeys(("lastfm_rate", "itunes_rate"), 100_000.0)
    settings = replace(
        config.load({"ENRICHMENT_CONFIG": str(place / "config.ini")}),
        db=db,
        queue=config.default_queue(db),
        providers=("lastfm", "itunes"),
        lastfm_api_key="soak",
        retry_delay=0.5,
        **urls,
        **rates,  # type: ignore[arg-type]
    )
    subprocess.run(
        [sys.executable, "-m", "pikaraoke_enrichment", "scan", str(folder)],
        env=settings.whole_environment(),
        check=True,
    )
    return settings


def _soak(
    settings: config.Settings,
    songs: tuple[Song, ...],
    server: ApiServer,
    options: argparse.Namespace,
) -> int:
    dice = random.Random(50)
    done = "SELECT count(*) FROM enrichment_reading WHERE decided_at IS NOT NULL"
    # Shares of the songs at which something happens; after the last the consumer is left alone.
    events = [(0.7 * (n + 1) / (options.kills + 1), "kill") for n in range(options.kills)]
    events += [(0.7 * (n + 0.5) / options.troubles, "trouble") for n in range(options.troubles)]
    events.sort()
    consumer = Consumer(settings)
    started, caused, first = time.monotonic(), Counter[str](), None
    moved = (0, time.monotonic())
    try:
        while (count := _ask(settings.db, done)) < len(songs) or _ask(
            settings.db, "SELECT count(*) FROM enrichment_queue"
        ):
            if count != moved[0]:
                moved = (count, time.monotonic())
            elif time.monotonic() - moved[1] > 180:
                print(f"STALLED at {count} songs")
                break
            server.forget()
            _end_waits(settings)
            while events and count >= events[0][0] * len(songs):
                caused[_cause(events.pop(0)[1], consumer, server, dice)] += 1
            if first is None and not events and consumer.process.poll() is None:
                first = consumer.look()
            time.sleep(0.1)
        took = time.monotonic() - started
        last = consumer.look()
        return _report(settings, songs, consumer, (first or last, last), caused, took, options.idle)
    finally:
        if consumer.process.poll() is None:
            print(f"ended with status         {consumer.end()}")


def _cause(what: str, consumer: Consumer, server: ApiServer, dice: random.Random) -> str:
    if what == "kill":
        consumer.kill()
        return "kill -9"
    fault = dice.choice(TROUBLES)
    server.fail(dice.choice(("*", "lastfm")), fault, times=dice.randint(1, 12))
    return fault


def _end_waits(settings: config.Settings) -> None:
    """Days pass in minutes, and so do the waits that a refusal asks for."""
    now = time.time()
    with closing(sqlite3.connect(settings.db, timeout=30)) as connection, connection:
        connection.execute(
            "UPDATE enrichment_provider SET open_until = ?, slowdown = 0 "
            "WHERE health IN ('limited', 'open') AND open_until > ?",
            (now, now + 1),
        )
        connection.execute(
            "UPDATE enrichment_queue SET not_before = 0 WHERE not_before > ?", (now + 1,)
        )
    with closing(sqlite3.connect(settings.queue, timeout=30)) as connection, connection:
        # A delivery holds its own time; one that is lost is made anew from the table.
        connection.execute("DELETE FROM schedule WHERE timestamp > ?", (now + 1,))


def _report(
    settings: config.Settings,
    songs: tuple[Song, ...],
    consumer: Consumer,
    looks: tuple[Look, Look],
    caused: Counter[str],
    took: float,
    idle: float,
) -> int:
    with closing(sqlite3.connect(settings.db)) as connection:
        found = Counter(
            connection.execute(
                "SELECT artist, title FROM songs WHERE metadata_status = 'enriched'"
            ).fetchall()
        )
        undecided = connection.execute(
            "SELECT count(*) FROM songs AS s LEFT JOIN enrichment_reading AS r ON r.song_id = s.id "
            "WHERE r.decided_at IS NULL"
        ).fetchone()[0]
        attempts = connection.execute("SELECT max(enrichment_attempts) FROM songs").fetchone()[0]
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
        left = connection.execute("SELECT count(*) FROM enrichment_queue").fetchone()[0]
        there = connection.execute("SELECT count(*) FROM songs").fetchone()[0]
    lost = undecided + len(songs) - there
    # Made-up names may hold a word that means "lyrics" somewhere.
    unsure = Counter((song.artist, song.title) for song in songs) - found
    before, after = looks
    print(f"songs                     {len(songs)} in {took:.0f} s, {len(songs) / took:.0f}/s")
    print(f"what was done to it       {dict(caused) or 'nothing'}")
    print(f"lost                      {lost}; left in the queue {left}")
    print(f"for a person to look at   {sum(unsure.values())}")
    print(f"attempts spent            {attempts} at most; database {sound}")
    print(f"memory                    {before.memory:.1f} -> {after.memory:.1f} MB")
    print(f"open files                {before.files} -> {after.files}")
    print(f"songs database's WAL      {after.wal / 1e6:.1f} MB")
    print(f"queue file, its WAL       {after.queue / 1e6:.1f} MB, {after.queue_wal / 1e6:.1f} MB")
    print(f"rows in the result store  {after.results}")
    share, writes = _idle(consumer, idle)
    print(
        f"idle for {idle:.0f} s             {share:.2f} % of a core, {writes:.1f} writes a minute"
    )
    faults = {
        "songs were lost": bool(lost or left) or sum(unsure.values()) > len(songs) / 1000,
        "the database is damaged": sound != "ok",
        "memory": after.memory > MOST_MEMORY,
        "open files": after.files > MOST_FILES,
        "the WAL": after.wal > MOST_WAL,
        "the result store": after.results > 3,
        "idle costs": idle >= 10 and share > MOST_IDLE,
    }
    bad = [name for name, is_bad in faults.items() if is_bad]
    print(f"too much or lost          {', '.join(bad) or 'nothing'}")
    return 1 if bad else 0


def _idle(consumer: Consumer, seconds: float) -> tuple[float, float]:
    """Percent of a core and write calls a minute of a consumer without work."""
    time.sleep(min(5.0, seconds))
    before = consumer.look()
    time.sleep(seconds)
    after = consumer.look()
    each = max(seconds, 0.1)
    return (after.cpu - before.cpu) / each * 100, (after.writes - before.writes) / each * 60


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--songs", type=int, default=50_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--troubles", type=int, default=20)
    parser.add_argument("--idle", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--quick", action="store_true", help="3,000 songs, few kills, hardly idle")
    options = parser.parse_args(arguments)
    if options.quick:
        options.songs, options.kills, options.troubles, options.idle = 3000, 3, 4, 3.0
    return options


if __name__ == "__main__":
    raise SystemExit(main())
