"""The dashboard inside the real PiKaraoke's frame: its look, its admin, its base path."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pages import PATIENCE, complaints, find, on_a_phone, within

pytest.importorskip("pikaraoke")
HOST_APP = Path(__file__).with_name("host_app.py")
# PiKaraoke asks for a font from outside, which our pages do not: a Pi may be offline.
EXPECTED = "fonts.googleapis.com"


@contextmanager
def host(folder: Path, base_path: str = "") -> Iterator[str]:
    """The address of PiKaraoke's app in a process of its own."""
    folder.mkdir(exist_ok=True)
    app = subprocess.Popen(
        [sys.executable, str(HOST_APP), str(folder), base_path], stdout=subprocess.PIPE, text=True
    )
    try:
        assert app.stdout is not None
        port = next(line for line in app.stdout if line.strip().isdigit()).strip()
        yield f"http://127.0.0.1:{port}{base_path}"
    finally:
        app.terminate()
        app.wait(PATIENCE)
        assert app.stdout is not None
        app.stdout.close()


@pytest.mark.parametrize("base_path", ["", "/karaoke"])
def test_pages_stand_in_pikaraoke_s_frame(browser: Any, tmp_path: Path, base_path: str) -> None:
    with host(tmp_path / "open", base_path) as address:
        for path in ("", "songs", "review", "settings", "lists"):
            browser.get(f"{address}/enrichment/{path}")
            within(find(browser, "#brand #home").is_displayed)
            within(find(browser, ".enr-tabs").is_displayed)
            within(lambda: find(browser, ".session-ribbon-text").text == "FRIDAY </SCRIPT><B>")
            # PiKaraoke's own script has run under our policy.
            ran = "return window.pikaraokeConfig.basePath === arguments[0]"
            within(lambda ran=ran: browser.execute_script(ran, base_path))
            with on_a_phone(browser):
                width = "return document.documentElement.scrollWidth"
                within(lambda width=width: browser.execute_script(width) <= 360)
        # A link opens a page of its own: PiKaraoke's loading into the open one is not for ours.
        browser.execute_script("window.before = true")
        find(browser, ".enr-tabs a").click()
        within(lambda: browser.current_url.endswith("/enrichment/"))
        assert browser.execute_script("return window.before") is None
        # Before the host ends: an open page goes on asking it.
        assert complaints(browser, EXPECTED, "socket.io") == []


def test_pages_and_menu_speak_pikaraoke_s_language(browser: Any, tmp_path: Path) -> None:
    with host(tmp_path / "open") as address:
        browser.get(f"{address}/enrichment/?lang=de_DE")
        within(lambda: find(browser, ".enr-tabs a").text == "Fortschritt")
        assert browser.execute_script("return document.documentElement.lang") == "de-DE"
        menu = find(browser, "#enrichment").get_property("textContent")
        assert menu.strip() == "Ergänzung"


def test_policy_lets_no_inline_script_in_but_pikaraoke_s_own(browser: Any, tmp_path: Path) -> None:
    with host(tmp_path / "open") as address:
        browser.get(f"{address}/enrichment/")
        browser.execute_script(
            "const s = document.createElement('script'); s.textContent = 'window.hacked = 1';"
            "document.body.append(s); document.body.insertAdjacentHTML('beforeend',"
            " '<img src=x onerror=\"window.hacked = 2\">')"
        )
        assert browser.execute_script("return window.hacked") is None


def test_pikaraoke_s_admin_guards_every_page(tmp_path: Path) -> None:
    with host(tmp_path / "admin") as address:
        for path in ("", "songs", "songs/1", "review", "settings", "export.csv", "progress"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{address}/enrichment/{path}", timeout=10)
            assert refused.value.code == 403
            refused.value.close()
