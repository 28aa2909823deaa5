"""Answers kept: the same as they were given, for as long as they hold."""

from __future__ import annotations

import time
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import Lookup
from pikaraoke_enrichment.providers.base import (
    Candidate,
    Found,
    NotFound,
    Query,
    RateLimited,
    Refused,
    Tag,
    Trait,
    Unavailable,
)
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks.lookup import answer_cache
from pikaraoke_enrichment.tasks.lookup.answer_cache import forget_expired, keep, question, recall

pytestmark = pytest.mark.usefixtures("library")

QUERY = Query("Queen", "Bohemian Rhapsody")
TEXT = st.text(max_size=20)
NUMBER = st.none() | st.integers(0, 10**9)
TAGS = st.lists(st.builds(Tag, TEXT, st.floats(0, 1)), max_size=3).map(tuple)
NAMES = st.lists(TEXT, max_size=3).map(tuple)
CANDIDATES = st.builds(
    Candidate,
    provider=st.sampled_from(["lastfm", "itunes"]),
    artist=TEXT,
    title=TEXT,
    year=NUMBER,
    tags=TAGS,
    artist_aliases=NAMES,
    album=TEXT,
    disambiguation=TEXT,
    secondary_types=NAMES,
    listeners=NUMBER,
    duration=st.none() | st.floats(0, 1e4),
    recording_id=TEXT,
    url=TEXT,
    traits=st.lists(st.builds(Trait, TEXT, st.booleans() | TEXT, TEXT), max_size=3).map(tuple),
)


def test_every_field_of_a_candidate_is_tried_here() -> None:
    known = {
        "provider", "artist", "title", "year", "tags", "artist_aliases", "album", "disambiguation",
        "secondary_types", "listeners", "duration", "recording_id", "url",
        "traits",
    }  # fmt: skip
    assert {field.name for field in fields(Candidate)} == known


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(CANDIDATES, max_size=4).map(tuple))
def test_an_answer_comes_back_just_as_it_was(candidates: tuple[Candidate, ...]) -> None:
    keep("lastfm", QUERY, Found(candidates))
    assert recall("lastfm", QUERY) == Found(candidates)


def test_not_found_is_an_answer_too() -> None:
    assert recall("lastfm", QUERY) is None
    keep("lastfm", QUERY, NotFound())
    assert recall("lastfm", QUERY) == NotFound()


@pytest.mark.parametrize(
    "failure", [Unavailable(Said("down")), RateLimited(7.0, Said("busy")), Refused(Said("no key"))]
)
def test_a_failure_is_no_answer_and_replaces_none(
    failure: Unavailable | RateLimited | Refused,
) -> None:
    keep("lastfm", QUERY, failure)
    assert recall("lastfm", QUERY) is None
    keep("lastfm", QUERY, NotFound())
    keep("lastfm", QUERY, failure)
    assert recall("lastfm", QUERY) == NotFound()


def test_the_newest_answer_holds() -> None:
    keep("lastfm", QUERY, NotFound())
    found = Found((Candidate("lastfm", "Queen", "Bohemian Rhapsody"),))
    keep("lastfm", QUERY, found)
    assert recall("lastfm", QUERY) == found
    assert Lookup.select().count() == 1


def test_answers_are_kept_by_provider_and_question() -> None:
    keep("lastfm", QUERY, NotFound())
    assert recall("itunes", QUERY) is None
    assert recall("lastfm", Query("Queen", "Another Song")) is None
    assert recall("lastfm", Query("Bohemian Rhapsody", "Queen")) is None


def test_spelling_does_not_matter() -> None:
    keep("lastfm", QUERY, NotFound())
    assert recall("lastfm", Query("QUEEN", "bohemian  rhapsody!")) == NotFound()
    assert question(Query("Beyoncé", "Halo")) == question(Query("beyonce", "HALO"))
    assert question(Query("a", "b c")) != question(Query("a b", "c"))


def test_answers_hold_for_weeks_and_misses_shorter(monkeypatch: pytest.MonkeyPatch) -> None:
    hit, miss = Query("Queen", "Hit"), Query("Queen", "Miss")
    keep("lastfm", hit, Found((Candidate("lastfm", "Queen", "Hit"),)))
    keep("lastfm", miss, NotFound())
    now = time.time()
    monkeypatch.setattr(answer_cache.time, "time", lambda: now + 29 * answer_cache.DAY)
    assert recall("lastfm", hit) is not None
    assert recall("lastfm", miss) is not None
    assert forget_expired() == 0
    monkeypatch.setattr(answer_cache.time, "time", lambda: now + 31 * answer_cache.DAY)
    assert recall("lastfm", hit) is not None
    assert recall("lastfm", miss) is None
    assert forget_expired() == 1
    monkeypatch.setattr(answer_cache.time, "time", lambda: now + 91 * answer_cache.DAY)
    assert recall("lastfm", hit) is None
    assert forget_expired() == 1
    assert Lookup.select().count() == 0


def test_however_many_are_asked_for_it_is_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection keeps each statement ready: of lists of any length each took 60 KB."""
    songs = [Query("Queen", f"Song {number}") for number in range(120)]
    for place, query in enumerate(songs):
        if place % 3:
            keep("lastfm", query, Found((Candidate("lastfm", "Queen", query.title),)))
        else:
            keep("lastfm", query, NotFound())
    said: set[str] = set()
    run = type(database.obj).execute_sql

    def listen(self: object, sql: str, params: object = None) -> object:
        said.add(sql)
        return run(self, sql, params)

    monkeypatch.setattr(type(database.obj), "execute_sql", listen)
    for count in (1, 2, 49, 50, 51, 120):
        keys = [question(query) for query in songs[:count]]
        told = answer_cache.answered("lastfm", [*keys, "nobody\tasked"])
        assert told == {key: bool(place % 3) for place, key in enumerate(keys)}
    assert len(said) == 1
    assert answer_cache.answered("lastfm", []) == {}
