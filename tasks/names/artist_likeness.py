"""How much a text looks like an artist rather than a title: named signs with weights. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from . import known_names
from .folding import fold
from .hashed_set import Artists

ONE_WORD_SONG = "well-known song of one word"
# What each sign weighs, as log odds that the text names an artist. One place, measured with
# `benchmarks/names.py`; a negative weight speaks for a title.
WEIGHTS: dict[str, float] = {
    "artist of this library": 5.0,
    "well-known artist": 3.6,
    "well-known artist of one word": 2.0,
    "well-known artists together": 3.2,
    "one well-known artist among others": 2.2,
    "begins with a first name": 1.7,
    "first names together": 1.9,
    "word of band names": 1.5,
    "The …s": 1.0,
    "somebody and his band": 2.6,
    "somebody and the …": 0.8,
    "initials": 0.6,
    "person's name in its own script": 1.2,
    "several names with commas": 0.6,
    "list of names": 1.2,
    "artist and song of one name": 0.5,
    "well-known song": -2.2,
    ONE_WORD_SONG: -1.0,
    "word of sentences": -0.5,
    "sentence": -1.9,
    "long": -0.8,
    "punctuation of titles": -0.9,
    "numbers alone": -1.2,
    "kind in brackets": 2.0,
    "bracket": -1.0,
    "quotation": -2.2,
    "contains a separator": -2.0,
    # Taken as often as the words lean to one side (`known_names.leaning`). Bands are often made
    # of the words of songs ("Down by Law"), songs seldom of the words of artists.
    "words of artists": 0.3,
    "words of songs": -0.1,
}

# The words of a text that nobody knows say no more than this, however many they are.
_MOST_LEANING = 5.0

_AND = re.compile(
    r" ?(?:[,;&+/]| and | y | e | et | und | og | en | vs\.? | x | with | con | feat\.? | ft\.? )",
    re.IGNORECASE,
)
_AND_WORDS = frozenset(
    ["and", "y", "e", "et", "und", "og", "en", "vs", "x", "with", "con", "feat", "ft"]
)
# "Shorty Rogers and His Giants", "Bern Elliott and The Fenmen", "Max Greger und sein Orchester"
_AND_BAND = re.compile(
    r"\w (?:and|&|y|e|et|und|en|with)"
    r" (?:(his|her|their|su|sus|seine?|ihre?|son|ses|zijn)|the|los|las|les|die) \w",
    re.IGNORECASE,
)
# Letters that no other language than Vietnamese has.
_VIETNAMESE = re.compile("[ăơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]", re.IGNORECASE)
# Plain words of Vietnamese that other languages' sentences have too.
_BOTH = frozenset(
    ("an", "con", "la", "me", "no", "nu", "so", "ta", "to", "tu", "anh", "hay", "chi")
)
_INITIALS = re.compile(r"(?:[A-Z]\.? ?){2,4}[A-Z][a-z]+|[A-Z]{1,2}\. [A-Z]\w+")
# "Sweet (band)", "Aladdin (2019 film)", "Oliver! (musical)": no song is told apart so.
KIND = re.compile(
    r"[(\[](?:[\w' ]{0,12} )?"
    r"(?:band|group|singer|rapper|duo|musical|film|movie|tv series|cartoon)[)\]]$",
    re.IGNORECASE,
)
_QUOTES = frozenset("「『《")
_TITLE_MARKS = re.compile(r"(?<!\d)(?<!\d!)[?!…]|\.\.\.|#\d")  # "7!!" is a band


class Looks(NamedTuple):
    """One text's signs and the sum of their weights."""

    score: float
    signs: tuple[str, ...]


def weigh(signs: list[str], leaning: float = 0.0) -> Looks:
    """The sum of some signs and of what the words lean to: above 0 artists, below 0 songs."""
    score: float = sum(map(WEIGHTS.__getitem__, signs))
    if leaning:
        signs.append("words of artists" if leaning > 0 else "words of songs")
        score += abs(leaning) * WEIGHTS[signs[-1]]
    return Looks(score, tuple(signs))


@lru_cache(maxsize=256)
def told(signs: tuple[str, ...], of: str) -> tuple[str, ...]:
    """The signs in words, the weightiest first: "artist: well-known artist"."""
    return tuple(f"{of}: {sign}" for sign in sorted(signs, key=lambda sign: -abs(WEIGHTS[sign])))


def looks(text: str, library: Artists) -> Looks:
    """How much a text looks like an artist.

    Args:
        text: a part of a name, brackets and all.
        library: folded names of the artists that the library holds for certain.
    Returns:
        The signs found and the sum of their weights: above 0 an artist, below 0 a title.
    """
    if library:
        folded = fold(text)
        names = _names(text, folded.split())
        if folded in library or any(fold(name) in library for name in names):
            return _looks(text, library)
    return _general_looks(text)


@lru_cache(maxsize=128)
def _general_looks(text: str) -> Looks:
    """How a text looks to whom no library helps; remembered, for names come again and again."""
    return _looks(text, frozenset())


