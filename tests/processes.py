"""Real processes for the tests of what happens to them; none outlives its test."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from pikaraoke_enrichment import config
from pikaraoke_enrichment.database.urls import is_server


def query(settings: config.Settings, sql: str, *values: Any) -> list[Any]:
    """A look at the songs database past all of our own code."""
    if is_server(settings.db):
        import psycopg

        with psycopg.connect(settings.db, autocommit=True) as server:
            cursor = server.execute(sql.replace("?", "%s"), values)
            return cursor.fetchall() if cursor.description else []
    with closing(sqlite3.connect(settings.db, timeout=10)) as connection, connection:
        return connection.execute(sql, values).fetchall()


def count(settings: config.Settings, status: str = "enriched") -> int:
    """How many songs have this status."""
    found = query(settings, "SELECT count(*) FROM songs WHERE metadata_status = ?", status)
    return int(found[0][0])


def claims(settings: config.Settings) -> int:
    """How many songs are under way."""
    return int(query(settings, "SELECT count(claim) FROM enrichment_queue")[0][0])


def _hear_ctrl_c() -> None:
    # A program that a shell starts in the background is deaf to it, and so are its children.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Command:
    """A command of ours (or `-c` and a program) as a process in a session of its own."""

    def __init__(
        self, settings: config.Settings, *words: str, environment: Mapping[str, str] | None = None
    ) -> None:
        is_shared = is_server(settings.db)
        self._place = settings.db if is_shared else str(Path(settings.db).parent)
        self._lines: list[str] = []
        program = words if words[0] == "-c" else ("-m", "pikaraoke_enrichment", *words)
        self.process = subprocess.Popen(
            [sys.executable, *program],
            env={**settings.whole_environment(), "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=_hear_ctrl_c,
        )
        self.pid = self.process.pid
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        # Into no file: tests take away the disk.
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line)

    @property
    def said(self) -> str:
        """All that it has written so far; once it has ended, to the last word."""
        if self.process.poll() is not None:
            self._reader.join(5)
        return "".join(self._lines)

    def send(self, signum: int) -> None:
        """Send it a signal."""
        self.process.send_signal(signum)

    def wait(self, seconds: float = 30.0) -> int:
        """Wait for its end; its exit status."""
        return self.process.wait(seconds)

    def end(self) -> int:
        """End it as systemd does; its exit status."""
        self.send(signal.SIGTERM)
        return self.wait()

    def children(self) -> list[int]:
        """All processes of its session that live, but itself."""
        found = []
        for place in Path("/proc").iterdir():
            if place.name.isdigit() and int(place.name) != self.pid:
                found += [int(place.name)] if self._descends(place) else []
        return found

    def _descends(self, place: Path) -> bool:
        """Whether a process was given this one's environment, which names its database."""
        try:
            words = (place / "environ").read_bytes()
            state = (place / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state != "Z" and f"ENRICHMENT_DB={self._place}".encode() in words

    def clean_up(self) -> None:
        """Leave nothing behind."""
        for pid in [self.pid, *self.children()]:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                continue
        self.process.wait(10)

    def memory(self) -> float:
        """Resident memory in MB."""
        text = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", text)
        return int(found[1]) / 1024 if found else 0.0
