"""The songs database on a PostgreSQL server, which several machines share.

Our statements are written for SQLite, one writer at a time; here is what makes them hold there.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from peewee import PostgresqlDatabase
from peewee import __exception_wrapper__ as as_peewees  # type: ignore[attr-defined]

# Our locks on the server: the writer's, and each consumer's (with a number of its own).
WRITER, CONSUMERS = 0x656E7269, 0x636F6E73
# Seconds after which the server's clock is read anew.
CLOCK_HOLDS = 60.0
# A connection that a dead network took away is given up after 40 seconds, also one that has written
# and waits for the server to take it (in milliseconds).
STILL_THERE: dict[str, Any] = {
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 40_000,
}

# Spellings that turn PiKaraoke's schema into PostgreSQL's. Times are UTC text; text is compared by
# code points, as SQLite does: paths are looked for from one folder's name to the next.
_SPELLINGS = (
    (r"\bINTEGER PRIMARY KEY AUTOINCREMENT\b", "SERIAL PRIMARY KEY"),
    (r"\bTEXT\b", 'TEXT COLLATE "C"'),
    (r"\bDEFAULT CURRENT_TIMESTAMP\b", "DEFAULT to_char(now() AT TIME ZONE 'UTC', {form})"),
    (r" COLLATE NOCASE\b", ""),
    (r"(?m)^PRAGMA .*$", ""),
)
_FORM = "'YYYY-MM-DD HH24:MI:SS'"
# The server tells followers of the library when its songs, its queue or a wish has changed. It
# tells nothing of a statement that found no row: two idle consumers would wake each other for ever.
_NEWS = """
CREATE FUNCTION enrichment_tell() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN NOTIFY enrichment_news; RETURN NULL; END'
"""
_TELLING = """
CREATE TRIGGER enrichment_tell AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION enrichment_tell()
"""
SEARCH = (
    "CREATE TABLE IF NOT EXISTS enrichment_search ("
    "song_id INTEGER PRIMARY KEY REFERENCES songs ON DELETE CASCADE, words TSVECTOR NOT NULL)",
    "CREATE INDEX IF NOT EXISTS enrichment_search_words ON enrichment_search USING gin (words)",
    _NEWS,
    *(_TELLING.format(table=name) for name in ("songs", "enrichment_queue", "enrichment_state")),
)


class _Cursor(psycopg.ClientCursor[Any]):  # type: ignore[misc]
    """A cursor that takes SQLite's placeholders. It puts the values in by itself: where a parameter
    stands for a column's expression twice, the server would take it for two different ones."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        return super().execute(_spelt(query), _held(params) if params else None, **options)

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        super().executemany(_spelt(query), [_held(row) for row in params_seq], **options)


def _held(values: Iterable[Any]) -> list[Any]:
    """Values without the NUL that a stranger's answer may contain and no text here can hold."""
    return [value.replace("\0", "") if isinstance(value, str) else value for value in values]


def _spelt(query: str) -> str:
    # Peewee's own questions about tables are written for this database.
    return query.replace("%", "%%").replace("?", "%s") if "?" in query else query


class SongsServer(PostgresqlDatabase):
    """A PostgreSQL database with one writer at a time, where SQLite has one."""

    param = "?"
    field_types = {  # noqa: RUF012
        **PostgresqlDatabase.field_types,
        "TEXT": 'TEXT COLLATE "C"',
        "FLOAT": "DOUBLE PRECISION",
    }
    search_schema = SEARCH
    real = "DOUBLE PRECISION"
    # The server knows by itself which index to take.
    no_index = ""
    is_shared = True

    def __init__(self, url: str, patience: float, durable: bool) -> None:
        """Nothing is opened yet; see `open_library`."""
        self.patience, self._durable = patience, durable
        self._heard = _Heard()
        self._clock = (0.0, -CLOCK_HOLDS)
        super().__init__(
            url,
            prefer_psycopg3=True,
            cursor_factory=_Cursor,
            connect_timeout=max(2, round(patience)),
            **STILL_THERE,
        )

    def _initialize_connection(self, conn: Any) -> None:
        conn.execute(f"SET lock_timeout = {round(self.patience * 1000)}")
        if not self._durable:
            conn.execute("SET synchronous_commit = off")

    def cursor(self, named_cursor: str | None = None) -> Any:
        """A cursor; where the server was away meanwhile, on a new connection."""
        state = self._state  # type: ignore[attr-defined]
        if not state.closed and state.conn.closed and not state.transactions:
            state.reset()
        return super().cursor(named_cursor)

    def begin(self, isolation_level: str | None = None) -> None:
        """Begin a transaction; "IMMEDIATE" makes it the only one that writes, as in SQLite: what is
        read within it is still true when it writes."""
        super().begin()
        if isolation_level != "IMMEDIATE":
            return
        try:
            self.execute_sql("SELECT pg_advisory_xact_lock(?)", (WRITER,))
        except BaseException:
            self.rollback()
            raise

    def is_at(self, place: str, patience: float) -> bool:
        """Whether this is the database at `place`, opened with this patience."""
        return bool(self.database == place and self.patience == patience)

    def is_replaced(self) -> bool:
        """False: a server's backups are put back by its administrator."""
        return False

    def news(self) -> object:
        """A value that changes once anybody else has written."""
        heard, connection = self._heard, self.connection()
        if heard.connection is not connection:
            heard.listen(connection)
        self.execute_sql("SELECT 1")  # takes in what the server has to tell
        return heard.count

    def tidy(self) -> None:
        """The server keeps its own house."""

    def now(self) -> float:
        """The time by which all who share this database go: its server's, in epoch seconds. Clocks
        of two machines are never quite the same, and a pace is shared to the millisecond."""
        at, read_at = self._clock
        if time.monotonic() - read_at >= CLOCK_HOLDS:
            before = time.monotonic()
            row = self.execute_sql("SELECT extract(epoch FROM clock_timestamp())").fetchone()
            at, read_at = float(row[0]), (before + time.monotonic()) / 2
            self._clock = (at, read_at)
        return at + time.monotonic() - read_at

    @contextmanager
    def in_a_hurry(self, patience: float) -> Iterator[None]:
        """Inside, this thread waits `patience` seconds for other writers, and for no disk."""
        self.execute_sql(f"SET lock_timeout = {max(1, round(patience * 1000))}")
        self.execute_sql("SET synchronous_commit = off")
        try:
            yield
        finally:
            with as_peewees:
                self._initialize_connection(self.connection())
            if self._durable:
                self.execute_sql("RESET synchronous_commit")

    def in_bulk(self) -> Any:
        """Inside, this thread writes much that can be found again, and waits for no disk."""
        return self.in_a_hurry(self.patience)

    def column_names(self, table: str) -> set[str]:
        """The columns of a table, none where there is no such table."""
        return {column.name for column in self.get_columns(table)}

    def ddl(self, statements: str) -> Iterator[str]:
        """PiKaraoke's schema, as this database spells it."""
        for pattern, spelling in _SPELLINGS:
            statements = re.sub(pattern, spelling.format(form=_FORM), statements)
        yield from (each for each in statements.split(";") if each.strip())


class _Heard(threading.local):
    """What the server told a thread's connection of other writers."""

    connection: Any = None
    count = 0

    def listen(self, connection: Any) -> None:
        """Listen on a new connection; what was told while there was none may be missed."""
        me = connection.info.backend_pid

        def hear(notice: Any) -> None:
            self.count += notice.pid != me

        connection.add_notify_handler(hear)
        with as_peewees:
            connection.execute("LISTEN enrichment_news")
        self.connection = connection
        self.count += 1
