"""The words of a run: one line of progress, the last words, durations, strangers' names."""

from __future__ import annotations

import io
import threading
import unicodedata
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import OperationalError

from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands import run
from pikaraoke_enrichment.commands.run import (
    Reporter,
    counted,
    line,
    printable,
    result_line,
    summary,
)
from pikaraoke_enrichment.commands.screen import Screen
from pikaraoke_enrichment.system import terminal
from pikaraoke_enrichment.system.invocation import DEMONSTRATION, typed
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.words.sentences import sentence


def snapshot(**values: Any) -> dict[str, Any]:
    """A snapshot of a running worker half-way through."""
    return {
        "state": "running",
        "reason": "",
        "total": 1000,
        "processed": 500,
        "enriched": 450,
        "failed": 20,
        "parsed": 530,
        "name_only": 30,
        "manual": 0,
        "remaining": 500,
        "percent": 50.0,
        "second_looks": 0,
        "rate_per_second": 3.34,
        "eta_seconds": 151,
        "current": "a song.mp4",
        "providers": [{"requests": 10}],
        "recent": [],
        "rests_until": None,
        **values,
    }


@pytest.mark.parametrize("code", ["stopped", "paused"])
def test_the_demonstration_names_no_command(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed beside it reaches the host's own library; its dashboard has the button."""
    reason = sentence(Said(code))
    halted = snapshot(state=code, reason=reason, why={"code": code, "params": {}})
    assert typed() in line(halted, 200)
    monkeypatch.setenv(DEMONSTRATION, "1")
    assert typed() not in line(halted, 200)
    assert reason in line(halted, 200)


def test_a_running_line_tells_all() -> None:
    assert line(snapshot(), 200) == (
        "500/1000 (50.0%)  enriched 450  name only 30  not found 20  "
        "about 3 min left  3.3 songs/s  a song.mp4"
    )


def test_the_kinds_of_a_line_are_the_songs_that_were_looked_up() -> None:
    text = line(snapshot(processed=600, name_only=123, manual=7), 200)
    assert text.startswith(
        "600/1000 (50.0%)  enriched 450  name only 123  not found 20  verified 7  "
    )
    assert "name only" not in line(snapshot(name_only=0), 200)


def test_a_line_without_a_known_pace_names_no_time() -> None:
    assert "left" not in line(snapshot(eta_seconds=None), 200)


@pytest.mark.parametrize("state", ["paused", "stopped", "waiting", "offline"])
def test_a_line_tells_why_nothing_goes_on(state: str) -> None:
    text = line(snapshot(state=state, reason="because of rain"), 200)
    assert text.endswith("because of rain  still to do: 500 look-ups")
    assert "left" not in text
    assert line(snapshot(state=state, remaining=0), 200).endswith(state)


def test_a_line_without_a_consumer_tells_what_waits() -> None:
    """After `requeue --failed` it was "40/40 (99.9%)" and no word of the 25 that wait."""
    text = line(snapshot(state="offline", processed=40, total=40, remaining=25), 200)
    assert text.endswith("  still to do: 25 look-ups")


def test_a_line_with_nothing_left_says_so() -> None:
    text = line(snapshot(remaining=0, current=None), 200)
    assert text.endswith("nothing to do, waiting for new songs")


def test_second_looks_are_told() -> None:
    assert "second look" not in line(snapshot(), 200)
    assert "  7 second looks for what is still missing  " in line(snapshot(second_looks=7), 200)


def test_the_time_left_for_second_looks_alone_says_so() -> None:
    """Every song was looked up: "(100.0%)  about 5 min left" was read as a fault."""
    all_looked_up = snapshot(processed=1000, percent=100.0, second_looks=500)
    assert "  about 3 min left for 500 second looks  each for what is still missing  " in line(
        all_looked_up, 200
    )
    unknown = line({**all_looked_up, "eta_seconds": None}, 200)
    assert "  500 second looks  each for what is still missing  " in unknown
    last = {**all_looked_up, "second_looks": 1, "remaining": 1}
    assert "left for 1 second look  each" in line(last, 200)


@given(st.text(), st.integers(1, 200))
def test_a_line_keeps_its_width_and_never_steers_the_terminal(name: str, width: int) -> None:
    text = line(snapshot(current=name), width)
    assert sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text) <= width
    assert text.isprintable()


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 songs"), (1, "1 song"), (2, "2 songs"), (1000, "1000 songs")]
)
def test_one_of_something_is_no_plural(count: int, words: str) -> None:
    assert counted(count, "song") == words
    assert counted(2, "delivery", "deliveries") == "2 deliveries"


