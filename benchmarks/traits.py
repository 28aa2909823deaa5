"""How many songs have their language and explicitness told, and how rightly.

    python benchmarks/traits.py [--songs 2000] [--seed 1]

Karaoke names of real songs, whose languages are known, go through the real command against the
strict stand-in, with an imported list as KaraFun's. Of the list a quarter of the songs is left out,
or their language hidden: what is told of these is compared with the truth. The songs' own file
knows nothing of "explicit": which are so is made up, in the list as in the stand-in's store, and
only how many are told is measured. What real answers of the store tell is counted beside it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus import SHARED

from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.providers import services
from pikaraoke_enrichment.providers.decoding import Unreadable
from pikaraoke_enrichment.providers.itunes import read_songs
from pikaraoke_enrichment.tasks.cataloguing import import_data
from pikaraoke_enrichment.tasks.judging.languages import codes_of
from pikaraoke_enrichment.tasks.names.folding import fold

HIDDEN = 0.24
"""The share of a library's songs that a list is taken to lack. Of KaraFun's own names (`lists.py`)
10 of 18 are not in the half of its list that is here."""
EXPLICIT = 0.1
GOALS = {"language": 0.9, "explicit": 0.6}


@dataclass(frozen=True, slots=True)
class Real:
    """A song of the catalogue with what is true of it."""

    song: Song
    languages: str
    styles: str
    number: int

    @property
    def file(self) -> str:
        """What a karaoke file of it is called; the number tells it again."""
        name = f"{self.song.artist} - {self.song.title} (Karaoke Version)".replace("/", "_")
        return f"{name}---{self.number:011d}.mp4"


def drawn(count: int, seed: int) -> list[Real]:
    """Songs of artists as the catalogue has them: all of one artist or none, as hosts collect."""
    path = SHARED / "catalogue" / "songs.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    dice = random.Random(seed)
    artists = list(dict.fromkeys(row["artist"] for row in rows))
    dice.shuffle(artists)
    order = {artist: place for place, artist in enumerate(artists)}
    rows.sort(key=lambda row: order[row["artist"]])
    found: dict[tuple[str, str], Real] = {}
    for number, row in enumerate(rows):
        if len(found) == count:
            break
        year = int(row["year"]) if row["year"].isdecimal() else None
        is_explicit = dice.random() < EXPLICIT
        song = Song(row["artist"], row["title"], year, row["styles"].partition(",")[0], "",
                    explicit=is_explicit)  # fmt: skip
        real = Real(song, codes_of(row["languages"]), row["styles"], number)
        if real.languages and len(real.file.encode()) < 250:
            found.setdefault((fold(song.artist), fold(song.title)), real)
    return list(found.values())


def write_list(path: Path, listed: Iterable[Real], hidden: set[int]) -> None:
    """A list as KaraFun's, without the language of some songs."""
    head = ["Id", "Title", "Artist", "Year", "Duo", "Explicit", "Date Added", "Styles", "Languages"]
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, delimiter=";")
        lines.writerow(head)
        for each in listed:
            song = each.song
            flags = "", int(song.explicit)
            language = "" if each.number in hidden else each.languages
            lines.writerow([each.number, song.title, song.artist, song.year, *flags, "",
                            each.styles, language])  # fmt: skip


