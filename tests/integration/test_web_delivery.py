"""What is sent: files compressed and kept for a year, progress only where there is news."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from pikaraoke_enrichment import web
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.tasks import progress

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Encoding": "gzip, br"}
STATIC = Path(web.__file__).with_name("static")


def test_files_are_compressed_and_kept_for_a_year(client: FlaskClient) -> None:
    page = client.get("/enrichment/songs", headers={"Accept": "text/html"}).text
    addresses = re.findall(r'(?:src|href)="(/enrichment/static/[^"]+)"', page)
    assert len(addresses) >= 4
    for address in addresses:
        answer = client.get(address, headers=BROWSER)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        name = address.rpartition("/")[2].partition("?")[0]
        assert gzip.decompress(answer.data) == (STATIC / name).read_bytes()
        assert len(answer.data) < 100_000


def test_a_file_asked_for_without_its_version_is_looked_after(client: FlaskClient) -> None:
    address = "/enrichment/static/enrichment.css"
    first = client.get(address, headers={"Accept-Encoding": "identity"})
    assert first.headers["Cache-Control"] == "no-cache"
    assert first.data == (STATIC / "enrichment.css").read_bytes()
    for encoding in ("identity", "gzip"):
        tag = client.get(address, headers={"Accept-Encoding": encoding}).headers["ETag"]
        asked = {"Accept-Encoding": encoding, "If-None-Match": tag}
        again = client.get(address, headers=asked)
        assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.css", "../web.py", "..%2fdashboard.py", "/etc/passwd"])
def test_nothing_else_is_sent(client: FlaskClient, name: str) -> None:
    assert client.get(f"/enrichment/static/{name}").status_code in {404, 308}


def test_progress_is_sent_only_where_there_is_news(client: FlaskClient) -> None:
    first = client.get("/enrichment/progress")
    asked = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/enrichment/progress", headers=asked)
    assert (again.status_code, again.data) == (304, b"")
    Song.create(file_path="/songs/new.mp4", format="mp4")
    progress.forget()
    news = client.get("/enrichment/progress", headers=asked)
    assert news.status_code == 200
    assert news.get_json()["total"] == 1
    assert news.headers["Cache-Control"] == "no-store"
