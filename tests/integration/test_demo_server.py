"""The stand-in itself over real HTTP: its protocols, faults, limits, traps and songs."""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests
from polling import wait_until

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo import command, documents, lucene
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song, load_songs, made_up_songs, words
from pikaraoke_enrichment.demo.documents import index_of
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.demo.songs import FILES, SONGS, TITLES_ALONE, file_names
from pikaraoke_enrichment.providers.base import Found, Refused
from pikaraoke_enrichment.providers.http import OpenGate
from pikaraoke_enrichment.providers.services import KEYS
from pikaraoke_enrichment.tasks.key_trial import try_key
from pikaraoke_enrichment.tasks.review.explaining import explain_name

AGENT = {"User-Agent": "tests/1 ( nobody@example.org )"}


@pytest.fixture(scope="module")
def served():
    with ApiServer(SONGS, keys=["good"], tokens=["token"]) as server:
        yield server


@pytest.fixture
def server(served):
    served.heal()
    served.forget()
    served.limits = {}
    return served


def lastfm(server, **params):
    params = {"api_key": "good", "format": "json", **params}
    return requests.get(f"{server.url}/2.0/", params, headers=AGENT, timeout=5)


def musicbrainz(server, query, **params):
    params = {"query": query, "fmt": "json", **params}
    return requests.get(f"{server.url}/ws/2/recording", params, headers=AGENT, timeout=5)


# -- Last.fm


def test_lastfm_info_has_the_shape_of_today(server):
    track = lastfm(server, method="track.getInfo", artist="Toto", track="Africa").json()["track"]
    assert track["artist"]["name"] == "Toto"
    assert track["listeners"] == "800000"
    assert int(track["duration"]) % 1000 == 0
    assert track["toptags"]["tag"] == [{"name": "rock", "url": "https://www.last.fm/tag/rock"}]


def test_lastfm_corrects_only_when_asked(server):
    asked = {"method": "track.getInfo", "artist": "beyonce feat jay z", "track": "Crazy In Love"}
    assert lastfm(server, **asked).json()["error"] == 6
    track = lastfm(server, **asked, autocorrect=1).json()["track"]
    assert track["artist"]["name"] == "Beyoncé feat. JAY-Z"


def test_lastfm_search(server):
    found = lastfm(server, method="track.search", track="dancing queen").json()["results"]
    assert found["opensearch:totalResults"] == "1"
    assert found["trackmatches"]["track"][0]["artist"] == "ABBA"
    nothing = lastfm(server, method="track.search", track="nothing at all").json()["results"]
    assert nothing["trackmatches"]["track"] == []


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"method": "track.getInfo", "api_key": ""}, 400, 6),
        ({"method": "track.getInfo", "api_key": "bad"}, 403, 10),
        ({"method": "track.fly"}, 400, 3),
        ({"method": "track.getInfo", "artist": "No", "track": "No"}, 200, 6),
        ({"method": "artist.getTopTags", "artist": "No"}, 200, 6),
    ],
)
def test_lastfm_errors(server, params, status, code):
    answer = lastfm(server, **params)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


# -- MusicBrainz


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ('recording:"hotel california"', ["Hotel California"]),
        ('recording:"california hotel"', []),
        ("recording:(california AND hotel)", ["Hotel California"]),
        ('recording:hotel AND artist:"eagles"', ["Hotel California"]),
        ('recording:"hotel california" AND artist:"abba"', []),
        (
            'recording:"hotel california" AND (artist:"abba" OR artistname:"eagles")',
            ["Hotel California"],
        ),
        ('recording:"hotel california" AND NOT artist:"eagles"', []),
        ("eagles AND hotel", ["Hotel California"]),
        ("hotel jude", ["Hotel California", "Hey Jude"]),
        ('artist:"ac\\/dc"', ["Highway to Hell"]),
        ('artist:"the beatles"', ["Hey Jude"]),
        ('artist:"beatles"', ["Hey Jude"]),
        ('artistname:"daddy yankee"', ["Despacito"]),
        ('recording:"上を向いて歩こう"', ["上を向いて歩こう"]),
        ('recording:"hotel california" AND firstreleasedate:1976', ["Hotel California"]),
    ],
)
def test_musicbrainz_understands_lucene(server, query, titles):
    recordings = musicbrainz(server, query).json()["recordings"]
    assert sorted(each["title"] for each in recordings) == sorted(titles)


