"""All phrases of the tables together, and the small words of many languages. Pure."""

# ruff: noqa: E501  (a comment shows its case)

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from .channels import CHANNELS, DISC, MAKER, TITLE_FIRST_WORDS, WORDS_TOO, Order
from .folding import fold
from .noise_words import LAST_WORDS, NOISE, Noise, NoiseKind
from .version_words import VARIANTS

# Words that bind what follows to them: no artist's name ends on one ("Jueves La · Oreja de Van Gogh").
BINDING = frozenset((
    "a", "an", "and", "the", "of", "in", "on", "at", "to", "for", "by", "my", "your", "his", "her",
    "from", "with", "is", "are", "was", "i", "we", "you", "he", "she", "they",  # "Let It Be The · Beatles"
    "y", "de", "del", "la", "el", "los", "las", "e", "do", "dos", "da", "i",  # "Jueves La · Oreja de …"
    "le", "les", "du", "des", "et", "der", "die", "das", "und", "il", "lo", "di",  # "Je veux · Zaz"
    "ang", "sa", "ng", "mga",  # "Ang · Huling El Bimbo"
))  # fmt: skip
# "La Tortura de Shakira": "of", before who sings.
OF = frozenset(("de", "di", "da", "do", "del", "von", "van", "vom", "ni", "ng", "του", "της", "של"))
# Words that bind themselves to what stands before: no title begins with one ("… · & Emmylou Harris").
JOINING = frozenset((
    "and", "y", "e", "und", "et", "of", "feat", "ft", "featuring", "vs", "by", "par",
))  # fmt: skip
# "Bill Haley and · his Comets": after "and", the band's name goes on.
POSSESSIVES = frozenset(("his", "her", "their", "sus", "seine", "ses"))
# Words that seldom begin a title: "Adele · Rolling in the Deep".
PREPOSITIONS = frozenset(
    ("in", "on", "at", "to", "for", "from", "with", "into", "than", "en", "con")
)
# Words that stay small within a name: "Mark Knopfler and Emmylou Harris", "Los Años de la Luz".
SMALL = frozenset((
    "a", "an", "and", "the", "of", "in", "on", "at", "to", "for", "by", "or", "nor", "but", "from",
    "with", "de", "la", "el", "y", "e", "di", "da", "do", "du", "des", "et", "und",
))  # fmt: skip

_DISC_ID = re.compile(r"(?:\(|\[)?[A-Za-z]{1,8}\d?[ -]?\d{2,6}(?:[ -]\d{1,3}){0,2}(?:\)|\])?")
_TRACK = re.compile(r"0\d\d?|\d\d?[.)]")
_YEAR = re.compile(r"[\[(]?(?:1[89]\d\d|20[0-4]\d)[\])]?")


def is_disc_id(text: str) -> bool:
    """Whether a part is a karaoke disc's number: "SC8123-05", "NOMAD-0003", "Az 1234-01"."""
    return len(text) <= 20 and _DISC_ID.fullmatch(text) is not None


def is_track_number(text: str) -> bool:
    """Whether a word is a position on a disc: "01", "07.", "3)"."""
    return len(text) <= 4 and _TRACK.fullmatch(text) is not None


def is_year(text: str) -> bool:
    """Whether a part is nothing but a year: "1971", "(2013)"."""
    return len(text) <= 6 and _YEAR.fullmatch(text) is not None


class Phrase(NamedTuple):
    """What a phrase means wherever it stands: noise of a kind, a variant, a channel's signature."""

    kind: NoiseKind
    variant: str = ""
    channel: str = ""


KARAOKE = Phrase("karaoke")


@cache
def phrases() -> dict[str, Phrase]:
    """Every phrase of the tables, folded -> its meaning; the stronger where two name it."""
    rank: dict[NoiseKind, int] = {"loose": 0, "alone": 0, "side": 1, "core": 2, "karaoke": 3}
    known: dict[str, Phrase] = {}

    def add(words: tuple[str, ...], meaning: Phrase) -> None:
        for phrase in map(fold, words):
            if phrase not in known or rank[meaning.kind] > rank[known[phrase].kind]:
                known[phrase] = meaning

    for channel in CHANNELS:
        for name in channel.names:
            if name in (DISC, MAKER):
                continue
            # "dam" and "ky" are also words; "karafun" is nothing else.
            kind: NoiseKind = "core" if len(name) > 6 else "side"
            kind = "alone" if name in WORDS_TOO else kind
            add((name,), Phrase(kind, channel=channel.names[0]))
    for variant in VARIANTS:
        for word in variant.words:
            # "Long Live" and "Drive My Car Acoustic": one word is a variant only beside noise.
            kind = "core" if " " in word else "side"
            kind = "karaoke" if "karaoke" in word else kind
            add((word,), Phrase(kind, variant=variant.label or word.capitalize()))
    for noise in NOISE:
        add(noise.words, Phrase(noise.kind))
    return known


@cache
def longest_phrases() -> dict[str, int]:
    """The first word of every phrase -> how many words its longest phrase has."""
    longest: dict[str, int] = {}
    for phrase in phrases():
        words = phrase.split()
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


@cache
def anchor_words() -> frozenset[str]:
    """The longest word of each phrase that makes what stands beside it noise: a text that holds
    none of them has no noise at its ends."""
    anchors = (words for words, meaning in phrases().items() if meaning.kind in ("karaoke", "core"))
    return frozenset(max(words.split(), key=len) for words in anchors)


@cache
def cut_words() -> frozenset[str]:
    """Beginnings of the words that stand last in a name, where a length limit may have cut them."""
    return frozenset(word[:end] for word in LAST_WORDS for end in range(1, len(word)))


@cache
def channel_habits() -> dict[str, tuple[Order | None, float]]:
    """A channel's first name -> what it writes first, and how firmly."""
    return {row.names[0]: (row.first, row.weight) for row in CHANNELS}


@cache
def title_first_words() -> dict[str, float]:
    """Folded words whose presence says that the title comes first -> how firmly."""
    return {fold(word): weight for words, weight, _ in TITLE_FIRST_WORDS for word in words}


_UNSPACED = ("ja", "ko", "zh")


@cache
def unspaced_karaoke() -> str:
    """The karaoke words of scripts that put no space between words, as one choice of a pattern."""
    return _choice(row for row in NOISE if row.kind == "karaoke" and row.language in _UNSPACED)


@cache
def unspaced_noise() -> str:
    """The same with the words that tell of the video, as they stand glued: "KTV歌詞伴奏版"."""
    glued = _choice(row for row in NOISE if row.kind == "core" and row.language == "zh")
    return f"{unspaced_karaoke()}|{glued}|KTV|MV|HD|4K"


def _choice(rows: Iterable[Noise]) -> str:
    words = {word for row in rows for word in row.words if len(word) > 1 and not word.isascii()}
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
