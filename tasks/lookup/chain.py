"""Who is asked what next about one name, and what came of it."""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from ...providers.base import (
    ArtistIndex,
    Candidate,
    Failure,
    Found,
    Later,
    ManyAtOnce,
    NotFound,
    Outcome,
    Provider,
    Query,
    RateLimited,
    Refused,
    SecondWitness,
)
from ..judging.artist_index import by_index, names_in
from ..matching import Verdict, judge
from ..pace_rules import LONG_REFUSAL
from ..parsing import NO_KNOWLEDGE, Knowledge, ParsedName
from .answer_cache import question

Recall: TypeAlias = Callable[[str, Query], Outcome | None]
Keep: TypeAlias = Callable[[str, Query, Outcome], None]
ReadAhead: TypeAlias = Callable[
    [ManyAtOnce, Sequence[Query]], AbstractContextManager[Sequence[Query]]
]

# Readings of a name that one provider is asked about at most.
MAX_READINGS = 3
# Kept answers to other readings than the first settle a name from this confidence on.
CERTAIN = 0.90


@dataclass(slots=True)
class LookUp:
    """All that was asked and answered about one name.

    Attributes:
        parsed: the name's readings, in the order that an index of artists puts them.
        verdict: what the answers so far amount to.
        answers: provider, question and outcome, in the order they were asked.
        troubles: the providers that gave no usable answer, and why.
        postponed: providers that may add something but are slower than the one that answered;
            they are asked in a second look.
        is_reordered: whether an index of artists has put another reading first.
        is_cut_short: its time was up before all was asked, or a provider was busy for a moment.
        is_put_off: others are to be asked for first; whoever is known by then is to be named now.
        missed: who gave no answer when the song was decided, and is asked though all is known.
    """

    parsed: ParsedName
    verdict: Verdict
    answers: list[tuple[str, Query, Outcome]] = field(default_factory=list)
    troubles: dict[str, Failure] = field(default_factory=dict)
    postponed: set[str] = field(default_factory=set)
    is_reordered: bool = False
    is_cut_short: bool = False
    is_put_off: bool = False
    missed: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether any provider gave an answer, be it "not found"."""
        return any(isinstance(outcome, Found | NotFound) for _, _, outcome in self.answers)

    @property
    def is_complete(self) -> bool:
        """Whether the song is known and no field is missing."""
        return self.verdict.applies and not self.verdict.missing

    @property
    def needs_second_look(self) -> bool:
        """Whether a slower provider may still add something."""
        return bool(self.postponed) and not self.is_complete

    @property
    def must_wait(self) -> bool:
        """Whether a provider in trouble may still add something.

        A provider that refuses our key may do so for ever: nobody waits for it who has another's
        answer, but where it is the only one no song is called unknown because of it. A song that
        is looked at again for who missed it waits for that one: decided anew each time, thousands
        were written at every turn of a service that comes and goes.
        """
        is_in_vain = self.missed and self.missed in self.troubles
        if self.is_cut_short or (self.is_complete and not is_in_vain):
            return self.is_cut_short
        passing = [item for item in self.troubles.values() if not isinstance(item, Refused)]
        return bool(passing) or not self.is_answered

    @property
    def is_last(self) -> bool:
        """Whether the song is decided by it, and waits for nothing more."""
        return not (self.needs_second_look or self.must_wait or self.is_put_off)


def look_up(
    parsed: ParsedName,
    providers: Sequence[Provider],
    *,
    recall: Recall = lambda *_: None,
    keep: Keep = lambda *_: None,
    knowledge: Knowledge = NO_KNOWLEDGE,
    rates: Mapping[str, float] | None = None,
    paces: int = 1,
    read_ahead: ReadAhead = lambda _, own: nullcontext(own),
    is_over: Callable[[], bool] = lambda: False,
    missed: str = "",
    names_first: bool = False,
) -> LookUp:
    """Ask the providers one after the other, each only for what is still missing.

    Args:
        recall: an answer kept from before, None where there is none.
        keep: told each fresh answer.
        rates: requests a second by provider. When given, a provider slower than those that have
            answered is postponed instead of asked, so that it holds back no other song.
        paces: how many are kept to, each slower than the one before, until others are postponed.
        read_ahead: adds questions of other songs to those that a provider is to be asked, as far
            as one request takes them; their answers are kept. It gives none at all where those
            asked for have been answered meanwhile.
        is_over: whether this name's time is up: then nobody is asked any more.
        missed: who gave no answer when the song was decided, and is asked though all is known.
        names_first: put off whether a year that is known is an older one, until others are named.
    """
    asking = _Asking(
        parsed, providers, recall, keep, knowledge, rates, paces, read_ahead, missed, names_first
    )
    lookup = asking.lookup
    asking.remember()
    while turn := asking.next_turn():
        if is_over():
            lookup.is_cut_short = True
            break
        asking.ask(*turn)
    lookup.is_cut_short |= bool(lookup.troubles) and is_over()
    asking.keep_under_canonical_name()
    return lookup


def readings(parsed: ParsedName, provider: Provider, *, is_alone: bool) -> list[Query]:
    """What a provider is asked about a name that is not known yet, likeliest first.

    Args:
        is_alone: whether no other provider is asked.
    """
    hypotheses = parsed.hypotheses[:MAX_READINGS]
    if provider.finds_by == "pair" and not is_alone and hypotheses[0].artist:
        # The next provider searches for all readings at once.
        hypotheses = hypotheses[: 1 if hypotheses[0].strength == "strong" else 2]
    queries = [
        as_asked(provider, each.artist, each.title, is_alone=is_alone) for each in hypotheses
    ]
    if provider.finds_by == "text":
        texts = {tuple(sorted(question(query).split())): query for query in reversed(queries)}
        queries = [query for query in queries if query in texts.values()]
    return queries


def as_asked(provider: Provider, artist: str, title: str, *, is_alone: bool) -> Query:
    """The question that a provider is asked about an artist's song."""
    exact = provider.finds_by == "pair" and not is_alone and bool(artist)
    return Query(artist, title, exact)


