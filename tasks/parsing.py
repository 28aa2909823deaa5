"""A song's name -> ranked hypotheses of who sings what. Pure: no network, clock, database, setting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Strength: TypeAlias = Literal["strong", "weak", "fallback"]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading of a name.

    Attributes:
        artist: main artist in its own spelling, "" when the name tells none.
        title: the song's title without noise, variant and featured artists.
        strength: how plainly the name says so.
        variant: what sets this recording apart ("Live", "Acoustic", "Key -2"), "" for none.
        featured: artists named after "feat." and the like; they stay out of the search.
        evidence: what ranked this reading, in words, the weightiest first.
    """

    artist: str
    title: str
    strength: Strength
    variant: str = ""
    featured: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedName:
    """What a file name tells before any network: `hypotheses` best first, never empty."""

    name: str
    youtube_id: str | None
    hypotheses: tuple[Hypothesis, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a library already knows for certain, to rank readings by.

    Attributes:
        artists: folded names of artists that some song of the library holds for certain.
    """

    artists: frozenset[str] = frozenset()


NO_KNOWLEDGE = Knowledge()


def parse(name: str, knowledge: Knowledge = NO_KNOWLEDGE) -> ParsedName:
    """Read a file name or video title (with or without folder, extension and YouTube id)."""
    return ParsedName(name, None, (Hypothesis("", name, "fallback"),))
