"""Files that are away for a while: what people said of them holds again when they are back."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from folders import song, touch
from pikaraoke.lib.karaoke_database import KaraokeDatabase
from pikaraoke.lib.library_scanner import LibraryScanner
from servers import songs_in_file

from pikaraoke_enrichment import queue_for_enrichment
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.exceptions import NothingToUndo
from pikaraoke_enrichment.models import CandidateRow, Change, KeptEdit, QueueEntry, Song, SongDetail
from pikaraoke_enrichment.schema.opening import close_library, open_library
from pikaraoke_enrichment.tasks import enrich, runtime
from pikaraoke_enrichment.tasks.history import changes, kept_edits
from pikaraoke_enrichment.tasks.review import corrections, reviewing
from pikaraoke_enrichment.tasks.review.editing import edit

pytestmark = pytest.mark.usefixtures("library")

STAYS = [f"Stays {number} - Here.mp4" for number in range(6)]
WORD = {"artist": "Bill Withers", "title": "Grandma's Hands", "year": 1971, "genre": "Soul"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Songs that stay where they are, and a stick without any yet."""
    made = tmp_path / "songs"
    touch(made, *STAYS)
    (made / "stick").mkdir()
    return made


def word(name: str) -> dict[str, Any]:
    """What the library tells of a song."""
    found = song(name)
    return {field: getattr(found, field) for field in ("artist", "title", "year", "genre")}


def is_final(name: str) -> bool:
    found = song(name)
    is_queued = QueueEntry.select().where(QueueEntry.song == found.id).exists()
    return (found.metadata_status, found.confidence, is_queued) == ("manual", 1.0, False)


def actions(name: str) -> list[str]:
    """What the song's history says, the latest first."""
    return [change.action for change in changes.history(song(name).id)]


def offer(name: str, artist: str, title: str, rank: int = 1) -> CandidateRow:
    return CandidateRow.create(
        song=song(name),
        rank=rank,
        artist=artist,
        title=title,
        year=1972,
        confidence=0.6,
        providers="lastfm",
        evidence='{"parts": []}',
    )


def unplug(folder: Path) -> None:
    (folder / "stick").rename(folder.parent / "unplugged")


def plug(folder: Path, at: str = "stick") -> None:
    (folder / at).parent.mkdir(exist_ok=True)
    (folder.parent / "unplugged").rename(folder / at)


# --- who deletes the row, and who adds it anew ----------------------------------------------------


def by_us(folder: Path) -> None:
    enrich.scan(folder)


def by_pikaraoke(folder: Path) -> None:
    """Its own scanner, followed by us."""
    pikaraoke = KaraokeDatabase(runtime.runtime().settings.db)
    LibraryScanner(pikaraoke).scan(str(folder))
    pikaraoke.close()
    enrich.follow()


def by_pikaraoke_unseen(folder: Path) -> None:
    """We do not run meanwhile."""
    pikaraoke = KaraokeDatabase(runtime.runtime().settings.db)
    LibraryScanner(pikaraoke).scan(str(folder))
    pikaraoke.close()


pikaraoke_too = pytest.mark.parametrize(
    "scan",
    [
        by_us,
        pytest.param(by_pikaraoke, marks=songs_in_file),
        pytest.param(by_pikaraoke_unseen, marks=songs_in_file),
    ],
)
NAMES = ["stick/bill w - grandmas hands---abcDefghij1.mp4", "stick/bill w - hands.mp4"]


@pikaraoke_too
@pytest.mark.parametrize("name", NAMES)
def test_a_word_outlives_a_stick_that_is_away_for_one_scan(
    folder: Path, name: str, scan: Callable[[Path], None]
) -> None:
    touch(folder, name)
    enrich.scan(folder)
    before = edit(song(name).id, WORD)
    unplug(folder)
    scan(folder)
    assert Song.select().where(Song.id == before.id).count() == 0
    assert (
        Change.select().count()
        == SongDetail.select().where(SongDetail.song == before.id).count()
        == 0
    )
    plug(folder)
    scan(folder)
    enrich.follow()
    assert song(name).id != before.id, "it is a new row"
    assert word(name) == WORD
    assert is_final(name)
    assert actions(name) == ["edit"]
    assert json.loads(SongDetail.get_by_id(song(name).id).sources) == dict.fromkeys(WORD, "person")
    assert all(song(stays).metadata_status == "parsed" for stays in STAYS)


