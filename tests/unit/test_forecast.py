"""How soon most songs have their names: more keys are never slower, nor is a faster pace."""

from __future__ import annotations

from itertools import combinations

import pytest

from pikaraoke_enrichment.providers import services
from pikaraoke_enrichment.tasks.forecast import looks, until_named, with_and_without

RATES = {service.name: service.rate for service in services.SERVICES}
KEYS = tuple(services.KEYS)
SETS = [frozenset(some) for count in range(len(KEYS) + 1) for some in combinations(KEYS, count)]


@pytest.mark.parametrize("keys", SETS)
@pytest.mark.parametrize("service", KEYS)
def test_a_key_never_slows_a_library_down(service: str, keys: frozenset[str]) -> None:
    with_it, without = with_and_without(service, 10_000, keys, RATES)
    assert 0 < with_it <= without


@pytest.mark.parametrize("keys", SETS)
def test_the_time_goes_with_songs_and_paces(keys: frozenset[str]) -> None:
    now = until_named(1000, keys, RATES)
    assert until_named(2000, keys, RATES) == pytest.approx(2 * now)
    assert until_named(0, keys, RATES) == 0.0
    faster = {name: 2 * rate for name, rate in RATES.items()}
    assert until_named(1000, keys, faster) == pytest.approx(now / 2)


def test_what_nobody_measured_counts_as_no_key() -> None:
    assert until_named(100, {"another"}, RATES) == until_named(100, (), RATES)


def test_it_is_what_was_measured() -> None:
    """`benchmarks/reckoned.py`: 85 % of 1,000 songs named after 3.3 to 3.7 min without a key."""
    assert 3 * 60 < until_named(1000, (), RATES) < 5 * 60


@pytest.mark.parametrize("count", range(5))
def test_of_lanes_that_ask_nobody_nothing_is_expected(count: int) -> None:
    names = ("listenbrainz", "lastfm", "musicbrainz", "itunes")[:count]
    expected = looks(names, RATES)
    assert [bool(pace) for pace in expected[:3]] == [count > lane for lane in range(3)]
    assert [bool(share) for share in expected[3:]] == [count > lane for lane in (1, 2)]
    faster = looks(names, {name: 2 * rate for name, rate in RATES.items()})
    assert faster[:3] == pytest.approx([2 * pace for pace in expected[:3]])
