"""Trouble that lasts is told once a minute: a full disk would fill the rest with its log."""

from __future__ import annotations

import logging
import threading
import time

log = logging.getLogger("pikaraoke_enrichment")

REPEAT_AFTER = 60.0

_lock = threading.Lock()
_said: dict[str, float] = {}


def complain(words: str, error: Exception | None = None) -> None:
    """Log what the work waits for, unless it was just said; with the traceback of `error`."""
    now = time.monotonic()
    with _lock:
        for old in [old for old, at in _said.items() if now - at >= REPEAT_AFTER]:
            del _said[old]
        if words in _said:
            return
        _said[words] = now
    log.error("Waiting: %s", words, exc_info=error)
