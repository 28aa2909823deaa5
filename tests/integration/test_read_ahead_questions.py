"""How many requests a whole library costs, counted at the stand-in."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from folders import folder_of
from queued import look_up_all

from pikaraoke_enrichment import config
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.providers.base import NotFound, Query
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import pacing, runtime
from pikaraoke_enrichment.tasks.enrich import scan
from pikaraoke_enrichment.tasks.lookup import answer_cache, read_ahead

SONGS = made_up_songs(24)


@pytest.fixture(params=[0.9, 1000.0], ids=["in a second look", "at once"])
def library(request, settings: config.Settings, api: ApiServer, tmp_path: Path):
    """A scanned library, MusicBrainz being slower than Last.fm in one case; paced for no wait."""
    api.catalogue = Catalogue(SONGS)
    folder = folder_of(tmp_path, SONGS)
    runtime.forget()
    rates = {"lastfm_rate": 1000.0 * (2 if request.param < 1 else 1)}
    runtime.configure(replace(settings, **rates), is_consumer=True)
    scan(folder)
    yield
    runtime.forget()
    close_library()


@pytest.mark.usefixtures("library")
def test_a_library_costs_a_request_a_song_at_lastfm_and_few_at_musicbrainz(
    api: ApiServer,
) -> None:
    look_up_all()
    assert {row.metadata_status for row in Song.select()} == {"enriched"}
    assert {(row.artist, row.title): row.year for row in Song.select()} == {
        (song.artist, song.title): song.year for song in SONGS
    }
    asked = dict.fromkeys(("lastfm", "musicbrainz", "itunes"), 0)
    for request in api.requests:
        asked[request.provider] += 1
    assert asked["lastfm"] <= len(SONGS)
    assert asked["musicbrainz"] <= 4
    assert asked["itunes"] == 0


@pytest.mark.usefixtures("library")
def test_nobody_waits_for_anothers_answer_beyond_his_own_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider = next(each for each in runtime.runtime().providers if each.name == "musicbrainz")
    query = Query("Somebody", "Something")
    under_way = {("musicbrainz", answer_cache.question(query))}
    monkeypatch.setattr(read_ahead, "_in_flight", under_way)
    seen: list[list[Query]] = []

    def ask() -> None:
        with pacing.at_priority(0, seconds=0.05), read_ahead.together(0, provider, [query]) as to:
            seen.append(list(to))
        database.close()

    song = threading.Thread(target=ask, daemon=True)
    song.start()
    song.join(30)
    assert seen == [[]]
    assert under_way == {("musicbrainz", answer_cache.question(query))}, "that request goes on"


@pytest.mark.usefixtures("library")
def test_each_song_rides_at_once_with_the_likeliest_of_its_readings_in_front() -> None:
    musicbrainz = next(each for each in runtime.runtime().providers if each.name == "musicbrainz")
    offered = [*read_ahead.ahead(musicbrainz, 300, "first").values()]
    assert len(offered) == len(set(offered)) > len(SONGS)
    likeliest = {Query(song.artist, song.title) for song in SONGS}
    assert len(likeliest & set(offered[: len(SONGS)])) > len(SONGS) / 2
    assert read_ahead.ahead(musicbrainz, 0, "first") == {}


@pytest.mark.usefixtures("library")
def test_who_was_answered_rides_no_more() -> None:
    musicbrainz = next(each for each in runtime.runtime().providers if each.name == "musicbrainz")
    with read_ahead.together(0, musicbrainz, [Query("A", "B")]) as together:
        answer_cache.keep("musicbrainz", together[1], NotFound())
    riders = read_ahead.ahead(musicbrainz, 300, "first").values()
    assert together[1] not in riders
    assert together[2] in riders
