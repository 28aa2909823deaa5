"""A parsed name x what the providers offer -> the best answer with its evidence. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import Any

from ..providers.base import Candidate
from .judging.artist_index import KNOWN
from .judging.fields import (
    WEAK,
    best_spelling,
    genre_from,
    in_plain_case,
    shown_artist,
    shown_title,
    year_of,
)
from .judging.makers import is_karaoke_maker, is_tribute
from .judging.naming import (
    Credit,
    Title,
    artist_agreement,
    artist_key,
    split_credit,
    split_title,
    title_agreement,
    version_kind,
)
from .judging.songs import Offer, Song, merge, song_key
from .names.folding import fold
from .names.hashed_set import Artists, Crowd
from .parsing import NO_KNOWLEDGE, Hypothesis, Knowledge, ParsedName
from .scoring import APPLY_FROM, WEIGHTS, Evidence, Part, confidence, explain

__all__ = ["Evidence", "Scored", "Verdict", "explain", "judge"]

RANKED = 5
"""How many distinct songs a verdict keeps for review."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One song that may be meant: all candidates for it, and what speaks for and against it.

    Attributes:
        hypothesis: the reading of the name that it answers best.
        candidates: every candidate of this song, the one whose spelling is shown first.
        artist: artist in the provider's spelling, without featured artists.
        title: title in the provider's spelling, without version and featured artists.
        year: year of first release of the version that is meant, None where unknown.
        year_confidence: how sure that year is by itself, 0.0 without one.
        genre: a name of `genres.GENRES`, None where no tag tells one.
        evidence: the parts of the score.
        confidence: 0.00-0.99.
        sources: field ("artist", "title", "year", "genre") -> the provider it is from.
    """

    hypothesis: Hypothesis
    candidates: tuple[Candidate, ...]
    artist: str
    title: str
    year: int | None
    year_confidence: float
    genre: str | None
    evidence: Evidence
    confidence: float
    sources: Mapping[str, str]

    @property
    def card(self) -> dict[str, Any]:
        """The evidence as it is kept, with each provider's page of the song: Last.fm's terms ask
        for a link wherever its data are shown."""
        links = {each.provider: each.url for each in reversed(self.candidates) if each.url}
        return {**self.evidence.as_dict(), "links": links}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one name from all that was offered for it.

    Attributes:
        best: the likeliest song, None without a candidate.
        confidence: of `best`, 0.0 without one.
        ranked: the best five distinct songs, `best` first.
        artist, title, year, year_confidence, genre, sources: those of `best`.
        variant: what the name says about the version ("Live"), "" for nothing.
        missing: of {"year", "genre"} what no candidate of `best` supplied, or not surely enough.
    """

    best: Scored | None = None
    confidence: float = 0.0
    ranked: tuple[Scored, ...] = ()
    artist: str = ""
    title: str = ""
    variant: str = ""
    year: int | None = None
    year_confidence: float = 0.0
    genre: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset({"year", "genre"})

    @property
    def applies(self) -> bool:
        """Whether the answer is sure enough to be written to the song."""
        return self.confidence >= APPLY_FROM


def judge(
    parsed: ParsedName,
    candidates: Sequence[Candidate],
    knowledge: Knowledge = NO_KNOWLEDGE,
) -> Verdict:
    """Weigh every candidate against every reading of a name.

    Args:
        parsed: the name with its readings, likeliest first.
        candidates: what all providers asked so far gave, in any order.
        knowledge: artists that the library holds for certain.
    Returns:
        The likeliest song with its evidence, and the four runners-up. What nothing speaks for is
        not among them, nor are karaoke makers and imitators that the name does not ask for.
    """
    offered = merge(candidates)
    songs = [song for song in offered if (song.artist, song.title) not in knowledge.refused]
    if not songs:
        return Verdict()
    case = _Case(parsed, songs, knowledge)
    answers = [reading for song in songs if not _is_imitation(reading := case.best_reading(song))]
    readings = sorted(answers, key=attrgetter("distance"))
    scored = (
        _scored(reading, _margin(reading, readings), knowledge.aliases)
        for reading in _distinct(readings)
    )
    # What a person refused is kept as it was shown, maybe in other letters than it is printed in.
    ranked = tuple(
        each
        for each in scored
        if each.confidence > 0 and song_key(each.artist, each.title) not in knowledge.refused
    )
    if not ranked:
        return Verdict()
    best = ranked[0]
    # A year that only later editions tell is worth asking another service for, too.
    weak = {"year"} if best.year and best.year_confidence < WEAK else set()
    return Verdict(
        best=best,
        confidence=best.confidence,
        ranked=ranked,
        artist=best.artist,
        title=best.title,
        variant=best.hypothesis.variant,
        year=best.year,
        year_confidence=best.year_confidence,
        genre=best.genre,
        sources=best.sources,
        missing=frozenset({"year", "genre"} - best.sources.keys() | weak),
    )


