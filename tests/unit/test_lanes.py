"""Which work a free worker takes: slower providers are kept busy and hold up no new song."""

from __future__ import annotations

import pytest

from pikaraoke_enrichment.tasks.broker import lanes


@pytest.mark.parametrize(
    ("second_looks", "workers", "expected"),
    [
        (0, 1, (False, True)),  # a single worker does first looks first
        (1, 1, (False, True)),
        (0, 4, (True, False)),  # one of several keeps the slower providers busy
        (1, 4, (False, True)),  # the others do first looks, and help out when there are none
        (2, 4, (False, True)),
        (3, 4, (False,)),  # the last one is kept for an upload
        (1, 2, (False,)),
    ],
)
def test_lanes(second_looks: int, workers: int, expected: tuple[bool, ...]) -> None:
    assert lanes(second_looks, workers) == expected
