"""A copy of the songs database a week, the last three kept."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from ..database.sqlite import back_up
from ..database.urls import is_server

log = logging.getLogger("pikaraoke_enrichment")

WEEK, DAY, KEPT = 7 * 86_400.0, 86_400.0, 3


def make(db: str) -> Path | None:
    """Make a copy where the newest is older than a week, and drop all but the newest three.

    What a copy that was killed has left behind is dropped too.

    Returns:
        The copy, None where none was due or a server keeps the songs.
    """
    if is_server(db):
        return None
    place = Path(db)
    for begun in place.parent.glob(f"{place.name}.*.part"):
        if time.time() - begun.stat().st_mtime > DAY:
            begun.unlink(missing_ok=True)
    copies = sorted(place.parent.glob(f"{place.name}.weekly-*[0-9]"))
    if copies and time.time() - copies[-1].stat().st_mtime < WEEK:
        return None
    made = back_up(db, "weekly")
    for old in [*copies, made][:-KEPT]:
        old.unlink(missing_ok=True)
    log.info("The weekly copy of the songs database is %s", made)
    return made
