"""PiKaraoke's stand-in: answers as PiKaraoke 1.23.0 does where our pages speak to it."""

from __future__ import annotations

import contextlib
import http.server
import json
import sqlite3
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from answering import Answering, at_work

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


class _Handler(Answering):
    server: PiKaraoke

    def do_GET(self) -> None:
        self.say(200, json.dumps(self.server.queue).encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        self.server.asked.append((self.path, form, self.headers.get("Accept-Language", "")))
        told, status = self.server.says or self._done(form), self.server.status
        self.say(status, told, **({"Location": "/browse"} if status == 302 else {}))

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


@contextmanager
def answering() -> Iterator[PiKaraoke]:
    """The stand-in, at work until the end."""
    with at_work(PiKaraoke()) as server:
        yield server