def test_what_is_away_time_and_again_comes_back_each_time(folder: Path) -> None:
    touch(folder, NAMES[1])
    enrich.scan(folder)
    edit(song(NAMES[1]).id, WORD)
    for year in (1980, 1990):
        unplug(folder)
        enrich.scan(folder)
        plug(folder)
        enrich.scan(folder)
        edit(song(NAMES[1]).id, {"year": year})
    assert word(NAMES[1]) == {**WORD, "year": 1990}
    assert actions(NAMES[1]) == ["edit", "edit", "edit"]
    assert KeptEdit.select().count() == 1


def test_what_was_done_under_the_same_name_comes_back_as_an_upload(folder: Path) -> None:
    """PiKaraoke's delete page, and the video downloaded again under the name it has by now."""
    touch(folder, NAMES[0])
    enrich.scan(folder)
    edit(song(NAMES[0]).id, WORD)
    (folder / NAMES[0]).unlink()
    Song.delete().where(Song.id == song(NAMES[0]).id).execute()
    anew = "Grandmas Hands official [abcDefghij1].webm"
    touch(folder, anew)
    queue_for_enrichment(str(folder / anew))
    enrich.enrich_song.call_local(song(anew).id)
    assert word(anew) == WORD
    assert is_final(anew)


# --- which file it is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "back", "is_known"),
    [
        ("Track 01.mp4", "stick/Track 01.mp4", True),
        ("Track 01.mp4", "stick/other disc/Track 01.mp4", False),
        ("Track 01.mp4", "mounted elsewhere/stick/Track 01.mp4", True),
        ("bill w - hands.mp4", "stick/other disc/bill w - hands.mp4", True),
        ("bill w - hands.mp4", "stick/bill w - hands.webm", False),
        ("Track 01---abcDefghij1.mp4", "other disc/anything [abcDefghij1].webm", True),
        ("Track 01---abcDefghij1.mp4", "stick/Track 01---abcDefghijX.mp4", False),
    ],
)
def test_a_file_is_known_again_where_it_can_be_no_other(
    folder: Path, name: str, back: str, is_known: bool
) -> None:
    """A bare name that tells no artist lies in many folders."""
    touch(folder, f"stick/{name}")
    enrich.scan(folder)
    edit(song(f"stick/{name}").id, WORD)
    (folder / "stick" / name).unlink()
    enrich.scan(folder)
    touch(folder, back)
    enrich.scan(folder)
    assert is_final(back) is is_known
    assert (word(back) == WORD) is is_known


@pytest.mark.parametrize("corrected", ["one", "two"])
def test_of_two_files_with_one_name_the_one_that_was_meant_gets_it(
    folder: Path, corrected: str
) -> None:
    name = "bill w - hands.mp4"
    both = [f"stick/one/{name}", f"stick/two/{name}"]
    touch(folder, *both)
    enrich.scan(folder)
    edit(song(f"{corrected}/{name}").id, WORD)
    unplug(folder)
    enrich.scan(folder)
    plug(folder)
    enrich.scan(folder)
    assert [is_final(path) for path in both] == [path.split("/")[1] == corrected for path in both]


def test_two_words_for_one_video_each_go_back_to_their_file(folder: Path) -> None:
    both = ["stick/a hands---abcDefghij1.mp4", "stick/b hands---abcDefghij1.mp4"]
    touch(folder, *both)
    enrich.scan(folder)
    for path in both:
        edit(song(path).id, {"title": path})
    unplug(folder)
    enrich.scan(folder)
    plug(folder)
    enrich.scan(folder)
    assert [song(path).title for path in both] == both


@pytest.mark.parametrize("tag", ["ZoomKaraoke", "DigitalTrax", "with-lyrics"])
def test_a_makers_name_in_brackets_is_no_video(folder: Path, tag: str) -> None:
    """Eleven signs, which PiKaraoke takes for an id."""
    touch(folder, f"Toto - Africa [{tag}].mp4")
    enrich.scan(folder)
    edit(song(f"Toto - Africa [{tag}].mp4").id, WORD)
    (folder / f"Toto - Africa [{tag}].mp4").unlink()
    enrich.scan(folder)
    touch(folder, f"Queen - Innuendo [{tag}].mp4", f"stick/Toto - Africa [{tag}].mp4")
    enrich.scan(folder)
    assert song(f"Queen - Innuendo [{tag}].mp4").title == "Innuendo"
    assert is_final(f"stick/Toto - Africa [{tag}].mp4")


