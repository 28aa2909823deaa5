"""The list of songs, a song's own page, a person's edits, and what many songs take at once."""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import sqlite3
from typing import Any
from unittest.mock import ANY

import pytest
from flask.testing import FlaskClient
from servers import songs_in_file
from visitors import BROWSER, add_song, get, offer, post, token

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import (
    Change,
    Listing,
    QueueEntry,
    ReviewEntry,
    Song,
    SongDetail,
    get_state,
)
from pikaraoke_enrichment.schema.migrations import SCHEMA_VERSION
from pikaraoke_enrichment.schema.opening import close_library, open_library
from pikaraoke_enrichment.tasks import progress, runtime
from pikaraoke_enrichment.tasks.history import changes
from pikaraoke_enrichment.tasks.review import browsing, editing
from pikaraoke_enrichment.tasks.review.browsing import Filter
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.words import kinds

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202egpm"


def submit(client: FlaskClient, path: str, fields: Any = (), **headers: str) -> Any:
    """What a browser sends with a form."""
    form = [("csrf_token", token(client, "songs")), *(fields.items() if fields else ())]
    data: dict[str, Any] = {}
    for name, value in form:
        data.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    return client.post(f"/enrichment/{path}", data=data, headers={**BROWSER, **headers})


def found(client: FlaskClient, query: str) -> list[str]:
    """The titles on the page, in order."""
    page = get(client, f"songs?{query}")
    assert page.status_code == 200, page.text
    return re.findall(r'class="enr-title" href="[^"]+"><bdi>([^<]+)</bdi>', page.text)


# --- search, filter, sort -------------------------------------------------------------------------


@pytest.fixture
def some(client: FlaskClient) -> FlaskClient:
    for name, artist, year, genre, status, confidence in (
        ("Déjà Vu", "Beyoncé", 2006, "R&B/Soul", "enriched", 0.95),
        ("Halo", "Beyoncé", 2008, "Pop", "enriched", 0.75),
        ("Straße", "Mø", None, None, "parsed", 0.6),
        ("Hey Jude", "The Beatles", 1968, "Rock", "manual", 1.0),
        ("Gehweg", None, None, None, "enrichment_failed", 0.2),
        ("ガラスの少年", "KinKi Kids", 1997, "J-Pop", "enriched", 0.9),
    ):
        add_song(
            f"{name}.mp4",
            title=name,
            artist=artist,
            year=year,
            genre=genre,
            metadata_status=status,
            confidence=confidence,
        )
    return client


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Déjà Vu", "Halo", "Straße", "Hey Jude", "Gehweg", "ガラスの少年"}),
        ("q=deja", {"Déjà Vu"}),
        ("q=BEYONCE hal", {"Halo"}),
        ("q=strasse", {"Straße"}),
        ("q=mo", {"Straße"}),
        ("q=jude beat", {"Hey Jude"}),
        ("q=少年", {"ガラスの少年"}),
        ("q=mp4", set()),
        ('q="', {"Déjà Vu", "Halo", "Straße", "Hey Jude", "Gehweg", "ガラスの少年"}),
        ("q=hey* OR NEAR(", set()),
        ("level=high", {"Déjà Vu", "ガラスの少年"}),
        ("level=verified", {"Hey Jude"}),
        ("status=enrichment_failed", {"Gehweg"}),
        ("artist=beyonce", {"Déjà Vu", "Halo"}),
        ("artist=The Beatles", {"Hey Jude"}),
        ("genre=Rock", {"Hey Jude"}),
        ("decade=2000", {"Déjà Vu", "Halo"}),
        ("missing=year", {"Straße", "Gehweg"}),
        ("missing=genre&status=parsed", {"Straße"}),
        ("q=h&decade=2000", {"Halo"}),
    ],
)
def test_search_and_filters(some: FlaskClient, query: str, titles: set[str]) -> None:
    assert set(found(some, query)) == titles


