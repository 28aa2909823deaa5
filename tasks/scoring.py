"""Evidence -> confidence from 0.00 to 1.00, and the level under which people see it. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from typing import Any

from ..system.said import N_
from ..words.sentences import phrase
from .names.artist_likeness import looks
from .parsing import Hypothesis

APPLY_FROM = 0.70
"""An answer is applied from this confidence on; below it is kept for a person to review."""

# What a part of the evidence can take away when it speaks wholly against the match. The unit is
# the distance that CALIBRATION below turns into a confidence: 1 costs the level "High Confidence",
# 2.2 the right to be applied. Two weak agreements together are therefore never applied.
WEIGHTS: dict[str, float] = {
    "artist": 8.0,
    "title": 8.0,
    "maker": 8.0,  # "Ameritz", "The Karaoke Channel": no person's artist, whatever the title says
    "swapped": 4.0,  # artist "Hey Jude", track "The Beatles", beside the real pair
    "solid": 3.2,  # a pair that eleven people once played may be anybody's typing mistake
    "margin": 3.0,  # another song answers the name as well
    "cover": 3.0,  # "Hello - Adele (cover by …)" is not sung by Adele
    "medley": 3.0,  # "Lights / Stay Awhile" is neither of the two
    "featured": 0.6,
    "variant": 0.5,
    "order": 0.4,
    "library": 0.2,
    "year": 0.0,  # its value is the year's own confidence: two services may name two years
}

# Distance -> confidence, straight lines between the knots. Held against `accuracy.py --fit` on the
# half of the songs that is not held out, in four worlds: of 7,000 karaoke names nearer than 1
# 99.9 % were right, of the covers and titles that go on, from 1.6 to 2.2, 87 to 94 %. The knot at
# 1 is set by hand, for what those songs hardly hold: "Bryan Adams" is not "Ryan Adams". A ghost of
# Last.fm's stands at 3.2, right as often as the name was read rightly: nothing is learned from it.
CALIBRATION: tuple[tuple[float, float], ...] = (
    (0.0, 0.99),
    (0.3, 0.99),
    (0.6, 0.97),
    (0.95, 0.90),
    (1.0, 0.89),
    (1.8, 0.88),
    (2.1, 0.84),
    (2.2, 0.70),
    (3.0, 0.50),
    (5.0, 0.20),
    (8.0, 0.05),
    (12.0, 0.0),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One named piece of evidence.

    Attributes:
        name: a row of WEIGHTS.
        value: 1.0 speaks for the match or at least not against it, 0.0 wholly against it.
        code, params: what was seen, as in `words.phrases`.
    """

    name: str
    value: float
    code: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def penalty(self) -> float:
        """What it takes away, in CALIBRATION's unit."""
        return WEIGHTS[self.name] * (1.0 - self.value)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that speaks for and against one answer."""

    parts: tuple[Part, ...]

    @property
    def distance(self) -> float:
        """Sum of the parts' penalties, as beets' `Distance`: 0.0 when nothing speaks against."""
        return sum(WEIGHTS[part.name] * (1.0 - part.value) for part in self.parts)

    def __getitem__(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def as_dict(self) -> dict[str, Any]:
        """The evidence card as it is kept: confidence, distance and the parts, worst first."""
        parts = [
            {
                "name": part.name,
                "value": round(part.value, 3),
                "weight": WEIGHTS[part.name],
                "penalty": round(part.penalty, 3),
                "code": part.code,
                "params": dict(part.params),
            }
            for part in self.worst_first()
        ]
        return {
            "confidence": confidence(self),
            "distance": round(self.distance, 3),
            "parts": parts,
        }

    def worst_first(self) -> list[Part]:
        """The parts, the one that costs most first."""
        return sorted(self.parts, key=attrgetter("penalty"), reverse=True)


def explain(evidence: Evidence) -> list[str]:
    """The parts in English, the one that costs most first."""
    return [phrase(part.code, part.params) for part in evidence.worst_first()]


def confidence(evidence: Evidence) -> float:
    """How sure the answer is, 0.00-0.99 in two decimals: CALIBRATION at the evidence's distance,
    level beyond its last knot.

    1.00 is a person's word alone.
    """
    at = evidence.distance
    place = bisect_right(CALIBRATION, at, key=itemgetter(0))
    if place == len(CALIBRATION):
        return CALIBRATION[-1][1]
    (x0, y0), (x1, y1) = CALIBRATION[place - 1], CALIBRATION[place]
    return round(y0 + (y1 - y0) * (at - x0) / (x1 - x0), 2)


# Measured are names that stay as they were read, as no service knows the song surely. A strong
# reading was right in 83 to 90 % of karaoke names where its artist looks like one, in 50 to 70 %
# where not: the song may be known, and the name misread. A name that stands for its title alone
# never tells the artist.
_PARSED = {"strong": 0.69, "weak": 0.45, "fallback": 0.10}
_PARSED_DOUBTFUL = {"strong": 0.55, "weak": 0.35, "fallback": 0.10}
_LOOKS_LIKE_ONE = 0.5


def parsed_confidence(hypothesis: Hypothesis) -> float:
    """How sure a name alone makes us: strong 0.50-0.69, weak 0.30-0.49, fallback 0.10-0.29."""
    if not any(sign.isalpha() for sign in hypothesis.title):
        # "01", "???": there are songs of that name ("1999"), but far more numbered tracks.
        return {"strong": 0.50, "weak": 0.30, "fallback": 0.10}[hypothesis.strength]
    likeness = looks(hypothesis.artist, frozenset()).score if hypothesis.artist else 0.0
    table = _PARSED if likeness > _LOOKS_LIKE_ONE else _PARSED_DOUBTFUL
    return table[hypothesis.strength]


@dataclass(frozen=True, slots=True)
class Level:
    """What a confidence is called.

    Attributes:
        name: for programs ("high").
        label: for people ("High Confidence").
        colour: "green", "yellow", "orange" or "red".
        lowest: the lowest confidence of this level.
    """

    name: str
    label: str
    colour: str
    lowest: float


VERIFIED = Level("verified", N_("Verified"), "green", 1.00)
_APPLIED = (
    Level("high", N_("High Confidence"), "green", 0.90),
    Level("medium", N_("Medium Confidence"), "yellow", APPLY_FROM),
)
_NOT_APPLIED = (
    Level("parsed", N_("Parsed"), "yellow", 0.50),
    Level("review", N_("Review Suggested"), "orange", 0.30),
    Level("low", N_("Low Confidence"), "red", 0.10),
    Level("needs_review", N_("Needs Review"), "red", 0.00),
)
# What another program has found out: how sure that is nobody knows.
ELSEWHERE = Level("elsewhere", N_("Changed by PiKaraoke"), "yellow", 0.00)
LEVELS: tuple[Level, ...] = (VERIFIED, *_APPLIED, *_NOT_APPLIED, ELSEWHERE)
"""Every level, best first; last the one whose songs may be anything."""


def level_of(confidence: float | None, status: str) -> Level:
    """The level of a song.

    Args:
        confidence: 0.00-1.00; None where nobody knows.
        status: the song's metadata_status. "manual" is verified whatever the number; the two
            levels of applied answers are open to "enriched" only.
    """
    if status == "manual":
        return VERIFIED
    if confidence is None:
        return ELSEWHERE if status == "enriched" else _NOT_APPLIED[-1]
    levels = (*_APPLIED, *_NOT_APPLIED) if status == "enriched" else _NOT_APPLIED
    return next((level for level in levels if confidence >= level.lowest), levels[-1])
