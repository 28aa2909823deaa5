"""Who blocks us for our contact is asked no more until that is another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.providers.base import Found, Query, Refused
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import pacing, runtime

SONG = made_up_songs(1)[0]
ASKED = Query(SONG.artist, SONG.title)


@pytest.fixture(autouse=True)
def _library() -> Iterator[None]:
    runtime.forget()
    yield
    runtime.forget()
    close_library()


def musicbrainz(settings: config.Settings) -> runtime.Provider:
    now = runtime.configure(settings, is_consumer=True)
    return next(each for each in now.providers if each.name == "musicbrainz")


def test_a_block_ends_with_another_contact_and_not_by_itself(
    settings: config.Settings, api: ApiServer
) -> None:
    api.catalogue = Catalogue([SONG])
    api.fail("musicbrainz", "musicbrainz_403", times=1)
    asked = musicbrainz(settings)
    assert isinstance(asked.lookup(ASKED), Refused)
    assert api.count("musicbrainz") == 1
    pacing.forgive_refusals(settings.contact)
    pacing.forgive_refusals()
    assert isinstance(asked.lookup(ASKED), Refused)
    assert api.count("musicbrainz") == 1, "each request would prolong the block"
    pacing.forgive_refusals("another@example.org")
    assert isinstance(asked.lookup(ASKED), Found)


def test_a_proxys_403_shuts_nothing(settings: config.Settings, api: ApiServer) -> None:
    api.catalogue = Catalogue([SONG])
    api.fail("musicbrainz", "itunes_403", times=1)
    asked = musicbrainz(settings)
    assert not isinstance(asked.lookup(ASKED), Refused)
    assert isinstance(asked.lookup(ASKED), Found)


def test_without_a_contact_nobody_of_metabrainz_is_asked(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "own_home", lambda: "")
    now = runtime.configure(replace(settings, musicbrainz_contact=""), is_consumer=True)
    assert [each.name for each in now.providers] == ["lastfm", "itunes"]
