"""Whom a text names beside artist and title: "by", "feat.", "cover of", "in the style of". Pure."""

from __future__ import annotations

import re

from .credit_words import BY_WORDS, CREDITS, FEATURING, credit_pattern
from .folding import fold
from .pieces import EDGES, Pieces, trimmed
from .version_words import COVER_WORDS

CREDIT = credit_pattern(CREDITS)
BY = credit_pattern(BY_WORDS)
FEAT = re.compile(rf"(?<!\w)(?:{'|'.join(FEATURING)})(?:\.|\b) *", re.IGNORECASE)
WITH = re.compile(r"(?:with|con|avec|mit) +(?=[^\W\d_])", re.IGNORECASE)
FROM = re.compile(
    r"(?:(?:song |theme )?from|ost|bso|b\.?o\.?|soundtrack|aus|de la pel[ií]cula|del film|do filme"
    r"|du film|dari film|nhạc phim|phim|ost\.?|из (?:кинофильма|фильма|мультфильма|сериала|к/ф|т/с)"
    r"|із? фільму|з фільму|filminden|dizisinden|novela|tema de)\b"
    r"|(?:드라마|영화|애니|ドラマ|映画|アニメ|電影|电影|電視劇|电视剧|片頭曲|片尾曲|主題曲|主题曲|插曲)"
    r"|.*\bost$|.*[^\x00-\x7f]ost$",
    re.IGNORECASE,
)
GUEST_HINTS = frozenset(word for phrase in FEATURING for word in phrase.split())
COVER_OF = re.compile(
    r"(?:cover|tribute|version)s? (?:of|to) +|original(?:ly)? by +", re.IGNORECASE
)
# Words without which the patterns above need not be tried.
COVER_HINTS = frozenset(
    ["cover", "covers", "tribute", "tributes", "version", "versions", "original", "originally"]
)
# "(Nicole Cross Official Cover Video)", "(Boyce Avenue piano cover)", "Live Sam Tsui Cover"
_VIDEO_WORDS = frozenset(("video", "official", "version", "clip", "music"))
_COVER_STYLES = _VIDEO_WORDS | frozenset((
    "a", "acoustic", "accoustic", "piano", "live", "guitar", "cello", "violin", "string", "strings",
    "metal", "rock", "ukulele", "band", "acapella", "acappella", "cappella", "studio", "drum",
    "bass", "fingerstyle", "instrumental", "new",
))  # fmt: skip


def is_cover(inner: str, pieces: Pieces) -> bool:
    """Whether a bracket or part says whose song this is or who covers it: "(Johnny Cash Cover)"."""
    if found := COVER_OF.search(inner):
        pieces.covers.append((bare_name(inner[found.end() :], pieces), True))
        return True
    words = inner.split()
    while words and fold(words[-1]) in _VIDEO_WORDS:
        words.pop()
    if not words:
        return False
    if len(words) == 1 and words[0].lower().endswith("-cover"):
        pieces.covers.append((pieces.shown(words[0][:-6]), False))
        return True
    if fold(words[-1]) not in COVER_WORDS:
        return False
    end = len(words) - 1
    while end > 0 and _COVER_STYLES.issuperset(fold(words[end - 1]).split()):
        end -= 1
    start = 0
    while start < end and _COVER_STYLES.issuperset(fold(words[start]).split()):
        start += 1
    pieces.covers.append((pieces.shown(" ".join(words[start:end])), False))
    return True


def guest_names(text: str) -> list[str]:
    """The names that follow "feat." or "with": "Sean Paul & Pitbull"."""
    names = re.split(r" ?(?:,|&| and | y | e | et | und | x ) ?", text)
    return [name.strip(EDGES) for name in names if name.strip(EDGES)]


def bare_name(text: str, pieces: Pieces) -> str:
    """A credited name without quotes and noise behind it: `"Cher" karaoke video with lyrics`."""
    text = pieces.shown(trimmed(text, pieces, lead=False)[0]).strip()
    text = text.strip("-_:;,* ")
    if text.count('"') == 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    elif text.count('"') == 1:
        text = text.replace('"', "")
    return text.strip()
