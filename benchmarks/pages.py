"""How fast the dashboard answers a library of 100,000 songs while the consumer works on it.

    python benchmarks/pages.py [--songs N] [--requests N]

Builds the library in a temporary folder, lets the real consumer enrich it against the stand-in for
the services, serves the dashboard as a process of its own, and asks it as a browser would. Prints a
line per page, with the processor time that the dashboard takes for it: on a busy machine the rest
is waiting. Exits 1 where the 99th percentile is above its bound.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pikaraoke_enrichment import config
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.command import settings_for
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.tasks import enrich, library, runtime
from pikaraoke_enrichment.tasks.search import listing

# Milliseconds at the 99th percentile.
IN_TURN = "/songs, all of these in turn"
BOUNDS = {"/progress": 20.0, IN_TURN: 50.0, "/": 200.0, "/review": 200.0, "/decisions": 200.0}
LIST = (
    "/songs",
    "/songs?q=lov",
    "/songs?q=b",
    "/songs?q=night+rain",
    "/songs?level=high",
    "/songs?genre=Rock&sort=newest",
    "/songs?decade=1980",
    "/songs?missing=year&sort=changed",
    "/songs?sort=unsure",
    "/songs?page=900",
    "/songs?status=parsed&q=ba",
)
_WORDS = """
love night rain heart fire blue dance river moon golden dream shadow light summer winter road train
baby angel star ocean wild broken silver sweet lonely morning midnight paradise stone
"""
WORDS = tuple(_WORDS.split())
GENRES = ("Pop", "Rock", "Country", "Soul", "Jazz", "Metal", "Disco", "Folk", "Hip-Hop")


def main() -> int:
    """Measure; 0 where every bound is kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--songs", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, ApiServer(latency=0.1) as api:
        settings = settings_for(Path(place), api.url, 0)
        build(settings, options.songs)
        with running(settings, "run", "--no-dashboard"), dashboard(settings) as (port, pid):
            wait_for_work(port)
            kept = [report(name, *apart(port, pid, paths, options)) for name, paths in pages()]
    return 0 if all(kept) else 1


def apart(
    port: int, pid: int, paths: tuple[str, ...], options: argparse.Namespace
) -> tuple[list[float], float]:
    """`measure` in a process of its own: in this one the services' stand-in takes its turns too."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, port, pid, paths, options.requests).result()


def pages() -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is asked: a name and its addresses, in turn."""
    yield "/progress", ("/progress",)
    yield IN_TURN, LIST
    for address in LIST:
        yield address, (address,)
    yield "/", ("/",)
    yield "/review", ("/review",)
    yield "/decisions", ("/decisions",)


def build(settings: config.Settings, songs: int) -> None:
    """A library most of which is enriched, with two thousand songs left to do."""
    runtime.configure(settings)
    dice = random.Random(1)
    artists = [" ".join(dice.sample(WORDS, 2)).title() for _ in range(6000)]
    with database.atomic():
        connection = database.connection()
        connection.executemany(_SONG, (_song(number, dice, artists) for number in range(songs)))
        connection.execute(
            "INSERT INTO enrichment_reading (song_id, file_name, sources, evidence, reason, "
            "failed_by) SELECT id, substr(file_path, 8), '{}', '{}', '', '' FROM songs"
        )
        connection.execute(_CANDIDATES)
    listing.fill()
    rows = database.execute_sql(
        "SELECT id FROM songs WHERE metadata_status = 'parsed' ORDER BY random() LIMIT 2000"
    )
    enrich.queue_ids([row[0] for row in rows], 0)
    library.take_in()
    enrich.control.start()
    runtime.forget()
    database.close()


