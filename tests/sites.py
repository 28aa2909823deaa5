"""A site that publishes lists, at an address that stands for one on the internet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer

from answering import Answering, at_work

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

    class Handler(Answering):
        def do_GET(self) -> None:
            mark = self.headers.get("If-None-Match", "")
            site.asked.append((self.path, mark))
            trouble, body = site.troubles.get(self.path), site.files.get(self.path, b"")
            own = f'"{hash(body) & 0xFFFFFFFF:x}"'
            if self.path in site.moved:
                self.say(302, Location=site.moved[self.path])
            elif isinstance(trouble, int):
                self.say(trouble)
            elif self.path not in site.files:
                self.say(404)
            elif mark == own:
                self.say(304)
            elif trouble == "cut off":
                self.say(200, body[: len(body) // 2], ETag=own, Content_Length=str(len(body)))
            else:
                self.say(200, body, ETag=own)

    with at_work(ThreadingHTTPServer((OUTSIDE, 0), Handler)) as server:
        site = Site(f"http://{OUTSIDE}:{server.server_port}")
        yield site
