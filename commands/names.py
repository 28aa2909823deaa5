"""The commands that are about one name: what it tells, and what the services say of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from .. import config
from ..exceptions import NoAnswer
from ..system.invocation import typed
from ..system.signs import for_eyes, in_json
from ..system.terminal import CLEAR, is_drawn_on, write
from . import kit


@kit.command(
    "parse",
    "what a name tells, one JSON line each",
    more="Needs neither a library nor a network.",
    examples=(
        typed('parse "Queen - Bohemian Rhapsody (Karaoke).mp4"'),
        f"ls ~/karaoke | {typed('parse')}",
    ),
)
@kit.word(
    "names", "NAME", "a file's name; without any, one a line from stdin", nargs=-1, required=False
)
def parse(names: Sequence[str]) -> int:
    """Read names and print what they tell."""
    from ..tasks.review.name_alone import among_neighbours, knowledge_of, read_name

    names = names or [
        os.fsdecode(line.rstrip(b"\r\n")) for line in sys.stdin.buffer if line.strip()
    ]
    known = among_neighbours(names, knowledge_of(config.load()))
    for name in names:
        told = read_name(name, known)
        text = in_json(json.dumps(told, ensure_ascii=False))
        try:
            text.encode(sys.stdout.encoding or "ascii")
        except UnicodeEncodeError:  # this output cannot take the letters themselves
            text = json.dumps(told)
        print(text)
    return 0


class _Name(click.ParamType):  # type: ignore[type-arg]
    """A name as it was typed; of a path to a file its last part."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name itself."""
        if not value.strip():
            self.fail("the name is empty", param, ctx)
        return os.path.basename(value) if os.path.isfile(value) else str(value)


@kit.command(
    "lookup",
    "ask the services about one name, and tell all they say",
    more="No song is changed. Exits with 1 when nobody gave an answer.",
    examples=(typed('lookup "Bohemian Rhapsody - Queen.mp4"'),),
)
@kit.word("name", "NAME", "a file's name, or its path", type=_Name())
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def lookup(name: str, as_json: bool) -> int:
    """Look one name up and explain the verdict."""
    from ..tasks.review.explaining import as_text, explain_name, has_answer

    is_seen = is_drawn_on(sys.stderr)

    def tell(label: str) -> None:
        if is_seen:
            write(f"{CLEAR}Waiting for {label} …", sys.stderr)

    try:
        found = explain_name(name, config.load(), tell)
    finally:
        if is_seen:
            write(CLEAR, sys.stderr)
    print(json.dumps(found, indent=2) if as_json else for_eyes(as_text(found)))
    if has_answer(found):
        return 0
    raise NoAnswer(
        "nobody gave an answer" if found["answers"] else "nobody could be asked: see doctor"
    )
