"""What a person decides in the review: accepting, rejecting, many at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...database.connection import database
from ...exceptions import EditConflict, Gone, NoSuchSong
from ...models import CandidateRow, Song
from .. import enrich, library
from ..history import changes
from ..lookup.certain_artists import certain_artists
from ..names.folding import fold
from ..queue import table as queue_table
from . import editing

SHOWN = 5
"""Candidates shown at once: one key each."""
MOST_AT_ONCE = 500
# As sure a best candidate must be to be offered beside many others, which are looked at less.
SURE_ENOUGH = 0.6


@dataclass(frozen=True, slots=True)
class Proposal:
    """One song and what accepting a candidate would make of it.

    Attributes:
        old, new: artist, title, variant, year and genre before and after.
        version: of the song that was looked at (`editing.version`).
    """

    song: Song
    candidate: CandidateRow
    old: dict[str, Any]
    new: dict[str, Any]
    version: str

    @property
    def changed(self) -> list[str]:
        """The fields that would be another than they are."""
        return [name for name in editing.EDITABLE if self.old[name] != self.new[name]]

    @property
    def token(self) -> str:
        """Names the candidate in a form, and no other one that takes its place meanwhile."""
        return token(self.candidate)


def token(candidate: CandidateRow) -> str:
    """A word for what a candidate says; ids and ranks are given anew with every look-up."""
    said = [candidate.artist, candidate.title, candidate.variant, candidate.year, candidate.genre]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def candidates(song_id: int) -> list[CandidateRow]:
    """What a person may choose from, best first; rejected ones are not among them."""
    open_ones = (CandidateRow.song == song_id) & ~CandidateRow.rejected
    order = CandidateRow.confidence.desc(), CandidateRow.rank
    return list(CandidateRow.select().where(open_ones).order_by(*order).limit(SHOWN))


def proposals(song: Song) -> list[Proposal]:
    """What each candidate would make of a song, best first."""
    return [_proposal(song, candidate) for candidate in candidates(song.id)]


def _proposal(song: Song, candidate: CandidateRow) -> Proposal:
    old = {name: getattr(song, name) for name in editing.EDITABLE}
    is_same = fold(song.artist or "") == fold(candidate.artist) and fold(song.title or "") == fold(
        candidate.title
    )
    new = {
        "artist": candidate.artist,
        "title": candidate.title,
        "variant": candidate.variant or song.variant,
        # What is known of the same recording stays where the candidate does not tell it.
        "year": candidate.year or (song.year if is_same else None),
        "genre": candidate.genre or (song.genre if is_same else None),
    }
    return Proposal(song, candidate, old, new, editing.version(song))


# --- one song -----------------------------------------------------------------------------------


def accept(song_id: int, wanted: str | None = None, *, seen: str | None = None) -> int | None:
    """Take a candidate for the song, which a person has thereby verified.

    Args:
        wanted: the candidate's `token`; None takes the best one.
        seen: the `version` of the song that the person looked at.
    Returns:
        The change's id, None where the song was just so before.
    Raises:
        NoSuchSong: no song has the id.
        Gone: it has no such candidate.
        EditConflict: somebody has changed the song since `seen`.
    """
    with database.atomic("IMMEDIATE"):
        made = _accept(song_id, wanted, seen, action="accept", batch="")
    editing.teach([song_id])
    return made


def _accept(
    song_id: int, wanted: str | None, seen: str | None, *, action: str, batch: str
) -> int | None:
    song = editing.get(song_id)
    if seen is not None and seen != editing.version(song):
        raise EditConflict(song)
    for proposal in proposals(song):
        if wanted in (None, proposal.token):
            return changes.say(song, proposal.new, action=action, batch=batch)
    raise Gone("the song does not have this candidate any more")


def reject(song_id: int, wanted: str | None = None) -> int | None:
    """Never offer a candidate for this song again, or, without `wanted`, none of those shown. An
    answer that the song has from one of them is taken back with it.

    Returns:
        The change's id, None where nothing was left to reject.
    Raises:
        NoSuchSong: no song has the id.
        Gone: it has no such candidate.
    """
    known = certain_artists()
    with database.atomic("IMMEDIATE"):
        song = editing.get(song_id)
        rows = CandidateRow.select().where(CandidateRow.song == song_id)
        shown = [row for row in rows if not row.rejected and wanted in (None, token(row))]
        if wanted is not None and not shown:
            raise Gone("the song does not have this candidate any more")
        before = {row.id for row in rows if row.rejected}
        has_answer = song.metadata_status == "enriched"
        as_read = library.as_read(os.path.basename(song.file_path), known) if has_answer else None
        made = changes.reject(song, before, {row.id for row in shown}, as_read)
        place = queue_table.priority_of(song_id)
    if has_answer and place is not None:
        enrich.deliver([(song_id, place, 0.0)])
    return made


# --- many at once -------------------------------------------------------------------------------


def preview(ids: Iterable[int]) -> list[Proposal]:
    """What accepting the best candidate would make of each of these songs, verified ones aside."""
    songs = Song.select().where(Song.id.in_(list(ids)) & (Song.metadata_status != "manual"))
    return [found[0] for song in songs.order_by(Song.id) if (found := proposals(song))]


def surest(least: float, most: int = MOST_AT_ONCE) -> list[int]:
    """Ids of songs that wait for a person and whose best candidate is the surest, at least so."""
    rows = database.execute_sql(
        "SELECT c.song_id, max(c.confidence) AS best FROM enrichment_candidate AS c "
        "JOIN enrichment_listing AS l ON l.song_id = c.song_id "
        "WHERE l.status = 'parsed' AND NOT c.rejected "
        "GROUP BY c.song_id HAVING max(c.confidence) >= ? ORDER BY best DESC, c.song_id LIMIT ?",
        (least, most),
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Batch:
    """Songs that were changed together: its name for `changes.undo_batch`, how many, and how many
    were left alone because they had changed since they were looked at."""

    name: str
    done: int
    left: int


def accept_many(picks: Iterable[tuple[int, str, str]]) -> Batch:
    """Accept candidates as previewed, in one transaction; then learn from them together.

    Args:
        picks: song id, the candidate's token, the song's version.
    """
    name, left = changes.new_batch(), 0
    done: list[int] = []
    with database.atomic("IMMEDIATE"):
        for song_id, wanted, seen in picks:
            try:
                _accept(song_id, wanted, seen, action="accept", batch=name)
                done.append(song_id)
            except (NoSuchSong, Gone, EditConflict):
                left += 1
    editing.teach(done)
    return Batch(name, len(done), left)


def verify_many(ids: Iterable[int]) -> Batch:
    """Mark songs as verified just as they are, in one transaction; untitled ones are left alone.

    They teach as much as accepted ones do.
    """
    name, left = changes.new_batch(), 0
    done: list[int] = []
    with database.atomic("IMMEDIATE"):
        for song_id in ids:
            song = Song.get_or_none(Song.id == song_id)
            if song is None or not song.title:
                left += 1
            else:
                as_it_is = {field: getattr(song, field) for field in editing.EDITABLE}
                changes.say(song, as_it_is, action="verify", batch=name)
                done.append(song_id)
    editing.teach(done)
    return Batch(name, len(done), left)
