"""A library of its own for each test, and the APIs' stand-in to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from folders import folder_of
from processes import Command
from servers import STORE, Servers
from visitors import PASSWORD

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.tasks.enrich import scan
from pikaraoke_enrichment.web import create_app


@pytest.fixture
def api() -> Iterator[ApiServer]:
    """A stand-in that knows no song yet; put a catalogue in with `api.catalogue = …`."""
    with ApiServer() as server:
        yield server


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Real servers, for tests of several machines."""
    made = Servers()
    yield made
    made.end()


@pytest.fixture
def store(tmp_path: Path, servers: Servers) -> tuple[str, str]:
    """Where the songs and the queue of a test are: in files, unless .ci/servers runs these same
    tests on servers."""
    db = str(tmp_path / "pikaraoke.db")
    if STORE == "postgresql":
        db = servers.postgresql().fresh()
    if STORE.startswith("redis"):
        return db, servers.redis().fresh()
    if STORE.startswith("postgresql"):
        return db, servers.postgresql().fresh()
    return db, config.default_queue(db)


@pytest.fixture
def settings(tmp_path: Path, api: ApiServer, store: tuple[str, str]) -> config.Settings:
    """Settings for a library in a temporary folder, with the stand-in for every service."""
    base = config.load({"ENRICHMENT_CONFIG": str(tmp_path / "config.ini")})
    return replace(
        base,
        db=store[0],
        queue=store[1],
        lastfm_api_key="a-key",
        musicbrainz_contact="tests@example.org",
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


@pytest.fixture
def app(library: runtime.Runtime) -> Flask:
    """The dashboard of that library."""
    return create_app(library.settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who opens it."""
    return app.test_client()


@pytest.fixture
def guarded(library: runtime.Runtime) -> Flask:
    """The dashboard with a password."""
    settings = replace(library.settings, admin_password=PASSWORD)
    runtime.forget()
    return create_app(settings)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where songs lie."""
    made = tmp_path / "songs"
    made.mkdir()
    return made


@pytest.fixture
def command(settings: config.Settings) -> Iterator[Callable[..., Command]]:
    """Starts commands of ours as processes; none outlives the test."""
    started: list[Command] = []

    def start(*words: str, own: config.Settings = settings, **environment: str) -> Command:
        started.append(Command(own, *words, environment=environment))
        return started[-1]

    yield start
    for each in started:
        each.clean_up()


@pytest.fixture
def made(
    settings: config.Settings, api: ApiServer, tmp_path: Path
) -> Iterator[Callable[[int], tuple[Song, ...]]]:
    """Makes a scanned library of so many songs, wished to run; no consumer is there yet."""

    def make(count: int) -> tuple[Song, ...]:
        songs = made_up_songs(count)
        api.catalogue = Catalogue(songs)
        folder = folder_of(tmp_path, songs)
        runtime.forget()
        runtime.configure(settings)
        scan(folder)
        control.start()
        runtime.forget()
        close_library()
        return songs

    yield make
    runtime.forget()
    close_library()
