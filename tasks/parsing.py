"""A song's name -> ranked hypotheses of who sings what. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from .names.artist_likeness import ONE_WORD_SONG, is_artist
from .names.channels import Order
from .names.cutting import cut
from .names.formatting import final_title, readable
from .names.front_numbers import NO_NUMBERS
from .names.hashed_set import Artists
from .names.pieces import Pieces
from .names.readings import GUESSES, Reader, Reading
from .names.spelling import sole_name, unpack
from .names.track_marks import is_nameless

Strength: TypeAlias = Literal["strong", "weak", "fallback"]


class Hypothesis(NamedTuple):
    """One reading of a name.

    Attributes:
        artist: main artist in its own spelling, "" when the name tells none.
        title: the song's title without noise, variant and featured artists.
        strength: how plainly the name says so.
        variant: what sets this recording apart ("Live", "Acoustic", "Key -2"), "" for none.
        featured: artists named after "feat." and the like; they stay out of the search.
        evidence: what ranked this reading, in words, the weightiest first.
    """

    artist: str
    title: str
    strength: Strength
    variant: str = ""
    featured: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class ParsedName(NamedTuple):
    """What a file name tells before any network: `hypotheses` best first, never empty."""

    name: str
    youtube_id: str | None
    hypotheses: tuple[Hypothesis, ...]


class Habit(NamedTuple):
    """What the names of one folder or maker have in common.

    Attributes:
        first: what most of them write first, None where they do not agree.
        agreeing, told: how many names show it, of how many.
        numbered: for each kind of number in front, whether it is a place in a list.
    """

    first: Order | None = None
    agreeing: int = 0
    told: int = 0
    numbered: Mapping[str, bool] = NO_NUMBERS


NO_HABIT = Habit()


class Habits(NamedTuple):
    """What `judging.folder_habits` has learned: by a folder's path, and by a maker's words."""

    folders: Mapping[str, Habit] = {}
    makers: Mapping[str, Habit] = {}


NO_HABITS = Habits()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a library already knows for certain, to rank readings by.

    Attributes:
        artists: folded names of artists that some song of the library holds for certain.
        refused: keys (`songs.song_key`) of what a person has said that this song is not.
        aliases: folded name -> how people write the artist, learned from their edits.
        title_first, artist_first: makers (`lessons.maker_of`) that people showed to write so.
        habits: what the library's own names show of their folders and makers.
    """

    artists: Artists = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()
    aliases: Mapping[str, str] = field(default_factory=dict)
    title_first: frozenset[str] = frozenset()
    artist_first: frozenset[str] = frozenset()
    habits: Habits = NO_HABITS


NO_KNOWLEDGE = Knowledge()

# How many readings leave the parser at most; each costs the caller a look-up.
MOST = 6
# A reading is strong from this score on, and when it leads the next by this much; by more where the
# name does not say that it is a karaoke track's. Strong ones are right nine times in ten.
_STRONG, _LEAD, _LEAD_ELSEWHERE = 2.0, 1.0, 1.5
# A name without a separator is a title rather than a reading of less than this: "Mr. Brightside".
_LIKE_AN_ARTIST = 1.5
_GUESS = -0.3


def parse(name: str, knowledge: Knowledge = NO_KNOWLEDGE, folder: Habit = NO_HABIT) -> ParsedName:
    """Read a file name or video title (with or without folder, extension and YouTube id).

    Args:
        name: any string.
        knowledge: what the library knows, to rank readings by.
        folder: what its neighbours tell of numbers in front.
    Returns:
        The readings, best first, at least one; each says by which evidence it was ranked.
    """
    text, youtube_id, channel = unpack(name, folder.numbered)
    pieces = cut(text, channel)
    ranked = [] if is_nameless(text) else Reader(pieces, knowledge.artists).ranked(MOST)
    strong = bool(ranked) and ranked[0].score >= _STRONG
    if strong and len(ranked) > 1:
        lead = _LEAD if pieces.karaoke else _LEAD_ELSEWHERE
        strong = ranked[0].score - ranked[1].score > lead and not _is_doubtful(
            ranked[0], pieces, knowledge.artists
        )
    variant = ", ".join(dict.fromkeys(pieces.variants)) if pieces.variants else ""
    featured = tuple(dict.fromkeys(pieces.featured)) if pieces.featured else ()
    hypotheses = []
    for index, reading in enumerate(ranked):
        names = readable(reading.artist, reading.title)
        strength: Strength = "strong" if strong and not index else "weak"
        hypotheses.append(Hypothesis(*names, strength, variant, featured, reading.evidence()))
    if not strong:
        said = text if text.strip(" -_.") else sole_name(name)
        titles = (final_title(pieces.shown(part), bool(pieces.karaoke)) for part in pieces.parts)
        title = " - ".join(filter(None, titles))
        if not title.strip(" -_."):
            title = "".join(sign for sign in said if sign.isprintable()).strip()
        why = ("the whole name as title",)
        fallback = Hypothesis("", readable("", title)[1], "fallback", variant, featured, why)
        guess = len(pieces.parts) == 1 and bool(ranked) and ranked[0].score < _GUESS
        hypotheses.insert(0 if guess else len(hypotheses), fallback)
    return ParsedName(name, youtube_id, tuple(hypotheses))


def _is_doubtful(best: Reading, pieces: Pieces, artists: Artists) -> bool:
    """Whether the title may as well be who sings: "Pharrell Williams - Marilyn Monroe".

    Where a phrase names the artist, or a channel whose habits are known, there is no doubt.
    """
    if len(pieces.parts) == 1 and best.why[0] in GUESSES and not is_artist(best.artist, artists):
        return True  # "Hẹn Gặp Em Dưới Ánh Trăng" names nobody
    artist, title = best.artist_looks, best.title_looks
    if artist and title and not artist.signs and title.signs == (ONE_WORD_SONG,):
        return True  # "Sejati - Wings": a word that is some song says little of the other side
    if pieces.credit or pieces.channels or title is None:
        return False
    return title.score >= _LIKE_AN_ARTIST
