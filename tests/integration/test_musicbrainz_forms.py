"""How few requests MusicBrainz is asked, and what becomes of forms that it does not understand."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from pikaraoke_enrichment.demo.catalogue import Catalogue, Song, made_up_songs
from pikaraoke_enrichment.demo.entries import has_single, is_late
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.providers.base import Found, Later, NotFound, Query, Unavailable
from pikaraoke_enrichment.providers.http import Http, OpenGate
from pikaraoke_enrichment.providers.musicbrainz import MusicBrainz
from pikaraoke_enrichment.providers.services import MUSICBRAINZ_QUERIES

SONGS = made_up_songs(80, seed=3)
SINGLES = [song for song in SONGS if has_single(song) and not is_late(song)]
OTHERS = (
    Song("P!nk", "So What", 2008, "Pop", listeners=900_000),
    Song("AC/DC", "Highway to Hell", 1979, "Rock"),
    Song("Journey", "Don't Stop Believin'", 1981, "Rock"),
)


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer(Catalogue((*SONGS, *OTHERS), traps=True)) as server:
        yield server


def ask(api: ApiServer, *forms: str) -> MusicBrainz:
    http = Http(OpenGate(), user_agent="tests/1 ( tests@example.org )")
    return MusicBrainz(http, base_url=api.url, queries=forms)


def asked(api: ApiServer) -> Counter[str]:
    return Counter(request.path.removeprefix("/ws/2/") for request in api.requests)


def queries(songs: list[Song]) -> list[Query]:
    return [Query(song.artist, song.title) for song in songs]


def test_one_search_settles_twenty_songs_and_more(api: ApiServer) -> None:
    outcomes = ask(api, *MUSICBRAINZ_QUERIES).lookup_many(queries(SINGLES[:30]))
    found = [outcome for outcome in outcomes if isinstance(outcome, Found)]
    assert len(found) >= 24
    assert asked(api)["release-group"] == 1
    assert len(api.requests) <= 5, "with their dates, and who plays what"
    for song, outcome in zip(SINGLES, outcomes, strict=False):
        if isinstance(outcome, Found):
            assert {each.title for each in outcome.candidates} == {song.title}


@pytest.mark.parametrize(
    ("artist", "title"),
    [("Pink", "So What"), ("ACDC", "Highway to Hell"), ("Journey", "Dont Stop Believin")],
)
def test_names_are_found_as_files_spell_them(api: ApiServer, artist: str, title: str) -> None:
    outcome = ask(api, *MUSICBRAINZ_QUERIES).lookup(Query(artist, title))
    assert isinstance(outcome, Found)
    assert any(each.year for each in outcome.candidates)
    assert any(each.tags for each in outcome.candidates), "what the artist plays, at least"


def test_a_name_read_the_wrong_way_round_costs_nothing_more(api: ApiServer) -> None:
    provider = ask(api, *MUSICBRAINZ_QUERIES)
    outcomes = provider.lookup_many([Query("So What", "Pink"), Query("Pink", "So What")])
    assert isinstance(outcomes[1], Found)
    api.forget()
    assert provider.lookup(Query("So What", "Pink")) == NotFound()
    assert api.requests == []


def test_a_song_that_was_found_is_found_again(api: ApiServer) -> None:
    """Asked anew it was taken for a name read the wrong way round: whether a service is up is seen
    by a song that was found before."""
    provider = ask(api, *MUSICBRAINZ_QUERIES)
    for query in [*queries(SINGLES[:8])] * 2:
        api.forget()
        assert isinstance(provider.lookup(query), Found)
        assert api.requests


@pytest.mark.parametrize("forms", [(), *((form,) for form in MUSICBRAINZ_QUERIES)])
def test_each_form_can_be_used_alone(api: ApiServer, forms: tuple[str, ...]) -> None:
    paths = {"singles": "release-group", "artists": "artist"}
    song = SINGLES[0]
    assert isinstance(ask(api, *forms).lookup(Query(song.artist, song.title)), Found)
    assert set(asked(api)) <= {"recording", *(paths.get(form, "recording") for form in forms)}


@pytest.mark.parametrize("fault", ["400", "404", "wrong_shape"])
def test_what_is_not_understood_is_used_no_more_and_no_song_is_lost(
    api: ApiServer, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    for path in ("/ws/2/release-group", "/ws/2/artist"):
        api.fail("musicbrainz", fault, when=lambda request, path=path: request.path == path)
    provider = ask(api, *MUSICBRAINZ_QUERIES)
    with caplog.at_level(logging.WARNING):
        for song in SINGLES[:12]:
            assert isinstance(provider.lookup(Query(song.artist, song.title)), Found)
    assert (asked(api)["release-group"], asked(api)["artist"]) == (2, 2)
    told = [record.message for record in caplog.records if "MUSICBRAINZ_QUERIES" in record.message]
    assert len(told) == 2
    assert len(set(told)) == 2


def test_one_bad_question_ends_no_form(api: ApiServer) -> None:
    api.fail("musicbrainz", "400", times=1)
    provider = ask(api, *MUSICBRAINZ_QUERIES)
    for song in SINGLES[:3]:
        assert isinstance(provider.lookup(Query(song.artist, song.title)), Found)
    assert asked(api)["release-group"] >= 3


def test_addresses_stay_short(api: ApiServer) -> None:
    long = [Query(f"Исполнитель {number}", f"Очень длинное название {number}") for number in
            range(100)]  # fmt: skip
    ask(api, *MUSICBRAINZ_QUERIES).lookup_many(long)
    assert all(len(request.params["query"].encode()) < 6000 for request in api.requests)


def test_what_stumbles_rides_no_more(api: ApiServer) -> None:
    api.fail("musicbrainz", "500", when=SINGLES[1].title)
    provider, own = ask(api, *MUSICBRAINZ_QUERIES), queries(SINGLES[:4])
    outcomes = provider.lookup_many(own)
    assert isinstance(outcomes[0], Found)
    api.forget()
    assert isinstance(provider.lookup_many([own[2], own[1]])[0], Found)
    assert not any(SINGLES[1].title.lower() in each.params["query"] for each in api.requests)


@pytest.mark.parametrize("fault", ["500", "reset"])
def test_an_outage_parts_no_songs_that_share_a_request(api: ApiServer, fault: str) -> None:
    provider, own = ask(api, *MUSICBRAINZ_QUERIES), queries(SINGLES[:20])
    api.fail("musicbrainz", fault)
    for _ in range(3):
        assert isinstance(provider.lookup_many(own)[0], Unavailable)
    api.heal()
    api.forget()
    assert sum(isinstance(each, Found) for each in provider.lookup_many(own)) >= 15
    assert asked(api)["release-group"] == 1


def test_a_single_is_as_old_as_the_songs_oldest_recording(api: ApiServer) -> None:
    provider = ask(api, "singles", "dates")
    told = zip(SINGLES, provider.lookup_many(queries(SINGLES[:40])), strict=False)
    found = {song: outcome.candidates for song, outcome in told if isinstance(outcome, Found)}
    asked_once = len(api.requests)
    before = {
        song: replace(query, before=provider.doubted(found[song]))
        for song, query in zip(found, queries(list(found)), strict=True)
    }
    assert any(query.before != song.year for song, query in before.items()), "the album was out"
    for song, outcome in zip(found, provider.lookup_many([*before.values()]), strict=True):
        years = [each.year for each in outcome.candidates] if isinstance(outcome, Found) else []
        assert min([before[song].before, *years]) == song.year
    assert len(api.requests) - asked_once == 1
    assert ask(api, "singles").doubted(next(iter(found.values()))) == 0, "it can be switched off"


def test_whoever_is_shown_beside_a_crowd_is_named(api: ApiServer) -> None:
    """A famous song has a hundred recordings: those of nine others were thrown away with them."""
    api.catalogue = Catalogue(made_up_songs(12, seed=5), traps=True)
    outcomes = ask(api, "recordings").lookup_many(queries(list(api.catalogue.songs)))
    assert sum(isinstance(outcome, Found) for outcome in outcomes) > 3
    assert len(api.requests) == 1


def test_what_is_probably_not_there_waits_until_many_are_searched_for_at_once(
    api: ApiServer,
) -> None:
    provider = ask(api, "recordings")
    left = [
        [Query(f"Nobody Heard Of {n}", f"A Song {n}"), Query(f"Nobody {n}", f"Heard Of A {n} Song")]
        for n in range(60)
    ]
    turns = 0
    while left:
        own, others = left[0], [query for each in left[1:] for query in each]
        told = dict(zip([*own, *others], provider.lookup_many([*own, *others]), strict=True))
        done = {query for query, outcome in told.items() if outcome == NotFound()}
        waits = [told[own[0]]] == [Later()]
        left = [rest for each in left if (rest := [query for query in each if query not in done])]
        left = [*left[1:], left[0]] if waits else left
        turns += 1
        assert turns < 300
    assert len(api.requests) < 45, "8 a narrowed search, up to 16 a plain one"


def test_a_song_that_is_no_single_waits_until_others_were_asked_for(api: ApiServer) -> None:
    provider = ask(api, *MUSICBRAINZ_QUERIES)
    other = next(song for song in SONGS if not has_single(song))
    own = Query(other.artist, other.title)
    fresh = [Query(f"Somebody Unheard Of {n}", f"A Song of Many Words {n}") for n in range(120)]
    assert provider.lookup_many([own, *fresh])[0] == Later(), "it was no single"
    # A library stood still once, as each song waited for the second readings of all others.
    assert isinstance(provider.lookup_many([own, *fresh])[0], Found), "and waits no second time"
