"""Which songs a person may look at, in the order in which they come up: kept, never sorted.

A library of 100,000 songs leaves 17,000 to a person; to sort them for each song that is shown took
a second.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ...database.connection import database
from ..queue import table as queue_table
from ..runtime import until_told
from ..scoring import LEVELS

# Songs that are known by their names only, with candidates to choose from; those that have an
# answer which is no more than likely; those that nobody knew. A song is in one of them at most.
LANES = ("unsure", "medium", "not_found")
# Which songs may wait: those of a status, and those at a level, by its place in LEVELS.
OPEN = frozenset({"parsed", "enrichment_failed"})
MEDIUM = next(place for place, level in enumerate(LEVELS) if level.name == "medium")


class Place(NamedTuple):
    """Where a song stands in the review: the least certain level first, in it the most sung; those
    that were skipped last."""

    lane: int
    skipped: int
    unsure: int
    sung: int
    confidence: float
    song_id: int

    def __str__(self) -> str:
        return ":".join(map(str, self))

    @classmethod
    def read(cls, text: str) -> Place:
        """The place that `str` wrote; raises ValueError for any other text."""
        lane, skipped, unsure, sung, confidence, song_id = text.split(":")
        return cls(int(lane), int(skipped), int(unsure), int(sung), float(confidence), int(song_id))


def first(lane: str = "unsure") -> Place:
    """A place before all songs of a lane."""
    return Place(LANES.index(lane), -1, 0, 0, 0.0, 0)


FIRST = first()
_COLUMNS = "lane, skipped, unsure, sung, confidence, song_id"


def waiting(lane: str = "unsure") -> int:
    """How many songs of a lane wait for a person."""
    counted = "SELECT count(*) FROM enrichment_review WHERE lane = ?"
    return int(database.execute_sql(counted, (LANES.index(lane),)).fetchone()[0])


def next_place(after: Place = FIRST) -> Place | None:
    """Where the song stands that comes up after `after`; None when it was the last of its lane."""
    found = database.execute_sql(
        f"SELECT {_COLUMNS} FROM enrichment_review WHERE lane = ? "
        "AND (skipped, unsure, sung, confidence, song_id) > (?, ?, ?, ?, ?) "
        "ORDER BY skipped, unsure, sung, confidence, song_id LIMIT 1",
        after,
    ).fetchone()
    return Place(*found) if found else None


def place_of(song_id: int) -> Place | None:
    """Where a song stands in the review; None when it does not wait for a person."""
    sql = f"SELECT {_COLUMNS} FROM enrichment_review WHERE song_id = ?"
    found = database.execute_sql(sql, (song_id,)).fetchone()
    return Place(*found) if found else None


def ahead(place: Place) -> int:
    """How many songs of its lane come up before a place."""
    counted = (
        "SELECT count(*) FROM enrichment_review WHERE lane = ? "
        "AND (skipped, unsure, sung, confidence, song_id) < (?, ?, ?, ?, ?)"
    )
    return int(database.execute_sql(counted, place).fetchone()[0])


def skip(song_id: int) -> None:
    """Put a song behind all others of its lane."""
    database.execute_sql(_SKIP, (song_id,))


_SKIP = """
UPDATE enrichment_review SET skipped = 1 + (
    SELECT o.skipped FROM enrichment_review AS o WHERE o.lane = enrichment_review.lane
    ORDER BY o.skipped DESC LIMIT 1
) WHERE song_id = ?
"""


def keep(ids: Collection[int]) -> None:
    """Have these songs, which are OPEN or MEDIUM, stand where they belong by now; within the
    caller's transaction, after `listing` has indexed them."""
    marks = ",".join("?" * len(ids))
    found = database.execute_sql(_WAITING.format(marks=marks), [*ids]).fetchall()
    if gone := [*{*ids} - {row[0] for row in found}]:
        marks = ",".join("?" * len(gone))
        database.execute_sql(f"DELETE FROM enrichment_review WHERE song_id IN ({marks})", gone)
    for row in found:
        database.execute_sql(_KEEP, row)


# A song that waits for its first look-up is nobody's business yet: it has no candidates.
_WAITING = """
SELECT l.song_id,
       CASE l.status WHEN 'parsed' THEN 0 WHEN 'enriched' THEN 1 ELSE 2 END,
       -l.level,
       -(SELECT count(*) FROM plays AS p WHERE p.song_id = l.song_id),
       l.confidence
FROM enrichment_listing AS l
WHERE l.song_id IN ({marks}) AND (l.status = 'enrichment_failed' OR EXISTS (
    SELECT 1 FROM enrichment_candidate AS c WHERE c.song_id = l.song_id AND NOT c.rejected
))
"""
_KEEP = """
INSERT INTO enrichment_review (song_id, lane, skipped, unsure, sung, confidence)
VALUES (?, ?, 0, ?, ?, ?)
ON CONFLICT (song_id) DO UPDATE SET
    lane = excluded.lane, unsure = excluded.unsure, sung = excluded.sung,
    confidence = excluded.confidence
"""


def mend() -> None:
    """Put in the likely songs that older versions left out where one look had settled them."""
    missing = [row[0] for row in database.execute_sql(_MISSING, (MEDIUM,)).fetchall()]
    for batch in until_told(queue_table.in_batches(missing)):
        with database.atomic("IMMEDIATE"):
            keep(batch)


_MISSING = """
SELECT l.song_id FROM enrichment_listing AS l
WHERE l.level = ? AND NOT EXISTS (SELECT 1 FROM enrichment_review AS r WHERE r.song_id = l.song_id)
"""


def catch_up() -> int:
    """Count anew how often the songs that wait were sung, which PiKaraoke notes in its own table;
    returns how many stand elsewhere by it."""
    stale: Sequence[tuple[int, int]] = database.execute_sql(_SUNG).fetchall()
    if stale:
        with database.atomic("IMMEDIATE"):
            for song_id, times in stale:
                moved = "UPDATE enrichment_review SET sung = ? WHERE song_id = ?"
                database.execute_sql(moved, (-times, song_id))
    return len(stale)


_SUNG = """
SELECT r.song_id, count(*) FROM plays AS p JOIN enrichment_review AS r ON r.song_id = p.song_id
GROUP BY r.song_id, r.sung HAVING count(*) <> -r.sung
"""
