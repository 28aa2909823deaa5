"""What is asked for every song is found by an index: its cost does not grow with the library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from folders import folder_of

from pikaraoke_enrichment import config
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.tasks.broker import huey
from pikaraoke_enrichment.tasks.enrich import scan

OURS = ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")


@contextmanager
def noted(connection: Any) -> Iterator[set[str]]:
    """The statements that a connection runs, with their values."""
    found: set[str] = set()
    connection.set_trace_callback(found.add)
    try:
        yield found
    finally:
        connection.set_trace_callback(None)


def scans(connection: Any, statements: set[str]) -> list[tuple[str, str]]:
    """What goes through a whole table or index, and in which statement."""
    found = []
    for sql in statements:
        if sql.lstrip().upper().startswith(OURS):
            plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
            found += [(row[3], " ".join(sql.split())) for row in plan if _is_scan(row[3])]
    return found


def _is_scan(step: str) -> bool:
    # FTS5 says so of what it finds by its own index, and of a single row by its number.
    return step.startswith("SCAN") and "VIRTUAL TABLE INDEX" not in step


@pytest.fixture
def songs(settings: config.Settings, api: ApiServer, tmp_path: Path) -> Iterator[int]:
    """A scanned library of forty songs whose years only MusicBrainz knows."""
    if settings.db != str(tmp_path / "pikaraoke.db"):
        pytest.skip("the plans are SQLite's")
    made = made_up_songs(40)
    api.catalogue = Catalogue(made)
    folder = folder_of(tmp_path, made)
    runtime.forget()
    known = replace(settings, providers=("lastfm", "musicbrainz"), musicbrainz_rate=900.0)
    runtime.configure(known, is_consumer=True)
    scan(folder)
    control.start()
    yield len(made)
    runtime.forget()
    close_library()


def test_nothing_is_scanned_for_a_song(songs: int) -> None:
    with noted(database.connection()) as library, noted(huey.storage.conn) as queue:
        for _ in range(songs + 10):  # ten of them are second looks
            task = huey.dequeue()
            assert task is not None
            huey.execute(task)
    assert Song.select().where(Song.metadata_status == "enriched").count() == songs
    assert len(library) > 20 * songs
    assert scans(database.connection(), library) == []
    assert scans(huey.storage.conn, queue) == []
