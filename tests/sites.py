"""A site that publishes lists, at an address that stands for one on the internet."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# See `system.loopback`: in a process that is held to this machine these are the internet's.
OUTSIDE = "127.1.0.1"


@dataclass
class Site:
    """What lies there, and who asked for it.

    Attributes:
        url: the site's address, without a path.
        files: by path; the mark of a file is its content's.
        troubles: by path, a status, or "cut off".
        moved: by path, where it leads to.
        asked: path and mark of each request.
    """

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    troubles: dict[str, int | str] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serving_lists() -> Iterator[Site]:
    """The site, answering in a thread until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            mark = self.headers.get("If-None-Match", "")
            site.asked.append((self.path, mark))
            trouble, body = site.troubles.get(self.path), site.files.get(self.path, b"")
            own = f'"{hash(body) & 0xFFFFFFFF:x}"'
            if self.path in site.moved:
                self._say(302, Location=site.moved[self.path])
            elif isinstance(trouble, int):
                self._say(trouble)
            elif self.path not in site.files:
                self._say(404)
            elif mark == own:
                self._say(304)
            elif trouble == "cut off":
                self._say(
                    200, body[: len(body) // 2], ETag=own, **{"Content-Length": str(len(body))}
                )
            else:
                self._say(200, body, ETag=own)

        def _say(self, status: int, body: bytes = b"", **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer((OUTSIDE, 0), Handler) as server:
        site = Site(f"http://{OUTSIDE}:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield site
        server.shutdown()
