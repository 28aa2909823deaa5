"""The commands that show the songs, and decide those that wait for a person: list, review."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..exceptions import BadEdit, EnrichmentError, UsageError
from ..system.invocation import typed
from ..system.signs import for_eyes
from ..system.terminal import counted, fitting, tell
from . import kit
from .screen import Screen
from .songs import ABOUT, known_of, song_in_words

F = TypeVar("F", bound=Callable[..., Any])

_KINDS = {
    "waiting": ("waiting", "that wait for their look-up"),
    "enriched": ("enriched", "that a service has named"),
    "names": ("parsed", "of which only the name is known"),
    "failed": ("enrichment_failed", "that were not found"),
    "verified": ("manual", "that a person has verified"),
}


def _kind(name: str) -> Callable[[F], F]:
    return click.option(f"--{name}", "kinds", flag_value=name, multiple=True,
                        help=f"those {_KINDS[name][1]}")  # fmt: skip


@kit.command(
    "list",
    "show the songs, a line each",
    examples=(typed("list --failed"), typed("list queen")),
)
@kit.word("words", "WORD", "of artist, title or file name", nargs=-1, required=False)
@_kind("waiting")
@_kind("enriched")
@_kind("names")
@_kind("failed")
@_kind("verified")
def show(words: tuple[str, ...], kinds: tuple[str, ...]) -> int:
    """Print the songs that are wanted."""
    from ..models import Song
    from ..tasks.queue import table as queue_table
    from ..tasks.review import browsing

    if len(kinds) > 1:
        raise UsageError(f"list takes one of {', '.join(f'--{name}' for name in _KINDS)}")
    kit.open_library()
    status = _KINDS[kinds[0]][0] if kinds else ""
    ids = browsing.all_ids(browsing.Filter(text=" ".join(words), status=status))
    width = Screen(sys.stdout).columns
    for batch in queue_table.in_batches(ids, 500):
        found = {song.id: song for song in Song.select().where(Song.id.in_(batch))}
        for song in (found[each] for each in batch if each in found):
            known, level = known_of(song)
            name = os.path.basename(song.file_path)
            print(fitting(kit.row(song.id, song.confidence, level, known, name), width))
    if not ids:
        click.echo("No song matches.", err=True)
    return 0


LETTERS = (
    "1 to 5 takes an answer, A the song as its name was read, R none of these, E edits, S skips, "
    "U takes the last decision back, Q ends"
)


@kit.command(
    "review",
    "decide, one song after another, what no service is sure of",
    more=f"{LETTERS}: the letters of the dashboard's review.",
)
@click.option("--medium", "lane", flag_value="medium", help="those whose answer is only likely")
@click.option("--not-found", "lane", flag_value="not_found", help="those that no service knows")
def review(lane: str | None) -> int:
    """Show song after song and do what is typed."""
    from ..models import Song
    from ..tasks.history import changes
    from ..tasks.review import reviewing
    from ..tasks.search import review_queue

    kit.open_library()
    start = review_queue.first(lane or review_queue.LANES[0])
    last: int | None = None
    if review_queue.next_place(start) is not None:
        tell(f"{LETTERS}.")
    while True:
        place = review_queue.next_place(start)
        if place is None:
            tell(_nothing_waits(lane))
            if last is None or _answer(_AT_THE_END, "uq", "q") == "q":
                return 0
            changes.undo(last)
            last = None
            continue
        song = Song.get_by_id(place.song_id)
        offered = reviewing.proposals(song)[:5]
        waiting = counted(review_queue.waiting(review_queue.LANES[place.lane]), "song")
        click.echo()
        tell(f"{waiting} to decide. {song_in_words(song)}")
        click.echo(for_eyes(f"  {song.file_path}"))
        for number, one in enumerate(offered, 1):
            new = one.new
            known = kit.in_words(new["artist"], new["title"], map(new.get, ABOUT))
            confidence = one.candidate.confidence if one.candidate else 0.0
            tell(f"  {number}  {confidence:.2f}  {known}")
        word = _answer(*_choice(len(offered)), "s")
        if word == "q":
            return 0
        try:
            if word == "s":
                review_queue.skip(song.id)
            elif word != "u":
                _decide(word, song, offered)
                last = song.id
                print(song_in_words(Song.get_by_id(song.id)))
            elif last is not None:
                changes.undo(last)
                last = None
            else:
                click.echo("Nothing was decided yet.")
        except EnrichmentError as error:  # somebody else was faster, or the edit cannot be
            tell(f"{error}")


_AT_THE_END = "U takes the last one back, Q ends"
_OTHERS = {
    "unsure": "{} known by the name only: {}",
    "medium": "{} with an answer that is only likely: {} --medium",
    "not_found": "{} not found: {} --not-found",
}


def _nothing_waits(lane: str | None) -> str:
    """What to say at the end of a lane, with what the others hold."""
    from ..tasks.search import review_queue

    here, command = lane or review_queue.LANES[0], typed("review")
    counts = {each: review_queue.waiting(each) for each in review_queue.LANES if each != here}
    others = (_OTHERS[each].format(n, command) for each, n in counts.items() if n)
    return "\n".join(["Nothing waits for a person here.", *others])


def _choice(offered: int) -> tuple[str, str]:
    """The question after a song with so many answers, and the letters that it takes."""
    numbers = [str(number + 1) for number in range(offered)]
    letters = [*"ARESUQ"] if offered else [*"AESUQ"]
    shown = [f"1-{offered}" if offered > 1 else "1"] if offered else []
    return ", ".join(shown + letters), "".join(numbers + letters).lower()


def _answer(question: str, taken: str, default: str) -> str:
    """One of the letters that are taken, asked for until it is one; Q where the input ends."""
    while True:
        try:
            word = str(click.prompt(question, default=default, show_default=False)).lower()
        except click.Abort:  # Ctrl-C, or nobody types: `review </dev/null`
            click.echo()
            return "q"
        if len(word) == 1 and word in taken:
            return word
        if question != _AT_THE_END:  # which says what it takes
            tell(f"{LETTERS}.")


def _decide(word: str, song: Any, offered: list[Any]) -> None:
    from ..tasks.review import editing, reviewing

    seen = editing.version(song)
    if word == "r":
        if reviewing.reject(song.id) is None:
            raise BadEdit("nothing is offered for this song")
    elif word == "a":
        reviewing.accept_as_read(song.id, seen=seen)
    elif word == "e":
        old = editing.fields_of(song)
        said = {
            name: click.prompt(name.capitalize(), default=str(old[name] or ""))
            for name in ("artist", "title", "year", "genre")
        }
        changed = {name: text for name, text in said.items() if text != str(old[name] or "")}
        if not changed:
            raise BadEdit("nothing was changed")
        editing.edit(song.id, changed, sees_all=False)
    else:
        reviewing.accept(song.id, offered[int(word) - 1].token, seen=seen)
