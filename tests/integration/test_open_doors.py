"""What opened doors from outside: host apps without admins, proxies, silent connections, guests,
modules in the working directory."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from polling import wait_until
from visitors import BROWSER, PASSWORD

from pikaraoke_enrichment import config, init_app, launcher
from pikaraoke_enrichment.exceptions import NoPiKaraoke, SettingsError
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.system import child
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.review.browsing import MOST_WORDS, Filter
from pikaraoke_enrichment.web import create_app, listening
from pikaraoke_enrichment.web.attempts import FREE, FREE_TOGETHER, ONE_MORE_AFTER, Attempts
from pikaraoke_enrichment.web.server import make_server
from pikaraoke_enrichment.web.turnstile import MOST_AT_ONCE, Turnstile

HOSTILE = """
import pathlib
pathlib.Path({proof!r}).write_text(__name__)
raise SystemExit("a module of the working directory was run")
"""


def test_nothing_of_the_working_directory_is_run(settings: config.Settings, tmp_path: Path) -> None:
    """`cd /media/stick; pikaraoke-enrichment run .`: a json.py lay on the stick."""
    stick, proof = tmp_path / "stick", tmp_path / "proof"
    stick.mkdir()
    for name in ("json", "huey", "requests", "peewee", "sqlite3", "flask", "config", "cli"):
        (stick / f"{name}.py").write_text(HOSTILE.format(proof=str(proof)))
    (stick / "Queen - Innuendo.mp4").touch()
    done = subprocess.run(
        child.command("run", ".", "--until-done", "--no-dashboard"),
        env=settings.whole_environment(),
        cwd=stick,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not proof.exists(), done.stderr
    assert "1 song found" in done.stdout


# --- host apps ------------------------------------------------------------------------------------


def hosted(settings: config.Settings) -> FlaskClient:
    """In somebody else's app, which tells its templates nothing of admins."""
    host = Flask("host")
    init_app(host, settings)
    return host.test_client(use_cookies=False)


def asked(client: FlaskClient, address: str, host: str, **headers: str) -> int:
    place = {"REMOTE_ADDR": address, "HTTP_HOST": host}
    return client.get("/enrichment/progress", headers=headers, environ_overrides=place).status_code


def test_an_app_that_knows_no_admin_lets_in_this_machine_alone(library: runtime.Runtime) -> None:
    """With PiKaraoke 1.21 and its admin password set, a stranger edited a song."""
    client = hosted(library.settings)
    assert asked(client, "127.0.0.1", "localhost:5555") == 200
    assert asked(client, "::1", "[::1]:5555") == 200
    assert asked(client, "192.168.1.66", "localhost:5555") == 400
    assert asked(client, "192.168.1.66", "192.168.1.7:5555") == 400
    assert asked(client, "127.0.0.1", "evil.example") == 400
    brought = {"X-Forwarded-For": "192.168.1.66"}
    assert asked(client, "127.0.0.1", "localhost:5555", **brought) == 400
    song = Song.create(file_path="/songs/a.mp4", format="mp4", title="a")
    answer = client.post(
        f"/enrichment/songs/{song.id}",
        json={"title": "b"},
        environ_overrides={"REMOTE_ADDR": "192.168.1.66"},
    )
    assert answer.status_code == 400
    assert Song.get_by_id(song.id).title == "a"


def test_an_app_that_knows_no_admin_asks_for_our_password(library: runtime.Runtime) -> None:
    runtime.forget()
    client = hosted(replace(library.settings, admin_password=PASSWORD))
    assert asked(client, "192.168.1.66", "192.168.1.7:5555") == 401


def test_a_pikaraoke_that_tells_no_admin_is_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    old = SimpleNamespace(app=Flask("pikaraoke"), args=None, main=lambda: pytest.fail("started"))
    monkeypatch.setitem(sys.modules, "pikaraoke.app", old)
    with pytest.raises(NoPiKaraoke, match="does not tell who its admin is"):
        launcher.launch([])