def test_a_tile_counts_what_the_list_that_it_leads_to_shows(some: FlaskClient) -> None:
    """Zero of "Name only" stood over a list of one, as a found song was being looked up anew."""
    halo, strasse, gehweg = (Song.get(title=title) for title in ("Halo", "Straße", "Gehweg"))
    for queued in ((), (halo,), (halo, gehweg), (strasse,)):
        QueueEntry.delete().execute()
        for song in queued:
            QueueEntry.create(song=song, priority=100)
        counts = kinds.counted(progress.compose(runtime.runtime()))
        assert counts == {
            kind: len(found(some, f"status={status}")) for kind, status in kinds.STATUSES.items()
        }
        assert sum(counts.values()) == 6


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("title", "Déjà Vu"),
        ("unsure", "Gehweg"),
        ("sure", "Hey Jude"),
        ("newest", "Halo"),
        ("changed", "ガラスの少年"),
    ],
)
def test_sort(some: FlaskClient, sort: str, first: str) -> None:
    assert found(some, f"sort={sort}")[0] == first


@pytest.mark.parametrize(
    "query",
    ["level=best", "status=x", "missing=title", "sort=random", "decade=x", "like=-1", "page=x"],
)
def test_unknown_filters_are_refused_in_words(client: FlaskClient, query: str) -> None:
    for path in ("songs", "export.csv"):
        if (path, query) == ("export.csv", "page=x"):
            continue
        page = get(client, f"{path}?{query}")
        assert page.status_code == 400
        assert "That did not work" in page.text


def test_pages_hold_fifty_and_none_is_lost(client: FlaskClient) -> None:
    for number in range(120):
        add_song(f"Song {number:03}", artist="Artist")
    assert [len(found(client, f"page={page}")) for page in (1, 2, 3)] == [50, 50, 20]
    assert found(client, "page=99") == found(client, "page=3")
    titles = [title for page in (1, 2, 3) for title in found(client, f"page={page}")]
    assert titles == sorted(titles)
    assert len(set(titles)) == 120
    assert "page 3 of 3" in get(client, "songs?page=3").text


def test_variants_of_one_recording_stand_together(client: FlaskClient) -> None:
    add_song("Waterloo karaoke.mp4", artist="ABBA", title="Waterloo")
    add_song("SOS.mp4", artist="Abba", title="SOS")
    other = add_song("waterloo [live].mp4", artist="Abba", title="WATERLOO", variant="Live")
    rows = browsing.find(Filter()).rows
    assert [row.song.title for row in rows] == ["SOS", "Waterloo", "WATERLOO"]
    assert [row.is_variant for row in rows] == [False, False, True]
    assert [row.variants for row in rows] == [1, 2, 2]
    assert len(found(client, f"like={other.id}")) == 2


def test_part_of_the_page_for_the_script(some: FlaskClient) -> None:
    part = get(some, "songs?q=halo", **{"X-Part": "list"}).text
    assert part.lstrip().startswith('<div id="enrichment-list">')
    assert "<html" not in part
    assert "1 song" in part


@songs_in_file
def test_deleted_and_renamed_songs_follow_pikaraoke(client: FlaskClient) -> None:
    first, second = add_song("Innuendo.mp4"), add_song("Halo.mp4")
    other = sqlite3.connect(runtime.runtime().settings.db)
    other.execute("PRAGMA foreign_keys = ON")
    other.execute("DELETE FROM songs WHERE id = ?", (first.id,))
    other.execute(
        "UPDATE songs SET file_path = '/songs/Renamed.mp4', updated_at = '2030-01-01 00:00:00' "
        "WHERE id = ?",
        (second.id,),
    )
    other.execute("INSERT INTO songs (file_path, format) VALUES ('/songs/Fresh.mp4', 'mp4')")
    other.commit()
    other.close()
    assert listing.fill() == 0
    assert listing.catch_up() == 1
    assert found(client, "q=innuendo") == []
    assert found(client, "q=renamed") == ["Halo.mp4"]
    assert found(client, "q=fresh") == ["Untitled"]
    texts = database.execute_sql("SELECT count(*) FROM enrichment_search").fetchone()[0]
    assert texts == Listing.select().count() == 2


