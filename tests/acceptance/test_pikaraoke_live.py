"""The real PiKaraoke program, started as people start it, with us beside it and inside it."""

from __future__ import annotations

import contextlib
import http.cookiejar
import importlib.util
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import find, says, within

from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("pikaraoke") is None,
        reason="PiKaraoke is not installed: pip install pikaraoke",
    ),
    pytest.mark.skipif(
        shutil.which("ffmpeg") is None,
        reason="PiKaraoke starts only where ffmpeg is: install ffmpeg to run these",
    ),
]
SONGS = made_up_songs(12)
NAMES = [
    f"{song.artist} - {song.title} (Karaoke)---{'a' * 9}{n:02}.mp4" for n, song in enumerate(SONGS)
]


def wait_until(condition: Callable[[], Any], seconds: float = 40.0) -> Any:
    """Poll until the condition holds; fails when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


class Party:
    """A home folder with songs, and the programs that run on it."""

    def __init__(self, place: Path, api: ApiServer) -> None:
        self.api = api
        self.songs = place / "songs"
        self.songs.mkdir()
        self.db = place / ".pikaraoke" / "pikaraoke.db"
        self.log = place / "log"
        self._base_path = ""
        self._running: list[subprocess.Popen[bytes]] = []
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._browser = urllib.request.build_opener(jar)
        urls = {f"{name}_URL": api.url for name in ("LASTFM", "MUSICBRAINZ", "ITUNES")}
        rates = {f"{name}_RATE": "200" for name in ("LASTFM", "MUSICBRAINZ", "ITUNES")}
        kept = {name: text for name, text in os.environ.items() if "ENRICHMENT" not in name}
        home = {"HOME": str(place), "LASTFM_API_KEY": "a-key"}
        self._environment = {**kept, **urls, **rates, **home}

    # --- programs ---------------------------------------------------------------------------------

    def start(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        command = [str(Path(sys.executable).with_name(program)), *words]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        self._running.append(process)
        return process

    def start_pikaraoke(self, *words: str, inside: bool = False) -> subprocess.Popen[bytes]:
        """PiKaraoke itself, or by our command, until it answers."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        own = ["--headless", "--skip-ytdl-upgrade", "-p", str(self._port), "-d", str(self.songs)]
        self._environment["ENRICHMENT_PIKARAOKE_URL"] = f"http://127.0.0.1:{self._port}"
        program = ["pikaraoke-enrichment", "pikaraoke"] if inside else ["pikaraoke"]
        process = self.start(*program, *own, *words)
        self._base_path = words[words.index("--base-path") + 1] if "--base-path" in words else ""
        try:
            wait_until(lambda: process.poll() is not None or self.get("/now_playing")[0] == 200, 60)
        except AssertionError:
            pytest.skip(f"PiKaraoke does not start here: {self.told()[-2000:]}")
        if process.poll() is not None:
            pytest.skip(f"PiKaraoke does not start here: {self.told()[-2000:]}")
        return process

    def start_consumer(self) -> subprocess.Popen[bytes]:
        return self.start("pikaraoke-enrichment", "run", "--no-dashboard")

    def told(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def end(self) -> None:
        for process in reversed(self._running):
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    # --- looking and doing ------------------------------------------------------------------------

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}{self._base_path}{path}"

    def get(self, path: str) -> tuple[int, str]:
        return self._open(urllib.request.Request(self.address(path)))

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        body = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self.address(path), data=body))

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        request.add_header("Accept", "text/html")
        try:
            with self._browser.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def query(self, sql: str, *values: Any) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.db, timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()

    def drop(self, name: str) -> Path:
        path = self.songs / name
        path.touch()
        return path

    def sync(self) -> None:
        assert json.loads(self.post("/sync_library")[1])["status"] == "started"

    def status_of(self, name: str) -> str | None:
        sql = "SELECT metadata_status FROM songs WHERE file_path = ?"
        rows = self.query(sql, str(self.songs / name))
        return rows[0][0] if rows else None

    def enriched(self) -> int:
        sql = "SELECT count(*) FROM songs WHERE metadata_status = 'enriched'"
        return int(self.query(sql)[0][0])


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Party]:
    with ApiServer(Catalogue(SONGS)) as api:
        made = Party(tmp_path, api)
        yield made
        made.end()
    told = made.told()
    assert "Traceback" not in told, told
    assert "database is locked" not in told


