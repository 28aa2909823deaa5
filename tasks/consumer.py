"""Our Huey consumer: the ordinary one, and one thread beside its workers that keeps house.

`on_startup` hooks run once per worker, and Huey knows nothing of tables; so the steward announces
the consumer, delivers what the table says needs work, follows PiKaraoke's table, and publishes the
progress. The plain `huey_consumer` gets it too, as the broker makes its consumers here.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any

from huey.consumer import Consumer

from ..models import database
from . import control, enrich, lookups, progress
from .broker import Broker
from .runtime import Runtime, configure, runtime, usable_providers

log = logging.getLogger("pikaraoke_enrichment")

TICK = 0.5
FOLLOW_EVERY = 2.0
SWEEP_EVERY = 5.0
# An idle consumer repeats its snapshot this often; SD cards wear.
REPEAT_SNAPSHOT_AFTER = 60.0
# What a song under way may still take once the consumer is told to end, in seconds.
GRACE = 25.0


class Steward(threading.Thread):
    """Keeps house while the workers work, twice a second, and writes only what has changed."""

    def __init__(self, stop_flag: Any) -> None:
        super().__init__(name="Steward", daemon=True)
        self._stop_flag = stop_flag
        settings = runtime().settings
        slower = [settings.rate(name) for name in usable_providers(settings)[1:2]]
        self._pace = progress.Paces(slower[0] if slower else 0.0)
        self._version = -1
        self._followed_at = self._swept_at = self._published_at = 0.0
        self._snapshot: progress.Snapshot = {}

    def run(self) -> None:
        """Tick until the consumer ends; a failing tick is logged and the next one tries again."""
        while not self._stop_flag.is_set():
            try:
                self._tick(time.monotonic())
            except Exception:
                log.exception("Housekeeping failed, it is tried again")
            self._stop_flag.wait(TICK)
        database.close()

    def _tick(self, now: float) -> None:
        version = int(database.execute_sql("PRAGMA data_version").fetchone()[0])
        changed = version != self._version
        if now - self._followed_at >= FOLLOW_EVERY and changed:
            self._followed_at = now
            enrich.follow()
        if now - self._swept_at >= SWEEP_EVERY:
            self._swept_at = now
            enrich.sweep()
        self._version = version
        if changed or now - self._published_at >= REPEAT_SNAPSHOT_AFTER:
            self._publish(now)

    def _publish(self, now: float) -> None:
        self._pace.note(now)
        self._snapshot = progress.compose(runtime(), self._pace)
        self._published_at = now
        progress.publish(self._snapshot)


class EnrichmentConsumer(Consumer):  # type: ignore[misc]
    """A consumer that recovers when it starts, and ends cleanly on SIGINT and SIGTERM alike.

    Huey's own SIGTERM drops the tasks under way; systemd and Docker send just that.
    """

    def __init__(self, huey: Broker, **options: Any) -> None:
        self._runtime: Runtime = configure(runtime().settings, is_consumer=True)
        if options.get("shutdown_timeout") is None:
            options["shutdown_timeout"] = GRACE
        super().__init__(huey, **options)
        for signum in (signal.SIGINT, signal.SIGTERM):
            self._signal_actions[signum] = (False, True)

    def start(self) -> None:
        """Announce this consumer, deliver what needs work, then start the workers."""
        log.info("Consumer %s starts", self._runtime.consumer_name)
        enrich.follow()
        freed = enrich.reconcile()
        if freed:
            log.info(
                "%d songs that were under way in a consumer that died are taken up again", freed
            )
        lookups.forget_expired()
        control.set_started()
        database.close()  # forked workers must not share this thread's connection
        super().start()
        Steward(self.stop_flag).start()

    def stop(self, graceful: bool = False) -> None:
        """End; a worker that waits for its slot puts its song back at once."""
        self._runtime.stopping.set()
        super().stop(graceful)

    def run(self) -> None:
        """Run until told to end."""
        try:
            super().run()
        finally:
            self._runtime.presence.leave()
