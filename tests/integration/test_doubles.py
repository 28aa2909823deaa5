"""Songs that people have twice: the same song and version, with what tells which file to keep."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.tasks.review import doubles
from pikaraoke_enrichment.tasks.search import listing

HOSTILE = "<script>alert(1)</script>\"'>.mp4"


def add(path: str, artist: str | None, title: str, variant: str | None = None) -> Song:
    song: Song = Song.create(
        file_path=path, format="mp4", artist=artist, title=title, variant=variant
    )
    listing.index([song.id])
    return song


def test_files_of_one_song_stand_together_and_versions_apart(
    client: FlaskClient, tmp_path: Path
) -> None:
    kept = tmp_path / "Beyonce - Deja Vu (Sing King).mp4"
    with kept.open("wb") as file:
        file.truncate(1_234_567)
    often = add(str(kept), "Beyoncé", "Déjà Vu")
    once = add(f"/songs/{HOSTILE}", "beyonce", "deja vu", "")
    lives = [add(f"/songs/live {n}.mp4", "Beyoncé", "Déjà Vu", name) for n, name in
             enumerate(("Live", "live"))]  # fmt: skip
    add("/songs/key.mp4", "Beyoncé", "Déjà Vu", "Key -2")
    add("/songs/one.mp4", None, "Déjà Vu")
    add("/songs/two.mp4", None, "Déjà Vu")
    database.execute_sql("INSERT INTO sessions (id, uuid) VALUES (1, 'a')")
    for completed in (1, 1, 0):
        database.execute_sql(
            "INSERT INTO plays (session_id, song_id, song_title, performer, completed) "
            "VALUES (1, ?, 'x', 'Ann', ?)",
            (often.id, completed),
        )
    found = doubles.find(1)
    assert doubles.count() == 2
    assert [[file.song_id for file in files] for files in found] == [
        [often.id, once.id],
        [song.id for song in lives],
    ]
    assert [(file.sung, file.size) for file in found[0]] == [(2, 1_234_567), (0, None)]

    page = client.get("/enrichment/doubles").text
    assert "Sung: 2" in page
    assert "1.2 MB" in page
    assert "<script>alert" not in page
    german = client.get("/enrichment/doubles", headers={"Accept-Language": "de"}).text
    assert "1,2 MB" in german
    assert "Delete this file" not in page, "PiKaraoke deletes, and this stands beside it"
    assert "Songs that are there twice" in client.get("/enrichment/songs").text


def test_a_page_holds_twenty_songs(client: FlaskClient) -> None:
    assert "No song is there twice." in client.get("/enrichment/doubles").text
    for number in range(doubles.PAGE + 1):
        for copy in "ab":
            add(f"/songs/{number:02}{copy}.mp4", "Toto", f"Song {number:02}")
    last = client.get("/enrichment/doubles?page=9").text
    assert last.count("<section") == 1
    assert f"Song {doubles.PAGE}" in last
    assert 'href="/enrichment/doubles">Previous' in last
