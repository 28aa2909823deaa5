"""The one task a song, its delivery, and what is delivered anew."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from huey.api import Task
from huey.exceptions import CancelExecution, RetryTask
from huey.utils import normalize_time
from peewee import DatabaseError

from .. import __version__
from ..database.connection import database, pairs
from ..exceptions import LibraryError, NoSuchSong
from ..models import QueueEntry, Song, SongDetail, count_up, find_song, get_state, set_state
from ..providers.base import CLOSED, KNOWN, REFUSED, Failure, Provider
from ..providers.services import CATALOGUE
from ..system.said import Said
from . import control, library, now_playing, pacing, quiet_hours
from .broker import REST, huey, troubles
from .history import changes
from .lookup import answer_cache, outcome
from .lookup.certain_artists import reader
from .lookup.chain import look_up
from .lookup.outcome import DONE, Step
from .lookup.read_ahead import together
from .names.identity import no_song
from .queue import table as queue_table
from .queue.table import BACKLOG, NAMED, SECOND_LOOK, THIRD_LOOK, UPLOAD, Claim
from .runtime import at_forget, is_to_end, runtime, until_told
from .shared import answers

log = logging.getLogger("pikaraoke_enrichment")


# Which version looked after this library last; the code of what its own errors are kept as.
RAN_LAST, OWN_ERROR = "ran_last", "own_error"
# Songs that threads of this process work at; a claim of this process's for another song is a
# leftover (the disk was full when it was to be put back) and is freed by the sweep.
under_way: set[int] = set()
_claiming = threading.Lock()
# Seconds after which a song gives its worker to another: what was answered so far is kept, the
# rest is asked when its turn comes again.
LONGEST_LOOKUP = 120.0
# By provider, as last looked after: its last answer, whether it refuses us, whether it may be asked
# all the same, and its failures in a row.
_heard_of: dict[str, tuple[float, bool, bool, int]] = {}
at_forget(_heard_of.clear)
# The catalogue as last looked after, which is another object after each change of its lists.
_lists_seen: list[Provider | None] = []
at_forget(_lists_seen.clear)


# --- the task -------------------------------------------------------------------------------------


@huey.task(retries=3, context=True)  # type: ignore[untyped-decorator]
def enrich_song(song_id: int, task: Task | None = None) -> None:
    """Look one song up and write what is learned. Out of date, it does nothing.

    A failure puts the song back into the table with its delay and lets Huey try it again; when
    Huey has lost the task, the table delivers it anew.
    """
    try:
        database.is_replaced()
        with _claiming:
            claim = queue_table.claim(song_id, runtime().consumer_name)
            if claim is not None:
                under_way.add(song_id)
        if claim is not None:
            step = _work_or_put_back(claim)
            if step.priority is not None:  # outside of any transaction
                deliver([(song_id, step.priority, 0.0)])
            if step.delay is None:
                return
            # Whether a song has failed for good is the table's to say: where a failure was not its
            # own, it goes on after Huey's tries are spent.
            if step.is_failure and task is not None and task.retries:
                task.retry_delay = step.delay
                raise CancelExecution(f"song {song_id} is tried again in {step.delay:.0f} s")
            raise RetryTask(f"song {song_id} waits for a provider", delay=step.delay)
        if seconds := queue_table.due_in(song_id):
            raise RetryTask(delay=seconds)  # early; one for a song that is done or taken just ends
    except troubles() as error:
        huey.rest(f"the songs database cannot be used: {error}")
        raise RetryTask(f"song {song_id} waits for the disk", delay=REST) from None


def _work_or_put_back(claim: Claim) -> Step:
    """Enrich one claimed song. Where our own code fails on it, that is an attempt of this song's
    and of no other's; where the database fails, it is nobody's."""
    try:
        # A second look holds the only worker that a slow service has: where it asks a faster one
        # again, it waits no longer than a first look.
        urgency = max(claim.priority, BACKLOG)
        with pacing.at_priority(urgency, seconds=LONGEST_LOOKUP):
            return _work(claim)
    except troubles():
        with contextlib.suppress(*troubles()):
            queue_table.release(claim, delay=REST)
        raise  # what could not be put back either is freed by the sweep
    except Exception as error:
        log.exception("Song %d could not be enriched", claim.song_id)
        song = find_song(claim.song_id)
        reason = Said("own_error", error=type(error).__name__).as_text()
        if song is None or outcome.count_attempt(claim, song, reason):
            return DONE
        delay = runtime().settings.retry_delay
        queue_table.release(claim, delay=delay)
        return Step(delay=delay, is_failure=True)
    except BaseException:
        queue_table.release(claim)
        raise
    finally:
        under_way.discard(claim.song_id)


def _answers_another(name: str) -> bool:
    """Whether a provider answers a question that is none of this library's."""
    asked = next((each for each in runtime().providers if each.name == name), None)
    return asked is not None and not isinstance(asked.lookup(KNOWN), Failure)


