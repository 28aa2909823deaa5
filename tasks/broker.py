"""The Huey instance's class: delivery by priority, nothing handed out while work is not wanted, no
message that runs code.

The tables are the truth and Huey is the delivery. Huey itself has no pause, forgets a task that a
killed worker had taken, and keeps results that nobody reads; this class answers for all three.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from huey import Huey
from huey.api import Task
from huey.constants import EmptyData
from huey.exceptions import HueyException
from huey.registry import Message
from huey.serializer import Serializer
from peewee import DatabaseError

from ..database.connection import CONSUMER_PATIENCE
from ..database.urls import is_server, shown, without_password
from ..exceptions import LibraryError
from ..system.log_throttle import complain
from .queue import storage as storages
from .queue.storage import open_storage
from .queue.table import FIRST_LOOKS, SECOND_LOOKS, THIRD_LOOKS, Lane, lane_of
from .runtime import at_forget, runtime

# Seconds for which a wish, or a queued song, may go unseen.
LOOK_AGAIN_AFTER = 0.25
# Seconds for which nothing is handed out after a database could not be used.
REST = 5.0


def lanes(busy: Mapping[Lane, int], workers: int) -> tuple[Lane, ...]:
    """Which lanes a free worker looks into, one after the other.

    One worker keeps the second fastest provider busy while names are still looked up, another the
    slower ones, so that no slot of theirs goes to waste; and one is always left for first looks, so
    that an upload never waits until four others have had their turn at a provider that answers once
    in three seconds.

    Args:
        busy: workers of this process by the lane of their song.
        workers: all of them.
    """
    if workers == 1:
        return (FIRST_LOOKS, SECOND_LOOKS, THIRD_LOOKS)
    slower = (SECOND_LOOKS, THIRD_LOOKS)
    if sum(busy.get(lane, 0) for lane in slower) >= workers - 1:
        return (FIRST_LOOKS,)
    idle = tuple(lane for lane in slower if not busy.get(lane))
    return (*idle, FIRST_LOOKS, *(lane for lane in slower if lane not in idle))


# --- messages -------------------------------------------------------------------------------------

# What is kept of a message; no task of ours uses more of Huey.
_FIELDS = ("id", "name", "eta", "retries", "retry_delay", "priority", "args", "kwargs")
# Signs that a message may have, so that reading one costs next to nothing: the progress has some
# twenty songs with their names.
LONGEST = 1_000_000
_LARGEST_NUMBER = 2**63


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Tasks and published values as JSON: numbers, text, lists and dictionaries, and nothing that
    acts.

    Huey's own are pickles, and whoever reads a pickle does what it says; a Redis server's usual URL
    has no password. What is not read here (an older version's message, too) is dropped: the table
    delivers its song anew.
    """

    def _serialize(self, data: Any) -> bytes:
        if isinstance(data, Message):
            kept = {name: getattr(data, name) for name in _FIELDS}
            if data.eta is not None:
                kept["eta"] = data.eta.isoformat()
            data = {"task": kept}
        else:
            data = {"value": data}
        return json.dumps(data).encode()

    def _deserialize(self, data: Any) -> Any:
        """What was packed; raises ValueError for what is no JSON or none of ours, is too long, or
        nested too deeply."""
        text = bytes(data)
        if len(text) > LONGEST:
            raise ValueError("a message is longer than any of ours")
        try:
            found = json.loads(text, parse_constant=_no_number)
        except RecursionError:
            raise ValueError("a message is nested too deeply") from None
        if isinstance(found, dict) and found.keys() == {"value"}:
            return found["value"]
        kept = found["task"] if isinstance(found, dict) and found.keys() == {"task"} else None
        if not (isinstance(kept, dict) and kept.keys() == set(_FIELDS)):
            raise ValueError("this is no message of ours")
        is_right = (
            isinstance(kept["id"], str)
            and isinstance(kept["name"], str)
            and _is_number(kept["retries"])
            and _is_number(kept["retry_delay"])
            and (kept["priority"] is None or _is_number(kept["priority"]))
            and isinstance(kept["args"], list)
            and all(isinstance(each, str) or _is_number(each) for each in kept["args"])
            and kept["kwargs"] == {}
            and (kept["eta"] is None or isinstance(kept["eta"], str))
        )
        if not is_right:
            raise ValueError("a task has values that none of ours has")
        eta = None if kept["eta"] is None else datetime.fromisoformat(kept["eta"])
        return Message(**{**kept, "eta": eta, "args": tuple(kept["args"])})


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) < _LARGEST_NUMBER
    )


