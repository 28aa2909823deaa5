"""A name's readings ranked by what an index of artists knows, before any guess. Pure."""

from __future__ import annotations

from collections.abc import Container

from ..names.folding import fold
from ..parsing import Hypothesis, ParsedName

# So many readings of a name are worth asking about; the first two are most often its two orders.
_ASKED = 3


def sides(parsed: ParsedName) -> tuple[str, ...]:
    """The texts of a name of which an index could tell who is an artist, likeliest first.

    Returns:
        Each text once, as written; nothing where the name leaves no doubt or tells no artist.
    """
    if parsed.hypotheses[0].strength == "strong":
        return ()
    told = [each for each in parsed.hypotheses[:_ASKED] if each.artist]
    texts = [each.artist for each in told] + [each.title for each in told]
    return tuple({fold(text): text for text in reversed(texts)}.values())[::-1]


def by_index(
    parsed: ParsedName, artists: Container[str], others: Container[str] = frozenset()
) -> ParsedName:
    """The readings with those first whose artist the index knows, and whose title it does not.

    Args:
        parsed: a name's readings.
        artists: folded names (`names.folding.fold`) that the index knows as artists.
        others: folded names that it was asked for and does not know.
    Returns:
        The readings, each otherwise in its place. One whose artist is known and whose title is
        known to be none is strong: the index's word leaves no doubt.
    """

    def rank(reading: Hypothesis) -> int:
        artist, title = fold(reading.artist), fold(reading.title)
        return (artist in artists) - (title in artists) - (artist in others)

    ranked = sorted(parsed.hypotheses, key=rank, reverse=True)
    best = ranked[0]
    if fold(best.artist) not in artists:
        return parsed._replace(hypotheses=tuple(ranked))
    sure = fold(best.title) in others
    best = best._replace(
        strength="strong" if sure else best.strength,
        evidence=("the artist index knows who sings", *best.evidence),
    )
    return parsed._replace(hypotheses=(best, *ranked[1:]))