@pytest.mark.parametrize("name", ["hands---abcDefghij1.mp4", "bill w - hands.mp4"])
def test_what_macos_keeps_beside_a_song_does_not_get_its_word(folder: Path, name: str) -> None:
    """It stands first in the folder, and under the same id."""
    touch(folder, f"stick/{name}", f"stick/._{name}")
    enrich.scan(folder)
    edit(song(f"stick/{name}").id, WORD)
    unplug(folder)
    enrich.scan(folder)
    plug(folder, "mounted elsewhere")
    enrich.scan(folder)
    Song.create(file_path=str(folder / f"mounted elsewhere/._{name}"), format="mp4")  # PiKaraoke
    enrich.follow()
    assert is_final(f"mounted elsewhere/{name}")
    assert not is_final(f"mounted elsewhere/._{name}")


def test_only_the_first_of_several_copies_gets_it(folder: Path) -> None:
    touch(folder, "stick/hands---abcDefghij1.mp4")
    enrich.scan(folder)
    edit(song("stick/hands---abcDefghij1.mp4").id, WORD)
    unplug(folder)
    enrich.scan(folder)
    for copy in ("a/hands---abcDefghij1.mp4", "b/hands---abcDefghij1.mp4"):
        touch(folder, copy)
        enrich.scan(folder)
    assert is_final("a/hands---abcDefghij1.mp4")
    assert not is_final("b/hands---abcDefghij1.mp4")


def test_a_file_is_known_again_by_the_name_it_had_last(folder: Path) -> None:
    """PiKaraoke renames a file, or finds it elsewhere, in the row that it has."""
    touch(folder, "stick/Track 01.mp4")
    enrich.scan(folder)
    edit(song("Track 01.mp4").id, WORD)
    (folder / "stick/Track 01.mp4").rename(folder / "stick/Hands.mp4")
    Song.update(file_path=str(folder / "stick/Hands.mp4")).where(
        Song.id == song("Track 01.mp4").id
    ).execute()
    enrich.follow()
    unplug(folder)
    enrich.scan(folder)
    plug(folder)
    enrich.scan(folder)
    assert word("stick/Hands.mp4") == WORD


def test_what_was_said_of_the_new_row_goes_before(folder: Path) -> None:
    """A person was faster than the consumer."""
    touch(folder, NAMES[1])
    enrich.scan(folder)
    edit(song(NAMES[1]).id, WORD)
    Song.delete().where(Song.id == song(NAMES[1]).id).execute()
    Song.create(file_path=str(folder / NAMES[1]), format="mp4")
    edit(song(NAMES[1]).id, {"title": "Use Me"})
    enrich.follow()
    assert word(NAMES[1])["title"] == "Use Me"
    assert actions(NAMES[1]) == ["edit"]


# --- what comes back ------------------------------------------------------------------------------


def test_each_word_can_be_taken_back_in_turn(folder: Path) -> None:
    name = NAMES[1]
    touch(folder, name)
    enrich.scan(folder)
    read = word(name)
    answer = {**read, "artist": "Bill Withers", "year": 1972}
    made = {**answer, "metadata_status": "enriched", "confidence": 0.93}
    before = changes.state_of(song(name))
    changes.record(song(name).id, before, made, action="answer", source="lastfm")
    Song.update(made).where(Song.id == song(name).id).execute()
    # Another title makes it another song, but for a year that is said.
    edit(song(name).id, {"title": WORD["title"], "year": 1972}, sees_all=False)
    edit(song(name).id, WORD)
    unplug(folder)
    enrich.scan(folder)
    plug(folder)
    enrich.scan(folder)
    assert actions(name) == ["edit", "edit", "return"]
    assert word(name) == WORD
    changes.undo(song(name).id)
    assert word(name) == {**answer, "title": WORD["title"]}
    assert is_final(name)
    changes.undo(song(name).id)
    assert word(name) == answer
    assert song(name).metadata_status == "enriched"
    changes.undo(song(name).id)
    assert word(name) == read
    assert song(name).metadata_status == "parsed"
    assert QueueEntry.select().where(QueueEntry.song == song(name).id).exists(), "nobody looked yet"
    assert KeptEdit.select().count() == 0, "nothing is said of it any more"
    with pytest.raises(NothingToUndo):
        changes.undo(song(name).id)