# --- proxies --------------------------------------------------------------------------------------


def from_proxy(client: FlaskClient, who: str = "192.0.2.9", **told: str) -> Any:
    headers = {**BROWSER, "X-Forwarded-For": who, **told}
    return client.get("/enrichment/login", headers=headers)


def log_in(client: FlaskClient, password: str, **headers: str) -> Any:
    page = client.get("/enrichment/login", headers={**BROWSER, **headers}).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    form = {"csrf_token": found[1] if found else "", "password": password}
    return client.post("/enrichment/login", data=form, headers={**BROWSER, **headers})


def test_a_prefix_that_a_proxy_tells_stands_in_every_link(guarded: Flask) -> None:
    told = {
        "X-Forwarded-Prefix": "/karaoke",
        "X-Forwarded-Host": "pi.example",
        "X-Forwarded-Proto": "https",
    }
    for path in ("/enrichment/login", "/karaoke/enrichment/login"):  # taken off by it, or not
        page = guarded.test_client().get(path, headers={**BROWSER, **told})
        assert page.status_code == 200
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
        assert links
        assert all(link.startswith("/karaoke/") for link in links)
    client = guarded.test_client()
    answer = client.get("/enrichment/", headers={**BROWSER, **told})
    assert answer.location.startswith("/karaoke/enrichment/login")


@pytest.mark.parametrize(
    "prefix", ["//evil.example", "/a/../b", "/a\\b", "/a?b", '/"><script>', "x"]
)
def test_a_prefix_that_is_none_is_passed_over(guarded: Flask, prefix: str) -> None:
    page = from_proxy(guarded.test_client(), **{"X-Forwarded-Prefix": prefix})
    assert page.status_code == 200
    assert all(
        link.startswith("/enrichment/")
        for link in re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
    )


def test_only_a_trusted_proxy_is_believed(library: runtime.Runtime) -> None:
    settings = replace(library.settings, admin_password=PASSWORD, trusted_proxy=("172.18.0.0/16",))
    runtime.forget()
    app = create_app(settings)
    told = {"X-Forwarded-Prefix": "/karaoke", "X-Forwarded-Proto": "https"}
    for address, is_believed in (("172.18.0.2", True), ("127.0.0.1", False)):
        page = app.test_client().get(
            "/enrichment/login",
            headers={**BROWSER, **told},
            environ_overrides={"REMOTE_ADDR": address},
        )
        assert ("/karaoke/enrichment/" in page.text) == is_believed
        assert ("Secure" in page.headers["Set-Cookie"]) == is_believed


def test_behind_a_proxy_a_guest_who_guesses_locks_nobody_else_out(guarded: Flask) -> None:
    for _ in range(FREE + 3):
        log_in(guarded.test_client(), "guess", **{"X-Forwarded-For": "192.168.1.66"})
    guest = log_in(guarded.test_client(), PASSWORD, **{"X-Forwarded-For": "192.168.1.66"})
    assert guest.status_code == 429
    host = log_in(guarded.test_client(), PASSWORD, **{"X-Forwarded-For": "192.168.1.10"})
    assert host.status_code == 303


def test_a_device_that_has_logged_in_is_counted_apart(guarded: Flask) -> None:
    """Behind one router all have one address: 50 of 50 right passwords were refused."""
    host = guarded.test_client()
    assert log_in(host, PASSWORD).status_code == 303
    host.delete_cookie("enrichment_session")
    for _ in range(FREE + 3):
        log_in(guarded.test_client(), "guess")
    assert log_in(guarded.test_client(), PASSWORD).status_code == 429
    assert log_in(host, PASSWORD).status_code == 303


