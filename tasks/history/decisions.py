"""All that people have said, newest first: one song at a time, many together, and files renamed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import Any

from peewee import SQL, fn

from ...models import CandidateRow, Change, Rename, Song

# What people do, as a page filters it: the actions of a change.
KINDS: dict[str, tuple[str, ...]] = {
    "edited": ("edit", "swap"),
    "accepted": ("accept", "verify", "as_read"),
    "rejected": ("reject",),
    "imported": ("import",),
    "renamed": (),
    "undone": (),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One word of a person.

    Attributes:
        at: epoch seconds.
        kind: "change" of one song, "batch" of several, or "rename" of files.
        action: of a change, "" for a rename.
        batch: the name of those that were made together, "" for a single one.
        count: songs that it was about; standing: for how many of these it still holds.
        change: the change itself where it is about one song alone; else one of the batch's.
    """

    at: float
    kind: str
    action: str
    batch: str = ""
    count: int = 1
    standing: int = 1
    change: Change | None = field(default=None, compare=False)


def latest(most: int, *, before: float | None = None, kind: str = "") -> list[Decision]:
    """The decisions made before a moment.

    Args:
        most: so many of them.
        before: epoch seconds; None begins with the newest.
        kind: one of KINDS; "" takes all.
    """
    moment = time.time() + 86_400 if before is None else before
    sources: list[Iterator[Decision]] = []
    if kind != "renamed":
        sources += [_singles(moment, kind, most), _batches(moment, kind)]
    if kind in ("", "renamed"):
        sources.append(_renames(moment))
    return list(islice(merge(*sources, key=attrgetter("at"), reverse=True), most))


def _wanted(moment: float, kind: str) -> Any:
    wanted = (Change.source == "person") & (Change.at < moment)
    if kind == "undone":
        wanted &= Change.undone_at.is_null(False)
    elif kind:
        wanted &= Change.action.in_(KINDS[kind])
    return wanted


def _singles(moment: float, kind: str, most: int) -> Iterator[Decision]:
    made: Any = Change.select(Change, Song).join(Song)
    made = made.where(_wanted(moment, kind) & (Change.batch == ""))
    for change in made.order_by(Change.at.desc(), Change.id.desc()).limit(most):
        stands = int(change.undone_at is None)
        yield Decision(change.at, "change", change.action, "", 1, stands, change)


def _batches(moment: float, kind: str) -> Iterator[Decision]:
    stands = fn.SUM(SQL("CASE WHEN undone_at IS NULL THEN 1 ELSE 0 END"))
    made: Any = (
        Change.select(Change.batch, fn.MIN(Change.id), fn.COUNT(SQL("*")), stands)
        .where(_wanted(moment, kind) & (Change.batch > ""))
        .group_by(Change.batch)
        .order_by(fn.MAX(Change.at).desc())
        .tuples()
    )
    for batch, first, count, standing in made:
        change = Change.get_by_id(first)
        yield Decision(change.at, "batch", change.action, batch, count, standing, change)


def _renames(moment: float) -> Iterator[Decision]:
    made: Any = (
        Rename.select(Rename.batch, fn.MIN(Rename.at), fn.COUNT(SQL("*")))
        .group_by(Rename.batch)
        .having(fn.MIN(Rename.at) < moment)
        .order_by(fn.MIN(Rename.at).desc())
        .tuples()
    )
    for batch, at, count in made:
        yield Decision(at, "rename", "", batch, count, count)


def refused_by(before: dict[str, object], after: dict[str, object]) -> list[tuple[str, str]]:
    """Artist and title of the candidates that a change has refused."""
    was, now = before.get("rejected") or [], after.get("rejected") or []
    assert isinstance(was, list)
    assert isinstance(now, list)
    ids = sorted({*now} - {*was})
    rows = CandidateRow.select().where(CandidateRow.id.in_(ids)).order_by(CandidateRow.rank)
    return [(row.artist, row.title) for row in rows] if ids else []
