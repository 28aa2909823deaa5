"""The songs that the stand-in APIs know, found by their words; and songs made up for big tests."""

from __future__ import annotations

import csv
import json
import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..tasks.names.folding import fold

SERVICES = frozenset({"lastfm", "musicbrainz", "itunes", "listenbrainz"})


@dataclass(frozen=True)
class Song:
    """One song as the world knows it.

    Attributes:
        artist: artist credit; a featured artist follows " feat. ".
        title: its title.
        year: year of first release, None where nobody knows.
        genre: the word that a person would use ("Rock", "Hip-Hop").
        album: the album it came out on; "" makes a single of it.
        listeners: people who scrobbled it on Last.fm.
        duration: seconds.
        aliases: other names of the artist.
        covers: (artist, year) of others who recorded it.
        services: who knows it at all.
        explicit: whether the store marks it so.
    """

    artist: str
    title: str
    year: int | None = None
    genre: str = ""
    album: str = ""
    listeners: int = 250_000
    duration: int = 215
    aliases: tuple[str, ...] = ()
    covers: tuple[tuple[str, int], ...] = ()
    services: frozenset[str] = SERVICES
    explicit: bool = False

    @property
    def mbid(self) -> str:
        """MusicBrainz' identity of its first recording, the same in every run."""
        return made_up_mbid("recording", self.artist, self.title, "original")

    @property
    def dice(self) -> random.Random:
        """Chance that falls the same way for this song in every run."""
        return random.Random(f"{self.artist}\n{self.title}")


def made_up_mbid(*names: str) -> str:
    """A MusicBrainz identity made of names, always the same for the same names."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(names)))


class Catalogue:
    """Songs, indexed by every word of artist, title, other names and covers' artists.

    Args:
        songs: what is known.
        traps: also hold what the real services hold besides: karaoke makers, tribute bands,
            swapped entries, live takes, remasters, covers, junk tags, dates of editions; and of
            each song the crowd of recordings that grows with its fame.
        ghosts: Last.fm knows any pair of names, with two listeners: somebody scrobbled it.
    """

    def __init__(self, songs: Iterable[Song], *, traps: bool = False, ghosts: bool = False) -> None:
        self.songs: tuple[Song, ...] = tuple(songs)
        self.traps = traps
        self.ghosts = ghosts
        self._by_word: dict[str, set[int]] = {}
        for number, song in enumerate(self.songs):
            for word in _words_of(song):
                self._by_word.setdefault(word, set()).add(number)

    def with_word(self, word: str) -> set[int]:
        """Numbers of the songs that hold a folded word."""
        return self._by_word.get(word, set())

    def with_words(self, words: Sequence[str]) -> set[int]:
        """Numbers of the songs that hold all of the folded words; none for no words."""
        sets = sorted((self.with_word(word) for word in words), key=len)
        return set.intersection(*sets) if sets else set()

    def spellings(self, word: str) -> set[str]:
        """The known words that a folded word may be meant for: itself, else those a slip away."""
        if word in self._by_word or not self.traps or len(word) < SLIPS_FROM:
            return {word} & self._by_word.keys()
        slips = set(_slips(word))
        return {known for near in slips for known in self._by_slip.get(near, ())}

    @cached_property
    def _by_slip(self) -> Mapping[str, list[str]]:
        """The longer words by what is left of them when a letter is missing."""
        slips: dict[str, list[str]] = {}
        for word in self._by_word:
            if len(word) >= SLIPS_FROM - 1:
                for slip in _slips(word):
                    slips.setdefault(slip, []).append(word)
        return slips

    def find(self, text: str) -> list[Song]:
        """The songs that hold every word of a text.

        With traps only the words that any song holds count: "karaoke" lies in the traps' names.
        """
        asked = words(text)
        if self.traps:
            asked = [word for word in asked if word in self._by_word]
        return [self.songs[number] for number in sorted(self.with_words(asked))]

    @cached_property
    def by_mbid(self) -> Mapping[str, Song]:
        """The songs by their first recording's identity."""
        return {song.mbid: song for song in self.songs}


# From this length on the store forgives a slip in a word.
SLIPS_FROM = 5


def _slips(word: str) -> set[str]:
    """A word as it is, and with each of its letters left out."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def words(text: str) -> list[str]:
    """The folded words of a text, articles at its ends included, which `fold` leaves out."""
    # Two letters, as one would be taken for the last initial of "R.E.M.".
    return fold(f"xx {text} xx").split()[1:-1]


def _words_of(song: Song) -> set[str]:
    names = [song.artist, song.title, *song.aliases, *(artist for artist, _ in song.covers)]
    return {word for name in names for word in words(name)}


def load_songs(path: Path) -> tuple[Song, ...]:
    """Songs from a file: JSON (a list of objects with Song's fields) or tab-separated values.

    The columns of the latter are named in the first line: artist, title, year, and genre or
    styles (of which the first counts).
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = (
            json.load(file)
            if path.suffix == ".json"
            else list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        )
    return tuple(_song(row) for row in rows)


def _song(row: Mapping[str, str]) -> Song:
    year = str(row.get("year") or "")
    genre = row.get("genre") or (row.get("styles") or "").partition(",")[0]
    return Song(
        artist=row["artist"],
        title=row["title"],
        year=int(year) if year.isdecimal() else None,
        genre=genre,
        album=row.get("album") or "",
        explicit=str(row.get("explicit") or "") in ("1", "True"),
    )


_SYLLABLES = [
    consonant + vowel
    for consonant in (*"bdfgklmnprstvz", "br", "dr", "gl", "kr", "pl", "st", "tr")
    for vowel in "aeiou"
]
_ENDINGS = ["", "", "n", "r", "s", "l", "m"]
_GENRES = ("Rock", "Pop", "Country", "Jazz", "Hip-Hop", "Soul", "Folk", "Metal", "Electronic")


def made_up_songs(count: int, seed: int = 0) -> tuple[Song, ...]:
    """Songs that nobody ever sang, about five to an artist, no two with the same name.

    Args:
        count: how many.
        seed: another seed makes other songs; the same makes the same.
    """
    dice = random.Random(seed)
    artists = [_name(dice, 2) for _ in range(count // 5 + 1)]
    songs: dict[tuple[str, str], Song] = {}
    while len(songs) < count:
        artist, title = dice.choice(artists), _name(dice, dice.choice((2, 2, 3)))
        songs[fold(artist), fold(title)] = Song(
            artist,
            title,
            year=dice.randint(1955, 2023),
            genre=dice.choice(_GENRES),
            album=_name(dice, 1),
            listeners=dice.randint(2_000, 2_000_000),
            duration=dice.randint(120, 400),
        )
    return tuple(songs.values())


def _name(dice: random.Random, words: int) -> str:
    return " ".join(_word(dice) for _ in range(words))


def _word(dice: random.Random) -> str:
    syllables = "".join(dice.choice(_SYLLABLES) for _ in range(dice.choice((2, 2, 3))))
    return (syllables + dice.choice(_ENDINGS)).capitalize()
