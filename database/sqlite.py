"""The songs database as a SQLite file: PiKaraoke's own, or one that we made like it; and such a
file looked at from outside: whether it is sound, may be written, what is in it, a copy of it."""

from __future__ import annotations

import glob
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from peewee import OperationalError, SqliteDatabase

from ..exceptions import LibraryError
from .files import identity, open_to_read, uri_of

# Full text of the list. No trigger writes it: PiKaraoke's own writes must not depend on it.
SEARCH = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS enrichment_search "
    "USING fts5(artist, title, name, tokenize = 'unicode61', prefix = '1 2 3')",
)


# Empty a write-ahead log of more bytes than this (SQLite writes it back from 4 MB on), and keep
# writers waiting for that no longer than this, in seconds.
LONGEST_LOG, TIDY_PATIENCE = 12_000_000, 0.05


# Text that is no UTF-8, as another program may have left it, would end the whole query.
_READ_TEXT = partial(str, encoding="utf-8", errors="replace")


# A backup that nobody has written to for this long, in seconds, was killed.
UNFINISHED_AFTER = 600.0


class SongsFile(SqliteDatabase):
    """A SQLite database that notes for each thread which file it has opened."""

    search_schema = SEARCH
    real = "REAL"
    # This sign before a column keeps a query from that column's index.
    no_index = "+"
    is_shared = False

    def __init__(
        self, path: str, patience: float, durable: bool, check: Callable[[], None]
    ) -> None:
        """Nothing is opened yet; see `open_library`.

        Args:
            check: raises where the file at `path` is not ours to write; asked again before a
                connection is made to another file than the one before.
        """
        self.path = str(Path(path).absolute())
        self._check = check
        self._checked: tuple[int, int] | None = None
        super().__init__(
            uri_of(path),
            uri=True,
            timeout=patience,
            # Statements that each connection keeps ready. A song takes some twenty; of Python's own
            # 128 most were lists of songs, each of another length and up to 20 KB: 6 MB of the
            # consumer's 50.
            cached_statements=128 if durable else 24,
            pragmas={
                "journal_mode": "wal",
                "foreign_keys": 1,
                "synchronous": "full" if durable else "normal",
                # KiB for each thread's connection: the consumer has six, and reads songs by their
                # ids.
                "cache_size": -4000 if durable else -128,
            },
        )

    def _connect(self) -> Any:
        # The check comes before the connection, because turning on WAL writes to the file.
        found = identity(self.path)
        if found is not None and found != self._checked:
            self._checked = None  # a new file may get the inode of one that is gone
            self._check()
            self._checked = found
        connection = super()._connect()  # type: ignore[misc]
        connection.text_factory = _READ_TEXT
        _opened.identity = identity(self.path)
        return connection

    def rollback(self) -> None:
        """Peewee's; a full disk has SQLite end the transaction by itself, and there is nothing left
        to roll back: the error told was "no transaction is active"."""
        if self.connection().in_transaction:
            super().rollback()

    def execute_sql(self, sql: Any, params: Any = None) -> Any:
        """Peewee's; see `rollback`."""
        try:
            return super().execute_sql(sql, params)
        except OperationalError:
            is_rollback = isinstance(sql, str) and sql.startswith("ROLLBACK TO")
            if is_rollback and not self.connection().in_transaction:
                return None
            raise

    def is_at(self, place: str, patience: float) -> bool:
        """Whether this is the database at `place`, opened with this patience."""
        return bool(self.database == uri_of(place) and self.timeout == patience)

    def is_replaced(self) -> bool:
        """Whether another file stands where this thread's was (a backup was put back); the thread
        then lets go of the old one.

        Raises:
            LibraryError: no file stands there any more.
        """
        found = identity(self.path)
        if found is None:
            raise LibraryError(f"the songs database {self.path} is gone: put it back, or its drive")
        if self.is_closed() or found == _opened.identity:
            return False
        self.close()
        return True

    def news(self) -> object:
        """A value that changes once anybody else has written."""
        return self.execute_sql("PRAGMA data_version").fetchone()[0]

    def now(self) -> float:
        """The time by which all who share this database go: this machine's."""
        return time.time()

    def in_a_hurry(self, patience: float) -> Any:
        """Inside, this thread waits `patience` seconds for other writers, and for no disk."""
        return in_a_hurry(self.connection(), patience)

    def in_bulk(self) -> Any:
        """Inside, this thread writes much that can be found again, and waits for no disk."""
        return _set_to(self.connection(), _BULKY)

    def tidy(self) -> None:
        """Empty the write-ahead log where it has grown long, unless somebody reads from it now.

        SQLite begins it anew by itself, but only in a moment in which nobody reads: with a library
        of 50,000 songs, some thread mostly did, and 43 MB were seen.
        """
        log = Path(f"{self.path}-wal")
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            with in_a_hurry(self.connection(), TIDY_PATIENCE):
                self.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def column_names(self, table: str) -> set[str]:
        """The columns of a table, none where there is no such table."""
        return {row[1] for row in self.execute_sql(f'PRAGMA table_info("{table}")')}

    def ddl(self, statements: str) -> Iterator[str]:
        """PiKaraoke's schema, as this database spells it."""
        yield from statements.split(";")


