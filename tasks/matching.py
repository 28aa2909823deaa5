"""A parsed name x what the providers offer -> the best answer with its evidence. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..providers.base import Candidate, Tag
from .folding import fold
from .genres import genre_of
from .makers import is_karaoke_maker, is_nobody, is_tribute, says_karaoke, says_tribute
from .naming import (
    Credit,
    Title,
    artist_agreement,
    artist_key,
    display,
    split_credit,
    split_title,
    title_agreement,
    version_kind,
)
from .parsing import NO_KNOWLEDGE, Hypothesis, Knowledge, ParsedName
from .scoring import APPLY_FROM, Evidence, Part, confidence, explain

__all__ = ["Evidence", "Scored", "Verdict", "explain", "judge"]

RANKED = 5
"""How many distinct recordings a verdict keeps for review."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One song that may be meant: all candidates for it, and what speaks for and against it.

    Attributes:
        hypothesis: the reading of the name that it answers best.
        candidates: every candidate of this song, whichever provider gave it, best spelling first.
        artist: artist in the provider's spelling, without featured artists.
        title: title in the provider's spelling, without version and featured artists.
        year: year of first release of the version that is meant, None where unknown.
        year_confidence: how sure that year is by itself, 0.0 without one.
        genre: a name of `genres.GENRES`, None where no tag tells one.
        evidence: the parts of the score.
        confidence: 0.00-0.99.
        sources: which provider gave artist, title, year and genre.
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one name from all that was offered for it.

    Attributes:
        best: the likeliest song, None without a candidate.
        confidence: of `best`, 0.0 without one.
        ranked: the best five distinct songs, `best` first.
        variant: what the name says about the version ("Live"), "" for nothing.
        year, year_confidence, genre, artist, title: those of `best`.
        sources: field ("artist", "title", "year", "genre") -> name of the provider it is from.
        missing: of {"year", "genre"} what no candidate of `best` supplied.
    """

    best: Scored | None
    confidence: float
    ranked: tuple[Scored, ...]
    artist: str
    title: str
    variant: str
    year: int | None
    year_confidence: float
    genre: str | None
    sources: Mapping[str, str]
    missing: frozenset[str]

    @property
    def applies(self) -> bool:
        """Whether the answer is sure enough to be written to the song."""
        return self.confidence >= APPLY_FROM


NO_VERDICT = Verdict(
    None, 0.0, (), "", "", "", None, 0.0, None, {}, frozenset({"year", "genre"})
)  # fmt: skip


def judge(
    parsed: ParsedName,
    candidates: Sequence[Candidate],
    knowledge: Knowledge = NO_KNOWLEDGE,
    *,
    duration: float | None = None,
) -> Verdict:
    """Weigh every candidate against every reading of a name.

    Args:
        parsed: the name with its readings, likeliest first.
        candidates: what all providers asked so far gave, in any order.
        knowledge: artists that the library holds for certain.
        duration: length of the file in seconds, where known.
    Returns:
        The likeliest song with evidence, and the four runners-up.
    """
    songs = _merge(candidates)
    if not songs or not parsed.hypotheses:
        return NO_VERDICT
    room = _Room(parsed, songs, knowledge, duration)
    readings = sorted((room.best_reading(song) for song in songs), key=lambda read: read.distance)
    ranked = [
        _scored(reading, _margin(reading, readings)) for reading in _distinct(readings)[:RANKED]
    ]
    best = ranked[0]
    found = {"year": best.year, "genre": best.genre}
    return Verdict(
        best=best,
        confidence=best.confidence,
        ranked=tuple(ranked),
        artist=best.artist,
        title=best.title,
        variant=best.hypothesis.variant,
        year=best.year,
        year_confidence=best.year_confidence,
        genre=best.genre,
        sources=best.sources,
        missing=frozenset(field for field, value in found.items() if value is None),
    )


# --- Candidates of one song come together -------------------------------------------------------

# ListenBrainz answers from MusicBrainz's data: the two agreeing is one witness.
_SAME_DATA = {"listenbrainz": "musicbrainz"}
# Whose spelling is shown where several fit equally well: the curated ones first.
_SPELLING = {"musicbrainz": 0, "listenbrainz": 1, "itunes": 2, "lastfm": 3}


@dataclass(frozen=True, slots=True)
class _Offer:
    """A candidate with its names taken apart."""

    candidate: Candidate
    credit: Credit
    title: Title
    kinds: frozenset[str]


@dataclass(slots=True)
class _Song:
    """All offers of one song: same title, same first artist."""

    offers: list[_Offer]

    @property
    def artist(self) -> str:
        return self.offers[0].credit.parts[0]

    @property
    def key(self) -> str:
        return self.offers[0].title.core

    @property
    def artists(self) -> frozenset[str]:
        return frozenset(
            key for offer in self.offers for key in (offer.credit.key, *offer.credit.parts)
        )

    @property
    def providers(self) -> frozenset[str]:
        names = {offer.candidate.provider for offer in self.offers}
        return frozenset(_SAME_DATA.get(name, name) for name in names)

    @property
    def listeners(self) -> int | None:
        known = [offer.candidate.listeners for offer in self.offers]
        return max((count for count in known if count is not None), default=None)

    @property
    def support(self) -> float:
        """How many people stand behind the song, roughly, to compare two songs by."""
        curated = 2000.0 * len(self.providers - {"lastfm"})
        return curated + (self.listeners or 0)


def _merge(candidates: Iterable[Candidate]) -> list[_Song]:
    """Bring the candidates of one song together over the providers, nobody's left out."""
    songs: dict[tuple[str, str], _Song] = {}
    for candidate in candidates:
        if is_nobody(candidate.artist) or not candidate.title.strip():
            continue
        offer = _offer(candidate)
        if not offer.title.core:
            continue
        songs.setdefault((offer.credit.parts[0], offer.title.core), _Song([])).offers.append(offer)
    return list(songs.values())


