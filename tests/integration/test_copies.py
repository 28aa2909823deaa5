"""Copies of the songs database: made when due, listed, put back whole or not at all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pikaraoke.lib.karaoke_database import KaraokeDatabase
from processes import Command

from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands import doctor
from pikaraoke_enrichment.database.put_back import put_back
from pikaraoke_enrichment.database.sqlite import back_up
from pikaraoke_enrichment.exceptions import LibraryError
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import copies, runtime
from pikaraoke_enrichment.tasks.review import clean_names, corrections, many
from pikaraoke_enrichment.tasks.runtime import presence_of

LONG_AGO = time.time() - 30 * 86_400


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A songs database with one song, which nobody has open."""
    made = tmp_path / "pikaraoke.db"
    KaraokeDatabase(str(made)).close()
    put(made, "today")
    return made


def put(db: Path, name: str) -> None:
    with closing(sqlite3.connect(db)) as file, file:
        file.execute("DELETE FROM songs")
        file.execute("INSERT INTO songs (file_path, format) VALUES (?, 'mp4')", (name,))


def song(db: Path) -> str:
    with closing(sqlite3.connect(db)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        return str(file.execute("SELECT file_path FROM songs").fetchone()[0])


def touch(path: Path, at: float = LONG_AGO) -> Path:
    path.touch()
    os.utime(path, (at, at))
    return path


# --- made -----------------------------------------------------------------------------------------


def test_three_weekly_copies_are_kept_and_a_new_one_made_a_week_later(db: Path) -> None:
    for day in range(1, 5):
        touch(Path(f"{db}.weekly-2026010{day}T000000"))
    left = touch(Path(f"{db}.backup-20260101T000000.part"))
    copy = copies.make_weekly(str(db))
    assert copy is not None
    assert song(copy) == "today"
    kept = [each.path.name for each in copies.listed(str(db))]
    assert kept[0] == copy.name
    assert kept[1:] == [f"{db.name}.weekly-20260104T000000", f"{db.name}.weekly-20260103T000000"]
    assert not left.exists()
    assert copies.make_weekly(str(db)) is None
    assert copies.make_weekly("postgresql://u@h/d") is None


def test_a_copy_is_made_before_many_songs_are_changed_unless_one_is_new(db: Path) -> None:
    first = copies.make_before_change(str(db))
    assert first is not None
    assert copies.make_before_change(str(db)) is None
    old = time.strftime("%Y%m%dT%H%M%S", time.localtime(time.time() - 2 * copies.HOUR))
    first.rename(f"{db}.before-change-{old}")
    assert copies.make_before_change(str(db)) is not None


@pytest.mark.parametrize("deed", ["bulk", "rename", "import"])
def test_every_mass_action_is_preceded_by_a_copy(library: runtime.Runtime, deed: str) -> None:
    Song.create(file_path="/songs/a.mp4", format="mp4", title="A")
    if deed == "bulk":
        many.verify([1])
    elif deed == "rename":
        clean_names.begin()
    else:
        corrections.read_csv(["name,artist,title\n", "a.mp4,Queen,Innuendo\n"])
    (copy,) = copies.listed(library.settings.db)
    assert copy.why == "before-change"
    with closing(sqlite3.connect(copy.path)) as file:
        assert file.execute("SELECT metadata_status FROM songs").fetchone() != ("manual",)


@pytest.mark.usefixtures("library")
def test_without_room_for_a_copy_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(copies, "back_up", full)
    Song.create(file_path="/songs/a.mp4", format="mp4", title="A")
    with pytest.raises(LibraryError, match="nothing was changed: make room"):
        many.verify([1])
    assert Song.get_by_id(1).metadata_status == "pending"


# --- put back -------------------------------------------------------------------------------------


def settings_of(db: Path) -> config.Settings:
    places = {"ENRICHMENT_CONFIG": str(db.with_name("config.ini")), "ENRICHMENT_DB": str(db)}
    return config.load(places)


def test_a_copy_is_put_back_and_todays_file_kept(db: Path) -> None:
    copy = back_up(str(db), "weekly")
    put(db, "spoilt")
    used, kept = doctor.restore(settings_of(db), "newest")
    assert used == copy
    assert song(db) == "today"
    assert song(kept) == "spoilt"
    assert song(copy) == "today", "the copy stays"
    doctor.restore(settings_of(db), kept.name)
    assert song(db) == "spoilt"


def test_what_was_written_last_is_in_the_file_that_is_kept(db: Path) -> None:
    """A process that was killed leaves its last writes in the log beside the file."""
    back_up(str(db), "weekly")
    killed = (
        "import os, sqlite3, sys; file = sqlite3.connect(sys.argv[1]);"
        "file.execute('PRAGMA wal_autocheckpoint = 0');"
        "file.execute(\"UPDATE songs SET file_path = 'last'\"); file.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", killed, str(db)], check=True)
    assert Path(f"{db}-wal").stat().st_size
    _, kept = doctor.restore(settings_of(db), "newest")
    assert (song(db), song(kept)) == ("today", "last")


