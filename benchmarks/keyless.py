"""A host without any key: a library through the real command, against the strict stand-in.

    python benchmarks/keyless.py [--songs 1000] [--times 10] [--keys lastfm listenbrainz]

Karaoke names of the catalogue's songs (made-up ones where that is not beside this checkout), in the
queue's own order, MusicBrainz busy now and then although its pace is kept. All services and their
limits are `--times` as fast as the public ones, and the seconds that are printed are those of the
public pace; a second's wait after "busy" weighs `--times` as much. Time left is printed beside what
was left, minute by minute.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from accuracy import World, drawn_cases

from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.documents import index_of
from pikaraoke_enrichment.demo.server import ApiServer, SeenRequest
from pikaraoke_enrichment.providers import services

# Twelve of some 45 requests at a kept pace met "currently busy", and were let in a second later.
BUSY, CUT_OFF = 12 / 45, 0.005


def enriched(db: Path) -> tuple[int, int, int]:
    """Songs with a name from a service, those with a year too, and those that wait still."""
    with closing(sqlite3.connect(db, timeout=10)) as songs:
        named = "metadata_status = 'enriched'"
        asked = f"SELECT sum({named}), sum({named} AND year IS NOT NULL) FROM songs"
        known, dated = songs.execute(asked).fetchone()
        (waiting,) = songs.execute("SELECT count(*) FROM enrichment_queue").fetchone()
    return int(known or 0), int(dated or 0), int(waiting)


def library(folder: Path, count: int, seed: int) -> Catalogue:
    """Make `count` files, and the catalogue that knows most of their songs."""
    cases = drawn_cases(max(2, count // 24), seed, "made", as_files=True)[:count]
    world = World((case for _, case in cases), seed=seed)
    for _, case in cases:
        (folder / case.name).touch()
    return world.catalogue


def settings(place: Path, url: str, times: float, keys: Sequence[str]) -> dict[str, str]:
    """The environment of a host with these services' keys, none by default."""
    rates = {f"{each.name.upper()}_RATE": str(each.rate * times) for each in services.SERVICES}
    urls = {f"{each.name.upper()}_URL": url for each in services.SERVICES}
    own = {"ENRICHMENT_DB": str(place / "songs.db"), "ENRICHMENT_CONFIG": str(place / "config.ini")}
    clean = {name: text for name, text in os.environ.items() if "ENRICHMENT" not in name}
    given = {services.KEYS[name].variable: "0" * 32 for name in keys}
    contact = {"MUSICBRAINZ_CONTACT": "benchmarks@example.org"}
    return {**clean, **rates, **urls, **own, **contact, **given}


def run(count: int, times: float, seed: int, keys: Sequence[str] = ()) -> None:
    """Do the whole job and print what it came to."""
    with tempfile.TemporaryDirectory() as folder, ApiServer(busy=BUSY, cut_off=CUT_OFF) as api:
        place = Path(folder)
        (place / "songs").mkdir()
        api.catalogue = library(place / "songs", count, seed)
        for index in ("recording", "release-group", "artist"):
            index_of(api.catalogue, index)
        total = len(list((place / "songs").iterdir()))
        words = ["run", str(place / "songs"), "--until-done", "--no-dashboard"]
        environment = settings(place, api.url, times, keys)
        began = time.monotonic()
        job = subprocess.Popen(
            [sys.executable, "-m", "pikaraoke_enrichment", *words],
            env=environment,
            stdout=subprocess.DEVNULL,
        )
        told = watch(job, place / "songs.db", environment, began, times)
        report(total, told, api.requests, times)


Told = list[tuple[float, int, int, int, float | None]]


def watch(
    job: subprocess.Popen[bytes], db: Path, environment: dict[str, str], began: float, times: float
) -> Told:
    """Seconds of the public pace, songs named, with a year, waiting, and the time left as told."""
    told: Told = []
    while job.poll() is None:
        time.sleep(max(0.5, 20 / times))
        if db.exists():
            at = (time.monotonic() - began) * times
            try:
                told.append((at, *enriched(db), _left(environment, times)))
            except sqlite3.Error:
                continue
    told.append(((time.monotonic() - began) * times, *enriched(db), 0.0))
    return told


def _left(environment: dict[str, str], times: float) -> float | None:
    import json

    asked = [sys.executable, "-m", "pikaraoke_enrichment", "status", "--json"]
    said = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)
    progress: dict[str, Any] = json.loads(said.stdout or "{}")
    left = progress.get("eta_seconds")
    return None if left is None else left * times


def report(total: int, told: Told, requests: Sequence[SeenRequest], times: float = 1.0) -> None:
    """Print requests a song, when songs were named and done, and how honest the time left was."""
    asked = Counter(request.provider for request in requests)
    each = ", ".join(f"{name} {count / total:.3f}" for name, count in sorted(asked.items()))
    print(f"{total} songs, requests a song: {each}")
    end = told[-1][0]
    for share in (0.6, 0.8, 0.85):
        named = next((at for at, known, *_ in told if known >= share * total), None)
        dated = next((at for at, _, known, *_ in told if known >= share * total), None)
        print(f"{share:.0%} named after {_minutes(named)}, with a year after {_minutes(dated)}")
    print(f"all done after {_minutes(end)}: {told[-1][1]} named, {told[-1][2]} with a year")
    report_time_left(told, end)
    for name in ("musicbrainz", "itunes"):
        print(f"{name}: most within a second of its pace {_most(requests, name, times)}")


def report_time_left(told: Told, end: float) -> None:
    """Print what was told beside what was true, minute by minute, and how far off that was."""
    each = [(at, left, end - at) for at, *_, left in told if left and at < end - 60]
    told_once = {int(at // 60): (left, true) for at, left, true in each}
    print("minute, told, true: " + "; ".join(
        f"{minute} {_minutes(left)} {_minutes(true)}" for minute, (left, true) in told_once.items()
    ))  # fmt: skip
    off = sorted(max(left / true, true / left) for at, left, true in each if at > 120)
    print(f"time left, from the second minute on, off by a factor of {max(off, default=0):.2f}, "
          f"median {off[len(off) // 2] if off else 0:.2f}")  # fmt: skip


def _most(requests: Sequence[SeenRequest], name: str, times: float) -> int:
    at = [request.at for request in requests if request.provider == name]
    window = 0.97 / (services.BY_NAME[name].rate * times)
    return max((sum(1 for other in at if 0 <= other - each < window) for each in at), default=0)


def _minutes(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds / 60:.1f} min"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description="A host without any key, at a faster pace.")
    parser.add_argument("--songs", type=int, default=1000)
    parser.add_argument("--times", type=float, default=10.0, help="the public paces, times this")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keys", nargs="*", default=[], choices=[*services.KEYS])
    wish = parser.parse_args(arguments)
    run(wish.songs, wish.times, wish.seed, wish.keys)


if __name__ == "__main__":
    main()
