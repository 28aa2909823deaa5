"""Which requests the chain saves: shared answers, readings at once, companions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from pikaraoke_enrichment.providers.base import (
    Candidate,
    Found,
    NotFound,
    Outcome,
    Query,
    Tag,
    Unavailable,
)
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks.lookup.answer_cache import question
from pikaraoke_enrichment.tasks.lookup.chain import LookUp, look_up
from pikaraoke_enrichment.tasks.parsing import Hypothesis, ParsedName

ROCK = (Tag("rock"),)
HEY_JUDE = Candidate("lastfm", "The Beatles", "Hey Jude", tags=ROCK, listeners=900_000)
DATED = Candidate("musicbrainz", "The Beatles", "Hey Jude", year=1968)
SOLD = Candidate("itunes", "The Beatles", "Hey Jude", year=1968, tags=ROCK)


class Service:
    """A provider that knows some songs and notes what it is asked."""

    def __init__(self, name: str, *songs: Candidate, outcome: Outcome | None = None) -> None:
        self.name = self.label = name
        self.supplies = frozenset({"genre"} if name == "lastfm" else {"genre", "year"})
        self.finds_by: Any = {"lastfm": "pair", "itunes": "text"}.get(name, "fields")
        self.songs = songs
        self.outcome = outcome
        self.asked: list[str] = []

    def lookup(self, query: Query) -> Outcome:
        self.asked.append(f"{query.artist} - {query.title}")
        return self.outcome or self.found(query)

    def found(self, query: Query) -> Outcome:
        own = [
            song for song in self.songs if question(Query(song.artist, song.title)) in key(query)
        ]
        return Found(tuple(own)) if own else NotFound()


class Together(Service):
    """A provider that takes four questions at a time."""

    most = 4

    def lookup_many(self, queries: Sequence[Query]) -> list[Outcome | None]:
        self.asked.append(" + ".join(f"{query.artist} - {query.title}" for query in queries))
        return [self.outcome or self.found(query) for query in queries]


def key(query: Query) -> tuple[str, ...]:
    return (question(Query(query.artist, query.title)),)


def name(*readings: tuple[str, str], strength: Any = "strong") -> ParsedName:
    return ParsedName("name", None, tuple(Hypothesis(*pair, strength) for pair in readings))


RIGHT = name(("Beatles", "Hey Jude"), ("Hey Jude", "Beatles"))
SWAPPED = name(("Hey Jude", "Beatles"), ("Beatles", "Hey Jude"))


class Kept:
    """Answers kept, as enrichment_lookup keeps them."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], Outcome] = {}

    def recall(self, provider: str, query: Query) -> Outcome | None:
        return self.answers.get((provider, question(query)))

    def keep(self, provider: str, query: Query, outcome: Outcome) -> None:
        if isinstance(outcome, Found | NotFound):
            self.answers[provider, question(query)] = outcome

    def look_up(self, parsed: ParsedName, *providers: Service, **more: Any) -> LookUp:
        return look_up(parsed, providers, recall=self.recall, keep=self.keep, **more)


@pytest.fixture
def kept() -> Kept:
    return Kept()


def test_a_known_song_costs_one_request_for_each_missing_field(kept: Kept) -> None:
    lastfm, musicbrainz = Service("lastfm", HEY_JUDE), Together("musicbrainz", DATED)
    itunes = Service("itunes", SOLD)
    lookup = kept.look_up(RIGHT, lastfm, musicbrainz, itunes)
    assert lookup.is_complete
    assert lastfm.asked == ["Beatles - Hey Jude"]
    assert musicbrainz.asked == ["The Beatles - Hey Jude"]
    assert itunes.asked == []


FAN_CLUB = Candidate("lastfm", "Hey Jude", "The Beatles", tags=ROCK, listeners=25_000)


def test_what_no_catalogue_knows_is_asked_for_the_other_way_round(kept: Kept) -> None:
    """Last.fm may hold a song swapped, with more listeners than many a real one."""
    lastfm, musicbrainz = Service("lastfm", FAN_CLUB), Together("musicbrainz", DATED)
    verdict = kept.look_up(SWAPPED, lastfm, musicbrainz).verdict
    assert musicbrainz.asked == ["Hey Jude - The Beatles", "Beatles - Hey Jude"]
    assert (verdict.artist, verdict.title, verdict.year) == ("The Beatles", "Hey Jude", 1968)
    assert verdict.confidence >= 0.9


def test_what_a_catalogue_knows_is_asked_for_one_way_only(kept: Kept) -> None:
    lastfm = Service("lastfm", FAN_CLUB)
    musicbrainz = Together("musicbrainz", replace(DATED, artist="Hey Jude", title="The Beatles"))
    assert kept.look_up(SWAPPED, lastfm, musicbrainz).verdict.artist == "Hey Jude"
    assert len(musicbrainz.asked) == 1


