"""The command line: what each command prints, and the exit status that scripts rely on."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import logging
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from pikaraoke_enrichment import cli, config
from pikaraoke_enrichment.commands import kit
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import CandidateRow, QueueEntry, Song, SongDetail
from pikaraoke_enrichment.schema.migrations import PIKARAOKE_SCHEMA
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.system import bug_report
from pikaraoke_enrichment.system.invocation import typed
from pikaraoke_enrichment.system.terminal import CLEAR, Plain
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.search import listing

PROGRAM = [sys.executable, "-m", "pikaraoke_enrichment"]
NAMES = ("Queen - Bohemian Rhapsody (Karaoke).mp4", "ABBA - Waterloo.mp4", "track 07.mp4")


@pytest.fixture(autouse=True)
def environment(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings of the test's own library for `main` in this process."""
    runtime.forget()
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    yield
    runtime.forget()
    close_library()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some songs."""
    made = tmp_path / "songs"
    made.mkdir()
    for name in NAMES:
        (made / name).touch()
    return made


@pytest.fixture
def scanned(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Some songs that are in the library; their ids are 1 to 3."""
    assert cli.main(["scan", str(folder)]) == 0
    capsys.readouterr()
    return folder


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """One command in this process: exit status, standard output, standard error."""
    try:
        status = cli.main(words)
    except SystemExit as ended:
        status = int(ended.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


def fails(capsys: pytest.CaptureFixture[str], status: int, *words: str) -> str:
    """The one line that a failing command says."""
    found, out, err = run(capsys, *words)
    assert (found, out) == (status, ""), err
    assert "Traceback" not in err
    lines = [line for line in err.splitlines() if not line.startswith("Usage:")]
    assert len(lines) == 1, err
    assert lines[0].startswith("pikaraoke-enrichment")
    return lines[0]


def rows(settings: config.Settings, columns: str) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(settings.db)
    try:
        return connection.execute(f"SELECT {columns} FROM songs ORDER BY id").fetchall()
    finally:
        connection.close()


def queue(settings: config.Settings) -> dict[int, int]:
    connection = sqlite3.connect(settings.db)
    try:
        return dict(connection.execute("SELECT song_id, priority FROM enrichment_queue"))
    finally:
        connection.close()


# --- help and wrong usage -------------------------------------------------------------------------


def commands(of: click.Command = cli.commands, before: str = "") -> dict[str, click.Command]:
    """Every command by its words, and those that a command of several words takes next."""
    found: dict[str, click.Command] = {}
    if isinstance(of, click.Group):
        for name in of.list_commands(click.Context(of)):
            each = of.get_command(click.Context(of), name)
            assert each is not None
            if name != "pikaraoke":  # what follows it is PiKaraoke's, its --help too
                found |= {f"{before}{name}": each, **commands(each, f"{before}{name} ")}
    return found


def test_the_commands_of_the_design_are_there() -> None:
    assert set(commands()) >= {
        "run", "scan", "parse", "lookup", "status", "start", "stop", "pause", "resume", "enqueue",
        "requeue", "edit", "undo", "export", "import", "doctor", "dashboard", "demo",
    }  # fmt: skip


@pytest.mark.parametrize("command", ["", *commands()])
def test_every_command_tells_its_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    status, out, err = run(capsys, *command.split(), "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"Usage: pikaraoke-enrichment {command}".rstrip())
    assert all(len(text) <= 100 for text in out.replace(typed(), PROGRAM[-1]).splitlines())


@pytest.mark.parametrize("command", commands())
def test_every_argument_is_explained(command: str) -> None:
    for each in commands()[command].params:
        if isinstance(each, click.Option):
            assert each.help or each.metavar or each.hidden, each  # "edit --artist TEXT"
        else:
            assert isinstance(each, kit.Word), each
            assert each.told


def test_examples_are_true_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is read as a shell would hand it over."""
    monkeypatch.chdir(tmp_path)
    for name in ("corrections.csv", "karafuncatalog.csv"):
        Path(name).touch()
    for command, each in commands().items():
        for line in getattr(each, "examples", ()):
            words = shlex.split(line, comments=True)
            told = [word for word in words if "=" not in word and not word.startswith(">")]
            if "|" in told:
                told = told[told.index("|") + 1 :]
            prefix = shlex.split(typed("run" if command == "run" else ""))
            assert told[: len(prefix)] == prefix, line
            told[: len(prefix)] = ["run"] if command == "run" else []
            count = len(command.split())
            assert " ".join(told[:count]) == command
            each.make_context(command, told[count:])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["run", "--workers", "0"],
        ["run", "--workers", "four"],
        ["run", "--port", "65536"],
        ["run", "a", "b"],
        ["run", "/no/such/folder"],
        ["scan"],
        ["scan", "/no/such/folder"],
        ["lookup"],
        ["lookup", " "],
        ["lookup", "a", "b"],
        ["enqueue"],
        ["enqueue", "1", "--priority", "high"],
        ["enqueue", "1", "--priority", "99999999999999999999"],
        ["requeue"],
        ["requeue", "--failed", "--all"],
        ["requeue", "--failed", "1"],
        ["requeue", "one"],
        ["requeue", "99999999999999999999"],
        ["edit"],
        ["edit", "1"],
        ["edit", "one", "--title", "x"],
        ["edit", "99999999999999999999", "--title", "x"],
        ["undo"],
        ["undo", "one"],
        ["undo", "1", "--batch", "b"],
        ["export", "--format", "xml"],
        ["export", "--corrections", "--format", "json"],
        ["import"],
        ["catalogue"],
        ["catalogue", "burn"],
        ["catalogue", "import"],
        ["catalogue", "remove"],
        ["status", "--color"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("scanned")
def test_wrong_usage_exits_with_two(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words",
    [["status", "--color"], ["run", "a", "b"], ["lookup", "a", "b"], ["catalogue", "list", "x"]],
    ids=" ".join,
)
def test_a_command_complains_with_its_own_usage(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    _, _, err = run(capsys, *words)
    command = " ".join(words[:2]) if words[0] == "catalogue" else words[0]
    assert err.startswith(f"Usage: pikaraoke-enrichment {command} ")
    assert words[-1] in err.splitlines()[1]


def test_a_bad_priority_is_told_what_a_good_one_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert "from -1000 to 1000" in fails(capsys, 2, "enqueue", "1", "--priority", "-5000")


def test_run_without_a_folder_or_a_library_says_what_to_do(
    capsys: pytest.CaptureFixture[str], settings: config.Settings
) -> None:
    line = fails(capsys, 2, "run")
    assert settings.db in line
    assert typed("run DIR") in line
    assert typed("demo") in line
    assert not Path(settings.db).exists()


def test_a_command_given_to_the_main_job_is_pointed_to(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `./consumer.sh status`."""
    monkeypatch.chdir(tmp_path)
    assert f"the command is: {typed('status')}" in fails(capsys, 2, "run", "status")
    assert "the command is" not in fails(capsys, 2, "run", "songs")


def test_a_bad_setting_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LASTFM_RATE", "fast")
    assert "LASTFM_RATE is 'fast'" in fails(capsys, 2, "status")


# --- failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["status", "--json"],
        ["start"],
        ["pause"],
        ["enqueue", "1"],
        ["requeue", "--all"],
        ["edit", "1", "--title", "x"],
        ["export"],
    ],
    ids=" ".join,
)
def test_without_a_library_a_command_says_so_and_makes_none(
    capsys: pytest.CaptureFixture[str], settings: config.Settings, words: list[str]
) -> None:
    assert settings.db in fails(capsys, 1, *words)
    assert not Path(settings.db).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["edit", "4711", "--title", "x"], "4711"),
        (["enqueue", "4711"], "4711"),
        (["requeue", "4711"], "4711"),
        (["undo", "4711"], "no song has the id 4711"),
        (["undo", "1"], "no change"),
        (["undo", "--batch", "nope"], "under the name 'nope'"),
        (["undo", "--batch", ""], "under the name ''"),
        (["catalogue", "remove", "nope"], "nope"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value)[:30].replace("\0", "0"),
)
@pytest.mark.usefixtures("scanned")
def test_a_failure_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    line = fails(capsys, 1, *words)
    assert said in line
    assert "Errno" not in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["edit", "1", "--year", "soon"], "'soon'"),
        (["edit", "1", "--title", " "], "title"),
        (["enqueue", "/songs/missing.mp4"], "missing.mp4"),
        (["enqueue", "x" * 300 + ".mp4"], "xxx"),
        (["enqueue", "1" * 5000], "111"),
        (["enqueue", "a\0b.mp4"], "no song"),
        (["import", "/no/such.csv"], "there is no file '/no/such.csv'"),
        (["import", "/"], "'/' is a folder"),
        (["import", "a\0b"], "there is no file"),
        (["catalogue", "import", "/no/such.csv"], "there is no file '/no/such.csv'"),
        (["catalogue", "import", "/"], "'/' is a folder"),
        (["scan", "/no/such"], "/no/such"),
        (["run", "/no/such"], "/no/such"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value)[:30].replace("\0", "0"),
)
@pytest.mark.usefixtures("scanned")
def test_a_value_that_cannot_be_and_a_file_that_is_not_there_are_wrong_usage(
    capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """A script that mistyped a path was told 1 by one command and 2 by another."""
    line = fails(capsys, 2, *words)
    assert said in line
    assert "Errno" not in line


@pytest.mark.usefixtures("scanned")
def test_an_edit_that_makes_another_song_shows_it_without_the_first_ones_year(
    settings: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.closing(sqlite3.connect(settings.db)) as connection, connection:
        connection.execute("UPDATE songs SET year = 1974, genre = 'Pop' WHERE id = 2")
    status, out, _ = run(capsys, "edit", "2", "--artist", "Abbey", "--title", "Waterloo")
    assert (status, out) == (0, "2: Abbey - Waterloo, Verified\n")


AWAY = [
    (
        1,
        "1 correction of a file that is away is not in it: it holds again when the file comes back",
    ),
    (
        2,
        "2 corrections of files that are away are not in it: they hold again when the files come "
        "back",
    ),
]


@pytest.mark.usefixtures("scanned")
@pytest.mark.parametrize(("count", "words"), AWAY)
def test_export_says_which_corrections_it_leaves_out(
    settings: config.Settings, capsys: pytest.CaptureFixture[str], count: int, words: str
) -> None:
    for number in (1, 2):
        run(capsys, "edit", str(number), "--genre", "Pop")
    status, out, err = run(capsys, "export", "--corrections")
    assert (status, len(out.splitlines()), err) == (0, 3, "")
    with contextlib.closing(sqlite3.connect(settings.db)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        only_refused = '{"verified": null, "refused": [{"title": "\\"verified\\": {"}]}'
        connection.execute(
            "INSERT INTO enrichment_keepsake (song_id, key, file_path, said)"
            " VALUES (3, 'c.mp4', '/c.mp4', ?)",
            (only_refused,),
        )
        connection.execute("DELETE FROM songs WHERE id = 3 OR id <= ?", (count,))
    status, out, err = run(capsys, "export", "--corrections")
    assert (status, len(out.splitlines()), err) == (0, 3 - count, f"{words}\n")


@pytest.mark.parametrize("command", ["status", "pause", "export", "doctor"])
def test_a_database_that_is_none_is_said(
    capsys: pytest.CaptureFixture[str], settings: config.Settings, command: str
) -> None:
    Path(settings.db).write_bytes(b"not a database, " * 100)
    status, out, err = run(capsys, command)
    assert status == 1
    assert settings.db in out + err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "words", [["enqueue", "1"], ["requeue", "--all"], ["status"]], ids=" ".join
)
@pytest.mark.usefixtures("scanned")
def test_a_queue_that_cannot_be_opened_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("ENRICHMENT_QUEUE", "/proc/nowhere/queue.db")
    runtime.forget()
    if words == ["status"]:
        assert run(capsys, *words)[0] == 0, "it counts for itself"
    else:
        assert "/proc/nowhere" in fails(capsys, 1, *words)


def test_a_bug_is_a_line_that_says_where_its_traceback_was_written(
    capsys: pytest.CaptureFixture[str], settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A KeyError of ours was printed as `'artist'`, and nothing was logged. To see whether it was
    the queue's, the songs database was opened, and made."""

    def broken(*_: Any) -> None:
        raise KeyError("a-secret of ours")

    monkeypatch.setenv("LASTFM_API_KEY", "a-secret")
    monkeypatch.setattr("pikaraoke_enrichment.tasks.review.name_alone.read_name", broken)
    line = fails(capsys, 1, "parse", "x")
    place = Path(settings.config_file).with_name(bug_report.NAME)
    assert "a bug of ours (KeyError)" in line
    assert str(place) in line
    told = place.read_text()
    assert "in broken" in told
    assert "*** of ours" in told
    assert "a-secret" not in told
    assert place.stat().st_mode & 0o777 == 0o600
    assert not Path(settings.db).exists()


def test_a_bug_is_told_where_no_file_can_be_written_and_no_setting_be_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("our own fault")

    monkeypatch.setattr(kit, "open_library", broken)
    monkeypatch.setenv("ENRICHMENT_PORT", "many")
    monkeypatch.setattr("pikaraoke_enrichment.config.data_directory", lambda *_: Path("/proc/none"))
    status, _, err = run(capsys, "status")
    assert status == 1
    assert "our own fault" in err
    assert "what happened stands above" in err.splitlines()[-1]


def test_a_place_that_cannot_hold_a_database_is_said_plainly(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENRICHMENT_DB", "/proc/nowhere/pikaraoke.db")
    line = fails(capsys, 1, "scan", str(folder))
    assert "/proc/nowhere" in line
    assert "Errno" not in line


@pytest.mark.usefixtures("scanned")
@pytest.mark.parametrize("words", [["pause"], ["edit", "1", "--title", "x"], ["enqueue", "1"]])
def test_a_locked_library_is_one_clear_line(
    capsys: pytest.CaptureFixture[str],
    settings: config.Settings,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
) -> None:
    monkeypatch.setattr(runtime, "REQUEST_PATIENCE", 0.1)
    runtime.forget()
    close_library()
    other = sqlite3.connect(settings.db)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "locked" in fails(capsys, 1, *words)
    finally:
        other.close()


# --- parse ----------------------------------------------------------------------------------------


def test_parse_prints_a_json_line_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "parse", NAMES[0], "宇多田ヒカル - First Love.mp4")
    assert (status, err) == (0, "")
    first, second = map(json.loads, out.splitlines())
    assert set(first) == {
        "name", "artist", "title", "variant", "youtube_id", "confidence", "level", "hypotheses",
    }  # fmt: skip
    assert (first["artist"], first["title"]) == ("Queen", "Bohemian Rhapsody")
    assert first["level"] == "Parsed"
    assert first["hypotheses"][0].keys() >= {"artist", "title", "strength"}
    assert second["artist"] == "宇多田ヒカル"


def test_parse_reads_names_from_standard_input() -> None:
    """Empty lines are none, Windows' line ends and names that are no valid text do no harm."""
    said = subprocess.run(
        [*PROGRAM, "parse"],
        input=b"Queen - Bohemian Rhapsody.mp4\n\nABBA - Waterloo.mp4\r\nCaf" + b"\xe9 - Song.mp4\n",
        capture_output=True,
        check=True,
    )
    found = [json.loads(line) for line in said.stdout.splitlines()]
    assert [item["title"] for item in found] == ["Bohemian Rhapsody", "Waterloo", "Song"]
    assert said.stderr == b""


def test_parse_takes_any_argument() -> None:
    words = [b"parse", b"", b" ", b"caf\xe9 - x.mp4", b"--", b"-", b"\xf0\x9f\x8e\xa4.mp4"]
    said = subprocess.run([*map(os.fsencode, PROGRAM), *words], capture_output=True, check=True)
    found = [json.loads(line) for line in said.stdout.splitlines()]
    assert len(found) == 5
    assert all(item["title"] is not None for item in found)


def test_parse_prints_valid_json_in_any_encoding() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    said = subprocess.run(
        [*PROGRAM, "parse", "宇多田ヒカル - First Love.mp4"],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert json.loads(said.stdout)["artist"] == "宇多田ヒカル"


def test_parse_needs_no_library_and_no_network(settings: config.Settings) -> None:
    environment = {**settings.whole_environment(), "ENRICHMENT_DB": "/no/where.db"}
    subprocess.run([*PROGRAM, "parse", "a"], env=environment, capture_output=True, check=True)


# --- scan, status, steering -----------------------------------------------------------------------


def test_scan_says_what_it_found(
    capsys: pytest.CaptureFixture[str], folder: Path, settings: config.Settings
) -> None:
    status, out, _ = run(capsys, "scan", str(folder))
    assert status == 0
    assert out == "3 songs found: 3 new, 0 moved, 0 deleted; 3 queued\n"
    assert len(queue(settings)) == 3
    for name in NAMES:
        (folder / name).unlink()
    _, out, _ = run(capsys, "scan", str(folder))
    assert "3 missing but kept" in out
    assert len(rows(settings, "id")) == 3


def test_a_folder_without_songs_is_said_with_what_counts(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    place = tmp_path / "holidays"
    place.mkdir()
    (place / "beach.jpg").touch()
    status, out, _ = run(capsys, "scan", str(place))
    assert status == 0
    assert out == (
        f"no karaoke files in {place}: those count that end in "
        ".avi, .mkv, .mov, .mp3, .mp4, .webm, .zip\n"
    )


def test_scan_names_some_of_what_it_skips(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    for number in range(8):
        with open(os.fsencode(folder) + b"/caf\xe9 %d.mp4" % number, "wb"):
            pass
    status, out, err = run(capsys, "scan", str(folder))
    lines = out.splitlines()
    skipped = "skipped, as the name is no valid text"
    assert (status, err, len(lines)) == (0, "", 7)
    assert all(text.startswith(f"{skipped}: {folder}/caf? ") for text in lines[1:6])
    assert lines[6] == f"{skipped}: 3 more"


def test_scan_for_news_is_silent_where_there_is_none(
    capsys: pytest.CaptureFixture[str], scanned: Path
) -> None:
    assert run(capsys, "scan", str(scanned), "--only-news") == (0, "", "")
    (scanned / "new.mp4").touch()
    _, out, _ = run(capsys, "scan", str(scanned), "--only-news")
    assert out == "4 songs found: 1 new, 0 moved, 0 deleted; 1 queued\n"


@pytest.mark.usefixtures("scanned")
def test_status_is_a_line_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "status")
    assert out.count("\n") == 1
    assert out.startswith("0/3 (0.0%)")
    status, out, _ = run(capsys, "status", "--json")
    progress = json.loads(out)
    assert (status, progress["state"], progress["total"], progress["remaining"]) == (
        0,
        "offline",
        3,
        3,
    )


@pytest.mark.usefixtures("scanned")
def test_steering_is_kept_for_the_next_consumer(
    capsys: pytest.CaptureFixture[str], settings: config.Settings
) -> None:
    def wishes() -> dict[str, str]:
        connection = sqlite3.connect(settings.db)
        try:
            return dict(connection.execute("SELECT key, value FROM enrichment_state"))
        finally:
            connection.close()

    for command, key, value, words in (
        ("pause", "worker_paused", "1", "the next one begins paused"),
        ("resume", "worker_paused", "0", f"No consumer is running: start {typed('run')}"),
        ("stop", "worker_running", "0", "the next one begins stopped"),
        ("start", "worker_running", "1", f"No consumer is running: start {typed('run')}"),
    ):
        status, out, _ = run(capsys, command)
        assert status == 0
        assert out.startswith(f"{command}: noted. No consumer is running")
        assert words in out
        assert words in run(capsys, "status")[1]
        assert wishes()[key] == value


# --- songs ----------------------------------------------------------------------------------------


def test_enqueue_takes_ids_and_paths(
    capsys: pytest.CaptureFixture[str],
    scanned: Path,
    settings: config.Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (scanned / "new one.mp4").touch()
    (scanned / "1999.mp4").touch()
    monkeypatch.chdir(scanned)
    status, out, _ = run(capsys, "enqueue", "1", str(scanned / NAMES[0]), "new one.mp4")
    assert (status, out) == (0, "3 queued\n")
    queued = queue(settings)
    assert (queued[1], queued[2]) == (50, 50)
    assert str(scanned / "new one.mp4") in {path for (path,) in rows(settings, "file_path")}
    status, out, _ = run(capsys, "enqueue", "../songs/1999.mp4", "--priority", "70")
    assert (status, out) == (0, "1 queued\n")
    assert max(queue(settings).values()) == 70
    assert (str(scanned / "1999.mp4"),) in rows(settings, "file_path")


@pytest.mark.usefixtures("scanned")
def test_requeue_by_id_comes_first_and_by_status_with_the_backlog(
    capsys: pytest.CaptureFixture[str], settings: config.Settings
) -> None:
    assert run(capsys, "requeue", "2")[:2] == (0, "1 queued\n")
    assert queue(settings)[2] == 100
    assert run(capsys, "requeue", "--failed")[:2] == (0, "0 queued of those not found\n")
    by_name = "queued of those known by their name only\n"
    assert run(capsys, "requeue", "--review")[:2] == (0, f"0 {by_name}"), "they are queued already"
    with contextlib.closing(sqlite3.connect(settings.db)) as connection, connection:
        connection.execute("DELETE FROM enrichment_queue")
    assert run(capsys, "requeue", "--review")[:2] == (0, f"3 {by_name}")
    assert run(capsys, "requeue", "--all")[:2] == (0, "3 queued\n")


@pytest.mark.usefixtures("scanned")
def test_edit_verifies_a_song(
    capsys: pytest.CaptureFixture[str], settings: config.Settings
) -> None:
    words = ["edit", "1", "--artist", "Queen", "--title", "Bo Rhap", "--year", "1975"]
    assert run(capsys, *words)[:2] == (0, "1: Queen - Bo Rhap (1975), Verified\n")
    found = rows(settings, "artist, title, year, metadata_status, confidence")[0]
    assert found == ("Queen", "Bo Rhap", 1975, "manual", 1.0)
    assert 1 not in queue(settings)
    assert run(capsys, "edit", "1", "--year", "", "--genre", "Rock")[0] == 0
    assert rows(settings, "year, genre")[0] == (None, "Rock")
    alone = "left alone, as a person has verified it"
    assert run(capsys, "enqueue", "1", "2")[:2] == (0, f"1 queued, 1 {alone}\n")
    assert run(capsys, "requeue", "1", "1")[:2] == (0, f"0 queued, 1 {alone}\n")


@pytest.mark.usefixtures("scanned")
def test_export_writes_the_library_as_csv_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "edit", "1", "--artist", "=HYPERLINK(1)", "--title", 'a "b", c')
    status, out, _ = run(capsys, "export")
    assert status == 0
    assert out.startswith("\ufeff"), "Excel takes it for UTF-8"
    exported = list(csv.DictReader(io.StringIO(out[1:])))
    assert [row["id"] for row in exported] == ["1", "2", "3"]
    assert exported[0]["artist"] == "'=HYPERLINK(1)"
    assert exported[0]["title"] == 'a "b", c'
    status, out, _ = run(capsys, "export", "--format", "json")
    songs = json.loads(out)
    assert songs[0]["artist"] == "=HYPERLINK(1)"
    assert songs[1]["metadata_status"] == "parsed"


def test_a_reader_who_has_had_enough_is_no_failure(folder: Path, settings: config.Settings) -> None:
    for number in range(3000):
        (folder / f"A Rather Long Artist Name - A Rather Long Song Title {number}.mp4").touch()
    assert cli.main(["scan", str(folder)]) == 0
    said = subprocess.run(
        f"{sys.executable} -m pikaraoke_enrichment export | head -n 1; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        env=settings.whole_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.splitlines()[1:] == ["0"], said
    assert said.stderr == ""


@pytest.mark.usefixtures("scanned")
def test_list_shows_the_songs_of_a_kind_or_with_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "list")
    assert (status, len(out.splitlines())) == (0, 3)
    run(capsys, "edit", "1", "--artist", "Queen", "--title", "Bo Rhap")
    assert run(capsys, "list", "--verified")[1].startswith(
        "    1  1.00 Verified            Queen - Bo Rhap  <-  "
    )
    assert run(capsys, "list", "waterloo")[1].count("\n") == 1
    assert run(capsys, "list", "--failed") == (0, "", "No song matches.\n")
    assert "takes one of" in fails(capsys, 2, "list", "--failed", "--names")


@pytest.mark.usefixtures("scanned")
def test_review_decides_song_after_song_and_takes_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that it does not take is asked for again."""
    kit.open_library()
    CandidateRow.create(
        song=3, rank=1, artist="Sting", title="Seven", confidence=0.6, providers="lastfm"
    )
    QueueEntry.delete().execute()
    SongDetail.update(decided_at=1.0).execute()
    with database.atomic("IMMEDIATE"):
        listing.index([1, 2, 3])
    order = ["9", "1", "u", "q"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(order) + "\n"))
    status, out, _ = run(capsys, "review")
    assert status == 0
    assert out.count("S skips, U takes the last decision back") == 2, "at the start, and after 9"
    assert "1  0.60  Sting - Seven" in out
    assert "3: Sting - Seven, Verified" in out
    assert "Verified" not in run(capsys, "list", "seven")[1] + run(capsys, "list")[1]
    monkeypatch.setattr(sys, "stdin", io.StringIO("r\n"))
    status, out, _ = run(capsys, "review")
    assert (status, out[-1]) == (0, "\n"), "the end of the input ends it as Q does"
    assert CandidateRow.get().rejected, "R: none of these, as on the web"
    assert "Verified" not in run(capsys, "list")[1]
    run(capsys, "undo", "3")
    monkeypatch.setattr(sys, "stdin", io.StringIO("a\n"))
    assert run(capsys, "review")[0] == 0
    assert len(run(capsys, "list", "--verified")[1].splitlines()) == 1, "A: as its name was read"


@pytest.mark.usefixtures("scanned")
def test_review_has_the_lanes_of_the_dashboard(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that were not found came to no review in the terminal."""
    kit.open_library()
    QueueEntry.delete().execute()
    Song.update(metadata_status="enrichment_failed").where(Song.id == 2).execute()
    SongDetail.update(decided_at=1.0).execute()
    with database.atomic("IMMEDIATE"):
        listing.index([1, 2, 3])
    monkeypatch.setattr(sys, "stdin", io.StringIO("r\na\ns\nq\n"))
    status, out, _ = run(capsys, "review")
    assert (status, "1 not found: " in out) == (0, True)
    status, out, _ = run(capsys, "review", "--not-found")
    assert out.count("R none of these") == 2, "R: nothing is offered that it could refuse"
    assert out.count("U takes the last one back, Q ends") == 2, "S: no song is left to skip"
    assert "1 song to decide" in out
    assert ", Verified" in out
    assert "Nothing waits for a person here.\n" in out


@pytest.mark.usefixtures("scanned")
def test_a_dry_run_counts_what_can_be_renamed(capsys: pytest.CaptureFixture[str]) -> None:
    """ "12 files could have a clean name" stood there, of which four would keep theirs."""
    for song, title in (("1", "Same"), ("2", "Same"), ("3", "Other")):
        run(capsys, "edit", song, "--artist", "Queen", "--title", title)
    last = run(capsys, "rename", "--dry-run", "--all")[1].splitlines()[-1]
    assert last.startswith("1 file could have a clean name, 2 that are shown cannot now: ")


@pytest.mark.usefixtures("scanned")
def test_a_renaming_that_cannot_begin_tells_nothing_to_take_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, "edit", "1", "--artist", "Queen", "--title", "Bo Rhap")
    assert "PiKaraoke does not answer" in fails(capsys, 1, "rename", "--all")


def test_catalogue_alone_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "catalogue")
    assert (status, out) == (2, "")
    assert "subscribe" in err


@pytest.mark.usefixtures("scanned")
def test_an_update_without_a_subscribed_list_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "catalogue", "update", "--all")
    assert (status, out) == (0, "No list is subscribed\n")


# --- lookup ---------------------------------------------------------------------------------------


def test_lookup_tells_all_about_one_name(
    capsys: pytest.CaptureFixture[str], api: ApiServer, settings: config.Settings
) -> None:
    api.catalogue = Catalogue([Known("Queen", "Bohemian Rhapsody", 1975, "Rock")])
    status, out, _ = run(capsys, "lookup", NAMES[0], "--json")
    found = json.loads(out)
    assert status == 0
    assert found["hypotheses"][0]["title"] == "Bohemian Rhapsody"
    assert found["answers"][0]["provider"] == "lastfm"
    part = next(part for part in found["ranked"][0]["evidence"] if part["name"] == "artist")
    assert (part["code"], part["params"]) == ("artist_agrees", {"given": "Queen"})
    assert part["words"] == "artist agrees: Queen"
    verdict = found["verdict"]
    assert (verdict["artist"], verdict["title"], verdict["year"], verdict["genre"]) == (
        "Queen",
        "Bohemian Rhapsody",
        1975,
        "Rock",
    )
    assert verdict["status"] == "enriched"
    _, out, _ = run(capsys, "lookup", NAMES[0])
    assert "Verdict: Queen - Bohemian Rhapsody (1975, Rock)" in out
    assert not Path(settings.db).exists(), "nothing is written"
    assert "a-key" not in out


def test_lookup_of_an_unknown_name_says_so(
    capsys: pytest.CaptureFixture[str], api: ApiServer
) -> None:
    assert api.count() == 0
    status, out, _ = run(capsys, "lookup", "Nobody Ever - Heard Of It.mp4", "--json")
    verdict = json.loads(out)["verdict"]
    assert (status, verdict["status"], verdict["title"]) == (0, "parsed", "Heard Of It")
    assert verdict["confidence"] < 0.70


def test_lookup_without_a_network_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], api: ApiServer
) -> None:
    api.stop()
    status, out, err = run(capsys, "lookup", NAMES[0])
    assert status == 1
    assert "connection refused" in out
    assert err == "pikaraoke-enrichment: nobody gave an answer\n"
    assert "Traceback" not in err
    assert "a-key" not in out + err