@given(st.text())
def test_printable_keeps_each_sign_or_marks_it(name: str) -> None:
    shown = printable(name)
    assert len(shown) == len(name)
    assert shown.isprintable()
    assert all(new in (old, "?") for old, new in zip(name, shown, strict=True))


def test_printable_leaves_letters_of_all_scripts() -> None:
    assert printable("宇多田ヒカル – Été \x1b[2J\u202e\udcff") == "宇多田ヒカル – Été ?[2J??"


def test_the_summary_counts_every_kind() -> None:
    done = snapshot(remaining=0, total=10, enriched=5, manual=1, name_only=3, failed=1)
    assert summary(done) == "10 songs: 5 enriched, 3 name only, 1 not found, 1 verified"
    assert summary({**done, "remaining": 4}).endswith(" verified; still to do: 4 look-ups")
    assert summary({**done, "remaining": 4, "second_looks": 3}).endswith(
        "; still to do: 1 look-up, 3 second looks for what is still missing"
    )
    assert summary({**done, "remaining": 3, "second_looks": 3}).endswith(
        "; still to do: 3 second looks for what is still missing"
    )


def test_the_summary_adds_up() -> None:
    """PiKaraoke has just added two songs, which no consumer has read."""
    text = summary(snapshot(remaining=0, total=12, enriched=5, manual=1, name_only=3, failed=1))
    head, _, counts = text.partition(": ")
    assert (head, sum(int(part.split()[0]) for part in counts.split(", "))) == ("12 songs", 12)
    assert text.endswith(", 2 waiting")
    one = snapshot(remaining=0, total=1, enriched=1, name_only=0, failed=0)
    assert summary(one) == "1 song: 1 enriched"


# --- the reporter ---------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def nothing_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "results_since", lambda _at: [])
    monkeypatch.setattr(run, "database", SimpleNamespace(is_replaced=lambda: False))
    monkeypatch.setattr(run, "stamp", object)  # something else each time
    parts = SimpleNamespace(stopping=threading.Event())
    monkeypatch.setattr(run, "runtime", lambda: parts)
    monkeypatch.setattr(run, "compose", lambda _: snapshot(remaining=0))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def reporter(out: io.StringIO, *, until_done: bool = True, patience: float = 60.0) -> Reporter:
    settings = config.load({"ENRICHMENT_CONFIG": "/nowhere/config.ini"})
    settings = replace(settings, give_up_after=patience)
    return Reporter(None, settings, until_done=until_done, since=0.0, out=out)


def test_until_done_ends_when_nothing_remains() -> None:
    report = reporter(io.StringIO())
    assert report._look(snapshot()) is False
    assert report._look(snapshot(remaining=0)) is True
    assert report.status == 0


def test_until_done_ends_without_a_word_of_waiting() -> None:
    """ "nothing to do, waiting for new songs  Ctrl-C ends", a moment before it ended by itself."""
    for out in (io.StringIO(), Terminal()):
        assert reporter(out)._look(snapshot(remaining=0)) is True
        assert "waiting for new songs" not in out.getvalue()


def test_what_an_earlier_consumer_published_ends_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """`requeue --failed`, then `--until-done`: it ended at once, with three look-ups to do."""
    monkeypatch.setattr(run, "compose", lambda _: snapshot(remaining=3))
    assert reporter(io.StringIO())._look(snapshot(remaining=0)) is False


