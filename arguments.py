"""What the command line takes: every command's words, its help, and an example where one helps."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from . import __version__

PROGRAM = "pikaraoke-enrichment"


class Parser(argparse.ArgumentParser):
    """A parser whose commands each complain for themselves, with their own usage."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it, but what a command does not know is that command's error: argparse
        hands it up to the program, which would print its own usage."""
        found, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return found, unknown


def parser() -> argparse.ArgumentParser:
    """The whole command line; the chosen command's name is `command` in what it returns."""
    whole = Parser(
        prog=PROGRAM,
        formatter_class=_Wrapped,
        description="Fills PiKaraoke's library with artist, title, year and genre.",
        epilog="Every command takes --help. To see it all at work: ./consumer.sh --demo",
    )
    whole.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = whole.add_subparsers(metavar="COMMAND", dest="command", required=True)
    _add_main_job(commands)
    _add_names(commands)
    _add_steering(commands)
    _add_songs(commands)
    _add_exchange(commands)
    _add_catalogue(commands)
    return whole


def _add(
    commands: Any,
    name: str,
    help_text: str,
    *,
    more: str = "",
    examples: Sequence[str] = (),
) -> argparse.ArgumentParser:
    """Add a command; `more` goes on after the help's first sentence, `examples` end it."""
    first = f"{help_text[0].upper()}{help_text[1:]}."
    added: argparse.ArgumentParser = commands.add_parser(
        name,
        help=help_text,
        description=f"{first} {more}".strip(),
        epilog="\n  ".join(["examples:", *examples]) if examples else None,
        formatter_class=_Wrapped,
    )
    return added


class _Wrapped(argparse.HelpFormatter):
    """Wraps what is told and leaves examples as they are, a line each."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        self._action_max_length = 15  # argparse forgets that names of commands are indented

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if text.startswith("examples:") else super()._fill_text(text, width, indent)


# --- the commands -------------------------------------------------------------------------------


def _add_main_job(commands: Any) -> None:
    run = _add(
        commands,
        "run",
        "the main job: scan DIR, enrich it, serve the dashboard",
        more="Goes on until Ctrl-C and follows what is added, renamed or deleted meanwhile. "
        "Without DIR it works on the library that PiKaraoke has made.",
        examples=(
            "./consumer.sh ~/karaoke               # your songs, until Ctrl-C",
            "./consumer.sh --until-done ~/karaoke  # for scripts: ends when nothing is left",
            "./consumer.sh                         # PiKaraoke's own library",
        ),
    )
    run.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="where the songs lie")
    run.add_argument("--until-done", action="store_true", help="end when nothing is left to do")
    run.add_argument("--no-dashboard", action="store_true", help="serve no web page")
    run.add_argument(
        "--workers", type=number(1, 64), metavar="N", help="songs looked up at a time (4)"
    )
    run.add_argument("--port", type=_PORT, metavar="N", help="the dashboard's port (5556)")
    run.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    demo = _add(
        commands,
        "demo",
        "the whole job on some fifty made-up files, without a network",
        more="It touches nothing of yours and leaves nothing behind.",
    )
    demo.add_argument("--until-done", action="store_true", help="end when nothing is left to do")
    demo.add_argument(
        "--port", type=_PORT, metavar="N", default=0, help="the dashboard's port (a free one)"
    )
    _add_pikaraoke(commands)
    dashboard = _add(
        commands,
        "dashboard",
        "serve the dashboard alone",
        more="The look-ups are done by ./consumer.sh, which serves it too.",
        examples=(
            f"{PROGRAM} dashboard --port 8080",
            f"ENRICHMENT_ADMIN_PASSWORD=… {PROGRAM} dashboard --host 0.0.0.0",
        ),
    )
    dashboard.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen at (127.0.0.1: this machine only); 0.0.0.0 lets other machines in "
        "and needs ENRICHMENT_ADMIN_PASSWORD",
    )
    dashboard.add_argument("--port", type=_PORT, metavar="N", help="port to listen at (5556)")
    dashboard.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    scan = _add(
        commands,
        "scan",
        "register a folder's songs, read their names, queue them",
        more="./consumer.sh DIR does that by itself; this is for scripts.",
    )
    scan.add_argument("folder", metavar="DIR", type=Path, help="where the songs lie")
    scan.add_argument("--only-news", action="store_true", help=argparse.SUPPRESS)


def _add_pikaraoke(commands: Any) -> None:
    """Whatever follows the word is PiKaraoke's, --help too: to us it is all plain words."""
    pikaraoke = commands.add_parser(
        "pikaraoke",
        help="PiKaraoke itself, with enrichment inside it",
        prefix_chars="\0",
        add_help=False,
    )
    pikaraoke.add_argument("arguments", nargs="*")


