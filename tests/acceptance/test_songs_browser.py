"""The list of songs in a real browser: found, edited in place, many at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hosts import answering
from pages import (
    find,
    on_a_phone,
    on_every_screen,
    serving,
    song_of,
    stays,
    titles,
    within,
)

from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.web.server import Server


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


# --- what was seen wrong --------------------------------------------------------------------------


@pytest.fixture
def hosted(library: runtime.Runtime) -> Iterator[Server]:
    """The dashboard beside a PiKaraoke that takes what is queued."""
    runtime.forget()
    with answering() as host, serving(replace(library.settings, pikaraoke_url=host.url)) as server:
        yield server


@pytest.mark.parametrize("path", ["songs", "find"])
def test_what_the_queue_says_leaves_the_row_its_room(page: Any, hosted: Server, path: str) -> None:
    page.get(hosted.url)
    page.add_cookie({"name": "user", "value": "Ann"})
    for screen in on_every_screen(page):
        page.get(hosted.url + path)
        row = find(page, ".enr-row")
        title = row.find_element("css selector", ".enr-title")
        tall, wide = row.size["height"], title.size["width"]
        find(page, ".enr-row form[data-queue] button").click()
        within(lambda: "added to the queue" in find(page, ".enr-row [data-said]").text)
        assert row.size["height"] <= tall + 60, screen
        assert title.size["width"] == wide, screen


def test_a_click_after_typing_is_heard(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    find(page, "#enrichment-q").send_keys("under")
    within(lambda: titles(page) == ["Under Presure"])
    find(page, ".enr-row .enr-pick").click()  # leaves the box, which tells of its change
    tick = "return document.querySelector('.enr-row input[name=songs]').checked"
    assert stays(lambda: page.execute_script(tick))
    find(page, 'button[value="manual"]').click()
    within(lambda: "/batch/" in page.current_url)
    assert song_of("under presure").metadata_status == "manual"


def test_ticks_stay_while_the_list_is_narrowed(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs?status=parsed")
    song = song_of("under presure")
    find(page, f"#song-{song.id} .enr-pick").click()
    find(page, "#enrichment-q").send_keys("presure")
    within(lambda: titles(page) == ["Under Presure"])
    assert find(page, f"#song-{song.id} input[name=songs]").is_selected()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_open_filter_stays_in_its_place(page: Any, server: Server, width: int) -> None:
    with on_a_phone(page, width):
        page.get(f"{server.url}songs?level=high")  # as the pictures' links open it
        box, choices = find(page, ".enr").rect, find(page, ".enr-choices").rect
        assert choices["x"] + choices["width"] <= box["x"] + box["width"]
        for choice in page.find_elements("css selector", ".enr-choices select"):
            inner = choice.rect
            assert inner["x"] + inner["width"] <= box["x"] + box["width"]
        tops = [e.rect["y"] for e in page.find_elements("css selector", ".enr-many")]
        assert min(tops) >= choices["y"] + choices["height"]
        assert page.execute_script("return document.documentElement.scrollWidth") <= width


def test_songs_whose_artist_nobody_knows_come_last(page: Any, server: Server) -> None:
    page.get(f"{server.url}find")
    shown = titles(page)
    assert shown[0] == "Waterloo"
    assert set(shown[-3:]) == {"Innuendo Karaoke", "track01", "Under Presure"}


def test_list_leads_to_the_guests_page(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    find(page, ".enr-actions a[href$='/find']").click()
    within(lambda: page.current_url.endswith("/find"))


def test_a_song_that_was_verified_as_it_is_says_so(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs?q=deja")
    find(page, ".enr-row .enr-pick").click()
    find(page, 'button[value="manual"]').click()
    within(lambda: "/batch/" in page.current_url)
    assert "Nothing would change" not in find(page, "main").text
