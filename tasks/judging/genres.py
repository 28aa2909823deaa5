"""Tags and store genres -> one of a few dozen genres that a singer would pick. Pure, data first."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ...providers.base import Tag
from ..names.folding import fold

_DATA = Path(__file__).with_name("data")


# Folded tag -> its genre, and how loudly it says so: "pop" is on everything and counts less than
# "schlager"; a tag that is half a genre counts half (half of what is "soundtrack" is plain pop).
with (_DATA / "genres.tsv").open(encoding="utf-8", newline="") as _lines:
    _MAPPING = {
        row["tag"]: (row["genre"], float(row["weight"]))
        for row in csv.DictReader(_lines, delimiter="\t")
    }

GENRES: tuple[str, ...] = tuple(dict.fromkeys(genre for genre, _ in _MAPPING.values()))
"""Every genre that a song may be given."""

# Words that may stand before a genre without making it another: "80s pop", "female country".
_MODIFIERS = frozenset((_DATA / "genre_modifiers.txt").read_text(encoding="utf-8").split())
_COUNTED = re.compile(r"^(?:\d{2,4}s?|\d+ ?(?:stars?|of \d+ stars)|.*\d{4}.*)$")
_PARTS = re.compile(r"\s*[/,;|]\s*")
_FAINTEST = 0.03
"""A genre that one in thirty of the strongest tag's users saw is an opinion, no genre."""


@lru_cache(maxsize=512)
def genre_of_tag(tag: str) -> tuple[str, float] | None:
    """The genre that one tag means and how loudly it says so, None for a tag that means none.

    "Hip-Hop/Rap" is in the table, "80s pop" a genre behind words that change nothing; "seen live",
    "2018", "american" and "kid rock" are none.
    """
    words = fold(tag)
    if words in _MAPPING:
        return _MAPPING[words]
    if _COUNTED.match(words):
        return None
    first, *more = _PARTS.split(tag)
    if more:  # "Pop/Rock", "Country, Folk": the first part that is known
        return next((found for part in (first, *more) if (found := genre_of_tag(part))), None)
    every = words.split()
    for size in (3, 2, 1):
        head, rest = every[:-size], " ".join(every[-size:])
        if head and rest in _MAPPING and all(word in _MODIFIERS for word in head):
            return _MAPPING[rest]
    return None


def genre_of(tags: Iterable[Tag], *, artist: str = "") -> str | None:
    """The genre most of the tags' weight stands for.

    Args:
        tags: a recording's tags, in any order; weights relative to each other.
        artist: the recording's artist, whose own name is no genre ("Kid Rock", "Soul Asylum").
    Returns:
        A name of `GENRES`, or None where no tag means one.
    """
    own_name = fold(artist)
    votes: defaultdict[str, float] = defaultdict(float)
    for tag in tags:
        if tag.weight < _FAINTEST or fold(tag.name) == own_name:
            continue
        found = genre_of_tag(tag.name)
        if found:
            votes[found[0]] += found[1] * tag.weight
    return max(votes, key=votes.__getitem__, default=None)
