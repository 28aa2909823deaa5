"""The dashboard in a real browser: headless Chromium, driven by Selenium."""

from __future__ import annotations

import http.server
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from answering import Answering, at_work
from pages import HOSTILE, complaints, find, on_a_phone, serving, within, without_javascript

from pikaraoke_enrichment import config
from pikaraoke_enrichment.models import CandidateRow, QueueEntry, Song, SongDetail
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import control, progress, runtime
from pikaraoke_enrichment.tasks.enrich import huey
from pikaraoke_enrichment.tasks.review import browsing
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.web.server import Server

ENTER = "\ue007"


@pytest.fixture
def library(settings: config.Settings) -> Iterator[runtime.Runtime]:
    """A library whose consumer is alive, as far as anyone can see."""
    huey.close()
    progress.forget()
    now = runtime.configure(settings)
    assert now.consumer_name
    add_song("Queen - Bohemian Rhapsody.mp4", 0.97)
    add_song(HOSTILE.replace("/", "_"), 0.2)
    for number in range(8):
        QueueEntry.create(song=Song.create(file_path=f"/songs/{number}.mp4", format="mp4"))
    control.start()
    yield now
    now.presence.leave()
    runtime.forget()
    huey.close()
    close_library()


def add_song(name: str, confidence: float) -> None:
    song = Song.create(
        file_path=f"/songs/{name}",
        format="mp4",
        artist=name,
        title=name,
        genre=name,
        metadata_status="enriched",
        confidence=confidence,
    )
    SongDetail.create(song=song, file_name=name, reason=name, decided_at=time.time())


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    """The page, opened; afterwards the browser must have found nothing to complain about."""
    browser.get(server.url)
    yield browser
    assert complaints(browser) == []


def text(page: Any, name: str) -> str:
    return str(find(page, f'[data-text="{name}"]').text)


def next_poll(page: Any) -> None:
    """Wait until the page has asked again."""
    before = asked(page)
    within(lambda: asked(page) > before)


def asked(page: Any) -> int:
    """How often the page has asked for progress."""
    return int(
        page.execute_script(
            'return performance.getEntriesByType("resource")'
            '.filter((entry) => entry.name.endsWith("/progress")).length'
        )
    )


def test_shows_counts_and_results(page: Any) -> None:
    assert text(page, "status") == "Running"
    assert text(page, "bar") == "2/10 (20.0%)"
    assert find(page, '[data-count="enriched"]').text == "2"
    assert find(page, '[data-count="waiting"]').text == "8"
    assert "High Confidence" in find(page, "#enrichment-recent").text
    bar = find(page, "#enrichment-bar")
    assert (bar.aria_role, bar.accessible_name) == ("progressbar", "Songs done")


def test_pause_is_stored_and_shown(page: Any) -> None:
    button = find(page, "#enrichment-primary button")
    now = find(page, "#enrichment-current")
    assert now.is_displayed()
    assert button.text == "Pause"
    button.click()
    within(lambda: text(page, "status") == "Paused")
    assert not now.is_displayed(), '"Now:" stood there with nothing behind it'
    assert control.wishes().paused
    assert button.text == "Resume"
    assert find(page, "#enrichment-aloud").get_property("textContent") == "Paused"
    assert page.execute_script("return arguments[0] === document.activeElement", button)


def test_stop_and_start_by_keyboard_keep_the_focus(page: Any) -> None:
    stop = find(page, "#enrichment-stop button")
    stop.send_keys(ENTER)
    within(lambda: text(page, "status") == "Stopped")
    assert not stop.is_displayed()
    button = page.switch_to.active_element
    assert button.text == "Start"

    def pressed() -> bool:
        # Right after Stop the page takes it for the second half of a double click.
        if button.text == "Start":
            button.send_keys(ENTER)
        return control.wishes().may_work

    within(pressed)
    within(lambda: text(page, "status") == "Running")
    assert page.switch_to.active_element == button


