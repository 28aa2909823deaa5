"""Services asked in a person's own words: what is offered, what taking it does, what is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
import visitors
from flask.testing import FlaskClient
from visitors import BROWSER, post

from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.web import create_app


@pytest.fixture
def client(library: runtime.Runtime, api: ApiServer) -> FlaskClient:
    api.catalogue = Catalogue([Known("Queen", "Innuendo", 1991, "Rock")])
    return create_app(library.settings).test_client()


def add_song(**values: Any) -> Song:
    default = {"title": "x", "confidence": 0.4, "metadata_status": "parsed"}
    return visitors.add_song("x.mp4", **{**default, **values})


def ask(client: FlaskClient, song: Song, **words: str) -> Any:
    return post(client, f"songs/{song.id}/search", words)


def test_what_services_know_is_offered_and_nothing_is_written(client: FlaskClient) -> None:
    song = add_song()
    before = list(Song.select().tuples())
    found = ask(client, song, artist="queen", title="innuendo").get_json()
    assert found["silent"] == []
    best = found["found"][0]
    assert (best["artist"], best["title"]) == ("Queen", "Innuendo")
    assert (best["year"], best["genre"]) == (1991, "Rock")
    assert best["confidence"] > 0.9
    assert list(Song.select().tuples()) == before


def test_only_what_is_empty_is_filled_in(client: FlaskClient) -> None:
    song = add_song(artist="QUEEN", title="innuendo", genre="Opera", metadata_status="manual")
    best = ask(client, song, artist="QUEEN", title="innuendo").get_json()["found"][0]
    assert (best["artist"], best["title"]) == ("QUEEN", "innuendo")
    assert (best["year"], best["genre"]) == (1991, "Opera")


def test_another_song_brings_its_own_year(client: FlaskClient) -> None:
    song = add_song(artist="ABBA", title="Waterloo", year=1974, genre="Pop")
    best = ask(client, song, artist="Queen", title="Innuendo").get_json()["found"][0]
    assert (best["year"], best["genre"]) == (1991, "Rock")


def test_what_is_taken_is_the_person_s_word(client: FlaskClient) -> None:
    song = add_song()
    address = f"/enrichment/songs/{song.id}"
    page = client.get(address, headers=BROWSER).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    words = {"csrf_token": token, "artist": "Queen", "title": "Innuendo"}
    page = client.post(f"{address}/search", data=words, headers=BROWSER).text
    form = re.search(r'data-action="take">(.*?)</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    assert client.post(address, data=fields, headers=BROWSER).status_code == 303
    now = Song.get_by_id(song.id)
    assert (now.artist, now.year, now.metadata_status) == ("Queen", 1991, "manual")


def test_what_nobody_knows_and_who_does_not_answer_is_said(
    client: FlaskClient, api: ApiServer
) -> None:
    song = add_song()
    assert ask(client, song, artist="Nobody", title="Nothing").get_json()["found"] == []
    assert ask(client, song, artist="Queen", title=" ").status_code == 400
    assert client.get("/enrichment/songs/999/search").status_code in {404, 405}
    api.fail("*", "closed")
    silent = ask(client, song, artist="Somebody", title="Else").get_json()["silent"]
    assert silent
