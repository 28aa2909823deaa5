"""The library in small pictures, as places and sizes that a template draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..providers.services import label_of
from ..tasks.review.browsing import Counts
from ..tasks.review.statistics import Span, Statistics
from . import texts
from .texts import gettext as _
from .wording import LEVEL_LABELS

# Units of the drawings, which the page scales to its width.
WIDTH = 1000
# What is there is seen, be it one song of a hundred thousand.
THINNEST = 25
MOST_GENRES = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a picture: where it is drawn, what it says, and which songs it leads to.

    Attributes:
        name: for the style sheet: the level, the field, the decade or the genre.
        at, size: in units of the drawing.
        arguments: of the list's address.
    """

    name: str
    label: str
    count: int
    at: float
    size: float
    arguments: dict[str, Any]


def draw(counts: Counts, known: Statistics) -> dict[str, Any]:
    """All that the template draws: lists of `Bar`, the map's rows, and the library's total."""
    return {
        "total": counts.total,
        "levels": _levels(counts),
        "coverage": _coverage(counts),
        "decades": _decades(counts),
        "genres": _genres(counts),
        "map": _map(counts),
        "hours": _spans(known.hours, "time"),
        "days": _spans(known.days, "date"),
        "truth": _truth(known),
        "answers": _answers(known.answers),
    }


def _levels(counts: Counts) -> list[Bar]:
    """The levels side by side, as wide as their share; none is too thin to be seen or pressed."""
    sizes = {name: _share(count, counts.total) for name, count in counts.levels.items()}
    scale = WIDTH / (sum(sizes.values()) or 1)
    bars, at = [], 0.0
    for name, count in counts.levels.items():
        size = sizes[name] * scale
        bars.append(Bar(name, _(LEVEL_LABELS[name]), count, at, size, {"level": name}))
        at += size
    return bars


def _coverage(counts: Counts) -> list[Bar]:
    labels = {"artist": _("Artist known"), "year": _("Year known"), "genre": _("Genre known")}
    return [
        Bar(name, labels[name], known, 0.0, _share(known, counts.total), _lacking(name))
        for name, known in counts.known.items()
    ]


def _lacking(name: str) -> dict[str, Any]:
    return {"missing": name} if name in {"year", "genre"} else {}


def _decades(counts: Counts) -> list[Bar]:
    """The decades as columns of up to a hundred units."""
    highest = max(counts.decades.values(), default=0)
    return [
        Bar(
            str(decade),
            _("%(decade)ss", decade=decade),
            count,
            0.0,
            _share(count, highest) * 100 / WIDTH,
            {"decade": decade},
        )
        for decade, count in counts.decades.items()
    ]


def _genres(counts: Counts) -> list[Bar]:
    frequent = list(counts.genres.items())[:MOST_GENRES]
    highest = frequent[0][1] if frequent else 0
    return [
        Bar(genre, genre, count, 0.0, _share(count, highest), {"genre": genre})
        for genre, count in frequent
    ]


def _map(counts: Counts) -> dict[str, Any]:
    """The decades, and of each frequent genre a row with a cell for each decade: how many songs,
    and how dark it is, 0 to 5."""
    decades = sorted({decade for decade, _genre in counts.map})
    genres = [genre for genre in counts.genres if any((d, genre) in counts.map for d in decades)]
    highest = max(counts.map.values(), default=0)

    def cell(decade: int, genre: str) -> dict[str, Any]:
        count = counts.map.get((decade, genre), 0)
        # By the root, or one crowded cell leaves all others pale.
        shade = math.ceil(5 * math.sqrt(count / highest)) if count else 0
        return {"decade": decade, "count": count, "shade": shade}

    rows = [(genre, [cell(decade, genre) for decade in decades]) for genre in genres[:MOST_GENRES]]
    return {"decades": decades, "rows": rows}


def _spans(spans: Sequence[Span], shown: str) -> list[Bar]:
    """Hours or days as columns of up to a hundred units; `shown` is the time or the date. A
    column's name is what there is room for below it."""
    highest = max((span.count for span in spans), default=0)
    language = texts.language()
    is_time = shown == "time"
    below, whole = (language.time,) * 2 if is_time else (language.day, language.date)
    return [
        Bar(
            below(span.at),
            whole(span.at),
            span.count,
            0.0,
            _share(span.count, highest) * 100 / WIDTH,
            {},
        )
        for span in spans
    ]


def _truth(known: Statistics) -> list[str]:
    """How often each level was right, a sentence a level."""
    number = texts.language().number
    return [
        _(
            "%(level)s: of %(looked_at)s songs that you looked at %(right)s were right",
            level=_(LEVEL_LABELS[name]),
            looked_at=number(truth.looked_at),
            right=number(truth.right),
        )
        for name, truth in known.truth.items()
    ]


def _answers(answers: dict[str, int]) -> list[Bar]:
    highest = max(answers.values(), default=0)
    return [
        Bar(name, label_of(name), count, 0.0, _share(count, highest), {})
        for name, count in answers.items()
    ]


def _share(part: int, whole: int) -> float:
    return max(THINNEST, WIDTH * part / whole) if part and whole else 0.0
