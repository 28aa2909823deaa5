"""The command line: thin commands over the rooms below."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import json
import logging
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

from peewee import PeeweeException

from . import config
from .models import LibraryError

PROGRAM = "pikaraoke-enrichment"

Command: TypeAlias = Callable[[argparse.Namespace], int]


class UsageError(Exception):
    """The command was called in a way that it does not take."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 1 on failure, 2 on wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--demo"]:  # ./consumer.sh --demo
        words[0] = "demo"
    options = _parser().parse_args(words)
    if options.command is _pikaraoke:
        return int(options.command(options))  # nothing of ours is set up: it is PiKaraoke's
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("huey").setLevel(logging.ERROR)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        return int(options.command(options) or 0)
    except (UsageError, config.SettingsError) as error:
        return _complain(error, 2)
    except BrokenPipeError:
        # The reader has had enough (| head); Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PeeweeException as error:
        return _complain(LibraryError(f"the songs database cannot be used: {error}"), 1)
    except (LibraryError, LookupError, OSError, ValueError) as error:
        return _complain(error, 1)
    except KeyboardInterrupt:
        return 130


def _until_told(command: Command) -> Command:
    """A command that goes on until Ctrl-C or SIGTERM: either is its ordinary end."""

    @functools.wraps(command)
    def run(options: argparse.Namespace) -> int:
        signal.signal(signal.SIGTERM, _as_ctrl_c)
        try:
            return command(options)
        except KeyboardInterrupt:
            return 0

    return run


def _as_ctrl_c(_signum: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _complain(error: Exception, status: int) -> int:
    text = " ".join(str(error).split())
    print(f"{PROGRAM}: {text}", file=sys.stderr)
    return status


# --- the main job -------------------------------------------------------------------------------


@_until_told
def _run(options: argparse.Namespace) -> int:
    _leave_out("gevent", "charset_normalizer")
    from . import priority
    from .running import run

    settings = _settings(options)
    if options.folder is None and not Path(settings.db).exists():
        raise UsageError(
            f"nothing to enrich: there is no PiKaraoke database at {settings.db}. Name the folder "
            "that holds your songs (./consumer.sh DIR), or start PiKaraoke once, or try "
            "./consumer.sh --demo"
        )
    if options.folder is not None and not options.folder.is_dir():
        raise UsageError(f"{options.folder} is not a folder: name the one that holds your songs")
    priority.lower()
    return run(
        settings,
        options.folder,
        until_done=options.until_done,
        dashboard=not options.no_dashboard,
        until_stdin_closes=options.until_stdin_closes,
    )


def _leave_out(*modules: str) -> None:
    """Import without what libraries take along where it is installed and a consumer never uses.

    Huey takes gevent, which is there beside PiKaraoke (our workers are threads); requests takes a
    guesser of encodings (JSON is UTF-8). Both together cost a fifth of a consumer's memory.
    """
    warnings.filterwarnings("ignore", message="Unable to find acceptable character detection")
    for module in modules:
        sys.modules.setdefault(module, None)  # type: ignore[arg-type]


def _pikaraoke(options: argparse.Namespace) -> int:
    from .launcher import NoPiKaraoke, launch

    try:
        return launch(options.arguments)
    except config.SettingsError as error:
        return _complain(error, 2)
    except NoPiKaraoke as error:
        return _complain(error, 1)
    except KeyboardInterrupt:
        return 130


@_until_told
def _demo(options: argparse.Namespace) -> int:
    from .demo.command import demonstrate

    return demonstrate(port=options.port, until_done=options.until_done)


@_until_told
def _dashboard(options: argparse.Namespace) -> int:
    from .web.server import ServeError, make_server

    settings = _settings(options)
    try:
        server = make_server(settings, options.host, settings.port)
    except ServeError as error:
        return _complain(error, 1)
    host = "localhost" if options.host in {"127.0.0.1", "::1"} else options.host
    clear = "\r\x1b[K" if sys.stdout.isatty() else ""  # `run` draws its progress line there
    print(f"{clear}Dashboard: http://{host}:{server.effective_port}/enrichment/", flush=True)
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, OSError):
        server.run()
    return 0


def _end_with_stdin(server: Any) -> None:
    sys.stdin.read()
    server.close()


def _scan(options: argparse.Namespace) -> int:
    from .tasks import library
    from .tasks.enrich import scan

    _open(options)
    try:
        found = scan(options.folder)
    except library.NoSuchFolder as error:
        raise UsageError(str(error)) from None
    print(_scan_in_words(found))
    return 0


