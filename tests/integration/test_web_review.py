"""The review: its order, accepting, rejecting for good, skipping, undoing."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
import visitors
from flask.testing import FlaskClient
from servers import songs_in_file
from visitors import BROWSER, offer, post, token

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import CandidateRow, QueueEntry, Song, SongDetail
from pikaraoke_enrichment.tasks import enrich, library, runtime
from pikaraoke_enrichment.tasks.history import changes
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.review import editing, many, reviewing
from pikaraoke_enrichment.tasks.search import listing, review_queue
from pikaraoke_enrichment.tasks.search.review_queue import Place


def add_song(name: str, confidence: float = 0.4, **offers: float) -> Song:
    """A song that waits for a person, with candidates: artist -> confidence."""
    song = visitors.add_song(
        f"{name}.mp4", title=name, metadata_status="parsed", confidence=confidence
    )
    for rank, (artist, sure) in enumerate((offers or {"Queen": 0.6}).items(), 1):
        offer(song, rank, artist=artist, title=name, confidence=sure)
    listing.index([song.id])
    return song


def sing(song: Song, times: int) -> None:
    """Note in PiKaraoke's own table that a song was sung."""
    database.execute_sql("INSERT INTO sessions (id, uuid) VALUES (1, 'a') ON CONFLICT DO NOTHING")
    for _ in range(times):
        database.execute_sql(
            "INSERT INTO plays (session_id, song_id, song_title, performer) "
            "VALUES (1, ?, 'x', 'y')",
            (song.id,),
        )