def test_a_dropped_file_is_enriched_and_shown_inside(party: Party) -> None:
    """Our command, PiKaraoke's own --base-path and admin password, "sync" by its own API."""
    party.drop(NAMES[0])
    ours = party.start_pikaraoke(
        "--base-path", "/karaoke", "--admin-password", "geheim", inside=True
    )
    assert 'id="enrichment"' not in party.get("/")[1], "guests see no link"
    assert party.get("/enrichment/")[0] == 403
    assert party.post("/auth", admin_password="geheim", next="/karaoke/enrichment/")[0] == 200
    assert 'href="/karaoke/enrichment/"' in party.get("/")[1]

    party.drop(NAMES[1])
    party.sync()
    wait_until(lambda: party.status_of(NAMES[1]) == party.status_of(NAMES[0]) == "enriched")
    status, page = party.get("/enrichment/songs")
    assert status == 200
    assert SONGS[1].title in page
    wait_until(lambda: json.loads(party.get("/enrichment/progress")[1])["enriched"] == 2)

    ours.kill()  # nobody can say goodbye
    ours.wait()
    left = party.query("SELECT value FROM enrichment_state WHERE key = 'worker_running'")
    assert left == [("1",)]
    locks = party.db.parent / "pikaraoke-enrichment-queue.db.consumers"
    wait_until(lambda: not list(locks.glob("*.lock")))  # the consumer ended by itself, and cleanly


def test_a_singers_song_goes_first(party: Party) -> None:
    """What stands in PiKaraoke's queue is looked up before the backlog, also beside it."""
    for name in NAMES:
        party.drop(name)
    party.start_pikaraoke()
    party.api.latency = 0.4
    chosen = party.query("SELECT file_path FROM songs ORDER BY id DESC LIMIT 1")[0][0]
    said = json.loads(party.post("/enqueue", song_to_add=chosen, song_added_by="Ann")[1])
    assert said["success"][0] is True
    party._environment["LASTFM_RATE"] = "2"
    party.start_consumer()
    wait_until(lambda: party.status_of(Path(chosen).name) == "enriched")
    assert party.enriched() < len(NAMES), "and not last, as its place in the backlog was"


def test_a_rename_and_a_deletion_while_their_look_up_is_under_way(party: Party) -> None:
    renamed, deleted = party.drop(NAMES[2]), party.drop(NAMES[3])
    party.start_pikaraoke()
    number = party.query("SELECT id FROM songs WHERE file_path = ?", str(renamed))[0][0]
    party.api.latency = 3.0
    party.start_consumer()
    wait_until(lambda: len(party.api.requests) >= 2)

    better = f"{SONGS[4].artist} - {SONGS[4].title}"
    party.post("/files/edit", old_file_name=str(renamed), new_file_name=better)
    party.post(f"/files/delete?{urllib.parse.urlencode({'song': str(deleted)})}")
    assert not renamed.exists()
    assert not deleted.exists()
    party.api.latency = 0.0
    row = "SELECT artist, title FROM songs WHERE id = ? AND metadata_status = 'enriched'"
    wanted = [(SONGS[4].artist, SONGS[4].title)]
    wait_until(lambda: party.query(row, number) == wanted)
    wait_until(lambda: not party.query("SELECT 1 FROM enrichment_queue"))
    assert party.query("SELECT count(*) FROM songs") == [(1,)]


def test_pikaraoke_stopped_and_started_during_a_run(party: Party) -> None:
    for name in NAMES:
        party.drop(name)
    first = party.start_pikaraoke()
    party.api.latency = 0.3
    party._environment["ENRICHMENT_WORKERS"] = "1"
    party.start_consumer()
    wait_until(lambda: party.enriched() >= 2)
    first.terminate()
    first.wait(20)
    party.start_pikaraoke()
    party.sync()
    wait_until(lambda: party.enriched() == len(NAMES))
    assert party.query("PRAGMA integrity_check") == [("ok",)]


def test_the_launchers_page_in_a_browser_through_pikaraokes_log_in(
    party: Party, browser: Any
) -> None:
    party.drop(NAMES[5])
    party.start_pikaraoke("--admin-password", "geheim", inside=True)
    browser.get(party.address("/info"))
    field = find(browser, "form[action$='auth'] [type=password]")
    browser.execute_script("arguments[0].value = 'geheim'; arguments[0].form.submit()", field)
    browser.get(within(lambda: find(browser, "#enrichment").get_attribute("href")))
    within(lambda: says(browser, "Song enrichment", css="h1"))
    assert find(browser, "#pikaraoke-menu"), "it stands in PiKaraoke's own frame"
    wait_until(lambda: party.status_of(NAMES[5]) == "enriched")
    browser.get(party.address("/enrichment/songs"))
    within(lambda: says(browser, SONGS[5].title))
