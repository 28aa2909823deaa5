"""Photograph the dashboard: the demonstration's songs, each page on a phone and on a desktop.

    python docs/screenshots.py [FOLDER]

Needs chromium, chromedriver and selenium. Nothing outside of FOLDER (docs/screenshots) is written.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver

from pikaraoke_enrichment import config_file
from pikaraoke_enrichment.config import Settings
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.command import KEY, settings_for
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.demo.songs import SONGS, file_names
from pikaraoke_enrichment.models import CandidateRow, Song
from pikaraoke_enrichment.tasks import cataloguing, taking_in
from pikaraoke_enrichment.tasks.progress import get_progress
from pikaraoke_enrichment.tasks.review import browsing, editing, many, reviewing, statistics
from pikaraoke_enrichment.tasks.runtime import configure
from pikaraoke_enrichment.tasks.taking_in import Desk, Draft
from pikaraoke_enrichment.web.server import make_server

SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
# What a page may be tall in a picture.
TALLEST = 1600
# Further files of two songs.
TWICE = (
    "ABBA - Dancing Queen [Sing King Karaoke].mp4",
    "ABBA - Dancing Queen (Karaoke Version).mkv",
    "a-ha - Take On Me (Karaoke with Lyrics).mp4",
)
# The pictures show songs and command where people have them, not in this run's folders.
_HOME = """
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const text = walker.currentNode;
  text.textContent = text.textContent
    .replace(/\\S*\\/(?=songs\\/|config\\.ini|pikaraoke\\.db)/, "/home/pi/")
    .replace(/[^\\s(]*\\/(?=pikaraoke-enrichment )/, "");
}
"""


def main(folder: Path) -> None:
    """Run the demonstration's songs through the real consumer and photograph every page."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        ApiServer(Catalogue(SONGS, traps=True), keys=[KEY], latency=0.3) as api,
    ):
        songs = Path(place) / "songs"
        songs.mkdir()
        for number, name in enumerate([*file_names(), *TWICE]):
            with (songs / name).open("wb") as file:
                file.truncate((21 + number * 7 % 30) * 1_100_000)
        settings = settings_for(Path(place), api.url, 0)
        # Where people keep it: a key given otherwise cannot be changed on the page.
        config_file.write(settings.config_file, {("API_KEYS", "lastfm"): KEY})
        command = [sys.executable, "-m", "pikaraoke_enrichment", "run", str(songs)]
        command.append("--no-dashboard")
        environment = settings.whole_environment()
        job = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            photograph(settings, folder)
        finally:
            job.terminate()
            job.wait()


def photograph(settings: Settings, folder: Path) -> None:
    """Serve the dashboard beside the consumer and take its pictures."""
    configure(settings)
    server = make_server(settings, port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    driver = browser()
    try:
        within(60, lambda: get_progress()["total"] > 0)
        take(driver, folder, "first-run", server.url + "first-run", "desktop")
        within(60, lambda: 60 <= get_progress()["percent"] < 100)
        take(driver, folder, "progress", server.url)
        within(120, lambda: get_progress()["remaining"] == 0)
        waiting = CandidateRow.select(CandidateRow.song)
        song = Song.select().where(Song.id.in_(waiting)).order_by(Song.confidence).first()
        decide()
        lay_a_list_open(settings)
        for name, path in (
            ("library", ""),
            ("songs", "songs"),
            ("song", f"songs/{song.id}"),
            ("review", "review"),
            ("many", "review/many?from=0"),
            ("decisions", "decisions"),
            ("settings", "settings"),
            ("lists", "lists"),
            ("find", "find?decade=1980"),
        ):
            take(driver, folder, name, server.url + path)
        take(driver, folder, "doubles", server.url + "doubles", "desktop")
        take(driver, folder, "tiles", server.url + "find", "phone")
    finally:
        driver.quit()
        server.close()
        thread.join()


def decide() -> None:
    """What a host has said of a few songs, for the pages that show it."""
    ids = [row.id for row in Song.select(Song.id).where(Song.metadata_status == "enriched")]
    waiting = [row.song_id for row in CandidateRow.select(CandidateRow.song).distinct()]
    many.apply(((song_id, None) for song_id in ids[:4]), many.Edit("set", {"genre": "Pop"}))
    for song_id in ids[4:12]:
        reviewing.accept_as_read(song_id)
    editing.edit(ids[12], {"year": "1999"})
    undecided = (Song.metadata_status == "parsed") & Song.id.in_(waiting)
    last = Song.select().where(undecided).order_by(Song.confidence.desc()).first()
    reviewing.reject(last.id)
    statistics.forget()
    browsing.forget()


def lay_a_list_open(settings: Settings) -> None:
    """A list that is taken in, and next month's, looked into and not yet taken."""
    head, *lines = (
        "Title;Artist;Year;Styles",
        *(f"{song.title};{song.artist};{song.year or ''};{song.genre}" for song in SONGS),
    )
    data = "\n".join([head, *lines]).encode()
    cataloguing.import_data(data, "songs.csv", settings.catalogue, "KaraFun")
    named = ((song.artist or "", song.title) for song in Song.select() if song.title)
    cataloguing.count_known("KaraFun", settings.catalogue, named)
    desk = Desk(settings.catalogue)
    desk.data.write_bytes(data)
    desk.put(Draft("reading", file="KaraFun.csv"))
    taking_in.work(settings, "look")


def browser() -> Any:
    """Headless Chromium."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for option in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(option)
    return webdriver.Chrome(
        options=options, service=webdriver.ChromeService(shutil.which("chromedriver"))
    )


def take(driver: Any, folder: Path, name: str, address: str, *sizes: str) -> None:
    """One page on these sizes of screen, or on all."""
    for size in sizes or SIZES:
        width, height = SIZES[size]
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        driver.get(address)
        driver.execute_script(_HOME)
        tall = driver.execute_script("return document.documentElement.scrollHeight")
        screen["height"] = min(max(tall, height), TALLEST)
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        driver.save_screenshot(str(folder / f"{name}-{size}.png"))


def within(seconds: float, look: Callable[[], bool]) -> None:
    """Wait until `look` sees what it looks for."""
    until = time.monotonic() + seconds
    while not look():
        if time.monotonic() > until:
            raise SystemExit(f"not within {seconds} s")
        time.sleep(0.2)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("screenshots"))
