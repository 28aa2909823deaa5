"""Files that come back: their new rows are given what people had said of the old ones."""

from __future__ import annotations

import json
import logging
import os
import time
from collections import defaultdict
from collections.abc import Mapping
from itertools import product
from typing import Any, NamedTuple

from peewee import IntegrityError

from ...database.connection import database, now_text, run_many
from ...models import CandidateRow, KeptEdit, QueueEntry, Song, SongDetail
from ..names.identity import video_of
from ..queue import table as queue_table
from ..song_files import one_form
from . import changes, kept_edits, traits

log = logging.getLogger("pikaraoke_enrichment")


class _Kept(NamedTuple):
    """A keepsake whose song is gone; `is_taken` tells that its path is another row's by now."""

    id: int
    key: str
    path: str
    said: str
    is_taken: bool


def give_back(fresh: Mapping[int, bool]) -> set[int]:
    """Give new songs what people had said of their files, within the caller's transaction.

    Of several files with one YouTube id or base name the one that lies where the old one lay gets
    it, else the first.

    Args:
        fresh: ids of songs just read -> whether the name tells an artist.
    Returns:
        Ids of the songs that are verified by it, and thus need no look-up.
    """
    verified = set()
    # Those that are still there, and of which no person has spoken meanwhile.
    is_open = Song.metadata_status == "parsed"
    songs: list[Song] = []
    for batch in queue_table.in_batches(fresh, 500):
        songs.extend(Song.select().where(Song.id.in_(batch) & is_open).order_by(Song.id))
    keys = (kept_edits.keys_of(song.youtube_id, song.file_path) for song in songs)
    waiting: dict[str, list[_Kept]] = defaultdict(list)  # by key, what was said last first
    for some in queue_table.in_batches(sorted(set().union(*keys)), 500):
        marks = ",".join("?" * len(some))
        for row in database.execute_sql(_GONE.format(marks=marks), some).fetchall():
            gone = _Kept(*row)
            waiting[one_form(gone.key)].append(gone)
    for song in songs if waiting else ():
        kept = _belonging(song, waiting, tells_artist=fresh[song.id])
        if kept is not None and _give(song, kept):
            verified.add(int(song.id))
    return verified


_GONE = """
SELECT k.id, k.key, k.file_path, k.said,
    EXISTS (SELECT 1 FROM songs AS there WHERE there.file_path = k.file_path)
FROM enrichment_keepsake AS k
WHERE k.key IN ({marks}) AND NOT EXISTS (SELECT 1 FROM songs AS s WHERE s.id = k.song_id)
ORDER BY k.id DESC
"""


def _belonging(song: Song, waiting: dict[str, list[_Kept]], *, tells_artist: bool) -> _Kept | None:
    """The keepsake of this file, which is then given away."""
    same_key = waiting[kept_edits.key_of(song.youtube_id, song.file_path)]
    for kept in sorted(same_key, key=lambda each: each.path != song.file_path):
        # Elsewhere a bare name is no proof: a "Track 01.mp3" lies in many folders.
        is_sure = (
            video_of(song.youtube_id, song.file_path) is not None
            or tells_artist
            or _folder(kept.path) == _folder(song.file_path)
        )
        if kept.path == song.file_path or (is_sure and not kept.is_taken):
            same_key.remove(kept)
            return kept
    return None


def _folder(path: str) -> str:
    """The folder's name, which a stick keeps that is mounted elsewhere."""
    return os.path.basename(os.path.dirname(path))


# --- giving ---------------------------------------------------------------------------------------


def _give(song: Song, kept: _Kept) -> bool:
    """Whether the song is verified by it. One that cannot be given, as another version or a hand
    wrote it, stays as it is: the names of the other songs are read in the same transaction."""
    try:
        with database.atomic():
            said, new_ids = json.loads(kept.said), {}
            for row in said["refused"]:
                known = {name: row[name] for name in kept_edits.REFUSED_FIELDS if name != "id"}
                refused = CandidateRow.create(song=song.id, rejected=True, **known)
                new_ids[row["id"]] = refused.id
            history = [dict(change) for change in said["changes"]]
            for line, side in product(history, ("before", "after")):
                values = json.loads(line[side])
                if "rejected" in values:
                    its = [new_ids[old] for old in values["rejected"] if old in new_ids]
                    line[side] = json.dumps({**values, "rejected": its})
            traits.say(song.id, said.get("traits", {}))
            if said["verified"] is not None:
                history = [*_verify(song, said, history), *history]
            names = kept_edits.CHANGE_FIELDS
            run_many(_PUT_BACK, [(song.id, *(line[n] for n in names)) for line in history])
            KeptEdit.delete().where(KeptEdit.id == kept.id).execute()
            kept_edits.keep(song.id)
            return said["verified"] is not None
    except (ValueError, KeyError, TypeError, IntegrityError):
        log.exception("What people had said of %s cannot be read", song.file_path)
        return False


_PUT_BACK = """
INSERT INTO enrichment_change (song_id, batch, at, action, source, "before", "after")
VALUES (?, ?, ?, ?, ?, ?, ?)
"""


def _verify(
    song: Song, said: Mapping[str, Any], history: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Make the song what a person had made of it; the line of its history that says so, if any."""
    verified = {name: said["verified"][name] for name in kept_edits.FIELDS}
    state = {**verified, "metadata_status": "manual", "confidence": 1.0}
    Song.update(**state, updated_at=now_text()).where(Song.id == song.id).execute()
    SongDetail.update(sources=said["sources"], decided_at=database.now()).where(
        SongDetail.song == song.id
    ).execute()
    QueueEntry.delete().where(QueueEntry.song == song.id).execute()
    # The line below what people had changed: from what the name tells to what they began with, so
    # that all can be taken back in turn. None where that would change nothing.
    begun = {**state, "sources": json.loads(said["sources"])}
    for change in reversed(history):
        begun.update(json.loads(change["before"]))
    read = {**changes.state_of(song), "sources": {}}
    changed = [name for name in read if read[name] != begun[name]]
    line = {
        "batch": "",
        "at": time.time(),
        "action": "return",
        "source": "",
        "before": json.dumps({name: read[name] for name in changed}),
        "after": json.dumps({name: begun[name] for name in changed}),
    }
    return [line] if changed else []
