"""How much of the allowed rate is used, and how little memory: the real command on made-up songs.

    python benchmarks/pace.py [--songs 1000] [--rate 5] [--latency 0.3] [--workers 4]

Prints the time between the first and the last request to Last.fm as a ratio to the ideal time for
the requests made, the most requests within any one second, the consumer's memory at its end, and
the songs' final states.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from stages import lastfm_alone

from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer


def main() -> int:
    options = _options()
    songs = made_up_songs(options.songs)
    with (
        tempfile.TemporaryDirectory() as place,
        ApiServer(Catalogue(songs), latency=options.latency) as server,
    ):
        folder = Path(place) / "songs"
        folder.mkdir()
        for song in songs:
            (folder / f"{song.artist} - {song.title} (Karaoke).mp4").touch()
        db = Path(place) / "pikaraoke.db"
        memory = _run(folder, db, server.url, options)
        times = sorted(request.at for request in server.requests)
        states = Counter(
            row[0] for row in sqlite3.connect(db).execute("SELECT metadata_status FROM songs")
        )
    took = times[-1] - times[0]
    ideal = (len(times) - 1) / options.rate
    print(f"requests                       {len(times)} for {options.songs} songs")
    print(
        f"time / ideal time              {took:.1f} s / {ideal:.1f} s = "
        f"{took / ideal:.3f}  (<= 1.05)"
    )
    print(f"share of the allowed rate      {ideal / took:.3f}")
    print(f"most in any one second         {most_within(times, 1.0)}  (<= {options.rate:g})")
    spans = [last - first for first, last in zip(times, times[int(options.rate) :], strict=False)]
    print(f"shortest span of one too many  {min(spans):.3f} s  (>= 1)")
    print(f"consumer's memory at its end   {memory:.1f} MB  (< 50)")
    print(f"final states                   {dict(states)}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--songs", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=5.0)
    parser.add_argument("--latency", type=float, default=0.3)
    parser.add_argument("--workers", type=int, default=4)
    return parser.parse_args()


def _run(folder: Path, db: Path, url: str, options: argparse.Namespace) -> float:
    """Run the main job to its end; the last memory seen, in MB."""
    environment = lastfm_alone(db.parent, url, options.rate).whole_environment()
    words = [
        "run",
        str(folder),
        "--until-done",
        "--no-dashboard",
        "--workers",
        str(options.workers),
    ]
    job = subprocess.Popen([sys.executable, "-m", "pikaraoke_enrichment", *words], env=environment)
    memory = 0.0
    while job.poll() is None:
        memory = _resident(job.pid) or memory
        try:
            job.wait(0.5)
        except subprocess.TimeoutExpired:
            continue
    return memory


def _resident(pid: int) -> float:
    """Resident memory of a process in MB, 0.0 where that cannot be read."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(found[0]) / 1024 if found else 0.0


def most_within(times: list[float], seconds: float) -> int:
    """The most of these sorted moments that lie within any window of that length."""
    most = first = 0
    for last, moment in enumerate(times):
        while moment - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


if __name__ == "__main__":
    raise SystemExit(main())
