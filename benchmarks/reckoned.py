"""A host without any key at the public pace, reckoned: `keyless.py`'s library on a virtual clock.

    python benchmarks/reckoned.py [--songs 10000] [--keys lastfm]

The consumer's own workers, lanes, gates, tables and steward, each request an answer of the strict
stand-in that takes LATENCY seconds; MusicBrainz is busy now and then although its pace is kept.
Only waiting takes time on that clock (`virtual_clock.py`): what a song costs a processor does not.
`keyless.py` measures the same by the true clock, which hours of a pace make long.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accuracy import Stand
from keyless import BUSY, Told, enriched, library, report, settings
from virtual_clock import Turnstile, VirtualClock

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.server import SeenRequest
from pikaraoke_enrichment.models import QueueEntry
from pikaraoke_enrichment.providers import services
from pikaraoke_enrichment.providers.base import Failure, Provider
from pikaraoke_enrichment.providers.http import Http, Json, Verdict
from pikaraoke_enrichment.tasks import enrich, progress
from pikaraoke_enrichment.tasks.broker import huey
from pikaraoke_enrichment.tasks.consumer import Steward
from pikaraoke_enrichment.tasks.lookup import read_ahead
from pikaraoke_enrichment.tasks.runtime import configure, make_provider, usable_providers

# Seconds that an answer takes, that an idle worker waits, from tick to tick and from look to look.
LATENCY, IDLE, TICK, LOOK = 0.3, 0.25, 2.0, 20.0
WORKERS = 4


class Wire(Http):
    """The seam with the real gate before it and the stand-in behind it."""

    def __init__(self, gate: Any, stand: Stand, clock: VirtualClock, seen: list[SeenRequest]):
        super().__init__(gate, user_agent="benchmarks/1 ( benchmarks@example.org )")
        self._stand, self._clock, self._seen = stand, clock, seen
        self._dice = random.Random(0)

    def _exchange(
        self, _method: str, url: str, verdict: Verdict, parts: dict[str, Any]
    ) -> Json | Failure:
        self._gate.sent()
        self._gate.sent()
        at, params = self._clock.seconds, parts.get("params", {})
        name = next(each.name for each in services.SERVICES if url.startswith(each.url))
        self._seen.append(SeenRequest(name, url, params, "", at))
        self._clock.sleep(LATENCY)
        if name == "musicbrainz" and self._dice.random() < BUSY:
            busy = Json(503, {"error": "busy"}, {"Retry-After": "0"})
            return verdict(busy) or busy
        return self._stand.get(url, params, verdict=verdict)


class Reckoning:
    """One library's run."""

    def __init__(self, place: Path, count: int, seed: int, keys: Sequence[str]) -> None:
        (place / "songs").mkdir()
        self.stand = Stand(library(place / "songs", count, seed))
        self.total = len(list((place / "songs").iterdir()))
        self.seen: list[SeenRequest] = []
        self.told: Told = []
        self.clock = VirtualClock()
        self.is_done = False
        environment = settings(place, "", 1.0, keys)
        environment = {name: text for name, text in environment.items() if "_URL" not in name}
        self.runtime = configure(config.load(environment), is_consumer=True)
        self.runtime._providers = list(map(self._provider, usable_providers(self.runtime.settings)))
        read_ahead._changed = Turnstile(self.clock)  # type: ignore[assignment]
        huey.workers, huey.has_steward = WORKERS, True
        enrich.scan(place / "songs")

    def _provider(self, name: str) -> Provider:
        gate = self.runtime.gate(name)
        gate._turn = Turnstile(self.clock)  # type: ignore[attr-defined]
        wire = Wire(gate, self.stand, self.clock, self.seen)
        return make_provider(name, self.runtime.settings, http=wire)

    def run(self) -> None:
        """Do the whole job."""
        self.clock.run([self._keep_house, self._look_on, self._schedule, *[self._work] * WORKERS])

    def _work(self) -> None:
        while not self.is_done:
            task = huey._take()
            if task is None:
                self.clock.sleep(IDLE)
            else:
                huey.execute(task)

    def _schedule(self) -> None:
        while not self.is_done:
            for task in huey.read_schedule():
                huey.enqueue(task)
            self.clock.sleep(1.0)

    def _keep_house(self) -> None:
        steward = Steward(threading.Event())
        steward.begin()
        while not self.is_done:
            steward._copied_at = steward._looked_for_lists_at = self.clock.now
            steward._tick(self.clock.now)
            self.clock.sleep(TICK)
            self.is_done = not QueueEntry.select().exists()

    def _look_on(self) -> None:
        db = Path(self.runtime.settings.db)
        while not self.is_done:
            self.clock.sleep(LOOK)
            left = (huey.published(progress.KEY) or {}).get("eta_seconds")
            self.told.append((self.clock.seconds, *enriched(db), left))


def report_forms(seen: Sequence[SeenRequest]) -> None:
    """Print what MusicBrainz was asked in the first ten minutes and in all."""
    asked = [(int(each.at // 60), form_of(each)) for each in seen if each.provider == "musicbrainz"]
    for minute in range(10):
        print(minute, dict(Counter(form for at, form in asked if at == minute)))
    print("in all", dict(Counter(form for _, form in asked)))


def form_of(request: SeenRequest) -> str:
    """Which form of query a request to MusicBrainz has."""
    what, query = request.path.rpartition("/")[2], request.params.get("query", "")
    if what != "recording" or "status:official" not in query:
        return {"release-group": "singles", "artist": "artists"}.get(what, "everything")
    return "recordings" if "^0.1" in query else "dates"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description="A host without keys, on a virtual clock.")
    parser.add_argument("--songs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keys", nargs="*", default=[], choices=[*services.KEYS])
    wish = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        reckoning = Reckoning(Path(place), wish.songs, wish.seed, wish.keys)
        reckoning.run()
        report(reckoning.total, reckoning.told, reckoning.seen)
        report_forms(reckoning.seen)


if __name__ == "__main__":
    main()
