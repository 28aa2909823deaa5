"""Why a database file cannot be used, each cause with its own sentence and what to do about it."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from ..system.terminal import in_words
from .sqlite import unwritable

# A disk with less room than this is full to SQLite, whatever it calls that. Bytes.
NO_ROOM = 256 * 1024


def what_to_do(path: str, error: Exception) -> str:
    """One sentence: what is wrong with the file at `path`, and the remedy.

    SQLite's own words name no cause: of a disk that went read-only it says "unable to open database
    file", of a full one "disk I/O error", of a share without locks "database is locked".
    """
    said = str(error).lower()
    above = Path(path).absolute().parents
    folder = next(each for each in above if each.exists())
    number = error.errno if isinstance(error, OSError) else None
    if _is_read_only(folder):
        return (
            f"{path} cannot be written: its disk is read-only (a worn card is made so by the "
            "system): see dmesg, and move the data to a sound one"
        )
    if "full" in said or number == errno.ENOSPC or _has_no_room(folder):
        return f"{path} cannot be written: the disk that holds {folder} is full: make room there"
    if isinstance(error, PermissionError) or "readonly" in said or "read-only" in said:
        which = unwritable(path) or path
        return (
            f"{which} cannot be written ({in_words(error)}): give this user the right to write it"
        )
    if "locking protocol" in said or ("lock" in said and not _knows_locks(path)):
        return (
            f"{path} lies on a disk or share that knows no locks: keep it on a disk of this "
            "machine (ENRICHMENT_DB, ENRICHMENT_QUEUE); the songs may stay where they are"
        )
    if "locked" in said or "busy" in said:
        return f"{path} is locked by another program ({error}): try again when it is done"
    if "not a database" in said or "malformed" in said:
        return f"{path} is damaged or no SQLite file ({error}): restore a backup, or move it away"
    if "disk i/o" in said:
        return (
            f"{path} cannot be read or written ({error}): look after its disk or share, which may "
            "be worn, full or gone"
        )
    return f"{path} cannot be opened: {in_words(error)}"


def _is_read_only(folder: Path) -> bool:
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except (AttributeError, OSError):  # Windows, or a share that is gone
        return False


def _has_no_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < NO_ROOM
    except OSError:
        return False


def _knows_locks(path: str) -> bool:
    """Whether the file's disk lets it be locked at all; who holds the lock does not matter."""
    try:
        import fcntl

        with open(path, "rb+") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 2**40)  # beyond what SQLite locks
    except BlockingIOError:
        return True
    except OSError as error:
        return error.errno not in (errno.ENOLCK, errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)
    except ImportError:  # Windows
        return True
    return True
