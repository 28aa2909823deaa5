"""Wishes that outlive every process, and the progress that every face shows."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from servers import songs_in_file

import pikaraoke_enrichment as ours
from pikaraoke_enrichment import config
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import (
    ProviderState,
    QueueEntry,
    Song,
    SongDetail,
    State,
    get_state,
)
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import control, progress, runtime
from pikaraoke_enrichment.tasks.progress import get_progress, results_since
from pikaraoke_enrichment.tasks.queue.liveness import Presence
from pikaraoke_enrichment.tasks.runtime import presence_of

pytestmark = pytest.mark.usefixtures("library")

# DESIGN.md's progress JSON, which other programs read.
FIELDS = {
    "state", "reason", "total", "processed", "enriched", "failed", "parsed", "manual", "remaining",
    "percent", "rate_per_second", "eta_seconds", "current", "providers", "recent", "updated_at",
}  # fmt: skip
STATUSES = ["pending", "parsed", "enriched", "enriched", "enrichment_failed", "manual"]


@pytest.fixture
def consumer(library: runtime.Runtime) -> Iterator[Presence]:
    """Another consumer that lives."""
    presence = presence_of(library.settings)
    presence.enter()
    yield presence
    presence.leave()


@pytest.fixture
def songs(library: runtime.Runtime) -> list[Song]:
    """A song of every status; the first two wait, one of them under way."""
    del library
    made = [
        Song.create(file_path=f"/songs/{n}.mp4", format="mp4", metadata_status=status)
        for n, status in enumerate(STATUSES)
    ]
    QueueEntry.create(song=made[0])
    QueueEntry.create(song=made[1], claim="somebody")
    for song in made[1:]:  # the first is an upload, whose name the consumer reads
        SongDetail.create(song=song, file_name=song.file_path[7:])
    return made


# --- wishes ---------------------------------------------------------------------------------------


def test_nothing_runs_before_anybody_said_so() -> None:
    assert control.wishes() == control.Wishes(running=False, paused=False, decided=False)


def test_start_stop_pause_resume() -> None:
    control.start()
    assert control.wishes().may_work
    control.pause()
    assert control.wishes() == control.Wishes(running=True, paused=True)
    assert not control.wishes().may_work
    control.resume()
    assert control.wishes().may_work
    control.stop()
    assert not control.wishes().may_work


def test_start_ends_a_pause_and_resume_starts_nothing() -> None:
    control.start()
    control.pause()
    control.start()
    assert control.wishes().may_work
    control.stop()
    control.pause()
    control.resume()
    assert not control.wishes().running


def test_work_starts_by_itself_only_before_a_person_decided() -> None:
    control.start_unless_decided()
    assert control.wishes().may_work
    control.stop()
    control.start_unless_decided()
    assert not control.wishes().may_work
    control.start()
    control.pause()
    control.start_unless_decided()
    assert control.wishes().paused


def test_a_pause_before_the_first_scan_is_kept() -> None:
    control.pause()
    control.start_unless_decided()
    assert control.wishes() == control.Wishes(running=True, paused=True)


def test_wishes_outlive_a_restart_and_stand_where_the_design_says() -> None:
    control.start()
    control.pause()
    control.set_started()
    close_library()
    runtime.runtime().open()
    assert control.wishes() == control.Wishes(running=True, paused=True)
    assert {row.key for row in State.select()} >= {
        "worker_running",
        "worker_paused",
        "worker_started_at",
    }
    assert float(get_state("worker_started_at") or 0) == pytest.approx(time.time(), abs=5)


def test_a_wish_of_another_process_is_seen_at_once(settings: config.Settings) -> None:
    subprocess.run(
        [sys.executable, "-m", "pikaraoke_enrichment", "start"],
        env=settings.whole_environment(),
        check=True,
        capture_output=True,
    )
    assert control.wishes().may_work


def test_the_python_face_says_the_same() -> None:
    ours.start_enrichment()
    assert control.wishes().may_work
    ours.pause_enrichment()
    assert control.wishes().paused
    ours.resume_enrichment()
    ours.stop_enrichment()
    assert control.wishes() == control.Wishes(running=False, paused=False)
    assert ours.get_enrichment_progress()["state"] == "offline"


# --- the snapshot ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("songs")
def test_songs_that_pikaraoke_added_while_no_consumer_ran_still_wait() -> None:
    """The page said "Offline" and "nothing left to do" of a library that nobody had looked at."""
    for number in range(3):
        Song.create(file_path=f"/songs/new {number}.mp4", format="mp4")
    snapshot = get_progress()
    assert (snapshot["total"], snapshot["remaining"], snapshot["processed"]) == (9, 5, 4)
    assert snapshot["percent"] == 44.4


@pytest.mark.usefixtures("songs")
def test_the_progress_has_every_field_of_the_design_and_is_json() -> None:
    snapshot = get_progress()
    assert set(snapshot) >= FIELDS
    assert json.loads(json.dumps(snapshot)) == snapshot
    assert {"name", "state", "retry_at", "requests"} <= set(snapshot["providers"][0])
    assert [provider["name"] for provider in snapshot["providers"]] == [
        "lastfm",
        "musicbrainz",
        "itunes",
    ]


@pytest.mark.usefixtures("songs")
def test_songs_are_counted_by_status() -> None:
    snapshot = get_progress()
    assert snapshot["total"] == 6
    assert (snapshot["enriched"], snapshot["failed"]) == (2, 1)
    assert (snapshot["parsed"], snapshot["manual"]) == (1, 1)
    assert (snapshot["remaining"], snapshot["processed"]) == (2, 4)
    assert snapshot["percent"] == 66.7
    assert snapshot["updated_at"] == pytest.approx(time.time(), abs=5)


def test_songs_that_are_looked_up_anew_are_still_what_they_were(songs: list[Song]) -> None:
    """After `enqueue` "6/31 (19.4%)  enriched 7" stood there."""
    QueueEntry.insert_many([{"song": song, "priority": 50} for song in songs[2:5]]).execute()
    snapshot = get_progress()
    assert (snapshot["processed"], snapshot["remaining"], snapshot["enriched"]) == (4, 5, 2)


def test_an_empty_library_is_done() -> None:
    snapshot = get_progress()
    assert (snapshot["total"], snapshot["remaining"], snapshot["percent"]) == (0, 0, 100.0)
    assert snapshot["eta_seconds"] == 0
    assert snapshot["recent"] == []
    assert snapshot["current"] is None


@pytest.mark.usefixtures("songs")
def test_without_a_consumer_the_worker_is_offline_whatever_is_wished() -> None:
    control.start()
    snapshot = get_progress()
    assert snapshot["state"] == "offline"
    assert snapshot["current"] is None, "nobody works at it"


def note(provider: str, **values: Any) -> None:
    """Write into a provider's row."""
    ProviderState.insert(name=provider, **values).on_conflict(
        conflict_target=[ProviderState.name], update=values
    ).execute()


