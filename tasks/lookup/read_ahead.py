"""Other songs' questions that ride along in one request to a provider that takes several.

ListenBrainz is asked ahead: the song that finds no answer takes the first open question of the
next songs with it, so that their tasks find their answers kept. MusicBrainz takes four at a time,
those of songs at the far end of the queue that are known and want their year.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ...models import QueueEntry, Song
from ...providers.base import ManyAtOnce, Provider, Query
from ...providers.listenbrainz import ListenBrainz
from .. import pacing
from ..queue.table import SECOND_LOOK, THIRD_LOOK
from ..runtime import at_forget, runtime
from . import answer_cache
from .answer_cache import question
from .certain_artists import reader
from .chain import as_asked, readings

LOOKED_THROUGH = 20
# How far the queue is looked through for songs that nothing is known of: what four workers have
# asked for and not worked off yet lies before them.
AHEAD = 1000
# Songs whose names are read at a time: a request takes a hundred of them.
AT_ONCE = 200

_changed = threading.Condition()
_in_flight: set[tuple[str, str]] = set()
# The questions that a waiting song has still open at ListenBrainz, by queue entry.
_open: dict[int, list[Query]] = {}
# The queue entry that was offered last, by provider.
_before: dict[str, int] = {}
# Questions that rode along to no answer while the song that took them had one: by provider.
_alone: set[tuple[str, str]] = set()


@at_forget
def forget() -> None:
    """Begin anew (another library was opened)."""
    _before.clear()
    _open.clear()
    _alone.clear()


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
        own = _not_asked_by_others(provider.name, own)
        room = provider.most - len(own) if own else 0
        if provider.name == ListenBrainz.name:
            riders = _ahead(provider, room, is_second=priority <= SECOND_LOOK)
        else:
            riders = for_their_year(provider.name, room)
        together = [*own, *(each for each in riders if each not in own)]
        flight = {(provider.name, question(each)) for each in together}
        _in_flight.update(flight)
    try:
        yield together
    finally:
        with _changed:
            _in_flight.difference_update(flight)
            if provider.name == ListenBrainz.name:
                _land(together, len(own))
            else:
                _leave_spoilers(provider.name, together, len(own))
            _changed.notify_all()


def _not_asked_by_others(provider: str, own: Sequence[Query]) -> list[Query]:
    keys = {(provider, question(each)) for each in own}
    if _in_flight.isdisjoint(keys):
        return list(own)
    while not _in_flight.isdisjoint(keys):
        if pacing.is_time_up():
            return []  # the answer is kept for this song's next turn
        _changed.wait(1.0)
    return [each for each in own if answer_cache.recall(provider, each) is None]


# --- reading ahead --------------------------------------------------------------------------------


def _ahead(provider: Provider, count: int, *, is_second: bool) -> list[Query]:
    """The first open question of each of the next songs, at most `count`.

    Songs under way come last: while the queue is long, their own threads take others along; where
    it is short, one request serves them all.
    """
    found: dict[str, Query] = {}
    rows = list(_next_songs(is_second)) if count > 0 else []
    ids = {row[0] for row in rows}
    for gone in [entry_id for entry_id in _open if entry_id not in ids]:
        del _open[gone]
    for first in range(0, len(rows), AT_ONCE):
        _plan(provider, rows[first : first + AT_ONCE], is_second=is_second)
        for entry_id, *_ in rows[first : first + AT_ONCE]:
            for query in _open[entry_id][:1]:
                key = question(query)
                if (provider.name, key) not in _in_flight:
                    found.setdefault(key, query)
            if len(found) == count:
                return list(found.values())
    return list(found.values())


_Row = tuple[int, str, "str | None", "str | None", "str | None"]


def _next_songs(is_second: bool) -> Iterator[_Row]:
    """Queue entry, file, status, artist and title of the next songs, as they will be taken up."""
    lane = QueueEntry.priority <= SECOND_LOOK if is_second else QueueEntry.priority > SECOND_LOOK
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
    """Note the open questions of songs that are seen for the first time."""
    fresh = [row for row in rows if row[0] not in _open]
    for entry_id, path, status, artist, title in fresh:
        _open[entry_id] = _questions(
            provider, path, (artist, title) if is_second and status == "enriched" else None
        )
    _strike_answered(provider.name, [row[0] for row in fresh])


def _questions(
    provider: Provider, path: str, known_as: tuple[str | None, str | None] | None
) -> list[Query]:
    """What a song's task will ask."""
    is_alone = len(runtime().providers) == 1
    if known_as is not None:
        artist, title = known_as
        queries = [as_asked(provider, artist or "", title or "", is_alone=is_alone)]
    else:
        parsed = reader().read(path)
        queries = readings(parsed, provider, is_alone=is_alone)
    return [query for query in queries if query.artist]


def _strike_answered(provider: str, entry_ids: Sequence[int]) -> None:
    """Strike what has an answer: a song that was found has no open question, one that was not
    found goes on with its next reading."""
    keys = {question(query) for entry_id in entry_ids for query in _open[entry_id]}
    found = answer_cache.answered(provider, keys)
    for entry_id in entry_ids:
        queries = _open[entry_id]
        while queries and (is_known := found.get(question(queries[0]))) is not None:
            queries = [] if is_known else queries[1:]
        _open[entry_id] = queries


def _land(asked: Sequence[Query], own: int) -> None:
    """Strike what this request has answered."""
    keys = {question(query) for query in asked}
    told = [entry_id for entry_id, left in _open.items() if left and question(left[0]) in keys]
    _strike_answered(ListenBrainz.name, told)
    answered = answer_cache.answered(ListenBrainz.name, keys)
    if keys - answered.keys() >= {question(each) for each in asked[own:]} and answered:
        # Only the song itself was answered: among the others is one that spoils the request for
        # all. They ask for themselves.
        for entry_id in told:
            _open[entry_id] = []


# --- years from the far end -----------------------------------------------------------------------


def _leave_spoilers(provider: str, asked: Sequence[Query], own: int) -> None:
    """Let nobody take those along again whose ride brought only the song itself an answer: among
    them is one that MusicBrainz stumbles over, and it would spoil each request it rides in. They
    ask for themselves."""
    is_told = [answer_cache.recall(provider, query) is not None for query in asked]
    if any(is_told[:own]) and not any(is_told[own:]):
        _alone.update((provider, question(query)) for query in asked[own:])


def for_their_year(provider: str, count: int) -> list[Query]:
    """Questions that waiting songs will put to a provider for their year, at most `count`.

    From the end of the queue forwards, each song once: those at its head are being asked about by
    the other threads right now.
    """
    found: list[Query] = []
    rows = _waiting_before(provider) if count > 0 else []
    for entry_id, artist, title in rows:
        _before[provider] = entry_id
        query = Query(artist, title)
        is_free = (provider, question(query)) not in _in_flight | _alone
        if is_free and answer_cache.recall(provider, query) is None:
            found.append(query)
        if len(found) == count:
            return found
    if count > 0 and len(rows) < LOOKED_THROUGH:
        _before.pop(provider, None)  # the head of the queue: begin again at its end
    return found


def _waiting_before(provider: str) -> list[tuple[int, str, str]]:
    """Queue entry, artist and title of a few songs before the one that was offered last."""
    place = _before.get(provider)
    is_known = (Song.metadata_status == "enriched") & (QueueEntry.priority > THIRD_LOOK)
    is_asked_so = is_known | (QueueEntry.priority > SECOND_LOOK)
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
