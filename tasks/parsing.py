"""A song's name -> ranked hypotheses of who sings what. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from . import known
from .folding import fold
from .likeness import Looks, is_artist, looks
from .pieces import (
    COLON,
    DASH,
    FEAT,
    FIRST_KEPT,
    GAP,
    HALF,
    PIPE,
    QUOTES,
    SPLIT,
    TIGHT,
    Pieces,
    cut,
)
from .spelling import unpack
from .words import BY_WORDS, SINGS, channel_habits, credit_pattern

Strength: TypeAlias = Literal["strong", "weak", "fallback"]


@dataclass(frozen=True, slots=True)
class Hypothesis:
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


@dataclass(frozen=True, slots=True)
class ParsedName:
    """What a file name tells before any network: `hypotheses` best first, never empty."""

    name: str
    youtube_id: str | None
    hypotheses: tuple[Hypothesis, ...]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a library already knows for certain, to rank readings by.

    Attributes:
        artists: folded names of artists that some song of the library holds for certain.
    """

    artists: frozenset[str] = frozenset()


NO_KNOWLEDGE = Knowledge()

# At most so many readings leave the parser; each costs the caller a look-up.
MOST = 6

# How much each way to part a name is worth before anybody looks at the words.
_BASE = {PIPE: 2.0, DASH: 2.4, HALF: 2.0, COLON: 1.6, SPLIT: 1.2, TIGHT: 0.8}
_SPARE_PART = -0.8  # each part that a reading leaves unexplained
_JOINED = 1.2  # what a title of several parts loses
_BRACKET = 1.6  # what the less likely form of a title with a bracket behind it loses
_NAME = 1.5  # from here on a bracket names a person or a band
_STRONG = 2.6  # a reading's score from which it is called strong

_BY = credit_pattern(BY_WORDS)
_SINGS = credit_pattern(SINGS)
_TIGHT = re.compile(r"(?<=[^\s-])[-–~_](?=[^\s-])")
_LOOSE = re.compile(r"  |, |\. |\.{3}|~")
_COMMA_NAME = re.compile(r"([^,]{2,40}), ([^,]{1,40})")
_ARTICLE = re.compile(
    r"(.{2,60}), (the|a|an|los|las|el|la|les|le|die|der|das|os|as|il|gli|i)", re.IGNORECASE
)
_TRACK = re.compile(r"0\d\d?[.)-]? ?-? ?(?=\S)|\d\d?[.)] +(?=\S)")
# '"Secret Love" from "Calamity Jane"', '「ハレンチ」': what the quotation says is the title.
_QUOTED = re.compile(r'["「『《]([^"「」『』《》]{2,})["」』》]')
_END_YEAR = re.compile(r"[ ,.-]*(?<![\w'])(?:19[2-9]\d|20[0-3]\d)\.?$")
# "Mr. Brightside", "St. Louis Blues": the dot ends no sentence.
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|st|jr|sr|no|vs|vol|pt|\w)$", re.IGNORECASE)
# Words that bind what follows to them, and words that bind themselves to what stands before.
_BINDING = frozenset(
    "a an and the of in on at to for by my your his her from with is are was y e de del la el los las le les"
    " di da do dos du des der die das und et il lo i we you he she they ang sa ng mga".split()
)
_JOINING = frozenset("and y e und et of feat ft featuring vs by".split())
_EDGES = " \t-–—~_|:;,/*·+=\\" + GAP


@dataclass(slots=True)
class _Reading:
    artist: str
    title: str
    score: float
    why: list[str]


def parse(name: str, knowledge: Knowledge = NO_KNOWLEDGE) -> ParsedName:
    """Read a file name or video title (with or without folder, extension and YouTube id).

    Args:
        name: any string.
        knowledge: what the library knows, to rank readings by.
    Returns:
        The readings, best first, at least one; each says by which evidence it was ranked.
    """
    text, youtube_id, channel = unpack(name)
    pieces = cut(text, channel)
    reader = _Reader(pieces, knowledge.artists)
    best: dict[tuple[str, str], _Reading] = {}
    for found in reader.readings():
        for reading in reader.finished(found):
            key = (fold(reading.artist), fold(reading.title))
            if key not in best or best[key].score < reading.score:
                best[key] = reading
    ranked = sorted(best.values(), key=lambda reading: -reading.score)[:MOST]
    hypotheses = [_hypothesis(reading, ranked, pieces) for reading in ranked]
    if not hypotheses or hypotheses[0].strength != "strong":
        hypotheses.append(_fallback(text or name, pieces))
    return ParsedName(name, youtube_id, tuple(hypotheses))


