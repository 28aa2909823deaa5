"""iTunes' answers, read: tables of bodies and what is made of them."""

import pytest

from pikaraoke_enrichment.providers import itunes
from pikaraoke_enrichment.providers.base import Candidate, RateLimited, Tag, Trait, Unavailable
from pikaraoke_enrichment.providers.decoding import Unreadable
from pikaraoke_enrichment.providers.http import Json


def result(**changes):
    entry = {
        "wrapperType": "track",
        "kind": "song",
        "trackId": 12,
        "artistName": "Journey",
        "collectionName": "Greatest Hits (2024 Remaster)",
        "trackName": "Separate Ways (Worlds Apart) [2024 Remaster]",
        "trackViewUrl": "https://music.apple.com/us/album/1?i=12",
        "releaseDate": "1983-01-05T08:00:00Z",
        "trackTimeMillis": 326230,
        "primaryGenreName": "Rock",
    }
    return {**entry, **changes}


def body(*results):
    return {"resultCount": len(results), "results": list(results)}


def test_song_is_read_whole():
    assert itunes.read_songs(body(result())) == (
        Candidate(
            provider="itunes",
            artist="Journey",
            title="Separate Ways (Worlds Apart) [2024 Remaster]",
            year=1983,
            tags=(Tag("Rock"),),
            album="Greatest Hits (2024 Remaster)",
            duration=326.23,
            recording_id="12",
            url="https://music.apple.com/us/album/1?i=12",
        ),
    )


def test_karaoke_makers_stay_and_videos_go():
    maker = result(artistName="Party Tyme Karaoke", primaryGenreName="Karaoke")
    video = result(kind="music-video", artistName="Video")
    songs = itunes.read_songs(body(video, maker, result()))
    assert [song.artist for song in songs] == ["Party Tyme Karaoke", "Journey"]


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"releaseDate": None}, "year", None),
        ({"primaryGenreName": None}, "tags", ()),
        ({"trackTimeMillis": "long"}, "duration", None),
        ({"collectionName": None}, "album", ""),
        ({"trackId": None}, "recording_id", ""),
    ],
)
def test_song_survives_what_is_missing(changes, field, expected):
    assert getattr(itunes.read_songs(body(result(**changes)))[0], field) == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("explicit", (Trait("explicit", True, "itunes"),)),
        ("cleaned", (Trait("explicit", True, "itunes"),)),
        ("notExplicit", (Trait("explicit", False, "itunes"),)),
        ("perhaps", ()),
        (None, ()),
    ],
)
def test_the_store_says_which_songs_are_explicit(told, expected):
    (song,) = itunes.read_songs(body(result(trackExplicitness=told)))
    assert song.traits == expected


def test_nothing_found():
    assert itunes.read_songs(body()) == ()
    assert itunes.read_songs(body(result(kind="music-video"))) == ()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"results": "none"},
        body(None),
        body(result(kind=None)),
        body(result(trackName=3)),
    ],
)
def test_answer_of_no_known_shape_is_not_taken_for_none(answer):
    with pytest.raises(Unreadable):
        itunes.read_songs(answer)


@pytest.mark.parametrize("status", [403, 429])
def test_a_blocked_address_waits_for_minutes(status):
    outcome = itunes.verdict(Json(status, None, {}))
    assert isinstance(outcome, RateLimited)
    assert outcome.retry_after == 120


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_message_is_a_bad_answer(status):
    outcome = itunes.verdict(Json(status, {"errorMessage": "Invalid value(s)"}, {}))
    assert isinstance(outcome, Unavailable)
    assert outcome.answered