def _scan_in_words(found: Any) -> str:
    text = f"{found.found} songs found: {found.added} new, {found.moved} moved"
    if found.halted:
        text += (
            f", {found.missing} missing but kept, as that is more than half of them "
            "(is the drive there?)"
        )
    else:
        text += f", {found.deleted} deleted"
    if found.unreadable:
        text += f", {found.unreadable} skipped as their names are no valid text"
    return f"{text}; {found.queued} queued"


# --- names and look-ups -------------------------------------------------------------------------


def _parse(options: argparse.Namespace) -> int:
    for name in options.names or _lines():
        print(_json_line(_parsed_json(name)))
    return 0


def _lines() -> Iterator[str]:
    for line in sys.stdin.buffer:
        if line.strip():
            yield os.fsdecode(line.rstrip(b"\r\n"))


def _json_line(value: Any) -> str:
    """JSON in the letters themselves, or escaped where this output cannot take them."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def _parsed_json(name: str) -> dict[str, Any]:
    from .tasks.parsing import parse
    from .tasks.scoring import level_of, parsed_confidence

    parsed = parse(name)
    best = parsed.hypotheses[0]
    confidence = parsed_confidence(best)
    return {
        "name": name,
        "artist": best.artist or None,
        "title": best.title,
        "variant": best.variant or None,
        "youtube_id": parsed.youtube_id,
        "confidence": confidence,
        "level": level_of(confidence, "parsed").label,
        "hypotheses": [dataclasses.asdict(hypothesis) for hypothesis in parsed.hypotheses],
    }


def _lookup(options: argparse.Namespace) -> int:
    from .tasks.people.explaining import as_text, explain_name

    found = explain_name(options.name, config.load())
    print(json.dumps(found, indent=2) if options.json else as_text(found))
    return 0


# --- watching and steering ----------------------------------------------------------------------


def _status(options: argparse.Namespace) -> int:
    from .running import line
    from .tasks.progress import get_progress

    _open(options)
    while True:
        snapshot = get_progress()
        print(json.dumps(snapshot) if options.json else line(snapshot, 1000), flush=True)
        if not options.watch:
            return 0
        time.sleep(1)


def _steer(options: argparse.Namespace) -> int:
    from .tasks import control
    from .tasks.progress import get_progress

    _open(options)
    getattr(control, options.wish)()
    snapshot = get_progress()
    print(f"{options.wish}: noted ({snapshot['state']}). {snapshot['reason']}".rstrip())
    return 0


def _enqueue(options: argparse.Namespace) -> int:
    from .tasks.runtime import runtime
    from .tasks.uploads import queue_now

    _open(options)
    songs = [_id_or_path(word) for word in options.songs]
    print(f"{queue_now(songs, options.priority, runtime().patience)} queued")
    return 0


def _id_or_path(word: str) -> int | str:
    """A number is an id, unless a file of that name lies here."""
    is_id = word.isdecimal() and len(word) < 19 and not Path(word).exists()
    return int(word) if is_id else str(Path(word).absolute())


def _requeue(options: argparse.Namespace) -> int:
    from .tasks import enrich, queueing
    from .tasks.people import editing

    chosen = [options.failed, options.review, options.all, bool(options.ids)]
    if sum(chosen) != 1:
        raise UsageError("requeue takes one of --failed, --review, --all, or ids")
    _open(options)
    if options.ids:
        count = enrich.queue_ids(options.ids, queueing.PERSON)
    elif options.failed:
        count = editing.requeue_failed()
    else:
        count = editing.requeue_for_review() if options.review else editing.requeue_all()
    print(f"{count} queued")
    return 0


def _edit(options: argparse.Namespace) -> int:
    from .tasks.people.editing import EDITABLE, edit

    changes = {name: getattr(options, name) for name in EDITABLE}
    changes = {name: value for name, value in changes.items() if value is not None}
    if not changes:
        raise UsageError("edit takes at least one of --artist, --title, --variant, --year, --genre")
    _open(options)
    song = edit(options.id, changes)
    print(f"{song.id}: {song.artist or '?'} - {song.title} ({song.year or '?'}), Verified")
    return 0


def _undo(options: argparse.Namespace) -> int:
    from .tasks.people import changes
    from .tasks.people.editing import get
    from .tasks.scoring import level_of

    _open(options)
    if options.batch:
        back, stay = changes.undo_batch(options.batch)
        print(f"{back} songs taken back, {stay} left alone, as they were changed again")
        return 0 if back or stay else _complain(LookupError("there is no such batch"), 1)
    changes.undo(options.id)
    song = get(options.id)
    level = level_of(song.confidence or 0.0, song.metadata_status or "pending").label
    print(f"{song.id}: {song.artist or '?'} - {song.title} ({song.year or '?'}), {level}")
    return 0


def _export(options: argparse.Namespace) -> int:
    from .tasks.people import corrections
    from .tasks.people.exporting import write_csv, write_json

    _open(options)
    if options.corrections:
        if options.format != "csv":
            raise UsageError("corrections are written as CSV: leave --format out")
        corrections.write_csv(sys.stdout)
        return 0
    (write_csv if options.format == "csv" else write_json)(sys.stdout)
    return 0


def _import(options: argparse.Namespace) -> int:
    from .tasks.people import corrections

    _open(options)
    with options.file.open(encoding="utf-8-sig", newline="") as lines:
        done = corrections.read_csv(lines, overwrite=options.overwrite)
    for words, songs in (
        ("not in this library", done.unknown),
        (
            "kept, as this library's own correction is newer (--overwrite takes the file's)",
            done.kept,
        ),
        ("not taken", done.wrong),
    ):
        for song in songs:
            print(f"{words}: {song}", file=sys.stderr)
    print(
        f"{done.applied} songs corrected, {done.equal} were so already, {len(done.kept)} kept, "
        f"{len(done.unknown)} not in this library, {len(done.wrong)} wrong"
    )
    if done.applied:
        print(f"To take it back: {PROGRAM} undo --batch {done.batch}")
    return 1 if done.wrong else 0


def _catalogue_import(options: argparse.Namespace) -> int:
    from .tasks.cataloguing import import_list

    count = import_list(options.file, config.load().catalogue, options.name or "")
    print(f"{count} songs in the catalogue's list {options.name or options.file.stem}")
    return 0


def _catalogue_list(_options: argparse.Namespace) -> int:
    from .providers.catalogue import lists

    for name, count, at in lists(config.load().catalogue):
        print(f"{name}: {count} songs, imported {time.strftime('%Y-%m-%d', time.localtime(at))}")
    return 0


def _catalogue_remove(options: argparse.Namespace) -> int:
    from .tasks.cataloguing import remove_list

    remove_list(options.name, config.load().catalogue)
    print(f"{options.name} removed")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from .doctor import examine, save

    settings = config.load()
    if options.backup:
        print(f"copied to {save(settings)}")
        return 0
    findings = list(examine(settings, ask_providers=not options.offline, fix=options.fix))
    for finding in findings:
        print(f"{'ok  ' if finding.is_fine else 'BAD '} {finding.subject}: {finding.words}")
        if finding.advice:
            print(f"     {finding.advice}")
    return 0 if all(finding.is_fine for finding in findings) else 1


# --- the parser ---------------------------------------------------------------------------------


def _settings(options: argparse.Namespace) -> config.Settings:
    """The settings, with what the command line says above them."""
    said = {name: getattr(options, name, None) for name in ("workers", "port")}
    return dataclasses.replace(
        config.load(), **{name: value for name, value in said.items() if value is not None}
    )


def _open(options: argparse.Namespace) -> None:
    from .tasks.runtime import configure

    settings = _settings(options)
    if not Path(settings.db).exists() and options.command is not _scan:
        raise LibraryError(
            f"there is no songs database at {settings.db}: run ./consumer.sh DIR or start PiKaraoke"
        )
    configure(settings)


def _number(low: int, high: int) -> Any:
    def read(word: str) -> int:
        if not word.isdecimal() or not low <= int(word) <= high:
            raise argparse.ArgumentTypeError(f"{word!r} is no number from {low} to {high}")
        return int(word)

    return read


_PORT = _number(0, 65535)
_ID = _number(0, 2**63 - 1)  # what SQLite can hold


def _priority(word: str) -> int:
    size: int = _number(0, 1000)(word.removeprefix("-"))
    return -size if word.startswith("-") else size


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Fills PiKaraoke's library with artist, title, year and genre.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_main_job(commands)
    _add_names(commands)
    _add_steering(commands)
    _add_songs(commands)
    _add_catalogue(commands)
    return parser


def _add(commands: Any, name: str, command: Any, help_text: str) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(
        name, help=help_text, description=f"{help_text[0].upper()}{help_text[1:]}."
    )
    added.set_defaults(command=command)
    return added


def _add_main_job(commands: Any) -> None:
    run = _add(commands, "run", _run, "the main job: scan DIR, enrich it, serve the dashboard")
    run.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="where the songs lie")
    run.add_argument("--until-done", action="store_true", help="end when nothing is left to do")
    run.add_argument("--no-dashboard", action="store_true", help="serve no web page")
    run.add_argument("--workers", type=_number(1, 64), metavar="N", help="songs at a time")
    run.add_argument("--port", type=_PORT, metavar="N", help="the dashboard's port")
    run.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    _add_pikaraoke(commands)
    demo = _add(commands, "demo", _demo, "the whole job on a few songs, without a network")
    demo.add_argument("--until-done", action="store_true", help="end when nothing is left to do")
    demo.add_argument("--port", type=_PORT, metavar="N", default=0, help="the dashboard's port")
    dashboard = _add(commands, "dashboard", _dashboard, "serve the dashboard alone")
    dashboard.add_argument("--host", default="127.0.0.1", help="address to listen at")
    dashboard.add_argument("--port", type=_PORT, metavar="N", help="port to listen at")
    dashboard.add_argument("--until-stdin-closes", action="store_true", help=argparse.SUPPRESS)
    scan = _add(commands, "scan", _scan, "register a folder's songs, read their names, queue them")
    scan.add_argument("folder", metavar="DIR", type=Path)


def _add_pikaraoke(commands: Any) -> None:
    """Whatever follows the word is PiKaraoke's, --help too: to us it is all plain words."""
    pikaraoke = commands.add_parser(
        "pikaraoke",
        help="start PiKaraoke with enrichment inside it; takes PiKaraoke's own arguments",
        prefix_chars="\0",
        add_help=False,
    )
    pikaraoke.add_argument("arguments", nargs="*")
    pikaraoke.set_defaults(command=_pikaraoke)


