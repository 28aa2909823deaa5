"""The library in small pictures, as places and sizes that a template draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..tasks.review.browsing import Counts
from ..tasks.review.statistics import Span, Statistics
from ..words.sentences import service
from . import texts
from .texts import gettext as _
from .wording import LEVEL_LABELS

# Units of the drawings, which the page scales to its width.
WIDTH = 1000
TALLEST = 100
# One song of a hundred thousand can still be seen.
THINNEST = 25
MOST_GENRES = 10
# A bar's name, what it says, how many songs, and arguments of the list's address.
Row = tuple[str, str, int, dict[str, Any]]


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
    language = texts.language()
    labels = {"artist": _("Artist known"), "year": _("Year known"), "genre": _("Genre known")}
    coverage: list[Row] = [
        (name, labels[name], count, {"missing": name} if name in {"year", "genre"} else {})
        for name, count in counts.known.items()
    ]
    decades: list[Row] = [
        (str(decade), _("%(decade)ss", decade=decade), count, {"decade": decade})
        for decade, count in counts.decades.items()
    ]
    # The levels side by side, as wide as their share; none is too thin to be seen or pressed.
    sizes = {name: _share(count, counts.total) for name, count in counts.levels.items()}
    scale = WIDTH / (sum(sizes.values()) or 1)
    levels, at = [], 0.0
    for name, count in counts.levels.items():
        size = sizes[name] * scale
        levels.append(Bar(name, _(LEVEL_LABELS[name]), count, at, size, {"level": name}))
        at += size
    frequent = list(counts.genres.items())[:MOST_GENRES]
    return {
        "total": counts.total,
        "levels": levels,
        "coverage": _bars(coverage, counts.total),
        "decades": _bars(decades, longest=TALLEST),
        "genres": _bars([(genre, genre, count, {"genre": genre}) for genre, count in frequent]),
        "map": _map(counts),
        "hours": _columns(known.hours, language.time, language.time),
        "days": _columns(known.days, language.day, language.date),
        "truth": [
            _(
                "%(level)s: of %(looked_at)s songs that you looked at %(right)s were right",
                level=_(LEVEL_LABELS[name]),
                looked_at=language.number(truth.looked_at),
                right=language.number(truth.right),
            )
            for name, truth in known.truth.items()
        ],
        "answers": _bars(
            [(name, service(name, language), n, {}) for name, n in known.answers.items()]
        ),
    }


def _bars(rows: Sequence[Row], whole: int | None = None, *, longest: int = WIDTH) -> list[Bar]:
    """A bar a row, each as long as its share of `whole`, by default of the most that a row has;
    `longest` is how long a bar of all of that is."""
    if whole is None:
        whole = max((count for _name, _label, count, _arguments in rows), default=0)
    return [
        Bar(name, label, count, 0.0, _share(count, whole) * longest / WIDTH, arguments)
        for name, label, count, arguments in rows
    ]


def _columns(
    spans: Sequence[Span], below: Callable[[float], str], whole: Callable[[float], str]
) -> list[Bar]:
    """A column for each hour or day: `below` names it where there is little room, `whole` says it
    in full."""
    rows: list[Row] = [(below(span.at), whole(span.at), span.count, {}) for span in spans]
    return _bars(rows, longest=TALLEST)


def _map(counts: Counts) -> dict[str, Any]:
    """The decades, and of each frequent genre a row with a cell for each decade: how many songs,
    and how dark it is, 0 to 5."""
    decades = sorted({decade for decade, _genre in counts.map})
    genres = [genre for genre in counts.genres if any((d, genre) in counts.map for d in decades)]
    highest = max(counts.map.values(), default=0)

    def cell(decade: int, genre: str) -> dict[str, Any]:
        count = counts.map.get((decade, genre), 0)
        # Shades go by the root, or one crowded cell leaves all others pale.
        shade = math.ceil(5 * math.sqrt(count / highest)) if count else 0
        return {"decade": decade, "count": count, "shade": shade}

    rows = [(genre, [cell(decade, genre) for decade in decades]) for genre in genres[:MOST_GENRES]]
    return {"decades": decades, "rows": rows}


def _share(part: int, whole: int) -> float:
    return max(THINNEST, WIDTH * part / whole) if part and whole else 0.0
