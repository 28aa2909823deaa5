"""MusicBrainz' three indexes over the stand-in's songs: recordings, release groups, artists."""

from __future__ import annotations

import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .catalogue import Catalogue, Song, made_up_mbid
from .entries import Entry, entries, has_single, is_late
from .lucene import Document, Fields, Finder, Node, tokens

RECORDING = Fields(
    texts=frozenset({"", "recording", "recordingaccent", "artist", "artistname", "creditname"})
    | {"release", "comment", "tag", "alias"},
    values=frozenset({"status", "primarytype", "secondarytype", "type", "arid", "rid", "video"}),
    dates=frozenset({"firstreleasedate", "date"}),
    found_by=frozenset({"", "recording", "recordingaccent", "artist", "artistname", "creditname"}),
)
RELEASE_GROUP = Fields(
    texts=frozenset({"", "releasegroup", "releasegroupaccent", "artist", "artistname"})
    | {"creditname", "alias", "comment", "tag", "release"},
    values=frozenset({"status", "primarytype", "secondarytype", "type", "arid", "rgid"}),
    dates=frozenset({"firstreleasedate"}),
    found_by=frozenset({"", "releasegroup", "releasegroupaccent", "artist", "artistname"})
    | {"creditname"},
)
ARTIST = Fields(
    texts=frozenset({"", "artist", "artistaccent", "alias", "sortname", "comment", "tag", "area"}),
    values=frozenset({"type", "arid", "country", "gender"}),
    dates=frozenset({"begin", "end"}),
    found_by=frozenset({"", "artist", "artistaccent", "alias", "sortname"}),
)
# Release groups and artists carry tags far more often than recordings.
TAGGED_GROUPS, TAGGED_ARTISTS = 0.6, 0.95
# Singles that came out again, whose remixes are a single of their own, and whose first edition is
# unknown or a year younger than the song.
REISSUED, REMIXED, LATE_SINGLES = 0.08, 0.08, 0.03
# One title in this many is a band's name too.
NAMESAKES = 0.2


class Index:
    """Documents of owners, found by their words.

    Args:
        names: every text by which an owner's documents are found, by owner.
        documents: makes an owner's documents.
        fields: what a query may name.
    """

    def __init__(
        self,
        names: Iterable[Iterable[str]],
        documents: Callable[[int], Sequence[Document]],
        fields: Fields,
    ) -> None:
        self.fields = fields
        self._documents = documents
        self._owners: dict[str, set[int]] = {}
        for owner, texts in enumerate(names):
            for word in {word for text in texts for word in tokens(text)}:
                self._owners.setdefault(word, set()).add(owner)

    def search(self, node: Node) -> list[tuple[float, object]]:
        """What matches, the best first. Equals stand in no order: surely not the oldest first."""
        owners = node.numbers(self._find)
        if owners is None:
            owners = set().union(*self._owners.values())
        scored = [
            (score, document.item)
            for owner in sorted(owners)
            for document in self._documents(owner)
            if (score := node.score(document)) > 0
        ]
        return sorted(scored, key=lambda pair: (-round(pair[0], 6), _chance(pair[1])))

    @property
    def _find(self) -> Finder:
        def find(field: str, word: str) -> set[int] | None:
            return self._owners.get(word, set()) if field in self.fields.found_by else None

        return find


def _chance(item: object) -> int:
    return zlib.crc32(str(getattr(item, "mbid", item)).encode())


def recordings(songs: Sequence[Song], *, traps: bool) -> Index:
    """The index of recordings. Artists' aliases are not in it, only the names credited."""
    names = (
        [song.artist, song.title, f"{song.title} remastered 2011 club mix", *_cover_artists(song)]
        for song in songs
    )

    @lru_cache(maxsize=2048)
    def documents(number: int) -> tuple[Document, ...]:
        held = entries("musicbrainz", songs[number], traps)
        return tuple(_recording(entry) for entry in held)

    return Index(names, documents, RECORDING)


