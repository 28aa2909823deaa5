"""The ways to read a name's pieces as artist and title, each with a score and its reasons. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from . import known_names
from .artist_likeness import Looks, is_artist, is_han_name, looks, told
from .channels import DISC, MAKER
from .credit_words import BY_WORDS, SINGS, credit_pattern
from .credits import BY, FEAT, GUEST_HINTS
from .folding import fold
from .formatting import (
    behind,
    final_artist,
    final_title,
    flipped,
    in_other_letters,
    with_year,
)
from .hashed_set import Artists
from .pieces import (
    COLON,
    DASH,
    EDGES,
    FIRST_KEPT,
    HALF,
    PIPE,
    QUOTES,
    SPLIT,
    TIGHT,
    WIDE,
    Pieces,
)
from .words import BINDING, JOINING, OF, POSSESSIVES, PREPOSITIONS, channel_habits

# How much each way to part a name is worth before anybody looks at the words.
_BASE = {PIPE: 2.0, DASH: 2.4, HALF: 2.0, WIDE: 2.2, COLON: 1.6, SPLIT: 1.2, TIGHT: 0.8}
_SPARE_PART = -0.8  # each part that a reading leaves unexplained
_ONE_NAME = 0.8  # what an artist's only name loses that may be anybody's: "Adele", "Dorothy"
_MOST = 6  # places that are tried, at most, where one sign may part a text
_KNOWN, _BOTH_KNOWN = 0.4, 0.25  # two well-known artists say little of the order
_YEAR = 0.9  # what a title with the year behind it loses against the one without
_HOST = 1.5  # who has a guest, in front of the name or in a karaoke track's
_OUTSIDE = -1.8  # a pair that a stroke parts, where artist and title may stand between strokes
_GUESSED = -1.5  # what two words or one are worth as an artist of whom nothing is known
_HAN_NAME = -0.2  # three Chinese characters of which the first is a family's
_BESIDE_SONG = -0.4  # what it is worth that the rest of a name is a well-known song
_JOINED = -1.2  # what a title of several parts loses where a strong sign parts them
_MEDLEY = 0.3  # and what it is worth in a karaoke name: "Winter Wonderland / Let It Snow! - …"
# What says no more than that a name has words enough for both.
GUESSES = frozenset(("artist in front", "artist at the end"))
_BRACKET = 1.6  # what the less likely form of a title with a bracket behind it loses
_NAME = 1.5  # from here on a bracket names a person or a band

_IN_GENERAL = (MAKER, DISC)  # whose habit comes after a language's own
_SINGS = credit_pattern(SINGS)
# Without the last word of any such phrase in the name, its patterns need not be tried.
_PHRASE_HINTS = frozenset(
    fold(phrase.split()[-1]) for row in (*BY_WORDS, *SINGS) for phrase in row.phrases
)
# "In the style of" is written by karaoke labels only; "originally by" by whoever covers a song.
_STYLE = re.compile(r"st[iy]l")
# "Washed Out - Weightless [Official Video]"
_OFFICIAL = frozenset(("official", "oficial", "officiel", "offizielles", "ufficiale", "vevo"))
# "Harbor Lights by Elvis Presley on 1954 Sun Records": where a name after "by" ends.
_PLACE = re.compile(r" (?:on|from|at|@|in|live)(?: .*|$)", re.IGNORECASE)
_TIGHT = re.compile(
    r"(?<=[^\s-])[-–~_](?=[^\s-])|(?<=[^\x00-\x7f])/(?=\S)|(?<=\S)/(?=[^\x00-\x7f])"
)
_LOOSE = re.compile(r"  |, |\. |\.{3}|~")
# "Mr. Brightside", "St. Louis Blues": the dot ends no sentence.
_ABBREVIATION = re.compile(r"\b(?:mr|mrs|ms|dr|st|jr|sr|no|vs|vol|pt|\w)$", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """One way to read a name: who, what, how likely, and why."""

    artist: str
    title: str
    score: float
    why: tuple[str, ...]
    artist_looks: Looks | None = None
    title_looks: Looks | None = None

    def evidence(self) -> tuple[str, ...]:
        """What ranked this reading, in words, the weightiest first."""
        why = self.why
        if self.artist_looks:
            why += told(self.artist_looks.signs, "artist")
        if self.title_looks:
            why += told(self.title_looks.signs, "title")
        return why


_SCORE = attrgetter("score")


class Reader:
    """The ways to read one name's pieces."""

    def __init__(self, pieces: Pieces, library: Artists) -> None:
        self.pieces = pieces
        self.library = library
        self._looks: dict[str, Looks] = {}
        self._artists: dict[str, str] = {}
        self._titles: dict[str, str] = {}

    def ranked(self, most: int) -> list[Reading]:
        """The best readings in their final spelling, best first, each pair once."""
        best: dict[tuple[str, str], Reading] = {}
        readings = list(self._readings())
        if len(readings) > most:
            readings.sort(key=_SCORE, reverse=True)
        for found in readings:
            # The final spelling makes no reading better: what comes now is behind these.
            if len(readings) > most <= len(best):
                scores = sorted(reading.score for reading in best.values())
                if found.score < scores[-most]:
                    break
            for reading in self._finished(found):
                key = (fold(reading.artist), fold(reading.title))
                known_one = best.get(key)
                if known_one is None or known_one.score < reading.score:
                    best[key] = reading
        return sorted(best.values(), key=_SCORE, reverse=True)[:most]

    @property
    def dashed(self) -> bool:
        """Whether a dash parts the name anywhere."""
        return not {DASH, HALF}.isdisjoint(self.pieces.joints)

    def looks(self, text: str) -> Looks:
        """How much a text of the pieces looks like an artist, remembered."""
        found = self._looks.get(text)
        if found is None:
            shown = self.pieces.shown(text)
            if "," in shown or shown.count(" ") == 1:
                shown = flipped(shown)
            found = self._looks[text] = looks(shown, self.library)
        return found

    def is_artist(self, text: str) -> bool:
        """Whether a text of the pieces is an artist whom the library or everybody knows."""
        return is_artist(self.pieces.shown(text), self.library)

    def is_song(self, text: str) -> bool:
        """Whether a text of the pieces is the whole title of a song that everybody knows."""
        return fold(self.pieces.shown(text)) in known_names.titles()

    def _readings(self) -> Iterator[Reading]:
        pieces, parts = self.pieces, self.pieces.parts
        if pieces.credit:
            yield from self.credited()
            if pieces.karaoke or len(parts) == 1:
                return  # the phrase leaves no doubt
        if len(parts) > 1:
            yield from self.parted()
        if not _PHRASE_HINTS.isdisjoint(pieces.words):
            for index, part in enumerate(parts):
                if not self.is_song(part):
                    yield from self.by_phrase(part, len(parts) - 1, index)
        if pieces.kept:
            for part in parts:
                yield from self.enclosed(part, len(parts) - 1)
        # "Let It Be Me": no artist stands in a song that everybody knows.
        if len(parts) == 1 and not self.is_song(parts[0]):
            yield from self.unparted(parts[0])
        yield from self.performed()

    def pair(self, artist: str, title: str, score: float, *why: str) -> Reading:
        """A reading scored by how both texts look."""
        left, right = self.looks(artist), self.looks(title)
        if left.score >= _KNOWN and right.score >= _KNOWN and self.both_known(artist, title):
            score += _BOTH_KNOWN * (left.score - right.score)
        else:
            score += left.score - 0.7 * right.score
        if self.pieces.kept:
            artist, title = self.pieces.shown(artist), self.pieces.shown(title)
        return Reading(artist, title, score, why, left, right)

    def both_known(self, artist: str, title: str) -> bool:
        """Whether both are well-known artists: "Weezer - Buddy Holly" can be told by nobody.

        Where one of them alone is a song as well, it is told: "米津玄師 - Lemon".
        """
        if self.library or self.is_song(artist) != self.is_song(title):
            return False
        return self.is_artist(artist) and self.is_artist(title)

    def _finished(self, reading: Reading) -> Iterator[Reading]:
        """A reading in its final spelling; a second one without the bracket behind its title.

        "Nashville Train - Ring Ring (ABBA)" names the original artist in brackets: dropped first,
        kept second. "My Man Rocks Me (With One Steady Roll)" is the other way round.
        """
        artist = self._artists.get(reading.artist)
        if artist is None:
            artist = self._artists[reading.artist] = final_artist(reading.artist)
        title = self._titles.get(reading.title)
        if title is None:
            title = final_title(reading.title, bool(self.pieces.karaoke))
            self._titles[reading.title] = title
        if not artist or not title:
            return
        written, reading.artist, reading.title = reading.title, artist, title
        if written[-1].isdigit() and (dated := with_year(written, title)):
            # "Ich Lebe 2005": a year may be the title's own.
            yield Reading(
                artist, dated, reading.score - _YEAR, reading.why, reading.artist_looks,
                reading.title_looks,
            )  # fmt: skip
        bare, inner = behind(title)
        if bare:
            why, score = (*reading.why, f'"({inner})" left out'), reading.score
            # "GANGNAM STYLE (강남스타일) Karaoke" says its title twice.
            twice = self.pieces.karaoke and in_other_letters(bare, inner)
            if twice or self.looks(inner).score >= _NAME:
                reading.score -= _BRACKET
            else:
                score -= _BRACKET
            yield Reading(artist, bare, score, why, reading.artist_looks, reading.title_looks)
        yield reading

    def credited(self) -> Iterator[Reading]:
        """ "Title in the style of Artist".

        Outside karaoke, "Need You Now - Kheops & The Cats (Originally by Lady Antebellum)" tells
        whose song somebody else plays.
        """
        pieces = self.pieces
        credit, phrase, parts = pieces.credit, f'"{pieces.credit_phrase}"', pieces.parts
        cover = len(parts) > 1 and not pieces.karaoke and not _STYLE.search(phrase)
        for index, part in enumerate(parts):
            if fold(pieces.shown(part)) != fold(credit) or len(parts) == 1:
                score = (2.0 if cover else 8.0) - 0.5 * index - 0.3 * self.looks(part).score
                yield Reading(credit, pieces.shown(part), score, (phrase,))
        if len(parts) == 2:
            score = 0.0 if cover else 5.0
            yield Reading(credit, pieces.shown(" - ".join(parts)), score, (phrase,))

    def first(self, strength: int) -> tuple[float, str]:
        """Log odds that the artist stands first, by the habits that the name shows, and why."""
        pieces = self.pieces
        channels = pieces.channels
        if channels and (found := _habit(each for each in channels if each not in _IN_GENERAL)):
            return found
        if pieces.vietnamese and pieces.karaoke:
            return -2.3, "Vietnamese karaoke names put the title first"  # 83 of 91
        if pieces.title_first:
            return -pieces.title_first, "such channels write the title first"
        if strength == COLON and pieces.japanese:
            return -1.6, "Japanese names with a stroke put the title first"
        # Discs and makers in general come after a language's own habit.
        if channels and (found := _habit(channels)):
            return found
        if strength == SPLIT and pieces.karaoke:
            return -1.0, "what stands before the word karaoke is the title"
        if strength == COLON and pieces.karaoke:
            return -1.2, "karaoke names with a colon put the title first"
        if pieces.karaoke:
            return (-0.3 if pieces.lead_karaoke else 0.2), "karaoke names have either order"
        if not pieces.words.isdisjoint(_OFFICIAL) and not pieces.vietnamese:
            return 2.0, "official videos put the artist first"
        # Two spaces stand for any sign that was dropped, or for none.
        return (0.5 if strength == WIDE else 1.0), "most names put the artist first"

    def parted(self) -> Iterator[Reading]:
        """ "Artist - Title" and "Title - Artist", at every separator."""
        parts, joints = self.pieces.parts, self.pieces.joints
        count = len(parts)
        # "Adele - Hello | Live Lounge": a dash between strokes parts artist and title.
        inside = PIPE in joints and self.dashed
        for at, strength in enumerate(joints):
            prior, why = self.first(strength)
            base = _BASE[strength] + _SPARE_PART * 0.5 * (count - 2) - 0.2 * at
            if inside and (strength == PIPE or (PIPE in joints[:at] and set(joints[:at]) - {PIPE})):
                base += _OUTSIDE
            left, right = parts[at], parts[at + 1]
            if strength == SPLIT and right[:3].lower() == "by ":
                continue  # "Pasabta Ko (KARAOKE) by Leela Laburada": `by_phrase` reads it
            if left in self.pieces.hosts:
                prior += _HOST
            elif right in self.pieces.hosts and self.pieces.karaoke:
                prior -= _HOST
            yield self.pair(left, right, base + prior / 2, why)
            yield self.pair(right, left, base - prior / 2, why)
            if count > 2:
                if at + 2 < count:
                    yield self.joined(left, at + 1, count, base + prior / 2, why)
                if at:
                    yield self.joined(right, 0, at + 1, base - prior / 2, why)
        if count == 3:
            prior, why = self.first(DASH)
            # "Tum Hi Ho | Aashiqui 2 | Arijit Singh": the film stands between.
            known = sum(map(self.is_artist, parts[:2])) == 0 and self.is_artist(parts[2])
            # "Kesariya Karaoke - Brahmastra - Arijit Singh"; not "Simply Karaoke - Valerie - …"
            branded = parts[0] in self.pieces.branded and not self.is_song(parts[1])
            base = 3.4 if known and (inside or branded) else 1.8 if joints == [PIPE, PIPE] else 0.9
            yield self.pair(parts[0], parts[2], base + prior / 2, why)
            yield self.pair(parts[2], parts[0], base - prior / 2, why)
        if count < 3:
            return
        if joints == [PIPE, DASH] and min(self.looks(part).score for part in parts[1:]) > 1:
            # "Quê Hương Tuổi Thơ Tôi | Như Quỳnh - Mạnh Quỳnh"
            reading = self.pair(parts[1], parts[0], 3.4, "two singers behind the title")
            reading.artist = self.pieces.shown(" - ".join(parts[1:]))
            yield reading
        if joints[0] == PIPE and self.pieces.karaoke and not inside:
            yield from self.listed(parts)

    def listed(self, parts: list[str]) -> Iterator[Reading]:
        """ "Title | Film | Composer | Singer", where the singer is known: next to the title, else
        rather further back than whoever has written the song."""
        if self.is_artist(parts[0]):
            return
        for at in range(1, len(parts)):
            if self.is_artist(parts[at]):
                score = 3.0 if at == 1 else 2.4 + 0.2 * at
                yield self.pair(parts[at], parts[0], score, "title, film and singer")

    def joined(self, artist: str, start: int, end: int, score: float, why: str) -> Reading:
        """A reading whose title spans several parts: "White Light / White Heat - Ralph Stanley"."""
        pieces = self.pieces
        inner = pieces.joints[start : end - 1]
        if max(inner) > COLON:
            score += _JOINED
        elif pieces.karaoke and min(inner) == COLON:
            score += _MEDLEY
        reading = self.pair(artist, pieces.parts[start], score, why)
        reading.title = pieces.shown(" - ".join(pieces.parts[start:end]))
        return reading

    def by_phrase(self, part: str, spare: int, index: int) -> Iterator[Reading]:
        """ "Title by Artist" within one part, and the same the other way round."""
        for found in islice(BY.finditer(part), _MOST):
            title, artist = part[: found.start()].strip(EDGES), part[found.end() :].strip(EDGES)
            if not artist:
                continue
            phrase = f'"{found.group().strip().lower()}"'
            cover = 2.0 if "cover" in phrase else 0.0
            if not self.is_artist(artist):
                artist = _PLACE.sub("", artist) or artist
            if title:
                # "Title by Artist" is a habit of karaoke names; elsewhere titles have "by" as well.
                plain = 1.6 if len(phrase) < 6 and not self.pieces.karaoke else 3.0
                yield self.pair(artist, title, plain + cover + spare * _SPARE_PART, phrase)
                if index and not cover and self.is_writer(artist):
                    # "The Stray Birds - Loretta by Townes Van Zandt"
                    before = self.pieces.parts[index - 1]
                    yield self.pair(before, title, 4.4, f"{phrase} the writer")
            if index and (cover or not title):
                for other in self.pieces.parts[:index]:
                    yield self.pair(artist, other, 3.4 + cover, phrase)
        yield from self.sings_phrase(part, spare)

    def is_writer(self, name: str) -> bool:
        """Whether who is named after "by" may have written what another part's artist sings."""
        if self.pieces.karaoke:
            return False
        return self.is_artist(name) or (
            self.looks(name).score > 0 and not name.lower().startswith("the ")
        )

    def sings_phrase(self, part: str, spare: int) -> Iterator[Reading]:
        """ "Artist sings Title" within one part."""
        for found in islice(_SINGS.finditer(part), _MOST):
            artist, title = part[: found.start()].strip(EDGES), part[found.end() :].strip(EDGES)
            if artist and title:
                phrase = f'"{found.group().strip().lower()}"'
                yield self.pair(artist, title, 1.6 + spare * _SPARE_PART, phrase)

    def performed(self) -> Iterator[Reading]:
        """Who plays, in brackets: "(by X)", "(X cover)"; the parts hold title and composer."""
        pieces = self.pieces
        for performer, cover in pieces.performers:
            base = 8.0 if cover else 5.0
            for index, part in enumerate(pieces.parts):
                score = base - 0.5 * index - self.looks(part).score
                yield Reading(performer, pieces.shown(part), score, ("by",))
        for name, original in pieces.covers:
            if original and name and len(pieces.parts) == 1:
                # "Hello cover of Adele"
                score = 3.5 - self.looks(pieces.parts[0]).score
                yield Reading(name, pieces.shown(pieces.parts[0]), score, ("cover of",))
            parted = len(pieces.parts) > 1 or any(opening in QUOTES for opening, _ in pieces.kept)
            others = [self.is_artist(part) for part in pieces.parts]
            if not name and not original and len(others) == 3:
                yield from self.cover_by_last()
            if not name or original:
                continue
            # "Conway Twitty - Jambalaya (Hank Williams Cover)" tells whose song it is, "One Dance -
            # Drake (Boyce Avenue Cover)" who plays it.
            told = len(others) > 1 and others[-1] and not others[0]
            if parted and is_artist(name, self.library) and not told:
                continue
            # "Roar - Katy Perry (Jason Chen Cover)": the other part holds whose song it is.
            base = 4.0 if len(others) == 1 else 7.5 if any(others) else 1.8
            for index, part in enumerate(pieces.parts):
                score = base - 0.5 * index - self.looks(part).score
                yield Reading(name, pieces.shown(part), score, ("cover by",))

    def cover_by_last(self) -> Iterator[Reading]:
        """ "Clean Bandit - Rather Be (Piano Cover) - Brooklyn Duo": the last part covers."""
        first, second, last = self.pieces.parts
        title = second if self.looks(first).score > self.looks(second).score else first
        yield self.pair(last, title, 6.5, "cover by")

    def unparted(self, part: str) -> Iterator[Reading]:
        """A name without a separator: tight dashes, guests, capitals, artists at either end."""
        for index, (opening, _) in enumerate(self.pieces.kept):
            if opening in QUOTES and chr(FIRST_KEPT + index) in part:
                return  # the quotation parts it
        yield from self.tight(part)
        if not GUEST_HINTS.isdisjoint(self.pieces.words) and (found := FEAT.search(part)):
            yield from self.guested(part)
            # "Maroon 5 Payphone ft Wiz Khalifa": a guest is never the singer.
            part = part[: found.start()].strip(EDGES)
        yield from self.cased(part)
        yield from self.by_artist(part)

    def enclosed(self, part: str, spare: int) -> Iterator[Reading]:
        """'Artist "Title"', '"Title" Artist', 'Artist "Title" Dance Practice', 'Title (Artist)'."""
        for index, (opening, inner) in enumerate(self.pieces.kept):
            before, found, after = part.partition(chr(FIRST_KEPT + index))
            before, after = before.strip(EDGES), after.strip(EDGES)
            if not found or not (before or after):
                continue
            score = spare * _SPARE_PART
            if opening == "【" and before and not before.isascii():
                # "周杰倫【稻香】Official Music Video"
                yield self.pair(before, inner, 1.8 + score, "title in quotes")
            elif opening in QUOTES:
                if before:
                    # "Victor Yturbe 'El Piruli' - Yo Lo Comprendo": a nickname, where a dash parts.
                    base = 2.2 if opening != '"' or not self.dashed else -1.0
                    yield self.pair(before, inner, base + score, "title in quotes")
                else:
                    # '"Weird Al" Yankovic - Eat It', but '"Hello" Adele - 25'
                    named = opening == '"' and self.dashed and not self.is_artist(after)
                    base = -0.4 if named else 1.6
                    yield self.pair(after, inner, base + score, "title in quotes")
                    yield self.pair(inner, after, -0.5 + score, "artist in quotes")
            elif (before or after) and not (before and after) and not spare:
                # "シアワセうさぎ (夏)": who looks like nobody is rather the title's own.
                base = 0.5 if self.looks(inner).score > 0 else _GUESSED
                yield self.pair(inner, before or after, base, "artist in brackets")

    def tight(self, part: str) -> Iterator[Reading]:
        """ "Oasis-Wonderwall": a dash that may also be a hyphen; "Shani Wallis...Don't Take It"."""
        if "  " not in part and part.replace(" ", "").isalnum():
            return
        prior, why = self.first(TIGHT)
        for found in islice(_TIGHT.finditer(part), _MOST):
            start, end = found.span()
            hyphen = 0.0
            if part[end].islower() and part[start - 1].islower():
                hyphen = -1.2  # "Part-time lover" has its hyphen between small letters
            elif part[end].isdigit():
                hyphen = -1.5  # "Blink-182-I Miss You"
            yield from self.both(part[:start], part[end:], _BASE[TIGHT] + hyphen, prior, why)
        pieces = part.split("-")
        if len(pieces) == 3 and self.is_artist(pieces[0]):
            # "2PAC-TUPAC SHAKUR-CHANGES"
            yield self.pair(pieces[0], pieces[2], _BASE[TIGHT] + prior / 2, why)
        for found in islice(_LOOSE.finditer(part), _MOST):
            base = 2.2 if found.group() == "  " else 0.2
            if found.group() != ". " or not _ABBREVIATION.search(part, 0, found.start()):
                yield from self.both(
                    part[: found.start()], part[found.end() :], base, prior / 2, why
                )

    def both(self, left: str, right: str, base: float, prior: float, why: str) -> Iterator[Reading]:
        """Two texts as artist and title, and the other way round."""
        left, right = left.strip(EDGES), right.strip(EDGES)
        if left and right:
            yield self.pair(left, right, base + prior / 2, why)
            yield self.pair(right, left, base - prior / 2, why)

    def guested(self, part: str) -> Iterator[Reading]:
        """ "Jessie J ft. B.o.B Price Tag": the guest's name ends where the title begins."""
        found = FEAT.search(part)
        if found is None or not found.start():
            return
        artist, words = part[: found.start()].strip(EDGES), part[found.end() :].split()
        for size in range(1, min(4, len(words))):
            guest, title = " ".join(words[:size]), " ".join(words[size:])
            score = 1.5 + self.looks(guest).score - 0.2 * abs(size - 2)
            yield self.pair(artist, title, score, f"guest: {guest}")

    def cased(self, part: str) -> Iterator[Reading]:
        """ "GOLDBUG whole lotta love", "Shirley Bassey CONCERTO D'AUTUNNO": capitals end a name."""
        words = part.split()
        if len(words) < 2 or _is_capital(words[0]) == _is_capital(words[-1]):
            return
        capital = list(map(_is_capital, words))
        if capital != sorted(capital, reverse=capital[0]):
            return
        at = sum(capital) if capital[0] else len(words) - sum(capital)
        yield from self.both(
            " ".join(words[:at]), " ".join(words[at:]), 0.6, 1.0, "capitals set a part off"
        )

    def by_artist(self, part: str) -> Iterator[Reading]:
        """ "Bryan Adams Heaven", "Spanish Harlem Neil Diamond": an artist at either end."""
        words = part.split()
        folded = fold(part).split()
        if len(folded) != len(words):
            folded = [fold(word) for word in words]
        ends = [
            (score, at, head)
            for size in range(min(6, len(words) - 1), 0, -1)
            for at, head in ((size, True), (len(words) - size, False))
            if (score := self.beside(folded, at, head)) is not None
        ]
        # Where one end is somebody, nobody is guessed.
        sure = any(score >= 0 for score, _, _ in ends)
        for score, at, head in ends:
            seam = _seam(words, folded, at, head)
            if seam is None or (sure and score <= _GUESSED):
                continue
            if self.pieces.vietnamese and score < _BESIDE_SONG:
                continue  # "Hẹn Gặp Em Dưới Ánh Trăng": titles are made of what people are called
            front, back = " ".join(words[:at]), " ".join(words[at:])
            if head:
                yield self.pair(front, back, score + seam, "artist in front")
            elif at > 1 and folded[at - 1] in OF and score >= 0:
                # "La Tortura de Shakira"
                yield self.pair(back, " ".join(words[: at - 1]), score - 0.3, "artist at the end")
            else:
                yield self.pair(back, front, score + seam, "artist at the end")

    def beside(self, words: list[str], at: int, head: bool) -> float | None:
        """What it is worth that an artist's name ends, or begins, at this word; None: nothing."""
        name, rest = (words[:at], words[at:]) if head else (words[at:], words[:at])
        score = self.at_end(name, head)
        if len(rest) > 1 and " ".join(rest) in known_names.titles():
            # "Nicoletta Mamy Blue": whoever stands beside a song that everybody knows.
            return max(score or 0.0, _BESIDE_SONG)
        return score

    def at_end(self, words: list[str], head: bool) -> float | None:
        """What it is worth that a name without a separator begins or ends with these words."""
        size = len(words)
        name = " ".join(words).removeprefix("the ")
        if name in known_names.artists() or name in self.library:
            if size > 1:
                return 0.3 * size
            # "My Love" is no song by the band Love, "Dorothy Donegan …" none by one Dorothy.
            if words[0] in known_names.sentence_words():
                return None
            return -_ONE_NAME if words[0] in known_names.first_names() or not head else 0.0
        if len(words[0]) == 3 and is_han_name(words):
            return _HAN_NAME
        if size in (2, 3) and words[0] in known_names.first_names():
            return -0.6 - 0.4 * (size - 2)
        if size == 2:
            return -1.6
        plain = size == 1 and len(words[0]) > 2 and words[0] not in known_names.sentence_words()
        return -2.2 if plain else None


def _habit(channels: Iterable[str]) -> tuple[float, str] | None:
    """The first habit among some channels: log odds that the artist stands first, and why."""
    for channel in channels:
        order, weight = channel_habits()[channel]
        if order:
            odds = weight if order == "artist" else -weight
            return odds, f"{channel} writes the {order} first"
    return None


def _is_capital(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _seam(words: list[str], folded: list[str], at: int, head: bool) -> float | None:
    """What the words on both sides say of parting a name between them; None: never."""
    before, after = folded[at - 1], folded[at]
    score = 0.0
    if before in BINDING or words[at - 1][-1] in ",&":
        score -= 1.6  # "Jueves La · Oreja de Van Gogh"
    if after == "and" and at + 1 < len(folded) and folded[at + 1] in POSSESSIVES:
        return None  # "Bill Haley · and his Comets marie"
    if after in JOINING:
        score -= 1.6  # "Mark Knopfler · & Emmylou Harris Boulder to Birmingham"
    if head and after in PREPOSITIONS:
        score -= 0.5  # "Adele Rolling · In the Deep"
    return score
