"""The queue's truth: which songs need work, how urgently, and who has them under way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from ...database.connection import database, run_many
from ...models import QueueEntry, Song

Item = TypeVar("Item")

# Higher goes first.
PERSON, SINGER, UPLOAD, UNREADABLE, BACKLOG, SECOND_LOOK, THIRD_LOOK = 100, 75, 50, 10, 0, -10, -20
# A first look that costs requests of its own gives way to those that share one.
PUT_OFF = -5
# Whoever is named, and may be older than it was told, gives way to all that have no name yet.
NAMED = -7


class Lane(NamedTuple):
    """Songs that are taken up one after the other: of priorities above one, up to another."""

    above: int
    up_to: int


FIRST_LOOKS = Lane(SECOND_LOOK, 2**31 - 1)
SECOND_LOOKS = Lane(THIRD_LOOK, SECOND_LOOK)
THIRD_LOOKS = Lane(-(2**31), THIRD_LOOK)


def lane_of(priority: float) -> Lane:
    """The lane that a song of this priority waits in."""
    lanes = FIRST_LOOKS, SECOND_LOOKS, THIRD_LOOKS
    return next(lane for lane in lanes if lane.above < priority)


# PiKaraoke's loop, and with it the video, stands still while a write of its own waits for ours:
# a thousand songs in one were seen to hold the lock for 0.28 s, and a Pi is five times as slow.
IN_ONE_TRANSACTION = 100
# Clocks of the queue and of Huey's schedule are read at different moments.
ABOUT_NOW = 0.5


@dataclass(frozen=True, slots=True)
class Claim:
    """A song that this consumer has under way. Times are epoch seconds."""

    song_id: int
    consumer: str
    priority: int
    queued_at: float
    failed_by: str = ""
    failed_at: float = 0.0
    failed_times: int = 0


def add(priorities: Iterable[tuple[int, int]]) -> int:
    """Note that songs need work; one that waits already keeps the higher priority.

    Args:
        priorities: song id and priority; within the caller's transaction or one of its own. What
            PiKaraoke has deleted since it was read is passed over.
    Returns:
        How many songs were given.
    """
    now = database.now()
    rows = [(priority, now, song_id) for song_id, priority in priorities]
    if rows:
        with database.atomic("IMMEDIATE"):
            run_many(_ADD, rows)
    return len(rows)


_ADD = """
INSERT INTO enrichment_queue
    (song_id, priority, queued_at, not_before, failed_by, failed_at, failed_times)
SELECT id, ?, ?, 0.0, '', 0.0, 0 FROM songs WHERE id = ?
ON CONFLICT (song_id) DO UPDATE SET
    priority = CASE WHEN excluded.priority > enrichment_queue.priority
        THEN excluded.priority ELSE enrichment_queue.priority END,
    queued_at = excluded.queued_at, not_before = 0.0, failed_by = '', failed_times = 0
