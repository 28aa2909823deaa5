"""Power cuts: they throw away what was not synced, and may take nothing of what people said.

    python benchmarks/power_cut.py [--cuts 50] [--songs 300] [--seed 1]

A consumer enriches, a dashboard takes a person's edits over HTTP, both as real processes under a
layer (power_cut.c, built with cc) that notes every write and every fsync of theirs. At a random
moment both are killed, and the disk is put together as a cut would have left it: what had been
synced, and of the rest each page of 4 KB at random, or none. SQLite opens that; each edit that the
dashboard had answered with 200 must stand in it, the database must be sound, and a second consumer
must come to the end of the queue. Names of files count as written: file systems order these.

Exit status 1 where an edit was lost or a database damaged, 2 where it cannot be tried.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.system import child

PAGE = 4096
_HEAD = struct.Struct("<cxxxIQQ")
# A cut comes within these seconds after the first edit.
FIRST, LAST = 0.2, 2.5


# --- the disk -------------------------------------------------------------------------------------


@dataclass
class Disk:
    """Files as they are on the disk for certain, and what of them was written but not synced."""

    synced: dict[str, bytearray] = field(default_factory=dict)
    loose: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)

    def sync(self, path: str) -> None:
        """All that was written of a file is on the disk now."""
        for at, data in self.loose.pop(path, ()):
            _write(self.synced.setdefault(path, bytearray()), at, data)

    def cut(self, chance: random.Random, kept: float) -> dict[str, bytes]:
        """The files after a cut: of what was loose each page is there with probability `kept`."""
        left = {path: bytearray(data) for path, data in self.synced.items()}
        for path, writes in self.loose.items():
            file = left.setdefault(path, bytearray())
            for at, data in writes:
                if data is None:
                    if chance.random() < kept:
                        _write(file, at, None)
                    continue
                for begin in range(0, len(data), PAGE):
                    if chance.random() < kept:
                        _write(file, at + begin, data[begin : begin + PAGE])
        return {path: bytes(data) for path, data in left.items()}


def _write(file: bytearray, at: int, data: bytes | None) -> None:
    if data is None:
        del file[at:]
        return
    if len(file) < at:
        file.extend(bytes(at - len(file)))
    file[at : at + len(data)] = data


def replay(log: Path, before: dict[str, bytes]) -> Disk:
    """The disk as the log leaves it, from the files as they were when all was synced."""
    disk = Disk({path: bytearray(data) for path, data in before.items()})
    for what, path, at, data in _records(log):
        if what == b"W":
            disk.loose.setdefault(path, []).append((at, data))
        elif what == b"T":
            disk.loose.setdefault(path, []).append((at, None))
        elif what == b"S":
            disk.sync(path)
        elif what == b"U":
            disk.synced.pop(path, None)
            disk.loose.pop(path, None)
        elif what == b"R":
            for files in (disk.synced, disk.loose):
                if path in files:
                    files[data.decode()] = files.pop(path)  # type: ignore[attr-defined]
    return disk


def _records(log: Path) -> Iterator[tuple[bytes, str, int, bytes]]:
    said = log.read_bytes()
    at = 0
    while at + _HEAD.size <= len(said):
        what, length, offset, size = _HEAD.unpack_from(said, at)
        at += _HEAD.size
        path = os.fsdecode(said[at : at + length])
        at += length
        data = b"" if what in b"TSU" else said[at : at + size]
        at += len(data)
        yield what, path, offset, data


# --- one cut --------------------------------------------------------------------------------------


@dataclass
class Person:
    """Edits songs over HTTP, one after the other, and notes what was answered with 200."""

    port: int
    said: dict[int, str] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)

    def edit(self, songs: int) -> None:
        """Until told to stop."""
        number = 0
        while not self.stop.is_set():
            number += 1
            song_id = number % songs + 1
            title = f"Word {number}"
            url = f"http://127.0.0.1:{self.port}/enrichment/songs/{song_id}"
            body = json.dumps({"title": title, "artist": "Somebody"}).encode()
            request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
            with suppress(OSError), urllib.request.urlopen(request, timeout=5) as answer:
                if answer.status == 200:
                    self.said[song_id] = title


def once(home: Path, layer: Path, url: str, songs: int, chance: random.Random) -> list[str]:
    """One library, one cut; what was lost or damaged, and how much was said."""
    settings = settings_of(home, url)
    fill(home, settings, songs)
    before = {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    log = home.with_suffix(".log")
    noted = {"LD_PRELOAD": str(layer), "POWER_CUT_LOG": str(log), "POWER_CUT_BELOW": str(home)}
    environment = {**settings.whole_environment(), **noted}
    consumer = start(environment, "run", "--no-dashboard")
    dashboard = start(environment, "dashboard", "--port", str(settings.port))
    person = Person(settings.port)
    wait_for(settings.port)
    typing = threading.Thread(target=person.edit, args=(songs,))
    typing.start()
    time.sleep(chance.uniform(FIRST, LAST))
    for process in (consumer, dashboard):
        process.send_signal(signal.SIGKILL)
    said = dict(person.said)
    person.stop.set()
    typing.join()
    for process in (consumer, dashboard):
        process.wait()
    kept = chance.choice((0.0, 0.5, 0.9))
    disk = replay(log, before).cut(chance, kept)
    log.unlink()
    return [*examine(home, settings, disk, said), f"{len(said)} words"]


def examine(
    home: Path, settings: config.Settings, disk: dict[str, bytes], said: dict[int, str]
) -> list[str]:
    """Put the disk in the place of the home, start anew, and look for every word."""
    shutil.rmtree(home)
    for path, data in disk.items():
        if not path.endswith("-shm"):
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_bytes(data)
    faults = []
    with closing(sqlite3.connect(settings.db)) as connection:
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
        rows = dict(
            connection.execute("SELECT id, title FROM songs WHERE metadata_status='manual'")
        )
    if sound != "ok":
        faults.append(f"damaged: {sound}")
    for song_id, title in said.items():
        found = rows.get(song_id, "")
        number = int(found.removeprefix("Word ") or 0) if found.startswith("Word ") else 0
        if number < int(title.removeprefix("Word ")):  # a later one may not have been answered
            faults.append(f"lost: song {song_id} is {found!r}, and was said to be {title!r}")
    words = ("run", "--no-dashboard", "--until-done")
    done = start(settings.whole_environment(), *words)
    if done.wait(120) != 0:
        faults.append(f"the next consumer ended with {done.returncode}")
    return faults


# --- processes ------------------------------------------------------------------------------------


def settings_of(home: Path, url: str) -> config.Settings:
    """Settings for a library there, every service played by the server at `url`."""
    read = config.load({"ENRICHMENT_CONFIG": str(home / "config.ini")})
    db = str(home / "pikaraoke.db")
    urls = {f"{name}_url": url for name in ("lastfm", "musicbrainz", "itunes", "listenbrainz")}
    rates = {f"{name}_rate": 500.0 for name in ("lastfm", "musicbrainz", "itunes", "listenbrainz")}
    keys = {"lastfm_api_key": "a-key", "retry_delay": 0.5, "port": 5996}
    return replace(read, db=db, queue=config.default_queue(db), **urls, **rates, **keys)


def start(environment: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    """A command of ours as a process."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(child.command(*words), env=environment, **quiet)  # type: ignore[call-overload,no-any-return]