# --- One reading against one song ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A hypothesis with its names taken apart."""

    rank: int
    hypothesis: Hypothesis
    credit: Credit
    title: Title
    kinds: frozenset[str]
    guests: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A song under the hypothesis that suits it best, before it is compared with its rivals."""

    song: Song
    asked: _Asked
    closest: Offer
    evidence: Evidence
    distance: float


class _Case:
    """One name with all songs that were offered for it."""

    def __init__(self, parsed: ParsedName, songs: Sequence[Song], knowledge: Knowledge) -> None:
        self.readings = [_take_apart(*each) for each in enumerate(parsed.hypotheses)]
        self.name = f" {fold(parsed.name)} "
        # The folded texts that a slash or a plus joins in the name: "Lights / Stay Awhile".
        parts = filter(_SLASH.search, _SEPARATOR.split(parsed.name))
        self.joined = [pair for part in parts for pair in pairwise(map(fold, _SLASH.split(part)))]
        self.names = {
            name for asked in self.readings for name in (asked.credit.folded, asked.title.folded)
        }
        self.support: dict[str, float] = {}
        for song in songs:
            self.support[song.title] = self.support.get(song.title, 0.0) + song.support
        self.by_names = {(song.artist, song.title): song for song in songs}
        self.known = _keys(knowledge.artists)

    def best_reading(self, song: Song) -> _Reading:
        """The song under the hypothesis whose names it answers best."""
        _, closest, artist, title, asked = min(
            (self._closest(song, asked) for asked in self.readings), key=itemgetter(0)
        )
        evidence = Evidence(
            (
                _artist_part(asked.hypothesis, closest, artist),
                _title_part(asked.title, closest, title),
                self._solid(song),
                self._order(song, asked),
                *_maker(song, closest, artist, asked.hypothesis.artist),
                *self._cover(song, asked),
                *self._medley(song, asked),
                *_variant(song, asked.kinds),
                *_featured(song, asked),
                *self._swapped(song),
                *self._library(song),
            )
        )
        return _Reading(song, asked, closest, evidence, evidence.distance)

    def _closest(self, song: Song, asked: _Asked) -> tuple[float, Offer, float, float, _Asked]:
        """The offer whose names agree best with the reading, behind how far off it is and before
        how well artist and title agree; a likelier reading is a little nearer."""
        answers: dict[tuple[object, ...], tuple[float, Offer, float, float, _Asked]] = {}
        for offer in song.offers:
            names = (offer.candidate.artist, offer.title.bare, offer.candidate.artist_aliases)
            if names not in answers:
                artist, title = self._agreement(song, asked, offer)
                off = WEIGHTS["artist"] * (1.0 - artist) + WEIGHTS["title"] * (1.0 - title)
                answers[names] = off + 0.1 * asked.rank, offer, artist, title, asked
        return min(answers.values(), key=itemgetter(0))

    def _agreement(self, song: Song, asked: _Asked, offer: Offer) -> tuple[float, float]:
        title = title_agreement(asked.title, offer.title)
        if not asked.hypothesis.artist:
            return self._agreement_in_name(song, asked.title, offer, title)
        artist = artist_agreement(asked.credit, offer.credit, offer.candidate.artist_aliases)
        # "Aladdin (1992 film)" is another making of the show than the one of 2019.
        years = [_SHOW_YEAR.findall(text) for text in (self.name, offer.credit.folded)]
        if artist and all(years) and years[0] != years[1]:
            return 0.0, title
        if artist < _SHOW and title >= 0.94:
            # A film or musical may stand for its singers: "Shallow - A Star is Born".
            candidate, show = offer.candidate, fold(asked.credit.main.split("(")[0])
            album = fold(candidate.album)
            told = "soundtrack" in candidate.secondary_types or _SHOW_ALBUM.search(album)
            if told and len(show) > 3 and f" {show} " in f" {album} ":
                artist = _SHOW
        return artist, title

    def _agreement_in_name(
        self, song: Song, asked: Title, offer: Offer, title: float
    ) -> tuple[float, float]:
        """Agreement where the reading tells no artist: one may stand anywhere in the name.

        "Karaoke Luis Miguel Reloj" has no separator; "Luis Miguel" at its edge leaves the title.
        """
        artist = offer.credit.folded
        rest = ""
        if asked.folded.startswith(f"{artist} "):
            rest = asked.folded[len(artist) + 1 :]
        elif asked.folded.endswith(f" {artist}"):
            rest = _BY.sub("", asked.folded[: -len(artist) - 1])
        if rest and (of_rest := title_agreement(split_title(rest), offer.title)) > title:
            # "Love Story" is rather Taylor Swift's song than "Story" by Love.
            if self.support.get(asked.core, 0.0) > song.support:
                return 0.70, of_rest
            return (0.95 if len(artist) > 4 else 0.90), of_rest
        if title and len(artist) > 3 and f" {artist} " in self.name.replace(asked.folded, " "):
            return 0.93, title
        # A title alone never carries a match, however few sing it; but it may be offered.
        others = self.support[song.title] - song.support
        return (0.70 if song.support >= max(10_000, 10 * others) else 0.62), title

    def _solid(self, song: Song) -> Part:
        """Whether the song exists at all: Last.fm keeps whatever a player once sent to it."""
        if len(song.providers) > 1:
            return Part("solid", 1.0, "known_to_many", {"count": len(song.providers)})
        if song.listeners is None:
            alone = {"provider": song.offers[0].candidate.provider}
            return Part("solid", 0.95, "known_to_one", alone)
        # Where the name can be read the other way round too, a hundred people may have got it
        # wrong: it takes a few thousand.
        has_reverse = any(
            asked.credit.key == song.title and asked.title.core == song.artist
            for asked in self.readings
        )
        certain = 4.0 if has_reverse else 3.0
        tagged = 0.4 if any(offer.candidate.tags for offer in song.offers) else 0.0
        value = 1.0 + (math.log10(song.listeners + 1) - certain) / 1.5 + tagged
        listeners = {"count": song.listeners}
        return Part("solid", min(1.0, max(0.0, value)), "listeners", listeners)

    def _order(self, song: Song, asked: _Asked) -> Part:
        """The likelier reading first, unless the library knows the artist."""
        if asked.rank == 0 and asked.hypothesis.evidence[:1] == (KNOWN,):
            return Part("order", 1.0, "artist_index")
        if asked.rank == 0 or not self.known.isdisjoint(song.artists):
            return Part("order", 1.0, "likeliest_reading")
        place = {"place": asked.rank + 1, "strength": asked.hypothesis.strength}
        return Part("order", max(0.0, 1.0 - 0.25 * asked.rank), "later_reading", place)

    def _swapped(self, song: Song) -> list[Part]:
        """Last.fm really holds an artist "Hey Jude" with a track "The Beatles", played by a few."""
        twin = self.by_names.get((song.title, song.artist))
        if twin is not None and twin is not song:
            twins = {"artist": twin.offers[0].credit.main}
            # A whole fan club may have sent it in so; who keeps a catalogue by hand has not.
            if song.is_curated != twin.is_curated:
                curated = Part("swapped", 0.1, "catalogued_artist", twins)
                return [] if song.is_curated else [curated]
            lead = (song.support + 1) / (twin.support + 1)
            value = next(value for least, value in _LEADS if lead >= least)
            return [Part("swapped", value, "other_way_round", twins)]
        if song.title in self.known and self.known.isdisjoint(song.artists):
            known = {"artist": song.offers[0].title.bare}
            return [Part("swapped", 0.4, "title_is_artist", known)]
        return []

    def _cover(self, song: Song, asked: _Asked) -> list[Part]:
        """Whose recording a name means that says "cover".

        "Within Temptation - Titanium (David Guetta Cover)" names the singer first, "Zedd - Clarity
        (Sam Tsui Cover)" the original's. A recording that so many know is rather the original.
        """
        said = _COVER.search(self.name)
        if said is None or _COVER.search(f" {asked.title.folded}  {asked.credit.folded} "):
            return []  # "I Cover the Waterfront", "Cover Drive"
        singers, before = said["singers"], self.name[: said.start()]
        if singers and not any(offer.credit.folded in singers for offer in song.offers):
            return [Part("cover", 0.0, "cover_by_another", {"artist": singers.strip()})]
        if not singers and (song.listeners or 0) >= 200_000:
            return [Part("cover", 0.1, "cover_of_this")]
        if singers or any(before.endswith(f" {offer.credit.folded}") for offer in song.offers):
            return [Part("cover", 0.95, "cover_by_this_artist")]
        return [Part("cover", 0.4, "cover_by_nobody")]

    def _medley(self, song: Song, asked: _Asked) -> list[Part]:
        """Whether the name means several songs, of which only one is offered.

        "Lights / Stay Awhile - Journey" is neither song. The other text is a title only where some
        reading takes it for a name: "Hello / Karaoke Version" is one song.
        """
        titles = [f" {fold(offer.title.full)} " for offer in song.offers]
        if " medley " in self.name and not any("medley" in title for title in titles):
            return [Part("medley", 0.0, "medley")]
        own = asked.title.folded
        names = self.names - {asked.credit.folded, own, ""}
        for one, other in self.joined:
            beside = other if one == own else one if other == own else ""
            is_name = any(f" {name} " in f" {beside} " for name in names)
            if is_name and not any(f" {beside} " in title for title in titles):
                return [Part("medley", 0.0, "text_beside_title", {"text": beside})]
        return []

    def _library(self, song: Song) -> list[Part]:
        if not self.known:
            return []
        if self.known.isdisjoint(song.artists):
            return [Part("library", 0.5, "artist_new")]
        return [Part("library", 1.0, "artist_of_library")]


_SEPARATOR = re.compile(r"\s+[-–—|•·:｜：]+\s+|[()\[\]\"“”]|---|\.\w{2,4}$")
_SLASH = re.compile(r"\s*[/⧸／]\s+|\s+[/⧸／+]\s*")


@lru_cache(maxsize=1)
def _keys(artists: Artists) -> Crowd:
    """Keys of a library's artists: thousands of names, the same ones for every song."""
    return Crowd(artist_key(name) for name in artists)


