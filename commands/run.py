"""The main job: scan, consume, show the dashboard, and say what goes on until it is done."""

from __future__ import annotations

import glob
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from subprocess import PIPE
from typing import Any, TextIO

from .. import config
from ..database.connection import database
from ..database.urls import is_server, shown
from ..models import Song
from ..system import terminal
from ..system.child import Child, Keeper, when_stdin_closes
from ..system.log_throttle import complain
from ..system.terminal import columns, counted, fitting, printable
from ..tasks import control
from ..tasks.broker import troubles
from ..tasks.progress import Snapshot, compose, get_progress, results_since, stamp
from ..tasks.runtime import configure, runtime
from ..words import kinds
from ..words.states import in_full, second_looks
from ..words.units import duration, rounded
from .kit import in_words, row
from .screen import Screen
from .watcher import Watcher

TICK = 1.0
# Fewer columns than these of a song's name tell nothing.
SHORTEST_SONG = 8
# Where a result line tells how sure it is.
LEVEL = slice(7, 31)
PLAIN_LINE_EVERY = 10.0
# The hint for a second start by mistake, which otherwise hears of the taken port only.
NOT_ALONE = (
    "A consumer works on this library already. This one works beside it, and no song is looked up "
    "twice; Ctrl-C ends this one alone"
)

BROKEN_OFF = "Ended before the folder was scanned to its end: the next run goes on with it."


def run(
    settings: config.Settings,
    folder: Path | None,
    *,
    until_done: bool = False,
    dashboard: bool = True,
    until_stdin_closes: bool = False,
    is_quiet: bool = False,
) -> int:
    """Scan `folder` if there is one, then enrich until told to end or, if asked for, until done.

    What is put into the folder meanwhile, renamed in it or taken out is noticed.

    With `until_stdin_closes` it also ends when nobody holds the other end of the pipe any more.

    Returns:
        The exit status: 0 when it ended as wished, 1 when `until_done` gave up or the scan failed.
    """
    environment = settings.whole_environment()
    watcher = None
    if folder is not None:
        folder = Path(os.path.abspath(folder))
        # A process of its own gives back the memory that a large folder takes.
        scan = partial(Child, "scan", str(folder), environment=environment)
        watcher = Watcher(folder, partial(scan, "--only-news"))  # it looks before the first scan
        try:  # twice, as what was in its way may be gone
            status = scan().wait_or_end() and scan().wait_or_end()
        except KeyboardInterrupt:
            terminal.tell(BROKEN_OFF)
            raise
        if status:
            return status
    presence = configure(settings, is_consumer=True).presence
    if not is_quiet:
        # Inside PiKaraoke a consumer has its log alone, which is PiKaraoke's.
        terminal.write(
            f"{library_line(settings.db)}\n", sys.stderr if until_stdin_closes else sys.stdout
        )
    if presence.alive():
        terminal.write(f"{NOT_ALONE}\n", sys.stdout)
    else:
        control.remember_folder(folder)
    from ..tasks import huey

    since = database.now()
    consumer = huey.create_consumer(
        workers=settings.workers, initial_delay=0.05, backoff=1.3, max_delay=0.5, periodic=False
    )
    # A process of its own: the consumer stays small, and one that is killed leaves none behind. One
    # that has ended by itself has said why, and stays away.
    words = ("dashboard", "--host", settings.host, "--port", str(settings.port))
    start = partial(Child, *words, "--until-stdin-closes", environment=environment, stdin=PIPE)
    pages = Keeper("dashboard", start, lambda status: status < 0)
    if dashboard:
        pages.start()
    reporter = Reporter(consumer, settings, until_done=until_done, since=since, is_quiet=is_quiet)
    reporter.start()
    if watcher is not None:
        watcher.start()
    if until_stdin_closes:
        when_stdin_closes(partial(consumer.stop, graceful=True))
    try:
        consumer.run()
    finally:
        if watcher is not None:
            watcher.end()
        pages.end(kill_after=5.0)
        reporter.end()
    return reporter.status


