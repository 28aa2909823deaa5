"""Who is asked what next about one name, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..providers.base import (
    Candidate,
    Failure,
    Found,
    NotFound,
    Outcome,
    Provider,
    Query,
    Refused,
)
from .lookups import question
from .matching import Verdict, judge
from .parsing import NO_KNOWLEDGE, Knowledge, ParsedName

# Readings of a name that one provider is asked about at most.
MAX_READINGS = 3


@dataclass(slots=True)
class Inquiry:
    """All that was asked and answered about one name.

    Attributes:
        verdict: what the answers so far amount to.
        answers: provider, question and outcome, in the order they were asked.
        troubles: the providers that gave no usable answer, and why.
        postponed: providers that may add something but are slower than the one that answered;
            they are asked in a second look.
    """

    verdict: Verdict
    answers: list[tuple[str, Query, Outcome]] = field(default_factory=list)
    troubles: dict[str, Failure] = field(default_factory=dict)
    postponed: set[str] = field(default_factory=set)

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
        answer, but where it is the only one no song is called unknown because of it.
        """
        if self.is_complete:
            return False
        passing = [item for item in self.troubles.values() if not isinstance(item, Refused)]
        return bool(passing) or not self.is_answered


def next_query(
    parsed: ParsedName, verdict: Verdict, provider: Provider, asked: set[str]
) -> Query | None:
    """What `provider` is to be asked now, None when it has nothing (more) to add.

    A song that is known is asked about only for fields that are missing, under its canonical name.
    One that is not is asked about in the readings' order.

    Args:
        asked: questions that this provider has answered already.
    """
    if verdict.applies:
        query = Query(verdict.artist, verdict.title)
        wanted = verdict.missing & provider.supplies
        return query if wanted and question(query) not in asked else None
    for hypothesis in parsed.hypotheses[:MAX_READINGS]:
        query = Query(hypothesis.artist, hypothesis.title)
        if question(query) not in asked:
            return query
    return None


def inquire(
    parsed: ParsedName,
    providers: Sequence[Provider],
    *,
    recall: Callable[[str, Query], Outcome | None] = lambda *_: None,
    keep: Callable[[str, Query, Outcome], None] = lambda *_: None,
    knowledge: Knowledge = NO_KNOWLEDGE,
    rates: Mapping[str, float] | None = None,
) -> Inquiry:
    """Ask the providers one after the other, each only for what is still missing.

    Args:
        recall: an answer kept from before, None where there is none.
        keep: told each fresh answer.
        rates: requests a second by provider. When given, a provider slower than the one that has
            answered is postponed instead of asked, so that it holds back no other song.
    """
    inquiry = Inquiry(judge(parsed, (), knowledge))
    candidates: list[Candidate] = []
    pace_of_answer = 0.0
    for provider in providers:
        asked: set[str] = set()
        while (query := next_query(parsed, inquiry.verdict, provider, asked)) is not None:
            asked.add(question(query))
            outcome = recall(provider.name, query)
            if outcome is None:
                if rates and rates[provider.name] < pace_of_answer:
                    inquiry.postponed.add(provider.name)
                    break
                outcome = provider.lookup(query)
                keep(provider.name, query, outcome)
            inquiry.answers.append((provider.name, query, outcome))
            if isinstance(outcome, Found):
                candidates += outcome.candidates
                inquiry.verdict = judge(parsed, candidates, knowledge)
            elif not isinstance(outcome, NotFound):
                inquiry.troubles[provider.name] = outcome
                break
        if rates and inquiry.is_answered:
            pace_of_answer = pace_of_answer or rates[provider.name]
    return inquiry
