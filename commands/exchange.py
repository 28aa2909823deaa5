"""The commands that exchange songs with other programs and libraries: export, import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, TextIO

import click

from ..exceptions import UsageError
from ..system.invocation import typed
from ..system.signs import for_eyes
from ..system.terminal import counted, printable, take_any_letter
from . import kit


@kit.command(
    "export",
    "write the library to standard output",
    examples=(
        typed("export >library.csv"),
        typed("export --corrections >corrections.csv  # for a second Pi"),
        typed("export --publish my-list.csv  # to be put on the web, for catalogue subscribe"),
    ),
)
@click.option(
    "--format", "form", type=click.Choice(["csv", "json"]), default="csv", help="csv, or json"
)
@click.option(
    "--corrections",
    is_flag=True,
    help="only what people corrected, as CSV for import into another library",
)
@click.option(
    "--publish",
    metavar="FILE",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="write what people verified of YouTube videos to FILE for other hosts: ids and names, "
    "nothing else of this house",
)
def export(form: str, corrections: bool, publish: Path | None) -> int:
    """Write all songs, or what people have said of them."""
    from ..tasks.history import kept_edits
    from ..tasks.review import corrections as corrected
    from ..tasks.review.exporting import write_csv, write_json
    from ..tasks.shared.publishing import csv_lines

    if corrections and form != "csv":
        raise UsageError("corrections are written as CSV: leave --format out")
    if publish and (corrections or form != "csv"):
        raise UsageError("--publish writes a CSV of its own: leave the other options out")
    kit.open_library()
    if publish:
        with publish.open("w", encoding="utf-8", newline="") as file:
            count = sum(bool(file.write(line)) for line in csv_lines()) - 1  # the head line
        print(f"{counted(count, 'verified video')} in {printable(str(publish))}")
        print("Put it where others reach it by a link; they take it with: catalogue subscribe LINK")
        return 0
    take_any_letter("utf-8")
    out: Any = _Seen(sys.stdout) if sys.stdout.isatty() else sys.stdout
    if not corrections:
        (write_csv if form == "csv" else write_json)(out)
        return 0
    corrected.write_csv(out)
    if away := kept_edits.count_away():
        words = (
            "1 correction of a file that is away is not in it: it holds again when the file "
            "comes back"
            if away == 1
            else f"{away} corrections of files that are away are not in it: they hold again "
            "when the files come back"
        )
        print(words, file=sys.stderr)
    return 0


class _Seen:
    """A terminal, which no song's name may steer; a file gets all as it is."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(for_eyes(text))


@kit.command(
    "import",
    "take corrections from another library",
    more="The file is one that export --corrections has written. Songs are known again by "
    "their YouTube id, else by their file's name. It can be taken back as a whole.",
    examples=(typed("import corrections.csv"),),
)
@kit.word("file", "FILE", "from export --corrections", type=kit.ReadableFile())
@click.option("--overwrite", is_flag=True, help="also over newer corrections of this library")
def take_in(file: Path, overwrite: bool) -> int:
    """Apply what people corrected elsewhere."""
    from ..tasks.review import corrections

    kit.open_library()
    done = corrections.read_file(file, overwrite=overwrite)
    for words, songs in (
        ("not in this library", done.unknown),
        (
            "kept, as this library's own correction is newer (--overwrite takes the file's)",
            done.kept,
        ),
        ("mended, as a program had garbled its letters", done.mended),
        ("not taken", done.wrong),
    ):
        for song in songs:
            print(printable(f"{words}: {song}"), file=sys.stderr)
    print(
        f"{counted(done.applied, 'song')} corrected, {done.equal} so already, "
        f"{len(done.kept)} kept, {len(done.unknown)} not in this library, {len(done.wrong)} wrong"
    )
    if done.applied:
        print(f"To take it back: {typed(f'undo --batch {done.batch}')}")
    return 1 if done.wrong else 0
