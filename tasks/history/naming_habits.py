"""How the library's folders and makers write their names, learned from its own sure readings and
answers, and kept as one line of state."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache

from ...database.connection import database
from ...models import get_state, set_state
from ..judging.folder_habits import Told, learn
from ..parsing import Habit, Habits
from .learning import TAUGHT_AT

KEY = "naming_habits"
# Folders whose habits are known, and whose weak names are not all read by them yet.
TO_READ_ANEW = "folders_to_read_anew"
# How many folders and makers are kept at most, and how many folders are learned anew by the hour.
MOST_KEPT, MOST_AT_ONCE = 500, 20
ANEW_AFTER = 3600.0

_INSIDE = """
SELECT CAST(file_path AS TEXT), CAST(artist AS TEXT), CAST(title AS TEXT), metadata_status
FROM songs
WHERE substr(file_path, 1, ?) = ? ORDER BY file_path
"""
_APPLIED = "SELECT count(*) FROM songs WHERE metadata_status IN ('enriched', 'manual')"

_looked_at = time.monotonic()
_applied = -1


def habits() -> Habits:
    """What was learned so far."""
    return _decoded(get_state(KEY) or "")


@lru_cache(maxsize=1)
def _decoded(text: str) -> Habits:
    kept = json.loads(text) if text else {}
    return Habits(
        {folder: Habit(*habit) for folder, habit in kept.get("folders", {}).items()},
        {maker: Habit(*habit) for maker, habit in kept.get("makers", {}).items()},
    )


def learn_from(folders: Collection[str]) -> set[str]:
    """Learn these folders' habits anew; returns the folders whose names are to be read otherwise by
    now, until `set_read_anew`."""
    names = ((folder, told) for folder in folders for told in _inside(folder))
    found, before, left = learn(names), habits(), to_read_anew()
    others = {path: habit for path, habit in before.folders.items() if path not in folders}
    now = Habits({**others, **found.folders}, {**before.makers, **found.makers})
    nothing = Habit()
    changed = left | {
        folder
        for folder in folders
        if _reads_as(now.folders.get(folder, nothing))
        != _reads_as(before.folders.get(folder, nothing))
    }
    if changed != left:  # first, since who ends between the two reads some names twice
        set_state(TO_READ_ANEW, json.dumps(sorted(changed), ensure_ascii=False))
    if now != before:
        latest = {
            "folders": dict([*now.folders.items()][-MOST_KEPT:]),
            "makers": dict([*now.makers.items()][-MOST_KEPT:]),
        }
        set_state(KEY, json.dumps(latest, ensure_ascii=False))
        set_state(TAUGHT_AT, repr(time.time()))
    return changed


def to_read_anew() -> set[str]:
    """Folders that were learned and whose names are not all read by that yet, as whoever began was
    told to end."""
    return set(json.loads(get_state(TO_READ_ANEW) or "[]"))


def set_read_anew(folders: Collection[str]) -> None:
    """Note that the names of these folders, all of `to_read_anew`, are read."""
    if folders:
        set_state(TO_READ_ANEW, "[]")


def _reads_as(habit: Habit) -> tuple[object, object]:
    """What of a habit changes a reading; how many names show it does not."""
    return habit.first, dict(habit.numbered)


def _inside(folder: str) -> Iterator[Told]:
    """A folder's own files, not those of its subfolders, with the answers that were applied."""
    start = os.path.join(folder, "")
    for path, artist, title, status in database.execute_sql(_INSIDE, (len(start), start)):
        if os.path.dirname(path) == folder:
            song = (artist or "", title or "") if status in ("enriched", "manual") else ()
            yield Told(os.path.basename(path), *song)


def due() -> set[str]:
    """The largest folders, once an hour, where answers have come since: they teach as well."""
    global _looked_at, _applied
    if time.monotonic() - _looked_at < ANEW_AFTER:
        return set()
    _looked_at = time.monotonic()
    applied = int(database.execute_sql(_APPLIED).fetchone()[0])
    if applied == _applied:
        return set()
    _applied = applied
    paths = database.execute_sql("SELECT CAST(file_path AS TEXT) FROM songs")
    sizes = Counter(os.path.dirname(path) for (path,) in paths)
    return {folder for folder, _ in sizes.most_common(MOST_AT_ONCE)}