@pytest.mark.usefixtures("songs", "consumer")
def test_wishes_and_providers_show_at_once_between_two_snapshots() -> None:
    control.start()
    progress.publish(progress.compose(runtime.runtime()))
    assert get_progress()["state"] == "running"
    control.pause()
    assert get_progress()["state"] == "paused"
    control.stop()
    assert get_progress()["state"] == "stopped"
    control.start()
    until = time.time() + 60
    for name in ("lastfm", "musicbrainz", "itunes"):
        note(name, health="open", open_until=until, reason="down")
    snapshot = get_progress()
    assert snapshot["state"] == "waiting"
    assert snapshot["reason"].endswith("down")
    assert snapshot["retry_at"] == pytest.approx(until, abs=2)
    shown = snapshot["providers"][0]
    assert (shown["state"], shown["reason"]) == ("open", "down")
    assert shown["retry_at"] == pytest.approx(until, abs=2)


@pytest.mark.usefixtures("songs", "consumer")
def test_the_song_under_way_is_named() -> None:
    assert progress.compose(runtime.runtime())["current"] == "1.mp4"


def test_todays_requests_are_shown_and_yesterdays_are_not() -> None:
    today = time.strftime("%Y-%m-%d")
    note("lastfm", day=today, requests=7)
    note("itunes", day="2020-01-01", requests=9)
    shown = {provider["name"]: provider["requests"] for provider in get_progress()["providers"]}
    assert shown == {"lastfm": 7, "musicbrainz": 0, "itunes": 0}


def test_the_last_results_come_newest_first_and_no_more_than_twenty() -> None:
    for number in range(25):
        song = Song.create(
            file_path=f"/songs/{number}.mp4",
            format="mp4",
            artist="Queen",
            title=str(number),
            metadata_status="enriched",
            confidence=0.95,
        )
        decided = {"file_name": f"{number}.mp4", "decided_at": 1000.0 + number}
        SongDetail.create(song=song, sources='{"title": "lastfm"}', **decided)
    recent = get_progress()["recent"]
    assert [item["title"] for item in recent] == [str(number) for number in range(24, 4, -1)]
    since = results_since(recent[-1]["at"] - 1000)
    assert [item["title"] for item in since] == [str(number) for number in range(25)]
    assert results_since(recent[1]["at"]) == recent[:1]
    newest = recent[0]
    assert (newest["source"], newest["level"], newest["colour"]) == (
        "Last.fm",
        "High Confidence",
        "green",
    )


# --- what reading it costs ------------------------------------------------------------------------


def statements_of(action: Any) -> list[str]:
    """The SQL that an action sends to the songs database."""
    seen: list[str] = []
    database.connection().set_trace_callback(seen.append)
    try:
        action()
    finally:
        database.connection().set_trace_callback(None)
    return seen


def touches_songs(statements: list[str]) -> int:
    return sum('"songs"' in text or "from songs" in text.lower() for text in statements)


@songs_in_file
@pytest.mark.usefixtures("songs", "consumer")
def test_while_a_consumer_lives_nobody_reads_the_songs_table() -> None:
    progress.publish(progress.compose(runtime.runtime()))
    seen = statements_of(lambda: [get_progress() for _ in range(20)])
    assert seen, "the trace works"
    assert touches_songs(seen) == 0
    assert get_progress()["total"] == 6


@songs_in_file
@pytest.mark.usefixtures("songs")
def test_without_a_consumer_the_songs_are_counted_once_in_two_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    first = touches_songs(statements_of(get_progress))
    assert first > 0
    assert touches_songs(statements_of(lambda: [get_progress() for _ in range(50)])) == 0
    clock[0] += 1.9
    assert touches_songs(statements_of(get_progress)) == 0
    clock[0] += 0.2
    assert touches_songs(statements_of(get_progress)) == first


@songs_in_file
@pytest.mark.usefixtures("songs")
def test_reading_the_progress_writes_nothing() -> None:
    get_progress()
    before = database.execute_sql("SELECT total_changes()").fetchone()
    for _ in range(5):
        get_progress()
    assert database.execute_sql("SELECT total_changes()").fetchone() == before


@pytest.mark.usefixtures("songs")
def test_another_library_shows_other_counts_at_once(
    settings: config.Settings, tmp_path: Any
) -> None:
    from dataclasses import replace

    assert get_progress()["total"] == 6
    other = str(tmp_path / "other.db")
    runtime.configure(replace(settings, db=other, queue=config.default_queue(other)))
    assert get_progress()["total"] == 0