def test_a_return_that_changed_nothing_is_nothing_to_take_back(folder: Path) -> None:
    """The name is read as it was read before the edit."""
    touch(folder, NAMES[1])
    enrich.scan(folder)
    edit(song(NAMES[1]).id, WORD)
    unplug(folder)
    enrich.scan(folder)
    plug(folder)
    enrich.scan(folder)
    changes.undo(song(NAMES[1]).id)
    assert song(NAMES[1]).metadata_status == "parsed"
    with pytest.raises(NothingToUndo):
        changes.undo(song(NAMES[1]).id)


def test_what_was_refused_stays_refused(folder: Path) -> None:
    name = NAMES[1]
    touch(folder, name)
    enrich.scan(folder)
    offer(name, "Bill Withers", "Use Me")
    offer(name, "Bill Withers", "Lean on Me", 2)
    offer(name, "Bill Withers", "Harlem", 3)
    first = reviewing.candidates(song(name).id)[0]
    reviewing.reject(song(name).id, reviewing.token(first))
    reviewing.reject(song(name).id, reviewing.token(reviewing.candidates(song(name).id)[0]))
    refused = changes.doubts(song(name).id).refused
    CandidateRow.delete().where(CandidateRow.title == "Harlem").execute()
    unplug(folder)
    enrich.scan(folder)
    offer(STAYS[0], "Somebody", "Else")  # so that candidates get other ids
    plug(folder)
    enrich.scan(folder)
    assert changes.doubts(song(name).id).refused == refused
    assert len(refused) == 2
    assert reviewing.candidates(song(name).id) == []
    assert song(name).metadata_status == "parsed"
    assert QueueEntry.select().where(QueueEntry.song == song(name).id).exists()
    changes.undo(song(name).id)
    assert [row.title for row in reviewing.candidates(song(name).id)] == ["Lean on Me"]
    changes.undo(song(name).id)
    assert [row.title for row in reviewing.candidates(song(name).id)] == ["Use Me", "Lean on Me"]
    assert KeptEdit.select().count() == 0


def test_a_whole_import_can_be_taken_back_after_the_return(folder: Path) -> None:
    touch(folder, *NAMES)
    enrich.scan(folder)
    lines = ["name,title\n", *(f"{os.path.basename(name)},Imported\n" for name in NAMES)]
    batch = corrections.read_csv(lines).batch
    unplug(folder)
    enrich.scan(folder)
    plug(folder)
    enrich.scan(folder)
    assert [song(name).title for name in NAMES] == ["Imported"] * 2
    assert changes.undo_batch(batch) == (2, 0)
    assert [song(name).metadata_status for name in NAMES] == ["parsed"] * 2


def test_the_moment_of_the_correction_is_still_known(folder: Path) -> None:
    """An older list of corrections does not go before it, nor does a newer one yield to it."""
    touch(folder, NAMES[1])
    enrich.scan(folder)
    edit(song(NAMES[1]).id, WORD)
    said_at = corrections.corrected_at(song(NAMES[1]))
    unplug(folder)
    enrich.scan(folder)
    plug(folder)
    enrich.scan(folder)
    assert corrections.corrected_at(song(NAMES[1])) == said_at


def test_what_was_taken_back_does_not_come_back(folder: Path) -> None:
    touch(folder, NAMES[1])
    enrich.scan(folder)
    edit(song(NAMES[1]).id, WORD)
    changes.undo(song(NAMES[1]).id)
    unplug(folder)
    enrich.scan(folder)
    plug(folder)
    enrich.scan(folder)
    assert song(NAMES[1]).metadata_status == "parsed"
    assert actions(NAMES[1]) == []


BROKEN = [
    "{",
    "[]",
    "{}",
    '{"verified": {"title": "Hands"}, "sources": "{}", "refused": [], "changes": []}',
    '{"verified": null, "sources": "{}", "refused": [{"id": 1}], "changes": []}',
]


