"""A KaraFun-like list through the dashboard's page, and how many of KaraFun's names it knows.

    python benchmarks/lists.py [--songs 60000] [--library 2000]

The real dashboard fetches the list by its link from a site at an address that stands for the
internet (`system/loopback.py`), shows it and takes it in. The names are KaraFun's own of
../shared/names; of the songs that its list had, half lie in ../shared/catalogue: where that is not
beside this checkout the list is made up, and no name is asked for.
"""

from __future__ import annotations

import argparse
import csv
import http.client
import io
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

os.environ["ENRICHMENT_LOOPBACK_ONLY"] = "1"
sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))

from accuracy import same_title
from corpus import SHARED, corpora
from pages import dashboard
from sites import serving_lists

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import made_up_songs
from pikaraoke_enrichment.providers.catalogue import Catalogue
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.enrich import scan
from pikaraoke_enrichment.tasks.lookup.chain import look_up
from pikaraoke_enrichment.tasks.names.folding import fold
from pikaraoke_enrichment.tasks.parsing import parse

# Seconds from the press that fetches a list until it is taken in, without the person between.
GOAL = 10.0
LIST = SHARED / "catalogue" / "songs.tsv"
HEAD = ("Id", "Title", "Artist", "Year", "Duo", "Explicit", "Date Added", "Styles", "Languages")


def rows_of_list() -> list[dict[str, str]]:
    """The half of KaraFun's list that is beside this checkout; empty where it is not."""
    if not LIST.exists():
        return []
    with LIST.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def karafun(songs: int) -> bytes:
    """A list in KaraFun's columns: the catalogue's songs where it is there, and made-up ones."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEAD)
    rows = rows_of_list()
    for row in rows[:songs]:
        told = row["title"], row["artist"], row["year"], 0, 0, "2022-06-01"
        writer.writerow([row["karafun_id"], *told, row["styles"], row["languages"]])
    for number, song in enumerate(made_up_songs(songs - len(rows[:songs])), 100_000):
        told = song.title, song.artist, song.year, 0, 0, "2022-06-01"
        writer.writerow([number, *told, song.genre, "English"])
    return out.getvalue().encode()


class Page:
    """The page of lists, as a browser uses it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("localhost", port)
        _, headers, text = self._ask("GET", "")
        self._cookie = headers.get("Set-Cookie", "").partition(";")[0]
        self._token = re.findall(r'name="csrf_token" value="([^"]+)"', text)[0]

    def _ask(
        self, how: str, path: str, form: str = "", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, str]:
        self._connection.request(
            how, f"/enrichment/lists{path}", form, {"Accept": "text/html", **headers}
        )
        answer = self._connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def post(self, path: str, **fields: str) -> None:
        """Send a form; raises where it is not taken."""
        form = urlencode({"csrf_token": self._token, **fields})
        kind = "application/x-www-form-urlencoded"
        status, _, text = self._ask(
            "POST", path, form, Cookie=self._cookie, **{"Content-Type": kind}
        )
        if status != 303:
            raise RuntimeError(f"{path}: {status} {text[:200]}")

    def seconds_until(self, step: str) -> float:
        """Wait for the draft's step; raises where it fails."""
        began = time.monotonic()
        while (now := json.loads(self._ask("GET", "/progress")[2])["step"]) != step:
            if now == "failed" or time.monotonic() - began > 300:
                raise RuntimeError(f"{step} was not reached: {now}")
            time.sleep(0.05)
        return time.monotonic() - began


def measured(work: Callable[[], None], page: Page, step: str) -> float:
    """Seconds from a press to a step."""
    began = time.monotonic()
    work()
    page.seconds_until(step)
    return time.monotonic() - began


def report_names(book: Path) -> None:
    """Print how many of KaraFun's own names are found in the list, artist and title right; of all,
    and of those whose song this half of its list has at all."""
    titles: dict[str, list[str]] = {}
    for row in rows_of_list():
        titles.setdefault(fold(row["artist"]), []).append(row["title"])
    cases, provider = corpora().get("karafun_youtube", []), Catalogue(book)
    right, there = 0, 0
    for case in cases:
        of_artist = titles.get(fold(case.artist), ())
        there += any(same_title(title, case.title) for title in of_artist)
        verdict = look_up(parse(case.name), [provider]).verdict
        is_artist = fold(verdict.artist) == fold(case.artist)
        right += verdict.applies and is_artist and same_title(verdict.title, case.title)
    told = f"{right} of {len(cases)} found and right, {right / max(1, len(cases)):.0%}"
    print(f"  KaraFun's names: {told}; {there} of their songs are in this half of its list")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--songs", type=int, default=60_000)
    options.add_argument("--library", type=int, default=2_000)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as place, serving_lists() as site:
        folder = Path(place, "songs")
        folder.mkdir()
        for song in made_up_songs(given.library):
            (folder / f"{song.artist} - {song.title} (Karaoke).mp4".replace("/", "_")).touch()
        environment = {"ENRICHMENT_CONFIG": f"{place}/config.ini", "ENRICHMENT_DB": f"{place}/p.db"}
        settings = replace(config.load(environment), port=0)
        runtime.configure(settings)
        scan(folder)
        site.files["/karafun.csv"] = data = karafun(given.songs)
        with dashboard(settings) as (port, _):
            page = Page(port)
            looked = measured(
                lambda: page.post("/link", link=f"{site.url}/karafun.csv"), page, "ready"
            )
            taken = measured(lambda: page.post("/take", name="KaraFun"), page, "done")
        total = looked + taken
        print(f"{given.songs} songs, {len(data) / 1e6:.1f} MB, a library of {given.library}:")
        print(f"  fetched and shown {looked:.1f} s, taken in {taken:.1f} s", end=", ")
        print(f"{total:.1f} s (goal {GOAL:.0f}): {'met' if total <= GOAL else 'MISSED'}")
        if not LIST.exists():
            print(f"KaraFun's names are not asked for: {LIST} is not there")
            return
        report_names(settings.catalogue)


if __name__ == "__main__":
    main()
