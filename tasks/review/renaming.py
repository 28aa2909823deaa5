"""Files renamed to what their songs are known as, by PiKaraoke's own hand, and named back."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from ... import config
from ...database.connection import database
from ...exceptions import Declined, Unreachable
from ...models import Rename, Song
from ...system.deadline import within
from .. import now_playing
from ..history import changes
from ..runtime import runtime
from ..song_files import is_song
from . import filenames, interrupted
from .interrupted import COMPANIONS

# What a name is made from is certain: a person's word or an answer of the highest level.
SURE_FROM = 0.9
MOST_SHOWN = 100
# Seconds that a folder's disk is waited for: a share that hangs held all threads of the dashboard.
PATIENCE = 2.0

# Renames one file: its path and the new name without id and extension -> its new path. Raises
# Declined with the reason where PiKaraoke will not, Unreachable where nobody answers.
Hand = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One file and the name it should have.

    Attributes:
        problem: why it keeps its name: "gone", "silent" (its disk does not answer), "playing",
            "queued", "taken" (another file has that name), "twice" (another song should have it
            too), "shared" (a song beside it has the same name, and companions would go with the
            wrong one); "" for none.
        comes_back: whether PiKaraoke can give it its old name again, sign by sign.
    """

    song_id: int
    path: str
    new_name: str
    problem: str = ""
    comes_back: bool = True

    @property
    def old_name(self) -> str:
        """The name it has."""
        return os.path.basename(self.path)

    @property
    def token(self) -> str:
        """Names what was shown in a form: this file and this name, and no other."""
        said = f"{self.path}\0{self.new_name}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of files that were to be renamed.

    Attributes:
        batch: under which they can be named back.
        renamed: how many were.
        left: name and why it was left, for the others.
    """

    batch: str
    renamed: int
    left: list[tuple[str, str]]


# --- what would be renamed ------------------------------------------------------------------------


def preview(queued: Collection[str], after: int = 0, search: str = "") -> list[Proposal]:
    """Files whose names differ from what their songs are known as, by the song's id.

    Args:
        queued: files in PiKaraoke's queue.
        after: the id after which to go on; at most MOST_SHOWN are given at a time.
        search: only files whose path has this in it.
    """
    which = Song.id > after
    if search:
        which &= Song.file_path.contains(search)
    return examined(islice(misnamed(which), MOST_SHOWN), queued)


def count() -> int:
    """How many files of certain songs should have another name."""
    return sum(1 for _ in misnamed(Song.id > 0))


def misnamed(which: Any) -> Iterator[Proposal]:
    """Files of certain songs that should have another name; as plain rows, since a library may have
    a hundred thousand that have theirs."""
    sure = (Song.metadata_status == "manual") | (
        (Song.metadata_status == "enriched") & (Song.confidence >= SURE_FROM)
    )
    fields = (Song.id, Song.file_path, Song.artist, Song.title, Song.variant)
    rows = Song.select(*fields).where(sure & which).order_by(Song.id).tuples()
    is_title_first = config.is_title_first(runtime().settings.config_file)
    for song_id, path, artist, title, variant in rows.iterator():
        name = os.path.basename(path)
        proper = filenames.proper_name(
            artist or "", title or "", variant or "", name, is_title_first=is_title_first
        )
        if proper is not None and proper != name:
            yield Proposal(song_id, path, proper)


def examined(found: Iterable[Proposal], queued: Collection[str]) -> list[Proposal]:
    """Proposals with what stands against each; looks at the disk, and asks nobody."""
    every = list(found)
    wanted = Counter(_target(one) for one in every)
    beside = _Beside()
    playing, waiting = now_playing.song_playing(), set(queued)
    return [
        replace(
            one,
            problem=(
                (one.song_id == playing and "playing")
                or (one.path in waiting and "queued")
                or beside.problem(one)
                or (wanted[_target(one)] > 1 and "twice")
                or ""
            ),
            comes_back=filenames.comes_back(one.old_name),
        )
        for one in every
    ]


class _Beside:
    """What lies in the files' folders; each is listed once."""

    def __init__(self) -> None:
        self._folders: dict[str, dict[str, list[str]]] = {}
        self._silent: set[str] = set()

    def problem(self, one: Proposal) -> str:
        folder = self._folder(os.path.dirname(one.path))
        stem, target = _stem(one.old_name), _stem(one.new_name)
        own = folder.get(stem, [])
        if os.path.dirname(one.path) in self._silent:
            return "silent"
        if one.old_name not in own:
            return "gone"
        if any(is_song(name) and name != one.old_name for name in own):
            return "shared"
        return "taken" if target != stem and target in folder else ""

    def _folder(self, path: str) -> dict[str, list[str]]:
        """Names by stem, those that could be in each other's way."""
        if path not in self._folders:
            names = defaultdict(list)
            try:
                inside = within(PATIENCE, os.listdir, path)
            except TimeoutError:
                self._silent.add(path)
                inside = []
            except OSError:
                inside = []
            for name in inside:
                if is_song(name) or os.path.splitext(name)[1].lower() in COMPANIONS:
                    names[_stem(name)].append(name)
            self._folders[path] = dict(names)
        return self._folders[path]


