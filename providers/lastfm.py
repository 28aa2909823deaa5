"""Last.fm: track.getInfo, then track.search; top tags for the genre. It knows no release years."""

from __future__ import annotations

from dataclasses import replace
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
    Refused,
    Tag,
    Unavailable,
)
from .decoding import (
    AnotherQuestion,
    Unreadable,
    link,
    number,
    record,
    records,
    seconds,
    text,
    whole,
)
from .http import Http, Json, by_status, retry_after
from .plain import may_answer, plain_words
from .services import BY_NAME

# Any pair that anybody ever scrobbled "exists": a nonsense pair answers with two listeners.
GHOST_LISTENERS = 50
# An entry with this many listeners is a known song, worth one more request for its missing tags.
SOLID_LISTENERS = 1000
# Last.fm's terms name no time after error 29; clients do well with a minute.
RATE_LIMIT_WAIT = 60.0
# What an artist is tagged with says less of one song than the song's own tags.
ARTIST_TAG_WEIGHT = 0.5
MAX_TAGS = 10


_NOT_FOUND: Final = 6
_FAILED_INSIDE = {
    8: "operation_failed",
    11: "out_of_service",
    16: "unavailable",
}
_BAD_KEY = {
    10: "key_not_valid",
    26: "key_suspended",
}
_RATE_LIMIT: Final = 29

_ROW = BY_NAME["lastfm"]


class LastFm:
    """The provider "lastfm".

    Args:
        http: the seam, with Last.fm's gate.
        api_key: never sent empty, as Last.fm then answers "not found" for everything.
        base_url: scheme and host, without the API's path.
    """

    name = _ROW.name
    label = _ROW.label
    supplies = _ROW.supplies
    finds_by: Literal["pair", "fields", "text"] = "pair"

    def __init__(self, http: Http, *, api_key: str, base_url: str = _ROW.url) -> None:
        if not api_key.strip():
            raise ValueError("Last.fm cannot be asked without an API key")
        self._http = http
        self._key = api_key.strip()
        self._url = base_url.rstrip("/") + "/2.0/"

    def lookup(self, query: Query) -> Outcome:
        """Ask for one reading of a name: one request for a known song, two or three otherwise.

        An exact question never takes the search: one request, and one more for missing tags.
        """
        artist, title = query.artist.strip(), query.title.strip()
        if not title:
            return NotFound()
        ghosts: tuple[Candidate, ...] = ()
        asked = f"{artist} {title}"
        try:
            if artist:
                known = self._info(artist, title)
                if not isinstance(known, Candidate | None):
                    return known
                if known is not None and not may_answer(asked, known.artist, known.title):
                    raise AnotherQuestion
                if known is not None and not is_ghost(known):
                    if not known.tags and is_solid(known):
                        more = self._ask("artist.getTopTags", artist=known.artist, autocorrect="1")
                        # The song itself is known: if this extra fails, the next provider may tell
                        # the genre.
                        if isinstance(more, Json):
                            known = replace(known, tags=read_artist_tags(more.body))
                    return Found((known,))
                ghosts = () if known is None else (known,)
                if query.exact:
                    return Found(ghosts) if ghosts else NotFound()
            narrowed = {"artist": artist} if artist else {}
            answer = self._ask("track.search", track=title, limit="15", **narrowed)
            if not isinstance(answer, Json):
                return answer
            matches = read_matches(answer.body)
            if matches and not any(may_answer(asked, each.artist, each.title) for each in matches):
                raise AnotherQuestion
            # The likeliest with its tags if it is a known song: searches tell none.
            likely = [match for match in matches if is_solid(match) and is_likely(query, match)]
            best = max(likely, key=lambda match: match.listeners or 0, default=None)
            full = self._info(best.artist, best.title) if best else None
            if isinstance(full, Candidate):
                matches = tuple(full if match is best else match for match in matches)
            found = matches + ghosts
        except Unreadable as error:
            return Unavailable(error.reason, answered=True)
        # The first of two of one name counts.
        by_name = {(each.artist, each.title): each for each in reversed(found)}
        return Found(tuple(reversed(by_name.values()))) if found else NotFound()

    def _info(self, artist: str, title: str) -> Candidate | Failure | None:
        answer = self._ask("track.getInfo", artist=artist, track=title, autocorrect="1")
        return read_track(answer.body) if isinstance(answer, Json) else answer

    def _ask(self, method: str, **params: str) -> Json | Failure:
        params |= {"method": method, "format": "json", "api_key": self._key}
        return self._http.get(self._url, params, verdict=verdict)