@songs_in_file
def test_pikaraoke_writes_although_our_tables_are_gone(library: runtime.Runtime) -> None:
    add_song("a.mp4")
    path = library.settings.db
    close_library()
    other = sqlite3.connect(path)
    other.execute("PRAGMA foreign_keys = ON")
    names = [row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    other.execute("DROP TABLE enrichment_search")
    for name in names:
        if name.startswith("enrichment_") and not name.startswith("enrichment_search"):
            other.execute(f"DROP TABLE {name}")
    other.execute("INSERT INTO songs (file_path, format) VALUES ('/b.mp4', 'mp4')")
    other.execute("UPDATE songs SET file_path = '/c.mp4' WHERE file_path = '/b.mp4'")
    other.execute("DELETE FROM songs")
    other.commit()
    other.close()


@songs_in_file
def test_a_database_of_the_first_schema_is_migrated(library: runtime.Runtime) -> None:
    song = add_song("Innuendo.mp4")
    path = library.settings.db
    for table in ("enrichment_change", "enrichment_listing", "enrichment_search"):
        database.execute_sql(f"DROP TABLE {table}")
    database.execute_sql("UPDATE enrichment_state SET value = '1' WHERE key = 'schema_version'")
    close_library()
    open_library(path)
    assert get_state("schema_version") == str(SCHEMA_VERSION)
    assert listing.fill() == 0
    assert browsing.all_ids(Filter(text="innu")) == [song.id]
    assert changes.history(song.id) == []


@songs_in_file
def test_songs_that_wait_do_so_after_the_update(library: runtime.Runtime) -> None:
    waits = add_song("waits.mp4", metadata_status="parsed", confidence=0.3)
    offer(waits, confidence=0.5)
    refused = add_song("refused.mp4", metadata_status="parsed", confidence=0.2)
    offer(refused, rejected=True)
    likely = add_song("likely.mp4", metadata_status="enriched", confidence=0.8)
    offer(likely)
    unknown = add_song("unknown.mp4", metadata_status="enrichment_failed", confidence=0.1)
    listing.index([waits.id, refused.id, likely.id, unknown.id])
    before = list(ReviewEntry.select().order_by(ReviewEntry.song).tuples())
    assert [row[:2] for row in before] == [(waits.id, 0), (likely.id, 1), (unknown.id, 2)]
    database.execute_sql("DROP TABLE enrichment_review")
    database.execute_sql("UPDATE enrichment_state SET value = '5' WHERE key = 'schema_version'")
    path = library.settings.db
    close_library()
    open_library(path)
    assert list(ReviewEntry.select().order_by(ReviewEntry.song).tuples()) == before


# --- one song -------------------------------------------------------------------------------------


def test_song_page_shows_all_that_is_known(client: FlaskClient) -> None:
    song = add_song("x.mp4", metadata_status="parsed", confidence=0.6)
    evidence = {"parts": [{"words": "artist agrees", "penalty": 0.0}]}
    offer(song, year=1991, genre="Rock", evidence=json.dumps(evidence))
    offer(song, 2, title="Innuendo (live)", confidence=0.39)
    page = get(client, f"songs/{song.id}").text
    for text in (
        "/songs/x.mp4",
        "Parsed",
        "artist agrees",
        "runner-up 0.21 behind",
        "Known to Last.fm",
        "1991",
    ):
        assert text in page, text


def test_song_page_links_to_where_each_service_shows_the_song(client: FlaskClient) -> None:
    song = add_song("x.mp4", metadata_status="parsed", confidence=0.6)
    there = "https://www.last.fm/music/Queen/_/Innuendo"
    links = {"lastfm": there, "itunes": "javascript:alert(1)", "musicbrainz": "http://a.example/"}
    offer(song, year=1991, evidence=json.dumps({"parts": [], "links": links}))
    page = get(client, f"songs/{song.id}").text
    assert f'<a href="{there}" rel="noopener noreferrer" target="_blank">Last.fm</a>' in page
    assert "javascript:" not in page
    assert "a.example" not in page


@pytest.mark.parametrize("path", ["songs/4711", "songs/99999999999999999999999"])
def test_unknown_song_is_said_in_words(client: FlaskClient, path: str) -> None:
    assert get(client, path).status_code == 404
    for action in ("", "/accept", "/reject", "/requeue", "/undo"):
        assert submit(client, path + action, {"title": "a"}).status_code == 404


def test_edit_is_verified_at_once_and_kept(client: FlaskClient) -> None:
    song = add_song("x.mp4", artist="Quen", metadata_status="parsed", confidence=0.6)
    QueueEntry.create(song=song)
    form = {
        "artist": "Queen",
        "title": " Innuendo ",
        "variant": "",
        "year": "1991",
        "genre": "Rock",
    }
    answer = submit(client, f"songs/{song.id}", {**form, "seen": editing.version(song)})
    assert (answer.status_code, answer.location) == (303, f"/enrichment/songs/{song.id}")
    page = get(client, f"songs/{song.id}").text
    for text in ("Saved and verified", "Verified", "1.00", "Edited by a person"):
        assert text in page, text
    now = Song.get_by_id(song.id)
    assert (now.artist, now.title, now.year, now.genre) == ("Queen", "Innuendo", 1991, "Rock")
    assert (now.metadata_status, now.confidence) == ("manual", 1.0)
    assert QueueEntry.select().count() == 0
    assert found(client, "q=innuendo&level=verified") == ["Innuendo"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("year", "19x", "The year is a number from 1000 to"),
        ("year", "999", "The year is a number from 1000 to"),
        ("year", "3000", "The year is a number from 1000 to"),
        ("title", "  ", "A song needs a title."),
        ("genre", "x" * 501, "500 characters at most"),
    ],
)
def test_bad_edit_says_what_is_wrong_and_keeps_what_was_typed(
    client: FlaskClient, field: str, value: str, words: str
) -> None:
    song = add_song("x.mp4")
    form = {"artist": "What I typed", "title": "T", field: value}
    answer = submit(client, f"songs/{song.id}", form)
    assert answer.status_code == 400
    assert words in answer.text
    assert 'value="What I typed"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert Song.get_by_id(song.id).artist is None
    body = post(client, f"songs/{song.id}", form)
    assert body.status_code == 400
    assert words in body.get_json()["fields"][field]


