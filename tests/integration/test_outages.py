"""Providers that refuse, fail and come back, seen by two real consumers at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from polling import wait_until
from processes import Command, count, query

from pikaraoke_enrichment import EnrichmentWorker, config
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.demo.server import ApiServer

Make: TypeAlias = Callable[[int], tuple[Song, ...]]
Start: TypeAlias = Callable[..., Command]


def health(settings: config.Settings, provider: str) -> dict[str, Any]:
    names = ("health", "open_until", "slowdown", "reason", "failures")
    rows = query(
        settings, f"SELECT {', '.join(names)} FROM enrichment_provider WHERE name = ?", provider
    )
    return dict(zip(names, rows[0], strict=True)) if rows else dict.fromkeys(names)


def end_the_wait(settings: config.Settings) -> None:
    """The wait that a provider asked for is over, and that of the songs which wait for it."""
    now = time.time()
    query(
        settings,
        "UPDATE enrichment_provider SET open_until = ? WHERE health = 'limited' AND open_until > ?",
        *(now, now + 1),
    )
    query(settings, "UPDATE enrichment_queue SET not_before = 0 WHERE not_before > ?", now + 1)
    # Deliveries hold their own time: without the file they are made anew from the table.
    Path(settings.queue).unlink(missing_ok=True)


def is_waited_for(settings: config.Settings) -> bool:
    """Whether a provider, or a song for its sake, waits longer than moments."""
    later = time.time() + 3
    asked = "SELECT max(open_until) > ? FROM enrichment_provider WHERE health = 'limited'"
    songs = "SELECT max(not_before) > ? FROM enrichment_queue"
    return any(query(settings, sql, later) == [(1,)] for sql in (asked, songs))


def work_off(settings: config.Settings, songs: int) -> int:
    """Let consumers work, each long wait cut short; returns how often there was one."""
    cut_short = 0

    def is_done() -> bool:
        nonlocal cut_short
        if is_waited_for(settings):
            cut_short += 1
            end_the_wait(settings)
        return count(settings) == songs

    wait_until(is_done)
    return cut_short


def waiting(settings: config.Settings) -> dict[str, Any]:
    """The progress once it says that it waits."""

    def look() -> dict[str, Any] | None:
        now = EnrichmentWorker(settings=settings).get_progress()
        return now if now["state"] == "waiting" else None

    found: dict[str, Any] = wait_until(look)
    return found


@pytest.mark.parametrize(
    ("provider", "rate", "faults"),
    [
        ("lastfm", 20.0, ("429", "503_retry", "lastfm_29", "lastfm_29_200")),
        ("musicbrainz", 4.0, ("musicbrainz_busy",)),
        ("itunes", 20.0, ("itunes_403", "429")),
    ],
)
def test_a_refusal_stops_every_worker_of_both_consumers_at_once(
    settings: config.Settings,
    api: ApiServer,
    made: Make,
    command: Start,
    provider: str,
    rate: float,
    faults: tuple[str, ...],
) -> None:
    songs = 16 * len(faults) + 8
    made(songs)
    own = replace(settings, providers=(provider,), **{f"{provider}_rate": rate})
    consumers = [command("run", "--no-dashboard", own=own) for _ in range(2)]
    for number, fault in enumerate(faults):
        wait_until(lambda number=number: count(settings) >= 4 + 16 * number)
        api.fail(provider, fault)
        asked = api.count()
        wait_until(lambda: health(settings, provider)["health"] in ("limited", "probing"))
        quiet_until = time.monotonic() + 1.0
        wait_until(lambda quiet_until=quiet_until: time.monotonic() > quiet_until)
        assert api.count() - asked <= 9, "what eight workers had under way, a probe, and no more"
        progress = waiting(own)
        assert "too many requests" in progress["reason"]
        assert progress["retry_at"] > time.time() - 2
        # One busy answer of MusicBrainz says nothing of the pace.
        is_slower = health(settings, provider)["slowdown"] > 0
        assert is_slower is (provider != "musicbrainz"), "and goes on slower"
        api.heal()
        query(settings, "UPDATE enrichment_provider SET slowdown = 0")
        end_the_wait(settings)
    work_off(settings, songs)
    assert [consumer.end() for consumer in consumers] == [0, 0]
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


def test_a_rate_that_is_set_too_high_settles_below_the_providers_limit(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    made(100)
    api.limits = {"lastfm": 20}
    own = replace(settings, providers=("lastfm",), lastfm_rate=40.0)
    for _ in range(2):
        command("run", "--no-dashboard", own=own)
    assert 1 <= work_off(settings, 100) <= 15, "then it has found the limit"
    assert health(settings, "lastfm")["slowdown"] >= 0.9, "half of what was set"
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


@pytest.mark.parametrize("anew", ["saved", "restarted", "start"])
def test_a_bad_key_is_said_once_and_a_new_one_is_tried_at_once(
    settings: config.Settings, api: ApiServer, made: Make, command: Start, anew: str
) -> None:
    made(12)
    is_suspended = anew == "start"
    if is_suspended:
        api.fail("lastfm", "lastfm_26")
    else:
        api.keys = frozenset({"good"})
    kept = Path(settings.config_file)
    kept.write_text("[API_KEYS]\nlastfm = bad\n")
    own = replace(settings, providers=("lastfm",), lastfm_api_key="bad")
    consumers = [command("run", "--no-dashboard", own=own) for _ in range(2)]
    wait_until(lambda: health(settings, "lastfm")["health"] == "refused")
    progress = waiting(own)
    said = "suspended (error 26)" if is_suspended else "not valid (error 10)"
    assert progress["reason"] == f"Last.fm: the API key is {said}"
    assert progress["providers"][0]["state"] == "refused"
    assert api.count() <= 8, "once by each worker at most, not for every song"
    assert count(settings, "parsed") == 12
    if is_suspended:
        api.heal()  # it is in order again
        assert command("start", own=own).wait() == 0
    else:
        kept.write_text("[API_KEYS]\nlastfm = good\n")
    if anew == "restarted":
        assert [consumer.end() for consumer in consumers] == [0, 0]
        command("run", "--no-dashboard", own=replace(own, lastfm_api_key="good"))
    wait_until(lambda: count(settings) == 12, 30)
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


def test_songs_decided_without_a_provider_get_another_look_when_it_answers(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    songs = made(8)
    api.keys = frozenset()
    api.catalogue = Catalogue(songs[1:])
    own = replace(settings, providers=("lastfm", "itunes"))
    command("run", "--no-dashboard", own=own)
    wait_until(lambda: not query(settings, "SELECT 1 FROM enrichment_queue"))
    assert count(settings, "enrichment_failed") == 1
    assert health(settings, "lastfm")["health"] == "refused"
    api.catalogue, api.keys = Catalogue(songs), None
    assert command("start", own=own).wait() == 0
    wait_until(lambda: count(settings) == 8, 30)


@pytest.mark.parametrize("fault", ["reset", "500", "502_html"])
def test_songs_that_were_decided_in_an_outage_get_another_look_after_it(
    settings: config.Settings, api: ApiServer, made: Make, command: Start, fault: str
) -> None:
    made(6)
    api.fail("musicbrainz", fault)
    command("run", "--no-dashboard", own=replace(settings, providers=("musicbrainz", "itunes")))
    wait_until(
        lambda: count(settings) == 6 and not query(settings, "SELECT 1 FROM enrichment_queue")
    )
    api.heal()

    def sources() -> list[str]:
        rows = query(settings, "SELECT sources FROM enrichment_reading")
        return [json.loads(row[0])["year"] for row in rows]

    assert sources() == ["itunes"] * 6
    wait_until(lambda: sources() == ["musicbrainz"] * 6, 60)


def test_an_outage_of_all_is_waited_for_by_both_and_ends_by_itself(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    made(200)
    api.latency = 0.05
    consumers = [command("run", "--no-dashboard") for _ in range(2)]
    wait_until(lambda: count(settings) >= 3)
    api.stop()
    status = waiting(settings)
    assert "connection" in status["reason"]
    assert {provider["state"] for provider in status["providers"]} <= {"open", "probing"}
    told = command("status", "--json")
    assert told.wait() == 0
    assert json.loads(told.said)["state"] == "waiting"
    api.start()
    wait_until(lambda: count(settings) == 200)
    assert [consumer.end() for consumer in consumers] == [0, 0]
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]
