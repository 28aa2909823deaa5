"""The one task per song, its delivery, and what becomes of its answers."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huey.api import Task
from huey.exceptions import CancelExecution, RetryTask
from huey.utils import normalize_time

from ..models import CandidateRow, Reading, Song, count_up, database, now_text, pairs
from . import control, library, lookups, pacing, queueing
from .broker import Broker
from .chain import Inquiry, inquire
from .knowledge import certain_artists
from .matching import Scored, Verdict
from .parsing import parse
from .queueing import SECOND_LOOK, UPLOAD, Claim
from .runtime import LABELS, runtime

log = logging.getLogger("pikaraoke_enrichment")

MAX_ATTEMPTS = 3
# Each failed attempt waits this many times longer than the one before.
RETRY_BACKOFF = 3
KEPT_CANDIDATES = 5

huey = Broker("pikaraoke-enrichment", lambda: runtime().settings.queue)


# --- the task -------------------------------------------------------------------------------------


@huey.task(retries=3, context=True)  # type: ignore[untyped-decorator]
def enrich_song(song_id: int, task: Task | None = None) -> None:
    """Look one song up and write what is learned. Out of date, it does nothing.

    A failure puts the song back into the table with its delay and lets Huey try it again; when
    Huey has lost the task, the table delivers it anew.
    """
    claim = queueing.claim(song_id, runtime().consumer_name)
    if claim is None:
        _wait_until_due(song_id)
        return
    try:
        with pacing.at_priority(claim.priority):
            step = _work(claim)
    except BaseException as error:
        _put_back_after_error(claim, error)
        raise
    _go_on(claim, step, task)


@dataclass(frozen=True, slots=True)
class Step:
    """How a song goes on once its look-up is written.

    Attributes:
        delay: seconds after which it is tried again, None when it is not.
        is_own_failure: whether that spends one of the tries that Huey gives a task.
        priority: with which it is delivered once more, None when it is not.
    """

    delay: float | None = None
    is_own_failure: bool = False
    priority: int | None = None


DONE = Step()


def _go_on(claim: Claim, step: Step, task: Task | None) -> None:
    """Hand the song back to Huey where it needs that; outside of any transaction."""
    if step.priority is not None:
        deliver([(claim.song_id, step.priority, 0.0)])
    if step.delay is None:
        return
    if step.is_own_failure and task is not None:
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
        return _strike_off(claim)
    if _failed_once_too_often(claim, song):
        return DONE
    now = runtime()
    rates = {provider.name: now.settings.rate(provider.name) for provider in now.providers}
    inquiry = inquire(
        parse(os.path.basename(song.file_path), certain_artists()),
        now.providers,
        recall=lookups.recall,
        keep=lookups.keep,
        knowledge=certain_artists(),
        rates=None if claim.priority == SECOND_LOOK else rates,
    )
    if now.stopping.is_set() and not inquiry.verdict.applies:
        queueing.release(claim)
        return DONE
    return _settle(claim, song, inquiry)


def _put_back_after_error(claim: Claim, error: BaseException) -> None:
    """Our own code failed on this song: that is an attempt of this song's, and of no other's."""
    if not isinstance(error, Exception):
        queueing.release(claim)
        return
    log.exception("Song %d could not be enriched", claim.song_id)
    song = Song.get_or_none(Song.id == claim.song_id)
    if song is not None:
        _count_attempt(claim, song, f"{type(error).__name__} in our own code, see the log")


# --- what becomes of the answers ------------------------------------------------------------------


def _settle(claim: Claim, song: Song, inquiry: Inquiry) -> Step:
    """Write what is known in one small transaction."""
    verdict = inquiry.verdict
    with database.atomic("IMMEDIATE"):
        if not verdict.applies and inquiry.must_wait:
            return _try_again(claim, song, inquiry)
        if verdict.applies:
            _apply(song, verdict)
        else:
            _keep_for_review(song, inquiry)
        if claim.priority != SECOND_LOOK:
            count_up("total_processed")
        if not verdict.applies or not inquiry.unasked:
            return _strike_off(claim)
        if claim.priority == SECOND_LOOK:
            return _try_again(claim, song, inquiry)
        queueing.release(claim, priority=SECOND_LOOK)
        return Step(priority=SECOND_LOOK)


def _strike_off(claim: Claim) -> Step:
    """Take the song off the queue; one that was queued anew meanwhile is delivered again."""
    return DONE if queueing.finish(claim) else Step(priority=claim.priority)


def _apply(song: Song, verdict: Verdict) -> None:
    """Write an answer, unless a person wrote one or the file was renamed while it was under way."""
    changed = (
        Song.update(
            artist=verdict.artist,
            title=verdict.title,
            variant=verdict.variant or None,
            year=verdict.year,
            genre=verdict.genre,
            metadata_status="enriched",
            confidence=verdict.confidence,
            last_enrichment_attempt=now_text(),
            updated_at=now_text(),
        )
        .where(_as_it_was(song))
        .execute()
    )
    if changed:
        _keep_card(song, verdict, "")
        count_up("total_enriched")


def _keep_for_review(song: Song, inquiry: Inquiry) -> None:
    """No answer is sure enough: what is known of the song stays, candidates wait for a person."""
    verdict = inquiry.verdict
    status, reason = song.metadata_status, "no answer is sure enough to apply"
    if not verdict.ranked:
        asked = dict.fromkeys(LABELS[name] for name, _, _ in inquiry.answers)
        reason = f"not found at {', '.join(asked)}"
    if status != "enriched":  # an earlier answer outlives a later look that finds nothing
        status = "parsed" if verdict.ranked else "enrichment_failed"
    if status == "enrichment_failed":
        count_up("total_failed")
    changed = (
        Song.update(metadata_status=status, last_enrichment_attempt=now_text())
        .where(_as_it_was(song))
        .execute()
    )
    if changed:
        _keep_card(song, verdict, reason)


def _as_it_was(song: Song) -> object:
    """Holds while nobody has renamed the file or spoken a person's word since it was read."""
    return (
        (Song.id == song.id)
        & (Song.file_path == song.file_path)
        & (Song.metadata_status.is_null() | (Song.metadata_status != "manual"))
    )


