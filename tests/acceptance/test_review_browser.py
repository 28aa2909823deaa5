"""The review in a real browser: one key a decision, and nothing decided unseen."""

from __future__ import annotations

from typing import Any

from pages import find, heading, press, song_of, within

from pikaraoke_enrichment.models import CandidateRow, Song
from pikaraoke_enrichment.web.server import Server


def test_review_by_keys(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    assert heading(page) == "innuendo karaoke.mp4"
    press(page, "1")
    within(lambda: heading(page) == "under presure.mp4")
    within(lambda: "Accepted and verified" in find(page, "#enrichment-done").text)
    now = song_of("innuendo karaoke")
    assert (now.artist, now.title, now.year) == ("Queen", "Innuendo", 1991)
    press(page, "u")
    within(lambda: heading(page) == "innuendo karaoke.mp4")
    assert song_of("innuendo karaoke").artist is None
    press(page, "s")
    within(lambda: heading(page) == "under presure.mp4")
    press(page, "r")
    within(lambda: "gpm.evil" in heading(page))
    # Keys are not heard until the page knows what became of the one before.
    within(lambda: "Rejected" in find(page, "#enrichment-done").text)
    assert CandidateRow.select().where(CandidateRow.rejected).count() == 2
    press(page, "s")
    within(lambda: heading(page) == "Nothing left here")
    assert "still wait: 2" in find(page, "#enrichment-one").text


def test_rejecting_one_candidate_leaves_the_others(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    find(page, '[data-action="reject"] button').click()
    within(lambda: len(page.find_elements("css selector", ".enr-candidate")) == 1)
    assert heading(page) == "innuendo karaoke.mp4"
    assert "Queen & David Bowie" in find(page, ".enr-candidate").text
    within(lambda: "Rejected" in find(page, "#enrichment-done").text)


def test_next_song_is_there_before_it_is_asked_for(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    count = (
        'return performance.getEntriesByType("resource")'
        '.filter((entry) => entry.name.includes("/review?after=")).length'
    )
    within(lambda: page.execute_script(count) == 1)


def test_a_decision_that_could_not_be_saved_is_said_and_shown_again(
    page: Any, server: Server
) -> None:
    page.get(f"{server.url}review")
    song = song_of("innuendo karaoke")
    Song.update(artist="Somebody").where(Song.id == song.id).execute()
    press(page, "1")
    within(lambda: "changed this song meanwhile" in find(page, "#enrichment-problem").text)
    within(lambda: heading(page) == "innuendo karaoke.mp4")
    assert Song.get_by_id(song.id).artist == "Somebody"
