"""Inside gevent: a list of songs is uploaded and taken in, and the loop goes on all the time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from loops import WATCH, assert_in_time
from polling import wait_until

from pikaraoke_enrichment import config
from pikaraoke_enrichment.providers.catalogue import lists

pytest.importorskip("gevent", reason="gevent is not installed: it comes with PiKaraoke")

# As PiKaraoke is one: gevent first, then Flask, then we. Who asks is another process, so that what
# the loop is late is the server's doing.
HOST = """
from gevent import monkey
monkey.patch_all()
import json, sys
import gevent
from flask import Flask
from gevent.pywsgi import WSGIServer
from pikaraoke_enrichment import config, init_app

app = Flask("host")
app.secret_key = "a key"
app.jinja_env.globals["is_admin"] = lambda: True
init_app(app, config.load())
server = WSGIServer(("127.0.0.1", 0), app, log=None)
server.start()
late = []
gevent.spawn(watch, late.append)
print(server.server_port, flush=True)
while gevent.get_hub().threadpool.apply(sys.stdin.readline):
    print(json.dumps(late), flush=True)
    late.clear()
"""


@pytest.fixture
def host(settings: config.Settings) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WATCH + HOST],
        env={**settings.whole_environment(), "PYTHONWARNINGS": "ignore"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def lateness(host: subprocess.Popen[str]) -> list[float]:
    """How late the loop was each time since it was asked last."""
    assert host.stdin
    assert host.stdout
    host.stdin.write("\n")
    host.stdin.flush()
    return list(json.loads(host.stdout.readline()))


def book(songs: int) -> bytes:
    """A list as long as KaraFun's, in megabytes too."""
    notes = ";" + "x" * 150
    head = f"Artist;Title;Year;Genre{notes}"
    lines = (f"Artist {n};Title of {n};{1950 + n % 70};Rock{notes}" for n in range(songs))
    return "\n".join([head, *lines]).encode()


def test_a_large_list_is_taken_in_beside_the_loop(
    host: subprocess.Popen[str], settings: config.Settings
) -> None:
    assert host.stdout
    address = f"http://127.0.0.1:{host.stdout.readline().strip()}/enrichment/lists"
    with requests.Session() as session:
        session.headers["Accept"] = "text/html"
        page = session.get(address, timeout=60).text
        form = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]}

        def step() -> str:
            return str(session.get(f"{address}/progress", timeout=60).json()["step"])

        lateness(host)
        session.get(address, timeout=60)
        alone = lateness(host)
        files = {"file": ("book.csv", book(30_000))}
        session.post(f"{address}/upload", data=form, files=files, timeout=60)
        wait_until(lambda: step() == "ready")
        session.post(f"{address}/take", data={**form, "name": "book"}, timeout=60)
        wait_until(lambda: step() == "done")
        late = lateness(host)
    assert [(name, songs) for name, songs, _ in lists(settings.catalogue)] == [("book", 30_000)]
    assert_in_time("upload", late, alone)