def _keep_card(song: Song, verdict: Verdict, reason: str) -> None:
    """Keep why it was decided so, and the best candidates, for whoever looks at the song."""
    evidence = verdict.best.evidence.as_dict() if verdict.best else {}
    Reading.update(
        sources=json.dumps(verdict.sources),
        evidence=json.dumps(evidence),
        reason=reason,
        decided_at=time.time(),
    ).where(Reading.song == song.id).execute()
    CandidateRow.delete().where((CandidateRow.song == song.id) & ~CandidateRow.rejected).execute()
    rows = [
        _candidate_row(song.id, rank, scored)
        for rank, scored in enumerate(verdict.ranked[:KEPT_CANDIDATES], 1)
    ]
    if rows:
        CandidateRow.insert_many(rows).execute()


def _candidate_row(song_id: int, rank: int, scored: Scored) -> dict[str, object]:
    return {
        "song": song_id,
        "rank": rank,
        "artist": scored.artist,
        "title": scored.title,
        "year": scored.year,
        "genre": scored.genre,
        "confidence": scored.confidence,
        "providers": ",".join(dict.fromkeys(item.provider for item in scored.candidates)),
        "evidence": json.dumps(scored.evidence.as_dict()),
    }


# --- failures -------------------------------------------------------------------------------------


def _try_again(claim: Claim, song: Song, inquiry: Inquiry) -> Step:
    """Something is still to be asked. The failure is noted, not yet counted: a provider that is
    down is not the song's fault, so it counts only once that provider has answered another."""
    delay, is_own = _delay(inquiry, song.enrichment_attempts or 0)
    name = next(iter(inquiry.troubles), "")
    queueing.release(
        claim,
        delay=delay,
        failed_by=name if is_own else "",
        failed_at=time.time() if is_own else 0.0,
    )
    reasons = "; ".join(f"{LABELS[at]}: {item.reason}" for at, item in inquiry.troubles.items())
    Reading.update(reason=reasons).where(Reading.song == song.id).execute()
    return Step(delay=delay, is_own_failure=is_own)


