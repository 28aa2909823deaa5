"""A guest's whole way on a phone, in the real PiKaraoke: from opening it to a queued song."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import find, on_a_phone, within
from parties import NAMES, NEEDED, SONGS, Party, throwing

pytestmark = NEEDED
MOST_TAPS = 6


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Party]:
    with throwing(tmp_path) as made:
        yield made


def test_six_taps_from_opening_to_a_queued_song(party: Party, browser: Any) -> None:
    party.welcome_guests(*NAMES[:4])
    decade = SONGS[0].year // 10 * 10 if SONGS[0].year else 0
    taps = 0

    def tap(css: str) -> None:
        nonlocal taps
        taps += 1
        within(lambda: find(browser, css).click() or True)

    browser.get(party.address("/"))
    browser.delete_all_cookies()
    with on_a_phone(browser):
        browser.get(party.address("/"))
        tap(".navbar-burger")
        tap("#enrichment-find")
        tap(f".enr-tiles a[href$='decade={decade}']")
        within(lambda: f"decade={decade}" in browser.current_url)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 360
        tap(".enr-queue button")
        prompt = within(lambda: browser.switch_to.alert)
        prompt.send_keys("Ann")
        prompt.accept()
        taps += 2  # into the field, and OK
        within(lambda: json.loads(party.get("/get_queue")[1]))
    assert taps <= MOST_TAPS

    browser.get(party.address(f"/enrichment/find?decade={decade}"))
    within(lambda: "In the queue" in find(browser, ".enr-rows").text)
    browser.get(party.address("/enrichment/find"))
    for tile in browser.find_elements("css selector", ".enr-tiles a"):
        assert tile.size["height"] >= 44, "a thumb's size"
