"""The open songs database, whichever kind it is, and the statements that every room writes with."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from typing import Any

from peewee import DatabaseProxy, OperationalError
from peewee import __exception_wrapper__ as as_peewees  # type: ignore[attr-defined]

database = DatabaseProxy()

# Seconds that a consumer, and a request, waits for SQLite's write lock. PiKaraoke's gevent loop
# stands still while a greenlet waits for it, so whatever may run inside PiKaraoke gives up early.
CONSUMER_PATIENCE = 30.0
REQUEST_PATIENCE = 2.0


def now_text() -> str:
    """The time as PiKaraoke's columns hold it: UTC, whole seconds."""
    return text_of(time.time())


def text_of(moment: float) -> str:
    """A moment in epoch seconds, as PiKaraoke's columns hold it."""
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def is_locked(error: Exception) -> bool:
    """Whether an error tells that another process writes just now."""
    return isinstance(error, OperationalError | sqlite3.OperationalError) and any(
        word in str(error) for word in ("locked", "busy", "lock timeout", "deadlock")
    )


def run_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run a statement once for each row of values."""
    with as_peewees:
        database.cursor().executemany(sql, rows)


def pairs(query: Any) -> dict[Any, Any]:
    """A query of two columns as a dictionary."""
    return {row[0]: row[1] for row in query.tuples().iterator()}


def count_rows(table: str) -> int:
    """How many rows a table has."""
    return int(database.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0])