# What MusicBrainz calls the kinds of release that hold another version than the first.
_RELEASE_KINDS = {"live": "live", "remix": "remix", "dj-mix": "remix", "demo": "demo"}


def _offer(candidate: Candidate) -> _Offer:
    title = split_title(candidate.title)
    kinds = set(title.kinds)
    if candidate.disambiguation:
        kinds |= {version_kind(part) or "" for part in candidate.disambiguation.split(",")}
        if says_karaoke(candidate.disambiguation):
            kinds.add("karaoke")
    if "compilation" not in candidate.secondary_types:
        # A studio recording may lie on a compilation of live takes as well.
        kinds |= {_RELEASE_KINDS.get(kind, "") for kind in candidate.secondary_types}
    kinds.discard("")
    return _Offer(candidate, split_credit(candidate.artist), title, frozenset(kinds))


# --- One reading against one song ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """A song under the hypothesis that suits it best, before it is compared with its rivals."""

    song: _Song
    hypothesis: Hypothesis
    offer: _Offer
    artist: float
    title: float
    evidence: Evidence
    distance: float


class _Room:
    """What every comparison of one name needs, computed once."""

    def __init__(
        self,
        parsed: ParsedName,
        songs: Sequence[_Song],
        knowledge: Knowledge,
        duration: float | None,
    ) -> None:
        self.readings = [
            (rank, hypothesis, split_credit(hypothesis.artist), split_title(hypothesis.title))
            for rank, hypothesis in enumerate(parsed.hypotheses)
        ]
        self.name = f" {fold(parsed.name)} "
        self.songs = songs
        self.by_names = {(song.artist, song.key): song for song in songs}
        self.known = frozenset(artist_key(name) for name in knowledge.artists)
        self.duration = duration

    def best_reading(self, song: _Song) -> _Reading:
        """The song under each hypothesis; the one under which least speaks against it."""
        about = self._about(song)
        return min(
            (self._read(song, about, *reading) for reading in self.readings),
            key=lambda read: read.distance,
        )

    def _read(
        self,
        song: _Song,
        about: tuple[Part, ...],
        rank: int,
        hypothesis: Hypothesis,
        asked_artist: Credit,
        asked_title: Title,
    ) -> _Reading:
        offer, artist, title = self._closest(song, hypothesis, asked_artist, asked_title)
        parts = (
            artist,
            title,
            self._order(rank, hypothesis, song),
            *self._made_for_karaoke(song, offer, artist.value),
            *_variant(hypothesis, asked_title, song),
            *_featured(hypothesis, song),
            *about,
        )
        evidence = Evidence(parts)
        return _Reading(
            song, hypothesis, offer, artist.value, title.value, evidence, evidence.distance
        )

    def _closest(
        self, song: _Song, hypothesis: Hypothesis, asked_artist: Credit, asked_title: Title
    ) -> tuple[_Offer, Part, Part]:
        """The offer of the song whose names agree best, with the two agreements."""
        closest: tuple[float, _Offer, float, float] | None = None
        seen: set[tuple[str, str]] = set()
        for offer in song.offers:
            names = (offer.candidate.artist, offer.title.bare)
            if names in seen and not offer.candidate.artist_aliases:
                continue
            seen.add(names)
            if hypothesis.artist:
                title = title_agreement(asked_title, offer.title)
                artist = _artist(asked_artist, offer, title)
            else:
                artist, title = self._in_name(song, asked_title, offer)
            if closest is None or artist + title > closest[0]:
                closest = (artist + title, offer, artist, title)
        assert closest is not None
        _, offer, artist, title = closest
        return (
            offer,
            _artist_part(hypothesis, offer, artist),
            _title_part(asked_title, offer, title),
        )

    def _in_name(self, song: _Song, asked: Title, offer: _Offer) -> tuple[float, float]:
        """Agreement where the name tells no artist: the artist may stand somewhere in it.

        "Karaoke Luis Miguel Reloj" has no separator; "Luis Miguel" at its edge leaves the title.
        """
        artist = offer.credit.folded
        rest = _without(asked.folded, artist)
        if rest:
            title = title_agreement(split_title(rest), offer.title)
            if title:
                return (0.95 if len(artist) > 4 else 0.90), title
        title = title_agreement(asked, offer.title)
        if title and len(artist) > 3 and f" {artist} " in self.name.replace(asked.folded, " "):
            return 0.93, title
        return self._unnamed(song), title

    def _unnamed(self, song: _Song) -> float:
        """A title alone never carries a match, however few artists sing it; it may be offered."""
        others = sum(other.support for other in self.songs if other is not song
                     and other.key == song.key)  # fmt: skip
        return 0.70 if song.support >= 10_000 and song.support > 10 * others else 0.62

    def _about(self, song: _Song) -> tuple[Part, ...]:
        """What is to be said of a song whatever the reading."""
        parts = [_solid(song), *self._swapped(song), *self._length(song)]
        if self.known:
            known = not self.known.isdisjoint(song.artists)
            words = "the library holds this artist" if known else "an artist new to the library"
            parts.append(Part("library", 1.0 if known else 0.5, words))
        return tuple(parts)

    def _order(self, rank: int, hypothesis: Hypothesis, song: _Song) -> Part:
        """The likelier reading first, unless the library knows better."""
        if rank == 0 or not self.known.isdisjoint(song.artists):
            return Part("order", 1.0, "the likeliest reading of the name")
        words = f"only the {_ordinal(rank)} reading of the name ({hypothesis.strength})"
        return Part("order", max(0.0, 0.75 - 0.25 * (rank - 1)), words)

    def _swapped(self, song: _Song) -> list[Part]:
        """Last.fm really holds an artist "Hey Jude" with a track "The Beatles", played by a few."""
        twin = self.by_names.get((song.key, song.artist))
        if twin is not None and twin is not song:
            ours, theirs = song.support + 1, twin.support + 1
            if ours >= 5 * theirs:
                return []
            value = 0.0 if theirs >= 5 * ours else 0.4
            words = f"also known the other way round, as by {twin.offers[0].credit.main}"
            return [Part("swapped", value, words)]
        if song.key in self.known and self.known.isdisjoint(song.artists):
            words = f"the library knows {song.offers[0].title.bare} as an artist"
            return [Part("swapped", 0.4, words)]
        return []

    def _length(self, song: _Song) -> list[Part]:
        lengths = [o.candidate.duration for o in song.offers if o.candidate.duration]
        if not self.duration or not lengths:
            return []
        off = min(abs(length - self.duration) for length in lengths)
        # A karaoke track adds a title card and a count-in, or leaves out a solo.
        value = 1.0 if off <= 20 else 0.7 if off <= 60 else 0.2
        return [Part("duration", value, f"{off:.0f} s longer or shorter than the file")]

    def _made_for_karaoke(self, song: _Song, offer: _Offer, artist: float) -> list[Part]:
        """Karaoke houses and tribute bands instead of the artist."""
        credit = offer.credit.main
        if is_karaoke_maker(credit):
            return [Part("maker", 0.0, f"{credit} makes karaoke tracks")]
        if all(_is_karaoke(each) for each in song.offers) and artist < 0.94:
            return [Part("maker", 0.0, "offered as a karaoke track")]
        if artist >= 0.94:
            return []  # "Hallelujah - Vitamin String Quartet": the name asks for the imitation
        if is_tribute(credit) or all(_is_tribute(each) for each in song.offers):
            return [Part("maker", 0.1, f"{credit} plays others' songs")]
        return []


