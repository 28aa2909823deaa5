"""Our Huey consumer: the ordinary one, and one thread beside its workers that keeps house.

`on_startup` hooks run once per worker, and Huey knows nothing of tables; so the steward announces
the consumer, delivers what the table says needs work, follows PiKaraoke's table, mends what others
broke, and publishes the progress. The plain `huey_consumer` gets it too, as the broker makes its
consumers here.
"""

from __future__ import annotations

import logging
import os
import queue
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from huey.constants import WORKER_THREAD
from huey.consumer import Consumer

from ..database.connection import database
from ..exceptions import LibraryError, UsageError
from ..providers import catalogue, services
from ..providers.base import Candidate, Tag
from ..providers.services import label_of
from ..schema.opening import is_newer
from ..system import real_thread
from ..system.child import Child
from ..system.invocation import DEMONSTRATION, typed
from ..system.log_throttle import complain
from ..system.said import Said
from ..words.sentences import sentence
from . import (
    control,
    copies,
    enrich,
    first_run,
    now_playing,
    pacing,
    progress,
    quiet_hours,
    uploads,
)
from .broker import Broker, huey, troubles
from .lookup import answer_cache, lists_anew
from .matching import judge
from .notices import LAST_WORDS, Notices, Sender
from .parsing import parse
from .queue import table as queue_table
from .renamer import Renamer
from .runtime import Runtime, configure, runtime, usable_providers
from .shared import lists

log = logging.getLogger("pikaraoke_enrichment")

TICK = 0.5
FOLLOW_EVERY = 2.0
SWEEP_EVERY = 5.0
# How often it is looked whether the weekly copy is due, and how soon after a start, in seconds.
COPY_EVERY, FIRST_COPY_AFTER = 3600.0, 300.0
# How often it is looked whether another host's list is due, and how soon after a start.
LISTS_EVERY, FIRST_LISTS_AFTER = 3600.0, 60.0
# A chore rests this many times as long as it took.
REST_TIMES = 20.0
# An idle consumer repeats its snapshot this often; SD cards wear.
REPEAT_SNAPSHOT_AFTER = 60.0
# A clock that moves by this many seconds within one tick was set by somebody.
CLOCK_JUMP = 5.0
# The main thread's sleep, in seconds. A signal ends it, except on Windows, where Ctrl-C may go
# unheard for that long.
LOOK_FOR_SIGNALS = 0.5 if os.name == "nt" else 10.0
# Seconds that a song under way may still take once the consumer is told to end.
GRACE = 25.0


class Chore:
    """A piece of housekeeping, done no more often than it is asked for, nor than is cheap.

    To count a hundred thousand songs takes a Pi a quarter of a second: twice a second it would be
    half of its processor. So it rests twenty times as long as it took.
    """

    def __init__(self, every: float = 0.0) -> None:
        """`every` is the shortest time from one to the next, in seconds."""
        self._every = every
        self._due_at = 0.0

    def is_due(self, now: float) -> bool:
        """Whether the chore may be done again."""
        return now >= self._due_at

    @contextmanager
    def done_at(self, now: float) -> Iterator[None]:
        """Inside, the chore runs; its rest begins at the end, whether it went well or not."""
        began = time.monotonic()
        try:
            yield
        finally:
            took = time.monotonic() - began
            self._due_at = now + max(self._every, REST_TIMES * took)


