"""The library on disk: PiKaraoke's own scanner and ours must see the same, whatever happens."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from folders import song, touch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikaraoke.lib.karaoke_database import KaraokeDatabase
from pikaraoke.lib.library_scanner import LibraryScanner
from pikaraoke.lib.song_list import SongList
from servers import STORE

from pikaraoke_enrichment import config
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.exceptions import NoSuchFolder
from pikaraoke_enrichment.models import CandidateRow, Listing, QueueEntry, Song, SongDetail
from pikaraoke_enrichment.schema.opening import close_library, open_library
from pikaraoke_enrichment.system import child
from pikaraoke_enrichment.tasks import enrich, library, runtime, song_files
from pikaraoke_enrichment.tasks.history import changes, naming_habits
from pikaraoke_enrichment.tasks.judging.folder_habits import read
from pikaraoke_enrichment.tasks.library import scan, take_in
from pikaraoke_enrichment.tasks.lookup import certain_artists
from pikaraoke_enrichment.tasks.parsing import NO_KNOWLEDGE
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.review import browsing, corrections, editing
from pikaraoke_enrichment.tasks.review.browsing import Filter
from pikaraoke_enrichment.tasks.review.editing import edit
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.words.phrases import PHRASES

ROWS = "SELECT file_path, youtube_id, format FROM songs ORDER BY file_path"


@pytest.fixture(autouse=True)
def opened(tmp_path: Path) -> Iterator[None]:
    """A library without a worker: scanning needs no settings."""
    close_library()
    open_library(str(tmp_path / "ours.db"))
    yield
    close_library()


def rows(path: str | Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(ROWS).fetchall()
    finally:
        connection.close()


def ours() -> list[tuple[str, ...]]:
    return list(database.execute_sql(ROWS))


def theirs(folder: Path) -> list[tuple[str, ...]]:
    """What PiKaraoke's scanner finds in a fresh database."""
    path = folder.parent / "theirs.db"
    path.unlink(missing_ok=True)
    scanned = KaraokeDatabase(str(path))
    LibraryScanner(scanned).scan(str(folder))
    scanned.close()
    return rows(path)


# --- the same rows as PiKaraoke -------------------------------------------------------------------


def test_files_companions_and_ids_are_seen_as_pikaraoke_sees_them(folder: Path) -> None:
    touch(
        folder,
        "Queen - Bohemian Rhapsody---abcdefghijk.mp4",
        "Queen - Bohemian Rhapsody [abcdefghij-].webm",
        "no id [abc].mp4",
        "two ids---abcdefghijk [lmnopqrstuv].mp4",
        "id first---abcdefghijk rest.mp4",
        "disc/SC1234-01 - Song.mp3",
        "disc/SC1234-01 - Song.cdg",
        "disc/UPPER.MP3",
        "disc/upper.CDG",
        "alone.mp3",
        "with words.mp4",
        "with words.ass",
        "archive.zip",
        "film.MKV",
        "film.avi",
        "film.mov",
        "cover.jpg",
        "notes.txt",
        "alone.cdg",
        ".hidden.mp4",
        "noextension",
        "dot.",
        ".mp4",
        "宇多田ヒカル - First Love.mp4",
        "a/b/c/deep.mp4",
    )
    result = scan(folder)
    assert ours() == theirs(folder)
    assert result.found == result.added == len(ours())
    assert len(ours()) > 15
    formats = {os.path.basename(path): kind for path, _, kind in ours()}
    assert formats["SC1234-01 - Song.mp3"] == formats["UPPER.MP3"] == "cdg"
    assert formats["with words.mp4"] == "ass"
    assert formats["film.MKV"] == "mkv"


def test_extensions_are_pikaraokes_own() -> None:
    assert song_files.EXTENSIONS == SongList.VALID_EXTENSIONS


@given(
    st.text(st.sampled_from("ab -[]_()0123456789ABCDEFGHIJK."), max_size=30),
    st.sampled_from([".mp4", ".MP3", ".webm", "", ".x"]),
)
def test_the_youtube_id_of_any_name_is_pikaraokes(name: str, extension: str) -> None:
    from pikaraoke.lib.library_scanner import _extract_youtube_id

    path = f"/songs/{name}{extension}"
    assert song_files.youtube_id(path) == _extract_youtube_id(path)


def test_a_second_scan_changes_nothing(folder: Path) -> None:
    touch(folder, "a.mp4", "b.mp4")
    scan(folder)
    before = list(Song.select().order_by(Song.id).dicts())
    result = scan(folder)
    assert (result.added, result.moved, result.deleted, result.queued) == (0, 0, 0, 0)
    assert list(Song.select().order_by(Song.id).dicts()) == before


def test_a_folder_that_is_not_there_is_said(folder: Path) -> None:
    with pytest.raises(NoSuchFolder):
        scan(folder / "missing")
    touch(folder, "a.mp4")
    with pytest.raises(NoSuchFolder):
        scan(folder / "a.mp4")