def _add_names(commands: Any) -> None:
    parse = _add(commands, "parse", _parse, "read names; one JSON line each")
    parse.add_argument("names", metavar="NAME", nargs="*", help="else one a line from stdin")
    lookup = _add(commands, "lookup", _lookup, "everything that is to be known about one name")
    lookup.add_argument("name", metavar="NAME")
    lookup.add_argument("--json", action="store_true", help="as JSON")


def _add_steering(commands: Any) -> None:
    status = _add(commands, "status", _status, "show the progress")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.add_argument("--watch", action="store_true", help="once a second, until Ctrl-C")
    for wish, help_text in (
        ("start", "let the worker run"),
        ("stop", "let the songs under way end, take up no more"),
        ("pause", "hold the work, also over a restart"),
        ("resume", "end a pause"),
    ):
        _add(commands, wish, _steer, help_text).set_defaults(wish=wish)
    doctor = _add(commands, "doctor", _doctor, "check everything and say what to do")
    doctor.add_argument("--offline", action="store_true", help="ask no provider")
    doctor.add_argument("--fix", action="store_true", help="repair what is safe to repair")
    doctor.add_argument("--backup", action="store_true", help="only copy the songs database")


def _add_catalogue(commands: Any) -> None:
    about = _add(commands, "catalogue", _catalogue_list, "lists of songs that need no network")
    about.description = "Lists of songs that are asked first: a karaoke book, KaraFun's CSV."
    what = about.add_subparsers(metavar="WHAT", required=True)
    taken = _add(
        what, "import", _catalogue_import, "read a list of songs, in place of an older one"
    )
    taken.add_argument("file", metavar="FILE", type=Path, help="CSV; its first line names columns")
    taken.add_argument("--name", help="what the list is called; by default as its file")
    _add(what, "list", _catalogue_list, "show the lists")
    removed = _add(what, "remove", _catalogue_remove, "take a list out again")
    removed.add_argument("name", metavar="NAME")


