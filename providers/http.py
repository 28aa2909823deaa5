"""The one network seam: a request goes out through a gate, JSON or a failure comes back."""

from __future__ import annotations

import http.client
import json
import math
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeAlias
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

from ..system.invocation import adding
from ..system.said import Said
from .base import Failure, RateLimited, Unavailable
from .transport import Session, clock

# Largest answer that is read, in bytes after decompression. A MusicBrainz search for a song that
# lies on hundreds of compilations comes close to three million.
MAX_BYTES = 4_000_000
MAX_REDIRECTS = 3
# How often a question is sent to a server that is busy for a moment each time.
MAX_TRIES = 3
# A server that names no time, and the longest time that is believed, in seconds.
DEFAULT_RETRY_AFTER = 30.0
LONGEST_RETRY_AFTER = 3600.0

_CHUNK = 65536


class Gate(Protocol):
    """Where a request waits for its turn, and where its outcome is told."""

    def enter(self) -> Failure | None:
        """Block until one request may be sent; a failure if the provider must not be asked now."""
        ...

    def sent(self) -> None:
        """Hear that the request goes out now, and again that it is out: to connect may have taken
        a while, and so may a busy machine."""
        ...

    def leave(self, failure: Failure | None) -> bool:
        """Hear how the request ended: None for an answer, whatever it says.

        Returns:
            Whether the same may be asked once more: `enter` then waits until it is let in.
        """
        ...


class OpenGate:
    """A gate that never holds anything back, for look-ups without pace."""

    def enter(self) -> Failure | None:
        """Let the request go at once."""
        return None

    def sent(self) -> None:
        """Forget the moment."""

    def leave(self, failure: Failure | None) -> bool:
        """Forget the outcome."""
        del failure
        return False


@dataclass(frozen=True, slots=True)
class Json:
    """An answer: `body` is the parsed JSON, None where the answer held none.

    The keys of `headers` are compared without regard to case.
    """

    status: int
    body: object
    headers: Mapping[str, str]


Verdict: TypeAlias = Callable[[Json], "Failure | None"]


def retry_after(headers: Mapping[str, str], name: str = "Retry-After") -> float | None:
    """Seconds to wait as a header tells them (a number or an HTTP date), None if it tells none.

    Never negative, at most LONGEST_RETRY_AFTER; a header that makes no sense tells none.
    """
    value = headers.get(name, "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            date = parsedate_to_datetime(value)
            # "-0000" parses to a time without zone; HTTP dates are always UTC.
            seconds = date.replace(tzinfo=date.tzinfo or timezone.utc).timestamp() - time.time()
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER) if math.isfinite(seconds) else None


def by_status(answer: Json) -> Failure | None:
    """What the HTTP status alone says of an answer; None if its body counts.

    429 and a 503 that names a time are rate limits. Statuses below 500 that are no success are
    bad answers to this one question, except 401 and 403 which would meet every other one too.
    """
    status = answer.status
    wait = retry_after(answer.headers)
    if status == 429 or (status == 503 and wait is not None):
        seconds = DEFAULT_RETRY_AFTER if wait is None else max(wait, 1.0)
        return RateLimited(seconds, Said("too_many_requests_status", status=status))
    if status >= 500:
        # 502 to 504 come from a gateway whose server is down; a 500 may be about this one question.
        is_gateway = status in (502, 503, 504)
        reason = Said("server_failed", status=status)
        return Unavailable(reason, answered=status == 500, arrived=not is_gateway)
    if status in (401, 403, 407):
        return Unavailable(Said("not_let_in", status=status))
    if not 200 <= status < 300:
        return Unavailable(Said("question_rejected_status", status=status), answered=True)
    return None


def is_told(answer: Json) -> bool:
    """Whether an answer is the service's own word: its errors are JSON objects.

    The page of a hotel's proxy is not, and what it forbids is allowed again in a minute.
    """
    return isinstance(answer.body, dict)