def test_the_folder_is_spelled_as_pikaraoke_spells_it(folder: Path, tmp_path: Path) -> None:
    """The user scans through a link: still one row a file."""
    link = tmp_path / "link"
    link.symlink_to(folder)
    touch(folder, "a.mp4", "b.mp4", "c.mp4")
    database.execute_sql(
        "INSERT INTO metadata (key, value) VALUES ('last_scan_directory', ?)", (str(folder),)
    )
    scan(folder)
    result = scan(link)
    assert (result.added, result.moved, result.deleted) == (0, 0, 0)
    assert Song.select().count() == 3


def test_a_folder_named_by_a_detour_is_the_same_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user names it from where he stands: still one row a file, also for an upload."""
    touch(folder, "a.mp4", "b.mp4")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert scan("../songs").added == 2
    assert scan(folder).added == 0
    assert library.register("../songs/a.mp4") == song("a.mp4").id
    assert {Path(path).parent for path, *_ in ours()} == {folder}


def test_names_that_are_no_text_are_skipped_and_told(folder: Path) -> None:
    touch(folder, "good.mp4")
    with open(os.fsencode(folder) + b"/caf\xe9.mp4", "wb"):
        pass
    os.mkdir(os.fsencode(folder) + b"/d\xff")
    with open(os.fsencode(folder) + b"/d\xff/inside.mp4", "wb"):
        pass
    result = scan(folder)
    assert (result.found, result.added) == (1, 1)
    assert {os.fsencode(path) for path in result.unreadable} == {
        os.fsencode(folder) + b"/caf\xe9.mp4",
        os.fsencode(folder) + b"/d\xff/inside.mp4",
    }


def shut(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    """Let a folder be read no more, for root too (who runs the tests in CI)."""
    scandir = os.scandir

    def refusing(path: str) -> Iterator[os.DirEntry[str]]:
        if os.fsdecode(path) == str(place):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)


def test_songs_in_a_folder_that_cannot_be_read_stay(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A card that fails in one place must not cost these songs their plays."""
    touch(folder, "a.mp4", "b.mp4", "c.mp4", "d.mp4", "locked/x.mp4", "locked/deep/y.mp4")
    scan(folder)
    shut(monkeypatch, folder / "locked")
    (folder / "a.mp4").unlink()
    result = scan(folder)
    assert result.closed == (str(folder / "locked"),)
    assert (result.found, result.deleted, result.missing, result.halted) == (3, 1, 1, False)
    assert Song.select().count() == 5


def test_a_folder_that_cannot_be_read_at_all_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(folder, "a.mp4")
    scan(folder)
    shut(monkeypatch, folder)
    with pytest.raises(PermissionError):
        scan(folder)
    assert Song.select().count() == 1


def test_odd_but_valid_names_are_taken(folder: Path) -> None:
    names = ["new\nline.mp4", "tab\t.mp4", "it's; DROP TABLE songs.mp4", "%_.mp4", "\u202e.mp4"]
    touch(folder, *names)
    assert scan(folder).added == len(names)
    assert ours() == theirs(folder)
    assert scan(folder).added == 0


# --- moves, deletions, the circuit breaker --------------------------------------------------------


def play(song_id: int) -> None:
    """Someone sang it."""
    database.execute_sql("INSERT INTO sessions (id, uuid) VALUES (1, 'u') ON CONFLICT DO NOTHING")
    database.execute_sql(
        "INSERT INTO plays (session_id, song_id, song_title, performer) VALUES (1, ?, 't', 'p')",
        (song_id,),
    )


def played() -> set[str | None]:
    """Paths of songs that were sung; None for one whose row is gone."""
    sql = "SELECT s.file_path FROM plays p LEFT JOIN songs s ON s.id = p.song_id"
    return {path for (path,) in database.execute_sql(sql)}


def test_a_file_renamed_by_hand_keeps_its_row_by_its_youtube_id(folder: Path) -> None:
    old = folder / "jolene (Karaoke)---AbCdEfGhIj1.mp4"
    old.touch()
    scan(folder)
    renamed = song(old.name)
    play(renamed.id)
    edit(renamed.id, {"title": "Jolene"})
    old.rename(folder / "Dolly Parton - Jolene [AbCdEfGhIj1].mp4")
    result = scan(folder)
    assert (result.moved, result.added, result.deleted) == (1, 0, 0)
    kept = Song.get_by_id(renamed.id)
    assert kept.file_path.endswith("Jolene [AbCdEfGhIj1].mp4")
    assert (kept.title, kept.metadata_status, kept.confidence) == ("Jolene", "manual", 1.0)


def test_a_file_renamed_in_finder_keeps_its_row(folder: Path) -> None:
    """What macOS keeps beside it is renamed with it."""
    touch(folder, "jolene---AbCdEfGhIj1.mp4", "._jolene---AbCdEfGhIj1.mp4", "1.mp4", "2.mp4")
    scan(folder)
    kept = song("jolene---AbCdEfGhIj1.mp4").id
    for mark in ("", "._"):
        old = folder / f"{mark}jolene---AbCdEfGhIj1.mp4"
        old.rename(folder / f"{mark}Dolly Parton - Jolene---AbCdEfGhIj1.mp4")
    result = scan(folder)
    assert (result.moved, result.added, result.deleted) == (1, 0, 0)
    assert Song.get_by_id(kept).file_path.endswith("/Dolly Parton - Jolene---AbCdEfGhIj1.mp4")


