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
from typing import Any, TextIO, TypeAlias

from peewee import PeeweeException

from . import config
from .arguments import PROGRAM, parser
from .database import urls
from .exceptions import LibraryError, NoSuchFolder, SettingsError, UsageError
from .system.terminal import CLEAR, counted, in_words, printable, take_any_letter, write

# Of files that are left out so many are named.
MOST_TOLD = 5

Command: TypeAlias = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 1 on failure, 2 on wrong usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--demo"]:  # ./consumer.sh --demo
        words[0] = "demo"
    options = parser().parse_args(words)
    command = COMMANDS[options.command]
    if command is _pikaraoke:
        return command(options)  # nothing of ours is set up: it is PiKaraoke's
    take_any_letter()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("huey").setLevel(logging.ERROR)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        return command(options)
    except (UsageError, SettingsError) as error:
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
    except Exception as error:
        queue = _queue_that_failed(error)
        if queue is None:
            raise
        said = urls.without_password(str(error), queue)
        return _complain(LibraryError(f"the queue {urls.shown(queue)} cannot be used: {said}"), 1)


def _queue_that_failed(error: Exception) -> str | None:
    """The queue whose storage raised it, None where it was something else: what a storage raises
    depends on its kind. Nothing is opened for that: a cause is told, and no second one made."""
    from .tasks.queue import storage

    try:
        queue = config.load().queue
    except SettingsError:
        return None
    return queue if isinstance(error, storage.errors(queue)) else None


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
    text = printable(" ".join(in_words(error).split()))
    print(f"{_clear(sys.stderr)}{PROGRAM}: {text}", file=sys.stderr)
    return status


def _clear(out: TextIO) -> str:
    """What makes room in a terminal, where `run` may have drawn its progress line."""
    return CLEAR if out.isatty() else ""


# --- the main job -------------------------------------------------------------------------------


@_until_told
def _run(options: argparse.Namespace) -> int:
    _leave_out("gevent", "charset_normalizer")
    # In C it is three megabytes, to compare the few names of a song that are nearly the same.
    os.environ.setdefault("RAPIDFUZZ_IMPLEMENTATION", "python")
    from .commands.run import run
    from .system import priority

    settings = _settings(options)
    if options.folder is None and urls.is_missing(settings.db):
        raise UsageError(
            f"nothing to enrich: there is no PiKaraoke database at {settings.db}. Name the folder "
            "that holds your songs (./consumer.sh DIR), or start PiKaraoke once, or try "
            "./consumer.sh --demo"
        )
    if options.folder is not None and not options.folder.is_dir():
        raise UsageError(_no_folder(str(options.folder)))
    for name, near in config.unknown_settings().items():
        meant = f": is {near} meant?" if near else ""
        print(f"{PROGRAM}: {printable(name)} is no setting{meant}", file=sys.stderr)
    priority.lower()
    return run(
        settings,
        options.folder,
        until_done=options.until_done,
        dashboard=not options.no_dashboard,
        until_stdin_closes=options.until_stdin_closes,
    )


def _no_folder(word: str) -> str:
    if word in COMMANDS:  # ./consumer.sh status
        return f"{word} is not a folder; the command is: {sys.argv[0]} {word}"
    return f"{word} is not a folder: name the one that holds your songs"


def _leave_out(*modules: str) -> None:
    """Import without what libraries take along where it is installed and a consumer never uses.

    Huey takes gevent, which is there beside PiKaraoke (our workers are threads); requests takes a
    guesser of encodings (JSON is UTF-8). Both together cost a fifth of a consumer's memory.
    """
    warnings.filterwarnings("ignore", message="Unable to find acceptable character detection")
    for module in modules:
        sys.modules.setdefault(module, None)  # type: ignore[arg-type]


