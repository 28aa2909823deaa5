"""What a person decides about one song of the review."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...database.connection import database
from ...exceptions import BadEdit, Gone
from ...models import CandidateRow, Song
from .. import enrich, library
from ..history import changes, learning
from ..judging.songs import song_key
from ..lookup.certain_artists import reader
from ..names.folding import fold
from ..queue import table as queue_table
from . import editing

SHOWN = 5
"""Candidates shown at once: one key each."""
# A candidate for which this little speaks is folded away.
HARDLY = 0.10


@dataclass(frozen=True, slots=True)
class Proposal:
    """One song and what a decision would make of it.

    Attributes:
        candidate: the one that would be accepted; None where a person says it without one.
        old, new: artist, title, variant, year and genre before and after, and what a person says
            of traits.
        version: of the song that was looked at (`editing.version`).
    """

    song: Song
    candidate: CandidateRow | None
    old: dict[str, Any]
    new: dict[str, Any]
    version: str

    @property
    def changed(self) -> list[str]:
        """The fields that would be another than they are."""
        return [n for n in editing.SAYABLE if n in self.new and self.old[n] != self.new[n]]

    @property
    def said(self) -> dict[str, Any]:
        """What a person says by it: all fields of the song, and of traits those that change. Where
        these alone do, nothing is said of the rest."""
        changed = set(self.changed)
        is_of_traits = changed and changed.isdisjoint(editing.EDITABLE)
        wanted = changed if is_of_traits else {*editing.EDITABLE, *changed}
        return {name: value for name, value in self.new.items() if name in wanted}

    @property
    def token(self) -> str:
        """Names the candidate in a form, and no other one that takes its place meanwhile; ""
        without one."""
        return token(self.candidate) if self.candidate else ""


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
    found, old, seen = candidates(song.id), editing.fields_of(song), editing.version(song)
    proposed = []
    for each in found:
        same = is_same(song.artist or "", song.title or "", each.artist, each.title)
        new = {
            "artist": each.artist,
            "title": each.title,
            "variant": each.variant or song.variant,
            # What is known of the same recording stays where the candidate does not tell it.
            "year": each.year or (song.year if same else None),
            "genre": each.genre or (song.genre if same else None),
        }
        proposed.append(Proposal(song, each, old, new, seen))
    return proposed


def as_read(song: Song, *, is_swapped: bool = False) -> Proposal:
    """What it would make of a song to take it as its name was read, artist and title exchanged
    where that is meant. Year and genre are those that are known of just this song."""
    old = editing.fields_of(song)
    read = dict(old)
    if song.metadata_status == "enriched":  # what it has now is an answer's
        read = {**library.as_read(song.file_path, reader().read), "year": None, "genre": None}
    artist, title = read["artist"] or "", read["title"] or ""
    new = {name: read[name] for name in editing.EDITABLE}
    if is_swapped:
        artist, title = title, artist
        new = {**new, "artist": artist, "title": title}
    known = [row for row in candidates(song.id) if is_same(artist, title, row.artist, row.title)]
    told = [old] if is_same(artist, title, song.artist or "", song.title or "") else []
    told += [{"year": row.year, "genre": row.genre} for row in known]
    for name in ("year", "genre"):
        new[name] = next((each[name] for each in told if each[name]), None)
    return Proposal(song, None, old, new, editing.version(song))


def is_same(artist: str, title: str, other_artist: str, other_title: str) -> bool:
    """Whether two names of songs are the same but for case, accents and punctuation."""
    return fold(artist) == fold(other_artist) and fold(title) == fold(other_title)


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
    return _say(song_id, seen, "accept", lambda song: chosen(song, wanted).new)


def _say(
    song_id: int, seen: str | None, action: str, new_of: Callable[[Song], dict[str, Any]]
) -> int | None:
    """Save what a person makes of a song, and learn from it."""
    with database.atomic("IMMEDIATE"):
        song = editing.unchanged(song_id, seen)
        made = changes.say(song, new_of(song), action=action)
    editing.teach([learning.word_of(song)])
    return made


def chosen(song: Song, wanted: str | None) -> Proposal:
    """What the candidate of this token would make of a song, the best one without; raises Gone."""
    for proposal in proposals(song):
        if wanted in (None, proposal.token):
            return proposal
    raise Gone("the song does not have this candidate any more")


def accept_as_read(
    song_id: int, *, seen: str | None = None, is_swapped: bool = False
) -> int | None:
    """Take a song as its name was read, or with artist and title exchanged: a person's word.

    Returns:
        The change's id, None where the song was just so before.
    Raises:
        NoSuchSong: no song has the id.
        BadEdit: it would have no title.
        EditConflict: somebody has changed the song since `seen`.
    """

    def new_of(song: Song) -> dict[str, Any]:
        new = as_read(song, is_swapped=is_swapped).new
        if not new["title"]:
            raise BadEdit("a song needs a title")
        return new

    return _say(song_id, seen, "swap" if is_swapped else "as_read", new_of)


def reject(song_id: int, wanted: str | None = None) -> int | None:
    """Never offer a candidate for this song again, or, without `wanted`, none of those shown. An
    answer that the song has from one of them is taken back with it.

    Returns:
        The change's id, None where nothing was left to reject.
    Raises:
        NoSuchSong: no song has the id.
        Gone: it has no such candidate.
    """

    def meant(_song: Song, rows: list[CandidateRow]) -> list[CandidateRow]:
        shown = [row for row in rows if not row.rejected and wanted in (None, token(row))]
        if wanted is not None and not shown:
            raise Gone("the song does not have this candidate any more")
        return shown

    return _reject(song_id, meant)


def reject_answer(song_id: int) -> int | None:
    """Say that a song is not what a service has answered, which is taken back as `reject` does.

    Returns:
        The change's id, None where the song has no answer.
    Raises:
        NoSuchSong: no song has the id.
    """

    def meant(song: Song, rows: list[CandidateRow]) -> list[CandidateRow]:
        if song.metadata_status != "enriched":
            return []
        said = song_key(song.artist or "", song.title or "")
        if found := [row for row in rows if song_key(row.artist, row.title) == said]:
            return found
        # It was answered before candidates were kept.
        told = {name: getattr(song, name) for name in ("year", "genre", "confidence")}
        names = {name: getattr(song, name) or "" for name in ("artist", "title", "variant")}
        return [CandidateRow.create(song=song, rank=0, providers="", **names, **told)]

    return _reject(song_id, meant)


def _reject(
    song_id: int, meant: Callable[[Song, list[CandidateRow]], list[CandidateRow]]
) -> int | None:
    read = reader().read
    with database.atomic("IMMEDIATE"):
        song = editing.get(song_id)
        rows = list(CandidateRow.select().where(CandidateRow.song == song_id))
        refused = {row.id for row in meant(song, rows)}
        before = {row.id for row in rows if row.rejected}
        has_answer = song.metadata_status == "enriched"
        as_read = library.as_read(song.file_path, read) if has_answer else None
        made = changes.reject(song, before, refused, as_read)
        place = queue_table.priority_of(song_id)
    if has_answer and place is not None:
        enrich.deliver([(song_id, place, 0.0)])
    return made