def _add_names(commands: Any) -> None:
    parse = _add(
        commands,
        "parse",
        "what a name tells, one JSON line each",
        more="Needs neither a library nor a network.",
        examples=(
            f'{PROGRAM} parse "Queen - Bohemian Rhapsody (Karaoke).mp4"',
            f"ls ~/karaoke | {PROGRAM} parse",
        ),
    )
    parse.add_argument(
        "names", metavar="NAME", nargs="*", help="a file's name; without any, one a line from stdin"
    )
    lookup = _add(
        commands,
        "lookup",
        "ask the services about one name, and tell all they say",
        more="No song is changed. Exits with 1 when nobody gave an answer.",
        examples=(f'{PROGRAM} lookup "Bohemian Rhapsody - Queen.mp4"',),
    )
    lookup.add_argument("name", metavar="NAME", type=_name, help="a file's name, or its path")
    lookup.add_argument("--json", action="store_true", help="as JSON")


def _add_steering(commands: Any) -> None:
    status = _add(commands, "status", "show the progress")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.add_argument("--watch", action="store_true", help="once a second, until Ctrl-C")
    kept = "Holds for every consumer of this library, and over a restart."
    _add(commands, "start", "let the worker work", more=f"Also ends a pause. {kept}")
    _add(commands, "stop", "let the songs under way end, take up no more", more=kept)
    _add(commands, "pause", "hold the work until it is resumed", more=kept)
    _add(commands, "resume", "end a pause", more="A worker that was stopped stays stopped.")
    doctor = _add(
        commands,
        "doctor",
        "check everything and say what to do",
        more="Exits with 1 where something is BAD. Without --fix nothing is changed.",
    )
    doctor.add_argument("--offline", action="store_true", help="ask no service")
    doctor.add_argument("--fix", action="store_true", help="repair what is safe to repair")
    doctor.add_argument(
        "--backup", action="store_true", help="only copy the songs database, beside itself"
    )


_WHICH_ID = "the number that stands before the song where it is told, and in the export"


def _add_songs(commands: Any) -> None:
    enqueue = _add(
        commands,
        "enqueue",
        "look these songs up next",
        more="A song that a person has verified is left as it is.",
        examples=(f'{PROGRAM} enqueue 12 "New Song - Some Band.mp4"',),
    )
    enqueue.add_argument(
        "songs", metavar="ID|PATH", nargs="+", help="a song's number, or its file, also a new one"
    )
    enqueue.add_argument(
        "--priority",
        type=number(-1000, 1000),
        metavar="N",
        default=50,
        help="-1000 to 1000, higher goes first (50, as for an upload; the rest of a library has 0)",
    )
    requeue = _add(
        commands,
        "requeue",
        "look songs up again",
        more="What a person has verified is left as it is.",
        examples=(f"{PROGRAM} requeue 12 17", f"{PROGRAM} requeue --failed"),
    )
    requeue.add_argument("ids", metavar="ID", nargs="*", type=_song_id, help=_WHICH_ID)
    requeue.add_argument("--failed", action="store_true", help="all that were not found")
    requeue.add_argument(
        "--review", action="store_true", help="all that are known by their name only"
    )
    requeue.add_argument("--all", action="store_true", help="all that no person has verified")
    edit = _add(
        commands,
        "edit",
        "correct a song; only a person changes it again",
        more='"" clears a field.',
        examples=(f'{PROGRAM} edit 12 --artist Queen --title "Bohemian Rhapsody" --year 1975',),
    )
    edit.add_argument("id", metavar="ID", type=_song_id, help=_WHICH_ID)
    for field in ("artist", "title", "variant", "year", "genre"):
        edit.add_argument(f"--{field}", metavar="TEXT" if field != "year" else "YYYY")
    undo = _add(
        commands,
        "undo",
        "take a song's latest change back, or a whole import",
        examples=(f"{PROGRAM} undo 12", f"{PROGRAM} undo --batch 3f6c0a5d9b7e4c12"),
    )
    which_one = undo.add_mutually_exclusive_group(required=True)
    which_one.add_argument("id", metavar="ID", type=_song_id, nargs="?", help=_WHICH_ID)
    which_one.add_argument("--batch", metavar="NAME", help="what the import named when it was done")