def _pikaraoke(options: argparse.Namespace) -> int:
    from .exceptions import NoPiKaraoke
    from .launcher import launch

    try:
        return launch(options.arguments)
    except SettingsError as error:
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
    from .exceptions import ServeError
    from .web.server import make_server

    settings = _settings(options)
    try:
        server = make_server(settings, options.host, settings.port)
    except ServeError as error:
        if not options.until_stdin_closes:
            return _complain(error, 1)
        text = f"{error}. This run serves no dashboard; songs are looked up all the same"
        return _complain(ServeError(text), 1)
    print(f"{_clear(sys.stdout)}Dashboard: {server.url}", flush=True)
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
    with contextlib.suppress(KeyboardInterrupt, OSError):
        server.run()
    return 0


def _end_with_stdin(server: Any) -> None:
    sys.stdin.read()
    server.close()


def _scan(options: argparse.Namespace) -> int:
    from .tasks.enrich import scan

    _open(options)
    try:
        found = scan(options.folder)
    except NoSuchFolder as error:
        raise UsageError(str(error)) from None
    is_news = found.added or found.moved or found.deleted or found.halted
    if is_news or not options.only_news:
        for text in _scan_in_words(found, options.folder):
            print(_clear(sys.stdout) + printable(text), flush=True)
    return 0


def _scan_in_words(found: Any, folder: Path) -> Iterator[str]:
    from .tasks.library import EXTENSIONS

    if not found.found and not found.missing:
        kinds = ", ".join(sorted(EXTENSIONS))
        yield f"no karaoke files in {folder}: those count that end in {kinds}"
    else:
        yield _counts_in_words(found)
    yield from _some("skipped, as the name is no valid text", found.unreadable)
    yield from _some("cannot be read, its songs stay as they are", found.closed)


def _counts_in_words(found: Any) -> str:
    text = f"{counted(found.found, 'song')} found: {found.added} new, {found.moved} moved"
    if found.halted:
        text += (
            f", {found.missing} missing but kept, as that is more than half of them "
            "(is the drive there?)"
        )
    else:
        text += f", {found.deleted} deleted"
    return f"{text}; {found.queued} queued"


def _some(what: str, paths: Sequence[str]) -> Iterator[str]:
    """The first paths of a list, a line each, and how many more there are."""
    yield from (f"{what}: {path}" for path in paths[:MOST_TOLD])
    if len(paths) > MOST_TOLD:
        yield f"{what}: {len(paths) - MOST_TOLD} more"


# --- names and look-ups -------------------------------------------------------------------------


def _parse(options: argparse.Namespace) -> int:
    from .tasks.review.name_alone import knowledge_of, read_name

    known = knowledge_of(config.load())
    for name in options.names or _lines():
        print(_json_line(read_name(name, known)))
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


def _lookup(options: argparse.Namespace) -> int:
    from .tasks.review.explaining import as_text, explain_name, has_answer

    is_seen = sys.stderr.isatty()
    tell = _tell_who_is_asked if is_seen else lambda _: None
    try:
        found = explain_name(options.name, config.load(), tell)
    finally:
        if is_seen:
            write(CLEAR, sys.stderr)
    print(json.dumps(found, indent=2) if options.json else as_text(found))
    if has_answer(found):
        return 0
    why = "nobody gave an answer" if found["answers"] else "nobody could be asked: see doctor"
    return _complain(LookupError(why), 1)


def _tell_who_is_asked(label: str) -> None:
    write(f"{CLEAR}Waiting for {label} …", sys.stderr)


# --- watching and steering ----------------------------------------------------------------------


@_until_told
def _status(options: argparse.Namespace) -> int:
    from .commands.run import line
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
    getattr(control, options.command)()
    snapshot = get_progress()
    print(f"{options.command}: noted. {snapshot['reason'] or snapshot['state'].capitalize()}")
    return 0


def _enqueue(options: argparse.Namespace) -> int:
    from .tasks.runtime import runtime
    from .tasks.uploads import queue_now

    _open(options)
    songs = [_id_or_path(word) for word in options.songs]
    try:
        count = queue_now(songs, options.priority, runtime().patience)
    except FileNotFoundError as error:
        raise UsageError(str(error)) from None
    print(_queued_in_words(count, len(songs) - count))
    return 0


