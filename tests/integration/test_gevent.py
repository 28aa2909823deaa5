"""Inside gevent: no lock and no page of ours holds its loop up, whatever another process locks."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from loops import WATCH, assert_in_time

from pikaraoke_enrichment import config

pytest.importorskip("gevent", reason="gevent is not installed: it comes with PiKaraoke")

LONGEST = 120.0
# A program as PiKaraoke is one: gevent first, then Flask, then we. How late its loop is, is noted
# under the name of what is asked of it at that time.
PROGRAM = """
from gevent import monkey
monkey.patch_all()
import json, sqlite3, sys, time
import gevent
from flask import Flask
from gevent.pywsgi import WSGIServer
from pikaraoke_enrichment import config, init_app, queue_for_enrichment, get_enrichment_progress
from pikaraoke_enrichment import pause_enrichment

settings = config.load()
app = Flask("host")
app.secret_key = "a key"
app.jinja_env.globals["is_admin"] = lambda: True
init_app(app, settings)
server = WSGIServer(("127.0.0.1", 0), app, log=None)
server.start()
port = server.server_port

def ask(path, method="GET", body=None):
    import http.client
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/json"} if body else {}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()

late = {}
doing = "nothing"
told = {}
ask("/enrichment/healthz")  # opens the library, imports, compiles templates
ask("/enrichment/")
queue_for_enrichment(sys.argv[2])
gevent.spawn(watch, lambda over: late.setdefault(doing, []).append(over))
gevent.sleep(0.3)

def do(name, work):
    global doing
    doing = name
    try:
        told[name] = work()
    except Exception as error:
        told[name] = repr(error)
    doing = "nothing"

print("ready", flush=True)
gevent.get_hub().threadpool.apply(sys.stdin.readline)  # the lock is held now
do("upload", lambda: queue_for_enrichment(sys.argv[1]))
pages = ("", "progress", "healthz", "find", "rename")
do("pages", lambda: [ask(f"/enrichment/{page}")[0] for page in pages])
do("post", lambda: ask("/enrichment/enqueue", "POST", json.dumps({"songs": [1]})))
do("progress", lambda: get_enrichment_progress()["state"])
do("pause", pause_enrichment)
print(json.dumps({"late": late, "told": told}), flush=True)
gevent.get_hub().threadpool.apply(sys.stdin.readline)  # it is free again
until = time.monotonic() + 20
while True:
    row = sqlite3.connect(settings.db).execute(
        "SELECT priority FROM enrichment_queue JOIN songs ON songs.id = song_id "
        "WHERE file_path = ?", (sys.argv[1],)).fetchone()
    if row or time.monotonic() > until:
        break
    gevent.sleep(0.05)
print(json.dumps({"row": row}), flush=True)
"""
LOCK = """
import sqlite3, sys
connections = [sqlite3.connect(path, isolation_level=None) for path in sys.argv[1:]]
for connection in connections:
    connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
for connection in connections:
    connection.rollback()
print("free", flush=True)
"""


def start(settings: config.Settings, program: str, *words: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words],
        env={
            **settings.whole_environment(),
            "PYTHONWARNINGS": "ignore",
            "ENRICHMENT_PIKARAOKE_URL": "http://127.0.0.1:9",  # nobody listens there
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # One that hangs (two threads at one lock of gevent's did) is heard no more.
    guard = threading.Timer(LONGEST, process.kill)
    guard.daemon = True
    guard.start()
    return process


def hears(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_a_held_lock_never_holds_the_loop(settings: config.Settings, tmp_path: Path) -> None:
    song = tmp_path / "Queen - Bohemian Rhapsody---abcdefghijk.mp4"
    other = tmp_path / "Toto - Africa.mp4"
    song.touch()
    other.touch()
    host = start(settings, WATCH + PROGRAM, str(song), str(other))
    holder = None
    try:
        assert hears(host) == "ready"
        # The dashboard's reading of the snapshot has made the queue file, and so it can be locked.
        holder = start(settings, LOCK, settings.db, settings.queue)
        assert hears(holder) == "locked"
        tell(host)
        found = json.loads(hears(host))
        tell(holder)
        assert hears(holder) == "free"
        tell(host)
        assert json.loads(hears(host)) == {"row": [50]}, "it is queued once the lock is free"
    finally:
        for process in (host, holder):
            if process is not None:
                process.kill()
                process.communicate()

    told = found["told"]
    assert told["upload"] == 1
    assert told["pages"] == [200] * 5
    assert told["post"][0] == 200, told["post"]
    assert told["progress"] == "offline"
    assert "locked" in told["pause"], "it waited for two seconds, and the loop did not"
    alone = found["late"].pop("nothing")
    for name, over in found["late"].items():
        assert_in_time(name, over, alone)