def test_readings_of_a_plain_name_are_searched_for_at_once(kept: Kept) -> None:
    lastfm, musicbrainz = Service("lastfm", HEY_JUDE), Together("musicbrainz", DATED)
    lookup = kept.look_up(SWAPPED, lastfm, musicbrainz)
    assert lookup.is_complete
    assert musicbrainz.asked == ["Hey Jude - Beatles + Beatles - Hey Jude"]
    assert lastfm.asked == ["Hey Jude - Beatles", "The Beatles - Hey Jude"], "then for the genre"


def test_a_provider_that_told_of_the_song_is_not_asked_for_what_it_left_out(kept: Kept) -> None:
    bare = Candidate("lastfm", "The Beatles", "Hey Jude", listeners=900_000)
    lastfm, musicbrainz = Service("lastfm", bare), Service("musicbrainz", DATED)
    kept.look_up(RIGHT, lastfm, musicbrainz)
    assert (len(lastfm.asked), len(musicbrainz.asked)) == (1, 1)


def test_what_nobody_knows_is_given_up_early(kept: Kept) -> None:
    services = (Service("lastfm"), Together("musicbrainz"), Service("itunes"))
    lookup = kept.look_up(RIGHT, *services)
    assert not lookup.verdict.applies
    assert [len(service.asked) for service in services] == [1, 1, 1]


def test_a_provider_alone_is_asked_for_every_reading(kept: Kept) -> None:
    lastfm = Service("lastfm", HEY_JUDE)
    assert kept.look_up(SWAPPED, lastfm).verdict.applies
    assert lastfm.asked == ["Hey Jude - Beatles", "Beatles - Hey Jude"]


def test_one_answer_serves_every_file_of_the_song(kept: Kept) -> None:
    lastfm, musicbrainz = Service("lastfm", HEY_JUDE), Together("musicbrainz", DATED)
    kept.look_up(RIGHT, lastfm, musicbrainz)
    asked = [*lastfm.asked, *musicbrainz.asked]
    for other in (RIGHT, SWAPPED, name(("The Beatles", "Hey Jude!"))):
        assert kept.look_up(other, lastfm, musicbrainz).is_complete
    assert [*lastfm.asked, *musicbrainz.asked] == asked


def test_an_answer_is_kept_under_the_providers_spelling_too(kept: Kept) -> None:
    song = Candidate("lastfm", "Led Zeppelin", "Kashmir", tags=ROCK, listeners=900_000)
    lastfm, musicbrainz = Service("lastfm"), Together("musicbrainz")
    lastfm.outcome = Found((song,))  # Last.fm corrects slips of the pen
    assert kept.look_up(name(("Led Zepelin", "Kashmir")), lastfm, musicbrainz).verdict.applies
    assert kept.look_up(name(("Led Zeppelin", "Kashmir")), lastfm, musicbrainz).verdict.applies
    assert lastfm.asked == ["Led Zepelin - Kashmir"]


def test_other_songs_ride_along_and_their_answers_are_kept(kept: Kept) -> None:
    other = Candidate("musicbrainz", "Queen", "Bohemian Rhapsody", year=1975)
    musicbrainz = Together("musicbrainz", DATED, other)
    waiting = [Query("Queen", "Bohemian Rhapsody"), Query("Nobody", "Nothing")]
    lookup = kept.look_up(
        RIGHT, musicbrainz, read_ahead=lambda _, own: nullcontext([*own, *waiting])
    )
    assert lookup.verdict.year == 1968
    assert len(lookup.answers) == 2, "the other songs' answers are not this one's"
    assert kept.recall("musicbrainz", waiting[0]) == Found((other,))
    assert kept.recall("musicbrainz", waiting[1]) == NotFound()


def test_companions_of_a_provider_in_trouble_keep_their_question(kept: Kept) -> None:
    down = Together("musicbrainz", outcome=Unavailable(Said("down")))
    waiting = [Query("Queen", "Bohemian Rhapsody")]
    lookup = kept.look_up(RIGHT, down, read_ahead=lambda _, own: nullcontext([*own, *waiting]))
    assert lookup.must_wait
    assert kept.answers == {}


def test_a_slower_provider_is_left_for_the_second_look(kept: Kept) -> None:
    lastfm, musicbrainz = Service("lastfm", HEY_JUDE), Together("musicbrainz", DATED)
    rates = {"lastfm": 5.0, "musicbrainz": 0.9}
    lookup = kept.look_up(RIGHT, lastfm, musicbrainz, rates=rates)
    assert lookup.needs_second_look
    assert musicbrainz.asked == []
    assert kept.look_up(RIGHT, lastfm, musicbrainz).is_complete
    assert len(lastfm.asked) == 1