def test_edit_that_somebody_else_made_is_shown_and_not_overwritten(client: FlaskClient) -> None:
    song = add_song("x.mp4", artist="Quen")
    seen = editing.version(song)
    editing.edit(song.id, {"artist": "Queen & David Bowie"})
    form = {"artist": "Queen", "title": "x", "seen": seen}
    answer = submit(client, f"songs/{song.id}", form)
    assert answer.status_code == 409
    assert "somebody has changed it meanwhile" in answer.text
    assert "Queen &amp; David Bowie" in answer.text
    assert 'value="Queen"' in answer.text
    assert Song.get_by_id(song.id).artist == "Queen & David Bowie"
    again = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert again
    assert submit(client, f"songs/{song.id}", {**form, "seen": again[1]}).status_code == 303
    assert Song.get_by_id(song.id).artist == "Queen"
    assert post(client, f"songs/{song.id}", {"artist": "A", "seen": seen}).status_code == 409


def test_program_edits_with_json(client: FlaskClient) -> None:
    song = add_song("x.mp4")
    answer = post(client, f"songs/{song.id}", {"artist": "Queen", "year": 1991})
    assert answer.status_code == 200
    saved = answer.get_json()["song"]
    assert (saved["artist"], saved["year"], saved["title"]) == ("Queen", 1991, "x.mp4")
    assert post(client, f"songs/{song.id}", {"colour": "red"}).status_code == 400
    assert post(client, f"songs/{song.id}", []).status_code == 400
    assert post(client, f"songs/{song.id}", {"artist": None}).get_json()["song"]["artist"] is None


