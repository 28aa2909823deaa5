"""The network seam against real connections that go wrong: an outcome each time, never an error."""

import logging
import socket
import threading
import time
import traceback
import tracemalloc
from http.server import HTTPServer
from pathlib import Path

import pytest
import requests
from answering import Answering, at_work

from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.demo.songs import SONGS
from pikaraoke_enrichment.demo.testing.faults import FAULTS
from pikaraoke_enrichment.providers import http as seam
from pikaraoke_enrichment.providers.base import RateLimited, Refused, Unavailable
from pikaraoke_enrichment.providers.http import Http, Json, OpenGate, by_status, retry_after
from pikaraoke_enrichment.system.said import Said, from_text
from pikaraoke_enrichment.words.sentences import sentence

KEY = "0123456789abcdef0123456789abcdef"


class Watchman:
    """A gate that writes down what it is told, and may be closed."""

    def __init__(self, blocked=None):
        self.blocked = blocked
        self.entered = 0
        self.sendings = 0
        self.left = []

    def enter(self):
        self.entered += 1
        return self.blocked

    def sent(self) -> None:
        self.sendings += 1

    def leave(self, failure):
        self.left.append(failure)


@pytest.fixture(scope="module")
def served():
    with ApiServer(SONGS) as server:
        server.drip_interval = 0.02
        yield server


@pytest.fixture
def server(served):
    served.heal()
    served.forget()
    return served


@pytest.fixture
def gate():
    return Watchman()


@pytest.fixture
def http(gate):
    return patient(gate)


def patient(gate, **limits):
    """A seam with time for the stand-in's answers, however busy the machine is: to make the bomb
    that it sends took longer than the third of a second that all had."""
    limits = {"connect_timeout": 20.0, "read_timeout": 20.0, "total_timeout": 20.0, **limits}
    return Http(gate, user_agent="tests/1 ( nobody@example.org )", **limits)


def ask(http, server, **changes):
    """A question that Last.fm's stand-in answers."""
    params = {"method": "track.getInfo", "artist": "ABBA", "track": "Dancing Queen"}
    return http.get(f"{server.url}/2.0/", {**params, "api_key": KEY, **changes})


def test_an_answer_is_json_with_its_status_and_headers(http, server, gate):
    answer = ask(http, server)
    assert isinstance(answer, Json)
    assert answer.status == 200
    assert answer.body["track"]["name"] == "Dancing Queen"
    assert answer.headers["content-type"] == "application/json"
    assert gate.left == [None]


def test_the_user_agent_is_sent(http, server):
    ask(http, server)
    assert server.requests[0].user_agent == "tests/1 ( nobody@example.org )"


def test_connections_are_kept(http, server):
    before = server.connections_made
    for _ in range(5):
        ask(http, server)
    assert server.connections_made == before + 1


