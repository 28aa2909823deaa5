"""Who sells karaoke tracks, tributes and covers, and credits that name nobody. Data, pure."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from ..names.folding import fold

_DATA = Path(__file__).with_name("data")


def _names(file: str) -> frozenset[str]:
    return frozenset((_DATA / file).read_text(encoding="utf-8").splitlines())


# Houses whose whole trade is karaoke, folded: never a song's artist, not even of their own file.
KARAOKE_MAKERS = _names("karaoke_makers.txt")

_HOUSES = frozenset(name for name in KARAOKE_MAKERS if len(name) > 5)

# Who covers for a living, and makers whose name is a band's as well: right where the name asks for
# them. "Stingray" was a South African rock band, "Nomad" sang "(I Wanna Give You) Devotion".
TRIBUTE_ACTS = _names("tribute_acts.txt")

_KARAOKE_WORDS = re.compile(
    r"\b(?:karaokes?|noraebang|backing tracks?|instrumental tracks|playback|minus one|off vocal|"
    r"basi musicali|pistas? musicales?)\b|カラオケ|караоке|노래방|卡拉 ?ok|伴奏|伴唱"
)
# Words of those who play what others made known. As credits they are right where the name asks for
# them: "Cover Drive" and "Dr. Horrible's Sing-Along Blog" are no imitators.
_TRIBUTE_WORDS = re.compile(
    r"\b(?:tributes?|tributo|a ?k ?a covers|cover (?:band|version|versions|hits|all ?stars)|"
    r"made famous|made popular|in the style of|hits? (?:remade|performers|masters|makers)|"
    r"sound ?a ?likes?|lullaby (?:renditions|versions|versionen)|ringtones?|8 ?bit)\b"
)
_IMITATORS = re.compile(
    r"\b(?:covers?|backing|instrumentals?|hits|sing ?alongs?|re ?made|top (?:40|100)|"
    r"(?:studio|session|chart|hit|party|countdown|cover|starlite) (?:\d+ )?(?:musicians|singers|"
    r"players|vocalists|sound|band|group|ensemble|orchestra|crew|kings|masters|all ?stars))\b"
)

_JOINT = re.compile(r"\s*[,;]\s+|\s+(?:&|\+|and|with|feat\.?)\s+", re.IGNORECASE)

# Last.fm's "[unknown]" has more listeners than most bands (1,062,744 in a recorded answer).
_NOBODY: frozenset[str] = frozenset(
    {"unknown", "unknown artist", "no artist", "anonymous", "various",
     "various artists", "various artist", "va", "verschiedene", "varios artistas",
     "artistes divers", "desconocido", "n a", "none", "null", "artist", "karaoke", "youtube",
     "soundtrack"}
)  # fmt: skip


@lru_cache(maxsize=128)
def is_nobody(artist: str) -> bool:
    """Whether a credit stands for no artist: "[unknown]", "Various Artists"."""
    return fold(artist) in _NOBODY


@lru_cache(maxsize=128)
def is_karaoke_maker(artist: str) -> bool:
    """Whether a credit is a karaoke house, by name or because it says so ("Zoom Karaoke")."""
    folded = fold(artist)
    if not KARAOKE_MAKERS.isdisjoint(_names_in(artist)) or _KARAOKE_WORDS.search(folded):
        return True
    # "Ameritz Countdown Singers", "Party Tyme Hit Crew": a house under one of its many names.
    words = folded.split()
    return any(" ".join(words[:size]) in _HOUSES for size in (1, 2))


@lru_cache(maxsize=128)
def is_tribute(artist: str) -> bool:
    """Whether a credit plays others' songs for a living: right only where the name asks for it."""
    folded = fold(artist)
    words = _TRIBUTE_WORDS.search(folded) or _IMITATORS.search(folded)
    return not TRIBUTE_ACTS.isdisjoint(_names_in(artist)) or bool(words)


def _names_in(artist: str) -> set[str]:
    """A credit, and the names that it joins, folded: "Queen & The Hit Crew"."""
    return {fold(artist), *map(fold, _JOINT.split(artist))}


@lru_cache(maxsize=128)
def says_karaoke(words: str) -> bool:
    """Whether an album, a remark or a genre tells that the recording is a karaoke track."""
    return bool(_KARAOKE_WORDS.search(fold(words)))


@lru_cache(maxsize=128)
def says_tribute(words: str) -> bool:
    """Whether an album or a remark tells that the recording imitates another."""
    return bool(_TRIBUTE_WORDS.search(fold(words)))
