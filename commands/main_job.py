"""The commands that go on for long: run, demo, pikaraoke, dashboard; and the scan."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from .. import config
from ..database import urls
from ..exceptions import ServeError, UsageError
from ..system import serving
from ..system.child import when_stdin_closes
from ..system.invocation import PROGRAM, typed
from ..system.terminal import clear, counted, printable
from . import asking, kit

# Name at most this many left-out files.
MOST_TOLD = 5


_host = click.option(
    "--host",
    metavar="ADDRESS",
    help="address the dashboard listens at (127.0.0.1: this machine only); 0.0.0.0 lets the house "
    "in and needs a password",
)


@kit.command(
    "run",
    "the main job: scan DIR, enrich it, serve the dashboard",
    more="Goes on until Ctrl-C and follows what is added, renamed or deleted meanwhile. "
    "Without DIR it works on the library that PiKaraoke has made.",
    examples=(
        typed("run ~/karaoke               # your songs, until Ctrl-C"),
        typed("run --until-done ~/karaoke  # for scripts: ends when nothing is left"),
        typed("run                         # PiKaraoke's own library"),
    ),
)
@kit.word("folder", "DIR", "where the songs lie", required=False, type=kit.FOLDER)
@click.option("--until-done", is_flag=True, help="end when nothing is left to do")
@click.option("--no-dashboard", is_flag=True, help="serve no web page")
@click.option(
    "--workers", type=kit.Number(1, 64), metavar="N", help="songs looked up at a time (4)"
)
@_host
@click.option("--port", type=kit.PORT, metavar="N", help="the dashboard's port (5556)")
@click.option(
    "--quiet", is_flag=True, help="tell no song and no progress, only troubles and how it ends"
)
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
@kit.until_told
def run_job(
    folder: Path | None,
    until_done: bool,
    no_dashboard: bool,
    workers: int | None,
    host: str | None,
    port: int | None,
    quiet: bool,
    until_stdin_closes: bool,
) -> int:
    """Check what the main job is given, and do it with little memory and low priority."""
    # A consumer never uses what Huey (gevent, which is there beside PiKaraoke) and requests (a
    # guesser of encodings) take along: together they cost a fifth of its memory.
    warnings.filterwarnings("ignore", message="Unable to find acceptable character detection")
    for module in ("gevent", "charset_normalizer"):
        sys.modules.setdefault(module, None)  # type: ignore[arg-type]
    # In C it takes three megabytes, to compare the few names of a song that are nearly the same.
    os.environ.setdefault("RAPIDFUZZ_IMPLEMENTATION", "python")
    from ..system import priority
    from .run import run

    if quiet:
        logging.getLogger("pikaraoke_enrichment").setLevel(logging.WARNING)
    settings = kit.settings_with(workers=workers, host=host, port=port)
    if folder is None and urls.is_missing(settings.db):
        raise UsageError(
            f"nothing to enrich: there is no PiKaraoke database at {settings.db}. Name the folder "
            f"that holds your songs ({typed('run DIR')}), or start PiKaraoke once, or try "
            f"{typed('demo')}"
        )
    if folder is not None and not folder.is_dir():
        whole = click.get_current_context().find_root().command
        if isinstance(whole, kit.Commands) and str(folder) in whole.files:  # ./consumer.sh status
            raise UsageError(f"{folder} is not a folder; the command is: {typed(str(folder))}")
        raise UsageError(f"{folder} is not a folder: name the one that holds your songs")
    for name, near in config.unknown_settings().items():
        meant = f": is {near} meant?" if near else ""
        print(f"{PROGRAM}: {printable(name)} is no setting{meant}", file=sys.stderr)
    if not no_dashboard:
        if host is not None or port is not None:  # one that is only set is warned of, as ever
            serving.check(settings.host, settings.port)
        settings = asking.for_the_house(
            settings, is_wished=host is not None, asks=not (until_done or quiet)
        )
    before = settings
    settings = asking.for_a_contact(before, asks=not (until_done or quiet))
    if settings != before:
        kit.tell_undecided(settings, "with it")
    priority.lower()
    return run(
        settings,
        folder,
        until_done=until_done,
        dashboard=not no_dashboard,
        until_stdin_closes=until_stdin_closes,
        is_quiet=quiet,
    )


@kit.command(
    "demo",
    "the whole job on some fifty made-up files, without a network",
    more="It touches nothing of yours and leaves nothing behind.",
)
@click.option("--until-done", is_flag=True, help="end when nothing is left to do")
@click.option(
    "--port", type=kit.PORT, metavar="N", default=0, help="the dashboard's port (a free one)"
)
@kit.until_told
def demo(until_done: bool, port: int) -> int:
    """The demonstration."""
    from ..demo.command import demonstrate

    return demonstrate(port=port, until_done=until_done)


class _Theirs(kit.Command):
    """Whatever follows the word is PiKaraoke's, --help too: to us all of it is plain words."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Hand them on as they are."""
        ctx.params["arguments"] = tuple(args)
        return []


