"""The party first: a song that plays holds the work if that is wished, and singers' songs lead."""

from __future__ import annotations

import contextlib
import http.server
import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from answering import Answering, at_work
from polling import wait_until

from pikaraoke_enrichment import config
from pikaraoke_enrichment.database.connection import database, text_of
from pikaraoke_enrichment.exceptions import Unreachable
from pikaraoke_enrichment.models import QueueEntry, Song
from pikaraoke_enrichment.tasks import (
    control,
    enrich,
    now_playing,
    pacing,
    pikaraoke,
    progress,
    runtime,
)
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.uploads import hurry
from pikaraoke_enrichment.web import create_app
from pikaraoke_enrichment.web.wording import describe


@pytest.fixture(autouse=True)
def _opened(library: runtime.Runtime) -> None:
    """Every test works on a library of its own."""


@pytest.fixture
def playing() -> Callable[..., None]:
    """Writes PiKaraoke's play log: a song began so many minutes ago, and has it ended?"""

    def play(minutes: float = 1, *, ended: bool = False) -> None:
        database.execute_sql(
            "INSERT INTO sessions (id, uuid) VALUES (1, 'a') ON CONFLICT DO NOTHING"
        )
        database.execute_sql(
            "INSERT INTO plays (session_id, song_title, performer, played_at, ended_at) "
            "VALUES (1, 'Waterloo', 'Ann', ?, ?)",
            (text_of(time.time() - minutes * 60), "2026-11-22 20:15:00" if ended else None),
        )

    return play


def follow(**changes: Any) -> runtime.Runtime:
    """The same process with another setting, as when the config file was saved."""
    now = runtime.runtime()
    now.settings = replace(now.settings, **changes)
    return now


def test_a_song_plays_until_its_play_ends(playing: Callable[..., None]) -> None:
    assert not now_playing.is_playing()
    playing()
    assert now_playing.is_playing()
    playing(ended=True)
    assert not now_playing.is_playing()
    playing(minutes=30)
    assert not now_playing.is_playing(), "PiKaraoke was killed during it"
    database.execute_sql("DROP TABLE plays")
    assert not now_playing.is_playing()


def in_words(snapshot: dict[str, Any]) -> dict[str, Any]:
    with create_app(runtime.runtime().settings).app_context():
        return describe(snapshot)


@pytest.mark.parametrize(
    ("wish", "works", "brake"), [("run", True, 1.0), ("slow", True, 4.0), ("pause", False, 1.0)]
)
def test_what_is_wished_while_a_song_plays(
    playing: Callable[..., None], wish: str, works: bool, brake: float
) -> None:
    control.start()
    now = follow(while_playing=wish)
    assert (enrich.may_work(), now_playing.brake()) == (True, 1.0)
    playing()
    assert (enrich.may_work(), now_playing.brake()) == (works, brake)
    snapshot = progress.compose(now)
    assert snapshot["state"] == ("running" if works else "paused")
    assert snapshot["held"] is not works
    words = in_words(snapshot)
    assert (words["status"] == "Paused: a song is playing") is not works
    assert words["primary"]["action"] == "pause", "Resume would not help"
    playing(ended=True)
    assert enrich.may_work()


def test_a_persons_pause_is_shown_as_such(playing: Callable[..., None]) -> None:
    control.start()
    control.pause()
    playing()
    snapshot = progress.compose(follow(while_playing="pause"))
    assert (snapshot["state"], snapshot["held"]) == ("paused", False)
    assert in_words(snapshot)["primary"]["action"] == "resume"


def test_a_brake_parts_requests_further_and_never_less() -> None:
    brake = 4.0
    gate = pacing.Pacer("lastfm", "Last.fm", 20.0, slower_by=lambda: brake)
    times = []
    for _ in range(4):
        assert gate.enter() is None
        times.append(time.monotonic())
    assert times[-1] - times[0] >= 3 * 4 / 20 * 0.95
    brake = 1.0
    for _ in range(4):  # the first of them still keeps the distance that was set before
        assert gate.enter() is None
    assert time.monotonic() - times[-1] < 2 * 4 / 20 + 1.0


def test_singers_songs_lead_and_those_that_are_done_stay_done() -> None:
    paths = [f"/songs/Song {number}.mp4" for number in range(6)]
    for path in paths:
        Song.create(file_path=path, format="mp4")
    enrich.follow()
    ids = {song.file_path: song.id for song in Song.select()}
    done, second_look, asked_for = paths[1:4]
    QueueEntry.delete().where(QueueEntry.song == ids[done]).execute()
    looks = {second_look: queue_table.SECOND_LOOK, asked_for: queue_table.PERSON}
    for path, priority in looks.items():
        QueueEntry.update(priority=priority).where(QueueEntry.song == ids[path]).execute()
    assert hurry([paths[5], done, second_look, asked_for, "/songs/Nowhere.mp4"]) == 1
    found = {entry.song_id: entry.priority for entry in QueueEntry.select()}
    assert found[ids[paths[5]]] == queue_table.SINGER
    assert ids[done] not in found
    assert (found[ids[second_look]], found[ids[asked_for]]) == (queue_table.SECOND_LOOK, 100)
    assert hurry([]) == 0


# --- asking PiKaraoke -----------------------------------------------------------------------------


