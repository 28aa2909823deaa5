"""Names folded for comparison: one spelling for everything that people write in two ways. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that NFKD leaves whole although people type them plainly ("Bjørk", "Mø", "Straße").
_PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE"}
    | {"œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th", "ð": "d", "ı": "i", "İ": "I"}
)
_APOSTROPHES = re.compile(r"['’‘`´ʼ＇]")
_AND = re.compile(r"\s*(?:&|\+|＆)\s*")
# Dotted initials are one word: "R.E.M." is "REM", "B.o.B" is "bob".
_INITIALS = re.compile(r"\b(?:\w\.){2,}(?:\w\b)?")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_ARTICLE = re.compile(r"^the (?=\w)|(?<=\w) the$")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form under which two spellings of one name are equal.

    Accents, case, punctuation, "&"/"and", dotted initials and a leading or trailing "The" do not
    count: `fold("Beatles, The") == fold("the beatles")`. A name of punctuation alone keeps it, so
    that "!!!" stays a name.

    Args:
        text: an artist or a title as printed.
    Returns:
        Lower-case words parted by single spaces; "" only for blank text.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = unicodedata.normalize("NFKC", plain).casefold()
    plain = _INITIALS.sub(lambda found: found.group().replace(".", ""), plain)
    words = _NOT_WORD.sub(" ", _AND.sub(" and ", _APOSTROPHES.sub("", plain))).strip()
    if not words:
        return " ".join(plain.split())
    return _ARTICLE.sub("", words) or words