@click.command("pikaraoke", cls=_Theirs, short_help="PiKaraoke itself, with enrichment inside it")
def pikaraoke(arguments: Sequence[str]) -> int:
    """PiKaraoke with our pages in its menu."""
    from ..launcher import launch

    return launch(arguments)


@kit.command(
    "dashboard",
    "serve the dashboard alone",
    more=f"The look-ups are done by `{typed('run')}`, which serves it too.",
    examples=(
        typed("dashboard --port 8080"),
        typed("dashboard --host 0.0.0.0  # the house sees it"),
    ),
)
@_host
@click.option("--port", type=kit.PORT, metavar="N", help="port to listen at (5556)")
@click.option("--until-stdin-closes", is_flag=True, hidden=True)
@kit.until_told
def dashboard(host: str | None, port: int | None, until_stdin_closes: bool) -> int:
    """Serve the pages until told to end; beside a consumer until that ends."""
    from ..web.server import make_server

    settings = kit.settings_with(host=host, port=port)
    is_left = threading.Event()
    if until_stdin_closes:
        when_stdin_closes(is_left.set)
    try:
        server = make_server(settings, settings.host, settings.port)
    except ServeError as error:
        if not until_stdin_closes:
            raise
        raise ServeError(
            f"{error}. This run serves no dashboard; songs are looked up all the same"
        ) from None
    if is_left.is_set():  # Ctrl-C came while this started: what ends has no address
        return 0
    print(f"{clear(sys.stdout)}Dashboard: {server.url}", flush=True)
    if server.house_url:
        print(f"{clear(sys.stdout)}From the house: {server.house_url}", flush=True)
    if server.house_url and sys.stdout.isatty():  # a code for phones
        import segno

        with contextlib.suppress(UnicodeEncodeError):
            segno.make(server.house_url, error="l").terminal(compact=True)
    if until_stdin_closes:
        when_stdin_closes(server.close)
    with contextlib.suppress(KeyboardInterrupt, OSError):
        server.run()
    return 0


@kit.command(
    "scan",
    "register a folder's songs, read their names, queue them",
    more=f"`{typed('run DIR')}` does that by itself; this is for scripts.",
)
@kit.word("folder", "DIR", "where the songs lie", type=kit.FOLDER)
@click.option("--only-news", is_flag=True, hidden=True)
def scan(folder: Path, only_news: bool) -> int:
    """Scan a folder and say what was found."""
    from ..tasks import enrich
    from ..tasks.song_files import EXTENSIONS

    kit.open_library(make=True, is_patient=True)
    found = enrich.scan(folder)
    is_news = found.added or found.moved or found.deleted or found.halted
    if only_news and not is_news:
        return 0
    if not found.found and not found.missing:
        kinds = ", ".join(sorted(EXTENSIONS))
        told = f"no karaoke files in {folder}: those count that end in {kinds}"
    else:
        gone = f"{found.deleted} deleted"
        if found.halted:
            gone = (
                f"{found.missing} missing but kept, as that is more than half of them "
                "(is the drive there?)"
            )
        told = (
            f"{counted(found.found, 'song')} found: {found.added} new, {found.moved} moved, "
            f"{gone}; {found.queued} queued"
        )
    for line in (
        told,
        *_some("skipped, as the name is no valid text", found.unreadable),
        *_some("cannot be read, its songs stay as they are", found.closed),
        *_some("linked folder, passed over (scan it by its own name)", found.linked),
    ):
        print(clear(sys.stdout) + printable(line), flush=True)
    return 0


def _some(what: str, paths: Sequence[str]) -> Iterator[str]:
    """The first paths of a list, a line each, and how many more there are."""
    yield from (f"{what}: {path}" for path in paths[:MOST_TOLD])
    if len(paths) > MOST_TOLD:
        yield f"{what}: {len(paths) - MOST_TOLD} more"
