"""The commands of the offline catalogue: take in lists of songs, show them, take them out."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click
from peewee import PeeweeException

from .. import config
from ..exceptions import LibraryError
from ..system.terminal import counted, printable
from . import kit
from .kit import PROGRAM


@click.group(
    "catalogue",
    cls=kit.Commands,
    files=dict.fromkeys(("import", "list", "remove"), "catalogue"),
    short_help="lists of songs that are asked first and need no network",
    help="Lists of songs that are asked first and need no network. A karaoke book, KaraFun's CSV: "
    "any table whose first line names the columns, artist and title among them, "
    "as a file or by its link.",
    subcommand_metavar="WHAT",
    no_args_is_help=False,
)
def group() -> None:
    """The catalogue's commands."""


@kit.command(
    "import",
    "read a list of songs, in place of an older one of its name",
    examples=(
        f"{PROGRAM} catalogue import karafuncatalog.csv",
        f"{PROGRAM} catalogue import https://www.example.org/songs.xlsx --name 'Our book'",
    ),
)
@kit.word("file", "FILE|URL", "CSV, .xlsx or .ods; its first line names the columns")
@click.option("--name", metavar="NAME", help="what the list is called; by default as its file")
def take_in(file: str, name: str | None) -> int:
    """Take a list in, from a file or by its link, and say who may gain by it."""
    from ..tasks.cataloguing import import_data

    settings = config.load()
    data, found = _fetched(file) if "://" in file else _read(file)
    name = name or Path(found).stem or "songs"
    done = import_data(data, found, settings.catalogue, name)
    print(f"{counted(done.songs, 'song')} in the catalogue's list {printable(name)}")
    # What an import made nothing of, "" where that is nothing.
    ways = (
        (done.nameless, counted(done.nameless, "line") + " without artist or title left out"),
        (done.strange_years, counted(done.strange_years, "year") + " not understood"),
    )
    if left := ", ".join(words for count, words in ways if count):
        print(left, file=sys.stderr)
    _tell_undecided(settings, "with it")
    return 0


def _read(file: str) -> tuple[bytes, str]:
    """A file's bytes and its path."""
    return kit.ReadableFile()(file).read_bytes(), file


def _fetched(link: str) -> tuple[bytes, str]:
    """The bytes behind a link, and what the file is called there."""
    from ..tasks.fetching import fetch

    fetched = fetch(link)
    assert fetched is not None  # as no mark was given
    return fetched.data, fetched.name or "the list"


@kit.command("list", "show the lists")
def show() -> int:
    """Print the lists, one a line."""
    from ..tasks.cataloguing import kept_lists

    found = kept_lists(config.load().catalogue)
    for name, count, at in found:
        day = time.strftime("%Y-%m-%d", time.localtime(at))
        print(f"{printable(name)}: {counted(count, 'song')}, imported {day}")
    if not found:
        print(f"The catalogue has no list yet: {PROGRAM} catalogue import FILE.csv takes one in")
    return 0


@kit.command("remove", "take a list out again")
@kit.word("name", "NAME", "as catalogue list shows it")
def remove(name: str) -> int:
    """Take a list out and say who may lose by it."""
    from ..tasks.cataloguing import remove_list

    settings = config.load()
    remove_list(name, settings.catalogue)
    print(f"{printable(name)} removed; what songs have from it stays")
    _tell_undecided(settings, "without it")
    return 0


def _tell_undecided(settings: config.Settings, how: str) -> None:
    """Say which songs may gain by a change of the catalogue, where there is a library to ask."""
    from ..tasks.review import editing, name_alone
    from ..tasks.runtime import configure

    if not name_alone.is_ready(settings.db):
        return
    try:
        configure(settings)
        for_review, failed = editing.count_undecided()
    except (LibraryError, PeeweeException):
        return  # the catalogue is changed all the same
    ways = (for_review, "known by their name only", "review"), (failed, "not found", "failed")
    said = [f"{count} {what} ({PROGRAM} requeue --{which})" for count, what, which in ways if count]
    if said:
        print(f"To look up again {how}: {', '.join(said)}")
