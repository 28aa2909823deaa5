"""Evidence -> confidence -> level, and what a name alone is worth."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from pikaraoke_enrichment.providers.base import Candidate
from pikaraoke_enrichment.tasks.matching import judge
from pikaraoke_enrichment.tasks.parsing import Hypothesis, ParsedName, Strength
from pikaraoke_enrichment.tasks.scoring import (
    APPLY_FROM,
    CALIBRATION,
    LEVELS,
    WEIGHTS,
    Evidence,
    Part,
    confidence,
    explain,
    level_of,
    parsed_confidence,
)


def evidence(**values: float) -> Evidence:
    agreeing = {"artist": 1.0, "title": 1.0}
    return Evidence(
        tuple(Part(name, value, f"about {name}") for name, value in (agreeing | values).items())
    )


def test_confidence_calculation() -> None:
    """From the name and the answer to the number that is shown."""
    name = ParsedName(
        "Queen - Bohemian Rhapsody", None, (Hypothesis("Queen", "Bohemian Rhapsody", "strong"),)
    )
    assert parsed_confidence(name.hypotheses[0]) == 0.69
    exact = Candidate("lastfm", "Queen", "Bohemian Rhapsody", listeners=1_900_000)
    assert judge(name, [exact]).confidence == 0.99
    weak = Candidate("lastfm", "Queen", "Bohemian Rapsody", listeners=1_900_000)
    assert 0.70 <= judge(name, [weak]).confidence < 0.90
    other = Candidate("lastfm", "Pentatonix", "Bohemian Rhapsody", listeners=190_000)
    assert judge(name, [other]).confidence < 0.10
    assert judge(name, []).confidence == 0.0


@pytest.mark.parametrize(
    ("parts", "lowest", "highest"),
    [
        (evidence(), 0.99, 0.99),
        (evidence(artist=0.95), 0.90, 0.98),
        (evidence(artist=0.82), 0.70, 0.89),
        (evidence(title=0.80), 0.70, 0.89),
        (evidence(artist=0.82, title=0.82), 0.30, 0.69),
        (evidence(artist=0.0), 0.0, 0.09),
        (evidence(title=0.0), 0.0, 0.09),
        (evidence(maker=0.0), 0.0, 0.09),
        (evidence(solid=0.0), 0.30, 0.69),
        (evidence(margin=0.0), 0.30, 0.69),
        (evidence(swapped=0.0), 0.10, 0.49),
    ],
)
def test_each_part_moves_the_confidence_as_far_as_it_should(
    parts: Evidence, lowest: float, highest: float
) -> None:
    assert lowest <= confidence(parts) <= highest


def test_more_against_a_match_never_raises_its_confidence() -> None:
    assert all(x0 < x1 and y0 >= y1 for (x0, y0), (x1, y1) in pairwise(CALIBRATION))
    for name in WEIGHTS:
        steps = [confidence(evidence(**{name: value / 20})) for value in range(21)]
        assert steps == sorted(steps)


def test_confidence_stays_below_a_persons_word_and_above_nothing() -> None:
    everything = evidence(**dict.fromkeys(WEIGHTS, 0.0))
    assert confidence(everything) == 0.0
    assert confidence(evidence(**dict.fromkeys(WEIGHTS, 1.0))) == 0.99


def test_explains_itself_worst_first() -> None:
    card = evidence(title=0.9, solid=0.2)
    assert explain(card) == ["about solid", "about title", "about artist"]
    stored = json.loads(json.dumps(card.as_dict()))
    assert [part["name"] for part in stored["parts"]] == ["solid", "title", "artist"]
    assert stored["distance"] == pytest.approx(sum(part["penalty"] for part in stored["parts"]))
    assert stored["confidence"] == confidence(card)


@pytest.mark.parametrize(
    ("number", "status", "label", "colour"),
    [
        (1.00, "manual", "Verified", "green"),
        (0.40, "manual", "Verified", "green"),
        (0.99, "enriched", "High Confidence", "green"),
        (0.90, "enriched", "High Confidence", "green"),
        (0.89, "enriched", "Medium Confidence", "yellow"),
        (0.70, "enriched", "Medium Confidence", "yellow"),
        (0.69, "parsed", "Parsed", "yellow"),
        (0.50, "parsed", "Parsed", "yellow"),
        (0.49, "parsed", "Review Suggested", "orange"),
        (0.30, "enrichment_failed", "Review Suggested", "orange"),
        (0.29, "parsed", "Low Confidence", "red"),
        (0.10, "enrichment_failed", "Low Confidence", "red"),
        (0.09, "enrichment_failed", "Needs Review", "red"),
        (0.00, "pending", "Needs Review", "red"),
    ],
)
def test_levels(number: float, status: str, label: str, colour: str) -> None:
    level = level_of(number, status)
    assert (level.label, level.colour) == (label, colour)


def test_only_an_applied_answer_has_the_levels_of_applied_answers() -> None:
    assert level_of(0.95, "parsed").name == "parsed"
    assert [level.name for level in LEVELS if level.lowest >= APPLY_FROM] == [
        "verified",
        "high",
        "medium",
    ]


@pytest.mark.parametrize("artist", ["Queen", ""])
@pytest.mark.parametrize("title", ["Bohemian Rhapsody", "1999", "???"])
@pytest.mark.parametrize(
    ("strength", "lowest", "highest"),
    [("strong", 0.50, 0.69), ("weak", 0.30, 0.49), ("fallback", 0.10, 0.29)],
)
def test_a_name_alone_stays_in_the_band_of_its_strength(
    artist: str, title: str, strength: Strength, lowest: float, highest: float
) -> None:
    assert lowest <= parsed_confidence(Hypothesis(artist, title, strength)) <= highest