def told(reals: list[Real], listed: list[Real], hidden: set[int]) -> dict[int, sqlite3.Row]:
    """Run the real command over the songs; what it tells of each by its number."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ApiServer(Catalogue([r.song for r in reals])) as api,
    ):
        place = Path(folder)
        (place / "songs").mkdir()
        for each in reals:
            (place / "songs" / each.file).touch()
        write_list(place / "book.csv", listed, hidden)
        book = place / "book.csv"
        catalogue = place / "pikaraoke-enrichment-catalogue.db"
        import_data(book.read_bytes(), str(book), catalogue, "book")
        own = {f"{each.name.upper()}_URL": api.url for each in services.SERVICES}
        own |= {f"{each.name.upper()}_RATE": "1000" for each in services.SERVICES}
        own |= {services.KEYS["lastfm"].variable: "0" * 32}
        own |= {"MUSICBRAINZ_CONTACT": "benchmarks@example.org"}
        own |= {"ENRICHMENT_DB": str(place / "songs.db")}
        own |= {"ENRICHMENT_CONFIG": str(place / "config.ini")}
        clean = {name: text for name, text in os.environ.items() if "ENRICHMENT" not in name}
        words = ["run", str(place / "songs"), "--until-done", "--no-dashboard", "--quiet"]
        subprocess.run(
            [sys.executable, "-m", "pikaraoke_enrichment", *words], env={**clean, **own}, check=True
        )
        with closing(sqlite3.connect(place / "songs.db")) as songs:
            songs.row_factory = sqlite3.Row
            rows = songs.execute(
                "SELECT file_path, t.* FROM songs JOIN enrichment_traits AS t ON t.song_id = id"
            ).fetchall()
    return {int(row["file_path"].rpartition("---")[2][:-4]): row for row in rows}


def report(title: str, reals: list[Real], found: dict[int, sqlite3.Row], hidden: set[int]) -> None:
    """Print what was told and how rightly, of all songs and of those that the list hid."""
    print(f"{title}: {len(reals)} songs")
    for name, goal in GOALS.items():
        known = sum(found[each.number][name] is not None for each in reals)
        share = known / len(reals)
        print(f"  {name} told  {share:6.1%}  goal {goal:.0%}  {'yes' if share >= goal else 'NO'}")
        sources = Counter(found[each.number][f"{name}_source"].partition(" ")[0] for each in reals)
        print("    from", ", ".join(f"{who or 'nobody'} {n}" for who, n in sources.most_common()))
    for label, some in (("all", reals), ("hidden", [r for r in reals if r.number in hidden])):
        said = [(r, found[r.number]["language"]) for r in some]
        said = [(r, language) for r, language in said if language]
        if said:
            exact = sum(language == r.languages for r, language in said)
            some_of_it = sum(_is_one_of(r.languages, language) for r, language in said)
            partly = some_of_it - exact
            wrong = len(said) - exact - partly
            print(f"  languages of {label}: told of {len(said) / len(some):.1%}; "
                  f"right {exact / len(said):.2%}, one of two {partly / len(said):.2%}, "
                  f"wrong {wrong / len(said):.2%}")  # fmt: skip


def recorded() -> None:
    """Print what recorded answers of the store tell of "explicit", read by its provider."""
    told: Counter[str] = Counter()
    for path in sorted((SHARED / "responses").glob("*/itunes*.json")):
        with suppress(ValueError, Unreadable):
            for song in read_songs(json.loads(path.read_text(encoding="utf-8"))):
                said = [trait.value for trait in song.traits if trait.name == "explicit"]
                told[{(True,): "explicit", (False,): "not"}.get(tuple(said), "untold")] += 1
    print(f"recorded answers of the store: {told.total()} songs, explicit told of "
          f"{1 - told['untold'] / max(1, told.total()):.1%}: {dict(told)}")  # fmt: skip


def _is_one_of(true: str, said: str) -> bool:
    return not set(said.split(",")).isdisjoint(true.split(","))


def main() -> None:
    """Measure a list that hides languages, and one that lacks songs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--songs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    recorded()
    reals = drawn(asked.songs, asked.seed)
    dice = random.Random(asked.seed)
    hidden = {each.number for each in reals if dice.random() < HIDDEN}
    report("the list has all", reals, told(reals, reals, set()), set())
    report("the list hides languages", reals, told(reals, reals, hidden), hidden)
    listed = [each for each in reals if each.number not in hidden]
    report("the list lacks songs", reals, told(reals, listed, hidden), hidden)


if __name__ == "__main__":
    main()
