"""One headless Chromium for all browser tests; they skip with a clear word where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hosts import answering
from pages import HOSTILE, add_song, complaints, offer, serving

from pikaraoke_enrichment import config
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import first_run, progress, runtime
from pikaraoke_enrichment.tasks.enrich import huey
from pikaraoke_enrichment.web.server import Server


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser that shows a desktop's size and keeps its console's words."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    driver_path = shutil.which("chromedriver")
    if not (program and driver_path):
        pytest.skip("no browser here: install Debian's chromium and chromium-driver to run these")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for option in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(option)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver_path))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    """The browser on an empty page: one that a test leaves open would go on asking a server that
    has ended, and its complaints would be taken for the next test's."""
    _empty(chromium)
    yield chromium
    _empty(chromium)


def _empty(chromium: Any) -> None:
    chromium.get("about:blank")
    chromium.get_log("browser")


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    """Settings for a library in a temporary folder."""
    return config.load(
        {
            "ENRICHMENT_CONFIG": str(tmp_path / "config.ini"),
            "ENRICHMENT_DB": str(tmp_path / "pikaraoke.db"),
        }
    )


@pytest.fixture
def server(library: runtime.Runtime) -> Iterator[Server]:
    """The dashboard, served for the test's own `library`."""
    with serving(library.settings) as server:
        yield server


@pytest.fixture
def library(settings: config.Settings) -> Iterator[runtime.Runtime]:
    """Seven songs, three of which wait for a person."""
    huey.close()
    progress.forget()
    now = runtime.configure(settings)
    first_run.set_done()
    add_song("Queen - Bohemian Rhapsody", "Queen", "Bohemian Rhapsody", "enriched", 0.97)
    add_song("Beyoncé - Déjà Vu", "Beyoncé", "Déjà Vu", "enriched", 0.8)
    add_song("ABBA - Waterloo", "ABBA", "Waterloo", "manual", 1.0)
    offer(add_song("innuendo karaoke", None, "Innuendo Karaoke", "parsed", 0.2), "Innuendo")
    offer(add_song("under presure", None, "Under Presure", "parsed", 0.4), "Under Pressure")
    hostile = add_song(HOSTILE.replace("/", "_"), HOSTILE, HOSTILE, "parsed", 0.6)
    offer(hostile, HOSTILE)
    add_song("track01", None, "track01", "enrichment_failed", 0.1)
    yield now
    runtime.forget()
    huey.close()
    close_library()


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    """The browser; afterwards it must have found nothing to complain about, and no script run."""
    browser.get(server.url)
    yield browser
    assert browser.execute_script("return window.hacked") is None
    refusals = "400 (BAD REQUEST)", "404 (NOT FOUND)", "409 (CONFLICT)"
    assert complaints(browser, *refusals) == []


@pytest.fixture
def hosted(library: runtime.Runtime) -> Iterator[Server]:
    """The dashboard beside a PiKaraoke that takes what is queued; stands before any page is open,
    whose polls would meet a library that is just forgotten."""
    runtime.forget()
    with answering() as host, serving(replace(library.settings, pikaraoke_url=host.url)) as server:
        yield server
