"""Names as they are compared with a service's own: no accents, no case, no punctuation. Pure."""

from __future__ import annotations

import re
import unicodedata

# People type any of them, and file names leave them out: "mr brightside", "dont stop".
_APOSTROPHE = re.compile("['’`´]")
_WORD = re.compile(r"[^\W_]+")


def plain_words(text: str) -> list[str]:
    """The words of a name in their order."""
    letters = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text)).casefold()
    letters = unicodedata.normalize("NFKD", letters)
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return _WORD.findall(unicodedata.normalize("NFKC", plain).encode("utf-8", "ignore").decode())
