"""The consumer's hand for clean names: a thread that is there while files are being renamed."""

from __future__ import annotations

import threading
from typing import Any

from ..database.connection import database
from ..system.log_throttle import complain
from . import control
from .runtime import runtime


class Renamer:
    """Starts the work when a job is there, and lets it end by itself."""

    def __init__(self, stop_flag: Any) -> None:
        self._stop_flag = stop_flag
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Begin where somebody has asked for it, unless it is under way."""
        is_at_work = self._thread is not None and self._thread.is_alive()
        if is_at_work or not control.wants_clean_names():
            return
        self._thread = threading.Thread(target=self._work, name="Renamer", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        # Loaded on demand: few consumers ever rename, and all are to stay small.
        from . import pikaraoke
        from .review import clean_names

        def url() -> str:
            return runtime().settings.pikaraoke_url

        try:
            clean_names.work(
                lambda path, proper: pikaraoke.rename(url(), path, proper, {}),
                lambda: pikaraoke.queued_paths(url()),
                self._stop_flag.wait,
            )
        except Exception as error:
            complain("files cannot be renamed now, which is tried again", error)
        finally:
            database.close()
