"""The providers against the stand-in, over real HTTP: songs found, and every fault met."""

import json
from pathlib import Path

import pytest

from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.demo.songs import SONGS
from pikaraoke_enrichment.demo.testing.faults import FAULTS
from pikaraoke_enrichment.providers import itunes, lastfm, listenbrainz, musicbrainz
from pikaraoke_enrichment.providers.base import (
    Found,
    NotFound,
    Query,
    RateLimited,
    Refused,
    Tag,
    Unavailable,
)
from pikaraoke_enrichment.providers.http import Http, OpenGate
from pikaraoke_enrichment.system.invocation import typed
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.words.sentences import sentence

KEY = "0123456789abcdef0123456789abcdef"
SEARCHING = ("lastfm", "musicbrainz", "itunes")
NAMES = (*SEARCHING, "listenbrainz")
RECORDED = Path(__file__).parents[3] / "shared" / "responses"

# Songs that test what the demonstration's do not.
MORE = (
    Song("The Love Cats", "Untagged", 1990, genre="", listeners=50_000),
    Song("Tagged Artist", "With Genre", 1990, genre="Rock"),
    Song("Tagged Artist", "Untagged Too", 1990, genre="", listeners=60_000),
    Song("Little Known", "Rare Thing", 1999, genre="", listeners=12),
    Song("Nowhere Else", "Only Last Heard", 2001, "Pop", services=frozenset({"lastfm"})),
)


# Faults after which nothing, or too little at a time, comes.
SLOW = {"hang", "slow_drip", "slow_headers", "stalled"}


def provider(name, url, http=None, fault=""):
    http = http or Http(
        OpenGate(),
        user_agent="tests/1 ( nobody@example.org )",
        connect_timeout=2.0,
        # A busy machine answers late; a fault that hangs is waited for briefly.
        read_timeout=0.3 if fault in SLOW else 10.0,
        total_timeout=0.8 if fault in SLOW else 20.0,
    )
    if name == "lastfm":
        return lastfm.LastFm(http, api_key=KEY, base_url=url)
    if name == "musicbrainz":
        # The plain search; its other forms have tests of their own.
        return musicbrainz.MusicBrainz(http, base_url=url, queries=())
    if name == "listenbrainz":
        return listenbrainz.ListenBrainz(http, token=KEY, base_url=url)
    return itunes.ITunes(http, base_url=url)


@pytest.fixture(scope="module")
def plain():
    with ApiServer((*SONGS, *MORE)) as server:
        server.drip_interval = 0.02
        yield server


@pytest.fixture(scope="module")
def full_of_traps():
    with ApiServer(Catalogue(SONGS, traps=True, ghosts=True)) as server:
        yield server


@pytest.fixture
def server(plain):
    plain.heal()
    plain.forget()
    return plain


@pytest.fixture
def trapped(full_of_traps):
    full_of_traps.heal()
    full_of_traps.forget()
    return full_of_traps


@pytest.mark.parametrize("name", SEARCHING)
def test_every_song_of_the_demonstration_is_found_in_one_request(name, server):
    asked = provider(name, server.url)
    for song in SONGS:
        outcome = asked.lookup(Query(song.artist, song.title))
        assert isinstance(outcome, Found), song
        assert (outcome.candidates[0].artist, outcome.candidates[0].title) == (
            song.artist,
            song.title,
        )
    assert server.count() == len(SONGS)


