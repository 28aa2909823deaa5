"""The terminal at 80 and 120 columns, compared with what is kept in terminal/; `make terminal`
renews these files, to be read before they are committed."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from terminals import on_screen

from pikaraoke_enrichment import __version__, config
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.demo.songs import SONGS, file_names
from pikaraoke_enrichment.system.terminal import columns as width

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).parent / "terminal"
# Each is a picture: the words of a command, and what is typed into it.
PICTURES = {
    "help": ("--help", ""),
    "run-help": ("run --help", ""),
    "status": ("status", ""),
    "list": ("list", ""),
    "review": ("review", "s\nq\n"),
    "doctor": ("doctor --offline", ""),
}


SHOWN = "/home/karaoke"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with the demonstration's files, its path as long as the one that is shown: where a
    sentence is broken hangs on it."""
    with tempfile.TemporaryDirectory(prefix="", dir="/tmp") as name:
        assert len(name) == len(SHOWN)
        (Path(name) / "songs").mkdir()
        for each in file_names():
            (Path(name) / "songs" / each).touch()
        yield Path(name)


@pytest.fixture
def environment(place: Path) -> Iterator[dict[str, str]]:
    """The demonstration's services; one song at a time, so that they are asked in one order."""
    with ApiServer(Catalogue(SONGS, traps=True), keys=["a-key"]) as api:
        settings = replace(
            config.load({"ENRICHMENT_CONFIG": str(place / "config.ini")}),
            db=str(place / "pikaraoke.db"),
            queue=str(place / "queue.db"),
            workers=1,
            musicbrainz_contact="me@example.org",
        )
        for name in ("lastfm", "musicbrainz", "itunes", "listenbrainz"):
            settings = settings.with_service(name, url=api.url, rate=200.0)
        settings = settings.with_service("lastfm", key="a-key")
        yield {**settings.whole_environment(), "NO_COLOR": "1", "TERM": "xterm", "PYTHONUTF8": "1"}


def seen(place: Path, lines: list[str]) -> str:
    """A picture without what another machine and another day would have."""
    text = "\n".join(lines).strip("\n") + "\n"
    text = text.replace(str(place), SHOWN).replace(__version__, "1.2.3")
    for found, shown in (
        (r"\S*bin/pikaraoke-enrichment", ".venv/bin/pikaraoke-enrichment"),
        (r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d,\d+)?)", r"2026-11-30 20:15\2"),
        (r"20:15:\d\d,\d+", "20:15:00,000"),
        (r"(Python|SQLite|Huey|Peewee) [\d.]+\d", r"\1 1.2.3"),
        (r"Schema: version \d+", "Schema: version 1"),
        (r"[\d,.]+ [GM]B free", "9.9 GB free"),
        (r"\b[0-9a-f]{12}\b", "0123456789ab"),
    ):
        text = re.sub(found, shown, text)
    return text


def compare(name: str, text: str) -> None:
    """Against the kept picture, which is renewed where that is wished."""
    kept = KEPT / f"{name}.txt"
    if os.environ.get("RENEW_TERMINAL"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, "utf-8")
    assert text == kept.read_text("utf-8"), f"{name}: make terminal renews it, if it is meant so"


def by_number(lines: list[str]) -> list[str]:
    """A run's lines with its songs in the order of their numbers: of two that wait either may be
    through first."""
    rows = [line for line in lines if re.match(r" *\d+  \d\.\d\d ", line)]
    ordered = iter(sorted(rows, key=lambda line: int(line.split()[0])))
    return [next(ordered) if line in rows else line for line in lines]


@pytest.mark.parametrize("columns", [80, 120])
def test_a_run_and_what_is_asked_after_it(
    place: Path, environment: dict[str, str], columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)  # where texts name ./consumer.sh
    program = [sys.executable, "-m", "pikaraoke_enrichment"]
    words = ["run", str(place / "songs"), "--until-done", "--no-dashboard"]
    run = by_number(on_screen([*program, *words], environment, columns))
    assert max(width(line) for line in run if "  <-  " in line) < columns, "rows never break"
    compare(f"run-{columns}", seen(place, run))
    for name, (line, keys) in PICTURES.items():
        lines = on_screen([*program, *line.split()], environment, columns, keys=keys)
        compare(f"{name}-{columns}", seen(place, lines))
