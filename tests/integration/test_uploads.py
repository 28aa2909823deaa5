"""What upload handlers may count on: one row with PiKaraoke, and nobody is kept waiting."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from polling import wait_until
from queued import entries

from pikaraoke_enrichment import config, queue_for_enrichment
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.system import real_thread
from pikaraoke_enrichment.tasks import enrich, runtime
from pikaraoke_enrichment.tasks.broker import huey
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.uploads import queue_now

karaoke_database = pytest.importorskip("pikaraoke.lib.karaoke_database")
library_scanner = pytest.importorskip("pikaraoke.lib.library_scanner")
NAME = "Queen - Bohemian Rhapsody---abcdefghijk.mp4"


@pytest.fixture
def pikaraoke(settings: config.Settings) -> Iterator[Any]:
    """PiKaraoke's own database class on the file, and this process as an upload handler."""
    made = karaoke_database.KaraokeDatabase(settings.db)
    runtime.forget()
    runtime.configure(settings)
    yield made
    made.close()
    runtime.forget()
    close_library()


@contextmanager
def held(path: str) -> Iterator[None]:
    """Another process writes, for as long as this lasts."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@pytest.mark.parametrize("who_is_first", ["we", "pikaraoke"])
@pytest.mark.parametrize("companion", ["", ".ass"])
def test_pikaraoke_and_we_write_the_same_row(
    pikaraoke: Any, folder: Path, who_is_first: str, companion: str
) -> None:
    path = folder / NAME
    path.touch()
    if companion:
        path.with_suffix(companion).touch()
    record = library_scanner.build_song_record(str(path))
    if who_is_first == "pikaraoke":
        pikaraoke.insert_songs([record])
    assert queue_for_enrichment(path) == 1
    pikaraoke.insert_songs([record])  # its register_download, and the next scan's
    assert library_scanner.LibraryScanner(pikaraoke).scan(str(folder)).added == 0
    found = Song.get()
    assert {name: getattr(found, name) for name in record} == record
    assert entries() == {found.id: queue_table.UPLOAD}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_path_is_written_as_pikaraoke_spells_its_folder(
    pikaraoke: Any, folder: Path, tmp_path: Path
) -> None:
    """PiKaraoke was given a link to the drive; the upload handler names the drive itself."""
    link = tmp_path / "link"
    link.symlink_to(folder)
    library_scanner.LibraryScanner(pikaraoke).scan(str(link))
    (folder / NAME).touch()
    queue_for_enrichment(folder / NAME)
    assert [song.file_path for song in Song.select()] == [str(link / NAME)]
    assert library_scanner.LibraryScanner(pikaraoke).scan(str(link)).added == 0


@pytest.mark.usefixtures("pikaraoke")
@pytest.mark.parametrize("which", ["songs", "queue"])
def test_a_held_lock_keeps_nobody_waiting(
    settings: config.Settings, folder: Path, which: str
) -> None:
    (folder / "Toto - Africa.mp4").touch()
    queue_for_enrichment(folder / "Toto - Africa.mp4")  # everything is open now
    (folder / NAME).touch()
    done = threading.Event()
    with held(settings.db if which == "songs" else settings.queue):
        start = time.perf_counter()
        assert queue_for_enrichment(folder / NAME) == 1
        took = time.perf_counter() - start
        assert took < 0.25, f"{took:.3f} s, and patience for a page is {runtime.runtime().patience}"
        with pytest.raises(FileNotFoundError):
            queue_for_enrichment(folder / "missing.mp4")
        with pytest.raises(Exception, match="locked"):
            queue_now([str(folder / NAME)], queue_table.UPLOAD, 0.01)
    wait_until(lambda: huey.storage.queue_size() == 2)
    real_thread.in_background(done.set)
    assert done.wait(10), "what was put off is done in its turn"
    song = Song.get(Song.file_path == str(folder / NAME))
    assert entries()[song.id] == queue_table.UPLOAD


@pytest.mark.usefixtures("pikaraoke")
def test_a_handler_that_ends_at_once_loses_nothing(settings: config.Settings, folder: Path) -> None:
    (folder / NAME).touch()
    program = (
        "import sys; from pikaraoke_enrichment import queue_for_enrichment as queue\n"
        "print(queue(sys.argv[1]), flush=True)"
    )
    with held(settings.db):
        handler = subprocess.Popen(
            [sys.executable, "-c", program, str(folder / NAME)],
            env=settings.whole_environment(),
            stdout=subprocess.PIPE,
        )
        assert handler.stdout is not None
        assert handler.stdout.readline() == b"1\n"
    assert handler.wait(30) == 0
    handler.stdout.close()
    assert list(entries().values()) == [queue_table.UPLOAD]


@pytest.mark.usefixtures("pikaraoke")
def test_an_upload_is_taken_before_a_backlog_of_ten_thousand(folder: Path) -> None:
    rows = [{"file_path": f"/songs/{n}.mp4", "format": "mp4"} for n in range(10_000)]
    for batch in queue_table.in_batches(rows, 500):
        Song.insert_many(batch).execute()
    ids = [song.id for song in Song.select(Song.id)]
    enrich.queue_ids(ids, queue_table.BACKLOG)
    (folder / NAME).touch()
    queue_for_enrichment(folder / NAME)
    first = huey.deserialize_task(huey.storage.dequeue())
    assert first.args == (Song.get(Song.file_path == str(folder / NAME)).id,)


def test_handlers_of_many_threads_are_never_in_each_others_way(
    pikaraoke: Any, folder: Path, settings: config.Settings
) -> None:
    """They share Huey's one connection: one that waited for a lock in the background made the
    next call of another thread fail."""
    assert pikaraoke is not None
    paths = [folder / f"Queen - Song {number}.mp4" for number in range(60)]
    for path in paths:
        path.touch()
    raised: list[Exception] = []
    huey.storage.queue_size()  # makes the file

    def handle(some: list[Path]) -> None:
        for path in some:
            try:
                queue_for_enrichment(str(path))
            except Exception as error:
                raised.append(error)

    handlers = [threading.Thread(target=handle, args=(paths[n::4],)) for n in range(4)]
    with held(settings.queue):
        for handler in handlers:
            handler.start()
        wait_until(lambda: Song.select().count() > 5, 60)
    for handler in handlers:
        handler.join(30)
    assert raised == []
    wait_until(lambda: len(entries()) == len(paths), 60)
    wait_until(lambda: huey.storage.queue_size() >= len(paths), 60)
    (timeout,) = huey.storage.conn.execute("PRAGMA busy_timeout").fetchone()
    assert timeout > 0, "and nobody's haste stays behind"