def _queued_in_words(count: int, verified: int) -> str:
    left = f", {verified} left alone, as a person has verified it" if verified else ""
    return f"{count} queued{left}"


def _id_or_path(word: str) -> int | str:
    """A number is an id, unless a file of that name lies here."""
    is_id = word.isdecimal() and len(word) < 19 and not Path(word).exists()
    return int(word) if is_id else str(Path(word).absolute())


def _requeue(options: argparse.Namespace) -> int:
    from .tasks import enrich
    from .tasks.queue import table as queue_table
    from .tasks.review import editing

    chosen = [options.failed, options.review, options.all, bool(options.ids)]
    if sum(chosen) != 1:
        raise UsageError("requeue takes one of --failed, --review, --all, or ids")
    _open(options)
    if options.ids:
        ids = list(dict.fromkeys(options.ids))
        count = enrich.queue_ids(ids, queue_table.PERSON)
        print(_queued_in_words(count, len(ids) - count))
    elif options.failed:
        print(f"{editing.requeue_failed()} queued of those not found")
    elif options.review:
        print(f"{editing.requeue_for_review()} queued of those known by their name only")
    else:
        print(f"{editing.requeue_all()} queued")
    return 0


def _edit(options: argparse.Namespace) -> int:
    from .exceptions import BadEdit
    from .tasks.review.editing import EDITABLE, edit

    changes = {name: getattr(options, name) for name in EDITABLE}
    changes = {name: value for name, value in changes.items() if value is not None}
    if not changes:
        raise UsageError("edit takes at least one of --artist, --title, --variant, --year, --genre")
    _open(options)
    try:
        song = edit(options.id, changes, sees_all=False)
    except BadEdit as error:
        raise UsageError(str(error)) from None
    print(_song_in_words(song))
    return 0


def _song_in_words(song: Any) -> str:
    from .tasks.scoring import level_of

    level = level_of(song.confidence or 0.0, song.metadata_status or "pending").label
    about = ", ".join(str(value) for value in (song.variant, song.year, song.genre) if value)
    known = f"{song.artist or '?'} - {song.title}" + (f" ({about})" if about else "")
    return printable(f"{song.id}: {known}, {level}")


def _undo(options: argparse.Namespace) -> int:
    from .tasks.history import changes
    from .tasks.review.editing import get

    _open(options)
    if options.batch is not None:
        return _undo_batch(options.batch)
    get(options.id)
    changes.undo(options.id)
    print(_song_in_words(get(options.id)))
    return 0


def _undo_batch(name: str) -> int:
    from .tasks.history import changes

    made = changes.in_batch(name)
    if not made:
        raise LookupError(f"no changes were made together under the name {name!r}")
    back, stay = changes.undo_batch(name)
    text = f"{counted(back, 'song')} taken back"
    if stay:
        text += f", {stay} left alone, changed again since"
    if back + stay < len(made):
        text += f", {len(made) - back - stay} taken back before"
    print(text)
    return 0


def _export(options: argparse.Namespace) -> int:
    from .tasks.history import kept_edits
    from .tasks.review import corrections
    from .tasks.review.exporting import write_csv, write_json

    if options.corrections and options.format != "csv":
        raise UsageError("corrections are written as CSV: leave --format out")
    _open(options)
    take_any_letter("utf-8")
    if options.corrections:
        corrections.write_csv(sys.stdout)
        if away := kept_edits.count_away():
            print(_away_in_words(away), file=sys.stderr)
        return 0
    (write_csv if options.format == "csv" else write_json)(sys.stdout)
    return 0


def _away_in_words(count: int) -> str:
    if count == 1:
        return (
            "1 correction of a file that is away is not in it: it holds again when the file comes "
            "back"
        )
    return (
        f"{count} corrections of files that are away are not in it: they hold again when the files "
        "come back"
    )


