"""How long an upload handler waits for us, and how soon its song is taken up.

    python benchmarks/enqueue.py [--backlog 10000] [--uploads 300] [--rate 50] [--every 0.05]

A consumer works at a backlog on the stand-in for the services while this process, as an upload
handler would, makes a file at a time and calls `queue_for_enrichment`. Prints the percentiles of
that call, and how many songs of the backlog were asked about between an upload and its own turn.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stages import lastfm_alone, until

from pikaraoke_enrichment import config, queue_for_enrichment
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import QueueEntry, SongDetail
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.tasks.enrich import scan
from pikaraoke_enrichment.tasks.queue import table as queue_table


def main() -> int:
    options = _options()
    songs = made_up_songs(options.backlog + options.uploads)
    backlog, uploads = songs[: options.backlog], songs[options.backlog :]
    with tempfile.TemporaryDirectory() as place, _services(songs) as url:
        settings = lastfm_alone(Path(place), url, options.rate)
        folder = Path(place) / "songs"
        folder.mkdir()
        for song in backlog:
            _file(folder, song).touch()
        runtime.configure(settings)
        scan(folder)
        control.start()
        with _consumer(settings):
            until(lambda: _decided() > 10)
            took, own, called = _upload(folder, uploads, options.every)
            until(lambda: not _waiting_uploads())
        between = [_between(song, at) for song, at in zip(uploads, called, strict=True)]
        runtime.forget()
    took.sort()
    own.sort()
    print(f"uploads                         {len(took)} into a backlog of {options.backlog}")
    print(f"the call, median                {1000 * statistics.median(took):.2f} ms")
    print(f"the call, 99th percentile       {1000 * _percentile(took, 0.99):.2f} ms  (<= 5)")
    print(f"the call, slowest               {1000 * took[-1]:.2f} ms")
    print(f"without waiting for a processor 99th {1000 * _percentile(own, 0.99):.2f} ms  (<= 5)")
    print(
        f"songs decided in between        median {statistics.median(between):g}, "
        f"most {max(between)}"
    )
    return 0


def _upload(
    folder: Path, uploads: tuple[Song, ...], every: float
) -> tuple[list[float], list[float], list[float]]:
    """Seconds that each call took, that it took without waiting for a processor (which a busy
    machine had given to somebody else), and when it returned."""
    took, own, called = [], [], []
    for song in uploads:
        path = _file(folder, song)
        path.touch()
        waited, start = _waited(), time.perf_counter()
        queue_for_enrichment(str(path))
        seconds = time.perf_counter() - start
        took.append(seconds)
        own.append(seconds - (_waited() - waited))
        called.append(time.time())
        time.sleep(every)
    return took, own, called


def _waited() -> float:
    """Seconds that this thread was ready to run and had no processor, as Linux counts them."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


def _decided() -> int:
    return SongDetail.select().where(SongDetail.decided_at.is_null(False)).count()


def _waiting_uploads() -> int:
    return QueueEntry.select().where(QueueEntry.priority == queue_table.UPLOAD).count()


def _between(song: Song, called: float) -> int:
    """Songs of the backlog that were decided between the call and the upload's own turn."""
    own = SongDetail.get(SongDetail.file_name == _file(Path(), song).name).decided_at
    others = (SongDetail.decided_at > called) & (SongDetail.decided_at < own)
    name = f"{song.artist} - %"
    return SongDetail.select().where(others & ~(SongDetail.file_name % name)).count()


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _file(folder: Path, song: Song) -> Path:
    return folder / f"{song.artist} - {song.title} (Karaoke).mp4"


@contextmanager
def _consumer(settings: config.Settings) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "pikaraoke_enrichment", "run", "--no-dashboard"],
        env=settings.whole_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _services(songs: tuple[Song, ...]) -> Iterator[str]:
    """The stand-in in a process of its own, so that it takes no time of ours."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, len(songs)))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        process.join(10)


def _serve(end: Any, count: int) -> None:
    with ApiServer(Catalogue(made_up_songs(count)), latency=0.02) as server:
        end.send(server.url)
        end.recv()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backlog", type=int, default=10_000)
    parser.add_argument("--uploads", type=int, default=300)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--every", type=float, default=0.05)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