class _Reader:
    """The ways to read one name's pieces, each with a score."""

    def __init__(self, pieces: Pieces, library: frozenset[str]) -> None:
        self.pieces = pieces
        self.library = library
        self.seen: dict[str, Looks] = {}

    def looks(self, text: str) -> Looks:
        if text not in self.seen:
            self.seen[text] = looks(_flipped(self.pieces.shown(text)), self.library)
        return self.seen[text]

    def readings(self) -> Iterator[_Reading]:
        parts = self.pieces.parts
        if self.pieces.credit:
            yield from self.credited()
        yield from self.parted()
        for index, part in enumerate(parts):
            yield from self.by_phrase(part, len(parts) - 1, index)
            yield from self.enclosed(part, len(parts) - 1)
        if len(parts) == 1:
            yield from self.unparted(parts[0])
        yield from self.performed()

    def pair(self, artist: str, title: str, score: float, *why: str) -> _Reading:
        """A reading scored by how both texts look."""
        left, right = self.looks(artist), self.looks(title)
        score += left.score - 0.7 * right.score
        return _Reading(
            self.pieces.shown(artist),
            self.pieces.shown(title),
            score,
            [
                *why,
                *(f"artist: {sign}" for sign in left.signs),
                *(f"title: {sign}" for sign in right.signs),
            ],
        )

    def finished(self, reading: _Reading) -> Iterator[_Reading]:
        """A reading in its final spelling; a second one without the bracket behind its title.

        "Nashville Train - Ring Ring (ABBA)" names the original artist in brackets: dropped first,
        kept second. "My Man Rocks Me (With One Steady Roll)" is the other way round.
        """
        artist, title = _artist(reading.artist), _title(reading.title, self.pieces)
        if not artist or not title:
            return
        bare, inner = _behind(title)
        if not bare:
            yield _Reading(artist, title, reading.score, reading.why)
            return
        dropped = self.looks(inner).score >= _NAME
        without, with_it = (0.0, -_BRACKET) if dropped else (-_BRACKET, 0.0)
        why = [*reading.why, f'"({inner})" left out']
        yield _Reading(artist, bare, reading.score + without, why)
        yield _Reading(artist, title, reading.score + with_it, reading.why)

    def credited(self) -> Iterator[_Reading]:
        """ "Title in the style of Artist": the phrase leaves no doubt.

        Outside karaoke, "Need You Now - Kheops & The Cats (Originally by Lady Antebellum)" tells
        whose song somebody else plays.
        """
        pieces = self.pieces
        credit, phrase, parts = pieces.credit, f'"{pieces.credit_phrase}"', pieces.parts
        cover = len(parts) > 1 and not pieces.karaoke and "orig" in phrase
        for index, part in enumerate(parts):
            if fold(pieces.shown(part)) != fold(credit) or len(parts) == 1:
                score = (2.0 if cover else 8.0) - 0.5 * index - 0.3 * self.looks(part).score
                yield _Reading(credit, pieces.shown(part), score, [phrase])
        if len(parts) == 2:
            yield _Reading(credit, pieces.shown(" - ".join(parts)), 5.0, [phrase])

    def first(self, strength: int) -> tuple[float, str]:
        """Log odds that the artist stands first, by the habits that the name shows, and why."""
        pieces = self.pieces
        for channel in pieces.channels:
            order, weight = channel_habits()[channel]
            if order:
                return (
                    weight if order == "artist" else -weight
                ), f"{channel} writes the {order} first"
        if pieces.title_first:
            return -pieces.title_first, "such channels write the title first"
        if strength == COLON and pieces.karaoke:
            return -1.2, "karaoke names with a colon put the title first"
        if pieces.karaoke:
            return (-0.3 if pieces.lead_karaoke else 0.2), "karaoke names have either order"
        return 1.0, "most names put the artist first"

    def parted(self) -> Iterator[_Reading]:
        """ "Artist - Title" and "Title - Artist", at every separator."""
        parts, joints = self.pieces.parts, self.pieces.joints
        count = len(parts)
        for at, strength in enumerate(joints):
            prior, why = self.first(strength)
            base = _BASE[strength] + _SPARE_PART * 0.5 * (count - 2) - 0.2 * at
            left, right = parts[at], parts[at + 1]
            yield self.pair(left, right, base + prior / 2, why)
            yield self.pair(right, left, base - prior / 2, why)
            if count > 2:
                if at + 2 < count:
                    yield self.joined(left, parts[at + 1 :], base + prior / 2, why)
                if at:
                    yield self.joined(right, parts[: at + 1], base - prior / 2, why)
        if count == 3:
            prior, why = self.first(DASH)
            yield self.pair(parts[0], parts[2], 0.9 + prior / 2, why)
            yield self.pair(parts[2], parts[0], 0.9 - prior / 2, why)

    def joined(self, artist: str, title: list[str], score: float, why: str) -> _Reading:
        """A reading whose title spans several parts."""
        reading = self.pair(artist, title[0], score - _JOINED, why)
        reading.title = self.pieces.shown(" - ".join(title))
        return reading

    def by_phrase(self, part: str, spare: int, index: int) -> Iterator[_Reading]:
        """ "Title by Artist" and "Artist sings Title" within one part."""
        for found in _BY.finditer(part):
            title, artist = part[: found.start()].strip(_EDGES), part[found.end() :].strip(_EDGES)
            if not artist:
                continue
            phrase = f'"{found.group().strip().lower()}"'
            cover = 2.0 if "cover" in phrase else 0.0
            if title:
                # "Title by Artist" is a habit of karaoke names; elsewhere titles have "by" as well.
                plain = 1.6 if len(phrase) < 6 and not self.pieces.karaoke else 3.0
                yield self.pair(artist, title, plain + cover + spare * _SPARE_PART, phrase)
            if index and (cover or not title):
                for other in self.pieces.parts[:index]:
                    yield self.pair(artist, other, 3.4 + cover, phrase)
        for found in _SINGS.finditer(part):
            artist, title = part[: found.start()].strip(_EDGES), part[found.end() :].strip(_EDGES)
            if artist and title:
                phrase = f'"{found.group().strip().lower()}"'
                yield self.pair(artist, title, 1.6 + spare * _SPARE_PART, phrase)

    def performed(self) -> Iterator[_Reading]:
        """Who plays, in brackets: "(by X)", "(X cover)"; the parts hold title and composer."""
        pieces = self.pieces
        for performer, cover in pieces.performers:
            base = 8.0 if cover else 5.0
            for index, part in enumerate(pieces.parts):
                score = base - 0.5 * index - self.looks(part).score
                yield _Reading(performer, pieces.shown(part), score, ["by"])
        for name, original in pieces.covers:
            if not name or original or (len(pieces.parts) > 1 and is_artist(name, self.library)):
                continue
            # "Roar - Katy Perry (Jason Chen Cover)": the other part holds whose song it is.
            others = [is_artist(pieces.shown(part), self.library) for part in pieces.parts]
            base = 4.0 if len(others) == 1 else 7.5 if any(others) else 1.8
            for index, part in enumerate(pieces.parts):
                score = base - 0.5 * index - self.looks(part).score
                yield _Reading(name, pieces.shown(part), score, ["cover by"])

    def unparted(self, part: str) -> Iterator[_Reading]:
        """A name without a separator: tight dashes, guests, capitals, artists at either end."""
        if any(
            chr(FIRST_KEPT + i) in part
            for i, kept in enumerate(self.pieces.kept)
            if kept[0] in QUOTES
        ):
            return  # the quotation parts it
        yield from self.tight(part)
        yield from self.guested(part)
        yield from self.cased(part)
        yield from self.by_artist(part)

    def enclosed(self, part: str, spare: int) -> Iterator[_Reading]:
        """'Artist "Title"', '"Title" Artist', 'Artist "Title" Dance Practice', 'Title (Artist)'."""
        for index, (opening, inner) in enumerate(self.pieces.kept):
            before, found, after = part.partition(chr(FIRST_KEPT + index))
            before, after = before.strip(_EDGES), after.strip(_EDGES)
            if not found or not (before or after):
                continue
            score = spare * _SPARE_PART
            if opening in QUOTES:
                if before:
                    yield self.pair(before, inner, 2.2 + score, "title in quotes")
                else:
                    yield self.pair(after, inner, 1.6 + score, "title in quotes")
                    yield self.pair(inner, after, -0.5 + score, "artist in quotes")
            elif before and not after and not spare:
                yield self.pair(inner, before, 0.6, "artist in brackets")

    def tight(self, part: str) -> Iterator[_Reading]:
        """ "Oasis-Wonderwall": a dash that may also be a hyphen; "Shani Wallis...Don't Take It"."""
        prior, why = self.first(TIGHT)
        for count, found in enumerate(_TIGHT.finditer(part)):
            start, end = found.span()
            if count >= 6:
                break
            hyphen = 0.0
            if part[end].islower() and part[start - 1].islower():
                hyphen = -1.2  # "Part-time lover" has its hyphen between small letters
            elif part[end].isdigit():
                hyphen = -1.5  # "Blink-182-I Miss You"
            yield from self.both(part[:start], part[end:], _BASE[TIGHT] + hyphen, prior, why)
        for found in _LOOSE.finditer(part):
            base = 2.2 if found.group() == "  " else 0.2
            if not _ABBREVIATION.search(part, 0, found.start()):
                yield from self.both(
                    part[: found.start()], part[found.end() :], base, prior / 2, why
                )

    def both(
        self, left: str, right: str, base: float, prior: float, why: str
    ) -> Iterator[_Reading]:
        """Two texts as artist and title, and the other way round."""
        left, right = left.strip(_EDGES), right.strip(_EDGES)
        if left and right:
            yield self.pair(left, right, base + prior / 2, why)
            yield self.pair(right, left, base - prior / 2, why)

    def guested(self, part: str) -> Iterator[_Reading]:
        """ "Jessie J ft. B.o.B Price Tag": the guest's name ends where the title begins."""
        found = FEAT.search(part)
        if found is None or not found.start():
            return
        artist, words = part[: found.start()].strip(_EDGES), part[found.end() :].split()
        for size in range(1, min(4, len(words))):
            guest, title = " ".join(words[:size]), " ".join(words[size:])
            score = 1.5 + self.looks(guest).score - 0.2 * abs(size - 2)
            yield self.pair(artist, title, score, f"guest: {guest}")

    def cased(self, part: str) -> Iterator[_Reading]:
        """ "GOLDBUG whole lotta love", "Shirley Bassey CONCERTO D'AUTUNNO": capitals end a name."""
        words = part.split()
        capital = [len(word) > 1 and word.isupper() for word in words]
        if (
            len(words) < 2
            or capital[0] == capital[-1]
            or capital != sorted(capital, reverse=capital[0])
        ):
            return
        at = sum(capital) if capital[0] else len(words) - sum(capital)
        yield from self.both(
            " ".join(words[:at]), " ".join(words[at:]), 0.6, 1.0, "capitals set a part off"
        )

    def by_artist(self, part: str) -> Iterator[_Reading]:
        """ "Bryan Adams Heaven", "Spanish Harlem Neil Diamond": an artist at either end."""
        words = part.split()
        folded = [fold(word) for word in words]
        for size in range(min(6, len(words) - 1), 0, -1):
            for head, place in ((True, "artist in front"), (False, "artist at the end")):
                at = size if head else len(words) - size
                front, back = " ".join(words[:at]), " ".join(words[at:])
                artist, title = (front, back) if head else (back, front)
                own = folded[:at] if head else folded[at:]
                score = self.at_end(artist, own, head)
                if score is None:
                    continue
                if folded[at - 1] in _BINDING or words[at - 1][-1] in ",&":
                    score -= 1.6  # "Jueves La · Oreja de Van Gogh"
                if folded[at] in _JOINING:
                    score -= 1.6  # "Mark Knopfler · & Emmylou Harris Boulder to Birmingham"
                yield self.pair(artist, title, score, place)

    def at_end(self, artist: str, folded: list[str], head: bool) -> float | None:
        """What it is worth that a name without a separator begins or ends with these words."""
        size = len(folded)
        if is_artist(self.pieces.shown(artist), self.library):
            if size > 1:
                return 0.3 * size
            # "My Love" is no song by the band Love, "Dorothy Donegan …" none by one Dorothy.
            if folded[0] in known.sentence_words():
                return None
            return -2.0 if folded[0] in known.first_names() or not head else 0.0
        if size in (2, 3) and folded[0] in known.first_names():
            return -0.6 - 0.4 * (size - 2)
        if size == 2:
            return -1.6
        plain = size == 1 and len(folded[0]) > 2 and folded[0] not in known.sentence_words()
        return -2.2 if plain else None


