"""The review in a real browser: one key a decision, and nothing decided unseen."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pages import (
    add_song,
    find,
    heading,
    offer,
    on_a_phone,
    press,
    serving,
    song_of,
    stays,
    within,
)

from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import CandidateRow, Change, Song
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.review import reviewing
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.web.server import Server

PASSWORD = "correct horse"
ENTER = "\ue007"
CANDIDATES = ".enr-candidate:not(.enr-reading)"


def test_review_by_keys(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    assert heading(page) == "innuendo karaoke.mp4"
    decide(page, "1")
    within(lambda: heading(page) == "under presure.mp4")
    within(lambda: "Accepted and verified" in find(page, "#enrichment-done").text)
    now = song_of("innuendo karaoke")
    assert (now.artist, now.title, now.year) == ("Queen", "Innuendo", 1991)
    decide(page, "u")
    within(lambda: heading(page) == "innuendo karaoke.mp4")
    assert song_of("innuendo karaoke").artist is None
    decide(page, "s")
    within(lambda: heading(page) == "under presure.mp4")
    decide(page, "r")
    within(lambda: "gpm.evil" in heading(page))
    # Keys are not heard until the page knows what became of the one before.
    within(lambda: "Rejected" in find(page, "#enrichment-done").text)
    assert CandidateRow.select().where(CandidateRow.rejected).count() == 2
    decide(page, "s")
    within(lambda: heading(page) == "innuendo karaoke.mp4")


def test_rejecting_one_candidate_leaves_the_others(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    find(page, '[data-action="reject"] button').click()
    within(lambda: len(page.find_elements("css selector", CANDIDATES)) == 1)
    assert heading(page) == "innuendo karaoke.mp4"
    assert "Queen & David Bowie" in find(page, CANDIDATES).text
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
    decide(page, "1")
    within(lambda: "changed this song meanwhile" in find(page, "#enrichment-problem").text)
    assert "innuendo karaoke.mp4" in find(page, "#enrichment-problem").text
    assert heading(page) == "innuendo karaoke.mp4"
    assert Song.get_by_id(song.id).artist == "Somebody"


def decide(page: Any, key: str) -> None:
    """A key pressed once the song has been looked at."""
    settled(page)
    press(page, key)


def settled(page: Any) -> None:
    """Wait as long as nobody can have read the song's name: keys are not heard until then."""
    name = heading(page)
    assert stays(lambda: heading(page) == name, 0.4)


