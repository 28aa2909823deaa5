"""The commands of the offline catalogue: take in lists of songs, show them, take them out."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from .. import config
from ..system.invocation import typed
from ..system.terminal import counted, printable, tell
from . import kit


@click.group(
    "catalogue",
    cls=kit.Commands,
    files=dict.fromkeys(("import", "subscribe", "update", "list", "remove", "draft"), "catalogue"),
    short_help="lists of songs that are asked first and need no network",
    help="Lists of songs that are asked first and need no network. A karaoke book, KaraFun's CSV: "
    "any table whose first line names the columns, artist and title among them, "
    "as a file or by its link. And other hosts' lists of what they have verified "
    "(export --publish), which know a song by its YouTube id and are fetched again once a week.",
    subcommand_metavar="WHAT",
    no_args_is_help=False,
    invoke_without_command=True,
)
@click.pass_context
def group(ctx: click.Context) -> int:
    """The catalogue's commands; alone it shows which there are."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
    return 2


@kit.command(
    "import",
    "read a list of songs, in place of an older one of its name",
    examples=(
        typed("catalogue import karafuncatalog.csv"),
        typed("catalogue import https://example.org/songs.xlsx --name Ours"),
    ),
)
@kit.word("file", "FILE|URL", "CSV, .xlsx or .ods; its first line names the columns")
@click.option("--name", metavar="NAME", help="what the list is called; by default as its file")
def take_in(file: str, name: str | None) -> int:
    """Take a list in, from a file or by its link, and say who may gain by it."""
    from ..tasks.cataloguing import import_data

    settings = config.load()
    if "://" in file:
        from ..tasks.fetching import fetch

        fetched = fetch(file)
        assert fetched is not None  # as no mark was given
        data, found = fetched.data, fetched.name or "the list"
    else:
        data, found = kit.ReadableFile()(file).read_bytes(), file
    name = name or Path(found).stem or "songs"
    done = import_data(data, found, settings.catalogue, name)
    print(f"{counted(done.songs, 'song')} in the song list {printable(name)}")
    ways = (
        (done.nameless, counted(done.nameless, "line") + " without artist or title left out"),
        (done.strange_years, counted(done.strange_years, "year") + " not understood"),
    )
    if left := ", ".join(words for count, words in ways if count):
        print(left, file=sys.stderr)
    kit.tell_undecided(settings, "with it")
    return 0


@kit.command(
    "subscribe",
    "have another host's verified songs, fetched again every week",
    more="The link leads to a file that export --publish has written, or to JSON of the same "
    "names. A song whose YouTube id it names is what it says, unless a person here has spoken.",
    examples=(typed("catalogue subscribe https://example.org/annas-karaoke.csv --name Anna"),),
)
@kit.word("link", "URL", "of a CSV or JSON file")
@click.option("--name", metavar="NAME", help="what the list is called; by default as its file")
def subscribe(link: str, name: str | None) -> int:
    """Take another host's list, and say what it changed."""
    from ..tasks.shared import lists

    kit.open_library()
    done = lists.subscribe(link, name or "")
    print(f"{printable(done.name)} names {counted(done.videos or 0, 'video')}", end=", ")
    print(f"{counted(done.changed, 'song')} changed by it; it is fetched again once a week")
    return 0


@kit.command("update", "fetch the subscribed lists again, those that are due")
@click.option("--all", "every", is_flag=True, help="those that are not due, too")
def update(every: bool) -> int:
    """Fetch lists, one after the other; 1 where one could not be fetched."""
    from ..tasks.shared import lists

    kit.open_library()
    done = lists.update(every=every)
    for each in done:
        if each.trouble is not None:
            print(f"{printable(each.name)}: {printable(str(each.trouble))}", file=sys.stderr)
        elif each.videos is None:
            print(f"{printable(each.name)}: no news")
        else:
            changed = f"{counted(each.changed, 'song')} changed"
            print(f"{printable(each.name)}: {counted(each.videos, 'video')}, {changed}")
    if not done:
        print("No list is due" if lists.all_lists() else "No list is subscribed")
    return 1 if any(each.trouble for each in done) else 0


@kit.command("draft", "work at the list that is being taken in on the page", hidden=True)
@kit.word(
    "work", "WORK", "look, take or subscribe", type=click.Choice(["look", "take", "subscribe"])
)
def draft(work: str) -> int:
    """What the page starts; see `tasks.taking_in`."""
    from ..tasks import taking_in
    from ..tasks.runtime import runtime

    kit.open_library()
    taking_in.work(runtime().settings, work)
    return 0


@kit.command("list", "show the lists")
def show() -> int:
    """Print the lists, one a line."""
    from ..tasks.cataloguing import kept_lists
    from ..tasks.review import name_alone
    from ..tasks.runtime import configure
    from ..tasks.shared import lists
    from ..words.sentences import kept_sentence

    settings = config.load()
    found = kept_lists(settings.catalogue)
    for name, count, at in found:
        print(f"{printable(name)}: {counted(count, 'song')}, imported {_day(at)}")
    shared = []  # of other hosts
    if name_alone.is_ready(settings.db):
        configure(settings)
        shared = lists.all_lists()
    for each in shared:
        words = f"{counted(each.songs, 'video')}, {lists.count_known(each)} of them in this library"
        fetched = f"{_day(each.fetched_at or 0.0)} from {printable(lists.shown_link(each.link))}"
        print(f"{printable(each.name)}: {words}, fetched {fetched}")
        if each.trouble:
            print(f"  {printable(kept_sentence(each.trouble))}")
    if not (found or shared):
        tell(f"There is no song list yet: {typed('catalogue import FILE.csv')} takes one in")
    return 0


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(at))


@kit.command("remove", "take a list out again")
@kit.word("name", "NAME", "as catalogue list shows it")
def remove(name: str) -> int:
    """Take a list out and say who may lose by it."""
    from ..tasks.cataloguing import remove_list
    from ..tasks.review import name_alone
    from ..tasks.runtime import configure
    from ..tasks.shared import lists

    settings = config.load()
    if name_alone.is_ready(settings.db):
        configure(settings)
        if name in [each.name for each in lists.all_lists()]:
            changed = lists.remove(name)
            print(f"{printable(name)} removed; {counted(changed, 'song')} as they were without it")
            return 0
    remove_list(name, settings.catalogue)
    print(f"{printable(name)} removed; what songs have from it stays")
    kit.tell_undecided(settings, "without it")
    return 0
