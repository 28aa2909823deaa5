"""Copies of the songs database beside it: one a week, one before much is changed at once."""

from __future__ import annotations

import glob
import logging
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..database.put_back import InUse, put_back
from ..database.sqlite import UNFINISHED_AFTER, back_up
from ..database.urls import is_server
from ..exceptions import LibraryError

log = logging.getLogger("pikaraoke_enrichment")

HOUR, WEEK = 3600.0, 7 * 86_400.0
# How many of each kind are kept, the newest ones; all of the others.
KEPT = {"weekly": 3, "before-change": 3, "before-restore": 3}
_NAME = re.compile(r"\.([a-z-]+)-(\d{8}T\d{6})$")


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy as it lies beside the songs database.

    Attributes:
        why: weekly, backup, before-enrichment, before-change, before-restore.
        made_at: epoch seconds.
        size: bytes.
    """

    path: Path
    why: str
    made_at: float
    size: int


def listed(db: str) -> list[Copy]:
    """The copies of a songs database, the newest first."""
    found = []
    for path in _beside(db, "*"):
        name = _NAME.search(path.name)
        if name:
            made_at = time.mktime(time.strptime(name[2], "%Y%m%dT%H%M%S"))
            found.append(Copy(path, name[1], made_at, path.stat().st_size))
    return sorted(found, key=lambda copy: (copy.made_at, copy.path.stat().st_mtime), reverse=True)


def leftovers(db: str) -> list[Path]:
    """What copies that were killed have left."""
    now = time.time()
    return [
        path for path in _beside(db, "*.part*") if now - path.stat().st_mtime > UNFINISHED_AFTER
    ]


def forget_leftovers(db: str) -> int:
    """Remove them; returns how many there were."""
    found = leftovers(db)
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def make_weekly(db: str) -> Path | None:
    """Make a copy where the newest weekly one is older than a week.

    What a copy that was killed has left behind is dropped too.

    Returns:
        The copy, None where none was due or a server keeps the songs.
    """
    if is_server(db):
        return None
    forget_leftovers(db)
    if _is_newer_than(WEEK, (copy for copy in listed(db) if copy.why == "weekly")):
        return None
    made = back_up(db, "weekly")
    _forget_old(db, "weekly")
    log.info("The weekly copy of the songs database is %s", made)
    return made


def make_before_change(db: str) -> Path | None:
    """Make a copy before many songs are changed at once, where the newest is older than an hour.

    Returns:
        The copy, None where none was needed or a server keeps the songs.
    Raises:
        LibraryError: it cannot be made; nothing is to be changed then.
    """
    if is_server(db) or _is_newer_than(HOUR, iter(listed(db))):
        return None
    try:
        made = back_up(db, "before-change")
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"no copy of the songs database could be made first ({error}), so nothing was changed: "
            "make room beside it"
        ) from None
    _forget_old(db, "before-change")
    return made


def restore(db: str, name: str) -> tuple[Path, Path]:
    """Put a copy in the place of the songs database; the caller has seen that no consumer lives.

    Args:
        name: of a copy beside the database, its path, or "newest".
    Returns:
        The copy, and where the database that was lies now.
    Raises:
        LibraryError: there is no such copy, it is none, or the database is in use; nothing was
            changed then.
    """
    if is_server(db):
        raise LibraryError("a server's database is restored by its own means: pg_restore")
    copy = _named(db, name)
    try:
        kept = put_back(db, copy)
    except InUse:
        raise LibraryError(
            f"{db} is in use: end PiKaraoke and whatever else has it open, then try again. "
            "Nothing was changed"
        ) from None
    except ValueError as error:
        raise LibraryError(f"{copy} cannot be put back: {error}. Nothing was changed") from None
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(f"{copy} could not be put back: {error}") from None
    _forget_old(db, "before-restore")
    return copy, kept


def _named(db: str, name: str) -> Path:
    copies = listed(db)
    if name == "newest" and copies:
        return copies[0].path
    found = [copy.path for copy in copies if copy.path.name == name]
    if found:
        return found[0]
    if name != "newest" and Path(name).is_file():
        return Path(name)
    raise LibraryError(f"there is no copy {name!r} of {db}: `doctor --copies` lists them")


def _is_newer_than(seconds: float, copies: Iterator[Copy]) -> bool:
    newest = next(copies, None)
    # One from the future is a clock's that was set back: it is no reason to make none.
    return newest is not None and 0 <= time.time() - newest.made_at + 1 < seconds


def _forget_old(db: str, why: str) -> None:
    for old in [copy for copy in listed(db) if copy.why == why][KEPT[why] :]:
        with suppress(OSError):
            old.path.unlink()


def _beside(db: str, pattern: str) -> list[Path]:
    place = Path(db)
    return list(place.absolute().parent.glob(f"{glob.escape(place.name)}.{pattern}"))
