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