def test_quiet_hours_are_no_reason_to_give_up() -> None:
    report = reporter(io.StringIO(), patience=0.0)
    for _ in range(3):
        assert report._look(snapshot(state="paused", rests_until=2e9)) is False
    assert report._look(snapshot()) is True
    assert report.status == 1


def test_without_until_done_it_never_ends_by_itself() -> None:
    report = reporter(io.StringIO(), until_done=False, patience=0.0)
    assert report._look(snapshot(remaining=0)) is False
    assert report._look(snapshot()) is False


def test_until_done_gives_up_with_the_reason_when_nothing_can_be_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [100.0]
    monkeypatch.setattr(run.time, "monotonic", lambda: clock[0])
    report = reporter(io.StringIO(), patience=600.0)
    waiting = snapshot(state="waiting", reason="Last.fm: no network")
    assert report._look(waiting) is False
    clock[0] += 599.0
    assert report._look(waiting) is False
    clock[0] += 2.0
    assert report._look(waiting) is True
    assert report.status == 1
    assert "for 10 min 0 s nothing could be asked. Last.fm: no network" in capsys.readouterr().err


def test_requests_alone_do_not_prolong_the_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider that is down is tried again and again: that is no reason to go on for ever."""
    clock = [100.0]
    monkeypatch.setattr(run.time, "monotonic", lambda: clock[0])
    report = reporter(io.StringIO(), patience=600.0)
    report._look(snapshot())
    clock[0] += 601.0
    assert report._look(snapshot(providers=[{"requests": 11}])) is True


@pytest.mark.parametrize("moved", [{"remaining": 499}, {"enriched": 451}])
def test_any_song_done_starts_the_patience_anew(
    monkeypatch: pytest.MonkeyPatch, moved: dict[str, Any]
) -> None:
    clock = [100.0]
    monkeypatch.setattr(run.time, "monotonic", lambda: clock[0])
    report = reporter(io.StringIO(), patience=600.0)
    report._look(snapshot())
    clock[0] += 599.0
    report._look(snapshot(**moved))
    clock[0] += 599.0
    assert report._look(snapshot(**moved)) is False


def decided(at: float, **values: Any) -> dict[str, Any]:
    """A song in a snapshot's list of the last results."""
    song = {
        "id": 12,
        "name": "queen - bohemian rhapsody (karaoke).mp4",
        "artist": "Queen",
        "title": "Bohemian Rhapsody",
        "year": 1975,
        "genre": "Rock",
        "status": "enriched",
        "reason": "",
        "confidence": 0.97,
        "level": "High Confidence",
    }
    return {**song, "at": at, **values}


def test_each_result_is_told_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    report = reporter(out, until_done=False)
    now = report._told_up_to
    names = {now - 1: "before", **{now + number: f"song {number}" for number in range(1, 101)}}

    def since(at: float) -> list[dict[str, Any]]:
        return [decided(then, name=name) for then, name in names.items() if then > at]

    monkeypatch.setattr(run, "results_since", since)
    for _ in range(3):
        report._look(snapshot())
    told = [text for text in out.getvalue().splitlines() if "<-" in text]
    assert [text.rsplit("<-  ")[1] for text in told] == [f"song {n}" for n in range(1, 101)]


def test_a_result_names_id_level_answer_and_file() -> None:
    text = result_line(decided(1.0))
    assert text.startswith("   12  0.97 High Confidence")
    assert text.endswith(
        "Queen - Bohemian Rhapsody (1975, Rock)  <-  queen - bohemian rhapsody (karaoke).mp4"
    )
    assert "()" not in result_line(decided(1.0, year=None, genre=None))


def test_a_result_says_why_no_more_is_known() -> None:
    words = "not found at Last.fm, MusicBrainz"
    text = result_line(decided(1.0, status="enrichment_failed", reason=words, year=None))
    assert "Queen - Bohemian Rhapsody (not found at Last.fm, MusicBrainz)  <-" in text


@given(st.none() | st.text(), st.text())
def test_a_result_never_steers_the_terminal(artist: str | None, name: str) -> None:
    assert result_line(decided(1.0, artist=artist, name=name, confidence=None)).isprintable()


