"""The songs database: PiKaraoke's own file, made ready once and never left worse than it was."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from peewee import DatabaseError
from pikaraoke.lib.karaoke_database import KaraokeDatabase
from pikaraoke.lib.library_scanner import LibraryScanner

from pikaraoke_enrichment import models
from pikaraoke_enrichment.database import sqlite
from pikaraoke_enrichment.database.connection import database, now_text
from pikaraoke_enrichment.exceptions import LibraryError
from pikaraoke_enrichment.models import Song, count_up, get_state, set_state
from pikaraoke_enrichment.schema import opening
from pikaraoke_enrichment.schema.migrations import PIKARAOKE_SCHEMA, SCHEMA_VERSION
from pikaraoke_enrichment.schema.opening import close_library, open_library

THEIRS = ("songs", "metadata", "sessions", "plays")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where the database is to lie; closed again after the test."""
    close_library()
    yield tmp_path / "pikaraoke.db"
    close_library()


@pytest.fixture
def theirs(path: Path) -> Path:
    """A database that PiKaraoke 1.23.0 made, with a song and a play of it."""
    database = KaraokeDatabase(str(path))
    song = {"file_path": "/songs/a.mp4", "youtube_id": None, "format": "mp4"}
    database.insert_songs([song])
    database.execute("INSERT INTO sessions (uuid, name) VALUES ('u', 'party')")
    database.execute(
        "INSERT INTO plays (session_id, song_id, song_title, performer) VALUES (1, 1, 'a', 'me')"
    )
    database.set_metadata("last_scan_directory", "/songs")
    database.close()
    return path


def backups(path: Path) -> list[Path]:
    return sorted(path.parent.glob(f"{path.name}.before-enrichment-*"))


