"""`doctor --field-trial`: every form is asked, judged and kept, and the file holds no secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from processes import Command

from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands.field_trial import FILE, OF_ONE_ARTIST, SONGS, shortened, try_out
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.demo.server import ApiServer

KEY, TOKEN = "0123456789abcdef", "a-secret-token"
KNOWN = dict.fromkeys((*SONGS, *OF_ONE_ARTIST))
WORLD = Catalogue(Song(song.artist, song.title, song.year, "Pop") for song in KNOWN)


@pytest.fixture
def asked(settings: config.Settings, api: ApiServer) -> config.Settings:
    api.catalogue = WORLD
    return replace(
        settings,
        lastfm_api_key=KEY,
        listenbrainz_token=TOKEN,
        listenbrainz_url=api.url,
        listenbrainz_rate=1000.0,
    )


def test_each_form_is_tried_and_kept_without_keys_and_addresses(
    asked: config.Settings, tmp_path: Path, api: ApiServer
) -> None:
    trials = {(each.service, each.form): each for each in try_out(asked, tmp_path / FILE)}
    assert all(each.works for each in trials.values()), trials
    assert {form for service, form in trials if service == "MusicBrainz"} == {
        "singles",
        "dates",
        "artists",
        "recordings",
        "plain",
    }
    assert {form for service, form in trials if service == "iTunes"} == {"look-up", "artists"}
    text = (tmp_path / FILE).read_text("utf-8")
    assert not any(secret in text for secret in (KEY, TOKEN, api.url, "127.0.0.1", "tests@"))
    kept = json.loads(text)["trials"]
    assert len(kept) == len(api.requests)
    assert {each["service"] for each in kept} == {
        "listenbrainz",
        "lastfm",
        "musicbrainz",
        "itunes",
    }


def test_a_form_that_fails_is_told(asked: config.Settings, tmp_path: Path, api: ApiServer) -> None:
    api.fail("musicbrainz", "400", when=lambda request: request.path == "/ws/2/artist")
    api.fail("itunes", "itunes_error", when="artistTerm")
    trials = {(each.service, each.form): each for each in try_out(asked, tmp_path / FILE)}
    assert not trials["MusicBrainz", "artists"].works
    assert not trials["iTunes", "artists"].works
    assert trials["iTunes", "look-up"].works
    assert trials["MusicBrainz", "singles"].works


def test_the_command_prints_a_table_and_writes_the_file(
    asked: config.Settings, command: Callable[..., Command]
) -> None:
    told = command("doctor", "--field-trial", own=asked)
    assert told.wait(120) == 0
    assert "works  MusicBrainz" in told.said
    assert FILE in told.said
    Path(FILE).unlink()


def test_long_lists_and_addresses_are_left_out() -> None:
    body = {"a": list(range(99)), "artworkUrl100": "x", "url": "x", "b": {"image": [], "c": 1}}
    assert shortened(body) == {"a": list(range(12)), "b": {"c": 1}}
