"""The README names every command and every setting, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from pikaraoke_enrichment.arguments import parser
from pikaraoke_enrichment.config import SPECS

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_told_and_none_that_is_not_there() -> None:
    told = set(
        re.findall(r"`((?:ENRICHMENT|LASTFM|MUSICBRAINZ|ITUNES|LISTENBRAINZ)_[A-Z_]+)`", README)
    )
    assert told == {spec.variable for spec in SPECS}


def test_every_command_is_told() -> None:
    actions = parser()._subparsers._group_actions  # type: ignore[union-attr]
    commands = set(actions[0].choices or ())
    rows = re.findall(r"^\| (`[^|]*`(?:, `[^|]*`)*)", README.replace(r"\|", "/"), re.MULTILINE)
    told = {word for row in rows for word in re.findall(r"`([a-z]+)", row)}
    assert commands <= told


def test_every_linked_file_is_there() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (Path(__file__).parents[2] / link).exists(), link
