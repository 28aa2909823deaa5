"""What goes wrong with a disk: each cause in its own words, and nobody waits for one that hangs."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from peewee import OperationalError
from polling import wait_until

from pikaraoke_enrichment.database import troubles
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.system import deadline
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.review import editing, renaming
from pikaraoke_enrichment.web import create_app


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (sqlite3.OperationalError("database or disk is full"), "is full: make room"),
        (OSError(errno.ENOSPC, "No space left on device"), "is full: make room"),
        (sqlite3.OperationalError("locking protocol"), "knows no locks"),
        (sqlite3.OperationalError("database is locked"), "locked by another program"),
        (sqlite3.DatabaseError("file is not a database"), "is damaged"),
        (sqlite3.OperationalError("disk I/O error"), "worn, full or gone"),
        (PermissionError(errno.EACCES, "Permission denied"), "give this user the right"),
        (sqlite3.OperationalError("unable to open database file"), "cannot be opened"),
    ],
)
def test_each_cause_has_its_own_sentence(tmp_path: Path, error: Exception, words: str) -> None:
    path = tmp_path / "songs.db"
    path.touch()
    assert words in troubles.what_to_do(str(path), error)


def test_a_disk_that_went_read_only_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite says "unable to open database file"."""
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY))
    error = sqlite3.OperationalError("unable to open database file")
    assert "is read-only" in troubles.what_to_do(str(tmp_path / "songs.db"), error)


def test_a_full_disk_is_told_as_such_whatever_sqlite_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(troubles.shutil, "disk_usage", lambda _: SimpleNamespace(free=4096))
    error = sqlite3.OperationalError("disk I/O error")
    assert "is full" in troubles.what_to_do(str(tmp_path / "songs.db"), error)


def test_a_share_without_locks_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    path = tmp_path / "songs.db"
    path.touch()
    monkeypatch.setattr("fcntl.lockf", refuse)
    error = sqlite3.OperationalError("database is locked")
    assert "knows no locks" in troubles.what_to_do(str(path), error)


def fill(library: runtime.Runtime) -> None:
    """As a full disk: SQLite ends the transaction by itself with the same error."""
    del library
    pages = database.execute_sql("PRAGMA page_count").fetchone()[0]
    database.execute_sql(f"PRAGMA max_page_count = {pages}")


def test_a_transaction_that_a_full_disk_ended_tells_that(library: runtime.Runtime) -> None:
    """It told "cannot rollback - no transaction is active"."""
    fill(library)

    def write() -> None:
        for number in range(1000):
            Song.create(file_path=f"/songs/{number}.mp4", format="mp4", title="x" * 1000)

    with pytest.raises(OperationalError, match="full"):
        database.atomic("IMMEDIATE")(write)()
    with pytest.raises(OperationalError, match="full"):
        database.atomic("IMMEDIATE")(database.atomic()(write))()
    assert Song.select().count() == 0


def test_the_page_tells_a_full_disk(
    library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It told "The library is busy: try again in a moment"."""
    song = Song.create(file_path="/songs/a.mp4", format="mp4", title="a")

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(editing, "edit", full)
    monkeypatch.setattr("pikaraoke_enrichment.web.song.edit", full, raising=False)
    client = create_app(library.settings).test_client(use_cookies=False)
    answer = client.post(f"/enrichment/songs/{song.id}", json={"title": "b"})
    assert answer.status_code == 503
    assert "is full" in answer.get_json()["error"]


# --- disks that hang ------------------------------------------------------------------------------


def test_who_waits_for_a_disk_waits_so_long_and_no_longer() -> None:
    go_on = threading.Event()
    began = time.monotonic()
    for _ in range(deadline.MOST_HUNG + 3):
        with pytest.raises(TimeoutError):
            deadline.within(0.05, go_on.wait, 20)
    assert time.monotonic() - began < 5
    go_on.set()

    def answers() -> bool:
        with contextlib.suppress(TimeoutError):
            return deadline.within(5, sum, [1, 2]) == 3
        return False

    wait_until(answers)
    with pytest.raises(ZeroDivisionError):
        deadline.within(5, divmod, 1, 0)


def test_a_share_that_hangs_is_told_for_its_files(
    library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four openings of "Rename files" stopped every page, healthz included."""
    assert library.providers
    go_on = threading.Event()
    Song.create(
        file_path="/share/a.mp4",
        format="mp4",
        artist="Oasis",
        title="Wonderwall",
        metadata_status="manual",
        confidence=1.0,
    )
    monkeypatch.setattr(renaming.os, "listdir", lambda _: go_on.wait(20))
    monkeypatch.setattr(renaming, "PATIENCE", 0.05)
    assert [one.problem for one in renaming.preview(())] == ["silent"]
    go_on.set()
