"""A party for tests: a home folder with songs, the real PiKaraoke, and us beside it or inside."""

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
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from polling import wait_until

from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer

NEEDED = [
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Visitor:
    """Somebody's browser without a screen, at one address; it keeps its cookies."""

    def __init__(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        self.base = ""

    def address(self, path: str) -> str:
        return f"{self.base}{path}"

    def get(self, path: str) -> tuple[int, str]:
        return self._open(urllib.request.Request(self.address(path)))

    def post(self, path: str, **fields: str | list[str]) -> tuple[int, str]:
        body = urllib.parse.urlencode(fields, doseq=True).encode()
        return self._open(urllib.request.Request(self.address(path), data=body))

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        request.add_header("Accept", "text/html")
        try:
            with self._opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, f"{type(error).__name__}: {error}"


class Party(Visitor):
    """A home folder with songs, and the programs that run on it."""

    def __init__(self, place: Path, api: ApiServer) -> None:
        super().__init__()
        self.api = api
        self.songs = place / "songs"
        self.songs.mkdir()
        self.db = place / ".pikaraoke" / "pikaraoke.db"
        self.config = place / ".pikaraoke" / "config.ini"
        self.log = place / "log"
        self.programs = Path(sys.executable).parent
        self._running: list[subprocess.Popen[bytes]] = []
        urls = {f"{name}_URL": api.url for name in ("LASTFM", "MUSICBRAINZ", "ITUNES")}
        rates = {f"{name}_RATE": "200" for name in ("LASTFM", "MUSICBRAINZ", "ITUNES")}
        kept = {name: text for name, text in os.environ.items() if "ENRICHMENT" not in name}
        home = {"HOME": str(place), "LASTFM_API_KEY": "a-key"}
        self.environment = {**kept, **urls, **rates, **home}

    # --- programs ---------------------------------------------------------------------------------

    def start(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        command = [str(self.programs / program), *words]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        self._running.append(process)
        return process

    def start_pikaraoke(self, *words: str, inside: bool = False) -> subprocess.Popen[bytes]:
        """PiKaraoke itself, or by our command, until it answers."""
        own = ["--headless", "--skip-ytdl-upgrade", "-p", str(port := _free_port())]
        own += ["-d", str(self.songs)]
        base_path = words[words.index("--base-path") + 1] if "--base-path" in words else ""
        self.base = f"http://127.0.0.1:{port}{base_path}"
        self.environment["ENRICHMENT_PIKARAOKE_URL"] = self.base
        program = ["pikaraoke-enrichment", "pikaraoke"] if inside else ["pikaraoke"]
        process = self.start(*program, *own, *words)
        try:
            wait_until(lambda: process.poll() is not None or self.get("/now_playing")[0] == 200, 60)
        except AssertionError:
            pytest.skip(f"PiKaraoke does not start here: {self.told()[-2000:]}")
        if process.poll() is not None:
            pytest.skip(f"PiKaraoke does not start here: {self.told()[-2000:]}")
        return process

    def welcome_guests(self, *names: str) -> None:
        """Start PiKaraoke with us inside it, open to guests, with these files; wait for answers."""
        self.config.parent.mkdir(exist_ok=True)
        self.config.write_text("[ENRICHMENT]\nguests = yes\n")
        for name in names:
            self.drop(name)
        self.start_pikaraoke("--admin-password", "geheim", "--splash-delay", "90", inside=True)
        wait_until(lambda: self.enriched() == len(names))

    def start_consumer(self) -> subprocess.Popen[bytes]:
        return self.start("pikaraoke-enrichment", "run", "--no-dashboard")

    def start_dashboard(self) -> Visitor:
        """The dashboard alone, and who looks at it."""
        port = _free_port()
        self.start("pikaraoke-enrichment", "dashboard", "--port", str(port))
        visitor = Visitor()
        visitor.base = f"http://127.0.0.1:{port}"
        wait_until(lambda: visitor.get("/enrichment/healthz")[0] == 200)
        return visitor

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

    def query(self, sql: str, *values: Any) -> list[Any]:
        with contextlib.closing(sqlite3.connect(self.db, timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()

    def drop(self, name: str) -> Path:
        path = self.songs / name
        path.touch()
        return path

    def film(self, name: str) -> Path:
        """A file that PiKaraoke can play, half a minute long."""
        path = self.songs / name
        picture = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=5", "-f", "lavfi", "-i", "sine"]
        words = ["ffmpeg", "-loglevel", "error", *picture, "-t", "30", "-pix_fmt", "yuv420p"]
        subprocess.run([*words, str(path)], check=True, timeout=60)
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


@contextlib.contextmanager
def throwing(place: Path) -> Iterator[Party]:
    """A party whose programs end with it, and which none of them may have spoilt."""
    with ApiServer(Catalogue(SONGS)) as api:
        made = Party(place, api)
        try:
            yield made
        finally:
            made.end()
    told = made.told()
    assert "Traceback" not in told, told
    assert "database is locked" not in told
