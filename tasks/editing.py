"""A person's word: edits that only a person changes again, and songs queued again by hand."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ..models import CandidateRow, QueueEntry, Reading, Song, database, now_text
from . import enrich, queueing

EDITABLE = ("artist", "title", "variant", "year", "genre")
FIRST_YEAR = 1000


class BadEdit(ValueError):
    """An edit that cannot be saved; the text says what the field takes."""


def edit(song_id: int, changes: Mapping[str, Any]) -> Song:
    """Save a person's word: status manual, confidence 1.00, whatever is under way.

    Args:
        song_id: of PiKaraoke's `songs` table.
        changes: some of EDITABLE; "" or None clears a field, a title cannot be cleared.
    Returns:
        The song as it is now.
    Raises:
        LookupError: no song has the id.
        BadEdit: a value that its field does not take.
    """
    values = {name: checked(name, value) for name, value in changes.items()}
    if not values:
        raise BadEdit("nothing to change: give an artist, title, variant, year or genre")
    with database.atomic("IMMEDIATE"):
        changed = (
            Song.update(**values, metadata_status="manual", confidence=1.0, updated_at=now_text())
            .where(Song.id == song_id)
            .execute()
        )
        if not changed:
            raise LookupError(f"no song has the id {song_id}")
        QueueEntry.delete().where(QueueEntry.song == song_id).execute()
        song: Song = Song.get_by_id(song_id)
        if not (song.title or "").strip():
            raise BadEdit("a song needs a title: give one with the edit")
        _note_source(song_id, values)
    return song


def checked(name: str, value: Any) -> Any:
    """A field's value as it is stored; raises BadEdit for one that it does not take."""
    if name not in EDITABLE:
        raise BadEdit(f"{name} cannot be edited: only {', '.join(EDITABLE)} can")
    text = " ".join(str(value).split()) if value is not None else ""
    if name == "title" and not text:
        raise BadEdit("a song needs a title")
    if name != "year":
        if len(text) > 500:
            raise BadEdit(f"the {name} is longer than 500 characters")
        return text or None
    latest = datetime.now(timezone.utc).year + 1
    if text and not (text.isdecimal() and FIRST_YEAR <= int(text) <= latest):
        raise BadEdit(f"the year is {text!r}: give a number from {FIRST_YEAR} to {latest}")
    return int(text) if text else None


def _note_source(song_id: int, values: Mapping[str, Any]) -> None:
    reading = Reading.get_or_none(Reading.song == song_id)
    if reading is None:
        return
    sources = {**json.loads(reading.sources), **dict.fromkeys(values, "person")}
    Reading.update(sources=json.dumps(sources), reason="", decided_at=time.time()).where(
        Reading.song == song_id
    ).execute()


def requeue_failed() -> int:
    """Queue again the songs whose look-up failed; returns how many."""
    return _requeue(Song.metadata_status == "enrichment_failed")


def requeue_for_review() -> int:
    """Queue again the songs that wait for a person with candidates; returns how many."""
    candidates = CandidateRow.select(CandidateRow.song)
    return _requeue((Song.metadata_status == "parsed") & Song.id.in_(candidates))


def requeue_all() -> int:
    """Queue every song again that no person has verified; returns how many."""
    return _requeue(Song.metadata_status.is_null() | (Song.metadata_status != "manual"))


def _requeue(which: Any) -> int:
    """Many songs at once go with the backlog: a person's upload still comes before them."""
    ids = [row.id for row in Song.select(Song.id).where(which)]
    return enrich.queue_ids(ids, queueing.BACKLOG)
