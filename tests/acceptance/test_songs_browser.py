"""The list of songs in a real browser: found, edited in place, many at once."""

from __future__ import annotations

from typing import Any

from pages import find, song_of, titles, within

from pikaraoke_enrichment.models import Song
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
