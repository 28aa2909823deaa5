"""A lock on a file: one holder at a time, however he lets go of it."""

from __future__ import annotations

import threading
from pathlib import Path

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
