"""Behind a proxy the same limits hold as without one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest
from answering import Answering, at_work

from pikaraoke_enrichment.providers.base import Unavailable
from pikaraoke_enrichment.providers.http import Http, Json, OpenGate


class Proxy(Answering):
    """A proxy of HTTP that answers for everybody: at once, or a byte now and then."""

    def do_GET(self) -> None:
        if "slow" not in self.path:
            self.say(200, b'{"a": 1}')
            return
        self.say(200, Content_Length="400")
        for _ in range(400):
            self.wfile.write(b" ")
            time.sleep(0.05)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with at_work(ThreadingHTTPServer(("127.0.0.1", 0), Proxy)) as server:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
        yield "http://service.invalid"


class Told(OpenGate):
    """A gate that notes when requests go out."""

    def __init__(self) -> None:
        self.times = 0

    def sent(self) -> None:
        """Count."""
        self.times += 1


def test_a_dripping_answer_ends_in_time(proxy: str) -> None:
    http = Http(OpenGate(), user_agent="tests", read_timeout=5.0, total_timeout=0.5)
    began = time.monotonic()
    assert isinstance(http.get(f"{proxy}/slow", {}), Unavailable)
    assert time.monotonic() - began < 3.0


def test_the_gate_hears_of_each_request(proxy: str) -> None:
    gate = Told()
    answer = Http(gate, user_agent="tests").get(f"{proxy}/at-once", {})
    assert isinstance(answer, Json)
    assert answer.body == {"a": 1}
    assert gate.times == 2, "before it goes out, and when it is out"
