"""Huey's messages in a SQLite file: what one machine needs."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from huey.constants import EmptyData
from huey.storage import SqliteStorage

from ...database.files import identity
from ...database.sqlite import in_a_hurry
from ...system.file_lock import FileLock
from .storage import Message
from .table import Lane

ERRORS = (sqlite3.Error,)


class QueueFile(SqliteStorage):  # type: ignore[misc]
    """Huey's SQLite file, written without a wait for the disk: losing its tail costs nothing."""

    identity: tuple[int, int] | None = None
    is_damaged = False

    def __init__(self, name: str, path: Path, patience: float) -> None:
        self.path = path
        # "rw" never makes a file: SQLite would take what lies beside it for its own.
        uri = f"{path.absolute().as_uri()}?mode=rw"
        super().__init__(name, filename=uri, timeout=patience, cache_mb=1, uri=True)
        self.lock = threading.RLock()  # of the one connection; Huey's own cannot be taken twice

    def _create_connection(self) -> sqlite3.Connection:
        with suppress(OSError):  # SQLite says better what is wrong
            # An empty file where there is none, and beside it nothing of one that was deleted.
            if not self.path.exists():
                with _alone(self.path):
                    if not self.path.exists():
                        _drop_side_files(self.path)
                        self.path.touch(exist_ok=False)
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("pragma synchronous=normal")
        # KiB for each thread's connection; tasks are small and taken one by one.
        connection.execute("pragma cache_size=-128")
        return connection

    @contextmanager
    def db(self, *words: Any, **options: Any) -> Iterator[sqlite3.Cursor]:
        with self._noting_damage(), super().db(*words, **options) as cursor:
            yield cursor

    @contextmanager
    def _noting_damage(self) -> Iterator[None]:
        """Whoever meets damage may be the only one: with its table overwritten and its index whole,
        the queue was never found empty, and no task could ever be taken from it."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            self.is_damaged |= is_damage(error)
            raise

    def take(self, lane: Lane) -> bytes | None:
        of_lane = "from task where queue = ? and priority > ? and priority <= ?"
        what = (self.name, *lane)
        # A glance first, as Huey does: it takes no lock from who waits for an empty queue.
        if not self.sql(f"select 1 {of_lane} limit 1", what, results=True):
            return None
        with self.db(commit=True) as cursor:
            cursor.execute(f"select id, data {of_lane} order by priority desc, id limit 1", what)
            found = cursor.fetchone()
            if found is not None:
                cursor.execute("delete from task where id = ?", (found[0],))
            return found[1] if found is not None else None

    def is_empty(self) -> bool:
        return not self._finds("select 1 from task where queue = ? limit 1", self.name)

    def read_schedule(self, ts: datetime) -> list[bytes]:
        """Huey's, which takes the file's lock once a second, whether a task is due or not."""
        due = "select 1 from schedule where queue = ? and timestamp <= ? limit 1"
        if not self._finds(due, self.name, ts.timestamp()):
            return []
        found: list[bytes] = super().read_schedule(ts)
        return found

    def _finds(self, query: str, *values: Any) -> bool:
        # An idle consumer's commonest deed: Huey's way round it takes a third longer.
        with self.lock, self._noting_damage():
            return self.conn.execute(query, values).fetchone() is not None

    def pop_data(self, key: str) -> Any:
        """Huey's, which takes the file's lock after every task to forget that it was revoked: here
        none is, so a glance does."""
        return super().pop_data(key) if self.has_data_for_key(key) else EmptyData

    def deliver(self, messages: Iterable[Message], *, anew: bool) -> None:
        with self.db(commit=True) as cursor:
            if anew:
                for table in ("task", "schedule"):
                    cursor.execute(f"delete from {table} where queue = ?", (self.name,))
            for data, priority, eta in messages:
                if eta is None:
                    cursor.execute(
                        "insert into task (queue, data, priority) values (?, ?, ?)",
                        (self.name, memoryview(data), priority),
                    )
                else:
                    cursor.execute(
                        "insert into schedule (queue, data, timestamp) values (?, ?, ?)",
                        (self.name, memoryview(data), eta.timestamp()),
                    )

    @contextmanager
    def in_a_hurry(self, patience: float) -> Iterator[None]:
        # All threads share the connection: while one delivers, no other may change how it waits.
        if not self.lock.acquire(timeout=patience):
            raise sqlite3.OperationalError("the queue file is locked by another thread")
        try:
            with in_a_hurry(self.conn, patience):
                yield
        finally:
            self.lock.release()

    def is_gone(self) -> bool:
        return self.is_damaged or self.identity is None or identity(self.path) != self.identity


def open_storage(name: str, path: str, patience: float) -> QueueFile:
    """The file at `path`, made where there is none, also where it is deleted in this moment: SQLite
    then has the file, looks for it by name to lay its log beside it, and says "disk I/O error"."""
    before = identity(path)
    try:
        return _opened(name, Path(path), patience)
    except sqlite3.OperationalError:
        if before is not None and identity(path) == before:
            raise
    return _opened(name, Path(path), patience)


def _opened(name: str, path: Path, patience: float) -> QueueFile:
    storage = QueueFile(name, path, patience)
    storage.identity = identity(path)
    return storage


def is_damage(error: Exception) -> bool:
    """Whether a file is no database any more; a lock and a full disk pass."""
    return not isinstance(error, sqlite3.OperationalError)


def mend(place: str) -> Path | None:
    """Move a damaged file aside; returns where to, None where it was sound or gone."""
    path = Path(place)
    with _alone(path):
        if not path.exists() or _is_sound(path):
            return None
        aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%S')}")
        path.rename(aside)
        _drop_side_files(path)
    return aside


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else makes this file anew or moves it meanwhile: SQLite finds its side files by name,
    and two consumers whose file was deleted were seen to spoil each other's."""
    folder = Path(f"{path}.consumers")
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "making"):
        yield


def _drop_side_files(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _is_sound(path: Path) -> bool:
    """SQLite's own check, of the indexes as well: a task is found by one."""
    try:
        connection = sqlite3.connect(path, timeout=30)
        try:
            return bool(connection.execute("pragma integrity_check(1)").fetchone()[0] == "ok")
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return True  # locked or full: no reason to throw it away
    except sqlite3.DatabaseError:
        return False