def test_a_makers_name_in_brackets_tells_no_move(folder: Path) -> None:
    touch(folder, "Toto - Africa [ZoomKaraoke].mp4", "stays.mp4")
    scan(folder)
    (folder / "Toto - Africa [ZoomKaraoke].mp4").unlink()
    touch(folder, "Queen - Innuendo [ZoomKaraoke].mp4")
    result = scan(folder)
    assert (result.moved, result.added, result.deleted) == (0, 1, 1)


def test_an_id_that_stands_twice_tells_no_move(folder: Path) -> None:
    old = folder / "jolene---AbCdEfGhIj1.mp4"
    old.touch()
    scan(folder)
    old.unlink()
    for name in ("one", "two"):
        (folder / f"{name}---AbCdEfGhIj1.mp4").touch()
    (folder / "stays.mp4").touch()
    assert scan(folder).moved == 0


def test_a_moved_file_keeps_its_row_and_its_plays(folder: Path) -> None:
    touch(folder, "a/unique.mp4", "other.mp4")
    scan(folder)
    moved = song("unique.mp4")
    play(moved.id)
    edit(moved.id, {"artist": "Me"})
    (folder / "b").mkdir()
    (folder / "a/unique.mp4").rename(folder / "b/unique.mp4")
    result = scan(folder)
    assert (result.moved, result.added, result.deleted) == (1, 0, 0)
    assert played() == {str(folder / "b/unique.mp4")}
    assert song("unique.mp4").artist == "Me"


@pytest.mark.parametrize(
    ("before", "after"), [("ab", "cd"), ("ab", "c"), ("a", "cd")], ids=["2-2", "2-1", "1-2"]
)
def test_an_ambiguous_name_is_no_move(folder: Path, before: str, after: str) -> None:
    others = [f"{number}.mp4" for number in range(9)]
    touch(folder, *others, *(f"{place}/same.mp4" for place in before))
    scan(folder)
    for place in before:
        (folder / place / "same.mp4").unlink()
    touch(folder, *(f"{place}/same.mp4" for place in after))
    result = scan(folder)
    assert (result.moved, result.added, result.deleted) == (0, len(after), len(before))


def test_a_renamed_file_is_a_new_song_for_a_scan_as_for_pikaraoke(folder: Path) -> None:
    touch(folder, "a.mp4", "b.mp4", "c.mp4")
    scan(folder)
    (folder / "a.mp4").rename(folder / "z.mp4")
    result = scan(folder)
    assert (result.moved, result.added, result.deleted) == (0, 1, 1)


@pytest.mark.parametrize(("gone", "halted"), [(1, False), (5, False), (6, True), (10, True)])
def test_deletions_stop_when_more_than_half_is_missing(
    folder: Path, gone: int, halted: bool
) -> None:
    touch(folder, *(f"{number}.mp4" for number in range(10)))
    scan(folder)
    for number in range(gone):
        (folder / f"{number}.mp4").unlink()
    result = scan(folder)
    assert result.halted is halted
    assert result.missing == gone
    assert result.deleted == (0 if halted else gone)
    assert Song.select().count() == (10 if halted else 10 - gone)


def test_moved_files_do_not_count_as_missing(folder: Path) -> None:
    touch(folder, *(f"{number}.mp4" for number in range(10)))
    scan(folder)
    (folder / "sub").mkdir()
    for number in range(9):
        (folder / f"{number}.mp4").rename(folder / f"sub/{number}.mp4")
    (folder / "9.mp4").unlink()
    result = scan(folder)
    assert (result.moved, result.deleted, result.halted) == (9, 1, False)


def test_rows_outside_the_folder_stay_whatever_the_disk_says(folder: Path, tmp_path: Path) -> None:
    touch(folder, "a.mp4")
    outside = [
        "/mnt/usb/gone.mp4",
        f"{folder}-other/b.mp4",
        str(tmp_path / "c.mp4"),
    ]
    for path in outside:
        Song.create(file_path=path, format="mp4")
    result = scan(folder)
    assert (result.deleted, result.missing, result.halted) == (0, 0, False)
    assert {path for path, *_ in ours()} == {*outside, str(folder / "a.mp4")}


def test_a_file_that_came_in_from_outside_is_a_move(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "downloads"
    touch(other, "here.mp4", "still there.mp4")
    for name in ("here.mp4", "still there.mp4"):
        play(Song.create(file_path=str(other / name), format="mp4").id)
    (other / "here.mp4").rename(folder / "here.mp4")
    shutil.copy(other / "still there.mp4", folder)
    result = scan(folder)
    assert (result.moved, result.added) == (1, 1)
    assert played() == {str(folder / "here.mp4"), str(other / "still there.mp4")}


def test_an_unplugged_drive_deletes_nothing(folder: Path) -> None:
    touch(folder, *(f"{number}.mp4" for number in range(4)))
    scan(folder)
    for file in folder.iterdir():
        file.unlink()
    assert scan(folder).halted
    assert Song.select().count() == 4
    assert QueueEntry.select().count() == 4


# --- random folders, the same operations for both -------------------------------------------------

NAMES = st.sampled_from(
    ["a.mp4", "b.MP3", "b.cdg", "c.mp4", "c.ASS", "a---abcdefghijk.webm", "x.txt"]
)
PLACES = st.sampled_from(["", "one", "two", "one/deep"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), PLACES, NAMES),
        st.tuples(st.just("drop"), PLACES, NAMES),
        st.tuples(st.just("move"), PLACES, NAMES, PLACES),
        st.tuples(st.just("sweep"), PLACES),
        st.just(("scan",)),
    ),
    max_size=25,
)


