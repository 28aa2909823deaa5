"""What becomes of a look-up: an answer applied, candidates kept for review, or another try."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...database.connection import database, now_text, run_many
from ...models import QueueEntry, Song, SongDetail, count_up, find_song
from ...providers.base import Failure, RateLimited, Refused, Unavailable
from ...providers.services import CATALOGUE, source_of
from ...system.said import Said, from_text
from .. import pacing
from ..history import changes, elsewhere, former_answers, traits
from ..history.changes import Doubts
from ..judging.songs import is_another, song_key
from ..judging.traits import by_answers
from ..pace_rules import FAILURES_TO_OPEN, LONGEST_LIMIT
from ..queue import table as queue_table
from ..queue.table import NAMED, PUT_OFF, SECOND_LOOK, THIRD_LOOK, Claim
from ..runtime import runtime
from ..scoring import parsed_confidence
from ..search import listing
from .chain import LookUp

MAX_ATTEMPTS = 3
# Each failed attempt waits this many times longer than the one before.
RETRY_BACKOFF = 3
KEPT_CANDIDATES = 5

# Written out, as every song needs them: Peewee takes ten times longer to put such a statement
# together than SQLite to run it.
#
# Holds while nobody has renamed the file or spoken a person's word since the song was read, nor any
# other program changed it since we wrote it. In another folder it is the same file: only a new name
# is read and queued again.
_AS_IT_WAS = f"""
WHERE id = ? AND substr(file_path, length(file_path) - ?) IN (?, ?, ?)
  AND (metadata_status IS NULL OR metadata_status <> 'manual')
  AND NOT EXISTS (SELECT 1 FROM enrichment_listing AS l
    WHERE l.song_id = songs.id AND {listing.is_changed("songs")})
"""
# And while nobody has said what it is not: its answers are then to be judged anew.
_STILL_ANSWERS = f"""{_AS_IT_WAS}
  AND ? = (SELECT count(*) FROM enrichment_candidate AS c WHERE c.song_id = songs.id AND c.rejected)
"""
_APPLY = f"""
UPDATE songs SET artist = ?, title = ?, variant = ?, year = ?, genre = ?, metadata_status = ?,
    {{confidence}} = ?, last_enrichment_attempt = ?, updated_at = ? {_STILL_ANSWERS}
"""
_SET_STATUS = f"""
UPDATE songs SET metadata_status = ?, last_enrichment_attempt = ? {_STILL_ANSWERS}
"""
_COUNT_ATTEMPT = f"""
UPDATE songs SET enrichment_attempts = ?, metadata_status = ?, last_enrichment_attempt = ?
{_AS_IT_WAS}
"""
# Where nothing is applied the song's fields are from whom they were from.
_KEEP_CARD = """
UPDATE enrichment_reading
SET sources = coalesce(?, sources), evidence = ?, reason = ?, failed_by = ?, decided_at = ?
WHERE song_id = ?
"""
_FORGET_CANDIDATES = """
DELETE FROM enrichment_candidate WHERE song_id = ? AND NOT rejected AND rank > ?
"""
_KEEP_CANDIDATE = """
INSERT INTO enrichment_candidate (song_id, rank, artist, title, variant, year, genre, confidence,
    providers, evidence, rejected)
