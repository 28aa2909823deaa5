"""PiKaraoke's stand-in: answers as PiKaraoke 1.23.0 does where our pages speak to it."""

from __future__ import annotations

import contextlib
import http.server
import json
import sqlite3
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# The YouTube id of every file that it renames.
ID = "---dQw4w9WgXcQ"


class PiKaraoke(http.server.ThreadingHTTPServer):
    """Answers as PiKaraoke 1.23.0 does: what it was asked, and what it is to say."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.queue: list[dict[str, str]] = []
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.says: bytes | None = None
        self.status = 200  # of what is posted
        self.db = ""
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: PiKaraoke

    def do_GET(self) -> None:
        self._answer(json.dumps(self.server.queue).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        self.server.asked.append((self.path, form, self.headers.get("Accept-Language", "")))
        self._answer(self.server.says or self._done(form), self.server.status)

    def _done(self, form: dict[str, str]) -> bytes:
        if "new_name" not in form:
            said = [True, f"Song added to the queue: {form.get('song_to_add')}"]
            return json.dumps({"song": "x", "success": said}).encode()
        old = Path(form["old_name"])
        new = old.with_name(f"{form['new_name']}{ID}.mp4")
        old.rename(new)
        with contextlib.closing(sqlite3.connect(self.server.db, timeout=10)) as connection:
            change = "UPDATE songs SET file_path = ? WHERE file_path = ?"
            connection.execute(change, (str(new), str(old)))
            connection.commit()
        return json.dumps({"success": True, "new_file_name": str(new)}).encode()

    def _answer(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/browse")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def answering() -> Iterator[PiKaraoke]:
    """The stand-in, at work until the end."""
    server = PiKaraoke()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