def schema(path: Path, *, without_ours: bool = True) -> dict[str, tuple[str, str]]:
    """Name -> kind and text without spaces of all that is in the file."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute(
            "SELECT name, type, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        ).fetchall()
        found = {
            name: (kind, "".join((sql or "").split()))
            for name, kind, table, sql in rows
            if not (without_ours and table.startswith("enrichment_"))
        }
    connection.close()
    return found


def columns(path: Path, table: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"PRAGMA table_info({table})").fetchall()
    finally:
        connection.close()


def content(path: Path, table: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
    finally:
        connection.close()


def user_version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


# --- a database that PiKaraoke made ---------------------------------------------------------------


def test_pikaraokes_file_gets_one_column_and_our_tables(theirs: Path) -> None:
    before = schema(theirs)
    songs = columns(theirs, "songs")
    open_library(str(theirs))
    assert columns(theirs, "songs") == [*songs, (14, "confidence", "REAL", 0, "0.0", 0)]
    tables = set(schema(theirs, without_ours=False)) - set(before)
    assert {"enrichment_queue", "enrichment_state"} <= tables
    assert all(name.startswith(("enrichment_", "listing_", "change_")) for name in tables)


def test_nothing_else_of_pikaraokes_is_touched(theirs: Path) -> None:
    before, version = schema(theirs), user_version(theirs)
    rows = {table: content(theirs, table) for table in THEIRS}
    open_library(str(theirs))
    close_library()
    after = schema(theirs)
    songs_before, songs_after = before.pop("songs")[1], after.pop("songs")[1]
    assert after == before
    assert songs_after.replace(",confidenceREALDEFAULT0.0", "") == (songs_before)
    assert user_version(theirs) == version
    for table in THEIRS[1:]:
        assert content(theirs, table) == rows[table]
    assert content(theirs, "songs") == [(*row, 0.0) for row in rows["songs"]]


def test_a_backup_appears_exactly_once_and_is_the_database_as_it_was(theirs: Path) -> None:
    before = schema(theirs, without_ours=False)
    rows = {table: content(theirs, table) for table in THEIRS}
    for _ in range(3):
        open_library(str(theirs))
        close_library()
    (copy,) = backups(theirs)
    assert schema(copy, without_ours=False) == before
    assert {table: content(copy, table) for table in THEIRS} == rows
    usable = KaraokeDatabase(str(copy))
    assert usable.get_all_song_paths() == ["/songs/a.mp4"]
    assert usable.check_integrity()[0]
    usable.close()


def test_pikaraoke_goes_on_working_while_we_write(theirs: Path, tmp_path: Path) -> None:
    open_library(str(theirs))
    running = KaraokeDatabase(str(theirs))
    folder = tmp_path / "songs"
    folder.mkdir()
    (folder / "Queen - Bohemian Rhapsody.mp4").touch()
    (folder / "b.mp4").touch()
    for number in range(20):
        running.insert_songs(
            [{"file_path": f"/x/{number}.mp4", "youtube_id": None, "format": "mp4"}]
        )
        Song.update(artist="Queen", confidence=0.9).where(
            Song.file_path == f"/x/{number}.mp4"
        ).execute()
        running.update_path(f"/x/{number}.mp4", f"/y/{number}.mp4")
    assert Song.select().where(Song.file_path.startswith("/y/")).count() == 20
    LibraryScanner(running).scan(str(folder))
    running.delete_by_path("/y/0.mp4")
    assert running.check_integrity() == (True, "ok")
    running.close()
    assert Song.select().where(Song.file_path.startswith(str(folder))).count() == 2


def test_a_song_that_pikaraoke_deletes_takes_our_rows_with_it(theirs: Path) -> None:
    open_library(str(theirs))
    models.QueueEntry.create(song=1)
    models.SongDetail.create(song=1, file_name="a.mp4")
    running = KaraokeDatabase(str(theirs))
    running.delete_by_path("/songs/a.mp4")
    running.close()
    assert models.QueueEntry.select().count() == models.SongDetail.select().count() == 0


def test_a_play_outlives_its_song_as_in_pikaraoke(theirs: Path) -> None:
    open_library(str(theirs))
    Song.delete().where(Song.id == 1).execute()
    close_library()
    assert [row[2] for row in content(theirs, "plays")] == [None]


# --- a database that we make ----------------------------------------------------------------------


def test_our_file_has_pikaraokes_schema_word_for_word(path: Path, tmp_path: Path) -> None:
    open_library(str(path))
    close_library()
    made_by_them = tmp_path / "theirs.db"
    KaraokeDatabase(str(made_by_them)).close()
    ours, expected = schema(path), schema(made_by_them)
    assert (
        ours.pop("songs")[1].replace(",confidenceREALDEFAULT0.0", "") == (expected.pop("songs")[1])
    )
    assert ours == expected
    assert user_version(path) == user_version(made_by_them)
    for table in THEIRS[1:]:
        assert columns(path, table) == columns(made_by_them, table)


def test_pikaraoke_starts_on_a_file_that_we_made(path: Path, tmp_path: Path) -> None:
    open_library(str(path))
    Song.create(file_path="/songs/a.mp4", format="mp4", artist="Queen")
    close_library()
    folder = tmp_path / "songs"
    folder.mkdir()
    (folder / "b.mp4").touch()
    started = KaraokeDatabase(str(path))
    assert started.get_all_song_paths() == ["/songs/a.mp4"]
    result = LibraryScanner(started).scan(str(folder))
    assert result.added == 1
    started.close()
    open_library(str(path))
    assert {song.confidence for song in Song.select()} == {0.0}


def test_no_backup_is_made_of_a_file_that_was_not_there(path: Path) -> None:
    open_library(str(path))
    assert backups(path) == []


def test_folders_on_the_way_are_made(path: Path) -> None:
    deep = path.parent / "a" / "b" / "pikaraoke.db"
    open_library(str(deep))
    assert deep.is_file()


def test_an_empty_file_is_taken_for_none(path: Path) -> None:
    path.touch()
    open_library(str(path))
    assert Song.select().count() == 0
    assert backups(path) == []


@pytest.mark.parametrize("name", ["a b?c#d%20e.db", "ünï-宇.db", "it's.db"])
def test_any_file_name_will_do(path: Path, name: str) -> None:
    odd = path.with_name(name)
    open_library(str(odd))
    Song.create(file_path="/songs/a.mp4", format="mp4")
    close_library()
    assert len(content(odd, "songs")) == 1
    assert {file.name for file in path.parent.iterdir()} <= {name, f"{name}-wal", f"{name}-shm"}


# --- what we leave alone --------------------------------------------------------------------------


def make_foreign(path: Path) -> None:
    """Some other program's database."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (id INTEGER PRIMARY KEY, name TEXT)")
        connection.execute("INSERT INTO songs (name) VALUES ('mine')")
    connection.close()