def test_four_threads_share_one_seam(server):
    http, found = patient(OpenGate()), []

    def ask_often():
        found.extend(ask(http, server).body["track"]["name"] for _ in range(10))

    threads = [threading.Thread(target=ask_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Dancing Queen"] * 40


def test_post_sends_json(http, server):
    pair = {"artist_name": "ABBA", "recording_name": "Dancing Queen"}
    answer = http.post(
        f"{server.url}/1/metadata/lookup/", {"recordings": [pair]}, {"Authorization": "Token t"}
    )
    assert answer.body[0]["recording_name"] == "Dancing Queen"


def test_undecodable_file_names_can_be_asked_for(http, server):
    answer = ask(http, server, track="caf\udce9 \ud800")
    assert isinstance(answer, Json)
    assert server.requests[0].params["track"] == "caf? ?"


# What each fault is for the seam itself: rate limited for so many seconds, or unavailable with
# or without an answer; None where the answer can be read.
ANSWERED, AWAY = True, False
OUTCOMES = {
    "hang": AWAY,
    "stalled": AWAY,
    "closed": AWAY,
    "reset": AWAY,
    "truncated": ANSWERED,
    "slow_drip": AWAY,
    "slow_headers": AWAY,
    "not_http": AWAY,
    "400": ANSWERED,
    "401": AWAY,
    "403": AWAY,
    "404": ANSWERED,
    "429": 30.0,
    "429_retry": 7.0,
    "500": ANSWERED,
    "500_html": ANSWERED,
    "502_html": AWAY,
    "503": AWAY,
    "503_retry": 7.0,
    "503_date": 90.0,
    "503_garbage": AWAY,
    "503_years": 3600.0,
    "html": AWAY,
    "empty": AWAY,
    "cut_json": ANSWERED,
    "bad_encoding": ANSWERED,
    "utf16": ANSWERED,
    "nul_bytes": ANSWERED,
    "escaped_nul": None,
    "nan": None,
    "deep": ANSWERED,
    "wrong_types": None,
    "wrong_shape": None,
    "nulls": None,
    "null": None,
    "object_for_list": None,
    "long_title": None,
    "long_titles_but_one": None,
    "huge": ANSWERED,
    "huge_chunked": ANSWERED,
    "gzip": None,
    "gzip_bomb": ANSWERED,
    "gzip_broken": ANSWERED,
    "gzip_garbage": ANSWERED,
    "brotli": ANSWERED,
    "redirect_elsewhere": AWAY,
    "moved": ANSWERED,
    "redirect_loop": ANSWERED,
    "redirect_huge": ANSWERED,
    "redirect_nowhere": AWAY,
    "lastfm_3": ANSWERED,
    "lastfm_6": ANSWERED,
    "lastfm_8": ANSWERED,
    "lastfm_10": AWAY,
    "lastfm_11": AWAY,
    "lastfm_16": AWAY,
    "lastfm_26": AWAY,
    "lastfm_29": 30.0,
    "lastfm_29_200": None,
    "musicbrainz_busy": 1.0,
    "musicbrainz_cut_off": None,
    "musicbrainz_403": AWAY,
    "itunes_403": AWAY,
    "itunes_error": None,
}


def test_every_fault_has_its_outcome_here():
    assert set(OUTCOMES) == set(FAULTS)


# Only a limit ends these.
ENDLESS = ("hang", "stalled", "slow_drip", "slow_headers")
SHORT = {"read_timeout": 0.3, "total_timeout": 0.8}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_an_outcome(fault, server, gate):
    http = patient(gate, **(SHORT if fault in ENDLESS else {}))
    server.fail("lastfm", fault)
    started = time.monotonic()
    outcome = ask(http, server)
    assert time.monotonic() - started < 15.0, "no other waits for a limit"

    expected = OUTCOMES[fault]
    if expected is None:
        assert isinstance(outcome, Json)
    elif isinstance(expected, bool):
        assert isinstance(outcome, Unavailable)
        assert outcome.answered is expected
    else:
        assert isinstance(outcome, RateLimited)
        assert expected - 2 <= outcome.retry_after <= expected
    if not isinstance(outcome, Json):
        assert_fit_for_a_person(sentence(outcome.reason))
        # A loop of redirects is several requests, each of them answered.
        if fault not in ("moved", "redirect_loop", "redirect_huge"):
            assert gate.left == [outcome]
    assert gate.entered == len(gate.left)

    server.heal()
    http._timeouts, http._total_timeout = (20.0, 20.0), 20.0
    assert isinstance(ask(http, server), Json)


def assert_fit_for_a_person(reason):
    assert 0 < len(reason) < 100
    assert "\n" not in reason
    for secret in (KEY, "api_key", "http://", "127.0.0.1", "Traceback", "object at 0x"):
        assert secret not in reason


@pytest.mark.parametrize("fault", ["huge", "huge_chunked", "gzip_bomb", "redirect_huge"])
def test_no_answer_takes_much_memory(fault, server):
    """200 MB from the network, or 100 MB unpacked, must not be held."""
    http = patient(OpenGate())
    server.fail("lastfm", fault)
    ask(http, server)  # whatever is made once, the stand-in's bomb among it
    tracemalloc.start()
    try:
        ask(http, server)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000  # bytes, of both sides


def test_the_largest_answer_is_counted_as_it_is_unpacked(server, monkeypatch):
    server.fail("lastfm", "gzip")
    assert isinstance(ask(patient(OpenGate()), server), Json)
    monkeypatch.setattr(seam, "MAX_BYTES", 100)
    assert isinstance(ask(patient(OpenGate()), server), Unavailable)


def test_a_closed_gate_lets_nothing_out(server):
    gate = Watchman(RateLimited(5.0, Said("not now")))
    assert ask(patient(gate), server) == RateLimited(5.0, Said("not now"))
    assert server.count() == 0
    assert gate.left == []


def test_a_wait_at_the_gate_is_not_taken_from_the_time_for_the_answer(server, monkeypatch):
    """Connected too late, it waits for another slot: iTunes' are three seconds and more apart."""
    clock, slept = time.monotonic, []
    monkeypatch.setattr(time, "monotonic", lambda: clock() + sum(slept))

    class Slow(Watchman):
        def sent(self) -> None:
            super().sent()
            slept.append(60.0)

    gate = Slow()
    assert isinstance(ask(patient(gate), server), Json)
    assert gate.left == [None]
    assert gate.sendings == 2


def test_the_verdict_is_told_to_the_gate_before_the_answer_is_returned(http, server, gate):
    refusal = Refused(Said("bad key"))
    answer = http.get(f"{server.url}/2.0/", {"api_key": KEY}, verdict=lambda _answer: refusal)
    assert answer is refusal
    assert gate.left == [refusal]


def test_the_verdict_sees_the_status_of_a_body_that_cannot_be_read(http, server):
    seen = []
    server.fail("itunes", "itunes_403")
    http.get(f"{server.url}/search", {}, verdict=lambda answer: seen.append(answer))
    assert [(answer.status, answer.body) for answer in seen] == [(403, None)]


def test_the_gate_is_left_whatever_our_own_code_does(http, server, gate):
    def broken(_answer):
        raise RuntimeError("a bug of ours")

    with pytest.raises(RuntimeError):
        http.get(f"{server.url}/2.0/", {}, verdict=broken)
    assert isinstance(gate.left[0], Unavailable)


def test_a_merged_identity_is_followed_through_the_gate(http, server, gate):
    song = SONGS[0]
    server.fail("musicbrainz", "moved", times=1)
    answer = http.get(f"{server.url}/ws/2/recording/{song.mbid}", {"fmt": "json"})
    assert answer.body["title"] == song.title
    assert gate.entered == 2
    assert gate.left == [None, None]


def test_a_post_is_never_sent_on(http, server):
    server.fail("listenbrainz", "redirect_loop")
    outcome = http.post(f"{server.url}/1/metadata/recording/", {})
    assert isinstance(outcome, Unavailable)
    assert server.count() == 1


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://nobody.invalid/", "host name"),
        ("nonsense", "address"),
        ("http://[bad/", "address"),
        ("ftp://127.0.0.1/", "address"),
    ],
)
def test_addresses_that_lead_nowhere(url, word, http):
    outcome = http.get(url, {"api_key": KEY})
    assert isinstance(outcome, Unavailable)
    assert word in sentence(outcome.reason)


