"""Services asked now, in a person's own words: what they know is offered, nothing is written."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ...models import Song
from ..lookup import answer_cache
from ..lookup.certain_artists import reader
from ..lookup.chain import look_up
from ..pacing import at_priority, is_time_up
from ..parsing import Hypothesis, ParsedName
from ..queue.table import PERSON
from ..runtime import runtime
from .reviewing import is_same

# A person waits for it, and inside PiKaraoke every page of ours: for no slot longer, in seconds.
LONGEST = 10.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What a service knows under a person's words, and what taking it would make of the song.

    Attributes:
        new: artist, title, variant, year and genre after it.
        providers: who knows it.
        confidence: how well it fits the words, 0.00-0.99.
    """

    new: dict[str, object]
    providers: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Answer:
    """All that was offered, best first; `silent` are the providers that gave no answer."""

    offers: tuple[Offer, ...]
    silent: tuple[str, ...]


def ask(song: Song, artist: str, title: str) -> Answer:
    """Ask every service that may add something about a song that a person names.

    Other requests wait behind this one, and every pace is kept.

    Args:
        artist: as a person has typed it, "" where they do not know.
        title: as a person has typed it.
    """
    words = ParsedName(f"{artist} - {title}", None, (Hypothesis(artist, title, "strong"),))
    now = runtime()
    with at_priority(PERSON, seconds=LONGEST):
        lookup = look_up(
            words,
            now.providers,
            recall=answer_cache.recall,
            keep=answer_cache.keep,
            knowledge=reader().knowledge,
            is_over=is_time_up,
        )
    offers = []
    for each in lookup.verdict.ranked:
        # What the song is already known as is only filled up; another song replaces it, with its
        # year and genre or without.
        same = is_same(song.artist or "", song.title or "", each.artist, each.title)
        new: dict[str, object] = {
            "artist": song.artist if same else each.artist,
            "title": song.title if same else each.title,
            "variant": song.variant,
            "year": (song.year if same else None) or each.year,
            "genre": (song.genre if same else None) or each.genre,
        }
        names = tuple(dict.fromkeys(candidate.provider for candidate in each.candidates))
        offers.append(Offer(new, names, each.confidence))
    return Answer(tuple(offers), tuple(lookup.troubles))


def words_of(song: Song) -> tuple[str, str]:
    """Artist and title to begin with: as the song is known."""
    name = os.path.splitext(os.path.basename(song.file_path))[0]
    return song.artist or "", song.title or name
