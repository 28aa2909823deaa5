"""The stand-in for all four APIs on the loopback, with faults on demand.

`python -m pikaraoke_enrichment.demo.server --port 0` prints its address and serves until stopped.
"""

from __future__ import annotations

import argparse
import json
import random
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..providers import services
from . import itunes, lastfm, listenbrainz, musicbrainz
from .answer import Answer
from .catalogue import Catalogue, Song, load_songs, made_up_songs


@dataclass(frozen=True)
class SeenRequest:
    """One request that came in: `at` is time.monotonic(), which all processes here share."""

    provider: str
    path: str
    params: Mapping[str, str]
    user_agent: str
    at: float


@dataclass
class _Order:
    """A fault that was ordered: for how many more requests, and for which."""

    fault: str
    times: int | None
    when: str | Callable[[SeenRequest], bool] | None

    def meets(self, request: SeenRequest) -> bool:
        if self.when is None:
            return True
        if callable(self.when):
            return bool(self.when(request))
        return any(self.when.casefold() in value.casefold() for value in request.params.values())


class ApiServer:
    """All four services on one address; a context manager that serves while it is open.

    Args:
        songs: songs, or a catalogue of them (with traps, say).
        port: 0 for any free one.
        latency: seconds that every answer takes.
        keys: Last.fm API keys let in, None for all.
        tokens: ListenBrainz tokens let in, None for all.
        limits: requests a second that each provider bears; beyond it answers as its original
            does (error 29, 503, 403, 429) until the rate falls; refused requests count too.
        busy: share of MusicBrainz' requests that meet 503 although the pace is kept.
        cut_off: share of MusicBrainz' searches that end before they have found all.
    Attributes:
        url: the base address for every provider, without a path.
        requests: every request that came in, in order.
        connections_made: how many connections were opened.
    """

    def __init__(
        self,
        songs: Iterable[Song] | Catalogue = (),
        *,
        port: int = 0,
        latency: float = 0.0,
        keys: Iterable[str] | None = None,
        tokens: Iterable[str] | None = None,
        limits: Mapping[str, float] | None = None,
        busy: float = 0.0,
        cut_off: float = 0.0,
    ) -> None:
        self.catalogue = songs if isinstance(songs, Catalogue) else Catalogue(songs)
        self.latency = latency
        self.drip_interval = 0.05
        self.keys = None if keys is None else frozenset(keys)
        self.tokens = None if tokens is None else frozenset(tokens)
        self.limits = dict(limits or {})
        self.busy = busy
        self.cut_off = cut_off
        self._dice = random.Random(0)
        self.requests: list[SeenRequest] = []
        self.connections_made = 0
        self._port = port
        self._orders: dict[str, list[_Order]] = {}
        self._recent: dict[str, deque[float]] = {name: deque() for name in services.NAMES}
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._http: _Listener | None = None

    def __enter__(self) -> ApiServer:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The base address, also while the server is stopped."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen; after `stop` on the same port again."""
        self._released.clear()
        self._http = _Listener(("127.0.0.1", self._port), self)
        self._port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections and cut those that are open, as a host that goes down."""
        listener, self._http = self._http, None
        self._released.set()
        if listener is not None:
            listener.shutdown()
            listener.server_close()
            listener.cut_connections()

    def fail(
        self,
        provider: str,
        fault: str,
        *,
        times: int | None = None,
        when: str | Callable[[SeenRequest], bool] | None = None,
    ) -> None:
        """Let a provider's answers go wrong.

        Args:
            provider: a service's name, or "*" for all.
            fault: a name in `testing.faults.FAULTS`, which the wheel does not hold.
            times: for how many requests; None until `heal`.
            when: only for requests with this text in a parameter, or for which this is true.
        """
        from .testing.faults import FAULTS

        if fault not in FAULTS:
            raise ValueError(f"no fault is named {fault!r}; there are: {', '.join(FAULTS)}")
        if provider not in (*services.NAMES, "*"):
            raise ValueError(f"no provider is named {provider!r}")
        with self._lock:
            self._orders.setdefault(provider, []).append(_Order(fault, times, when))

    def heal(self, provider: str = "*") -> None:
        """End the faults of a provider, or all of them; answers held back are let go."""
        with self._lock:
            if provider == "*":
                self._orders.clear()
            self._orders.pop(provider, None)
            released, self._released = self._released, threading.Event()
        released.set()

    def count(self, provider: str | None = None) -> int:
        """How many requests came in, for one provider or all."""
        return sum(1 for request in self.requests if provider in (None, request.provider))

    def forget(self) -> None:
        """Empty `requests`."""
        self.requests.clear()

    def take_fault(self, request: SeenRequest) -> str | None:
        """The fault that this request meets, if any; counts it."""
        with self._lock:
            for order in [*self._orders.get(request.provider, []), *self._orders.get("*", [])]:
                if order.times != 0 and order.meets(request):
                    order.times = None if order.times is None else order.times - 1
                    return order.fault
        return self._mood() if request.provider == "musicbrainz" else None

    def _mood(self) -> str | None:
        """What MusicBrainz does now and then without anybody's fault."""
        chance = self._dice.random()
        if chance < self.busy:
            return "musicbrainz_busy"
        return "musicbrainz_cut_off" if chance < self.busy + self.cut_off else None

    def over_limit(self, request: SeenRequest) -> Answer | None:
        """The refusal of a request beyond the provider's limit.

        A twentieth of the window is let off: answers' way through a network is uneven.
        """
        rate = self.limits.get(request.provider)
        if not rate:
            return None
        window, allowed = max(1.0, 1 / rate) * 0.95, max(1, int(rate))
        with self._lock:
            recent = self._recent[request.provider]
            recent.append(request.at)
            while recent[0] <= request.at - window:
                recent.popleft()
            return _REFUSALS[request.provider] if len(recent) > allowed else None

    def wait_released(self, seconds: float) -> None:
        """Block until a fault is healed or the server stops."""
        self._released.wait(seconds)


