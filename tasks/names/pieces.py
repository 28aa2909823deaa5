"""What a name is made of once it is cut, and the noise taken from it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .noise import noise_alone, without_noise
from .words import Phrase, anchor_words

# Where a bracket was taken out of the middle of a name: a place to part it, if nothing better is.
GAP = "\x1f"
# A kept bracket or quotation stands as one private character, so that no separator within counts.
FIRST_KEPT = 0xE000

CLOSING = {
    "(": ")",
    "[": "]",
    "{": "}",
    "【": "】",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
}
# From here on lie kana, Chinese characters and Hangul, which are written without spaces.
UNSPACED = "\u3040"
UNSPACED_END = "\ud7a4"
QUOTES = '"「『《'

# How firmly a separator parts, strongest first.
PIPE, DASH, HALF, WIDE, COLON, SPLIT, TIGHT = 7, 6, 5, 4, 3, 2, 1
_SIGNS = r"-–—~_=:|/\\·ㆍ>"
JOINT = re.compile(rf"[{_SIGNS}]{{1,3}}|{GAP}|  ")
# The same for what has no two spaces, found in half the time: it begins with one set of signs.
PLAIN_JOINT = re.compile(rf"[{_SIGNS}{GAP}](?:(?<!{GAP})[{_SIGNS}]{{0,2}})?")

# What stands at a part's ends and is none of it.
EDGES = " \t-–—~_|:;,/*·+=\\" + GAP
# A maker's short sign before artist and title: "(SDK) 21 Pilots - …", "CKK - A Day To Remember …".
BRAND = re.compile(r"[A-Z]{2,5}", re.ASCII)


@dataclass(slots=True)
class Pieces:
    """What a name is made of.

    Attributes:
        words: all words of the name, folded.
        parts: the texts that may be artist or title, in order; kept brackets as private characters.
        joints: how firmly parts[i] and parts[i + 1] are parted.
        branded: those of the parts that a karaoke word followed: "Rock Solid Karaoke".
        kept: the opening sign and the text of each kept bracket or quotation.
        credit: the artist that a phrase like "in the style of" names, "" for none.
        performers: who "by …" in brackets names, with whether it says "cover by".
        hosts: those of the parts that "feat. X" followed.
        karaoke: how many karaoke words were found.
        vietnamese, japanese: whether it has letters that only this language has.
        covers: X of "X cover" and "cover of X", with whether it can only be the original artist.
    """

    words: frozenset[str] = frozenset()
    parts: list[str] = field(default_factory=list)
    branded: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    joints: list[int] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    credit: str = ""
    credit_phrase: str = ""
    performers: list[tuple[str, bool]] = field(default_factory=list)
    covers: list[tuple[str, bool]] = field(default_factory=list)
    featured: list[str] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    karaoke: int = 0
    title_first: float = 0.0
    lead_karaoke: bool = False
    vietnamese: bool = False
    japanese: bool = False

    def shown(self, text: str) -> str:
        """A part with its brackets and quotations written out again."""
        if not self.kept or text.isascii():
            return text
        out = []
        for sign in text:
            index = ord(sign) - FIRST_KEPT
            if 0 <= index < len(self.kept):
                opening, inner = self.kept[index]
                sign = f"{opening}{inner}{CLOSING.get(opening, opening)}"
            out.append(sign)
        return "".join(out)

    def keep(self, opening: str, inner: str) -> str:
        """The private character that stands for this bracket from now on."""
        if len(self.kept) >= 64:
            return " "
        self.kept.append((opening, inner))
        return chr(FIRST_KEPT + len(self.kept) - 1)

    def note(self, phrase: Phrase) -> None:
        """Remember what a phrase of noise says about the track."""
        if phrase.kind == "karaoke" or phrase.channel:
            self.karaoke += 1
        if phrase.variant and phrase.variant not in self.variants:
            self.variants.append(phrase.variant)
        if phrase.channel and phrase.channel not in self.channels:
            self.channels.append(phrase.channel)


def is_noise(text: str, pieces: Pieces) -> bool:
    """Whether a bracket or a part is all noise; then its variants and channel are noted."""
    phrases = noise_alone(text)
    if phrases is None:
        return False
    for phrase in phrases:
        pieces.note(phrase)
    return True


def trimmed(text: str, pieces: Pieces, lead: bool = True) -> tuple[str, str]:
    """A part without the noise at its ends, which is noted; the second text follows its middle."""
    if anchor_words().isdisjoint(pieces.words):
        return text, ""
    found = without_noise(text, lead)
    for phrase in found.phrases:
        pieces.note(phrase)
    pieces.lead_karaoke = pieces.lead_karaoke or found.led
    return found.text, found.second