def change(folder: Path, step: tuple[str, ...]) -> None:
    """Do one thing to the files."""
    kind, *words = step
    if kind == "sweep":
        for file in list((folder / words[0]).glob("*.*")):
            file.unlink()
        return
    place = folder / words[0]
    file = place / words[1]
    if kind == "make":
        place.mkdir(parents=True, exist_ok=True)
        file.touch()
    elif kind == "drop":
        file.unlink(missing_ok=True)
    elif file.exists() and not (folder / words[2] / words[1]).exists():
        (folder / words[2]).mkdir(parents=True, exist_ok=True)
        file.rename(folder / words[2] / words[1])


MARK = "UPDATE songs SET created_at = 'born ' || file_path WHERE created_at NOT LIKE 'born %'"
BORN = "SELECT file_path, created_at, youtube_id, format FROM songs ORDER BY file_path"


@contextmanager
def fresh() -> Iterator[tuple[Path, KaraokeDatabase]]:
    """A folder, a database of PiKaraoke's, and ours opened."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "songs"
        folder.mkdir()
        open_library(str(Path(name) / "ours.db"))
        pikaraoke = KaraokeDatabase(str(Path(name) / "theirs.db"))
        yield folder, pikaraoke
        pikaraoke.close()
        close_library()


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_whatever_happens_to_the_files_both_libraries_hold_the_same_rows(
    steps: list[tuple[str, ...]],
) -> None:
    """Rows are marked with the path they were born with, so that a move is told from a new row."""
    with fresh() as (folder, pikaraoke):
        for step in [*steps, ("scan",)]:
            if step != ("scan",):
                change(folder, step)
                continue
            found = scan(folder)
            expected = LibraryScanner(pikaraoke).scan(str(folder))
            database.execute_sql(MARK)
            pikaraoke.execute(MARK)
            assert list(database.execute_sql(BORN)) == [tuple(row) for row in pikaraoke.query(BORN)]
            assert (found.added, found.moved, found.deleted, found.halted) == (
                expected.added,
                expected.moved,
                expected.deleted,
                expected.circuit_tripped,
            )
            queued = {entry.song_id for entry in QueueEntry.select()}
            assert queued == {row.id for row in Song.select(Song.id)}, "each needs its first look"


# --- taking in what others changed ----------------------------------------------------------------


def add(name: str, **values: object) -> Song:
    """A row as PiKaraoke inserts it."""
    return Song.create(**{"file_path": f"/songs/{name}", "format": "mp4", **values})


def test_new_rows_are_read_and_queued() -> None:
    made = add("Queen - Bohemian Rhapsody (Karaoke).mp4")
    assert take_in() == 1
    read = Song.get_by_id(made.id)
    assert (read.artist, read.title) == ("Queen", "Bohemian Rhapsody")
    assert read.metadata_status == "parsed"
    assert 0.5 <= read.confidence <= 0.69
    assert QueueEntry.get(QueueEntry.song == made).priority == queue_table.BACKLOG
    assert take_in() == 0


NO_SONGS = (
    "._Queen - Bohemian Rhapsody.mp4",
    "$RECYCLE.BIN/S-1/$RABC123.mp4",
    ".Trash-1000/files/Blur - Song 2.mp4",
    "disk/#recycle/Pulp - Common People.mp4",
    "@eaDir/Blur - Song 2.mp4",
    "ABBA - Waterloo---AbCdEfGhIj1.f401.mp4",
    "ABBA - Waterloo---AbCdEfGhIj1.temp.mp4",
)


def test_what_is_no_song_gets_no_row_and_none_of_pikaraokes_is_looked_up_or_listed(
    folder: Path,
) -> None:
    """The songs came on a stick that a Mac and a Windows had written. PiKaraoke lists all of it."""
    touch(folder, "Queen - Bohemian Rhapsody.mp4", *NO_SONGS)
    assert scan(folder).found == 1
    assert len(ours()) == 1
    for name in NO_SONGS:
        Song.create(file_path=str(folder / name), format="mp4")
    assert take_in() == 0
    result = scan(folder)
    assert (result.found, result.deleted, result.missing) == (1, 0, 0), "they are PiKaraoke's rows"
    assert [entry.song_id for entry in QueueEntry.select()] == [1]
    for detail in SongDetail.select().where(SongDetail.song > 1):
        assert detail.decided_at
        assert detail.reason in PHRASES, "a translator has it"
    by_an_older_version = {"level": 0, "status": "parsed", "confidence": 0.4}
    Listing.create(song=3, artist="", title="song", **by_an_older_version)
    listing.forget()
    listing.fill()
    browsing.forget()
    assert browsing.find(Filter()).total == 1
    assert browsing.find(Filter(text="song")).total == 0
    assert browsing.counts().total == 1
    assert editing.requeue_for_review() == 0
    touch(folder, "._Other.mp4")
    with pytest.raises(FileNotFoundError, match="no song"):
        library.register(str(folder / "._Other.mp4"))


def test_a_song_that_is_deleted_into_a_trash_is_gone(folder: Path) -> None:
    touch(folder, "a.mp4", "b.mp4", "c.mp4", ".Trash-1000/files/x.txt")
    scan(folder)
    (folder / "a.mp4").rename(folder / ".Trash-1000/files/a.mp4")
    assert (scan(folder).deleted, Song.select().count()) == (1, 2)


@pytest.mark.parametrize("locale", ["de_DE.ISO-8859-1", "C"])
def test_a_scan_in_another_locale_finds_the_same_songs(
    folder: Path, tmp_path: Path, locale: str
) -> None:
    """On a Pi with LANG=de_DE each name with an accent was another, and its plays were lost."""
    if shutil.which("localedef") is None:
        pytest.skip("no localedef here: install Debian's locales to run this")
    made = tmp_path / "de_DE.ISO-8859-1"
    make = ["localedef", "-i", "de_DE", "-f", "ISO-8859-1", str(made)]
    subprocess.run(make, capture_output=True)
    names = ("Björk - Jóga---AbCdEfGhIj1.mp4", "Mägo de Oz - Fiesta Pagana.mp4", "a.mp4", "b.mp4")
    touch(folder, *names)
    scan(folder)
    before = {row.id: row.file_path for row in Song.select()}
    code = (
        "import sys; from pikaraoke_enrichment.schema.opening import open_library; "
        "from pikaraoke_enrichment.tasks import library; "
        "open_library(sys.argv[1]); print(library.scan(sys.argv[2]))"
    )
    variables = {"LC_ALL": locale, "LOCPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "ours.db"), str(folder)],
        env={**os.environ, **variables, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        text=True,
    )
    assert "found=4, added=0, moved=0, deleted=0" in done.stdout, done.stderr
    assert {row.id: row.file_path for row in Song.select()} == before


def test_the_command_takes_utf_8_in_any_locale() -> None:
    variables = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        child.command("parse", "Björk - Jóga (Karaoke).mp4"),
        env={**os.environ, **variables},
        capture_output=True,
        encoding="utf-8",
    )
    assert json.loads(done.stdout)["artist"] == "Björk"


def test_songs_beside_names_that_cannot_be_read_may_be_these(folder: Path) -> None:
    """A stick mounted with iocharset=iso8859-1."""
    touch(folder, "Björk - Jóga.mp4", "a.mp4", "b.mp4", "c.mp4", "gone.mp4")
    scan(folder)
    (folder / "gone.mp4").unlink()
    os.rename(os.fsencode(folder / "Björk - Jóga.mp4"), os.fsencode(folder) + b"/Bj\xf6rk.mp4")
    result = scan(folder)
    assert (result.deleted, len(result.unreadable)) == (1, 1)
    assert song("Björk - Jóga.mp4")


def test_a_name_in_the_other_unicode_form_is_the_same(folder: Path) -> None:
    """The folder was on a Mac, which writes e and its accent as two signs."""
    composed = unicodedata.normalize("NFC", "Beyoncé - Halo (Karaoke).mp4")
    decomposed = unicodedata.normalize("NFD", composed)
    touch(folder, composed, "a.mp4", "b.mp4")
    scan(folder)
    kept = song(composed)
    Song.update(metadata_status="enriched", year=2008).where(Song.id == kept.id).execute()
    QueueEntry.delete().execute()
    (folder / composed).rename(folder / decomposed)
    result = scan(folder)
    assert (result.moved, result.added, result.deleted, result.queued) == (1, 0, 0, 0)
    now = song(decomposed)
    assert (now.id, now.year, now.metadata_status) == (kept.id, 2008, "enriched")
    assert library.known(str(folder / composed)) == kept.id


def test_a_persons_word_finds_the_name_in_the_other_unicode_form(
    folder: Path, tmp_path: Path
) -> None:
    """An import copies the library first: told where it lies, lest it copies a person's own."""
    settings = config.load({"ENRICHMENT_CONFIG": str(tmp_path / "config.ini")})
    runtime.configure(replace(settings, db=str(tmp_path / "ours.db"), queue=str(tmp_path / "q.db")))
    composed = unicodedata.normalize("NFC", "Beyoncé - Halo (Karaoke).mp4")
    decomposed = unicodedata.normalize("NFD", composed)
    touch(folder, composed)
    scan(folder)
    changes.say(editing.get(song(composed).id), {"year": 2009}, action="edit")
    out = StringIO()
    corrections.write_csv(out)
    Song.delete().execute()  # by PiKaraoke, while the stick was away
    (folder / composed).rename(folder / decomposed)
    scan(folder)
    assert (song(decomposed).metadata_status, song(decomposed).year) == ("manual", 2009)
    changes.undo(song(decomposed).id)
    out.seek(0)
    assert corrections.read_csv(out).applied == 1
    runtime.forget()


