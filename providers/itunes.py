"""iTunes: a search of the store's songs for one, or for several of one artist; its genre, and a
year of second choice."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from ..system.said import Said
from .base import (
    Candidate,
    Failure,
    Found,
    Later,
    NotFound,
    Outcome,
    Query,
    RateLimited,
    Tag,
    Trait,
    Unavailable,
)
from .decoding import AnotherQuestion, Unreadable, link, record, records, seconds, text, whole, year
from .http import Http, Json, by_status, retry_after
from .plain import BEGINNING, may_answer, plain_words
from .services import BY_NAME, ITUNES_QUERIES

log = logging.getLogger("pikaraoke_enrichment")

LIMIT: Final = 25
# More is not served, and who has more songs is shown with those that are sold most.
MOST_OF_AN_ARTIST: Final = 200
# A form of query that fails so often in a row, where the plain one is answered, is used no more.
REFUSALS = 2
# Whoever has so many songs in the store is an artist, and no title that was read as one.
ENOUGH_SONGS = 3
# Over some 20 calls a minute the store answers 403 with an empty body and tells no time: a minute
# helped one client, another waits for thirty. The pace grows it when it comes again.
BLOCKED_WAIT = 120.0
# A cleaned edition is one of an explicit song.
_EXPLICIT: Final = {"explicit": True, "cleaned": True, "notExplicit": False}
# What the store writes where it knows no date.
_UNKNOWN = ("1900-01-01", "1970-01-01")

_ROW = BY_NAME["itunes"]


class ITunes:
    """The provider "itunes".

    Args:
        http: the seam, with iTunes' gate.
        base_url: scheme and host, without "/search".
        country: two letters of the store that is asked; the genre's words depend on it.
        queries: the forms of query that may be used beside the plain one, of ITUNES_QUERIES.
    """

    name = _ROW.name
    label = _ROW.label
    supplies = _ROW.supplies
    finds_by: Literal["pair", "fields", "text"] = "text"
    # Of all these only one artist's are asked for.
    most = 1000

    def __init__(
        self,
        http: Http,
        *,
        base_url: str = _ROW.url,
        country: str = "US",
        queries: Iterable[str] = ITUNES_QUERIES,
    ) -> None:
        self._asks_for_artists = "artists" in set(queries)
        self._refusals = 0
        self._http = http
        self._url = base_url.rstrip("/") + "/search"
        self._country = country

    def lookup(self, query: Query) -> Outcome:
        """Ask for one reading of a name, in one request."""
        if not query.title.strip():
            return NotFound()
        term = " ".join(f"{query.artist} {query.title}".split())
        candidates = self._search(term, limit=LIMIT)
        if not isinstance(candidates, tuple):
            return candidates
        return Found(candidates) if candidates else NotFound()

    def lookup_many(self, queries: Sequence[Query]) -> list[Outcome | Later | None]:
        """Ask for all songs of the first one's artist at once, where there are several; what that
        leaves open of the first one is asked alone."""
        first = queries[0]
        artist = plain_words(first.artist)
        own = [each for each in queries if plain_words(each.artist) == artist]
        told: Mapping[Query, Outcome] = {}
        if self._asks_for_artists and artist and len({each.title for each in own}) > 1:
            told = self._songs_of(first.artist, own)
        if first not in told:
            told = {**told, first: self.lookup(first)}
        return [told.get(query) for query in queries]

    def _songs_of(self, artist: str, queries: Sequence[Query]) -> Mapping[Query, Outcome]:
        """What the store has of an artist, shared out; without the songs of which it may have more
        than it shows."""
        found = self._search(artist, limit=MOST_OF_AN_ARTIST, attribute="artistTerm")
        if isinstance(found, Unavailable):
            alone = self.lookup(queries[0])
            # Where the song's own search is answered, the form is to blame, be it refused, too slow
            # or too large, and no song may fail of it.
            if isinstance(alone, Found | NotFound):
                self._refusals += 1
                if self._refusals == REFUSALS:
                    self._asks_for_artists = False
                    log.warning(
                        "iTunes does not answer our query form 'artists': it is used no more "
                        "(ITUNES_QUERIES sets which are)"
                    )
            return {queries[0]: alone}
        if not isinstance(found, tuple):
            return {queries[0]: found}
        self._refusals = 0
        # A name that was read the wrong way round is a title, and maybe a band's that few know.
        own = [each for each in found if plain_words(each.artist) == plain_words(artist)]
        is_all = (
            len(found) < MOST_OF_AN_ARTIST and len({each.title for each in own}) >= ENOUGH_SONGS
        )
        told: dict[Query, Outcome] = {}
        for query in queries:
            songs = [each for each in found if _resembles(query.title, each.title)]
            if songs:
                told[query] = Found(tuple(songs[:LIMIT]))
            elif is_all:
                told[query] = NotFound()
        return told

    def _search(
        self, term: str, *, limit: int, attribute: str = ""
    ) -> tuple[Candidate, ...] | Failure:
        params: dict[str, str | int] = {
            "term": term,
            "country": self._country,
            "media": "music",
            "entity": "song",  # musicTrack would mix in music videos
            "limit": limit,
            "lang": "en_us",
            **({"attribute": attribute} if attribute else {}),
        }
        answer = self._http.get(self._url, params, verdict=verdict)
        if not isinstance(answer, Json):
            return answer
        try:
            candidates = read_songs(answer.body)
        except Unreadable as error:
            return Unavailable(error.reason, answered=True)
        if candidates and not any(may_answer(term, each.artist, each.title) for each in candidates):
            return Unavailable(AnotherQuestion.reason, answered=True)
        return candidates


def _resembles(asked: str, given: str) -> bool:
    """Whether most words of a title begin as some of another: the store forgives a slip, which
    leaves the beginning of the word right."""
    wanted, found = ({word[:BEGINNING] for word in plain_words(each)} for each in (asked, given))
    return bool(wanted) and 3 * len(wanted & found) >= 2 * len(wanted)


def verdict(answer: Json) -> Failure | None:
    """The failure in an answer. The empty 403 of a blocked address must never look like no hit."""
    # A web page is a proxy's, which forbids another thing than the store.
    is_page = "html" in answer.headers.get("Content-Type", "").lower()
    if answer.status in (403, 429) and not is_page:
        wait = max(retry_after(answer.headers) or 0.0, BLOCKED_WAIT)
        return RateLimited(wait, Said("too_many_requests_status", status=answer.status))
    if answer.status < 500 and "errorMessage" in record(answer.body):
        return Unavailable(Said("question_rejected", provider=ITunes.name), answered=True)
    return by_status(answer)


def read_songs(body: object) -> tuple[Candidate, ...]:
    """The songs in an answer of the search, in the store's order.

    Karaoke makers and tribute bands are ordinary results there and stay: who matches is decided
    elsewhere.
    """
    listed = record(body).get("results")
    if not isinstance(listed, list | dict):
        raise Unreadable
    results = records(listed)
    read = [_read_song(result) for result in results if text(result.get("kind")) == "song"]
    songs = tuple(song for song in read if song.artist and song.title)
    # The store sells other things too, music videos and albums say.
    kinds = [text(each.get("kind")) or text(each.get("wrapperType")) for each in results]
    if listed and not songs and (not kinds or {"", "song", "track"}.intersection(kinds)):
        raise Unreadable
    return songs


def _read_song(result: Mapping[str, object]) -> Candidate:
    genre = text(result.get("primaryGenreName"))
    track_id = whole(result.get("trackId"))
    released = text(result.get("releaseDate"))[:10]
    explicit = _EXPLICIT.get(text(result.get("trackExplicitness")))
    return Candidate(
        provider=ITunes.name,
        artist=text(result.get("artistName")),
        title=text(result.get("trackName")),
        # The first ten characters are the date, the hour is the zone's of the store.
        year=None if released in _UNKNOWN else year(released),
        tags=(Tag(genre),) if genre else (),
        album=text(result.get("collectionName")),
        duration=seconds(result.get("trackTimeMillis")),
        recording_id=str(track_id) if track_id else "",
        url=link(result.get("trackViewUrl")),
        traits=() if explicit is None else (Trait("explicit", explicit, ITunes.name),),
    )
