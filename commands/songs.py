"""The commands that are about songs of the library: enqueue, requeue, edit, undo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ..exceptions import NoSuchBatch, UsageError
from ..system.invocation import typed
from ..system.terminal import counted, printable
from . import kit
from .kit import SONG_ID, WHICH_ID


@kit.command(
    "enqueue",
    "look these songs up next",
    more="A song that a person has verified is left as it is.",
    examples=(typed('enqueue 12 "New Song - Some Band.mp4"'),),
)
@kit.word("songs", "ID|PATH", "a song's number, or its file, also a new one", nargs=-1)
@click.option(
    "--priority",
    type=kit.Number(-1000, 1000),
    metavar="N",
    default=50,
    help="-1000 to 1000, higher goes first (50, as for an upload; the rest of a library has 0)",
)
def enqueue(songs: Sequence[str], priority: int) -> int:
    """Put songs before the rest."""
    from ..tasks.runtime import runtime
    from ..tasks.uploads import queue_now

    kit.open_library()
    # A number is an id, unless a file of that name lies here.
    wanted: list[int | str] = [
        int(each)
        if each.isdecimal() and len(each) < 19 and not Path(each).exists()
        else str(Path(each).absolute())
        for each in songs
    ]
    try:
        count = queue_now(wanted, priority, runtime().patience)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from None
    print(_queued_in_words(count, len(songs) - count))
    return 0


def _queued_in_words(count: int, verified: int) -> str:
    left = f", {verified} left alone, as a person has verified it" if verified else ""
    return f"{count} queued{left}"


@kit.command(
    "requeue",
    "look songs up again",
    more="What a person has verified is left as it is.",
    examples=(typed("requeue 12 17"), typed("requeue --failed")),
)
@kit.word("ids", "ID", WHICH_ID, nargs=-1, required=False, type=SONG_ID)
@click.option("--failed", is_flag=True, help="all that were not found")
@click.option("--review", is_flag=True, help="all that are known by their name only")
@click.option("--all", "every", is_flag=True, help="all that no person has verified")
def requeue(ids: Sequence[int], failed: bool, review: bool, every: bool) -> int:
    """Queue songs that were decided."""
    from ..tasks import enrich
    from ..tasks.queue import table as queue_table
    from ..tasks.review import editing

    if sum([failed, review, every, bool(ids)]) != 1:
        raise UsageError("requeue takes one of --failed, --review, --all, or ids")
    kit.open_library()
    if ids:
        once = list(dict.fromkeys(ids))
        count = enrich.queue_ids(once, queue_table.PERSON)
        print(_queued_in_words(count, len(once) - count))
    elif failed:
        print(f"{editing.requeue_failed()} queued of those not found")
    elif review:
        print(f"{editing.requeue_for_review()} queued of those known by their name only")
    else:
        print(f"{editing.requeue_all()} queued")
    return 0


@kit.command(
    "edit",
    "correct a song; only a person changes it again",
    more='"" clears a field. --duet, --language and --explicit alone say nothing of its name.',
    examples=(typed('edit 12 --artist Queen --title "Bohemian Rhapsody" --year 1975'),),
)
@kit.word("song_id", "ID", WHICH_ID, type=SONG_ID)
@click.option("--artist", metavar="TEXT", help="who sings it")
@click.option("--title", metavar="TEXT", help="what it is called")
@click.option("--variant", metavar="TEXT", help="which version it is, as Live")
@click.option("--year", metavar="YYYY", help="when it first came out")
@click.option("--genre", metavar="TEXT", help="as Rock")
@click.option("--duet", metavar="yes|no", help="whether two sing it")
@click.option("--language", metavar="NAME", help="as German, de, or de,en for both")
@click.option("--explicit", metavar="yes|no", help="whether it is marked so")
def edit(song_id: int, **fields: str | None) -> int:
    """Set a song's fields for good."""
    from ..tasks.review import editing

    changes = {name: value for name, value in fields.items() if value is not None}
    if not changes:
        options = ", ".join(f"--{name}" for name in editing.SAYABLE)
        raise UsageError(f"edit takes at least one of {options}")
    kit.open_library()
    print(song_in_words(editing.edit(song_id, changes, sees_all=False)))
    return 0


ABOUT = ("variant", "year", "genre")


def known_of(song: Any) -> tuple[str, str]:
    """What is known of a song, in words, and what is said of how sure that is."""
    from ..tasks.scoring import level_of

    known = kit.in_words(song.artist, song.title, (getattr(song, name) for name in ABOUT))
    return known, level_of(song.confidence, song.metadata_status or "pending").label


def song_in_words(song: Any) -> str:
    """A song in one line: its number, what is known of it, and how sure that is."""
    known, level = known_of(song)
    return printable(f"{song.id}: {known}, {level}")


@kit.command(
    "undo",
    "take a song's latest change back, or all that were made together",
    examples=(typed("undo 12"), typed("undo --batch 3f6c0a5d9b7e4c12")),
)
@kit.word("song_id", "ID", WHICH_ID, required=False, type=SONG_ID)
@click.option(
    "--batch", metavar="NAME", help="what an import, or a change of many songs, is called"
)
def undo(song_id: int | None, batch: str | None) -> int:
    """Take changes back."""
    from ..tasks.history import changes
    from ..tasks.review.editing import get

    if (song_id is None) == (batch is None):
        raise UsageError("undo takes a song's number, or --batch")
    kit.open_library()
    if song_id is not None:
        get(song_id)
        changes.undo(song_id)
        print(song_in_words(get(song_id)))
        return 0
    assert batch is not None
    made = changes.in_batch(batch)
    if not made:
        raise NoSuchBatch(f"no changes were made together under the name {batch!r}")
    back, stay = changes.undo_batch(batch)
    text = f"{counted(back, 'song')} taken back"
    if stay:
        text += f", {stay} left alone, changed again since"
    if back + stay < len(made):
        text += f", {len(made) - back - stay} taken back before"
    print(text)
    return 0
