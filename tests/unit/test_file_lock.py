"""A lock on a file: one holder at a time, however he lets go of it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pikaraoke_enrichment.system import file_lock
from pikaraoke_enrichment.system.file_lock import FileLock


def test_one_holds_it_at_a_time(tmp_path: Path) -> None:
    mine, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert mine.take()
    assert not other.take()
    mine.release()
    mine.release()  # what is not held may be given back
    assert other.take()
    other.release()


def test_who_comes_later_waits(tmp_path: Path) -> None:
    held, seen = FileLock(tmp_path / "lock"), []

    def later() -> None:
        with FileLock(tmp_path / "lock"):
            seen.append("later")

    with held:
        thread = threading.Thread(target=later)
        thread.start()
        seen.append("first")
    thread.join(10)
    assert seen == ["first", "later"]
    assert held.take(), "it was not given back"
    held.release()


def test_the_lock_on_a_file_that_was_removed_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looked held the new file for a dead one's, removed it, and another had made it anew."""
    path, lock = tmp_path / "lock", file_lock._lock

    def lock_late(handle: int) -> None:
        path.unlink()
        path.touch()
        lock(handle)

    mine, other = FileLock(path), FileLock(path)
    monkeypatch.setattr(file_lock, "_lock", lock_late)
    assert not mine.take()
    monkeypatch.undo()
    assert other.take()
    assert not mine.take()
    other.release()


def test_it_is_waited_for_so_long(tmp_path: Path) -> None:
    held, wanted = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert held.take()
    assert not wanted.take(0.05)
    threading.Timer(0.05, held.release).start()
    assert wanted.take(30.0)
    wanted.release()
