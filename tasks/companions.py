"""Other songs' questions that may ride along in one request to a provider that takes several."""

from __future__ import annotations

import threading

from ..models import QueueEntry, Song
from ..providers.base import Query
from . import lookups
from .queueing import SECOND_LOOK
from .runtime import at_forget

LOOKED_THROUGH = 20

_lock = threading.Lock()
# The queue entry that was offered last, by provider.
_before: dict[str, int] = {}


@at_forget
def forget() -> None:
    """Begin at the end of the queue again (another library was opened)."""
    _before.clear()


def companions(provider: str, count: int) -> list[Query]:
    """Questions that waiting songs will put to a provider for their year, at most `count`.

    From the end of the queue forwards, each song once: those at its head are being asked about by
    the other threads right now.
    """
    found: list[Query] = []
    if count <= 0:
        return found
    with _lock:
        rows = _waiting_before(provider)
        for entry_id, artist, title in rows:
            _before[provider] = entry_id
            query = Query(artist, title)
            if lookups.recall(provider, query) is None:
                found.append(query)
            if len(found) == count:
                return found
        if len(rows) < LOOKED_THROUGH:
            _before.pop(provider, None)  # the head of the queue: begin again at its end
    return found


def _waiting_before(provider: str) -> list[tuple[int, str, str]]:
    """Queue entry, artist and title of a few songs before the one that was offered last."""
    place = _before.get(provider)
    is_asked_so = (Song.metadata_status == "enriched") | (QueueEntry.priority > SECOND_LOOK)
    rows = (
        QueueEntry.select(QueueEntry.id, Song.artist, Song.title)
        .join(Song)
        .where(
            QueueEntry.claim.is_null()
            & Song.year.is_null()
            & (Song.artist != "")
            & (Song.title != "")
            & is_asked_so
            & (True if place is None else QueueEntry.id < place)
        )
        .order_by(QueueEntry.id.desc())
        .limit(LOOKED_THROUGH)
        .tuples()
    )
    return list(rows.iterator())
