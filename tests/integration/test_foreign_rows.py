"""PiKaraoke's table is not ours alone: whatever stands in a row costs that row only."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from polling import wait_until
from visitors import BROWSER

from pikaraoke_enrichment.commands import doctor
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import QueueEntry, Song
from pikaraoke_enrichment.tasks import control, enrich, runtime
from pikaraoke_enrichment.tasks import library as rows
from pikaraoke_enrichment.tasks.review import browsing, editing
from pikaraoke_enrichment.web import create_app

COLUMNS = (
    "youtube_id",
    "format",
    "artist",
    "title",
    "variant",
    "year",
    "genre",
    "metadata_status",
    "enrichment_attempts",
    "last_enrichment_attempt",
    "created_at",
    "updated_at",
    "confidence",
)
VALUES = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(st.characters(codec="utf-8"), max_size=20)
    | st.binary(max_size=20)
)
PAGES = ("songs?q=a", "songs?sort=unsure", "songs?sort=oldest", "songs/2")


def pages(app: Flask) -> list[str]:
    """Every page that an address alone asks for."""
    rules = [str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    plain = [rule for rule in rules if rule.startswith("/enrichment/") and "<" not in rule]
    asked = [rule.removeprefix("/enrichment/") for rule in plain if "login" not in rule]
    return [*asked, *PAGES]


def put(row: dict[str, Any], path: Any = "/songs/strange.mp4") -> None:
    """As any program may, past every model."""
    row = {"format": "mp4", **{name: value for name, value in row.items() if value is not None}}
    names = ", ".join(["id", "file_path", *row])
    marks = ", ".join("?" * (len(row) + 2))
    database.execute_sql(f"INSERT INTO songs ({names}) VALUES ({marks})", (2, path, *row.values()))


def is_found() -> bool:
    """Take up what is to be done now; whether the song beside the strange one was found."""
    while (task := enrich.huey.dequeue()) is not None:
        enrich.huey.execute(task)
    song = Song.get_by_id(1)
    return (song.artist, song.title, song.metadata_status) == ("Queen", "Innuendo", "enriched")


@given(row=st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, VALUES)))
@example(row=dict.fromkeys(COLUMNS, b"\xff\x00"))
@example(row=dict.fromkeys(COLUMNS, 10**15))
@example(row=dict.fromkeys(COLUMNS, "many"))
@example(row=dict.fromkeys(COLUMNS, -1.5))
@example(row={"metadata_status": "enriched", "confidence": "high", "year": "1999?", "title": 7})
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_row_of_foreign_values_costs_itself_only(
    library: runtime.Runtime, api: ApiServer, row: dict[str, Any]
) -> None:
    api.catalogue = Catalogue([Known("Queen", "Innuendo", year=1991, genre="Rock")])
    Song.delete().execute()
    browsing.forget()
    Song.create(id=1, file_path="/songs/Queen - Innuendo.mp4", format="mp4")
    put(row)
    control.start()
    enrich.follow()
    wait_until(is_found)
    app = create_app(library.settings)
    client = app.test_client()
    for page in pages(app):
        answer = client.get(f"/enrichment/{page}", headers=BROWSER, follow_redirects=True)
        assert answer.status_code == 200, (page, answer.text[:2000])
    assert "Innuendo" in client.get("/enrichment/songs", headers=BROWSER).text
    json.loads(client.get("/enrichment/progress").text)
    editing.edit(2, {"title": "Mine", "artist": "Me", "year": None, "genre": None, "variant": None})
    assert Song.get_by_id(2).metadata_status == "manual"


@pytest.mark.parametrize("path", [b"/songs/\xff.mp4", 7, 1.5, "", "/", "\x00", "a" * 5000])
def test_a_row_whose_path_is_none_costs_itself_only(library: runtime.Runtime, path: Any) -> None:
    Song.create(id=1, file_path="/songs/Queen - Innuendo.mp4", format="mp4")
    put({}, path)
    enrich.follow()
    assert QueueEntry.select().where(QueueEntry.song == 1).count() == 1
    app = create_app(library.settings)
    client = app.test_client()
    for page in pages(app):
        answer = client.get(f"/enrichment/{page}", headers=BROWSER, follow_redirects=True)
        assert answer.status_code == 200, (page, answer.text[:2000])


def test_foreign_rows_are_told(library: runtime.Runtime, caplog: pytest.LogCaptureFixture) -> None:
    Song.create(id=1, file_path="/songs/Queen - Innuendo.mp4", format="mp4")
    assert rows.strange_rows() == []
    put({"title": b"x", "year": "many"})
    assert rows.strange_rows() == [2]
    enrich.reconcile()
    assert "foreign kind in songs [2]" in caplog.text
    found = {each.subject: each for each in doctor.examine(library.settings, ask_providers=False)}
    assert found["Foreign rows"].words == "1 song with values of a foreign kind: [2]"
