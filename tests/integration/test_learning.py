"""People's edits teach: songs that wait are judged anew, from what is kept."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from queued import look_up_all

from pikaraoke_enrichment import cli, config
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import CandidateRow, QueueEntry
from pikaraoke_enrichment.models import Song as Row
from pikaraoke_enrichment.schema.migrations import PIKARAOKE_SCHEMA
from pikaraoke_enrichment.tasks.enrich import scan
from pikaraoke_enrichment.tasks.history import changes, learning
from pikaraoke_enrichment.tasks.lookup.certain_artists import reader
from pikaraoke_enrichment.tasks.parsing import NO_KNOWLEDGE
from pikaraoke_enrichment.tasks.review import editing, many, reviewing
from pikaraoke_enrichment.tasks.review.name_alone import knowledge_of

SONGS = (
    Song("Z-Qwo", "Blue Sparrow", 1999, "Pop", listeners=400_000),
    Song("Z-Qwo", "Green Wren of the Valley", 2001, "Pop", listeners=300_000),
)


pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "songs"
    folder.mkdir()
    return folder


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / f"{name}.mp4").touch()
    scan(folder)


def row(title: str) -> Row:
    found: Row = Row.get(Row.file_path.contains(title))
    return found


def test_an_edit_teaches_an_alias_and_waiting_songs_profit(api: ApiServer, folder: Path) -> None:
    api.catalogue = Catalogue(SONGS)
    put(
        folder,
        "Zulmira Qwop - Blue Sparrow (Karaoke)",
        "Zulmira Qwop - Green Wren of the Valley (Karaoke)",
    )
    look_up_all()
    assert row("Green Wren").metadata_status != "enriched"
    editing.edit(row("Blue Sparrow").id, {"artist": "Z-Qwo"})
    assert reader().knowledge.aliases == {"zulmira qwop": "Z-Qwo"}
    look_up_all()
    waiting = row("Green Wren")
    assert (waiting.artist, waiting.metadata_status) == ("Z-Qwo", "enriched")
    assert waiting.year == 2001


def test_kept_answers_are_judged_anew_without_a_request(api: ApiServer, folder: Path) -> None:
    # The artist stands in the answer of a search by title alone.
    api.catalogue = Catalogue(SONGS)
    put(folder, "Z-Qwo - Green Wren of the Valley", "Zulmira Qwop - Blue Sparrow (Karaoke)")
    put(folder, "Zulmira Qwop - Green Wren of the Valley (Karaoke)")
    look_up_all()
    waiting = Row.get(Row.file_path.contains("Zulmira Qwop - Green"))
    assert waiting.metadata_status != "enriched"
    editing.edit(row("Blue Sparrow").id, {"artist": "Z-Qwo"})
    api.forget()
    look_up_all()
    waiting = Row.get_by_id(waiting.id)
    assert (waiting.artist, waiting.metadata_status) == ("Z-Qwo", "enriched")
    assert api.count() == 0


def test_a_habit_is_learned_and_waiting_songs_are_read_anew(api: ApiServer, folder: Path) -> None:
    api.catalogue = Catalogue([])
    put(
        folder,
        "Blue Sparrow - Zulmira Qwop [Somebody's Stage Karaoke]",
        "Green Wren - Ottoline Brask [Somebody's Stage Karaoke]",
        "Red Robin - Zulmira Qwop (Karaoke)",
    )
    look_up_all()
    song = row("Blue Sparrow")
    concerned = row("Green Wren").id
    editing.edit(song.id, {"artist": "Zulmira Qwop", "title": "Blue Sparrow"})
    assert reader().knowledge.title_first == {"somebodys stage karaoke"}
    assert [entry.song_id for entry in QueueEntry.select()] == [concerned]


def test_songs_that_are_accepted_together_teach_as_one_does(api: ApiServer, folder: Path) -> None:
    api.catalogue = Catalogue(SONGS)
    put(
        folder,
        "Zulmira Qwop - Blue Sparrow (Karaoke)",
        "Ottoline Brask - Blue Sparrow [Somebody's Stage Karaoke]",
        "Zulmira Qwop - Green Wren of the Valley (Karaoke)",
    )
    look_up_all()
    picks = []
    for name in ("Zulmira Qwop - Blue", "Ottoline Brask - Blue"):
        song = row(name)
        said = {"artist": "Z-Qwo", "title": "Blue Sparrow", "confidence": 0.99}
        CandidateRow.create(song=song, rank=9, providers="lastfm", **said)
        best = reviewing.proposals(song)[0]
        picks.append((song.id, best.token, best.version))
    assert many.accept(picks).done == 2
    assert reader().knowledge.aliases == {"zulmira qwop": "Z-Qwo", "ottoline brask": "Z-Qwo"}
    look_up_all()
    waiting = row("Green Wren")
    assert (waiting.artist, waiting.metadata_status) == ("Z-Qwo", "enriched")


def test_songs_that_are_verified_as_they_are_show_their_makers_habit(folder: Path) -> None:
    put(
        folder,
        "Blue Sparrow - Zulmira Qwop [Somebody's Stage Karaoke]",
        "Green Wren - Ottoline Brask [Somebody's Stage Karaoke]",
    )
    look_up_all()
    song = row("Blue Sparrow")
    Row.update(artist="Zulmira Qwop", title="Blue Sparrow").where(Row.id == song.id).execute()
    assert many.verify([song.id]).done == 1
    assert reader().knowledge.title_first == {"somebodys stage karaoke"}
    assert [entry.song_id for entry in QueueEntry.select()] == [row("Green Wren").id]


def test_an_edit_taken_back_teaches_nothing(folder: Path) -> None:
    put(folder, "Zulmira Qwop - Blue Sparrow (Karaoke)")
    look_up_all()
    song = row("Blue Sparrow")
    editing.edit(song.id, {"artist": "Z-Qwo"})
    assert learning.knowledge().aliases
    changes.undo(song.id)
    assert not learning.knowledge().aliases


def test_what_concerns_no_waiting_song_queues_none(folder: Path) -> None:
    put(folder, "Zulmira Qwop - Blue Sparrow (Karaoke)", "Ottoline Brask - Green Wren (Karaoke)")
    look_up_all()
    editing.edit(row("Blue Sparrow").id, {"artist": "Z-Qwo"})
    assert not QueueEntry.select().exists()
    assert learning.learn([("/songs/a.mp4", None, "A")]) == []


@pytest.mark.parametrize("command", ["parse", "lookup"])
def test_the_command_reads_a_name_as_the_library_was_taught(
    command: str,
    api: ApiServer,
    folder: Path,
    settings: config.Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    api.catalogue = Catalogue(SONGS)
    put(folder, "Zulmira Qwop - Blue Sparrow (Karaoke)")
    look_up_all()
    editing.edit(row("Blue Sparrow").id, {"artist": "Z-Qwo"})
    words = [command, "Zulmira Qwop - Green Wren of the Valley (Karaoke).mp4"]
    assert cli.main(words + ["--json"] * (command == "lookup")) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["hypotheses"][0]["artist"] == "Z-Qwo"
    if command == "lookup":
        assert (told["verdict"]["artist"], told["verdict"]["year"]) == ("Z-Qwo", 2001)


def test_to_read_a_name_leaves_a_database_that_is_not_ready_as_it_is(
    settings: config.Settings, tmp_path: Path
) -> None:
    others = tmp_path / "others" / "pikaraoke.db"
    others.parent.mkdir()
    with closing(sqlite3.connect(others)) as connection:
        connection.executescript(PIKARAOKE_SCHEMA)
    before = others.read_bytes()
    for path in (others, others.with_name("none.db")):
        assert knowledge_of(replace(settings, db=str(path))) == NO_KNOWLEDGE
    assert others.read_bytes() == before
    assert list(others.parent.iterdir()) == [others]