def _ordinal(rank: int) -> str:
    return ("second", "third", "fourth", "fifth")[rank - 1] if rank <= 4 else f"{rank + 1}th"


def _without(text: str, name: str) -> str:
    """`text` without `name` at its beginning or end, and without a "by" between, else ""."""
    if text.startswith(f"{name} "):
        return text[len(name) + 1 :]
    if text.endswith(f" {name}"):
        rest = text[: -len(name) - 1]
        return rest.removesuffix(" by").removesuffix(" de").removesuffix(" von")
    return ""


def _artist(asked: Credit, offer: _Offer, title: float) -> float:
    agreement = artist_agreement(asked, offer.credit, offer.candidate.artist_aliases)
    if agreement < 0.77 and title >= 0.94 and _is_show(asked, offer.candidate):
        return 0.77
    return agreement


def _is_show(asked: Credit, candidate: Candidate) -> bool:
    """Whether the name gives a film or musical for its singers: "Shallow - A Star is Born"."""
    album = fold(candidate.album)
    show = " ".join(asked.main.split("(")[0].split())
    told = "soundtrack" in candidate.secondary_types or any(
        word in album for word in ("soundtrack", "motion picture", "cast recording", "musical")
    )
    return told and len(show) > 3 and f" {fold(show)} " in f" {album} "


