"""Housekeeping takes a twentieth of the time at most, however large the library."""

from __future__ import annotations

import time

import pytest

from pikaraoke_enrichment.tasks.consumer import REST_TIMES, Chore


def test_a_cheap_one_is_done_as_often_as_it_is_asked_for() -> None:
    chore = Chore(every=600.0)
    assert chore.is_due(100.0)
    with chore.done_at(100.0):
        pass
    assert not chore.is_due(699.9)
    assert chore.is_due(700.0)


def test_a_dear_one_rests_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    chore, clock = Chore(every=2.0), iter([50.0, 50.5])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with chore.done_at(100.0):
        pass
    assert not chore.is_due(100.0 + 0.5 * REST_TIMES - 0.1)
    assert chore.is_due(100.0 + 0.5 * REST_TIMES)


def test_one_that_fails_rests_too() -> None:
    chore = Chore(every=600.0)
    with pytest.raises(OSError, match="full"), chore.done_at(100.0):
        raise OSError("full")
    assert not chore.is_due(101.0)