class Steward(threading.Thread):
    """Keeps house while the workers work, twice a second, and writes only what has changed."""

    def __init__(self, stop_flag: Any) -> None:
        super().__init__(name="Steward", daemon=True)
        self._stop_flag = stop_flag
        self._pace = progress.Paces()
        self._version: object = None
        self._must_follow = False
        # Each tick tries what could not be done yet because a database was locked, full or not
        # ours.
        self._must_reopen = False
        self._must_take_up = True
        self._clocks_apart = time.time() - time.monotonic()
        self._following, self._publishing = Chore(FOLLOW_EVERY), Chore()
        self._lists_anew, self._telling = lists_anew.Round(), Chore()
        self._must_publish = False
        self._swept_at = self._published_at = 0.0
        self._renamer = Renamer(stop_flag)
        self._notices, self._sender = Notices(), Sender()
        self._copied_at = time.monotonic() + FIRST_COPY_AFTER - COPY_EVERY
        self._looked_for_lists_at = time.monotonic() + FIRST_LISTS_AFTER - LISTS_EVERY
        self._fetching: Child | None = None

    def begin(self) -> None:
        """Take up what needs work before there are workers; a later tick makes up for a failure."""
        try:
            self._take_up()
            answer_cache.forget_expired()
            control.set_started()
            first_run.note_start()
        except _passing() as error:
            complain(str(error))

    def run(self) -> None:
        """Tick until the consumer ends; a failing tick is logged, and the next one tries again."""
        while not self._stop_flag.is_set():
            try:
                self._tick(time.monotonic())
            except _passing() as error:
                complain(str(error))
                self._tell(self._notices.failed(str(error), time.monotonic()))
            except Exception as error:
                complain("housekeeping failed, and is tried again", error)
            self._stop_flag.wait(TICK)
        database.close()
        self._sender.finish()

    def _tick(self, now: float) -> None:
        self._look_after_files()
        # Waits were reckoned by another clock: a Pi without one wakes in 1970.
        before, self._clocks_apart = self._clocks_apart, time.time() - time.monotonic()
        if abs(self._clocks_apart - before) > CLOCK_JUMP:
            log.warning("The clock was set: songs that wait for their time are tried now")
            self._must_take_up = True
        if self._must_take_up:
            self._take_up()
        runtime().slower_by = now_playing.brake()
        version = database.news()
        changed = version != self._version
        self._must_follow |= changed
        self._must_publish |= changed
        if self._must_follow and self._following.is_due(now):
            with self._following.done_at(now):
                enrich.follow()
            self._must_follow = False
        if now - self._swept_at >= SWEEP_EVERY:
            self._swept_at = now
            runtime().follow_settings()
            # An update was begun beside us: what it has made of the tables we do not know.
            self._must_reopen = is_newer()
            enrich.sweep()
            self._renamer.look()
            if now - self._copied_at >= COPY_EVERY:
                self._copied_at = now
                # In a thread: a large library on a card takes a while.
                real_thread.in_background(copies.make_weekly, runtime().settings.db)
            self._fetch_lists(now)
            database.tidy()
        if self._telling.is_due(now):
            with self._telling.done_at(now):
                self._lists_anew.go_on()
        self._version = version
        is_old = now - self._published_at >= REPEAT_SNAPSHOT_AFTER
        if is_old or (self._must_publish and self._publishing.is_due(now)):
            self._published_at = now
            self._pace.note(now)
            with self._publishing.done_at(now):
                snapshot = progress.compose(runtime(), self._pace)
                progress.publish(snapshot)
            self._must_publish = False
            self._tell(self._notices.note(snapshot, now))

    def _tell(self, told: list[str]) -> None:
        """Tell the host elsewhere, where an address for that is set."""
        if url := runtime().settings.notify_url:
            for text in told:
                self._sender.send(url, text)

    def _fetch_lists(self, now: float) -> None:
        """Have other hosts' lists fetched that are due, in a process of its own: what it takes to
        read them is not to stay in this one's memory. In quiet hours they wait."""
        if self._fetching is not None and not self._fetching.is_alive():
            self._fetching = None
        if now - self._looked_for_lists_at < LISTS_EVERY or self._fetching is not None:
            return
        if quiet_hours.rests_until() is not None:
            return
        self._looked_for_lists_at = now
        if lists.has_due():
            environment = runtime().settings.whole_environment()
            nothing = subprocess.DEVNULL
            self._fetching = Child(
                "catalogue", "update", environment=environment, stdin=nothing, stdout=nothing
            )

    def _look_after_files(self) -> None:
        """Go on with a songs database that was put back, and without a queue file that was lost."""
        if database.is_replaced():
            log.warning("The songs database was replaced: its queue is read anew")
            self._must_reopen = True
        if self._must_reopen:
            try:
                runtime().reopen()
            except LibraryError as error:
                huey.rest(str(error))
                raise
            self._must_reopen, self._must_take_up = False, True
            self._lists_anew = lists_anew.Round()
        if huey.is_lost():
            aside = huey.mend()
            told = f"was damaged and lies at {aside}" if aside else "was gone"
            log.warning("The queue file %s: it is filled anew from the songs database", told)
            self._must_take_up = True

    def _take_up(self) -> None:
        """Go on where the last run ended, or what was there before it was replaced."""
        # The key may be another one since.
        pacing.forgive_refusals(runtime().settings.contact)
        queue_table.forget_waits()  # so may the network, the clock and the waits that hung on them
        enrich.follow()
        if self._stop_flag.is_set():
            return  # the next start takes up the rest
        freed = enrich.reconcile()
        if freed:
            log.info("%d songs under way in a consumer that died are taken up again", freed)
        enrich.sweep()
        self._must_take_up = False
        self._version = None


