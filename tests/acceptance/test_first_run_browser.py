"""The first evening in a real browser: the page that opens by itself, tried, saved and started."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pages import complaints, find, on_a_phone, says, serving, within, without_javascript

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import SongDetail, State
from pikaraoke_enrichment.tasks import control, first_run, runtime
from pikaraoke_enrichment.web.server import Server

KEY = "0123456789abcdef0123456789abcd4f"


@pytest.fixture
def server(library: runtime.Runtime) -> Iterator[Server]:
    """A library whose host has not been asked anything; the stand-in answers for every service."""
    State.delete().where(State.key == "first_run").execute()
    SongDetail.update(decided_at=None).execute()
    with ApiServer() as api:
        api.keys = frozenset({KEY})
        urls = {"lastfm_url": api.url, "musicbrainz_url": api.url, "listenbrainz_url": api.url}
        with serving(replace(library.settings, **urls)) as server:
            yield server


def pressed(page: Any, provider: str, *words: str) -> bool:
    find(page, f'button[name="provider"][value="{provider}"]').click()
    return within(lambda: says(page, *words, css="#content"))


def test_a_host_types_tests_and_starts(browser: Any, server: Server) -> None:
    browser.get(server.url)
    within(lambda: browser.current_url.endswith("/enrichment/first-run"))
    assert says(browser, "7 songs were found", css="#enrichment-found")
    assert "named after about" not in find(browser, "#content").text, "of seven a key saves no time"
    contact = find(browser, "#musicbrainz_contact")
    contact.send_keys("me@example.org")
    pressed(browser, "musicbrainz", "MusicBrainz takes this contact: it is saved.")
    find(browser, "#lastfm_api_key").send_keys("wrong")
    pressed(browser, "lastfm", "Last.fm refuses this key")
    field = find(browser, "#lastfm_api_key")
    field.clear()
    field.send_keys(KEY)
    pressed(browser, "lastfm", "Last.fm takes this key: it is saved.")
    guests = find(browser, 'input[name="guests"][value="yes"]')
    browser.execute_script("arguments[0].scrollIntoView()", guests)
    guests.click()
    find(browser, "#enrichment-begin").click()
    within(lambda: says(browser, "Saved, and started."))
    assert browser.current_url.endswith("/enrichment/")
    assert control.wishes().running
    saved = config.load({"ENRICHMENT_CONFIG": str(runtime.runtime().settings.config_file)})
    assert (saved.musicbrainz_contact, saved.guests) == ("me@example.org", True)
    assert saved.lastfm_api_key == KEY
    assert complaints(browser) == []


def test_the_answer_to_a_press_is_where_the_reader_is_led(browser: Any, server: Server) -> None:
    """Far below the top a button seemed dead: the page came back at its top, the answer below."""
    with without_javascript(browser), on_a_phone(browser):
        for path in ("first-run", "settings"):
            browser.get(f"{server.url}{path}")
            find(browser, "#lastfm_api_key").send_keys("wrong")
            pressed(browser, "lastfm", "Last.fm refuses this key")
            answer = find(browser, ".enr-problem[role=status]")
            within(lambda: browser.switch_to.active_element.text.startswith("Last.fm refuses"))
            assert 0 <= answer.location["y"] - scrolled(browser) < 740, path
        browser.get(f"{server.url}settings")
        find(browser, "#itunes_country").clear()
        find(browser, "#itunes_country").send_keys("1\ue007")
        within(lambda: browser.switch_to.active_element.get_attribute("role") == "alert")
        assert says(browser, "Give a country by its two letters", css="#enrichment-refused")
        find(browser, "#enrichment-refused a").click()
        within(lambda: scrolled(browser) > 740)


def scrolled(page: Any) -> float:
    """How far down the page is shown, in pixels; asked of the driver, as no script runs there."""
    shown = page.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssVisualViewport"]
    return float(shown["pageY"])


def test_who_wants_none_of_it_is_not_asked_again(browser: Any, server: Server) -> None:
    with without_javascript(browser), on_a_phone(browser):
        browser.get(server.url)
        within(lambda: browser.current_url.endswith("/first-run"))
        find(browser, 'button[formaction$="/dismiss"]').click()
        within(lambda: browser.current_url.endswith("/enrichment/"))
        browser.get(f"{server.url}settings")
        find(browser, 'a[href$="/first-run"]').click()
        within(lambda: browser.current_url.endswith("/first-run"))
    assert not first_run.is_pending(runtime.runtime().settings)
    assert not control.wishes().decided


def test_enter_in_a_field_saves_and_tests_nothing(browser: Any, server: Server) -> None:
    browser.get(server.url)
    find(browser, "#musicbrainz_contact").send_keys("me@example.org\n")
    within(lambda: says(browser, "Saved, and started."))
