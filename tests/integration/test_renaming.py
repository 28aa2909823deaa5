"""Files renamed to what their songs are known as: what is offered, what stands against it, undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from renames import ID, Hand, add, names

from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.exceptions import Unreachable
from pikaraoke_enrichment.models import QueueEntry, Rename, Song
from pikaraoke_enrichment.tasks import enrich, runtime
from pikaraoke_enrichment.tasks.review import renaming
from pikaraoke_enrichment.tasks.uploads import take_renamed


@pytest.fixture(autouse=True)
def _opened(library: runtime.Runtime) -> None:
    """Every test works on a library of its own."""


def picks(*found: renaming.Proposal) -> list[tuple[int, str]]:
    return [(one.song_id, one.token) for one in found]


def test_what_is_certain_is_offered_and_nothing_else(folder: Path) -> None:
    sure = add(folder, f"innuendo{ID}.mp4")
    said = add(folder, "x.mp4", metadata_status="manual", confidence=1.0)
    add(folder, "less sure.mp4", confidence=0.89)
    add(folder, "parsed.mp4", metadata_status="parsed", confidence=0.95)
    add(folder, "nobody.mp4", artist="")
    add(folder, "Queen - Radio Ga Ga.mp4", title="Radio Ga Ga")  # has it already
    offered = {one.song_id: one.new_name for one in renaming.preview([])}
    assert offered == {sure: f"Queen - Innuendo{ID}.mp4", said: "Queen - Innuendo.mp4"}
    assert [one.song_id for one in renaming.preview([], after=sure)] == [said]


def test_what_stands_against_a_name(folder: Path) -> None:
    wanted = {
        "gone": add(folder, "gone.mp4", title="Gone"),
        "queued": add(folder, "queued.mp4", title="Queued"),
        "playing": add(folder, "playing.mp4", title="Playing"),
        "taken": add(folder, "taken.mp4", title="Taken"),
        "companion": add(folder, "companion.mp3", title="Left Over"),
        "twice": add(folder, "twice one.mp4", title="Twice"),
        "again": add(folder, "twice two.mp4", title="TWICE"),
        "shared": add(folder, "shared.mp4", title="Shared"),
        "case": add(folder, "QUEEN - CASE.mp4", title="Case"),
        "own": add(folder, "own.mp3", title="Own"),
    }
    (folder / "gone.mp4").unlink()
    for name in ("Queen - Taken.mkv", "Queen - Left Over.cdg", "Shared.mp3", "own.cdg", "own.txt"):
        (folder / name).touch()
    database.execute_sql("INSERT INTO sessions (id, uuid) VALUES (1, 'a')")
    database.execute_sql(
        "INSERT INTO plays (session_id, song_id, song_title, performer) VALUES (1, ?, 'x', 'Ann')",
        (wanted["playing"],),
    )
    problems = {one.song_id: one.problem for one in renaming.preview([str(folder / "queued.mp4")])}
    assert problems == {
        wanted["gone"]: "gone",
        wanted["queued"]: "queued",
        wanted["playing"]: "playing",
        wanted["taken"]: "taken",
        wanted["companion"]: "taken",
        wanted["twice"]: "twice",
        wanted["again"]: "twice",
        wanted["shared"]: "shared",
        wanted["case"]: "",
        wanted["own"]: "",
    }


def test_a_renamed_song_keeps_what_is_known_and_its_old_name(folder: Path) -> None:
    old, new = f"innuendo{ID}.mp4", f"Queen - Innuendo{ID}.mp4"
    song = add(folder, old)
    hand = Hand()
    done = renaming.rename(picks(*renaming.preview([])), [], hand)
    assert (done.renamed, done.left) == (1, [])
    assert hand.asked == [(str(folder / old), "Queen - Innuendo")]
    assert names(folder) == {new}

    # PiKaraoke says that it was renamed, and the steward sees another name: neither is news.
    assert take_renamed(song) == 0
    assert enrich.follow() == 0
    kept = Song.get_by_id(song)
    assert (kept.title, kept.year, kept.metadata_status) == ("Innuendo", 1991, "enriched")
    assert QueueEntry.select().count() == 0
    assert renaming.preview([]) == []

    assert [batch for batch, _, _ in renaming.latest_batches()] == [done.batch]
    back = renaming.undo(done.batch, [], hand)
    assert (back.renamed, back.left) == (1, [])
    assert names(folder) == {old}
    assert take_renamed(song) == 0
    assert enrich.follow() == 0
    assert Song.get_by_id(song).year == 1991
    assert renaming.undo(done.batch, [], hand).renamed == 0, "once"

    # A name that somebody else gives is read.
    renamed = str(folder / "Toto - Africa.mp4")
    Song.update(file_path=renamed).where(Song.id == song).execute()
    assert take_renamed(song) == 1
    assert enrich.follow() == 1
    assert Song.get_by_id(song).title == "Africa"


def test_a_name_that_was_given_once_is_news_after_another(folder: Path) -> None:
    song = add(folder, "innuendo.mp4")
    given = "Queen - Innuendo.mp4"
    assert renaming.rename(picks(*renaming.preview([])), [], Hand()).renamed == 1
    assert enrich.follow() == 0

    def named(name: str) -> Any:
        Song.update(file_path=str(folder / name)).where(Song.id == song).execute()
        return take_renamed(song), enrich.follow(), Song.get_by_id(song).title

    assert named("ABBA - Waterloo.mp4") == (1, 1, "Waterloo")
    assert named("innuendo.mp4") == (1, 1, "Innuendo"), "by hand, in two steps"
    Song.update(artist="Queen", year=1991, metadata_status="enriched").where(
        Song.id == song
    ).execute()
    assert named(given) == (0, 0, "Innuendo")
    assert Song.get_by_id(song).year == 1991
    assert named("ABBA - Waterloo.mp4") == (1, 1, "Waterloo")
    assert named(given) == (1, 1, "Innuendo")


def test_only_what_was_shown_is_renamed(folder: Path) -> None:
    first, second = add(folder, "one.mp4"), add(folder, "two.mp4", title="One Vision")
    shown = renaming.preview([])
    Song.update(title="Another Word").where(Song.id == first).execute()
    done = renaming.rename([*picks(*shown), (999, "nobody")], [], Hand())
    assert done.renamed == 1
    assert names(folder) == {"one.mp4", "Queen - One Vision.mp4"}
    assert renaming.in_batch(done.batch)[0].song_id == second


def test_what_pikaraoke_declines_is_left_with_its_word(folder: Path) -> None:
    add(folder, "one.mp4")
    hand = Hand()
    hand.refuses = "It is playing"
    done = renaming.rename(picks(*renaming.preview([])), [], hand)
    assert (done.renamed, done.left) == (0, [("one.mp4", "It is playing")])
    assert Rename.select().count() == 0
    queued = [str(folder / "one.mp4")]
    assert renaming.rename(picks(*renaming.preview([])), queued, hand).left == [
        ("one.mp4", "queued")
    ]
    assert len(hand.asked) == 1, "it is not even asked"


def test_pikaraoke_goes_away_in_the_midst(folder: Path) -> None:
    add(folder, "one.mp4", title="One")
    add(folder, "two.mp4", title="Two")
    hand = Hand()
    hand.is_away_after = 1
    with pytest.raises(Unreachable):
        renaming.rename(picks(*renaming.preview([])), [], hand)
    assert names(folder) == {"Queen - One.mp4", "two.mp4"}
    hand.is_away_after = 1000
    (batch, _, _), *_ = renaming.latest_batches()
    assert renaming.undo(batch, [], hand).renamed == 1
    assert names(folder) == {"one.mp4", "two.mp4"}


def test_an_old_name_that_was_taken_since_is_not_given_back(folder: Path) -> None:
    add(folder, "one.mp4")
    hand = Hand()
    done = renaming.rename(picks(*renaming.preview([])), [], hand)
    (folder / "one.mp4").touch()
    assert renaming.undo(done.batch, [], hand).left == [("Queen - Innuendo.mp4", "taken")]
    assert names(folder) == {"one.mp4", "Queen - Innuendo.mp4"}
