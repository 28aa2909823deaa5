"""The Huey instance's class: delivery by priority, nothing handed out while work is not wanted.

The tables are the truth and Huey is the delivery. Huey itself has no pause, forgets a task that a
killed worker had taken, and keeps results that nobody reads; this class answers for all three.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from huey import Huey
from huey.api import Task
from huey.constants import EmptyData
from huey.storage import BaseStorage, SqliteStorage

from ..models import CONSUMER_PATIENCE, in_a_hurry
from .complaining import complain
from .queueing import SECOND_LOOK
from .runtime import at_forget, runtime

# How long a wish may go unseen, in seconds.
LOOK_AGAIN_AFTER = 0.25
# How long nothing is handed out once a database could not be used, in seconds.
REST = 5.0


class QueueStorage(SqliteStorage):  # type: ignore[misc]
    """Huey's SQLite file, written without a wait for the disk: losing its tail costs nothing."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("pragma synchronous=normal")
        # KiB for each thread's connection; tasks are small and taken one by one.
        connection.execute("pragma cache_size=-128")
        return connection

    def take(self, *, second_look: bool) -> bytes | None:
        """Huey's `dequeue` for one of the two lanes: tasks up to priority SECOND_LOOK, or above."""
        lane = "queue = ? and priority <= ?" if second_look else "queue = ? and priority > ?"
        what = (self.name, SECOND_LOOK)
        # A glance first, as Huey does: it takes no lock from who waits for an empty queue.
        if not self.sql(f"select 1 from task where {lane} limit 1", what, results=True):
            return None
        with self.db(commit=True) as cursor:
            cursor.execute(
                f"select id, data from task where {lane} order by priority desc, id limit 1", what
            )
            found = cursor.fetchone()
            if found is not None:
                cursor.execute("delete from task where id = ?", (found[0],))
            return found[1] if found is not None else None


def lanes(second_looks: int, workers: int) -> tuple[bool, ...]:
    """Which lanes a free worker looks into, one after the other; True is the second looks'.

    One worker keeps the slower providers busy while names are still looked up, so that their slots
    do not go to waste; and one is always left for first looks, so that an upload never waits until
    four others have had their turn at a provider that answers once in three seconds.

    Args:
        second_looks: workers of this process that are busy with second looks.
        workers: all of them.
    """
    if workers > 1 and not second_looks:
        return (True, False)
    return (False, True) if workers == 1 or second_looks < workers - 1 else (False,)


def _is_sound(path: Path) -> bool:
    """SQLite's own quick check."""
    try:
        connection = sqlite3.connect(path, timeout=30)
        try:
            return bool(connection.execute("pragma quick_check(1)").fetchone()[0] == "ok")
        finally:
            connection.close()
    except sqlite3.OperationalError:
        return True  # locked or full: no reason to throw it away
    except sqlite3.DatabaseError:
        return False


