"""The whole job beside the real PiKaraoke 1.23.0: its database, its scanner, its own reading."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.demo.songs import FILES, SONGS

karaoke_database = pytest.importorskip(
    "pikaraoke.lib.karaoke_database", reason="PiKaraoke is not installed: pip install pikaraoke"
)
library_scanner = pytest.importorskip("pikaraoke.lib.library_scanner")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of badly named songs, one of them with its CDG companion."""
    folder = tmp_path / "songs"
    folder.mkdir()
    for file in FILES:
        (folder / file.name).touch()
    (folder / "Queen - Radio Ga Ga.mp3").touch()
    (folder / "Queen - Radio Ga Ga.cdg").touch()
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """What the command needs to work on the test's database and to ask the stand-in, fast."""
    with ApiServer(Catalogue(SONGS, traps=True)) as api:
        urls = {f"{name}_URL": api.url for name in ("LASTFM", "MUSICBRAINZ", "ITUNES")}
        rates = {f"{name}_RATE": "200" for name in ("LASTFM", "MUSICBRAINZ", "ITUNES")}
        yield {
            **os.environ,
            **urls,
            **rates,
            "ENRICHMENT_CONFIG": str(tmp_path / "config.ini"),
            "ENRICHMENT_DB": str(tmp_path / "pikaraoke.db"),
            "ENRICHMENT_QUEUE": str(tmp_path / "queue.db"),
            "LASTFM_API_KEY": "a-key",
        }


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """The real command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "pikaraoke_enrichment", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_full_enrichment_pipeline(folder: Path, environment: dict[str, str]) -> None:
    """PiKaraoke makes its database from a folder, we enrich it, PiKaraoke reads it back."""
    pikaraoke = karaoke_database.KaraokeDatabase(environment["ENRICHMENT_DB"])
    library_scanner.LibraryScanner(pikaraoke).scan(str(folder))
    count = pikaraoke.get_song_count()

    done = run(environment, "run", "--until-done", "--no-dashboard")
    assert done.returncode == 0, done.stderr

    rows = {
        Path(row["file_path"]).name: row
        for row in pikaraoke.query("SELECT * FROM songs")  # the connection that was open all along
    }
    assert len(rows) == count == len(FILES) + 1
    assert pikaraoke.check_integrity() == (True, "ok")
    assert {row["metadata_status"] for row in rows.values()} <= {
        "enriched",
        "parsed",
        "enrichment_failed",
    }
    known = [file for file in FILES if file.song is not None]
    enriched = [file for file in known if rows[file.name]["metadata_status"] == "enriched"]
    assert len(enriched) >= 0.9 * len(known)
    queen = next(file for file in FILES if file.song and file.song.title == "Bohemian Rhapsody")
    row = rows[queen.name]
    assert (row["artist"], row["title"], row["year"]) == ("Queen", "Bohemian Rhapsody", 1975)
    assert row["genre"] == "Rock"
    assert row["confidence"] >= 0.9
    assert rows["Queen - Radio Ga Ga.mp3"]["format"] == "cdg"
    assert rows["Queen - Radio Ga Ga.mp3"]["metadata_status"] == "enrichment_failed"
    place = Path(environment["ENRICHMENT_DB"])
    (backup,) = place.parent.glob("*.before-enrichment-*")
    first = f"Library: {place}, {count} songs; as it was before: {backup.name} beside it"
    assert done.stdout.splitlines()[0] == first


def test_pikaraoke_starts_on_a_database_that_we_made(
    folder: Path, environment: dict[str, str]
) -> None:
    done = run(environment, "run", str(folder), "--until-done", "--no-dashboard")
    assert done.returncode == 0, done.stderr
    pikaraoke = karaoke_database.KaraokeDatabase(environment["ENRICHMENT_DB"])
    result = library_scanner.LibraryScanner(pikaraoke).scan(str(folder))
    assert (result.added, result.moved, result.deleted) == (0, 0, 0), "it finds what it would make"
    row = pikaraoke.query("SELECT artist FROM songs WHERE title = 'Bohemian Rhapsody'")[0]
    assert row["artist"] == "Queen"


def test_a_run_without_anything_to_do_says_what_to_do(environment: dict[str, str]) -> None:
    done = run(environment, "run", "--until-done")
    assert done.returncode == 2
    assert "Name the folder" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_giving_up_tells_why(folder: Path, environment: dict[str, str]) -> None:
    nowhere = "http://127.0.0.1:9"  # the discard port: nobody listens
    environment |= {f"{name}_URL": nowhere for name in ("LASTFM", "MUSICBRAINZ", "ITUNES")}
    environment["ENRICHMENT_GIVE_UP_AFTER"] = "2"
    done = run(environment, "run", str(folder), "--until-done", "--no-dashboard")
    assert done.returncode == 1
    assert "Given up" in done.stderr
    assert "connection refused" in done.stderr


def test_the_demonstration_runs_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path / "home")}
    rates = {f"{name}_RATE": "200" for name in ("LASTFM", "MUSICBRAINZ", "ITUNES")}
    done = run({**environment, **rates}, "demo", "--until-done")
    assert done.returncode == 0, done.stderr
    assert "This is a demonstration" in done.stdout
    assert "Dashboard: http://localhost:" in done.stdout
    assert "Oasis - Wonderwall (1995, Rock)" in done.stdout
    assert list(tmp_path.iterdir()) == []
