"""A new service is one row and one file: settings, doctor, pages and the chain know it by these."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import pikaraoke_enrichment

HOUSE = Path(pikaraoke_enrichment.__file__).parent
ROW = """
SERVICES = (*SERVICES, Service(
    name="toy", label="Toy Charts", provider="toy.Toy", url="https://toy.invalid", rate=2.0,
    key=Key(argument="pin", setting="toy_pin", variable="TOY_PIN", option=("API_KEYS", "toy"),
            word="PIN", caption="PIN", page="https://toy.invalid/pin", without="not set: no toys."),
    supplies=YEAR_AND_GENRE, spelling=4, dates=0.6, genres=0.6,
))

BY_NAME: """
PROVIDER = """
from .base import Candidate, Found
from .services import BY_NAME

class Toy:
    name, label, supplies = "toy", BY_NAME["toy"].label, BY_NAME["toy"].supplies
    finds_by = "text"

    def __init__(self, http, *, base_url, pin):
        self.asked = base_url, pin

    def lookup(self, query):
        return Found((Candidate("toy", query.artist, query.title, year=1999),))
"""
PROGRAM = """
import json, sys
from pathlib import Path
from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands.doctor import examine
from pikaraoke_enrichment.tasks.runtime import configure, make_provider, usable_providers
from pikaraoke_enrichment.web.standalone import make_app

settings = config.load()
findings = examine(settings, ask_providers=False)
now = configure(settings)
page = make_app(settings).test_client().get("/enrichment/settings")
print(json.dumps({
    "usable": usable_providers(settings),
    "rate": settings.rate("toy"),
    "asked": make_provider("toy", settings, now.gate("toy")).asked,
    "findings": [f"{each.subject}: {each.words}" for each in findings],
    "page": page.get_data(as_text=True),
}))
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The package with a toy service: all of it linked, the one row and the one file added."""
    package = tmp_path / "pikaraoke_enrichment"
    (package / "providers").mkdir(parents=True)
    for part in [*HOUSE.glob("*.py"), *(HOUSE / "providers").glob("*.py")]:
        (package / part.relative_to(HOUSE)).symlink_to(part)
    for room in {part.parent for part in HOUSE.glob("*/__init__.py")} - {HOUSE / "providers"}:
        (package / room.name).symlink_to(room)
    table = package / "providers" / "services.py"
    rows = table.read_text(encoding="utf-8")
    table.unlink()
    table.write_text(rows.replace("\nBY_NAME: ", ROW, 1), encoding="utf-8")
    (package / "providers" / "toy.py").write_text(PROVIDER, encoding="utf-8")
    return tmp_path


def ask(house: Path, **environ: str) -> dict[str, object]:
    home = {
        "ENRICHMENT_DB": str(house / "songs.db"),
        "ENRICHMENT_CONFIG": str(house / "config.ini"),
        "MUSICBRAINZ_CONTACT": "tests@example.org",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONPATH": str(house), **home, **environ},
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def test_a_service_of_one_row_and_one_file_is_known_everywhere(house: Path) -> None:
    said = ask(house, TOY_PIN="1234", TOY_RATE="1.5", TOY_URL="http://127.0.0.1:1")
    assert said["usable"] == ["musicbrainz", "itunes", "toy"]
    assert said["rate"] == 1.5
    assert said["asked"] == ["http://127.0.0.1:1", "1234"]
    assert "Toy Charts PIN: set" in said["findings"]  # type: ignore[operator]
    for part in ("Toy Charts", 'name="toy_pin"', 'name="toy_rate"', "https://toy.invalid/pin"):
        assert part in str(said["page"])
    assert "1234" not in str(said["page"])


def test_without_its_key_it_is_left_out_and_keeps_its_limit(house: Path) -> None:
    said = ask(house)
    assert said["usable"] == ["musicbrainz", "itunes"]
    assert said["rate"] == 2.0
    assert "Toy Charts PIN: not set: no toys." in said["findings"]  # type: ignore[operator]


def test_the_demonstration_asks_no_service_that_has_no_stand_in(house: Path) -> None:
    """A row whose stand-in was forgotten: its provider finds the network shut."""
    program = (
        "import socket\n"
        "from pikaraoke_enrichment.demo import command\n"
        "class Job:\n"
        "    def __init__(self, *words, environment): print(environment['TOY_URL'])\n"
        "    def wait_or_end(self): return 0\n"
        "command.Child = Job\n"
        "command.demonstrate()\n"
        "socket.create_connection(('192.0.2.1', 9), timeout=5)\n"
    )
    environ = {name: value for name, value in os.environ.items() if "LOOPBACK" not in name}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**environ, "PYTHONPATH": str(house)},
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "127.0.0.1" in done.stdout, done.stderr
    assert "It ends once" in done.stdout, "nobody can press Ctrl-C where it is no terminal"
    assert "is not this machine" in done.stderr