def _add_songs(commands: Any) -> None:
    enqueue = _add(commands, "enqueue", _enqueue, "enrich these songs soon")
    enqueue.add_argument("songs", metavar="ID|PATH", nargs="+")
    enqueue.add_argument("--priority", type=_priority, default=50, help="higher goes first (50)")
    requeue = _add(commands, "requeue", _requeue, "look songs up again")
    requeue.add_argument("ids", metavar="ID", nargs="*", type=_ID)
    for which in ("failed", "review", "all"):
        requeue.add_argument(f"--{which}", action="store_true")
    edit = _add(commands, "edit", _edit, "correct a song; only a person changes it again")
    edit.add_argument("id", metavar="ID", type=_ID)
    for field in ("artist", "title", "variant", "year", "genre"):
        edit.add_argument(f"--{field}")
    undo = _add(commands, "undo", _undo, "take a song's latest change back, or a whole import")
    which_one = undo.add_mutually_exclusive_group(required=True)
    which_one.add_argument("id", metavar="ID", type=int, nargs="?")
    which_one.add_argument("--batch", metavar="NAME", help="changes that were made together")
    export = _add(commands, "export", _export, "write the library to standard output")
    export.add_argument("--format", choices=("csv", "json"), default="csv")
    export.add_argument(
        "--corrections", action="store_true", help="only what people corrected, for another library"
    )
    taken = _add(commands, "import", _import, "take corrections from such a file")
    taken.add_argument("file", metavar="FILE", type=Path)
    taken.add_argument(
        "--overwrite", action="store_true", help="also over newer corrections of this library"
    )