class Reporter(threading.Thread):
    """Says what the consumer does: one living line in a terminal, plain lines elsewhere."""

    def __init__(
        self,
        consumer: Any,
        settings: config.Settings,
        *,
        until_done: bool,
        since: float,
        is_quiet: bool = False,
        out: TextIO | None = None,
    ) -> None:
        super().__init__(name="Reporter", daemon=True)
        self.status = 0
        self._consumer = consumer
        self._give_up_after = settings.give_up_after
        self._until_done = until_done
        self._is_quiet = is_quiet
        self._screen = Screen(out or sys.stdout, is_quiet=is_quiet)
        logging.getLogger().addHandler(self._screen)
        self._ended = threading.Event()
        self._stamp: object = None
        self._is_waiting = False
        self._is_behind = False  # a line is to be said yet, when ten seconds are over
        self._said = ("", "")
        self._said_line = ""
        self._said_at = 0.0
        self._told_up_to = since  # by the database's clock, as what was decided
        self._why = ""
        self._hinted = {"contact_missing"}  # the log says it when the work begins
        self._moved: tuple[Any, float] = (None, time.monotonic())

    def run(self) -> None:
        """Tick once a second until the consumer ends."""
        while not self._ended.wait(TICK):
            if runtime().stopping.is_set():
                return  # "No consumer is running" was said of one that puts its songs back
            try:
                database.is_replaced()
                if self._tick():
                    self._consumer.stop(graceful=True)
                    return
            except troubles() as error:
                complain(f"the progress cannot be read: {error}")
            except Exception as error:
                complain("the progress cannot be read", error)

    def end(self) -> None:
        """Stop ticking and say how it stands."""
        self._ended.set()
        if self.ident is not None:
            self.join(5)
        try:
            database.is_replaced()
            self._tell()
            # Counted now: what was published last may be from before the last song.
            self._screen.say(summary(compose(runtime())))
        except troubles() as error:  # what ended the run is to be told, and not this
            complain(f"the progress cannot be read: {error}")

    def _tick(self) -> bool:
        """Look where that is worth it, since an idle consumer's progress stays the same for hours;
        True when there is no reason to go on."""
        news = stamp()
        if news == self._stamp and not (self._until_done or self._is_waiting or self._is_behind):
            return False
        is_over = self._look(get_progress())
        self._stamp = news
        return is_over

    def _look(self, snapshot: Snapshot) -> bool:
        """Say where it stands; True when there is no reason to go on."""
        self._is_waiting = snapshot["state"] == "waiting"
        for hint in snapshot.get("hints", ()):
            if hint["code"] not in self._hinted:
                self._hinted.add(hint["code"])
                self._screen.say(hint["words"])
        is_over = self._until_done and not snapshot["remaining"]
        if not is_over:  # the last word is `end`'s, and nothing waits for new songs
            self._show(snapshot)
        # While a provider is probed there is no reason for a moment: the one before still holds.
        self._why = snapshot["reason"] or self._why
        if not self._until_done:
            return False
        if is_over:
            # What was published last may be an earlier consumer's, who knew of none that wait now.
            return not compose(runtime())["remaining"]
        # Requests do not count: a provider that is down is tried again and again.
        moved = [snapshot[key] for key in ("remaining", "second_looks", "enriched", "failed")]
        if moved != self._moved[0] or snapshot["rests_until"]:  # quiet hours were asked for
            self._moved = (moved, time.monotonic())
            return False
        if time.monotonic() - self._moved[1] < self._give_up_after:
            return False
        self.status = 1
        why = self._why or "no provider gave an answer"
        print(
            f"Given up: for {duration(self._give_up_after)} nothing could be asked. {why}",
            file=sys.stderr,
        )
        return True

    def _tell(self) -> None:
        """A line for each song decided since the last look."""
        for item in results_since(self._told_up_to):
            self._screen.row(item["id"], result_line(item), item.get("colour", ""), LEVEL)
            self._told_up_to = item["at"]

    def _show(self, snapshot: Snapshot) -> None:
        self._tell()
        if self._screen.is_drawn_on:
            self._screen.living(line(snapshot, self._screen.columns, hint="Ctrl-C ends"))
            return
        news, text = (snapshot["state"], snapshot["reason"]), line(snapshot, 1000)
        is_due = news != self._said or time.monotonic() - self._said_at >= PLAIN_LINE_EVERY
        if is_due and text != self._said_line:  # the same again would fill a journal day by day
            self._said, self._said_line, self._said_at = news, text, time.monotonic()
            if not self._is_quiet:
                self._screen.say(text)
        self._is_behind = text != self._said_line