@pytest.mark.parametrize(
    "query", ["", '"', 'recording:"open', "(a", "a)", "AND", "nofield:x", "a AND", "()"]
)
def test_musicbrainz_rejects_what_it_cannot_read(server, query):
    assert musicbrainz(server, query).status_code == 400
    with pytest.raises(lucene.BadQuery):
        lucene.parse(query, documents.RECORDING)


def test_musicbrainz_scores_are_relative_to_the_best(server):
    recordings = musicbrainz(server, "hotel jude hey").json()["recordings"]
    assert recordings[0]["score"] == 100
    assert recordings[1]["score"] < 100


def test_musicbrainz_finds_a_recording_by_its_identity(server):
    song = SONGS[0]
    address = f"{server.url}/ws/2/recording"
    found = requests.get(f"{address}/{song.mbid}", {"fmt": "json"}, headers=AGENT, timeout=5)
    assert found.json()["title"] == song.title
    unknown = f"{address}/00000000-0000-4000-8000-000000000000"
    assert requests.get(unknown, {"fmt": "json"}, headers=AGENT, timeout=5).status_code == 404
    assert (
        requests.get(f"{address}/x", {"fmt": "json"}, headers=AGENT, timeout=5).status_code == 400
    )


def test_musicbrainz_wants_to_be_asked_for_json(server):
    assert musicbrainz(server, "queen", fmt="xml").status_code == 406


# -- iTunes


def test_itunes_answers_as_a_script_after_line_breaks(server):
    answer = requests.get(f"{server.url}/search", {"term": "toto africa"}, timeout=5)
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.content.startswith(b"\n")
    assert answer.json()["results"][0]["releaseDate"].startswith("1982")


def test_itunes_rejects_a_country(server):
    answer = requests.get(f"{server.url}/search", {"term": "x", "country": "USA"}, timeout=5)
    assert (answer.status_code, list(answer.json())) == (400, ["errorMessage"])


# -- ListenBrainz

TOKEN = {"Authorization": "Token token"}


def listenbrainz(server, path, **kwargs):
    method = "POST" if "json" in kwargs else "GET"
    headers = {**AGENT, **kwargs.pop("headers", {})}
    return requests.request(method, f"{server.url}/1{path}", headers=headers, timeout=5, **kwargs)


def test_listenbrainz_lookup_of_one_pair(server):
    pair = {"artist_name": "abba", "recording_name": "dancing queen"}
    found = listenbrainz(server, "/metadata/lookup/", params=pair, headers=TOKEN).json()
    assert found["recording_name"] == "Dancing Queen"
    pair["recording_name"] = "nothing"
    assert listenbrainz(server, "/metadata/lookup/", params=pair, headers=TOKEN).json() == {}
    assert listenbrainz(server, "/metadata/lookup/", params=pair).status_code == 401


def test_listenbrainz_lookup_of_many(server):
    pairs = [
        {"artist_name": "ABBA", "recording_name": "Dancing Queen"},
        {"artist_name": "Nobody", "recording_name": "Nothing"},
    ]
    wish = {"recordings": pairs}
    hit, miss = listenbrainz(server, "/metadata/lookup/", json=wish, headers=TOKEN).json()
    assert (hit["index"], bool(hit["recording_mbid"])) == (0, True)
    assert sorted(miss) == ["artist_name_arg", "index", "recording_name_arg", "release_name_arg"]
    wish = {"recordings": pairs * 26}
    assert listenbrainz(server, "/metadata/lookup/", json=wish, headers=TOKEN).status_code == 400
    wish = {"recordings": [{**pairs[0], "release_name": None}]}
    assert listenbrainz(server, "/metadata/lookup/", json=wish, headers=TOKEN).status_code == 500


def test_listenbrainz_metadata_needs_the_full_day(server):
    days = [song for song in SONGS if song.year % 3]
    years = [song for song in SONGS if not song.year % 3]
    wish = {"recording_mbids": [days[0].mbid, years[0].mbid], "inc": "artist tag release"}
    found = listenbrainz(server, "/metadata/recording/", json=wish).json()
    assert found[days[0].mbid]["recording"]["first_release_date"] == f"{days[0].year}-06-15"
    assert found[years[0].mbid]["recording"].get("first_release_date") is None
    assert (
        listenbrainz(server, "/metadata/recording/", json={"recording_mbids": ["x"]}).status_code
        == 400
    )


