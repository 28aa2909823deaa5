"""Every page in a language longer by 40 %: nothing is left in English, and no box is too narrow."""

from __future__ import annotations

import time
from typing import Any

import pytest
from pages import PAGES, find, on_every_screen
from pseudo import PSEUDO, said_plainly

from pikaraoke_enrichment.models import ProviderState
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.web.server import Server
from pikaraoke_enrichment.words import languages

# Names, units of files, keys that are pressed.
NAMES = {"PiKaraoke", "Last.fm", "MusicBrainz", "iTunes", "ListenBrainz", "YouTube", "CSV"}
NAMES |= {"US", "GB", "DE", "mp4", "CC", "BY-NC-SA", *"AXREFHSBU"}

SILENT = Said("silent", seconds=5.0).as_text()

# What people read, without songs' names, which stand in <bdi>, and without options to choose.
_TEXT = """
const page = document.body.cloneNode(true);
page.querySelectorAll("bdi, script, noscript, style, option, template").forEach(e => e.remove());
return page.textContent;
"""
# Boxes that reach beyond the screen, or hide a part of what they hold.
_TOO_NARROW = """
const wide = e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
const cut = e => {
  const style = getComputedStyle(e);
  return style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && e.clientWidth > 1
    && e.scrollWidth > e.clientWidth + 1;
};
const scrolls = e => e.closest(".enr-scroll, .table-container, pre");
return [...document.querySelectorAll("main *")]
  .filter(e => e.checkVisibility() && !e.closest(".is-sr-only") && !scrolls(e))
  .filter(e => wide(e) || cut(e))
  .map(e => [e.tagName, e.className, e.textContent.trim().slice(0, 40)]);
"""
_BEYOND = "const all = document.documentElement; return all.scrollWidth - all.clientWidth;"


@pytest.fixture
def pseudo_page(browser: Any, library: runtime.Runtime, monkeypatch: Any) -> Any:
    """The browser on the dashboard, which speaks that language; a service is down."""
    monkeypatch.setattr(languages, "language", lambda _name: PSEUDO)
    assert library.providers
    ProviderState.update(health="open", open_until=time.time() + 600, reason=SILENT).where(
        ProviderState.name == "itunes"
    ).execute()
    return browser


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_left_in_english_and_everything_fits(
    pseudo_page: Any, server: Server, path: str
) -> None:
    for screen in on_every_screen(pseudo_page):
        pseudo_page.get(server.url + path)
        find(pseudo_page, "main")
        for details in pseudo_page.find_elements("css selector", "details"):
            pseudo_page.execute_script("arguments[0].open = true", details)
        assert said_plainly(pseudo_page.execute_script(_TEXT), NAMES) == set(), screen
        assert pseudo_page.execute_script(_TOO_NARROW) == [], screen
        assert pseudo_page.execute_script(_BEYOND) <= 0, screen