# How far a song is ahead of its own reverse in the crowd behind it -> what that says for it.
_LEADS = ((5.0, 1.0), (1.5, 0.85), (0.67, 0.4), (0.2, 0.15), (0.0, 0.0))


def _take_apart(rank: int, hypothesis: Hypothesis) -> _Asked:
    title = split_title(hypothesis.title)
    kinds = title.kinds | {version_kind(word) or "" for word in _VARIANTS.split(hypothesis.variant)}
    credit = split_credit(hypothesis.artist)
    guests = {*map(artist_key, hypothesis.featured), *credit.featured, *title.featured}
    return _Asked(rank, hypothesis, credit, title, kinds - _OF_THE_FILE, frozenset(guests))


_COVER = re.compile(r" cover(?:ed|s)?(?: version)?(?: by(?P<singers> .*)| )")
_VARIANTS = re.compile(r"\s*[,;/]\s*")
# What a name says of the karaoke file is nothing about the recording.
_OF_THE_FILE = frozenset({"", "karaoke", "instrumental", "remaster", "tribute"})

# Agreement of a film or musical with the singers of its song.
_SHOW = 0.77
_BY = re.compile(r" (?:by|de|von|par|por)$")
_SHOW_YEAR = re.compile(r"\b(\d{4}) (?:film|movie|musical|series|cast)\b")
_SHOW_ALBUM = re.compile(r"\b(?:soundtrack|motion picture|cast|musical|music from)\b")