@pytest.mark.parametrize("said", BROKEN)
def test_what_cannot_be_given_back_holds_up_no_other_name(folder: Path, said: str) -> None:
    broken, whole = NAMES
    touch(folder, *NAMES)
    enrich.scan(folder)
    for name in NAMES:
        edit(song(name).id, WORD)
    was = song(broken).id
    unplug(folder)
    enrich.scan(folder)
    KeptEdit.update(said=said).where(KeptEdit.song_id == was).execute()
    plug(folder)
    enrich.scan(folder)
    assert is_final(whole)
    assert song(broken).metadata_status == "parsed"
    assert not CandidateRow.select().exists()
    assert KeptEdit.get(KeptEdit.song_id == was).said == said


def test_what_a_later_version_said_besides_is_left_out(folder: Path) -> None:
    name = NAMES[1]
    touch(folder, name)
    enrich.scan(folder)
    offer(name, "Bill Withers", "Use Me")
    reviewing.reject(song(name).id)
    edit(song(name).id, WORD)
    said = json.loads(KeptEdit.get().said)
    for part in (said["verified"], *said["refused"], *said["changes"]):
        part["mood"] = "sad"
    unplug(folder)
    enrich.scan(folder)
    KeptEdit.update(said=json.dumps(said)).execute()
    plug(folder)
    enrich.scan(folder)
    assert word(name) == WORD
    assert len(changes.doubts(song(name).id).refused) == 1


# --- from the version before, and for how long ----------------------------------------------------


def test_words_of_the_version_before_are_kept_too(folder: Path) -> None:
    """The first thing that the new version does may be the scan that deletes them."""
    verified, refused, marked = NAMES[0], NAMES[1], "stick/Track 01.mp4"
    unlisted = "stick/Track 02.mp4"
    touch(folder, verified, refused, marked, unlisted)
    enrich.scan(folder)
    edit(song(verified).id, WORD)
    offer(refused, "Bill Withers", "Use Me")
    reviewing.reject(song(refused).id)
    Song.update(metadata_status="manual", confidence=1.0, title="Hands").where(
        Song.id == song(marked).id
    ).execute()  # from before changes were kept
    offer(unlisted, "Bill Withers", "Lean on Me")
    CandidateRow.update(rejected=True).where(CandidateRow.title == "Lean on Me").execute()  # too
    place = runtime.runtime().settings.db
    database.execute_sql("DROP TABLE enrichment_keepsake")
    database.execute_sql("UPDATE enrichment_state SET value = '4' WHERE key = 'schema_version'")
    close_library()
    open_library(place)
    assert KeptEdit.select().count() == 4
    unplug(folder)
    enrich.scan(folder)
    assert Song.select().count() == len(STAYS)
    plug(folder)
    enrich.scan(folder)
    assert word(verified) == WORD
    assert is_final(verified)
    assert len(changes.doubts(song(refused).id).refused) == 1
    assert len(changes.doubts(song(unlisted).id).refused) == 1
    assert song(marked).title == "Hands"
    assert is_final(marked)


def test_what_is_gone_for_a_year_is_forgotten(folder: Path) -> None:
    touch(folder, *NAMES)
    enrich.scan(folder)
    for name in NAMES:
        edit(song(name).id, WORD)
    (folder / NAMES[0]).unlink()
    enrich.scan(folder)
    long_ago = database.now() - kept_edits.YEAR - 60
    KeptEdit.update(gone_at=long_ago).where(KeptEdit.gone_at.is_null(False)).execute()
    (folder / NAMES[1]).unlink()
    enrich.scan(folder)
    kept = [(row.key, row.gone_at > long_ago) for row in KeptEdit.select()]
    assert kept == [("bill w - hands.mp4", True)]


def test_what_was_missed_by_a_wrong_clock_is_not_forgotten(folder: Path) -> None:
    touch(folder, *NAMES)
    enrich.scan(folder)
    for name in NAMES:
        edit(song(name).id, WORD)
    (folder / NAMES[0]).unlink()
    enrich.scan(folder)
    KeptEdit.update(gone_at=5.0).where(KeptEdit.gone_at.is_null(False)).execute()
    (folder / NAMES[1]).unlink()
    enrich.scan(folder)
    assert KeptEdit.select().count() == 2
