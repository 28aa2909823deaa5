"""Real servers for the tests of several machines: private ones on the loopback, in temp folders."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, cast
from uuid import uuid4

import pytest

# What .ci/servers runs the integration tests on.
STORE = os.environ.get("ENRICHMENT_TEST_STORE", "files")
queue_in_file = pytest.mark.skipif(STORE != "files", reason="looks into the queue's own file")
songs_in_file = pytest.mark.skipif(STORE == "postgresql", reason="is about SQLite's file")
# Signs that a URL must spell out, so that every test proves that they are.
PASSWORD, IN_URL = "open/se:same", "open%2Fse%3Asame"


def find(*names: str) -> str | None:
    """The first of these programs that is installed; Debian keeps PostgreSQL's off the path."""
    places = [str(place) for place in sorted(Path("/usr/lib/postgresql").glob("*/bin"))[::-1]]
    path = os.pathsep.join([os.environ.get("PATH", ""), *places])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)


class Server:
    """One server process in a folder of its own; both are gone afterwards."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="enrichment-test-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Any:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def missing() -> str:
        """What is not installed here, "" when all is."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it, or start it again, and wait until it answers."""
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            self._command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/"
        )
        log.close()
        end = time.monotonic() + 60
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        """End it at once, whatever is under way."""
        if self._process is not None:
            os.kill(self._pid(), signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def _pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _answers(self) -> bool:
        raise NotImplementedError


class Redis(Server):
    """redis-server, which forgets everything when it ends."""

    @staticmethod
    def missing() -> str:
        """What is not installed here, "" when all is."""
        return "" if find("redis-server") and _has("redis") else "redis-server or package redis"

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://:{IN_URL}@127.0.0.1:{self.port}/0"

    def fresh(self) -> str:
        """The URL of an empty database on it."""
        self._client().flushall()
        return self.url

    def _command(self) -> list[str]:
        where = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        forgets = ["--save", "", "--appendonly", "no"]
        return [str(find("redis-server")), *where, *forgets, "--requirepass", PASSWORD]

    def _client(self) -> Any:
        import redis

        return redis.Redis.from_url(self.url)

    def _answers(self) -> bool:
        import redis

        try:
            return bool(self._client().ping())
        except redis.ConnectionError:
            return False


class Postgres(Server):
    """A PostgreSQL cluster; a database of its own for each test."""

    @staticmethod
    def missing() -> str:
        """What is not installed here, "" when all is."""
        return "" if find("initdb") and _has("psycopg") else "PostgreSQL or package psycopg"

    def __init__(self) -> None:
        super().__init__()
        self._data = self.folder / "data"
        word = self.folder / "word"
        word.write_text(PASSWORD)
        if os.geteuid() == 0:  # it refuses to run as root
            for place in (self.folder, word):
                shutil.chown(place, "postgres", "postgres")
        how = ["-U", "venue", "-A", "scram-sha-256", "--pwfile", str(word), "-E", "UTF8"]
        subprocess.run(
            [*self._as_user(), str(find("initdb")), "-D", str(self._data), "-N", *how],
            check=True,
            capture_output=True,
            cwd="/",
        )

    def url(self, name: str) -> str:
        """Where one of its databases is."""
        return f"postgresql://venue:{IN_URL}@127.0.0.1:{self.port}/{name}"

    def fresh(self) -> str:
        """The URL of a new database on it."""
        name = f"t{uuid4().hex[:12]}"
        self.run("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def run(self, name: str, statement: str) -> list[Any]:
        """Run a statement past all of our own code."""
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _command(self) -> list[str]:
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "fsync": "off",
            "log_min_messages": "fatal",
        }
        words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        return [*self._as_user(), str(find("postgres")), "-D", str(self._data), *words]

    @staticmethod
    def _as_user() -> list[str]:
        return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def _pid(self) -> int:
        # Its own process, not the one that changed the user.
        return int((self._data / "postmaster.pid").read_text().split()[0])

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


def _has(module: str) -> bool:
    return find_spec(module) is not None


class Servers:
    """The servers of one test run, each started when it is first needed."""

    def __init__(self) -> None:
        self._running: dict[type[Server], Server] = {}

    def redis(self) -> Redis:
        """The Redis server; skips the test where none is installed."""
        return cast(Redis, self._get(Redis))

    def postgresql(self) -> Postgres:
        """The PostgreSQL server; skips the test where none is installed."""
        return cast(Postgres, self._get(Postgres))

    def _get(self, kind: type[Server]) -> Server:
        if kind not in self._running:
            if missing := kind.missing():
                pytest.skip(f"not installed here: {missing}")
            self._running[kind] = kind().__enter__()
        return self._running[kind]

    def end(self) -> None:
        """End them all."""
        for server in self._running.values():
            server.__exit__(None, None, None)
