"""One headless Chromium for all browser tests; they skip with a clear word where there is none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pages import serving

from pikaraoke_enrichment import config
from pikaraoke_enrichment.tasks import runtime
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