# --- the instance's class -------------------------------------------------------------------------


class Broker(Huey):  # type: ignore[misc]
    """A Huey whose queue is chosen by the settings, and which can be told to wait.

    `may_work` is asked before tasks are handed out, at most four times a second; `create_consumer`
    makes the consumer that `consumer_class` names, so that the plain `huey_consumer` gets ours too.
    """

    def __init__(
        self,
        name: str,
        queue: Callable[[], str],
        patience: Callable[[], float] = lambda: CONSUMER_PATIENCE,
    ) -> None:
        """`queue` names the file or server, `patience` the seconds to wait for it: a consumer's
        workers may wait, the visitor of a page may not."""
        self._queue = queue
        self._patience = patience
        self._storage: Any = None
        self._opened = threading.Lock()
        self.may_work: Callable[[], bool] = lambda: True
        self.consumer_class: Callable[..., Any] | None = None
        # Whether this process has a steward, who fills a lost queue anew.
        self.has_steward = False
        self._looked_at = 0.0
        self._wanted = False
        self.workers = 1
        self._busy: Counter[Lane] = Counter()
        self._taking = threading.Lock()
        # A consumer's, set when it is to end; within one, workers wait for their tasks.
        self.stop_flag: Any = None
        self._looking = threading.Lock()
        super().__init__(name, store_none=False, serializer=JsonSerializer())

    # Huey opens its storage when it is made; ours is made on import, before the settings are read.
    def create_storage(self) -> None:
        return None

    @property
    def storage(self) -> Any:
        with self._opened:
            if self._storage is not None and not self.has_steward and self._storage.is_gone():
                self._storage = None  # what a page would read there, and add, reaches nobody
            if self._storage is None:
                self._storage = open_storage(self.name, self._queue(), self._patience())
        return self._storage

    @storage.setter
    def storage(self, storage: Any) -> None:
        self._storage = storage

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """The errors that the queue raises while it cannot be used."""
        return storages.errors(self._queue())

    def close(self) -> None:
        """Let go of the queue; the next use opens the one the settings name then."""
        if self._storage is not None:
            self._storage.close()
            self._storage = None

    def mend(self) -> Path | None:
        """Open the queue anew; a damaged file is moved aside first.

        Returns:
            Where a damaged file was moved to, None when nothing was wrong, or nothing there.
        """
        self.close()
        return storages.mend(self._queue())

    def is_lost(self) -> bool:
        """Whether the queue file was deleted or replaced since it was opened, or is damaged."""
        if self._storage is not None and self._storage.is_gone():
            return True
        try:
            self.storage.is_empty()
        except self.errors as error:
            return storages.is_damage(self._queue(), error)
        return False

    def is_away(self, error: Exception) -> bool:
        """Whether an error tells of a server that may be back in a moment."""
        return is_server(self._queue()) and isinstance(error, self.errors)

    def create_consumer(self, **options: Any) -> Any:
        make = self.consumer_class
        return make(self, **options) if make else super().create_consumer(**options)

    def dequeue(self) -> Task | None:
        """The next task of a lane that is open; None while there is none, or no work is wanted.

        In a consumer it is waited for until that is to end. One worker looks for all, and the
        others stand in line behind it: each that looked by itself woke an idle Pi twice a second.
        """
        task = self._take()
        if task is not None or self.stop_flag is None:
            return task
        with self._looking:
            while not self.stop_flag.is_set():
                task = self._take()
                if task is not None:
                    return task
                self.stop_flag.wait(LOOK_AGAIN_AFTER)
        return None

    def _take(self) -> Task | None:
        try:
            now = time.monotonic()
            if now - self._looked_at >= LOOK_AGAIN_AFTER:
                # The emptiness comes first: an idle consumer asks this one question and no other.
                self._wanted = not self.storage.is_empty() and self.may_work()
                self._looked_at = now
            if not self._wanted:
                return None
            with self._taking:
                for lane in lanes(self._busy, self.workers):
                    task = self._taken(lane)
                    if task is not None:
                        self._busy[lane] += 1  # `execute` takes it back
                        return task
        except self.errors as error:
            self.rest(self._trouble(error))
        return None

    def deserialize_task(self, data: bytes) -> Task:
        """Huey's; raises ValueError or HueyException for what is no task of ours."""
        message = self.serializer.deserialize(data)
        if not isinstance(message, Message):
            raise ValueError("this is no task of ours")
        return self._registry.create_task(message)

    def _taken(self, lane: Lane) -> Task | None:
        """A lane's next task. What is none of ours is dropped: its song, if it has one, stands in
        the table, and is delivered anew."""
        while (data := self.storage.take(lane)) is not None:
            try:
                return self.deserialize_task(data)
            except (ValueError, HueyException):
                complain("a message in the queue was none of this version's, and was dropped")
        return None

    def is_revoked(self, task: Any, timestamp: Any = None, peek: bool = True) -> bool:
        """Say no without asking Huey: work that need not be done has left our tables."""
        del task, timestamp, peek
        return False

    def read_schedule(self, timestamp: Any = None) -> list[Task]:
        """The tasks whose time has come, none while the queue cannot be read."""
        try:
            due: list[Task] = super().read_schedule(timestamp)
        except self.errors as error:
            self.rest(self._trouble(error))
            return []
        return due

    def execute(self, task: Task, timestamp: Any = None) -> Any:
        """Run a task; its worker is free for another lane afterwards."""
        try:
            return super().execute(task, timestamp)
        except self.errors as error:  # to be tried again, and not even that could be written
            self.rest(self._trouble(error))
            return None
        finally:
            with self._taking:
                self._busy[lane_of(task.priority or 0)] -= 1

    def _trouble(self, error: Exception) -> str:
        queue = self._queue()
        what = "server" if is_server(queue) else "file"
        return (
            f"the queue {what} {shown(queue)} cannot be used: {without_password(str(error), queue)}"
        )

    def rest(self, why: str) -> None:
        """Hand nothing out for a while: the disk is full, or a file locked or gone. The songs whose
        delivery is lost by that stand in the table."""
        complain(why)
        self._wanted = False
        self._looked_at = time.monotonic() + REST

    def put_result(self, key: str, data: Any) -> None:
        """Nobody reads a task's result: what came of a song stands in the tables."""

    # --- delivery in bulk -------------------------------------------------------------------------

    def deliver(self, tasks: Iterable[Task], *, anew: bool = False) -> None:
        """Hand tasks to the consumers, in one transaction.

        Args:
            tasks: with their priority; one with an `eta` in the future waits for it.
            anew: forget all that was delivered before, within the same transaction.
        """
        messages = ((self.serialize_task(task), task.priority or 0, task.eta) for task in tasks)
        self.storage.deliver(messages, anew=anew)

    def in_a_hurry(self, patience: float) -> AbstractContextManager[None]:
        """Inside this block the thread waits at most `patience` seconds for other writers."""
        hurried: AbstractContextManager[None] = self.storage.in_a_hurry(patience)
        return hurried

    def is_drained(self) -> bool:
        """Whether nothing is delivered or scheduled."""
        return not (self.storage.queue_size() or self.storage.schedule_size())

    # --- one value that everyone reads ------------------------------------------------------------

    def published(self, key: str) -> Any:
        """The value last `put` under `key`, None if there is none that can be read."""
        data = self.get_raw(key, peek=True)
        try:
            found = None if data is EmptyData else self.serializer.deserialize(data)
        except ValueError:
            return None
        return None if isinstance(found, Message) else found


huey = Broker("pikaraoke-enrichment", lambda: runtime().settings.queue, lambda: runtime().patience)
at_forget(huey.close)


def troubles() -> tuple[type[Exception], ...]:
    """The errors that the songs database or the queue raises while it cannot be used."""
    return DatabaseError, LibraryError, *huey.errors