@pytest.mark.parametrize("scanned", ["./songs/", "songs"])
def test_a_song_of_a_relative_folder_is_known_by_its_full_path(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, scanned: str
) -> None:
    """PiKaraoke was started with -d ./songs: each song that was queued stood there twice."""
    touch(folder, "a.mp4", "b.mp4")
    for name in ("a.mp4", "b.mp4"):
        Song.create(file_path=os.path.join(scanned, name), format="mp4")
    database.execute_sql(
        "INSERT INTO metadata (key, value) VALUES ('last_scan_directory', ?)", (scanned,)
    )
    for place, path in ((tmp_path, "songs/a.mp4"), (tmp_path.parent, str(folder / "a.mp4"))):
        monkeypatch.chdir(place)
        assert library.register(path) == 1
        assert scan(folder).added == 0
    monkeypatch.chdir(tmp_path)
    touch(folder, "c.mp4")
    library.register(str(folder / "c.mp4"))
    paths = [row.file_path for row in Song.select().order_by(Song.id)]
    assert paths == [os.path.join(scanned, name) for name in ("a.mp4", "b.mp4", "c.mp4")]


def test_a_linked_folder_is_named(folder: Path, tmp_path: Path) -> None:
    touch(tmp_path / "elsewhere", "x.mp4")
    touch(folder, "a.mp4")
    (folder / "more").symlink_to(tmp_path / "elsewhere")
    result = scan(folder)
    assert (result.found, result.linked) == (1, (str(folder / "more"),))


