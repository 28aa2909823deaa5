"""A host who types: Enter, double clicks, the way back, a log-in that ended; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pages import find, serving, song_of, stays, within, without_javascript
from sites import Site, serving_lists

from pikaraoke_enrichment.models import Change, Song
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.web.server import Server

PASSWORD = "correct horse"
SHARED = b"youtube_id,artist,title,variant,year,genre\nabcDefghij1,ABBA,Waterloo,,1974,Pop\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_lists() as made:
        yield made


def double_click(page: Any, css: str) -> None:
    from selenium.webdriver import ActionChains

    ActionChains(page).double_click(find(page, css)).perform()


def typed_into(page: Any, css: str, text: str) -> Any:
    box = find(page, css)
    box.clear()
    box.send_keys(text)
    return box


def text_of(page: Any) -> str:
    return str(find(page, "main").text)


def test_a_double_click_saves_once(page: Any, server: Server) -> None:
    song = song_of("track01")
    page.get(f"{server.url}songs/{song.id}")
    typed_into(page, "#enrichment-edit [name=artist]", "Somebody")
    double_click(page, "#enrichment-edit .is-primary")
    within(lambda: "Saved and verified." in find(page, "body").text)
    assert stays(lambda: "was not saved" not in text_of(page))
    assert [each.action for each in Change.select().where(Change.song == song.id)] == ["edit"]


def test_a_double_click_takes_a_list_in_once(page: Any, server: Server, site: Site) -> None:
    """The page said that another list was being taken in: the one of the first click."""
    site.files["/anna.csv"] = SHARED
    page.get(f"{server.url}lists")
    typed_into(page, "#enrichment-link", f"{site.url}/anna.csv")
    double_click(page, "form[action$='/lists/link'] button")
    within(lambda: "another host's list" in text_of(page), seconds=30)
    double_click(page, "button[value=subscribe]")
    within(lambda: "The list is taken in." in text_of(page), seconds=30)


def test_the_way_back_shows_what_was_saved(page: Any, server: Server) -> None:
    song = song_of("track01")
    page.get(f"{server.url}songs/{song.id}")
    for artist in ("Somebody", "Somebody Else"):
        typed_into(page, "#enrichment-edit [name=artist]", f"{artist}\ue007")
        within(lambda: "Saved and verified." in find(page, "body").text)
        page.back()
        box = find(page, "#enrichment-edit [name=artist]")
        assert box.get_property("value") == artist
    assert Song.get_by_id(song.id).artist == "Somebody Else"


@pytest.mark.parametrize("with_scripts", [True, False])
def test_an_edit_on_its_page_outlives_the_log_in(
    browser: Any, library: runtime.Runtime, *, with_scripts: bool
) -> None:
    runtime.forget()
    song = song_of("track01")
    with serving(replace(library.settings, admin_password=PASSWORD)) as server:
        browser.get(f"{server.url}login")
        typed_into(browser, "#password", f"{PASSWORD}\ue007")
        within(lambda: not browser.current_url.endswith("login"))
        browser.get(f"{server.url}songs/{song.id}")
        typed_into(browser, "#enrichment-edit [name=artist]", "Somebody")
        browser.delete_all_cookies()

        def go_on() -> None:
            find(browser, "#enrichment-edit .is-primary").click()
            within(lambda: "What you typed is kept" in find(browser, "body").text)
            typed_into(browser, "#password", f"{PASSWORD}\ue007")
            within(lambda: "Send it now" in find(browser, "body").text)
            find(browser, ".enr-login button").click()
            within(lambda: "Saved and verified." in find(browser, "body").text)

        if with_scripts:
            go_on()
        else:
            with without_javascript(browser):
                go_on()
    assert Song.get_by_id(song.id).artist == "Somebody"


def test_another_tab_logs_out_and_in_again(browser: Any, library: runtime.Runtime) -> None:
    """The token is another one then: the page said to load it again, and all typed was gone."""
    runtime.forget()
    song = song_of("track01")
    with serving(replace(library.settings, admin_password=PASSWORD)) as server:

        def log_in() -> None:
            browser.get(f"{server.url}login")
            typed_into(browser, "#password", f"{PASSWORD}\ue007")
            within(lambda: not browser.current_url.endswith("login"))

        log_in()
        browser.get(f"{server.url}songs/{song.id}")
        typed_into(browser, "#enrichment-edit [name=artist]", "Somebody")
        first = browser.current_window_handle
        browser.delete_all_cookies()
        browser.switch_to.new_window("tab")
        log_in()
        browser.close()
        browser.switch_to.window(first)
        find(browser, "#enrichment-edit .is-primary").click()
        within(lambda: "was out of date" in find(browser, "body").text)
        find(browser, ".enr-login button").click()
        within(lambda: "Saved and verified." in find(browser, "body").text)
    assert Song.get_by_id(song.id).artist == "Somebody"


# --- typed, and not saved yet ---------------------------------------------------------------------

MINE = "My own words"


def answered(page: Any, *, goes: bool) -> None:
    """The page asks whether what was typed may go, and is answered."""
    alert = within(lambda: page.switch_to.alert)
    if goes:
        alert.accept()
    else:
        alert.dismiss()


def asks_to_leave(page: Any, leads_away: str) -> bool:
    """Whether the browser asks before this press leaves the page; its driver then says yes."""
    page.execute_script(
        "addEventListener('beforeunload', (e) => (sessionStorage.asked = e.defaultPrevented))"
    )
    before = find(page, "html").id
    find(page, leads_away).click()
    within(lambda: find(page, "html").id != before)
    return bool(page.execute_script("return sessionStorage.asked") == "true")


def test_a_song_s_page_asks_before_typed_words_go(page: Any, server: Server) -> None:
    song, box = song_of("track01"), "#enrichment-edit [name=artist]"
    elsewhere = "form[action$='/search'] button", "form[action$='/requeue'] button", ".enr-tabs a"
    for leads_away in elsewhere:
        page.get(f"{server.url}songs/{song.id}")
        typed_into(page, box, MINE)
        assert asks_to_leave(page, leads_away), leads_away
    page.get(f"{server.url}songs/{song.id}")
    assert not asks_to_leave(page, ".enr-tabs a")
    page.get(f"{server.url}songs/{song.id}")
    typed_into(page, box, MINE)
    typed_into(page, "#enrichment-edit [name=year]", "19xx")
    assert not asks_to_leave(page, "#enrichment-edit .is-primary")
    assert find(page, box).get_property("value") == MINE
    assert asks_to_leave(page, ".enr-tabs a")  # refused is not saved


def test_the_list_keeps_a_row_in_which_somebody_types(page: Any, server: Server) -> None:
    song, other = song_of("track01"), song_of("under presure")
    page.get(f"{server.url}songs")

    def edit(which: Song) -> None:
        find(page, f"#song-{which.id} [data-edit]").click()

    def typed() -> str:
        return str(find(page, f"#song-{song.id} [name=artist]").get_property("value"))

    edit(song)
    typed_into(page, f"#song-{song.id} [name=artist]", MINE)
    edit(song)
    answered(page, goes=False)
    edit(other)
    find(page, f"#song-{other.id} [name=artist]")
    edit(other)  # nothing was typed there: it closes at once
    within(lambda: not page.find_elements("css selector", f"#song-{other.id} [name=artist]"))
    assert typed() == MINE
    typed_into(page, "#enrichment-q", "track")
    within(lambda: page.current_url.endswith("q=track"))
    assert typed() == MINE
    typed_into(page, "#enrichment-q", "waterloo")
    within(lambda: page.current_url.endswith("q=waterloo"))
    assert typed() == MINE
    find(page, f"#song-{song.id} .enr-edit .is-primary").click()
    within(lambda: Song.get_by_id(song.id).artist == MINE)
    page.get(f"{server.url}songs?q=track01")
    edit(song)
    typed_into(page, f"#song-{song.id} [name=artist]", "Other words")
    assert asks_to_leave(page, ".enr-tabs a")


def test_the_review_asks_before_typed_words_go(page: Any, server: Server) -> None:
    page.get(f"{server.url}review")
    name = find(page, "#enrichment-name").text

    def click(css: str) -> None:
        within(lambda: find(page, css).click() or True)

    click("[data-action=edit]")
    box = "#enrichment-editing [name=artist]"
    typed_into(page, box, MINE)
    for leads_away in ("[data-action=skip] button", "[data-action=edit]"):
        click(leads_away)
        answered(page, goes=False)
        assert find(page, box).get_property("value") == MINE
    find(page, box).send_keys("\ue00c")  # Escape
    answered(page, goes=False)
    assert find(page, box).get_property("value") == MINE
    click("[data-action=skip] button")
    answered(page, goes=True)
    within(lambda: find(page, "#enrichment-name").text != name)
