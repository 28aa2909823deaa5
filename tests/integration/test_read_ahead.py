"""ListenBrainz asked ahead: one request for many songs, whoever takes them up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from folders import folder_of
from polling import wait_until
from queued import look_up_all

from pikaraoke_enrichment import EnrichmentWorker, config
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import Lookup, QueueEntry
from pikaraoke_enrichment.models import Song as Row
from pikaraoke_enrichment.providers.base import NotFound, Query, RateLimited
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.enrich import enrich_song, scan
from pikaraoke_enrichment.tasks.lookup import answer_cache, read_ahead
from pikaraoke_enrichment.tasks.queue import table as queue_table

SONGS = made_up_songs(100)
HALF_KNOWN = tuple(
    song if number % 2 else replace(song, services=frozenset({"musicbrainz"}))
    for number, song in enumerate(SONGS)
)


@pytest.fixture
def settings(settings: config.Settings, api: ApiServer) -> config.Settings:
    return replace(
        settings,
        providers=("listenbrainz", "musicbrainz"),
        listenbrainz_token="a-token",
        listenbrainz_url=api.url,
        listenbrainz_rate=1000.0,
    )


@pytest.fixture
def songs(library: runtime.Runtime, api: ApiServer, tmp_path: Path) -> list[int]:
    """Ids of a scanned library of a hundred songs that all services know."""
    api.catalogue = Catalogue(SONGS)
    scan(folder_of(tmp_path, SONGS))
    assert library.settings.listenbrainz_token
    return [row.id for row in Row.select(Row.id).order_by(Row.id)]


def states() -> set[str]:
    return {row.metadata_status for row in Row.select()}


def test_a_hundred_songs_take_three_requests(songs: list[int], api: ApiServer) -> None:
    enrich_song.call_local(songs[0])
    assert api.count("listenbrainz") == 3
    for song in songs[1:]:
        enrich_song.call_local(song)
    assert states() == {"enriched"}
    assert api.count("listenbrainz") <= 6, "those with another article went with a second flight"


def test_what_it_does_not_know_goes_to_the_others(songs: list[int], api: ApiServer) -> None:
    api.catalogue = Catalogue(HALF_KNOWN)
    look_up_all()
    assert songs
    assert states() == {"enriched"}
    # A first flight for all, and others for the names of the unknown half read the other way round.
    assert api.count("listenbrainz") <= 9
    assert Row.select().where(Row.year.is_null()).count() == 0


def test_threads_wait_for_each_others_answers(songs: list[int], api: ApiServer) -> None:
    api.latency = 0.05
    rest = list(reversed(songs))
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not rest:
                    break
                song = rest.pop()
            enrich_song.call_local(song)
        database.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert states() == {"enriched"}
    assert api.count("listenbrainz") <= 15


def test_a_short_queue_is_one_request_for_all_workers(songs: list[int], api: ApiServer) -> None:
    QueueEntry.delete().where(QueueEntry.song.not_in(songs[:4])).execute()
    for song in songs[1:4]:
        queue_table.claim(song, "me")
    enrich_song.call_local(songs[0])
    assert api.count("listenbrainz") == 2
    assert Lookup.select().where(Lookup.provider == "listenbrainz").count() == 5, (
        "own name both ways"
    )


def test_nobody_is_taken_for_unknown_in_an_outage(songs: list[int], api: ApiServer) -> None:
    api.fail("listenbrainz", "429", times=1)
    provider = runtime.runtime().providers[0]
    with read_ahead.together(0, provider, [Query("A", "B", exact=True)]) as together:
        outcomes = provider.lookup_many(together)
    assert isinstance(outcomes[0], RateLimited)
    assert Lookup.select().count() == 0
    with read_ahead.together(0, provider, [Query("A", "B", exact=True)]) as again:
        assert again == together, "they go with the next request"
    assert len(songs) == len(together) == 100


def test_a_song_that_spoils_the_request_is_left_to_itself(
    songs: list[int],
) -> None:
    provider = runtime.runtime().providers[0]
    with read_ahead.together(0, provider, [Query("A", "B", exact=True)]) as together:
        answer_cache.keep(provider.name, together[0], NotFound())
    with read_ahead.together(0, provider, [Query("A", "C", exact=True)]) as again:
        assert set(again).isdisjoint(together), "they ask for themselves"
    assert len(songs) == len(together) == 100


def test_an_upload_goes_ahead_and_takes_the_backlog_along(songs: list[int], api: ApiServer) -> None:
    queue_table.add([(songs[70], queue_table.UPLOAD)])
    provider = runtime.runtime().providers[0]
    with read_ahead.together(0, provider, [Query("A", "B", exact=True)]) as together:
        pass
    first = Row.get_by_id(songs[70])
    assert (together[1].artist, together[1].title) == (first.artist, first.title)
    assert api.count() == 0


@pytest.mark.parametrize("by", ["", SONGS[0].artist.upper()])
def test_looking_ahead_reads_the_queue_in_order_by_its_index(songs: list[int], by: str) -> None:
    asked = []
    execute = database.obj.execute_sql

    def note(sql: str, params: object = None, *more: object) -> object:
        asked.append((sql, params))
        return execute(sql, params, *more)

    database.obj.execute_sql = note
    try:
        found = read_ahead._next_entries("first", by)
    finally:
        del database.obj.execute_sql
    assert songs
    wanted = {song.artist for song in SONGS if by in ("", song.artist.upper())}
    entries = QueueEntry.select().where(QueueEntry.id.in_(found))
    assert {entry.song.artist for entry in entries} == wanted
    for sql, params in asked:
        plan = [row[3] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params)]
        assert "enrichment_queue_order" in plan[0], plan
        assert not any("TEMP B-TREE" in step or "SCAN songs" in step for step in plan), plan


def test_a_song_is_read_and_its_questions_are_put_together_once(
    songs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 10,000 songs each request read a thousand again: half a second of a processor a song."""
    provider = runtime.runtime().providers[0]
    QueueEntry.update(priority=queue_table.SECOND_LOOK).where(
        QueueEntry.song.in_(songs[::2])
    ).execute()
    asked = [read_ahead.ahead(provider, 1000, look) for look in ("first", "second")]
    assert list(map(len, asked)) == [len(songs) / 2] * 2

    def read_again(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(read_ahead, "readings", read_again)
    monkeypatch.setattr(read_ahead, "question", read_again)
    assert [read_ahead.ahead(provider, 1000, look) for look in ("first", "second")] == asked


# -- the worker itself


@pytest.fixture
def worker(settings: config.Settings, api: ApiServer, tmp_path: Path) -> Iterator[EnrichmentWorker]:
    """A worker for 300 songs at five requests a second, which the stand-in holds it to."""
    songs = made_up_songs(300)
    api.catalogue = Catalogue(songs)
    api.limits = {"listenbrainz": 5.0}
    folder = folder_of(tmp_path, songs)
    runtime.forget()
    worker = EnrichmentWorker(settings=replace(settings, autostart=False, listenbrainz_rate=5.0))
    runtime.configure(worker.settings)
    scan(folder)
    yield worker
    worker.stop()
    worker.wait(30)
    runtime.forget()
    close_library()


def test_three_hundred_songs_take_two_requests_for_fifty(
    worker: EnrichmentWorker, api: ApiServer
) -> None:
    worker.start()
    wait_until(lambda: not QueueEntry.select().where(QueueEntry.priority >= 0).exists())
    assert states() == {"enriched"}
    assert api.count("listenbrainz") <= 18
    health = next(
        item for item in worker.get_progress()["providers"] if item["name"] == "listenbrainz"
    )
    assert health["state"] == "closed", "never refused"
