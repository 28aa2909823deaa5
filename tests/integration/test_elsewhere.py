"""Beside a PiKaraoke that learns to do it itself: its answers, its "manual", its "failed" hold."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from processes import query
from queued import entries, look_up_all

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import QueueEntry, Song, SongDetail
from pikaraoke_enrichment.tasks import control, enrich, runtime
from pikaraoke_enrichment.tasks.history import changes, elsewhere
from pikaraoke_enrichment.tasks.review import editing, many
from pikaraoke_enrichment.tasks.search import listing

BROWSER = {"Accept": "text/html"}
LABEL = "Changed by PiKaraoke"


@pytest.fixture
def found(library: runtime.Runtime, api: ApiServer) -> Song:
    """A song that we have found, with year and genre."""
    assert library.services
    api.catalogue = Catalogue([Known("Queen", "Innuendo", year=1991, genre="Rock")])
    Song.create(id=1, file_path="/songs/Queen - Innuendo.mp4", format="mp4")
    enrich.follow()
    control.start()
    look_up_all()
    song = Song.get_by_id(1)
    assert (song.metadata_status, song.genre, song.year) == ("enriched", "Rock", 1991)
    assert elsewhere.notice() == 0
    return song


def change(library: runtime.Runtime, song_id: int = 1, **columns: Any) -> None:
    """As another program may, which need not move `updated_at`."""
    marks = ", ".join(f"{name} = ?" for name in columns)
    query(library.settings, f"UPDATE songs SET {marks} WHERE id = ?", *columns.values(), song_id)


def state(song_id: int = 1) -> tuple[Any, ...]:
    song = Song.get_by_id(song_id)
    return song.artist, song.title, song.year, song.genre, song.metadata_status, song.confidence


def page(client: FlaskClient, song_id: int = 1) -> str:
    return client.get(f"/enrichment/songs/{song_id}", headers=BROWSER).text


# --- rows that were never ours --------------------------------------------------------------------


def test_what_somebody_else_has_found_has_no_known_confidence(
    library: runtime.Runtime, client: FlaskClient
) -> None:
    query(
        library.settings,
        "INSERT INTO songs (id, file_path, format, artist, title, genre, metadata_status) VALUES "
        "(1, '/songs/a.mp4', 'mp4', 'Queen', 'Innuendo', 'Rock', 'enriched'), "
        "(2, '/songs/b.mp4', 'mp4', 'ABBA', 'Waterloo', NULL, 'manual'), "
        "(3, '/songs/c.mp4', 'mp4', NULL, NULL, NULL, 'enrichment_failed')",
    )
    assert enrich.follow() == 0
    assert entries() == {}
    assert state(1) == ("Queen", "Innuendo", None, "Rock", "enriched", None)
    assert state(2)[4:] == ("manual", 1.0)
    assert state(3)[4] == "enrichment_failed"
    assert LABEL in page(client, 1)
    assert "from PiKaraoke" in page(client, 1) or "PiKaraoke" in page(client, 1)
    assert "Verified" in page(client, 2)
    listed = client.get("/enrichment/songs?level=elsewhere", headers=BROWSER).text
    assert "Innuendo" in listed
    assert "Waterloo" not in listed
    enrich.follow()
    enrich.reconcile()
    assert entries() == {}, "its failed is respected"


@pytest.mark.usefixtures("library")
def test_an_answer_of_ours_from_before_our_tables_were_lost_keeps_its_confidence() -> None:
    Song.create(
        id=1,
        file_path="/songs/a.mp4",
        format="mp4",
        title="Innuendo",
        metadata_status="enriched",
        confidence=0.97,
    )
    enrich.follow()
    assert state()[4:] == ("enriched", 0.97)


# --- rows of ours ---------------------------------------------------------------------------------


def test_another_song_in_our_row_keeps_nothing_of_ours(
    library: runtime.Runtime, client: FlaskClient, found: Song
) -> None:
    change(library, artist="David Bowie", title="Heroes")
    enrich.follow()
    assert state() == ("David Bowie", "Heroes", None, None, "enriched", None)
    assert entries() == {}
    shown = page(client)
    assert LABEL in shown
    assert "how sure that is, is not known" in shown
    assert elsewhere.notice() == 0, "it is noticed once"
    changes.undo(1)
    assert state() == ("Queen", "Innuendo", 1991, "Rock", "enriched", found.confidence)
    assert elsewhere.notice() == 0


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"genre": "Opera"}, ("Queen", "Innuendo", 1991, "Opera", "enriched", None)),
        ({"year": 1990}, ("Queen", "Innuendo", 1990, None, "enriched", None)),
        (
            {"title": "Innuendo!", "genre": "Pop", "year": 2000},
            ("Queen", "Innuendo!", 2000, "Pop", "enriched", None),
        ),
        ({"genre": None}, ("Queen", "Innuendo", 1991, None, "enriched", None)),
        (
            {"metadata_status": "enrichment_failed"},
            ("Queen", "Innuendo", 1991, None, "enrichment_failed", None),
        ),
        (
            {"metadata_status": "manual", "genre": "Opera"},
            ("Queen", "Innuendo", 1991, "Opera", "manual", 1.0),
        ),
    ],
)
@pytest.mark.usefixtures("found")
def test_what_it_says_holds_and_our_confidence_and_genre_go(
    library: runtime.Runtime, columns: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    change(library, **columns)
    enrich.follow()
    assert state() == expected


def test_its_manual_is_final(library: runtime.Runtime, client: FlaskClient, found: Song) -> None:
    change(library, title="Innuendo (live)", metadata_status="manual")
    enrich.queue_ids([1], 100)
    enrich.follow()
    look_up_all()
    assert state()[1] == "Innuendo (live)"
    assert "Verified" in page(client)
    assert found.title == "Innuendo"


@pytest.mark.usefixtures("found")
def test_its_failed_leaves_the_queue(library: runtime.Runtime) -> None:
    Song.create(id=2, file_path="/songs/Nobody - Nothing.mp4", format="mp4")
    enrich.follow()
    assert 2 in entries()
    change(library, 2, metadata_status="enrichment_failed")
    enrich.follow()
    assert entries() == {}


def test_it_is_noticed_without_a_consumer_too(
    library: runtime.Runtime, client: FlaskClient, found: Song
) -> None:
    library.presence.leave()
    change(library, artist="David Bowie", title="Heroes")
    listed = client.get("/enrichment/songs", headers=BROWSER).text
    assert "Heroes" in listed
    assert state()[5] is None
    assert found.confidence


def test_it_is_noticed_at_write(
    library: runtime.Runtime, api: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While we ask, PiKaraoke answers: our answer comes too late."""
    api.catalogue = Catalogue([Known("Queen", "Innuendo", year=1991, genre="Rock")])
    Song.create(id=1, file_path="/songs/Queen - Innuendo.mp4", format="mp4")
    enrich.follow()
    control.start()
    settle = enrich.outcome.settle

    def late(*given: Any) -> Any:
        change(library, artist="QUEEN", title="INNUENDO", metadata_status="enriched")
        monkeypatch.setattr(enrich.outcome, "settle", settle)
        return settle(*given)

    monkeypatch.setattr(enrich.outcome, "settle", late)
    look_up_all()
    assert state() == ("QUEEN", "INNUENDO", None, None, "enriched", None)
    assert QueueEntry.select().count() == 0
    assert changes.history(1)[0].action == "elsewhere"


# --- what is no change ----------------------------------------------------------------------------


def test_our_own_words_are_nobody_elses(library: runtime.Runtime, found: Song) -> None:
    song_id = found.id
    editing.edit(song_id, {"title": "Innuendo 2"})
    assert elsewhere.notice() == 0
    changes.undo(song_id)
    assert elsewhere.notice() == 0
    many.verify([song_id])
    changes.undo(song_id)
    enrich.queue_ids([song_id], 100)
    look_up_all()
    assert elsewhere.notice() == 0
    name = "/songs/Queen - Innuendo (HD).mp4"
    query(
        library.settings,
        "UPDATE songs SET file_path = ?, updated_at = CURRENT_TIMESTAMP WHERE id = 1",
        name,
    )
    enrich.follow()
    assert state()[4:] == ("enriched", found.confidence)


def test_songs_listed_before_it_was_noted_are_taken_as_they_stand(found: Song) -> None:
    database.execute_sql("UPDATE enrichment_listing SET known = NULL")
    Song.update(genre="Opera").where(Song.id == found.id).execute()
    assert elsewhere.notice() == 0
    assert listing.changed_elsewhere() == []
    assert state()[3] == "Opera"
    assert SongDetail.get_by_id(found.id).reason == ""
