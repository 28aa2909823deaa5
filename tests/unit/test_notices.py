"""What is worth a notice to the host: a run that is done, what has needed them for an hour."""

from __future__ import annotations

from typing import Any

import pytest

from pikaraoke_enrichment.tasks.notices import LONG_RUN, STUCK_AFTER, Notices, place_of


def snapshot(**values: Any) -> dict[str, Any]:
    counts = {"total": 10, "enriched": 7, "parsed": 2, "failed": 1, "remaining": 0}
    return {"state": "running", "reason": "", "providers": [], **counts, **values}


def note_each_minute(notices: Notices, seen: dict[str, Any], begin: float, end: float) -> list[str]:
    """What is told while a snapshot stays the same from one time to the other."""
    told: list[str] = []
    while begin <= end:
        told += notices.note(seen, begin)
        begin += 60.0
    return told


def test_a_run_that_is_done_is_told_once() -> None:
    notices = Notices()
    assert notices.note(snapshot(), 0.0) == [], "nothing was to be done"
    assert notices.note(snapshot(remaining=3, parsed=5), 1.0) == []
    told = notices.note(snapshot(), 2.0)
    assert told == []
    assert notices.note(snapshot(remaining=LONG_RUN), 3.0) == []
    told = notices.note(snapshot(), 4.0)
    assert told == ["All 10 songs are looked up: 7 enriched, 3 wait for you"]
    assert notices.note(snapshot(), 5.0) == []


def test_a_download_is_told_only_where_it_waits_for_a_person() -> None:
    notices = Notices()
    notices.note(snapshot(), 0.0)
    notices.note(snapshot(remaining=1), 1.0)
    assert notices.note(snapshot(), 2.0) == [], "as many wait as before"
    notices.note(snapshot(remaining=1), 3.0)
    assert notices.note(snapshot(parsed=3), 4.0) == [
        "All 10 songs are looked up: 7 enriched, 4 wait for you"
    ]


def test_trouble_is_told_once_it_has_lasted_an_hour() -> None:
    notices = Notices()
    stuck = snapshot(state="waiting", reason="no network", remaining=5)
    assert notices.note(stuck, 0.0) == []
    assert note_each_minute(notices, stuck, 0.0, STUCK_AFTER - 1) == []
    told = notices.note(stuck, STUCK_AFTER)
    assert told == ["The look-ups have waited for an hour: no network"]
    assert note_each_minute(notices, stuck, STUCK_AFTER, 2 * STUCK_AFTER) == []
    notices.note(snapshot(remaining=5), 3 * STUCK_AFTER)
    assert notices.note(stuck, 4 * STUCK_AFTER) == [], "it began anew"


def test_trouble_that_is_tried_once_more_has_not_gone() -> None:
    """A refusing service is open again after an hour, until it is asked."""
    notices = Notices()
    stuck = snapshot(state="waiting", reason="no key", remaining=5)
    for minute in range(60):
        assert notices.note(stuck, minute * 60.0) == []
    assert notices.note(snapshot(remaining=5), STUCK_AFTER) == []
    assert notices.note(stuck, STUCK_AFTER + 1) != []


def test_a_service_that_shuts_us_out_is_told_though_others_are_asked() -> None:
    """A key that is refused, or a contact that is blocked: all the rest goes on meanwhile."""
    notices = Notices()
    row = {"name": "lastfm", "label": "Last.fm", "state": "refused", "reason": "bad key"}
    fine = {"name": "itunes", "label": "iTunes", "state": "open", "reason": "HTTP 500"}
    refused = snapshot(remaining=5, providers=[row, fine])
    assert note_each_minute(notices, refused, 0.0, STUCK_AFTER - 1) == []
    assert notices.note(refused, STUCK_AFTER) == ["Last.fm has not let us in for an hour: bad key"]


def test_a_full_disk_is_told_and_ends_no_other_hour() -> None:
    notices = Notices()
    stuck = snapshot(state="waiting", reason="no network", remaining=5)
    notices.note(stuck, 0.0)
    for minute in range(59):
        assert notices.failed("the disk is full", 60.0 + minute * 60.0) == []
    assert notices.note(stuck, STUCK_AFTER) == ["The look-ups have waited for an hour: no network"]
    assert notices.failed("the disk is full", STUCK_AFTER + 61.0) == [
        "The look-ups cannot go on: the disk is full"
    ]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://ntfy.sh/my-secret", "https://ntfy.sh"),
        ("https://me:word@house:8080/hook?token=1", "https://house:8080"),
        ("", ""),
    ],
)
def test_of_an_address_only_its_place_is_shown(url: str, place: str) -> None:
    assert place_of(url) == place
