"""Databases of other versions: what we do not know is left alone, what is new does not break us."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import Listing
from pikaraoke_enrichment.models import Song as SongRow
from pikaraoke_enrichment.schema.migrations import PIKARAOKE_SCHEMA
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import enrich, runtime
from pikaraoke_enrichment.tasks.review import exporting
from pikaraoke_enrichment.tasks.search import listing

QUEEN = Song("Queen", "Bohemian Rhapsody", 1975, "Rock")


def run(settings: config.Settings) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pikaraoke_enrichment", "run", "--until-done", "--no-dashboard"],
        env=settings.whole_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def make(path: str, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.executescript(statement)
        connection.commit()


def query(path: str, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("CREATE TABLE songs (id INTEGER PRIMARY KEY, path TEXT)", "file_path"),
        ("CREATE TABLE notes (id INTEGER PRIMARY KEY)", "not a database of PiKaraoke"),
        (
            PIKARAOKE_SCHEMA + "CREATE TABLE enrichment_state (key TEXT PRIMARY KEY, value TEXT);"
            "INSERT INTO enrichment_state VALUES ('schema_version', '999')",
            "newer",
        ),
    ],
)
def test_a_schema_that_we_do_not_know_is_left_alone(
    settings: config.Settings, statement: str, word: str
) -> None:
    make(settings.db, statement)
    before = Path(settings.db).read_bytes()
    done = run(settings)
    assert done.returncode == 1
    assert word in done.stderr
    assert "left as it is" in done.stderr
    assert "Traceback" not in done.stderr
    assert Path(settings.db).read_bytes() == before


@pytest.mark.parametrize("kind", ["TEXT DEFAULT 'unsung'", "INTEGER DEFAULT 7", "BLOB", "REAL"])
def test_columns_that_pikaraoke_may_add_one_day(
    settings: config.Settings, api: ApiServer, kind: str
) -> None:
    """Also one named `confidence`: it is not ours, and ours gets another name."""
    api.catalogue = Catalogue([QUEEN])
    make(
        settings.db,
        PIKARAOKE_SCHEMA,
        "ALTER TABLE songs ADD COLUMN language TEXT DEFAULT 'en'",
        f"ALTER TABLE songs ADD COLUMN confidence {kind}",
        "CREATE TABLE setlists (id INTEGER PRIMARY KEY, song_id INTEGER REFERENCES songs(id))",
        "INSERT INTO songs (file_path, format) VALUES ('/a/Queen - Bohemian Rhapsody.mp4', 'mp4')",
        "INSERT INTO songs (file_path, format, confidence) VALUES ('/a/Who knows.mp4', 'mp4', 'x')",
        "PRAGMA user_version = 2",
    )
    theirs = "SELECT id, language, confidence FROM songs ORDER BY id"
    before = query(settings.db, theirs)
    done = run(replace(settings, while_playing="pause"))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    columns = "artist, year, metadata_status, enrichment_confidence > 0.9"
    found = query(settings.db, f"SELECT {columns} FROM songs WHERE file_path LIKE '%Queen%'")
    assert found == [("Queen", 1975, "enriched", 1)]
    assert query(settings.db, theirs) == before, "what is PiKaraoke's stays as it was"
    assert query(settings.db, "PRAGMA user_version") == [(2,)]


def test_another_library_has_our_column_under_its_own_name(
    settings: config.Settings, tmp_path: Path
) -> None:
    """One process, one library after the other: what is read and written goes by the name there."""
    theirs, ours = str(tmp_path / "theirs.db"), str(tmp_path / "ours.db")
    make(theirs, PIKARAOKE_SCHEMA, "ALTER TABLE songs ADD COLUMN confidence TEXT DEFAULT 'high'")
    row = "INSERT INTO songs (file_path, format) VALUES ('/a/Toto - Africa.mp4', 'mp4')"
    for path, column in ((theirs, "enrichment_confidence"), (ours, "confidence")) * 2:
        runtime.forget()
        runtime.configure(replace(settings, db=path, queue=f"{path}.queue"))
        if not query(path, "SELECT 1 FROM songs"):
            make(path, row)
        enrich.follow()
        SongRow.update(confidence=0.75).execute()
        listing.index([1])
        assert SongRow.get(SongRow.confidence > 0.7).confidence == 0.75
        assert Listing.get().confidence == 0.75
        assert next(exporting.songs())["confidence"] == 0.75
        assert query(path, f"SELECT {column} FROM songs") == [(0.75,)]
    assert query(theirs, "SELECT confidence FROM songs") == [("high",)]
    runtime.forget()
    close_library()
