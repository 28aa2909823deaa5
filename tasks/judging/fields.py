"""What is written for a song: spelling, year and genre out of all its offers. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from ...providers.base import Tag
from ...providers.services import source_of
from ..names.folding import fold
from ..names.formatting import readable
from .genres import genre_of
from .naming import artist_key, display, is_romanized, sorted_key
from .songs import Offer, Song


def best_spelling(song: Song, closest: Offer, asked: str) -> Offer:
    """Whose artist and title are shown: of those that agree with the name best, the curated one.

    Args:
        closest: the offer whose names agree best.
        asked: the title as the name has it.
    """
    written = fold(asked)
    ranks = [
        (
            offer.credit.key != closest.credit.key,
            fold(offer.title.full) != written,
            offer.title.key != closest.title.key,
            bool(offer.kinds),
            offer.source.spelling,
        )
        for offer in song.offers
    ]
    return song.offers[ranks.index(min(ranks))]


def shown_title(offer: Offer, asked: str) -> str:
    """The title as it is written: without its version, unless the name has that in the title.

    Who files "Gruppa krovi" looks for it in these letters, though it is printed Группа крови.
    """
    title = offer.title
    if is_romanized(fold(asked), title.folded):
        return asked
    return display(title.full if fold(title.full) == fold(asked) else title.bare)


def in_plain_case(artist: str, title: str, offer: Offer) -> tuple[str, str]:
    """Artist and title as people write them, where an entry shouts or mumbles: "QUEEN - BOHEMIAN
    RHAPSODY". What is kept by hand is meant so ("k.d. lang"), and one word is often a style
    ("ABBA - SOS")."""
    is_curated = "musicbrainz" in (offer.source.name, offer.source.data_of)
    is_meant = is_curated or " " not in title
    is_mixed = artist + title not in ((artist + title).upper(), (artist + title).lower())
    return (artist, title) if is_meant or is_mixed else readable(artist, title)


def shown_artist(offer: Offer, asked: str) -> str:
    """The artist as it is written: the credit without featured artists, in the name's script.

    Who files "Hikaru Utada - First Love" looks for "Hikaru Utada", though MusicBrainz credits
    宇多田ヒカル: of an artist's names the one in the script of the file is shown.
    """
    # "[traditional]" is MusicBrainz' way to write that it is nobody's.
    printed = offer.credit.main.removeprefix("[").removesuffix("]")
    if not asked or fold(printed).isascii() == fold(asked).isascii():
        return display(printed)
    # A sort name has its words in another order: "Utada, Hikaru".
    same = [
        name for name in offer.candidate.artist_aliases if sorted_key(name) == sorted_key(asked)
    ]
    same.sort(key=lambda name: ("," in name, artist_key(name) != artist_key(asked)))
    own = asked if is_romanized(fold(asked), offer.credit.folded) else printed
    return display(same[0] if same else own)


# Versions whose date is not the song's, unless the name asks for them.
LATER = frozenset({"live", "remix", "acoustic", "demo", "rerecording", "karaoke", "tribute",
                   "instrumental", "version"})  # fmt: skip


class Dated(NamedTuple):
    """A song's year.

    Attributes:
        year: of first release, None where nobody tells it.
        confidence: how sure the year is by itself, 0.0-1.0.
        provider: who says so.
        other: another year by more than one, and who says that; None where nobody does.
    """

    year: int | None = None
    confidence: float = 0.0
    provider: str = ""
    other: tuple[int, str] | None = None


# How sure a year is: one that only editions, compilations or bootlegs tell, one that an older
# witness of another source has corrected, and one that a younger witness disputes.
LAST_RESORT, CORRECTED, DISPUTED = 0.5, 0.75, 0.85
# A year below this is worth asking another service for.
WEAK = 0.55
# Nobody wrote such songs, so that no recording is the first.
_NOBODYS_SONG = frozenset({"traditional", "christmas music", "nursery rhyme", "anonymous"})


def year_of(
    song: Song,
    closest: Offer,
    wanted: frozenset[str],
    guests: frozenset[str] = frozenset(),
    genre: str | None = None,
) -> Dated:
    """Year of first release of the version that is meant.

    The earliest date over the recordings that are not some later version. Remasters and
    compilations need no rule of their own: they are never earlier than the first release. What was
    handed down, and classical music, has no such year: its first recording is none of the song.

    Args:
        wanted: kinds of version that the name asks for.
        guests: keys of the featured artists that it names.
        genre: the song's.
    """
    if genre == "Classical" or fold(closest.credit.main) in _NOBODYS_SONG:
        return Dated()
    dated = [
        offer
        for offer in song.offers
        # Nothing was recorded before 1888.
        if (offer.candidate.year or 0) >= 1888 and not (offer.is_karaoke or offer.is_tribute)
    ]
    # "Don't Let the Sun Go Down on Me" is of 1974 by Elton John, of 1991 with George Michael.
    dated = [offer for offer in dated if offer.credit.key == closest.credit.key] or dated
    # "White Christmas (with Shania Twain)" is ten years younger than without her.
    dated = [offer for offer in dated if guests & offer.guests] or dated
    exact = [offer for offer in dated if offer.kinds & LATER == wanted]
    plain = [offer for offer in dated if not offer.kinds & LATER]
    # A live take's date is not the song's: better none than that.
    edited = [offer for offer in dated if offer.kinds & LATER == {"version"} and not wanted]
    for offers, certainty in ((exact, 1.0), (plain, 0.6), (edited, 0.5)):
        if offers:
            found = _by_witnesses(offers)
            return found._replace(confidence=round(found.confidence * certainty, 2))
    return Dated()


_EDITION = re.compile(
    r"\b(?:editions?|deluxe|expanded|re ?masters?|re ?mastered|re ?issues?|anniversary|"
    r"(?:very |the |all the )best|le meilleur de|lo mejor de|das beste|greatest|hits|essentials?|"
    r"collections?|antholog(?:y|ie|ia)|compilation|playlist|ultimate|definitive|classics|gold|"
    r"platinum|number (?:1|one)s|the singles|thats what i call|(?:top|now) \d+|"
    r"\d+ (?:songs|tracks)|(?:19|20)?\d0s)\b"
)


def _is_late(offer: Offer) -> bool:
    """Whether an offer's date may well be that of a later edition, or of no release at all.

    The store dates what it sells: "Africa" is of 2013 on "Now 100 Hits", of 1999 on a "Deluxe
    Edition". Most editions keep a track's first date, but nobody can tell which. A concert's
    bootleg may be a year older than the song.
    """
    candidate = offer.candidate
    if candidate.provider == "itunes" and _EDITION.search(fold(candidate.album)):
        return True
    return not {"compilation", "bootleg"}.isdisjoint(candidate.secondary_types)


def _by_witnesses(offers: Sequence[Offer]) -> Dated:
    """The earliest date of the most trusted source, unless an independent one knows an older.

    Errors are on the late side: of 175 songs that were checked by hand 82 % had the year of the
    first source, 87 % the older of two (music-assistant/server#5413).
    """
    own = [offer for offer in offers if not _is_late(offer)]
    years: dict[str, int] = {}  # each provider's earliest
    for offer in own or offers:
        if told := offer.candidate.year:
            name = offer.candidate.provider
            years[name] = min(told, years.get(name, told))
    provider, *others = sorted(years, key=lambda name: -source_of(name).dates)
    year = years[provider]
    if not own:
        oldest = min(years, key=lambda name: years[name])
        return Dated(years[oldest], LAST_RESORT, oldest)
    independent = [name for name in others if source_of(name).data_of != provider]
    for name in independent:
        if years[name] < year - 1:
            return Dated(years[name], CORRECTED, name, (year, provider))
    for name in independent:
        if years[name] > year + 1:
            return Dated(year, DISPUTED, provider, (years[name], name))
    return Dated(year, 0.99 if independent else source_of(provider).dates, provider)


def genre_from(song: Song) -> tuple[str | None, str]:
    """The genre that all tags of the song vote for, and the provider that says so most plainly."""
    artist = song.offers[0].credit.main
    # Each source's tags, the most trusted source first; a tag on many recordings counts once.
    tags: dict[str, dict[str, Tag]] = {}
    for offer in sorted(song.offers, key=attrgetter("source.genres"), reverse=True):
        if offer.is_karaoke or offer.is_tribute:
            continue
        own = tags.setdefault(offer.source.name, {})
        for tag in offer.candidate.tags:
            weight = tag.weight * offer.source.genres
            if tag.name not in own or own[tag.name].weight < weight:
                own[tag.name] = replace(tag, weight=weight)
    genre = genre_of([tag for own in tags.values() for tag in own.values()], artist=artist)
    if genre is None:
        return None, ""
    told = {name: own.values() for name, own in tags.items() if own}
    agreeing = (name for name, own in told.items() if genre_of(own, artist=artist) == genre)
    return genre, next(agreeing, next(iter(told)))
