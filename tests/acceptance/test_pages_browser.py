"""Songs, review and settings in a real browser: by mouse, by keyboard, on a phone, under attack."""

from __future__ import annotations

import base64
import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pages import (
    HOSTILE,
    PAGES,
    add_song,
    complaints,
    find,
    heading,
    on_a_phone,
    on_every_screen,
    press,
    says,
    serving,
    song_of,
    titles,
    within,
    without_javascript,
)

from pikaraoke_enrichment import config
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.review import browsing
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.tasks.taking_in import Desk, Draft
from pikaraoke_enrichment.web import mount
from pikaraoke_enrichment.web.attempts import FREE, Attempts
from pikaraoke_enrichment.web.server import Server
from pikaraoke_enrichment.words import languages

PASSWORD = "correct horse"
# --- without scripts, on a phone, for everybody ---------------------------------------------------


def test_everything_works_without_javascript(browser: Any, server: Server) -> None:
    with without_javascript(browser):
        browser.get(f"{server.url}songs")
        find(browser, "#enrichment-q").send_keys("under")
        find(browser, ".enr-search-line button").click()
        within(lambda: "q=under" in browser.current_url)
        find(browser, ".enr-row [data-edit]").click()
        within(lambda: "#enrichment-edit" in browser.current_url)
        field = find(browser, "#enrichment-edit [name=title]")
        field.clear()
        field.send_keys("Under Pressure")
        find(browser, ".enr-edit button[type=submit]").click()
        within(lambda: "Saved and verified" in find(browser, "body").text)
        browser.get(f"{server.url}review")
        find(browser, '[data-key="2"] button').click()
        within(lambda: "Accepted by a person" in find(browser, "body").text)
        find(browser, '[data-action="undo"] button').click()
        within(lambda: heading(browser) == "innuendo karaoke.mp4")
        browser.get(f"{server.url}review/many?from=0")
        find(browser, "main form button").click()
        within(lambda: "Take all of them back" in find(browser, "body").text)
    assert Song.select().where(Song.metadata_status == "manual").count() == 4


def test_the_host_s_work_needs_no_javascript(browser: Any, server: Server) -> None:
    with without_javascript(browser):
        browser.get(f"{server.url}review")
        find(browser, '[data-action="skip"] button').click()
        within(lambda: heading(browser) == "under presure.mp4")
        find(browser, '[data-action="back"]').click()
        within(lambda: heading(browser) == "innuendo karaoke.mp4")
        find(browser, '[data-action="as_read"] button').click()
        within(lambda: heading(browser) == "under presure.mp4")
        find(browser, '[data-action="edit"]').click()
        within(lambda: "#enrichment-edit" in browser.current_url)
        find(browser, "#enrichment-edit [name=artist]").send_keys("Queen")
        find(browser, "#enrichment-edit button[type=submit]").click()
        within(lambda: "gpm.evil" in heading(browser))
        browser.get(f"{server.url}songs?status=enriched")
        for tick in browser.find_elements("css selector", ".enr-row .enr-pick"):
            tick.click()
        find(browser, ".enr-alike summary").click()
        find(browser, "#enrichment-set_value").send_keys("Prince")
        find(browser, 'button[value="set"]').click()
        within(lambda: "Change these 2" in find(browser, "main").text)
        find(browser, ".enr-at-hand button").click()
        within(lambda: "2 songs were changed together" in find(browser, "main").text)
        browser.get(f"{server.url}decisions")
        find(browser, ".enr-decision button").click()
        within(lambda: "2 songs taken back" in find(browser, "body").text)
    assert song_of("under presure").artist == "Queen"
    assert song_of("innuendo karaoke").metadata_status == "manual"


@pytest.mark.parametrize("path", PAGES)
def test_fits_a_phone_of_360_pixels(page: Any, server: Server, path: str) -> None:
    with on_a_phone(page):
        page.get(server.url + path)
        within(lambda: page.execute_script("return document.documentElement.scrollWidth") <= 360)


# The choices of which more is said than there is room for.
_CUT = """
const pen = document.createElement("canvas").getContext("2d");
return [...document.querySelectorAll("main select")].filter(e => e.checkVisibility()).filter(e => {
  const style = getComputedStyle(e);
  pen.font = style.font;
  const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return pen.measureText(e.selectedOptions[0].textContent.trim()).width > room;
}).map(e => [e.id, e.selectedOptions[0].textContent]);
"""


