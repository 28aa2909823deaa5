"""Attacks on the dashboard: other sites, other hosts, hostile names, guessed passwords."""

from __future__ import annotations

import base64
import html
import json
import re
import socket
import stat
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from polling import wait_until
from processes import Command
from visitors import BROWSER, PASSWORD, PROGRAM, token

from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands import run
from pikaraoke_enrichment.exceptions import ServeError
from pikaraoke_enrichment.models import QueueEntry, Song, SongDetail
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.web import create_app
from pikaraoke_enrichment.web.attempts import FREE, Attempts
from pikaraoke_enrichment.web.mount import session_key
from pikaraoke_enrichment.web.server import make_server

CHANGES = ("start", "stop", "pause", "resume", "enqueue", "requeue")


# --- changes that another site makes --------------------------------------------------------------


@pytest.mark.parametrize("action", CHANGES)
def test_change_without_the_token_is_refused(client: FlaskClient, action: str) -> None:
    song = Song.create(file_path="/songs/a.mp4", format="mp4", metadata_status="enrichment_failed")
    before = control.wishes()
    stranger = client.application.test_client()
    foreign = token(stranger)
    client.get("/enrichment/", headers=BROWSER)
    form = {"songs": str(song.id), "which": "failed"}
    for fields, headers in (
        ({}, {}),
        ({"csrf_token": ""}, {}),
        ({"csrf_token": "guessed"}, {}),
        ({"csrf_token": "gü\U0001f600"}, {}),
        ({"csrf_token": foreign}, {}),
        ({}, {"X-CSRF-Token": foreign}),
    ):
        answer = client.post(f"/enrichment/{action}", data={**form, **fields}, headers=headers)
        assert answer.status_code == 403
        assert "out of date" in answer.get_json()["error"]
    assert control.wishes() == before
    assert QueueEntry.select().count() == 0


def test_change_with_the_token_passes_in_field_or_header(client: FlaskClient) -> None:
    mine = token(client)
    assert client.post("/enrichment/pause", data={"csrf_token": mine}).status_code == 200
    answer = client.post("/enrichment/resume", headers={"X-CSRF-Token": mine})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("headers", "with_cookie", "status"),
    [
        ({"Content-Type": "application/json"}, False, 200),
        ({"Content-Type": "application/json; charset=utf-8"}, False, 200),
        # What a page of another site can send without asking first.
        ({"Content-Type": "text/plain"}, False, 403),
        ({"Content-Type": "text/plain; application/json"}, False, 403),
        ({"Content-Type": "application/x-www-form-urlencoded"}, False, 403),
        ({"Content-Type": "multipart/form-data; boundary=x"}, False, 403),
        ({}, False, 403),
        # And what it could send if a browser ever forgot to ask.
        ({"Content-Type": "application/json", "Origin": "http://evil.example"}, False, 403),
        ({"Content-Type": "application/json", "Origin": "null"}, False, 403),
        ({"Content-Type": "application/json"}, True, 403),
    ],
)
def test_only_a_program_needs_no_token(
    client: FlaskClient, headers: dict[str, str], with_cookie: bool, status: int
) -> None:
    sender = client if with_cookie else client.application.test_client(use_cookies=False)
    if with_cookie:
        token(client)
    song = Song.create(file_path="/songs/a.mp4", format="mp4")
    answer = sender.post(
        "/enrichment/enqueue", data=json.dumps({"songs": [song.id]}), headers=headers
    )
    assert answer.status_code == status


@pytest.mark.parametrize("action", CHANGES)
def test_link_changes_nothing(client: FlaskClient, action: str) -> None:
    assert client.get(f"/enrichment/{action}").status_code == 405


