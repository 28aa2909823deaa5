"""A file whose new name surely tells of another song waits for a person, with both answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from queued import entries, look_up_all

from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import CandidateRow, Song
from pikaraoke_enrichment.tasks import control, enrich, runtime
from pikaraoke_enrichment.tasks.history import changes
from pikaraoke_enrichment.tasks.review import many, reviewing
from pikaraoke_enrichment.tasks.search import review_queue

BROWSER = {"Accept": "text/html"}
OLD, NEW = "Queen - Innuendo---AbCdEfGhIjK.mp4", "ABBA - Waterloo---AbCdEfGhIjK.mp4"


@pytest.fixture
def rename(library: runtime.Runtime, api: ApiServer) -> Callable[[str], None]:
    """Gives the file of a song that was found another name, and looks up what is to be."""
    assert library.services
    songs = [Known("Queen", "Innuendo", year=1991, genre="Rock")]
    api.catalogue = Catalogue([*songs, Known("ABBA", "Waterloo", year=1974, genre="Pop")])
    Song.create(id=1, file_path=f"/songs/{OLD}", format="mp4", youtube_id="AbCdEfGhIjK")
    control.start()

    def rename(name: str) -> None:
        Song.update(file_path=f"/songs/{name}").where(Song.id == 1).execute()
        enrich.follow()
        look_up_all()

    rename(OLD)
    assert Song.get_by_id(1).metadata_status == "enriched"
    return rename


def state() -> tuple[str | None, str | None, int | None, str | None, str | None]:
    song = Song.get_by_id(1)
    return song.artist, song.title, song.year, song.genre, song.metadata_status


def offered() -> list[tuple[str, str]]:
    rows = CandidateRow.select().where(~CandidateRow.rejected).order_by(CandidateRow.rank)
    return [(row.artist, row.title) for row in rows]


def test_both_answers_wait_for_a_person(rename: Callable[[str], None], client: FlaskClient) -> None:
    rename(NEW)
    assert state() == ("ABBA", "Waterloo", None, None, "parsed")
    assert entries() == {}
    assert offered() == [("Queen", "Innuendo"), ("ABBA", "Waterloo")]
    assert review_queue.waiting() == 1
    page = client.get("/enrichment/review", headers=BROWSER).text
    assert "known before its file was renamed" in page
    assert "Innuendo" in page
    assert "Waterloo" in page
    shown = client.get("/enrichment/songs/1", headers=BROWSER).text
    assert "tells of another song than the one it was known as" in shown
    assert many.surest(0.5) == [], "which of two it is, nobody accepts in passing"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (0, ("Queen", "Innuendo", 1991, "Rock", "manual")),
        (1, ("ABBA", "Waterloo", 1974, "Pop", "manual")),
    ],
)
def test_either_can_be_taken(
    rename: Callable[[str], None], place: int, expected: tuple[str, str, int, str, str]
) -> None:
    rename(NEW)
    row = CandidateRow.get(CandidateRow.rank == place)
    reviewing.accept(1, reviewing.token(row))
    assert state() == expected
    assert review_queue.waiting() == 0


def test_who_names_it_back_has_it_back(rename: Callable[[str], None]) -> None:
    rename(NEW)
    rename("Queen - Innuendo (HD)---AbCdEfGhIjK.mp4")
    assert state() == ("Queen", "Innuendo", 1991, "Rock", "enriched")


def test_a_third_name_leaves_the_first_answer(rename: Callable[[str], None]) -> None:
    rename(NEW)
    rename("Toto - Africa---AbCdEfGhIjK.mp4")
    assert state()[:2] == ("Toto", "Africa")
    assert state()[4] == "parsed", "nobody knows it, but it was known"
    assert offered() == [("Queen", "Innuendo")]


def test_one_that_was_refused_is_asked_no_more(rename: Callable[[str], None]) -> None:
    rename(NEW)
    former = CandidateRow.get(CandidateRow.rank == 0)
    reviewing.reject(1, reviewing.token(former))
    enrich.queue_ids([1], 100)
    look_up_all()
    assert state() == ("ABBA", "Waterloo", 1974, "Pop", "enriched")


def test_a_persons_word_outlives_any_name(rename: Callable[[str], None]) -> None:
    many.verify([1])
    rename(NEW)
    assert state() == ("Queen", "Innuendo", 1991, "Rock", "manual")
    changes.undo(1)
    assert state()[4] == "enriched"