def test_a_name_that_tells_nothing_is_looked_up_before_the_backlog() -> None:
    made = add("track 07.mp4")
    take_in()
    assert QueueEntry.get(QueueEntry.song == made).priority == queue_table.UNREADABLE


def test_a_renamed_song_is_read_again_and_loses_the_old_names_answer() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    take_in()
    QueueEntry.delete().execute()
    Song.update(
        metadata_status="enriched", year=1975, genre="Rock", confidence=0.97, enrichment_attempts=2
    ).execute()
    Song.update(file_path="/songs/ABBA - Waterloo.mp4").execute()
    assert take_in() == 1
    read = Song.get_by_id(made.id)
    assert (read.artist, read.title, read.year, read.genre) == ("ABBA", "Waterloo", None, None)
    assert (read.metadata_status, read.enrichment_attempts) == ("parsed", 0)
    assert SongDetail.get_by_id(made.id).file_name == "ABBA - Waterloo.mp4"


def test_a_renamed_song_loses_what_was_decided_under_the_old_name() -> None:
    """Evidence and candidates of another song stood beside it until its next look-up."""
    made, other = add("Queen - Bohemian Rhapsody.mp4"), add("Toto - Africa.mp4")
    take_in()
    decided = {"sources": '{"year": "lastfm"}', "evidence": '{"parts": []}', "decided_at": 1.0}
    SongDetail.update(decided).execute()
    for each, title, rejected in [(made, "A", False), (made, "B", True), (other, "C", False)]:
        CandidateRow.create(
            song=each,
            rank=1,
            artist="X",
            title=title,
            confidence=0.5,
            providers="",
            rejected=rejected,
        )
    Song.update(file_path="/songs/ABBA - Waterloo.mp4").where(Song.id == made.id).execute()
    take_in()
    read, untouched = SongDetail.get_by_id(made.id), SongDetail.get_by_id(other.id)
    assert (read.sources, read.evidence, read.decided_at) == ("{}", "{}", None)
    assert untouched.decided_at == 1.0
    assert {row.title for row in CandidateRow.select()} == {"B", "C"}, "a person's no stays"


@pytest.mark.parametrize(
    "name", ["queen bo rhap!!.mp4", "Queen - Bohemian Rapsody (HD).mp4", "our song.mp4"]
)
def test_a_renamed_song_keeps_its_answer_unless_the_name_surely_tells_another(name: str) -> None:
    """Found at 0.99, it fell to 0.10 and lost artist, year and genre."""
    made = add("Queen - Bohemian Rhapsody.mp4")
    take_in()
    QueueEntry.delete().execute()
    Song.update(metadata_status="enriched", year=1975, genre="Rock", confidence=0.99).execute()
    Song.update(file_path=f"/songs/{name}").execute()
    assert take_in() == 0
    read = Song.get_by_id(made.id)
    assert (read.artist, read.title, read.year) == ("Queen", "Bohemian Rhapsody", 1975)
    assert (read.metadata_status, read.confidence) == ("enriched", 0.99)
    assert SongDetail.get_by_id(made.id).file_name == name


def test_a_song_that_only_moved_keeps_its_answer() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    take_in()
    QueueEntry.delete().execute()
    moved = "/x/y/Queen - Bohemian Rhapsody.mp4"
    Song.update(file_path=moved, year=1975, metadata_status="enriched").execute()
    assert take_in() == 0
    assert Song.get_by_id(made.id).year == 1975