@pytest.mark.parametrize("name", ["en", *languages.languages()])
def test_choices_are_read_whole(
    page: Any, server: Server, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ "Whatever they h" stood in English, and half of all choices were cut in Spanish."""
    spoken = languages.language(name)
    monkeypatch.setattr(languages, "language", lambda _name: spoken)
    for screen in on_every_screen(page):
        page.get(f"{server.url}songs")
        page.execute_script("document.querySelector('.enr-more').open = true")
        assert page.execute_script(_CUT) == [], screen


def test_a_hundred_years_of_songs_fit_a_phone(page: Any, server: Server) -> None:
    """The map of decades and genres scrolls in its box; no hidden words lie beyond it."""
    for decade in range(1920, 2030, 10):
        song = add_song(f"of {decade}", "Somebody", f"Of {decade}", "enriched", 0.9)
        Song.update(year=decade + 5).where(Song.id == song.id).execute()
        listing.index([song.id])
    browsing.forget()
    with on_a_phone(page, 390):
        page.get(server.url)
        within(lambda: len(page.find_elements("css selector", ".enr-map td a")) >= 11)
        assert page.execute_script("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", PAGES)
def test_a_thumb_hits_every_button(page: Any, server: Server, path: str) -> None:
    with on_a_phone(page, 390):
        page.get(server.url + path)
        for details in page.find_elements("css selector", "details"):
            page.execute_script("arguments[0].open = true", details)
        assert page.execute_script(_THIN) == []


# What may be pressed and is lower than a thumb, as its text and height; Enter alone presses what
# nobody sees.
_THIN = """
const pressed = document.querySelectorAll(
    ".enr button, .enr .button, .enr select, .enr summary, .enr .input, .enr .enr-pick");
return [...pressed].filter(e => e.checkVisibility() && !e.matches(".is-sr-only") &&
        e.getBoundingClientRect().height < 43.9)
    .map(e => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect().height]);
"""


@pytest.mark.parametrize("path", ["songs", "review", "settings"])
def test_focus_is_seen(page: Any, server: Server, path: str) -> None:
    page.get(server.url + path)
    for _ in range(14):
        press(page, "\ue004")
        ring, ground, width = page.execute_script(_RING)
        assert width >= 2
        assert contrast(ring, ground) >= 3, page.switch_to.active_element.get_attribute("outerHTML")


# The ring around what has the focus, what it stands on, and how wide it is.
_RING = """
const rgb = text => text.match(/[\\d.]+/g).map(Number);
const element = document.activeElement, style = getComputedStyle(element);
let ground = element.parentElement;
while (!(rgb(getComputedStyle(ground).backgroundColor)[3] ?? 1)) ground = ground.parentElement;
return [rgb(style.outlineColor), rgb(getComputedStyle(ground).backgroundColor),
        style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth)];
"""


def contrast(one: list[float], other: list[float]) -> float:
    """The contrast of two colours, 1 to 21, as WCAG 2 defines it."""
    lights = sorted(0.05 + _light(each) for each in (one, other))
    return lights[1] / lights[0]


def _light(colour: list[float]) -> float:
    parts = (part / 255 for part in colour[:3])
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def axe() -> str:
    """axe-core's program, as a Python package ships it."""
    spec = importlib.util.find_spec("axe_core_python")
    place = Path(spec.origin).with_name("axe.min.js") if spec and spec.origin else None
    if place is None or not place.is_file():
        pytest.skip("axe-core is not here: pip install axe-core-python to check the pages with it")
    return place.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [*PAGES, "songs?level=high", "review?lane=not_found"])
def test_axe_finds_no_fault(page: Any, server: Server, path: str) -> None:
    source = axe()
    for screen in on_every_screen(page):
        page.get(server.url + path)
        check(page, source, screen)


def test_axe_finds_no_fault_with_what_forms_lead_to(page: Any, server: Server) -> None:
    source = axe()
    for screen in on_every_screen(page):
        page.get(f"{server.url}songs?status=enriched")
        find(page, "#enrichment-all").click()
        find(page, ".enr-alike summary").click()
        find(page, "#enrichment-set_value").send_keys("Prince")
        find(page, 'button[value="set"]').click()
        within(lambda: "Nothing is changed yet" in find(page, "main").text)
        check(page, source, screen)
        page.get(f"{server.url}review")
        press(page, "e")
        within(lambda: page.find_elements("css selector", "#enrichment-editing form"))
        check(page, source, screen)