def test_edit_in_place_answers_with_parts(client: FlaskClient) -> None:
    song = add_song("x.mp4")
    part = get(client, f"songs/{song.id}", **{"X-Part": "form"}).text
    assert part.lstrip().startswith('<form class="enr-edit"')
    answer = submit(client, f"songs/{song.id}", {"title": "New"}, **{"X-Part": "row"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<li class="enr-row"')
    answer = submit(client, f"songs/{song.id}", {"title": ""}, **{"X-Part": "row"})
    assert answer.status_code == 400
    assert answer.text.lstrip().startswith('<form class="enr-edit"')


# --- undo -----------------------------------------------------------------------------------------


def test_undo_restores_step_by_step(client: FlaskClient) -> None:
    song = add_song("x.mp4", artist="A", metadata_status="parsed", confidence=0.6)
    editing.edit(song.id, {"artist": "B"})
    editing.edit(song.id, {"artist": "C", "year": 1999})
    latest, first = changes.history(song.id)
    assert submit(client, f"songs/{song.id}/undo", {"change": str(first.id)}).status_code == 409
    assert submit(client, f"songs/{song.id}/undo", {"change": str(latest.id)}).status_code == 303
    now = Song.get_by_id(song.id)
    assert (now.artist, now.year, now.metadata_status) == ("B", None, "manual")
    assert post(client, f"songs/{song.id}/undo", {}).get_json()["undone"] == first.id
    now = Song.get_by_id(song.id)
    assert (now.artist, now.metadata_status, now.confidence) == ("A", "parsed", 0.6)
    assert SongDetail.get_by_id(song.id).sources == "{}"
    assert post(client, f"songs/{song.id}/undo", {}).status_code == 404


def test_undo_says_again_why_a_song_was_not_found(client: FlaskClient) -> None:
    song = add_song("x.mp4", metadata_status="enrichment_failed")
    SongDetail.update(reason="not found at iTunes").where(SongDetail.song == song.id).execute()
    for artist in ("A", "B"):
        submit(client, f"songs/{song.id}", {"artist": artist})
        assert "not found at" not in get(client, f"songs/{song.id}").text
    for _ in range(2):
        submit(client, f"songs/{song.id}/undo")
    assert "<dt>Why</dt><dd><bdi>not found at iTunes</bdi>" in get(client, f"songs/{song.id}").text


# --- many at once ---------------------------------------------------------------------------------


def test_many_are_looked_up_again(client: FlaskClient) -> None:
    ids = [str(add_song(f"{number}.mp4").id) for number in range(3)]
    answer = submit(client, "songs/many", {"action": "requeue", "songs": ids[:2]})
    assert answer.status_code == 303
    assert "2 songs will be looked up." in get(client, "songs").text
    assert {entry.priority for entry in QueueEntry.select()} == {100}
    assert QueueEntry.select().count() == 2


def test_many_are_marked_as_verified_and_taken_back(client: FlaskClient) -> None:
    songs = [add_song(f"{number}.mp4", metadata_status="parsed") for number in range(3)]
    ids = [str(song.id) for song in songs]
    answer = submit(client, "songs/many", {"action": "manual", "songs": ids})
    assert {song.metadata_status for song in Song.select()} == {"manual"}
    editing.edit(songs[0].id, {"artist": "Somebody"})
    assert (
        "3 songs were changed together"
        in get(client, answer.location.removeprefix("/enrichment/")).text
    )
    answer = submit(client, answer.location.removeprefix("/enrichment/").split("?")[0] + "/undo")
    page = get(client, answer.location.removeprefix("/enrichment/")).text
    assert "2 songs taken back. 1 was left alone, as it was changed again." in page
    assert [song.metadata_status for song in Song.select().order_by(Song.id)] == [
        "manual",
        "parsed",
        "parsed",
    ]


def test_accepting_many_shows_first_what_would_change(client: FlaskClient) -> None:
    songs = [add_song(f"{number}.mp4", metadata_status="parsed") for number in range(3)]
    for song in songs[:2]:
        offer(song, year=1991)
    ids = [str(song.id) for song in songs]
    preview = submit(client, "songs/many", {"action": "accept", "songs": ids})
    assert preview.status_code == 200
    assert "Nothing is changed yet" in preview.text
    assert Change.select().count() == 0
    picks = re.findall(r'name="pick" value="([^"]+)"', preview.text)
    assert len(picks) == 2
    editing.edit(songs[0].id, {"artist": "Somebody"})
    answer = submit(client, "review/many", {"pick": picks})
    page = get(client, answer.location.removeprefix("/enrichment/")).text
    assert "Left alone, as they had changed since they were shown: 1" in page
    assert Song.get_by_id(songs[0].id).artist == "Somebody"
    assert Song.get_by_id(songs[1].id).artist == "Queen"
    submit(client, answer.location.removeprefix("/enrichment/").split("?")[0] + "/undo")
    now = Song.get_by_id(songs[1].id)
    assert (now.artist, now.year, now.metadata_status) == (None, None, "parsed")


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("songs/many", {"action": "delete", "songs": ["1"]}),
        ("review/many", {}),
        ("review/many", {"pick": ["x"]}),
        ("review/many", {"pick": ["x:y:z"]}),
    ],
)
def test_many_are_refused_in_clear_words(
    client: FlaskClient, path: str, fields: dict[str, Any]
) -> None:
    answer = submit(client, path, fields)
    assert answer.status_code == 400
    assert "That did not work" in answer.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("songs/many", {"action": "requeue"}),
        ("songs/many", {"action": "manual"}),
        ("songs/many", {"action": "accept"}),
        ("songs/set", {"do": "set", "preview": "1"}),
    ],
)
def test_who_ticks_nothing_is_led_back_to_the_list(
    client: FlaskClient, path: str, fields: dict[str, Any]
) -> None:
    add_song("a.mp4", artist="Prince")
    typed = {"set_field": "genre", "set_value": "Funk & Soul", "filter.q": "prince"}
    answer = submit(client, path, {**typed, **fields})
    assert answer.status_code == 303
    page = get(client, answer.location.removeprefix("/enrichment/")).text
    assert "No song is chosen: tick some, then try again." in page
    assert "is-danger" in page
    assert re.search(r'name="q" value="prince"', page)
    assert re.search(r'name="set_value" value="Funk &amp; Soul"', page)
    assert '<option value="genre" selected>' in page
    assert Change.select().count() == 0