def _artist_part(hypothesis: Hypothesis, offer: _Offer, value: float) -> Part:
    given = offer.credit.main
    if not hypothesis.artist:
        if value > 0.8:
            return Part("artist", value, f"{given} stands in the name")
        return Part("artist", value, f"the name tells no artist; {given} is one that has the song")
    if value >= 0.97:
        return Part("artist", value, f"artist agrees: {given}")
    if value >= 0.9:
        return Part("artist", value, f"artist agrees nearly: {given} for {hypothesis.artist}")
    if value > 0:
        return Part("artist", value, f"artist agrees in part: {given} for {hypothesis.artist}")
    return Part("artist", 0.0, f"another artist: {given}, not {hypothesis.artist}")


def _title_part(asked: Title, offer: _Offer, value: float) -> Part:
    given = offer.title.bare
    if value >= 0.97:
        return Part("title", value, f"title agrees: {given}")
    if value > 0:
        return Part("title", value, f"title agrees nearly: {given} for {asked.bare}")
    return Part("title", 0.0, f"another title: {given}, not {asked.bare}")


def _solid(song: _Song) -> Part:
    """Whether the song exists at all: Last.fm keeps whatever a player once sent to it."""
    if len(song.providers) > 1:
        return Part("solid", 1.0, f"known to {len(song.providers)} independent providers")
    if song.listeners is None:
        return Part("solid", 0.95, f"known to {song.offers[0].candidate.provider} alone")
    tagged = 0.2 if any(offer.candidate.tags for offer in song.offers) else 0.0
    value = (math.log10(song.listeners + 1) - 1.5) / 1.5 + tagged
    people = "listener" if song.listeners == 1 else "listeners"
    return Part("solid", min(1.0, max(0.0, value)), f"{song.listeners:,} {people} on Last.fm")


def _variant(hypothesis: Hypothesis, asked: Title, song: _Song) -> list[Part]:
    wanted = _wanted(hypothesis, asked)
    if any(offer.kinds - {"remaster"} == wanted for offer in song.offers):
        return []
    if wanted:
        return [Part("variant", 0.6, f"no {'/'.join(sorted(wanted))} version among the answers")]
    found = "/".join(sorted(song.offers[0].kinds - {"remaster"}))
    return [Part("variant", 0.3, f"only a {found} version among the answers")]


# What a name says about the karaoke file is nothing about the recording.
_OF_THE_FILE = frozenset({"karaoke", "instrumental", "remaster", "tribute"})


def _wanted(hypothesis: Hypothesis, asked: Title) -> frozenset[str]:
    kinds = set(asked.kinds)
    for word in hypothesis.variant.replace(",", " ").split(" / "):
        kinds.add(version_kind(word) or "")
    return frozenset(kinds - _OF_THE_FILE - {""})


