"""What the command line is made with: help with examples, kinds of words, the library, Ctrl-C."""

from __future__ import annotations

import dataclasses
import functools
import os
import re
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from .. import config
from ..database import urls
from ..exceptions import LibraryError
from ..system.invocation import typed
from ..system.terminal import printable, tell


class Command(click.Command):
    """A command whose help explains its arguments too, and ends with examples as they are typed."""

    def __init__(self, *words: Any, examples: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*words, **options)
        self.examples = examples

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Arguments first, as the usage line has them."""
        arguments = [(each.label, each.told) for each in self.params if isinstance(each, Word)]
        if arguments:
            with formatter.section("Arguments"):
                formatter.write_dl(arguments)
        super().format_options(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Click would fill the examples into one paragraph."""
        if self.examples:
            lines = (f"  {each}" for line in self.examples for each in _fitting(line, formatter))
            formatter.write("\n".join(["", "Examples:", *lines, ""]))


def _fitting(example: str, formatter: click.HelpFormatter) -> Iterator[str]:
    """An example in lines that fit and can be pasted: what it is for above it, broken as a shell
    lets it be."""
    most = formatter.width - 2
    line, _, why = example.partition("  # ")
    if len(example) <= most:
        yield example
        return
    if why:
        yield f"# {why.strip()}"
    line = line.rstrip()
    while len(line) > most and (at := line.rfind(" --", 0, most - 2)) > 0:
        yield f"{line[:at]} \\"
        line = f"   {line[at:]}"
    yield line


class Word(click.Argument):
    """An argument that the help explains."""

    def __init__(self, names: Sequence[str], *, metavar: str, help: str, **options: Any) -> None:
        super().__init__(names, metavar=metavar, **{"required": True, **options})
        self.label, self.told = metavar, help

    def make_metavar(self, *_: Any) -> str:
        """As it stands in the usage line."""
        word = self.label if self.required else f"[{self.label}]"
        return f"{word}..." if self.nargs == -1 else word


class Commands(click.Group):
    """Commands whose files are read when one of them is called: a consumer is not to load what an
    export needs."""

    def __init__(self, *words: Any, files: Mapping[str, str], **options: Any) -> None:
        """`files` has the file of this folder that each command is in, in the help's order."""
        super().__init__(*words, **options)
        self.files = files

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names, as the help lists them."""
        return list(self.files)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """A command by its name, None where there is none."""
        if name not in self.files:
            return None
        found = vars(import_module(f".{self.files[name]}", __package__)).values()
        return next(each for each in found if isinstance(each, click.Command) and each.name == name)


def command(
    name: str, summary: str, more: str = "", examples: Sequence[str] = (), **options: Any
) -> Callable[[Callable[..., int]], Command]:
    """A command of ours; its function returns the exit status.

    Args:
        summary: what it does, as the list of commands has it.
        more: goes on after the summary in the command's own help.
        examples: whole command lines.
    """
    text = f"{summary[0].upper()}{summary[1:]}. {more}".strip()
    return click.command(
        name, cls=Command, help=text, short_help=summary, examples=examples, **options
    )


def word(name: str, metavar: str, help: str, **options: Any) -> Callable[[Any], Any]:
    """An argument, which is needed unless told otherwise; `nargs=-1` takes several."""
    return click.argument(name, cls=Word, metavar=metavar, help=help, **options)


# --- what a word must be --------------------------------------------------------------------------


class Number(click.ParamType):  # type: ignore[type-arg]
    """A whole number of a range, in plain digits: Python's own reader takes 1_000 too."""

    name = "number"

    def __init__(self, low: int, high: int, what: str = "") -> None:
        self._low, self._high = low, high
        self._what = what or f"number from {low} to {high}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; a default is one already."""
        text = str(value)
        if not re.fullmatch(r"-?[0-9]{1,19}", text) or not self._low <= int(text) <= self._high:
            self.fail(f"{text!r} is no {self._what}", param, ctx)
        return int(text)


class ReadableFile(click.ParamType):  # type: ignore[type-arg]
    """A file that is there; of which kind it is shows when it is read (/dev/stdin is one too)."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Its path."""
        if not os.path.exists(value):
            self.fail(f"there is no file {value!r}", param, ctx)
        if os.path.isdir(value):
            self.fail(f"{value!r} is a folder: name a file", param, ctx)
        return Path(value)


PORT = Number(0, 65535)
SONG_ID = Number(0, 2**63 - 1, "song's number")  # what SQLite can hold
FOLDER = click.Path(path_type=Path)
WHICH_ID = "the number that stands before the song where it is told, and in the export"


# --- settings and library -------------------------------------------------------------------------


def settings_with(**said: Any) -> config.Settings:
    """The settings, with what the command line says above them; None says nothing."""
    given = {name: value for name, value in said.items() if value is not None}
    return dataclasses.replace(config.load(), **given)


def open_library(*, make: bool = False, is_patient: bool = False) -> None:
    """Open the songs database for a command.

    Args:
        make: also where there is none yet.
        is_patient: whether it waits for other writers as a consumer does.
    Raises:
        LibraryError: there is none, or it cannot be used.
    """
    from ..tasks.runtime import configure

    settings = config.load()
    if urls.is_missing(settings.db) and not make:
        raise LibraryError(
            f"there is no songs database at {settings.db}: run {typed('run DIR')} or start "
            "PiKaraoke"
        )
    configure(settings, is_patient=is_patient)


def tell_undecided(settings: config.Settings, how: str) -> None:
    """Say which songs may gain by a change of who is asked, where there is a library to ask.

    Args:
        how: "with it" or "without it", whatever has come or gone.
    """
    from peewee import PeeweeException

    from ..tasks.review import editing, name_alone
    from ..tasks.runtime import configure

    if not name_alone.is_ready(settings.db):
        return
    try:
        configure(settings)
        for_review, failed = editing.count_undecided()
    except (LibraryError, PeeweeException):
        return  # the change is made all the same
    ways = (for_review, "known by their name only", "review"), (failed, "not found", "failed")
    said = [
        f"{count} {what} ({typed(f'requeue --{which}')})" for count, what, which in ways if count
    ]
    if said:
        tell(f"To look up again {how}: {', '.join(said)}")


# --- the terminal ---------------------------------------------------------------------------------


def until_told(function: Callable[..., int]) -> Callable[..., int]:
    """A command that goes on until Ctrl-C or SIGTERM: either is its ordinary end."""

    @functools.wraps(function)
    def run(*words: Any, **options: Any) -> int:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            return function(*words, **options)
        except KeyboardInterrupt:
            return 0

    return run


def row(song_id: int, confidence: float | None, level: str, known: str, name: str) -> str:
    """A song in a line: its number, how sure it is and what that is called, what is known, and the
    beginning of the file's name, as of two files of one song nothing else tells which is which."""
    number = "?.??" if confidence is None else f"{confidence:.2f}"
    return printable(f"{song_id:>5}  {f'{number} {level}':<24} {known}  <-  {name}")


def in_words(artist: str | None, title: str, about: Iterable[object]) -> str:
    """A song as "artist - title (version, year, genre)"; of `about` whatever is known."""
    known = ", ".join(str(each) for each in about if each)
    return f"{artist or '?'} - {title}" + (f" ({known})" if known else "")
