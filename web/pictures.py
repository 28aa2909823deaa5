"""The library in two small pictures, as places and sizes that a template draws as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..tasks.review.browsing import Counts
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


def draw(counts: Counts) -> dict[str, Any]:
    """levels, coverage, decades and genres as lists of `Bar`, and the library's total."""
    return {
        "total": counts.total,
        "levels": _levels(counts),
        "coverage": _coverage(counts),
        "decades": _decades(counts),
        "genres": _genres(counts),
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


def _share(part: int, whole: int) -> float:
    return max(THINNEST, WIDTH * part / whole) if part and whole else 0.0
