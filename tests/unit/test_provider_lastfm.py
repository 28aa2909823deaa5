"""Last.fm's answers, read: tables of bodies and what is made of them."""

import pytest

from pikaraoke_enrichment.providers import lastfm
from pikaraoke_enrichment.providers.base import (
    Candidate,
    Query,
    RateLimited,
    Refused,
    Tag,
    Unavailable,
)
from pikaraoke_enrichment.providers.decoding import Unreadable
from pikaraoke_enrichment.providers.http import Http, Json, OpenGate


def track(**changes):
    """An answer of track.getInfo in today's shape."""
    entry = {
        "name": "Believe",
        "artist": {"name": "Cher", "url": "https://www.last.fm/music/Cher"},
        "url": "https://www.last.fm/music/Cher/_/Believe",
        "duration": "240000",
        "listeners": "800123",
        "playcount": "5000000",
        "album": {"artist": "Cher", "title": "Believe"},
        "toptags": {"tag": [{"name": "pop", "url": "u"}, {"name": "dance", "url": "u"}]},
        "wiki": {"published": "14 Apr 2009, 06:01"},
    }
    return {"track": {**entry, **changes}}


def test_track_is_read_whole_and_the_wikis_date_is_no_year():
    assert lastfm.read_track(track()) == Candidate(
        provider="lastfm",
        artist="Cher",
        title="Believe",
        tags=(Tag("pop", 1.0), Tag("dance", 0.9)),
        album="Believe",
        listeners=800123,
        duration=240.0,
        url="https://www.last.fm/music/Cher/_/Believe",
    )


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"duration": "0"}, "duration", None),
        ({"listeners": 12}, "listeners", 12),
        ({"listeners": "lots"}, "listeners", None),
        ({"toptags": ""}, "tags", ()),
        ({"toptags": {"#text": "\n"}}, "tags", ()),
        ({"toptags": {"tag": []}}, "tags", ()),
        ({"toptags": {"tag": {"name": "pop"}}}, "tags", (Tag("pop"),)),
        ({"album": "Believe"}, "album", ""),
        ({"mbid": None}, "recording_id", ""),
        ({"url": "javascript:alert(1)"}, "url", ""),
    ],
)
def test_track_survives_shapes_that_degrade(changes, field, expected):
    assert getattr(lastfm.read_track(track(**changes)), field) == expected


def test_unknown_artist_is_nobody():
    assert lastfm.read_track(track(artist={"name": "[unknown]"})) is None


def test_error_6_is_not_found():
    body = {"error": 6, "message": "Track not found", "links": []}
    assert lastfm.read_track(body) is None
    assert lastfm.read_matches(body) == ()


@pytest.mark.parametrize("body", [None, [], {}, {"track": []}, track(name=7), track(artist="")])
def test_track_of_no_known_shape_is_not_taken_for_not_found(body):
    with pytest.raises(Unreadable):
        lastfm.read_track(body)


def matches(*tracks):
    return {"results": {"trackmatches": {"track": list(tracks)}, "@attr": {}}}


def test_matches_keep_swapped_entries_with_their_listeners():
    body = matches(
        {"name": "Believe", "artist": "Cher", "listeners": "800123", "mbid": ""},
        {"name": "Cher", "artist": "Believe", "listeners": "16", "mbid": ""},
        {"name": "Believe", "artist": "[unknown]", "listeners": "900"},
    )
    found = [(each.artist, each.title, each.listeners) for each in lastfm.read_matches(body)]
    assert found == [("Cher", "Believe", 800123), ("Believe", "Cher", 16)]


@pytest.mark.parametrize(
    "container", ["\n", "", {}, {"#text": "\n"}, {"track": []}, {"track": ""}, {"track": "\n"}]
)
def test_no_matches_in_every_shape(container):
    assert lastfm.read_matches({"results": {"trackmatches": container}}) == ()


@pytest.mark.parametrize(
    "body", [None, [], {}, {"results": 7}, matches("Believe", None), matches({"name": None})]
)
def test_matches_of_no_known_shape_are_not_taken_for_none(body):
    with pytest.raises(Unreadable):
        lastfm.read_matches(body)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (
            [{"name": "pop", "count": 100}, {"name": "80s", "count": 89}],
            [("pop", 1), ("80s", 0.89)],
        ),
        (
            [{"name": "pop", "count": "50"}, {"name": "soul", "count": "25"}],
            [("pop", 1), ("soul", 0.5)],
        ),
        ({"name": "electronic", "count": "100"}, [("electronic", 1)]),
        ([{"name": "pop", "count": 100}, {"name": "never", "count": 0}], [("pop", 1)]),
        ([{"name": None}, {"name": "soul"}], [("soul", 0.9)]),
        ("", []),
    ],
)
def test_tags_with_and_without_counts(tags, expected):
    read = lastfm.read_tags({"tag": tags})
    assert [(tag.name, pytest.approx(tag.weight)) for tag in read] == expected


def test_artist_tags_weigh_less_than_a_songs_own():
    body = {"toptags": {"tag": [{"name": "pop", "count": 100}], "@attr": {"artist": "Cher"}}}
    assert lastfm.read_artist_tags(body) == (Tag("pop", 0.5),)


@pytest.mark.parametrize("status", [200, 400, 403, 404, 500, 503])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (6, type(None)),
        (8, Unavailable),
        (10, Refused),
        (11, Unavailable),
        (16, Unavailable),
        (26, Refused),
        (29, RateLimited),
        ("29", RateLimited),
        (3, Unavailable),
    ],
)
def test_errors_count_whatever_the_http_status(status, code, expected):
    answer = Json(status, {"error": code, "message": "m"}, {})
    assert isinstance(lastfm.verdict(answer), expected)


def test_transient_errors_are_the_providers_and_rejected_questions_are_ours():
    assert lastfm.verdict(Json(500, {"error": 8}, {})).answered is False
    assert lastfm.verdict(Json(400, {"error": 3}, {})).answered is True


def test_rate_limit_waits_a_minute_unless_told():
    assert lastfm.verdict(Json(200, {"error": 29}, {})).retry_after == 60
    assert lastfm.verdict(Json(429, None, {"Retry-After": "7"})).retry_after == 7


@pytest.mark.parametrize(
    ("artist", "title", "match", "expected"),
    [
        ("", "the killers mr brightside", "Mr. Brightside", True),
        ("Cher", "Belive", "Believe", False),
        ("", "dont stop believin journey", "Don't Stop Believin'", True),
        ("", "hello", "Hello (Live)", False),
    ],
)
def test_only_likely_matches_are_worth_another_request(artist, title, match, expected):
    candidate = Candidate("lastfm", "x", match)
    assert lastfm.is_likely(Query(artist, title), candidate) is expected


def test_without_a_key_nothing_is_ever_asked():
    with pytest.raises(ValueError, match="API key"):
        lastfm.LastFm(Http(OpenGate(), user_agent="test"), api_key=" ")
