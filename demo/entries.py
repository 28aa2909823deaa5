"""What each service holds of a song: its first recording, and with traps all beside it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from .catalogue import Song, made_up_mbid, words

KARAOKE_MAKERS = (
    "Party Tyme Karaoke",
    "The Karaoke Channel",
    "Ameritz Karaoke Band",
    "Sing2Piano",
    "Zoom Karaoke",
)
TRIBUTE_BANDS = ("Vitamin String Quartet", "Rockabye Baby!", "The Tribute Co.", "Studio Allstars")
# Imitators that no list names: only their shape tells them, or that they are not asked for.
IMITATORS = ("The Australian {} Show", "Brit {}", "{} Revival Band", "The {} Experience")
NAMELESS_MAKERS = ("Hits Unlimited", "Starlight Backing Tracks", "Top 40 Session Singers")
_ITUNES_GENRES = {
    "Hip-Hop": "Hip-Hop/Rap",
    "Soul": "R&B/Soul",
    "R&B": "R&B/Soul",
    "Singer-Songwriter": "Singer/Songwriter",
    "J-Pop": "J-Pop",
    "Electronic": "Electronic",
}


# How the services are, as far as recorded answers and people's counts tell: the share of recordings
# that have tags, of songs that came out as a single, of songs of which MusicBrainz knows no edition
# as old as they are, and of store editions that keep a track's first date.
TAGGED_RECORDINGS, SINGLES, LATE, KEPT_DATES = 0.15, 0.85, 0.02, 5 / 6
THIS_YEAR = 2026
# A song everybody sings has 164 recordings, one that few know a dozen or two.
SMALLEST_CROWD, LARGEST_CROWD = 15, 160


def has_single(song: Song) -> bool:
    """Whether the song came out as a single too."""
    return random.Random(f"single {song.mbid}").random() < SINGLES


def is_late(song: Song) -> bool:
    """Whether MusicBrainz knows no edition of the song that is as old as it is."""
    return random.Random(f"late {song.mbid}").random() < LATE


@dataclass(frozen=True, slots=True)
class Entry:
    """One recording as one service holds it.

    Attributes:
        song: whose song it is.
        kind: original, live, remaster, remix, compilation, cover, karaoke, tribute, swapped, or
            the name of one in the crowd.
        artist, title, year, album, listeners: as the service prints them.
        tags: words with a weight, for Last.fm and MusicBrainz in their own counts.
        genre: the store's word.
        comment: MusicBrainz' disambiguation.
        secondary_types: of all its releases.
        compiled: also lies on a compilation.
        status: MusicBrainz' word for its releases ("Official", "Bootleg", "Promotion").
        primary: the kinds of release that it lies on ("Album", "Single").
    """

    song: Song
    kind: str
    artist: str
    title: str
    year: int | None
    album: str
    listeners: int
    tags: tuple[tuple[str, int], ...] = ()
    genre: str = ""
    comment: str = ""
    secondary_types: tuple[str, ...] = ()
    compiled: bool = False
    status: str = "Official"
    primary: tuple[str, ...] = ("Album",)

    @property
    def mbid(self) -> str:
        """Its MusicBrainz identity."""
        if self.kind == "original":
            return self.song.mbid
        return made_up_mbid("recording", self.artist, self.title, self.kind)

    @property
    def words(self) -> frozenset[str]:
        """Every folded word of artist, title and album."""
        return frozenset(words(f"{self.artist} {self.title} {self.album}"))


@lru_cache(maxsize=4096)
def entries(service: str, song: Song, traps: bool) -> tuple[Entry, ...]:
    """What a service ("lastfm", "musicbrainz", "itunes") holds of a song."""
    if service not in song.services:
        return ()
    return tuple(_MAKERS[service](song, traps))


def _original(song: Song) -> Entry:
    return Entry(
        song,
        "original",
        song.artist,
        song.title,
        song.year,
        song.album or song.title,
        song.listeners,
        tags=((song.genre.lower(), 100),) if song.genre else (),
        genre=_ITUNES_GENRES.get(song.genre, song.genre or "Pop"),
    )


def _others(song: Song) -> Iterator[Entry]:
    """The recordings by other people that every service holds."""
    for artist, year in song.covers:
        yield Entry(song, "cover", artist, song.title, year, f"{artist} Sings", 9_000, genre="Pop")


def _lastfm(song: Song, traps: bool) -> Iterator[Entry]:
    first, dice = _original(song), song.dice
    if not traps:
        yield first
        return
    # Top tags as they are: the decade, the artist's own name and people's habits among them; none
    # at all on many a well-known track.
    decade = f"{(song.year or 1980) // 10 % 10}0s"
    junk = [(decade, 80), (song.artist.lower(), 55), ("seen live", 40), ("favorites", 12)]
    genre = [(song.genre.lower(), 100 if dice.random() < 0.7 else 60)] if song.genre else []
    tags = sorted(genre + junk, key=lambda tag: -tag[1]) if dice.random() < 0.7 else []
    yield replace(first, tags=tuple(tags))
    yield replace(first, kind="live", title=f"{song.title} (Live)", listeners=9_000, tags=())
    # What players sent as it stood in a file's name.
    dirty = replace(first, kind="dirty", tags=(), album="")
    whole = f"{song.artist} - {song.title}"
    yield replace(dirty, title=f"{whole} (Official Video)", listeners=dice.randint(2, 900))
    yield replace(dirty, artist="[unknown]", title=whole, listeners=dice.randint(2, 900))
    yield from _others(song)
    # One swapped entry in thirteen is what a whole fan club once sent in.
    few = dice.randint(3, 40)
    many = min(20_000, song.listeners // 4) if few < 6 else few
    yield Entry(song, "swapped", song.title, song.artist, None, "", many)
    maker = dice.choice(KARAOKE_MAKERS)
    style = f"{song.title} (In the Style of {song.artist}) [Karaoke Version]"
    yield Entry(song, "karaoke", maker, style, None, "", dice.randint(5, 400))
    imitator = dice.choice(IMITATORS).format(song.artist)
    yield Entry(song, "tribute", imitator, song.title, None, "", dice.randint(500, 9_000))


def _musicbrainz(song: Song, traps: bool) -> Iterator[Entry]:
    first, dice, year = _original(song), song.dice, song.year or 1980
    if not traps:
        yield replace(first, primary=("Album", "Single"))
        return
    # Few recordings have tags; some counts are zero or below.
    genre = ((song.genre.lower(), 4),) if song.genre and dice.random() < TAGGED_RECORDINGS else ()
    yield replace(
        first,
        tags=(("american", 0), *genre, ("mellow", -1)),
        compiled=True,
        # What is known of it begins with a later edition.
        year=song.year
        and min(THIS_YEAR, song.year + (dice.randint(1, 20) if is_late(song) else 0)),
        primary=("Album", "Single") if has_single(song) else ("Album",),
    )
    yield replace(
        first,
        kind="remaster",
        tags=(),
        title=f"{song.title} (remastered 2011)",
        year=max(2011, year),
    )
    yield replace(
        first,
        kind="remix",
        tags=(),
        title=f"{song.title} (club mix)",
        year=min(THIS_YEAR, year + 1),
        secondary_types=("Remix",),
        primary=("Single",),
    )
    yield from crowd(first)
    yield from _others(song)


def crowd(first: Entry) -> Iterator[Entry]:
    """The recordings beside a song's first: concerts with and without a remark, copies on
    compilations, what was sent to radio stations, and bootlegs, now and then older than the song.
    """
    song = first.song
    dice, year = random.Random(f"crowd {song.mbid}"), song.year or 1980
    size = min(LARGEST_CROWD, SMALLEST_CROWD + int(song.listeners**0.5 / 10))
    if dice.random() < 0.04:
        early = replace(first, kind="early bootleg", tags=(), year=year - 1, status="Bootleg")
        yield replace(early, album=f"{song.artist}: The Lost Tapes")
    for number in range(size):
        chance, later = dice.random(), min(THIS_YEAR, year + dice.randint(1, 35))
        copy = replace(first, kind=f"copy {number}", tags=(), year=later)
        place = f"{later}-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}: Hall {number}"
        if chance < 0.35:
            yield replace(copy, album=place, comment=f"live, {place}", secondary_types=("Live",))
        elif chance < 0.5:
            yield replace(copy, album=place, status="Bootleg")
        elif chance < 0.6:
            yield replace(copy, album=f"Live at Hall {number}", secondary_types=("Live",))
        elif chance < 0.95:
            best_of = f"100 Hits, Volume {number}"
            yield replace(copy, album=best_of, secondary_types=("Compilation",))
        else:
            yield replace(copy, year=None, album=f"Radio {number}", status="Promotion")


def _itunes(song: Song, traps: bool) -> Iterator[Entry]:
    first, dice = _original(song), song.dice
    if not traps:
        yield first
        return
    maker, band = dice.choice(KARAOKE_MAKERS), dice.choice(TRIBUTE_BANDS)
    style = f"{song.title} (Originally Performed By {song.artist}) [Karaoke Version]"
    album = f"Karaoke Hits of {song.artist}, Vol. {dice.randint(1, 9)}"
    yield Entry(song, "karaoke", maker, style, 2014, album, 0, genre="Karaoke")
    # Five of six editions keep the first date of a track; a few tell that it is unknown.
    is_edition = dice.random() < 0.3
    yield replace(
        first,
        year=_store_year(song, dice) if is_edition else song.year,
        album=f"{first.album} (Deluxe Edition)" if is_edition else first.album,
    )
    tribute = f"A Tribute to {song.artist}"
    yield Entry(song, "tribute", band, song.title, 2009, tribute, 0, genre="Easy Listening")
    nameless, hits = dice.choice(NAMELESS_MAKERS), f"Party Hits {dice.randint(1, 40)}"
    yield Entry(song, "tribute", nameless, song.title, 2012, hits, 0, genre="Pop")
    joined = f"{song.artist} & {nameless}"
    yield Entry(song, "tribute", joined, song.title, 2013, hits, 0, genre="Pop")
    shouted = replace(first, artist=first.artist.upper(), title=first.title.upper())
    sold_again = _store_year(song, dice)
    yield replace(shouted, kind="compilation", year=sold_again, album="Now 100 Hits")
    yield from _others(song)


def _store_year(song: Song, dice: random.Random) -> int | None:
    """The year by which the store dates an edition."""
    chance = dice.random()
    if chance < KEPT_DATES:
        return song.year
    return 1900 if chance < KEPT_DATES + 0.02 else max(2003, song.year or 0)


_MAKERS = {"lastfm": _lastfm, "musicbrainz": _musicbrainz, "itunes": _itunes}
