"""A song's own file in the page: by ranges, for the admin only, and nothing else of the disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.web import create_app


def add(path: Path) -> str:
    song = Song.create(file_path=str(path), format=path.suffix[1:])
    return f"/enrichment/songs/{song.id}/file"


def test_a_range_is_sent(client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "Queen - Innuendo.mp4"
    path.write_bytes(bytes(range(256)) * 40)
    address = add(path)
    whole = client.get(address)
    assert (whole.status_code, whole.mimetype) == (200, "video/mp4")
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(address, headers={"Range": "bytes=256-265"})
    assert (part.status_code, part.data) == (206, bytes(range(10)))
    assert part.headers["Content-Range"] == "bytes 256-265/10240"
    assert client.get(address, headers={"Range": "bytes=99999-"}).status_code == 416


@pytest.mark.parametrize(
    "name", ["notes.txt", "page.html", "key.pem", "none", "song.zip", "song.avi"]
)
def test_what_no_browser_plays_is_not_sent(client: FlaskClient, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("secret")
    assert client.get(add(tmp_path / name)).status_code == 404


def test_a_file_that_is_away_and_a_song_that_there_is_not(
    client: FlaskClient, tmp_path: Path
) -> None:
    assert client.get(add(tmp_path / "gone.mp4")).status_code == 404
    assert client.get("/enrichment/songs/99999/file").status_code == 404
    folder = tmp_path / "folder.mp4"
    folder.mkdir()
    assert client.get(add(folder)).status_code == 404


def test_guests_hear_nothing(library: runtime.Runtime, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"x")
    address = add(path)
    settings = replace(library.settings, admin_password="correct horse", guests=True)
    guest = create_app(settings).test_client()
    assert guest.get(address, headers={"Accept": "text/html"}).status_code == 303
    assert guest.get(address, headers={"Accept": "*/*"}).status_code == 401
