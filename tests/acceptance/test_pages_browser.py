"""Songs, review and settings in a real browser: by mouse, by keyboard, on a phone, under attack."""

from __future__ import annotations

import base64
import importlib.util
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pages import (
    HOSTILE,
    complaints,
    find,
    on_a_phone,
    says,
    serving,
    within,
    without_javascript,
)

from pikaraoke_enrichment import config
from pikaraoke_enrichment.models import CandidateRow, Song, SongDetail
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import progress, runtime
from pikaraoke_enrichment.tasks.enrich import huey
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.web import mount
from pikaraoke_enrichment.web.attempts import FREE, Attempts
from pikaraoke_enrichment.web.server import Server

PASSWORD = "correct horse"
PAGES = (
    "",
    "songs",
    "songs/1",
    "review",
    "review/many?from=0",
    "settings",
    "batch/none",
    "find",
    "rename",
    "no such page",
)


@pytest.fixture
def library(settings: config.Settings) -> Iterator[runtime.Runtime]:
    """Seven songs, three of which wait for a person."""
    huey.close()
    progress.forget()
    now = runtime.configure(settings)
    add_song("Queen - Bohemian Rhapsody", "Queen", "Bohemian Rhapsody", "enriched", 0.97)
    add_song("Beyoncé - Déjà Vu", "Beyoncé", "Déjà Vu", "enriched", 0.8)
    add_song("ABBA - Waterloo", "ABBA", "Waterloo", "manual", 1.0)
    offer(add_song("innuendo karaoke", None, "Innuendo Karaoke", "parsed", 0.2), "Innuendo")
    offer(add_song("under presure", None, "Under Presure", "parsed", 0.4), "Under Pressure")
    hostile = add_song(HOSTILE.replace("/", "_"), HOSTILE, HOSTILE, "parsed", 0.6)
    offer(hostile, HOSTILE)
    add_song("track01", None, "track01", "enrichment_failed", 0.1)
    yield now
    runtime.forget()
    huey.close()
    close_library()


def add_song(name: str, artist: str | None, title: str, status: str, sure: float) -> Song:
    song = Song.create(
        file_path=f"/songs/{name}.mp4",
        format="mp4",
        artist=artist,
        title=title,
        year=1975 if status == "enriched" else None,
        genre="Rock" if status == "enriched" else None,
        metadata_status=status,
        confidence=sure,
    )
    SongDetail.create(song=song, file_name=f"{name}.mp4", reason="why", decided_at=time.time())
    listing.index([song.id])
    return song


def offer(song: Song, title: str) -> None:
    card = {"parts": [{"words": f"the title {title} agrees", "penalty": 0.0}]}
    for rank, artist in enumerate(("Queen", "Queen & David Bowie"), 1):
        CandidateRow.create(
            song=song,
            rank=rank,
            artist=artist,
            title=title,
            year=1991,
            genre="Rock",
            confidence=0.7 - rank / 10,
            providers="lastfm,musicbrainz",
            evidence=json.dumps(card),
        )


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    """The browser; afterwards it must have found nothing to complain about, and no script run."""
    browser.get(server.url)
    yield browser
    assert browser.execute_script("return window.hacked") is None
    refusals = "400 (BAD REQUEST)", "404 (NOT FOUND)", "409 (CONFLICT)"
    assert complaints(browser, *refusals) == []


def titles(page: Any) -> list[str]:
    script = "return [...document.querySelectorAll('.enr-row .enr-title')].map(e => e.textContent)"
    return list(page.execute_script(script))


def press(page: Any, key: str) -> None:
    """A key pressed where the focus is."""
    from selenium.webdriver import ActionChains

    ActionChains(page).send_keys(key).perform()


def heading(page: Any) -> str:
    return str(find(page, "#enrichment-name").text)


def song_of(name: str) -> Song:
    return Song.get(Song.file_path == f"/songs/{name}.mp4")


# --- songs ----------------------------------------------------------------------------------------


