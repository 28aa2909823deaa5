"""A folder of songs that changes while a run goes on: noticed soon, cheaply, and never half-way."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from polling import wait_until
from processes import Command, query

from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands import watcher as watching
from pikaraoke_enrichment.commands.watcher import Watcher
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.tasks.folder_times import AT_LAST, SETTLED, Folders

LONG_AGO = 1_700_000_000.0
NOW = LONG_AGO + 1000.0


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A folder with folders in it, all quiet for a long time."""
    for name in ("a.mp4", "sub/b.mp4", "sub/deep/c.mp4", "other/d.mp4"):
        path = tmp_path / "songs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    changed(tmp_path / "songs", LONG_AGO)
    return tmp_path / "songs"


def changed(top: Path, at: float) -> None:
    """Let all folders have changed at this time, as the tests have no time to wait."""
    for folder, _, _ in os.walk(top):
        os.utime(folder, (at, at))


def add(top: Path) -> None:
    (top / "sub/deep/new.mp4").touch()


def rename(top: Path) -> None:
    (top / "sub/b.mp4").rename(top / "sub/B.mp4")


def delete(top: Path) -> None:
    (top / "a.mp4").unlink()


def move(top: Path) -> None:
    (top / "sub/deep").rename(top / "other/deep")


def new_folder(top: Path) -> None:
    (top / "new").mkdir()


def gone(top: Path) -> None:
    shutil.rmtree(top)


def nothing(top: Path) -> None:
    (top / "a.mp4").write_text("what a song sounds like is no matter")


# --- the folders' times ---------------------------------------------------------------------------


@pytest.mark.parametrize("change", [add, rename, delete, move, new_folder, gone])
def test_whatever_happens_to_a_name_is_news_once(top: Path, change: Callable[[Path], None]) -> None:
    folders = Folders(str(top), NOW)
    assert not folders.has_news(NOW)
    change(top)
    later = time.time() + SETTLED
    assert folders.has_news(later)
    assert not folders.has_news(later)


def test_what_changes_no_name_is_no_news(top: Path) -> None:
    folders = Folders(str(top), NOW)
    nothing(top)
    assert not folders.has_news(time.time() + SETTLED)


def test_a_folder_that_came_later_is_watched_too(top: Path) -> None:
    folders = Folders(str(top), NOW)
    new_folder(top)
    assert folders.has_news(time.time() + SETTLED)
    (top / "new/e.mp4").touch()
    os.utime(top / "new", (NOW, NOW))
    assert folders.has_news(time.time() + SETTLED)


def test_a_drive_that_comes_back_is_news(top: Path, tmp_path: Path) -> None:
    folders = Folders(str(top), NOW)
    top.rename(tmp_path / "unplugged")
    assert folders.has_news(NOW + 10)
    (tmp_path / "unplugged").rename(top)
    assert folders.has_news(NOW + 20)
    assert not folders.has_news(NOW + 30)


def test_a_copy_under_way_is_told_when_it_has_settled(top: Path) -> None:
    folders = Folders(str(top), NOW)
    for second in range(20):
        os.utime(top, (NOW + second, NOW + second))
        assert not folders.has_news(NOW + second + 0.5)
    assert folders.has_news(NOW + 20 + SETTLED)
    assert not folders.has_news(NOW + 40)


def test_a_copy_that_never_ends_is_told_now_and_then_and_at_its_end(top: Path) -> None:
    folders = Folders(str(top), NOW)
    told = []
    for second in range(100):
        os.utime(top, (NOW + second, NOW + second))
        if folders.has_news(NOW + second):
            told.append(second)
    assert len(told) in (2, 3)
    assert told[0] <= AT_LAST + 1
    assert folders.has_news(NOW + 100 + SETTLED), "what the last look was too early for"
    assert not folders.has_news(NOW + 200)