def test_no_other_site_is_allowed_in(client: FlaskClient) -> None:
    asked = client.options(
        "/enrichment/enqueue",
        headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert not [name for name, _ in asked.headers if name.lower().startswith("access-control")]


def test_refused_form_is_a_page_in_words(client: FlaskClient) -> None:
    answer = client.post("/enrichment/pause", headers=BROWSER)
    assert answer.status_code == 403
    assert "load it again" in answer.text


def test_too_large_a_request_is_refused(client: FlaskClient) -> None:
    body = json.dumps({"songs": ["x" * 1_100_000]})
    sender = client.application.test_client(use_cookies=False)
    assert sender.post("/enrichment/enqueue", data=body, headers=PROGRAM).status_code == 413


# --- the Host header ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LocalHost:5556", 200),
        ("127.0.0.1", 200),
        ("127.0.0.1:5556", 200),
        ("[::1]:5556", 200),
        ("evil.example", 400),
        ("evil.example:5556", 400),
        ("localhost.evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("localhost:5556@evil.example", 400),
        ("localhost:", 400),
        ("192.168.1.7:5556", 400),
        ("", 400),
    ],
)
def test_without_a_password_only_this_machine_s_names_are_answered(
    client: FlaskClient, host: str, status: int
) -> None:
    for path in ("/", "/enrichment/", "/enrichment/progress", "/enrichment/healthz", "/nothing"):
        answer = client.get(path, environ_overrides={"HTTP_HOST": host})
        assert (answer.status_code == 400) == (status == 400), path
    sender = client.application.test_client(use_cookies=False)
    answer = sender.post(
        "/enrichment/pause", data="{}", headers=PROGRAM, environ_overrides={"HTTP_HOST": host}
    )
    assert answer.status_code == status


def test_with_a_password_any_name_is_answered(guarded: Flask) -> None:
    answer = guarded.test_client().get(
        "/enrichment/login", headers=BROWSER, environ_overrides={"HTTP_HOST": "pi.local:5556"}
    )
    assert answer.status_code == 200


# --- hostile names --------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</template><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "%(status)s %s",
    "\u202egpm.live\u2066",
    "a\u2028b\x00c&amp;",
)


