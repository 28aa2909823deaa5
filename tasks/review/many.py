"""Many songs decided at once: shown first, then done as one batch that is taken back as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...database.connection import database
from ...exceptions import BadEdit, EditConflict, Gone, NoSuchSong
from ...models import Song, find_song
from .. import copies
from ..history import changes, former_answers, learning
from ..judging.traits import TRAITS
from ..queue import table as queue_table
from ..runtime import runtime
from . import editing, reviewing
from .reviewing import Proposal

MOST_ACCEPTED = 500
# As sure a best candidate must be to be offered beside many others, which are looked at less.
SURE_ENOUGH = 0.6
# Fields in which signs are found and replaced.
TEXTS = ("artist", "title", "variant", "genre")


@dataclass(frozen=True, slots=True)
class Batch:
    """Songs that were changed together: its name for `changes.undo_batch`, how many, and how many
    were left alone because they had changed since they were looked at."""

    name: str
    done: int
    left: int


@dataclass(frozen=True, slots=True)
class Edit:
    """One and the same edit of many songs.

    Attributes:
        kind: "set" gives fields `values`, "replace" puts `new` for `old` in the field `field`,
            "swap" exchanges artist and title, "as_read" takes what the names say, "verify" takes
            the songs as they are.
        old: found whatever its case.
    """

    kind: str
    values: Mapping[str, Any]
    field: str = ""
    old: str = ""
    new: str = ""

    @classmethod
    def checked(
        cls,
        kind: str,
        values: Mapping[str, Any],
        field: str = "",
        old: str = "",
        new: str = "",
    ) -> Edit:
        """An edit whose values their fields take; raises BadEdit."""
        if kind not in _EDITS:
            raise BadEdit(f"no edit is called {kind!r}: give {', '.join(_EDITS)}")
        if kind == "set" and not values:
            raise BadEdit(editing.NOTHING_SAID)
        if kind == "replace" and (field not in TEXTS or not old):
            raise BadEdit(f"give a field ({', '.join(TEXTS)}) and what is to be found in it")
        said = {name: editing.checked(name, value) for name, value in values.items()}
        return cls(kind, said, field, old, new)

    @property
    def action(self) -> str:
        """What it is called in a song's history."""
        return self.kind if self.kind in {"swap", "as_read", "verify"} else "edit"

    def of(self, song: Song) -> Proposal | None:
        """What it would make of a song; None where it would leave it without a title."""
        proposal = _EDITS[self.kind](self, song)
        is_named = (proposal.new["title"] or "").strip()
        return proposal if is_named or (self.values and self.values.keys() <= set(TRAITS)) else None


def _proposal(song: Song, values: Mapping[str, Any]) -> Proposal:
    old = editing.fields_of(song)
    said = {name: value for name, value in values.items() if value != old[name]}
    new = {**old, **editing.with_what_follows(song, said)}
    return Proposal(song, None, old, new, editing.version(song))


def _replaced(edit: Edit, song: Song) -> Proposal:
    before = getattr(song, edit.field) or ""
    text = re.sub(re.escape(edit.old), lambda _: edit.new, before, flags=re.IGNORECASE)
    return _proposal(song, {edit.field: " ".join(text.split())[:500] or None})


def _swapped(_edit: Edit, song: Song) -> Proposal:
    as_it_is = _proposal(song, {})
    exchanged = {"artist": song.title, "title": song.artist}
    return replace(as_it_is, new={**as_it_is.old, **exchanged})


_EDITS: dict[str, Callable[[Edit, Song], Proposal]] = {
    "set": lambda edit, song: _proposal(song, edit.values),
    "replace": _replaced,
    "swap": _swapped,
    "as_read": lambda _edit, song: reviewing.as_read(song),
    "verify": lambda _edit, song: _proposal(song, {}),
}