def test_new_results_appear_and_the_focus_stays(page: Any) -> None:
    stop = find(page, "#enrichment-stop button")
    page.execute_script("arguments[0].focus(); window.before = arguments[0]", stop)
    row = find(page, "#enrichment-recent > li")
    add_song("ABBA - Waterloo.mp4", 0.75)
    within(lambda: "Waterloo" in find(page, "#enrichment-recent > li").text)
    next_poll(page)
    assert page.switch_to.active_element == stop
    assert row.is_displayed()  # the same element, only further down
    assert "Medium Confidence" in find(page, "#enrichment-recent > li").text


def test_hostile_name_runs_no_script(page: Any) -> None:
    next_poll(page)
    add_song(HOSTILE.replace("/", "_") + "2", 0.3)
    within(lambda: len(page.find_elements("css selector", "#enrichment-recent > li")) == 3)
    assert page.execute_script("return window.hacked") is None
    assert "<script>" in find(page, "#enrichment-recent").text
    assert page.find_elements("css selector", "#enrichment-recent img") == []


def test_says_when_the_server_is_away_and_comes_back(
    browser: Any, library: runtime.Runtime
) -> None:
    with serving(library.settings) as server:
        browser.get(server.url)
        assert text(browser, "as_of").startswith("As of")
    within(lambda: "does not answer" in text(browser, "as_of"))
    assert text(browser, "status") == "Running"
    with serving(library.settings, server.effective_port):
        within(lambda: text(browser, "as_of").startswith("As of"), 60)


def test_nothing_is_sent_where_nothing_is_news(page: Any) -> None:
    def sent() -> list[int]:
        return list(
            page.execute_script(
                'return performance.getEntriesByType("resource")'
                '.filter((entry) => entry.name.endsWith("/progress"))'
                ".map((entry) => entry.encodedBodySize)"
            )
        )

    within(lambda: len(sent()) >= 3)
    assert sent()[0] > 0
    assert sent()[-1] == 0
    before = text(page, "as_of")
    within(lambda: text(page, "as_of") != before)
    add_song("ABBA - Waterloo.mp4", 0.75)
    within(lambda: "Waterloo" in find(page, "#enrichment-recent > li").text)


def test_pictures_count_on(page: Any, server: Server) -> None:
    for number in range(100):
        Song.create(file_path=f"/songs/{number}0.mp4", format="mp4", year=1985)
    Song.create(file_path="/songs/old.mp4", format="mp4", year=1963)
    listing.fill()
    browsing.forget()
    page.get(server.url)
    columns = page.find_elements("css selector", ".enr-columns:not(.enr-narrow) li")
    assert [column.text.split() for column in columns] == [
        ["1", "1960s"],
        ["0", "1970s"],
        ["100", "1980s"],
    ]
    for column, least in zip(columns, (3, 0, 100), strict=True):
        bar = column.find_element("css selector", "rect").rect
        label = column.find_element("css selector", ":last-child").rect
        assert bar["height"] >= least
        middle = bar["x"] + bar["width"] / 2, label["x"] + label["width"] / 2
        assert abs(middle[0] - middle[1]) <= 2, "each decade's name stands below its bar"
    song = Song.create(
        file_path="/songs/n.mp4", format="mp4", year=1999, metadata_status="enriched"
    )
    listing.index([song.id])
    within(lambda: "1990s" in find(page, ".enr-columns:not(.enr-narrow)").text)


def test_tiles_add_up_and_lead_to_their_songs(page: Any, server: Server) -> None:
    for number, status in enumerate(("parsed", "enrichment_failed", "manual", "enriched")):
        path = f"/songs/t{number}.mp4"
        song = Song.create(file_path=path, format="mp4", metadata_status=status)
        SongDetail.create(song=song, file_name=f"t{number}.mp4")
    listing.fill()
    progress.forget()
    page.get(server.url)
    tiles = [
        (tile.find_element("css selector", "a").get_attribute("href"), int(tile.text.split()[-1]))
        for tile in page.find_elements("css selector", ".enr-count")
    ]
    assert sum(count for _, count in tiles) == Song.select().count() == 14
    assert [count for _, count in tiles] == [3, 1, 1, 1, 8]
    for address, count in tiles:
        page.get(address)
        assert len(page.find_elements("css selector", ".enr-rows .enr-row")) == count, address


