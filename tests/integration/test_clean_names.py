"""All files renamed at once: counted, interrupted, gone on with, and taken back as a whole."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest
from renames import ID, Hand, add, names

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.exceptions import AdminOnly, Declined, Unreachable
from pikaraoke_enrichment.models import Rename, Song
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.tasks.review import clean_names, interrupted, renaming


@pytest.fixture(autouse=True)
def _opened(library: runtime.Runtime) -> None:
    """Every test works on a library of its own."""


@pytest.fixture
def eight(folder: Path) -> list[int]:
    """Songs with other names than they should have."""
    return [add(folder, f"song {n}{ID}.mp4", title=f"Song {n}") for n in range(8)]


def work(hand: Any, rest: Any = lambda _: False, queued: Any = lambda: []) -> None:
    clean_names.work(hand, queued, rest)


def test_all_are_renamed_but_the_excepted_and_all_taken_back(
    folder: Path, eight: list[int]
) -> None:
    before = names(folder)
    assert renaming.count() == 8
    job = clean_names.begin(excepted=eight[:1])
    assert (job.total, control.wants_clean_names()) == (7, True)
    with pytest.raises(Declined, match="already"):
        clean_names.begin()
    work(Hand())
    done = clean_names.job()
    assert done is not None
    assert (done.state, done.renamed, done.left) == (clean_names.DONE, 7, 0)
    assert f"song 0{ID}.mp4" in names(folder)
    assert f"Queen - Song 7{ID}.mp4" in names(folder)
    assert renaming.count() == 1
    assert clean_names.begin_undo(job.batch).total == 7
    work(Hand())
    assert names(folder) == before


class Killed(BaseException):
    """The process is gone in the midst of it."""


class DyingHand(Hand):
    """Is killed before or after its third file is renamed."""

    def __init__(self, *, is_done: bool) -> None:
        super().__init__()
        self._is_done = is_done

    def __call__(self, path: str, proper: str) -> str:
        if len(self.asked) < 2:
            return super().__call__(path, proper)
        if self._is_done:
            super().__call__(path, proper)
        raise Killed


@pytest.mark.parametrize("is_done", [True, False])
def test_a_kill_loses_nothing_and_another_process_goes_on(
    folder: Path, eight: list[int], is_done: bool
) -> None:
    """Three times over, in the midst of a file; then all can be taken back."""
    eight += [add(folder, f"song {n}{ID}.mp4", title=f"Song {n}") for n in (8, 9)]
    before = names(folder)
    job = clean_names.begin()
    for _ in range(3):
        with pytest.raises(Killed):
            work(DyingHand(is_done=is_done))
    work(Hand())
    done = clean_names.job()
    assert done is not None
    assert done.renamed == len(eight), "one that was renamed at the moment of a kill counts too"
    assert names(folder) == {f"Queen - Song {n}{ID}.mp4" for n in range(len(eight))}
    rows = Rename.select().where(Rename.batch == job.batch)
    assert sorted(row.song_id for row in rows) == eight, "one note a song"
    assert sum(renaming.stands(row) for row in rows) == 10
    clean_names.begin_undo(job.batch)
    work(Hand())
    assert names(folder) == before


class HalfHand(Hand):
    """PiKaraoke is killed between a file and its row, and we with it, or we hear of it."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self._error = error

    def __call__(self, path: str, proper: str) -> str:
        os.rename(path, os.path.join(os.path.dirname(path), f"{proper}{ID}.mp4"))
        raise self._error


@pytest.mark.parametrize("error", [Killed(), Unreachable("gone")])
def test_a_file_that_pikaraoke_was_killed_at_keeps_its_row(
    folder: Path, eight: list[int], error: BaseException
) -> None:
    """PiKaraoke would take it for a new song, and delete the old with all that was known of it."""
    (folder / f"song 0{ID}.cdg").touch()
    clean_names.begin()
    with contextlib.suppress(Killed):
        work(HalfHand(error), lambda _: True)
    if isinstance(error, Killed):
        assert os.path.basename(Song.get_by_id(eight[0]).file_path) == f"song 0{ID}.mp4"
        assert interrupted.finish(database.execute_sql)
    assert Song.get_by_id(eight[0]).file_path == str(folder / f"Queen - Song 0{ID}.mp4")
    assert f"Queen - Song 0{ID}.cdg" in names(folder)
    assert not interrupted.finish(database.execute_sql), "once is enough"
    work(Hand())
    job = clean_names.job()
    assert job is not None
    assert (job.state, job.renamed, job.left) == (clean_names.DONE, 8, 0)


@pytest.mark.usefixtures("eight")
def test_it_rests_while_a_song_plays_or_pikaraoke_is_away() -> None:
    clean_names.begin()
    database.execute_sql("INSERT INTO sessions (id, uuid) VALUES (1, 'a')")
    database.execute_sql(
        "INSERT INTO plays (session_id, song_id, song_title, performer) VALUES (1, 1, 't', 'p')"
    )
    hand, rests = Hand(), []

    def rest(seconds: float) -> bool:
        rests.append(seconds)
        return True

    work(hand, rest)
    found = clean_names.job()
    assert found is not None
    assert (found.why, hand.asked) == ("a song plays", [])
    database.execute_sql("DELETE FROM plays")
    work(hand, rest, lambda: None)
    found = clean_names.job()
    assert found is not None
    assert (found.why, hand.asked) == ("PiKaraoke does not answer", [])
    assert rests == [clean_names.LOOK_AGAIN_AFTER, clean_names.AGAIN_AFTER]


@pytest.mark.usefixtures("eight")
def test_stopped_it_takes_up_no_further_file() -> None:
    clean_names.begin()

    class StoppingHand(Hand):
        def __call__(self, path: str, proper: str) -> str:
            if len(self.asked) == 2:
                clean_names.stop()
            return super().__call__(path, proper)

    hand = StoppingHand()
    work(hand)
    found = clean_names.job()
    assert found is not None
    assert (found.state, found.renamed, len(hand.asked)) == (clean_names.STOPPED, 3, 3)


@pytest.mark.usefixtures("eight")
def test_where_only_the_admin_may_it_says_so_and_waits() -> None:
    def hand(_path: str, _proper: str) -> str:
        raise AdminOnly("log in there")

    clean_names.begin()
    work(hand, lambda _: True)
    found = clean_names.job()
    assert found is not None
    assert (found.state, found.left) == (clean_names.RUNNING, 0)
    assert "log in to PiKaraoke" in found.why


def test_pikaraokes_own_order_of_artist_and_title_is_obeyed(folder: Path) -> None:
    config_file = Path(runtime.runtime().settings.config_file)
    config_file.write_text("[USERPREFERENCES]\nsuggestion_name_order = title_artist\n")
    song = add(folder, f"x{ID}.mp4")
    clean_names.begin()
    work(Hand())
    assert os.path.basename(Song.get_by_id(song).file_path) == f"Innuendo - Queen{ID}.mp4"
