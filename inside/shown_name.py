"""What a song is called inside PiKaraoke, and by which words it is found there. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..tasks.judging.languages import english_name, own_name
from ..tasks.names.folding import fold

# A song this sure is shown by its name in place of its file's: "High Confidence", or verified.
SURE_ENOUGH = 0.90
# It sorts before every sign of a name, and no term of a search holds it: `str.split` parts there.
END_OF_NAME = "\x1f"
# PiKaraoke's queue and splash put a title into their page as HTML: a service's answer is a
# stranger's word, yet "<3" must stay readable.
_NO_TAGS = str.maketrans({"<": "‹", ">": "›"})


class Known(NamedTuple):
    """What is known of one song; empty or None where it is not."""

    artist: str | None
    title: str | None
    variant: str | None
    year: int | None
    genre: str | None
    duet: bool | None = None
    language: str | None = None


class ShownName(str):
    """A name to show, with the path of the file that it stands for."""

    __slots__ = ("path",)
    path: str

    def __new__(cls, name: str, path: str) -> ShownName:
        shown = super().__new__(cls, name)
        shown.path = path
        return shown


def shown_name(known: Known, is_title_first: bool = False) -> str | None:
    """The name to show for a song; None where no title is known."""
    artist, title, variant = (_clean(text or "") for text in known[:3])
    if not title:
        return None
    words = [title, artist] if is_title_first else [artist, title]
    return " - ".join(filter(None, words)) + (f" ({variant})" if variant else "")


def search_key(name: str, words: Iterable[str]) -> str:
    """The text that a search looks through: the folded name, then the words that it lacks.

    A search's term has no blank in it, so it is found within one word or not at all.
    """
    key = name + END_OF_NAME
    for word in words:
        if word not in key:
            key += f"{word} "
    return key


def words_of(known: Known) -> list[str]:
    """Further words by which a song is found: other spellings, year, decade ("1980s"), genre,
    "duet", and its language in English and as it is called there ("german deutsch")."""
    text = f"{fold(known.artist or '')} {fold(known.title or '')} {(known.genre or '').lower()}"
    years = [str(known.year), f"{known.year // 10 * 10}s"] if known.year else []
    codes = known.language.split(",") if known.language else []
    names = " ".join(name for code in codes for name in (english_name(code), own_name(code)))
    return [*text.split(), *years, *(["duet"] if known.duet else []), *fold(names).split()]


def _clean(text: str) -> str:
    """Text on one line, without signs that are invisible or turn the others round."""
    seen: Any = (sign if sign.isprintable() else " " for sign in text.translate(_NO_TAGS))
    return " ".join("".join(seen).split())
