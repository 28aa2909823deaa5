"""A language that nobody speaks: longer by 40 %, accented, in brackets, so that a text that no
translator was given and a box that is too narrow are seen."""

from __future__ import annotations

import re

from pikaraoke_enrichment.words.language import Language

LONGER = 0.4
_PLACE = re.compile(r"(%\(\w+\)s|%%|\{\w+\})")
_ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")


def pseudo(text: str) -> str:
    """The text in that language, its places as they were."""
    parts = _PLACE.split(text)
    letters = sum(len(part) for part in parts[::2])
    parts[::2] = [part.translate(_ACCENTED) for part in parts[::2]]
    # Words, since a line breaks between them only.
    more = " ".join(["wórdý"] * round(LONGER * letters / 6))
    return f"⟦{''.join(parts)}{' ' if more else ''}{more}⟧"


PSEUDO = Language(
    tag="en-XA",
    gettext=pseudo,
    ngettext=lambda one, many, count: pseudo(one if count == 1 else many),
)


def said_plainly(page: str, names: set[str]) -> set[str]:
    """The words of a page's text that stand in no brackets, without names."""
    while re.search("⟦[^⟦⟧]*⟧", page):
        page = re.sub("⟦[^⟦⟧]*⟧", " ", page)
    return {word for word in re.findall(r"[^\W\d_][\w.-]*", page) if word not in names}