def test_lookup_with_nobody_to_ask_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENRICHMENT_PROVIDERS", "listenbrainz")
    status, out, err = run(capsys, "lookup", NAMES[0])
    assert status == 1
    assert "Answers: none\nBest candidates: none\n" in out
    assert err == "pikaraoke-enrichment: nobody could be asked: see doctor\n"


@pytest.mark.usefixtures("scanned")
def test_lookup_beside_a_library_changes_no_song(
    capsys: pytest.CaptureFixture[str], api: ApiServer, settings: config.Settings
) -> None:
    api.catalogue = Catalogue([Known("Queen", "Bohemian Rhapsody", 1975, "Rock")])
    before = rows(settings, "*")
    assert run(capsys, "lookup", NAMES[0])[0] == 0
    assert rows(settings, "*") == before


def test_lookup_beside_a_database_that_is_not_ours_yet_leaves_it_as_it_is(
    capsys: pytest.CaptureFixture[str],
    api: ApiServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It got our tables and a backup copy beside it."""
    api.catalogue = Catalogue([Known("Queen", "Bohemian Rhapsody", 1975, "Rock")])
    theirs = tmp_path / "theirs" / "pikaraoke.db"
    theirs.parent.mkdir()
    with contextlib.closing(sqlite3.connect(theirs)) as connection:
        connection.executescript(PIKARAOKE_SCHEMA)
    monkeypatch.setenv("ENRICHMENT_DB", str(theirs))
    monkeypatch.setenv("ENRICHMENT_QUEUE", config.default_queue(str(theirs)))
    before = theirs.read_bytes()
    assert run(capsys, "lookup", NAMES[0])[0] == 0
    assert theirs.read_bytes() == before
    assert list(theirs.parent.iterdir()) == [theirs]


def test_lookup_says_on_a_terminal_whom_it_waits_for(
    capsys: pytest.CaptureFixture[str], api: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services that hang kept it silent for forty seconds."""
    assert api.count() == 0
    assert run(capsys, "lookup", NAMES[0])[2] == "", "into a file nobody looks"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    said = run(capsys, "lookup", NAMES[0])[2]
    assert "Waiting for Last.fm" in said
    assert said.endswith(CLEAR), "nothing is left of it"
    # pytest's own were broken into lines from here on, which two other tests read.
    formats = [type(handler.formatter) for handler in logging.getLogger().handlers]
    assert formats, "pytest's"
    assert Plain not in formats


# --- the main job and the demonstration -----------------------------------------------------------


def test_run_until_done_enriches_a_folder_and_ends(
    api: ApiServer, folder: Path, settings: config.Settings
) -> None:
    api.catalogue = Catalogue(
        [Known("Queen", "Bohemian Rhapsody", 1975, "Rock"), Known("ABBA", "Waterloo", 1974, "Pop")]
    )
    said = subprocess.run(
        [*PROGRAM, "run", str(folder), "--until-done", "--no-dashboard"],
        env={**settings.whole_environment(), "ENRICHMENT_LASTFM_APIKEY": "a-secret"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[:2] == [
        "3 songs found: 3 new, 0 moved, 0 deleted; 3 queued",
        f"Library: {settings.db}, 3 songs",
    ]
    last = said.stdout.splitlines()[-1]
    assert last.startswith("3 songs: 2 enriched, 1 not found")
    assert "waiting for new songs" not in said.stdout, "it ends by itself"
    status = subprocess.run(
        [*PROGRAM, "status"], env=settings.whole_environment(), capture_output=True, text=True
    )
    # Without the folder a new file in it would go unnoticed.
    assert f"start {typed(f'run {shlex.quote(str(folder))}')}" in status.stdout
    assert {text.split()[0] for text in said.stdout.splitlines() if "<-" in text} == set("123")
    assert "ListenBrainz is left out without its free token" in said.stderr
    assert "Last.fm is left out" not in said.stderr
    mistyped = "ENRICHMENT_LASTFM_APIKEY is no setting: is LASTFM_API_KEY meant?"
    assert said.stderr.count(mistyped) == 1, "the scan's own process says nothing of it"
    assert "a-secret" not in said.stdout + said.stderr
    assert "Traceback" not in said.stderr
    found = rows(settings, "artist, year, metadata_status")
    assert found[:2] in (
        [("ABBA", 1974, "enriched"), ("Queen", 1975, "enriched")],
        [("Queen", 1975, "enriched"), ("ABBA", 1974, "enriched")],
    )


def test_names_that_the_output_cannot_spell_are_escaped_and_the_run_ends(
    api: ApiServer, tmp_path: Path, settings: config.Settings
) -> None:
    """A log in an old encoding, as on Windows: the run never said its last word."""
    api.catalogue = Catalogue([Known("坂本九", "上を向いて歩こう", 1961, "J-Pop")])
    (tmp_path / "jp").mkdir()
    (tmp_path / "jp" / "坂本九 - 上を向いて歩こう.mp4").touch()
    environment = {**settings.whole_environment(), "PYTHONIOENCODING": "latin-1"}
    words = ["run", str(tmp_path / "jp"), "--until-done", "--no-dashboard"]
    said = subprocess.run(
        [*PROGRAM, *words], env=environment, capture_output=True, timeout=60, check=True
    )
    assert rb"\u5742\u672c\u4e5d - " in said.stdout
    assert b"1 song: 1 enriched" in said.stdout
    assert b"progress cannot be read" not in said.stderr
    taken = subprocess.run([*PROGRAM, "export"], env=environment, capture_output=True, check=True)
    assert "坂本九" in taken.stdout.decode("utf-8"), "a file for others is in UTF-8 everywhere"


def test_a_run_whose_reader_has_gone_goes_on_to_its_end(
    api: ApiServer, folder: Path, settings: config.Settings
) -> None:
    api.catalogue = Catalogue([Known("ABBA", "Waterloo", 1974, "Pop")])
    with subprocess.Popen(
        [*PROGRAM, "run", str(folder), "--until-done", "--no-dashboard"],
        env=settings.whole_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            assert running.stdout
            assert running.stdout.readline().startswith("3 songs found")
            running.stdout.close()
            _, log = running.communicate(timeout=120)
        finally:
            running.kill()
    assert running.returncode == 0, log
    assert "Traceback" not in log
    assert len(rows(settings, "id")) == 3
    assert not queue(settings), "every song was looked up"


def test_run_until_done_gives_up_with_the_reason(
    api: ApiServer, folder: Path, settings: config.Settings
) -> None:
    api.stop()
    said = subprocess.run(
        [*PROGRAM, "run", str(folder), "--until-done", "--no-dashboard"],
        env={**settings.whole_environment(), "ENRICHMENT_GIVE_UP_AFTER": "5"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 1
    assert "Given up: for 5 s nothing could be asked" in said.stderr
    assert "connection refused" in said.stderr
    assert {status for (status,) in rows(settings, "metadata_status")} == {"parsed"}
    assert {attempts for (attempts,) in rows(settings, "enrichment_attempts")} == {0}


@pytest.mark.parametrize("words", [["demo", "--help"], ["--demo", "--help"]])
def test_the_demonstration_has_two_names(
    capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run(capsys, *words)[0] == 0


STEERING = "Queen\x1b[31m\x9b2J\u202e - Innuendo\x7f.mp4"


@pytest.mark.parametrize(
    "words",
    [("parse", STEERING), ("lookup", STEERING), ("status",), ("doctor", "--offline"), ("list",)],
    ids=lambda words: words[0],
)
def test_no_name_steers_the_terminal(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    runtime.configure(config.load())
    path = f"/songs/{STEERING}"
    Song.update(file_path=path, title=STEERING, artist=STEERING).where(Song.id == 1).execute()
    _, out, err = run(capsys, *words)
    for text in (out, err):
        shown = text.replace("\n", "").replace(CLEAR, "")
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", shown)