def test_a_damaged_file_is_replaced_and_kept(db: Path) -> None:
    back_up(str(db), "weekly")
    db.write_bytes(b"no database at all" * 1000)
    _, kept = doctor.restore(settings_of(db), "newest")
    assert song(db) == "today"
    assert kept.read_bytes().startswith(b"no database")


def test_nothing_is_put_back_while_pikaraoke_or_a_consumer_runs(db: Path) -> None:
    back_up(str(db), "weekly")
    put(db, "spoilt")
    pikaraoke = KaraokeDatabase(str(db))
    try:
        with pytest.raises(LibraryError, match="in use: end PiKaraoke"):
            doctor.restore(settings_of(db), "newest")
    finally:
        pikaraoke.close()
    consumer = presence_of(settings_of(db))
    consumer.enter()
    try:
        with pytest.raises(LibraryError, match="a consumer runs"):
            doctor.restore(settings_of(db), "newest")
    finally:
        consumer.leave()
    assert song(db) == "spoilt"
    assert not list(db.parent.glob("*before-restore*"))


@pytest.mark.parametrize("content", [b"", b"no database" * 500])
def test_what_is_no_copy_is_not_put_back(db: Path, content: bytes) -> None:
    copy = Path(f"{db}.backup-20260101T000000")
    copy.write_bytes(content)
    with pytest.raises(LibraryError, match="cannot be put back"):
        doctor.restore(settings_of(db), copy.name)
    with pytest.raises(LibraryError, match="there is no copy"):
        doctor.restore(settings_of(db), "yesterday's")
    assert song(db) == "today"


_KILLED = """
import os, sys
from pathlib import Path
import pikaraoke_enrichment.database.put_back as place

def dies(name, of):
    own = getattr(of, name)
    def step(*given, **options):
        place.steps += 1
        if place.steps == int(sys.argv[3]):
            os._exit(9)
        return own(*given, **options)
    setattr(of, name, step)

place.steps = 0
for name in ("fsync", "link", "replace", "unlink"):
    dies(name, os)
for name in ("_close", "_keep", "_write_out"):
    dies(name, place)
place.put_back(sys.argv[1], Path(sys.argv[2]))
"""


def test_a_kill_leaves_the_old_file_or_the_new_one(db: Path) -> None:
    """At every step, until none is left at which it could be killed."""
    copy, step, seen = back_up(str(db), "weekly"), 0, set()
    put(db, "spoilt")
    while True:
        step += 1
        words = [sys.executable, "-c", _KILLED, str(db), str(copy), str(step)]
        status = subprocess.run(words, timeout=60, check=False).returncode
        seen.add(song(db))
        if status == 0:
            break
        assert status == 9
        put(db, "spoilt")
    assert step > 10
    assert not list(db.parent.glob("*.was"))
    kept = [song(each.path) for each in copies.listed(str(db)) if each.why == "before-restore"]
    assert kept.count("spoilt") == len(kept) >= 1
    assert seen == {"spoilt", "today"}
    assert put_back(str(db), copy).exists()


# --- the command ----------------------------------------------------------------------------------


def test_doctor_lists_restores_and_removes_what_was_broken_off(
    settings: config.Settings, command: Callable[..., Command]
) -> None:
    runtime.forget()
    runtime.configure(settings)
    runtime.forget()
    close_library()
    copy = back_up(settings.db, "weekly")
    left = touch(Path(f"{settings.db}.weekly-20260101T000000.part"))
    listed = command("doctor", "--copies")
    assert listed.wait() == 0
    assert copy.name in listed.said
    assert "made each week" in listed.said
    looked = command("doctor", "--offline")
    looked.wait()
    assert "1 file of copies that were broken off" in looked.said
    assert left.exists()
    mended = command("doctor", "--offline", "--fix")
    mended.wait()
    assert "removed" in mended.said
    assert not left.exists()
    back = command("doctor", "--restore", "newest")
    assert back.wait() == 0, back.said
    assert f"restored {copy}" in back.said
    refused = command("doctor", "--restore", "none-such")
    assert refused.wait() == 1
    assert "--copies" in refused.said
