"""The queue of this process's library, as tests look at it and work it off."""

from __future__ import annotations

from pikaraoke_enrichment.models import QueueEntry
from pikaraoke_enrichment.tasks.enrich import enrich_song


def entries() -> dict[int, int]:
    """Song id -> priority of all that needs work."""
    return {entry.song_id: entry.priority for entry in QueueEntry.select()}


def look_up_all() -> None:
    """Work the queue off as one worker does it: the urgent first."""
    while entry := QueueEntry.select().order_by(QueueEntry.priority.desc(), QueueEntry.id).first():
        enrich_song.call_local(entry.song_id)