def refused(path: Path) -> str:
    with pytest.raises(LibraryError) as caught:
        open_library(str(path))
    assert database.obj is None, "nothing stays open"
    return str(caught.value)


def test_a_database_of_unknown_schema_is_left_as_it_is(path: Path) -> None:
    make_foreign(path)
    before = path.read_bytes()
    message = refused(path)
    assert "file_path" in message
    assert "left as it is" in message
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_database_without_songs_is_left_as_it_is(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (text TEXT)")
    connection.close()
    before = path.read_bytes()
    assert "left as it is" in refused(path)
    assert path.read_bytes() == before


def test_a_database_of_a_newer_version_of_ours_is_left_as_it_is(theirs: Path) -> None:
    open_library(str(theirs))
    set_state("schema_version", str(SCHEMA_VERSION + 1))
    close_library()
    before = theirs.read_bytes()
    message = refused(theirs)
    assert "newer" in message
    assert "left as it is" in message
    assert theirs.read_bytes() == before


def test_a_file_that_was_put_in_place_is_checked_whatever_its_number(
    theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk gives the number of a file that is gone to the next one: a newer version's once had
    that of the first, which had been checked."""
    number = {theirs.name: 1}
    monkeypatch.setattr(sqlite, "identity", lambda _: (0, number[theirs.name]))
    open_library(str(theirs))
    newer = sqlite.back_up(str(theirs), "newer")
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE enrichment_state SET value = 99 WHERE key = 'schema_version'")
    database.close()
    number[theirs.name] = 2
    theirs.write_bytes(b"garbage" * 1000)
    with pytest.raises(DatabaseError, match="not a database"):
        database.connect()
    number[theirs.name] = 1
    os.replace(newer, theirs)
    with pytest.raises(LibraryError, match="newer"):
        database.connect()


def test_garbage_is_left_as_it_is(path: Path) -> None:
    path.write_bytes(b"not a database at all, " * 500)
    before = path.read_bytes()
    assert "no SQLite file" in refused(path)
    assert path.read_bytes() == before


def test_a_folder_is_no_database(path: Path) -> None:
    path.mkdir()
    assert str(path) in refused(path)


def test_a_path_through_a_file_is_said_clearly(path: Path) -> None:
    path.touch()
    assert str(path) in refused(path / "below.db")


def test_a_library_locked_by_another_program_is_said_clearly(theirs: Path) -> None:
    other = sqlite3.connect(theirs)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(LibraryError, match="locked by another program"):
            open_library(str(theirs), patience=0.1)
    finally:
        other.close()
    open_library(str(theirs))


# --- opened again, and by two at once -------------------------------------------------------------


def test_opening_again_is_free_and_another_path_closes_the_first(theirs: Path) -> None:
    open_library(str(theirs))
    first = database.connection()
    open_library(str(theirs))
    assert database.connection() is first
    other = theirs.with_name("other.db")
    open_library(str(other))
    assert Song.select().count() == 0
    with pytest.raises(sqlite3.ProgrammingError):
        first.execute("SELECT 1")


OPEN = """
import sys
from pikaraoke_enrichment.models import Song, count_up
from pikaraoke_enrichment.schema.opening import open_library
sys.stdin.readline()
open_library(sys.argv[1], patience=float(sys.argv[2]))
for _ in range(50):
    count_up("total_processed")
print(Song.select().count())
"""


def opened_by_two_processes(path: Path) -> list[str]:
    """What each of two processes that open the file at the same moment finds."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(path), "30"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], told
    return [out.strip() for out, _ in told]


def test_processes_that_open_pikaraokes_file_at_one_moment_agree(theirs: Path) -> None:
    assert opened_by_two_processes(theirs) == ["1", "1", "1"]
    assert len(backups(theirs)) == 1
    assert [
        name for name in schema(backups(theirs)[0], without_ours=False) if "enrich" in name
    ] == []
    open_library(str(theirs))
    assert get_state("total_processed") == "150", "and no count is lost"


def test_processes_that_make_the_file_at_one_moment_agree(path: Path) -> None:
    assert opened_by_two_processes(path) == ["0", "0", "0"]
    assert backups(path) == []


def test_nobody_makes_the_file_ready_while_it_is_copied(
    theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up, told = opening.back_up, []

    def meanwhile(path: str) -> Path:
        words = [sys.executable, "-c", OPEN, path, "0.1"]
        told.append(subprocess.run(words, input=b"\n", capture_output=True, check=False).stderr)
        return back_up(path)

    monkeypatch.setattr(opening, "back_up", meanwhile)
    open_library(str(theirs))
    assert b"is locked by another program" in told[0]
    assert len(backups(theirs)) == 1
    assert not any(
        name.startswith("enrich") for name in schema(*backups(theirs), without_ours=False)
    )


COPY_WITHOUT_ROOM = """
import resource, sys
from pikaraoke_enrichment.database.sqlite import back_up
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
back_up(sys.argv[1])
"""


def test_a_copy_that_was_not_made_to_its_end_is_left_to_nobody(theirs: Path) -> None:
    words = [sys.executable, "-c", COPY_WITHOUT_ROOM, str(theirs)]
    assert subprocess.run(words, capture_output=True, check=False).returncode == 1
    assert {file.name for file in theirs.parent.glob("*.db*")} <= {
        theirs.name + suffix for suffix in ("", "-wal", "-shm")
    }


@pytest.fixture
def readable(theirs: Path) -> Iterator[Path]:
    """PiKaraoke's database where all may read and nobody write; root, who may, becomes nobody."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy = folder / theirs.name
        copy.write_bytes(theirs.read_bytes())
        copy.chmod(0o444)
        folder.chmod(0o555)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        yield copy
        if is_root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_a_file_that_may_not_be_written_is_said_clearly(readable: Path) -> None:
    before = readable.read_bytes()
    assert "give this user the right to write it" in refused(readable)
    assert readable.read_bytes() == before


def test_a_folder_that_may_not_be_written_is_said_clearly(readable: Path) -> None:
    missing = readable.with_name("none.db")
    message = refused(missing)
    assert str(missing) in message
    assert "give this user the right" in message


# --- state ----------------------------------------------------------------------------------------


def test_totals_count_from_nothing(path: Path) -> None:
    open_library(str(path))
    count_up("total_enriched")
    count_up("total_enriched")
    assert get_state("total_enriched") == "2"
    assert get_state("never_set") is None


def test_a_state_is_replaced(path: Path) -> None:
    open_library(str(path))
    set_state("worker_paused", "1")
    set_state("worker_paused", "0")
    assert get_state("worker_paused") == "0"


def test_times_are_pikaraokes_own_text(path: Path) -> None:
    open_library(str(path))
    theirs = database.execute_sql("SELECT CURRENT_TIMESTAMP").fetchone()[0]
    ours = now_text()
    assert len(ours) == len(theirs) == 19
    assert ours[:15] in (theirs[:15], ours[:15])


def test_a_backup_is_readable_to_whom_its_original_is(tmp_path: Path) -> None:
    path = tmp_path / "pikaraoke.db"
    open_library(str(path))
    close_library()
    path.chmod(0o600)
    old = os.umask(0o000)
    try:
        copy = sqlite.back_up(str(path), "backup")
    finally:
        os.umask(old)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_what_a_killed_backup_has_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "pikaraoke.db"
    open_library(str(path))
    close_library()
    left, young = (tmp_path / f"pikaraoke.db.backup-2026{day}.part" for day in ("old", "now"))
    left.touch()
    young.touch()
    os.utime(left, (1, 1))
    sqlite.back_up(str(path), "backup")
    assert (left.exists(), young.exists()) == (False, True)


@pytest.mark.parametrize("theirs", [("confidence",), ("confidence", "enrichment_confidence")])
def test_a_column_of_theirs_is_never_ours(tmp_path: Path, theirs: tuple[str, ...]) -> None:
    path = tmp_path / "pikaraoke.db"
    connection = sqlite3.connect(path)
    connection.executescript(PIKARAOKE_SCHEMA)
    for column in theirs:
        connection.execute(f"ALTER TABLE songs ADD COLUMN {column} TEXT")
        connection.execute("INSERT INTO songs (file_path, format) VALUES (?, 'mp4')", (column,))
        connection.execute(f"UPDATE songs SET {column} = 'theirs'")
    connection.commit()
    connection.close()
    open_library(str(path))
    Song.update(confidence=0.9).execute()
    close_library()
    connection = sqlite3.connect(path)
    for column in theirs:
        values = {row[0] for row in connection.execute(f"SELECT {column} FROM songs")}
        assert values <= {"theirs", None}
    connection.close()
