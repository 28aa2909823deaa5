"""Guests wait outside: of their requests only a few are under way, and the host's go on.

Inside PiKaraoke all our requests are answered one after the other, and 24 tabs of a guest had the
host's page wait for half a minute. Whoever is turned away has a page that tries again by itself.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wrappers import Response

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Under way or waiting for their turn; one takes some 20 ms.
MOST_AT_ONCE = 3
_GUESTS = re.compile(r".*/enrichment/(?:find|songs/\d+/queue)", re.ASCII)
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>One moment</title><p>Many people search at once: this page tries again by itself.</p></html>
"""


class Turnstile:
    """WSGI: counts the requests for guests' pages that are under way, and refuses more with 503."""

    def __init__(self, inner: Wsgi) -> None:
        self._inner = inner
        self._inside = 0
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not _GUESTS.fullmatch(environ.get("PATH_INFO", "")):
            return self._inner(environ, start_response)
        with self._lock:
            is_full = self._inside >= MOST_AT_ONCE
            self._inside += not is_full
        if is_full:
            refused = Response(_PAGE, 503, {"Retry-After": "2", "Cache-Control": "no-store"})
            refused.mimetype = "text/html"
            return refused(environ, start_response)
        try:
            return self._inner(environ, start_response)
        finally:
            with self._lock:
                self._inside -= 1
