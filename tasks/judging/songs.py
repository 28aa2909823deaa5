"""Candidates of one song brought together, whichever provider gave them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import Indel

from ...providers.base import Candidate
from ...providers.services import Source, source_of
from ..names.folding import fold
from .makers import is_nobody, is_tribute, says_karaoke, says_tribute
from .naming import (
    Credit,
    Title,
    artist_agreement,
    split_credit,
    split_title,
    title_agreement,
    version_kind,
)

# How many listeners an entry of a curated catalogue is worth beside Last.fm's.
_CURATED = 2000.0

# What MusicBrainz calls the kinds of release that hold another version than the first.
_RELEASE_KINDS = {"live": "live", "remix": "remix", "dj-mix": "remix", "demo": "demo"}


@dataclass(frozen=True)
class Offer:
    """A candidate with its names taken apart.

    Attributes:
        source: who offers it, and how far that is believed.
        kinds: what sets this recording apart, by its title, its provider's remark and the kind of
            its releases: "live", "remix", "remaster", "karaoke" …, none for the plain one.
    """

    candidate: Candidate
    source: Source
    credit: Credit
    title: Title
    kinds: frozenset[str]

    @cached_property
    def guests(self) -> frozenset[str]:
        """Keys of everybody credited beside the main artist, in the credit or the title."""
        return frozenset((*self.credit.parts[1:], *self.credit.featured, *self.title.featured))

    @cached_property
    def is_karaoke(self) -> bool:
        """Whether a karaoke track is offered instead of the song."""
        candidate = self.candidate
        # The song "Karaoke" by Drake came out on "Karaoke - Single".
        by_album = says_karaoke(candidate.album) and not says_karaoke(self.title.bare)
        if "karaoke" in self.kinds or by_album:
            return True
        # The store files them under "Karaoke"; on Last.fm people also tag so what they sing.
        obscure = candidate.listeners is None or candidate.listeners < 1000
        return bool(candidate.tags) and obscure and says_karaoke(candidate.tags[0].name)

    @cached_property
    def is_tribute(self) -> bool:
        """Whether an imitation is offered instead of the song: "Queen & The Hit Crew"."""
        is_joined = len(self.credit.parts) > 1 and is_tribute(self.credit.main)
        return "tribute" in self.kinds or says_tribute(self.candidate.album) or is_joined


@dataclass(frozen=True)
class Song:
    """All offers of one song: same title without brackets, same first artist."""

    offers: tuple[Offer, ...]

    @cached_property
    def artist(self) -> str:
        """Key of the first artist."""
        return self.offers[0].credit.parts[0]

    @cached_property
    def title(self) -> str:
        """Key of the title without brackets."""
        return self.offers[0].title.core

    @cached_property
    def artists(self) -> frozenset[str]:
        """Keys of every credit and of everybody credited."""
        return frozenset(
            key for offer in self.offers for key in (offer.credit.key, *offer.credit.parts)
        )

    @cached_property
    def providers(self) -> frozenset[str]:
        """Names of the independent providers that know the song."""
        return frozenset(offer.source.data_of or offer.source.name for offer in self.offers)

    @cached_property
    def is_curated(self) -> bool:
        """Whether a catalogue that people keep by hand has the song."""
        return "musicbrainz" in self.providers

    @cached_property
    def listeners(self) -> int | None:
        """Listeners of its most played entry, None where no provider counts them."""
        counts = [offer.candidate.listeners for offer in self.offers]
        return max((count for count in counts if count is not None), default=None)

    @cached_property
    def support(self) -> float:
        """How many people stand behind the song, roughly, to compare two songs by."""
        return _CURATED * len(self.providers - {"lastfm"}) + (self.listeners or 0)

    def is_same_as(self, other: Song) -> bool:
        """Whether two are one under two credits: "Queen", "David Bowie & Queen"."""
        return self.title == other.title and not self.artists.isdisjoint(other.artists)


def song_key(artist: str, title: str) -> tuple[str, str]:
    """What makes two offers one song: the first artist, and the title without brackets."""
    return split_credit(artist).parts[0], split_title(title).core


# The share of letters that two spellings of one name have in common: "Sinatra", "Frank Sinatra".
_RESPELLED = 0.7


def is_another(artist: str, title: str, new_artist: str, new_title: str) -> bool:
    """Whether an edit makes a song another one than it was taken for. A slip put right makes none,
    nor does an artist that was not known or is taken out."""
    if not _is_respelled(title, new_title) and not title_agreement(
        split_title(new_title), split_title(title)
    ):
        return True
    if not (artist and new_artist) or _is_respelled(artist, new_artist):
        return False
    return not artist_agreement(split_credit(new_artist), split_credit(artist))


def _is_respelled(before: str, now: str) -> bool:
    """Whether most letters of a name stayed where they were: "Qeen" -> "Queen"."""
    return Indel.normalized_similarity(fold(before), fold(now)) >= _RESPELLED


# Not "Live Through This" or "Alive": an album that tells where it was played.
_LIVE_ALBUM = re.compile(r"(?:.* )?(?:live (?:at|in|from|on)|unplugged|in concert)(?: .*)?")


def merge(candidates: Iterable[Candidate]) -> list[Song]:
    """Bring the candidates of each song together; credits that name nobody are left out."""
    songs: dict[tuple[str, str], list[Offer]] = {}
    for candidate in candidates:
        title, credit = split_title(candidate.title), split_credit(candidate.artist)
        if is_nobody(candidate.artist) or not title.core:
            continue
        kinds = {*title.kinds, *map(_RELEASE_KINDS.get, candidate.secondary_types)}
        if _LIVE_ALBUM.fullmatch(fold(candidate.album)):
            kinds.add("live")
        if candidate.disambiguation:
            kinds.update(map(version_kind, candidate.disambiguation.split(",")))
            if says_karaoke(candidate.disambiguation):
                kinds.add("karaoke")
        offer = Offer(
            candidate, source_of(candidate.provider), credit, title, frozenset(filter(None, kinds))
        )
        songs.setdefault((credit.parts[0], title.core), []).append(offer)
    return [Song(_without_ghosts(offers)) for offers in songs.values()]


def _without_ghosts(offers: list[Offer]) -> tuple[Offer, ...]:
    """The offers without the misspelled entries that a few players sent to Last.fm.

    Frances Faye's "I Gotta Right to Sing the Blues" is no less known because two people played it
    as "I Gotta Right to Sing the Blues - [1960 Imperial Records]"; but so it is not called.
    """
    counts = [
        _CURATED if (count := offer.candidate.listeners) is None else count for offer in offers
    ]
    least = min(max(counts), _CURATED) / 20
    spellings = [(offer.credit.folded, fold(offer.title.full)) for offer in offers]
    real = {name for name, count in zip(spellings, counts, strict=True) if count >= least}
    return tuple(each for each, name in zip(offers, spellings, strict=True) if name in real)