def _cover_artists(song: Song) -> Iterator[str]:
    return (artist for artist, _ in song.covers)


def _recording(entry: Entry) -> Document:
    credit, names = tokens(entry.artist), tuple(map(tokens, credited(entry.artist)))
    title, kinds = tokens(entry.title), frozenset(kind.lower() for kind in entry.secondary_types)
    primary = frozenset(kind.lower() for kind in entry.primary)
    return Document(
        entry,
        {
            "recording": (title,),
            "recordingaccent": (title,),
            "artist": (credit,),
            "artistname": names,
            "creditname": names,
            "release": (tokens(entry.album),),
            "comment": (tokens(entry.comment),) if entry.comment else (),
            "tag": tuple(tokens(name) for name, _ in entry.tags),
        },
        {
            "status": frozenset({entry.status.lower()}),
            "primarytype": primary,
            "secondarytype": kinds | ({"compilation"} if entry.compiled else set()),
            "type": kinds | primary,
            "rid": frozenset({entry.mbid}),
            "arid": frozenset(made_up_mbid("artist", name) for name in credited(entry.artist)),
        },
        {"firstreleasedate": (entry.year,), "date": (entry.year,)} if entry.year else {},
    )


def credited(artist: str) -> list[str]:
    """The names that a credit joins."""
    return artist.split(" feat. ")