def verdict(answer: Json) -> Failure | None:
    """The failure in an answer: Last.fm puts its errors into the body, with any HTTP status."""
    code = whole(record(answer.body).get("error"))
    if code == _NOT_FOUND:
        return None
    if code in _BAD_KEY:
        return Refused(Said(_BAD_KEY[code], error=code))
    if code == _RATE_LIMIT or answer.status == 429:
        wait = retry_after(answer.headers) or RATE_LIMIT_WAIT
        return RateLimited(wait, Said("too_many_requests"))
    if code in _FAILED_INSIDE:
        return Unavailable(Said(_FAILED_INSIDE[code], provider=LastFm.name, error=code))
    if code is not None:
        return Unavailable(
            Said("question_rejected_error", provider=LastFm.name, error=code), answered=True
        )
    return by_status(answer)


def read_track(body: object) -> Candidate | None:
    """The recording in an answer of track.getInfo, None if it is not found."""
    if _is_not_found(body):
        return None
    track = record(record(body).get("track"))
    candidate = Candidate(
        provider=LastFm.name,
        artist=text(record(track.get("artist")).get("name")),
        title=text(track.get("name")),
        tags=read_tags(track.get("toptags")),
        album=text(record(track.get("album")).get("title")),
        listeners=whole(track.get("listeners")),
        duration=seconds(track.get("duration")),
        recording_id=text(track.get("mbid")),
        url=link(track.get("url")),
    )
    if not (candidate.title and candidate.artist):
        raise Unreadable
    return None if _is_nobody(candidate) else candidate


def read_matches(body: object) -> tuple[Candidate, ...]:
    """The recordings in an answer of track.search, in Last.fm's order, without tags.

    Entries with artist and title swapped are real entities there: they are passed on, with
    their listeners.
    """
    if _is_not_found(body):
        return ()
    container = record(record(body).get("results")).get("trackmatches")
    # An empty container is a string, or an object with a line break in it.
    if not isinstance(container, dict | str):
        raise Unreadable
    listed = record(container).get("track")
    read = [
        Candidate(
            provider=LastFm.name,
            # A string here, an object in track.getInfo.
            artist=text(match.get("artist")) or text(record(match.get("artist")).get("name")),
            title=text(match.get("name")),
            listeners=whole(match.get("listeners")),
            recording_id=text(match.get("mbid")),
            url=link(match.get("url")),
        )
        for match in records(listed)
    ]
    candidates = [candidate for candidate in read if candidate.title and candidate.artist]
    if listed and not candidates and not isinstance(listed, str):
        raise Unreadable
    return tuple(candidate for candidate in candidates if not _is_nobody(candidate))


def read_artist_tags(body: object) -> tuple[Tag, ...]:
    """The tags in an answer of artist.getTopTags, weighted below a song's own."""
    tags = read_tags(record(body).get("toptags"))
    return tuple(replace(tag, weight=tag.weight * ARTIST_TAG_WEIGHT) for tag in tags)


def read_tags(toptags: object) -> tuple[Tag, ...]:
    """The strongest tags of a `toptags` container, whatever shape it degraded to.

    `track.getInfo` gives no counts: its order is all there is, so the weights fall evenly.
    """
    tags = records(record(toptags).get("tag"))[:MAX_TAGS]
    counts = [number(tag.get("count")) for tag in tags]
    top = max((count for count in counts if count), default=None)
    read = []
    for place, (tag, count) in enumerate(zip(tags, counts, strict=True)):
        weight = 1 - place / MAX_TAGS if top is None else (count or 0.0) / top
        if (name := text(tag.get("name"))) and weight > 0:
            read.append(Tag(name, weight))
    return tuple(read)


def is_ghost(candidate: Candidate) -> bool:
    """Whether nobody but a few scrobblers with a badly named file ever saw this entry."""
    return not candidate.tags and (candidate.listeners or 0) < GHOST_LISTENERS


def is_solid(candidate: Candidate) -> bool:
    """Whether so many people listened that the entry is a known song."""
    return (candidate.listeners or 0) >= SOLID_LISTENERS


def is_likely(query: Query, candidate: Candidate) -> bool:
    """Whether asking more about a match may pay: every word of its title was asked for."""
    return set(plain_words(candidate.title)) <= set(plain_words(f"{query.artist} {query.title}"))


def _is_not_found(body: object) -> bool:
    return whole(record(body).get("error")) == _NOT_FOUND


def _is_nobody(candidate: Candidate) -> bool:
    # A real artist with hundreds of thousands of listeners: songs whose tags were empty.
    return candidate.artist.casefold() == "[unknown]"
