"""MusicBrainz: one recording search; first release date, tags, other names of the artists.

The pace is a request a second for a whole house, so one request carries what it can: a search for
a title's phrase or its words, and up to four songs at a time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    MBID,
    Unreadable,
    distinct,
    number,
    record,
    records,
    text,
    whole,
    year,
)
from .http import Http, Json, by_status, retry_after
from .plain import plain_words
from .services import BY_NAME

# A song everybody sings has a hundred recordings, and only one of them tells its year. More than
# a hundred is not served: MusicBrainz then falls back to 25 without a word.
LIMIT: Final = 100
# As many of a song's recordings as make an answer good enough that shows only the best hundred.
ENOUGH = 25
# At 1.1 s between requests one in four still met "currently busy"; each retry after 1 s worked.
BUSY_WAIT = 1.0
# The Beatles have dozens of aliases; more than this only costs memory.
MAX_ALIASES = 40
MAX_TAGS = 15

_SPECIAL = re.compile(r'[+\-&|!(){}\[\]^"~*?:\\/]')

_ROW = BY_NAME["musicbrainz"]


class MusicBrainz:
    """The provider "musicbrainz".

    Args:
        http: the seam, with MusicBrainz' gate; its User-Agent must name a contact.
        base_url: scheme and host, without "/ws/2".
    """

    name = _ROW.name
    label = _ROW.label
    supplies = _ROW.supplies
    finds_by: Literal["pair", "fields", "text"] = "fields"
    # With four, one of them has ENOUGH recordings even where the answer was cut off.
    most = LIMIT // ENOUGH

    def __init__(self, http: Http, *, base_url: str = _ROW.url) -> None:
        self._http = http
        self._url = base_url.rstrip("/") + "/ws/2/recording"

    def lookup(self, query: Query) -> Outcome:
        """Ask for one reading of a name."""
        lucene = song_query(query)
        if not lucene:
            return NotFound()
        page = self._search(lucene)
        if not isinstance(page, Page):
            return page
        return Found(page.candidates) if page.candidates else NotFound()

    def lookup_many(self, queries: Sequence[Query]) -> list[Outcome | None]:
        """Ask for several songs in one request; None for one that the answer does not settle."""
        lucene = [f"({each})" for query in queries if (each := song_query(query))]
        page = self._search(" OR ".join(lucene)) if len(lucene) > 1 else None
        if isinstance(page, Page):
            shares = page.shared_out(queries)
        elif page is None or (isinstance(page, Unavailable) and page.arrived):
            # MusicBrainz may stumble over one song's question, or brood over it until the time is
            # up: not the others' fault.
            shares = [None] * len(queries)
        else:
            return [page, *[None] * (len(queries) - 1)]
        return [shares[0] or self.lookup(queries[0]), *shares[1:]]

    def _search(self, lucene: str) -> Page | Failure:
        params: dict[str, str | int] = {"query": lucene, "limit": LIMIT, "fmt": "json"}
        answer = self._http.get(self._url, params, verdict=verdict)
        if not isinstance(answer, Json):
            return answer
        try:
            candidates = read_recordings(answer.body)
        except Unreadable as error:
            return Unavailable(error.reason, answered=True)
        total = whole(record(answer.body).get("count")) or 0
        return Page(candidates, is_whole=total <= LIMIT)


@dataclass(frozen=True, slots=True)
class Page:
    """The recordings that one answer showed; `is_whole` where there are no more."""

    candidates: tuple[Candidate, ...]
    is_whole: bool

    def shared_out(self, queries: Sequence[Query]) -> list[Outcome | None]:
        """Each question's own recordings, None where others may have crowded them out."""
        own = [[each for each in self.candidates if answers(each, query)] for query in queries]
        told = {id(each) for share in own for each in share}
        rest = [each for each in self.candidates if id(each) not in told]
        return [self._outcome(*each, rest) for each in zip(queries, own, strict=True)]

    def _outcome(
        self, query: Query, own: Sequence[Candidate], rest: Sequence[Candidate]
    ) -> Outcome | None:
        if own:
            return Found(tuple(own)) if self.is_whole or len(own) >= ENOUGH else None
        # What MusicBrainz found in another spelling may be meant for this question.
        title = _compared(query.title)
        is_open = any(title & _compared(each.title) for each in rest)
        return None if is_open or not self.is_whole else NotFound()


def verdict(answer: Json) -> Failure | None:
    """The failure in an answer: over the pace every request of this address gets 503."""
    if answer.status in (429, 503):
        wait = retry_after(answer.headers) or 0.0
        return RateLimited(
            max(wait, BUSY_WAIT), Said("too_many_requests_status", status=answer.status)
        )
    if answer.status == 403:
        return Refused(Said("no_contact", status=answer.status))
    return by_status(answer)


def escape(words: str) -> str:
    """Words of a name as Lucene takes them literally.

    In lower case, since AND, OR and NOT in capitals are operators ("DO OR DIE").
    """
    return _SPECIAL.sub(r"\\\g<0>", words.lower())


def song_query(query: Query) -> str:
    """The search for a song by its phrase or, ranked below, by its words; "" for neither."""
    return " OR ".join(f"({each})" for each in (phrase_query(query), word_query(query)) if each)


def answers(candidate: Candidate, query: Query) -> bool:
    """Whether a recording holds all words of a question, each in its place."""
    title, artist = _compared(query.title), _compared(query.artist)
    if not title:  # "???"
        title, given = frozenset({query.title.strip()}), frozenset({candidate.title})
    else:
        given = _compared(candidate.title)
    credit = _compared(" ".join((candidate.artist, *candidate.artist_aliases)))
    return title <= given and artist <= credit if artist else title <= given | credit