def _stem(name: str) -> str:
    """What names share that some disk takes for the same, whatever their extensions."""
    return unicodedata.normalize("NFC", os.path.splitext(name)[0]).casefold()


def _target(one: Proposal) -> tuple[str, str]:
    return os.path.dirname(one.path), _stem(one.new_name)


# --- renaming and naming back ---------------------------------------------------------------------


def rename(picks: Sequence[tuple[int, str]], queued: Collection[str], hand: Hand) -> Done:
    """Have files renamed as the preview showed it; what has changed since is left alone.

    Args:
        picks: song id and the proposal's token, MOST_SHOWN at most.
        queued: files in PiKaraoke's queue now.
    Raises:
        Unreachable: PiKaraoke went away; what it renamed before stays so, and can be taken back.
    """
    seen = dict(picks[:MOST_SHOWN])
    now = examined(misnamed(Song.id.in_(list(seen))), queued)
    return _have_renamed([one for one in now if one.token == seen[one.song_id]], hand)


def undo(batch: str, queued: Collection[str], hand: Hand) -> Done:
    """Have the files of a batch named back, those that still have the name it gave them.

    Raises:
        Unreachable: as `rename`.
    """
    back = [
        Proposal(row.song_id, row.song.file_path, row.old_name)
        for row in in_batch(batch)
        if stands(row)
    ]
    return _have_renamed(examined(back, queued), hand)


def _have_renamed(proposed: Sequence[Proposal], hand: Hand) -> Done:
    batch, renamed = changes.new_batch(), 0
    left: list[tuple[str, str]] = []
    for one in proposed:
        try:
            if one.problem:
                raise Declined(one.problem)
            rename_one(one, batch, hand)
            renamed += 1
        except Declined as error:
            left.append((one.old_name, str(error)))
    return Done(batch, renamed, left)


def rename_one(one: Proposal, batch: str, hand: Hand) -> None:
    """Have one file renamed; raises Declined, Unreachable.

    Noted first, so that nobody reads the new name as news, whoever sees it first; and kept where
    PiKaraoke went away in the midst of it, which may have renamed the file all the same."""
    # A power cut between note and deed leaves a note: the second try is the one that counts.
    Rename.delete().where((Rename.batch == batch) & (Rename.song == one.song_id)).execute()
    names = {"old_name": one.old_name, "new_name": one.new_name}
    noted = Rename.create(song=one.song_id, batch=batch, **names)
    try:
        path = hand(one.path, filenames.parts(one.new_name)[0])
    except Declined:
        noted.delete_instance()
        raise
    except Unreachable:
        interrupted.finish(database.execute_sql)
        raise
    if os.path.basename(path) != one.new_name:
        Rename.update(new_name=os.path.basename(path)).where(Rename.id == noted.id).execute()


# --- what was renamed -----------------------------------------------------------------------------


def in_batch(batch: str) -> list[Rename]:
    """The files that were renamed together, each with its song."""
    rows = Rename.select(Rename, Song).join(Song).where(Rename.batch == batch)
    return list(rows.order_by(Rename.id)) if batch else []


def stands(row: Rename) -> bool:
    """Whether the file has the name that it was given then."""
    return os.path.basename(str(row.song.file_path)) == str(row.new_name)


def standing(batch: str) -> int:
    """How many files of a batch have the name that it gave them; as plain rows, since a batch may
    be a whole library."""
    rows = Rename.select(Rename.new_name, Song.file_path).join(Song).where(Rename.batch == batch)
    return sum(os.path.basename(path) == name for name, path in rows.tuples().iterator())


def latest_batches() -> list[tuple[str, float, int]]:
    """Name, moment and number of files of what was renamed last."""
    found = database.execute_sql(
        "SELECT batch, min(at), count(*) FROM enrichment_rename "
        "GROUP BY batch ORDER BY max(id) DESC LIMIT 5"
    )
    return [(str(batch), float(at), int(count)) for batch, at, count in found.fetchall()]