def test_a_tick_is_called_as_its_song_is_called_now(client: FlaskClient) -> None:
    """Spoken was what the song would be called: "Change Bon Jovi" for "Livin' on a Prayer"."""
    song = add_song("a.mp4", artist="Livin' on a Prayer", title="Bon Jovi")
    page = submit(client, "songs/set", {"do": "swap", "preview": "1", "songs": [song.id]}).text
    assert "Change Bon Jovi" in page
    assert "Change Livin" not in page


# --- export ---------------------------------------------------------------------------------------


def test_export_holds_the_filter_and_no_formula(client: FlaskClient) -> None:
    add_song("=cmd|' /C calc'!A0.mp4", artist="=HYPERLINK(0)", title="+1", year=1999)
    add_song("other.mp4", artist="-2", title="@SUM(1)", year=1985)
    answer = get(client, "export.csv?decade=1990")
    assert answer.content_type.startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["artist"], row["title"]) for row in rows] == [("'=HYPERLINK(0)", "'+1")]
    everything = list(csv.DictReader(io.StringIO(get(client, "export.csv").text)))
    assert {row["artist"] for row in everything} == {"'=HYPERLINK(0)", "'-2"}
    assert len(get(client, "export.csv?q=nothing").text.splitlines()) == 1


# --- attacks --------------------------------------------------------------------------------------


