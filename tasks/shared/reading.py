"""Another host's list: a file from a stranger -> rows that can do no harm. Pure."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ...exceptions import BadList
from ...providers.decoding import year
from ...system.said import Said
from ...system.signs import clean
from ..spreadsheets import as_meant, decoded, from_header

# In the order of the file that is published.
COLUMNS = ("youtube_id", "artist", "title", "variant", "year", "genre")
# A life's collection of karaoke videos is smaller, and PiKaraoke's file holds what is kept of it.
MOST_SONGS = 50_000
# Longer names are no names; a row that has one is left out.
LONGEST = 200
_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")


class Row(NamedTuple):
    """What a list says of one video."""

    youtube_id: str
    artist: str
    title: str
    variant: str | None
    year: int | None
    genre: str | None


def names_videos(header: Iterable[str]) -> bool:
    """Whether a table with these columns tells of YouTube videos, as another host's list does."""
    names = [name.strip().casefold() for name in header]
    return "youtube_id" in names and "title" in names


def is_json(data: bytes) -> bool:
    """Whether a file begins as JSON does, and no table."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"[", b"{")


def read(data: bytes) -> list[Row]:
    """The rows of a list, one a video: of two that name the same the first.

    Args:
        data: CSV as `export --publish` or `export --corrections` writes it, or JSON, a list of
            objects with the same names. Further columns are passed over.
    Raises:
        BadList: it is neither, or too long.
    """
    try:
        found: dict[str, Row] = {}
        for cells in _lines(data):
            texts = {name: _text(cells.get(name)) for name in COLUMNS}
            video, title = texts["youtube_id"], texts["title"]
            is_long = any(len(text) > LONGEST for text in texts.values())
            if is_long or not (_VIDEO.fullmatch(video) and title):
                continue
            variant, genre = texts["variant"] or None, texts["genre"] or None
            row = Row(video, texts["artist"], title, variant, year(texts["year"]), genre)
            found.setdefault(video, row)
            if len(found) > MOST_SONGS:
                words = f"the list names more than {MOST_SONGS} videos"
                raise BadList(words, Said("list_long", count=MOST_SONGS))
    except (ValueError, RecursionError, csv.Error) as error:
        if isinstance(error, BadList):
            raise
        raise BadList(f"the list cannot be read ({error})", Said("list_unreadable")) from None
    if not found:
        words = "the list names no YouTube video: it needs the columns youtube_id, artist and title"
        raise BadList(words, Said("list_no_videos"))
    return list(found.values())


def _lines(data: bytes) -> Iterator[Mapping[str, Any]]:
    if is_json(data):
        given = json.loads(decoded(data))
        if isinstance(given, dict):
            given = given.get("songs")
        if not isinstance(given, list):
            raise ValueError("it holds no list of songs")
        yield from (each for each in given if isinstance(each, dict))
        return
    content, separator = from_header(decoded(data))
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=separator)
    header = [name.strip().casefold() for name in next(rows, [])]
    for row in rows:
        yield {name: as_meant(cell.strip()) for name, cell in zip(header, row, strict=False)}


def _text(value: Any) -> str:
    """A value in one line, without signs that steer; numbers are what JSON may hold beside text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10_000:
        value = str(value)
    return clean(value) if isinstance(value, str) else ""