def test_search_as_you_type_without_accents(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    assert len(titles(page)) == 7
    box = find(page, "#enrichment-q")
    box.send_keys("deja v")
    within(lambda: titles(page) == ["Déjà Vu"])
    within(lambda: page.current_url.endswith("songs?q=deja+v"))
    assert page.switch_to.active_element == box
    assert find(page, "#enrichment-found").text == "1 song"
    box.send_keys("zzz")
    within(lambda: find(page, "#enrichment-found").text == "No song is like that.")
    page.get(f"{server.url}songs?q=deja+v")
    assert titles(page) == ["Déjà Vu"]


def test_filters_work_at_once(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    find(page, ".enr-more summary").click()
    level = find(page, "#enrichment-level")
    level.send_keys("Ver")
    within(lambda: titles(page) == ["Waterloo"])
    within(lambda: "level=verified" in page.current_url)


def test_edit_in_place(page: Any, server: Server) -> None:
    song = song_of("track01")
    page.get(f"{server.url}songs?q=track01")
    find(page, f"#song-{song.id} [data-edit]").click()
    within(lambda: page.switch_to.active_element.get_attribute("name") == "artist")
    find(page, ".enr-row [name=title]").clear()
    find(page, ".enr-row [name=year]").send_keys("19xx")
    find(page, ".enr-row .enr-edit button[type=submit]").click()
    within(lambda: "A song needs a title." in find(page, ".enr-row").text)
    assert "The year is a number" in find(page, ".enr-row").text
    assert find(page, ".enr-row [name=year]").get_property("value") == "19xx"
    find(page, ".enr-row [name=title]").send_keys("Found Out")
    year = find(page, ".enr-row [name=year]")
    year.clear()
    year.send_keys("1999")
    find(page, ".enr-row .enr-edit button[type=submit]").click()
    within(lambda: "Verified" in find(page, f"#song-{song.id}").text)
    assert titles(page) == ["Found Out"]
    now = Song.get_by_id(song.id)
    assert (now.title, now.year, now.metadata_status) == ("Found Out", 1999, "manual")


def test_an_edit_made_meanwhile_is_shown_in_place(page: Any, server: Server) -> None:
    song = song_of("track01")
    page.get(f"{server.url}songs?q=track01")
    find(page, f"#song-{song.id} [data-edit]").click()
    find(page, ".enr-row [name=artist]").send_keys("Mine")
    Song.update(artist="Theirs").where(Song.id == song.id).execute()
    find(page, ".enr-row .enr-edit button[type=submit]").click()
    within(lambda: "It has now: Theirs" in find(page, ".enr-row").text)
    assert find(page, ".enr-row [name=artist]").get_property("value") == "Mine"
    assert Song.get_by_id(song.id).artist == "Theirs"


def test_all_on_the_page_are_verified_and_taken_back_with_one_click(
    page: Any, server: Server
) -> None:
    page.get(f"{server.url}songs?status=parsed")
    find(page, "#enrichment-all").click()
    find(page, 'button[value="manual"]').click()
    within(lambda: "/batch/" in page.current_url)
    assert Song.select().where(Song.metadata_status == "manual").count() == 4
    find(page, 'form[action*="/batch/"] button').click()
    within(lambda: "Songs taken back: 3" in find(page, "body").text)
    assert Song.select().where(Song.metadata_status == "manual").count() == 1


# --- review ---------------------------------------------------------------------------------------


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


# --- without scripts, on a phone, for everybody ---------------------------------------------------


def test_everything_works_without_javascript(browser: Any, server: Server) -> None:
    with without_javascript(browser):
        browser.get(f"{server.url}songs")
        find(browser, "#enrichment-q").send_keys("under")
        find(browser, ".enr-search-line button").click()
        within(lambda: "q=under" in browser.current_url)
        find(browser, ".enr-row [data-edit]").click()
        within(lambda: "#enrichment-edit" in browser.current_url)
        field = find(browser, "[name=title]")
        field.clear()
        field.send_keys("Under Pressure")
        find(browser, ".enr-edit button[type=submit]").click()
        within(lambda: "Saved and verified" in find(browser, "body").text)
        browser.get(f"{server.url}review")
        find(browser, '[data-key="2"] button').click()
        within(lambda: "Accepted by a person" in find(browser, "body").text)
        find(browser, '[data-action="undo"] button').click()
        within(lambda: heading(browser) == "innuendo karaoke.mp4")
        browser.get(f"{server.url}review/many?from=0")
        find(browser, "main form button").click()
        within(lambda: "Take all of them back" in find(browser, "body").text)
    assert Song.select().where(Song.metadata_status == "manual").count() == 4


@pytest.mark.parametrize("path", PAGES)
def test_fits_a_phone_of_360_pixels(page: Any, server: Server, path: str) -> None:
    with on_a_phone(page):
        page.get(server.url + path)
        within(lambda: page.execute_script("return document.documentElement.scrollWidth") <= 360)


def axe() -> str:
    """axe-core's program, as a Python package ships it."""
    spec = importlib.util.find_spec("axe_core_python")
    place = Path(spec.origin).with_name("axe.min.js") if spec and spec.origin else None
    if place is None or not place.is_file():
        pytest.skip("axe-core is not here: pip install axe-core-python to check the pages with it")
    return place.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(page: Any, server: Server, path: str) -> None:
    source = axe()
    page.get(server.url + path)
    for details in page.find_elements("css selector", "details"):
        page.execute_script("arguments[0].open = true", details)
    page.execute_script(source)
    report = page.execute_async_script(
        "const done = arguments[0]; axe.run().then((r) => done(r.violations))"
    )
    serious = [
        (found["id"], found["help"], [node["html"] for node in found["nodes"]][:3])
        for found in report
        if found["impact"] in {"serious", "critical"}
    ]
    assert serious == []


def test_focus_goes_through_the_page_in_reading_order(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    order = []
    for _ in range(9):
        press(page, "\ue004")
        order.append(page.execute_script("const e = document.activeElement; return e.id || e.text"))
    wanted = ["Progress", "Songs", "Review", "Settings", "enrichment-q"]
    places = [order.index(name) for name in wanted]
    assert places == sorted(places)


# --- attacks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_hostile_names_run_nothing_and_show_as_text(page: Any, server: Server, path: str) -> None:
    song = Song.get(Song.title == HOSTILE)
    page.get(server.url + path.replace("songs/1", f"songs/{song.id}"))
    assert page.execute_script("return window.hacked") is None
    assert page.execute_script("return document.querySelectorAll('.enr img').length") == 0
    if path.startswith(("songs", "review/many")):
        assert "<script>window.hacked=1" in page.execute_script(
            "return document.querySelector('.enr').textContent + "
            "[...document.querySelectorAll('.enr input')].map(e => e.value).join()"
        )


def test_right_to_left_override_stays_within_its_name(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    names = page.execute_script(
        "return [...document.querySelectorAll('.enr *')].filter(e => !e.children.length "
        "&& e.textContent.includes('\\u202e')).map(e => e.closest('bdi, label') !== null)"
    )
    assert names
    assert all(names)


def test_hostile_search_is_only_text(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    find(page, "#enrichment-q").send_keys('"><script>window.hacked=1</script>')
    within(lambda: "script" in page.current_url)
    assert find(page, "#enrichment-q").get_property("value").startswith('"><script>')


def test_page_of_another_site_changes_no_song(browser: Any, server: Server) -> None:
    song = song_of("track01")
    browser.get(server.url)
    for path in (f"songs/{song.id}", f"songs/{song.id}/undo", "songs/many", "settings"):
        attack = (
            f'<form id=f method=post action="{server.url}{path}"><input name=title value=x>'
            f"<input name=songs value={song.id}><input name=action value=manual></form>"
            "<script>document.getElementById('f').submit()</script>"
        )
        browser.get("data:text/html;base64," + base64.b64encode(attack.encode()).decode())
        within(lambda path=path: browser.current_url.endswith(path))
        within(lambda: says(browser, "out of date"))
    assert Song.get_by_id(song.id).metadata_status == "enrichment_failed"


def test_wrong_passwords_are_slowed_down(
    browser: Any, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time stands still: on a slow machine the wait was over before the right password was typed.
    monkeypatch.setattr(mount, "Attempts", lambda password: Attempts(password, lambda: 1000.0))
    runtime.forget()
    guarded = replace(settings, admin_password=PASSWORD)
    try:
        with serving(guarded) as server:
            browser.get(f"{server.url}songs")
            assert "Password of the dashboard" in find(browser, "body").text
            for number in range(FREE + 1):
                wrong_password(browser, f"guess {number}")
            wrong_password(browser, PASSWORD)
            within(lambda: says(browser, "Too many wrong passwords: try again in"))
    finally:
        runtime.forget()
        close_library()


def wrong_password(browser: Any, password: str) -> None:
    """Type it, and wait for the page that says no: until then the one before says the same."""
    before = find(browser, "main")
    find(browser, "#password").send_keys(f"{password}\ue007")
    within(lambda: find(browser, "main") != before)
    within(lambda: says(browser, "not the password", "Too many wrong"))


# --- settings -------------------------------------------------------------------------------------


def test_key_is_set_and_shown_by_its_end_only(page: Any, server: Server) -> None:
    page.get(f"{server.url}settings")
    key = find(page, "#lastfm_api_key")
    assert key.get_attribute("type") == "password"
    key.send_keys("0123456789abcdef0123456789abcd4f")
    find(page, '.enr-settings > .enr-buttons button[type="submit"]').click()
    within(lambda: "set, ends in …4f" in find(page, "main").text)
    assert "0123456789" not in page.page_source


def test_pictures_lead_to_their_songs(page: Any, server: Server) -> None:
    page.get(server.url)
    find(page, ".enr-key-list a[href*='level=verified']").click()
    within(lambda: titles(page) == ["Waterloo"])