def older(provider: Provider, known: Query, told: Sequence[Candidate]) -> list[Query]:
    """The question whether a song is older than a provider has told, if that may be."""
    year = provider.doubted(told) if isinstance(provider, SecondWitness) else 0
    return [replace(known, before=year)] if year else []


class _Asking:
    """One name's questions to the providers, and what they have come to so far."""

    def __init__(
        self,
        parsed: ParsedName,
        providers: Sequence[Provider],
        recall: Recall,
        keep: Keep,
        knowledge: Knowledge,
        rates: Mapping[str, float] | None,
        paces: int,
        read_ahead: ReadAhead,
        missed: str,
        names_first: bool,
    ) -> None:
        self.names_first = names_first
        self.providers = providers
        self.recall = recall
        self.keep = keep
        self.knowledge = knowledge
        self.rates = rates or {}
        self.paces_left = paces
        self.read_ahead = read_ahead
        self.is_alone = len(providers) == 1
        self.lookup = LookUp(parsed, Verdict(), missed=missed)
        self.candidates: list[Candidate] = []
        self.readings: dict[str, list[Query]] = {}
        self._as_read = parsed
        self.rank()
        self.asked: dict[str, set[str]] = {provider.name: set() for provider in providers}
        self.closed: set[str] = set()
        self.dated: set[str] = set()
        self.fresh: list[tuple[str, Query, Found]] = []
        self.slowest = math.inf

    def rank(self) -> bool:
        """Put the readings first whose artist an index knows, as far as it was asked: for this
        song, or for another that has the same names. Returns whether that has changed them."""
        indexes = [each for each in self.providers if isinstance(each, ArtistIndex)]
        ranked = self._as_read
        if indexes:
            names = names_in(ranked)
            ranked = by_index(ranked, ChainMap(*(each.renown(names) for each in indexes)))
        if self.readings and ranked == self.lookup.parsed:
            return False
        self.lookup.parsed = ranked
        self.lookup.is_reordered = ranked.hypotheses[0][:2] != self._as_read.hypotheses[0][:2]
        self.readings = {
            provider.name: readings(ranked, provider, is_alone=self.is_alone)
            for provider in self.providers
        }
        return True

    def remember(self) -> None:
        """Take the answers kept for any reading of the name where those alone are certain.

        The first file of "Hey Jude" found out on which side the artist stands; another one needs
        no request, whichever side it puts him on.
        """
        kept = [
            (provider, query, outcome)
            for provider in self.providers
            for query in self.readings[provider.name]
            if isinstance(outcome := self.recall(provider.name, query), Found)
        ]
        offered = [candidate for _, _, outcome in kept for candidate in outcome.candidates]
        verdict = judge(self.lookup.parsed, offered, self.knowledge) if offered else Verdict()
        if verdict.confidence >= CERTAIN:
            self.lookup.verdict, self.candidates = verdict, offered
            for each in kept:
                self._note(*each)
            # Who needs no network is asked all the same: a list may tell the song's language, and
            # whatever else services do not.
            for provider in self.providers:
                if self.rates.get(provider.name) == math.inf:
                    known = self.lookup.verdict
                    query = as_asked(provider, known.artist, known.title, is_alone=self.is_alone)
                    self._weigh(provider, query, provider.lookup(query))

    def next_turn(self) -> tuple[Provider, Query] | None:
        """Who is to be asked what now: the first provider that has something to add."""
        if self.lookup.is_put_off or self.lookup.is_cut_short:
            return None
        for provider in self.providers:
            open_questions = () if provider.name in self.closed else self._wanted(provider)
            for query in open_questions:
                return provider, query
        return None

    def ask(self, provider: Provider, query: Query) -> None:
        """Get one question's answer, from what is kept or from the provider."""
        outcome = self.recall(provider.name, query)
        is_slower = self.rates.get(provider.name, math.inf) < self.slowest
        if outcome is not None:
            self._weigh(provider, query, outcome)
        elif query.before and self.names_first:
            self.lookup.is_put_off = True
        elif is_slower and not (query.before or self.paces_left):
            self.lookup.postponed.add(provider.name)
            self.closed.add(provider.name)
        elif query.artist and isinstance(provider, ManyAtOnce):
            self._ask_together(provider)
        else:
            self._answered(provider, query, provider.lookup(query))
        if outcome is None and isinstance(provider, ArtistIndex) and self.rank():
            self.lookup.verdict = judge(self.lookup.parsed, self.candidates, self.knowledge)

    def keep_under_canonical_name(self) -> None:
        """Let what was found out serve songs whose name has the provider's spelling."""
        verdict = self.lookup.verdict
        if not self.fresh or not verdict.applies or verdict.best is None:
            return
        best = set(verdict.best.candidates)
        for provider, query, outcome in self.fresh:
            canonical = replace(query, artist=verdict.artist, title=verdict.title)
            if question(canonical) != question(query) and not best.isdisjoint(outcome.candidates):
                self.keep(provider, canonical, outcome)

    def _wanted(self, provider: Provider) -> list[Query]:
        """What a provider may still add.

        A song that is known is asked about only for fields that are missing, under its canonical
        name. Who has told of it already is asked for no more than an older date. One that is not
        known is asked about in the readings' order.
        """
        verdict = self.lookup.verdict
        queries = self.readings[provider.name]
        if verdict.applies and verdict.best is not None:
            told_by = {candidate.provider for candidate in verdict.best.candidates}
            known = as_asked(provider, verdict.artist, verdict.title, is_alone=self.is_alone)
            if provider.name in told_by:
                is_doubted = verdict.year and provider.name not in self.dated
                queries = older(provider, known, verdict.best.candidates) if is_doubted else []
            elif provider.name == self.lookup.missed or verdict.missing & provider.supplies:
                queries = [known]
                asked_so = question(known) in self.asked[provider.name]
                if told_by == {"lastfm"} and provider.finds_by == "fields" and asked_so:
                    # What listeners alone know may be swapped: the catalogue is asked for the
                    # reading that has artist and title exchanged.
                    turned = question(Query(verdict.title, verdict.artist))
                    exchanged = self.readings[provider.name]
                    queries += [each for each in exchanged if question(each) == turned]
            else:
                return []
        asked = self.asked[provider.name]
        return [query for query in queries if question(query) not in asked]

    def _ask_together(self, provider: ManyAtOnce) -> None:
        """Ask for all that is wanted of one provider, and for other songs, in one request."""
        wanted = (each for each in self._wanted(provider) if each.artist)
        own = [each for each in wanted if self.recall(provider.name, each) is None]
        with self.read_ahead(provider, own) as queries:
            outcomes = provider.lookup_many(queries) if queries else []
            for each, outcome in zip(queries, outcomes, strict=True):
                if isinstance(outcome, Later):
                    self.lookup.is_put_off = True
                elif outcome is not None and each in own:
                    self._answered(provider, each, outcome)
                elif isinstance(outcome, Found | NotFound):
                    self.keep(provider.name, each, outcome)

    def _answered(self, provider: Provider, query: Query, outcome: Outcome) -> None:
        """Keep a fresh answer, and weigh it."""
        self.keep(provider.name, query, outcome)
        if isinstance(outcome, Found):
            self.fresh.append((provider.name, query, outcome))
        self._weigh(provider, query, outcome)

    def _weigh(self, provider: Provider, query: Query, outcome: Outcome) -> None:
        """Judge the name anew by what this answer adds, and note who gave it."""
        if isinstance(outcome, Found):
            self.candidates += outcome.candidates
            self.lookup.verdict = judge(self.lookup.parsed, self.candidates, self.knowledge)
        self._note(provider, query, outcome)

    def _note(self, provider: Provider, query: Query, outcome: Outcome) -> None:
        """Note an answer, and whether who is slower may now wait for another look.

        What has no pace at all, the catalogue, puts nobody off from a song that it does not know.
        """
        self.asked[provider.name].add(question(query))
        if query.before:
            self.dated.add(provider.name)
        self.lookup.answers.append((provider.name, query, outcome))
        if not isinstance(outcome, Found | NotFound):
            self.lookup.troubles[provider.name] = outcome
            self.closed.add(provider.name)
            # MusicBrainz is busy at one request in four: whoever is slower would be asked in vain.
            is_busy = isinstance(outcome, RateLimited) and outcome.retry_after < LONG_REFUSAL
            self.lookup.is_cut_short |= is_busy
        elif self.rates and self.paces_left:
            pace = self.rates.get(provider.name, math.inf)
            if pace < self.slowest if pace < math.inf else self.lookup.verdict.applies:
                self.paces_left -= 1
                self.slowest = pace
