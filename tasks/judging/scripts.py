"""Cyrillic and Greek names in Latin letters, as people type them: "Gruppa krovi". Pure."""

from __future__ import annotations

import re
from functools import lru_cache

# Folded letters: accents are gone, so that й is и, ё is е and ї is і.
_LATIN = {
    **dict(zip("абвгдезиклмнопрстуфхыэіґјћ", "abvgdeziklmnoprstufhieigic", strict=True)),
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "iu", "я": "ia",
    "є": "ie", "ђ": "dj", "љ": "li", "њ": "ni", "џ": "dz",
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstifo", strict=True)),
    "θ": "th", "χ": "h", "ψ": "ps",
}  # fmt: skip
_TABLE = str.maketrans(_LATIN)
_FOREIGN = re.compile("[α-ωа-яіґјћєђљњџ]")
# Who types in Latin letters writes "Viktor Tsoy" or "Tsoi", "Aleksandra" or "Alexandra".
_WAYS = (("shch", "sch"), ("kh", "h"), ("ph", "f"), ("ou", "u"), ("w", "v"), ("ks", "x"),
         ("ts", "c"), ("yo", "e"), ("jo", "e"), ("ye", "e"), ("j", "i"), ("y", "i"),
         ("ie", "e"), ("h", ""))  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")


def is_romanized(one: str, other: str) -> bool:
    """Whether two folded names are the same, one in Latin letters, the other in its own."""
    if one.isascii() == other.isascii():
        return False
    latin, own = (one, other) if one.isascii() else (other, one)
    if not _FOREIGN.search(own):
        return False
    own = own.replace("ου", "u").replace("γγ", "ng")
    return _plainest(latin) == _plainest(own.translate(_TABLE))


@lru_cache(maxsize=512)
def _plainest(latin: str) -> str:
    """A name in Latin letters without what people write in several ways."""
    for written, plain in _WAYS:
        latin = latin.replace(written, plain)
    return _DOUBLE.sub(r"\1", latin.replace(" ", ""))
