"""ListenBrainz: fifty exact pairs in one request, then dates and genres of all that it knows.

It answers from MusicBrainz's data, but only to names that are the same once everything except
letters and figures is gone; slips of the pen are for the other providers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    Refused,
    Tag,
    Unavailable,
)
from .decoding import (
    MBID,
    AnotherQuestion,
    Unreadable,
    distinct,
    number,
    record,
    records,
    seconds,
    text,
    whole,
    year,
)
from .http import Http, Json, by_status, is_told, retry_after
from .musicbrainz_answers import read_pair
from .plain import ARTICLE
from .services import BY_NAME

# What one POST takes: more is refused as a whole.
MOST_PAIRS: Final = 50
MOST_LETTERS: Final = 250
# Look-ups that share one request for metadata, which would take a thousand songs. More would save
# little, and keep a worker for longer than an upload should wait for it.
LOOKUPS = 2
# Windows are ten seconds long; the header tells what is left of one.
WINDOW = 10.0
MAX_TAGS = 15
# What a whole album or an artist is tagged with says less of one song than the song's own tags.
_TAGGED = (("recording", 1.0), ("release_group", 0.8), ("artist", 0.5))

_NO_WORD = re.compile(r"[\W_]+")

Pair = tuple[str, str]

_ROW = BY_NAME["listenbrainz"]


class ListenBrainz:
    """The provider "listenbrainz".

    Args:
        http: the seam, with ListenBrainz' gate.
        token: a user's token; without one every look-up is refused.
        base_url: scheme and host, without "/1".
    """

    name = _ROW.name
    label = _ROW.label
    supplies = _ROW.supplies
    finds_by: Literal["pair", "fields", "text"] = "pair"
    # Fewer fit where artists are asked for with and without "The": the others go with the next.
    most = LOOKUPS * MOST_PAIRS

    def __init__(self, http: Http, *, token: str, base_url: str = _ROW.url) -> None:
        if not token.strip():
            raise ValueError("ListenBrainz cannot be asked without a token")
        self._http = http
        self._headers = {"Authorization": f"Token {token.strip()}"}
        self._url = base_url.rstrip("/") + "/1/metadata"

    def lookup(self, query: Query) -> Outcome:
        """Ask for one reading of a name: two requests for a known song, one otherwise."""
        return self._ask([query])[0] or NotFound()

    def lookup_many(self, queries: Sequence[Query]) -> list[Outcome | Later | None]:
        """Ask for several songs in two or three requests; None for one that was not answered."""
        outcomes = self._ask(queries)
        first = outcomes[0]
        if len(queries) > 1 and isinstance(first, Unavailable) and first.answered:
            # One pair that it cannot bear spoils the answer for all: not this song's fault.
            return [self.lookup(queries[0]), *[None] * (len(queries) - 1)]
        return [*outcomes]

    def _ask(self, queries: Sequence[Query]) -> list[Outcome | None]:
        pairs = [variants(query) for query in queries]
        asked = _each_once(pairs, LOOKUPS * MOST_PAIRS)
        hits: dict[str, Hit | None] = {}
        failure: Failure | None = None
        for first in range(0, len(asked), MOST_PAIRS):
            now = asked[first : first + MOST_PAIRS]
            # Never "release_name": null, which fails the whole request.
            recordings = [{"artist_name": artist, "recording_name": title} for artist, title in now]
            answer = self._post("lookup", {"recordings": recordings})
            if not isinstance(answer, Json):
                failure = answer
                break
            try:
                hits |= read_lookups(answer.body, now)
            except Unreadable as error:
                failure = Unavailable(error.reason, answered=True)
                break
        known: dict[str, Candidate] | Failure = {}
        named = [hit for hit in hits.values() if hit]
        if named:
            mbids = list(dict.fromkeys(hit.mbid for hit in named))
            wish = {"recording_mbids": mbids, "inc": "artist tag release"}
            answer = self._post("recording", wish)
            if not isinstance(answer, Json):
                known = answer
            elif not isinstance(answer.body, dict):
                known = Unavailable(Unreadable.reason, answered=True)
            else:  # with date and genres
                known = {hit.mbid: read_recording(hit, answer.body.get(hit.mbid)) for hit in named}
        return [_outcome(own, hits, known, failure) for own in pairs]

    def _post(self, what: str, payload: object) -> Json | Failure:
        return self._http.post(f"{self._url}/{what}/", payload, self._headers, verdict=verdict)


@dataclass(frozen=True, slots=True)
class Hit:
    """The recording that a pair names, as the look-up tells it."""

    mbid: str
    artist: str
    title: str
    album: str


def verdict(answer: Json) -> Failure | None:
    """The failure in an answer."""
    if answer.status == 401 and is_told(answer):
        return Refused(Said("token_not_valid", status=answer.status))
    if answer.status == 403 and is_told(answer):
        return Refused(Said("no_contact", status=answer.status))
    if answer.status == 429:
        wait = retry_after(answer.headers, "X-RateLimit-Reset-In")
        return RateLimited(max(WINDOW if wait is None else wait, 1.0), Said("too_many_requests"))
    return by_status(answer)


# --- what is asked --------------------------------------------------------------------------------


def variants(query: Query) -> list[Pair]:
    """The pairs that a question is asked by, the likeliest first; none where none can be sent.

    Credits are compared letter by letter, so "Beatles" is unknown and "The Eagles" too. Nearly all
    artists that are wrongly without their article are several people.
    """
    artist, title = text(query.artist), text(query.title)
    names = [artist]
    if ARTICLE.match(artist):
        names.append(ARTICLE.sub("", artist, count=1))
    elif artist.endswith(("s", "S")) and " & " not in artist:
        names.append(f"The {artist}")
    # For any other pair the whole request is refused.
    return [
        (name, title)
        for name in names
        if glued(name) and glued(title) and len(name) + len(title) <= MOST_LETTERS
    ]


def glued(*names: str) -> str:
    """Names as ListenBrainz compares them. It answers only the last of those pairs in one request
    that are the same so."""
    letters = unicodedata.normalize("NFKD", "".join(names))
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return _NO_WORD.sub("", plain).casefold()


def _each_once(pairs: Sequence[Sequence[Pair]], most: int) -> list[Pair]:
    """The pairs of as many questions as there is room for, none of them twice."""
    asked: dict[str, Pair] = {}
    for own in pairs:
        fresh = {glued(*pair): pair for pair in reversed(own) if glued(*pair) not in asked}
        if len(asked) + len(fresh) > most:
            break
        asked |= dict(reversed(fresh.items()))
    return list(asked.values())


# --- what is answered -----------------------------------------------------------------------------


def _outcome(
    own: Sequence[Pair],
    hits: Mapping[str, Hit | None],
    known: Mapping[str, Candidate] | Failure,
    failure: Failure | None,
) -> Outcome | None:
    """What came of one question; None where not all of it was asked."""
    keys = [glued(*pair) for pair in own]
    named = [hit for key in keys if (hit := hits.get(key))]
    if not named:
        is_whole = all(key in hits for key in keys)
        return NotFound() if is_whole else failure
    if not isinstance(known, Mapping):
        return known
    return Found(tuple(dict.fromkeys(known[hit.mbid] for hit in named)))


def read_lookups(body: object, pairs: Sequence[Pair]) -> dict[str, Hit | None]:
    """The answer to a look-up: one element a pair, which for an unknown one just repeats it."""
    if not isinstance(body, list) or len(body) != len(pairs):
        raise Unreadable
    hits: dict[str, Hit | None] = {}
    for place, item in enumerate(map(record, body)):
        index = whole(item.get("index", place))
        if index is None or index >= len(pairs) or "recording_name_arg" not in item:
            raise Unreadable
        asked = text(item.get("artist_name_arg")), text(item.get("recording_name_arg"))
        if glued(*asked) != glued(*pairs[index]):
            raise AnotherQuestion
        hit = None
        if item.get("recording_mbid"):
            mbid = text(item.get("recording_mbid")).lower()
            artist, title = text(item.get("artist_credit_name")), text(item.get("recording_name"))
            if not (MBID.fullmatch(mbid) and artist and title):
                raise Unreadable
            hit = Hit(mbid, artist, title, text(item.get("release_name")))
        hits[glued(*pairs[index])] = hit
    return hits


def read_recording(hit: Hit, metadata: object) -> Candidate:
    """A recording with what its metadata tells; an unknown identity has none."""
    about = record(metadata)
    recording, artist = record(about.get("recording")), record(about.get("artist"))
    names = (text(each.get("name")) for each in records(artist.get("artists")))
    credit = text(artist.get("name")) or hit.artist
    return Candidate(
        provider=ListenBrainz.name,
        artist=credit,
        title=text(recording.get("name")) or hit.title,
        # The year of `release` is some edition's.
        year=year(recording.get("first_release_date")),
        tags=read_tags(record(about.get("tag"))),
        artist_aliases=tuple(name for name in distinct(list(names)) if name not in credit),
        album=text(record(about.get("release")).get("name")) or hit.album,
        duration=seconds(recording.get("length")),
        recording_id=hit.mbid,
        url=f"https://musicbrainz.org/recording/{hit.mbid}",
        traits=read_pair(records(artist.get("artists")), "join_phrase"),
    )


def read_tags(tag: Mapping[str, object]) -> tuple[Tag, ...]:
    """The genres, strongest first: the recording's own, else its album's, else its artist's.

    Only genres have an identity; the rest is "seen live" and worse.
    """
    for of, weight in _TAGGED:
        tags = [each for each in records(tag.get(of)) if text(each.get("genre_mbid"))]
        counts: dict[str, float] = {}
        for each in tags:
            name, count = text(each.get("tag")), number(each.get("count")) or 0.0
            if name and count > 0:
                counts[name] = max(count, counts.get(name, 0.0))
        if counts:
            strongest = sorted(counts.items(), key=lambda each: -each[1])[:MAX_TAGS]
            top = strongest[0][1]
            return tuple(Tag(name, weight * count / top) for name, count in strongest)
    return ()