def test_plain_lines_come_on_news_and_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(run.time, "monotonic", lambda: clock[0])
    out = io.StringIO()
    report = reporter(out)
    for number in range(20):  # twenty seconds, a song a second
        report._look(snapshot(enriched=number))
        clock[0] += 1.0
    assert len(out.getvalue().splitlines()) == 2
    report._look(snapshot(state="waiting", reason="busy"))
    assert "waiting for busy" in out.getvalue().splitlines()[-1]


def test_an_idle_consumer_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line every ten seconds was 8,640 a day in systemd's journal, on the Pi's card."""
    clock = [100.0]
    monkeypatch.setattr(run.time, "monotonic", lambda: clock[0])
    out = io.StringIO()
    report = reporter(out, until_done=False)
    for _ in range(100):
        report._look(snapshot(remaining=0))
        clock[0] += 1.0
    assert len(out.getvalue().splitlines()) == 1
    report._look(snapshot(remaining=0, enriched=451))
    assert len(out.getvalue().splitlines()) == 2


@pytest.mark.parametrize(
    ("values", "until_done", "reads"),
    [
        ({"remaining": 0}, False, 1),
        ({"state": "paused", "reason": "Paused"}, False, 1),
        ({"state": "waiting", "reason": "busy"}, False, 5),  # the seconds of its wait are shown
        ({"state": "paused", "reason": "Paused"}, True, 5),  # its patience may end
    ],
)
def test_the_progress_is_read_again_only_where_it_may_be_another(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, Any], until_done: bool, reads: int
) -> None:
    news, read = [1], []
    monkeypatch.setattr(run, "stamp", lambda: news[0])
    monkeypatch.setattr(run, "get_progress", lambda: read.append(1) or snapshot(**values))
    report = reporter(io.StringIO(), until_done=until_done)
    for _ in range(5):
        report._tick()
    assert len(read) == reads
    news[0] += 1
    report._tick()
    assert len(read) == reads + 1


def test_how_it_ended_is_said_although_nothing_changes_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last song was done within ten seconds of the line before: its own never came."""
    clock, news, now = [100.0], [1], [snapshot(remaining=1)]
    monkeypatch.setattr(run.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(run, "stamp", lambda: news[0])
    monkeypatch.setattr(run, "get_progress", lambda: now[0])
    out = io.StringIO()
    report = reporter(out, until_done=False)
    report._tick()
    news[0], now[0] = 2, snapshot(remaining=0)
    for _ in range(12):
        clock[0] += 1.0
        report._tick()
    assert out.getvalue().splitlines()[-1].endswith("nothing to do, waiting for new songs")


def test_a_progress_that_could_not_be_read_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    out, tries = io.StringIO(), []

    def locked_once() -> dict[str, Any]:
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("database is locked")
        return snapshot(remaining=0)

    monkeypatch.setattr(run, "stamp", lambda: 1)
    monkeypatch.setattr(run, "get_progress", locked_once)
    report = reporter(out, until_done=False)
    with pytest.raises(OperationalError):
        report._tick()
    report._tick()
    assert "nothing to do" in out.getvalue()


def test_a_terminal_gets_one_living_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "xterm")
    out = Terminal()
    report = reporter(out)
    report._look(snapshot())
    report._look(snapshot())
    assert "\n" not in out.getvalue()
    assert all(len(part) <= 39 for part in out.getvalue().split("\r\x1b[K"))


WAITING = {"state": "waiting", "reason": "MusicBrainz: no network", "current": None}


