"""A contact is asked for at a terminal where nothing tells one, once, and kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands import asking


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> config.Settings:
    monkeypatch.setattr(config, "own_home", lambda: "")
    monkeypatch.setattr(asking, "is_terminal", lambda: True)
    return config.load({"ENRICHMENT_CONFIG": str(tmp_path / "config.ini")})


def answered(monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    left = list(words)
    monkeypatch.setattr(asking.click, "prompt", lambda *_, **__: left.pop(0))
    return left


def test_what_is_typed_is_kept(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    left = answered(monkeypatch, "call me", "host@example.org")
    assert asking.for_a_contact(settings).contact == "host@example.org"
    assert left == []
    kept = config.load({"ENRICHMENT_CONFIG": settings.config_file})
    assert asking.for_a_contact(kept).contact == "host@example.org", "and nobody is asked again"


def test_enter_alone_leaves_them_out(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(monkeypatch, "")
    assert asking.for_a_contact(settings) == settings
    assert asking.for_a_contact(settings, asks=False) == settings