def preview(ids: Iterable[int], edit: Edit) -> list[Proposal]:
    """What an edit would change, song by song in the order of the ids; songs that it would leave
    just as they are, or without a title, are not among them."""
    songs = (song for song_id in ids if (song := find_song(song_id)) is not None)
    made = (edit.of(song) for song in songs)
    return [each for each in made if each is not None and _is_news(each, edit)]


def _is_news(proposal: Proposal, edit: Edit) -> bool:
    is_to_be_verified = edit.kind in {"as_read", "verify"}
    return bool(proposal.changed) or (
        is_to_be_verified and proposal.song.metadata_status != "manual"
    )


def apply(picks: Iterable[tuple[int, str | None]], edit: Edit) -> Batch:
    """Make an edit of many songs, each a person's word.

    Args:
        picks: song id, and its version as it was looked at; None takes the song as it is.
    """

    def new_fields(song: Song) -> dict[str, Any] | None:
        proposal = edit.of(song)
        return proposal.said if proposal and _is_news(proposal, edit) else None

    return _each(((song_id, seen, new_fields) for song_id, seen in picks), edit.action)


# --- candidates -----------------------------------------------------------------------------------


def best(ids: Iterable[int]) -> list[Proposal]:
    """What accepting the best candidate would make of each of these songs, verified ones aside."""
    songs = Song.select().where(Song.id.in_(list(ids)) & (Song.metadata_status != "manual"))
    return [found[0] for song in songs.order_by(Song.id) if (found := reviewing.proposals(song))]


def surest(least: float) -> list[int]:
    """Ids of songs that wait for a person and whose best candidate is the surest, at least so."""
    rows = database.execute_sql(
        "SELECT c.song_id, max(c.confidence) AS best FROM enrichment_candidate AS c "
        "JOIN enrichment_listing AS l ON l.song_id = c.song_id "
        "WHERE l.status = 'parsed' AND NOT c.rejected "
        # Which of two it is, is asked one by one.
        "AND c.song_id NOT IN (SELECT song_id FROM enrichment_candidate "
        f"WHERE rank = {former_answers.RANK} AND NOT rejected) "
        "GROUP BY c.song_id HAVING max(c.confidence) >= ? ORDER BY best DESC, c.song_id LIMIT ?",
        (least, MOST_ACCEPTED),
    )
    return [row[0] for row in rows]


def accept(picks: Iterable[tuple[int, str, str]]) -> Batch:
    """Accept candidates as previewed, then learn from them together.

    Args:
        picks: song id, the candidate's token, the song's version.
    """

    def taking(wanted: str) -> Callable[[Song], dict[str, Any]]:
        return lambda song: reviewing.chosen(song, wanted).new

    return _each(((song_id, seen, taking(wanted)) for song_id, wanted, seen in picks), "accept")


def verify(ids: Iterable[int]) -> Batch:
    """Mark songs as verified just as they are; untitled ones are left alone. They teach as much as
    accepted ones do."""
    return apply(((song_id, None) for song_id in ids), Edit("verify", {}))


# --- doing it -------------------------------------------------------------------------------------

_NewFields = Callable[[Song], "dict[str, Any] | None"]


def _each(picks: Iterable[tuple[int, str | None, _NewFields]], action: str) -> Batch:
    """Say something of each song: in short transactions, as PiKaraoke waits meanwhile; then learn
    from all of them."""
    copies.make_before_change(runtime().settings.db)
    name, left = changes.new_batch(), 0
    done: list[learning.Word] = []
    for part in queue_table.in_batches(picks):
        with database.atomic("IMMEDIATE"):
            for song_id, seen, new_fields in part:
                try:
                    song = editing.unchanged(song_id, seen)
                    values = new_fields(song)
                except (NoSuchSong, Gone, EditConflict):
                    values = None
                if values is None:
                    left += 1
                else:
                    changes.say(song, values, action=action, batch=name)
                    done.append(learning.word_of(song))
    editing.teach(done)
    return Batch(name, len(done), left)
