"""How soon most songs of a library have their names, by the services that are asked. Pure.

One place, so that setup, first-run page and dashboard say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple


class _Course(NamedTuple):
    """How it goes with some keys: whose pace it goes at, and its requests a song until then."""

    service: str
    requests: float


# By the keys that are set: `benchmarks/keyless.py` over 1,000 karaoke names against the strict
# stand-in, until 85 in 100 are named, which are nearly all that can be. With Last.fm's key alone
# it is the requests that were counted: a busy machine did not come to its five a second.
_COURSES: dict[frozenset[str], _Course] = {
    frozenset(): _Course("musicbrainz", 0.35),
    frozenset({"lastfm"}): _Course("lastfm", 1.24),
    frozenset({"listenbrainz"}): _Course("musicbrainz", 0.2),
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
