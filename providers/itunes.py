"""iTunes: one search of the store's songs; its genre, and a year of second choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from ..system.said import Said
from .base import (
    Candidate,
    Failure,
    Found,
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
from .plain import may_answer
from .services import BY_NAME

LIMIT: Final = 25
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
    """

    name = _ROW.name
    label = _ROW.label
    supplies = _ROW.supplies
    finds_by: Literal["pair", "fields", "text"] = "text"

    def __init__(self, http: Http, *, base_url: str = _ROW.url, country: str = "US") -> None:
        self._http = http
        self._url = base_url.rstrip("/") + "/search"
        self._country = country

    def lookup(self, query: Query) -> Outcome:
        """Ask for one reading of a name, in one request."""
        if not query.title.strip():
            return NotFound()
        term = " ".join(f"{query.artist} {query.title}".split())
        params: dict[str, str | int] = {
            "term": term,
            "country": self._country,
            "media": "music",
            "entity": "song",  # musicTrack would mix in music videos
            "limit": LIMIT,
            "lang": "en_us",
        }
        answer = self._http.get(self._url, params, verdict=verdict)
        if not isinstance(answer, Json):
            return answer
        try:
            candidates = read_songs(answer.body)
        except Unreadable as error:
            return Unavailable(error.reason, answered=True)
        if not candidates:
            return NotFound()
        if not any(may_answer(term, each.artist, each.title) for each in candidates):
            return Unavailable(AnotherQuestion.reason, answered=True)
        return Found(candidates)


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
