"""Both write at once: PiKaraoke's own classes at a party's work, a consumer, and a person editing.

    python benchmarks/beside.py [--seconds 600] [--songs 1500] [--rate 100]

One process is PiKaraoke (1.23.0's database, scanner, song manager and play history, as fast as they
go), one the real consumer on a stand-in for the services, one the dashboard with a person who edits
and an upload handler. Prints what each has done, how long PiKaraoke's writes took, how often
anybody heard "database is locked", and what of anybody's writes is not there in the end.
Exit status 1 where it is not 0.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import multiprocessing
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pikaraoke.lib.events import EventSystem
from pikaraoke.lib.karaoke_database import KaraokeDatabase
from pikaraoke.lib.library_scanner import LibraryScanner
from pikaraoke.lib.play_history_manager import PlayHistoryManager
from pikaraoke.lib.song_manager import SongManager
from stages import lastfm_alone, until

from pikaraoke_enrichment import config, queue_for_enrichment
from pikaraoke_enrichment.database.connection import database, is_locked
from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.review import editing

POOL = made_up_songs(6000)
# How often PiKaraoke does each, relative to the others.
WORK = {"play": 50, "rename": 30, "delete": 8, "download": 8, "scan": 4}
DROPPED_AT_ONCE = 5
_SPAWN = multiprocessing.get_context("spawn")


class PiKaraoke:
    """PiKaraoke's library at work, and what must be in its tables for it.

    Attributes:
        files: id of a song -> its path, by what was done; `plays` the ids of the songs sung.
        locked: how often a write was refused because another process wrote.
        took: seconds of each piece of work that is mostly a write; a scan reads the whole folder.
    """

    def __init__(self, db: str, folder: Path) -> None:
        self._folder = folder
        self._db = KaraokeDatabase(db)
        self._events = EventSystem()
        self._songs = SongManager(str(folder), self._db, self._events)
        self._history = PlayHistoryManager(self._db, self._events)
        self._scanner = LibraryScanner(self._db)
        self._dice = random.Random(1)
        self._number = 0
        self.files: dict[int, str] = {}
        self.plays: list[int] = []
        self.done: Counter[str] = Counter()
        self.locked = 0
        self.took: list[float] = []

    def work(self, seconds: float) -> None:
        """Do this and that until the time is over."""
        end = time.monotonic() + seconds
        kinds, weights = list(WORK), list(WORK.values())
        while time.monotonic() < end:
            self.do(self._dice.choices(kinds, weights)[0])
            time.sleep(0.01)

    def do(self, kind: str) -> None:
        began = time.perf_counter()
        try:
            getattr(self, f"_{kind}")()
        except sqlite3.OperationalError as error:
            if not is_locked(error):
                raise
            self.locked += 1
        if kind != "scan":
            self.took.append(time.perf_counter() - began)
        self.done[kind] += 1

    def fill(self, count: int) -> None:
        """Drop so many files into the folder and scan it."""
        for _ in range(count):
            self._new_file()
        self._scan_now()

    # --- the pieces ---------------------------------------------------------------------------

    def _play(self) -> None:
        song_id = self._any()
        self._history.record_play(song_id, None, "Ann", f"song {song_id}")
        self.plays.append(song_id)
        self._events.emit("song_ended", "complete")

    def _rename(self) -> None:
        song_id = self._any()
        self._number += 1
        name = f"{self._some_name()}---{self._number:011}"
        self.files[song_id] = self._songs.rename(self.files[song_id], name)

    def _delete(self) -> None:
        song_id = self._any()
        self._songs.delete(self.files.pop(song_id))

    def _download(self) -> None:
        path = str(self._new_file())
        self._songs.register_download(path)
        found = self._db.get_song_identity(path)[0]
        assert found is not None
        self.files[found] = path

    def _scan(self) -> None:
        for _ in range(DROPPED_AT_ONCE):
            self._new_file()
        self._scan_now()

    def _scan_now(self) -> None:
        """A scan adds what was dropped, moves nothing and deletes nothing: the rest is known."""
        before = set(self.files.values())
        self._scanner.scan(str(self._folder))
        rows = self._db.query("SELECT id, file_path FROM songs")
        self.files |= {row[0]: row[1] for row in rows if row[1] not in before}
        self._songs.songs.update([row[1] for row in rows])

    def _any(self) -> int:
        return self._dice.choice(list(self.files))

    def _new_file(self) -> Path:
        self._number += 1
        path = self._folder / f"{self._some_name()}---{self._number:011}.mp4"
        path.touch()
        return path

    def _some_name(self) -> str:
        song = self._dice.choice(POOL)
        return f"{song.artist} - {song.title} (Karaoke)"

    # --- what must be there -------------------------------------------------------------------

    def lost(self) -> list[str]:
        """Writes of PiKaraoke's that are not there."""
        rows = {row[0]: row[1] for row in self._db.query("SELECT id, file_path FROM songs")}
        plays = Counter(row[0] for row in self._db.query("SELECT song_id FROM plays"))
        wanted = Counter(song if song in self.files else None for song in self.plays)
        problems = [
            f"song {number} is {rows.get(number)}, not {path}"
            for number, path in self.files.items()
            if rows.get(number) != path
        ]
        problems += [f"song {number} is there again" for number in rows if number not in self.files]
        problems += [
            f"song {number} was sung {plays[number]} times, not {times}"
            for number, times in wanted.items()
            if plays[number] != times
        ]
        is_whole, words = self._db.check_integrity()
        return problems if is_whole else [*problems, words]


