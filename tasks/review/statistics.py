"""What the work has come to: how much was found when, how often each level was right, whose answers
were taken."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import SQL, fn

from ...database.connection import pairs
from ...models import Change, SongDetail
from ..names.folding import fold
from ..runtime import Remembered
from ..scoring import LEVELS, level_of

COUNT_AGAIN_AFTER = 10.0  # seconds
HOUR, DAY = 3600.0, 86_400.0
HOURS, DAYS = 24, 14
# How many of people's words are counted, the latest ones.
MOST_WORDS = 5000


@dataclass(frozen=True, slots=True)
class Span:
    """An hour or a day: when it began, in epoch seconds, and how many songs were decided in it."""

    at: float
    count: int


@dataclass(frozen=True, slots=True)
class Truth:
    """How many songs of a level a person has looked at, and how many of them were right."""

    looked_at: int
    right: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """All of it.

    Attributes:
        hours, days: the latest ones, the oldest first.
        truth: level's name -> Truth, of the levels that a person has looked at.
        answers: provider -> how many of its answers were taken, the most first.
    """

    hours: tuple[Span, ...]
    days: tuple[Span, ...]
    truth: dict[str, Truth]
    answers: dict[str, int]


def _counted() -> Statistics:
    now = time.time()
    midnight = time.mktime((*time.localtime(now)[:3], 0, 0, 0, 0, 0, -1))
    hours, days = _spans(now - now % HOUR, HOUR, HOURS), _spans(midnight, DAY, DAYS)
    standing = (Change.source == "person") & Change.undone_at.is_null()
    made: Any = Change.select(Change.song, Change.before, Change.after).where(standing)
    rows = made.order_by(Change.at.desc()).limit(MOST_WORDS).tuples()
    words = ((song_id, json.loads(before), json.loads(after)) for song_id, before, after in rows)
    by_service = (Change.source > "") & (Change.source != "person")
    taken = Change.select(Change.source, fn.COUNT(SQL("*"))).where(by_service)
    answers: Counter[str] = Counter()
    for sources, count in pairs(taken.group_by(Change.source)).items():
        answers.update(dict.fromkeys(sources.split(","), count))
    return Statistics(tuple(hours), tuple(days), truth(words), dict(answers.most_common()))


statistics = Remembered(COUNT_AGAIN_AFTER, _counted)
forget = statistics.forget


def _spans(last: float, long: float, many: int) -> Iterable[Span]:
    for number in reversed(range(many)):
        at = last - number * long
        within = (SongDetail.decided_at >= at) & (SongDetail.decided_at < at + long)
        yield Span(at, SongDetail.select().where(within).count())


def truth(words: Iterable[tuple[int, Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, Truth]:
    """How often each level was right, by what people have made of its songs.

    A song was right where artist and title are the same to the ear after a person's first word.
    One that is rejected as it stands was wrong; candidates rejected beside it say nothing.

    Args:
        words: song id, and the fields before and after, the latest first.
    """
    first: dict[int, tuple[str, bool]] = {}
    for song_id, before, after in words:
        status = before.get("metadata_status")
        if status in (None, "manual"):
            continue
        level = level_of(before.get("confidence"), status).name
        is_right = after.get("metadata_status") == "manual" and all(
            fold(before.get(name) or "") == fold(after.get(name) or "")
            for name in ("artist", "title")
        )
        first[song_id] = level, is_right
    looked_at, right = Counter[str](), Counter[str]()
    for level, is_right in first.values():
        looked_at[level] += 1
        right[level] += is_right
    return {
        level.name: Truth(looked_at[level.name], right[level.name])
        for level in LEVELS
        if looked_at[level.name]
    }
