"""Notices over HTTP on the loopback: sent, sent again, and no secret of the address in any log."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import HTTPServer
from pathlib import Path

import pytest
from answering import Answering, at_work
from flask.testing import FlaskClient
from peewee import OperationalError
from processes import Command

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Song
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.providers.base import KNOWN
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks import control, notices, progress, runtime
from pikaraoke_enrichment.tasks.consumer import Steward
from pikaraoke_enrichment.tasks.notices import Sender, post
from pikaraoke_enrichment.web import create_app


@dataclass
class Hook:
    """A webhook: what it was told, and the statuses that it answers before it takes one.

    Attributes:
        told: path, title and text of each request.
    """

    port: int = 0
    refuses: list[int] = field(default_factory=list)
    told: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/secret-topic"

    @property
    def texts(self) -> list[str]:
        return [text for _, _, text in self.told]


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()

    class Handler(Answering):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            made.told.append((self.path, self.headers["Title"], text))
            status = made.refuses.pop(0) if made.refuses else 200
            self.say(status, **({"Location": "/login"} if status == 302 else {}))

        def do_GET(self) -> None:
            self.say(200)

    with at_work(HTTPServer(("127.0.0.1", 0), Handler)) as server:
        made.port = server.server_port
        yield made


# --- sending --------------------------------------------------------------------------------------


def test_a_notice_is_a_text_with_a_title(hook: Hook) -> None:
    assert post(hook.url, "All 3 songs – done") is None
    assert hook.told == [("/secret-topic", "PiKaraoke enrichment", "All 3 songs – done")]


@pytest.mark.parametrize("status", [404, 500, 302])
def test_what_is_not_taken_says_so_without_the_address(hook: Hook, status: int) -> None:
    """One that is sent on to a log-in page was not taken, whatever that page answers."""
    hook.refuses = [status]
    assert post(hook.url, "text") == Said(f"HTTP {status}")


def test_no_one_there_is_told_by_kind_only() -> None:
    assert post("http://127.0.0.1:1/secret-topic", "text") == Said("no_connection")
    assert post("http://[bad/secret-topic", "text") == Said("address_not_valid")


def test_it_is_sent_again_until_it_is_taken(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "AGAIN_AFTER", (0.01, 0.01))
    hook.refuses = [503, 429]
    sender = Sender()
    sender.send(hook.url, "text")
    sender.finish()
    assert hook.texts == ["text"] * 3


def test_in_the_end_it_is_logged_without_the_secret(
    hook: Hook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(notices, "AGAIN_AFTER", (0.01, 0.01))
    hook.refuses = [500] * 3
    with caplog.at_level(logging.DEBUG):
        sender = Sender()
        sender.send(hook.url, "text")
        sender.finish()
    assert f"No notice could be sent to http://127.0.0.1:{hook.port}: HTTP 500" in caplog.text
    ours = [record for record in caplog.records if record.name.startswith("pikaraoke")]
    assert "secret" not in "".join(record.getMessage() for record in ours)


# --- what is told ---------------------------------------------------------------------------------


@pytest.fixture
def steward(settings: config.Settings, hook: Hook) -> Iterator[Steward]:
    """The thread that keeps house, ticked by hand."""
    runtime.forget()
    now = runtime.configure(replace(settings, notify_url=hook.url), is_consumer=True)
    assert now.consumer_name
    control.start()
    yield Steward(threading.Event())
    runtime.forget()


def test_a_key_that_is_refused_for_an_hour_is_told_once(
    steward: Steward, hook: Hook, api: ApiServer
) -> None:
    api.keys = frozenset({"another"})
    steward._tick(0.0)  # a start asks anew who has refused our key
    asked = next(each for each in runtime.runtime().providers if each.name == "lastfm")
    asked.lookup(KNOWN)
    for minute in range(1, 70):
        steward._tick(minute * 60.0)
    steward._sender.finish()
    assert len(hook.texts) == 1
    assert hook.texts[0].startswith("Last.fm has not let us in for an hour: ")
    assert "a-key" not in hook.texts[0]


def test_a_full_disk_is_told_after_an_hour(
    steward: Steward, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise OperationalError("database or disk is full")

    clock = [1000.0]
    monkeypatch.setattr(progress, "publish", full)
    monkeypatch.setattr(steward, "_stop_flag", Flag(clock, 60.0, times=70))
    monkeypatch.setattr("pikaraoke_enrichment.tasks.consumer.time.monotonic", lambda: clock[0])
    steward.run()
    assert [text.split(":")[0] for text in hook.texts] == ["The look-ups cannot go on"]


class Flag:
    """Stands in for the flag that ends a consumer: each wait moves the clock on."""

    def __init__(self, clock: list[float], step: float, times: int) -> None:
        self._clock, self._step, self._left = clock, step, times

    def is_set(self) -> bool:
        return self._left <= 0

    def wait(self, _: float) -> None:
        self._left -= 1
        self._clock[0] += self._step


def test_a_run_says_that_it_is_done_before_it_ends(
    settings: config.Settings,
    made: Callable[[int], tuple[Song, ...]],
    command: Callable[..., Command],
    hook: Hook,
) -> None:
    made(25)
    own = replace(settings, notify_url=hook.url)
    run = command("run", "--until-done", "--no-dashboard", own=own)
    assert run.wait(60) == 0, run.said
    assert [text.split(":")[0] for text in hook.texts] == ["All 25 songs are looked up"]
    assert "secret-topic" not in run.said


# --- the settings page ----------------------------------------------------------------------------


def test_a_press_sends_a_test_and_saves_what_takes_it(
    hook: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for spec in config.SPECS:
        monkeypatch.delenv(spec.variable, raising=False)
    runtime.forget()
    places = {
        "ENRICHMENT_CONFIG": str(tmp_path / "config.ini"),
        "ENRICHMENT_DB": str(tmp_path / "p.db"),
    }
    client = create_app(config.load(places)).test_client()
    assert "nobody is told" in show(client)
    assert "Type an address first" in press(client, "")
    assert "begins with http" in press(client, "ntfy.sh/topic")
    nobody = press(client, "http://127.0.0.1:1/secret-topic")
    assert "http://127.0.0.1:1 did not take it: no connection" in nobody
    hook.refuses = [403]
    assert f"http://127.0.0.1:{hook.port} did not take it: HTTP 403" in press(client, hook.url)
    assert config.load(places).notify_url == ""
    taken = press(client, hook.url)
    assert "has taken it: the address is saved" in taken
    assert "secret-topic" not in taken
    assert config.load(places).notify_url == hook.url
    assert "has taken it." in press(client, "")
    assert len(hook.texts) == 3
    runtime.forget()


def show(client: FlaskClient) -> str:
    return client.get("/enrichment/settings", headers={"Accept": "text/html"}).text


def press(client: FlaskClient, typed: str) -> str:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', show(client))[0]
    form = {"csrf_token": token, "notify_url": typed}
    headers = {"Accept": "text/html"}
    return client.post("/enrichment/settings/notice", data=form, headers=headers).text
