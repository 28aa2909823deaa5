"""Other songs' questions that ride along in one request to a provider that takes several.

The song that finds no answer takes the open questions of the next songs with it, so that their
tasks find their answers kept.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, zip_longest
from typing import Any, Literal

from peewee import fn

from ...database.connection import database
from ...models import QueueEntry, Song
from ...providers.base import Found, ManyAtOnce, Provider, Query
from ...providers.listenbrainz import ListenBrainz
from .. import pacing
from ..names.folding import fold
from ..queue.table import BACKLOG, NAMED, SECOND_LOOK, in_batches
from ..runtime import at_forget, runtime
from . import answer_cache
from .answer_cache import question
from .certain_artists import reader
from .chain import as_asked, older, readings

# How far the queue is looked through for songs that nothing is known of: what four workers have
# asked for and not worked off yet lies before them.
AHEAD = 1000
# Songs whose names are read at a time: a request takes a hundred of them.
AT_ONCE = 200
# Readings of a song's name that are offered at once: where one request has room for twenty songs,
# the others follow behind the likeliest of each.
OFFERED = {ListenBrainz.name: 1}
MOST_OFFERED = 3
# Songs that one request has room for to ask whether they are older.
MOST_OLDER = 50

Look = Literal["first", "second", "older"]
_LANES: dict[Look, Any] = {
    "first": QueueEntry.priority > SECOND_LOOK,
    "second": QueueEntry.priority <= SECOND_LOOK,
    "older": QueueEntry.priority <= NAMED,
}
# By their keys, which are made once: each request looks through the questions of a thousand songs.
Questions = dict[str, Query]

_changed = threading.Condition()
_in_flight: set[tuple[str, str]] = set()
# What a waiting song has still open, by provider and look, and by queue entry.
_open: dict[tuple[str, Look], dict[int, Questions]] = {}


@at_forget
def forget() -> None:
    """Begin anew (another library was opened)."""
    _open.clear()


@contextmanager
def together(
    priority: int, provider: ManyAtOnce, own: Sequence[Query]
) -> Iterator[Sequence[Query]]:
    """What one request asks: a song's own questions first, then those of songs that wait.

    No question is under way twice: where another thread asks it, its answer is waited for. The
    list is empty when all own questions have been answered that way.

    Args:
        priority: of the song that asks.
        own: its questions.
    """
    with _changed:
        keys = {(provider.name, question(each)) for each in own}
        has_waited = not _in_flight.isdisjoint(keys)
        while not _in_flight.isdisjoint(keys) and not pacing.is_time_up():
            _changed.wait(1.0)
        if not _in_flight.isdisjoint(keys):
            own = []  # the answer is kept for this song's next turn
        elif has_waited:
            own = [each for each in own if answer_cache.recall(provider.name, each) is None]
        asked = {question(each): each for each in own}
        room = provider.most - len(own) if own else 0
        look: Look = "second" if priority <= SECOND_LOOK else "first"
        if own and own[0].before:
            look, room = "older", min(room, MOST_OLDER)
        elif priority > BACKLOG and provider.name not in OFFERED:
            room = 0  # an upload is asked for at once and by every means, with others it might wait
        # Where all words of a name are searched for, several songs are one artist's.
        by = own[0].artist if own and provider.finds_by == "text" else ""
        riders = ahead(provider, room, look, by=by)
        together = {**asked, **riders, **asked}
        flight = {(provider.name, key) for key in together}
        _in_flight.update(flight)
    try:
        yield list(together.values())
    finally:
        with _changed:
            _in_flight.difference_update(flight)
            _land(provider.name, together.keys(), together.keys() - asked)
            _changed.notify_all()


# --- reading ahead --------------------------------------------------------------------------------


def ahead(provider: Provider, count: int, look: Look, *, by: str = "") -> Questions:
    """The first open questions of each of the next songs, at most `count`.

    Songs under way come last: while the queue is long, their own threads take others along; where
    it is short, one request serves them all.

    Args:
        look: which songs, and what they will ask: for their first look, for one more, or whether
            they are older than was told.
        by: an artist, to take songs of that one alone.
    """
    entries = _next_entries(look, by) if count > 0 else []
    left = _open.setdefault((provider.name, look), {})
    for gone in left.keys() - entries:
        del left[gone]
    offered = OFFERED.get(provider.name, MOST_OFFERED)
    songs: list[Questions] = []
    for batch in in_batches(entries, AT_ONCE):
        if len(songs) >= count:
            break
        if fresh := [each for each in batch if each not in left]:
            left |= {entry_id: {} for entry_id in fresh} | _planned(provider, fresh, look)
            _strike_answered(provider.name, left, fresh)
        for queries in map(left.__getitem__, batch):
            if queries and _in_flight.isdisjoint((provider.name, key) for key in queries):
                songs.append(dict(islice(queries.items(), offered)))
    found = by_likelihood(songs[:count], count)
    if by:
        return {key: each for key, each in found.items() if fold(each.artist) == fold(by)}
    return found


def by_likelihood(songs: Sequence[Questions], count: int) -> Questions:
    """The first questions of all songs, then their second ones, and so on; each once.

    Where songs have several, so few songs are taken that half of what is asked is the likeliest.
    """
    if any(len(queries) > 1 for queries in songs):
        songs = songs[: count // 2]
    by_rank = zip_longest(*(queries.items() for queries in songs))
    found = dict(each for rank in by_rank for each in rank if each)
    return dict(islice(found.items(), count))


def _next_entries(look: Look, by: str) -> list[int]:
    """The queue entries of the next songs for a look, as they will be taken up; all, or those that
    stand under an artist's name, or turned round."""
    lane = _LANES[look]
    rows = QueueEntry.select(QueueEntry.id, QueueEntry.claim.is_null())
    if by:
        lane &= fn.LOWER(by).in_((fn.LOWER(Song.artist), fn.LOWER(Song.title)))
        rows = rows.join(Song)
    rows = rows.where(lane).order_by(QueueEntry.priority.desc(), QueueEntry.id).limit(AHEAD)
    # In one go, and all at once: a thousand rows are read at each request, and to look for the few
    # that are under way would read the whole queue.
    found = database.execute(rows).fetchall()
    return [entry_id for entry_id, is_free in sorted(found, key=lambda row: not row[1])]