def test_songs_that_wait_for_a_person_are_said_and_led_to(page: Any) -> None:
    assert find(page, ".enr-for-you").text == ""
    song = Song.create(
        file_path="/songs/w.mp4", format="mp4", title="w", metadata_status="parsed", confidence=0.3
    )
    CandidateRow.create(
        song=song, rank=1, artist="A", title="W", confidence=0.5, providers="lastfm"
    )
    listing.index([song.id])
    within(lambda: find(page, ".enr-for-you").text == "1 song waits for you")
    assert find(page, ".enr-tabs .enr-badge").text == "1"
    find(page, ".enr-for-you a").click()
    within(lambda: find(page, "#enrichment-name").text == "w.mp4")


def test_an_empty_library_is_not_said_to_be_done(browser: Any, server: Server) -> None:
    Song.delete().execute()
    progress.forget()
    browser.get(server.url)
    assert "%" not in text(browser, "bar")
    assert "No songs yet" in text(browser, "bar")


def test_asks_nothing_while_the_tab_is_hidden(page: Any) -> None:
    next_poll(page)
    # Nothing comes: to see that, the time in which something would have come has to pass.
    questions = page.execute_async_script(
        "const done = arguments[0], real = window.fetch; window.questions = 0;"
        "window.fetch = (...given) => { window.questions += 1; return real(...given) };"
        'Object.defineProperty(document, "hidden", {configurable: true, get: () => true});'
        'document.dispatchEvent(new Event("visibilitychange"));'
        "setTimeout(() => done(window.questions), 4500)"
    )
    assert questions == 0
    page.execute_script(
        'delete document.hidden; document.dispatchEvent(new Event("visibilitychange"))'
    )
    within(lambda: page.execute_script("return window.questions") > 0)


def test_fits_a_phone(page: Any) -> None:
    with on_a_phone(page):
        within(lambda: page.execute_script("return document.documentElement.scrollWidth") <= 360)
        for button in page.find_elements("css selector", ".enr-buttons button"):
            within(lambda button=button: button.size["height"] >= 44)


def test_works_without_javascript(browser: Any, server: Server) -> None:
    with without_javascript(browser):
        browser.get(server.url)
        assert "2/10 (20.0%)" in find(browser, "main").text
        find(browser, "#enrichment-primary button").click()
        within(lambda: control.wishes().paused)
        within(lambda: "Paused" in find(browser, ".enr-status").text)
        assert browser.current_url == server.url


def test_page_of_another_site_changes_nothing(browser: Any, server: Server) -> None:
    target = f"{server.url}pause"
    attack = (
        f'<form id=f method=post action="{target}" enctype="text/plain">'
        "<input name='{\"a\":\"' value='\"}'></form>"
        "<script>"
        f'fetch("{target}", {{method: "POST", credentials: "omit", body: "{{}}",'
        ' headers: {"Content-Type": "application/json"}}).catch(() => 0)'
        ".then(() => document.getElementById('f').submit())</script>"
    )
    browser.get(server.url)
    with elsewhere(attack) as address:
        browser.get(address)
        within(lambda: browser.current_url == target)
        within(lambda: "out of date" in find(browser, "body").text)
    assert not control.wishes().paused


@contextmanager
def elsewhere(page: str) -> Iterator[str]:
    """The address of another site, which serves one page."""

    class Handler(Answering):
        def do_GET(self) -> None:
            self.say(200, page.encode(), Content_Type="text/html")

    with at_work(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        yield f"http://127.0.0.1:{server.server_port}/"
