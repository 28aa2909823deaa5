"""A name's readings ranked by what an index of artists knows, before any guess. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ..parsing import Hypothesis, ParsedName

# An artist with this many times the votes of another is meant: "Hello" is also somebody's name, but
# Adele has a hundred times the votes.
FAR_BETTER_KNOWN = 10
# How well known an artist without a vote is.
SEEN = 1
KNOWN = "the artist index knows who sings"
# What a reading's first evidence begins with where the name itself says who sings.
_SAID = ('"', "by", "cover")


def names_in(parsed: ParsedName) -> tuple[str, ...]:
    """The texts of a name of which an index could tell whether they are artists, each once."""
    told = [each for each in parsed.hypotheses if each.artist]
    return tuple(dict.fromkeys(text for each in told for text in (each.artist, each.title)))


def by_index(parsed: ParsedName, renown: Mapping[str, int]) -> ParsedName:
    """The readings with that one first whose artist the index knows and whose title it does not.

    A name in which no artist is told stays so, and so does one that says who sings: by a phrase
    ("in the style of"), or strongly and with an artist who looks like one. What the index puts
    first is weak: it tells the sides, not whether the name was parted in the right place.

    Args:
        parsed: a name's readings.
        renown: of the names that the index was asked for, how well known whoever is called so is;
            0 where nobody is.
    Returns:
        The readings, each otherwise in its place; the first says so where the index knows it.
    """
    first = parsed.hypotheses[0]
    if not renown or not first.artist or _is_said(first):
        return parsed
    needed = SEEN if first.strength == "strong" else 0
    told = (each for each in parsed.hypotheses if each.artist)
    known = [each for each in told if renown.get(each.artist, 0) > needed]
    best = max(known, key=lambda reading: _standing(reading, renown), default=first)
    lead = _standing(best, renown)
    if lead <= 0 or not known:
        return parsed
    if lead == _standing(first, renown) or best.artist == first.artist:
        best = first
    else:
        best = next(each for each in known if each.artist == best.artist)
        best = best._replace(strength="weak")
    pair = best.artist, best.title
    others = (each for each in parsed.hypotheses if (each.artist, each.title) != pair)
    rest = (each._replace(strength="weak") if each is first else each for each in others)
    best = best._replace(evidence=(KNOWN, *best.evidence))
    return parsed._replace(hypotheses=(best, *rest))


def _is_said(reading: Hypothesis) -> bool:
    """Whether a reading rests on more than which side most names put first."""
    if not reading.evidence or reading.evidence[0].startswith(_SAID):  # none: typed by a person
        return True
    return reading.strength == "strong" and any(
        each.startswith("artist: ") for each in reading.evidence
    )


def _standing(reading: Hypothesis, renown: Mapping[str, int]) -> int:
    """How much better the index knows a reading's artist than its title: -2 to 2."""
    artist, title = renown.get(reading.artist), renown.get(reading.title)
    if artist and title and min(artist, title) > SEEN:
        return (artist > FAR_BETTER_KNOWN * title) - (title > FAR_BETTER_KNOWN * artist)
    return _weight(artist) - _weight(title)


def _weight(known: int | None) -> int:
    # Anybody may enter an artist, a title by mistake among them.
    return 0 if known in (None, SEEN) else 1 if known else -1