def _compared(text: str) -> frozenset[str]:
    """The words of a name; a file says "and" where a credit has "&"."""
    words = frozenset(plain_words(text))
    return (words - {"and"}) or words


def phrase_query(query: Query) -> str:
    """The search for a recording with exactly this title, by an artist of this name; or "".

    Three fields hold an artist: the credit as printed ("Queen & David Bowie"), each artist's
    name today, and each name as credited.
    """
    title, artist = " ".join(query.title.split()), " ".join(query.artist.split())
    if not any(sign.isalnum() for sign in title):
        return _exact(title, artist)
    if not artist:
        return f'recording:"{escape(title)}"'
    names = " OR ".join(
        f'{field}:"{escape(artist)}"' for field in ("artist", "artistname", "creditname")
    )
    return f'recording:"{escape(title)}" AND ({names})'


def _exact(title: str, artist: str) -> str:
    """A title of signs alone ("?") has no words to search for: only its artist has."""
    if not title or not any(sign.isalnum() for sign in artist):
        return ""
    return f'recording:"{escape(title)}" AND artist:"{escape(artist)}"'


def word_query(query: Query) -> str:
    """The looser search: all words of the title and the artist, in any order; or "".

    Without an artist the words may be the title's or the artist's ("bohemian rhapsody queen"),
    so that no field is named.
    """
    title, artist = _words(query.title), _words(query.artist)
    if not title:
        return ""
    if not artist:
        return " AND ".join(title) if len(title) > 1 else ""
    group = " AND ".join(artist)
    names = " OR ".join(f"{field}:({group})" for field in ("artist", "artistname", "creditname"))
    return f"recording:({' AND '.join(title)}) AND ({names})"


def _words(name: str) -> list[str]:
    return [escape(word) for word in name.split() if any(sign.isalnum() for sign in word)]


def read_recordings(body: object) -> tuple[Candidate, ...]:
    """The recordings in an answer of the search, in MusicBrainz' order."""
    listed = record(body).get("recordings")
    if not isinstance(listed, list | dict):
        raise Unreadable
    read = [_read_recording(each) for each in records(listed)]
    candidates = tuple(each for each in read if each.artist and each.title)
    if listed and not candidates:
        raise Unreadable
    return candidates


def _read_recording(recording: Mapping[str, object]) -> Candidate:
    credit = records(recording.get("artist-credit"))
    releases = records(recording.get("releases"))
    milliseconds = number(recording.get("length"))
    mbid = text(recording.get("id"))
    mbid = mbid if MBID.fullmatch(mbid) else ""
    return Candidate(
        provider=MusicBrainz.name,
        artist=read_credit(credit),
        title=text(recording.get("title")),
        year=year(recording.get("first-release-date")) or _first_year(releases),
        tags=read_tags(recording.get("tags")),
        artist_aliases=read_aliases(credit),
        album=_album(releases),
        disambiguation=text(recording.get("disambiguation")),
        secondary_types=read_secondary_types(releases),
        duration=milliseconds / 1000 if milliseconds else None,
        recording_id=mbid,
        url=f"https://musicbrainz.org/recording/{mbid}" if mbid else "",
    )


def read_credit(credit: list[Mapping[str, object]]) -> str:
    """The artist credit as printed: every name and what joins it to the next."""
    parts = []
    for part in credit:
        name = text(part.get("name")) or text(record(part.get("artist")).get("name"))
        joint = part.get("joinphrase")
        parts += [name, joint if isinstance(joint, str) else ""]
    return text("".join(parts))


def read_aliases(credit: list[Mapping[str, object]]) -> tuple[str, ...]:
    """Other names of the credited artists: today's name, the sort name (which is Latin for
    宇多田ヒカル: "Utada, Hikaru") and all aliases.
    """
    names: list[str] = []
    for part in credit:
        artist = record(part.get("artist"))
        names += [text(artist.get("name")), text(artist.get("sort-name"))]
        names += [text(alias.get("name")) for alias in records(artist.get("aliases"))]
    printed = {read_credit(credit), *(text(part.get("name")) for part in credit)}
    return tuple(name for name in distinct(names) if name not in printed)[:MAX_ALIASES]


def read_tags(tags: object) -> tuple[Tag, ...]:
    """The tags with a positive count, strongest first: searches give them unsorted, with zeros."""
    counted = [(whole(tag.get("count")) or 0, text(tag.get("name"))) for tag in records(tags)]
    counted = sorted((each for each in counted if each[0] > 0 and each[1]), key=lambda c: -c[0])
    top = counted[0][0] if counted else 1
    return tuple(Tag(name, count / top) for count, name in counted[:MAX_TAGS])


def read_secondary_types(releases: list[Mapping[str, object]]) -> tuple[str, ...]:
    """The kinds that all official releases share: a studio recording also lies on compilations."""
    official = [release for release in releases if release.get("status") == "Official"]
    kinds = [_kinds(release) for release in official or releases]
    shared = set(kinds[0]).intersection(*kinds) if kinds else set()
    return tuple(sorted(shared))


def _kinds(release: Mapping[str, object]) -> list[str]:
    kinds = record(release.get("release-group")).get("secondary-types")
    return [text(kind).lower() for kind in kinds if text(kind)] if isinstance(kinds, list) else []


def _first_year(releases: list[Mapping[str, object]]) -> int | None:
    return min((y for r in releases if (y := year(r.get("date")))), default=None)


def _album(releases: list[Mapping[str, object]]) -> str:
    """The earliest dated album that is no compilation or the like, else the first release."""
    plain = sorted(
        (release for release in releases if not _kinds(release)),
        key=lambda release: text(release.get("date")) or "9999",
    )
    return text(next(iter([*plain, *releases]), {}).get("title"))
