"""One library for several machines: two consumers on each kind of server, and what befalls them.

Runs where the servers and their drivers are installed, as .ci/servers does it.
"""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from peewee import OperationalError
from polling import wait_until
from processes import Command, claims, count, query
from servers import IN_URL, PASSWORD, Postgres, Servers

from pikaraoke_enrichment import config, queue_for_enrichment
from pikaraoke_enrichment.commands.doctor import examine
from pikaraoke_enrichment.database.connection import database, is_locked
from pikaraoke_enrichment.demo.catalogue import Song
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.exceptions import LibraryError
from pikaraoke_enrichment.models import Song as Row
from pikaraoke_enrichment.models import SongDetail, set_state
from pikaraoke_enrichment.schema.opening import close_library, open_library
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.enrich import huey
from pikaraoke_enrichment.tasks.history import changes
from pikaraoke_enrichment.tasks.lookup import outcome
from pikaraoke_enrichment.tasks.lookup.chain import LookUp
from pikaraoke_enrichment.tasks.matching import Verdict
from pikaraoke_enrichment.tasks.parsing import NO_KNOWLEDGE, parse
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.review import editing
from pikaraoke_enrichment.tasks.review.name_alone import knowledge_of

MANY = 40
STORES = ["redis", "postgresql-queue", "postgresql", "redis+postgresql"]


@pytest.fixture
def postgresql(servers: Servers) -> Postgres:
    return servers.postgresql()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> tuple[str, str]:
    """Where the songs and the queue are."""
    kind = request.param
    db = str(tmp_path / "pikaraoke.db")
    if kind in ("postgresql", "redis+postgresql"):
        db = servers.postgresql().fresh()
    return db, servers.redis().fresh() if "redis" in kind else servers.postgresql().fresh()


@pytest.fixture
def alone(servers: Servers) -> Iterator[str]:
    """A database on the PostgreSQL server, for this process."""
    runtime.forget()
    url = servers.postgresql().fresh()
    yield url
    runtime.forget()
    close_library()


# --- two consumers --------------------------------------------------------------------------------

Start = Callable[..., Command]


@pytest.fixture
def pair(
    made: Callable[[int], tuple[Song, ...]], settings: config.Settings, command: Start
) -> Callable[[float], tuple[Command, Command]]:
    """Starts two consumers on a library of MANY songs, which ask Last.fm alone at some rate."""

    def start(rate: float) -> tuple[Command, Command]:
        made(MANY)
        own = replace(settings, providers=("lastfm",), lastfm_rate=rate)
        words = ("run", "--no-dashboard", "--workers", "3")
        return command(*words, own=own), command(*words, own=own)

    return start


def test_two_consumers_share_the_songs_and_one_pace(
    pair: Callable[[float], tuple[Command, Command]], settings: config.Settings, api: ApiServer
) -> None:
    rate = 10.0
    first, second = pair(rate)
    wait_until(lambda: count(settings) == MANY, 120)
    asked = [seen.params["track"] for seen in api.requests]
    assert len(asked) == len(set(asked)) == MANY, "each song is asked about once"
    moments = sorted(seen.at for seen in api.requests)
    spans = [late - early for early, late in zip(moments, moments[11:], strict=False)]
    assert min(spans) > 1.0, "never more than the rate within a second"
    for consumer in (first, second):
        assert consumer.end() == 0
        assert "enriched" in consumer.said
    assert claims(settings) == 0


def test_what_a_killed_consumer_had_is_done_by_the_other(
    pair: Callable[[float], tuple[Command, Command]], settings: config.Settings
) -> None:
    first, second = pair(10.0)
    wait_until(lambda: count(settings) >= 4, 60)
    first.send(signal.SIGKILL)
    wait_until(lambda: count(settings) == MANY, 120)
    wait_until(lambda: claims(settings) == 0)
    assert second.end() == 0


def test_work_goes_on_when_the_server_was_away(
    pair: Callable[[float], tuple[Command, Command]],
    settings: config.Settings,
    servers: Servers,
) -> None:
    """Redis forgets everything, PostgreSQL only its locks and connections."""
    both = pair(10.0)
    wait_until(lambda: count(settings) >= 4, 60)
    server = servers.redis() if settings.queue.startswith("redis") else servers.postgresql()
    server.stop()
    server.start()
    wait_until(lambda: count(settings) == MANY, 180)
    for consumer in both:
        assert consumer.end() == 0
        assert PASSWORD not in consumer.said
        assert IN_URL not in consumer.said
        assert "Traceback" not in consumer.said


# --- the songs database ---------------------------------------------------------------------------

OPEN = """
import sys
from pikaraoke_enrichment.schema.opening import open_library
open_library(sys.argv[1], patience=30)
"""