_SONG = """
INSERT INTO songs (file_path, format, artist, title, year, genre, metadata_status, confidence)
VALUES (?, 'mp4', ?, ?, ?, ?, ?, ?)
"""
# Each song that is known by its name only has three of these to choose from.
_CANDIDATES = """
INSERT INTO enrichment_candidate (song_id, rank, artist, title, variant, year, genre, confidence,
    providers, evidence, rejected)
SELECT s.id, r.value, s.artist, s.title || ' ' || r.value, '', 1980 + r.value, 'Pop',
    0.6 - r.value / 10.0, 'lastfm', '{}', 0
FROM songs AS s, json_each('[1, 2, 3]') AS r WHERE s.metadata_status = 'parsed'
"""
_KINDS = {"enriched": 73, "parsed": 17, "enrichment_failed": 7, "manual": 3}
_SURE = {"enriched": (0.7, 0.99), "parsed": (0.1, 0.69), "enrichment_failed": (0.1, 0.6)}


def _song(number: int, dice: random.Random, artists: list[str]) -> tuple[object, ...]:
    artist = dice.choice(artists)
    title = " ".join(dice.sample(WORDS, dice.randint(1, 4))).title()
    (status,) = dice.choices(list(_KINDS), list(_KINDS.values()))
    known = status in {"enriched", "manual"} and dice.random() < 0.9
    return (
        f"/songs/{artist} - {title} (Karaoke) {number}.mp4",
        artist,
        title,
        dice.randint(1955, 2025) if known else None,
        dice.choice(GENRES) if known else None,
        status,
        round(dice.uniform(*_SURE[status]), 2) if status in _SURE else 1.0,
    )


@contextmanager
def running(settings: config.Settings, *words: str) -> Iterator[subprocess.Popen[str]]:
    """One of our commands as a process of its own, ended at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pikaraoke_enrichment", *words],
        env=settings.whole_environment(),
        stdout=subprocess.PIPE if words[0] == "dashboard" else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def dashboard(settings: config.Settings) -> Iterator[tuple[int, int]]:
    """The dashboard; its port and its process."""
    with running(settings, "dashboard", "--port", "0") as process:
        assert process.stdout is not None
        yield int(process.stdout.readline().rpartition(":")[2].partition("/")[0]), process.pid


def ask(connection: http.client.HTTPConnection, path: str) -> bytes:
    """One page; raises where it is no 200."""
    connection.request("GET", f"/enrichment{path}", headers={"Accept": "text/html"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return body


def wait_for_work(port: int) -> None:
    """Until the consumer is at it."""
    connection = http.client.HTTPConnection("localhost", port)
    until = time.monotonic() + 60
    while b'"state":"running"' not in ask(connection, "/progress").replace(b" ", b""):
        if time.monotonic() > until:
            raise RuntimeError("the consumer does not run")
        time.sleep(0.2)


def measure(
    port: int, pid: int, paths: tuple[str, ...], requests: int
) -> tuple[list[float], float]:
    """Milliseconds of each request, over one connection, after one round to warm up; and those of
    the processor that `pid` took for one."""
    connection = http.client.HTTPConnection("localhost", port)
    for path in paths:
        ask(connection, path)
    times, before = [], cpu(pid)
    for path in itertools.islice(itertools.cycle(paths), requests):
        began = time.perf_counter()
        ask(connection, path)
        times.append(1000 * (time.perf_counter() - began))
    return sorted(times), 1000 * (cpu(pid) - before) / requests


def cpu(pid: int) -> float:
    """Processor seconds that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def report(name: str, times: list[float], cpu_each: float) -> bool:
    """Print what was measured; False where a bound is broken."""
    last, middle = times[int(len(times) * 0.99) - 1], times[len(times) // 2]
    bound = BOUNDS.get(name)
    is_kept = bound is None or last <= bound
    verdict = "" if bound is None else f"  bound {bound:.0f}" + ("" if is_kept else "  BROKEN")
    print(
        f"{name:36} median {middle:6.1f} ms  99% {last:6.1f} ms  CPU {cpu_each:5.1f} ms{verdict}",
        flush=True,
    )
    return is_kept


if __name__ == "__main__":
    sys.exit(main())