class Http:
    """Sends requests to one provider. Whatever the network does, it returns and never raises.

    Args:
        gate: asked before and told after every single request, redirects included.
        user_agent: "Name/version ( contact )", the form that MusicBrainz asks for.
        connect_timeout: seconds for a connection to one address of the host.
        read_timeout: seconds of silence after which an answer is given up.
        total_timeout: seconds for the whole answer; also ends one that comes a byte a second.
    """

    def __init__(
        self,
        gate: Gate,
        *,
        user_agent: str,
        connect_timeout: float = 5.0,
        read_timeout: float = 10.0,
        total_timeout: float = 20.0,
    ) -> None:
        self._gate = gate
        self._timeouts = (connect_timeout, read_timeout)
        self._total_timeout = total_timeout
        self._session = Session()
        # gzip alone is asked for, as its decompression can be stopped half-way (gzip bombs).
        self._session.headers.update(
            {
                "User-Agent": user_agent,
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
            }
        )

    def get(
        self,
        url: str,
        params: Mapping[str, str | int],
        headers: Mapping[str, str] | None = None,
        *,
        verdict: Verdict = by_status,
    ) -> Json | Failure:
        """Ask with GET.

        Args:
            url: address without query.
            params: the query; neither it nor the address appears in any reason or log.
            headers: further headers.
            verdict: turns an answer (its body None if unreadable) into a failure, before the gate
                is told; None if the body counts.
        Returns:
            The answer, whose body is readable JSON, or why there is none.
        """
        # Without halves of surrogate pairs, as file names with undecodable bytes have them.
        query = {
            name: str(value).encode("utf-8", "replace").decode() for name, value in params.items()
        }
        return self._send("GET", url, verdict, {"params": query, "headers": headers})

    def post(
        self,
        url: str,
        payload: object,
        headers: Mapping[str, str] | None = None,
        *,
        verdict: Verdict = by_status,
    ) -> Json | Failure:
        """Ask with POST and a JSON body; otherwise as `get`."""
        body = json.dumps(payload).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json", **(headers or {})}
        return self._send("POST", url, verdict, {"data": body, "headers": headers})

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def _send(
        self, method: str, url: str, verdict: Verdict, parts: dict[str, Any]
    ) -> Json | Failure:
        """Send, and follow the few redirects that stay in the house (MusicBrainz: merged ids)."""
        for _ in range(1 + MAX_REDIRECTS):
            reply = self._pass_gate(method, url, verdict, parts)
            if not isinstance(reply, _Moved):
                return reply
            url, parts = reply.url, {"headers": parts["headers"]}
        return Unavailable(Said("endless_redirects"), answered=True)

    def _pass_gate(
        self, method: str, url: str, verdict: Verdict, parts: dict[str, Any]
    ) -> Json | Failure | _Moved:
        for _ in range(MAX_TRIES):
            blocked = self._gate.enter()
            if blocked is not None:
                return blocked
            failure: Failure | None = Unavailable(Said("own_failure"))
            try:
                reply = self._exchange(method, url, verdict, parts)
                failure = None if isinstance(reply, Json | _Moved) else reply
            finally:
                is_let_in_soon = self._gate.leave(failure)
            if not is_let_in_soon:
                break
        return reply

    def _exchange(
        self, method: str, url: str, verdict: Verdict, parts: dict[str, Any]
    ) -> Json | Failure | _Moved:
        clock.until = time.monotonic() + self._total_timeout
        clock.on_send = self._tell_gate
        try:
            with self._session.request(
                method, url, stream=True, allow_redirects=False, timeout=self._timeouts, **parts
            ) as response:
                if response.is_redirect:
                    return _follow(method, url, response.headers["Location"])
                try:
                    body = _read(response)
                except _NETWORK_ERRORS as error:
                    body = self._failure(error)
                unreadable = body if isinstance(body, Unavailable) else None
                answer = Json(response.status_code, None if unreadable else body, response.headers)
                return verdict(answer) or unreadable or answer
        except _NETWORK_ERRORS as error:
            return self._failure(error)
        finally:
            del clock.until, clock.on_send  # the thread's next request is none of ours

    def _tell_gate(self) -> None:
        """What a late request waits for another slot is no time of the provider's: at three seconds
        a slot, several late ones would end as answers that never came."""
        began = time.monotonic()
        self._gate.sent()
        clock.until += time.monotonic() - began

    def _failure(self, error: Exception) -> Unavailable:
        """What a person is told. Never str(error): it holds the URL, and with it the key."""
        causes = list(_causes(error))

        def due_to(*kinds: type[BaseException]) -> bool:
            return any(isinstance(cause, kinds) for cause in causes)

        connect, read = self._timeouts
        if any("SOCKS" in str(cause) for cause in causes if isinstance(cause, _BAD_ADDRESS)):
            return Unavailable(Said("no_socks", command=adding("PySocks")), arrived=False)
        if any(str(cause).startswith(_NO_AUTHORITIES) for cause in causes):
            return Unavailable(Said("no_authorities"), arrived=False)
        if due_to(*_BAD_ADDRESS):
            return Unavailable(Said("address_not_valid"), arrived=False)
        if due_to(socket.gaierror):
            return Unavailable(Said("host_not_found"), arrived=False)
        if due_to(ssl.SSLCertVerificationError):
            return Unavailable(Said("certificate_not_trusted"), arrived=False)
        if due_to(ssl.SSLError, requests.exceptions.SSLError):
            return Unavailable(Said("no_secure_connection"), arrived=False)
        if due_to(requests.exceptions.ProxyError):
            return Unavailable(Said("proxy_failed"), arrived=False)
        # urllib3 takes a refused connection for one that timed out.
        if due_to(ConnectionRefusedError):
            return Unavailable(Said("connection_refused"), arrived=False)
        if due_to(requests.ConnectTimeout):
            return Unavailable(Said("connect_timeout", seconds=connect), arrived=False)
        if time.monotonic() >= clock.until:
            return Unavailable(Said("answer_timeout", seconds=self._total_timeout))
        if due_to(requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
            return Unavailable(Said("silent", seconds=read))
        if due_to(zlib.error):
            return Unavailable(Said("answer_not_unpackable"), answered=True)
        if due_to(urllib3.exceptions.IncompleteRead, http.client.IncompleteRead):
            return Unavailable(Said("connection_lost"), answered=True)
        if due_to(ConnectionError, urllib3.exceptions.ProtocolError):
            return Unavailable(Said("connection_closed"))
        return Unavailable(Said("no_connection"))


_NETWORK_ERRORS = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    zlib.error,
    OSError,
    ValueError,  # odd header lines and addresses, undecodable host names
)
# How requests says that REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names no file.
_NO_AUTHORITIES = "Could not find a suitable TLS CA certificate bundle"
_BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)


