"""What an upload handler calls: songs noted in one short transaction, whoever writes just now.

The names are read by the consumer, so that the caller neither waits for that nor loads its tables;
plain SQL, since building these few statements anew took most of a call's time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from peewee import OperationalError

from ..database.connection import database, is_locked, run_many
from ..exceptions import NoSuchSong
from ..system import real_thread
from . import control, library
from .broker import huey, troubles
from .enrich import deliver
from .queue import table as queue_table
from .runtime import runtime

log = logging.getLogger("pikaraoke_enrichment")

# The caller waits for no lock at all: an upload handler has a visitor waiting, and PiKaraoke a song
# on the screen. (With 2 ms of patience for each file the 99th percentile of a call was 7 ms on a
# busy machine, without any it is 4.) Where another process writes, a thread tries again behind
# their backs: seconds for one try, and for all of them.
HURRY, SECOND_TRY, PERSISTENCE = 0.0, 0.3, 60.0
# No party has more songs waiting; what comes from another program is not taken without limit.
MOST_CHOSEN = 500
# Attempts that failed before do not count any more.
_FORGIVE = "UPDATE songs SET enrichment_attempts = 0 WHERE id = ? AND enrichment_attempts > 0"


@real_thread.never_blocking
def queue_for_enrichment(
    songs: int | str | Path | Iterable[int | str | Path], priority: int = queue_table.UPLOAD
) -> int:
    """Ask for songs to be enriched soon. Returns at once; what an upload handler calls.

    Args:
        songs: ids of PiKaraoke's `songs` table or paths of files, one or many. A file that
            PiKaraoke has not registered yet is registered by its own rules.
        priority: higher goes first; a new upload by default.
    Returns:
        How many songs were queued. A song that a person has corrected is not queued. While another
        process holds the lock: how many will be as soon as it lets go.
    Raises:
        NoSuchSong: an id that no song has.
        FileNotFoundError: a path that neither the library nor the disk knows.
    """
    runtime()
    several = [songs] if isinstance(songs, int | str | Path) else list(songs)
    wanted = [item if isinstance(item, int) else str(item) for item in several]
    try:
        return queue_now(wanted, priority, HURRY)
    except troubles() as error:
        if not (is_locked(error) or _is_away(error)):
            raise
    real_thread.in_background(_queue_later, wanted, priority, time.monotonic() + PERSISTENCE)
    return len(wanted)


def queue_now(wanted: Sequence[int | str], priority: int, patience: float) -> int:
    """Note songs and deliver them: `queue_for_enrichment` for who waits to hear that it is done.

    Raises:
        DatabaseError, `huey.errors`: the lock was not to be had within `patience` seconds.
        NoSuchSong, FileNotFoundError: as there.
    """
    found: list[int | None] = []  # by looks that wait for no lock
    for item in wanted:
        if not isinstance(item, str) and not database.execute_sql(_STATUS, (item,)).fetchone():
            raise NoSuchSong(item)
        found.append(library.known(item) if isinstance(item, str) else item)
    with database.in_a_hurry(patience), database.atomic("IMMEDIATE"):
        ids = [
            library.register(str(item)) if song_id is None else song_id
            for item, song_id in zip(wanted, found, strict=True)
        ]
        states = ((each, database.execute_sql(_STATUS, (each,)).fetchone()) for each in ids)
        to_do = [song_id for song_id, row in states if row and row[0] != "manual"]
        queue_table.add((song_id, priority) for song_id in to_do)
        run_many(_FORGIVE, [(song_id,) for song_id in to_do])
        if to_do and runtime().settings.autostart:
            control.start_unless_decided()
    with huey.in_a_hurry(patience):
        deliver((song_id, priority, 0.0) for song_id in to_do)
    return len(to_do)


_STATUS = "SELECT metadata_status FROM songs WHERE id = ?"


def _queue_later(wanted: Sequence[int | str], priority: int, until: float) -> None:
    """Try again until the lock is free; a try is short, as PiKaraoke's pages wait behind it."""
    while True:
        try:
            queue_now(wanted, priority, SECOND_TRY)
            return
        except (NoSuchSong, FileNotFoundError) as error:
            log.warning("Gone before it was queued: %s", error)
            return
        except troubles() as error:
            if _is_away(error):
                time.sleep(SECOND_TRY)  # what a lock is waited for anyway
            if not (is_locked(error) or _is_away(error)) or time.monotonic() >= until:
                log.error("Not queued, the database cannot be written: %s: %s", wanted, error)
                return
        finally:
            database.close()
        if real_thread.is_needed():
            real_thread.in_background(_queue_later, wanted, priority, until)
            return


def _is_away(error: Exception) -> bool:
    """Whether a server, the queue's or the songs', may be back in a moment."""
    songs_are = database.is_shared and isinstance(error, OperationalError)
    return (songs_are and not is_locked(error)) or huey.is_away(error)


@real_thread.never_blocking
def take_renamed(song_id: int) -> int:
    """Queue a song whose file PiKaraoke has renamed, as an upload; returns how many were queued.

    A name that it was given by our own wish is no news: what is known of the song stays.
    """
    runtime()
    return 0 if library.was_given(song_id) else queue_for_enrichment(song_id)


@real_thread.never_blocking
def hurry(paths: Sequence[str]) -> int:
    """Look up next those of these songs that were never looked up; returns how many wait so.

    What singers have put into PiKaraoke's queue; songs that are done stay done.
    """
    runtime()
    some = list(paths)[:MOST_CHOSEN]
    if not some:
        return 0
    marks = ",".join("?" * len(some))
    waiting = database.execute_sql(
        "SELECT s.id FROM songs AS s JOIN enrichment_queue AS q ON q.song_id = s.id "
        "WHERE q.claim IS NULL AND q.priority > ? AND q.priority < ? "
        f"AND s.file_path IN ({marks})",
        (queue_table.SECOND_LOOK, queue_table.SINGER, *some),
    )
    ids = [row[0] for row in waiting.fetchall()]
    return queue_for_enrichment(ids, queue_table.SINGER) if ids else 0
