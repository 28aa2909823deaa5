"""A copy put in the place of a SQLite file: wholly or not at all, and the file that was is kept."""

from __future__ import annotations

import glob
import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from .files import open_to_read
from .sqlite import damage

# Beside a file that is open or was not closed lie these two, which belong to that file alone.
_BESIDE = ("-wal", "-shm")
# Ends the second name of the file that is about to be replaced: until it is, both are one file.
_WAS = ".was"


class InUse(Exception):
    """Some process has the file open."""


def put_back(db: str, copy: Path) -> Path:
    """Put a copy in the place of a songs database that nobody uses.

    A kill at any moment leaves the file that was, or the copy, in its place, each whole.

    Args:
        db: the path of the file.
        copy: stays where it is.
    Returns:
        Where the file that was lies now, beside its place.
    Raises:
        InUse: a process has the file open.
        ValueError: the copy is damaged, or none of a songs database; with what is wrong.
        OSError, sqlite3.Error: it cannot be written; nothing was changed then.
    """
    if (said := damage(str(copy))) is not None:
        raise ValueError(f"it is damaged: {said}")
    try:
        with closing(open_to_read(str(copy))) as found:
            found.execute("SELECT file_path FROM songs LIMIT 1").fetchone()
    except sqlite3.Error as error:
        raise ValueError(f"it is no songs database: {error}") from None
    place = Path(db)
    _finish_what_was_killed(place)
    kept = _free_name(place)
    draft = Path(f"{kept}.part")
    try:
        with closing(open_to_read(str(copy))) as source, closing(sqlite3.connect(draft)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # its log is in it then
        _write_out(draft)
        if place.exists():
            shutil.copymode(place, draft)
            _close(db)
            _keep(place, kept)
        for kind in _BESIDE:  # what is left of them is of the file that was, and kept with it
            Path(f"{db}{kind}").unlink(missing_ok=True)
        os.replace(draft, place)
        _finish_what_was_killed(place)
        _write_out(place.absolute().parent)
    finally:
        draft.unlink(missing_ok=True)
    return kept


def _close(db: str) -> None:
    """Write the file's log into it, which SQLite does only where nobody else has it open."""
    try:
        with closing(sqlite3.connect(db, timeout=0)) as file:
            file.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise InUse(db) from None
    except sqlite3.DatabaseError:
        pass  # it is damaged, for which copies are there


def _keep(place: Path, kept: Path) -> None:
    """Give the file a second name; where a disk knows no such thing (FAT), make a second file."""
    for kind in (*_BESIDE, ""):
        source, second = Path(f"{place}{kind}"), f"{kept}{kind}{_WAS}"
        if source.exists():
            try:
                os.link(source, second)
            except OSError:
                draft = f"{kept}{kind}.part"
                shutil.copy2(source, draft)
                _write_out(Path(draft))
                os.replace(draft, second)


def _finish_what_was_killed(place: Path) -> None:
    """Second names of the file that is in the place still go; others get the name they were for."""
    for second in place.parent.glob(f"{glob.escape(place.name)}.before-restore-*{_WAS}"):
        beside = next((kind for kind in _BESIDE if second.name.endswith(f"{kind}{_WAS}")), "")
        original = Path(f"{place}{beside}")
        if original.exists() and os.path.samefile(second, original):
            second.unlink()
        else:
            os.replace(second, str(second).removesuffix(_WAS))


def _free_name(place: Path) -> Path:
    at = time.time()
    while True:
        stamp = time.strftime("%Y%m%dT%H%M%S", time.localtime(at))
        kept = place.with_name(f"{place.name}.before-restore-{stamp}")
        if not kept.exists():
            return kept
        at += 1


def _write_out(path: Path) -> None:
    """Have a file, or a folder's names, on the disk before anything goes on."""
    with suppress(PermissionError):  # Windows opens no folder
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
