"""Every change of a song kept with its source, and taken back on demand."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from ...database.connection import database, now_text
from ...exceptions import ChangedSince, NothingToUndo
from ...models import CandidateRow, Change, QueueEntry, Song, SongDetail
from ..judging.songs import is_another, song_key
from ..judging.traits import TRAITS
from ..queue import table as queue_table
from ..search import listing
from . import former_answers, kept_edits, traits

FIELDS = (*kept_edits.FIELDS, "metadata_status", "confidence")
# What may be taken back beside the song's own columns: who each field is from, why the song is what
# it is ("not found at iTunes" is so again once the edit is taken back), what a person has rejected,
# and how the song stood in the queue: one that waits for its year or a retry does so again.
_SOURCES, _REASON, _REJECTED, _QUEUED = "sources", "reason", "rejected", "queued"
# Written out, as every look-up needs them.
_RECORD = """
INSERT INTO enrichment_change (song_id, batch, at, action, source, "before", "after")
VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
PERSON, ELSEWHERE = "person", "pikaraoke"
# Whose changes are not taken back along with another one: what another program writes may be a
# person's word too.
_FINAL = frozenset({PERSON, ELSEWHERE})
REFUSED_ANSWER = "refused_answer"
_DOUBTS = f"""
SELECT artist, title, rejected FROM enrichment_candidate
WHERE song_id = ? AND (rejected OR rank = {former_answers.RANK})
"""


class Doubts(NamedTuple):
    """What an answer to a song is held against, each by its `song_key`.

    Attributes:
        refused: what a person has said that the song is not, one for each candidate refused.
        former: what it was known as before its file got another song's name, None for nothing.
    """

    refused: list[tuple[str, str]]
    former: tuple[str, str] | None


def state_of(song: Song) -> dict[str, Any]:
    """A song's fields as they are kept in a change."""
    return {name: getattr(song, name) for name in FIELDS}


def standing_of(song: Song) -> dict[str, Any]:
    """The same with who each field is from, why the song is what it is, and its place in the queue;
    of a song that `find_song` has read."""
    told = {_SOURCES: json.loads(song.detail.sources), _REASON: song.detail.reason}
    return {**state_of(song), **told, _QUEUED: queue_table.standing(song.id)}


def new_batch() -> str:
    """A name for songs that are changed together."""
    return uuid.uuid4().hex[:16]


def record(
    song_id: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    action: str,
    source: str,
    batch: str = "",
) -> int | None:
    """Keep one change, within the transaction that makes it.

    Args:
        before, after: some of FIELDS and TRAITS, "told", "sources", "reason", "rejected", "queued";
            what is equal in both is left out.
        action: what was done: "answer", "edit", "accept", "verify", "import", "reject".
        source: "person", or the providers of an answer, parted by commas.
        batch: songs changed together have the same one.
    Returns:
        The change's id, None where nothing changed.
    """
    # Who told a trait goes with it, though he may have told both values.
    changed = [n for n in after if n == traits.TOLD or before.get(n) != after[n]]
    if not changed:
        return None
    was = json.dumps({name: before.get(name) for name in changed})
    now = json.dumps({name: after[name] for name in changed})
    values = song_id, batch, time.time(), action, source, was, now
    return int(database.execute_sql(_RECORD, values).fetchall()[0][0])


def say(
    song: Song,
    values: Mapping[str, Any],
    *,
    action: str,
    batch: str = "",
) -> int | None:
    """Write a person's word: of artist, title and the like, which verifies the song (status manual,
    confidence 1.00, off the queue), or of TRAITS alone, which says nothing of its name.

    Args:
        song: as `find_song` has read it within this transaction; it is then as it is now.
        values: the fields the person speaks for; the change keeps what they replace.
    Returns:
        The change's id, None where the song was just so before.
    """
    told = {name: values[name] for name in TRAITS if name in values}
    fields = {name: value for name, value in values.items() if name not in TRAITS}
    is_verified = bool(fields) or not told
    artists = {song.artist or ""}
    was, now = _verify(song, fields) if is_verified else ({}, {})
    if told:
        before, after = traits.say(song.id, told)
        was, now = {**was, **before}, {**now, **after}
    song.updated_at = now_text()
    Song.update(updated_at=song.updated_at).where(Song.id == song.id).execute()
    made = record(song.id, was, now, action=action, source=PERSON, batch=batch)
    kept_edits.keep_of(song)
    listing.put([listing.row_of(song)])
    traits.follow_artists(artists | {song.artist or ""})
    return made


