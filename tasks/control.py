"""Start, stop, pause, resume: a person's wishes, kept in the songs database, obeyed by everyone."""

from __future__ import annotations

import os
import shlex
import time
from dataclasses import dataclass
from pathlib import Path

from ..database.connection import database
from ..models import get_state, set_state
from ..system.invocation import DOCKER, typed
from . import pacing

RUNNING = "worker_running"
PAUSED = "worker_paused"
STARTED_AT = "worker_started_at"
FOLDER = "worker_folder"
CLEAN_NAMES = "clean_names"
# Plain SQL, because an idle consumer asks four times a second.
_WISHES = "SELECT key, value FROM enrichment_state WHERE key IN (?, ?)"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people want of the worker; it outlives a restart and a power cut.

    `decided` is False as long as nobody has said whether it shall run: then a scan starts it.
    """

    running: bool
    paused: bool
    decided: bool = True

    @property
    def may_work(self) -> bool:
        """Whether new songs may be taken up."""
        return self.running and not self.paused


def wishes() -> Wishes:
    """Read the wishes; one small query."""
    kept: dict[str, str] = dict(database.execute_sql(_WISHES, (RUNNING, PAUSED)).fetchall())
    running, paused = kept.get(RUNNING), kept.get(PAUSED)
    return Wishes(running=running == "1", paused=paused == "1", decided=running is not None)


def start() -> None:
    """Let the worker run; also ends a pause, and asks anew who has refused our key."""
    with database.atomic("IMMEDIATE"):
        set_state(RUNNING, "1")
        set_state(PAUSED, "0")
        pacing.forgive_refusals()


def start_unless_decided() -> None:
    """Start by itself after a scan, unless a person has ever said start or stop. Who has paused it
    before the first scan finds it paused."""
    if get_state(RUNNING) is None:
        set_state(RUNNING, "1")


def set_started() -> None:
    """Note that a consumer has started just now."""
    set_state(STARTED_AT, str(time.time()))


def remember_folder(folder: Path | None) -> None:
    """Note which folder the consumer follows; None for PiKaraoke's rows alone."""
    text = str(folder or "")
    if (get_state(FOLDER) or "") != text:
        set_state(FOLDER, text)


def run_again() -> str:
    """The line that starts a consumer as the last one was: without its folder none is followed,
    and a new file in it would go unnoticed. A container has its folder in its own file."""
    folder = "" if os.environ.get(DOCKER) else get_state(FOLDER) or ""
    return typed(f"run {shlex.quote(folder)}" if folder else "run")


def stop() -> None:
    """Let the songs under way end and take up no more."""
    set_state(RUNNING, "0")


def pause() -> None:
    """Hold the work; a pause outlives a restart."""
    set_state(PAUSED, "1")


def resume() -> None:
    """End a pause. A stopped worker stays stopped."""
    set_state(PAUSED, "0")


def wants_clean_names() -> bool:
    """Whether files are to be renamed now; see `review.clean_names`, whose job the row holds."""
    return '"state": "running"' in (get_state(CLEAN_NAMES) or "")