def _work(claim: Claim) -> Step:
    """Ask about a claimed song, and write what becomes of it."""
    song = find_song(claim.song_id)
    if song is None or song.metadata_status == "manual":
        return outcome.strike_off(claim)
    if not song.is_read:
        queue_table.release(claim)
        library.take_in(only=[song.id])  # an upload's name, which nobody has read yet
        return Step(priority=queue_table.priority_of(song.id))
    if no_song(song.file_path):  # queued by hand, or uploaded
        return outcome.strike_off(claim)
    if outcome.has_failed_for_good(claim, song, _answers_another):
        return DONE
    known = answers.settle(song) if song.youtube_id else False
    if known is True or (known and not known.missing):
        count_up("total_processed")
        return outcome.strike_off(claim)
    song = known.song if known else song
    now, library_reader = runtime(), reader()
    doubts = changes.doubts(song.id)
    lookup = look_up(
        known.name if known else library_reader.read(song.file_path),
        now.providers,
        recall=answer_cache.recall,
        keep=answer_cache.keep,
        knowledge=replace(library_reader.knowledge, refused=frozenset(doubts.refused)),
        rates=None if claim.priority <= THIRD_LOOK else now.rates,
        paces=2 if claim.priority <= SECOND_LOOK else 1,
        read_ahead=partial(together, claim.priority),
        is_over=pacing.is_time_up,
        missed=song.detail.failed_by,
        names_first=claim.priority < UPLOAD and claim.priority != NAMED,
    )
    if known:
        lookup.verdict = known.completed(lookup.verdict)
    if now.stopping.is_set() and not lookup.verdict.applies:
        queue_table.release(claim)
        return DONE
    return outcome.settle(claim, song, doubts, lookup)


# --- delivery -------------------------------------------------------------------------------------


def deliver(entries: Iterable[tuple[int, int, float]], *, anew: bool = False) -> None:
    """Hand songs to the consumers.

    Args:
        entries: song id, priority, and the epoch second before which it is not to be tried.
        anew: forget earlier deliveries.
    """
    for batch in queue_table.in_batches(entries):
        tasks = []
        for song_id, priority, not_before in batch:
            task = enrich_song.s(song_id, priority=priority)
            wait = not_before - database.now()
            if wait > queue_table.ABOUT_NOW:
                task.eta = normalize_time(delay=wait)
            tasks.append(task)
        huey.deliver(tasks, anew=anew)
        anew = False
    if anew:
        huey.deliver((), anew=True)


def reconcile() -> int:
    """Deliver anew all that the table says needs work, however the last run ended.

    Returns:
        How many songs were under way in consumers that have died.
    """
    if strange := library.strange_rows():
        log.warning("Another program has left values of a foreign kind in songs %s", strange[:5])
    _forgive_an_older_version()
    freed = queue_table.free_claims(runtime().presence.alive())
    queue_table.forget_orphans()
    deliver(until_told(queue_table.waiting()), anew=True)
    return freed


def _forgive_an_older_version() -> None:
    """Queue the songs on which a version before this one failed by an error of its own."""
    # The version and when its code was written last: a git pull brings code without a number.
    top = Path(__file__).parents[1]
    newest = max(path.stat().st_mtime for path in (top / "tasks").rglob("*.py"))
    this = f"{__version__} {newest:.0f}"
    if get_state(RAN_LAST) == this:
        return
    failed = Song.metadata_status == "enrichment_failed"
    own = SongDetail.reason.contains(OWN_ERROR) | SongDetail.reason.contains("in our own code")
    rows = Song.select(Song.id).join(SongDetail).where(failed & own)
    queue_ids([row.id for row in rows], queue_table.BACKLOG)
    if not is_to_end():
        set_state(RAN_LAST, this)