def test_a_made_up_device_is_none(guarded: Flask) -> None:
    for number in range(FREE + 3):
        guest = guarded.test_client()
        guest.set_cookie("enrichment_device", f"{number}.{'0' * 64}", path="/enrichment/")
        log_in(guest, "guess")
    assert log_in(guarded.test_client(), PASSWORD).status_code == 429


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_without_a_password_nothing_that_a_proxy_brings_is_let_in(
    library: runtime.Runtime, header: str
) -> None:
    client = create_app(library.settings).test_client()
    assert client.get("/enrichment/progress").status_code == 200
    answer = client.get("/enrichment/progress", headers={header: "127.0.0.1"})
    assert answer.status_code == 400
    assert "ENRICHMENT_ADMIN_PASSWORD" in answer.get_json()["error"]


@pytest.mark.parametrize("given", ["nobody", "1.2.3", "10.0.0.1/8", "::g"])
def test_a_proxy_that_is_no_address_is_told(given: str, tmp_path: Path) -> None:
    places = {"ENRICHMENT_CONFIG": str(tmp_path / "config.ini")}
    with pytest.raises(SettingsError, match="addresses or networks"):
        config.load({**places, "ENRICHMENT_TRUSTED_PROXY": given})
    assert config.load({**places, "ENRICHMENT_TRUSTED_PROXY": "none"}).trusted_proxy == ()


# --- the log-in -----------------------------------------------------------------------------------


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_neighbourhood_of_ipv6_is_one_address() -> None:
    attempts = Attempts(PASSWORD, Clock())
    for number in range(FREE):
        assert not attempts.try_password("guess", f"2001:db8:1:2::{number:x}")
    assert attempts.seconds_to_wait("2001:db8:1:2:ffff::1") > 0
    assert attempts.seconds_to_wait("2001:db8:1:3::1") == 0
    for _ in range(FREE):
        attempts.try_password("guess", "::ffff:192.168.1.66")
    assert attempts.seconds_to_wait("192.168.1.66") > 0
    assert attempts.seconds_to_wait("192.168.1.67") == 0


def test_guesses_from_many_addresses_meet_a_common_limit() -> None:
    clock = Clock()
    attempts = Attempts(PASSWORD, clock)
    for number in range(FREE_TOGETHER):
        assert attempts.seconds_to_wait(f"10.0.{number}.1") == 0
        assert not attempts.try_password("guess", f"10.0.{number}.1")
    assert attempts.seconds_to_wait("10.1.1.1") == pytest.approx(ONE_MORE_AFTER)
    assert not attempts.try_password(PASSWORD, "10.1.1.1")
    assert attempts.try_password(PASSWORD, "10.1.1.1", "a known device")
    clock.now += ONE_MORE_AFTER
    assert attempts.try_password(PASSWORD, "10.1.1.1")


def test_log_out_ends_the_session_for_whoever_has_its_cookie(guarded: Flask) -> None:
    client = guarded.test_client()
    log_in(client, PASSWORD)
    stolen = client.get_cookie("enrichment_session")
    assert stolen is not None
    thief = guarded.test_client()
    thief.set_cookie("enrichment_session", stolen.value)
    assert thief.get("/enrichment/progress").status_code == 200
    page = client.get("/enrichment/", headers=BROWSER).text
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]
    client.post("/enrichment/logout", data={"csrf_token": token}, headers=BROWSER)
    again = create_app(guarded.extensions["enrichment"].settings).test_client()
    again.set_cookie("enrichment_session", stolen.value)
    for each in (thief, again):
        assert each.get("/enrichment/progress").status_code == 401
    assert log_in(client, PASSWORD).status_code == 303
    assert client.get("/enrichment/progress").status_code == 200


def test_cookies_are_secure_where_a_proxy_serves_us_by_https(guarded: Flask) -> None:
    client = guarded.test_client()
    answer = log_in(
        client, PASSWORD, **{"X-Forwarded-Proto": "https", "X-Forwarded-For": "1.2.3.4"}
    )
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    assert all("; Secure" in cookie for cookie in cookies)
    plain = log_in(guarded.test_client(), PASSWORD).headers.getlist("Set-Cookie")
    assert not any("Secure" in cookie for cookie in plain)