@dataclass(frozen=True, slots=True)
class _Moved:
    url: str


def _follow(method: str, url: str, location: str) -> _Moved | Unavailable:
    """Where a redirect leads, if that is the same house: a captive portal is another one.

    From https to http never, as the query may hold a key.
    """
    try:
        old, new = urlsplit(url), urlsplit(urljoin(url, location))
        same = old.hostname == new.hostname and (
            (old.scheme, old.port) == (new.scheme, new.port)
            or (old.scheme, new.scheme, new.port or 443) == ("http", "https", 443)
        )
    except ValueError:  # "http://[" and the like
        same = False
    if method == "GET" and same:
        return _Moved(new.geturl())
    return Unavailable(Said("another_address"))


def _pieces(response: requests.Response, *, unpack: bool) -> Iterator[bytes]:
    """The body piece by piece, none larger than MAX_BYTES + 1 whatever it unpacks to."""
    unpacker = zlib.decompressobj(wbits=31)
    while packed := response.raw.read(_CHUNK, decode_content=False):
        if not unpack:
            yield packed
            continue
        while packed:
            yield unpacker.decompress(packed, MAX_BYTES + 1)
            packed = unpacker.unconsumed_tail
    if unpack and not unpacker.eof:
        raise zlib.error("packed answer ends too early")


def _read(response: requests.Response) -> object:
    """The JSON value in the body, which is read until its end or until it is too large; or
    Unavailable."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        return Unavailable(Said("odd_packing"), answered=True)
    body = bytearray()
    for piece in _pieces(response, unpack="gzip" in encoding):
        body += piece
        if len(body) > MAX_BYTES:
            too_large = Said("answer_too_large", megabytes=MAX_BYTES / 1_000_000)
            return Unavailable(too_large, answered=True)
    start = body[:100].lstrip(b"\xef\xbb\xbf \t\r\n")
    # A web page or nothing at all is an outage or a log-in page, whatever was asked.
    if not start:
        return Unavailable(Said("answer_empty"))
    if start.startswith(b"<"):
        return Unavailable(Said("answer_web_page"))
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Unavailable(Said("answer_broken_encoding"), answered=True)
    except (ValueError, RecursionError):
        return Unavailable(Said("answer_no_json"), answered=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was made of: requests wraps urllib3, which wraps the socket's error."""
    while error is not None:
        yield error
        inner = next((arg for arg in error.args if isinstance(arg, BaseException)), None)
        reason = getattr(error, "reason", None)
        error = (
            (reason if isinstance(reason, BaseException) else inner)
            or error.__cause__
            or error.__context__
        )