def _look_again_where_an_outage_ended() -> bool:
    """Queue what a provider missed that answers again; and one song to ask a provider which was
    down or had refused our key and may be asked once more, where nothing else is left to ask it.

    Returns:
        True when a refusal is over: songs that wait for its end are to be delivered anew.
    """
    now, is_over = database.now(), False
    for name, row in pacing.rows().items():
        refused = row.health == REFUSED
        # A provider that failed a time or two is asked by whatever still waits.
        is_down = row.health != CLOSED or (row.failures > 0 and not QueueEntry.select().exists())
        is_due = is_down and row.open_until <= now
        news = (row.answered_at, refused, is_due, row.failures)
        before = _heard_of.get(name)
        if news == before:
            continue
        _heard_of[name] = news
        is_over |= (refused and is_due) or (before is not None and before[1] and not refused)
        if is_due:
            missed = outcome.missed_by(name, now)
            queue_ids([*missed[0], *missed[1]][:1], queue_table.BACKLOG)
        elif not refused:
            unknown, known = outcome.missed_by(name, row.answered_at)
            queue_ids(unknown, queue_table.BACKLOG)
            queue_ids(known, SECOND_LOOK)
    if is_over:
        queue_table.forget_waits()
    return is_over


def sweep() -> bool:
    """Find what fell off: songs of dead consumers, of an outage that has ended, that a new list may
    know, that a clock set back would hold up, and, once Huey has nothing left, whatever the table
    still has.

    Returns:
        True when something was delivered again.
    """
    has_claims = queue_table.has_claims()
    alive = runtime().presence.alive()  # in any case: on a server it keeps our own lock
    freed = 0
    if has_claims:
        freed = queue_table.free_claims(alive)
        with _claiming:
            freed += queue_table.free_own(runtime().consumer_name, under_way)
    is_over = _look_again_where_an_outage_ended()
    # A list that was imported since may know songs that wait for a service, and needs no network.
    first = next(iter(runtime().providers), None)
    lists = first if first is not None and first.name == CATALOGUE.name else None
    is_new = bool(_lists_seen) and lists is not None and lists is not _lists_seen[0]
    _lists_seen[:] = [lists]
    is_known = is_new and bool(queue_table.forget_waits())
    has_lost = (
        is_over
        or is_known
        or bool(queue_table.forget_waits(outcome.longest_wait()))
        or bool(freed)
        or (huey.is_drained() and next(queue_table.waiting(), None) is not None)
    )
    if has_lost:
        deliver(until_told(queue_table.waiting()), anew=True)
    return has_lost


def queue_ids(ids: Sequence[int], priority: int) -> int:
    """Queue songs of the library by id; raises NoSuchSong for an id of none."""
    queued = 0
    for batch in until_told(queue_table.in_batches(ids)):
        rows = pairs(Song.select(Song.id, Song.metadata_status).where(Song.id.in_(batch)))
        missing = [song_id for song_id in batch if song_id not in rows]
        if missing:
            raise NoSuchSong(missing[0])
        wanted = [song_id for song_id in batch if rows[song_id] != "manual"]
        with database.atomic("IMMEDIATE"):
            queue_table.add((song_id, priority) for song_id in wanted)
            Song.update(enrichment_attempts=0).where(
                Song.id.in_(wanted) & (Song.enrichment_attempts > 0)
            ).execute()
        deliver((song_id, priority, 0.0) for song_id in wanted)
        queued += len(wanted)
    return queued


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
    queued = library.take_in(hand_over=_hand_over)
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
        database.is_replaced()  # what the steward looks after; here the old file is let go of
        is_wanted = control.wishes().may_work and quiet_hours.rests_until() is None
        if not is_wanted or now_playing.holds():
            return False
        now = runtime()
        services = now.services
        if pacing.any_open(services):
            return True
        # The catalogue may be asked about a song that is not put off.
        return len(now.providers) > len(services) and queue_table.has_untried()
    except (LibraryError, DatabaseError):
        return False


huey.may_work = may_work
