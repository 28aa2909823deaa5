"""What people corrected, as a small CSV that another library takes: a second Pi, a friend's.

A song is known again by its YouTube id, else by the base name of its file.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import reduce
from operator import or_
from pathlib import Path
from typing import TextIO

from peewee import fn

from ...database.connection import database
from ...exceptions import BadEdit, NoCorrections
from ...models import Change, Song, Traits
from .. import copies
from ..history import changes, traits
from ..judging.traits import PERSON, TRAITS
from ..names.identity import video_of
from ..runtime import runtime
from ..song_files import one_form
from ..spreadsheets import MARK, as_meant, decoded, from_header, is_garbled, mended
from . import editing
from .exporting import as_cell

COLUMNS = ("youtube_id", "name", *editing.SAYABLE, "corrected_at")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
# A library of 100,000 songs, each corrected, is smaller.
MOST_LINES = 200_000


@dataclass
class Imported:
    """What became of the lines of an import.

    Attributes:
        batch: the changes' common name, by which they are taken back together.
        applied: songs changed.
        equal: songs that a person had already put so.
        unknown: names of songs that this library does not have.
        kept: songs whose own correction is newer and says something else.
        wrong: lines that no song can take, with the reason.
        mended: names in lines whose letters a program had garbled ("BeyoncÃ©"), as they are taken.
    """

    batch: str
    applied: int = 0
    equal: int = 0
    unknown: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)


# --- out ------------------------------------------------------------------------------------------


def write_csv(out: TextIO) -> int:
    """Write every correction that stands, with a head line; returns how many."""
    out.write(MARK)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    sources = Traits.duet_source, Traits.language_source, Traits.explicit_source
    is_said = reduce(or_, (source == PERSON for source in sources))
    of_person = Traits.select(Traits.song).where(is_said)
    is_corrected = (Song.metadata_status == "manual") | Song.id.in_(of_person)
    for song in Song.select().where(is_corrected).order_by(Song.id).iterator():
        name = os.path.basename(song.file_path)
        # Of a song that nobody has verified only what was said of its traits.
        is_verified = song.metadata_status == "manual"
        values = [getattr(song, name) if is_verified else None for name in editing.EDITABLE]
        said = traits.said_of(song.id)
        told = [said.get(name) for name in TRAITS]
        time = corrected_at(song).strftime(_TIME)
        writer.writerow(map(as_cell, [song.youtube_id, name, *values, *told, time]))
        count += 1
    return count


def corrected_at(song: Song) -> datetime:
    """When a person last spoke for a song."""
    by_person = (Change.song == song.id) & (Change.source == "person") & Change.undone_at.is_null()
    latest = Change.select(fn.MAX(Change.at)).where(by_person).scalar()
    if latest is not None:
        return datetime.fromtimestamp(latest, timezone.utc)
    return _moment(str(song.updated_at), "%Y-%m-%d %H:%M:%S")


def _moment(text: str, form: str) -> datetime:
    """A moment in UTC; of what tells none, one that is older than everything."""
    try:
        return datetime.strptime(text, form).replace(tzinfo=timezone.utc)
    except ValueError:
        return datetime.fromtimestamp(0, timezone.utc)


# --- in -------------------------------------------------------------------------------------------


def read_file(path: Path, *, overwrite: bool = False) -> Imported:
    """`read_csv` of a file as any spreadsheet saves it."""
    try:
        content = decoded(path.read_bytes())
    except ValueError as error:
        raise NoCorrections(f"{path} {error}") from None
    return read_csv(io.StringIO(content, newline=""), overwrite=overwrite)


def read_csv(lines: Iterable[str], *, overwrite: bool = False) -> Imported:
    """Apply corrections from a CSV as `write_csv` makes it, in one transaction.

    Args:
        lines: of the file.
        overwrite: also over a newer correction of this library's own.
    Raises:
        NoCorrections: it is no such CSV; nothing was changed then.
    """
    rows = list(_rows("".join(lines)))
    copies.make_before_change(runtime().settings.db)
    done = Imported(changes.new_batch())
    with database.atomic("IMMEDIATE"):
        songs = _Songs()
        for number, row in rows:
            # A line with its letters as they were, and whether they were garbled.
            fresh = {name: mended(cell) for name, cell in row.items()}
            row, was_garbled = fresh, fresh != row
            label = row.get("name") or row.get("youtube_id") or f"line {number}"
            if any(map(is_garbled, row.values())):
                done.wrong.append(f"line {number}: its letters are garbled: save it as UTF-8")
                continue
            if was_garbled:
                done.mended.append(label)
            found = songs.find(row)
            if not found:
                done.unknown.append(label)
            try:
                for song in found:
                    _take(song, row, done, overwrite=overwrite)
            except (BadEdit, ValueError) as error:
                done.wrong.append(f"line {number}: {error}")
    return done


def _rows(content: str) -> Iterator[tuple[int, dict[str, str]]]:
    rest, separator = from_header(content)
    reader = csv.DictReader(io.StringIO(rest, newline=""), delimiter=separator)
    try:
        names = set(reader.fieldnames or ())
        if "title" not in names or not names & {"youtube_id", "name"}:
            raise NoCorrections(
                f"this is no list of corrections: its head line needs {', '.join(COLUMNS)}"
            )
        if "metadata_status" in names:
            raise NoCorrections(
                "this is a whole library, most of it no person's word: make the file with "
                "export --corrections"
            )
        for row in reader:
            if reader.line_num > MOST_LINES:
                raise NoCorrections(f"more than {MOST_LINES} lines are no list of corrections")
            # Without the ' that keeps spreadsheets from running a cell.
            cells = {name: as_meant((row.get(name) or "").strip()) for name in COLUMNS}
            yield reader.line_num, cells
    except csv.Error as error:
        raise NoCorrections(f"this is no CSV, in line {reader.line_num}: {error}") from None


class _Songs:
    """The library's songs by YouTube id and by base name."""

    def __init__(self) -> None:
        self._by_id: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        rows = Song.select(Song.id, Song.youtube_id, Song.file_path).tuples()
        for song_id, youtube_id, path in rows.iterator():
            if video := video_of(youtube_id, path):
                self._by_id.setdefault(video, []).append(song_id)
            self._by_name.setdefault(one_form(os.path.basename(path)), []).append(song_id)

    def find(self, row: dict[str, str]) -> list[Song]:
        """The songs that a line speaks of: a video downloaded twice is both files."""
        ids = self._by_id.get(row["youtube_id"]) if row["youtube_id"] else None
        ids = ids or self._by_name.get(one_form(row["name"]), [])
        return [editing.get(song_id) for song_id in ids]


def _take(song: Song, row: dict[str, str], done: Imported, *, overwrite: bool) -> None:
    told = {name: editing.checked(name, row[name]) for name in TRAITS if row[name]}
    is_of_traits = told and not any(row[name] for name in editing.EDITABLE)
    names = () if is_of_traits else editing.EDITABLE
    values = {**{name: editing.checked(name, row[name]) for name in names}, **told}
    mine = traits.said_of(song.id)
    if song.metadata_status == "manual":
        mine |= {name: getattr(song, name) for name in names}
    if mine.keys() >= values.keys() and all(mine[name] == values[name] for name in values):
        done.equal += 1
        return
    is_mine = not mine.keys().isdisjoint(values)
    if is_mine and not overwrite and corrected_at(song) >= _moment(row["corrected_at"], _TIME):
        done.kept.append(os.path.basename(song.file_path))
        return
    changes.say(song, values, action="import", batch=done.batch)
    done.applied += 1
