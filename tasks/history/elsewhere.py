"""Songs of ours that another program has changed: noticed, and nothing of ours left beside it.

PiKaraoke announces a worker of its own on the same columns. What it says holds: its answer, its
"manual", its "failed". How sure that is nobody knows, and a genre that we had found for the song as
it was may be another song's. The list's row tells what we wrote last (`search.listing`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any

from ...database.connection import database, now_text, run_many
from ...models import CandidateRow, QueueEntry, Song, SongDetail, find_song
from ...system.said import Said
from ..queue import table as queue_table
from ..runtime import until_told
from ..search import listing
from . import changes, kept_edits

log = logging.getLogger("pikaraoke_enrichment")

SOURCE, ACTION = changes.ELSEWHERE, "elsewhere"
CHANGED, SAID = Said("changed_elsewhere").as_text(), Said("said_elsewhere").as_text()
# Statuses with which a row waits to be looked up, whoever wrote them.
_OPEN = frozenset({None, "", "pending", "parsed"})


def notice() -> int:
    """Take in what other programs have changed since we wrote; returns in how many songs."""
    listing.learn_known()
    done = 0
    for batch in until_told(queue_table.in_batches(listing.changed_elsewhere())):
        with database.atomic("IMMEDIATE"):
            done += sum(map(take_in, batch))
    if done:
        log.info("Another program has changed %d songs: its words hold", done)
    return done


def take_in(song_id: int) -> bool:
    """Take in one song within the caller's transaction; False where it is as we know it."""
    before, song = listing.known_of(song_id), find_song(song_id)
    if before is None or song is None:
        return False
    now = {name: getattr(song, name) for name in listing.KNOWN_FIELDS}
    changed = {name for name, value in now.items() if str(value or "") != before[name]}
    sources = json.loads(song.detail.sources)
    year = before["year"]
    known = {
        **changes.state_of(song),
        **{name: text or None for name, text in before.items()},
        "year": int(year) if year.isdecimal() else None,
        "sources": sources,
        "reason": song.detail.reason,
    }
    # Ours are no confidence, no genre, and no year of what may be another song.
    after: dict[str, Any] = {**changes.state_of(song), "confidence": None}
    if song.metadata_status == "manual":
        after["confidence"] = 1.0
    else:
        is_renamed = changed & {"artist", "title"} and "year" not in changed
        after["genre"] = after["genre"] if "genre" in changed else None
        after["year"] = None if is_renamed else after["year"]
    after["sources"] = {
        **{name: source for name, source in sources.items() if after.get(name)},
        **dict.fromkeys(changed - {"metadata_status"}, SOURCE),
    }
    after["reason"] = CHANGED
    changes.record(song_id, known, after, action=ACTION, source=SOURCE)
    columns = {name: after[name] for name in ("year", "genre", "confidence")}
    Song.update(**columns, updated_at=now_text()).where(Song.id == song_id).execute()
    SongDetail.update(sources=json.dumps(after["sources"]), evidence="{}", reason=CHANGED).where(
        SongDetail.song == song_id
    ).execute()
    if changed & {"artist", "title"}:
        CandidateRow.delete().where(
            (CandidateRow.song == song_id) & ~CandidateRow.rejected
        ).execute()
    if song.metadata_status not in _OPEN:
        QueueEntry.delete().where(
            (QueueEntry.song == song_id) & (QueueEntry.priority < queue_table.PERSON)
        ).execute()
    kept_edits.keep(song_id)
    listing.index([song_id])
    return True


def adopt(ids: Sequence[int]) -> None:
    """Take songs whose names are read for the first time as another program has left them, within
    the caller's transaction: its "manual" is a person's word, of its answers nobody knows how sure
    they are. Those that have a confidence are ours, from before our own tables were lost."""
    column = Song.confidence.column_name
    rows = [(song_id,) for song_id in ids]
    run_many(_ADOPT_DETAIL.format(confidence=column), [(SAID, _ALL_ITS, *row) for row in rows])
    run_many(_ADOPT.format(confidence=column), rows)


_ADOPT = """
UPDATE songs SET {confidence} = CASE metadata_status WHEN 'manual' THEN 1.0 END
WHERE id = ? AND metadata_status IN ('manual', 'enriched') AND coalesce({confidence}, 0.0) = 0.0
"""
_ADOPT_DETAIL = """
UPDATE enrichment_reading SET reason = ?, sources = ?
WHERE song_id = ? AND song_id IN (SELECT id FROM songs
    WHERE metadata_status IN ('enriched', 'enrichment_failed')
    AND coalesce({confidence}, 0.0) = 0.0)
"""
_ALL_ITS = json.dumps(dict.fromkeys(("artist", "title", "variant", "year", "genre"), SOURCE))
