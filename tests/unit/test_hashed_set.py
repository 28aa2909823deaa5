"""A crowd tells who is in it, and nobody else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.tasks.names.hashed_set import Crowd, Names, Weights

NAMES = st.sets(st.text(max_size=12))


@given(NAMES, NAMES)
def test_it_holds_what_a_set_would(names: set[str], others: set[str]) -> None:
    crowd = Crowd(names)
    assert all(name in crowd for name in names)
    assert [name in crowd for name in others] == [name in names for name in others]
    assert crowd.isdisjoint(others) == names.isdisjoint(others)


def test_an_empty_one_holds_nobody() -> None:
    assert "abba" not in Crowd(())


@given(st.dictionaries(st.text(max_size=12), st.floats(-3, 3, width=32)), NAMES)
def test_weights_are_those_of_a_dictionary(weights: dict[str, float], others: set[str]) -> None:
    by_hash = {hash(name): weight for name, weight in weights.items()}
    kept = Weights(by_hash, by_hash.__getitem__)
    assert {name: kept.get(name) for name in weights} == weights
    assert [kept.get(name) for name in others] == [weights.get(name, 0.0) for name in others]


@given(st.sets(st.from_regex(r"[a-zß-ý ]+", fullmatch=True)))
def test_names_can_be_gone_through(names: set[str]) -> None:
    kept = Names(names)
    assert set(kept) == names
    assert len(kept) == len(names)
    assert all(name in kept for name in names)
