"""The page of all that people decided: seen, found, and taken back from there."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import visitors
from flask.testing import FlaskClient
from servers import songs_in_file
from visitors import BROWSER, offer

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import CandidateRow, Change, Rename, Song
from pikaraoke_enrichment.tasks.history import changes, decisions
from pikaraoke_enrichment.tasks.review import editing, many, reviewing
from pikaraoke_enrichment.tasks.search import listing

HOUR = 3600.0


def add_song(title: str, **values: Any) -> Song:
    default = {"title": title, "metadata_status": "parsed", "confidence": 0.4}
    song = visitors.add_song(f"{title}.mp4", **{**default, **values})
    offer(song, title=f"{title}!")
    listing.index([song.id])
    return song


def shown(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/enrichment/decisions{query}", headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return answer.text


def titles(page: str) -> list[str]:
    return re.findall(r'class="enr-title"[^>]*>(?:<bdi>)?([^<]+)', page)


def press(client: FlaskClient, page: str, song: Song) -> Any:
    """Press the button that takes a song's decision back."""
    form = re.search(rf'action="/enrichment/songs/{song.id}/undo">(.*?)</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    return client.post(f"/enrichment/songs/{song.id}/undo", data=fields, headers=BROWSER)


def test_all_words_of_people_are_shown_the_newest_first(client: FlaskClient) -> None:
    songs = {
        name: add_song(name) for name in ("edited", "accepted", "rejected", "a", "b", "undone")
    }
    answered = {"artist": "X", "metadata_status": "enriched"}
    changes.record(songs["a"].id, {}, answered, action="answer", source="lastfm")
    editing.edit(songs["edited"].id, {"artist": "A"})
    reviewing.accept(songs["accepted"].id)
    reviewing.reject(songs["rejected"].id)
    many.verify([songs["a"].id, songs["b"].id])
    editing.edit(songs["undone"].id, {"artist": "B"})
    changes.undo(songs["undone"].id)
    Rename.create(song=songs["a"], batch="r", old_name="a.mp4", new_name="X - a.mp4")
    page = shown(client)
    order = ["1 song", "undone", "2 songs", "rejected", "accepted!", "edited"]
    assert titles(page) == order
    assert "Answered by" not in page
    for kind, wanted in (
        ("edited", ["undone", "edited"]),
        ("accepted", ["2 songs", "accepted!"]),
        ("rejected", ["rejected"]),
        ("renamed", ["1 song"]),
        ("undone", ["undone"]),
        ("imported", []),
    ):
        assert titles(shown(client, f"?kind={kind}")) == wanted, kind
    assert client.get("/enrichment/decisions?kind=x", headers=BROWSER).status_code == 400
    assert client.get("/enrichment/decisions?before=x", headers=BROWSER).status_code == 400


def test_a_rejection_of_an_hour_ago_is_found_and_taken_back(client: FlaskClient) -> None:
    """Also where a service has answered since: what it answered is taken back with it."""
    song = add_song("song")
    reviewing.reject(song.id)
    Change.update(at=time.time() - HOUR).execute()
    before = {"artist": None, "metadata_status": "parsed", "confidence": 0.4}
    after = {"artist": "Somebody", "metadata_status": "enriched", "confidence": 0.95}
    changes.record(song.id, before, after, action="answer", source="lastfm")
    Song.update(**after).where(Song.id == song.id).execute()
    page = shown(client)
    assert "Not this:" in page
    assert "<bdi>song!</bdi> · <bdi>Queen</bdi>" in page
    answer = press(client, page, song)
    assert answer.location == "/enrichment/decisions"
    assert not CandidateRow.get().rejected
    now = Song.get_by_id(song.id)
    assert (now.artist, now.metadata_status) == (None, "parsed")
    assert "taken back" in shown(client)


def test_what_a_person_said_since_is_not_taken_back_along(client: FlaskClient) -> None:
    song = add_song("song")
    reviewing.reject(song.id)
    page = shown(client)
    editing.edit(song.id, {"artist": "Mine"})
    assert press(client, page, song).status_code == 409
    assert Song.get_by_id(song.id).artist == "Mine"
    assert CandidateRow.get().rejected


def test_older_ones_follow_page_by_page_and_none_is_lost(client: FlaskClient) -> None:
    now = time.time()
    for number in range(120):
        song = add_song(f"{number:03}")
        editing.edit(song.id, {"artist": "A"})
        Change.update(at=now - number).where(Change.song == song.id).execute()
    seen: list[str] = []
    query = ""
    while True:
        page = shown(client, query)
        seen += titles(page)
        link = re.search(r'href="/enrichment/decisions(\?[^"]*before=[^"]+)"', page)
        if link is None:
            break
        query = link[1].replace("&amp;", "&")
    assert seen == [f"{number:03}" for number in range(120)]


@songs_in_file
@pytest.mark.usefixtures("library")
def test_people_s_words_are_found_by_an_index_among_all_answers() -> None:
    editing.edit(add_song("one").id, {"artist": "A"})
    statements: set[str] = set()
    database.connection().set_trace_callback(statements.add)
    assert len(decisions.latest(10)) == 1
    database.connection().set_trace_callback(None)
    asked = [sql for sql in statements if "enrichment_change" in sql]
    plans = [database.execute_sql(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in asked]
    steps = [row[3] for plan in plans for row in plan]
    assert len(asked) == 2
    assert [step for step in steps if step.startswith("SCAN")] == []
