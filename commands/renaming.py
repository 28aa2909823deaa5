"""The command that has all files renamed to what their songs are known as, and named back."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

from ..exceptions import NoSuchBatch, Unreachable, UsageError
from ..system.invocation import typed
from ..system.terminal import CLEAR, clear, counted, is_drawn_on, printable, write
from ..words.phrases import KEEPS_ITS_NAME
from . import kit


@kit.command(
    "rename",
    "have PiKaraoke call files as their songs are known: Artist - Title",
    more="Without --all or --undo it only shows the first hundred. It goes on in the background "
    "where a consumer runs, rests while a song plays, and outlives a restart.",
    examples=(
        typed("rename --dry-run --all   # what would be renamed"),
        typed("rename --all"),
        typed("rename --undo 3f6c0a5d9b7e4c12"),
    ),
)
@click.option("--dry-run", is_flag=True, help="only show it")
@click.option("--all", "every", is_flag=True, help="all files of songs that are certain")
@click.option("--undo", "batch", metavar="BATCH", help="give the files of a batch their old names")
def rename(dry_run: bool, every: bool, batch: str | None) -> int:
    """Show, begin or take back, and say how far it is."""
    from ..tasks.review import clean_names, renaming

    if batch is not None and (every or dry_run):
        raise UsageError("rename takes --undo BATCH alone")
    kit.open_library()
    if batch is None and (dry_run or not every):
        return _show(every=every)
    if batch is None:
        job = clean_names.begin()
    else:
        if not renaming.in_batch(batch):
            raise NoSuchBatch(f"no files were renamed together under the name {batch!r}")
        job = clean_names.begin_undo(batch)
    return _follow(job.batch)


def _show(*, every: bool) -> int:
    """Each file's name now, the one it would get, and what stands against it."""
    from ..tasks import pikaraoke
    from ..tasks.review import renaming
    from ..tasks.runtime import runtime

    queued = pikaraoke.queued_paths(runtime().settings.pikaraoke_url) or ()
    after, shown, kept = 0, 0, 0
    while found := renaming.preview(queued, after):
        for one in found:
            why = f"  ({KEEPS_ITS_NAME[one.problem]})" if one.problem else ""
            print(printable(f"{one.song_id:>5}  {one.old_name}  ->  {one.new_name}{why}"))
        after, shown = found[-1].song_id, shown + len(found)
        kept += sum(bool(one.problem) for one in found)
        if not every:
            break
    total = renaming.count()
    words = f"{counted(total - kept, 'file')} could have a clean name"
    words += f", {kept} that are shown cannot now" if kept else ""
    words += f", the first {shown} are shown" if shown < total else ""
    print(words + (f": {typed('rename --all')}" if total else ""))
    return 0


def _follow(batch: str) -> int:
    """Say how far it is until it is done; without a consumer it is done here."""
    from ..tasks import pikaraoke
    from ..tasks.review import clean_names
    from ..tasks.runtime import runtime

    url = runtime().settings.pikaraoke_url
    has_consumer = bool(runtime().presence.alive())
    if not has_consumer and pikaraoke.queued_paths(url) is None:
        clean_names.stop()
        raise Unreachable(f"PiKaraoke does not answer at {url}: start it, it does the renaming")
    print(f"To take it back: {typed(f'rename --undo {batch}')}", flush=True)
    if has_consumer:
        print("The consumer does it; Ctrl-C ends this display alone.", flush=True)
        while (
            (job := clean_names.job()) and job.batch == batch and job.state == clean_names.RUNNING
        ):
            _tell(job)
            time.sleep(1)
    else:

        def rest(seconds: float) -> bool:
            _tell(clean_names.job())
            time.sleep(seconds)
            return False

        clean_names.work(
            lambda path, proper: pikaraoke.rename(url, path, proper, {}),
            lambda: pikaraoke.queued_paths(url),
            rest,
        )
    job = clean_names.job()
    if job is None or job.batch != batch:
        raise NoSuchBatch("other files are being renamed since")
    left = f", {job.left} left alone: {typed('rename')} says why" if job.left else ""
    print(f"{clear(sys.stdout)}{counted(job.renamed, 'file')} renamed{left}")
    return 0 if job.state == clean_names.DONE else 1


def _tell(job: Any) -> None:
    """One line that is drawn anew, in a terminal."""
    if is_drawn_on(sys.stdout):
        why = f", waiting: {printable(job.why)}" if job.why else ""
        write(f"{CLEAR}{job.renamed + job.left} of {job.total}{why}", sys.stdout)