def test_a_change_in_the_second_of_the_first_look_is_not_lost(top: Path) -> None:
    """FAT's times are two seconds coarse: the second file changes nothing that could be seen."""
    os.utime(top, (NOW, NOW))
    folders = Folders(str(top), NOW + 1)
    (top / "e.mp4").touch()
    os.utime(top, (NOW, NOW))
    assert folders.has_news(NOW + SETTLED + 1)
    assert not folders.has_news(NOW + SETTLED + 2)


def test_a_clock_that_was_set_back_delays_nothing_for_long(top: Path) -> None:
    folders = Folders(str(top), NOW)
    os.utime(top, (NOW, NOW))
    assert not folders.has_news(NOW + 1)
    assert folders.has_news(NOW - 5000)


# --- the thread -----------------------------------------------------------------------------------


class Scan:
    """A scan's process that has ended."""

    def __init__(self, status: int = 0) -> None:
        self.status = status

    def wait(self) -> int:
        return self.status

    def end(self) -> None:
        """It has ended."""


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks without rests, at folders that have settled."""
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.005)
    monkeypatch.setattr(watching, "AGAIN_AFTER", 0.005)
    monkeypatch.setattr(watching, "REST", 0.0)
    monkeypatch.setattr("pikaraoke_enrichment.tasks.folder_times.SETTLED", -1.0)


@pytest.mark.usefixtures("at_once")
def test_a_scan_that_fails_is_tried_again(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = [1, 1, 0]
    scans: list[int] = []

    def scan() -> Any:
        scans.append(statuses.pop(0))
        return Scan(scans[-1])

    watcher = Watcher(top, scan)
    watcher.start()
    add(top)
    wait_until(lambda: len(scans) == 3)
    looks: list[float] = []
    monkeypatch.setattr(watcher._folders, "has_news", looks.append)
    wait_until(lambda: len(looks) > 1)
    watcher.end()
    assert scans == [1, 1, 0], "and once it is done it is not done again"
    assert not watcher.is_alive()


@pytest.mark.usefixtures("at_once")
def test_a_folder_that_is_gone_is_said_and_not_scanned(
    top: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scans: list[int] = []

    def scan() -> Any:
        scans.append(1)
        return Scan()

    watcher = Watcher(top, scan)
    top.rename(tmp_path / "unplugged")
    watcher.start()
    wait_until(lambda: "is the drive there?" in caplog.text)
    assert not scans
    (tmp_path / "unplugged").rename(top)
    wait_until(lambda: scans)
    watcher.end()


def test_a_watcher_that_never_began_ends_too(top: Path) -> None:
    Watcher(top, Scan).end()  # type: ignore[arg-type]


# --- the real command -----------------------------------------------------------------------------


def test_a_run_notices_files_that_come_and_go(
    settings: config.Settings,
    api: ApiServer,
    tmp_path: Path,
    command: Callable[..., Command],
) -> None:
    api.catalogue = Catalogue([Song("Queen", "Bohemian Rhapsody", 1975, "Rock")])
    folder = tmp_path / "songs"
    folder.mkdir()
    for name in ("ABBA - Waterloo.mp4", "Toto - Africa.mp4", "Nena - 99 Luftballons.mp4"):
        (folder / name).touch()

    def library() -> set[tuple[str, str]]:
        rows = query(settings, "SELECT file_path, coalesce(metadata_status, '') FROM songs")
        return {(os.path.basename(path), status) for path, status in rows}

    running = command("run", str(folder), "--no-dashboard")
    wait_until(lambda: "starts" in running.said)
    assert len(library()) == 3
    (folder / "Queen - Bohemian Rhapsody.mp4").touch()
    (folder / "ABBA - Waterloo.mp4").unlink()
    wait_until(lambda: ("Queen - Bohemian Rhapsody.mp4", "enriched") in library())
    assert "ABBA - Waterloo.mp4" not in {name for name, _ in library()}
    wait_until(lambda: "1 new, 0 moved, 1 deleted" in running.said)
    assert running.end() == 0
    assert not running.children()
