"""The Python face: control by function, and EnrichmentWorker, a consumer in its own process."""

from __future__ import annotations

import math
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from . import config
from .database.urls import is_server
from .exceptions import SettingsError
from .system import real_thread
from .system.child import Child
from .tasks import control
from .tasks.progress import Snapshot, get_progress
from .tasks.runtime import Runtime, configure, runtime


@real_thread.never_blocking
def start_enrichment() -> None:
    """Let the consumer work; also ends a pause."""
    runtime()
    control.start()


@real_thread.never_blocking
def stop_enrichment() -> None:
    """Let the songs under way end and take up no more."""
    runtime()
    control.stop()


@real_thread.never_blocking
def pause_enrichment() -> None:
    """Hold the work until `resume_enrichment`, also over a restart."""
    runtime()
    control.pause()


@real_thread.never_blocking
def resume_enrichment() -> None:
    """End a pause."""
    runtime()
    control.resume()


@real_thread.never_blocking
def get_enrichment_progress() -> Snapshot:
    """The progress as it is now, as every face shows it."""
    return get_progress()


class EnrichmentWorker:
    """A consumer for one library, started as a process of its own. No method blocks its caller."""

    def __init__(
        self,
        db: str | Path | None = None,
        api_key: str | None = None,
        rate_limit: float = 5.0,
        settings: config.Settings | None = None,
    ) -> None:
        """Make a worker; nothing starts yet.

        Args:
            db: path of PiKaraoke's database, or the URL of a shared one; by default what the
                settings name.
            api_key: Last.fm's; None or "" takes the settings' own.
            rate_limit: requests a second to Last.fm.
            settings: everything else; by default as the environment and config file say.
        Raises:
            SettingsError: a rate that is no number above 0.
        """
        if not 0 < rate_limit < math.inf:
            raise SettingsError(f"rate_limit is {rate_limit}: give requests a second")
        base = settings or config.load()
        path = base.db if db is None else str(db)
        if not is_server(path):
            path = str(Path(path).absolute())
        self.settings = replace(
            base,
            db=path,
            queue=base.queue if path == base.db else config.default_queue(path),
        ).with_service("lastfm", key=(api_key or "").strip(), rate=float(rate_limit))
        self._child: Child | None = None

    def start(self) -> None:
        """Let the work begin; starts a consumer unless one lives already."""
        if not real_thread.call(self._wish_start) and not self.is_alive():
            self._child = Child(
                "run",
                "--no-dashboard",
                environment=self.settings.whole_environment(),
                stdin=subprocess.DEVNULL,  # Ctrl-C in the caller's terminal is not for it
            )

    @real_thread.never_blocking
    def pause(self) -> None:
        """Hold the work; the consumer stays."""
        self._wish(control.pause)

    @real_thread.never_blocking
    def resume(self) -> None:
        """End a pause."""
        self._wish(control.resume)

    def stop(self) -> None:
        """Stop the work and end the consumer that this worker started, once its songs are done."""
        real_thread.call(self._wish, control.stop)
        if self._child is not None:
            self._child.end()

    @real_thread.never_blocking
    def get_progress(self) -> Snapshot:
        """The progress, as `pikaraoke-enrichment status --json` prints it."""
        self._runtime()
        return get_progress()

    def is_alive(self) -> bool:
        """Whether the consumer that this worker started is running."""
        return self._child is not None and self._child.is_alive()

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the started consumer to end; its exit status, None if none was started."""
        return None if self._child is None else self._child.wait(timeout)

    def _wish_start(self) -> bool:
        """Let the work begin; whether a consumer is there that may be another's."""
        now = self._runtime()
        control.start()
        return bool(now.presence.alive())

    def _wish(self, wish: Callable[[], None]) -> None:
        self._runtime()
        wish()

    def _runtime(self) -> Runtime:
        return configure(self.settings)