def _featured(hypothesis: Hypothesis, song: _Song) -> list[Part]:
    if not hypothesis.featured:
        return []
    wanted = {artist_key(name) for name in hypothesis.featured}
    credited = song.artists.union(
        *({*offer.credit.featured, *offer.title.featured} for offer in song.offers)
    )
    names = ", ".join(hypothesis.featured)
    if wanted & credited:
        return [Part("featured", 1.0, f"features {names} as the name says")]
    return [Part("featured", 0.5, f"{names} of the name is not credited")]


def _is_karaoke(offer: _Offer) -> bool:
    candidate = offer.candidate
    if "karaoke" in offer.kinds or says_karaoke(candidate.album):
        return True
    # The store files karaoke tracks under "Karaoke"; on Last.fm people so tag what they sing.
    store = candidate.listeners is None or candidate.listeners < 1000
    return bool(candidate.tags) and store and says_karaoke(candidate.tags[0].name)


def _is_tribute(offer: _Offer) -> bool:
    return "tribute" in offer.kinds or says_tribute(offer.candidate.album)


# --- Songs against each other -------------------------------------------------------------------

_CLEAR = 1.0
"""A rival this much further off leaves no doubt."""


def _margin(reading: _Reading, readings: Sequence[_Reading]) -> Part:
    """How far the best other song is behind: nothing is certain where two answer the name."""
    rival = next((other for other in readings if not _same_song(reading, other)), None)
    if rival is None:
        return Part("margin", 1.0, "no other song answers the name")
    gap = rival.distance - reading.distance
    names = f"{rival.offer.credit.main} - {rival.offer.title.bare}"
    value = min(1.0, max(0.0, gap / _CLEAR))
    words = f"well ahead of {names}" if value == 1.0 else f"{names} answers the name as well"
    return Part("margin", value, words)


def _same_song(one: _Reading, other: _Reading) -> bool:
    """Whether two answers are one song: "Queen" and "David Bowie & Queen" with "Under Pressure"."""
    return one.song is other.song or (
        one.song.key == other.song.key and not one.song.artists.isdisjoint(other.song.artists)
    )


def _distinct(readings: Sequence[_Reading]) -> list[_Reading]:
    """Each song once, under its best credit."""
    kept: list[_Reading] = []
    for reading in readings:
        if not any(_same_song(reading, other) for other in kept):
            kept.append(reading)
    return kept


# --- The answer's fields ------------------------------------------------------------------------


def _scored(reading: _Reading, margin: Part) -> Scored:
    evidence = reading.evidence.with_part(margin)
    asked = split_title(reading.hypothesis.title)
    spelling = _spelling(reading)
    year, year_confidence, year_from = _year(reading, _wanted(reading.hypothesis, asked))
    genre, genre_from = _genre(reading)
    sources = {"artist": spelling.candidate.provider, "title": spelling.candidate.provider}
    if year_from:
        sources["year"] = year_from
    if genre_from:
        sources["genre"] = genre_from
    offers = sorted(reading.song.offers, key=lambda offer: offer is not spelling)
    return Scored(
        hypothesis=reading.hypothesis,
        candidates=tuple(offer.candidate for offer in offers),
        artist=display(spelling.credit.main),
        title=display(spelling.title.bare),
        year=year,
        year_confidence=year_confidence,
        genre=genre,
        evidence=evidence,
        confidence=confidence(evidence),
        sources=sources,
    )


def _spelling(reading: _Reading) -> _Offer:
    """Whose artist and title are shown: what agrees with the name best, then the curated ones."""

    def rank(offer: _Offer) -> tuple[bool, bool, bool, int]:
        return (
            offer.credit.key != reading.offer.credit.key,
            offer.title.key != reading.offer.title.key,
            bool(offer.kinds),
            _SPELLING.get(offer.candidate.provider, 9),
        )

    return min(reading.song.offers, key=rank)


# Versions whose date is not the song's, unless the name asks for them.
_LATER = frozenset({"live", "remix", "acoustic", "demo", "rerecording", "karaoke", "tribute",
                    "instrumental", "version"})  # fmt: skip
# Whose date is believed first: MusicBrainz dates recordings, the store dates editions.
_DATED = (("musicbrainz", 0.95), ("listenbrainz", 0.90), ("itunes", 0.75), ("lastfm", 0.5))


