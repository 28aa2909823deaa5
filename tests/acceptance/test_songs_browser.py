"""The list of songs in a real browser: found, edited in place, many at once."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from pages import (
    add_song,
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
from pikaraoke_enrichment.tasks.history import traits
from pikaraoke_enrichment.tasks.review import browsing
from pikaraoke_enrichment.tasks.review.browsing import Filter
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.web.server import Server

PASSWORD = "correct horse"


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


def edited(page: Any, server: Server) -> Song:
    """The song that was not found, its row opened for an edit, its title taken out."""
    song = song_of("track01")
    page.get(f"{server.url}songs?q=track01")
    find(page, f"#song-{song.id} [data-edit]").click()
    within(lambda: page.switch_to.active_element.get_attribute("name") == "artist")
    find(page, ".enr-row [name=title]").clear()
    return song


def test_what_is_refused_is_told_in_the_page_s_own_words(page: Any, server: Server) -> None:
    song = edited(page, server)
    song.delete_instance(recursive=True)
    find(page, ".enr-row .enr-edit button[type=submit]").click()
    within(lambda: "There is no such song." in find(page, "#enrichment-problem").text)


def test_edit_in_place(page: Any, server: Server) -> None:
    song = edited(page, server)
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


def test_what_guests_ask_for_is_told_in_place_and_in_many(page: Any, server: Server) -> None:
    song = edited(page, server)
    find(page, ".enr-row [name=title]").send_keys("Found Out")
    for name, value in (("language", "de"), ("duet", "yes"), ("explicit", "no")):
        find(page, f".enr-row [name={name}] option[value={value}]").click()
    find(page, ".enr-row .enr-edit button[type=submit]").click()
    within(lambda: "Verified" in find(page, f"#song-{song.id}").text)
    told = {name: tuple(each) for name, each in traits.known(song.id).items()}
    yes_and_no = {"duet": (True, "person"), "explicit": (False, "person")}
    assert told == {**yes_and_no, "language": ("de", "person")}

    # Several genres at once, and duets, as soon as they are chosen.
    page.get(f"{server.url}songs")
    find(page, ".enr-more summary").click()
    find(page, "#enrichment-duet option[value=yes]").click()
    within(lambda: titles(page) == ["Found Out"])
    find(page, "#enrichment-duet option[value='']").click()
    within(lambda: len(titles(page)) == 7)
    find(page, ".enr-several summary").click()
    boxes = page.find_elements("css selector", ".enr-several input")
    for box in boxes[:2]:
        box.click()
    within(lambda: page.current_url.count("genre=") == len(boxes[:2]))

    # Many at once: shown first, and taken back with a click.
    page.get(f"{server.url}songs?q=waterloo")
    find(page, ".enr-row .enr-pick input").click()
    find(page, ".enr-alike summary").click()
    find(page, "#enrichment-set_field option[value=language]").click()
    find(page, "#enrichment-set_value").send_keys("Swedish")
    find(page, "button[name=do][value=set]").click()
    within(lambda: "Swedish" in find(page, ".enr-changes").text)
    find(page, ".enr-at-hand button").click()
    within(lambda: shown(language="sv") == 1)
    within(lambda: find(page, "form[action$='/undo'] button").click() or True)
    within(lambda: shown(language="sv") == 0)


def shown(**wanted: str) -> int:
    return browsing.count(Filter(**wanted))  # type: ignore[arg-type]


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
    within(lambda: "3 songs taken back" in find(page, "body").text)
    assert Song.select().where(Song.metadata_status == "manual").count() == 1


# --- what was seen wrong --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["songs", "find"])
def test_what_the_queue_says_leaves_the_row_its_room(hosted: Server, page: Any, path: str) -> None:
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

        def edges(selector: str, side: str) -> list[float]:
            # The driver's own rectangles have whole widths at broken places: 0.06 px too much.
            return page.execute_script(
                "return [...document.querySelectorAll(arguments[0])]"
                ".map(each => each.getBoundingClientRect()[arguments[1]])",
                selector,
                side,
            )

        (end,) = edges(".enr", "right")
        assert all(right <= end for right in edges(".enr-choices, .enr-choices select", "right"))
        assert min(edges(".enr-many", "top")) >= edges(".enr-choices", "bottom")[0]
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


# --- many at once ---------------------------------------------------------------------------------


def add_many(count: int, artist: str, title: str) -> list[Song]:
    return [
        add_song(f"{artist} {title} {number:03}", artist, f"{title} {number:03}", "enriched", 0.9)
        for number in range(count)
    ]


def test_forty_misspelt_artists_are_put_right_within_fifteen_seconds(
    page: Any, server: Server
) -> None:
    songs = add_many(40, "Qeen", "Song")
    add_many(20, "ABBA", "Waterloo")
    began = time.monotonic()
    page.get(f"{server.url}songs")
    find(page, "#enrichment-q").send_keys("qeen")
    within(lambda: len(set(titles(page))) == 40)
    find(page, "#enrichment-all").click()
    find(page, ".enr-alike summary").click()
    find(page, "#enrichment-set_value").send_keys("Queen")
    find(page, 'button[value="set"]').click()
    within(lambda: "Change these 40" in find(page, "main").text)
    assert Song.select().where(Song.artist == "Queen").count() == 1, "nothing is changed yet"
    find(page, ".enr-at-hand button").click()
    within(lambda: "40 songs were changed together" in find(page, "main").text)
    taken = time.monotonic() - began
    assert Song.select().where(Song.artist == "Queen").count() == 41
    now = Song.get_by_id(songs[0].id)
    assert (now.year, now.metadata_status) == (1975, "manual"), "a slip makes no other song"
    assert taken < 15
    find(page, 'form[action*="/batch/"] button').click()
    within(lambda: "40 songs taken back" in find(page, "body").text)
    assert Song.select().where(Song.artist == "Queen").count() == 1


def test_all_that_were_found_are_changed_over_pages(page: Any, server: Server) -> None:
    add_many(130, "Toto", "Africa karaoke")
    page.get(f"{server.url}songs?q=africa")
    ticked = find(page, ".enr-alike summary")
    assert ticked.text == "Change the ticked songs …"
    find(page, 'input[name="all"]').click()
    assert ticked.text == "Change the 130 ticked songs …"
    ticked.click()
    find(page, "#enrichment-find").send_keys(" KARAOKE")
    find(page, 'button[value="replace"]').click()
    within(lambda: "Change these 130" in find(page, "main").text)
    first = find(page, ".enr-row .enr-pick")
    first.click()  # this one stays as it is
    find(page, ".enr-at-hand button").click()
    within(lambda: "129 songs were changed together" in find(page, "main").text)
    assert Song.select().where(Song.title.startswith("Africa karaoke")).count() == 1
    assert Song.select().where(Song.title == "Africa 129").count() == 1


def test_ticks_hold_over_pages_and_shift_ticks_all_between(page: Any, server: Server) -> None:
    from selenium.webdriver import ActionChains, Keys

    add_many(60, "Toto", "Africa")
    page.get(f"{server.url}songs?q=africa")
    boxes = page.find_elements("css selector", ".enr-row .enr-pick")
    boxes[1].click()
    ActionChains(page).key_down(Keys.SHIFT).click(boxes[4]).key_up(Keys.SHIFT).perform()
    assert find(page, "#enrichment-chosen").text == "Chosen: 4"
    find(page, ".enr-pages a[href*='page=2']").click()
    within(lambda: titles(page)[-1] == "Africa 059")
    page.find_elements("css selector", ".enr-row .enr-pick")[0].click()
    assert find(page, "#enrichment-chosen").text == "Chosen: 5"
    assert find(page, ".enr-alike summary").text == "Change the 5 ticked songs …"
    find(page, 'button[value="manual"]').click()
    within(lambda: "5 songs were changed together" in find(page, "main").text)


def test_ticks_are_counted_in_the_readers_plural_and_after_a_way_back(
    browser: Any, library: runtime.Runtime
) -> None:
    runtime.forget()
    add_many(60, "Toto", "Africa")
    with serving(library.settings) as server:
        speaks(browser, "ru")
        browser.get(f"{server.url}songs?q=africa")
        boxes = browser.find_elements("css selector", ".enr-row .enr-pick")
        for number, words in enumerate(("1 отмеченную песню", "2 отмеченные", "3 отмеченные")):
            boxes[number].click()
            assert words in find(browser, ".enr-alike summary").text
        browser.get(f"{server.url}settings")
        browser.back()
        within(lambda: "3 отмеченные" in find(browser, ".enr-alike summary").text)
        speaks(browser, "en")


def speaks(browser: Any, language: str) -> None:
    """Have the browser ask for a language."""
    headers = {"headers": {"Accept-Language": language}}
    browser.execute_cdp_cmd("Network.enable", {})
    browser.execute_cdp_cmd("Network.setExtraHTTPHeaders", headers)


def test_what_a_person_says_looks_like_no_services_answer(page: Any, server: Server) -> None:
    """Both badges were green alone."""
    sure = add_song("Sure", "Cher", "Believe", "parsed", 0.6)
    Song.update(metadata_status="enriched", confidence=0.95).where(Song.id == sure.id).execute()
    listing.index([sure.id])
    page.get(f"{server.url}songs")
    look = """const [level, before] = [undefined, "::before"].map(
        (part) => getComputedStyle(document.querySelector(arguments[0]), part));
        return [level.backgroundColor, before.content];"""
    verified = page.execute_script(look, ".enr-level.is-verified")
    service = page.execute_script(look, f"#song-{sure.id} .enr-level")
    assert verified[0] != service[0]
    assert "✓" in verified[1]
    assert "✓" not in service[1]


def test_an_edit_in_place_outlives_the_session(browser: Any, library: runtime.Runtime) -> None:
    runtime.forget()
    song = song_of("track01")
    with serving(replace(library.settings, admin_password=PASSWORD)) as server:
        browser.get(f"{server.url}login")
        find(browser, "#password").send_keys(f"{PASSWORD}\ue007")
        within(lambda: not browser.current_url.endswith("login"))
        browser.get(f"{server.url}songs?q=track01")
        find(browser, f"#song-{song.id} [data-edit]").click()
        artist = find(browser, ".enr-row [name=artist]")
        artist.send_keys("Somebody")
        browser.delete_all_cookies()
        artist.send_keys("\ue007")
        within(lambda: "not logged in any more" in find(browser, "#enrichment-problem").text)
        assert find(browser, ".enr-row [name=artist]").get_property("value") == "Somebody"
        assert find(browser, "#enrichment-problem a").get_attribute("href").endswith("/login")


@pytest.mark.parametrize(
    ("field", "typed", "before", "after"),
    [
        ("set_value", "Benny", "ABBA", "Benny"),
        ("find", "Water", "Waterloo", "loo"),
        ("with", "Fire", "Waterloo", "Fireloo"),
    ],
)
def test_enter_shows_first_what_would_change(
    page: Any, server: Server, field: str, typed: str, before: str, after: str
) -> None:
    page.get(f"{server.url}songs?q=waterloo")
    find(page, ".enr-row .enr-pick").click()
    find(page, ".enr-alike summary").click()
    if field == "with":
        find(page, "#enrichment-find").send_keys("Water")
    find(page, f"#enrichment-{field}").send_keys(f"{typed}\ue007")
    within(lambda: find(page, ".enr-changes .enr-old").text == before)
    assert find(page, ".enr-changes .enr-new").text == after
    find(page, ".enr-at-hand button").click()
    within(lambda: "1 song was changed" in find(page, "main").text)