def test_a_key_pressed_twice_decides_one_song(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    settled(page)
    press(page, "11")
    within(lambda: heading(page) == "under presure.mp4")
    assert stays(lambda: heading(page) == "under presure.mp4")
    assert song_of("under presure").metadata_status == "parsed"


def test_the_next_song_waits_for_the_answer(browser: Any, library: runtime.Runtime) -> None:
    """The dashboard has gone away: no song is shown as if the one before had been saved."""
    with serving(library.settings) as server:
        browser.get(f"{server.url}review")
        settled(browser)
    press(browser, "1")
    within(lambda: "does not answer" in find(browser, "#enrichment-problem").text)
    assert "innuendo karaoke.mp4" in find(browser, "#enrichment-problem").text
    assert heading(browser) == "innuendo karaoke.mp4"
    assert song_of("innuendo karaoke").metadata_status == "parsed"


@pytest.fixture
def guarded(library: runtime.Runtime) -> Iterator[Server]:
    """The dashboard behind a password."""
    runtime.forget()
    with serving(replace(library.settings, admin_password=PASSWORD)) as server:
        yield server


def log_in(page: Any) -> None:
    find(page, "#password").send_keys(f"{PASSWORD}{ENTER}")
    within(lambda: not page.current_url.endswith("login"))


def test_what_was_typed_outlives_the_session(browser: Any, guarded: Server) -> None:
    browser.get(f"{guarded.url}login")
    log_in(browser)
    browser.get(f"{guarded.url}review")
    find(browser, "#enrichment-name")
    decide(browser, "e")
    artist = find(browser, "#enrichment-editing [name=artist]")
    artist.send_keys("Queen")
    browser.delete_all_cookies()
    artist.send_keys(ENTER)
    within(lambda: "not logged in any more" in find(browser, "#enrichment-problem").text)
    assert "innuendo karaoke.mp4" in find(browser, "#enrichment-problem").text
    first = browser.current_window_handle
    find(browser, "#enrichment-problem a").click()
    within(lambda: len(browser.window_handles) == 2)
    browser.switch_to.window(next(each for each in browser.window_handles if each != first))
    log_in(browser)
    browser.close()
    browser.switch_to.window(first)
    artist = find(browser, "#enrichment-editing [name=artist]")
    assert artist.get_property("value") == "Queen"
    artist.send_keys(ENTER)
    within(lambda: heading(browser) == "under presure.mp4")
    assert song_of("innuendo karaoke").artist == "Queen"


# --- the host's work ------------------------------------------------------------------------------


def test_as_read_exchange_and_back_by_keys(page: Any, server: Server) -> None:
    Song.update(artist="Somebody").where(Song.title == "Under Presure").execute()
    listing.index([song_of("under presure").id])  # so that it counts as no other program's word
    page.get(f"{server.url}review")
    assert find(page, "#enrichment-place").text == "1 of 3"
    assert "Innuendo Karaoke" in find(page, ".enr-reading").text
    decide(page, "a")
    within(lambda: heading(page) == "under presure.mp4")
    assert song_of("innuendo karaoke").metadata_status == "manual"
    within(lambda: find(page, "#enrichment-place").text == "2 of 3")
    decide(page, "x")
    within(lambda: "gpm.evil" in heading(page))
    now = song_of("under presure")
    assert (now.artist, now.title) == ("Under Presure", "Somebody")
    press(page, "b")
    within(lambda: heading(page) == "under presure.mp4")
    assert "does not wait any more" in find(page, "#enrichment-one").text
    press(page, "b")
    within(lambda: heading(page) == "innuendo karaoke.mp4")
    decide(page, "u")
    within(lambda: song_of("innuendo karaoke").metadata_status == "parsed")


def test_skipped_songs_come_up_again_when_all_others_are_through(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    decide(page, "s")
    within(lambda: heading(page) == "under presure.mp4")
    page.get(f"{server.url}review")
    assert heading(page) == "under presure.mp4"
    decide(page, "1")
    within(lambda: "gpm.evil" in heading(page))
    decide(page, "1")
    within(lambda: heading(page) == "innuendo karaoke.mp4")
    assert "skipped this one before" in find(page, "#enrichment-one").text
    decide(page, "1")
    within(lambda: heading(page) == "Nothing left here")


def test_edit_in_place_and_go_on(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    decide(page, "e")
    within(lambda: page.switch_to.active_element.get_attribute("name") == "artist")
    form = "#enrichment-editing "
    find(page, f"{form}[name=artist]").send_keys("Queen")
    year = find(page, f"{form}[name=year]")
    year.send_keys("19xx")
    find(page, f"{form}button[type=submit]").click()
    within(lambda: "The year is a number" in find(page, form).text)
    assert find(page, f"{form}[name=artist]").get_property("value") == "Queen"
    year = find(page, f"{form}[name=year]")
    year.clear()
    year.send_keys(f"1991{ENTER}")
    within(lambda: heading(page) == "under presure.mp4")
    within(lambda: "Saved and verified" in find(page, "#enrichment-done").text)
    now = song_of("innuendo karaoke")
    assert (now.artist, now.year, now.metadata_status) == ("Queen", 1991, "manual")


def test_candidates_for_which_hardly_anything_speaks_are_folded_away(
    page: Any, server: Server
) -> None:
    CandidateRow.update(confidence=0.08).where(CandidateRow.rank == 2).execute()
    page.get(f"{server.url}review")
    shown = [e.is_displayed() for e in page.find_elements("css selector", "[data-action=accept]")]
    assert shown == [True, False]


def test_one_song_fits_a_screen_and_a_half_of_a_phone(page: Any, server: Server) -> None:
    song = song_of("innuendo karaoke")
    for rank in (3, 4, 5):
        CandidateRow.create(
            song=song, rank=rank, artist="Queen", title=f"Innuendo {rank}", year=1991,
            genre="Rock", confidence=0.2, providers="lastfm",
            evidence='{"parts": [{"words": "the title agrees", "penalty": 0.0}]}',
        )  # fmt: skip
    with on_a_phone(page, 390):
        page.get(f"{server.url}review")
        bar = find(page, ".enr-bar-at-hand")
        box = "const b = arguments[0].getBoundingClientRect(); return [b.top, b.bottom]"
        top, bottom = page.execute_script(box, bar)
        tall = page.execute_script("return window.innerHeight")
        assert 0 < top < bottom <= tall
        texts = [e.text for e in bar.find_elements("css selector", ".button")]
        assert texts == ["Accept", "As read", "None", "Edit", "Skip"]
        end = page.execute_script(box, find(page, ".enr-candidates"))[1]
        assert end <= 1.5 * 844
        settled(page)
        bar.find_elements("css selector", ".button")[1].click()
        within(lambda: heading(page) == "under presure.mp4")
    assert song_of("innuendo karaoke").metadata_status == "manual"


# --- own words, and the song itself ---------------------------------------------------------------

QUEEN = Known("Queen", "Innuendo", 1991, "Rock")


@pytest.fixture
def asked(library: runtime.Runtime) -> Iterator[Server]:
    """The dashboard, whose services know one song."""
    with ApiServer(Catalogue([QUEEN])) as api:
        own = {f"{name}_url": api.url for name in ("lastfm", "musicbrainz", "itunes")}
        rates = {f"{name}_rate": 1000.0 for name in ("lastfm", "musicbrainz", "itunes")}
        names = ("lastfm", "musicbrainz", "itunes")
        runtime.forget()
        with serving(
            replace(library.settings, lastfm_api_key="a-key", providers=names, **own, **rates)
        ) as server:
            yield server


def test_search_with_own_words_in_the_review(page: Any, asked: Server) -> None:
    page.get(f"{asked.url}review")
    press(page, "f")
    within(lambda: page.switch_to.active_element.get_attribute("id") == "ask-artist")
    page.switch_to.active_element.send_keys("queen")
    title = find(page, "#ask-title")
    title.clear()
    title.send_keys(f"innuendo{ENTER}")
    within(lambda: "1991" in find(page, "#enrichment-offers").text)
    find(page, "#enrichment-offers [data-action=take] button").click()
    within(lambda: heading(page) == "under presure.mp4")
    now = song_of("innuendo karaoke")
    assert (now.artist, now.title, now.year, now.genre) == ("Queen", "Innuendo", 1991, "Rock")
    assert now.metadata_status == "manual"


def test_a_verified_song_s_year_is_filled_in_with_three_clicks(page: Any, asked: Server) -> None:
    song = song_of("ABBA - Waterloo")
    Song.update(artist="Queen", title="innuendo", genre="Soul").where(Song.id == song.id).execute()
    listing.index([song.id])
    page.get(f"{asked.url}songs?q=innuendo&status=manual")
    find(page, f"#song-{song.id} .enr-title").click()
    click(page, "Fill in year and genre")
    click(page, "Take this")
    within(lambda: "Saved and verified" in find(page, "body").text)
    now = Song.get_by_id(song.id)
    assert (now.title, now.year, now.genre) == ("innuendo", 1991, "Soul"), "only what was empty"


def click(page: Any, words: str) -> None:
    """Press the button that says so."""
    find_by = f"//button[contains(normalize-space(), '{words}')]"
    within(lambda: page.find_elements("xpath", find_by))[0].click()


def test_a_song_is_heard(page: Any, server: Server, tmp_path: Path) -> None:
    song = song_of("innuendo karaoke")
    path = tmp_path / "innuendo---dQw4w9WgXcQ.webm"
    film(path)
    known = {"file_path": str(path), "youtube_id": "dQw4w9WgXcQ"}
    Song.update(**known).where(Song.id == song.id).execute()
    page.get(f"{server.url}review")
    link = find(page, ".enr-hear a").get_attribute("href")
    assert link == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    press(page, "h")
    within(lambda: page.execute_script(
        "const v = document.querySelector('video'); return v.currentTime > 0 && !v.error"
    ))  # fmt: skip


def film(path: Path) -> None:
    """Three seconds that a browser plays."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not here to make a file that can be played")
    picture = ["-f", "lavfi", "-i", "testsrc=size=64x48:rate=5", "-f", "lavfi", "-i", "sine"]
    words = ["ffmpeg", "-loglevel", "error", *picture, "-t", "3", "-c:a", "libvorbis", str(path)]
    subprocess.run(words, check=True, timeout=60)


def test_a_rejection_of_an_hour_ago_is_undone_with_three_clicks(page: Any, server: Server) -> None:
    song = song_of("innuendo karaoke")
    reviewing.reject(song.id)
    Change.update(at=time.time() - 3600).execute()
    page.get(server.url)
    find(page, ".enr-tabs a[href$='/decisions']").click()
    within(lambda: "Not this:" in find(page, "main").text)
    find(page, ".enr-kinds a[href*='rejected']").click()
    within(lambda: page.current_url.endswith("kind=rejected"))
    click(page, "Undo")
    within(lambda: "Taken back" in find(page, "body").text)
    assert CandidateRow.select().where(CandidateRow.rejected).count() == 0


# People had labelled the 168 songs of a review: 39 % had a right candidate, 38 % were read rightly
# while no candidate was right, and the others want typing.
RIGHT_CANDIDATE, READ_RIGHTLY, OF = 12, 11, 30


def test_thirty_songs_are_reviewed_by_one_key_each(page: Any, server: Server) -> None:
    """By the stopwatch: most are decided with one key, and none takes longer than a look."""
    CandidateRow.delete().execute()
    listing.index([song.id for song in Song.select()])
    keys = {}
    for number in range(OF):
        song = add_song(f"song {number:02}", "Somebody", f"Song {number:02}", "parsed", 0.3)
        offer(song, f"Right {number:02}" if number < RIGHT_CANDIDATE else "Another")
        if number < RIGHT_CANDIDATE:
            keys[f"song {number:02}.mp4"] = "1"
        elif number < RIGHT_CANDIDATE + READ_RIGHTLY:
            keys[f"song {number:02}.mp4"] = "a"
    page.get(f"{server.url}review")
    began = time.monotonic()
    seen = []
    for number in range(1, OF + 1):
        name = heading(page)
        seen.append(name)
        assert find(page, "#enrichment-place").text == f"{number} of {OF}"
        time.sleep(0.36)  # nobody decides faster than he reads
        if name in keys:
            press(page, keys[name])
        else:
            press(page, "e")
            title = find(page, "#enrichment-editing [name=title]")
            title.clear()
            title.send_keys(f"Typed {number}{ENTER}")
        within(lambda name=name: heading(page) != name)
    taken = time.monotonic() - began
    assert len(set(seen)) == OF
    assert len(keys) / OF >= 0.75
    assert Song.select().where(Song.title.startswith("Right")).count() == RIGHT_CANDIDATE
    assert Song.select().where(Song.title.startswith("Typed")).count() == OF - len(keys)
    assert taken < 60, f"{taken:.0f} s"


def test_the_last_decision_is_undone_where_nothing_is_left(page: Any, server: Server) -> None:
    waiting = ("innuendo karaoke", "under presure")
    Song.update(metadata_status="manual").where(
        Song.id.not_in([song_of(name).id for name in waiting])
    ).execute()
    listing.index([each.id for each in Song.select()])
    page.get(f"{server.url}review")
    decide(page, "1")
    within(lambda: heading(page) == "under presure.mp4")
    decide(page, "1")
    within(lambda: heading(page) == "Nothing left here")
    within(lambda: "Accepted and verified" in find(page, "#enrichment-done").text)
    assert find(page, "#enrichment-problem").text == ""
    assert find(page, ".enr-tabs .enr-badge").text == ""
    decide(page, "u")
    within(lambda: heading(page) == "under presure.mp4")
    assert song_of("under presure").metadata_status == "parsed"
    within(lambda: find(page, ".enr-tabs .enr-badge").text == "1")