class EnrichmentConsumer(Consumer):  # type: ignore[misc]
    """A consumer that recovers when it starts, and ends cleanly on any signal to end.

    Huey's own SIGTERM drops the tasks under way; systemd and Docker send just that.
    """

    def __init__(self, broker: Broker, **options: Any) -> None:
        self._runtime: Runtime = configure(runtime().settings, is_consumer=True)
        if options.get("shutdown_timeout") is None:
            options["shutdown_timeout"] = GRACE
        _say_who_is_asked(self._runtime)
        if aside := broker.mend():
            log.warning("The queue file was damaged: it lies at %s, and is filled anew", aside)
        if options.get("worker_type", WORKER_THREAD) != WORKER_THREAD:
            raise UsageError(
                "workers are threads here (huey_consumer -k thread): Huey's processes go on when "
                "their consumer is killed, and greenlets stand still while one waits for SQLite"
            )
        super().__init__(broker, **options)
        self._stop_flag_timeout = 0.0  # `loop` has waited
        self._steward: Steward | None = None
        self._has_started = False
        self._told_to_end: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._runtime.stopping = self.stop_flag
        broker.has_steward = True
        broker.stop_flag = self.stop_flag
        broker.workers = self.workers
        # Huey's own SIGHUP, sent where a terminal is closed, starts the program anew, and wrongly.
        for signum in self._signal_actions:
            self._signal_actions[signum] = (False, True)

    def start(self) -> None:
        """Announce this consumer, deliver what needs work, then start the workers."""
        self._set_signal_handlers()  # before a song is under way, so that none is torn off
        log.debug("Consumer %s starts", self._runtime.consumer_name)
        # The tables of names and genres are read before threads start: each thread would read its
        # own, and four copies at a time left 10 MB behind.
        tags = (Tag("rock"), Tag("seen live"))
        candidate = Candidate("lastfm", "ABBA", "Waterloo", tags=tags, listeners=1000)
        judge(parse("ABBA - Waterloo (Live) [Karaoke]"), [candidate])
        parse("Nobody Known - Nothing Heard Of")  # what is asked only of names that no table holds
        self._steward = steward = Steward(self.stop_flag)
        steward.begin()
        database.close()  # workers have connections of their own
        huey.close()
        super().start()
        self._has_started = True
        steward.start()
        now_playing.Chosen(self.stop_flag, uploads.hurry).start()

    def loop(self, health_check_ts: float | None = None) -> float | None:
        """Huey's, which looks ten times a second whether it was told to end: here that wakes it."""
        # Ctrl-C often comes twice, from the terminal and from whoever started us: Huey sees to it.
        with suppress(queue.Empty, KeyboardInterrupt):
            self._told_to_end.get(timeout=LOOK_FOR_SIGNALS)
        looked_at: float | None = super().loop(health_check_ts)
        return looked_at

    def _handle_signal(self, signum: int, frame: Any) -> None:
        is_first = self._signum is None
        super()._handle_signal(signum, frame)
        # A signal may come in the midst of anything. Only this queue can wake a thread then: an
        # Event's lock may be held by the very thread that was interrupted.
        self._told_to_end.put(None)
        # Until workers are there this thread takes up the library, and holds no such lock.
        if is_first and not self._has_started:
            self.stop_flag.set()

    def stop(self, graceful: bool = False) -> None:
        """End; a worker that waits for its slot puts its song back at once. Where nothing was to do
        that was found before the workers had started, which nobody can wait for then."""
        self._runtime.stopping.set()
        self._told_to_end.put(None)
        if self._has_started:
            super().stop(graceful)

    def run(self) -> None:
        """Run until told to end."""
        try:
            super().run()
        finally:
            if self._steward is not None:  # it may have a last notice under way
                self._steward.join(LAST_WORDS + TICK)
            self._runtime.presence.leave()


def _passing() -> tuple[type[Exception], ...]:
    """The errors that a disk or database raises while it cannot be used."""
    return (OSError, *troubles())


def _say_who_is_asked(now: Runtime) -> None:
    usable = usable_providers(now.settings)
    lacking = set(filter(now.settings.lacks_contact, now.settings.providers))
    if lacking:
        log.warning(sentence(Said("contact_missing")))
    for name in now.settings.providers:
        if name not in usable and name not in lacking:
            by = "" if DEMONSTRATION in os.environ else f"with {typed(f'set {name}')}, or "
            how = "%s is left out without its free %s: give it %son the settings page"
            log.info(how, label_of(name), services.KEYS[name].word, by)
    names = [label_of(name) for name in usable]
    log.info("Asking %s", ", then ".join(names) or "nobody: no provider can be asked")
    try:
        catalogue.read_lists(now.settings.catalogue)
    except catalogue.NotCounted as error:  # after an update nobody would notice otherwise
        how = "Song lists are not asked, as %s. To have them asked, %s"
        log.warning(how, error, catalogue.IF_NOT_COUNTED)
    except sqlite3.Error:
        pass  # told when the first song is looked up
