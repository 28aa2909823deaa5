"""What others would do with the same songs: Huey's own rate limit, threads and a queue, PiKaraoke.

    python benchmarks/peers.py huey_limit|huey_bare|huey_asks URL FILE --songs N --seconds S

runs a Huey consumer with one trivial task a song; `all.py` calls the rest.
"""

from __future__ import annotations

import argparse
import queue
import threading
import time
from collections.abc import Sequence
from typing import Any

import requests

from pikaraoke_enrichment.demo.catalogue import Song, made_up_songs

RATE = 5.0


def ask(session: requests.Session, url: str, song: Song) -> None:
    """The request that Last.fm is asked for a song."""
    names = {"artist": song.artist, "track": song.title}
    session.get(f"{url}/2.0/", params={"method": "track.getInfo", "api_key": "peer", **names})


def threads_and_a_queue(url: str, songs: Sequence[Song], workers: int = 4) -> None:
    """As a plain program does it: a lock, the time of the next slot, and a sleep."""
    waiting: queue.SimpleQueue[Song | None] = queue.SimpleQueue()
    for item in [*songs, *[None] * workers]:
        waiting.put(item)
    lock = threading.Lock()
    slots = [time.monotonic()]

    def work() -> None:
        session = requests.Session()
        while (song := waiting.get()) is not None:
            with lock:
                time.sleep(max(0.0, slots[0] - time.monotonic()))
                slots[0] = max(slots[0], time.monotonic()) + 1 / RATE
            ask(session, url, song)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def pikaraokes_provider(url: str, songs: Sequence[Song]) -> int:
    """PiKaraoke's own iTunes provider, song by song; how many it found."""
    from pikaraoke.lib import metadata_providers as theirs

    theirs.ITUNES_SEARCH_URL = f"{url}/search"
    provider = theirs.ITunesProvider()
    return sum(provider.lookup(song.artist, song.title) is not None for song in songs)


def main() -> None:
    """A Huey consumer of its own process, ended after its time or its last task."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=("huey_limit", "huey_bare", "huey_asks"))
    parser.add_argument("url")
    parser.add_argument("file")
    parser.add_argument("--songs", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=600.0)
    options = parser.parse_args()
    from huey import SqliteHuey

    huey = SqliteHuey(filename=options.file, results=False)
    songs = made_up_songs(options.songs)
    session = requests.Session()
    done = threading.Semaphore(0)

    def work(number: int) -> None:
        if options.task != "huey_bare":
            ask(session, options.url, songs[number])
        done.release()

    limited: Any = work
    if options.task == "huey_limit":
        limited = huey.rate_limit("lastfm", limit=int(RATE), per=1)(work)
    task = huey.task()(limited)
    for number in range(options.songs):
        task(number)
    consumer = huey.create_consumer(workers=4, worker_type="thread")
    consumer.start()
    end = time.monotonic() + options.seconds
    for _ in songs:
        if not done.acquire(timeout=max(0.0, end - time.monotonic())):
            break
    consumer.stop(graceful=True)


if __name__ == "__main__":
    main()
