"""The real PiKaraoke with us inside, in a family: guests find nothing explicit, its admin does."""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from parties import NEEDED, Party, Visitor, throwing
from polling import wait_until

pytestmark = NEEDED
FILES = ["aa first.mp4", "bb second.mp4", "cc third.mp4"]


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Party]:
    with throwing(tmp_path) as made:
        yield made


def browse(visitor: Visitor, **asked: str) -> list[str]:
    """Names on PiKaraoke's own page, in their order."""
    page = visitor.get(f"/browse?{urllib.parse.urlencode(asked)}")[1]
    return re.findall(r'<td class="break-word"[^>]*>([^<]*)</td>', page)


def save(party: Party, path: str, **fields: str) -> None:
    found = re.search(r'name="csrf_token" value="([^"]+)"', party.get("/enrichment/songs")[1])
    assert found
    status, answer = party.post(path, csrf_token=found[1], **fields)
    assert status == 200, answer


def test_guests_find_nothing_explicit_and_the_admin_does(party: Party) -> None:
    for name in FILES:
        party.drop(name)
    party.start_pikaraoke("--admin-password", "geheim", "--splash-delay", "90", inside=True)
    guest = Visitor()
    guest.base = party.base
    party.post("/auth", admin_password="geheim", next="/enrichment/")
    wait_until(lambda: all(party.status_of(name) not in (None, "pending") for name in FILES))
    ids = dict(party.query("SELECT file_path, id FROM songs"))
    verified = {"title": "Stan", "artist": "Eminem", "duet": "yes", "language": "de"}
    save(party, f"/enrichment/songs/{ids[str(party.songs / FILES[1])]}", explicit="yes", **verified)
    shown = ["aa first", "cc third", "Eminem - Stan"]
    wait_until(lambda: browse(guest) == browse(party) == shown)
    # Both are found by what is asked for at a party.
    for words in ("duet", "german", "deutsch stan"):
        assert browse(guest, q=words) == ["Eminem - Stan"], words

    services = {"place_lastfm": "1", "place_musicbrainz": "2", "place_itunes": "3"}
    save(party, "/enrichment/settings", family="yes", **services)
    wait_until(lambda: browse(guest) == ["aa first", "cc third"])
    for asked in ({"q": "stan"}, {"letter": "e"}, {"q": "duet"}, {"sort": "date"}):
        assert "Eminem - Stan" not in browse(guest, **asked), asked
        assert "Eminem - Stan" in browse(party, **asked), asked
    assert browse(party) == shown
    # Who knows where it lies, from the play history or a page opened before, cannot queue it.
    hidden = str(party.songs / FILES[1])
    asked = {"song_to_add": hidden, "song_added_by": "Ann"}
    said = json.loads(guest.post("/enqueue", **asked)[1])["success"]
    assert said == [False, "There is no such song."]
    assert json.loads(party.get("/get_queue")[1]) == []
    save(party, f"/enrichment/songs/{ids[hidden]}/queue", singer="Ann")
    assert [item["file"] for item in json.loads(guest.get("/get_queue")[1])] == [hidden]
    party.drop("dd fourth.mp4")
    party.sync()
    wait_until(lambda: browse(guest) == ["aa first", "cc third", "dd fourth"])
    assert len(browse(party)) == 4

    save(party, "/enrichment/settings", family="no", **services)
    wait_until(lambda: "Eminem - Stan" in browse(guest))
