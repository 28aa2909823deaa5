"""A person's word: edits that only a person changes again, and songs queued again by hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime, timezone
from typing import Any

from ...database.connection import database
from ...exceptions import BadEdit, EditConflict, NoSuchSong
from ...models import QueueEntry, Song, SongDetail, find_song
from ...system.signs import clean
from .. import enrich
from ..history import changes, learning, traits
from ..judging.languages import codes_of
from ..judging.songs import is_another
from ..judging.traits import TRAITS
from ..queue import table as queue_table

EDITABLE = ("artist", "title", "variant", "year", "genre")
# Beside these a person may say TRAITS, which verifies nothing else of the song.
SAYABLE = (*EDITABLE, *TRAITS)
FIRST_YEAR = 1000
NOTHING_SAID = f"nothing to change: give {', '.join(SAYABLE[:-1])} or {SAYABLE[-1]}"
# What is another song's when artist or title are: "My Way" by Sinatra is Jazz of 1969, the song by
# Limp Bizkit is not.
_OF_ONE_SONG = ("year", "genre")


def version(song: Song) -> str:
    """A word that changes with the song: who saves an edit says which version it was made on."""
    seen = json.dumps({**changes.state_of(song), **traits.values(song.id)}, sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def edit(
    song_id: int, said: Mapping[str, Any], *, seen: str | None = None, sees_all: bool = True
) -> Song:
    """Save a person's word: status manual, confidence 1.00, whatever is under way. TRAITS alone
    leave both as they are.

    Args:
        song_id: of PiKaraoke's `songs` table.
        said: some of SAYABLE; "" or None clears a field, a title cannot be cleared.
        seen: the `version` that the edit was made on; None saves over whatever stands there.
        sees_all: whether all fields are said because a form has them all, touched or not. An artist
            or title that makes it another song takes `_OF_ONE_SONG` out where they are not said.
    Returns:
        The song as it is now.
    Raises:
        NoSuchSong: no song has the id.
        BadEdit: a value that its field does not take.
        EditConflict: somebody has changed the song since `seen`.
    """
    values = {name: checked(name, value) for name, value in said.items()}
    if not values:
        raise BadEdit(NOTHING_SAID)
    with database.atomic("IMMEDIATE"):
        song = unchanged(song_id, seen)
        is_named = (values.get("title", song.title) or "").strip()
        if not (is_named or values.keys() <= set(TRAITS)):
            raise BadEdit("a song needs a title: give one with the edit")
        if sees_all:
            now, untouched = fields_of(song), {*_OF_ONE_SONG, *TRAITS}
            values = {n: v for n, v in values.items() if n not in untouched or v != now[n]}
        changes.say(song, with_what_follows(song, values), action="edit")
    teach([learning.word_of(song)])
    return song


def with_what_follows(song: Song, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a person says of a song, and what is not true any more where that makes it another."""
    artist, title = (values.get(name, getattr(song, name)) or "" for name in ("artist", "title"))
    if not is_another(song.artist or "", song.title or "", artist, title):
        return dict(values)
    sources = json.loads(song.detail.sources)
    emptied = {
        name: None
        for name in _OF_ONE_SONG
        if getattr(song, name) is not None and sources.get(name) != "person"
    }
    return {**emptied, **values}


def teach(words: Collection[learning.Word]) -> None:
    """Let the songs that wait for an answer profit from a person's words; in no transaction."""
    concerned = learning.learn(words)
    enrich.deliver((waiting_id, queue_table.BACKLOG, 0.0) for waiting_id in concerned)


def unchanged(song_id: int, seen: str | None) -> Song:
    """A song as it was `seen` (its `version`; None takes it as it is).

    Raises:
        NoSuchSong: no song has the id.
        EditConflict: somebody has changed the song since.
    """
    song = get(song_id)
    if seen is not None and seen != version(song):
        raise EditConflict(song)
    return song


def fields_of(song: Song) -> dict[str, Any]:
    """What a person may edit, as the song has it."""
    return {**{name: getattr(song, name) for name in EDITABLE}, **traits.values(song.id)}


def get(song_id: int) -> Song:
    """A song by its id, with its `detail`; raises NoSuchSong where no song has it."""
    song = find_song(song_id)
    if song is None:
        raise NoSuchSong(song_id)
    return song


def checked(name: str, value: Any) -> Any:
    """A field's value as it is stored; raises BadEdit for one that it does not take."""
    if name not in SAYABLE:
        raise BadEdit(f"{name} cannot be edited: only {', '.join(SAYABLE)} can")
    text = clean(str(value)) if value is not None else ""
    if name in TRAITS and not text:
        return None
    if name == "language":
        codes = codes_of(text)
        if not codes or codes.count(",") != text.strip(" ,").count(","):
            raise BadEdit(
                f"the language is {text!r}: give one by its name or code, as German or de; several "
                "are parted by commas"
            )
        return codes
    if name in TRAITS:
        if text.lower() not in _YES | _NO:
            raise BadEdit(f"{name} is {text!r}: give yes or no")
        return text.lower() in _YES
    if name == "title" and not text:
        raise BadEdit("a song needs a title")
    if name != "year":
        if len(text) > 500:
            raise BadEdit(f"the {name} is longer than 500 characters")
        return text or None
    latest = datetime.now(timezone.utc).year + 1
    if text and not (text.isdecimal() and len(text) == 4 and FIRST_YEAR <= int(text) <= latest):
        raise BadEdit(f"the year is {text!r}: give a number from {FIRST_YEAR} to {latest}")
    return int(text) if text else None


_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


def requeue_failed() -> int:
    """Queue again the songs whose look-up failed; returns how many."""
    return _requeue(_has_failed())


def requeue_for_review() -> int:
    """Queue again the songs that are known by their name only, with candidates that a person may
    choose from or without; returns how many. Those that wait for a look-up anyway are left out."""
    return _requeue(_is_for_review())


def count_undecided() -> tuple[int, int]:
    """How many songs `requeue_for_review` and `requeue_failed` would queue."""
    for_review, failed = (
        Song.select().where(which).count() for which in (_is_for_review(), _has_failed())
    )
    return for_review, failed


def _is_for_review() -> Any:
    waiting = QueueEntry.select(QueueEntry.song)
    # What `identity.no_song` takes for none, which nobody is asked about.
    no_songs = SongDetail.select(SongDetail.song).where(SongDetail.reason.startswith("no_song"))
    return (Song.metadata_status == "parsed") & Song.id.not_in(waiting) & Song.id.not_in(no_songs)


def _has_failed() -> Any:
    return Song.metadata_status == "enrichment_failed"


def requeue_all() -> int:
    """Queue every song again that no person has verified; returns how many."""
    return _requeue(Song.metadata_status.is_null() | (Song.metadata_status != "manual"))


def _requeue(which: Any) -> int:
    """Many songs at once go with the backlog: a person's upload still comes before them."""
    ids = [row.id for row in Song.select(Song.id).where(which)]
    return enrich.queue_ids(ids, queue_table.BACKLOG)