_REFUSALS = {
    "lastfm": lastfm.error(29),
    "musicbrainz": Answer(
        {"error": "Your requests are exceeding the allowable rate limit."},
        503,
        {"Retry-After": "0"},
    ),
    "itunes": itunes.answer(None, 403),
    "listenbrainz": Answer(
        {"code": 429, "error": "You have exceeded your rate limit."},
        429,
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-In": "3"},
    ),
}


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], api: ApiServer) -> None:
        self.api = api
        self._connections: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        self.api.connections_made += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        for connection in tuple(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # gone by itself

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up: with faults they must."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the requests are kept in the server's list."""

    # -- what a fault may do with the connection

    @property
    def drip_interval(self) -> float:
        return self.server.api.drip_interval

    def send_answer(self, answer: Answer) -> None:
        body = answer.encoded()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        # One write: a head of its own would be a packet of its own.
        self._headers_buffer: list[bytes]
        self._headers_buffer += [b"\r\n", body]
        self.flush_headers()

    def send_raw(self, data: bytes) -> None:
        self.wfile.write(data)

    def hold(self) -> None:
        self.server.api.wait_released(60.0)

    def hang_up(self, *, reset: bool = False) -> None:
        if reset:
            # A reset, as a host sends one whose program died.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    # -- answering

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        payload = _json(self.rfile.read(length))
        parts = urlsplit(self.path)
        params = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path.startswith("/_"):
            self.send_answer(control(self.server.api, self.command, parts.path, params, payload))
            return
        provider = _provider(parts.path)
        if provider is None:
            self.send_answer(Answer({"error": "no such path"}, 404))
            return
        agent = self.headers.get("User-Agent", "")
        request = SeenRequest(provider, parts.path, params, agent, time.monotonic())
        self._answer(request, payload)

    def _answer(self, request: SeenRequest, payload: object) -> None:
        api = self.server.api
        api.requests.append(request)
        if api.latency:
            time.sleep(api.latency)
        fault = api.take_fault(request)
        answer = api.over_limit(request) or self._right_answer(request, payload)
        if fault is None:
            self.send_answer(answer)
        else:
            from .testing.faults import FAULTS

            FAULTS[fault](self, answer)

    def _right_answer(self, request: SeenRequest, payload: object) -> Answer:
        api, path, params = self.server.api, request.path, request.params
        if request.provider == "lastfm":
            return lastfm.respond(api.catalogue, params, keys=api.keys)
        if request.provider == "musicbrainz":
            return musicbrainz.respond(api.catalogue, path, params, user_agent=request.user_agent)
        if request.provider == "itunes":
            return itunes.respond(api.catalogue, params)
        return listenbrainz.respond(
            api.catalogue,
            self.command,
            path,
            params,
            payload,
            authorization=self.headers.get("Authorization", ""),
            tokens=api.tokens,
            user_agent=request.user_agent,
        )


def _json(body: bytes) -> object:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _provider(path: str) -> str | None:
    if path.rstrip("/") == "/2.0":
        return "lastfm"
    if path.startswith("/ws/2/"):
        return "musicbrainz"
    if path == "/search":
        return "itunes"
    return "listenbrainz" if path.startswith("/1/") else None


def control(
    api: ApiServer, method: str, path: str, params: Mapping[str, str], payload: object
) -> Answer:
    """The server's own end points, for tests in another process.

    GET /_requests[?provider=] lists what came in, POST /_forget empties that list.
    POST /_faults {"provider", "fault", "times"?, "when"?} orders a fault; POST /_heal
    {"provider"?} ends it. POST /_settings {"latency"?, "limits"?, "keys"?, "busy"?, "cut_off"?}
    sets those.
    """
    wish = payload if isinstance(payload, dict) else {}
    try:
        if (method, path) == ("GET", "/_requests"):
            only = params.get("provider")
            seen = [asdict(each) for each in api.requests if only in (None, each.provider)]
            return Answer(seen)
        if (method, path) == ("POST", "/_faults"):
            times, when = wish.get("times"), wish.get("when")
            api.fail(wish["provider"], wish["fault"], times=times, when=when)
        elif (method, path) == ("POST", "/_heal"):
            api.heal(wish.get("provider", "*"))
        elif (method, path) == ("POST", "/_forget"):
            api.forget()
        elif (method, path) == ("POST", "/_settings"):
            _set(api, wish)
        else:
            return Answer({"error": "no such end point"}, 404)
    except (KeyError, TypeError, ValueError) as error:
        return Answer({"error": f"{type(error).__name__}: {error}"}, 400)
    return Answer({})


def _set(api: ApiServer, wish: Mapping[str, Any]) -> None:
    api.latency = float(wish.get("latency", api.latency))
    api.busy = float(wish.get("busy", api.busy))
    api.cut_off = float(wish.get("cut_off", api.cut_off))
    api.limits = {name: float(rate) for name, rate in wish.get("limits", api.limits).items()}
    keys = wish.get("keys", api.keys)
    api.keys = None if keys is None else frozenset(keys)


def main(arguments: list[str] | None = None) -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m pikaraoke_enrichment.demo.server",
        description="Stand in for Last.fm, MusicBrainz, iTunes and ListenBrainz on the loopback.",
    )
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--songs", type=Path, help="a .json or .tsv file; default: the demo's")
    parser.add_argument("--made-up", type=int, metavar="N", help="know N songs nobody sang")
    parser.add_argument("--traps", action="store_true", help="hold karaoke makers, covers, ghosts")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--busy", type=float, default=0.0, metavar="SHARE", help="of MusicBrainz")
    parser.add_argument("--key", action="append", help="a Last.fm key let in; default: all")
    wish = parser.parse_args(arguments)
    catalogue = Catalogue(_wished_songs(wish), traps=wish.traps, ghosts=wish.traps)
    manner = {"latency": wish.latency, "busy": wish.busy, "cut_off": wish.busy / 10}
    with ApiServer(catalogue, port=wish.port, keys=wish.key, **manner) as server:
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def _wished_songs(wish: argparse.Namespace) -> Iterable[Song]:
    if wish.songs:
        return load_songs(wish.songs)
    if wish.made_up:
        return made_up_songs(wish.made_up)
    from .songs import SONGS

    return SONGS


if __name__ == "__main__":
    main()