# --- connections ----------------------------------------------------------------------------------


@contextmanager
def served(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """With limits of a second or two."""
    monkeypatch.setattr(listening, "LONGEST_REQUEST", 1)
    monkeypatch.setitem(listening.OPTIONS, "channel_timeout", 1)
    monkeypatch.setitem(listening.OPTIONS, "cleanup_interval", 0.2)
    server = make_server(settings, port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.close()
        thread.join(10)


def answers(port: int, source: str = "127.0.0.1") -> bool:
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=5, source_address=(source, 0)
    )
    try:
        connection.request("GET", "/enrichment/healthz", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_the_server_tells_what_a_proxy_has_told(
    library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(library.settings, monkeypatch) as port:
        for headers, status in (({}, 200), ({"X-Forwarded-For": "192.168.1.66"}, 400)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/enrichment/progress", headers=headers)
            assert connection.getresponse().status == status
            connection.close()


def is_open(connection: socket.socket) -> bool:
    connection.settimeout(0.01)
    try:
        return connection.recv(1000) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def test_silent_connections_of_one_phone_keep_nobody_out(
    library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """99 of them shut the dashboard for two minutes."""
    with served(library.settings, monkeypatch) as port:
        phone = [
            socket.create_connection(("127.0.0.1", port), 5, ("127.0.0.2", 0)) for _ in range(120)
        ]
        assert answers(port)
        wait_until(lambda: sum(map(is_open, phone)) <= listening.MOST_OF_ONE)
        wait_until(lambda: not any(map(is_open, phone)))
        assert answers(port, "127.0.0.2")
        for each in phone:
            each.close()


@pytest.mark.parametrize(
    "begun",
    [
        b"GET /enrichment/ HTTP/1.1\r\nX: ",
        b"POST /enrichment/pause HTTP/1.1\r\nContent-Length: 99\r\n\r\n",
    ],
    ids=["head", "body"],
)
def test_a_request_that_drips_is_ended(
    library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch, begun: bytes
) -> None:
    with served(library.settings, monkeypatch) as port:
        slow = socket.create_connection(("127.0.0.1", port), 5)
        slow.sendall(begun)

        def has_ended() -> bool:
            try:
                slow.sendall(b"a")
            except OSError:
                return True
            time.sleep(0.1)  # it drips
            return not is_open(slow)

        wait_until(has_ended)
        assert answers(port)
        slow.close()


# --- guests ---------------------------------------------------------------------------------------


def test_a_search_takes_a_few_words_that_differ() -> None:
    assert len(Filter(text=" ".join("abcdefghijklmnopqrstuvwxyz" * 4)).words) == MOST_WORDS
    assert Filter(text="the the a abba THE").words == ["abba", "the"]
    assert Filter(text="under pressure queen").words == ["pressure", "queen", "under"]


def test_guests_beyond_a_few_are_turned_away_before_they_are_answered() -> None:
    go_on, inside = threading.Event(), threading.Semaphore(0)
    said: list[str] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        inside.release()
        if environ["PATH_INFO"].endswith("find"):
            assert go_on.wait(10)
        start_response("200 OK", [])
        return [b""]

    turnstile = Turnstile(app)

    def ask(path: str) -> None:
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "SERVER_NAME": "x"}
        environ |= {"SERVER_PORT": "1", "wsgi.url_scheme": "http"}
        b"".join(turnstile(environ, lambda status, *_: said.append(status)))

    threads = [
        threading.Thread(target=ask, args=("/base/enrichment/find",)) for _ in range(MOST_AT_ONCE)
    ]
    for thread in threads:
        thread.start()
        assert inside.acquire(timeout=10)
    ask("/enrichment/find")
    ask("/enrichment/songs/7/queue")
    ask("/enrichment/songs")
    assert [each[:3] for each in said] == ["503", "503", "200"]
    go_on.set()
    for thread in threads:
        thread.join()
    ask("/enrichment/find")
    assert said[-1] == "200 OK"
