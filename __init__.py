"""pikaraoke-enrichment: artist, title, year and genre for PiKaraoke's library, in the background.

What other programs call. Every function works on the library that the settings name
(ENRICHMENT_DB, by default PiKaraoke's own) and returns at once; the work is done by a consumer,
a process of its own.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from .tasks.uploads import queue_for_enrichment
    from .web import init_app
    from .worker import (
        EnrichmentWorker,
        get_enrichment_progress,
        pause_enrichment,
        resume_enrichment,
        start_enrichment,
        stop_enrichment,
    )

# Loaded on first use: the consumer never imports Flask, and a parser needs no database.
_PLACES = {
    "start_enrichment": ("worker", "start_enrichment"),
    "stop_enrichment": ("worker", "stop_enrichment"),
    "pause_enrichment": ("worker", "pause_enrichment"),
    "resume_enrichment": ("worker", "resume_enrichment"),
    "get_enrichment_progress": ("worker", "get_enrichment_progress"),
    "queue_for_enrichment": ("tasks.uploads", "queue_for_enrichment"),
    "EnrichmentWorker": ("worker", "EnrichmentWorker"),
    "init_app": ("web", "init_app"),
}

__all__ = [
    "EnrichmentWorker",
    "get_enrichment_progress",
    "init_app",
    "pause_enrichment",
    "queue_for_enrichment",
    "resume_enrichment",
    "start_enrichment",
    "stop_enrichment",
]


if os.environ.get("ENRICHMENT_LOOPBACK_ONLY"):  # a child of the demonstration or of a test
    import_module(".system.loopback", __name__).hold_to_loopback()


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(f".{module}", __name__), attribute)