@pytest.mark.parametrize(
    ("values", "width", "shown"),
    [
        (
            {},
            80,
            "500/1000 (50.0%)  enriched 450  about 3 min left  a song.mp4  Ctrl-C ends",
        ),
        (  # "enriched 2  name only 1" stood there, of thirteen; ten were not found
            {"processed": 13, "total": 40, "enriched": 2, "name_only": 1, "failed": 10},
            80,
            "13/40 (50.0%)  enriched 2  about 3 min left  a song.mp4  Ctrl-C ends",
        ),
        (  # nothing was left of what tells how to end it
            {"second_looks": 31},
            80,
            "500/1000 (50.0%)  enriched 450  about 3 min left  a song.mp4  Ctrl-C ends",
        ),
        (
            {"second_looks": 500, "processed": 1000, "percent": 99.9},
            80,
            "1000/1000 (99.9%)  about 3 min left for 500 second looks  a song.mp  Ctrl-C ends",
        ),
        (
            {"eta_seconds": None},
            80,
            "500/1000 (50.0%)  enriched 450  name only 30  not found 20  Ctrl-C ends",
        ),
        (WAITING, 60, "500/1000 (50.0%)  waiting for MusicBrainz: no network  Ctrl-C ends"[:60]),
        (
            WAITING,
            80,
            "500/1000 (50.0%)  enriched 450  waiting for MusicBrainz: no network  Ctrl-C ends",
        ),
    ],
)
def test_a_narrow_line_keeps_reason_and_way_out_and_cuts_the_song(
    values: dict[str, Any], width: int, shown: str
) -> None:
    assert line(snapshot(**values), width, hint="Ctrl-C ends") == shown


def test_a_song_told_twice_stands_in_one_row_of_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its year came from a slower service: the row where it stands is written anew, in colour."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    screen = Screen(out)
    screen.row(1, "    1  0.99 High", "green", slice(7, 16))
    screen.row(2, "    2  0.10 Low", "red", slice(7, 15))
    screen.living("half-way")
    screen.row(1, "    1  0.99 High (1975)", "green", slice(7, 16))
    written = out.getvalue()
    assert written.count("\n") == 2
    assert "\x1b[2A\r\x1b[K    1  \x1b[32m0.99 High\x1b[0m (1975)\x1b[2B\r" in written
    screen.say("a word between")
    screen.row(1, "    1 again")
    assert out.getvalue().endswith("\r\x1b[K    1 again\n"), "its row is not to be found any more"


def test_no_color_is_obeyed_and_quiet_says_no_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()
    Screen(out).row(1, "    1  0.99 High", "green", slice(7, 16))
    assert "\x1b[32m" not in out.getvalue()
    out = Terminal()
    quiet = Screen(out, is_quiet=True)
    quiet.row(1, "a song")
    quiet.living("half-way")
    assert out.getvalue() == ""


def test_a_dumb_terminal_is_steered_by_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor's shell showed a "^[[K" before each line, and rows written into each other."""
    monkeypatch.setenv("TERM", "dumb")
    out = Terminal()
    report = reporter(out)
    report._screen.row(1, "a song", "green", slice(0, 1))
    report._show(snapshot())
    report._screen.row(1, "a song", "green", slice(0, 1))
    report._screen.say("it is over")
    terminal.tell("a sentence", out)
    lines = out.getvalue().splitlines()
    assert lines == ["a song", line(snapshot(), 1000), "a song", "it is over", "a sentence"]


def test_a_lost_database_hides_nothing_at_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lost(_: Any) -> Any:
        raise OperationalError("the drive is gone, at the end")

    monkeypatch.setattr(run, "compose", lost)
    out = io.StringIO()
    reporter(out).end()
    assert "the drive is gone, at the end" in caplog.text
    assert out.getvalue() == ""


def test_each_tick_lets_go_of_a_database_that_was_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def progress() -> dict[str, Any]:
        done.append("read")
        return snapshot(remaining=0)

    class Consumer:
        def stop(self, *, graceful: bool) -> None:
            done.append(f"stop {graceful}")

    monkeypatch.setattr(run, "TICK", 0.01)
    database = SimpleNamespace(is_replaced=lambda: done.append("look"))
    monkeypatch.setattr(run, "database", database)
    monkeypatch.setattr(run, "get_progress", progress)
    report = reporter(io.StringIO())
    report._consumer = Consumer()
    report.start()
    report.join(30)
    assert done == ["look", "read", "stop True"]