def _import(options: argparse.Namespace) -> int:
    from .tasks.review import corrections

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
            print(printable(f"{words}: {song}"), file=sys.stderr)
    print(
        f"{counted(done.applied, 'song')} corrected, {done.equal} so already, "
        f"{len(done.kept)} kept, {len(done.unknown)} not in this library, {len(done.wrong)} wrong"
    )
    if done.applied:
        print(f"To take it back: {PROGRAM} undo --batch {done.batch}")
    return 1 if done.wrong else 0


def _catalogue(options: argparse.Namespace) -> int:
    from .tasks.cataloguing import import_list, kept_lists, remove_list

    settings = config.load()
    place = settings.catalogue
    if options.what == "import":
        done = import_list(options.file, place, options.name or "")
        name = options.name or options.file.stem
        print(f"{counted(done.songs, 'song')} in the catalogue's list {printable(name)}")
        if left := _left_in_words(done):
            print(left, file=sys.stderr)
        _tell_undecided(settings, "with it")
        return 0
    if options.what == "remove":
        remove_list(options.name, place)
        print(f"{printable(options.name)} removed; what songs have from it stays")
        _tell_undecided(settings, "without it")
        return 0
    found = kept_lists(place)
    for name, count, at in found:
        day = time.strftime("%Y-%m-%d", time.localtime(at))
        print(f"{printable(name)}: {counted(count, 'song')}, imported {day}")
    if not found:
        print(f"The catalogue has no list yet: {PROGRAM} catalogue import FILE.csv takes one in")
    return 0


def _left_in_words(done: Any) -> str:
    """What an import made nothing of, "" where that is nothing."""
    ways = (
        (done.nameless, counted(done.nameless, "line") + " without artist or title left out"),
        (done.strange_years, counted(done.strange_years, "year") + " not understood"),
    )
    return ", ".join(words for count, words in ways if count)


def _tell_undecided(settings: config.Settings, how: str) -> None:
    """Say which songs may gain by a change of the catalogue, where there is a library to ask."""
    from .tasks.review import editing, name_alone
    from .tasks.runtime import configure

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


def _doctor(options: argparse.Namespace) -> int:
    from .commands.doctor import examine, save

    settings = config.load()
    if options.backup:
        print(f"copied to {save(settings)}")
        return 0
    findings = list(examine(settings, ask_providers=not options.offline, fix=options.fix))
    for finding in findings:
        print(f"{_grade(finding)} {finding.subject}: {finding.words}")
        if finding.advice:
            print(f"     {finding.advice}")
    return 0 if all(finding.is_fine for finding in findings) else 1


def _grade(finding: Any) -> str:
    """A word that stands in line: a config file that others can read runs, and is not just ok."""
    if not finding.is_fine:
        return "BAD "
    return "note" if finding.advice else "ok  "


# --- settings and library -----------------------------------------------------------------------


def _settings(options: argparse.Namespace) -> config.Settings:
    """The settings, with what the command line says above them."""
    said = {name: getattr(options, name, None) for name in ("workers", "port")}
    return dataclasses.replace(
        config.load(), **{name: value for name, value in said.items() if value is not None}
    )


def _open(options: argparse.Namespace) -> None:
    from .tasks.runtime import configure

    settings = _settings(options)
    if urls.is_missing(settings.db) and options.command != "scan":
        raise LibraryError(
            f"there is no songs database at {settings.db}: run ./consumer.sh DIR or start PiKaraoke"
        )
    configure(settings)


COMMANDS: dict[str, Command] = {
    "run": _run,
    "demo": _demo,
    "pikaraoke": _pikaraoke,
    "dashboard": _dashboard,
    "scan": _scan,
    "parse": _parse,
    "lookup": _lookup,
    "status": _status,
    **dict.fromkeys(("start", "stop", "pause", "resume"), _steer),
    "doctor": _doctor,
    "enqueue": _enqueue,
    "requeue": _requeue,
    "edit": _edit,
    "undo": _undo,
    "export": _export,
    "import": _import,
    "catalogue": _catalogue,
}
