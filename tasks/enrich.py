"""The one task per song, its delivery, and what becomes of its answers."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from huey.api import Task
from huey.exceptions import CancelExecution, RetryTask
from huey.utils import normalize_time
from peewee import DatabaseError

from .. import native
from ..models import (
    LibraryError,
    ProviderState,
    QueueEntry,
    Song,
    database,
    in_a_hurry,
    is_locked,
    is_replaced,
    pairs,
)
from . import changes, control, library, lookups, pacing, party, queueing, settling
from .broker import REST, huey
from .chain import inquire
from .companions import companions
from .knowledge import certain_artists
from .lessons import taught
from .parsing import parse
from .queueing import SECOND_LOOK, UPLOAD, Claim
from .runtime import at_forget, runtime
from .settling import DONE, Step

log = logging.getLogger("pikaraoke_enrichment")


# Songs that threads of this process work at; a claim of this process's for another song is a
# leftover (the disk was full when it was to be put back) and is freed by the sweep.
under_way: set[int] = set()
# Who asks for a song to be queued waits so long for the lock, and never longer: an upload handler
# has a visitor waiting, and PiKaraoke a song on the screen. Then it is tried again behind their
# backs, so long at a time and so long in all. Seconds.
HURRY, SECOND_TRY, PERSISTENCE = 0.003, 1.0, 60.0
# No party has more songs waiting; what comes from another program is not taken without limit.
MOST_CHOSEN = 500
# Seconds after which a song gives its worker to another: what was answered so far is kept, the
# rest is asked when its turn comes again.
LONGEST_INQUIRY = 120.0
# No wait is longer, in seconds: one that is was reckoned by a clock which was wrong then.
LONGEST_DELAY = 86_400.0
# The last answer, by provider, whose news for songs that had failed there was looked after.
_heard_of: dict[str, float] = {}
at_forget(_heard_of.clear)


# --- the task -------------------------------------------------------------------------------------


@huey.task(retries=3, context=True)  # type: ignore[untyped-decorator]
def enrich_song(song_id: int, task: Task | None = None) -> None:
    """Look one song up and write what is learned. Out of date, it does nothing.

    A failure puts the song back into the table with its delay and lets Huey try it again; when
    Huey has lost the task, the table delivers it anew.
    """
    try:
        is_replaced()
        claim = queueing.claim(song_id, runtime().consumer_name)
        if claim is None:
            _wait_until_due(song_id)
        else:
            _go_on(claim, _work_or_put_back(claim), task)
    except (DatabaseError, sqlite3.Error, LibraryError) as error:
        huey.rest(f"the songs database cannot be used: {error}")
        raise RetryTask(f"song {song_id} waits for the disk", delay=REST) from None


def _work_or_put_back(claim: Claim) -> Step:
    under_way.add(claim.song_id)
    try:
        with pacing.at_priority(claim.priority, seconds=LONGEST_INQUIRY):
            return _work(claim)
    except BaseException as error:
        return _after_error(claim, error)
    finally:
        under_way.discard(claim.song_id)


def _go_on(claim: Claim, step: Step, task: Task | None) -> None:
    """Hand the song back to Huey where it needs that; outside of any transaction."""
    if step.priority is not None:
        deliver([(claim.song_id, step.priority, 0.0)])
    if step.delay is None:
        return
    # Whether a song has failed for good is the table's to say: where a failure was not its own,
    # it goes on after Huey's tries are spent.
    if step.is_failure and task is not None and task.retries:
        task.retry_delay = step.delay
        raise CancelExecution(f"song {claim.song_id} is tried again in {step.delay:.0f} s")
    raise RetryTask(f"song {claim.song_id} waits for a provider", delay=step.delay)


def _wait_until_due(song_id: int) -> None:
    """A delivery that came early is put off; one for a song that is done or taken just ends."""
    seconds = queueing.due_in(song_id)
    if seconds:
        raise RetryTask(delay=seconds)


def _work(claim: Claim) -> Step:
    """Enrich one claimed song."""
    song = Song.get_or_none(Song.id == claim.song_id)
    if song is None or song.metadata_status == "manual":
        return settling.strike_off(claim)
    if settling.has_failed_for_good(claim, song):
        return DONE
    now = runtime()
    rates = {provider.name: now.settings.rate(provider.name) for provider in now.providers}
    known = replace(certain_artists(), refused=changes.refused(song.id))
    inquiry = inquire(
        taught(parse(os.path.basename(song.file_path), known), known),
        now.providers,
        recall=lookups.recall,
        keep=lookups.keep,
        knowledge=known,
        rates=None if claim.priority == SECOND_LOOK else rates,
        companions=partial(companions, claim.priority),
        is_over=pacing.is_time_up,
    )
    if now.stopping.is_set() and not inquiry.verdict.applies:
        queueing.release(claim)
        return DONE
    return settling.settle(claim, song, inquiry)


def _after_error(claim: Claim, error: BaseException) -> Step:
    """Put the song back. Where our own code failed on it, that is an attempt of this song's and of
    no other's; where the database failed, it is nobody's."""
    if not isinstance(error, Exception):
        queueing.release(claim)
        raise error
    if isinstance(error, DatabaseError | sqlite3.Error | LibraryError):
        with contextlib.suppress(DatabaseError, sqlite3.Error):
            queueing.release(claim, delay=REST)
        raise error  # what could not be put back either is freed by the sweep
    log.exception("Song %d could not be enriched", claim.song_id)
    song = Song.get_or_none(Song.id == claim.song_id)
    if song is None or settling.count_attempt(claim, song, _of_our_own(error)):
        return DONE
    delay = runtime().settings.retry_delay
    queueing.release(claim, delay=delay)
    return Step(delay=delay, is_failure=True)


def _of_our_own(error: Exception) -> str:
    return f"{type(error).__name__} in our own code, see the log"


# --- delivery -------------------------------------------------------------------------------------


def deliver(entries: Iterable[tuple[int, int, float]], *, anew: bool = False) -> None:
    """Hand songs to the consumers.

    Args:
        entries: song id, priority, and the epoch second before which it is not to be tried.
        anew: forget earlier deliveries.
    """
    for batch in queueing.in_batches(entries):
        huey.deliver((_task(*entry) for entry in batch), anew=anew)
        anew = False
    if anew:
        huey.deliver((), anew=True)


def _task(song_id: int, priority: int, not_before: float) -> Task:
    task = enrich_song.s(song_id, priority=priority)
    wait = not_before - time.time()
    if wait > queueing.ABOUT_NOW:
        task.eta = normalize_time(delay=wait)
    return task


def reconcile() -> int:
    """Deliver anew all that the table says needs work, however the last run ended.

    Returns:
        How many songs were under way in consumers that have died.
    """
    freed = queueing.free_claims(runtime().presence.alive())
    queueing.forget_orphans()
    queueing.forget_waits(LONGEST_DELAY)
    deliver(queueing.waiting(), anew=True)
    return freed


def _look_again_where_an_outage_ended() -> None:
    answered = pairs(ProviderState.select(ProviderState.name, ProviderState.answered_at))
    for name, at in answered.items():
        if at != _heard_of.get(name):
            unknown, known = settling.missed_in_an_outage(name)
            queue_ids(unknown, queueing.BACKLOG)
            queue_ids(known, SECOND_LOOK)
            _heard_of[name] = at


def sweep(*, owns_claims: bool = True) -> bool:
    """Find what fell off: songs of dead consumers, of an outage that has ended, and, once Huey has
    nothing left, whatever the table still has.

    Args:
        owns_claims: whether `under_way` tells all that this consumer works at (its workers are
            threads), so that its other claims can be freed.
    Returns:
        True when something was delivered again.
    """
    freed = queueing.free_claims(runtime().presence.alive())
    if owns_claims:
        freed += queueing.free_own(runtime().consumer_name, under_way)
    _look_again_where_an_outage_ended()
    has_lost = bool(freed) or (huey.is_drained() and next(queueing.waiting(), None) is not None)
    if has_lost:
        deliver(queueing.waiting(), anew=True)
    return has_lost


@native.never_blocking
def queue_for_enrichment(
    songs: int | str | Path | Iterable[int | str | Path], priority: int = UPLOAD
) -> int:
    """Ask for songs to be enriched soon. Returns at once; what an upload handler calls.

    Args:
        songs: ids of PiKaraoke's `songs` table or paths of files, one or many. A file that
            PiKaraoke has not registered yet is registered by its own rules.
        priority: higher goes first; a new upload by default.
    Returns:
        How many songs were queued. A song that a person has corrected is not queued. While another
        process holds the lock, how many will be as soon as it lets go.
    Raises:
        LookupError: an id that no song has.
        FileNotFoundError: a path that neither the library nor the disk knows.
    """
    runtime()
    several = [songs] if isinstance(songs, int | str | Path) else list(songs)
    wanted = [item if isinstance(item, int) else str(item) for item in several]
    _check_there(wanted)
    parse("ABBA - Waterloo")  # reads its tables, the first time, and not while we hold the lock
    try:
        return queue_now(wanted, priority, HURRY)
    except (DatabaseError, sqlite3.Error) as error:
        if not is_locked(error):
            raise
    native.in_background(_queue_later, wanted, priority, time.monotonic() + PERSISTENCE)
    return len(wanted)


def _check_there(wanted: Sequence[int | str]) -> None:
    """Raise for what is nowhere to be found; a look that waits for no lock."""
    ids = [item for item in wanted if isinstance(item, int)]
    for batch in queueing.in_batches(ids, 500):
        there = {row.id for row in Song.select(Song.id).where(Song.id.in_(batch))}
        _check_known(batch, there)
    for item in wanted:
        if isinstance(item, str):
            library.known(item)


def _check_known(ids: Iterable[int], there: Collection[int]) -> None:
    missing = [song_id for song_id in ids if song_id not in there]
    if missing:
        raise LookupError(f"no song has the id {missing[0]}")


def queue_now(wanted: Sequence[int | str], priority: int, patience: float) -> int:
    """Register, read and queue in one transaction, then deliver: `queue_for_enrichment` for who
    waits to hear that it is done. Raises where the lock is held for longer than `patience`."""
    with in_a_hurry(database.connection(), patience), huey.in_a_hurry(patience):
        with database.atomic("IMMEDIATE"):
            ids = [item if isinstance(item, int) else library.register(item) for item in wanted]
            library.take_in(only=ids)
            queued = _note(ids, priority)
            if queued:
                _start_by_itself()
        deliver((song_id, priority, 0.0) for song_id in queued)
    return len(queued)


def _queue_later(wanted: Sequence[int | str], priority: int, until: float) -> None:
    """Try again until the lock is free; a try is short, as PiKaraoke's pages wait behind it."""
    try:
        queue_now(wanted, priority, SECOND_TRY)
    except (LookupError, FileNotFoundError) as error:
        log.warning("Deleted before it was queued: %s", error)
    except (DatabaseError, sqlite3.Error) as error:
        if not is_locked(error) or time.monotonic() > until:
            log.error("Not queued, the database cannot be written: %s: %s", wanted, error)
            return
        native.in_background(_queue_later, wanted, priority, until)


