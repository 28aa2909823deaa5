"""Providers that refuse, fail and come back, seen by two real consumers at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from processes import Command, count, query, wait_until

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
        *(now, now),
    )
    query(settings, "UPDATE enrichment_queue SET not_before = 0 WHERE not_before > ?", now)
    delivery = replace(settings, db=settings.queue)
    # A delivery holds its own time; one that is lost is made anew from the table.
    query(delivery, "DELETE FROM schedule WHERE timestamp > ?", now)


def waiting(settings: config.Settings) -> dict[str, Any]:
    """The progress once it says that it waits."""

    def look() -> dict[str, Any] | None:
        now = EnrichmentWorker(settings=settings).get_progress()
        return now if now["state"] == "waiting" else None

    found: dict[str, Any] = wait_until(look)
    return found


@pytest.mark.parametrize(
    ("provider", "fault", "most_asked"),
    [
        ("lastfm", "429", 8),
        ("lastfm", "503_retry", 8),
        ("lastfm", "lastfm_29", 8),
        ("lastfm", "lastfm_29_200", 8),
        ("musicbrainz", "musicbrainz_busy", 10),
        ("itunes", "itunes_403", 8),
    ],
)
def test_a_refusal_stops_every_worker_of_both_consumers_at_once(
    settings: config.Settings,
    api: ApiServer,
    made: Make,
    command: Start,
    provider: str,
    fault: str,
    most_asked: int,
) -> None:
    made(60)
    own = replace(
        settings,
        providers=(provider,),
        **{f"{provider}_rate": 20.0 if provider != "musicbrainz" else 4.0},
    )
    consumers = [command("run", "--no-dashboard", own=own) for _ in range(2)]
    wait_until(lambda: count(settings) >= 4)
    api.fail(provider, fault)
    asked = api.count()
    wait_until(lambda: health(settings, provider)["health"] in ("limited", "probing"))
    quiet_until = time.monotonic() + 2.0
    wait_until(lambda: time.monotonic() > quiet_until)
    assert api.count() - asked <= most_asked, "what was under way, and no more"
    progress = waiting(own)
    assert "too many requests" in progress["reason"]
    assert progress["retry_at"] > time.time() - 2
    assert health(settings, provider)["slowdown"] > 0, "and goes on slower"
    api.heal()
    wait_until(lambda: end_the_wait(settings) or count(settings) == 60)
    assert [consumer.end() for consumer in consumers] == [0, 0]
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


def test_a_rate_that_is_set_too_high_settles_below_the_providers_limit(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    made(130)
    api.limits = {"lastfm": 20}
    own = replace(settings, providers=("lastfm",), lastfm_rate=40.0)
    command("run", "--no-dashboard", own=own)
    command("run", "--no-dashboard", own=own)
    refusals = 0

    def is_done() -> bool:
        nonlocal refusals
        now = health(settings, "lastfm")
        if now["health"] == "limited" and now["open_until"] > time.time() + 5:
            refusals += 1
            end_the_wait(settings)
        return count(settings) == 130

    wait_until(is_done)
    assert 1 <= refusals <= 12, "then it has found the limit, whatever was under way meanwhile"
    assert health(settings, "lastfm")["slowdown"] >= 0.9, "half of what was set"
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]


@pytest.mark.parametrize("anew", ["saved", "restarted", "start"])
def test_a_bad_key_is_said_once_and_a_new_one_is_tried_at_once(
    settings: config.Settings, api: ApiServer, made: Make, command: Start, anew: str
) -> None:
    made(12)
    api.keys = frozenset({"good"})
    kept = Path(settings.config_file)
    kept.write_text("[API_KEYS]\nlastfm = bad\n")
    own = replace(settings, providers=("lastfm",), lastfm_api_key="bad")
    consumers = [command("run", "--no-dashboard", own=own) for _ in range(2)]
    wait_until(lambda: health(settings, "lastfm")["health"] == "refused")
    progress = waiting(own)
    assert progress["reason"] == "Last.fm: the API key is not valid (error 10)"
    assert progress["providers"][0]["state"] == "refused"
    assert api.count() <= 8, "once by each worker at most, not for every song"
    assert count(settings, "parsed") == 12
    if anew == "start":
        api.keys = frozenset({"bad"})  # it is in order again
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


def test_an_outage_of_all_is_waited_for_by_both_and_ends_by_itself(
    settings: config.Settings, api: ApiServer, made: Make, command: Start
) -> None:
    made(40)
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
    wait_until(lambda: count(settings) == 40)
    assert [consumer.end() for consumer in consumers] == [0, 0]
    assert query(settings, "SELECT max(enrichment_attempts) FROM songs") == [(0,)]