def _year(reading: _Reading, wanted: frozenset[str]) -> tuple[int | None, float, str]:
    """Year of first release of the version meant: year, its confidence, its provider.

    The earliest date over the recordings that are not some later version. Remasters and
    compilations need no rule of their own: they are never earlier than the first release.
    """
    dated = [offer for offer in _meant(reading) if offer.candidate.year]
    exact = [offer for offer in dated if offer.kinds & _LATER == wanted]
    plain = [offer for offer in dated if not offer.kinds & _LATER]
    for offers, sure in ((exact, 1.0), (plain, 0.6), (dated, 0.5)):
        if offers:
            year, trust, provider = _earliest(offers)
            return year, round(trust * sure, 2), provider
    return None, 0.0, ""


def _meant(reading: _Reading) -> list[_Offer]:
    """Offers whose credit is the one asked for, all of the song's where those know no year.

    "Don't Let the Sun Go Down on Me" is 1974 by Elton John, 1991 with George Michael.
    """
    key = reading.offer.credit.key
    same = [offer for offer in reading.song.offers if offer.credit.key == key]
    return same if any(offer.candidate.year for offer in same) else reading.song.offers


def _earliest(offers: Sequence[_Offer]) -> tuple[int, float, str]:
    years: dict[str, int] = {}
    for offer in offers:
        name, year = offer.candidate.provider, offer.candidate.year
        if year:
            years[name] = min(year, years.get(name, year))
    ranked = [(name, trust) for name, trust in _DATED if name in years]
    ranked += [(name, 0.5) for name in years if name not in dict(_DATED)]
    name, trust = ranked[0]
    others = [years[other] for other, _ in ranked[1:] if _SAME_DATA.get(other, other) != name]
    if (
        name == "musicbrainz"
        and _only_on_compilations(offers)
        and min(years.values()) < years[name]
    ):
        name, trust = min(years, key=lambda each: years[each]), 0.7
    elif any(abs(other - years[name]) > 1 for other in others):
        trust -= 0.25
    elif others:
        trust = 0.99
    return years[name], trust, name


def _only_on_compilations(offers: Iterable[_Offer]) -> bool:
    return all(
        "compilation" in offer.candidate.secondary_types
        for offer in offers
        if offer.candidate.provider == "musicbrainz" and offer.candidate.year
    )


# How far each provider's words for genres are to be trusted, beside each other.
_TAGS = {"lastfm": 1.0, "musicbrainz": 0.8, "listenbrainz": 0.8, "itunes": 0.7}


def _genre(reading: _Reading) -> tuple[str | None, str]:
    """The genre that all tags of the song vote for, and the provider whose word weighs most."""
    artist, by_provider = reading.offer.credit.main, _tags_of(reading.song)
    votes = [tag for tags in by_provider.values() for tag in tags]
    genre = genre_of(votes, artist=artist)
    if genre is None:
        return None, ""
    agreeing = [
        name for name, tags in by_provider.items() if genre_of(tags, artist=artist) == genre
    ]
    return genre, agreeing[0] if agreeing else next(iter(by_provider))


def _tags_of(song: _Song) -> dict[str, list[Tag]]:
    """The tags of each provider, strongest provider first; the same tag counts once in each."""
    merged: dict[str, dict[str, Tag]] = {}
    for offer in song.offers:
        if offer.kinds & {"karaoke", "tribute"}:
            continue
        provider = offer.candidate.provider
        tags = merged.setdefault(provider, {})
        for tag in offer.candidate.tags:
            weight = tag.weight * _TAGS.get(provider, 0.5)
            if tag.name not in tags or tags[tag.name].weight < weight:
                tags[tag.name] = replace(tag, weight=weight)
    order = sorted(merged, key=lambda name: -_TAGS.get(name, 0.5))
    return {name: list(merged[name].values()) for name in order if merged[name]}


def as_dict(scored: Scored) -> dict[str, Any]:
    """A ranked song for JSON, as it is kept for review."""
    return {
        "artist": scored.artist,
        "title": scored.title,
        "variant": scored.hypothesis.variant,
        "year": scored.year,
        "genre": scored.genre,
        "confidence": scored.confidence,
        "sources": dict(scored.sources),
        "evidence": scored.evidence.as_dict()["parts"],
    }
