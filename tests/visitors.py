"""The dashboard asked as a browser and as a program ask it, and the songs that it shows them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from pikaraoke_enrichment.models import CandidateRow, Song, SongDetail
from pikaraoke_enrichment.tasks.search import listing

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PROGRAM = {"Content-Type": "application/json"}
PASSWORD = "correct horse ä"


def get(client: FlaskClient, path: str, **headers: str) -> Any:
    """What a browser is shown at an address below /enrichment/."""
    return client.get(f"/enrichment/{path}", headers={**BROWSER, **headers})


def token(client: FlaskClient, path: str = "") -> str:
    """The token of this session, as a page of ours holds it."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', get(client, path).text)
    assert found
    return found[1]


def post(client: FlaskClient, path: str, body: Any = None) -> Any:
    """What a program sends: JSON and no cookie."""
    fresh = client.application.test_client(use_cookies=False)
    return fresh.post(f"/enrichment/{path}", data=json.dumps(body or {}), headers=PROGRAM)


def add_song(path: str, ago: float = 0.0, **values: Any) -> Song:
    """A song of the list, with its reading, decided `ago` seconds ago; its title is its name."""
    default = {"file_path": f"/songs/{path}", "format": "mp4", "title": path}
    song: Song = Song.create(**{**default, **values})
    name = Path(song.file_path).name
    SongDetail.create(song=song, file_name=name, decided_at=time.time() - ago)
    listing.index([song.id])
    return song


def offer(song: Song, rank: int = 1, **values: Any) -> CandidateRow:
    """A candidate for a song."""
    default = {"artist": "Queen", "title": "Innuendo", "confidence": 0.6, "providers": "lastfm"}
    made: CandidateRow = CandidateRow.create(song=song, rank=rank, **{**default, **values})
    return made
