"""Inside a gevent server: our requests answered in a real thread, so that the loop never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

from flask import Flask

from ..system import real_thread
from . import access

# Bytes read or sent at a time: other greenlets go on in between.
AT_A_TIME = 64 * 1024

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]


class InRealThread:
    """WSGI: hands requests below `/enrichment` to the real thread and all others straight on."""

    def __init__(self, app: Flask, inner: Wsgi) -> None:
        self._app = app
        self._inner = inner
        self._is_uploading = False

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # Also under PiKaraoke's --base-path, which its own middleware takes off later.
        path = environ.get("PATH_INFO", "")
        root = str(self._app.config.get("APPLICATION_ROOT") or "/").rstrip("/")
        if not f"{path.removeprefix(root)}/".startswith("/enrichment/"):
            return self._inner(environ, start_response)
        # The socket belongs to the greenlet's loop and must not be read in another thread.
        environ["wsgi.input"] = self._body(environ, path)
        # PiKaraoke's frame names the session and keeps the name once it was read; read here, our
        # thread need not go through the lock of PiKaraoke's database, which is gevent's.
        session_name = self._app.jinja_env.globals.get("active_session_name")
        if callable(session_name):
            with self._app.app_context():
                session_name()
        started, body = real_thread.call(_answer, self._inner, environ)
        start_response(*started)
        return _Chunks(body)

    def _body(self, environ: Environ, path: str) -> BytesIO:
        """What was sent, as far as it may be that large. Of uploads one at a time is read: whose it
        is shows only afterwards, and thirty of them would take the memory of a Pi."""
        if not access.is_upload(path):
            return _read(environ, access.LARGEST_REQUEST)
        if self._is_uploading:
            return BytesIO()
        self._is_uploading = True
        try:
            return _read(environ, access.LARGEST_UPLOAD)
        finally:
            self._is_uploading = False


def _read(environ: Environ, most: int) -> BytesIO:
    given = environ["wsgi.input"]
    try:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if environ.get("wsgi.input_terminated") and not environ.get("CONTENT_LENGTH"):
        length = most
    body = BytesIO()
    left = length if length <= most else 0
    while left > 0 and (part := given.read(min(left, AT_A_TIME))):
        left -= body.write(part)
    body.seek(0)
    return body


def _answer(inner: Wsgi, environ: Environ) -> tuple[tuple[Any, ...], Iterable[bytes]]:
    started: list[tuple[Any, ...]] = []
    body = inner(environ, lambda *given: started.append(given))
    return started[-1], body


class _Chunks:
    """The body, made in the real thread piece by piece: the CSV is sent as the library is read."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body
        self._parts = iter(body)

    def __iter__(self) -> Iterator[bytes]:
        while piece := real_thread.call(_piece, self._parts):
            yield piece

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            real_thread.call(close)


def _piece(parts: Iterator[bytes]) -> bytes:
    piece = b""
    for part in parts:
        piece += part
        if len(piece) >= AT_A_TIME:
            break
    return piece
