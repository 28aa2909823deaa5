"""The dashboard in a real browser: headless Chromium, driven by Selenium."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.models import QueueEntry, Reading, Song, close_library
from pikaraoke_enrichment.tasks import control, progress, runtime
from pikaraoke_enrichment.tasks.enrich import huey
from pikaraoke_enrichment.web.server import Server, make_server

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'>\u202egpm.evil'
ENTER = "\ue007"
Answer = TypeVar("Answer")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[runtime.Runtime]:
    """A library whose consumer is alive, as far as anyone can see."""
    huey.close()
    progress.forget()
    places = {
        "ENRICHMENT_CONFIG": str(tmp_path / "config.ini"),
        "ENRICHMENT_DB": str(tmp_path / "pikaraoke.db"),
    }
    now = runtime.configure(config.load(places))
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
    Reading.create(song=song, file_name=name, reason=name, decided_at=time.time())


@pytest.fixture
def server(library: runtime.Runtime) -> Iterator[Server]:
    server, thread = start(library.settings, 0)
    yield server
    end(server, thread)


def start(settings: config.Settings, port: int) -> tuple[Server, threading.Thread]:
    server = make_server(settings, port=port)
    thread = threading.Thread(target=server.run)
    thread.start()
    return server, thread


def end(server: Server, thread: threading.Thread) -> None:
    server.close()
    thread.join(10)
    assert not thread.is_alive()


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    """The page, opened; afterwards the browser must have found nothing to complain about."""
    browser.get_log("browser")
    browser.get(server.url)
    yield browser
    complaints = [entry for entry in browser.get_log("browser") if entry["level"] != "INFO"]
    assert complaints == []


def within(seconds: float, look: Callable[[], Answer]) -> Answer:
    """What `look` finds, once it finds something."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"not within {seconds} s"
    return found


def find(page: Any, css: str) -> Any:
    return page.find_element("css selector", css)


def text(page: Any, name: str) -> str:
    return str(find(page, f'[data-text="{name}"]').text)


def next_poll(page: Any) -> None:
    """Wait until the page has asked again."""
    before = asked(page)
    within(10, lambda: asked(page) > before)


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
    assert find(page, '[data-count="remaining"]').text == "8"
    assert "High Confidence" in find(page, "#enrichment-recent").text
    bar = find(page, "#enrichment-bar")
    assert (bar.aria_role, bar.accessible_name) == ("progressbar", "Songs done")


def test_pause_is_stored_and_shown_within_three_seconds(page: Any) -> None:
    button = find(page, "#enrichment-primary button")
    assert button.text == "Pause"
    button.click()
    within(3, lambda: text(page, "status") == "Paused")
    assert control.wishes().paused
    assert button.text == "Resume"
    assert find(page, "#enrichment-aloud").get_property("textContent") == "Paused"
    assert page.execute_script("return arguments[0] === document.activeElement", button)


def test_stop_and_start_by_keyboard_keep_the_focus(page: Any) -> None:
    stop = find(page, "#enrichment-stop button")
    stop.send_keys(ENTER)
    within(3, lambda: text(page, "status") == "Stopped")
    assert not stop.is_displayed()
    button = page.switch_to.active_element
    assert button.text == "Start"

    def pressed() -> bool:
        # Right after Stop the page takes it for the second half of a double click.
        if button.text == "Start":
            button.send_keys(ENTER)
        return control.wishes().may_work

    within(3, pressed)
    within(3, lambda: text(page, "status") == "Running")
    assert page.switch_to.active_element == button


def test_new_results_appear_and_the_focus_stays(page: Any) -> None:
    stop = find(page, "#enrichment-stop button")
    page.execute_script("arguments[0].focus(); window.before = arguments[0]", stop)
    row = find(page, "#enrichment-recent > li")
    add_song("ABBA - Waterloo.mp4", 0.75)
    within(10, lambda: "Waterloo" in find(page, "#enrichment-recent > li").text)
    next_poll(page)
    assert page.switch_to.active_element == stop
    assert row.is_displayed()  # the same element, only further down
    assert "Medium Confidence" in find(page, "#enrichment-recent > li").text


def test_hostile_name_runs_no_script(page: Any) -> None:
    next_poll(page)
    add_song(HOSTILE.replace("/", "_") + "2", 0.3)
    within(10, lambda: len(page.find_elements("css selector", "#enrichment-recent > li")) == 3)
    assert page.execute_script("return window.hacked") is None
    assert "<script>" in find(page, "#enrichment-recent").text
    assert page.find_elements("css selector", "#enrichment-recent img") == []


def test_says_when_the_server_is_away_and_comes_back(
    browser: Any, library: runtime.Runtime
) -> None:
    server, thread = start(library.settings, 0)
    browser.get(server.url)
    assert text(browser, "as_of").startswith("As of")
    end(server, thread)
    within(10, lambda: "does not answer" in text(browser, "as_of"))
    assert text(browser, "status") == "Running"
    again = start(library.settings, server.effective_port)
    try:
        within(20, lambda: text(browser, "as_of").startswith("As of"))
    finally:
        end(*again)
        browser.get_log("browser")


def test_asks_nothing_while_the_tab_is_hidden(page: Any) -> None:
    next_poll(page)
    page.execute_script(
        'Object.defineProperty(document, "hidden", {configurable: true, get: () => true});'
        'document.dispatchEvent(new Event("visibilitychange"))'
    )
    # That nothing comes can only be seen by letting the time pass in which it would have.
    before, after = page.execute_async_script(
        "const done = arguments[0], count = () => performance.getEntriesByType('resource').length;"
        "setTimeout(() => { const before = count();"
        " setTimeout(() => done([before, count()]), 2500) }, 200)"
    )
    assert after == before
    hidden_for = asked(page)
    page.execute_script(
        'delete document.hidden; document.dispatchEvent(new Event("visibilitychange"))'
    )
    within(2, lambda: asked(page) > hidden_for)


def test_fits_a_phone(page: Any) -> None:
    phone = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        assert page.execute_script("return document.documentElement.scrollWidth") <= 360
        for button in page.find_elements("css selector", ".enr-buttons button"):
            assert button.size["height"] >= 44
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_works_without_javascript(browser: Any, server: Server) -> None:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.get(server.url)
        assert "2/10 (20.0%)" in find(browser, "main").text
        find(browser, "#enrichment-primary button").click()
        within(3, lambda: control.wishes().paused)

        def shows_paused() -> bool:
            browser.get(server.url)
            return "Paused" in find(browser, ".enr-status").text

        within(5, shows_paused)
        assert browser.current_url == server.url
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


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
        within(10, lambda: browser.current_url == target)
        assert "out of date" in within(10, lambda: find(browser, "body").text)
    assert not control.wishes().paused
    browser.get_log("browser")


@contextmanager
def elsewhere(page: str) -> Iterator[str]:
    """The address of another site, which serves one page."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing into the tests' output."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