def get(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(f"/enrichment/{path}", headers={**BROWSER, **headers})
    assert answer.status_code == 200, answer.text
    return answer.text


def submit(client: FlaskClient, path: str, **fields: str) -> Any:
    form = {"csrf_token": token(client, "songs"), **fields}
    return client.post(f"/enrichment/{path}", data=form, headers=BROWSER)


def heading(page: str) -> str:
    """The file name of the song that the page is about."""
    found = re.search(r'id="enrichment-name" tabindex="-1">(?:<bdi>)?([^<]+)', page)
    assert found
    return found[1]


# --- the order ------------------------------------------------------------------------------------


def test_least_certain_level_first_and_in_it_the_most_sung(client: FlaskClient) -> None:
    parsed = add_song("parsed", 0.60)
    add_song("weak", 0.40)
    sung = add_song("sung", 0.45)
    add_song("lowest", 0.15)
    sing(sung, 2)
    sing(parsed, 9)
    assert review_queue.catch_up() == 2
    assert review_queue.catch_up() == 0
    order = []
    place = review_queue.FIRST
    while (place := review_queue.next_place(place)) is not None:
        order.append(Song.get_by_id(place.song_id).title)
    assert order == ["lowest", "sung", "weak", "parsed"]
    assert review_queue.waiting() == 4
    assert heading(get(client, "review")) == "lowest.mp4"


@songs_in_file
@pytest.mark.usefixtures("library")
def test_the_next_song_is_found_by_the_index() -> None:
    add_song("waits")
    statements: set[str] = set()
    database.connection().set_trace_callback(statements.add)
    review_queue.next_place()
    review_queue.waiting()
    database.connection().set_trace_callback(None)
    plans = [database.execute_sql(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in statements]
    steps = [row[3] for plan in plans for row in plan]
    assert steps
    assert [step for step in steps if "SEARCH" not in step] == []


def test_only_songs_with_a_choice_wait(client: FlaskClient) -> None:
    done = add_song("done")
    editing.edit(done.id, {"artist": "A"})
    empty = add_song("empty")
    CandidateRow.delete().where(CandidateRow.song == empty).execute()
    listing.index([empty.id])
    assert review_queue.waiting() == 0
    page = get(client, "review")
    assert "No song waits for a person now" in page
    assert review_queue.place_of(done.id) is None


def test_how_sure_candidates_must_be_to_be_accepted_many_at_once_is_said(
    client: FlaskClient,
) -> None:
    """A best candidate of 0.47 has its button, and was missing among the many without a word."""
    song = add_song("doubtful", Queen=0.47)
    assert "Accept many at once, those of confidence 0.60 or more" in get(client, "review")
    many = get(client, "review/many")
    assert "No song that waits has a candidate of confidence 0.60 or more" in many
    add_song("likely", Queen=0.6)
    many = get(client, "review/many")
    assert "likely.mp4" in many
    assert "doubtful.mp4" not in many
    assert f'value="{song.id}:' in get(client, "review/many?from=0.4")


@pytest.mark.parametrize(
    ("queued", "words"),
    [
        (0, ""),
        (3, "Songs that still wait for their look-up and may come up here as well: 3"),
    ],
)
def test_songs_that_may_still_come_up_are_counted(
    client: FlaskClient, queued: int, words: str
) -> None:
    song = add_song("A")
    QueueEntry.create(song=add_song("looked up but for its year"), priority=queue_table.SECOND_LOOK)
    for number in range(queued):
        QueueEntry.create(song=Song.create(file_path=f"/songs/{number}.mp4", format="mp4"))
    shown = get(client, "review")
    assert f"/songs/{song.id}/accept" in shown
    assert words in shown
    assert ("look-up" in shown) is bool(words)
    assert words in get(client, "review?after=0:9:0:0:0.0:0"), "also where nothing is left"


def test_other_songs_that_a_person_may_look_at_are_led_to(client: FlaskClient) -> None:
    """Beside 14 that were not found all that was said was that no song waited for a person."""
    add_song("to be chosen")
    page = get(client, "review")
    assert "Songs that were not found" not in page
    assert "Medium Confidence" not in page
    for name in ("lost 1", "lost 2"):
        song = add_song(name)
        CandidateRow.delete().where(CandidateRow.song == song).execute()
        Song.update(metadata_status="enrichment_failed").where(Song.id == song.id).execute()
        listing.index([song.id])
    likely = add_song("likely", 0.8)
    Song.update(metadata_status="enriched").where(Song.id == likely.id).execute()
    listing.index([likely.id])
    page = get(client, "review")
    for words, lane, first in (
        ("Songs that were not found: 2", "not_found", "lost 1.mp4"),
        ("Songs of Medium Confidence: 1", "medium", "likely.mp4"),
    ):
        assert f'href="/enrichment/review?lane={lane}">{words}</a>' in page
        assert heading(get(client, f"review?lane={lane}")) == first
    assert "1 of 1" in get(client, "review"), "they are not among those that wait"


def test_skipped_songs_come_last(client: FlaskClient) -> None:
    first, second = add_song("first", 0.2), add_song("second", 0.4)
    page = get(client, "review")
    assert heading(page) == "first.mp4"
    answer = submit(client, f"songs/{first.id}/skip", place=place_in(page))
    page = get(client, answer.location.removeprefix("/enrichment/"))
    assert heading(page) == "second.mp4"
    assert f'data-action="back" href="/enrichment/review?song={first.id}"' in page
    assert heading(get(client, "review")) == "second.mp4", "also for who opens the review anew"
    answer = submit(client, f"songs/{second.id}/accept", place=place_in(page))
    page = get(client, answer.location.removeprefix("/enrichment/"))
    assert heading(page) == "first.mp4"
    assert "You have skipped this one before." in page


def place_in(page: str) -> str:
    found = re.search(r'name="place" value="([^"]+:[^"]+)"', page)
    assert found
    return found[1]


def test_what_was_decided_is_counted(client: FlaskClient) -> None:
    for name in ("a", "b", "c"):
        add_song(name)
    page = get(client, "review")
    for expected in ("1 of 3", "2 of 3", "3 of 3"):
        assert expected in page
        song = re.search(r'data-song="(\d+)"', page)
        assert song
        answer = submit(client, f"songs/{song[1]}/as-read", place=place_in(page))
        page = get(client, answer.location.removeprefix("/enrichment/"))
    assert "Nothing left here" in page


def test_as_read_takes_what_the_name_says(client: FlaskClient) -> None:
    song = add_song("Innuendo", 0.4, Queen=0.6)
    Song.update(artist="Queen").where(Song.id == song.id).execute()
    CandidateRow.update(year=1991, genre="Rock").execute()
    assert post(client, f"songs/{song.id}/as-read", {"seen": "old"}).status_code == 409
    answer = post(client, f"songs/{song.id}/as-read")
    assert answer.get_json()["words"] == "Verified as read."
    now = Song.get_by_id(song.id)
    assert (now.artist, now.title, now.metadata_status) == ("Queen", "Innuendo", "manual")
    assert (now.year, now.genre) == (1991, "Rock"), "known of just this song"
    post(client, f"songs/{song.id}/undo")
    now = Song.get_by_id(song.id)
    assert (now.year, now.metadata_status, now.confidence) == (None, "parsed", 0.4)


def test_an_answer_gives_way_to_the_name_as_it_was_read(client: FlaskClient) -> None:
    song = add_song("Queen - Innuendo (Karaoke)", 0.8)
    wrong = {"artist": "Somebody", "title": "Else", "year": 2001, "metadata_status": "enriched"}
    Song.update(**wrong).where(Song.id == song.id).execute()
    post(client, f"songs/{song.id}/as-read")
    now = Song.get_by_id(song.id)
    assert (now.artist, now.title, now.year) == ("Queen", "Innuendo", None)


def test_artist_and_title_are_exchanged(client: FlaskClient) -> None:
    song = add_song("Queen")
    assert post(client, f"songs/{song.id}/swap").status_code == 400, "it has no artist"
    Song.update(artist="Innuendo").where(Song.id == song.id).execute()
    assert post(client, f"songs/{song.id}/swap").status_code == 200
    now = Song.get_by_id(song.id)
    assert (now.artist, now.title, now.confidence) == ("Queen", "Innuendo", 1.0)


def test_this_is_not_it_takes_the_answer_back_and_offers_the_next(client: FlaskClient) -> None:
    song = add_song("Queen - Innuendo", 0.95, Somebody=0.95, Queen=0.6)
    wrong = {"artist": "Somebody", "title": "Queen - Innuendo", "year": 2001}
    Song.update(**wrong, metadata_status="enriched").where(Song.id == song.id).execute()
    listing.index([song.id])
    page = get(client, f"songs/{song.id}")
    assert "This is not it" in page
    answer = submit(client, f"songs/{song.id}/not-this")
    now = Song.get_by_id(song.id)
    assert (now.artist, now.title, now.year) == ("Queen", "Innuendo", None)
    assert now.metadata_status == "parsed"
    page = get(client, answer.location.removeprefix("/enrichment/"))
    assert "This is not it" not in page
    assert '<bdi class="enr-artist">Queen</bdi>' in page
    assert '<bdi class="enr-artist">Somebody</bdi>' not in page
    assert post(client, f"songs/{song.id}/not-this").status_code == 409
    post(client, f"songs/{song.id}/undo")
    assert Song.get_by_id(song.id).artist == "Somebody"


def test_an_answer_without_candidates_is_refused_as_well(client: FlaskClient) -> None:
    song = add_song("Queen - Innuendo", 0.95)
    CandidateRow.delete().execute()
    wrong = {"artist": "Somebody", "title": "Else", "metadata_status": "enriched"}
    Song.update(**wrong).where(Song.id == song.id).execute()
    assert post(client, f"songs/{song.id}/not-this").status_code == 200
    assert Song.get_by_id(song.id).artist == "Queen"
    assert CandidateRow.get().rejected


def test_place_is_read_as_it_is_written() -> None:
    place = Place(0, 3, -4, -2, 0.35, 17)
    assert Place.read(str(place)) == place
    for text in ("", "1:2:3", "a:b:c:d", "1:2:3:4:5"):
        with pytest.raises(ValueError, match=r".*"):
            Place.read(text)


def test_broken_address_is_refused(client: FlaskClient) -> None:
    assert client.get("/enrichment/review?after=x", headers=BROWSER).status_code == 400
    assert client.get("/enrichment/review?song=x", headers=BROWSER).status_code == 400
    assert client.get("/enrichment/review/many?from=x", headers=BROWSER).status_code == 400


# --- deciding -------------------------------------------------------------------------------------


def accept_form(page: str, key: int = 1) -> dict[str, str]:
    """The fields of the form that one key presses."""
    forms = re.findall(r"<form[^>]*data-key=\"(\d)\"[^>]*>(.*?)</form>", page, re.DOTALL)
    inside = dict(forms)[str(key)]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', inside))
    return {name: value for name, value in fields.items() if name != "csrf_token"}


def test_accept_verifies_and_goes_on_with_the_next(client: FlaskClient) -> None:
    first = add_song("first", 0.2, Queen=0.6, Bowie=0.4)
    add_song("second", 0.4)
    QueueEntry.create(song=first)
    page = get(client, "review")
    assert "1 of 2" in page
    answer = submit(client, f"songs/{first.id}/accept", **accept_form(page, 2))
    page = get(client, answer.location.removeprefix("/enrichment/"))
    assert heading(page) == "second.mp4"
    assert "first</bdi>: Accepted by a person" in page
    now = Song.get_by_id(first.id)
    assert (now.artist, now.metadata_status, now.confidence) == ("Bowie", "manual", 1.0)
    assert json.loads(SongDetail.get_by_id(first.id).sources)["artist"] == "person"
    assert QueueEntry.select().count() == 0


def test_undo_on_the_review_brings_the_song_back(client: FlaskClient) -> None:
    first = add_song("first", 0.2)
    add_song("second", 0.4)
    answer = submit(client, f"songs/{first.id}/accept", **accept_form(get(client, "review")))
    page = get(client, answer.location.removeprefix("/enrichment/"))
    change = re.search(r'name="change" value="(\d+)"', page)
    assert change
    answer = submit(client, f"songs/{first.id}/undo", change=change[1], place="-")
    assert answer.location == f"/enrichment/review?song={first.id}"
    assert heading(get(client, answer.location.removeprefix("/enrichment/"))) == "first.mp4"
    now = Song.get_by_id(first.id)
    assert (now.artist, now.metadata_status, now.confidence) == (None, "parsed", 0.2)


def test_rejecting_one_keeps_the_song_and_the_others(client: FlaskClient) -> None:
    song = add_song("first", 0.2, Queen=0.6, Bowie=0.4)
    page = get(client, "review")
    answer = submit(client, f"songs/{song.id}/reject", **accept_form(page))
    page = get(client, answer.location.removeprefix("/enrichment/"))
    assert heading(page) == "first.mp4"
    assert "Bowie" in page
    assert '<bdi class="enr-artist">Queen' not in page
    post(client, f"songs/{song.id}/undo")
    assert len(reviewing.candidates(song.id)) == 2


def test_none_of_these_takes_the_song_out(client: FlaskClient) -> None:
    song = add_song("first", 0.2, Queen=0.6, Bowie=0.4)
    answer = post(client, f"songs/{song.id}/reject")
    assert answer.status_code == 200
    assert review_queue.waiting() == 0
    assert Song.get_by_id(song.id).metadata_status == "parsed"
    assert post(client, f"songs/{song.id}/accept").status_code == 404
    post(client, f"songs/{song.id}/undo")
    assert review_queue.waiting() == 1


def test_candidate_that_is_gone_or_a_song_that_changed_is_said(client: FlaskClient) -> None:
    song = add_song("first")
    seen = editing.version(song)
    answer = post(client, f"songs/{song.id}/accept", {"candidate": "0" * 16})
    assert answer.status_code == 404
    assert "any more" in answer.get_json()["error"]
    assert post(client, f"songs/{song.id}/reject", {"candidate": "x"}).status_code == 404
    editing.edit(song.id, {"artist": "A"})
    answer = post(client, f"songs/{song.id}/accept", {"seen": seen})
    assert answer.status_code == 409
    assert Song.get_by_id(song.id).artist == "A"


def test_accepting_keeps_what_is_known_of_the_same_recording(client: FlaskClient) -> None:
    song = add_song("Innuendo")
    Song.update(artist="QUEEN", year=1991, genre="Rock", variant="Live").where(
        Song.id == song.id
    ).execute()
    assert post(client, f"songs/{song.id}/accept").status_code == 200
    now = Song.get_by_id(song.id)
    assert (now.artist, now.year, now.genre, now.variant) == ("Queen", 1991, "Rock", "Live")


# --- rejected for good ----------------------------------------------------------------------------


def test_rejected_candidate_is_never_offered_or_applied_again(
    api: ApiServer, library: runtime.Runtime, tmp_path: Any
) -> None:
    assert library.providers
    api.catalogue = Catalogue([Known("Queen", "Innuendo", year=1991, genre="Rock")])
    path = tmp_path / "Queen - Innuendo.mp4"
    path.touch()
    song_id = library_register(str(path))
    look_up(song_id)
    assert Song.get_by_id(song_id).metadata_status == "enriched"
    assert [change.action for change in changes.history(song_id)] == ["answer"]
    changes.undo(song_id)
    assert Song.get_by_id(song_id).metadata_status == "parsed"
    reviewing.reject(song_id)
    look_up(song_id)
    song = Song.get_by_id(song_id)
    assert song.metadata_status == "enrichment_failed"
    assert reviewing.candidates(song_id) == []
    assert CandidateRow.select().where(CandidateRow.rejected).count() == 1
    changes.undo(song_id)  # the rejection
    look_up(song_id)
    assert Song.get_by_id(song_id).metadata_status == "enriched"


def test_rejecting_the_answer_of_a_song_takes_it_back(
    api: ApiServer, library: runtime.Runtime, tmp_path: Any
) -> None:
    assert library.providers
    api.catalogue = Catalogue([Known("Queen", "Innuendo", year=1991, genre="Rock")])
    path = tmp_path / "queen innuendo.mp4"
    path.touch()
    song_id = library_register(str(path))
    look_up(song_id)
    answered = editing.get(song_id)
    assert (answered.metadata_status, answered.year) == ("enriched", 1991)
    made = reviewing.reject(song_id, reviewing.token(reviewing.candidates(song_id)[0]))
    song = editing.get(song_id)
    assert (song.metadata_status, song.year, song.genre) == ("parsed", None, None)
    assert song.confidence < 0.7
    assert SongDetail.get_by_id(song_id).reason == changes.REFUSED_ANSWER
    assert QueueEntry.get(QueueEntry.song == song_id).priority == queue_table.PERSON
    changes.undo(song_id, made)
    assert changes.state_of(editing.get(song_id)) == changes.state_of(answered)
    assert SongDetail.get_by_id(song_id).reason == ""
    assert QueueEntry.select().count() == 0


def test_rejecting_another_candidate_leaves_the_answer(client: FlaskClient) -> None:
    song = add_song("Innuendo", Queen=0.95, Kween=0.5)
    Song.update(artist="Queen", metadata_status="enriched", confidence=0.95).execute()
    assert post(client, f"songs/{song.id}/reject", {"candidate": ""}).status_code == 200
    other = add_song("Under Pressure", Queen=0.95, Kween=0.5)
    Song.update(artist="Queen", metadata_status="enriched").where(Song.id == other.id).execute()
    kween = reviewing.candidates(other.id)[1]
    reviewing.reject(other.id, reviewing.token(kween))
    assert Song.get_by_id(other.id).metadata_status == "enriched"
    assert Song.get_by_id(song.id).metadata_status == "parsed"


@pytest.mark.parametrize("priority", [queue_table.BACKLOG, queue_table.SECOND_LOOK])
def test_undone_word_leaves_the_song_where_it_stood_in_the_queue(
    library: runtime.Runtime, priority: int
) -> None:
    """It waited for its year, or for a retry in an hour; without the change it would have it."""
    assert library.providers
    until = time.time() + 3600
    songs = [add_song("Innuendo"), add_song("Under Pressure")]
    for song in songs:
        Song.update(last_enrichment_attempt="2026-11-22 20:15:00").execute()
        QueueEntry.create(song=song, priority=priority, not_before=until, failed_by="itunes")
    editing.edit(songs[0].id, {"year": "1991"})
    picks = [(each.song.id, each.token, each.version) for each in many.best([songs[1].id])]
    batch = many.accept(picks)
    assert QueueEntry.select().count() == 0
    changes.undo(songs[0].id)
    assert changes.undo_batch(batch.name) == (1, 0)
    rows = QueueEntry.select().order_by(QueueEntry.song)
    assert [(row.song_id, row.priority, row.not_before, row.failed_by) for row in rows] == [
        (song.id, priority, until, "itunes") for song in songs
    ]


def library_register(path: str) -> int:
    song_id = library.register(path)
    library.take_in(only=[song_id])
    return song_id


def look_up(song_id: int) -> None:
    """One look-up, as a worker does it."""
    enrich.queue_ids([song_id], 100)
    enrich.enrich_song.call_local(song_id)