def fill(home: Path, settings: config.Settings, songs: int) -> None:
    """A scanned library, wished to run; nobody has it open afterwards."""
    folder = home / "songs"
    folder.mkdir(parents=True)
    for song in made_up_songs(songs):
        (folder / f"{song.artist} - {song.title} (Karaoke).mp4").touch()
    for words in (("scan", str(folder)), ("start",)):
        if start(settings.whole_environment(), *words).wait(60):
            raise SystemExit(f"{words[0]} failed")


def wait_for(port: int) -> None:
    """Until the dashboard answers."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/enrichment/healthz", timeout=5).close()
            return
        time.sleep(0.02)
    raise SystemExit("the dashboard does not answer")


def build(folder: Path) -> Path:
    """The layer, made with the machine's compiler."""
    layer = folder / "power_cut.so"
    source = Path(__file__).with_name("power_cut.c")
    words = ["cc", "-shared", "-fPIC", "-O2", "-o", str(layer), str(source), "-ldl"]
    if not sys.platform.startswith("linux") or shutil.which("cc") is None:
        print("This needs Linux and a C compiler: install gcc to run it", file=sys.stderr)
        raise SystemExit(2)
    subprocess.run(words, check=True)
    return layer


def main() -> int:
    """Cut the power so many times; prints a line each and the sum."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--cuts", type=int, default=50)
    parser.add_argument("--songs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    faults, words = 0, 0
    with tempfile.TemporaryDirectory() as place, ApiServer() as api:
        api.catalogue = Catalogue(made_up_songs(options.songs))
        layer = build(Path(place))
        for number in range(options.cuts):
            *bad, said = once(Path(place) / f"home{number}", layer, api.url, options.songs, chance)
            words += int(said.split()[0])
            faults += len(bad)
            print(f"cut {number + 1}: {said}" + "".join(f"\n  {each}" for each in bad), flush=True)
    print(f"{options.cuts} cuts, {words} words that were answered, {faults} lost or damaged")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
