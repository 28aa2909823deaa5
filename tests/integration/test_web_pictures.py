"""The pictures of the first page: what they count, where they lead, what they say aloud."""

from __future__ import annotations

import re
from typing import Any

import visitors
from flask.testing import FlaskClient
from visitors import get

from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.tasks.history import changes
from pikaraoke_enrichment.tasks.review import browsing, editing, statistics

BROWSER = {**visitors.BROWSER, "X-Part": "pictures"}
HOUR = 3600.0


def add_song(title: str, ago: float = 0.0, **values: Any) -> Song:
    default = {"title": title, "metadata_status": "enriched", "confidence": 0.95, "artist": "A"}
    return visitors.add_song(f"{title}.mp4", ago, **{**default, **values})


def pictures(client: FlaskClient) -> str:
    browsing.forget()
    statistics.forget()
    answer = client.get("/enrichment/", headers=BROWSER)
    assert answer.status_code == 200
    return answer.text


def test_an_empty_library_has_no_pictures(client: FlaskClient) -> None:
    assert "<section" not in pictures(client)


def test_the_map_leads_to_the_songs_of_a_decade_and_genre(client: FlaskClient) -> None:
    for number in range(3):
        add_song(f"r{number}", year=1970 + number, genre="Rock")
    add_song("p", year=1985, genre="R&B / <Soul>")
    add_song("no genre", year=1985)
    page = pictures(client)
    assert re.findall(r'data-shade="(\d)"', page) == ["5", "0", "0", "3"]
    (address,) = re.findall(r'href="/enrichment/(songs\?decade=1970&amp;genre=Rock)">3', page)
    listed = client.get(f"/enrichment/{address.replace('&amp;', '&')}", headers=BROWSER).text
    assert "3 songs" in listed
    assert "<Soul>" not in page


def test_what_was_found_when_is_said(client: FlaskClient) -> None:
    add_song("now")
    add_song("then", ago=2 * HOUR)
    add_song("long ago", ago=400 * 24 * HOUR)
    counts = statistics.statistics()
    assert sum(span.count for span in counts.hours) == 2
    assert [span.count for span in counts.hours][-3:] == [1, 0, 1]
    assert len(counts.days) == 14
    page = pictures(client)
    assert "1 song<" in page
    assert "nothing, it stood still" in page


def test_how_often_a_level_was_right_and_whose_answers_were_taken(client: FlaskClient) -> None:
    songs = [add_song(f"s{number}") for number in range(4)]
    for song in songs:
        source = "lastfm,musicbrainz" if song is songs[0] else "lastfm,catalogue"
        changes.record(song.id, {"artist": None}, {"artist": "A"}, action="answer", source=source)
    for song in songs[:2]:
        editing.edit(song.id, {"year": "1999"})
    editing.edit(songs[2].id, {"artist": "Somebody"})
    page = pictures(client)
    assert "High Confidence: of 3 songs that you looked at 2 were right" in page
    assert re.search(r'Last\.fm</span> <span class="enr-number">4<', page)
    assert re.search(r'MusicBrainz</span> <span class="enr-number">1<', page)
    assert re.search(r'Song lists</span> <span class="enr-number">3<', page)
    assert (
        "<span>Listen von Liedern</span>"
        in get(client, "", **{**BROWSER, "Accept-Language": "de"}).text
    )