# --- words --------------------------------------------------------------------------------------


def line(snapshot: Snapshot, width: int, hint: str = "") -> str:
    """Where it stands, in one line of at most `width` columns.

    A narrow terminal keeps the reason, or the time left, and the `hint`, which ends it; first the
    song is cut, then what else is to be done is left out, then all kinds but the enriched ones.
    """
    head = f"{snapshot['processed']}/{snapshot['total']} ({snapshot['percent']}%)"
    looked_up = [
        f"{kinds.LABELS[name].lower()} {count}"
        for name, count in kinds.counted(snapshot).items()
        if name != "waiting" and (count or name in ("enriched", "not_found"))
    ]
    song = ""
    if snapshot["state"] != "running":
        about = [in_full(snapshot), *filter(None, [_looks_to_do(snapshot)])]
    elif not snapshot["remaining"]:
        about = ["nothing to do, waiting for new songs"]
    else:
        about = list(_still_to_do(snapshot))
        song = printable(snapshot["current"] or "")
    ends = [hint] if hint else []

    def room() -> int:
        return width - columns("  ".join([head, *looked_up, *about, *ends]))

    while room() < 0 and (looked_up or len(about) > 1):
        if len(about) > 1:
            about.pop()
        else:  # some kinds without a larger one between them misled
            looked_up = looked_up[:1] if len(looked_up) > 1 else []
    cut = [fitting(song, room() - 2)] if song and room() - 2 >= SHORTEST_SONG else []
    return fitting("  ".join([head, *looked_up, *about, *cut, *ends]), width)


def _still_to_do(snapshot: Snapshot) -> Iterator[str]:
    """How long it takes, first, as a narrow terminal leaves the others out; what it is that takes
    so long when every song was looked up: 100 % with minutes left puzzled people."""
    seconds, second = snapshot["eta_seconds"], snapshot["second_looks"]
    left = f"about {rounded(seconds)} left" if seconds is not None else ""
    if second == snapshot["remaining"]:
        looks = counted(second, "second look")
        yield f"{left} for {looks}" if left else looks
        yield "each for what is still missing"
        return
    if left:
        yield left
        yield f"{snapshot['rate_per_second']:.1f} songs/s"
    if second:
        yield second_looks(second)


def library_line(place: str) -> str:
    """Which library is worked on, its songs, and the copy from before it was ours, of a file."""
    head = f"Library: {shown(place)}, {counted(Song.select().count(), 'song')}"
    if is_server(place):
        return head
    copies = sorted(
        Path(place).parent.glob(f"{glob.escape(Path(place).name)}.before-enrichment-*[0-9]")
    )
    return head + (f"; as it was before: {copies[0].name} beside it" if copies else "")


def result_line(item: dict[str, Any]) -> str:
    """What became of one song: its id, its level, what is known or why no more, and its name."""
    is_known = item["status"] not in ("parsed", "enrichment_failed")
    about = (item["year"], item["genre"]) if is_known else (item["reason"],)
    known = in_words(item["artist"], item["title"], about)
    return row(item["id"], item["confidence"], item["level"], known, item["name"])


def summary(snapshot: Snapshot) -> str:
    """How it stands at the end: what each song is, which adds up, and what is to be done yet."""
    text = ", ".join(
        f"{count} {kinds.LABELS[name].lower()}"
        for name, count in kinds.counted(snapshot).items()
        if count or name == "enriched"
    )
    still = _looks_to_do(snapshot)
    return f"{counted(snapshot['total'], 'song')}: {text}" + (f"; {still}" if still else "")


def _looks_to_do(snapshot: Snapshot) -> str:
    """What waits in the queue, "" for nothing: the counts of songs do not tell that one that was
    decided is to be looked up again."""
    first, second = snapshot["remaining"] - snapshot["second_looks"], snapshot["second_looks"]
    to_do = [counted(first, "look-up")] if first else []
    to_do += [second_looks(second)] if second else []
    return f"still to do: {', '.join(to_do)}" if to_do else ""
