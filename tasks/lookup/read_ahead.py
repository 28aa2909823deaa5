"""Other songs' questions that ride along in one request to a provider that takes several.

The song that finds no answer takes the open questions of the next songs with it, so that their
tasks find their answers kept.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from peewee import fn

from ...models import QueueEntry, Song
from ...providers.base import Found, ManyAtOnce, Provider, Query
from ...providers.listenbrainz import ListenBrainz
from .. import pacing
from ..names.folding import fold
from ..queue.table import BACKLOG, NAMED, SECOND_LOOK
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

_changed = threading.Condition()
_in_flight: set[tuple[str, str]] = set()
# The questions that a waiting song has still open, by provider and queue entry.
_open: dict[str, dict[int, list[Query]]] = {}


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
        room = provider.most - len(own) if own else 0
        # An upload is asked for at once and by every means: with others it might be put off.
        room = 0 if priority > BACKLOG and provider.name not in OFFERED else room
        if own and own[0].before:
            riders = older_ahead(provider)
        else:
            # Where all words of a name are searched for, several songs are one artist's.
            by = own[0].artist if own and provider.finds_by == "text" else ""
            riders = ahead(provider, room, is_second=priority <= SECOND_LOOK, by=by)
        together = [*own, *(each for each in riders if each not in own)]
        flight = {(provider.name, question(each)) for each in together}
        _in_flight.update(flight)
    try:
        yield together
    finally:
        with _changed:
            _in_flight.difference_update(flight)
            _land(provider.name, together, len(own))
            _changed.notify_all()


# --- reading ahead --------------------------------------------------------------------------------


def ahead(provider: Provider, count: int, *, is_second: bool, by: str = "") -> list[Query]:
    """The first open questions of each of the next songs, at most `count`; where an artist is
    given, of the next ones by that artist alone.

    Songs under way come last: while the queue is long, their own threads take others along; where
    it is short, one request serves them all.
    """
    rows = list(_next_songs(is_second, by)) if count > 0 else []
    left = _open.setdefault(provider.name, {})
    ids = {row[0] for row in rows}
    for gone in [entry_id for entry_id in left if entry_id not in ids]:
        del left[gone]
    offered = OFFERED.get(provider.name, MOST_OFFERED)
    songs: list[list[Query]] = []
    for first in range(0, len(rows), AT_ONCE):
        if len(songs) >= count:
            break
        _plan(provider, rows[first : first + AT_ONCE], is_second=is_second)
        for entry_id, *_ in rows[first : first + AT_ONCE]:
            is_free = ((provider.name, question(each)) not in _in_flight for each in left[entry_id])
            if left[entry_id] and all(is_free):
                songs.append(left[entry_id][:offered])
    found = by_likelihood(songs[:count], count)
    return [each for each in found if fold(each.artist) == fold(by)] if by else found


def older_ahead(provider: Provider) -> list[Query]:
    """Whether the next songs that are named are older than it was told, as many as one request
    takes."""
    is_alone = len(runtime().providers) == 1
    found: list[Query] = []
    rows: Any = (
        QueueEntry.select(Song.file_path, Song.artist, Song.title)
        .join(Song)
        .where((QueueEntry.priority <= NAMED) & (Song.metadata_status == "enriched"))
        .order_by(QueueEntry.priority.desc(), QueueEntry.id)
        .limit(AT_ONCE)
        .tuples()
    )
    for path, artist, title in rows:
        known = as_asked(provider, artist or "", title or "", is_alone=is_alone)
        asked = [known, *readings(reader().read(path), provider, is_alone=is_alone)]
        told = (answer_cache.recall(provider.name, each) for each in asked)
        first = next((each for each in told if isinstance(each, Found)), None)
        queries = older(provider, known, first.candidates) if first else []
        found += [each for each in queries if answer_cache.recall(provider.name, each) is None]
        if len(found) >= MOST_OLDER:
            break
    return found


def by_likelihood(songs: Sequence[Sequence[Query]], count: int) -> list[Query]:
    """The first questions of all songs, then their second ones, and so on; each once.

    Where songs have several, so few songs are taken that half of what is asked is the likeliest.
    """
    if any(len(queries) > 1 for queries in songs):
        songs = songs[: count // 2]
    ranks = max(map(len, songs), default=0)
    found = {
        question(queries[rank]): queries[rank]
        for rank in range(ranks)
        for queries in songs
        if len(queries) > rank
    }
    return list(found.values())[:count]


_Row = tuple[int, str, "str | None", "str | None", "str | None"]


def _next_songs(is_second: bool, by: str) -> Iterator[_Row]:
    """Queue entry, file, status, artist and title of the next songs, as they will be taken up; all,
    or those that stand under an artist's name, or turned round."""
    lane = QueueEntry.priority <= SECOND_LOOK if is_second else QueueEntry.priority > SECOND_LOOK
    if by:
        lane &= fn.LOWER(by).in_((fn.LOWER(Song.artist), fn.LOWER(Song.title)))
    for is_free in (True, False):
        rows = (
            QueueEntry.select(
                QueueEntry.id, Song.file_path, Song.metadata_status, Song.artist, Song.title
            )
            .join(Song)
            .where(lane & QueueEntry.claim.is_null(is_free))
            .order_by(QueueEntry.priority.desc(), QueueEntry.id)
            .limit(AHEAD)
            .tuples()
        )
        yield from rows.iterator()


def _plan(provider: Provider, rows: Sequence[_Row], *, is_second: bool) -> None:
    """Note what the tasks of songs that are seen for the first time will ask."""
    left = _open[provider.name]
    fresh = [row for row in rows if row[0] not in left]
    is_alone = len(runtime().providers) == 1
    for entry_id, path, status, artist, title in fresh:
        if is_second and status == "enriched":
            queries = [as_asked(provider, artist or "", title or "", is_alone=is_alone)]
        else:
            queries = readings(reader().read(path), provider, is_alone=is_alone)
        left[entry_id] = [query for query in queries if query.artist]
    _strike_answered(provider.name, [row[0] for row in fresh])


def _strike_answered(provider: str, entry_ids: Sequence[int]) -> None:
    """Strike what has an answer: a song that was found has no open question, one that was not
    found goes on with its next reading."""
    left = _open[provider]
    keys = {question(query) for entry_id in entry_ids for query in left[entry_id]}
    found = answer_cache.answered(provider, keys)
    for entry_id in entry_ids:
        told = [found.get(question(query)) for query in left[entry_id]]
        is_found = any(told)
        unanswered = [
            query for query, known in zip(left[entry_id], told, strict=True) if known is None
        ]
        left[entry_id] = [] if is_found else unanswered


def _land(provider: str, asked: Sequence[Query], own: int) -> None:
    """Strike what this request has answered."""
    keys, left = {question(query) for query in asked}, _open.get(provider, {})
    told = [
        entry_id
        for entry_id, queries in left.items()
        if any(question(query) in keys for query in queries[:MOST_OFFERED])
    ]
    _strike_answered(provider, told)
    if provider != ListenBrainz.name:
        return  # which leaves open what it finds no answer to at once
    answered = answer_cache.answered(provider, keys)
    if keys - answered.keys() >= {question(each) for each in asked[own:]} and answered:
        # Only the song itself was answered: among the others is one that spoils the request for
        # all. They ask for themselves.
        for entry_id in told:
            left[entry_id] = []
