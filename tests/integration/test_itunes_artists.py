"""Several songs of one artist in one request to the store, and what becomes of the form."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from folders import folder_of
from queued import look_up_all

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import Song as Row
from pikaraoke_enrichment.providers.base import Failure, Found, NotFound, Query
from pikaraoke_enrichment.providers.http import Http, OpenGate
from pikaraoke_enrichment.providers.itunes import ITunes
from pikaraoke_enrichment.tasks.enrich import scan

TITLES = ("Waterloo", "Fernando", "Dancing Queen", "Chiquitita")
SONGS = [Song("ABBA", title, 1974 + at, "Pop") for at, title in enumerate(TITLES)]
WANTED = [Query("ABBA", title) for title in TITLES[:3]]


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer(Catalogue([*SONGS, Song("Hallelujah", "Hosanna", 1990)], traps=True)) as server:
        yield server


def ask(api: ApiServer, *forms: str) -> ITunes:
    return ITunes(Http(OpenGate(), user_agent="tests/1"), base_url=api.url, queries=forms)


def test_one_search_tells_of_all_songs_of_an_artist(api: ApiServer) -> None:
    slip, unknown = Query("Abba", "Chiquitta"), Query("ABBA", "Never Sung")
    other = Query("Queen", "Innuendo")
    outcomes = ask(api, "artists").lookup_many([*WANTED, slip, unknown, other])
    for query, outcome in zip([*WANTED, slip], outcomes, strict=False):
        assert isinstance(outcome, Found)
        assert {each.title.casefold() for each in outcome.candidates} <= {
            title.casefold() for title in TITLES if title[:6] == query.title[:6]
        }
    assert outcomes[4:] == [NotFound(), None]
    (request,) = api.requests
    assert (request.params["attribute"], request.params["limit"]) == ("artistTerm", "200")


def test_a_song_alone_is_asked_for_by_its_name(api: ApiServer) -> None:
    assert isinstance(ask(api, "artists").lookup_many(WANTED[:1])[0], Found)
    assert "attribute" not in api.requests[0].params


def test_a_title_that_was_taken_for_an_artist_is_still_found(api: ApiServer) -> None:
    api.catalogue = Catalogue(
        [*api.catalogue.songs, Song("Jeff Buckley", "Hallelujah", 1994)], traps=True
    )
    turned = [Query("Hallelujah", "Jeff Buckley"), Query("Hallelujah", "Leonard Cohen")]
    outcome = ask(api, "artists").lookup_many(turned)[0]
    assert isinstance(outcome, Found)
    assert any(each.artist == "Jeff Buckley" for each in outcome.candidates)


def test_of_more_than_are_shown_nothing_is_said(api: ApiServer) -> None:
    crowd = [Song("ABBA", f"Song Number {at}", 1980, listeners=9_000_000) for at in range(120)]
    api.catalogue = Catalogue([*SONGS, *crowd], traps=True)
    outcomes = ask(api, "artists").lookup_many(WANTED)
    assert isinstance(outcomes[0], Found)
    assert outcomes[1:] == [None, None]


@pytest.mark.parametrize("fault", ["itunes_error", "cut_json", "truncated"])
def test_a_form_that_is_not_answered_is_given_up_and_fails_no_song(
    api: ApiServer, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    api.fail("itunes", fault, when="artistTerm")
    store = ask(api, "artists")
    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            assert isinstance(store.lookup_many(WANTED)[0], Found)
    assert sum("attribute" in request.params for request in api.requests) == 2
    assert sum("ITUNES_QUERIES" in record.message for record in caplog.records) == 1


def test_it_can_be_switched_off_and_a_block_is_no_misunderstanding(api: ApiServer) -> None:
    ask(api).lookup_many(WANTED)
    assert all("attribute" not in request.params for request in api.requests)
    api.fail("itunes", "itunes_403")
    store = ask(api, "artists")
    assert [isinstance(store.lookup_many(WANTED)[0], Failure) for _ in range(3)] == [True] * 3
    assert sum("attribute" in request.params for request in api.requests) == 3


@pytest.fixture
def settings(settings: config.Settings) -> config.Settings:
    return replace(settings, providers=("itunes",))


@pytest.mark.usefixtures("library")
def test_a_library_is_asked_for_artist_by_artist(api: ApiServer, tmp_path: Path) -> None:
    api.catalogue = Catalogue([*SONGS, *(replace(song, artist="Blondie") for song in SONGS)])
    scan(folder_of(tmp_path, api.catalogue.songs))
    look_up_all()
    assert {row.metadata_status for row in Row.select()} == {"enriched"}
    assert [request.params["term"].casefold() for request in api.requests] == ["abba", "blondie"]
