"""Names folded for comparison: one spelling for everything that people write in two ways. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that NFKD leaves whole although people type them plainly ("Bjørk", "Mø", "Straße"),
# and the sign that stands for a letter ("Ke$ha", "A$AP Rocky").
_PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE"}
    | {"œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ð": "d", "ı": "i", "İ": "I"}
)
# Accents and vowel points may be left out; the marks of Hindi, Thai or Japanese kana may not:
# without them "ガラス" would be "カラス" and a Hindi word would fall to pieces.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
_NO_APOSTROPHE = str.maketrans("", "", "'’‘`´ʼ＇")
_AND = re.compile(r"[&+]|(?<= )'?n'?(?= )|(?<=\w)-n-(?=\w)")
# "Ke$ha", "A$AP", and the one name whose "!" is a letter.
_DOLLAR = re.compile(r"\$(?=[a-z])|(?<=[a-z])\$")
# Dotted initials are one word: "R.E.M." is "REM", "B.o.B" is "bob", "P. P. Arnold" and "B.J.Thomas"
# have two words.
_INITIALS = re.compile(r"\b(?:\w\. ?){2,}(?:\w\b)?")
# Letters, digits and the marks that belong to the scripts of South and South-East Asia.
_NOT_WORD = re.compile(
    r"(?:_|[^\w\u0900-\u0963\u0966-\u0dff\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3])+"
)

# What `_NOT_WORD` leaves out of plain text, without a pattern; a table of every letter, as one that
# lacks them raises for each.
ASCII_WORDS = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))


@lru_cache(maxsize=512)
def fold(text: str) -> str:
    """The form under which two spellings of one name are equal.

    Accents, case, punctuation, "&"/"and"/"'n'", dotted initials and a leading or trailing "The"
    do not count: `fold("Beatles, The") == fold("the beatles")`. A name of punctuation alone keeps
    it, so that "!!!" stays a name.

    Args:
        text: an artist or a title as printed; any string, lone surrogates too.
    Returns:
        Lower-case words parted by single spaces; "" only for blank text.
    """
    if text.isascii():
        plain = text.lower()
    else:  # without accents, every letter in its plainest form, Hangul and kana whole
        letters = unicodedata.normalize("NFKD", text.translate(_PLAIN))
        plain = unicodedata.normalize("NFKC", _ACCENTS.sub("", letters)).casefold()
    if plain.replace(" ", "").isalnum():
        plain = _AND.sub(" and ", plain) if " n " in plain else plain
    else:
        if "$" in plain:
            plain = _DOLLAR.sub("s", plain)
        if "p!nk" in plain:
            plain = plain.replace("p!nk", "pink")
        if "&" in plain or "+" in plain or " n" in plain or "'n" in plain or "-n" in plain:
            plain = _AND.sub(" and ", plain)
        is_ascii = plain.isascii()
        if is_ascii:
            plain = plain.replace("'", "").replace("`", "")
        else:
            plain = plain.translate(_NO_APOSTROPHE)
        if "." in plain:
            plain = _INITIALS.sub(_one_word, plain)
        named = plain.translate(ASCII_WORDS) if is_ascii else _NOT_WORD.sub(" ", plain)
        plain = named.strip() or plain
    words = " ".join(plain.split())
    bare = words.removeprefix("the ").removesuffix(" the")
    return bare or words or " ".join(text.split())


def _one_word(initials: re.Match[str]) -> str:
    letters = initials.group()
    word = letters.replace(".", "").replace(" ", "")
    return f"{word} " if letters[-1] in ". " else word