def _planned(provider: Provider, fresh: Sequence[int], look: Look) -> dict[int, Questions]:
    """What the tasks of songs that are seen for the first time will ask."""
    is_alone = len(runtime().providers) == 1
    rows: Any = (
        QueueEntry.select(
            QueueEntry.id, Song.file_path, Song.metadata_status, Song.artist, Song.title
        )
        .join(Song)
        .where(QueueEntry.id.in_(fresh))
        .tuples()
    )
    planned = {}
    for entry_id, path, status, artist, title in rows.iterator():
        queries: list[Query] = []
        is_known = status == "enriched" and look != "first"
        known = as_asked(provider, artist or "", title or "", is_alone=is_alone)
        if look == "second" and is_known:
            queries = [known]
        elif look != "older":
            queries = readings(reader().read(path), provider, is_alone=is_alone)
        elif is_known:
            asked = [known, *readings(reader().read(path), provider, is_alone=is_alone)]
            told = (answer_cache.recall(provider.name, each) for each in asked)
            first = next((each for each in told if isinstance(each, Found)), None)
            queries = older(provider, known, first.candidates) if first else []
        planned[entry_id] = {question(query): query for query in queries if query.artist}
    return planned


def _strike_answered(provider: str, left: dict[int, Questions], entry_ids: Sequence[int]) -> None:
    """Strike what has an answer: a song that was found has no open question, one that was not
    found goes on with its next reading."""
    found = answer_cache.answered(provider, {key for each in entry_ids for key in left[each]})
    for entry_id in entry_ids:
        queries = left[entry_id]
        is_found = any(found.get(key) for key in queries)
        unanswered = {key: query for key, query in queries.items() if key not in found}
        left[entry_id] = {} if is_found else unanswered


def _land(provider: str, asked: Collection[str], riders: Collection[str]) -> None:
    """Strike what this request has answered."""
    answered = answer_cache.answered(provider, asked)
    # Only the song itself was answered: among the others is one that spoils the request for all.
    # They ask for themselves. Who leaves open what it finds no answer to at once is not meant.
    is_spoilt = provider == ListenBrainz.name and answered and answered.keys().isdisjoint(riders)
    for look in _LANES:
        left = _open.get((provider, look), {})
        told = [each for each, queries in left.items() if not queries.keys().isdisjoint(asked)]
        _strike_answered(provider, left, told)
        if is_spoilt:
            left |= {entry_id: {} for entry_id in told}
        if look != "older":  # what was told just now may be doubted
            for entry_id in told:
                _open.get((provider, "older"), {}).pop(entry_id, None)
