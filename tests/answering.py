"""A web server of a test's own on the loopback: what answers a request, and its life."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import BaseServer
from typing import TypeVar

S = TypeVar("S", bound=BaseServer)


class Answering(BaseHTTPRequestHandler):
    """Says what a test has it say, and nothing into the tests' output."""

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """An answer of this length; `Content_Length` among the headers tells another."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def at_work(server: S) -> Iterator[S]:
    """The server, answering in a thread until the end."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)
