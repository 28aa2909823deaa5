"""Who is asked what next: the chain of providers with fakes that know what they are told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.providers.base import (
    Candidate,
    Found,
    NotFound,
    Outcome,
    Query,
    RateLimited,
    Refused,
    Tag,
    Unavailable,
)
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks.lookup.answer_cache import question
from pikaraoke_enrichment.tasks.lookup.chain import MAX_READINGS, LookUp, look_up
from pikaraoke_enrichment.tasks.parsing import Hypothesis, ParsedName

QUEEN = Query("Queen", "Bohemian Rhapsody")
SWAPPED = Query("Bohemian Rhapsody", "Queen")
DOWN = Unavailable(Said("no connection"))
BAD_KEY = Refused(Said("the key is not valid"))


def parsed(*queries: Query, strength: Any = "strong") -> ParsedName:
    """A name with these readings, likeliest first."""
    readings = tuple(Hypothesis(query.artist, query.title, strength) for query in queries)
    return ParsedName("a name", None, readings)


def song(provider: str, *, year: int | None = None, genre: str = "") -> Found:
    """The song as a provider knows it."""
    tags = (Tag(genre),) if genre else ()
    listeners = 900_000 if provider == "lastfm" else None
    return Found((Candidate(provider, QUEEN.artist, QUEEN.title, year, tags, listeners=listeners),))


Answers: TypeAlias = Mapping[Query, Outcome] | Outcome


@dataclass
class Fake:
    """A provider that answers each question as told, all others with "not found"."""

    name: str
    supplies: frozenset[str]
    answers: Answers
    finds_by: Literal["pair", "fields", "text"] = "fields"
    label: str = ""
    asked: list[Query] = field(default_factory=list)

    def lookup(self, query: Query) -> Outcome:
        query = Query(query.artist, query.title)
        self.asked.append(query)
        if not isinstance(self.answers, Mapping):
            return self.answers
        return self.answers.get(query, NotFound())


def lastfm(answers: Answers) -> Fake:
    return Fake("lastfm", frozenset({"genre"}), answers, "pair")


def musicbrainz(answers: Answers) -> Fake:
    return Fake("musicbrainz", frozenset({"year", "genre"}), answers)


def itunes(answers: Answers) -> Fake:
    return Fake("itunes", frozenset({"year", "genre"}), answers, "text")


RATES = {"lastfm": 5.0, "musicbrainz": 0.9, "itunes": 0.33}


# --- readings -------------------------------------------------------------------------------------


def test_readings_are_asked_in_their_order_until_one_is_known() -> None:
    first = lastfm({QUEEN: song("lastfm", year=1975, genre="rock")})
    lookup = look_up(parsed(SWAPPED, QUEEN, Query("", "Queen Rhapsody")), [first])
    assert first.asked == [SWAPPED, QUEEN]
    assert lookup.verdict.applies
    assert [(name, type(outcome)) for name, _, outcome in lookup.answers] == [
        ("lastfm", NotFound),
        ("lastfm", Found),
    ]


def test_a_provider_is_asked_about_so_many_readings_and_no_more() -> None:
    readings = [Query(f"Artist {number}", f"Song {number}") for number in range(6)]
    ask = musicbrainz({})
    look_up(parsed(*readings), [ask])
    assert ask.asked == readings[:MAX_READINGS]


def test_two_spellings_of_one_question_are_asked_once() -> None:
    spellings = [QUEEN, Query("QUEEN", "bohemian  rhapsody"), Query("Queen!", "Bohemian Rhapsody")]
    assert len({question(query) for query in spellings}) == 1
    ask = musicbrainz({})
    look_up(parsed(*spellings), [ask])
    assert ask.asked == [QUEEN]


def test_an_answer_that_convinces_nobody_does_not_end_the_readings() -> None:
    other = Found((Candidate("musicbrainz", "Somebody Else", "Another Song"),))
    ask = musicbrainz({SWAPPED: other, QUEEN: song("musicbrainz", year=1975, genre="rock")})
    lookup = look_up(parsed(SWAPPED, QUEEN), [ask])
    assert ask.asked == [SWAPPED, QUEEN]
    assert (lookup.verdict.artist, lookup.verdict.title) == (QUEEN.artist, QUEEN.title)


# --- only what is missing -------------------------------------------------------------------------


def test_the_next_provider_is_asked_only_for_what_is_missing() -> None:
    first = lastfm({QUEEN: song("lastfm", genre="rock")})
    second = musicbrainz({QUEEN: song("musicbrainz", year=1975)})
    third = itunes({QUEEN: song("itunes", year=1976, genre="pop")})
    lookup = look_up(parsed(QUEEN), [first, second, third])
    assert lookup.is_complete
    assert (lookup.verdict.year, lookup.verdict.genre) == (1975, "Rock")
    assert second.asked == [QUEEN]
    assert third.asked == [], "nothing is missing any more"


def test_nobody_is_asked_for_what_he_cannot_supply() -> None:
    first = musicbrainz({QUEEN: song("musicbrainz", genre="rock")})
    second = lastfm({QUEEN: song("lastfm", genre="pop")})
    lookup = look_up(parsed(QUEEN), [first, second])
    assert lookup.verdict.missing == {"year"}
    assert second.asked == [], "Last.fm knows no years"


def test_a_song_that_is_known_is_asked_about_by_its_canonical_name() -> None:
    rough = Query("queen", "bohemian rapsody")
    first = lastfm({rough: song("lastfm", genre="rock")})
    second = musicbrainz({QUEEN: song("musicbrainz", year=1975)})
    lookup = look_up(parsed(rough), [first, second])
    assert second.asked == [QUEEN]
    assert lookup.verdict.year == 1975


def test_a_weak_answer_is_no_answer_the_next_provider_is_asked() -> None:
    first = lastfm({QUEEN: Found((Candidate("lastfm", "Elvis Presley", "Suspicious Minds"),))})
    second = musicbrainz({QUEEN: song("musicbrainz", year=1975, genre="rock")})
    lookup = look_up(parsed(QUEEN), [first, second])
    assert second.asked == [QUEEN]
    assert lookup.verdict.artist == "Queen"


def test_a_provider_that_adds_nothing_is_not_asked_again_for_ever() -> None:
    ask = musicbrainz({QUEEN: song("musicbrainz")})
    lookup = look_up(parsed(QUEEN), [ask])
    assert ask.asked == [QUEEN]
    assert lookup.verdict.missing == {"year", "genre"}
    assert not lookup.is_complete
    assert not lookup.must_wait


# --- answers kept ---------------------------------------------------------------------------------


def test_what_was_answered_before_is_recalled_and_not_asked() -> None:
    kept = {("lastfm", QUEEN): song("lastfm", year=1975, genre="rock")}
    ask, fresh = lastfm({}), []
    lookup = look_up(
        parsed(QUEEN),
        [ask],
        recall=lambda name, query: kept.get((name, query)),
        keep=lambda *answer: fresh.append(answer),
    )
    assert ask.asked == []
    assert fresh == [], "what was kept need not be kept again"
    assert lookup.verdict.applies


def test_every_fresh_answer_is_handed_over_to_be_kept() -> None:
    kept: list[tuple[str, Query, Outcome]] = []
    answer = song("lastfm", year=1975, genre="rock")
    look_up(
        parsed(SWAPPED, QUEEN),
        [lastfm({QUEEN: answer})],
        keep=lambda *given: kept.append(given),
    )
    assert kept == [("lastfm", SWAPPED, NotFound()), ("lastfm", QUEEN, answer)]


# --- slower providers -----------------------------------------------------------------------------


def test_a_slower_provider_waits_for_a_second_look() -> None:
    first = lastfm({QUEEN: song("lastfm", genre="rock")})
    second = musicbrainz({QUEEN: song("musicbrainz", year=1975)})
    lookup = look_up(parsed(QUEEN), [first, second], rates=RATES)
    assert second.asked == []
    assert lookup.postponed == {"musicbrainz"}
    assert lookup.needs_second_look
    again = look_up(parsed(QUEEN), [first, second])
    assert not again.needs_second_look
    assert again.verdict.year == 1975


def test_a_second_look_leaves_the_slowest_provider_to_a_third() -> None:
    first, second, third = lastfm(DOWN), musicbrainz({}), itunes({})
    lookup = look_up(
        parsed(QUEEN),
        [first, second, third],
        recall=lambda name, _: song(name, genre="rock") if name == "lastfm" else None,
        rates=RATES,
        paces=2,
    )
    assert (second.asked, third.asked) == ([QUEEN], [])
    assert lookup.postponed == {"itunes"}


def test_a_slower_provider_whose_answer_is_kept_is_not_postponed() -> None:
    first = lastfm({QUEEN: song("lastfm", genre="rock")})
    second = musicbrainz(DOWN)
    lookup = look_up(
        parsed(QUEEN),
        [first, second],
        recall=lambda name, _: song(name, year=1975) if name == "musicbrainz" else None,
        rates=RATES,
    )
    assert lookup.postponed == set()
    assert lookup.is_complete


def test_nothing_is_postponed_before_anybody_has_answered() -> None:
    first, second = lastfm(DOWN), musicbrainz({QUEEN: song("musicbrainz", year=1975, genre="rock")})
    lookup = look_up(parsed(QUEEN), [first, second], rates=RATES)
    assert second.asked == [QUEEN]
    assert lookup.postponed == set()


def test_a_not_found_of_the_fast_one_sends_the_song_to_a_second_look() -> None:
    lookup = look_up(parsed(QUEEN), [lastfm({}), musicbrainz({}), itunes({})], rates=RATES)
    assert lookup.postponed == {"musicbrainz", "itunes"}
    assert lookup.needs_second_look


def test_a_faster_provider_further_down_is_asked_at_once() -> None:
    slow, fast = itunes({}), lastfm({})
    lookup = look_up(parsed(QUEEN), [slow, fast], rates=RATES)
    assert fast.asked == [QUEEN]
    assert lookup.postponed == set()


# --- troubles -------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [DOWN, RateLimited(7.0, Said("busy"))])
def test_a_provider_in_trouble_is_asked_no_second_reading_and_the_song_waits(
    trouble: Any,
) -> None:
    first, second = lastfm(trouble), musicbrainz({})
    lookup = look_up(parsed(QUEEN, SWAPPED), [first, second])
    assert first.asked == [QUEEN]
    assert second.asked == [QUEEN, SWAPPED]
    assert lookup.troubles == {"lastfm": trouble}
    assert lookup.must_wait, "the one in trouble may know it"


def test_a_complete_answer_waits_for_nobody() -> None:
    first = lastfm(DOWN)
    second = musicbrainz({QUEEN: song("musicbrainz", year=1975, genre="rock")})
    lookup = look_up(parsed(QUEEN), [first, second])
    assert lookup.is_complete
    assert not lookup.must_wait


def test_nobody_waits_for_a_provider_that_refuses_the_key_when_another_answered() -> None:
    lookup = look_up(parsed(QUEEN), [lastfm(BAD_KEY), musicbrainz({})])
    assert not lookup.must_wait
    assert lookup.is_answered


def test_no_song_is_unknown_because_the_only_provider_refuses_the_key() -> None:
    lookup = look_up(parsed(QUEEN), [lastfm(BAD_KEY)])
    assert lookup.must_wait
    assert not lookup.is_answered


def test_refused_and_down_together_wait_for_the_one_that_is_down() -> None:
    first = lastfm({QUEEN: song("lastfm", genre="rock")})
    lookup = look_up(parsed(QUEEN), [itunes(BAD_KEY), first, musicbrainz(DOWN)])
    assert lookup.must_wait


def test_without_a_provider_nothing_is_answered() -> None:
    lookup = look_up(parsed(QUEEN), [])
    assert not lookup.is_answered
    assert not lookup.verdict.applies


# --- whatever the providers say -------------------------------------------------------------------

OUTCOMES = st.sampled_from(
    [
        NotFound(),
        DOWN,
        BAD_KEY,
        RateLimited(7.0, Said("busy")),
        song("", year=1975),
        song("", genre="rock"),
        song("", year=1975, genre="rock"),
        Found((Candidate("", "Somebody Else", "Another Song", 1999),)),
        Found(()),
    ]
)
READINGS = st.lists(
    st.sampled_from([QUEEN, SWAPPED, Query("", "Bohemian"), Query("QUEEN", "Bohemian Rhapsody")]),
    min_size=1,
    max_size=5,
)


def by(name: str, outcome: Outcome) -> Outcome:
    if not isinstance(outcome, Found):
        return outcome
    return Found(tuple(replace(candidate, provider=name) for candidate in outcome.candidates))


@given(readings=READINGS, outcomes=st.lists(OUTCOMES, min_size=9, max_size=9), paced=st.booleans())
def test_nothing_is_asked_twice_and_nothing_that_is_known(
    readings: list[Query], outcomes: list[Outcome], paced: bool
) -> None:
    given_out = iter(outcomes)
    asked: list[tuple[str, str]] = []

    def ask(make: Callable[[Any], Fake]) -> Fake:
        fake = make({})

        def lookup(query: Query) -> Outcome:
            assert (fake.name, question(query)) not in asked
            asked.append((fake.name, question(query)))
            return by(fake.name, next(given_out, NotFound()))

        fake.lookup = lookup  # type: ignore[method-assign]
        return fake

    providers = [ask(make) for make in (lastfm, musicbrainz, itunes)]
    lookup = look_up(parsed(*readings), providers, rates=RATES if paced else None)
    assert len(asked) == len(lookup.answers)
    assert len(asked) <= 3 * (MAX_READINGS + 1)
    for name, trouble in lookup.troubles.items():
        assert [out for who, _, out in lookup.answers if who == name][-1] == trouble
    if lookup.is_complete:
        assert not lookup.must_wait
        assert not lookup.needs_second_look
    assert not lookup.postponed or paced


def test_lists_are_asked_about_a_song_that_others_questions_have_brought_along() -> None:
    """Half of a library had no language that the list knew: read-ahead had named the songs."""
    told = song("musicbrainz", year=1975, genre="rock")
    lists = Fake("catalogue", frozenset({"genre"}), song("catalogue"), "text")
    asked_before = {("musicbrainz", QUEEN): told}
    lookup = look_up(
        parsed(QUEEN),
        [lists, services := musicbrainz(NotFound())],
        recall=lambda name, query: asked_before.get((name, query)),
        rates={"catalogue": math.inf, "musicbrainz": 1.0},
    )
    assert services.asked == []
    assert lookup.verdict.best is not None
    providers = {candidate.provider for candidate in lookup.verdict.best.candidates}
    assert providers == {"catalogue", "musicbrainz"}


# --- names first ----------------------------------------------------------------------------------


@dataclass
class Witness(Fake):
    """A provider that knows an older recording where it is asked for one."""

    most: int = 10

    def lookup_many(self, queries: Sequence[Query]) -> list[Outcome | None]:
        """A year before, whatever year is told."""
        outcomes = [
            song(self.name, year=each.before - 1) if each.before else self.lookup(each)
            for each in queries
        ]
        self.asked += [each for each in queries if each.before]
        return [*outcomes]

    def doubted(self, candidates: Iterable[Candidate]) -> int:
        """The first year."""
        return min((each.year for each in candidates if each.year), default=0)


@pytest.mark.parametrize("genre", ["rock", ""])
def test_whether_a_year_is_an_older_one_waits_until_others_are_named(genre: str) -> None:
    kept: dict[tuple[str, str], Outcome] = {}
    known = song("musicbrainz", year=1975, genre=genre)
    ask, store = Witness("musicbrainz", frozenset({"year", "genre"}), known), itunes(NotFound())

    def look(**options: Any) -> LookUp:
        return look_up(
            parsed(QUEEN),
            [ask, store],
            recall=lambda name, query: kept.get((name, question(query))),
            keep=lambda name, query, outcome: kept.update({(name, question(query)): outcome}),
            rates=RATES,
            **options,
        )

    first = look(names_first=True)
    assert (first.verdict.applies, first.verdict.year, first.is_put_off) == (True, 1975, True)
    assert ask.asked == [QUEEN]
    later = look()
    assert (later.verdict.year, later.is_put_off) == (1974, False)
    assert later.needs_second_look is (not genre)
    assert ask.asked == [QUEEN, replace(QUEEN, before=1975)], "and no third time, before 1974"
    assert look().verdict.year == 1974
    assert store.asked == []
    assert len(ask.asked) == 2


def test_who_is_busy_for_a_moment_is_waited_for() -> None:
    """One request in four meets that at MusicBrainz; the store answers once in three seconds."""
    for wait, is_asked in ((1.0, False), (60.0, True)):
        store = itunes({QUEEN: song("itunes", year=1975, genre="rock")})
        lookup = look_up(
            parsed(QUEEN), [musicbrainz(RateLimited(wait, Said("no slot"))), store], rates=RATES
        )
        assert (lookup.must_wait, bool(store.asked)) == (not is_asked, is_asked)