def _artist_part(hypothesis: Hypothesis, offer: Offer, value: float) -> Part:
    given, asked = {"given": offer.credit.main}, hypothesis.artist
    if not asked:
        return Part("artist", value, "artist_in_name" if value > 0.8 else "artist_not_told", given)
    if value >= 0.97:
        return Part("artist", value, "artist_agrees", given)
    both = {**given, "asked": asked}
    if value <= 0:
        return Part("artist", value, "artist_differs", both)
    code = "artist_agrees_nearly" if value >= 0.9 else "artist_agrees_in_part"
    return Part("artist", value, code, both)


def _title_part(asked: Title, offer: Offer, value: float) -> Part:
    given = {"given": offer.title.bare}
    if value >= 0.97:
        return Part("title", value, "title_agrees", given)
    both = {**given, "asked": asked.bare}
    if value <= 0:
        return Part("title", value, "title_differs", both)
    code = "title_agrees_nearly" if value >= 0.9 else "title_agrees_in_part"
    return Part("title", value, code, both)


# From this agreement on the name asks for the very artist that is offered.
_ASKED_FOR = 0.94


def _maker(song: Song, closest: Offer, artist: float, asked: str) -> list[Part]:
    """Karaoke houses and tribute bands instead of the artist."""
    credit = closest.credit.main
    if is_karaoke_maker(credit):
        return [Part("maker", 0.0, "karaoke_maker", {"artist": credit})]
    if all(offer.is_karaoke for offer in song.offers):
        return [Part("maker", 0.0, "karaoke_track")]
    if asked and is_tribute(credit) and not is_tribute(asked):
        return [Part("maker", 0.1, "imitator", {"artist": credit})]
    if artist >= _ASKED_FOR:
        return []  # "Hallelujah - Vitamin String Quartet": the name asks for the imitation
    if is_tribute(credit) or all(offer.is_tribute for offer in song.offers):
        return [Part("maker", 0.1, "imitator", {"artist": credit})]
    return []