class _Opened(threading.local):
    """Which file this thread's connection was opened on, as device and inode."""

    identity: tuple[int, int] | None = None


_opened = _Opened()


def damage(path: str) -> str | None:
    """What SQLite's quick check finds wrong with a file; None where it is sound, or cannot be asked
    just now. It reads the whole file and writes nothing."""
    try:
        with closing(open_to_read(path)) as connection:
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError as error:
        said = str(error)
    return None if said == "ok" else " ".join(said.split())


def unwritable(path: str) -> str | None:
    """What this user may not write of all that SQLite writes: the file, its log, and the folder in
    which it makes that; None where nothing is in the way."""
    for each in (path, f"{path}-wal", f"{path}-shm", str(Path(path).absolute().parent)):
        if os.path.exists(each) and not os.access(each, os.W_OK):
            return each
    return None


def look_into(path: str, patience: float) -> tuple[Collection[str], set[str], int]:
    """What is in a file before it is opened: its tables, the columns of songs, our schema version.

    Through a plain connection: ours turns on WAL, which writes to the file.
    """
    plain = sqlite3.connect(uri_of(path), uri=True, timeout=patience)
    try:
        names = {name for (name,) in plain.execute("SELECT name FROM sqlite_master")}
        columns = {row[1] for row in plain.execute("PRAGMA table_info(songs)")}
        version = 0
        if "enrichment_state" in names:
            ours = "SELECT value FROM enrichment_state WHERE key = 'schema_version'"
            version = int((plain.execute(ours).fetchone() or [0])[0])
    finally:
        plain.close()
    return names, columns, version


def back_up(path: str, why: str = "before-enrichment") -> Path:
    """Copy a database beside itself with SQLite's backup API, while others use it.

    Through a connection of its own: one that has begun to write gives no copy.

    Returns:
        The copy, named after the moment: pikaraoke.db.before-enrichment-20261122T201500
    """
    copy = Path(f"{path}.{why}-{time.strftime('%Y%m%dT%H%M%S')}")
    begun = Path(f"{copy}.part")  # what was not copied to its end is taken for no backup
    for left in copy.absolute().parent.glob(f"{glob.escape(Path(path).name)}.*.part*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > UNFINISHED_AFTER:
                left.unlink()
    begun.touch(mode=0o600)
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(begun)) as target:
            source.backup(target)
        # Who may read the original may read its copy, and nobody else.
        found = os.stat(path)
        with suppress(OSError):  # only root gives a file to somebody else
            os.chown(begun, found.st_uid, found.st_gid)
        begun.chmod(stat.S_IMODE(found.st_mode))
        begun.replace(copy)
    finally:
        begun.unlink(missing_ok=True)
    return copy


# Settings of a connection in a hurry. The next writer tidies up the write-ahead log; the next look
# at the library finds again what a power cut takes back.
_HURRIED = {"synchronous": 1, "wal_autocheckpoint": 0}
# Settings of a connection that writes thousands of songs. SQLite keeps a statement's undo in a
# file, to which a hundred songs wrote more than a megabyte; in memory that is a few pages. The log
# stays short, because the one that tidies up a long log may be PiKaraoke.
_BULKY = {"synchronous": 1, "temp_store": 2}


@contextmanager
def in_a_hurry(connection: sqlite3.Connection, patience: float) -> Iterator[None]:
    """Inside, a connection waits `patience` seconds for SQLite's lock, and for no disk."""
    with _set_to(connection, {"busy_timeout": round(patience * 1000), **_HURRIED}):
        yield


@contextmanager
def _set_to(connection: sqlite3.Connection, settings: dict[str, int]) -> Iterator[None]:
    before = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in settings}
    _set(connection, settings)
    try:
        yield
    finally:
        _set(connection, before)


def _set(connection: sqlite3.Connection, settings: dict[str, int]) -> None:
    for name, value in settings.items():
        connection.execute(f"PRAGMA {name} = {value}")
