"""The table of shown names follows the library and the settings; a changed PiKaraoke is left be."""

from __future__ import annotations

import logging
import sqlite3
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pikaraoke_enrichment import config, config_file
from pikaraoke_enrichment.inside import order, seams
from pikaraoke_enrichment.inside.following import Keeper
from pikaraoke_enrichment.inside.shown_names import ShownNames
from pikaraoke_enrichment.models import Song, find_song
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.history import changes


def stem(path: str) -> str:
    return Path(path).stem


@pytest.fixture
def names(tmp_path: Path) -> Iterator[ShownNames]:
    places = {"config": "config.ini", "db": "pikaraoke.db"}
    settings = config.load(
        {f"ENRICHMENT_{name.upper()}": str(tmp_path / file) for name, file in places.items()}
    )
    runtime.configure(settings)
    yield ShownNames(config.Following(settings), stem, str.lower)
    runtime.forget()
    close_library()


def add(
    name: str, status: str, sure: float, artist: str = "Queen", title: str = "Innuendo"
) -> Song:
    song: Song = Song.create(
        file_path=f"/songs/{name}.mp4",
        format="mp4",
        artist=artist,
        title=title,
        year=1991,
        genre="Rock",
        metadata_status=status,
        confidence=sure,
    )
    return song


def test_only_what_is_sure_is_shown_and_what_was_answered_is_found(names: ShownNames) -> None:
    for name, status, sure in (
        ("track 1", "enriched", 0.9),
        ("track 2", "enriched", 0.89),
        ("track 3", "parsed", 0.69),
        ("track 4", "manual", 1.0),
    ):
        add(name, status, sure)
    assert names.refresh().is_all
    shown = [names.get(f"/songs/track {number}.mp4") for number in (1, 2, 3, 4)]
    assert shown == ["Queen - Innuendo", None, None, "Queen - Innuendo"]
    keys = [names.key(f"/songs/track {number}.mp4") for number in (1, 2, 3, 4, 5)]
    assert keys[0].startswith("queen - innuendo\x1f")
    assert all(word in keys[0] for word in ("track", "1", "1990s", "rock"))
    assert keys[1].startswith("track 2\x1f")
    assert "innuendo" in keys[1]
    assert keys[2] == "track 3\x1f"
    assert keys[4] == "track 5\x1f", "a file that no table knows yet"
    assert not names.refresh()


@pytest.mark.usefixtures("names")
def test_a_song_that_is_searched_while_it_is_read_is_found_by_its_name() -> None:
    song = add("track 1", "manual", 1.0)
    is_read = False

    def stem_late(path: str) -> str:
        nonlocal is_read
        if not is_read:
            is_read = True
            table.refresh()  # as the other thread does, between a search's two looks at the table
        return stem(path)

    table = ShownNames(config.Following(runtime.runtime().settings), stem_late, str.lower)
    assert table.key(song.file_path).startswith("queen - innuendo\x1f")
    assert table.key(song.file_path).startswith("queen - innuendo\x1f")


def test_a_change_is_seen_by_whomever_it_is_made(names: ShownNames, tmp_path: Path) -> None:
    song = add("track 1", "parsed", 0.4)
    names.refresh()
    # By this very connection, as our pages do.
    read = find_song(song.id)
    assert read is not None
    changes.say(read, {"artist": "ABBA", "title": "Waterloo"}, action="edit")
    assert names.refresh().changed.keys() == {song.file_path}
    assert names.get(song.file_path) == "ABBA - Waterloo"
    changes.undo(song.id)
    assert names.refresh().changed.keys() == {song.file_path}
    assert names.get(song.file_path) is None
    assert names.key(song.file_path) == "track 1\x1f"
    # By another program, which renames the file.
    with closing(sqlite3.connect(tmp_path / "pikaraoke.db")) as other, other:
        other.execute(
            "UPDATE songs SET file_path = '/songs/b.mp4', metadata_status = 'manual', "
            "confidence = 1.0, updated_at = CURRENT_TIMESTAMP"
        )
    assert names.refresh().changed.keys() == {"/songs/b.mp4"}
    assert names.get("/songs/b.mp4") == "Queen - Innuendo"


def test_settings_hold_at_once(names: ShownNames, tmp_path: Path) -> None:
    song = add("track 1", "manual", 1.0)
    names.refresh()

    def save(option: str, text: str) -> None:
        config_file.write(str(tmp_path / "config.ini"), {("ENRICHMENT", option): text})

    save("name_order", "title")
    assert names.refresh().is_all
    assert names.get(song.file_path) == "Innuendo - Queen"
    save("show_names", "no")
    assert names.refresh().is_all
    assert names.get(song.file_path) is None
    assert names.key(song.file_path) == "track 1\x1f"
    save("show_names", "yes")
    names.refresh()
    assert names.get(song.file_path) == "Innuendo - Queen"


# --- PiKaraoke's own list -------------------------------------------------------------------------


@pytest.fixture
def manager() -> Any:
    """PiKaraoke's own song manager, with three songs that lie in two folders."""
    made = pytest.importorskip("pikaraoke.lib.song_manager").SongManager("/songs", None, None)
    made.songs.update([f"/songs/{name}.mp4" for name in ("track 1", "track 2", "old/track 3")])
    return made


def keeper_of(manager: Any, names: ShownNames) -> Keeper:
    karaoke = types.SimpleNamespace(
        song_manager=manager,
        queue_manager=types.SimpleNamespace(queue=[]),
        playback_controller=types.SimpleNamespace(now_playing=None, now_playing_filename=None),
    )
    return Keeper(karaoke, names)


