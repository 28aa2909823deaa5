"""Everything that can go wrong with an answer, by name: what the stand-in APIs do on demand."""

from __future__ import annotations

import gzip
import json
import random
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from typing import Protocol, TypeAlias

from .. import itunes, lastfm
from ..answer import Answer

_HUGE = 200_000_000
_LONG = 1_000


class Wire(Protocol):
    """The connection that a fault may spoil."""

    path: str

    @property
    def drip_interval(self) -> float:
        """Seconds between two bytes of a slow answer."""
        ...

    def send_answer(self, answer: Answer) -> None:
        """Send an answer properly."""
        ...

    def send_raw(self, data: bytes) -> None:
        """Send bytes as they are, headers included."""
        ...

    def hold(self) -> None:
        """Say nothing until the server stops or the fault is healed."""
        ...

    def hang_up(self, *, reset: bool = False) -> None:
        """Close the connection."""
        ...


Fault: TypeAlias = Callable[[Wire, Answer], None]


# -- answers that are well sent and wrong ------------------------------------------------------


def _instead(answer: Answer) -> Fault:
    """Another answer in place of the right one."""
    return lambda wire, _right: wire.send_answer(answer)


def _status(status: int, error: str = "", **headers: str) -> Fault:
    """A status with JSON, and headers (their "_" is a "-")."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _instead(Answer({"error": error or f"status {status}"}, status, named))


def _bytes(make: Callable[[bytes], bytes], content_type: str = "application/json") -> Fault:
    """Other bytes made of the right body, with a right length."""

    def fault(wire: Wire, right: Answer) -> None:
        wire.send_raw(_response(make(right.encoded()), content_type))

    return fault


def _response(body: bytes, content_type: str = "application/json", extra: str = "") -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{extra}\r\n".encode() + body


def _page(status: str) -> Fault:
    body = b"<!DOCTYPE html><html><body><h1>Sorry, we are down.</h1></body></html>"
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    return lambda wire, _right: wire.send_raw(head.encode() + body)


def _reshaped(change: Callable[[object], object]) -> Fault:
    """The right answer with its JSON changed."""
    return lambda wire, right: wire.send_answer(replace(right, body=change(right.body)))


def _leaves(change: Callable[[object], object]) -> Fault:
    """The right answer with every value changed that is no object and no list."""
    return _reshaped(lambda body: _every_leaf(change, body))


def _every_leaf(change: Callable[[object], object], value: object) -> object:
    if isinstance(value, dict):
        return {key: _every_leaf(change, inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_every_leaf(change, inner) for inner in value]
    return change(value)


def _wrong_type(value: object) -> object:
    return [value] if isinstance(value, str) else "many" if isinstance(value, int) else 17


def _single(value: object) -> object:
    """Every list as its only item, or as "" when empty: Last.fm's JSON is converted XML."""
    if isinstance(value, dict):
        return {key: _single(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return _single(value[0]) if value else ""
    return value


def _lengthened(value: object) -> object:
    return value + "long " * (_LONG // 5) if isinstance(value, str) else value


# -- connections that are spoiled --------------------------------------------------------------


def _hang(wire: Wire, _right: Answer) -> None:
    wire.hold()
    wire.hang_up()


def _truncated(wire: Wire, right: Answer) -> None:
    whole = _response(right.encoded())
    wire.send_raw(whole[: len(whole) - len(right.encoded()) // 2 - 1])
    wire.hang_up()


def _stalled(wire: Wire, right: Answer) -> None:
    whole = _response(right.encoded())
    wire.send_raw(whole[: len(whole) - len(right.encoded()) // 2 - 1])
    _hang(wire, right)


def _slow_drip(wire: Wire, right: Answer) -> None:
    _drip(wire, _response(right.encoded() + b" " * 100_000))


def _slow_headers(wire: Wire, right: Answer) -> None:
    slowly = f"X-Padding: {'.' * 60_000}\r\n"
    _drip(wire, _response(right.encoded(), extra=slowly))


def _drip(wire: Wire, data: bytes) -> None:
    for place in range(len(data)):
        wire.send_raw(data[place : place + 1])
        time.sleep(wire.drip_interval)


def _huge(wire: Wire, _right: Answer) -> None:
    wire.send_raw(f"HTTP/1.1 200 OK\r\nContent-Length: {_HUGE}\r\n\r\n".encode())
    _flood(wire, _megabytes(_HUGE // 1_000_000))


def _redirect_huge(wire: Wire, _right: Answer) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {wire.path}\r\nContent-Length: {_HUGE}\r\n\r\n"
    wire.send_raw(head.encode())
    _flood(wire, _megabytes(_HUGE // 1_000_000))


def _huge_chunked(wire: Wire, _right: Answer) -> None:
    wire.send_raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunks = (f"{len(data):x}\r\n".encode() + data + b"\r\n" for data in _megabytes(200))
    _flood(wire, chunks)


def _megabytes(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield (b'{"a": "' if number == 0 else b"") + b"x" * 1_000_000


def _flood(wire: Wire, pieces: Iterator[bytes]) -> None:
    with suppress(OSError):  # the client hangs up long before the end
        for piece in pieces:
            wire.send_raw(piece)
    wire.hang_up()


def _gzip_bomb(wire: Wire, _right: Answer) -> None:
    wire.send_raw(_response(_bomb(), extra="Content-Encoding: gzip\r\n"))


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    """100 MB of blanks in a hundred kilobytes; one megabyte is packed and then repeated."""
    blanks, count, checksum = b" " * 1_000_000, 100, 0
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(blanks) + packer.flush(zlib.Z_FULL_FLUSH)
    for _ in range(count):
        checksum = zlib.crc32(blanks, checksum)
    head = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
    tail = struct.pack("<II", checksum, count * len(blanks))
    return head + block * count + packer.flush() + tail


def _packed(make: Callable[[bytes], bytes], encoding: str) -> Fault:
    """The right answer packed in some way."""

    def fault(wire: Wire, right: Answer) -> None:
        body = make(right.encoded())
        wire.send_raw(_response(body, extra=f"Content-Encoding: {encoding}\r\n"))

    return fault


def _redirect(status: int, to: Callable[[str], str]) -> Fault:
    """A redirect to an address made of the path asked for."""
    return lambda wire, _right: wire.send_answer(
        Answer(None, status, {"Location": to(wire.path)}, "text/html")
    )


def _lengthened_but_last(value: object) -> object:
    """Make every name endless, except in the last item of a list of several."""
    if isinstance(value, dict):
        return {key: _lengthened_but_last(inner) for key, inner in value.items()}
    if isinstance(value, list) and len(value) > 1:
        return [_every_leaf(_lengthened, inner) for inner in value[:-1]] + value[-1:]
    return value


def _cut_off(value: object) -> object:
    """A search that was given up half-way: it tells of what it had found by then."""
    if not isinstance(value, dict):
        return value
    cut = {
        key: own[: (len(own) + 1) // 2] if isinstance(own, list) else own
        for key, own in value.items()
    }
    count = value.get("count")
    return {**cut, "count": (count + 1) // 2} if isinstance(count, int) else cut


def _later(seconds: float) -> str:
    return formatdate(time.time() + seconds, usegmt=True)


def _busy_until(wire: Wire, _right: Answer) -> None:
    wire.send_answer(Answer({"error": "busy"}, 503, {"Retry-After": _later(90)}))


_MUSICBRAINZ_BUSY = "The MusicBrainz web server is currently busy. Please try again later."

FAULTS: dict[str, Fault] = {
    # no answer
    "hang": _hang,
    "stalled": _stalled,
    "closed": lambda wire, _right: wire.hang_up(),
    "reset": lambda wire, _right: wire.hang_up(reset=True),
    "truncated": _truncated,
    "slow_drip": _slow_drip,
    "slow_headers": _slow_headers,
    "not_http": lambda wire, _right: wire.send_raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
    # statuses
    "400": _status(400),
    "401": _status(401),
    "403": _status(403),
    "404": _status(404),
    "429": _status(429),
    "429_retry": _status(429, Retry_After="7"),
    "500": _status(500),
    "500_html": _page("500 Internal Server Error"),
    "502_html": _page("502 Bad Gateway"),
    "503": _status(503),
    "503_retry": _status(503, Retry_After="7"),
    "503_date": _busy_until,
    "503_garbage": _status(503, Retry_After="soon"),
    "503_years": _status(503, Retry_After="999999999999"),
    # bodies
    "html": _page("200 OK"),
    "empty": _bytes(lambda _body: b""),
    "cut_json": _bytes(lambda body: body[: len(body) // 2]),
    "bad_encoding": _bytes(lambda body: body[:-1] + b', "caf\xe9": "\xff\xfe"}'),
    "utf16": _bytes(lambda body: body.decode().encode("utf-16")),
    "nul_bytes": _bytes(lambda body: body.replace(b'": "', b'": "\x00')),
    "escaped_nul": _bytes(lambda body: body.replace(b'": "', b'": "\\u0000\\ud800')),
    "nan": _bytes(lambda _body: json.dumps({"results": [float("nan")], "track": 1e999}).encode()),
    "deep": _bytes(lambda _body: b"[" * 100_000),
    "wrong_types": _leaves(_wrong_type),
    "wrong_shape": _reshaped(lambda body: [body]),
    "nulls": _leaves(lambda _value: None),
    "null": _bytes(lambda _body: b"null"),
    "object_for_list": _reshaped(_single),
    "long_title": _leaves(_lengthened),
    "long_titles_but_one": _reshaped(_lengthened_but_last),
    "huge": _huge,
    "huge_chunked": _huge_chunked,
    "gzip": _packed(gzip.compress, "gzip"),
    "gzip_bomb": _gzip_bomb,
    "gzip_broken": _packed(lambda body: gzip.compress(body)[:-9], "gzip"),
    "gzip_garbage": _packed(lambda body: random.Random(0).randbytes(len(body)), "gzip"),
    "brotli": _packed(lambda body: body, "br"),
    # redirects
    "redirect_elsewhere": _redirect(302, lambda _path: "http://portal.invalid/login?back=1"),
    "moved": _redirect(301, lambda path: path),
    "redirect_loop": _redirect(302, lambda path: path),
    "redirect_huge": _redirect_huge,
    "redirect_nowhere": _redirect(302, lambda _path: "http://[::bad"),
    # the services' own ways
    **{f"lastfm_{code}": _instead(lastfm.error(code)) for code in (3, 6, 8, 10, 11, 16, 26, 29)},
    "lastfm_29_200": _instead(lastfm.error(29, 200)),
    "musicbrainz_busy": _status(503, _MUSICBRAINZ_BUSY, Retry_After="0"),
    "musicbrainz_cut_off": _reshaped(_cut_off),
    "musicbrainz_403": _status(403, "Your User-Agent is not welcome."),
    "itunes_403": _instead(itunes.answer(None, 403)),
    "itunes_error": _instead(itunes.answer({"errorMessage": "Invalid value(s)"})),
}
