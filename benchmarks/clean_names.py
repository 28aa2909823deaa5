"""A whole library's files renamed by the real PiKaraoke and named back, while programs are killed.

    python benchmarks/clean_names.py [--songs 8000] [--kills 3]

PiKaraoke runs with our pages inside it and a password for its admin. Two presses have all files
renamed, and two have them named back; meanwhile, each way, the consumer and PiKaraoke with all of
ours are killed in turn (kill -9) and started again. Each file holds its song's number. In the end
every file must have the name it should have, hold what it held, and stand in the row it stood in,
with all that was known of its song. Exit status 1 where anything is lost.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from parties import Party, throwing
from pikaraoke.lib.karaoke_database import KaraokeDatabase
from pikaraoke.lib.library_scanner import LibraryScanner
from polling import wait_until

from pikaraoke_enrichment.demo.catalogue import Song, made_up_songs

PASSWORD = "geheim"
JOB = "SELECT value FROM enrichment_state WHERE key = 'clean_names'"
KNOWN = "SELECT id, artist, title, year, genre, confidence, metadata_status FROM songs ORDER BY id"


def made(party: Party, songs: list[Song]) -> None:
    """A library under YouTube's names, all of whose songs a service knows for certain."""
    for number, song in enumerate(songs):
        name = f"{song.title} by {song.artist} KARAOKE---{number:011}.mp4"
        (party.songs / name).write_text(str(number))
    party.db.parent.mkdir()
    theirs = KaraokeDatabase(str(party.db))
    LibraryScanner(theirs).scan(str(party.songs))
    subprocess.run(
        [Path(sys.executable).with_name("pikaraoke-enrichment"), "scan", party.songs],
        env=party.environment,
        check=True,
        capture_output=True,
    )
    for song_id, path in party.query("SELECT id, file_path FROM songs"):
        song = songs[int(Path(path).read_text())]
        theirs.execute(
            "UPDATE songs SET artist = ?, title = ?, year = ?, genre = ?, "
            "metadata_status = 'enriched', confidence = 0.95 WHERE id = ?",
            (song.artist, song.title, song.year, song.genre, song_id),
        )
    theirs.execute("DELETE FROM enrichment_queue")
    theirs.close()


class Library:
    """What must be as it is now when all is over: each row's song and what its file holds."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._known = party.query(KNOWN)
        self._held = self._contents()

    def _contents(self) -> dict[int, str]:
        rows = self._party.query("SELECT id, file_path FROM songs")
        return {i: Path(path).read_text() if Path(path).exists() else path for i, path in rows}

    def lost(self) -> list[str]:
        """What is not as it was, in words."""
        said = []
        if known := set(self._known) ^ set(self._party.query(KNOWN)):
            said.append(f"what was known of songs: {sorted(known)[:4]}")
        if held := set(self._held.items()) ^ set(self._contents().items()):
            said.append(f"which file is whose: {sorted(held)[:4]}")
        if len(list(self._party.songs.iterdir())) != len(self._held):
            said.append("files, or there are more than before")
        if self._party.query("PRAGMA integrity_check") != [("ok",)]:
            said.append("the database's integrity")
        return said


# --- presses and kills ----------------------------------------------------------------------------


def start(party: Party) -> subprocess.Popen[bytes]:
    """PiKaraoke with us inside it, and its admin logged in."""
    words = ("--admin-password", PASSWORD, "--splash-delay", "90")
    process = party.start_pikaraoke(*words, inside=True)
    party.post("/auth", admin_password=PASSWORD, next="/enrichment/")
    return process


def press(party: Party, page_of: str, button: str, **sure: str) -> None:
    """Press a button of a page, then the one of the page that asks whether it is meant; all files
    are being renamed then.

    Args:
        sure: what the second button says, nothing where nobody asks.
    """
    status, page = party.get(f"/enrichment/rename{page_of}")
    assert status == 200, page[:500]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, page
    before = job(party).get("batch")
    for said in ({}, sure) if sure else ({},):
        status, page = party.post(f"/enrichment/rename{button}", csrf_token=token[1], **said)
        assert status == 200, page[:500]
    assert job(party).get("batch") != before, page


def job(party: Party) -> dict[str, Any]:
    """The job as it is kept."""
    rows = party.query(JOB)
    return dict(json.loads(rows[0][0])) if rows else {"renamed": 0, "left": 0, "state": ""}


def consumer_of(process: subprocess.Popen[bytes]) -> int:
    """The consumer that PiKaraoke has started as its child, once it is there."""

    def child() -> int:
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for pid in found:
            if b"--until-stdin-closes" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        return 0

    return int(wait_until(child))


def through(
    party: Party, process: subprocess.Popen[bytes], total: int, kills: int
) -> subprocess.Popen[bytes]:
    """Wait for the job's end, killing one or the other on the way; PiKaraoke as it runs then."""
    for kill in range(kills):
        wait_until(lambda at=(kill + 1) * total // (kills + 1): job(party)["renamed"] >= at, 3600)
        if kill % 2:
            process.kill()
            process.wait()
            process = start(party)
        else:
            os.kill(consumer_of(process), signal.SIGKILL)
    wait_until(lambda: job(party)["state"] == "done", 3600)
    return process


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--songs", type=int, default=8000)
    options.add_argument("--kills", type=int, default=3, help="each way")
    given = options.parse_args()
    songs = made_up_songs(given.songs)
    lost: list[str] = []
    with tempfile.TemporaryDirectory() as place, throwing(Path(place)) as party:
        made(party, songs)
        process = start(party)
        before = {path.name for path in party.songs.iterdir()}
        library = Library(party)
        for way in ("renamed", "taken back"):
            began = time.monotonic()
            batch = job(party).get("batch")
            if batch:
                press(party, f"/{batch}", f"/{batch}/undo-all")
            else:
                press(party, "", "/all", sure="yes")
            process = through(party, process, given.songs, given.kills)
            done, seconds = job(party), time.monotonic() - began
            print(
                f"{way}: {done['renamed']} of {given.songs} files, {done['left']} left alone, "
                f"{given.kills} kills, {seconds:.0f} s",
                flush=True,
            )
            lost += library.lost()
            if done["renamed"] != given.songs:
                lost.append(f"{given.songs - done['renamed']} files were not {way}")
            now = {path.name for path in party.songs.iterdir()}
            if (now != before) if batch else (now & before):
                lost.append(f"names: not all were {way}")
        if lost:
            print(party.told()[-5000:])
    print(f"Lost: {'; '.join(lost) or 'nothing'}")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