def test_listenbrainz_token(server):
    assert listenbrainz(server, "/validate-token", headers=TOKEN).json()["valid"] is True
    wrong = {"Authorization": "Token wrong"}
    assert listenbrainz(server, "/validate-token", headers=wrong).json()["valid"] is False
    assert listenbrainz(server, "/validate-token").status_code == 400


# -- what tests steer it with


def test_requests_are_written_down(server):
    before = time.monotonic()
    musicbrainz(server, "queen")
    (seen,) = server.requests
    assert (seen.provider, seen.path) == ("musicbrainz", "/ws/2/recording")
    assert seen.params["query"] == "queen"
    assert seen.user_agent == AGENT["User-Agent"]
    assert before <= seen.at <= time.monotonic()


def test_a_fault_for_some_requests_and_some_words(server):
    server.fail("musicbrainz", "500", times=2)
    assert [musicbrainz(server, "queen").status_code for _ in range(3)] == [500, 500, 200]
    server.fail("musicbrainz", "500", when="Abba")
    assert musicbrainz(server, "queen").status_code == 200
    assert musicbrainz(server, "artist:abba").status_code == 500
    server.fail("*", "429", when=lambda request: request.provider == "lastfm")
    assert lastfm(server, method="track.search", track="x").status_code == 429
    server.heal("musicbrainz")
    assert musicbrainz(server, "artist:abba").status_code == 200


def test_a_fault_of_no_known_name(server):
    with pytest.raises(ValueError, match="no fault"):
        server.fail("lastfm", "earthquake")
    with pytest.raises(ValueError, match="no provider"):
        server.fail("spotify", "500")


def test_healing_lets_go_what_hangs(server):
    server.fail("musicbrainz", "hang")
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(musicbrainz, server, "queen")
        wait_until(lambda: server.requests)
        server.heal()
        with pytest.raises(requests.ConnectionError):
            hanging.result(timeout=5)


def test_latency(server):
    server.latency = 0.1
    try:
        started = time.monotonic()
        musicbrainz(server, "queen")
        assert time.monotonic() - started >= 0.1
    finally:
        server.latency = 0.0


@pytest.mark.parametrize(
    ("provider", "rate", "status"),
    [("lastfm", 5, 429), ("musicbrainz", 1, 503), ("itunes", 0.33, 403), ("listenbrainz", 3, 429)],
)
def test_limits_are_the_originals(server, provider, rate, status):
    server.limits = {provider: rate}
    paths = {"lastfm": "/2.0/", "musicbrainz": "/ws/2/recording", "itunes": "/search"}
    address = server.url + paths.get(provider, "/1/validate-token")
    allowed = max(1, int(rate))
    seen = [requests.get(address, headers=AGENT, timeout=5).status_code for _ in range(allowed + 2)]
    assert seen[:allowed] == [seen[0]] * allowed
    assert seen[0] != status
    assert seen[allowed:] == [status, status]