class Reader(HTMLParser):
    """What a browser would see: tags with their attributes, and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_only_ever_text(
    client: FlaskClient, library: runtime.Runtime, name: str
) -> None:
    song = Song.create(
        file_path=f"/songs/{name}.mp4",
        format="mp4",
        artist=name,
        title=name,
        genre=name,
        metadata_status="enriched",
        confidence=0.9,
    )
    SongDetail.create(
        song=song,
        file_name=name,
        sources=json.dumps({"title": name}),
        reason=name,
        decided_at=time.time(),
    )
    QueueEntry.create(song=song, claim=library.consumer_name)

    page = Reader()
    page.feed(client.get("/enrichment/", headers=BROWSER).text)

    scripts = [str(attributes["src"]) for tag, attributes in page.tags if tag == "script"]
    assert [re.split("[?]", src)[0] for src in scripts] == [
        "/enrichment/static/once.js",
        "/enrichment/static/unsaved.js",
        "/enrichment/static/progress.js",
    ]
    for tag, attributes in page.tags:
        assert not [one for one in attributes if one.startswith("on")], tag
        assert tag != "img" or str(attributes["src"]).startswith("/enrichment/static/")
    assert any(name.strip() in text for text in page.text)

    answer = client.get("/enrichment/progress")
    assert answer.content_type == "application/json"
    row = answer.get_json()["words"]["recent"][0]
    assert (row["artist"], row["title"], row["reason"]) == (name, name, name)


# --- headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/enrichment/",
        "/enrichment/progress",
        "/enrichment/healthz",
        "/enrichment/static/progress.js",
        "/enrichment/nothing",
        "/enrichment/login",
        "/nothing",
    ],
)
def test_every_answer_has_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers=BROWSER).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert ("no-store" in headers["Cache-Control"]) == ("static" not in path)


def test_session_cookie_is_the_dashboard_s_alone(client: FlaskClient) -> None:
    cookie = client.get("/enrichment/", headers=BROWSER).headers["Set-Cookie"]
    assert cookie.startswith("enrichment_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


# --- the password ---------------------------------------------------------------------------------


def log_in(client: FlaskClient, password: str, **fields: str) -> Any:
    form = {"csrf_token": token(client, "login"), "password": password, **fields}
    return client.post("/enrichment/login", data=form, headers=BROWSER)


def test_password_is_asked_for_before_anything_is_shown(guarded: Flask) -> None:
    client = guarded.test_client()
    answer = client.get("/enrichment/", headers=BROWSER)
    assert (answer.status_code, answer.location) == (303, "/enrichment/login?next=/enrichment/")
    assert client.get("/enrichment/progress").status_code == 401
    assert client.get("/enrichment/progress").get_json()["error"]
    assert client.get("/enrichment/healthz").status_code == 200
    assert client.get("/enrichment/static/progress.js").status_code == 200
    for action in CHANGES:
        sender = guarded.test_client(use_cookies=False)
        assert sender.post(f"/enrichment/{action}", data="{}", headers=PROGRAM).status_code == 401
        assert client.post(f"/enrichment/{action}", headers=BROWSER).status_code == 303
    assert control.wishes() == control.Wishes(running=False, paused=False, decided=False)


def test_right_password_opens_and_log_out_closes(guarded: Flask) -> None:
    client = guarded.test_client()
    before = token(client, "login")
    answer = log_in(client, PASSWORD, next="/enrichment/?again=1")
    assert (answer.status_code, answer.location) == (303, "/enrichment/?again=1")
    assert client.get("/enrichment/progress").status_code == 200
    mine = token(client)
    assert mine != before
    assert client.get("/enrichment/login", headers=BROWSER).status_code == 303
    assert client.post("/enrichment/logout", data={"csrf_token": mine}).status_code == 303
    assert client.get("/enrichment/progress").status_code == 401


def test_log_in_needs_the_token_too(guarded: Flask) -> None:
    answer = guarded.test_client().post("/enrichment/login", data={"password": PASSWORD})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "elsewhere",
    [
        "http://evil.example/",
        "//evil.example/enrichment/",
        "/\\evil.example",
        "/enrichment//evil.example",
        "/enrichment/\r\nX: y",
        "javascript:alert(1)",
        "/other",
        "",
    ],
)
def test_log_in_leads_nowhere_else(guarded: Flask, elsewhere: str) -> None:
    assert log_in(guarded.test_client(), PASSWORD, next=elsewhere).location == "/enrichment/"


OURS = {**BROWSER, "Origin": "http://localhost"}


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize("guesses", [[PASSWORD], ["wrong", PASSWORD]])
def test_what_was_typed_outlives_the_log_in(guarded: Flask, guesses: list[str]) -> None:
    song = Song.create(file_path="/songs/a.mp4", format="mp4", title="A")
    client, typed = guarded.test_client(), {"artist": HOSTILE[0], "title": '"B"'}
    page = client.post(f"/enrichment/songs/{song.id}", data=typed, headers=OURS)
    for guess in guesses:
        assert page.status_code == 401
        assert "What you typed is kept" in page.text
        form = {**fields_of(page.text), "password": guess}
        page = client.post("/enrichment/login", data=form, headers=OURS)
    assert page.status_code == 200
    assert HOSTILE[0] not in page.text
    assert Song.get_by_id(song.id).title == "A", "a press of one's own sends it"
    (target,) = re.findall(r'<form class="enr-login" method="post" action="([^"]+)"', page.text)
    assert target == f"/enrichment/songs/{song.id}"
    assert client.post(target, data=fields_of(page.text), headers=OURS).status_code == 303
    assert Song.get_by_id(song.id).title == '"B"'


def test_what_was_typed_outlives_its_token(client: FlaskClient) -> None:
    song = Song.create(file_path="/songs/a.mp4", format="mp4", title="A")
    typed = {"csrf_token": "of yesterday", "title": "B"}
    page = client.post(f"/enrichment/songs/{song.id}", data=typed, headers=OURS)
    assert page.status_code == 403
    form = fields_of(page.text)
    assert client.post(f"/enrichment/songs/{song.id}", data=form, headers=OURS).status_code == 303
    assert Song.get_by_id(song.id).title == "B"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:81", ""])
def test_what_another_site_sends_waits_for_no_press(
    guarded: Flask, client: FlaskClient, origin: str
) -> None:
    headers = {**BROWSER, "Origin": origin} if origin else BROWSER
    typed = {"lastfm_api_key": "of mine"}
    page = client.post("/enrichment/settings", data=typed, headers=headers)
    assert (page.status_code, "of mine" in page.text) == (403, False)
    page = guarded.test_client().post("/enrichment/settings", data=typed, headers=headers)
    assert (page.status_code, page.location) == (303, "/enrichment/login")


@pytest.mark.parametrize("kept", ["{", "[1]", "[[1]]", "null", "[" * 5000, '{"a": 1}'])
def test_a_form_that_was_not_kept_by_us_is_none(guarded: Flask, kept: str) -> None:
    """And none is sent anywhere else."""
    answer = log_in(guarded.test_client(), PASSWORD, kept=kept, kept_for="//evil.example/")
    assert answer.status_code == 303
    other = log_in(guarded.test_client(), PASSWORD, kept='[["a", "b"]]', kept_for="//evil.example/")
    assert 'action="/enrichment/"' in other.text


def test_wrong_passwords_are_slowed_down(guarded: Flask) -> None:
    client = guarded.test_client()
    statuses = [log_in(client, f"guess {number}").status_code for number in range(10)]
    assert statuses == [401] * FREE + [429] * (10 - FREE)
    blocked = log_in(client, PASSWORD)
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) >= 1
    assert "try again in" in blocked.text
    fresh = guarded.test_client()
    form = {"csrf_token": token(fresh, "login"), "password": PASSWORD}
    other = fresh.post(
        "/enrichment/login", data=form, environ_overrides={"REMOTE_ADDR": "192.168.1.7"}
    )
    assert other.status_code == 303


def test_attempts_wait_longer_each_time_and_forget() -> None:
    now = 1000.0
    attempts = Attempts("secret", clock=lambda: now)
    waits = []
    for _ in range(12):
        now += attempts.seconds_to_wait("a")
        assert not attempts.try_password("wrong", "a")
        waits.append(attempts.seconds_to_wait("a"))
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert not attempts.try_password("secret", "a")
    assert attempts.try_password("secret", "b")
    now += 901
    assert attempts.try_password("secret", "a")


def test_no_password_is_never_the_right_one() -> None:
    assert not Attempts("").try_password("", "a")


def test_another_password_ends_every_session(guarded: Flask, settings: config.Settings) -> None:
    client = guarded.test_client()
    log_in(client, PASSWORD)
    cookie = client.get_cookie("enrichment_session")
    assert cookie
    changed = create_app(replace(settings, admin_password="another")).test_client()
    changed.set_cookie("enrichment_session", cookie.value)
    assert changed.get("/enrichment/progress").status_code == 401


def test_program_gives_the_password_with_its_request(guarded: Flask) -> None:
    for password, status in ((PASSWORD, 200), ("wrong", 401)):
        word = base64.b64encode(f"admin:{password}".encode()).decode()
        answer = guarded.test_client(use_cookies=False).post(
            "/enrichment/pause", data="{}", headers={**PROGRAM, "Authorization": f"Basic {word}"}
        )
        assert answer.status_code == status


def test_session_key_is_kept_for_this_user_only(settings: config.Settings) -> None:
    key = session_key(settings)
    assert len(key) == 64
    assert session_key(settings) == key
    kept = list(Path(settings.config_file).parent.glob("enrichment-session.key*"))
    assert len(kept) == 1
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600


def test_session_key_lives_with_the_process_where_none_can_be_kept(
    settings: config.Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    nowhere = replace(settings, config_file=str(tmp_path / "file" / "config.ini"))
    assert len(session_key(nowhere)) == 64


# --- serving --------------------------------------------------------------------------------------


@contextmanager
def served(settings: config.Settings, host: str = "127.0.0.1") -> Iterator[str]:
    """A dashboard on a free port, ended as a signal handler would."""
    server = make_server(settings, host, 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://{host}:{server.effective_port}"
    finally:
        server.close()
        server.close()
        thread.join(10)
        assert not thread.is_alive()


def test_server_answers_on_a_free_port_and_ends(library: runtime.Runtime) -> None:
    with served(library.settings) as url:
        with urllib.request.urlopen(f"{url}/enrichment/progress", timeout=10) as answer:
            assert answer.status == 200
            assert "Server" not in answer.headers
        rebound = urllib.request.Request(f"{url}/enrichment/", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(rebound, timeout=10)
        assert refused.value.code == 400
        refused.value.close()
    port = int(url.rpartition(":")[2])
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))


def test_server_closed_before_it_runs_ends_at_once(library: runtime.Runtime) -> None:
    server = make_server(library.settings, port=0)
    assert re.fullmatch(r"http://localhost:\d+/enrichment/", server.url)
    server.close()
    server.run()


def test_server_says_that_the_port_is_taken(library: runtime.Runtime) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=f"port {port} .* is taken by another program"):
            make_server(library.settings, "localhost", port)


def test_server_says_that_another_dashboard_has_its_port(library: runtime.Runtime) -> None:
    with served(library.settings) as url:
        port = int(url.rpartition(":")[2])
        elsewhere = f"another dashboard answers at http://localhost:{port}/enrichment/"
        with pytest.raises(ServeError, match=elsewhere):
            make_server(library.settings, port=port)


def test_a_run_whose_port_is_taken_says_so_and_goes_on(
    made: Callable[[int], object], command: Callable[..., Command]
) -> None:
    made(3)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = command("run", ENRICHMENT_PORT=str(port))
        wait_until(lambda: "3/3 (100.0%)" in ran.said and "serves no dashboard" in ran.said)
    assert f"port {port} at 127.0.0.1 is taken by another program" in ran.said
    assert ran.end() == 0


def test_a_second_run_says_that_it_is_not_alone_and_then_what_to_do_about_the_port(
    made: Callable[[int], object], command: Callable[..., Command]
) -> None:
    made(3)
    first = command("run", "--port", "0")
    wait_until(lambda: "Dashboard: " in first.said and "3/3 (100.0%)" in first.said)
    assert run.NOT_ALONE not in first.said
    port = re.findall(r"Dashboard: http://localhost:(\d+)/", first.said)[0]
    second = command("run", ENRICHMENT_PORT=port)
    wait_until(lambda: "serves no dashboard" in second.said)
    beside, _, after = second.said.partition(run.NOT_ALONE)
    assert "is taken" not in beside
    assert f"http://localhost:{port}/enrichment/; use that one, or give another port" in after
    assert (second.end(), first.end()) == (0, 0)


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (("run", "DIR", "--host", "no such host"), 2, "no such host is no name or address of"),
        (("run", "DIR", "--host", "192.0.2.1"), 2, "this machine: give 127.0.0.1 for"),
        (("run", "DIR", "--port", "TAKEN"), 1, "end that one, or give another port"),
        (("demo", "--port", "TAKEN"), 1, "end that one, or give another port"),
    ],
)
def test_where_an_option_names_what_cannot_be_listened_at_nothing_is_begun(
    settings: config.Settings,
    tmp_path: Path,
    command: Callable[..., Command],
    words: tuple[str, ...],
    status: int,
    why: str,
) -> None:
    """It ended with 0 after one warning, and served no dashboard."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        places = {"DIR": str(tmp_path), "TAKEN": str(taken.getsockname()[1])}
        ran = command(*(places.get(word, word) for word in words), "--until-done")
        assert ran.wait() == status
    assert len(ran.said.splitlines()) == 1
    assert why in ran.said
    assert not Path(settings.db).exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_server_does_not_listen_beyond_the_loopback_without_a_password(
    library: runtime.Runtime, host: str
) -> None:
    with pytest.raises(ServeError, match="ENRICHMENT_ADMIN_PASSWORD"):
        make_server(library.settings, host, 0)


def test_server_listens_beyond_the_loopback_with_a_password(library: runtime.Runtime) -> None:
    settings = replace(library.settings, admin_password=PASSWORD)
    server = make_server(settings, "0.0.0.0", 0)
    server.close()
    server.run()


def test_server_says_that_the_host_is_not_its_own(library: runtime.Runtime) -> None:
    settings = replace(library.settings, admin_password=PASSWORD)
    with pytest.raises(ServeError, match=r"192\.0\.2\.1 is no name or address of this machine"):
        make_server(settings, "192.0.2.1", 0)
    with pytest.raises(ServeError, match="no name or address"):
        make_server(settings, "no such host", 0)