def _looks(text: str, library: Artists) -> Looks:
    folded = fold(text)
    words = folded.split()
    if not words:
        return weigh(["punctuation of titles"])
    signs: list[str] = []
    leaning = 0.0
    if folded in library:
        signs.append("artist of this library")
    elif folded in known_names.artists():
        if folded in known_names.titles():
            signs.append("artist and song of one name")
        else:
            signs.append(
                "well-known artist of one word" if len(words) == 1 else "well-known artist"
            )
    elif folded in known_names.titles():
        signs.append(ONE_WORD_SONG if len(words) == 1 else "well-known song")
    elif not (names := _names(text, words)) or not _together(names, words, signs, library):
        _shape(text, words, signs)
        total = sum(map(known_names.leaning, words))
        leaning = max(-_MOST_LEANING, min(_MOST_LEANING, total))
    if '"' in text or (not text.isascii() and not _QUOTES.isdisjoint(text)):
        signs.append("quotation")
    elif text[-1] in ")]" and KIND.search(text):
        signs.append("kind in brackets")
    elif "(" in text or "[" in text:
        signs.append("bracket")
    if " - " in text or "|" in text:
        signs.append("contains a separator")
    return weigh(signs, leaning)


def is_han_name(words: list[str]) -> bool:
    """Whether the words are a Chinese name, maybe with another behind it: "田馥甄 Hebe"."""
    name, *others = words
    return (
        len(name) == 3
        and name[0] in known_names.HAN_SURNAMES
        and len(others) < 3
        and all(map(str.isascii, others))
    )


def is_artist(text: str, library: Artists) -> bool:
    """Whether the whole text is the name of an artist that this library or everybody knows."""
    folded = fold(text)
    return folded in library or folded in known_names.artists()


def _names(text: str, words: list[str]) -> list[str]:
    """The several names in a text: "Elton John & Kiki Dee"; empty where it can hold but one."""
    if _AND_WORDS.isdisjoint(words) and not ("," in text or "/" in text or ";" in text):
        return []
    names = [name for name in _AND.split(text) if name.strip()]
    return names if 1 < len(names) <= 8 else []


def _together(names: list[str], words: list[str], signs: list[str], library: Artists) -> bool:
    """Signs of several artists in one text; False when none is known."""
    count = sum(is_artist(name, library) for name in names)
    if count == len(names):
        signs.append("well-known artists together")
        return True
    if count:
        signs.append("one well-known artist among others")
        return len(words) < 8
    firsts = known_names.first_names()
    if all(fold(name).split(" ", 1)[0] in firsts for name in names):
        signs.append("first names together")
        return True
    return False


def is_vietnamese(text: str) -> bool:
    """Whether a text has letters that no other language has; hardly one has none of the latter
    half, from "ạ" on."""
    return max(text) >= "\u1ea0" and _VIETNAMESE.search(text) is not None


def _sentence_words(text: str, words: list[str]) -> int:
    """How many words are those of sentences; in Vietnamese with their accents: "Mỹ" is not "my"."""
    known = known_names.sentence_words()
    if not text.isascii() and is_vietnamese(text):
        own = known_names.vietnamese_words()
        return sum(
            word in own or (word.isascii() and word in known and word not in _BOTH)
            for word in text.lower().split()
        )
    return sum(map(known.__contains__, words))


def _shape(text: str, words: list[str], signs: list[str]) -> None:
    """Signs in the words themselves, for a text that nobody knows."""
    count = len(words)
    band = None if _AND_WORDS.isdisjoint(words) else _AND_BAND.search(text)
    if band:
        signs.append("somebody and his band" if band[1] else "somebody and the …")
    sentence = 0 if band else _sentence_words(text, words)
    if "," in text and text.count(",") > 1 and count <= 4 * (text.count(",") + 1):
        signs.append("list of names")
        return
    if 2 <= count <= 4 and words[0] in known_names.first_names() and not sentence:
        signs.append("begins with a first name")
    if sentence:
        signs.append("sentence" if sentence > 1 else "word of sentences")
    if count > 1 and (
        words[0] in known_names.band_openings()
        or not known_names.band_words().isdisjoint(words[1:])
    ):
        signs.append("word of band names")
    if text[:4].lower() == "the " and words[-1].endswith("s") and count <= 3:
        signs.append("The …s")
    if count > 4:
        signs.append("long")
    if not text.replace(" ", "").isalnum() and _TITLE_MARKS.search(text):
        signs.append("punctuation of titles")
    if words[0].isdigit() and "!" not in text and not any(map(str.isalpha, words)):
        signs.append("numbers alone")
    second = text[1:2]
    may_be_initials = len(words[0]) < 5 and (second in ". " or second.isupper())
    if may_be_initials and _INITIALS.match(text) and not text.isupper():
        signs.append("initials")
    if "," in text and not sentence:
        signs.append("list of names" if text.count(",") > 1 else "several names with commas")
    if count == 1 and len(text) == 3 and text[0] in known_names.SURNAMES:
        signs.append("person's name in its own script")