@native.never_blocking
def hurry(paths: Sequence[str]) -> int:
    """Look up next those of these songs that were never looked up; returns how many wait so.

    What singers have put into PiKaraoke's queue; songs that are done stay done.
    """
    runtime()
    waiting = (
        Song.select(Song.id)
        .join(QueueEntry)
        .where(
            Song.file_path.in_(list(paths)[:MOST_CHOSEN])
            & QueueEntry.claim.is_null()
            & (QueueEntry.priority > SECOND_LOOK)
            & (QueueEntry.priority < queueing.SINGER)
        )
    )
    ids = [row.id for row in waiting]
    return queue_for_enrichment(ids, queueing.SINGER) if ids else 0


def queue_ids(ids: Sequence[int], priority: int) -> int:
    """Queue songs of the library by id; raises LookupError for an id that no song has."""
    queued = 0
    for batch in queueing.in_batches(ids, 500):
        with database.atomic("IMMEDIATE"):
            wanted = _note(batch, priority)
        deliver((song_id, priority, 0.0) for song_id in wanted)
        queued += len(wanted)
    return queued


def _note(ids: Sequence[int], priority: int) -> list[int]:
    """Put songs into the table, within the caller's transaction; not those of a person's word."""
    noted = []
    for batch in queueing.in_batches(ids, 500):
        rows = pairs(Song.select(Song.id, Song.metadata_status).where(Song.id.in_(batch)))
        _check_known(batch, rows)
        wanted = [song_id for song_id in batch if rows[song_id] != "manual"]
        queueing.add((song_id, priority) for song_id in wanted)
        Song.update(enrichment_attempts=0).where(
            Song.id.in_(wanted) & (Song.enrichment_attempts > 0)
        ).execute()
        noted += wanted
    return noted


def scan(folder: str | Path) -> library.ScanResult:
    """Scan a folder and hand its songs to the consumers; work then starts by itself, if it may.

    Raises:
        NoSuchFolder: the folder is not there.
    """
    result = library.scan(folder, hand_over=_hand_over)
    _start_by_itself()
    return result


def follow() -> int:
    """Take in what others changed in PiKaraoke's table; returns how many songs were queued."""
    queued = library.take_in(certain_artists(), hand_over=_hand_over)
    if queued:
        _start_by_itself()
    return queued


def _hand_over(entries: Sequence[tuple[int, int]]) -> None:
    deliver((song_id, priority, 0.0) for song_id, priority in entries)


def _start_by_itself() -> None:
    if runtime().settings.autostart:
        control.start_unless_decided()


def may_work() -> bool:
    """Whether songs may be taken up: it is wished, the library is there, somebody can be asked."""
    try:
        is_replaced()  # the steward looks after it; this thread must only not write to the old file
        return (
            control.wishes().may_work
            and not party.holds()
            and pacing.any_open([provider.name for provider in runtime().providers])
        )
    except (LibraryError, DatabaseError):
        return False


huey.may_work = may_work
