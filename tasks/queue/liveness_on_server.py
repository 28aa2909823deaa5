"""Which consumers of a library on a server are alive, whichever machines they run on.

Each holds a lock on the server by a connection of its own. Where its process is killed the system
closes that connection, and where its machine is cut off the server does, within half a minute.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from typing import Any

import psycopg
from peewee import __exception_wrapper__ as as_peewees  # type: ignore[attr-defined]

from ...database.connection import CONSUMER_PATIENCE, database
from ...database.postgresql import CONSUMERS, STILL_THERE

# Said to the server: after how many seconds of silence it asks whether we are still there.
_ASK_AFTER = (
    "SET tcp_keepalives_idle = 15",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
_ALIVE = """
SELECT objid FROM pg_locks
WHERE locktype = 'advisory' AND classid = ? AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class SharedPresence:
    """The consumers of one library, by their locks."""

    def __init__(self, url: str) -> None:
        """`url` is the songs database's."""
        self._url = url
        self._mine: Any = None
        self._holding = threading.Lock()
        self.name = ""

    def enter(self) -> str:
        """Announce this process as a consumer.

        Returns:
            Its name, which marks the songs that it has under way.
        """
        with self._holding:
            while not self._hold(number := secrets.randbits(31)):
                pass
            self.name = _name(number)
        return self.name

    def leave(self) -> None:
        """Take the announcement back."""
        with self._holding:
            if self._mine is not None:
                # The server notices a closed connection a moment later.
                with contextlib.suppress(psycopg.OperationalError):
                    self._mine.execute("SELECT pg_advisory_unlock_all()")
                self._mine.close()
                self._mine = None

    def alive(self) -> set[str]:
        """Names of the consumers that live; takes our own lock again where the server has forgotten
        it, as one that was started anew."""
        with self._holding:
            try:
                if self._mine is not None:
                    self._mine.execute("SELECT 1")
            except psycopg.OperationalError:
                # One that has not noticed yet still holds the lock in our name; that will do.
                self._hold(int(self.name, 16))
        rows = database.execute_sql(_ALIVE, (CONSUMERS,)).fetchall()
        return {_name(row[0]) for row in rows}

    def _hold(self, number: int) -> bool:
        patience = round(CONSUMER_PATIENCE)
        with as_peewees:
            connection = psycopg.connect(
                self._url, autocommit=True, connect_timeout=patience, **STILL_THERE
            )
            for statement in _ASK_AFTER:
                connection.execute(statement)
            lock = "SELECT pg_try_advisory_lock(%s, %s)"
            found = connection.execute(lock, (CONSUMERS, number)).fetchone()
        if not found or not found[0]:
            connection.close()
            return False
        self._mine = connection
        return True


def _name(number: int) -> str:
    return f"{number:08x}"