def _verify(song: Song, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a song these fields for good; what it was, and what it is now."""
    artist, title = song.artist or "", song.title or ""
    was = standing_of(song)
    sources = {**was[_SOURCES], **dict.fromkeys(fields, PERSON)}
    columns = {**fields, "metadata_status": "manual", "confidence": 1.0}
    Song.update(columns).where(Song.id == song.id).execute()
    for name, value in columns.items():
        setattr(song, name, value)
    song.detail.sources, song.detail.reason = json.dumps(sources), ""
    SongDetail.update(sources=song.detail.sources, reason="", decided_at=database.now()).where(
        SongDetail.song == song.id
    ).execute()
    QueueEntry.delete().where(QueueEntry.song == song.id).execute()
    is_same = not is_another(artist, title, song.artist or "", song.title or "")
    before, after = traits.note(traits.named(song), is_same_song=is_same)
    now = {**columns, _SOURCES: sources, _REASON: "", _QUEUED: None}
    return {**was, **before}, {**now, **after}


def reject(
    song: Song, rejected: set[int], also: set[int], as_read: Mapping[str, Any] | None = None
) -> int | None:
    """Mark candidates of a song as rejected, within the caller's transaction. An answer that the
    song has from one of them is taken back, and the song is looked up again.

    Args:
        song: as `find_song` has read it within this transaction.
        rejected: ids of those that are so already.
        also: ids of those to be.
        as_read: artist, title, variant and confidence as the file's name tells them; None leaves
            the answer.
    Returns:
        The change's id, None where there was nothing new to reject.
    """
    CandidateRow.update(rejected=True).where(CandidateRow.id.in_(also)).execute()
    before: dict[str, Any] = {_REJECTED: sorted(rejected)}
    after: dict[str, Any] = {_REJECTED: sorted(rejected | also)}
    if as_read is not None and has_refused_answer(song):
        was, now = _without_answer(song, as_read)
        before, after = {**before, **was}, {**after, **now}
    made = record(song.id, before, after, action="reject", source=PERSON)
    kept_edits.keep(song.id)
    listing.index([song.id])
    traits.follow_artists([song.artist or ""])
    return made


def has_refused_answer(song: Song) -> bool:
    """Whether a service's answer stands in the song that a person has said it is not."""
    return song.metadata_status == "enriched" and (
        song_key(song.artist or "", song.title or "") in doubts(song.id).refused
    )


def _without_answer(
    song: Song, as_read: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Make the song what its name tells, and queue it; what it was, and what it is now."""
    was = standing_of(song)
    columns = {"year": None, "genre": None, **as_read, "metadata_status": "parsed"}
    Song.update(**columns, updated_at=now_text()).where(Song.id == song.id).execute()
    SongDetail.update(sources="{}", reason=REFUSED_ANSWER, decided_at=database.now()).where(
        SongDetail.song == song.id
    ).execute()
    queue_table.add([(song.id, queue_table.PERSON)])
    queued = {_QUEUED: queue_table.standing(song.id)}
    for name in ("artist", "title", "variant"):
        setattr(song, name, columns[name])
    before, after = traits.note(traits.named(song), is_same_song=False)
    now = {**columns, _SOURCES: {}, _REASON: REFUSED_ANSWER, **queued}
    return {**was, **before}, {**now, **after}


def doubts(song_id: int) -> Doubts:
    """What an answer to a song is held against."""
    rows = database.execute_sql(_DOUBTS, (song_id,)).fetchall()
    former = [song_key(*names) for *names, is_refused in rows if not is_refused]
    refused = [song_key(*names) for *names, is_refused in rows if is_refused]
    return Doubts(refused, former[0] if former else None)


def history(song_id: int, most: int | None = 20) -> list[Change]:
    """A song's changes that stand, the latest first; None for all of them."""
    standing = (Change.song == song_id) & Change.undone_at.is_null()
    made = Change.select(Change, Song).join(Song).where(standing)
    return list(made.order_by(Change.id.desc()).limit(most))


def in_batch(batch: str, most: int | None = None) -> list[Change]:
    """The changes that were made together, those taken back too; the first `most` of them."""
    if not batch:
        return []
    made = Change.select(Change, Song).join(Song).where(Change.batch == batch)
    return list(made.order_by(Change.id).limit(most))


def count_standing(batch: str) -> int:
    """How many of the changes that were made together stand."""
    standing = (Change.batch == batch) & Change.undone_at.is_null()
    return int(Change.select().where(standing).count()) if batch else 0


def undo(song_id: int, change_id: int | None = None) -> Change:
    """Take a song's latest change back.

    Args:
        song_id: of PiKaraoke's `songs` table.
        change_id: the change that is meant, where another may have come after it. What services
            have answered since is taken back with it.
    Returns:
        The change that was taken back.
    Raises:
        NothingToUndo: no song has the id, or none of its changes stands.
        ChangedSince: a person has changed the song since, or `change_id` does not stand.
    """
    with database.atomic("IMMEDIATE"):
        standing = history(song_id)
        if not standing:
            raise NothingToUndo(f"song {song_id} has no change that could be taken back")
        ids = [change.id for change in standing]
        place = ids.index(change_id) if change_id in ids else 0
        since = standing[:place]
        if change_id not in (None, ids[place]) or any(each.source in _FINAL for each in since):
            raise ChangedSince("the song was changed again since; its own page shows how")
        for change in standing[: place + 1]:
            _take_back(change)
        return standing[place]


def take_back_unsaid(song_id: int, change_id: int) -> bool:
    """Take back a change that no person has made, with what services have answered since, and keep
    nothing of it; within the caller's transaction. What a person has said of TRAITS alone stays.

    Returns:
        False where a person or another program has named the song since.
    """
    since = [each for each in history(song_id, most=None) if each.id >= change_id]
    of_traits = {*TRAITS, traits.TOLD}
    unsaid = [
        each
        for each in since
        if each.source != PERSON or json.loads(each.before).keys() - of_traits
    ]
    if any(each.source in _FINAL for each in unsaid):
        return False
    said = traits.said_of(song_id)
    for each in unsaid:
        _take_back(each, but=said)
        each.delete_instance()
    return True


def undo_batch(batch: str) -> tuple[int, int]:
    """Take back all changes that were made together.

    Returns:
        How many songs were taken back, and how many stay because they were changed again since.
    """
    made = Change.select(Change.id).where((Change.batch == batch) & Change.undone_at.is_null())
    ids = [change.id for change in made.order_by(Change.id.desc())] if batch else []
    back = stay = 0
    for part in queue_table.in_batches(ids):  # PiKaraoke waits while one is written
        with database.atomic("IMMEDIATE"):
            for change_id in part:
                change = Change.get_by_id(change_id)
                latest = next(iter(history(change.song_id, most=1)), None)
                if latest is not None and latest.id == change_id:
                    _take_back(change)
                    back += 1
                else:
                    stay += 1
    return back, stay


def _take_back(change: Change, but: Collection[str] = ()) -> None:
    """Make the song what it was before, all `but` these."""
    before = {name: old for name, old in json.loads(change.before).items() if name not in but}
    columns = {name: before[name] for name in FIELDS if name in before}
    if columns:
        Song.update(**columns, updated_at=now_text()).where(Song.id == change.song_id).execute()
        if before.get("metadata_status") == "manual":
            QueueEntry.delete().where(QueueEntry.song == change.song_id).execute()
        # A person's word had taken the song off the queue before its turn came, which a change of
        # an older version, or of a file that came back, does not tell.
        is_open = Song.metadata_status.in_(("pending", "parsed"))
        never = (Song.id == change.song_id) & Song.last_enrichment_attempt.is_null() & is_open
        if _QUEUED not in before and Song.select().where(never).exists():
            queue_table.add([(change.song_id, queue_table.BACKLOG)])
    if _QUEUED in before:
        queue_table.put(change.song_id, before[_QUEUED])
    if _SOURCES in before:
        SongDetail.update(sources=json.dumps(before[_SOURCES])).where(
            SongDetail.song == change.song_id
        ).execute()
    if _REASON in before:
        SongDetail.update(reason=before[_REASON]).where(SongDetail.song == change.song_id).execute()
    if _REJECTED in before:
        CandidateRow.update(rejected=CandidateRow.id.in_(before[_REJECTED])).where(
            CandidateRow.song == change.song_id
        ).execute()
    if not before.keys().isdisjoint(TRAITS):
        traits.put_back(change.song_id, before)
        Song.update(updated_at=now_text()).where(Song.id == change.song_id).execute()
    artists = {json.loads(change.after).get("artist") or ""}
    change.undone_at = time.time()
    change.save(only=[Change.undone_at])
    kept_edits.keep(change.song_id)
    listing.index([change.song_id])
    traits.follow_artists(artists | {Song.get_by_id(change.song_id).artist or ""})