def is_in_order(manager: Any, names: ShownNames) -> bool:
    """Whether PiKaraoke holds all that it would make itself of these keys, and need not make it."""
    songs = manager.songs
    is_there = {manager._index_version, manager._initials_version} == {songs.version}
    wanted = sorted((names.key(path), path) for path in songs._songs)
    letters = {key[:1] for key, _ in wanted}
    return bool(
        is_there
        and songs._sorted_cache == [path for _, path in wanted]
        and manager._index == wanted
        and manager.letters_with_songs() == letters
    )


def test_pikaraoke_s_list_is_put_in_order_after_news_and_after_its_own_changes(
    names: ShownNames, manager: Any
) -> None:
    first, second = add("track 1", "manual", 1.0), add("track 2", "manual", 1.0, artist="ABBA")
    keeper = keeper_of(manager, names)
    keeper.look()
    assert is_in_order(manager, names)
    assert manager.songs[0] == second.file_path
    read = find_song(first.id)
    assert read is not None
    changes.say(read, {"artist": "A-ha"}, action="edit")
    keeper.look()
    assert is_in_order(manager, names)
    assert manager.songs[0] == first.file_path
    # A download, of whose row nobody has written anything yet.
    manager.songs.add("/songs/a download.mp4")
    keeper.look()
    assert is_in_order(manager, names)
    manager.songs.remove("/songs/a download.mp4")
    keeper.look()
    assert is_in_order(manager, names)


@pytest.mark.parametrize(
    "change",
    [
        lambda songs: songs.add("/songs/b.mp4"),
        lambda songs: songs.remove("/songs/track 1.mp4"),
        lambda songs: songs.update(["/songs/b.mp4"]),
    ],
)
def test_a_list_that_changes_while_it_is_put_in_order_is_left_to_the_next_look(
    names: ShownNames, manager: Any, monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], None]
) -> None:
    monkeypatch.setattr(order, "AT_ONCE", 1)
    keeper = keeper_of(manager, names)
    own = names.key

    def key(path: str) -> str:
        if len(manager.songs) == 3:
            change(manager.songs)
        return own(path)

    monkeypatch.setattr(names, "key", key)
    keeper.look()
    assert manager.songs._sorted_cache is None
    keeper.look()
    assert is_in_order(manager, names)


# --- a PiKaraoke that has changed -----------------------------------------------------------------


class SongManager:
    """What we know of it, and no more."""

    @staticmethod
    def filename_from_path(
        file_path: str,
        remove_youtube_id: bool = True,  # noqa: ARG004  (PiKaraoke's own signature)
        tidy: bool = True,  # noqa: ARG004
    ) -> str:
        return stem(file_path)

    def display_name_from_path(self, file_path: str, remove_youtube_id: bool = True) -> str:
        return self.filename_from_path(file_path, remove_youtube_id)

    def _match_index(self) -> list[tuple[str, str]]:
        return []


def without(name: str) -> type:
    kept = {key: value for key, value in vars(SongManager).items() if key != name}
    return type("SongManager", (), kept)


@pytest.fixture
def pikaraoke(monkeypatch: pytest.MonkeyPatch) -> Callable[[type], None]:
    """Have PiKaraoke's modules hold this song manager."""

    def put(manager: type) -> None:
        for name, held in (
            ("pikaraoke", {}),
            ("pikaraoke.lib", {}),
            ("pikaraoke.lib.song_manager", {"SongManager": manager}),
            ("pikaraoke.lib.metadata_parser", {"remove_accents": str}),
            ("pikaraoke.lib.play_history_manager", {}),
        ):
            module = types.ModuleType(name)
            vars(module).update(held)
            monkeypatch.setitem(sys.modules, name, module)

    return put


@pytest.mark.parametrize(
    "missing", ["display_name_from_path", "filename_from_path", "_match_index"]
)
def test_a_missing_seam_is_told_and_file_names_stay(
    missing: str,
    names: ShownNames,
    pikaraoke: Callable[[type], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    manager = without(missing)
    kept = dict(vars(manager))
    pikaraoke(manager)
    assert seams.open_seams(names._following) is None
    assert dict(vars(manager)) == kept
    (said,) = caplog.messages
    assert said.startswith("PiKaraoke has changed: songs are shown by their files' names")
    assert missing in said


def test_a_method_that_takes_other_arguments_is_left_be(
    names: ShownNames, pikaraoke: Callable[[type], None], caplog: pytest.LogCaptureFixture
) -> None:
    manager = without("display_name_from_path")
    manager.display_name_from_path = lambda _self, _song: "another"  # type: ignore[attr-defined]
    pikaraoke(manager)
    assert seams.open_seams(names._following) is None
    assert "takes _self, _song" in caplog.text


def test_where_only_the_history_has_changed_names_are_shown(
    names: ShownNames, pikaraoke: Callable[[type], None], caplog: pytest.LogCaptureFixture
) -> None:
    manager = type("SongManager", (SongManager,), {})
    pikaraoke(manager)
    caplog.set_level(logging.WARNING)
    table = seams.open_seams(names._following)
    assert table is not None
    assert "play history" in caplog.text
    song = add("track 1", "manual", 1.0)
    table.refresh()
    assert manager().display_name_from_path(song.file_path) == "Queen - Innuendo"
    assert manager().display_name_from_path(song.file_path, False) == "track 1"
    assert not seams.has_known_list(types.SimpleNamespace(songs=object()))
    assert "stays in the order of the files' names" in caplog.text
