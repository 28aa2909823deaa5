"""The library as CSV or JSON."""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any, TextIO

from peewee import JOIN

from ...models import Song, Traits
from ..judging.traits import TRAITS
from ..spreadsheets import MARK, harmless

COLUMNS = (
    "id",
    "file_path",
    "youtube_id",
    "artist",
    "title",
    "variant",
    "year",
    "genre",
    "metadata_status",
    "confidence",
    *TRAITS,
)


def songs(which: Any = None) -> Iterator[dict[str, Any]]:
    """Every song's COLUMNS, by id; of those alone that a condition lets by."""
    fields = [getattr(Traits if name in TRAITS else Song, name) for name in COLUMNS]
    rows: Any = Song.select(*fields).join(Traits, JOIN.LEFT_OUTER)
    rows = rows if which is None else rows.where(which)
    yield from rows.order_by(Song.id).dicts().iterator()


def write_csv(out: TextIO) -> None:
    """Write the library with a head line; text that a spreadsheet would run is quoted with '."""
    for line in csv_lines(songs()):
        out.write(line)


def csv_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Songs as lines of CSV, the head line first; see `write_csv`."""
    line = StringIO()
    writer = csv.writer(line, lineterminator="\n")
    yield MARK
    for row in itertools.chain([COLUMNS], ([song[name] for name in COLUMNS] for song in rows)):
        writer.writerow(map(as_cell, row))
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def as_cell(value: Any) -> Any:
    """A value as a spreadsheet shows it."""
    return ("no", "yes")[value] if isinstance(value, bool) else harmless(value)


def write_json(out: TextIO) -> None:
    """Write the library as a JSON list, one song a line."""
    out.write("[")
    for place, song in enumerate(songs()):
        out.write(",\n" if place else "\n")
        out.write(json.dumps(song))
    out.write("\n]\n")