def test_another_process_steers_it_over_http():
    command = [
        sys.executable,
        "-m",
        "pikaraoke_enrichment.demo.server",
        "--port",
        "0",
        "--made-up",
        "5",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            steer_from_outside(url)
        finally:
            process.kill()


def steer_from_outside(url):
    def post(path, **payload):
        return requests.post(url + path, json=payload, timeout=5).status_code

    def search():
        return requests.get(f"{url}/search", {"term": "x"}, timeout=5).status_code

    assert post("/_faults", provider="itunes", fault="500", times=1) == 200
    assert [search(), search()] == [500, 200]
    assert post("/_faults", provider="itunes", fault="itunes_403", when="x") == 200
    assert search() == 403
    assert post("/_heal") == 200
    assert search() == 200
    assert post("/_faults", provider="itunes", fault="earthquake") == 400
    assert post("/_settings", latency=0.01, limits={"itunes": 0.5}, keys=["k"]) == 200
    assert [search(), search()] == [200, 403]
    seen = requests.get(f"{url}/_requests", {"provider": "itunes"}, timeout=5).json()
    assert len(seen) == 6
    assert seen[0]["params"] == {"term": "x"}
    assert post("/_forget") == 200
    assert requests.get(f"{url}/_requests", timeout=5).json() == []


# -- catalogues and songs


def test_the_words_of_a_text_keep_their_articles():
    assert words("The Beatles") == ["the", "beatles"]
    assert words("AC/DC & Friends") == ["ac", "dc", "and", "friends"]
    assert words("?!") == []


def test_24_000_songs_cost_little_more_an_answer_than_240():
    songs = made_up_songs(24_000)
    asked = songs[:240:4]

    def cost(known):
        """The CPU seconds of one answer, as another process may hold up the clock."""
        catalogue = Catalogue(known, traps=True)
        index_of(catalogue, "recording")  # is made once
        with ApiServer(catalogue) as server, requests.Session() as session:
            started = time.process_time()
            for song in asked:
                query = f'recording:"{song.title}" AND artist:"{song.artist}"'
                params = {"query": query, "fmt": "json"}
                found = session.get(f"{server.url}/ws/2/recording", params=params, headers=AGENT)
                assert found.json()["recordings"][0]["title"] == song.title
            return (time.process_time() - started) / len(asked)

    few, many = cost(songs[:240]), cost(songs)
    assert many < few * 5


def test_made_up_songs_are_the_same_in_every_run_and_all_different():
    songs = made_up_songs(3000)
    assert songs == made_up_songs(3000)
    assert songs != made_up_songs(3000, seed=1)
    assert len({(song.artist, song.title) for song in songs}) == 3000
    assert all(re.fullmatch(r"[A-Za-z ]+", f"{song.artist} {song.title}") for song in songs)


def test_songs_from_files(tmp_path):
    table = tmp_path / "songs.tsv"
    table.write_text('artist\ttitle\tyear\tstyles\nABBA\t"SOS"\t1975\tPop,Disco\nX\tY\t\t\n')
    assert load_songs(table) == (Song("ABBA", '"SOS"', 1975, "Pop"), Song("X", "Y"))
    listed = tmp_path / "songs.json"
    listed.write_text('[{"artist": "ABBA", "title": "SOS", "year": 1975, "genre": "Pop"}]')
    assert load_songs(listed) == (Song("ABBA", "SOS", 1975, "Pop"),)


def test_traps_fall_the_same_way_in_every_run():
    def answers():
        with ApiServer(Catalogue(SONGS, traps=True)) as server:
            found = musicbrainz(server, 'recording:"jolene"').json()["recordings"]
        return [(each["id"], each["title"], each["first-release-date"]) for each in found]

    first = answers()
    assert first == answers()
    assert len(first) > 5


def test_the_demonstrations_files():
    assert 40 <= len(FILES) <= 50
    assert len(set(file_names())) == len(FILES) + len(TITLES_ALONE)
    assert all(0 < len(name.encode()) <= 255 and "/" not in name for name in file_names())
    assert len(SONGS) == len({song.mbid for song in SONGS}) >= 40
    assert all(song.year and song.genre for song in SONGS)
    assert [file.name for file in FILES if file.song is None]


@pytest.mark.parametrize(
    ("service", "key", "is_taken"),
    [(each, key, key == command.KEY) for each in KEYS for key in (command.KEY, "mistyped")],
)
def test_the_demonstration_takes_the_key_that_it_names_and_no_other(
    monkeypatch, capsys, service, key, is_taken
):
    said = []

    class Job:
        def __init__(self, *_words, environment):
            self.settings = config.load(environment)

        def wait_or_end(self):
            said.append(try_key(service, key, self.settings, lambda _: OpenGate()))
            return 0

    monkeypatch.setattr(command, "Child", Job)
    command.demonstrate()
    assert isinstance(said[0], Found if is_taken else Refused)
    assert f'"{command.KEY}"' in capsys.readouterr().out


@pytest.mark.parametrize("name", TITLES_ALONE)
def test_a_title_alone_is_left_for_a_person_to_choose(name, settings):
    with ApiServer(Catalogue(SONGS, traps=True), keys=[settings.lastfm_api_key]) as api:
        urls = {f"{service}_url": api.url for service in ("lastfm", "musicbrainz", "itunes")}
        found = explain_name(name, replace(settings, **urls))
    assert found["verdict"]["status"] == "parsed"
    assert len(found["ranked"]) >= 2
