"""What the browser tests share: the dashboard served, things found on a page, waiting for them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from pikaraoke_enrichment import config
from pikaraoke_enrichment.models import CandidateRow, Song, SongDetail
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.web.server import Server, make_server

HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"\'>\u202egpm.evil'
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
# Two slow cores may need so long for what is usually there at once, in seconds.
PATIENCE = 30.0
# Every page, below the dashboard's address.
PAGES = (
    "",
    "songs",
    "songs/1",
    "review",
    "review/many?from=0",
    "settings",
    "lists",
    "first-run",
    "batch/none",
    "find",
    "rename",
    "doubles",
    "decisions",
    "no such page",
)
Answer = TypeVar("Answer")


@contextmanager
def serving(settings: config.Settings, port: int = 0) -> Iterator[Server]:
    """The dashboard, answering in a thread until the end."""
    server = make_server(settings, port=port)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def within(look: Callable[[], Answer], seconds: float = PATIENCE) -> Answer:
    """What `look` finds, once it finds something.

    What the driver cannot do or see is only not there yet: while a page is put in place of another
    it knows no element, or one that is gone, or no page at all, each under another error.
    """
    from selenium.common.exceptions import WebDriverException

    until = time.monotonic() + seconds
    while True:
        trouble: Exception | None = None
        try:
            if found := look():
                return found
        except WebDriverException as error:
            trouble = error
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s") from trouble
        time.sleep(0.02)


def find(page: Any, css: str) -> Any:
    """The first element that fits, as soon as there is one."""
    return within(lambda: page.find_element("css selector", css))


def says(page: Any, *words: str, css: str = "body") -> bool:
    """Whether the page, or a part of it, holds one of these words by now."""
    text = page.find_element("css selector", css).text
    return any(word in text for word in words)


@contextmanager
def on_a_phone(page: Any, width: int = 360) -> Iterator[None]:
    """The page as a phone of so many pixels shows it."""
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {**PHONE, "width": width})
    try:
        yield
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@contextmanager
def without_javascript(page: Any) -> Iterator[None]:
    """Pages run no script meanwhile."""
    page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        yield
    finally:
        page.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def on_every_screen(page: Any) -> Iterator[str]:
    """The page on a phone, then on a desktop; what it is, for who says what went wrong."""
    with on_a_phone(page, 390):
        yield "phone"
    yield "desktop"


def stays(look: Callable[[], bool], seconds: float = 0.5) -> bool:
    """Whether this holds all the time: that nothing comes can only be seen by letting the time pass
    in which it would have."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not look():
            return False
        time.sleep(0.05)
    return True


def complaints(page: Any, *expected: str) -> list[str]:
    """What the browser found fault with since it was last asked, but for what is expected."""
    return [
        entry["message"]
        for entry in page.get_log("browser")
        if entry["level"] != "INFO" and not any(words in entry["message"] for words in expected)
    ]


# --- a library ------------------------------------------------------------------------------------


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
    listing.index([song.id])


def song_of(name: str) -> Song:
    return Song.get(Song.file_path == f"/songs/{name}.mp4")


# --- the pages ------------------------------------------------------------------------------------


def titles(page: Any) -> list[str]:
    script = "return [...document.querySelectorAll('.enr-row .enr-title')].map(e => e.textContent)"
    return list(page.execute_script(script))


def press(page: Any, key: str) -> None:
    """A key pressed where the focus is."""
    from selenium.webdriver import ActionChains

    ActionChains(page).send_keys(key).perform()


def heading(page: Any) -> str:
    return str(find(page, "#enrichment-name").text)
