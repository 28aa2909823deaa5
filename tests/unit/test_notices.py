"""What is worth a notice to the host: a run that is done, trouble that has lasted an hour."""

from __future__ import annotations

from typing import Any

from pikaraoke_enrichment.tasks.notices import STUCK_AFTER, Notices


def snapshot(**values: Any) -> dict[str, Any]:
    counts = {"total": 10, "enriched": 7, "parsed": 2, "failed": 1, "remaining": 0}
    return {"state": "running", "reason": "", **counts, **values}


def test_a_run_that_is_done_is_told_once() -> None:
    notices = Notices()
    assert notices.note(snapshot(), 0.0) == "", "nothing was to be done"
    assert notices.note(snapshot(remaining=3), 1.0) == ""
    told = notices.note(snapshot(), 2.0)
    assert told == "All 10 songs are looked up: 7 enriched, 3 wait for you"
    assert notices.note(snapshot(), 3.0) == ""


def test_trouble_is_told_once_it_has_lasted_an_hour() -> None:
    notices = Notices()
    stuck = snapshot(state="waiting", reason="Last.fm refuses our key", remaining=5)
    assert notices.note(stuck, 0.0) == ""
    assert notices.note(stuck, STUCK_AFTER - 1) == ""
    assert "Last.fm refuses our key" in notices.note(stuck, STUCK_AFTER)
    assert notices.note(stuck, 2 * STUCK_AFTER) == ""
    assert notices.note(snapshot(remaining=5), 2 * STUCK_AFTER) == ""
    assert notices.note(stuck, 2 * STUCK_AFTER + 1) == "", "another trouble has another hour"
