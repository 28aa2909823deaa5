"""The delivery: by priority, never while work is unwanted, and with nothing piling up."""

from __future__ import annotations

import pickle
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from huey.api import Task
from polling import wait_until
from servers import queue_in_file

from pikaraoke_enrichment.models import QueueEntry, Song
from pikaraoke_enrichment.tasks import broker, control, runtime
from pikaraoke_enrichment.tasks.broker import Broker
from pikaraoke_enrichment.tasks.enrich import enrich_song, huey
from pikaraoke_enrichment.tasks.queue import table as queue_table


@pytest.fixture
def delivery(store: tuple[str, str]) -> Iterator[Broker]:
    """A broker of its own with one task that does nothing."""
    made = Broker("test", lambda: store[1])
    made.say = made.task()(lambda word: word)
    yield made
    made.close()


def task(delivery: Broker, word: object, priority: int = 0, eta: datetime | None = None) -> Task:
    made: Task = delivery.say.s(word, priority=priority)
    made.eta = eta
    return made


def drain(delivery: Broker) -> list[object]:
    """What is handed out, in order."""
    words = []
    while (found := delivery.dequeue()) is not None:
        words.append(found.args[0])
    return words


def overwrite_root(path: str, table: str) -> None:
    """What a dying SD card does to a page."""
    connection = sqlite3.connect(path)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    find = "SELECT rootpage FROM sqlite_master WHERE name = ?"
    root = connection.execute(find, (table,)).fetchone()[0]
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with Path(path).open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


def count(path: str, table: str) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


def test_tasks_come_by_priority_and_then_in_order(delivery: Broker) -> None:
    delivery.deliver(task(delivery, word, priority) for word, priority in
                     [("a", 0), ("b", -10), ("c", 100), ("d", 0), ("e", 50)])  # fmt: skip
    assert drain(delivery) == ["c", "e", "a", "d", "b"]


def test_a_delivery_anew_replaces_all_that_was_delivered(delivery: Broker) -> None:
    later = datetime.now() + timedelta(hours=1)
    delivery.deliver([task(delivery, "old"), task(delivery, "scheduled", eta=later)])
    delivery.deliver([task(delivery, "new")], anew=True)
    assert delivery.storage.schedule_size() == 0
    assert drain(delivery) == ["new"]


def test_a_delivery_that_fails_half_way_leaves_what_was(delivery: Broker) -> None:
    delivery.deliver([task(delivery, "old")])

    def broken():  # type: ignore[no-untyped-def]
        yield task(delivery, "new")
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        delivery.deliver(broken(), anew=True)
    assert drain(delivery) == ["old"]


def test_a_task_for_later_waits_in_the_schedule(delivery: Broker) -> None:
    now = datetime.now()
    delivery.deliver([task(delivery, "later", eta=now + timedelta(seconds=60))])
    assert drain(delivery) == []
    assert not delivery.is_drained()
    due = delivery.read_schedule(now + timedelta(seconds=61))
    assert [found.args[0] for found in due] == ["later"]
    assert delivery.is_drained()