def test_hostile_names_are_only_ever_text(client: FlaskClient) -> None:
    song = add_song(
        HOSTILE.replace("/", "_"),
        artist=HOSTILE,
        title=HOSTILE,
        genre=HOSTILE,
        variant=HOSTILE,
        metadata_status="parsed",
        confidence=0.4,
    )
    evidence = json.dumps({"parts": [{"words": HOSTILE, "penalty": 1.0}]})
    offer(song, artist=HOSTILE + "2", title=HOSTILE, genre=HOSTILE, evidence=evidence)
    editing.edit(song.id, {"variant": HOSTILE + "3"})
    changes.undo(song.id)
    pages = {
        "songs": get(client, "songs"),
        "search": get(client, f"songs?q={HOSTILE}&artist={HOSTILE}&genre={HOSTILE}"),
        "song": get(client, f"songs/{song.id}"),
        "review": get(client, "review"),
        "preview": get(client, "review/many?from=0"),
        "error": get(client, f"songs?level={HOSTILE}"),
        "bad edit": submit(client, f"songs/{song.id}", {"title": "", "artist": HOSTILE}),
        "batch": get(client, f"batch/{HOSTILE.replace('/', '')}"),
    }
    for name, page in pages.items():
        assert "<script>alert" not in page.text, name
        assert "<img src=x" not in page.text, name
        assert not re.search(r"<[^>]*\son\w+=", re.sub(r'"[^"]*"', '""', page.text)), name
        assert not re.search(r"<script(?![^>]*\ssrc=)", page.text), name


@pytest.mark.parametrize(
    "path",
    [
        "songs/1",
        "songs/1/accept",
        "songs/1/reject",
        "songs/1/requeue",
        "songs/1/undo",
        "songs/many",
        "review/many",
        "batch/x/undo",
        "settings",
        "settings/test",
    ],
)
def test_change_without_the_token_is_refused(client: FlaskClient, path: str) -> None:
    add_song("a.mp4")
    get(client, "songs")
    answer = client.post(f"/enrichment/{path}", data={"title": "x"}, headers=BROWSER)
    assert answer.status_code == 403
    assert Change.select().count() == 0


# --- one edit of many -----------------------------------------------------------------------------


def program(client: FlaskClient, path: str, body: Any) -> Any:
    fresh = client.application.test_client(use_cookies=False)
    headers = {"Content-Type": "application/json"}
    return fresh.post(f"/enrichment/{path}", data=json.dumps(body), headers=headers)


def test_one_edit_of_many_shows_first_what_would_change(client: FlaskClient) -> None:
    songs = [add_song(f"{n}.mp4", artist="Qeen", title=f"Song {n}") for n in range(3)]
    other = add_song("other.mp4", artist="ABBA", title="Waterloo")
    listing.index([song.id for song in (*songs, other)])
    wanted = {"filter": {"artist": "qeen"}, "artist": "Queen"}
    told = program(client, "songs/set", {**wanted, "preview": 1}).get_json()["changes"]
    assert [each["id"] for each in told] == [song.id for song in songs]
    assert {each["new"]["artist"] for each in told} == {"Queen"}
    assert Song.select().where(Song.artist == "Qeen").count() == 3
    made = program(client, "songs/set", wanted).get_json()
    assert (made["changed"], made["left"]) == (3, 0)
    assert Song.get_by_id(other.id).artist == "ABBA"
    assert changes.undo_batch(made["batch"]) == (3, 0)
    assert Song.select().where(Song.artist == "Qeen").count() == 3


@pytest.mark.parametrize(
    ("order", "artist", "title", "year"),
    [
        ({"genre": "Rock"}, "Queen", "Innuendo", 1991),
        ({"year": "1990"}, "Queen", "Innuendo", 1990),
        ({"artist": "Somebody Else"}, "Somebody Else", "Innuendo", None),
        ({"do": "swap"}, "Innuendo", "Queen", 1991),
        ({"do": "replace", "field": "title", "find": "NUEN", "with": "-"}, "Queen", "In-do", None),
        ({"do": "as_read"}, "Queen", "Innuendo Live", None),
    ],
)
def test_what_may_be_done_with_many(
    client: FlaskClient, order: dict[str, str], artist: str, title: str, year: int | None
) -> None:
    known = {"artist": "Queen", "title": "Innuendo", "year": 1991, "metadata_status": "enriched"}
    song = add_song("Queen - Innuendo Live.mp4", confidence=0.9, **known)
    assert program(client, "songs/set", {"songs": [song.id], **order}).get_json()["changed"] == 1
    now = Song.get_by_id(song.id)
    assert (now.artist, now.title, now.year) == (artist, title, year)
    assert (now.metadata_status, now.confidence) == ("manual", 1.0)


