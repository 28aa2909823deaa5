"""What a person's word about one song teaches for reading others: another name of an artist, a
spelling, and which side of the name a maker puts the artist on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..names.artist_likeness import is_artist
from ..names.folding import fold
from ..names.spelling import unpack
from ..parsing import Hypothesis, Knowledge, ParsedName, parse
from .naming import split_title, title_agreement

# Words beside artist and title that half of all karaoke files have: they are no maker's sign.
_COMMON = frozenset(
    fold(
        "karaoke version versions with lyrics lyric hd hq 4k video official instrumental letra con"
        " no lead vocal backing in style of made famous by originally performed as popular feat ft"
        " live mp4 mp3 zip cdg and a an from"
    ).split()
) | {"the"}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one song teaches.

    Attributes:
        alias: folded artist of the name, and how the person writes the artist; None for nothing.
        maker: words of the name beside artist and title, "" where they tell no maker.
        title_first: whether that maker writes the title first, None where the name does not tell.
    """

    alias: tuple[str, str] | None = None
    maker: str = ""
    title_first: bool | None = None


@lru_cache(maxsize=4096)
def lesson(name: str, artist: str, title: str) -> Lesson:
    """Compare what a name seems to say with what a person says of it."""
    text = f" {fold(unpack(name)[0])} "
    places = text.find(f" {fold(artist)} "), text.find(f" {fold(title)} ")
    is_told = min(places) >= 0 and places[0] != places[1]
    return Lesson(
        alias=_alias(parse(name).hypotheses, artist, title),
        maker=maker_of(name, artist, title) if is_told else "",
        title_first=places[1] < places[0] if is_told else None,
    )


def _alias(hypotheses: Iterable[Hypothesis], artist: str, title: str) -> tuple[str, str] | None:
    """The name's artist as another name of the person's, where nothing speaks against it.

    Who corrects "Adele - Make You Feel My Love" to Bob Dylan says whose song it is, and who writes
    "Queen & David Bowie" for "Queen" says who else sings: neither gives Adele or Queen a new name.
    """
    said = split_title(title)
    for reading in hypotheses:
        words, other = set(fold(reading.artist).split()), set(fold(artist).split())
        if not words or title_agreement(split_title(reading.title), said) < 0.94:
            continue
        if words == other:
            return (fold(reading.artist), artist) if reading.artist != artist else None
        if words & other or is_artist(reading.artist, frozenset()):
            return None
        return fold(reading.artist), artist
    return None


def maker_of(name: str, artist: str, title: str) -> str:
    """The words of a name beside artist and title, "" where many makers use them.

    "Hey Jude - Beatles [DJ Someone Karaoke]" leaves "dj someone karaoke".
    """
    song = {*fold(artist).split(), *fold(title).split()}
    left = [word for word in fold(unpack(name)[0]).split() if word not in song]
    is_sign = any(word.isalpha() and word not in _COMMON for word in left)
    return " ".join(left) if is_sign else ""


def learned(lessons: Iterable[Lesson]) -> Knowledge:
    """Lessons together, the latest first; what two of them tell differently is not believed."""
    aliases: dict[str, str] = {}
    refuted: set[str] = set()
    orders: dict[str, set[bool]] = {}
    for each in lessons:
        if each.alias:
            own, name = each.alias
            if fold(aliases.setdefault(own, name)) != fold(name):
                refuted.add(own)
        if each.maker and each.title_first is not None:
            orders.setdefault(each.maker, set()).add(each.title_first)
    return Knowledge(
        aliases={own: name for own, name in aliases.items() if own not in refuted},
        title_first=frozenset(maker for maker, told in orders.items() if told == {True}),
        artist_first=frozenset(maker for maker, told in orders.items() if told == {False}),
    )


def taught(parsed: ParsedName, knowledge: Knowledge) -> ParsedName:
    """A name's readings as people have taught to read it."""
    readings = list(parsed.hypotheses)
    if knowledge.title_first or knowledge.artist_first:
        readings = _in_order(parsed.name, readings, knowledge)
    named = []
    for reading in readings:
        own = fold(reading.artist)
        name = knowledge.aliases.get(own, reading.artist)
        if name != reading.artist:
            why = f"{name} in this library", *reading.evidence
            named.append(reading._replace(artist=name, evidence=why))
        # Beside it as it was, since what is kept of earlier look-ups answers that.
        if name == reading.artist or fold(name) != own:
            named.append(reading)
    return parsed._replace(hypotheses=tuple(named))


def _in_order(name: str, readings: list[Hypothesis], knowledge: Knowledge) -> list[Hypothesis]:
    """The readings with the one first that has artist and title where its maker puts them."""
    best = readings[0]
    maker = maker_of(name, best.artist, best.title)
    if not best.artist or maker not in knowledge.title_first | knowledge.artist_first:
        return readings
    text = f" {fold(unpack(name)[0])} "
    artist, title = text.find(f" {fold(best.artist)} "), text.find(f" {fold(best.title)} ")
    is_so = (title < artist) == (maker in knowledge.title_first)
    is_known = is_artist(best.artist, knowledge.artists)
    if min(artist, title) < 0 or is_so or (is_known and not is_artist(best.title, frozenset())):
        return readings
    turned = best._replace(artist=best.title, title=best.artist, evidence=("as its maker writes",))
    pair = fold(turned.artist), fold(turned.title)
    rest = [each for each in readings if (fold(each.artist), fold(each.title)) != pair]
    return [turned, *rest]