def _is_imitation(reading: _Reading) -> bool:
    """Whether a maker is offered that the name does not ask for: of no use to anybody."""
    if not any(part.name == "maker" for part in reading.evidence.parts):
        return False
    asked, credit = reading.asked.hypothesis.artist, reading.closest.credit.main
    is_joined = asked and _is_maker(credit) and not _is_maker(asked)  # "Queen & The Hit Crew"
    return bool(is_joined) or reading.evidence["artist"].value < _ASKED_FOR


def _is_maker(artist: str) -> bool:
    return is_karaoke_maker(artist) or is_tribute(artist)


def _variant(song: Song, wanted: frozenset[str]) -> list[Part]:
    offered = [offer.kinds - _OF_THE_FILE for offer in song.offers]
    if wanted in offered:
        return []
    if wanted:
        return [Part("variant", 0.6, "version_missing", {"kinds": sorted(wanted)})]
    return [Part("variant", 0.3, "version_only", {"kinds": sorted(offered[0])})]


def _featured(song: Song, asked: _Asked) -> list[Part]:
    if not asked.guests:
        return []
    is_credited = bool(asked.guests & song.artists.union(*(offer.guests for offer in song.offers)))
    value = 1.0 if is_credited else 0.5
    if names := ", ".join(asked.hypothesis.featured):
        code = "guest_credited" if is_credited else "guest_not_credited"
        return [Part("featured", value, code, {"names": names})]
    return [
        Part("featured", value, "some_guest_credited" if is_credited else "some_guest_not_credited")
    ]


# --- Songs against each other -------------------------------------------------------------------


def _margin(reading: _Reading, readings: Sequence[_Reading]) -> Part:
    """How far the best other song is behind: nothing is certain where two answer the name."""
    rival = next((other for other in readings if not _is_same(reading, other)), None)
    if rival is None:
        return Part("margin", 1.0, "no_rival")
    value = min(1.0, max(0.0, rival.distance - reading.distance))  # one further off is no doubt
    names = {"rival": f"{rival.closest.credit.main} - {rival.closest.title.bare}"}
    return Part("margin", value, "far_rival" if value == 1.0 else "near_rival", names)


def _is_same(one: _Reading, other: _Reading) -> bool:
    return one.song is other.song or one.song.is_same_as(other.song)


def _distinct(readings: Sequence[_Reading]) -> list[_Reading]:
    """The first few songs, each once, under its best credit."""
    kept: list[_Reading] = []
    for reading in readings:
        if len(kept) == RANKED:
            break
        if not any(_is_same(reading, other) for other in kept):
            kept.append(reading)
    return kept


def _scored(reading: _Reading, margin: Part, aliases: Mapping[str, str]) -> Scored:
    song, hypothesis = reading.song, reading.asked.hypothesis
    # As the name has it: a variant that tells no version is rather the title's own bracket.
    written, variant = hypothesis.title, hypothesis.variant
    if variant and version_kind(variant) is None:
        written = f"{written} ({variant})"
    spelling = best_spelling(song, reading.closest, written)
    asked = reading.asked
    genre, tagged_by = genre_from(song)
    dated = year_of(song, reading.closest, asked.kinds, asked.guests, genre)
    provider = spelling.candidate.provider
    sources = {"artist": provider, "title": provider, "year": dated.provider, "genre": tagged_by}
    parts = [*reading.evidence.parts, margin]
    if dated.year is not None:  # for or against the song it says nothing
        told = {"year": dated.year, "provider": dated.provider}
        part = Part("year", dated.confidence, "year", told)
        if dated.other:
            year, provider_of_it = dated.other
            both = {**told, "other_year": year, "other_provider": provider_of_it}
            part = Part("year", dated.confidence, "years_differ", both)
        parts.append(part)
    evidence = Evidence(tuple(parts))
    others = (offer.candidate for offer in song.offers if offer is not spelling)
    artist, title = in_plain_case(
        shown_artist(spelling, hypothesis.artist), shown_title(spelling, written), spelling
    )
    return Scored(
        hypothesis=hypothesis,
        candidates=(spelling.candidate, *others),
        artist=aliases.get(fold(artist), artist),  # as people write it in this library
        title=title,
        year=dated.year,
        year_confidence=dated.confidence,
        genre=genre,
        evidence=evidence,
        confidence=confidence(evidence),
        sources={name: source for name, source in sources.items() if source},
    )
