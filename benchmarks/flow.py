"""How straight the way is: calls, functions, files and statements of four ways through the program.

    python benchmarks/flow.py [--calls WAY] [--files WAY] [--statements WAY]

A song from its new file through the scan and from the queue to its settled row, with answers kept
of another file's look-up; a person's edit and a poll of the progress over HTTP; an upload. Each is
gone once to warm what a process reads once, then counted: calls of the product's own functions (a
comprehension is none), how many different ones in how many files, how often the next call lies in
another file, and the statements that the songs database ran, BEGIN, COMMIT and those of its full
text's own tables aside. `--calls settled` prints that way's calls as a tree, `--files settled` its
files with what is called in each.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from flask import Flask

import pikaraoke_enrichment
from pikaraoke_enrichment import config, init_app, queue_for_enrichment
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue, Song, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import QueueEntry
from pikaraoke_enrichment.models import Song as Row
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.tasks.enrich import huey, scan

ROOT = f"{Path(pikaraoke_enrichment.__file__).parent}/"
NOT_COUNTED = ("demo/", "benchmarks/", "tests/", ".venv")
WAYS = ("found", "settled", "edit", "upload", "poll")
SONGS = 150
COMPREHENSIONS = ("<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>")


@dataclass
class Way:
    """What one way did: each call with its file and depth, in order; each statement."""

    calls: list[tuple[CodeType, str, int]] = field(default_factory=list)
    statements: list[str] = field(default_factory=list)

    def figures(self) -> tuple[int, int, int, int, int]:
        """Calls, functions, files, changes of file, statements."""
        files = [file for _, file, _ in self.calls]
        functions = {code for code, _, _ in self.calls}
        changes = sum(one != other for one, other in pairwise(files))
        return len(files), len(functions), len(set(files)), changes, len(self.statements)


@contextmanager
def counted() -> Iterator[Way]:
    """Within it, what this thread does is counted."""
    way, depth = Way(), 0
    ours: dict[CodeType, str | None] = {}
    # A generator is entered anew for each of its values, which is no call.
    entered: set[FrameType] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        nonlocal depth
        code = frame.f_code
        if code not in ours:
            ours[code] = _file_of_ours(code)
        file = ours[code]
        if file is None or event not in ("call", "return"):
            return
        if event == "call" and frame not in entered:
            entered.add(frame)
            way.calls.append((code, file, depth))
        depth += 1 if event == "call" else -1

    _statements.clear()
    _trace()
    sys.setprofile(note)
    try:
        yield way
    finally:
        sys.setprofile(None)
        way.statements += [sql for sql in _statements if not sql.startswith(_AROUND)]


_statements: list[str] = []
_AROUND = ("BEGIN", "COMMIT", "--")


def _trace() -> None:
    """Note what this thread's connection is about to run."""
    database.connection().set_trace_callback(_statements.append)


def _file_of_ours(code: CodeType) -> str | None:
    file = code.co_filename.removeprefix(ROOT)
    is_ours = file != code.co_filename and not file.startswith(NOT_COUNTED)
    return file if is_ours and code.co_name not in COMPREHENSIONS else None


# --- the four ways --------------------------------------------------------------------------------


class Library:
    """A library whose songs the stand-in has answered once each: so many that the memory of read
    names no longer holds the first ones."""

    def __init__(self, folder: Path, api: ApiServer) -> None:
        self.api = api
        self.songs = made_up_songs(SONGS)
        self.folder = folder
        for song in self.songs:
            self.add(song, "(Karaoke)", folder)
        scan(folder)
        control.start()
        self.work_off()
        app = Flask(__name__)
        init_app(app, runtime.runtime().settings)
        app.before_request(_trace)  # a request opens a connection of its own
        self.client = app.test_client()

    def add(self, song: Song, said: str, folder: Path) -> Path:
        """Another file of a song."""
        path = folder / f"{song.artist} - {song.title} {said}.mp4"
        path.touch()
        return path

    def work_off(self) -> None:
        """Do what a consumer's worker does until nothing waits."""
        while QueueEntry.select().exists():
            huey.execute(huey.dequeue())

    def edit(self, song_id: int, title: str) -> None:
        """A person's edit, as the song's page sends it."""
        answer = self.client.post(
            f"/enrichment/songs/{song_id}", json={"title": title, "year": "1999"}
        )
        assert answer.status_code == 200, answer.text

    def poll(self) -> None:
        """The progress, as the page asks for it."""
        assert self.client.get("/enrichment/progress").status_code == 200