def test_nothing_is_handed_out_while_no_work_is_wanted(
    delivery: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, wanted = [100.0], [False]
    monkeypatch.setattr(broker.time, "monotonic", lambda: clock[0])
    delivery.may_work = lambda: wanted[0]
    delivery.deliver([task(delivery, "a"), task(delivery, "b"), task(delivery, "c")])
    assert delivery.dequeue() is None
    wanted[0] = True
    clock[0] += broker.LOOK_AGAIN_AFTER
    assert delivery.dequeue() is not None
    wanted[0] = False
    clock[0] += broker.LOOK_AGAIN_AFTER
    assert delivery.dequeue() is None
    assert delivery.storage.queue_size() == 2, "and nothing is lost"


def test_wishes_are_looked_at_four_times_a_second_at_most(
    delivery: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, looks = [100.0], []
    monkeypatch.setattr(broker.time, "monotonic", lambda: clock[0])
    delivery.may_work = lambda: bool(looks.append(clock[0]))
    delivery.deliver([task(delivery, "a")])
    for _ in range(1000):
        assert delivery.dequeue() is None
        clock[0] += 0.001
    assert 3 <= len(looks) <= 5
    assert broker.LOOK_AGAIN_AFTER <= 1.0, "a wish is obeyed within a second"


def test_nobody_asks_for_wishes_while_there_is_nothing_to_do(delivery: Broker) -> None:
    """They are in the songs database, which may be on a server."""
    delivery.may_work = lambda: pytest.fail("asked")
    assert delivery.dequeue() is None


def test_while_there_is_nothing_to_do_one_worker_looks_for_all(
    delivery: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broker, "LOOK_AGAIN_AFTER", 0.02)
    delivery.stop_flag, delivery.workers = threading.Event(), 4
    lookers: list[int] = []
    is_empty = delivery.storage.is_empty
    monkeypatch.setattr(
        delivery.storage, "is_empty", lambda: lookers.append(threading.get_ident()) or is_empty()
    )
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(delivery.dequeue) for _ in range(4)]
        try:
            wait_until(lambda: len(lookers) > 10 and len(set(lookers[-10:])) == 1)
            delivery.deliver(task(delivery, word) for word in "abc")
            wait_until(lambda: sum(each.done() for each in found) == 3)
        finally:
            delivery.stop_flag.set()
        taken = [each.result(30) for each in found]
    assert sorted(each.args[0] for each in taken if each) == ["a", "b", "c"]
    assert taken.count(None) == 1


def test_a_worker_that_is_done_waits_in_no_line_for_what_is_there(delivery: Broker) -> None:
    """The one that looks for all may not be allowed to take it: three at second looks are enough.
    Until it looks again they would stand still."""
    delivery.stop_flag = threading.Event()
    delivery.deliver([task(delivery, "a")])
    with ThreadPoolExecutor(1) as pool, delivery._looking:  # by another, which sleeps
        found = pool.submit(delivery.dequeue).result(30)
    assert found is not None
    assert found.args == ("a",)


class Hostile:
    """A pickle of it makes a file, wherever it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


def test_a_message_that_is_none_of_ours_is_dropped_and_runs_nothing(
    delivery: Broker, tmp_path: Path
) -> None:
    """Whoever can write to the queue had their code run in consumer, status, doctor and pages."""
    delivery.workers = 4
    proof = tmp_path / "ran"
    strange = (
        b"no task",
        pickle.dumps(Hostile(proof)),
        pickle.dumps(("id", "name")),
        b"[" * 100_000,
        b'{"task": {}}',
        b'{"value": 1}',
        delivery.serialize_task(task(delivery, "a")).replace(b"<lambda>", b"os"),
        delivery.serialize_task(task(delivery, "a")).replace(b'"a"', b"{}"),
        delivery.serialize_task(task(delivery, "a")).replace(b'"a"', b"9" * 30),
        delivery.serialize_task(task(delivery, "a")).replace(b"null", b"NaN"),
    )
    for data in strange:
        delivery.storage.enqueue(data, queue_table.SECOND_LOOK)
        delivery.storage.add_to_schedule(data, datetime(2020, 1, 1))
        delivery.storage.put_data("progress", data)
        assert delivery.published("progress") in (None, 1)
    delivery.deliver([task(delivery, "second", queue_table.SECOND_LOOK)])
    assert drain(delivery) == ["second"]
    assert delivery.read_schedule() == []
    assert not proof.exists()


def test_a_task_is_what_it_was(delivery: Broker) -> None:
    eta = datetime(2026, 11, 22, 20, 15, 0, 123456)
    made = task(delivery, "Queen — Innuendo", 50, eta)
    made.retries, made.retry_delay = 3, 12.5
    found = delivery.deserialize_task(delivery.serialize_task(made))
    for name in ("id", "args", "eta", "priority", "retries", "retry_delay"):
        assert getattr(found, name) == getattr(made, name)


def test_results_of_tasks_are_not_kept(delivery: Broker) -> None:
    delivery.deliver(task(delivery, number) for number in range(20))
    while (found := delivery.dequeue()) is not None:
        delivery.execute(found)
    assert delivery.storage.result_store_size() == 0


def test_errors_of_tasks_are_not_kept_either(delivery: Broker) -> None:
    def fail() -> None:
        raise ValueError("no")

    failing = delivery.task()(fail)
    delivery.deliver([failing.s()])
    found = delivery.dequeue()
    assert found is not None
    delivery.execute(found)
    assert delivery.storage.result_store_size() == 0


def test_a_published_value_replaces_the_one_before_and_is_read_by_many(delivery: Broker) -> None:
    assert delivery.published("progress") is None
    for number in range(5):
        delivery.put("progress", {"number": number})
    assert delivery.published("progress") == delivery.published("progress") == {"number": 4}
    assert delivery.storage.result_store_size() == 1


@queue_in_file
def test_the_queue_file_is_opened_when_it_is_first_needed(
    delivery: Broker, store: tuple[str, str]
) -> None:
    assert not Path(store[1]).exists()
    assert delivery.is_drained()
    assert Path(store[1]).exists()
    delivery.close()
    delivery.close()
    assert delivery.is_drained(), "and opened again"


# --- with the library -----------------------------------------------------------------------------


def add(count: int) -> list[int]:
    return [
        Song.create(file_path=f"/songs/{number}.mp4", format="mp4").id for number in range(count)
    ]


@queue_in_file
def test_one_value_lies_in_the_result_store_after_a_thousand_songs(
    library: runtime.Runtime,
) -> None:
    """Songs that need no work: the task ends at once, and leaves nothing behind."""
    control.start()
    huey.deliver(enrich_song.s(song_id) for song_id in range(1000))
    huey.put("progress", {})
    while (found := huey.dequeue()) is not None:
        huey.execute(found)
    assert count(library.settings.queue, "kv") == 1
    assert count(library.settings.queue, "task") == count(library.settings.queue, "schedule") == 0


def test_a_song_queued_again_by_a_person_goes_first(library: runtime.Runtime) -> None:
    from pikaraoke_enrichment.tasks.enrich import queue_ids

    del library
    ids = add(5)
    control.start()
    queue_ids(ids, queue_table.BACKLOG)
    queue_ids([ids[3]], queue_table.PERSON)
    first = huey.dequeue()
    assert first is not None
    assert first.args[0] == ids[3]
    assert QueueEntry.get(QueueEntry.song == ids[3]).priority == queue_table.PERSON


@queue_in_file
def test_who_keeps_no_house_goes_on_with_a_queue_file_that_was_made_anew(
    delivery: Broker, store: tuple[str, str]
) -> None:
    """A page that stayed with the deleted file showed its progress, and sent uploads there."""
    delivery.put("progress", "old")
    Path(store[1]).unlink()
    another = Broker("test", lambda: store[1])
    another.put("progress", "new")
    assert delivery.published("progress") == "new"
    delivery.deliver([task(delivery, "upload")])
    assert another.storage.queue_size() == 1


@queue_in_file
def test_who_keeps_house_notices_first_that_the_file_is_gone(
    delivery: Broker, store: tuple[str, str]
) -> None:
    delivery.has_steward = True
    delivery.deliver([task(delivery, "word")])
    Path(store[1]).unlink()
    assert delivery.is_lost()
    assert delivery.mend() is None
    assert not delivery.is_lost()
    assert delivery.storage.queue_size() == 0


@queue_in_file
@pytest.mark.parametrize(
    ("table", "meet"),
    [
        ("task", Broker.dequeue),
        ("schedule", Broker.read_schedule),
        ("task", lambda delivery: delivery.deliver([task(delivery, "another")])),
        ("kv", lambda delivery: delivery.put("progress", {})),
    ],
    ids=["taken", "scheduled", "delivered", "published"],
)
def test_damage_that_only_a_table_tells_of_is_mended(
    delivery: Broker,
    store: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    meet: Callable[[Broker], Any],
) -> None:
    """Whether anything waits is read from the index, which was whole: the consumer rested, tried
    again, and rested, for good."""
    monkeypatch.setattr(broker, "REST", 0.0)
    delivery.has_steward = True
    long_ago = datetime.now() - timedelta(hours=1)
    delivery.deliver([task(delivery, "now"), task(delivery, "later", eta=long_ago)])
    delivery.storage.close()  # it is opened anew by itself, and has no page in its memory then
    overwrite_root(store[1], table)
    assert not delivery.is_lost(), "the index is whole"
    with suppress(sqlite3.DatabaseError):
        assert not meet(delivery)
    assert delivery.is_lost()
    assert delivery.mend() is not None
    assert not delivery.is_lost()
    delivery.deliver([task(delivery, "anew")])
    wait_until(lambda: drain(delivery) == ["anew"])


@queue_in_file
def test_a_lock_is_no_damage(delivery: Broker, store: tuple[str, str]) -> None:
    delivery._patience = lambda: 0.05
    delivery.deliver([task(delivery, "word")])
    with sqlite3.connect(store[1]) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert delivery.dequeue() is None
        assert not delivery.is_lost()
    writer.close()


@queue_in_file
def test_a_file_that_is_deleted_while_it_is_opened_is_made_anew(
    delivery: Broker, store: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite then finds no name for its log, and speaks of the disk."""
    connect, deleted = sqlite3.connect, []

    def connect_and_lose(*words: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*words, **options)
        if not deleted:
            deleted.append(store[1])
            Path(store[1]).unlink()
        return connection

    monkeypatch.setattr("huey.storage.sqlite3.connect", connect_and_lose)
    delivery.deliver([task(delivery, "word")])
    assert drain(delivery) == ["word"]
    assert deleted


@queue_in_file
def test_what_a_deleted_file_leaves_beside_it_does_no_harm(
    delivery: Broker, store: tuple[str, str]
) -> None:
    for suffix in ("-wal", "-shm"):
        Path(store[1] + suffix).write_bytes(b"left behind" * 10_000)
    delivery.deliver([task(delivery, "word")])
    assert drain(delivery) == ["word"]