VALUES (?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """How a song goes on once its look-up is written.

    Attributes:
        delay: seconds after which it is tried again, None when it is not.
        is_failure: whether that spends one of the tries that Huey gives a task.
        priority: with which it is delivered once more, None when it is not.
    """

    delay: float | None = None
    is_failure: bool = False
    priority: int | None = None


DONE = Step()


def settle(claim: Claim, song: Song, doubts: Doubts, lookup: LookUp) -> Step:
    """Write what is known in one small transaction.

    Args:
        song, doubts: as they were read before the look-up. Where a person has refused another
            candidate since, or the file has another name, nothing is written.
    """
    verdict = lookup.verdict
    may_add = lookup.needs_second_look
    must_wait = not may_add and lookup.must_wait
    with database.atomic("IMMEDIATE"):
        # One that was known as another song before its file was renamed is a person's to decide.
        of_another = doubts.former not in (None, song_key(verdict.artist, verdict.title))
        if verdict.applies and not of_another:
            is_written = _apply(song, doubts, lookup)
        else:
            is_written = not lookup.is_last or _keep_for_review(song, doubts, lookup)
        if not is_written:  # its file was renamed, a person has spoken, or another program
            elsewhere.take_in(song.id)
            now = find_song(song.id)
            if now is not None and now.metadata_status != "manual":
                queue_table.release(claim)  # its new name may be no news, which nobody queues anew
                return Step(priority=queue_table.priority_of(claim.song_id))
        if lookup.is_put_off:
            if verdict.applies:
                _count_look(claim)
            line = NAMED if verdict.applies else min(claim.priority, PUT_OFF)
            queue_table.release(claim, priority=line)
            return Step(priority=queue_table.priority_of(claim.song_id))
        if may_add:
            _count_look(claim)
            is_second = claim.priority > SECOND_LOOK
            queue_table.release(claim, priority=SECOND_LOOK if is_second else THIRD_LOOK)
            return Step(priority=queue_table.priority_of(claim.song_id))
        if must_wait:
            return _try_again(claim, song, lookup)
        _count_look(claim)
        return strike_off(claim)


def _count_look(claim: Claim) -> None:
    """Count a look that is over; of who is asked for an older date, it was when it was named."""
    if claim.priority > NAMED:
        count_up("total_processed")
    elif claim.priority < NAMED:
        is_third = claim.priority <= THIRD_LOOK
        count_up("total_third_looks" if is_third else "total_second_looks")


def strike_off(claim: Claim) -> Step:
    """Take the song off the queue; one that was queued anew meanwhile is delivered again."""
    if queue_table.finish(claim):
        return DONE
    return Step(priority=queue_table.priority_of(claim.song_id))


# --- answers ------------------------------------------------------------------------------------


def _apply(song: Song, doubts: Doubts, lookup: LookUp) -> bool:
    """Write an answer and keep what it replaced, so that a person can take it back; False where the
    song is not as it was."""
    verdict, now = lookup.verdict, now_text()
    state: dict[str, Any] = {
        "artist": verdict.artist,
        "title": verdict.title,
        "variant": verdict.variant or None,
        "year": verdict.year,
        "genre": verdict.genre,
        "metadata_status": "enriched",
        "confidence": verdict.confidence,
    }
    values = *state.values(), now, now, *_as_it_was(song), len(doubts.refused)
    if not _execute(_APPLY, values):
        return False
    sources = json.loads(song.detail.sources)
    known = verdict.artist, verdict.title, verdict.year, verdict.genre
    # First, as what is no more than likely waits for a person with its candidates.
    _keep_card(song, lookup, "", is_applied=True)
    listing.put([(song.id, song.file_path, *known, "enriched", verdict.confidence, now)])
    before, after = _note_traits(song, lookup)
    changes.record(
        song.id,
        {**changes.state_of(song), "sources": sources, **before},
        {**state, "sources": dict(verdict.sources), **after},
        action="answer",
        source=",".join(dict.fromkeys(verdict.sources.values())),
    )
    if song.metadata_status != "enriched":
        count_up("total_enriched")
    return True


def _note_traits(song: Song, lookup: LookUp) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep what came along with the answers; what changed by it, before and after."""
    verdict, best = lookup.verdict, lookup.verdict.best
    telling = [each for each in best.candidates if each.traits] if best else []
    told = by_answers(verdict.artist, verdict.variant, telling) if telling else {}
    before = song.artist or "", song.title or "", song.variant or ""
    names = verdict.artist, verdict.title, verdict.variant
    if not told and names == before:  # what those tell was noted when the name was read
        return {}, {}
    is_same = not is_another(*before[:2], *names[:2])
    named = traits.Named(song.id, song.file_path, *names)
    changed = traits.note(named, told, is_same_song=is_same)
    traits.follow_artists({before[0], names[0]})
    return changed


def _keep_for_review(song: Song, doubts: Doubts, lookup: LookUp) -> bool:
    """No answer is sure enough: what is known of the song stays, candidates wait for a person.
    False where the song is not as it was."""
    verdict = lookup.verdict
    status, reason = song.metadata_status, Said("not_sure")
    if not verdict.ranked:
        # Who has looked and did not know the song; who refused our key has not looked.
        # A list is not said to lack a song, as most lack most, but where there is nothing else.
        looked = dict.fromkeys(
            name for name, _, answer in lookup.answers if not isinstance(answer, Failure)
        )
        named = [name for name in looked if name != CATALOGUE.name] or list(looked)
        reason = Said("not_found", providers=named) if named else _troubles(lookup)
    if doubts.former is not None:
        reason = from_text(former_answers.ASKED)
    if status != "enriched":  # an earlier answer outlives a later look that finds nothing
        status = "parsed" if verdict.ranked or doubts.former is not None else "enrichment_failed"
    values = status, now_text(), *_as_it_was(song), len(doubts.refused)
    if not _execute(_SET_STATUS, values):
        return False
    if status == "enrichment_failed":
        count_up("total_failed")
    # A song of which nothing but its name is known stands as an index of artists reads it.
    is_read_anew = lookup.is_reordered and status != "enriched"
    if is_read_anew:
        best = lookup.parsed.hypotheses[0]
        song.artist, song.title, song.variant = best.artist, best.title, best.variant or None
        song.confidence = parsed_confidence(best)
        song.save(only=[Song.artist, Song.title, Song.variant, Song.confidence])
    _keep_card(song, lookup, reason.as_text())
    known = song.artist, song.title, song.year, song.genre
    listing.put([(song.id, song.file_path, *known, status, song.confidence, song.updated_at)])
    if is_read_anew:
        traits.read_names([song.id], anew=[song.id])
    return True


def _troubles(lookup: LookUp) -> Said:
    """Who gave no answer, and why."""
    each = [
        Said("trouble", provider=name, reason=failure.reason)
        for name, failure in lookup.troubles.items()
    ]
    return Said("troubles", each=each)


def _execute(statement: str, values: tuple[object, ...]) -> int:
    """Execute one of the statements above; how many rows it has changed."""
    sql = statement.format(confidence=Song.confidence.column_name)
    return int(database.execute_sql(sql, values).rowcount)


def _as_it_was(song: Song) -> tuple[object, ...]:
    """The values of `_AS_IT_WAS`."""
    name = os.path.basename(song.file_path)
    return song.id, len(name), f"/{name}", f"\\{name}", name


def _keep_card(song: Song, lookup: LookUp, reason: str, *, is_applied: bool = False) -> None:
    """Keep why it was decided so, and the best candidates, for whoever looks at the song.

    Who gave no answer and may have added something is noted: the song gets another look when that
    provider answers again. As long as it waits for that one, the note stands.
    """
    verdict, failed_by = lookup.verdict, lookup.missed
    if lookup.is_last:
        failed_by = next((name for name in lookup.troubles if _is_missed(name, lookup)), "")
    best = verdict.ranked[:KEPT_CANDIDATES]
    evidence = [json.dumps(scored.card) for scored in best]
    sources = json.dumps(verdict.sources) if is_applied else None
    kept = sources, evidence[0] if best else "{}", reason, failed_by, database.now()
    database.execute_sql(_KEEP_CARD, (*kept, song.id))
    kept_rank = -1 if is_applied else former_answers.RANK
    database.execute_sql(_FORGET_CANDIDATES, (song.id, kept_rank))
    rows: list[tuple[object, ...]] = []
    for rank, scored in enumerate(best, 1):
        known = scored.artist, scored.title, scored.year, scored.genre, scored.confidence
        providers = ",".join(dict.fromkeys(item.provider for item in scored.candidates))
        rows.append((song.id, rank, *known, providers, evidence[rank - 1], False))
    run_many(_KEEP_CANDIDATE, rows)


def _is_missed(name: str, lookup: LookUp) -> bool:
    """Whether a song that is decided lacks what a provider in trouble may tell: a field, where it
    refused us and is not waited for, or a surer year than the one that somebody else told."""
    if not lookup.is_complete:
        return isinstance(lookup.troubles[name], Refused)
    told_by = lookup.verdict.sources.get("year", "")
    return bool(told_by) and source_of(name).dates > source_of(told_by).dates


# --- failures -----------------------------------------------------------------------------------


def _try_again(claim: Claim, song: Song, lookup: LookUp) -> Step:
    """Something is still to be asked; the song waits for it. A failure is noted, not counted:
    whether it is the song's own shows only later."""
    reason = _troubles(lookup).as_text()
    SongDetail.update(reason=reason).where(SongDetail.song == song.id).execute()
    waits = [wait for name in lookup.troubles if (wait := pacing.seconds_shut(name))]
    busy = [each.retry_after for each in lookup.troubles.values() if isinstance(each, RateLimited)]
    failed = {
        name: failure
        for name, failure in lookup.troubles.items()
        if isinstance(failure, Unavailable) and failure.arrived
    }
    reached = [name for name, failure in failed.items() if failure.answered]
    # It is never a song's own failure that we asked too fast or were refused, reached nobody, or
    # broke off, even if the provider is open again by now.
    is_nobodys = lookup.is_cut_short or runtime().stopping.is_set() or not failed
    if is_nobodys or (waits and not reached):
        delay = min(waits or busy, default=runtime().settings.retry_delay)
        queue_table.release(claim, delay=delay)
        return Step(delay=delay)
    backoff = runtime().settings.retry_delay * RETRY_BACKOFF ** (song.enrichment_attempts or 0)
    delay = min(waits, default=backoff)
    blamed = (reached or list(failed))[0]
    queue_table.release_failed(claim, blamed, delay=delay, was_reached=bool(reached))
    return Step(delay=delay, is_failure=not waits)


def longest_wait() -> float:
    """Seconds that no song waits for its next try, unless the clock was set back meanwhile."""
    backoff: float = runtime().settings.retry_delay * RETRY_BACKOFF**MAX_ATTEMPTS
    return 1.1 * max(LONGEST_LIMIT, backoff)


def has_failed_for_good(claim: Claim, song: Song, answers_another: Callable[[str], bool]) -> bool:
    """Count the failure noted last time if it was the song's own; True when it was the last one.

    A provider that is down fails everybody. It is this song's failure where the same provider has
    answered another since. Where it was reached and has stumbled over nothing but this one, or over
    this one so often that it looks down, it is asked for another: a lone upload in half a minute in
    which it answered 500 had failed for good, and two last songs that it stumbled over never did.

    Args:
        answers_another: asks the provider of this name for a song that it knows; whether it
            answers.
    """
    if not claim.failed_by:
        return False
    provider = pacing.read(claim.failed_by)
    has_answered = claim.failed_at < provider.answered_at <= database.now()
    is_doubtful = claim.failed_times >= min(provider.failures, FAILURES_TO_OPEN) > 0
    if not has_answered and not (is_doubtful and answers_another(claim.failed_by)):
        return False
    return count_attempt(claim, song, song.detail.reason)


def count_attempt(claim: Claim, song: Song, reason: str) -> bool:
    """Spend one of the song's attempts; True when it was the last: the song has failed then.

    Who it failed by is noted, for another look when that provider has recovered, unless this was
    that look: two songs that a provider stumbles over had each other looked at again for ever.
    """
    song.enrichment_attempts = (song.enrichment_attempts or 0) + 1
    is_last = bool(song.enrichment_attempts >= MAX_ATTEMPTS)
    has_failed = is_last and song.metadata_status != "enriched"
    status = "enrichment_failed" if has_failed else song.metadata_status
    with database.atomic("IMMEDIATE"):
        if has_failed:
            count_up("total_failed")
        values = song.enrichment_attempts, status, now_text(), *_as_it_was(song)
        _execute(_COUNT_ATTEMPT, values)
        listing.index([song.id])
        kept = {SongDetail.reason: reason, SongDetail.decided_at: database.now()}
        if is_last:
            kept[SongDetail.failed_by] = "" if song.detail.failed_by else claim.failed_by
            count_up("total_processed")
            queue_table.finish(claim)
        SongDetail.update(kept).where(SongDetail.song == song.id).execute()
    return is_last


def missed_by(provider: str, before: float) -> tuple[list[int], list[int]]:
    """Songs decided before this moment that lack what a provider may tell, as it failed or refused
    us then, and wait for no look already.

    Returns:
        Ids of those that nobody knew surely, and of those that are known but for a field.
    """
    rows = (
        Song.select(Song.id, Song.metadata_status)
        .join(SongDetail)
        .where(
            (SongDetail.failed_by == provider)
            & (SongDetail.decided_at < before)
            & (Song.metadata_status != "manual")
            & Song.id.not_in(QueueEntry.select(QueueEntry.song))
        )
        .tuples()
    )
    found = list(rows.iterator())
    unknown = [song_id for song_id, status in found if status != "enriched"]
    return unknown, [song_id for song_id, status in found if status == "enriched"]
