"""Noise found in a text: the words at its ends that are no part of artist or title. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from .channels import MAKER
from .credit_words import CREDIT_HINTS, CREDITS, credit_pattern
from .folding import ASCII_WORDS, fold
from .words import KARAOKE, Phrase, anchor_words, longest_phrases, phrases, unspaced_karaoke

# Where a known phrase or an unknown word begins and ends, and what the phrase means.
Span: TypeAlias = "tuple[int, int, Phrase | None]"

# A word that only says who made the track, or glues what it says: "[popeoke]", "(BellySings)",
# "[JW노래방]", "(消音伴奏)".
_MAKER = re.compile(
    rf"\w{{0,40}}(?:oke|sings)|.{{0,40}}(?:karaoke|караоке|{unspaced_karaoke()}).{{0,40}}"
)
_CREDIT = credit_pattern(CREDITS)
_MAKERS = Phrase("karaoke", channel=MAKER)
# Words that bind what follows: "Karaoke Con Los Años Que Me Quedan" begins with "Con".
_WITH = frozenset(("with", "con", "com", "avec", "mit"))


class Trimmed(NamedTuple):
    """A text without its noise.

    Attributes:
        text: what is left.
        second: what follows karaoke noise in the middle of the text, "" for nothing.
        phrases: the meanings of what was taken away.
        led: whether karaoke noise stood first.
    """

    text: str
    second: str = ""
    phrases: tuple[Phrase, ...] = ()
    led: bool = False


def words_of(text: str) -> list[str]:
    """The words of a text as the tables spell them, in less time than folding takes."""
    if text.isascii():
        return text.lower().translate(ASCII_WORDS).split()
    return fold(text).split()


@lru_cache(maxsize=128)
def noise_alone(text: str) -> tuple[Phrase, ...] | None:
    """The meanings of a text that is all noise; None for one that is not.

    One karaoke word makes a bracket noise whatever stands beside it: "[DJ Sauly Karaoke]".
    """
    words = fold(text).split()
    if not words:
        return ()
    spans = _spans(words)
    meanings = tuple(meaning for _, _, meaning in spans if meaning)
    kinds = {meaning.kind for meaning in meanings}
    whole = all(meaning or words[start].isdigit() for start, _, meaning in spans)
    if "karaoke" in kinds and (CREDIT_HINTS.isdisjoint(words) or not _CREDIT.search(text)):
        return meanings if whole else (*meanings, _MAKERS)
    if whole and kinds - {"loose"}:
        return meanings
    return (KARAOKE, _MAKERS) if len(words) == 1 and _MAKER.fullmatch(words[0]) else None


@lru_cache(maxsize=128)
def without_noise(text: str, lead: bool) -> Trimmed:
    """A part of a name without the noise at its ends.

    Args:
        text: the part.
        lead: whether noise may stand first as well.
    """
    words = words_of(text)
    if anchor_words().isdisjoint(words):
        return Trimmed(text)
    tokens = text.split(" ")
    owner: Sequence[int] = range(len(tokens) + 1)
    if not (text.isascii() and "".join(tokens).isalnum() and len(words) == len(tokens)):
        # A token may fold to several words ("Karaoke/Instrumental") or to none ("*").
        folded = [
            token.lower() if token.isascii() and token.isalnum() else fold(token)
            for token in tokens
        ]
        words = " ".join(folded).split()
        owner = [index for index, word in enumerate(folded) for _ in word.split()]
        owner.append(len(tokens))
    spans = _spans(words)
    end, found = _noise_start(words, spans)
    begin, led = _noise_end(words, spans, end, found) if lead else (0, False)
    second = ""
    for start, stop, meaning in spans:
        if begin < start and stop < end and meaning and meaning.kind == "karaoke":
            # "Tonto Na Gugma Karaoke Version Darling Kho"
            found.append(KARAOKE)
            if words[stop] not in _WITH:  # "Tum Hi Ho Karaoke With Scrolling Lyrics Eng."
                second = " ".join(tokens[owner[stop] : owner[end]])
            end = start
            break
    first = owner[begin] if begin else 0
    left = " ".join(tokens[first : owner[end]]) if begin < end else ""
    return Trimmed(left, second, tuple(found), led)


def _spans(words: list[str]) -> list[Span]:
    """Folded words grouped into known phrases, the longest at each place."""
    known, longest = phrases(), longest_phrases()
    spans: list[Span] = []
    at, count = 0, len(words)
    while at < count:
        reach = longest.get(words[at], 0)
        for end in range(min(at + reach, count), at, -1):
            meaning = known.get(" ".join(words[at:end]) if end > at + 1 else words[at])
            if meaning is not None:
                spans.append((at, end, meaning))
                at = end
                break
        else:
            spans.append((at, at + 1, None))
            at += 1
    return spans


def _noise_start(words: list[str], spans: list[Span]) -> tuple[int, list[Phrase]]:
    """Where the noise at the end of a part begins, and what it means: "Roar Karaoke Version HD"."""
    best = count = len(words)
    found: list[Phrase] = []
    seen: list[Phrase] = []
    for start, _, meaning in reversed(spans):
        if meaning is None:
            if best == count and words[start].isdigit():
                continue  # "Queen - Radio Ga Ga Dance Practice #2"
            break
        seen.append(meaning)
        if meaning.kind in ("karaoke", "core") or (best < count and meaning.kind == "side"):
            best = start
            found += seen
            seen = []
    return best, found


def _noise_end(
    words: list[str], spans: list[Span], limit: int, found: list[Phrase]
) -> tuple[int, bool]:
    """Where the noise at the beginning of a part ends, added to `found`; whether it is karaoke."""
    best, led = 0, False
    for start, end, meaning in spans:
        if meaning is None or end > limit or meaning.kind == "loose":
            break
        if meaning.kind in ("karaoke", "core") or (best and meaning.kind == "side"):
            if best and words[start] in _WITH:
                break
            led = led or meaning.kind == "karaoke"
            best = end
            found.append(meaning)
    return best, led