def _add_exchange(commands: Any) -> None:
    export = _add(
        commands,
        "export",
        "write the library to standard output",
        examples=(
            f"{PROGRAM} export >library.csv",
            f"{PROGRAM} export --corrections >corrections.csv  # for a second Pi, or a friend",
        ),
    )
    export.add_argument("--format", choices=("csv", "json"), default="csv", help="csv, or json")
    export.add_argument(
        "--corrections",
        action="store_true",
        help="only what people corrected, as CSV for import into another library",
    )
    taken = _add(
        commands,
        "import",
        "take corrections from another library",
        more="The file is one that export --corrections has written. Songs are known again by "
        "their YouTube id, else by their file's name. It can be taken back as a whole.",
        examples=(f"{PROGRAM} import corrections.csv",),
    )
    taken.add_argument("file", metavar="FILE", type=_file, help="from export --corrections")
    taken.add_argument(
        "--overwrite", action="store_true", help="also over newer corrections of this library"
    )


def _add_catalogue(commands: Any) -> None:
    about = _add(
        commands,
        "catalogue",
        "lists of songs that are asked first and need no network",
        more="A karaoke book, KaraFun's CSV: any table whose first line names the columns, "
        "artist and title among them.",
    )
    what = about.add_subparsers(metavar="WHAT", dest="what", required=True)
    taken = _add(
        what,
        "import",
        "read a list of songs, in place of an older one of its name",
        examples=(f"{PROGRAM} catalogue import karafuncatalog.csv",),
    )
    taken.add_argument(
        "file", metavar="FILE", type=_file, help="CSV; its first line names the columns"
    )
    taken.add_argument("--name", help="what the list is called; by default as its file")
    _add(what, "list", "show the lists")
    removed = _add(what, "remove", "take a list out again")
    removed.add_argument("name", metavar="NAME", help="as catalogue list shows it")


# --- what a word must be ------------------------------------------------------------------------


def number(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number from `low` to `high`."""

    def read(word: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,19}", word) or not low <= int(word) <= high:
            raise argparse.ArgumentTypeError(f"{word!r} is no number from {low} to {high}")
        return int(word)

    return read


_PORT = number(0, 65535)
_LARGEST_ID = 2**63 - 1  # what SQLite can hold


def _song_id(word: str) -> int:
    try:
        return number(0, _LARGEST_ID)(word)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{word!r} is no song's number") from None


def _file(word: str) -> Path:
    """A file that is there; of which kind it is shows when it is read (/dev/stdin is one too)."""
    path = Path(word)
    if not os.path.exists(path):
        raise argparse.ArgumentTypeError(f"there is no file {word!r}")
    if path.is_dir():
        raise argparse.ArgumentTypeError(f"{word!r} is a folder: name a file")
    return path


def _name(word: str) -> str:
    """A name as it was typed; of a path to a file its last part."""
    if not word.strip():
        raise argparse.ArgumentTypeError("the name is empty")
    return os.path.basename(word) if os.path.isfile(word) else word