# --- people -----------------------------------------------------------------------------------


def be_people(settings: config.Settings, end: Any) -> None:
    """Edit songs and queue uploads until told to end; then tell edits, uploads and refusals."""
    logging.disable(logging.CRITICAL)
    runtime.configure(settings)
    dice, edits, queued, locked = random.Random(2), {}, 0, 0
    while not end.poll(0.05):
        found = database.execute_sql("SELECT id FROM songs ORDER BY random() LIMIT 2").fetchall()
        try:
            title = f"Said by a person {dice.random():.9f}"
            editing.edit(found[0][0], {"title": title})
            edits[found[0][0]] = title
            queued += queue_for_enrichment(found[1][0])
        except (LookupError, IndexError):
            continue  # deleted meanwhile
        except Exception as error:
            if not is_locked(error):
                raise
            locked += 1
    end.send({"edits": edits, "queued": queued, "locked": locked})


# --- what we must not have lost -----------------------------------------------------------------


def lost_by_us(db: str, edits: dict[int, str]) -> list[str]:
    """Words of a person and answers that are not there as they were written."""
    with contextlib.closing(sqlite3.connect(db)) as connection:
        connection.row_factory = sqlite3.Row
        songs = {row["id"]: row for row in connection.execute("SELECT * FROM songs")}
        waiting = connection.execute("SELECT count(*) FROM enrichment_queue").fetchone()[0]
        offered = {row[0] for row in connection.execute("SELECT song_id FROM enrichment_candidate")}
        changes = connection.execute(
            "SELECT song_id, after, max(id) FROM enrichment_change GROUP BY song_id"
        ).fetchall()
    problems = [f"{waiting} songs still wait"] if waiting else []
    for number, title in edits.items():
        song = songs.get(number)
        if song is not None and (song["title"], song["metadata_status"]) != (title, "manual"):
            problems.append(f"edit of {number}: {song['title']!r}, {song['metadata_status']}")
    for change in changes:
        song = songs[change["song_id"]]
        columns = set(song.keys())
        after = {name: to for name, to in json.loads(change["after"]).items() if name in columns}
        if song["metadata_status"] in ("enriched", "manual"):
            said = {name: song[name] for name in after}
            if said != after:
                problems.append(f"answer of {change['song_id']}: {said}, not {after}")
    known = {f"{song.artist} - {song.title}": song for song in POOL}
    for song in songs.values():
        named = known[Path(song["file_path"]).name.rpartition(" (Karaoke)---")[0]]
        if song["metadata_status"] == "enriched" and song["title"] != named.title:
            problems.append(f"{song['file_path']} is {song['title']!r}")
        # What people said of other files may leave an answer too unsure to apply: it is offered.
        is_decided = song["metadata_status"] in ("enriched", "manual") or song["id"] in offered
        if not is_decided:
            problems.append(f"{song['file_path']} is {song['metadata_status']}")
    return problems


