"""The command line's entry: a command is called; what goes wrong becomes a line and a status."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from peewee import PeeweeException

from . import __version__, config
from .commands import kit
from .database import urls
from .database.connection import database
from .database.troubles import what_to_do
from .exceptions import EnrichmentError, SettingsError
from .system import bug_report, utf8
from .system.invocation import PROGRAM, typed
from .system.terminal import Plain, in_words, printable, take_any_letter, tell

# Which file of commands/ each is in, in the order of the help.
FILES = {
    **dict.fromkeys(("run", "demo", "pikaraoke", "dashboard", "scan"), "main_job"),
    "setup": "first_run",
    "set": "settings",
    **dict.fromkeys(("parse", "lookup"), "names"),
    **dict.fromkeys(("status", "start", "stop", "pause", "resume", "doctor"), "steering"),
    **dict.fromkeys(("list", "review"), "reviewing"),
    **dict.fromkeys(("enqueue", "requeue", "edit", "undo"), "songs"),
    "rename": "renaming",
    **dict.fromkeys(("export", "import"), "exchange"),
    "catalogue": "catalogue",
}


@click.group(
    PROGRAM,
    cls=kit.Commands,
    files=FILES,
    help="Fills PiKaraoke's library with artist, title, year and genre.",
    epilog=f"Every command takes --help. To see it all at work: {typed('demo')}",
    subcommand_metavar="COMMAND",
    options_metavar="",
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
def commands() -> None:
    """All commands."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 1 on failure, 2 on wrong usage."""
    if arguments is None:
        utf8.take()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["--demo"]:  # ./consumer.sh --demo
        words[0] = "demo"
    is_ours = words[:1] != ["pikaraoke"]  # of PiKaraoke's own process nothing is set up by us
    if is_ours:
        take_any_letter()
        _say_what_is_logged()
        logging.getLogger("huey").setLevel(logging.ERROR)
        logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        with commands.make_context(PROGRAM, words) as context:
            return int(commands.invoke(context))
    except click.exceptions.Exit as end:  # --help, --version
        return end.exit_code
    except click.UsageError as error:
        if error.ctx is not None:
            print(error.ctx.get_usage(), file=sys.stderr)
        message = error.format_message()
        return _complain(f"{message[:1].lower()}{message[1:]}", error.exit_code)
    except EnrichmentError as error:
        return _complain(str(error), error.exit_status)
    except BrokenPipeError:
        # The reader has had enough (| head); Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PeeweeException as error:
        path = getattr(database.obj, "path", "")  # of a file
        said = f"the songs database cannot be used: {error}"
        return _complain(what_to_do(path, error) if path else said, 1)
    except OSError as error:
        return _complain(in_words(error), 1)
    except (KeyboardInterrupt, click.Abort):
        return 130
    except Exception as error:
        if not is_ours:
            raise
        return _complain(_unexpected(error), 1)


def _say_what_is_logged() -> None:
    """In plain sentences on a terminal; elsewhere in lines for a journal, and a few more; a
    program that has us inside and logs in its own way keeps that."""
    handler = logging.StreamHandler()
    is_seen = sys.stderr.isatty()
    line = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    handler.setFormatter(Plain() if is_seen else line)
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    if not is_seen:
        logging.getLogger("pikaraoke_enrichment").setLevel(logging.DEBUG)


def _unexpected(error: Exception) -> str:
    """What a queue's storage raises depends on its kind; all the rest is a bug of ours. Nothing is
    opened for that: a cause is told, and no second one made."""
    from .tasks.queue import storage

    try:
        settings = config.load()
    except SettingsError:
        return bug_report.write(error, config.data_directory())
    if isinstance(error, storage.errors(settings.queue)):
        if not urls.is_server(settings.queue):
            return what_to_do(settings.queue, error)
        said = urls.without_password(str(error), settings.queue)
        return f"the queue {urls.shown(settings.queue)} cannot be used: {said}"
    if isinstance(error, sqlite3.Error):
        return f"a database cannot be used: {error}"
    return bug_report.write(error, Path(settings.config_file).parent, settings.without_secrets)


def _complain(text: str, status: int) -> int:
    tell(f"{PROGRAM}: {printable(' '.join(text.split()))}", sys.stderr)
    return status