def test_a_persons_word_outlives_a_new_name() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    take_in()
    edit(made.id, {"artist": "Freddie", "title": "Bo Rhap", "year": 1975})
    Song.update(file_path="/songs/xyz.mp4").execute()
    assert take_in() == 0
    read = Song.get_by_id(made.id)
    assert (read.artist, read.title, read.year) == ("Freddie", "Bo Rhap", 1975)
    assert (read.metadata_status, read.confidence) == ("manual", 1.0)
    assert QueueEntry.select().count() == 0


def test_an_answer_that_came_with_the_database_stays() -> None:
    """Another program has filled the columns before us."""
    made = add("xyz.mp4", artist="Queen", title="B", year=1975, metadata_status="enriched")
    assert take_in() == 0
    assert Song.get_by_id(made.id).artist == "Queen"
    assert QueueEntry.select().count() == 0


def test_a_deleted_song_vanishes_from_the_queue_whoever_deleted_it() -> None:
    made = add("a.mp4")
    take_in()
    path = database.execute_sql("PRAGMA database_list").fetchone()[2]
    careless = sqlite3.connect(path)  # without foreign keys, as the sqlite3 shell
    careless.execute("DELETE FROM songs WHERE id = ?", (made.id,))
    careless.commit()
    careless.close()
    take_in()
    assert QueueEntry.select().count() == 0


def test_only_the_songs_asked_for_are_looked_at() -> None:
    first, second = add("a.mp4"), add("b.mp4")
    assert take_in(only=[second.id]) == 1
    assert [entry.song_id for entry in QueueEntry.select()] == [second.id]
    assert Song.get_by_id(first.id).metadata_status == "pending"


def test_queued_songs_are_handed_over_in_batches() -> None:
    for number in range(5):
        add(f"{number}.mp4")
    batches: list[list[tuple[int, int]]] = []
    take_in(hand_over=lambda entries: batches.append(list(entries)))
    assert sorted(song_id for batch in batches for song_id, _ in batch) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "name", ["it's.mp4", "100%.mp4", "a_b.mp4", "back\\slash.mp4", "x.mp4", "宇.mp4", "\u0301.mp4"]
)
def test_no_name_is_read_twice(name: str) -> None:
    add(name)
    assert take_in() == 1
    assert take_in() == 0