# --- the run ------------------------------------------------------------------------------------


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as place, ApiServer(Catalogue(POOL)) as server:
        settings = lastfm_alone(Path(place), server.url, options.rate)
        folder = Path(place) / "songs"
        folder.mkdir()
        host = PiKaraoke(settings.db, folder)
        host.fill(options.songs)
        log = Path(place) / "log"
        with _consumer(settings, log), _people(settings) as people:
            host.work(options.seconds)
            people.send("end")
            said = people.recv()
            _until_done(settings.db)
        told = log.read_text()
        lost = host.lost()
        ours = lost_by_us(settings.db, said["edits"])
        requests = server.count()
    locked = {
        "PiKaraoke": host.locked,
        "the consumer": told.count("database is locked"),
        "people": said["locked"],
    }
    took = sorted(host.took)
    work = ", ".join(f"{count} {kind}s" for kind, count in sorted(host.done.items()))
    rows = {
        "PiKaraoke": f"{work} in {options.seconds:g} s",
        "the consumer": f"{requests} requests; {len(host.files)} songs in the end",
        "people": f"{len(said['edits'])} songs edited, {said['queued']} queued",
        "PiKaraoke's writes, median": f"{1000 * took[len(took) // 2]:.1f} ms",
        "PiKaraoke's writes, 99th": f"{1000 * took[int(0.99 * len(took))]:.1f} ms",
        "PiKaraoke's writes, slowest": f"{1000 * took[-1]:.1f} ms",
        '"database is locked"': f"{sum(locked.values())} {locked}",
        "lost writes of PiKaraoke's": f"{len(lost)} {lost[:3] or ''}",
        "lost writes of ours": f"{len(ours)} {ours[:3] or ''}",
    }
    for what, figure in rows.items():
        print(f"{what:<32}{figure}")
    if ours or "Traceback" in told:
        print(told[-3000:])
    return 1 if sum(locked.values()) or lost or ours or "Traceback" in told else 0


def _until_done(db: str) -> None:
    """Wait until the consumer has nothing left to do."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.closing(sqlite3.connect(db, timeout=10)) as connection:
            unread = "SELECT 1 FROM songs WHERE metadata_status = 'pending'"
            waiting = "SELECT 1 FROM enrichment_queue"
            if not any(connection.execute(sql).fetchone() for sql in (unread, waiting)):
                return
        time.sleep(0.2)


@contextlib.contextmanager
def _consumer(settings: config.Settings, log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pikaraoke_enrichment", "run", "--no-dashboard"],
            env=settings.whole_environment(),
            stdout=subprocess.DEVNULL,
            stderr=out,
        )
    try:
        until(lambda: _has_tables(settings.db))
        yield
    finally:
        process.terminate()
        process.wait(60)


def _has_tables(db: str) -> bool:
    with contextlib.closing(sqlite3.connect(db)) as connection:
        sql = "SELECT 1 FROM sqlite_master WHERE name = 'enrichment_queue'"
        return connection.execute(sql).fetchone() is not None


@contextlib.contextmanager
def _people(settings: config.Settings) -> Iterator[Any]:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=be_people, args=(settings, theirs))
    process.start()
    try:
        yield ours
    finally:
        process.join(30)
        process.kill()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--songs", type=int, default=1500)
    parser.add_argument("--rate", type=float, default=100.0)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
