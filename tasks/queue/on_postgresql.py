"""Huey's messages in a PostgreSQL database, for consumers on several machines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import psycopg
from huey.storage import PostgresStorage

from ...database.postgresql import STILL_THERE
from .storage import Message, OnServer, in_utc
from .table import Lane

ERRORS = (psycopg.Error,)
# Tables of ours begin so, wherever they stand.
PREFIX = "enrichment_huey"


class PostgresQueue(OnServer, PostgresStorage):  # type: ignore[misc]
    """Huey's tables, of which a lane can be taken, and which are filled in one transaction."""

    def take(self, lane: Lane) -> bytes | None:
        with self.db() as cursor:
            cursor.execute(
                f"delete from {self.table_task} where id = ("
                f"select id from {self.table_task} "
                "where queue = %s and priority > %s and priority <= %s "
                "order by priority desc, id limit 1 for update skip locked) returning data",
                (self.name, *lane),
            )
            found = cursor.fetchone()
        return None if found is None else bytes(found[0])

    def is_empty(self) -> bool:
        anything = f"select 1 from {self.table_task} where queue = %s limit 1"
        return not self.sql(anything, (self.name,), results=True)

    def deliver(self, messages: Iterable[Message], *, anew: bool) -> None:
        due: list[tuple[str, bytes, float]] = []
        later: list[tuple[str, bytes, float]] = []
        for data, priority, eta in messages:
            if eta is None:
                due.append((self.name, data, priority))
            else:
                later.append((self.name, data, in_utc(eta).timestamp()))
        with self.db(commit=True) as cursor:
            if anew:
                # Two consumers that start at once fill the queue one after the other: each would
                # see only what was there before both, and every message would be there twice.
                cursor.execute(f"lock table {self.table_task} in exclusive mode")
                for table in (self.table_task, self.table_schedule):
                    cursor.execute(f"delete from {table} where queue = %s", (self.name,))
            for columns, rows in (
                (f"{self.table_task} (queue, data, priority)", due),
                (f"{self.table_schedule} (queue, data, timestamp)", later),
            ):
                if rows:
                    cursor.executemany(f"insert into {columns} values (%s, %s, %s)", rows)

    def add_to_schedule(self, data: bytes, ts: datetime) -> None:
        """Huey's, whatever this machine's time zone."""
        super().add_to_schedule(data, in_utc(ts))

    def read_schedule(self, ts: datetime) -> list[bytes]:
        """Huey's, whatever this machine's time zone."""
        due: list[bytes] = super().read_schedule(in_utc(ts))
        return due


def open_storage(name: str, url: str, patience: float) -> PostgresQueue:
    """The queue on the server at `url`, its tables made where there are none."""
    storage = PostgresQueue(
        name,
        dsn=url,
        blocking=False,
        table_prefix=PREFIX,
        create_tables=False,
        connect_timeout=max(2, round(patience)),
        **STILL_THERE,
    )
    with storage.db(commit=True) as cursor:
        # "if not exists" fails where two make the same table at the same moment.
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", (PREFIX,))
        for statement in storage.ddl:
            cursor.execute(statement)
    return storage
