"""MusicBrainz: one recording search; first release date, tags, other names of the artists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

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
from .http import Http, Json, by_status, retry_after
from .reading import Unreadable, distinct, number, record, records, text, whole, year

LIMIT: Final = 25
# At 1.1 s between requests one in four still met "currently busy"; each retry after 1 s worked.
BUSY_WAIT = 1.0
# The Beatles have dozens of aliases; more than this only costs memory.
MAX_ALIASES = 40
MAX_TAGS = 15

_SPECIAL = re.compile(r'[+\-&|!(){}\[\]^"~*?:\\/]')
_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class MusicBrainz:
    """The provider "musicbrainz".

    Args:
        http: the seam, with MusicBrainz' gate; its User-Agent must name a contact.
        base_url: scheme and host, without "/ws/2".
    """

    name = "musicbrainz"
    label = "MusicBrainz"
    supplies = frozenset({"year", "genre"})

    def __init__(self, http: Http, *, base_url: str = "https://musicbrainz.org") -> None:
        self._http = http
        self._url = base_url.rstrip("/") + "/ws/2/recording"

    def lookup(self, query: Query) -> Outcome:
        """Ask for one reading of a name: by its phrases, and if nobody has them by its words."""
        for lucene in dict.fromkeys((phrase_query(query), word_query(query))):
            if not lucene:
                continue
            params: dict[str, str | int] = {"query": lucene, "limit": LIMIT, "fmt": "json"}
            answer = self._http.get(self._url, params, verdict=verdict)
            if not isinstance(answer, Json):
                return answer
            try:
                candidates = read_recordings(answer.body)
            except Unreadable as error:
                return Unavailable(str(error), answered=True)
            if candidates:
                return Found(candidates)
        return NotFound()


def verdict(answer: Json) -> Failure | None:
    """The failure in an answer: over the pace every request of this address gets 503."""
    if answer.status in (429, 503):
        wait = retry_after(answer.headers) or 0.0
        return RateLimited(max(wait, BUSY_WAIT), f"too many requests (HTTP {answer.status})")
    if answer.status == 403:
        return Refused("our program is not let in: does the User-Agent name a contact? (HTTP 403)")
    return by_status(answer)


def escape(words: str) -> str:
    """Words of a name as Lucene takes them literally.

    In lower case, since AND, OR and NOT in capitals are operators ("DO OR DIE").
    """
    return _SPECIAL.sub(r"\\\g<0>", words.lower())


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
    mbid = mbid if _MBID.fullmatch(mbid) else ""
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
        relevance=number(recording.get("score")),
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
