"""Who can be reached: what counts as a contact, and where the program's own home is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.system import contact
from pikaraoke_enrichment.tasks.runtime import usable_providers, user_agent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("host@example.org", "host@example.org"),
        (" mailto:host@example.org ", "host@example.org"),
        ("https://example.org/karaoke", "https://example.org/karaoke"),
        ("example.org/karaoke", "https://example.org/karaoke"),
        ("call me", ""),
        ("me", ""),
        ("", ""),
        ("https://", ""),
        ("a@b", ""),
        ("höst@example.org", ""),
        ("host@example.org )\r\nX-Evil: 1", ""),
    ],
)
def test_what_a_user_agent_can_name(text: str, expected: str) -> None:
    assert contact.as_contact(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/someone/fork.git", "https://github.com/someone/fork"),
        ("https://someone:secret@github.com/someone/fork.git", ""),
        ("git@github.com:someone/fork.git", ""),
        ("https://git.local/fork", ""),
        ("https://localhost/fork", ""),
        ("https://192.168.0.7/fork", ""),
        ("https://git.example.org:8443/fork", ""),
        ("/srv/git/fork", ""),
        ("http://github.com/someone/fork", ""),
    ],
)
def test_a_checkout_knows_where_it_was_cloned_from(tmp_path: Path, url: str, expected: str) -> None:
    (tmp_path / "config").write_text(f'[core]\n\tbare = false\n[remote "origin"]\n\turl = {url}\n')
    assert contact._from_checkout(tmp_path) == expected


def test_a_folder_that_is_no_checkout_knows_nothing(tmp_path: Path) -> None:
    assert contact._from_checkout(tmp_path / ".git") == ""


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "own_home", lambda: "")


def settings(**variables: str) -> config.Settings:
    return config.load({"ENRICHMENT_CONFIG": "/nowhere/config.ini", **variables})


@pytest.mark.usefixtures("nowhere")
def test_without_a_contact_metabrainz_is_not_asked() -> None:
    given = settings(LISTENBRAINZ_TOKEN="t", LASTFM_API_KEY="k")
    assert usable_providers(given) == ["lastfm", "itunes"]
    assert given.lacks_contact("musicbrainz")
    assert not given.lacks_contact("itunes")
    told = settings(LISTENBRAINZ_TOKEN="t", MUSICBRAINZ_CONTACT="host@example.org")
    assert usable_providers(told) == ["listenbrainz", "musicbrainz", "itunes"]
    assert user_agent(told).endswith(" ( host@example.org )")


def test_the_programs_home_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "own_home", lambda: "https://example.org/us")
    assert user_agent(settings()).endswith(" ( https://example.org/us )")
    assert "musicbrainz" in usable_providers(settings())