def _delay(inquiry: Inquiry, attempts: int) -> tuple[float, bool]:
    """Seconds until the next try, and whether they are for a failure that may be the song's own.

    Where a provider is shut the song waits until one opens; otherwise longer each time.
    """
    waits = [pacing.seconds_shut(name) for name in inquiry.troubles]
    if any(waits):
        return max(min(wait for wait in waits if wait), 0.1), False
    return runtime().settings.retry_delay * RETRY_BACKOFF**attempts, True


def _failed_once_too_often(claim: Claim, song: Song) -> bool:
    """Count the failure noted last time, if its provider has answered since; True when it was the
    last that a song has."""
    if not claim.failed_by or pacing.read(claim.failed_by).answered_at <= claim.failed_at:
        return False
    reading = Reading.get_or_none(Reading.song == song.id)
    return _count_attempt(claim, song, reading.reason if reading else "failed")


def _count_attempt(claim: Claim, song: Song, reason: str) -> bool:
    """Spend one of the song's attempts; after the last one it has failed for good."""
    attempts = (song.enrichment_attempts or 0) + 1
    is_last = attempts >= MAX_ATTEMPTS
    song.enrichment_attempts = attempts
    with database.atomic("IMMEDIATE"):
        changes: dict[str, object] = {
            "enrichment_attempts": attempts,
            "last_enrichment_attempt": now_text(),
        }
        if is_last and song.metadata_status != "enriched":
            changes["metadata_status"] = "enrichment_failed"
            count_up("total_failed")
            count_up("total_processed")
        Song.update(changes).where(_as_it_was(song)).execute()
        Reading.update(reason=reason, decided_at=time.time()).where(
            Reading.song == song.id
        ).execute()
        if is_last:
            queueing.finish(claim)
    return is_last


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
    deliver(queueing.waiting(), anew=True)
    return freed


def deliver_if_drained() -> bool:
    """Deliver again when Huey has nothing left and the table has; True when there was need."""
    queueing.free_claims(runtime().presence.alive())
    if not huey.is_drained() or next(queueing.waiting(), None) is None:
        return False
    deliver(queueing.waiting())
    return True


def queue_for_enrichment(
    songs: int | str | Path | Iterable[int | str | Path], priority: int = UPLOAD
) -> int:
    """Ask for songs to be enriched soon. Returns at once; what an upload handler calls.

    Args:
        songs: ids of PiKaraoke's `songs` table or paths of files, one or many. A file that
            PiKaraoke has not registered yet is registered by its own rules.
        priority: higher goes first; a new upload by default.
    Returns:
        How many songs were queued. A song that a person has corrected is not queued.
    Raises:
        LookupError: an id that no song has.
        FileNotFoundError: a path that neither the library nor the disk knows.
    """
    runtime()
    wanted = [songs] if isinstance(songs, int | str | Path) else list(songs)
    ids = [item if isinstance(item, int) else library.register(str(item)) for item in wanted]
    library.take_in(only=ids)
    return queue_ids(ids, priority)


def queue_ids(ids: Sequence[int], priority: int) -> int:
    """Queue songs of the library by id; raises LookupError for an id that no song has."""
    queued = 0
    for batch in queueing.in_batches(ids, 500):
        rows = pairs(Song.select(Song.id, Song.metadata_status).where(Song.id.in_(batch)))
        missing = [song_id for song_id in batch if song_id not in rows]
        if missing:
            raise LookupError(f"no song has the id {missing[0]}")
        wanted = [song_id for song_id in batch if rows[song_id] != "manual"]
        with database.atomic("IMMEDIATE"):
            queueing.add((song_id, priority) for song_id in wanted)
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
    queued = library.take_in(certain_artists(), hand_over=_hand_over)
    if queued:
        _start_by_itself()
    return queued


def _hand_over(entries: Sequence[tuple[int, int]]) -> None:
    deliver((song_id, priority, 0.0) for song_id, priority in entries)


def _start_by_itself() -> None:
    if runtime().settings.autostart:
        control.start_unless_decided()


huey.may_work = lambda: (
    control.wishes().may_work
    and pacing.any_open([provider.name for provider in runtime().providers])
)


def _make_consumer(broker: Broker, **options: Any) -> Any:
    from .consumer import EnrichmentConsumer  # needs this module

    return EnrichmentConsumer(broker, **options)


huey.consumer_class = _make_consumer
