"""All files renamed at once, in the background: one job that outlives a restart, and its undo.

The job is kept in one row of `enrichment_state`; the consumer does it, file after file, at the pace
of PiKaraoke, which does the renaming. It rests while a song plays.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, replace
from itertools import islice

from ...database.connection import database
from ...exceptions import AdminOnly, Declined, Unreachable
from ...models import Rename, Song, get_state, set_state
from ...system.said import N_
from .. import control, copies, now_playing
from ..control import CLEAN_NAMES
from ..history import changes
from ..runtime import runtime
from . import interrupted, renaming
from .renaming import Hand, Proposal

# Files that are looked at together: their folders are listed once for all of them.
AT_A_TIME = 100
# Seconds until PiKaraoke is asked again where it does not answer, and until the end of a song.
AGAIN_AFTER, LOOK_AGAIN_AFTER = 10.0, 2.0

# PiKaraoke 1.23.0 renames for whoever asks, with a password or without; another may not.
ADMIN_ONLY = N_(
    "PiKaraoke lets only its admin rename, whom nobody is in the background: stop this, log in to "
    "PiKaraoke, and rename on this page inside it, a hundred at a time"
)

RUNNING, STOPPED, DONE = "running", "stopped", "done"


@dataclass(frozen=True, slots=True)
class Job:
    """Files that are renamed one after another.

    Attributes:
        batch: under which they can be named back.
        undoes: the batch that is taken back, "" where names are made clean.
        excepted: ids of songs whose files keep their names.
        after: id of the last song that was come to.
        renamed, left: files that were renamed, and that could not be.
        total: files there were to rename when it began.
        state: RUNNING, STOPPED (by a person) or DONE.
        why: what it waits for now, "" for nothing.
    """

    batch: str
    undoes: str
    excepted: tuple[int, ...]
    total: int
    after: int = 0
    renamed: int = 0
    left: int = 0
    state: str = RUNNING
    why: str = ""


def job() -> Job | None:
    """The latest job, None where there never was one."""
    text = get_state(CLEAN_NAMES)
    if not text:
        return None
    kept = json.loads(text)
    return Job(**{**kept, "excepted": tuple(kept["excepted"])})


def begin(excepted: Iterable[int] = ()) -> Job:
    """Have all misnamed files of certain songs renamed, but those of the songs in `excepted`.

    Raises:
        Declined: another job is under way.
    """
    spared = frozenset(excepted)
    return _begin(Job(changes.new_batch(), "", tuple(sorted(spared)), count(spared)))


def count(excepted: Collection[int]) -> int:
    """How many files `begin` would have renamed."""
    return sum(one.song_id not in excepted for one in renaming.misnamed(Song.id > 0))


def begin_undo(batch: str) -> Job:
    """Have the files of a batch named back, those that still have the name it gave them.

    Raises:
        Declined: another job is under way.
    """
    total = sum(renaming.stands(row) for row in renaming.in_batch(batch))
    return _begin(Job(changes.new_batch(), batch, (), total))


def _begin(wished: Job) -> Job:
    copies.make_before_change(runtime().settings.db)
    with database.atomic("IMMEDIATE"):
        if control.wants_clean_names():
            raise Declined("files are being renamed already: stop that first, or wait for it")
        _keep(wished)
    return wished


def stop() -> None:
    """Take up no further file; what was renamed stays so, and can be taken back."""
    with database.atomic("IMMEDIATE"):
        found = job()
        if found is not None and found.state == RUNNING:
            _keep(replace(found, state=STOPPED, why=""))


def _keep(now: Job) -> None:
    set_state(CLEAN_NAMES, json.dumps(asdict(now)))


# --- the work -------------------------------------------------------------------------------------


def work(
    hand: Hand,
    queued: Callable[[], Collection[str] | None],
    rest: Callable[[float], bool],
) -> None:
    """Work at the job until it is done or stopped.

    Args:
        hand: has PiKaraoke rename one file.
        queued: files in PiKaraoke's queue, None where it does not answer.
        rest: waits for a number of seconds; True when this process is to end.
    """
    if control.wants_clean_names():
        interrupted.finish(database.execute_sql)
    while control.wants_clean_names():
        seconds = _step(hand, queued)
        if rest(seconds):
            return


def _step(hand: Hand, queued: Callable[[], Collection[str] | None]) -> float:
    """Come to the next few files; the seconds until the next step."""
    now = job()
    assert now is not None
    if now_playing.is_playing():
        _note(now, why=N_("a song plays"))
        return LOOK_AGAIN_AFTER
    waiting = queued()
    if waiting is None:
        _note(now, why=N_("PiKaraoke does not answer"))
        return AGAIN_AFTER
    found = renaming.examined(islice(_to_come(now), AT_A_TIME), waiting)
    if not found:
        # Only the note tells of a file that was renamed when this program was killed.
        _note(replace(now, renamed=renaming.standing(now.batch)), state=DONE, why="")
        return 0.0
    began = time.monotonic()
    for one in found:
        if now_playing.is_playing() or not control.wants_clean_names():
            break
        try:
            if one.problem:
                raise Declined(one.problem)
            renaming.rename_one(one, now.batch, hand)
            now = replace(now, after=one.song_id, renamed=now.renamed + 1, why="")
        except AdminOnly:
            _note(now, why=ADMIN_ONLY)
            return AGAIN_AFTER
        except Unreachable as error:
            _note(now, why=str(error))
            return AGAIN_AFTER
        except Declined:
            now = replace(now, after=one.song_id, left=now.left + 1, why="")
        _note(now)
    # PiKaraoke and the disk have as much time for themselves.
    return time.monotonic() - began


def _to_come(now: Job) -> Iterable[Proposal]:
    """The files that were not come to yet, by their songs' ids."""
    if now.undoes:
        which = (Rename.batch == now.undoes) & (Rename.song > now.after)
        rows = Rename.select(Rename, Song).join(Song).where(which).order_by(Rename.song)
        yield from (
            Proposal(row.song_id, row.song.file_path, row.old_name)
            for row in rows.iterator()
            if renaming.stands(row)
        )
        return
    spared = frozenset(now.excepted)
    for one in renaming.misnamed(Song.id > now.after):
        if one.song_id not in spared:
            yield one


def _note(now: Job, **news: str) -> None:
    """Keep how far it is, where it was not stopped or replaced meanwhile."""
    with database.atomic("IMMEDIATE"):
        kept = job()
        if kept is not None and kept.batch == now.batch:
            if kept.state == STOPPED:
                now = replace(now, state=STOPPED)
            _keep(replace(now, **news))  # type: ignore[arg-type]