def _flipped(text: str) -> str:
    """ "Costello, Elvis" -> "Elvis Costello", "Lightning Seeds, The" -> "The Lightning Seeds"."""
    if "," not in text:
        return text
    if found := _ARTICLE.fullmatch(text):
        return f"{found[2]} {found[1]}"
    found = _COMMA_NAME.fullmatch(text)
    if found is None or fold(text) in known.artists():
        return text
    last, first = found.groups()
    # "Pickett, Bobby Boris & Crypt Kickers": the band follows the person.
    own, sign, band = first.partition(" & ")
    turned = f"{own} {last}{sign}{band}"
    if fold(f"{own} {last}") in known.artists():
        return turned
    firsts = known.first_names()
    one_word = len(last.split()) == 1 and len(own.split()) <= 2
    if one_word and fold(own).split(" ")[0] in firsts and fold(last) not in known.artists():
        return turned
    return text


def _artist(text: str) -> str:
    text = _flipped(text.replace("_", " ").replace(GAP, " ").strip(_EDGES))
    text = (
        _TRACK.sub("", text) if _TRACK.match(text) and fold(text) not in known.artists() else text
    )
    if text.count('"') == 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    if text and text[-1] in ")]":
        text = _behind(text)[0] or text
    if text[-4:].isdigit() and fold(text) not in known.artists():
        text = _END_YEAR.sub("", text) or text
    return " ".join(text.split())


