"""Names as they are compared with a service's own: no accents, no case, no punctuation. Pure."""

from __future__ import annotations

import re
import unicodedata

# People type any of them, and file names leave them out: "mr brightside", "dont stop".
APOSTROPHE = re.compile("['’`´]")
# An article that is printed or left out as one likes.
ARTICLE = re.compile(r"the\s+(?=\S)", re.IGNORECASE)
# The letters of a word that most misspellings leave right.
BEGINNING = 3
_WORD = re.compile(r"[^\W_]+")


def may_answer(asked: str, *given: str) -> bool:
    """Whether names can be the answer to what was asked: some word begins as one asked for, or they
    are in another script. Services, and caches before them, now and then answer another question.
    """
    if not given or any(asked.isascii() != name.isascii() for name in given):
        return True
    beginnings = {word[:BEGINNING] for word in plain_words(asked)}
    found = {word[:BEGINNING] for name in given for word in plain_words(name)}
    return not beginnings or not beginnings.isdisjoint(found)


def plain_words(text: str) -> list[str]:
    """The words of a name in their order."""
    letters = unicodedata.normalize("NFKD", APOSTROPHE.sub("", text)).casefold()
    letters = unicodedata.normalize("NFKD", letters)
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return _WORD.findall(unicodedata.normalize("NFKC", plain).encode("utf-8", "ignore").decode())