def test_every_song_of_the_demonstration_is_found_fifty_at_a_time(server):
    asked = provider("listenbrainz", server.url)
    outcomes = []
    for first in range(0, len(SONGS), asked.most):
        songs = SONGS[first : first + asked.most]
        outcomes += asked.lookup_many([Query(song.artist, song.title) for song in songs])
    found = [outcome.candidates[0] for outcome in outcomes]
    assert [(each.artist, each.title) for each in found] == [
        (song.artist, song.title) for song in SONGS
    ]
    assert server.count() <= 3 * -(-len(SONGS) // asked.most)


def test_listenbrainz_wants_a_token_that_it_knows(server):
    server.tokens = frozenset({"another"})
    try:
        outcome = provider("listenbrainz", server.url).lookup(Query("Queen", "Innuendo"))
    finally:
        server.tokens = None
    assert isinstance(outcome, Refused)
    assert KEY not in repr(outcome)


@pytest.mark.parametrize("name", ["musicbrainz", "itunes"])
def test_years_and_genres(name, server):
    best = provider(name, server.url).lookup(Query("Queen", "Bohemian Rhapsody")).candidates[0]
    assert best.year == 1975
    assert best.tags[0].name.lower() == "rock"
    assert best.album == "A Night at the Opera"


@pytest.mark.parametrize("name", NAMES)
def test_what_nobody_knows_is_not_found(name, server):
    assert provider(name, server.url).lookup(Query("Nobody", "Nothing At All")) == NotFound()
    assert provider(name, server.url).lookup(Query("", "VID 20190714 221530")) == NotFound()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", [Query("", ""), Query("Queen", " ")])
def test_nothing_is_asked_for_no_title(name, query, server):
    assert provider(name, server.url).lookup(query) == NotFound()
    assert server.count() == 0


@pytest.mark.parametrize("name", SEARCHING)
def test_a_name_without_separator_is_searched_as_a_whole(name, server):
    outcome = provider(name, server.url).lookup(Query("", "the killers mr brightside"))
    best = outcome.candidates[0]
    assert (best.artist, best.title) == ("The Killers", "Mr. Brightside")
    assert best.tags[0].name.lower() == "rock"


@pytest.mark.parametrize("name", NAMES)
def test_names_full_of_signs(name, server):
    for artist, title in (
        ("AC/DC", "Highway to Hell"),
        ("P!nk", "So What"),
        ("坂本九", "上を向いて歩こう"),
    ):
        outcome = provider(name, server.url).lookup(Query(artist, title))
        assert isinstance(outcome, Found), (artist, title)


# -- Last.fm


def methods(server):
    return [request.params["method"] for request in server.requests]


def test_a_misspelled_title_is_searched_and_gets_its_tags(server):
    outcome = provider("lastfm", server.url).lookup(Query("Killers", "Mr Brightside"))
    assert outcome.candidates[0].artist == "The Killers"
    assert outcome.candidates[0].tags == (Tag("rock"),)
    assert methods(server)[0] == "track.getInfo"


def test_a_known_song_without_tags_takes_its_artists(server):
    outcome = provider("lastfm", server.url).lookup(Query("Tagged Artist", "Untagged Too"))
    assert [tag.name for tag in outcome.candidates[0].tags] == ["rock", "seen live"]
    assert methods(server) == ["track.getInfo", "artist.getTopTags"]


def test_the_extra_request_may_fail_and_the_song_stays_found(server):
    server.fail("lastfm", "lastfm_29", when="artist.getTopTags")
    outcome = provider("lastfm", server.url).lookup(Query("Tagged Artist", "Untagged Too"))
    assert outcome.candidates[0].title == "Untagged Too"
    assert outcome.candidates[0].tags == ()


def test_a_ghost_is_searched_for_and_passed_on_with_its_few_listeners(trapped):
    outcome = provider("lastfm", trapped.url).lookup(Query("Fake Artist", "Fake Track"))
    assert [candidate.listeners for candidate in outcome.candidates] == [2]
    assert methods(trapped) == ["track.getInfo", "track.search"]


def test_a_rarity_is_found_though_it_looks_like_a_ghost(server):
    outcome = provider("lastfm", server.url).lookup(Query("Little Known", "Rare Thing"))
    assert [candidate.listeners for candidate in outcome.candidates] == [12]


def test_a_rate_limit_on_the_search_is_the_outcome(server):
    server.fail("lastfm", "lastfm_29_200", when="track.search")
    outcome = provider("lastfm", server.url).lookup(Query("Nobody", "Nothing"))
    assert outcome == RateLimited(60.0, Said("too_many_requests"))


def test_a_key_that_is_not_let_in_is_refused():
    with ApiServer(SONGS, keys=["another"]) as server:
        outcome = provider("lastfm", server.url).lookup(Query("Queen", "Bohemian Rhapsody"))
    assert isinstance(outcome, Refused)
    assert KEY not in repr(outcome)


def test_the_key_is_in_no_repr(server):
    asked = provider("lastfm", server.url)
    assert KEY not in repr(asked)
    assert KEY not in str(asked)


# -- the traps that real services are full of


def test_swapped_entries_come_with_few_listeners(trapped):
    # The pair the wrong way round exists, as somebody's badly tagged file.
    outcome = provider("lastfm", trapped.url).lookup(Query("Hey Jude", "The Beatles"))
    swapped = [each for each in outcome.candidates if each.artist == "Hey Jude"]
    assert swapped
    assert swapped[0].listeners < 50


def test_karaoke_makers_are_passed_on(trapped):
    outcome = provider("itunes", trapped.url).lookup(Query("ABBA", "Dancing Queen"))
    assert "Karaoke" in [each.tags[0].name for each in outcome.candidates]
    assert "ABBA" in [each.artist for each in outcome.candidates]


def test_live_takes_and_remasters_come_with_their_own_years(trapped):
    outcome = provider("musicbrainz", trapped.url).lookup(Query("Queen", "Bohemian Rhapsody"))
    years: dict[tuple[str, ...], set[int | None]] = {}
    for each in outcome.candidates:
        years.setdefault((each.title, *each.secondary_types), set()).add(each.year)
    assert min(years["Bohemian Rhapsody", "live"]) > 1975
    assert min(years["Bohemian Rhapsody", "compilation"]) > 1975
    remastered = Query("Queen", "Bohemian Rhapsody remastered 2011")
    found = provider("musicbrainz", trapped.url).lookup(remastered)
    assert {each.year for each in found.candidates} == {2011}


def test_a_studio_recording_on_a_compilation_is_no_compilation(trapped):
    found = provider("musicbrainz", trapped.url).lookup(Query("Queen", "Bohemian Rhapsody"))
    song = SONGS[0]
    (first,) = (each for each in found.candidates if each.recording_id == song.mbid)
    assert (first.secondary_types, first.album) == ((), "A Night at the Opera")


def test_tags_without_a_vote_are_left(trapped):
    for song in SONGS:
        for each in (
            provider("musicbrainz", trapped.url).lookup(Query(song.artist, song.title)).candidates
        ):
            assert not {tag.name for tag in each.tags} & {"american", "mellow"}


def test_other_names_of_an_artist(server):
    outcome = provider("musicbrainz", server.url).lookup(Query("坂本九", "上を向いて歩こう"))
    assert "Kyu Sakamoto" in outcome.candidates[0].artist_aliases


# -- every fault, for every provider

# Where a provider's own ways make more of a fault than the seam does alone.
OWN_WAYS = {
    ("lastfm", "429"): RateLimited,
    ("lastfm", "lastfm_6"): NotFound,
    ("lastfm", "lastfm_10"): Refused,
    ("lastfm", "lastfm_26"): Refused,
    ("lastfm", "lastfm_29_200"): RateLimited,
    **{("musicbrainz", f"503{kind}"): RateLimited for kind in ("", "_garbage")},
    **{("musicbrainz", f"lastfm_{code}"): RateLimited for code in (11, 16)},
    **{("musicbrainz", fault): Refused for fault in ("403", "musicbrainz_403")},
    **{("musicbrainz", f"lastfm_{code}"): Refused for code in (10, 26)},
    **{("listenbrainz", fault): Refused for fault in ("403", "musicbrainz_403")},
    **{("listenbrainz", f"lastfm_{code}"): Refused for code in (10, 26)},
    **{("itunes", fault): RateLimited for fault in ("403", "musicbrainz_403", "itunes_403")},
    **{("itunes", f"lastfm_{code}"): RateLimited for code in (10, 26)},
    ("listenbrainz", "401"): Refused,
    ("listenbrainz", "object_for_list"): Unavailable,
    ("listenbrainz", "moved"): Unavailable,  # a POST is not sent to another place
}
LIMITED = {
    "429",
    "429_retry",
    "503_retry",
    "503_date",
    "503_years",
    "lastfm_29",
    "musicbrainz_busy",
}
READABLE = {
    "musicbrainz_cut_off",
    "escaped_nul",
    "object_for_list",
    "long_titles_but_one",
    "gzip",
    "moved",
}


def expected_outcome(name, fault):
    if (name, fault) in OWN_WAYS:
        return OWN_WAYS[name, fault]
    if fault in READABLE:
        return Found
    return RateLimited if fault in LIMITED else Unavailable


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_an_outcome_for_every_provider(name, fault, server):
    # A redirect to the same question is answered at last.
    server.fail(name, fault, times=1 if fault == "moved" else None)
    asked = provider(name, server.url, fault=fault)
    outcome = asked.lookup(Query("Queen", "Bohemian Rhapsody"))
    assert type(outcome) is expected_outcome(name, fault)
    if isinstance(outcome, Found):
        for each in outcome.candidates:
            assert (each.artist, each.title) == ("Queen", "Bohemian Rhapsody")
            f"{each}".encode()  # no half of a surrogate pair
            assert "\x00" not in repr(each)
    elif not isinstance(outcome, NotFound):
        assert KEY not in repr(outcome)
        assert "\n" not in sentence(outcome.reason)


@pytest.mark.parametrize("name", SEARCHING)
def test_one_endless_title_among_others_is_left_out(name, trapped):
    trapped.fail(name, "long_titles_but_one")
    outcome = provider(name, trapped.url).lookup(Query("", "Bohemian Rhapsody Queen"))
    assert isinstance(outcome, Found)
    assert all(len(each.title) <= 500 for each in outcome.candidates)


WAITS = {"lastfm": 60, "musicbrainz": 1, "itunes": 120, "listenbrainz": 10}


@pytest.mark.parametrize("name", NAMES)
def test_how_long_a_limit_lasts(name, server):
    server.fail(name, "429")
    outcome = provider(name, server.url).lookup(Query("Queen", "Bohemian Rhapsody"))
    assert outcome.retry_after == WAITS[name]


def test_musicbrainz_finds_the_words_in_any_order_with_the_same_request(server):
    outcome = provider("musicbrainz", server.url).lookup(Query("Cash Johnny", "Ring of Fire"))
    assert outcome.candidates[0].artist == "Johnny Cash"
    assert server.count() == 1


def test_musicbrainz_answers_several_songs_with_one_request(server):
    queries = [
        Query("Queen", "Bohemian Rhapsody"),
        Query("Nobody", "Nothing At All"),
        Query("ABBA", "Dancing Queen"),
    ]
    shares = provider("musicbrainz", server.url).lookup_many(queries)
    assert server.count() == 1
    assert {each.title.split(" (")[0] for each in shares[0].candidates} == {"Bohemian Rhapsody"}
    assert shares[1] == NotFound()
    assert {each.artist for each in shares[2].candidates} == {"ABBA"}


@pytest.mark.parametrize("fault", ["truncated", "500", "400", "closed", "html", "hang"])
def test_a_question_that_musicbrainz_stumbles_over_spoils_no_others(server, fault):
    server.fail("musicbrainz", fault, when="dancing")
    queries = [Query("Queen", "Bohemian Rhapsody"), Query("ABBA", "Dancing Queen")]
    shares = provider("musicbrainz", server.url, fault=fault).lookup_many(queries)
    assert isinstance(shares[0], Found)
    assert shares[1] is None
    assert server.count() == 2


def test_an_outage_is_the_outcome_of_the_first_question(server):
    server.fail("musicbrainz", "429")
    shares = provider("musicbrainz", server.url).lookup_many([Query("a", "b"), Query("c", "d")])
    assert isinstance(shares[0], RateLimited)
    assert shares[1:] == [None]
    assert server.count() == 1


def test_an_exact_question_takes_no_search(trapped):
    asked = provider("lastfm", trapped.url)
    outcome = asked.lookup(Query("Fake Artist", "Fake Track", exact=True))
    assert [candidate.listeners for candidate in outcome.candidates] == [2]
    assert methods(trapped) == ["track.getInfo"]


def test_musicbrainz_wants_a_user_agent(server):
    asked = provider("musicbrainz", server.url, Http(OpenGate(), user_agent=""))
    outcome = asked.lookup(Query("Queen", "Bohemian Rhapsody"))
    assert isinstance(outcome, Refused)
    assert typed("set contact") in sentence(outcome.reason)


# -- answers recorded from the real services

recorded = pytest.mark.skipif(
    not RECORDED.exists(), reason="no recorded answers of the real services beside this checkout"
)


def load(name):
    return json.loads((RECORDED / name).read_text(encoding="utf-8"))


@recorded
def test_recorded_track():
    track = lastfm.read_track(load("lastfm_json_tonlistarleit/track.getinfo.json"))
    assert (track.artist, track.title) == ("The Weeknd", "Call Out My Name")
    assert track.listeners == 426288
    assert track.duration == 238.0
    assert track.year is None
    assert [tag.name for tag in track.tags] == ["rnb", "soul", "Canadian", "r&b", "2018"]


@recorded
def test_recorded_search_with_artist_and_title_swapped():
    matches = lastfm.read_matches(load("lastfm_json_excerpt/track.search_reversed_tags.json"))
    assert matches[0].artist == "Wonderful tonight"
    assert matches[0].listeners == 16


@recorded
@pytest.mark.parametrize(
    ("kind", "count"), [("Multiple", 5), ("Single", 1), ("Empty", 0), ("Error", 0)]
)
def test_recorded_tags_of_artists(kind, count):
    body = load(f"lastfm_json_inflatable/ArtistGetTopTags{kind}.json")
    assert len(lastfm.read_artist_tags(body)) == count


@recorded
def test_recorded_recordings():
    found = musicbrainz.read_recordings(load("musicbrainz_json_avatar29A/recording-search.json"))
    assert len(found) == 9
    assert found[0].secondary_types == ("compilation",)
    assert found[2].year == 2003
    assert found[2].secondary_types == ()
    assert found[3].artist == "Calexico feat. Nicolai Dunger"
    assert "Claus Wilhelm Nicolai Dunger" in found[3].artist_aliases


@recorded
def test_recorded_songs_of_the_store():
    found = itunes.read_songs(load("itunes_json_excerpt/itunes_search_jack_johnson_15.json"))
    assert len(found) == 15
    assert found[0].artist == "This Bike Is a Pipe Bomb"
    assert found[0].year == 2004
    assert found[0].tags == (Tag("Alternative"),)