def _title(text: str, pieces: Pieces) -> str:
    text = text.replace("_", " ").replace(GAP, " ").strip(_EDGES)
    if found := _ARTICLE.fullmatch(text):
        text = f"{found[2]} {found[1]}"
    if (found := _TRACK.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    if not pieces.karaoke and len(text.split()) > 2:
        text = _END_YEAR.sub("", text)
    text = text.strip(_EDGES)
    if found := _QUOTED.match(text):
        text = found[1]
    return " ".join(text.split())


def _behind(title: str) -> tuple[str, str]:
    """A title without the bracket behind it, and what that bracket says; "" where there is none."""
    if title[-1] not in ")]":
        return "", ""
    start = title.rfind("(" if title[-1] == ")" else "[")
    bare = title[:start].strip(_EDGES) if start > 0 else ""
    return bare, title[start + 1 : -1].strip()


def _hypothesis(reading: _Reading, ranked: list[_Reading], pieces: Pieces) -> Hypothesis:
    """The public form of a reading; its strength is that of its score and its lead."""
    others = [other.score for other in ranked if other is not reading]
    lead = reading.score - max(others) if others else 1.0
    strong = reading.score >= _STRONG and lead > 0.3
    artist, title = readable(reading.artist, reading.title)
    return Hypothesis(
        artist,
        title,
        "strong" if strong else "weak",
        ", ".join(dict.fromkeys(pieces.variants)),
        tuple(dict.fromkeys(pieces.featured)),
        tuple(reading.why),
    )


def _fallback(text: str, pieces: Pieces) -> Hypothesis:
    title = " - ".join(filter(None, (_title(pieces.shown(part), pieces) for part in pieces.parts)))
    return Hypothesis(
        "",
        readable("", title or text.strip() or text)[1],
        "fallback",
        ", ".join(dict.fromkeys(pieces.variants)),
        tuple(dict.fromkeys(pieces.featured)),
        ("the whole name as title",),
    )


_SMALL = frozenset(
    fold("a an and the of in on at to for by or nor but from with").split()
) | frozenset(("the", "de", "la", "el", "y", "e", "di", "da", "do", "du", "des", "et", "und"))
_WORD = re.compile(r"[^\W\d_][^\s/(\[-]*")


def readable(artist: str, title: str) -> tuple[str, str]:
    """Artist and title in a readable case where the name has none: all capitals or all small."""
    both = artist + title
    plain = both.isupper() or both.islower()
    return _recased(artist, plain, True), _recased(title, plain, False)


def _recased(text: str, plain: bool, is_name: bool) -> str:
    """ "MARC ANTHONY" -> "Marc Anthony"; one capital word beside mixed case is a style (SB19)."""
    if not (text.isupper() or text.islower()) or not (plain or " " in text):
        return text
    if is_name and (own := known.spelling(fold(text))):
        return own
    words = []
    for index, word in enumerate(text.split(" ")):
        low = word.lower()
        if word.isupper() and (
            (len(word) <= 2 and index == 0)
            or any(sign.isdigit() for sign in word)
            or word.count(".") > 1
        ):
            words.append(word)
        elif index and low in _SMALL:
            words.append(low)
        else:
            words.append(_WORD.sub(lambda found: found.group().capitalize(), low))
    return " ".join(words)
