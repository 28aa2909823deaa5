"""People's corrections carried from one library to another, and back out of it."""

from __future__ import annotations

import io
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from pikaraoke_enrichment.exceptions import NoCorrections
from pikaraoke_enrichment.models import Change, Song
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.history import changes
from pikaraoke_enrichment.tasks.review import corrections
from pikaraoke_enrichment.tasks.review.editing import edit

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture(autouse=True)
def _opened(library: runtime.Runtime) -> None:
    """Every test works on a library of its own."""


def add(path: str, youtube_id: str | None = None, title: str = "read") -> int:
    made = Song.create(
        file_path=path, youtube_id=youtube_id, format="mp4", title=title, metadata_status="parsed"
    )
    return int(made.id)


def exported() -> str:
    out = io.StringIO()
    corrections.write_csv(out)
    assert out.getvalue().startswith("\ufeff"), "Excel takes it for UTF-8"
    return out.getvalue().removeprefix("\ufeff")


def imported(text: str, *, overwrite: bool = False) -> corrections.Imported:
    return corrections.read_csv(text.splitlines(keepends=True), overwrite=overwrite)


def told(song_id: int) -> tuple[str | None, str | None, int | None, str | None]:
    song = Song.get_by_id(song_id)
    return song.artist, song.title, song.year, song.metadata_status


def at(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


# As older versions wrote it, which is taken as ever.
HEAD = "youtube_id,name,artist,title,variant,year,genre,corrected_at\n"
HEAD_NOW = HEAD.replace("genre,", "genre,duet,language,explicit,")


def test_corrections_travel_by_youtube_id_and_by_name() -> None:
    one = add("/a/Some Name---abcDefghij1.mp4", "abcDefghij1")
    other = add("/a/Rip.mp4")
    add("/a/Not corrected.mp4")
    edit(one, {"artist": "Queen", "title": "=Radio Ga Ga", "year": "1984"})
    edit(other, {"artist": "ABBA", "title": "Waterloo"})
    text = exported()
    assert text.startswith(HEAD_NOW)
    assert len(text.splitlines()) == 3

    Song.delete().execute()
    again = add("/b/Other Name [abcDefghij1].mp4", "abcDefghij1")
    twice = add("/c/Other copy---abcDefghij1.mp4", "abcDefghij1")
    rip = add("/elsewhere/Rip.mp4")
    done = imported(text)
    assert (done.applied, done.equal, done.unknown, done.kept, done.wrong) == (3, 0, [], [], [])
    assert told(again) == told(twice) == ("Queen", "=Radio Ga Ga", 1984, "manual")
    assert told(rip) == ("ABBA", "Waterloo", None, "manual")
    assert imported(text).equal == 3, "a second time changes nothing"

    assert changes.undo_batch(done.batch) == (3, 0)
    assert told(rip) == (None, "read", None, "parsed")


def test_a_makers_name_in_brackets_tells_no_song() -> None:
    """PiKaraoke takes its eleven signs for a YouTube id."""
    innuendo = add("/a/Queen - Innuendo [ZoomKaraoke].mp4", "ZoomKaraoke")
    africa = add("/a/Toto - Africa [ZoomKaraoke].mp4", "ZoomKaraoke")
    name = "Toto - Africa [ZoomKaraoke].mp4"
    assert imported(f"{HEAD}ZoomKaraoke,{name},Toto,Africa,,,,\n").applied == 1
    assert told(africa)[:2] == ("Toto", "Africa")
    assert told(innuendo)[3] == "parsed"


def test_a_newer_correction_is_kept_and_named() -> None:
    mine = add("/a/Rip.mp4")
    edit(mine, {"title": "Mine"})
    older = f"{HEAD},Rip.mp4,Theirs,Theirs,,,,{at(time.time() - 3600)}\n"
    done = imported(older)
    assert (done.applied, done.kept) == (0, ["Rip.mp4"])
    assert told(mine)[1] == "Mine"
    assert imported(older, overwrite=True).applied == 1
    assert told(mine)[1] == "Theirs"
    newer = f"{HEAD},Rip.mp4,Last,Last,,,,{at(time.time() + 3600)}\n"
    assert imported(newer).applied == 1
    assert told(mine)[1] == "Last"


def test_wrong_lines_are_named_and_the_others_taken() -> None:
    rip = add("/a/Rip.mp4")
    add("/a/Other.mp4")
    text = f"{HEAD},Other.mp4,A,B,,next year,,\n,Rip.mp4,ABBA,Waterloo,,,,\n,Nowhere.mp4,A,B,,,,\n"
    done = imported(text)
    assert (done.applied, done.unknown) == (1, ["Nowhere.mp4"])
    assert "line 2" in done.wrong[0]
    assert told(rip)[0] == "ABBA"


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "\0\n", "title\nWaterloo\n"])
def test_another_file_changes_nothing(text: str) -> None:
    add("/a/Rip.mp4")
    with pytest.raises(NoCorrections):
        imported(text)
    assert not Change.select().exists()


# --- through a spreadsheet ------------------------------------------------------------------------


def european(text: str) -> str:
    """As Excel saves it where numbers have a comma."""
    return text.replace(",", ";").replace("\n", "\r\n")


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: f"\ufeff{text}".encode(),
        lambda text: f"\ufeff{european(text)}".encode(),
        lambda text: european(text).encode("cp1252"),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: b"sep=;\r\n" + european(text).encode(),
        # Opened as Windows-1252, then saved as UTF-8.
        lambda text: f"\ufeff{text.encode().decode('cp1252')}".encode(),
    ],
    ids=["as it is", "semicolons", "Windows-1252", "UTF-16", "sep=", "garbled"],
)
def test_a_list_comes_back_from_any_spreadsheet(tmp_path: Path, saved: Any) -> None:
    song = add("/songs/Beyoncé - Halo.mp4")
    edit(song, {"artist": "Beyoncé", "title": "Halo", "year": "2009"})
    text = exported()
    changes.undo(song)
    file = tmp_path / "list.csv"
    file.write_bytes(saved(text))
    done = corrections.read_file(file)
    assert told(song) == ("Beyoncé", "Halo", 2009, "manual")
    assert (done.applied, done.wrong) == (1, [])


def test_what_is_garbled_for_good_is_no_persons_word(tmp_path: Path) -> None:
    song = add("/songs/a.mp4")
    file = tmp_path / "list.csv"
    file.write_text(
        "name,artist,title\na.mp4,BeyoncÃ© Ã¿?Ã‚x,Halo Ã\u00a0Ãa…Ã…Ã\n", encoding="utf-8"
    )
    done = corrections.read_file(file)
    assert (done.applied, len(done.wrong)) == (0, 1)
    assert told(song)[3] == "parsed"


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsx"
    file.write_bytes(b"PK\x03\x04\0\0")
    with pytest.raises(NoCorrections, match="save it as CSV"):
        corrections.read_file(file)