def test_a_name_that_breaks_the_parser_harms_no_other_song(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read = certain_artists.read

    def poisoned(name: str, *knowledge: object) -> object:
        if "poison" in name:
            raise ZeroDivisionError("poisoned")
        return read(name, *knowledge)  # type: ignore[arg-type]

    monkeypatch.setattr(certain_artists, "read", poisoned)
    certain_artists.forget()
    names = ["ABBA - Waterloo.mp4", "poison - song.mp4", "Queen - Bohemian Rhapsody.mp4"]
    songs = [add(name) for name in names]
    assert take_in() == 3
    assert Song.get_by_id(songs[0].id).artist == "ABBA"
    assert Song.get_by_id(songs[2].id).artist == "Queen"
    assert Song.get_by_id(songs[1].id).title == "poison - song"
    assert "poisoned" in caplog.text
    assert take_in() == 0, "and it is not tried for ever"


def test_a_folder_that_writes_the_title_first_has_its_weak_names_read_so(folder: Path) -> None:
    sure = ("Waterloo - ABBA", "Hello - Adele", "Angels - Robbie Williams", "Yellow - Coldplay",
            "Wonderwall - Oasis", "Africa - Toto", "Someone Like You - Adele")  # fmt: skip
    (folder / "Bergziege - Quellwasser.mp4").touch()
    scan(folder)
    assert Song.get().artist == "Bergziege", "alone, most names put the artist first"
    for name in sure:
        (folder / f"{name}.mp4").touch()
    scan(folder)
    weak = Song.get(Song.file_path.contains("Quellwasser"))
    assert (weak.artist, weak.title) == ("Quellwasser", "Bergziege"), "read again once learned"
    known = replace(NO_KNOWLEDGE, habits=naming_habits.habits())
    evidence = read("Bergziege - Quellwasser.mp4", known, str(folder)).hypotheses[0].evidence
    assert "7 of 7 names in this folder put the title first" in evidence
    edit(weak.id, {"artist": "Bergziege", "title": "Quellwasser"})
    (folder / "Thriller - Michael Jackson.mp4").touch()
    scan(folder)
    assert Song.get_by_id(weak.id).artist == "Bergziege", "a person's word outweighs it"


# --- registering one file -------------------------------------------------------------------------


def test_a_new_upload_is_registered_as_pikaraoke_would(folder: Path) -> None:
    touch(folder, "Song---abcdefghijk.mp3", "Song---abcdefghijk.cdg")
    song_id = library.register(str(folder / "Song---abcdefghijk.mp3"))
    assert ours() == theirs(folder)
    assert library.register(str(folder / "Song---abcdefghijk.mp3")) == song_id


def test_a_path_is_registered_in_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(folder, "a.mp4")
    monkeypatch.chdir(folder)
    song_id = library.register("a.mp4")
    assert Song.get_by_id(song_id).file_path == str(folder / "a.mp4")
    assert library.register(str(folder / "a.mp4")) == song_id


@pytest.mark.parametrize("name", ["missing.mp4", "notes.txt", "."])
def test_what_is_no_song_file_is_not_registered(folder: Path, name: str) -> None:
    touch(folder, "notes.txt")
    with pytest.raises(FileNotFoundError):
        library.register(str(folder / name))
    assert ours() == []


# --- many -----------------------------------------------------------------------------------------


def test_ten_thousand_files_are_scanned_read_and_queued(tmp_path: Path, folder: Path) -> None:
    for number in range(10_000):
        if number % 500 == 0:
            place = folder / f"disc {number // 500}"
            place.mkdir()
        (place / f"Artist {number % 700} - Song Number {number} (Karaoke).mp4").touch()
    base = config.load({"ENRICHMENT_CONFIG": str(tmp_path / "config.ini")})
    db = str(tmp_path / "many.db")
    runtime.forget()
    runtime.configure(replace(base, db=db, queue=config.default_queue(db)))
    try:
        before = time.monotonic()
        result = enrich.scan(folder)
        seconds = time.monotonic() - before
        assert (result.found, result.added, result.queued) == (10_000, 10_000, 10_000)
        assert QueueEntry.select().count() == 10_000
        assert enrich.huey.storage.queue_size() == 10_000
        assert seconds < 60, "a limit for sanity; the benchmarks time it"
    finally:
        runtime.forget()


@pytest.mark.parametrize("is_broken_off", [False, True])
def test_after_a_scan_a_persons_edit_waits_for_the_disk_again(
    folder: Path, is_broken_off: bool
) -> None:
    def settings_now() -> list[object]:
        names = ("synchronous", "temp_store", "wal_autocheckpoint", "busy_timeout")
        return [database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in names]

    within: list[list[object]] = []

    def hand_over(_: object) -> None:
        within.append(settings_now())
        if is_broken_off:
            raise KeyboardInterrupt

    before = settings_now()
    touch(folder, "ABBA - Waterloo.mp4")
    with pytest.raises(KeyboardInterrupt) if is_broken_off else nullcontext():
        scan(folder, hand_over)
    assert settings_now() == before != within[0]


def test_a_song_that_pikaraoke_deletes_while_its_name_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The consumer ended at this: it had read the row, and wrote for a song that was gone."""
    touch(folder, "Toto - Africa.mp4", "ABBA - Waterloo.mp4")
    pikaraoke = KaraokeDatabase(str(tmp_path / "ours.db"))
    LibraryScanner(pikaraoke).scan(str(folder))
    gone = str(folder / "Toto - Africa.mp4")
    parsed = library._parsed

    def slowly(name: str, knowledge: library.Knowledge) -> library.ParsedName:
        pikaraoke.delete_by_path(gone)
        return parsed(name, knowledge)

    monkeypatch.setattr(library, "_parsed", slowly)
    take_in()
    pikaraoke.close()
    assert [reading.file_name for reading in SongDetail.select()] == ["ABBA - Waterloo.mp4"]
    assert [entry.song.title for entry in QueueEntry.select()] == ["Waterloo"]
    assert queue_table.add([(999, 50)]) == 1, "neither does one that never was"
    assert QueueEntry.select().count() == 1


def test_a_scan_waits_for_another_writer(
    folder: Path, settings_of: config.Settings, tmp_path: Path
) -> None:
    """`run DIR` ended with 1 when PiKaraoke's own scan held the lock for three seconds."""
    touch(folder, "a.mp4")
    other = sqlite3.connect(tmp_path / "ours.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(3, other.execute, ("COMMIT",))
    ends.start()
    done = subprocess.run(
        child.command("scan", str(folder)),
        env=settings_of.whole_environment(),
        capture_output=True,
        text=True,
    )
    ends.join()
    other.close()
    assert (done.returncode, song("a.mp4").file_path) == (0, str(folder / "a.mp4")), done.stderr


@pytest.fixture
def settings_of(tmp_path: Path) -> config.Settings:
    """Settings for the library of this test."""
    read = config.load({"ENRICHMENT_CONFIG": str(tmp_path / "config.ini")})
    db = str(tmp_path / "ours.db")
    return replace(read, db=db, queue=config.default_queue(db))


@pytest.mark.usefixtures("library")
def test_a_large_library_that_pikaraoke_made_is_not_held_in_memory() -> None:
    """One of 10,000 songs left a consumer 7 MB larger for good."""

    def put(start: int, end: int) -> None:
        said = "INSERT INTO songs (file_path, format, metadata_status) VALUES (?, 'mp4', 'manual')"
        names = ((f"/songs/{'x' * 200} {number}.mp4",) for number in range(start, end))
        database.cursor().executemany(said, names)
        take_in()

    put(0, 100)  # what is read once
    tracemalloc.start()
    try:
        put(100, 2_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert SongDetail.select().count() == 2_000
    # PostgreSQL's driver holds a whole result: here the paths of all songs that are new.
    assert peak < (2_200_000 if STORE == "postgresql" else 1_500_000)