"""


# What a change keeps of a song's place, so that whoever takes it back finds it there again.
_KEPT = ("priority", "not_before", "failed_by", "failed_at", "failed_times")
_STANDING = f"SELECT {', '.join(_KEPT)} FROM enrichment_queue WHERE song_id = ?"
Standing: TypeAlias = dict[str, Any]

# Written out, as every song needs them.
_CLAIM = """
UPDATE enrichment_queue SET claim = ? WHERE song_id = ? AND claim IS NULL AND not_before <= ?
RETURNING priority, queued_at, failed_by, failed_at, failed_times
"""
_FINISH = "DELETE FROM enrichment_queue WHERE song_id = ? AND claim = ? AND queued_at = ?"


def claim(song_id: int, consumer: str) -> Claim | None:
    """Take a song up; None when it needs no work, is not due, or is under way elsewhere."""
    due = database.now() + ABOUT_NOW
    found = database.execute_sql(_CLAIM, (consumer, song_id, due)).fetchall()
    return Claim(song_id, consumer, *found[0]) if found else None


def has_untried() -> bool:
    """Whether a song waits for its first look that has not been put off."""
    is_untried = QueueEntry.claim.is_null() & (QueueEntry.not_before == 0.0)
    return bool(
        QueueEntry.select().where(is_untried & (QueueEntry.priority > SECOND_LOOK)).exists()
    )


def can_hurry() -> bool:
    """Whether a song waits for its first look that could be looked up sooner."""
    return database.execute_sql(_CAN_HURRY, (SECOND_LOOK, SINGER)).fetchone() is not None


_CAN_HURRY = """
SELECT 1 FROM enrichment_queue WHERE claim IS NULL AND priority > ? AND priority < ? LIMIT 1
"""


def due_in(song_id: int) -> float | None:
    """Seconds until a waiting song may be tried, None when it waits for nothing."""
    row = QueueEntry.get_or_none((QueueEntry.song == song_id) & QueueEntry.claim.is_null())
    return None if row is None else max(0.0, row.not_before - database.now())


def finish(done: Claim) -> bool:
    """Strike a song off. False when it was queued anew meanwhile: then it stays, free to take."""
    key = done.song_id, done.consumer, done.queued_at
    if database.execute_sql(_FINISH, key).rowcount:
        return True
    mine = (QueueEntry.song == done.song_id) & (QueueEntry.claim == done.consumer)
    return not QueueEntry.update(claim=None).where(mine).execute()


def release(held: Claim, *, delay: float = 0.0, priority: int | None = None) -> None:
    """Put a song back, to be tried again after `delay` seconds."""
    _put_back(held, {QueueEntry.priority: held.priority if priority is None else priority}, delay)


def release_failed(held: Claim, provider: str, *, delay: float, was_reached: bool) -> None:
    """Put a song back, to be tried again after `delay` seconds, noting who failed on it.

    Failures of a provider that was not even reached do not count in a row.
    """
    in_a_row = held.failed_times + 1 if held.failed_by == provider else 1
    if not was_reached:
        in_a_row = 0
    failure = {
        QueueEntry.failed_by: provider,
        QueueEntry.failed_at: database.now(),
        QueueEntry.failed_times: in_a_row,
    }
    _put_back(held, failure, delay)


def _put_back(held: Claim, changes: dict[Any, Any], delay: float) -> None:
    """Free a song; what was asked of it meanwhile (another priority, no delay) stands."""
    mine = (QueueEntry.song == held.song_id) & (QueueEntry.claim == held.consumer)
    unchanged = mine & (QueueEntry.queued_at == held.queued_at)
    changes[QueueEntry.claim] = None
    changes[QueueEntry.not_before] = database.now() + delay if delay else 0.0
    if not QueueEntry.update(changes).where(unchanged).execute():
        QueueEntry.update(claim=None).where(mine).execute()


def forgive(provider: str) -> None:
    """Hold nothing against songs that a provider failed on while it failed everybody.

    What it said of one song alone, having been reached, stands: that may be what made it look down.
    """
    noted = (QueueEntry.failed_by == provider) & (QueueEntry.failed_times == 0)
    QueueEntry.update(failed_by="").where(noted).execute()


def priority_of(song_id: int) -> int | None:
    """With which a song waits or is under way, None where it needs no work."""
    found = QueueEntry.select(QueueEntry.priority).where(QueueEntry.song == song_id).first()
    return None if found is None else int(found.priority)


def standing(song_id: int) -> Standing | None:
    """How a song stands in the queue, None where it needs no work; for `put`."""
    row = database.execute_sql(_STANDING, (song_id,)).fetchone()
    return None if row is None else Standing(zip(_KEPT, row, strict=True))


def put(song_id: int, standing: Mapping[str, Any] | None) -> None:
    """Have a song stand in the queue as it once stood, within the caller's transaction; None takes
    it off. What an older version did not tell is as with `add`."""
    QueueEntry.delete().where(QueueEntry.song == song_id).execute()
    if standing is not None:
        known = {name: standing[name] for name in _KEPT if name in standing}
        QueueEntry.create(song=song_id, **known)


def has_claims() -> bool:
    """Whether any song is under way: where none is, who frees claims need not take the lock."""
    claimed = "SELECT 1 FROM enrichment_queue WHERE claim IS NOT NULL LIMIT 1"
    return database.execute_sql(claimed).fetchone() is not None


def free_claims(alive: set[str]) -> int:
    """Free the songs that dead consumers had under way; returns how many."""
    held = QueueEntry.claim.is_null(False)
    if alive:
        held &= QueueEntry.claim.not_in(alive)
    return _change(held, claim=None)


def free_own(consumer: str, under_way: Collection[int]) -> int:
    """Free the songs that a consumer has claimed and does not work at; returns how many."""
    mine = QueueEntry.claim == consumer
    if under_way:
        mine &= QueueEntry.song.not_in(list(under_way))
    return int(QueueEntry.update(claim=None).where(mine).execute())


def forget_waits(longer_than: float = 0.0) -> int:
    """Let songs be tried at once that wait for their time; returns how many.

    Args:
        longer_than: seconds, where only those are meant that would wait so long; 0.0 for all.
    """
    late = QueueEntry.not_before > (database.now() + longer_than if longer_than else 0.0)
    return _change(late, not_before=0.0)


def forget_orphans() -> int:
    """Drop entries of songs that are gone (a program without foreign keys deleted them)."""
    orphaned = QueueEntry.song.not_in(Song.select(Song.id))
    done = 0
    for batch in _found(orphaned):
        done += QueueEntry.delete().where(QueueEntry.id.in_(batch)).execute()
    return done


def _change(which: Any, **values: Any) -> int:
    """Change the entries of a condition; returns how many."""
    done = 0
    for batch in _found(which):
        done += QueueEntry.update(**values).where(which & QueueEntry.id.in_(batch)).execute()
    return done


def _found(which: Any) -> Iterator[list[int]]:
    """Ids of the entries of a condition, as many at a time as one transaction takes: whoever looks
    for them goes through a hundred thousand, and has no lock meanwhile."""
    after = 0
    while True:
        rows: Any = QueueEntry.select(QueueEntry.id).where(which & (QueueEntry.id > after))
        batch = [row[0] for row in rows.order_by(QueueEntry.id).limit(IN_ONE_TRANSACTION).tuples()]
        if not batch:
            return
        yield batch
        after = batch[-1]


def waiting() -> Iterator[tuple[int, int, float]]:
    """Song id, priority and `not_before` of every song that nobody has under way, urgent first."""
    rows = (
        QueueEntry.select(QueueEntry.song, QueueEntry.priority, QueueEntry.not_before)
        .where(QueueEntry.claim.is_null())
        .order_by(QueueEntry.priority.desc(), QueueEntry.id)
        .tuples()
    )
    yield from rows.iterator()


def in_batches(items: Iterable[Item], size: int = IN_ONE_TRANSACTION) -> Iterator[list[Item]]:
    """Items in lists of at most `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