def test_nobody_listens(http):
    with ApiServer() as server:
        url = server.url
    outcome = http.get(url, {"api_key": KEY})
    assert outcome == Unavailable(Said("connection_refused"))


def test_a_server_that_speaks_no_tls(http, server):
    outcome = http.get(server.url.replace("http:", "https:"), {"api_key": KEY})
    assert outcome == Unavailable(Said("no_secure_connection"))


def test_a_host_that_is_full_is_a_time_out():
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        http = patient(OpenGate(), **{**SHORT, "connect_timeout": 0.2})
        outcome = http.get(f"http://127.0.0.1:{listener.getsockname()[1]}/", {})
    assert isinstance(outcome, Unavailable)
    assert not outcome.answered


def test_a_kept_connection_whose_server_came_back_is_replaced(server, http):
    ask(http, server)
    server.stop()
    server.start()
    assert isinstance(ask(http, server), Json)


def test_the_key_is_nowhere(server, caplog, capfd):
    """Not in a reason, a repr, a log line of any library at any level, nor on the terminal."""
    caplog.set_level(logging.DEBUG)
    texts = []
    http = patient(OpenGate(), **SHORT)
    for fault in [
        "400",
        "closed",
        "redirect_loop",
        "redirect_elsewhere",
        "html",
        "cut_json",
        "hang",
    ]:
        server.fail("lastfm", fault, times=1)
        texts.append(repr(ask(http, server)))
    for url in ("http://nobody.invalid/", "http://[bad/", "https://127.0.0.1:1/"):
        texts.append(repr(http.get(url, {"api_key": KEY})))
    texts += [repr(http), str(http)]
    assert "/2.0/" in caplog.text, "urllib3 was expected to log"
    assert KEY not in caplog.text
    assert KEY not in "".join(texts)
    assert KEY not in "".join(capfd.readouterr())


def test_an_error_of_our_own_shows_no_key(server, http):
    def broken(_answer):
        raise RuntimeError("a bug of ours")

    with pytest.raises(RuntimeError) as caught:
        http.get(f"{server.url}/2.0/", {"api_key": KEY}, verdict=broken)
    assert KEY not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7", 7.0),
        (" 7.5 ", 7.5),
        ("-3", 0.0),
        ("999999999", 3600.0),
        ("inf", None),
        ("nan", None),
        ("soon", None),
        ("", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 -0000", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 3600.0),
        ("Fri, 99 Dec 99999 23:59:59 GMT", None),
    ],
)
def test_retry_after_in_every_form(value, expected):
    assert retry_after({"Retry-After": value}) == expected


def test_no_retry_after():
    assert retry_after({}) is None


@pytest.mark.parametrize("status", [200, 204, 299])
def test_success_is_judged_by_its_body(status):
    assert by_status(Json(status, {}, {})) is None


def test_outcomes_can_be_stored():
    """Reasons go into the database as text."""
    reason = by_status(Json(500, None, {})).reason
    assert from_text(reason.as_text()) == reason


# --- what the environment offers ------------------------------------------------------------------


def test_a_login_in_netrc_is_sent_to_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """FTP programs write "default login anonymous": it took ListenBrainz' token's place."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login anonymous password me@example.org\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    seen: list[str | None] = []

    class Handler(Answering):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization"))
            self.say(200, b"{}")

    with at_work(HTTPServer(("127.0.0.1", 0), Handler)) as asked:
        client = Http(OpenGate(), user_agent="test")
        url = f"http://127.0.0.1:{asked.server_port}/"
        client.get(url, {}, {"Authorization": "Token good"})
        client.get(url, {})
        client.close()
    assert seen == ["Token good", None]


def _without_its_package(*_: object, **__: object) -> None:
    raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "no_socks"),
        ("REQUESTS_CA_BUNDLE", "/nowhere/bundle.pem", "no_authorities"),
    ],
)
def test_what_the_environment_sets_wrongly_is_named(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, code: str
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", _without_its_package)
    answer = Http(OpenGate(), user_agent="test").get("https://service.invalid/", {})
    assert isinstance(answer, Unavailable)
    assert answer.reason.code == code