def ways(library: Library) -> dict[str, Way]:
    """Each way once to warm up, then once more, counted."""
    found: dict[str, Way] = {}
    huey.has_steward = True  # a consumer's scan and song; a page has none
    ids = [row.id for row in Row.select(Row.id).order_by(Row.id)]
    folders = [library.folder / f"more {number}" for number in range(2)]
    for song, folder in zip(library.songs, folders, strict=False):
        folder.mkdir()
        library.add(song, "[Karaoke]", folder)
        with counted() as found["found"]:
            scan(folder)
    asked = len(library.api.requests)
    for _ in folders:
        with counted() as found["settled"]:
            huey.execute(huey.dequeue())
    assert len(library.api.requests) == asked, "not all answers were kept"
    huey.has_steward = False
    for number, song_id in enumerate(ids[:2]):
        with counted() as found["edit"]:
            library.edit(song_id, f"Title {number}")
    for song, folder in zip(library.songs, folders, strict=False):
        path = library.add(song, "(Instrumental)", folder)
        with counted() as found["upload"]:
            queue_for_enrichment(path)
    library.work_off()
    for _ in range(2):
        with counted() as found["poll"]:
            library.poll()
    return found


@contextmanager
def opened() -> Iterator[Library]:
    """This process on a library in a temporary folder, as a consumer is."""
    with tempfile.TemporaryDirectory() as place, ApiServer() as api:
        api.catalogue = Catalogue(made_up_songs(SONGS), traps=True)
        folder = Path(place) / "songs"
        folder.mkdir()
        base = config.load({"ENRICHMENT_CONFIG": f"{place}/config.ini"})
        names = ("lastfm", "listenbrainz", "musicbrainz", "itunes")
        settings = replace(
            base,
            db=f"{place}/pikaraoke.db",
            queue=f"{place}/queue.db",
            lastfm_api_key="a-key",
            musicbrainz_contact="benchmarks@example.org",
            retry_delay=0.0,
            **{f"{name}_url": api.url for name in names},
            **{f"{name}_rate": 1000.0 for name in names},
        )
        runtime.forget()
        runtime.configure(settings, is_consumer=True)
        try:
            yield Library(folder, api)
        finally:
            runtime.forget()
            close_library()


def main() -> int:
    options = _options()
    with opened() as library:
        found = ways(library)
    if options.calls:
        for code, file, depth in found[options.calls].calls:
            print(f"{'  ' * depth}{code.co_name}  {file}:{code.co_firstlineno}")
    elif options.files:
        within: dict[str, Counter[str]] = {}
        for code, file, _ in found[options.files].calls:
            within.setdefault(file, Counter())[code.co_name] += 1
        for file, names in sorted(within.items(), key=lambda each: each[1].total()):
            each = (name if times == 1 else f"{name} x {times}" for name, times in names.items())
            print(f"{names.total():4} {file}: {', '.join(each)}")
    elif options.statements:
        for sql in found[options.statements].statements:
            print(" ".join(sql.split()))
    else:
        print("| way | calls | functions | files | changes of file | statements |")
        print("|---|---|---|---|---|---|")
        for name, way in found.items():
            print(f"| {name} | {' | '.join(map(str, way.figures()))} |")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--calls", choices=WAYS, help="that way's calls, as a tree")
    parser.add_argument("--files", choices=WAYS, help="that way's files, the least called first")
    parser.add_argument("--statements", choices=WAYS, help="that way's statements")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
