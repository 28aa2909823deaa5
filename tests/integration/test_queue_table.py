"""The queue's truth: one row a song, one consumer a song, the urgent first."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import songs_in_file

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import QueueEntry, Song
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.queue.table import (
    BACKLOG,
    PERSON,
    SECOND_LOOK,
    UNREADABLE,
    UPLOAD,
    claim,
    due_in,
    finish,
    free_claims,
    release,
    release_failed,
    waiting,
)

pytestmark = pytest.mark.usefixtures("library")


def songs(count: int) -> list[int]:
    """Ids of so many new songs."""
    return [
        Song.create(file_path=f"/songs/{time.monotonic_ns()}-{number}.mp4", format="mp4").id
        for number in range(count)
    ]


def entry(song_id: int) -> QueueEntry:
    return QueueEntry.get(QueueEntry.song == song_id)


def taken(song_id: int, consumer: str = "me") -> queue_table.Claim:
    """The claim of a song that must be free."""
    found = claim(song_id, consumer)
    assert found is not None
    return found


def test_a_person_comes_before_an_upload_and_that_before_all_else() -> None:
    assert PERSON > UPLOAD > UNREADABLE > BACKLOG > SECOND_LOOK


def test_a_song_waits_once_with_the_higher_priority() -> None:
    (song,) = songs(1)
    for priority in (BACKLOG, PERSON, UPLOAD):
        queue_table.add([(song, priority)])
    assert QueueEntry.select().count() == 1
    assert entry(song).priority == PERSON


def test_songs_come_by_priority_and_then_in_their_order() -> None:
    first, second, third, fourth = songs(4)
    queue_table.add([(first, BACKLOG), (second, SECOND_LOOK), (third, PERSON), (fourth, BACKLOG)])
    assert [song_id for song_id, *_ in waiting()] == [third, first, fourth, second]


def test_queued_anew_a_song_is_due_at_once_and_its_failures_are_forgotten() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])
    release_failed(taken(song), "lastfm", delay=100.0, was_reached=True)
    assert claim(song, "me") is None
    queue_table.add([(song, PERSON)])
    again = taken(song)
    assert (again.failed_by, again.failed_times) == ("", 0)


def test_a_song_is_taken_up_by_one_consumer_only() -> None:
    (song,) = songs(1)
    queue_table.add([(song, UPLOAD)])
    mine = taken(song, "me")
    assert (mine.song_id, mine.consumer, mine.priority) == (song, "me", UPLOAD)
    assert claim(song, "you") is None
    assert claim(song, "me") is None
    assert due_in(song) is None


def test_of_many_threads_one_gets_the_song() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])
    barrier, got = threading.Barrier(8), []

    def grab(number: int) -> None:
        barrier.wait()
        got.append(claim(song, f"thread {number}"))
        database.close()

    threads = [threading.Thread(target=grab, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 8
    assert sum(found is not None for found in got) == 1


def test_a_song_that_needs_no_work_is_not_taken_up() -> None:
    (song,) = songs(1)
    assert claim(song, "me") is None
    assert due_in(song) is None


def test_a_finished_song_is_struck_off() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])
    assert finish(taken(song)) is True
    assert QueueEntry.select().count() == 0


def test_a_song_queued_anew_while_under_way_stays_and_is_free() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])
    held = taken(song)
    queue_table.add([(song, PERSON)])
    assert finish(held) is False
    assert (entry(song).claim, entry(song).priority) == (None, PERSON)
    assert taken(song).priority == PERSON


def test_a_finished_song_that_was_deleted_meanwhile_is_just_gone() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])
    held = taken(song)
    Song.delete().execute()
    assert finish(held) is True
    release(held)
    assert QueueEntry.select().count() == 0


def test_the_claim_of_a_consumer_taken_for_dead_frees_nothing_of_its_heir() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])
    old = taken(song, "old")
    free_claims({"new"})
    taken(song, "new")
    release(old)
    assert entry(song).claim == "new"
    finish(old)
    assert entry(song).claim == "new"


def test_a_song_put_back_waits_for_its_delay() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])
    release(taken(song), delay=60.0)
    assert claim(song, "me") is None
    seconds = due_in(song)
    assert seconds is not None
    assert 55 < seconds <= 60


def test_a_song_put_back_for_a_second_look_goes_behind_the_backlog() -> None:
    (song,) = songs(1)
    queue_table.add([(song, UPLOAD)])
    release(taken(song), priority=SECOND_LOOK)
    assert entry(song).priority == SECOND_LOOK


def test_what_was_asked_while_it_was_under_way_outweighs_how_it_is_put_back() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])
    held = taken(song)
    queue_table.add([(song, PERSON)])
    release(held, delay=60.0, priority=SECOND_LOOK)
    assert (entry(song).priority, entry(song).not_before) == (PERSON, 0.0)
    assert due_in(song) == 0.0


def test_failures_in_a_row_count_for_one_provider_that_was_reached() -> None:
    (song,) = songs(1)
    queue_table.add([(song, BACKLOG)])

    def fail(provider: str, *, was_reached: bool) -> int:
        release_failed(taken(song), provider, delay=0.0, was_reached=was_reached)
        return int(entry(song).failed_times)

    assert fail("lastfm", was_reached=True) == 1
    assert fail("lastfm", was_reached=True) == 2
    assert fail("itunes", was_reached=True) == 1, "another provider's row begins anew"
    assert fail("itunes", was_reached=False) == 0
    assert entry(song).failed_by == "itunes"


def test_only_the_dead_lose_their_songs() -> None:
    first, second, third = songs(3)
    queue_table.add([(song, BACKLOG) for song in (first, second, third)])
    taken(first, "dead")
    taken(second, "alive")
    assert free_claims({"alive"}) == 1
    assert (entry(first).claim, entry(second).claim) == (None, "alive")
    assert free_claims(set()) == 1


@songs_in_file
def test_entries_of_deleted_songs_are_dropped() -> None:
    first, second = songs(2)
    queue_table.add([(first, BACKLOG), (second, BACKLOG)])
    database.execute_sql("PRAGMA foreign_keys = 0")
    Song.delete().where(Song.id == first).execute()
    database.execute_sql("PRAGMA foreign_keys = 1")
    assert queue_table.forget_orphans() == 1
    assert [song_id for song_id, *_ in waiting()] == [second]


def test_thousands_are_queued_in_one_go() -> None:
    rows = [{"file_path": f"/songs/{number}.mp4", "format": "mp4"} for number in range(2500)]
    for first in range(0, 2500, 500):
        Song.insert_many(rows[first : first + 500]).execute()
    ids = [song.id for song in Song.select(Song.id)]
    assert queue_table.add((song, BACKLOG) for song in ids) == 2500
    assert queue_table.add([]) == 0
    assert sum(1 for _ in waiting()) == 2500


@given(st.lists(st.integers(), max_size=50), st.integers(1, 7))
def test_batches_hold_everything_in_order(items: list[int], size: int) -> None:
    batches = list(queue_table.in_batches(iter(items), size))
    assert [item for batch in batches for item in batch] == items
    assert all(len(batch) == size for batch in batches[:-1])
    assert all(batches)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "claim", "finish", "release", "delay", "die"]),
        st.integers(0, 2),
        st.sampled_from(["a", "b"]),
        st.sampled_from([PERSON, BACKLOG]),
    ),
    max_size=30,
)


@settings(deadline=None, max_examples=40)
@given(steps=STEPS)
def test_no_song_that_needs_work_is_ever_lost_or_done_by_two(
    steps: list[tuple[str, int, str, int]],
) -> None:
    """A model of two consumers: a set of songs that need work, and who holds which."""
    QueueEntry.delete().execute()
    Song.delete().execute()
    ids = songs(3)
    needs: set[int] = set()
    held: dict[int, Any] = {}
    asked_anew: set[int] = set()
    for kind, place, consumer, priority in steps:
        song = ids[place]
        if kind == "add":
            queue_table.add([(song, priority)])
            needs.add(song)
            if song in held:
                asked_anew.add(song)
        elif kind == "claim":
            found = claim(song, consumer)
            is_due = song in needs and song not in held and entry(song).not_before == 0.0
            assert (found is not None) == is_due
            if found:
                held[song] = found
                asked_anew.discard(song)
        elif kind == "die":
            free_claims({"a", "b"} - {consumer})
            held = {song: kept for song, kept in held.items() if kept.consumer != consumer}
        elif song in held:
            mine = held.pop(song)
            if kind == "finish":
                assert finish(mine) is (song not in asked_anew)
                if song not in asked_anew:
                    needs.discard(song)
            else:
                release(mine, delay=60.0 if kind == "delay" else 0.0)
        assert {row.song_id for row in QueueEntry.select()} == needs
        claimed = QueueEntry.select().where(QueueEntry.claim.is_null(False))
        assert {row.song_id: row.claim for row in claimed} == {
            song: kept.consumer for song, kept in held.items()
        }
