"""Song lists in a real browser: chosen, looked at, taken; by a link; another host's subscribed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import find, on_a_phone, says, song_of, within, without_javascript
from sites import Site, serving_lists

from pikaraoke_enrichment.models import Song, SongDetail
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.web.server import Server

LIST = "Interpret;Titel;Jahr;Stil\nQueen;Bohemian Rhapsody;1975;Rock\nABBA;Fernando;1976;Pop\n"
VIDEO = "abcDefghij1"
# A command of ours begins in a second, on two busy cores in ten.
SLOW = 90.0


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_lists() as made:
        yield made


def section(page: Any, name: str) -> str:
    return str(find(page, f"section[aria-labelledby=enrichment-{name}]").text)


def press(page: Any, css: str) -> None:
    button = find(page, css)
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()


def test_a_list_is_uploaded_looked_at_and_taken(page: Any, server: Server, tmp_path: Path) -> None:
    book = tmp_path / "Unser Buch.csv"
    book.write_bytes(LIST.encode("cp1252"))
    page.get(f"{server.url}lists")
    find(page, "#enrichment-file").send_keys(str(book))
    press(page, "#enrichment-upload button")
    within(lambda: "Bohemian Rhapsody" in section(page, "draft"), SLOW)
    assert "Interpret" in section(page, "draft")
    assert find(page, "#enrichment-list-name").get_attribute("value") == "Unser Buch"
    page.refresh()  # it is there still
    within(lambda: "Songs in it: 2" in section(page, "draft"))
    press(page, "[action$='/take'] .is-primary")
    within(lambda: "The list is taken in." in section(page, "draft"), SLOW)
    within(lambda: "Unser Buch" in section(page, "kept"))
    assert "when it was taken in: 1" in section(page, "kept")
    press(page, "[aria-labelledby=enrichment-kept] summary")
    press(page, "[aria-labelledby=enrichment-kept] .is-danger")
    within(lambda: says(page, "is being removed"))

    def gone() -> bool:
        page.refresh()
        return "There is none yet." in section(page, "kept")

    within(gone, SLOW)


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    page: Any, server: Server, tmp_path: Path
) -> None:
    large = tmp_path / "video.csv"
    with large.open("wb") as file:
        file.truncate(31_000_000)
    page.get(f"{server.url}lists")
    find(page, "#enrichment-file").send_keys(str(large))
    press(page, "#enrichment-upload button")
    within(lambda: "larger than 30 MB" in find(page, "#enrichment-upload-problem").text)


def test_a_list_is_taken_by_its_link_without_scripts_on_a_phone(
    browser: Any, server: Server, site: Site
) -> None:
    site.files["/karafun.csv"] = LIST.encode()
    with without_javascript(browser), on_a_phone(browser, 390):
        browser.get(f"{server.url}lists")
        find(browser, "#enrichment-link").send_keys(f"{site.url}/karafun.csv")
        press(browser, "[action$='/link'] button")

        def has(words: str) -> bool:
            browser.get(f"{server.url}lists")
            return words in section(browser, "draft")

        within(lambda: has("Bohemian Rhapsody"), SLOW)
        width = "return document.documentElement.scrollWidth"
        press(browser, "[action$='/take'] .is-primary")
        within(lambda: has("The list is taken in."), SLOW)
    assert browser.execute_script(width) <= 1280
    assert "karafun" in section(browser, "kept")


def test_another_host_s_list_is_subscribed_and_removed(
    page: Any, server: Server, library: runtime.Runtime, site: Site
) -> None:
    song = song_of("under presure")
    Song.update(file_path=f"/songs/under presure---{VIDEO}.mp4", youtube_id=VIDEO).where(
        Song.id == song.id
    ).execute()
    SongDetail.update(file_name=f"under presure---{VIDEO}.mp4").where(
        SongDetail.song == song.id
    ).execute()
    head = "youtube_id,artist,title,variant,year,genre\n"
    site.files["/anna.csv"] = f"{head}{VIDEO},Queen,Under Pressure,,1981,Rock\n".encode()
    page.get(f"{server.url}lists")
    find(page, "#enrichment-link").send_keys(f"{site.url}/anna.csv")
    press(page, "[action$='/link'] button")
    within(lambda: "another host's list" in section(page, "draft"), SLOW)
    press(page, "[action$='/take'] .is-primary")
    within(lambda: "The list is taken in." in section(page, "draft"), SLOW)
    assert "of your library: 1" in section(page, "shared")
    page.get(f"{server.url}songs/{song.id}")
    within(lambda: says(page, "verified by anna"))
    page.get(f"{server.url}lists")
    press(page, "[aria-labelledby=enrichment-shared] summary")
    press(page, "[aria-labelledby=enrichment-shared] .is-danger")
    within(lambda: Song.get_by_id(song.id).title == "Under Presure", SLOW)
    assert library
