"""A person's word: what is saved, what is refused, and what is queued again by hand."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from queued import entries

from pikaraoke_enrichment.exceptions import BadEdit
from pikaraoke_enrichment.models import CandidateRow, QueueEntry, Song, SongDetail
from pikaraoke_enrichment.tasks import enrich
from pikaraoke_enrichment.tasks.history import changes
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.review import editing
from pikaraoke_enrichment.tasks.review.editing import checked, edit
from pikaraoke_enrichment.tasks.scoring import level_of

pytestmark = pytest.mark.usefixtures("library")


def add(name: str = "Queen - Bohemian Rhapsody.mp4", **values: Any) -> int:
    """A song that was read and queued."""
    made = Song.create(file_path=f"/songs/{name}", format="mp4")
    enrich.follow()
    if values:
        Song.update(**values).where(Song.id == made.id).execute()
    return int(made.id)


def test_an_edit_verifies_the_song_and_takes_it_off_the_queue() -> None:
    song_id = add()
    assert song_id in entries()
    saved = edit(song_id, {"artist": " Freddie  Mercury ", "year": "1975"})
    assert (saved.artist, saved.title, saved.year) == ("Freddie Mercury", "Bohemian Rhapsody", 1975)
    assert (saved.metadata_status, saved.confidence) == ("manual", 1.0)
    assert level_of(saved.confidence, saved.metadata_status).label == "Verified"
    assert entries() == {}
    sources = json.loads(SongDetail.get_by_id(song_id).sources)
    assert sources == {"artist": "person", "year": "person"}


def test_a_field_is_cleared_with_nothing_and_a_title_is_not() -> None:
    song_id = add(year=1975, genre="Rock", variant="Live")
    saved = edit(song_id, {"year": "", "genre": None, "variant": "  "})
    assert (saved.year, saved.genre, saved.variant) == (None, None, None)
    for nothing in ("", None, " \t"):
        with pytest.raises(BadEdit, match="title"):
            edit(song_id, {"title": nothing})


SINATRA = {"artist": "Frank Sinatra", "title": "My Way", "year": 1969, "genre": "Jazz"}


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"artist": "Limp Bizkit"}, (None, None)),
        ({"title": "New York, New York"}, (None, None)),
        ({"artist": "Limp Bizkit", "year": "2000"}, (2000, None)),
        ({"artist": "FRANK SINATRA", "title": "My Way (Live)"}, (1969, "Jazz")),
        ({"artist": "Frank Sinatra feat. Luciano Pavarotti"}, (1969, "Jazz")),
        ({"artist": "Sinatra"}, (1969, "Jazz")),
        ({"title": "My Wayy"}, (1969, "Jazz")),
        ({"artist": ""}, (1969, "Jazz")),
        ({"variant": "Live"}, (1969, "Jazz")),
    ],
)
def test_another_song_does_not_keep_the_first_one_s_year(
    said: dict[str, str], left: tuple[int | None, str | None]
) -> None:
    song_id = add(**SINATRA)
    saved = edit(song_id, said, sees_all=False)
    assert (saved.year, saved.genre) == left
    changes.undo(song_id)
    assert editing.get(song_id).year == 1969
    assert editing.get(song_id).genre == "Jazz"
    saved = edit(song_id, {**SINATRA, **said})  # as a form says it, touched or not
    assert (saved.year, saved.genre) == left


def test_a_year_that_a_person_gave_outlives_another_artist() -> None:
    song_id = add(**SINATRA)
    edit(song_id, {"year": "1979"})
    saved = edit(song_id, {"artist": "Sid Vicious"}, sees_all=False)
    assert (saved.year, saved.genre) == (1979, None)


def test_a_first_artist_makes_no_other_song() -> None:
    song_id = add(**{**SINATRA, "artist": None})
    assert edit(song_id, {"artist": "Frank Sinatra"}, sees_all=False).year == 1969


def test_a_song_without_a_title_gets_one_with_its_first_edit() -> None:
    song_id = add(title=None, artist=None)
    with pytest.raises(BadEdit, match="title"):
        edit(song_id, {"artist": "Queen"})
    assert Song.get_by_id(song_id).metadata_status == "parsed", "nothing was saved by half"
    assert song_id in entries()
    assert edit(song_id, {"artist": "Queen", "title": "B"}).title == "B"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "nothing to change"),
        ({"year": "75"}, "1000"),
        ({"year": "soon"}, "'soon'"),
        ({"year": str(datetime.now(timezone.utc).year + 2)}, "number from"),
        ({"year": "-1975"}, "number from"),
        ({"year": "1975.0"}, "number from"),
        ({"year": "9" * 5000}, "number from"),
        ({"artist": "x" * 501}, "longer than 500"),
        ({"file_path": "/etc/passwd"}, "cannot be edited"),
        ({"metadata_status": "enriched"}, "cannot be edited"),
        ({"id": 1}, "cannot be edited"),
    ],
)
def test_what_a_field_does_not_take_is_refused_and_nothing_saved(
    changes: dict[str, Any], words: str
) -> None:
    song_id = add()
    before = list(Song.select().dicts())
    with pytest.raises(BadEdit, match=words):
        edit(song_id, {"genre": "Rock", **changes} if changes else {})
    assert list(Song.select().dicts()) == before
    assert song_id in entries()


def test_a_song_that_is_not_there_is_said() -> None:
    with pytest.raises(LookupError, match="4711"):
        edit(4711, {"title": "x"})


def test_next_years_songs_may_be_entered() -> None:
    assert checked("year", datetime.now(timezone.utc).year + 1) is not None


@given(name=st.sampled_from(editing.EDITABLE), value=st.none() | st.text() | st.integers())
def test_a_checked_value_is_stable_and_tidy(name: str, value: Any) -> None:
    try:
        stored = checked(name, value)
    except BadEdit:
        return
    assert checked(name, stored) == stored
    if isinstance(stored, str):
        assert stored == " ".join(stored.split())
        assert 0 < len(stored) <= 500


# --- queued again by hand -------------------------------------------------------------------------


@pytest.fixture
def songs() -> dict[str, int]:
    """A song of every kind, none of them queued."""
    made = {
        "failed": add("1.mp4", metadata_status="enrichment_failed", enrichment_attempts=3),
        "review": add("2.mp4", metadata_status="parsed"),
        "parsed": add("3.mp4", metadata_status="parsed"),
        "enriched": add("4.mp4", metadata_status="enriched"),
        "manual": add("5.mp4", metadata_status="manual"),
        "unset": add("6.mp4", metadata_status=None),
    }
    candidate = {"rank": 1, "artist": "a", "title": "t", "confidence": 0.6, "providers": "lastfm"}
    CandidateRow.create(song=made["review"], **candidate)
    QueueEntry.delete().execute()
    return made


def test_failed_songs_are_queued_again_with_new_attempts(songs: dict[str, int]) -> None:
    assert editing.requeue_failed() == 1
    assert entries() == {songs["failed"]: queue_table.BACKLOG}
    assert Song.get_by_id(songs["failed"]).enrichment_attempts == 0


def test_songs_known_by_their_name_only_are_queued_again(songs: dict[str, int]) -> None:
    """With candidates or without: whose answer was taken back has none, and waits for nobody."""
    assert editing.requeue_for_review() == 2
    assert set(entries()) == {songs["review"], songs["parsed"]}
    assert editing.requeue_for_review() == 0, "they wait already"


def test_what_macos_keeps_beside_a_song_is_not_for_review(songs: dict[str, int]) -> None:
    made = Song.create(file_path="/songs/._1.mp4", format="mp4", metadata_status="parsed")
    SongDetail.create(song=made, file_name="._1.mp4", reason="no_song")
    assert editing.count_undecided() == (2, 1)
    assert editing.requeue_for_review() == 2
    assert set(entries()) == {songs["review"], songs["parsed"]}


def test_all_but_the_verified_are_queued_again(songs: dict[str, int]) -> None:
    assert editing.requeue_all() == 5
    assert set(entries()) == set(songs.values()) - {songs["manual"]}


def test_many_that_are_queued_again_do_not_overtake_an_upload(songs: dict[str, int]) -> None:
    enrich.queue_ids([songs["parsed"]], queue_table.UPLOAD)
    editing.requeue_all()
    assert max(entries(), key=entries().__getitem__) == songs["parsed"]