def test_axe_finds_no_fault_with_a_form_that_is_kept(page: Any, server: Server) -> None:
    source = axe()
    for screen in on_every_screen(page):
        page.get(f"{server.url}songs/1")
        stale = "document.querySelectorAll('[name=csrf_token]').forEach(e => { e.value = 'x'; })"
        page.execute_script(stale)
        find(page, "#enrichment-edit .is-primary").click()
        within(lambda: "What you typed is kept" in find(page, "main").text)
        check(page, source, screen)
    assert complaints(page, "403") == []


def test_axe_finds_no_fault_before_all_are_renamed(browser: Any, hosted: Server) -> None:
    source = axe()
    for name in "ab":
        add_song(name, "ABBA", f"Song {name}", "manual", 1.0)
    for screen in on_every_screen(browser):
        browser.get(f"{hosted.url}rename")
        find(browser, "button[formaction$='/rename/all']").click()
        within(lambda: "Rename these" in find(browser, "main button.is-primary").text)
        check(browser, source, screen)


_LONG = "Karaokebuch_der_Gaststätte_zum_Goldenen_Löwen_Ausgabe_Winter_2026"


@pytest.mark.parametrize(
    "draft",
    [
        Draft("ready", file=f"{_LONG}.csv", name=_LONG, rows=[[_LONG, _LONG, "1974", "Pop"]] * 8,
              columns={"artist": _LONG, "title": "Titel"}, songs=12_345),
        Draft("done", name=_LONG, songs=12_345, known=1_234, left_out=7),
        Draft("failed", link=f"https://example.org/{_LONG}?key=1",
              trouble=Said("link_lost", host=f"{_LONG}.example.org").as_text()),
    ],
    ids=lambda draft: draft.step,
)  # fmt: skip
def test_axe_finds_no_fault_with_a_list_on_its_way(
    page: Any, server: Server, library: runtime.Runtime, draft: Draft
) -> None:
    source, desk = axe(), Desk(library.settings.catalogue)
    desk.put(draft)
    for screen in on_every_screen(page):
        page.get(f"{server.url}lists")
        check(page, source, screen)
        width = page.execute_script("return document.documentElement.scrollWidth")
        assert screen == "desktop" or width <= 390


def check(page: Any, source: str, screen: str) -> None:
    """Let axe go over the page as it is, with all that can be opened open."""
    for details in page.find_elements("css selector", "details"):
        page.execute_script("arguments[0].open = true", details)
    page.execute_script(source)
    report = page.execute_async_script(
        "const done = arguments[0]; axe.run().then((r) => done(r.violations))"
    )
    faults = [
        (found["id"], found["help"], [node["html"] for node in found["nodes"]][:3])
        for found in report
    ]
    assert faults == [], screen


