"""Where data may live: what is a server, and that nobody is shown its password."""

from __future__ import annotations

import importlib.util
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment import config
from pikaraoke_enrichment.database import urls
from pikaraoke_enrichment.exceptions import SettingsError
from pikaraoke_enrichment.system.invocation import adding

SECRET = "se-same"


@pytest.fixture(autouse=True)
def _with_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As though every driver were installed."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("/home/pi/.pikaraoke/pikaraoke.db", "/home/pi/.pikaraoke/pikaraoke.db"),
        ("redis://host/0", "redis://host/0"),
        ("redis://:se-same@host:6379/0", "redis://:***@host:6379/0"),
        ("postgresql://pi:se-same@host/songs", "postgresql://pi:***@host/songs"),
        ("postgresql://pi@host/songs?password=se-same", "postgresql://pi@host/songs"),
        ("postgresql://pi:se-same@x@host/songs?a=b", "postgresql://pi:***@host/songs"),
        ("postgresql://pi:se-same?@host/songs?a=b", "postgresql://pi:***@host/songs"),
        ("postgresql://host:5432/songs?password=s@se-same", "postgresql://***"),
        ("postgresql://pi@host/songs?a=b&password=s:e@se-same", "postgresql://***"),
    ],
)
def test_a_place_is_shown_without_its_password(place: str, shown: str) -> None:
    assert urls.shown(place) == shown


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1))
def test_no_part_of_a_password_is_shown_whatever_signs_it_holds(password: str) -> None:
    shown = urls.shown(f"postgresql://pi:{password}@host/songs")
    assert shown == "postgresql://pi:***@host/songs"


@pytest.mark.parametrize("said", ["wrong password se/same for pi", "cannot parse se%2Fsame"])
def test_what_a_driver_says_is_told_without_the_password(said: str) -> None:
    told = urls.without_password(said, "postgresql://pi:se%2Fsame@host/songs")
    assert "same" not in told
    assert "***" in told


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://pi:se-same@host",  # no database
        "postgresql://pi:se-same/1@host/songs",
        "postgresql://pi:1/se-same@host/songs",
        "postgresql://pi:1#se-same@host/songs",
        "postgresql://pi:%se-same@host/songs",
        "postgresql://host:5432/songs?password=s@se-same",
        "redis://host:6379/0?password=s@se-same",
        "redis://:se-same@host:port/0",
        "mysql://pi:se-same@host/songs",
    ],
)
@pytest.mark.parametrize("variable", ["ENRICHMENT_DB", "ENRICHMENT_QUEUE"])
def test_a_url_that_cannot_be_used_is_refused_without_its_password(variable: str, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        config.load({"ENRICHMENT_CONFIG": "/nowhere", variable: url})
    assert variable in str(caught.value)
    assert SECRET not in str(caught.value)


def test_redis_holds_no_songs() -> None:
    with pytest.raises(SettingsError, match="it takes the path of a SQLite file, or postgr"):
        config.load({"ENRICHMENT_CONFIG": "/nowhere", "ENRICHMENT_DB": "redis://host/0"})


@pytest.mark.parametrize(
    ("url", "needed"),
    [
        ("redis://:se-same@host/0", adding("redis", "redis")),
        ("postgres://h/d", adding("psycopg[binary]", "postgresql")),
    ],
)
def test_a_driver_that_is_missing_is_named_with_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, url: str, needed: str
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=re.escape(needed)) as caught:
        config.load({"ENRICHMENT_CONFIG": "/nowhere", "ENRICHMENT_QUEUE": url})
    assert SECRET not in str(caught.value)


def test_both_spellings_of_postgresql_are_one() -> None:
    settings = _loaded(ENRICHMENT_DB="postgres://host/songs")
    assert settings.db == "postgresql://host/songs"


def test_the_queue_is_on_the_songs_own_server_unless_said() -> None:
    url = "postgresql://pi:se-same@host/songs"
    settings = _loaded(ENRICHMENT_DB=url)
    assert settings.queue == url
    assert settings.catalogue.parent.is_absolute(), "each machine has its own offline catalogue"
    assert SECRET not in repr(settings)
    assert _loaded(**settings.environment()) == settings


def _loaded(**variables: Any) -> config.Settings:
    return config.load({"ENRICHMENT_CONFIG": "/nowhere/config.ini", **variables})


@pytest.mark.parametrize(
    "url", ["redis://p@ss@host/0", "postgresql://user:p@ss@host/db", "redis://:p@ss@host/0"]
)
def test_a_password_that_is_not_escaped_is_refused_and_never_shown_in_part(url: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        urls.check(url)
    assert "p@" not in urls.shown(url)
    assert "ss" not in urls.shown(url)
