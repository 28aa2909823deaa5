"""A list on its way in: looked into, then taken or subscribed, each in a process of its own.

Nobody waits for it, and it survives a reload and a restart: how far it is stands in a file beside
the catalogue, with the list's own bytes in another. There is one at a time.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from ..config import Settings
from ..exceptions import EnrichmentError, Told
from ..models import Song
from ..system.child import Child
from ..system.file_lock import FileLock
from ..system.said import Said
from .shared.lists import plain_name, shown_link, subscribe

# What is under way, in its order; a draft is at no other step while a process works at it.
WORKING = ("fetching", "reading", "writing", "comparing")
# What a person is to say next, or is told.
READY, DONE, FAILED = "ready", "done", "failed"
SHOWN_ROWS = 8
# Seconds that a process may need until it has begun, on a Pi that has other things to do.
BEGINS_WITHIN = 30.0
# Seconds to wait for the lock: whoever asks how far a list is holds it for a moment.
LOOKED_AT_FOR = 2.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A list on its way in.

    Attributes:
        step: one of WORKING, or READY, DONE, FAILED.
        at: when it came to this step, in epoch seconds.
        file: what it was called where it came from.
        link: where it came from, "" for an upload.
        name: what it is to be called.
        names_videos: whether it is another host's list.
        columns: what its columns are called, by "artist", "title", "year" and "genre".
        rows: its first songs: artist, title, year and genre.
        songs: how many it holds.
        known: how many songs of the library it knows.
        left_out: lines without artist or title.
        trouble: why it failed, as `Said.as_text` writes it.
    """

    step: str
    at: float = 0.0
    file: str = ""
    link: str = ""
    name: str = ""
    names_videos: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)
    songs: int = 0
    known: int = 0
    left_out: int = 0
    trouble: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether a process works at it."""
        return self.step in WORKING


class Desk:
    """Where the draft lies: beside the catalogue's file."""

    def __init__(self, catalogue: Path) -> None:
        self.data = catalogue.with_name(f"{catalogue.name}.draft")
        self._state = catalogue.with_name(f"{catalogue.name}.draft.json")
        self.lock = FileLock(catalogue.with_name(f"{catalogue.name}.draft.lock"))

    def draft(self) -> Draft | None:
        """The draft as it is; one whose process has died has failed."""
        try:
            found = Draft(**json.loads(self._state.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):  # TypeError: of another version
            return None
        if found.is_under_way and self.lock.take():
            self.lock.release()
            if not 0 <= time.time() - found.at < BEGINS_WITHIN:
                return replace(found, step=FAILED, trouble=Said("list_broken_off").as_text())
        return found

    def put(self, draft: Draft) -> Draft:
        """Keep how far it is; a reader finds the whole of it or of the one before."""
        self._state.parent.mkdir(parents=True, exist_ok=True)
        draft = replace(draft, at=time.time())
        written = self._state.with_name(f"{self._state.name}.new")
        written.write_text(json.dumps(asdict(draft)), encoding="utf-8")
        os.replace(written, self._state)
        return draft

    def clear(self) -> None:
        """Forget it."""
        for path in (self._state, self.data):
            path.unlink(missing_ok=True)


def start(settings: Settings, draft: Draft, work: str) -> None:
    """Have a draft worked at in a process of its own.

    Args:
        draft: as it is to be shown meanwhile.
        work: "look", "take" or "subscribe".
    Raises:
        OSError: the disk is full, or there is no memory for another process.
    """
    Desk(settings.catalogue).put(draft)
    nothing = subprocess.DEVNULL
    words, environment = ("catalogue", "draft", work), settings.whole_environment()
    Child(*words, environment=environment, stdin=nothing, stdout=nothing)


# --- in the process -------------------------------------------------------------------------------


def work(settings: Settings, what: str) -> None:
    """Do what `start` has asked for, alone; what goes wrong is kept for whoever looks."""
    desk = Desk(settings.catalogue)
    if not desk.lock.take(LOOKED_AT_FOR):
        return
    draft = desk.draft()
    try:
        if draft is not None:
            _WORK[what](settings, desk, draft)
    except (EnrichmentError, OSError) as error:
        if isinstance(error, Told):
            said = error.said
        else:
            file = Path(getattr(error, "filename", None) or "").name
            why = getattr(error, "strerror", None) or str(error)
            said = Said("lists_unusable", file=file, error=why)
        with suppress(OSError):  # the disk is full: it is shown as broken off
            desk.put(replace(draft or Draft(FAILED), step=FAILED, trouble=said.as_text()))
    finally:
        desk.lock.release()


def _look(_: Settings, desk: Desk, draft: Draft) -> None:
    """Fetch the list where it has a link, and find out what it holds."""
    from .cataloguing import columns_found, read_head, read_list
    from .shared import reading

    if draft.link:
        from .fetching import fetch

        found = fetch(draft.link)
        assert found is not None  # as no mark was given
        desk.data.write_bytes(found.data)
        draft = desk.put(replace(draft, step="reading", file=found.name or shown_link(draft.link)))
    data = desk.data.read_bytes()
    name = plain_name(PurePath(draft.file).stem) or "songs"
    head = [] if reading.is_json(data) else read_head(data, draft.file)
    names_videos = not head or reading.names_videos(head)
    rows: Sequence[Any] = reading.read(data) if names_videos else read_list(data, draft.file)
    found_in_it = replace(
        draft,
        step=READY,
        name=name,
        names_videos=names_videos,
        columns={} if names_videos else columns_found(head),
        rows=[
            [each.artist, each.title, str(each.year or ""), each.genre or ""]
            for each in rows[:SHOWN_ROWS]
        ],
        songs=len(rows),
    )
    desk.put(found_in_it)


def _take(settings: Settings, desk: Desk, draft: Draft) -> None:
    """Read the list into the catalogue, and count the songs of the library that it knows."""
    from . import cataloguing

    def tell(step: str) -> None:
        desk.put(replace(draft, step=step))

    data = desk.data.read_bytes()
    done = cataloguing.import_data(data, draft.file, settings.catalogue, draft.name, tell)
    tell("comparing")
    named = Song.select(Song.artist, Song.title).where(Song.title.is_null(False)).tuples()
    library = ((artist or "", title) for artist, title in named.iterator())
    known = cataloguing.count_known(draft.name, settings.catalogue, library)
    _end(desk, replace(draft, songs=done.songs, known=known, left_out=done.nameless))


def _subscribe(_: Settings, desk: Desk, draft: Draft) -> None:
    """Subscribe another host's list by the draft's link."""
    from ..models import SharedList
    from .shared.lists import count_known

    done = subscribe(draft.link, draft.name)
    known = count_known(SharedList.get(SharedList.name == done.name))
    _end(desk, replace(draft, name=done.name, songs=done.videos or 0, known=known))


def _end(desk: Desk, draft: Draft) -> None:
    desk.data.unlink(missing_ok=True)
    desk.put(replace(draft, step=DONE, rows=[]))


_WORK: dict[str, Callable[[Settings, Desk, Draft], None]] = {
    "look": _look,
    "take": _take,
    "subscribe": _subscribe,
}
