"""A name cut to pieces: marks, brackets and credits taken out, the rest parted. Pure."""

from __future__ import annotations

import re

from .artist_likeness import is_vietnamese
from .brackets import without_brackets
from .channels import DISC
from .credit_words import CREDIT_HINTS
from .folding import fold
from .front_numbers import without_number
from .noise import words_of
from .parts import fill_parts, without_credit
from .pieces import UNSPACED, Pieces, is_noise
from .spelling import underscores
from .track_marks import unmarked
from .words import cut_words, phrases, title_first_words, unspaced_noise

# "Oasis - Wonderwall - Key -3 Karaoke": further in than at an end, where marks are taken off.
_KEY = re.compile(r"[ ,-]+(?:(?:lower|higher) )?key[ :]*([+-]\d\d?)(?!\w)", re.IGNORECASE)
_KANA = re.compile("[\u3041-\u30ff]")
# "YOASOBI - アイドルカラオケ", "周杰倫-稻香KTV", "稻香KTV歌詞伴奏版"
_GLUED = re.compile(rf"(?:{unspaced_noise()})+(?!\w)", re.IGNORECASE)
_GLUED_WORD = re.compile(unspaced_noise(), re.IGNORECASE)

# "!!! BEST KARAOKE !!! Livin' On a Prayer -- Bon Jovi": what is cried out before a name.
_CRIED = re.compile(r"[!*★ ]*([^!*★]{2,40}?) ?[!*★]{2,} *(?=\w)")


def cut(text: str, channel: str = "") -> Pieces:
    """Cut a name that `spelling.unpack` made plain.

    Args:
        text: the name in plain characters.
        channel: who published it, where the file name says so beside its id.
    Returns:
        Its pieces; `parts` is empty when the name holds nothing but noise.
    """
    pieces = Pieces()
    if channel:
        is_noise(channel, pieces)
    if not text.isascii():
        if max(text) >= UNSPACED:
            text = _GLUED.sub(_unglued, text)
            pieces.japanese = _KANA.search(text) is not None
        pieces.vietnamese = is_vietnamese(text)
    words = pieces.words = frozenset(words_of(text))
    habits = title_first_words()
    if not words.isdisjoint(habits):
        pieces.title_first = max(weight for word, weight in habits.items() if word in words)
    before = text
    text, disc, key = unmarked(_without_cut_word(text))
    if not before.startswith(text[:12]):
        # "y2mate.com - 01 Queen - Radio Ga Ga", "SC8125-06 Queen_Radio_Ga_Ga"
        text = underscores(without_number(text))
    if disc:
        pieces.channels.append(DISC)
    if key:
        pieces.variants.append(f"Key {key}")
    if (found := _CRIED.match(text)) and is_noise(found[1], pieces):
        text = text[found.end() :]
    text = without_brackets(text, pieces)
    if "key" in words and (found := _KEY.search(text)):
        pieces.variants.append(f"Key {found[1]}")
        text = text[: found.start()] + text[found.end() :]
    if not words.isdisjoint(CREDIT_HINTS):
        text = without_credit(text, pieces)
    fill_parts(text, pieces)
    return pieces


def _unglued(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    return " " * before.isalnum() + " ".join(_GLUED_WORD.findall(found.group()))


def _without_cut_word(text: str) -> str:
    """A name without the beginning of a noise word at which a length limit cut it."""
    head, sign, last = text.rpartition(" ")
    if not sign or last.lower().strip("([|") not in cut_words():
        return text
    before = fold(head[-20:]).rpartition(" ")[2]
    meaning = phrases().get(before)
    # "Zombie - The Cranberries | Karaoke Versi", "Roar - Katy Perry (Kara"
    if (meaning and meaning.kind in ("karaoke", "core")) or last[0] in "([|" or head[-1] in "([|":
        return head
    return text
