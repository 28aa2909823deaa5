"""What each service holds of a song: its first recording, and with traps all beside it."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Entry:
    """One recording as one service holds it.

    Attributes:
        song: whose song it is.
        kind: original, live, remaster, remix, compilation, cover, karaoke, tribute or swapped.
        artist, title, year, album, listeners: as the service prints them.
        tags: words with a weight, for Last.fm and MusicBrainz in their own counts.
        genre: the store's word.
        comment: MusicBrainz' disambiguation.
        secondary_types: of all its releases.
        compiled: also lies on a compilation.
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
    # Top tags as they are: the decade, the artist's own name and people's habits among them.
    decade = f"{(song.year or 1980) // 10 % 10}0s"
    junk = [(decade, 80), (song.artist.lower(), 55), ("seen live", 40), ("favorites", 12)]
    genre = [(song.genre.lower(), 100 if dice.random() < 0.7 else 60)] if song.genre else []
    tags = sorted(genre + junk, key=lambda tag: -tag[1])
    yield replace(first, tags=tuple(tags))
    yield replace(first, kind="live", title=f"{song.title} (Live)", listeners=9_000, tags=())
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
        yield first
        return
    # Few recordings have tags; some counts are zero or below.
    genre = ((song.genre.lower(), 4),) if song.genre and dice.random() < 0.5 else ()
    yield replace(first, tags=(("american", 0), *genre, ("mellow", -1)), compiled=True)
    yield replace(
        first,
        kind="live",
        tags=(),
        year=year + dice.randint(3, 15),
        album="Live at the Apollo",
        comment="live, 1998-06-12: Apollo Theater",
        secondary_types=("Live",),
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
        year=year + 1,
        secondary_types=("Remix",),
    )
    yield replace(
        first,
        kind="compilation",
        tags=(),
        year=year + dice.randint(8, 25),
        album=f"The Best of {song.artist}",
        secondary_types=("Compilation",),
    )
    yield from _others(song)


def _itunes(song: Song, traps: bool) -> Iterator[Entry]:
    first, dice = _original(song), song.dice
    if not traps:
        yield first
        return
    maker, band = dice.choice(KARAOKE_MAKERS), dice.choice(TRIBUTE_BANDS)
    style = f"{song.title} (Originally Performed By {song.artist}) [Karaoke Version]"
    album = f"Karaoke Hits of {song.artist}, Vol. {dice.randint(1, 9)}"
    yield Entry(song, "karaoke", maker, style, 2014, album, 0, genre="Karaoke")
    # The store often dates a song by the edition it sells.
    late = dice.random() < 0.3
    yield replace(
        first,
        year=max(1999, song.year or 0) if late else song.year,
        album=f"{first.album} (Deluxe Edition)" if late else first.album,
    )
    tribute = f"A Tribute to {song.artist}"
    yield Entry(song, "tribute", band, song.title, 2009, tribute, 0, genre="Easy Listening")
    nameless, hits = dice.choice(NAMELESS_MAKERS), f"Party Hits {dice.randint(1, 40)}"
    yield Entry(song, "tribute", nameless, song.title, 2012, hits, 0, genre="Pop")
    joined = f"{song.artist} & {nameless}"
    yield Entry(song, "tribute", joined, song.title, 2013, hits, 0, genre="Pop")
    # The store shouts, and dates a song by what it was sold on again.
    shouted = replace(first, artist=first.artist.upper(), title=first.title.upper())
    yield replace(shouted, kind="compilation", year=max(2003, song.year or 0), album="Now 100 Hits")
    yield from _others(song)


_MAKERS = {"lastfm": _lastfm, "musicbrainz": _musicbrainz, "itunes": _itunes}
