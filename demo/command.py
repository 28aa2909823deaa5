"""The demonstration: the whole job on some fifty songs, with the APIs' stand-in for a network."""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from .. import config
from ..providers import services
from ..system import serving
from ..system.child import Child
from ..system.invocation import DEMONSTRATION
from ..system.loopback import hold_to_loopback
from ..system.network import LOOPBACK
from .catalogue import Catalogue
from .server import ApiServer
from .songs import SONGS, file_names

KEY, CONTACT = "demonstration", "demonstration@example.org"
EXPLANATION = """\
This is a demonstration. {count} badly named files were made in a temporary folder;
Last.fm, MusicBrainz, iTunes and ListenBrainz are played by a server on this
machine, which takes the key and the token "{key}" and no other. The
rest is the real thing, its pace included. Nothing of yours is touched, and
nothing is left behind. {end}
"""


def demonstrate(*, port: int = 0, until_done: bool = False) -> int:
    """Run the main job on made-up files; ends with Ctrl-C, or when done if asked for.

    Args:
        port: the dashboard's, 0 for a free one.
        until_done: end when nothing is left to do; always so where nobody can press Ctrl-C.
    Returns:
        The main job's exit status.
    """
    serving.check(LOOPBACK, port)
    hold_to_loopback()  # the job inherits it: no service that is forgotten here is asked
    with (
        tempfile.TemporaryDirectory(prefix="pikaraoke-enrichment-demo-") as place,
        ApiServer(Catalogue(SONGS, traps=True), keys=[KEY], tokens=[KEY], latency=0.1) as server,
    ):
        folder = Path(place) / "songs"
        folder.mkdir()
        for name in file_names():
            (folder / name).write_bytes(b"")
        until_done = until_done or not sys.stdout.isatty()
        end = "It ends once every song is done." if until_done else "Ctrl-C ends it."
        print(EXPLANATION.format(count=len(file_names()), key=KEY, end=end), flush=True)
        settings = settings_for(Path(place), server.url, port)
        environment = {
            **settings.whole_environment(),
            DEMONSTRATION: "1",
            "ENRICHMENT_HOST": LOOPBACK,  # outright: nobody is asked whether the house may see it
        }
        words = ["run", str(folder)]
        if until_done:
            words.append("--until-done")
        return Child(*words, environment=environment).wait_or_end()


def settings_for(place: Path, url: str, port: int) -> config.Settings:
    """A demonstration's settings: the defaults, whatever the user has set but the pace, with the
    stand-in at `url` for every service.

    Args:
        place: the folder that everything is kept in.
        port: the dashboard's, 0 for a free one.
    """
    rates = {name: value for name, value in os.environ.items() if name.endswith("_RATE")}
    base = config.load({**rates, "ENRICHMENT_CONFIG": str(place / "config.ini")})
    db = str(place / "pikaraoke.db")
    queue = config.default_queue(db)
    settings = replace(base, db=db, queue=queue, port=port, musicbrainz_contact=CONTACT)
    for name in services.NAMES:
        settings = settings.with_service(name, url=url)
    return settings.with_service("lastfm", key=KEY)