def test_focus_goes_through_the_page_in_reading_order(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    order = []
    for _ in range(12):
        press(page, "\ue004")
        order.append(
            page.execute_script("const e = document.activeElement; return e.id || e.text || ''")
        )
    wanted = ["Progress", "Songs", "Review", "Settings", "enrichment-q"]
    # "Review" may bear how many songs wait.
    places = [[(each or "").startswith(name) for each in order].index(True) for name in wanted]
    assert places == sorted(places)


# --- attacks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_hostile_names_run_nothing_and_show_as_text(page: Any, server: Server, path: str) -> None:
    song = Song.get(Song.title == HOSTILE)
    page.get(server.url + path.replace("songs/1", f"songs/{song.id}"))
    assert page.execute_script("return window.hacked") is None
    assert page.execute_script("return document.querySelectorAll('.enr img').length") == 0
    if path.startswith(("songs", "review/many")):
        assert "<script>window.hacked=1" in page.execute_script(
            "return document.querySelector('.enr').textContent + "
            "[...document.querySelectorAll('.enr input')].map(e => e.value).join()"
        )


def test_right_to_left_override_stays_within_its_name(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    names = page.execute_script(
        "return [...document.querySelectorAll('.enr *')].filter(e => !e.children.length "
        "&& e.textContent.includes('\\u202e')).map(e => e.closest('bdi, label') !== null)"
    )
    assert names
    assert all(names)


def test_hostile_search_is_only_text(page: Any, server: Server) -> None:
    page.get(f"{server.url}songs")
    find(page, "#enrichment-q").send_keys('"><script>window.hacked=1</script>')
    within(lambda: "script" in page.current_url)
    assert find(page, "#enrichment-q").get_property("value").startswith('"><script>')


def test_page_of_another_site_changes_no_song(browser: Any, server: Server) -> None:
    song = song_of("track01")
    browser.get(server.url)
    for path in (f"songs/{song.id}", f"songs/{song.id}/undo", "songs/many", "settings"):
        attack = (
            f'<form id=f method=post action="{server.url}{path}"><input name=title value=x>'
            f"<input name=songs value={song.id}><input name=action value=manual></form>"
            "<script>document.getElementById('f').submit()</script>"
        )
        browser.get("data:text/html;base64," + base64.b64encode(attack.encode()).decode())
        within(lambda path=path: browser.current_url.endswith(path))
        within(lambda: says(browser, "out of date"))
    assert Song.get_by_id(song.id).metadata_status == "enrichment_failed"


def test_wrong_passwords_are_slowed_down(
    browser: Any, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Time stands still: on a slow machine the wait was over before the right password was typed.
    monkeypatch.setattr(mount, "Attempts", lambda password: Attempts(password, lambda: 1000.0))
    runtime.forget()
    guarded = replace(settings, admin_password=PASSWORD)
    try:
        with serving(guarded) as server:
            browser.get(f"{server.url}songs")
            assert "Password of the dashboard" in find(browser, "body").text
            for number in range(FREE + 1):
                wrong_password(browser, f"guess {number}")
            wrong_password(browser, PASSWORD)
            within(lambda: says(browser, "Too many wrong passwords: try again in"))
    finally:
        runtime.forget()
        close_library()


def wrong_password(browser: Any, password: str) -> None:
    """Type it, and wait for the page that says no: until then the one before says the same."""
    before = find(browser, "main")
    find(browser, "#password").send_keys(f"{password}\ue007")
    within(lambda: find(browser, "main") != before)
    within(lambda: says(browser, "not the password", "Too many wrong"))


# --- settings -------------------------------------------------------------------------------------


def test_a_test_leads_to_what_came_of_it(page: Any, server: Server) -> None:
    """By its address, as not every browser gives words the focus that ask for it."""
    for screen in on_every_screen(page):
        for path in ("settings", "first-run"):
            page.get(server.url + path)
            button = find(page, "button[value='lastfm']")
            page.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
            button.click()
            within(lambda: page.current_url.endswith("/test#lastfm_api_key-outcome"))
            shown = find(page, "#lastfm_api_key-outcome")
            place = "const at = arguments[0].getBoundingClientRect(); return [at.top, at.bottom]"
            top, bottom = page.execute_script(place, shown)
            tall = page.execute_script("return window.innerHeight")
            assert 0 <= top < bottom <= tall, (screen, path)
            assert page.switch_to.active_element == shown


def test_what_leads_to_song_lists_stands_apart(page: Any, server: Server) -> None:
    page.get(f"{server.url}settings")
    below, above = (find(page, css).rect for css in ("#enrichment-contact", ".enr-apart"))
    assert below["y"] - above["y"] - above["height"] >= 12


def test_key_is_set_and_shown_by_its_end_only(page: Any, server: Server) -> None:
    page.get(f"{server.url}settings")
    key = find(page, "#lastfm_api_key")
    assert key.get_attribute("type") == "password"
    key.send_keys("0123456789abcdef0123456789abcd4f")
    find(page, '.enr-settings > .enr-buttons button[type="submit"]').click()
    within(lambda: "set, ends in …4f" in find(page, "main").text)
    assert "0123456789" not in page.page_source


def test_save_is_in_reach_wherever_one_types(page: Any, server: Server) -> None:
    for screen in on_every_screen(page):
        page.get(f"{server.url}settings")
        find(page, "#lastfm_api_key").send_keys("a")
        save = find(page, '.enr-settings > .enr-buttons button[type="submit"]')
        script = (
            "const box = arguments[0].getBoundingClientRect();"
            "return [box.top, box.bottom, window.innerHeight]"
        )
        top, bottom, tall = page.execute_script(script, save)
        assert 0 <= top < bottom <= tall, screen


def test_pictures_lead_to_their_songs(page: Any, server: Server) -> None:
    page.get(server.url)
    find(page, ".enr-key-list a[href*='level=verified']").click()
    within(lambda: titles(page) == ["Waterloo"])
