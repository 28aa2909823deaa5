"""Real names with their true artist and title, and what file systems make of them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pikaraoke_enrichment.tasks.names.folding import fold

SHARED = Path(__file__).resolve().parents[2] / "shared"


@dataclass(frozen=True, slots=True)
class Case:
    """A name and what it should be read as."""

    name: str
    artist: str
    title: str


def corpora() -> dict[str, list[Case]]:
    """The labelled corpora by name; empty where the folder is missing."""
    found = {}
    for path in sorted((SHARED / "names").glob("*.tsv")):
        cases = [
            Case(*columns[:3])
            for line in path.read_text(encoding="utf-8").splitlines()[1:]
            if len(columns := line.split("\t")) >= 3 and columns[2]
        ]
        if cases:
            found[path.stem] = cases
    return found


@dataclass(frozen=True, slots=True)
class FieldCase(Case):
    """A name of the field, its language, and the other answers that are as right."""

    language: str = ""
    artists: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


def field_cases() -> dict[str, list[FieldCase]]:
    """The labelled names of the field by source; empty where the folder is missing."""
    found = {}
    for path in sorted((SHARED / "names" / "field").glob("*.tsv")):
        cases = []
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            name, artist, title, _, _, language, *also = (*line.split("\t"), "", "")
            artists, titles = (tuple(filter(None, each.split(" // "))) for each in also[:2])
            if artist:
                cases.append(FieldCase(name, artist, title, language, artists, titles))
        if cases:
            found[path.stem] = cases
    return found


def titles_only() -> list[tuple[str, str]]:
    """Names in which no artist stands, and their titles."""
    path = SHARED / "names" / "field" / "title_only.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else ()
    return [(row[0], row[2]) for row in (line.split("\t") for line in lines)]


def catalogue() -> list[tuple[str, str, str]]:
    """(artist, title, language) of the catalogue's songs; empty where it is missing."""
    path = SHARED / "catalogue" / "songs.tsv"
    if not path.exists():
        return []
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return [(row[0], row[1], row[4]) for row in rows if row[0] and row[1]]


# --- comparison -----------------------------------------------------------------------------

_GUEST = re.compile(r"\s*[(\[]?(?<!\w)(?:feat|ft|featuring)\b\.?.*$", re.IGNORECASE)
_VERSION = re.compile(
    r"\s*[(\[][^()\[\]]*\b(?:version|live|en vivo|ao vivo|mix|remix|edit|duet|cover|remaster\w*"
    r"|acoustic|test|ver|salsa|demo|album)\b[^()\[\]]*[)\]]\s*$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"(?<=\S)(?:\s*[(\[][^()\[\]]*[)\]])+\s*$")
_ALIAS = re.compile(r"(?<=\S)\s*[(\[][^()\[\]]*[)\]]\s*$")


def same_title(one: str, other: str) -> bool:
    """Whether two titles are equal but for spelling, guests and a version in brackets."""
    return fold(one) == fold(other) or _bare(one) == _bare(other)


def same_artist(one: str, other: str) -> bool:
    """Whether two artists are equal but for spelling, guests and a second spelling in brackets."""
    return fold(one) == fold(other) or fold(_ALIAS.sub("", _GUEST.sub("", one))) == fold(
        _ALIAS.sub("", _GUEST.sub("", other))
    )


def is_answer(case: FieldCase, artist: str, title: str) -> bool:
    """Whether a reading is one of a name's answers; a bracket behind the title may be missing."""
    artists, titles = (case.artist, *case.artists), (case.title, *case.titles)
    return any(same_artist(artist, each) for each in artists) and any(
        same_title(title, each) or same_title(title, _BRACKETS.sub("", each)) for each in titles
    )


def _bare(title: str) -> str:
    return fold(_VERSION.sub("", _GUEST.sub("", title)) or title)


# --- file names -----------------------------------------------------------------------------

_YTDLP = str.maketrans('|/\\":?*<>', "｜⧸⧹＂：？＊＜＞")
_REFUSED = re.compile(r'[|/\\":?*<>]')


def _downloaded(title: str) -> str:
    return f"{title.translate(_YTDLP)}---dQw4w9WgXcQ.mp4"


FILE_FORMS: dict[str, Callable[[str], str]] = {
    "yt-dlp": _downloaded,
    "dropped": lambda title: _REFUSED.sub("", title) + ".mp4",
    "underscored": lambda title: _REFUSED.sub("_", title) + "---a1B2c3D4e5F.mp4",
    "dashed": lambda title: _REFUSED.sub("-", title) + " [a1B2c3D4e5F].mp4",
}


def as_file(case: Case, form: str) -> Case:
    """The same song under the name of a file made of its title."""
    name = re.sub(r"\.(?:mp4|zip|cdg|mov)$", "", case.name)
    return Case(FILE_FORMS[form](name), case.artist, case.title)


# --- rendered names -------------------------------------------------------------------------

PATTERNS: tuple[tuple[str, str], ...] = (
    ("KaraFun", "{t} - {a} | Karaoke Version | KaraFun"),
    ("Sing King", "{a} - {t} (Karaoke Version)"),
    ("Stingray", '{t} in the Style of "{a}" karaoke video with lyrics (no lead vocal)'),
    ("Stingray colon", "{t} : {a} | Karaoke with Lyrics"),
    ("Zoom", "{a} - {t} - Karaoke Version from Zoom Karaoke"),
    ("title first", "{t} - {a} (HD Karaoke)"),
    ("title first, capitals", "{T} - {a} (KARAOKE VERSION)"),
    ("bullets", "{t} • {a} • Karaoke"),
    ("made famous", "{t} (Made Famous by {a}) [Karaoke Version]"),
    ("disc id", "SC8123-05 - {a} - {t}"),
    ("brand", "{a} - {t} [DJ Someone Karaoke]"),
    ("plain", "{a} - {t}"),
    ("plain, title first", "{t} - {a}"),
    ("capitals", "{A} - {T} KARAOKE"),
    ("small", "{a_} - {t_} karaoke"),
    ("leading karaoke", "KARAOKE {T} - {A}"),
    ("by", "{t} by {a} - Karaoke"),
    ("no separator", "{a} {t} karaoke"),
    ("no separator, title first", "{t} {a} (Karaoke)"),
    ("tight", "{a}-{t} (karaoke)"),
    ("underscores", "{a__}_-_{t__}_(Karaoke)"),
    ("cut", "{t} - {a} | Karaoke Versi"),
    ("pipe", "{a} | {t} (Karaoke + Instrumental)"),
    ("quotes", '{a} "{t}" M/V'),
)


def rendered(count: int, seed: int = 7) -> Iterator[tuple[str, Case]]:
    """(pattern, case) pairs made of catalogue songs, each pattern `count` times."""
    songs = catalogue()
    if not songs:
        return
    dice = random.Random(seed)
    for label, pattern in PATTERNS:
        for artist, title, _ in dice.sample(songs, count):
            name = pattern.format(
                a=artist,
                t=title,
                A=artist.upper(),
                T=title.upper(),
                a_=artist.lower(),
                t_=title.lower(),
                a__=artist.replace(" ", "_"),
                t__=title.replace(" ", "_"),
            )
            yield label, Case(name, artist, title)
