"""A library of its own for each test, and the APIs' stand-in to ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import close_library
from pikaraoke_enrichment.tasks import runtime


@pytest.fixture
def api() -> Iterator[ApiServer]:
    """A stand-in that knows no song yet; put a catalogue in with `api.catalogue = …`."""
    with ApiServer() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, api: ApiServer) -> config.Settings:
    """Settings for a library in a temporary folder, with the stand-in for every service."""
    base = config.load({"ENRICHMENT_CONFIG": str(tmp_path / "config.ini")})
    db = str(tmp_path / "pikaraoke.db")
    return replace(
        base,
        db=db,
        queue=config.default_queue(db),
        lastfm_api_key="a-key",
        lastfm_url=api.url,
        musicbrainz_url=api.url,
        itunes_url=api.url,
        lastfm_rate=1000.0,
        musicbrainz_rate=1000.0,
        itunes_rate=1000.0,
        retry_delay=0.0,
        port=0,
    )


@pytest.fixture
def library(settings: config.Settings) -> Iterator[runtime.Runtime]:
    """This process opened on the library, as a consumer would be."""
    runtime.forget()
    yield runtime.configure(settings, is_consumer=True)
    runtime.forget()
    close_library()
