"""How soon most songs of a library have their names, by the services that are asked. Pure.

One place, so that setup, first-run page and dashboard say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple


class _Course(NamedTuple):
    """How it goes with some keys: whose pace it goes at, and its requests a song until then."""

    service: str
    requests: float


# By the keys that are set: `benchmarks/reckoned.py` and, with ListenBrainz' token, `keyless.py`,
# over 1,000 karaoke names against the strict stand-in, until 85 in 100 are named, which are nearly
# all that can be: 3.3 to 3.7 min, 4.0 with Last.fm's key alone, which answers one song a request,
# 1.5 with a token.
_COURSES: dict[frozenset[str], _Course] = {
    frozenset(): _Course("musicbrainz", 0.22),
    frozenset({"lastfm"}): _Course("lastfm", 1.22),
    frozenset({"listenbrainz"}): _Course("listenbrainz", 0.1),
    frozenset({"listenbrainz", "lastfm"}): _Course("listenbrainz", 0.1),
}
_COUNTED = frozenset[str]().union(*_COURSES)


def until_named(songs: int, keys: Collection[str], rates: Mapping[str, float]) -> float:
    """Seconds until most of a number of songs are named.

    Args:
        keys: the services that have the key they want.
        rates: requests a second of each service.
    """
    course = _COURSES[_COUNTED & frozenset(keys)]
    return songs * course.requests / rates[course.service]


def with_and_without(
    service: str, songs: int, keys: Collection[str], rates: Mapping[str, float]
) -> tuple[float, float]:
    """Seconds with the key of `service`, and without it; the other keys stay as they are."""
    others = frozenset(keys) - {service}
    return until_named(songs, others | {service}, rates), until_named(songs, others, rates)


class Looks(NamedTuple):
    """What is to be expected of looks at songs before any was seen.

    Attributes:
        first, second, third: how many of each a second.
        beyond_first, beyond_second: the share of songs that need one more after it; 0.0-1.0.
    """

    first: float
    second: float
    third: float
    beyond_first: float
    beyond_second: float


class _Asked(NamedTuple):
    """Requests that a look of each lane costs at its service, and the shares that go on."""

    requests: tuple[float, float, float]
    beyond_first: float
    beyond_second: float


# By who is asked in this order: `benchmarks/reckoned.py` and `keyless.py`, 30 to 1,000 songs. The
# third lane goes at the pace of its slowest service.
_LANES: dict[tuple[str, ...], _Asked] = {
    ("musicbrainz", "itunes"): _Asked((0.35, 1.15, 1.15), 0.18, 0.0),
    ("lastfm", "musicbrainz", "itunes"): _Asked((1.24, 0.45, 1.15), 0.95, 0.17),
    ("listenbrainz", "musicbrainz", "itunes"): _Asked((0.1, 0.7, 1.15), 0.36, 0.43),
    ("listenbrainz", "lastfm", "musicbrainz", "itunes"): _Asked((0.1, 1.24, 0.55), 0.36, 0.9),
}
_OTHERS = _Asked((1.15, 1.15, 1.15), 0.5, 0.3)


def looks(services: Sequence[str], rates: Mapping[str, float]) -> Looks:
    """What to expect of looks, the services asked in this order at these requests a second; of a
    lane that asks nobody no pace, and nothing that goes on to it."""
    asked = _LANES.get(tuple(services), _OTHERS)
    lanes = (services[:1], services[1:2], services[2:])
    first, second, third = (
        min((rates[name] for name in lane), default=0.0) / requests
        for lane, requests in zip(lanes, asked.requests, strict=True)
    )
    beyond = (asked.beyond_first if second else 0.0, asked.beyond_second if third else 0.0)
    return Looks(first, second, third, *beyond)