def test_several_that_open_an_empty_database_at_once_make_it_ready_once(alone: str) -> None:
    opening = [subprocess.Popen([sys.executable, "-c", OPEN, alone]) for _ in range(4)]
    assert [each.wait(60) for each in opening] == [0, 0, 0, 0]


@contextmanager
def another_writes() -> Iterator[None]:
    """Another thread has the lock meanwhile."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.atomic("IMMEDIATE"):
            held.set()
            done.wait(30)
        database.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(30)
    try:
        yield
    finally:
        done.set()
        other.join(30)


def test_one_writes_at_a_time_and_the_other_is_told_soon(alone: str) -> None:
    open_library(alone, patience=0.05)
    with (
        another_writes(),
        pytest.raises(OperationalError) as caught,
        database.atomic("IMMEDIATE"),
    ):
        pass
    assert is_locked(caught.value)
    with database.atomic("IMMEDIATE"):
        set_state("after", "1")


def test_news_are_what_others_wrote(alone: str, postgresql: Postgres) -> None:
    open_library(alone)
    before = database.news()
    set_state("ours", "1")
    assert database.news() == before
    name = alone.rpartition("/")[2]
    postgresql.run(name, "UPDATE songs SET title = NULL")  # there is none
    postgresql.run(name, "INSERT INTO songs (file_path, format) VALUES ('/songs/a.mp4', 'mp4')")
    wait_until(lambda: database.news() != before)
    assert database.news() == before + 1, "what changes nothing is no news"
    row = postgresql.run(name, "SELECT metadata_status, created_at, confidence FROM songs")[0]
    assert row[0] == "pending"
    assert len(row[1]) == len("2026-11-22 20:15:00")
    assert row[2] == 0.0


def test_the_time_is_the_servers(alone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    open_library(alone)
    true = time.time()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert database.now() == pytest.approx(true, abs=30)


@pytest.mark.parametrize("who", ["an answer", "a failure", "a person"])
def test_what_is_decided_is_so_by_the_servers_clock(
    alone: str, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    open_library(alone)
    song = Row.create(file_path="/songs/a.mp4", format="mp4")
    SongDetail.create(song=song, file_name="a.mp4", failed_by="lastfm")
    true = time.time()
    monkeypatch.setattr(time, "time", lambda: 1.0)
    if who == "an answer":
        outcome._keep_card(song, LookUp(parse("a.mp4"), Verdict()), "")
    elif who == "a failure":
        claim = queue_table.Claim(song.id, "me", 0, 0.0, failed_by="lastfm")
        outcome.count_attempt(claim, song, "down")
    else:
        changes.say(editing.get(song.id), {"title": "A"}, action="edit")
    assert SongDetail.get_by_id(song.id).decided_at == pytest.approx(true, abs=30)


def test_another_programs_table_of_songs_is_left_as_it_is(alone: str, postgresql: Postgres) -> None:
    name = alone.rpartition("/")[2]
    postgresql.run(name, "CREATE TABLE songs (id int, lyrics text)")
    with pytest.raises(LibraryError, match="left as it is") as caught:
        open_library(alone)
    assert IN_URL not in str(caught.value)
    assert postgresql.run(name, "SELECT count(*) FROM pg_tables WHERE tablename ~ 'enrich'") == [
        (0,)
    ]


# --- who is there ---------------------------------------------------------------------------------

ENTER = """
import sys
from pikaraoke_enrichment.tasks.queue.liveness_on_server import SharedPresence
presence = SharedPresence(sys.argv[1])
print(presence.enter(), flush=True)
sys.stdin.read()
"""


def test_a_consumer_is_there_until_it_is_killed(alone: str) -> None:
    open_library(alone)
    presence = runtime.presence_of(_on(alone))
    with subprocess.Popen(
        [sys.executable, "-c", ENTER, alone],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        name = other.stdout.readline().strip()
        mine = presence.enter()
        assert presence.alive() == {name, mine}
        other.kill()
    wait_until(lambda: presence.alive() == {mine})
    presence.leave()
    assert presence.alive() == set()


def test_a_consumer_keeps_its_name_when_the_server_was_away(
    alone: str, postgresql: Postgres
) -> None:
    open_library(alone)
    presence = runtime.presence_of(_on(alone))
    mine = presence.enter()
    postgresql.stop()
    postgresql.start()
    with pytest.raises(OperationalError):
        database.execute_sql("SELECT 1")  # the connection that is gone; the next one is new
    assert presence.alive() == {mine}
    presence.leave()


def _on(url: str) -> config.Settings:
    return replace(config.load({"ENRICHMENT_CONFIG": "/nowhere"}), db=url, queue=url)


def test_an_upload_is_delivered_when_the_queues_server_is_back(
    servers: Servers, tmp_path: Path
) -> None:
    server = servers.redis()
    settings = replace(_on(str(tmp_path / "pikaraoke.db")), queue=server.fresh())
    song = tmp_path / "Queen - Radio Ga Ga.mp4"
    song.touch()
    runtime.forget()
    runtime.configure(settings)
    try:
        server.stop()
        assert queue_for_enrichment(song) == 1
        server.start()
        wait_until(lambda: huey.storage.queue_size() == 1)
    finally:
        runtime.forget()
        close_library()


def test_an_upload_is_noted_when_the_songs_server_is_back(
    alone: str, postgresql: Postgres, tmp_path: Path
) -> None:
    name = alone.rpartition("/")[2]
    song = tmp_path / "Queen - Radio Ga Ga.mp4"
    song.touch()
    runtime.configure(_on(alone))
    assert huey.is_drained()  # everything is open now
    postgresql.stop()
    try:
        assert queue_for_enrichment(song) == 1
    finally:
        postgresql.start()
    wait_until(lambda: postgresql.run(name, "SELECT id FROM enrichment_huey_task"), 60)
    assert len(postgresql.run(name, "SELECT id FROM enrichment_queue")) == 1


def test_who_queues_songs_is_the_only_one_that_writes(alone: str) -> None:
    open_library(alone, patience=0.05)
    with another_writes(), pytest.raises(OperationalError) as caught:
        queue_table.add([(1, queue_table.UPLOAD)])
    assert is_locked(caught.value)


def test_a_server_that_ends_within_a_hurry_is_a_trouble_like_any_other(
    alone: str, postgresql: Postgres
) -> None:
    open_library(alone)
    presence = runtime.presence_of(_on(alone))
    presence.enter()
    database.news()
    try:
        with pytest.raises(OperationalError), database.in_a_hurry(0.1):
            postgresql.stop()
        with pytest.raises(OperationalError):
            database.news()
        with pytest.raises(OperationalError):
            presence.alive()
    finally:
        postgresql.start()
    presence.leave()


def test_a_lost_listener_is_a_trouble_like_any_other(alone: str, postgresql: Postgres) -> None:
    open_library(alone)
    database.connection()
    postgresql.stop()
    try:
        with pytest.raises(OperationalError):
            database.news()  # its first statement is the one that listens
    finally:
        postgresql.start()


def test_no_connection_waits_long_for_a_dead_network(alone: str) -> None:
    runtime.configure(_on(alone))
    presence = runtime.presence_of(_on(alone))
    presence.enter()
    for connection in (database.connection(), huey.storage.conn, presence._mine):
        how = connection.info.get_parameters()
        assert how["tcp_user_timeout"] == "40000"
        assert int(how["connect_timeout"]) <= 40
    presence.leave()


def test_a_name_is_read_while_the_server_is_away(alone: str, postgresql: Postgres) -> None:
    postgresql.stop()
    try:
        assert knowledge_of(_on(alone)) == NO_KNOWLEDGE
    finally:
        postgresql.start()


# --- what is said ---------------------------------------------------------------------------------


def test_the_doctor_looks_at_servers_and_shows_no_password(
    settings: config.Settings, command: Start
) -> None:
    runtime.forget()
    runtime.configure(settings)
    findings = {each.subject: each for each in examine(settings, ask_providers=False, fix=True)}
    runtime.forget()
    close_library()
    said = " ".join(f"{each.words} {each.advice}" for each in findings.values())
    assert "answers, 0 deliveries for 0 songs in wait" in findings["Queue"].words
    assert IN_URL not in said
    assert PASSWORD not in said
    status = command("doctor", "--offline")
    status.wait(60)
    assert IN_URL not in status.said
    assert "***" in status.said


def test_a_wrong_password_is_said_and_not_shown(postgresql: Postgres, tmp_path: Path) -> None:
    url = postgresql.url("postgres").replace(IN_URL, "not%2Fthis")
    environment = {"ENRICHMENT_DB": url, "ENRICHMENT_CONFIG": str(tmp_path / "config.ini")}
    done = subprocess.run(
        [sys.executable, "-m", "pikaraoke_enrichment", "status"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "venue:***@127.0.0.1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not any(word in done.stdout + done.stderr for word in ("not%2Fthis", "not/this"))


def test_a_backup_is_the_servers_own_affair(alone: str) -> None:
    from pikaraoke_enrichment.commands.doctor import save

    with pytest.raises(LibraryError, match="pg_dump"):
        save(_on(alone))


def test_a_file_beside_a_shared_queue_is_a_file_as_ever(servers: Servers, tmp_path: Path) -> None:
    db = str(tmp_path / "pikaraoke.db")
    settings = replace(_on(db), queue=servers.redis().fresh())
    runtime.forget()
    name = runtime.configure(settings, is_consumer=True).consumer_name
    try:
        assert runtime.runtime().presence.alive() == {name}
        with sqlite3.connect(db) as connection:
            assert connection.execute("SELECT count(*) FROM songs").fetchone() == (0,)
        assert query(settings, "SELECT 1") == [(1,)]
    finally:
        runtime.forget()
        close_library()