# --- release groups -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReleaseGroup:
    """A single or an album under all its editions."""

    artist: str
    title: str
    year: int | None
    primary: str = "Single"
    secondary: tuple[str, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    status: str = "Official"
    aliases: tuple[str, ...] = ()

    @property
    def mbid(self) -> str:
        """Its identity."""
        told = self.artist, self.title, str(self.year), self.primary, *self.secondary
        return made_up_mbid("release-group", *told)


def release_groups(songs: Sequence[Song], *, traps: bool) -> Index:
    """The index of release groups."""
    names = ([song.artist, song.title, song.album] for song in songs)

    @lru_cache(maxsize=8192)
    def documents(number: int) -> tuple[Document, ...]:
        song = songs[number]
        held = _groups(song, traps) if "musicbrainz" in song.services else ()
        return tuple(_group(replace(group, aliases=song.aliases)) for group in held)

    return Index(names, documents, RELEASE_GROUP)


def _groups(song: Song, traps: bool) -> Iterator[ReleaseGroup]:
    dice, year = random.Random(f"groups {song.mbid}"), song.year
    tags = ((song.genre.lower(), 6),) if song.genre and dice.random() < TAGGED_GROUPS else ()
    if song.album:
        yield ReleaseGroup(song.artist, song.album, year, "Album", tags=tags)
    if not traps:
        yield ReleaseGroup(song.artist, song.title, year, tags=tags)
        return
    chance = dice.random()
    if has_single(song):
        late = dice.random() < LATE_SINGLES or is_late(song)
        b_side = f" / {song.title} Again" if dice.random() < 0.05 else ""
        first = year and year + (dice.randint(1, 12) if is_late(song) else 1 if late else 0)
        yield ReleaseGroup(song.artist, song.title + b_side, first, tags=tags)
    if chance < REISSUED and year:
        again = ReleaseGroup(song.artist, song.title, year + dice.randint(8, 40))
        yield again if chance < REISSUED / 2 else replace(again, status="Promotion")
    elif chance < REISSUED + REMIXED and year:
        yield ReleaseGroup(song.artist, song.title, year + 1, secondary=("Remix",))
    elif chance > 0.97 and year:
        yield ReleaseGroup(song.artist, song.title, year - 1, status="Bootleg")
    if chance > 0.8:
        # A title track: the album is called as the song is.
        yield ReleaseGroup(song.artist, song.title, year, "Album", tags=tags)
    for artist, of in song.covers:
        if dice.random() < 0.3:
            yield ReleaseGroup(artist, song.title, of)


def _group(group: ReleaseGroup) -> Document:
    credit, names = tokens(group.artist), tuple(map(tokens, credited(group.artist)))
    primary = frozenset({group.primary.lower()})
    kinds = frozenset(kind.lower() for kind in group.secondary)
    title = tokens(group.title)
    return Document(
        group,
        {
            "releasegroup": (title,),
            "releasegroupaccent": (title,),
            "artist": (credit,),
            "artistname": names,
            "creditname": names,
            "tag": tuple(tokens(name) for name, _ in group.tags),
            "release": (title,),
        },
        {
            "status": frozenset({group.status.lower()}),
            "primarytype": primary,
            "secondarytype": kinds,
            "type": primary | kinds,
            "rgid": frozenset({group.mbid}),
        },
        {"firstreleasedate": (group.year,)} if group.year else {},
    )


# --- artists --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist as MusicBrainz holds one."""

    name: str
    aliases: tuple[str, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    comment: str = ""

    @property
    def mbid(self) -> str:
        """Its identity."""
        return made_up_mbid("artist", self.name, *([self.comment] if self.comment else []))

    @property
    def sort_name(self) -> str:
        """The name as it is sorted."""
        article = "The " if self.name.startswith("The ") else ""
        return f"{self.name[len(article) :]}, The" if article else self.name


def artists(songs: Sequence[Song], *, traps: bool) -> Index:
    """The index of artists, in which aliases can be searched for; with traps also namesakes of
    songs' titles."""
    held = list(_artists(songs, traps=traps))

    @lru_cache(maxsize=8192)
    def documents(number: int) -> tuple[Document, ...]:
        return (_artist(held[number]),)

    return Index(([each.name, *each.aliases] for each in held), documents, ARTIST)


def _artists(songs: Sequence[Song], *, traps: bool) -> Iterator[Artist]:
    sung: dict[str, list[Song]] = {}
    for song in songs:
        if "musicbrainz" in song.services:
            for name in credited(song.artist):
                sung.setdefault(name, []).append(song)
            for name in _cover_artists(song):
                sung.setdefault(name, [])
    for name, own in sung.items():
        dice = random.Random(f"artist {name}")
        played = Counter(song.genre.lower() for song in own if song.genre)
        is_tagged = played and dice.random() < TAGGED_ARTISTS
        tags = (("american", 0), *sorted(played.items())) if is_tagged else ()
        told = {alias for song in own if song.artist == name for alias in song.aliases}
        yield Artist(name, tuple(sorted(told | set(other_spellings(name)))), tags)
    for song in songs if traps else ():
        if song.title not in sung and random.Random(f"namesake {song.title}").random() < NAMESAKES:
            yield Artist(song.title, comment="a band that few know")


def other_spellings(name: str) -> Iterator[str]:
    """The aliases by which people look for an artist whose name has an article or signs."""
    if name.startswith("The "):
        yield name.removeprefix("The ")
    if re.search(r"[/!$.-]", name):
        yield re.sub(r"[/.-]", "", name).replace("!", "i").replace("$", "s")


def _artist(artist: Artist) -> Document:
    return Document(
        artist,
        {
            "artist": (tokens(artist.name),),
            "artistaccent": (tokens(artist.name),),
            "sortname": (tokens(artist.sort_name),),
            "alias": tuple(map(tokens, artist.aliases)),
            "comment": (tokens(artist.comment),) if artist.comment else (),
            "tag": tuple(tokens(name) for name, _ in artist.tags),
        },
        {"type": frozenset({"group"}), "arid": frozenset({artist.mbid})},
    )


_INDEXES = {"recording": recordings, "release-group": release_groups, "artist": artists}


@lru_cache(maxsize=2 * len(_INDEXES))
def index_of(catalogue: Catalogue, what: str) -> Index:
    """A catalogue's index of "recording", "release-group" or "artist", made once."""
    return _INDEXES[what](catalogue.songs, traps=catalogue.traps)