class Broker(Huey):  # type: ignore[misc]
    """A Huey whose queue file is chosen by the settings, and which can be told to wait.

    `may_work` is asked before every dequeue, at most four times a second; `create_consumer` makes
    the consumer that `consumer_class` names, so that the plain `huey_consumer` gets ours too.
    """

    def __init__(
        self,
        name: str,
        queue_path: Callable[[], str],
        patience: Callable[[], float] = lambda: CONSUMER_PATIENCE,
    ) -> None:
        """`queue_path` names the file, `patience` the seconds to wait for it: a consumer's workers
        may wait, the visitor of a page may not."""
        self._queue_path = queue_path
        self._patience = patience
        self._storage: BaseStorage | None = None
        self._identity: tuple[int, int] | None = None
        self._opened = threading.Lock()
        self.may_work: Callable[[], bool] = lambda: True
        self.consumer_class: Callable[..., Any] | None = None
        self._looked_at = 0.0
        self._wanted = False
        self.workers = 1
        self._second_looks = 0
        self._taking = threading.Lock()
        super().__init__(name, store_none=False)

    # Huey opens its storage when it is made; ours is made on import, before the settings are read.
    def create_storage(self) -> None:
        return None

    @property
    def storage(self) -> BaseStorage:
        with self._opened:
            if self._storage is None:
                path = self._queue_path()
                self._storage = QueueStorage(
                    self.name, filename=path, timeout=self._patience(), cache_mb=1
                )
                file = Path(path).stat()
                self._identity = (file.st_dev, file.st_ino)
        return self._storage

    @storage.setter
    def storage(self, storage: BaseStorage | None) -> None:
        self._storage = storage

    def close(self) -> None:
        """Let go of the queue file; the next use opens the one the settings name then."""
        if self._storage is not None:
            self._storage.close()
            self._storage = None
            self._identity = None

    def mend(self) -> Path | None:
        """Open the queue file anew; a damaged one is moved aside first.

        Returns:
            Where a damaged file was moved to, None when the file was sound or gone.
        """
        self.close()
        path = Path(self._queue_path())
        if not path.exists() or _is_sound(path):
            return None
        aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%dT%H%M%S')}")
        path.rename(aside)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        return aside

    def is_gone(self) -> bool:
        """Whether the queue file was deleted or replaced since it was opened."""
        if self._identity is None:
            return False
        try:
            now = Path(self._queue_path()).stat()
        except OSError:
            return True
        return (now.st_dev, now.st_ino) != self._identity

    def create_consumer(self, **options: Any) -> Any:
        make = self.consumer_class
        return make(self, **options) if make else super().create_consumer(**options)

    def dequeue(self) -> Task | None:
        """The next task of a lane that is open, None while no work is wanted."""
        if not self._is_wanted():
            return None
        try:
            with self._taking:
                for second_look in lanes(self._second_looks, self.workers):
                    data = self.storage.take(second_look=second_look)
                    if data is not None:
                        self._second_looks += second_look
                        return self.deserialize_task(data)
        except sqlite3.Error as error:
            self.rest(f"the queue file {self._queue_path()} cannot be used: {error}")
        return None

    def execute(self, task: Task, timestamp: Any = None) -> Any:
        """Run a task; its worker is free for another lane afterwards."""
        try:
            return super().execute(task, timestamp)
        except sqlite3.Error as error:  # to be tried again, and not even that could be written
            self.rest(f"the queue file {self._queue_path()} cannot be used: {error}")
            return None
        finally:
            if (task.priority or 0) <= SECOND_LOOK:
                with self._taking:
                    self._second_looks -= 1

    def rest(self, why: str) -> None:
        """Hand nothing out for a while: the disk is full, or a file locked or gone. The songs whose
        delivery is lost by that stand in the table."""
        complain(why)
        self._wanted = False
        self._looked_at = time.monotonic() + REST

    def put_result(self, key: str, data: Any) -> None:
        """Nobody reads a task's result: what came of a song stands in the tables."""

    def _is_wanted(self) -> bool:
        now = time.monotonic()
        if now - self._looked_at >= LOOK_AGAIN_AFTER:
            self._wanted = self.may_work()
            self._looked_at = now
        return self._wanted

    # --- delivery in bulk -------------------------------------------------------------------------

    def deliver(self, tasks: Iterable[Task], *, anew: bool = False) -> None:
        """Hand tasks to the consumers, in one transaction.

        Args:
            tasks: with their priority; one with an `eta` in the future waits for it.
            anew: forget all that was delivered before, within the same transaction.
        """
        storage = self.storage
        with storage.db(commit=True) as cursor:
            if anew:
                for table in ("task", "schedule"):
                    cursor.execute(f"delete from {table} where queue = ?", (self.name,))
            for task in tasks:
                data = memoryview(self.serialize_task(task))
                if task.eta is None:
                    cursor.execute(
                        "insert into task (queue, data, priority) values (?, ?, ?)",
                        (self.name, data, task.priority or 0),
                    )
                else:
                    cursor.execute(
                        "insert into schedule (queue, data, timestamp) values (?, ?, ?)",
                        (self.name, data, task.eta.timestamp()),
                    )

    @contextmanager
    def in_a_hurry(self, patience: float) -> Iterator[None]:
        """Within it this thread waits `patience` seconds for the queue file, and no longer."""
        with in_a_hurry(self.storage.conn, patience):
            yield

    def is_drained(self) -> bool:
        """Whether nothing is delivered or scheduled."""
        return not (self.storage.queue_size() or self.storage.schedule_size())

    # --- one value that everyone reads ------------------------------------------------------------

    def publish(self, key: str, value: Any) -> None:
        """Keep `value` in the result store, in place of the one before."""
        self.put(key, value)

    def published(self, key: str) -> Any:
        """The value last published under `key`, None if there is none."""
        data = self.get_raw(key, peek=True)
        return None if data is EmptyData else self.serializer.deserialize(data)


huey = Broker("pikaraoke-enrichment", lambda: runtime().settings.queue, lambda: runtime().patience)
at_forget(huey.close)
