"""What MusicBrainz answers, read: recordings, singles, artists. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .base import Candidate, Tag, Trait
from .decoding import MBID, Unreadable, distinct, record, records, seconds, text, whole, year

# The Beatles have dozens of aliases; more than this only costs memory.
MAX_ALIASES = 40
MAX_TAGS = 15

_PROVIDER = "musicbrainz"
_SIDES = re.compile(r"\s+/\s+")


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
    mbid = _identity(recording)
    # MusicBrainz counts bootlegs too, of which many are concerts of the year before: where one of
    # these is the first, the first real release counts.
    told = year(recording.get("first-release-date")) or _first_year(releases)
    bootlegs = [release for release in releases if release.get("status") == "Bootleg"]
    first = _first_year([release for release in releases if release not in bootlegs])
    is_told_by_one = told in map(year, (release.get("date") for release in bootlegs))
    # The earliest dated album that is no compilation or the like, else the first release.
    albums = sorted(
        (release for release in releases if not _kinds(record(release.get("release-group")))),
        key=lambda release: text(release.get("date")) or "9999",
    )
    return Candidate(
        provider=_PROVIDER,
        artist=read_credit(credit),
        title=text(recording.get("title")),
        year=first if first and is_told_by_one else told,
        tags=read_tags(recording.get("tags")),
        artist_aliases=read_aliases(credit),
        album=text(next(iter([*albums, *releases]), {}).get("title")),
        disambiguation=text(recording.get("disambiguation")),
        secondary_types=read_secondary_types(releases),
        duration=seconds(recording.get("length")),
        recording_id=mbid,
        url=f"https://musicbrainz.org/recording/{mbid}" if mbid else "",
        traits=read_pair(credit, "joinphrase"),
    )


def _identity(entry: Mapping[str, object]) -> str:
    mbid = text(entry.get("id"))
    return mbid if MBID.fullmatch(mbid) else ""


def read_credit(credit: list[Mapping[str, object]]) -> str:
    """The artist credit as printed: every name and what joins it to the next."""
    parts = []
    for part in credit:
        name = text(part.get("name")) or text(record(part.get("artist")).get("name"))
        joint = part.get("joinphrase")
        parts += [name, joint if isinstance(joint, str) else ""]
    return text("".join(parts))


# What joins two equal singers, and what a name of a band or an orchestra has.
_EQUAL = frozenset({"&", "and", "und", "et", "y", "e", "en", "och", "og", "ja", "i", "и", "+", "/",
                    "with", "duet with"})  # fmt: skip
_BAND = re.compile(
    r"^(?:the|die|los|les|his|her) | (?:band|orchestra|orchester|orchestre|choir|chorus|ensemble|"
    r"singers|players|trio|quartet|brothers|sisters|boys|girls|express|orkest|all ?stars)$",
    re.IGNORECASE,
)


def read_pair(credit: list[Mapping[str, object]], joint: str) -> tuple[Trait, ...]:
    """That a credit names two singers as equals ("Elton John & Kiki Dee"), nothing otherwise.

    Simon & Garfunkel are one artist there, and "feat." names a guest.

    Args:
        joint: the key of what joins two names.
    """
    if len(credit) != 2 or text(credit[0].get(joint)).lower() not in _EQUAL:
        return ()
    names = [
        text(part.get("name")) or text(record(part.get("artist")).get("name")) for part in credit
    ]
    kinds = {text(part.get("type")) for part in credit} - {""}
    is_pair = all(names) and not any(map(_BAND.search, names)) and kinds <= {"Person"}
    return (Trait("duet", True, "credit"),) if is_pair else ()


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
    """The kinds that all official releases share: a studio recording also lies on compilations.

    What lies on bootlegs alone is of that kind.
    """
    official = [release for release in releases if release.get("status") == "Official"]
    kinds = [_kinds(record(release.get("release-group"))) for release in official or releases]
    shared = set(kinds[0]).intersection(*kinds) if kinds else set()
    if releases and all(release.get("status") == "Bootleg" for release in releases):
        shared.add("bootleg")
    return tuple(sorted(shared))


def _kinds(group: Mapping[str, object]) -> list[str]:
    kinds = group.get("secondary-types")
    return [text(kind).lower() for kind in kinds if text(kind)] if isinstance(kinds, list) else []


def _first_year(releases: list[Mapping[str, object]]) -> int | None:
    return min((y for r in releases if (y := year(r.get("date")))), default=None)


# --- singles --------------------------------------------------------------------------------------


def read_singles(body: object) -> tuple[Candidate, ...]:
    """The singles in an answer of the search for release groups, in MusicBrainz' order.

    A double A-side ("We Are the Champions / We Will Rock You") is one for each of its titles. What
    came out as a bootleg or for radio stations only is left out.
    """
    listed = record(body).get("release-groups")
    if not isinstance(listed, list | dict):
        raise Unreadable
    groups, singles = records(listed), []
    for group in groups:
        status = {text(release.get("status")) for release in records(group.get("releases"))}
        is_out = not status or not status <= {"Bootleg", "Promotion", "Pseudo-Release", "Withdrawn"}
        if is_out and text(group.get("primary-type")).lower() in ("single", ""):
            singles += _read_single(group)
    if listed and not any(text(group.get("title")) for group in groups):
        raise Unreadable
    return tuple(each for each in singles if each.artist and each.title)


def _read_single(group: Mapping[str, object]) -> list[Candidate]:
    credit, title = records(group.get("artist-credit")), text(group.get("title"))
    mbid = _identity(group)
    whole_title = Candidate(
        provider=_PROVIDER,
        artist=read_credit(credit),
        title=title,
        year=year(group.get("first-release-date")),
        tags=read_tags(group.get("tags")),
        artist_aliases=read_aliases(credit),
        album=title,
        disambiguation=text(group.get("disambiguation")),
        secondary_types=tuple(sorted(_kinds(group))),
        recording_id=mbid,
        url=f"https://musicbrainz.org/release-group/{mbid}" if mbid else "",
        traits=read_pair(credit, "joinphrase"),
    )
    sides = _SIDES.split(title)
    if len(sides) == 1:
        return [whole_title]
    return [whole_title, *(replace(whole_title, title=side) for side in sides if side)]


# --- artists --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist as MusicBrainz keeps one.

    Attributes:
        name: as it is printed.
        others: sort name and aliases.
        tags: what people say that they play, strongest first.
        votes: how many have said so: of two artists of one name the better known has more.
    """

    name: str
    others: tuple[str, ...] = ()
    tags: tuple[Tag, ...] = ()
    votes: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the printed one first."""
        return (self.name, *self.others)


def read_artists(body: object) -> tuple[Artist, ...]:
    """The artists in an answer of the search, in MusicBrainz' order. Special ones that stand for
    nobody ("[traditional]", "[unknown]") are left out."""
    listed = record(body).get("artists")
    if not isinstance(listed, list | dict):
        raise Unreadable
    read = []
    for artist in records(listed):
        name, tags = text(artist.get("name")), records(artist.get("tags"))
        aliases = [text(alias.get("name")) for alias in records(artist.get("aliases"))]
        others = distinct([text(artist.get("sort-name")), *aliases])
        if name:
            read.append(
                Artist(
                    name,
                    tuple(other for other in others if other != name)[:MAX_ALIASES],
                    read_tags(tags),
                    sum(whole(tag.get("count")) or 0 for tag in tags),
                )
            )
    if listed and not read:
        raise Unreadable
    return tuple(artist for artist in read if not artist.name.startswith("["))