@pytest.fixture
def host() -> Iterator[list[bytes]]:
    """Something at an address that should be PiKaraoke: [its answer], and then its URL."""
    said: list[bytes] = [b"[]"]

    class Handler(Answering):
        def do_GET(self) -> None:
            self.say(200 if self.path == "/get_queue" else 404, said[0])

    with at_work(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        said.append(f"http://127.0.0.1:{server.server_port}".encode())
        yield said


@pytest.mark.parametrize(
    ("answer", "paths"),
    [
        (b"[]", []),
        (json.dumps([{"file": "/a.mp4", "user": "Ann"}, {"file": 3}, 4]).encode(), ["/a.mp4"]),
        (b'{"file": "/a.mp4"}', None),
        (b"<html>", None),
        (b"[" + b" " * 2_000_000 + b"]", None),
    ],
)
def test_pikaraokes_queue_or_whatever_answers_there(
    host: list[bytes], answer: bytes, paths: list[str] | None
) -> None:
    host[0] = answer
    assert pikaraoke.queued_paths(host[1].decode()) == paths


def test_no_pikaraoke_is_no_trouble(settings: config.Settings) -> None:
    assert pikaraoke.queued_paths("http://127.0.0.1:9") is None
    assert settings.while_playing == "run", "nobody is slowed down unasked"


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "said",
    [
        OK + b"Content-Length: 100\r\n\r\n[",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n[1",
        OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    ],
)
@pytest.mark.parametrize("stalls", [False, True])
def test_an_answer_that_breaks_off_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, said: bytes, stalls: bool
) -> None:
    monkeypatch.setattr(pikaraoke, "PATIENCE", (5.0, 0.3 if stalls else 20.0))
    monkeypatch.setattr(pikaraoke, "LONGER", (5.0, 0.3 if stalls else 20.0))
    done = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(said)
            if stalls:
                done.wait(30)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            assert pikaraoke.queued_paths(url) is None
            with pytest.raises(Unreachable):
                pikaraoke.rename(url, "a.mp4", "b", {})
        finally:
            done.set()
            server.shutdown()


def test_an_answer_that_drips_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte a second is no silence: it held a worker for good."""
    monkeypatch.setattr(pikaraoke, "LONGEST_LOOK", 0.5)
    monkeypatch.setattr(pikaraoke, "LONGEST_DEED", 0.5)
    done = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n[")
            with contextlib.suppress(OSError):
                while not done.wait(0.05):
                    self.request.sendall(b" ")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        began = time.monotonic()
        try:
            assert pikaraoke.queued_paths(url) is None
            with pytest.raises(Unreachable):
                pikaraoke.rename(url, "a.mp4", "b", {})
        finally:
            done.set()
            server.shutdown()
        assert time.monotonic() - began < 5


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[now_playing.Chosen, list[Any]]]:
    """One who asks PiKaraoke without rest, and what it does."""
    monkeypatch.setattr(now_playing, "ASK_EVERY", 0.01)
    done: list[Any] = []
    ended = threading.Event()
    thread = now_playing.Chosen(ended, lambda paths: done.append(list(paths)) or len(paths))
    yield thread, done
    ended.set()
    if thread.ident is not None:
        thread.join(30)


def test_whoever_asks_outlives_our_own_mistakes(
    monkeypatch: pytest.MonkeyPatch, chosen: tuple[now_playing.Chosen, list[Any]]
) -> None:
    thread, done = chosen
    asked: list[str] = []

    def paths_of(url: str) -> list[str]:
        asked.append(url)
        if len(asked) < 3:
            raise RuntimeError("a mistake")
        return ["/songs/a.mp4"]

    monkeypatch.setattr(now_playing, "queued_paths", paths_of)
    waiting("/songs/a.mp4")
    thread.start()
    wait_until(lambda: done)
    assert done[0] == ["/songs/a.mp4"]


def waiting(path: str) -> int:
    """A song that waits in the backlog."""
    made = Song.create(file_path=path, format="mp4")
    QueueEntry.create(song=made, priority=queue_table.BACKLOG)
    return int(made.id)


def test_a_song_that_is_queued_for_singing_before_it_is_queued_here_goes_first_all_the_same(
    monkeypatch: pytest.MonkeyPatch, chosen: tuple[now_playing.Chosen, list[Any]]
) -> None:
    """PiKaraoke downloads it straight into its queue; the steward sees its row a moment later."""
    thread, _ = chosen
    thread._hurry = hurry
    asked: list[str] = []
    monkeypatch.setattr(
        now_playing, "queued_paths", lambda url: asked.append(url) or ["/songs/new.mp4"]
    )
    waiting("/songs/other.mp4")
    thread.start()
    wait_until(lambda: len(asked) > 2)
    song_id = waiting("/songs/new.mp4")
    wait_until(lambda: queue_table.priority_of(song_id) == queue_table.SINGER)


@pytest.mark.parametrize(
    "priority", [queue_table.SECOND_LOOK, queue_table.SINGER, queue_table.PERSON]
)
def test_pikaraoke_is_left_alone_while_no_song_could_be_hurried(
    monkeypatch: pytest.MonkeyPatch, chosen: tuple[now_playing.Chosen, list[Any]], priority: int
) -> None:
    thread, done = chosen
    looks: list[bool] = []

    def can_hurry() -> bool:
        looks.append(look())
        return looks[-1]

    look = queue_table.can_hurry
    monkeypatch.setattr(queue_table, "can_hurry", can_hurry)
    monkeypatch.setattr(now_playing, "queued_paths", lambda _url: [f"asked after {len(looks)}"])
    song_id = waiting("/songs/a.mp4")
    QueueEntry.update(priority=priority).execute()
    thread.start()
    wait_until(lambda: len(looks) > 2)
    assert not done
    QueueEntry.update(priority=queue_table.UPLOAD).where(QueueEntry.song == song_id).execute()
    wait_until(lambda: done)
