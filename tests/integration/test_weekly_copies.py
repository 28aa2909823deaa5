"""A copy a week: made when due, three kept, and nothing half-made left behind."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from pikaraoke_enrichment.tasks import weekly_copies


def test_three_copies_are_kept_and_a_new_one_made_a_week_later(tmp_path: Path) -> None:
    db = tmp_path / "pikaraoke.db"
    with closing(sqlite3.connect(db)) as made, made:
        made.execute("CREATE TABLE songs (id INTEGER)")
    long_ago = time.time() - 30 * weekly_copies.DAY
    for day in range(4):
        old = tmp_path / f"pikaraoke.db.weekly-2026010{day}T000000"
        old.touch()
        os.utime(old, (long_ago, long_ago))
    left = tmp_path / "pikaraoke.db.backup-20260101T000000.part"
    left.touch()
    os.utime(left, (long_ago, long_ago))
    copy = weekly_copies.make(str(db))
    assert copy is not None
    with closing(sqlite3.connect(copy)) as read:
        assert read.execute("SELECT count(*) FROM songs").fetchone() == (0,)
    assert len(list(tmp_path.glob("*.weekly-*"))) == 3
    assert not left.exists()
    assert weekly_copies.make(str(db)) is None
    assert weekly_copies.make("postgresql://u@h/d") is None
