"""Which work a free worker takes: slower providers are kept busy and hold up no new song."""

from __future__ import annotations

import pytest

from pikaraoke_enrichment.tasks.broker import lanes
from pikaraoke_enrichment.tasks.queue.table import (
    BACKLOG,
    FIRST_LOOKS,
    PERSON,
    SECOND_LOOK,
    SECOND_LOOKS,
    THIRD_LOOK,
    THIRD_LOOKS,
    lane_of,
)


@pytest.mark.parametrize(
    ("second", "third", "workers", "expected"),
    [
        (0, 0, 1, "123"),  # a single worker does first looks first
        (0, 0, 4, "231"),  # one of several keeps each of the slower providers busy
        (1, 0, 4, "312"),
        (0, 1, 4, "213"),
        (1, 1, 4, "123"),  # the others do first looks, and help out when there are none
        (2, 1, 4, "1"),  # the last one is kept for an upload
        (3, 0, 4, "1"),
        (0, 0, 2, "231"),
        (1, 0, 2, "1"),
        (0, 1, 2, "1"),
    ],
)
def test_lanes(second: int, third: int, workers: int, expected: str) -> None:
    by_sign = {"1": FIRST_LOOKS, "2": SECOND_LOOKS, "3": THIRD_LOOKS}
    busy = {SECOND_LOOKS: second, THIRD_LOOKS: third}
    assert lanes(busy, workers) == tuple(by_sign[sign] for sign in expected)


@pytest.mark.parametrize(
    ("priority", "lane"),
    [
        (PERSON, FIRST_LOOKS),
        (BACKLOG, FIRST_LOOKS),
        (SECOND_LOOK, SECOND_LOOKS),
        (THIRD_LOOK, THIRD_LOOKS),
        (THIRD_LOOK - 5, THIRD_LOOKS),
    ],
)
def test_a_priority_has_its_lane(priority: int, lane: object) -> None:
    assert lane_of(priority) == lane