def test_songs_that_changed_since_the_preview_are_left_alone(client: FlaskClient) -> None:
    songs = [add_song(f"{n}.mp4", artist="Qeen", title=f"Song {n}") for n in range(3)]
    form = {"songs": [song.id for song in songs], "do": "set", "preview": "1"}
    form |= {"set_field": "artist", "set_value": "Queen"}
    page = submit(client, "songs/set", form).text
    picks = re.findall(r'name="pick" value="([^"]+)"', page)
    assert len(picks) == 3
    Song.update(title="Another").where(Song.id == songs[0].id).execute()
    orders = dict(re.findall(r'type="hidden" name="(do|set_\w+)" value="([^"]*)"', page))
    answer = submit(client, "songs/set", {"pick": picks[:2], **orders})
    page = get(client, answer.location.removeprefix("/enrichment/")).text
    assert "1 song was changed." in page
    assert "they had changed since they were shown: 1" in page
    assert Song.get_by_id(songs[0].id).artist == "Qeen"
    assert Song.get_by_id(songs[1].id).artist == "Queen"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"songs": []},
        {"songs": [1]},
        {"songs": [1], "year": "never"},
        {"songs": [1], "title": ""},
        {"songs": [1], "do": "delete"},
        {"songs": [1], "do": "replace", "field": "year", "find": "1", "with": "2"},
        {"songs": [1], "do": "replace", "field": "title", "find": "", "with": "2"},
        {"filter": {"level": "none"}, "artist": "A"},
        {"filter": {"aritst": "Abba"}, "artist": "A"},  # which no list has: all songs were meant
        {"filter": {"q": ["A"]}, "artist": "A"},
        {"filter": {"genre": {"A": 1}}, "artist": "A"},
        {"filter": 7, "artist": "A"},
    ],
)
def test_an_edit_of_many_that_cannot_be_is_refused(client: FlaskClient, body: Any) -> None:
    song = add_song("1.mp4", artist="A", title="T")
    answer = program(client, "songs/set", body)
    assert answer.status_code == 400
    assert answer.get_json()["error"]
    assert Song.get_by_id(song.id).metadata_status == "pending"


def test_a_song_with_many_changes_is_read_as_often_as_one_with_two(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    song = add_song("1.mp4", artist="A", title="T")
    caplog.set_level(logging.DEBUG, "peewee")
    asked = []
    for years in (range(1980, 1982), range(1982, 1990)):
        for year in years:
            editing.edit(song.id, {"year": str(year)})
        caplog.clear()
        assert "1980" in get(client, f"songs/{song.id}").text
        asked.append(len(caplog.records))
    assert asked[0] == asked[1] > 0


def test_a_filter_of_nothing_narrows_nothing(client: FlaskClient) -> None:
    song = add_song("1.mp4", artist="A", title="T")
    wanted = {"filter": {"q": None, "decade": None, "genre": []}, "artist": "B"}
    assert program(client, "songs/set", wanted).get_json()["changed"] == 1
    assert Song.get_by_id(song.id).artist == "B"


def test_a_name_that_a_replacement_would_empty_stays(client: FlaskClient) -> None:
    song = add_song("1.mp4", artist="A", title="Karaoke")
    order = {"songs": [song.id], "do": "replace", "field": "title", "find": "karaoke", "with": " "}
    assert program(client, "songs/set", order).get_json() == {"batch": ANY, "changed": 0, "left": 1}
    assert Song.get_by_id(song.id).title == "Karaoke"
