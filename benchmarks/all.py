"""Every fast benchmark in one table, with its goal beside each row, and peers in the same run.

    python benchmarks/all.py [--only PART …] [--quick] [--python PATH]

Prints Markdown; `benchmarks/README.md` holds the last one. Exits 1 where a goal is missed. Takes
about half an hour, on a machine that does nothing else; the pages of 100,000 songs are made by
`pages.py`, which has a table of its own, as `pace.py` and `enqueue.py` have.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import corpus
import peers
from stages import until

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue as Known
from pikaraoke_enrichment.demo.catalogue import Song, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.providers.base import Query
from pikaraoke_enrichment.providers.catalogue import Catalogue
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import cataloguing, control, enrich, runtime
from pikaraoke_enrichment.tasks.parsing import parse

HERE = Path(__file__).parent
FAST = 10_000.0
PUBLIC = {"listenbrainz": 1.0, "lastfm": 5.0, "musicbrainz": 0.9, "itunes": 0.33}
# What consumer.sh sets. It lets Python keep what it compiles, too, which some test machines do not:
# to compile itself takes the consumer another 1.4 MB at every start.
AS_CONSUMER_SH = {"MALLOC_ARENA_MAX": "1", "PYTHONDONTWRITEBYTECODE": ""}
ALL = ("listenbrainz", "lastfm", "musicbrainz", "itunes")


@dataclass(frozen=True)
class Row:
    """One line of the table; `is_met` is None where it is there to compare with."""

    what: str
    figure: str
    goal: str = ""
    is_met: bool | None = None


consumers_python = sys.executable


@contextmanager
def compiled() -> Iterator[None]:
    """Within it consumers find everything compiled, as at any start but the first."""
    with tempfile.TemporaryDirectory() as place:
        AS_CONSUMER_SH["PYTHONPYCACHEPREFIX"] = place
        modules = "import pikaraoke_enrichment.tasks.consumer, pikaraoke_enrichment.commands.run"
        environment = {**os.environ, **AS_CONSUMER_SH}
        subprocess.run([consumers_python, "-c", modules], env=environment, check=True)
        yield


# --- a library, the services, a consumer ----------------------------------------------------------


@dataclass
class Stage:
    """A scanned library of made-up songs in a folder of its own, before the stand-in."""

    settings: config.Settings
    server: ApiServer
    songs: tuple[Song, ...]
    folder: Path

    def run(self, *words: str, seconds: float = 900.0) -> float:
        """Run the main job until it is done; the CPU seconds it took."""
        before = _children()
        with self.consumer("--until-done", *words) as process, suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        return _children() - before

    @contextmanager
    def consumer(self, *words: str) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            [consumers_python, "-m", "pikaraoke_enrichment", "run", "--no-dashboard", *words],
            env={**self.settings.whole_environment(), **AS_CONSUMER_SH},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(60)

    def waiting(self, where: str = "1") -> int:
        """Songs in the queue, past all of our own code."""
        with sqlite3.connect(self.settings.db, timeout=30) as connection:
            query = f"SELECT COUNT(*) FROM enrichment_queue WHERE {where}"
            return int(connection.execute(query).fetchone()[0])


@contextmanager
def stage(count: int, providers: Sequence[str], **settings: Any) -> Iterator[Stage]:
    """`settings` are ours, `latency` and `limits` the stand-in's; rates are no limit by default."""
    songs = settings.pop("songs", None) or made_up_songs(count)
    served = {name: settings.pop(name) for name in ("latency", "limits") if name in settings}
    known = settings.pop("known", songs)
    with tempfile.TemporaryDirectory() as place, ApiServer(Known(known), **served) as server:
        folder = Path(place) / "songs"
        folder.mkdir()
        for song in songs:
            (folder / f"{song.artist} - {song.title} (Karaoke).mp4").touch()
        made = Stage(_settings(Path(place), server.url, providers, settings), server, songs, folder)
        runtime.forget()
        runtime.configure(made.settings)
        enrich.scan(folder)
        control.start()
        runtime.forget()
        close_library()
        yield made
        runtime.forget()
        close_library()


def _settings(
    place: Path, url: str, providers: Sequence[str], more: dict[str, Any]
) -> config.Settings:
    base = config.load({"ENRICHMENT_CONFIG": str(place / "config.ini")})
    db = str(place / "pikaraoke.db")
    urls: dict[str, Any] = {f"{name}_url": url for name in ALL}
    rates: dict[str, Any] = {f"{name}_rate": FAST for name in ALL}
    wanted = {
        "db": db,
        "queue": config.default_queue(db),
        "providers": tuple(providers),
        "lastfm_api_key": "a-key",
        "listenbrainz_token": "a-token",
        "musicbrainz_contact": "benchmarks@example.org",
    }
    return replace(base, **{**urls, **rates, **wanted, **more})


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _proc(pid: int, file: str, name: str) -> float:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return float(line.split()[1])
    raise LookupError(name)


def _most_in_a_second(times: Sequence[float]) -> int:
    """As the stand-in sees it, whose threads get to run some ms early or late."""
    return max((sum(at <= other < at + 0.97 for other in times) for at in times), default=0)


# --- the parts ------------------------------------------------------------------------------------


def pace(quick: bool) -> Iterator[Row]:
    """The share of an allowed rate of five a second that is used."""
    combinations = [(w, ms) for ms in (50, 300, 1000) for w in (1, 4, 8)]
    for workers, ms in [(4, 300)] if quick else combinations:
        yield _paced(workers, ms, consumers=1)
    if not quick:
        yield _paced(4, 300, consumers=2)


def _paced(workers: int, ms: int, consumers: int) -> Row:
    with stage(60, ["lastfm"], latency=ms / 1000, lastfm_rate=peers.RATE) as made:
        if consumers == 1:
            made.run("--workers", str(workers))
        else:
            with made.consumer("--until-done"):
                made.run()
        times = sorted(request.at for request in made.server.requests)
    possible = min(peers.RATE, consumers * workers * 1000 / ms)
    share = (len(times) - 1) / possible / (times[-1] - times[0])
    many = _most_in_a_second(times)
    bound = "" if possible == peers.RATE else f" (of {possible:.1f}, all that its workers can)"
    label = f"{workers} workers, {ms} ms, {consumers} consumer{'s' * (consumers > 1)}"
    goal = "≥ 0.98, ≤ 5 in a second" if possible == peers.RATE else "≥ 0.85, ≤ 5 in a second"
    least = 0.98 if possible == peers.RATE else 0.85
    figure = f"{share:.3f}{bound}, {many} in a second"
    return Row(f"used rate: {label}", figure, goal, share >= least and many <= 5)


def rivals(quick: bool) -> Iterator[Row]:
    """The same, as others keep it."""
    songs = made_up_songs(60)
    with ApiServer(Known(songs), latency=0.3) as server:
        peers.threads_and_a_queue(server.url, songs)
        times = sorted(request.at for request in server.requests)
    share = (len(times) - 1) / peers.RATE / (times[-1] - times[0])
    figure = f"{share:.3f}, {_most_in_a_second(times)} in a second; a kill loses it all"
    yield Row("peer: threads and a queue, 4 workers, 300 ms", figure)
    seconds = 10 if quick else 30
    with ApiServer(latency=0.3) as server:
        cpu = _peer("huey_limit", server.url, 1000, seconds)
        times = sorted(request.at for request in server.requests)
    share = len(times) / peers.RATE / seconds
    figure = f"{share:.3f}, {_most_in_a_second(times)} in a second, {cpu / len(times) * 1e3:.0f} ms"
    yield Row("peer: @huey.rate_limit(5, per=1), 1,000 tasks", f"{figure} of CPU a call")


def _peer(task: str, url: str, songs: int, seconds: float = 600.0) -> float:
    """CPU seconds of a Huey consumer."""
    with tempfile.TemporaryDirectory() as place:
        words = [task, url, f"{place}/huey.db", "--songs", str(songs), "--seconds", str(seconds)]
        before = _children()
        subprocess.run([sys.executable, str(HERE / "peers.py"), *words], check=True)
        return _children() - before


SHAPES: dict[str, tuple[tuple[str, ...], float, float]] = {
    # providers, share of the songs that ListenBrainz knows, requests a song at most
    "Last.fm alone": (("lastfm",), 1.0, 1.05),
    "Last.fm, MusicBrainz": (("lastfm", "musicbrainz"), 1.0, 1.4),
    "MusicBrainz, iTunes (no keys)": (("musicbrainz", "itunes"), 1.0, 0.6),
    "ListenBrainz, Last.fm, MusicBrainz": (ALL[:3], 1.0, 0.5),
    "the same, ListenBrainz knows 3 of 4": (ALL[:3], 0.75, 1.0),
}


def requests(quick: bool) -> Iterator[Row]:
    """Requests a song by who is asked."""
    count = 100 if quick else 500
    for label, (providers, share, most) in SHAPES.items():
        dice = random.Random(1)
        rest = frozenset({"lastfm", "musicbrainz", "itunes"})
        known = tuple(
            song if dice.random() < share else replace(song, services=rest)
            for song in made_up_songs(count)
        )
        # As fast as may be, in the proportion that the public rates have.
        rates = {f"{name}_rate": rate * 1000 for name, rate in PUBLIC.items()}
        with stage(count, providers, known=known, **rates) as made:
            made.run()
            names = {name: made.server.count(name) for name in providers}
        figure = sum(names.values()) / count
        told = ", ".join(f"{name} {number}" for name, number in names.items())
        yield Row(
            f"requests a song: {label}", f"{figure:.2f} ({told})", f"≤ {most}", figure <= most
        )


def at_public_pace(quick: bool) -> Iterator[Row]:
    """Songs named in a minute at the rates that the public services allow."""
    found, songs = 0, made_up_songs(5 if quick else 12)
    with ApiServer(Known(songs), latency=0.3) as server:
        began = time.monotonic()
        found = peers.pikaraokes_provider(server.url, songs)
        theirs = found * 60 / (time.monotonic() - began)
    yield Row("songs a minute: PiKaraoke's own iTunes provider, song by song", f"{theirs:.0f}")
    public = {f"{name}_rate": rate for name, rate in PUBLIC.items()}
    # Without keys songs at the end of the queue ride along: what counts is the whole library.
    ways = (
        ("no keys (MusicBrainz, iTunes)", ("musicbrainz", "itunes"), 5, 150),
        ("Last.fm key", ("lastfm", "musicbrainz", "itunes"), 9, 3000),
        ("ListenBrainz token", ("listenbrainz", "musicbrainz", "itunes"), 50, 3000),
    )
    for label, providers, times, count in ways:
        goal = times * theirs
        with stage(count, providers, latency=0.3, **public) as made, made.consumer():
            until(lambda: made.server.count())
            end = time.monotonic() + (15 if quick else 60)
            began = time.monotonic()
            while time.monotonic() < end and made.waiting("priority >= 0"):
                time.sleep(0.05)
            seconds = time.monotonic() - began
            named = count - made.waiting("priority >= 0")
        a_minute = named * 60 / seconds
        figure = f"{a_minute:.0f} ({a_minute / theirs:.0f} times as many)"
        yield Row(f"songs a minute: {label}", figure, f"≥ {goal:.0f}", a_minute >= goal)


def overhead(quick: bool) -> Iterator[Row]:
    """CPU a song beside that of a bare Huey task."""
    count = 300 if quick else 2000
    songs = made_up_songs(count)
    with ApiServer(Known(songs)) as server:
        bare = _per_task("huey_bare", server.url, count)
        asking = _per_task("huey_asks", server.url, count)
    yield Row("CPU a task: bare Huey", f"{bare:.2f} ms")
    yield Row("CPU a task: bare Huey with one request", f"{asking:.2f} ms")
    with stage(1, ["lastfm"]) as made:
        empty = made.run()
    for label, beside, local in (("Last.fm", asking, False), ("the catalogue", bare, True)):
        small, large = (_per_song(size, empty, local=local) for size in (count // 4, count))
        over = large - beside
        figure = f"{large:.2f} ms, {over:.2f} above bare Huey"
        goal = "≤ 3 ms above"
        yield Row(f"CPU a song: answered by {label}", figure, goal, over <= 3)
        grown = f"{large / small:.2f} times that with {count // 4:,}"
        yield Row(f"CPU a song: {label}, {count:,} songs", grown, "≤ 1.15", large / small <= 1.15)


def _per_task(task: str, url: str, count: int) -> float:
    return (_peer(task, url, count) - _peer(task, url, 1)) / (count - 1) * 1000


def _per_song(count: int, empty: float, *, local: bool) -> float:
    with stage(count, ["lastfm"]) as made:
        if local:
            _import(made)
        return (made.run() - empty) / (count - 1) * 1000


def _import(made: Stage) -> float:
    """Import all songs of a stage as a list; seconds."""
    book = made.folder.parent / "book.csv"
    lines = (f"{song.artist};{song.title};{song.year};{song.genre}" for song in made.songs)
    book.write_text("\n".join(["Artist;Title;Year;Genre", *lines]))
    began = time.perf_counter()
    cataloguing.import_data(book.read_bytes(), str(book), made.settings.catalogue, "book")
    return time.perf_counter() - began


def offline(quick: bool) -> Iterator[Row]:
    """The catalogue without a network, and the consumer's memory meanwhile."""
    count = 1000 if quick else 10_000
    with stage(count, ["musicbrainz"]) as made:
        _import(made)
        with made.consumer() as process:
            until(lambda: made.waiting() < count)
            begun = _proc(process.pid, "status", "VmRSS") / 1024
            took = until(lambda: not made.waiting(), 900)
            end = _proc(process.pid, "status", "VmRSS") / 1024
            asked = made.server.count()
            yield from _idle(process.pid, 5 if quick else 60)
        size = Path(made.settings.db).stat().st_size / 1024
    a_minute = count / took * 60
    yield Row(
        "songs a minute: catalogue, no network", f"{a_minute:.0f}", "≥ 3000", a_minute >= 3000
    )
    # A few names match too loosely to be taken from a list alone.
    yield Row("requests meanwhile", str(asked), f"≤ {count // 1000}", asked <= count // 1000)
    yield Row("consumer's memory at its first song", f"{begun:.1f} MB", "< 50 MB", begun < 50)
    yield Row(f"consumer's memory after {count:,} songs", f"{end:.1f} MB", "< 50 MB", end < 50)
    a_song = size / count
    yield Row("what a song adds to the database", f"{a_song:.1f} KB", "≤ 4 KB", a_song <= 4)


def _idle(pid: int, seconds: float) -> Iterator[Row]:
    time.sleep(3)
    cpu, written = _cpu(pid), _proc(pid, "io", "write_bytes")
    time.sleep(seconds)
    busy = (_cpu(pid) - cpu) / seconds * 100
    kilobytes = (_proc(pid, "io", "write_bytes") - written) / 1024 * 60 / seconds
    yield Row("idle CPU", f"{busy:.2f} %", "< 0.5 %", busy < 0.5)
    yield Row("idle disk writes", f"{kilobytes:.0f} KB a minute", "≤ 100", kilobytes <= 100)


def start(quick: bool) -> Iterator[Row]:
    """From the command to its first request."""
    for count in (100, 1000) if quick else (100, 10_000):
        with stage(count, ["lastfm"], lastfm_rate=peers.RATE) as made, made.consumer():
            took = until(lambda: made.server.count())
        what = f"start to the first request, {count:,} songs wait"
        yield Row(what, f"{took:.1f} s", "≤ 3 s", took <= 3)


def six_minutes(quick: bool) -> Iterator[Row]:
    """What a token for ListenBrainz, which knows 3 of 4 songs letter by letter, has done of 10,000
    songs after six minutes at one call a second."""
    share = 0.05 if quick else 1.0
    count, dice = round(10_000 * share), random.Random(1)
    rest = frozenset({"lastfm", "musicbrainz", "itunes"})
    songs = _real_names(count)
    known = tuple(song if dice.random() < 0.75 else replace(song, services=rest) for song in songs)
    public = {f"{name}_rate": rate for name, rate in PUBLIC.items()}
    providers = ("listenbrainz", "musicbrainz", "itunes")
    more: dict[str, Any] = {"songs": songs, "known": known, "latency": 0.3, **public}
    with stage(count, providers, **more) as made, made.consumer():
        until(lambda: made.server.count())
        time.sleep(360 * share)
        with sqlite3.connect(made.settings.db, timeout=30) as connection:
            query = (
                "SELECT avg(metadata_status = 'enriched' AND genre IS NOT NULL), "
                "avg(metadata_status = 'enriched' AND year IS NOT NULL) FROM songs"
            )
            named, dated = connection.execute(query).fetchone()
        times = sorted(item.at for item in made.server.requests if item.path.startswith("/1/"))
    what = f"ListenBrainz, {count:,} songs after {360 * share:.0f} s"
    yield Row(f"{what}: artist, title, genre", f"{named:.0%}", "≥ 70 %", named >= 0.7)
    yield Row(f"{what}: a year", f"{dated:.0%}", "≥ 40 %", dated >= 0.4)
    many = _most_in_a_second(times)
    yield Row(f"{what}: calls", f"{len(times)}, {many} in a second", "≤ 1 in a second", many <= 1)


def _real_names(count: int) -> tuple[Song, ...]:
    """Made-up songs under real names, which tell the artist as a library's names do; made-up names
    do not, so that each asks for both orders. Those where the list of real ones is missing."""
    names = [row[:2] for row in corpus.catalogue() if not set("/\\") & set("".join(row[:2]))]
    dice, songs = random.Random(1), made_up_songs(count)
    if len(names) < count:
        return songs
    real = zip(songs, dice.sample(names, count), strict=True)
    return tuple(replace(song, artist=artist, title=title) for song, (artist, title) in real)


def long(quick: bool) -> Iterator[Row]:
    """A library of 50,000 songs from its first to its last."""
    count = 1000 if quick else 50_000
    with stage(count, ["lastfm"]) as made, made.consumer() as process:
        used = []
        for left in (1.0, 0.9, 0.1, 0.0):
            until(lambda: made.waiting() <= left * count - 1 or not made.waiting(), 3600)  # noqa: B023
            used.append(_cpu(process.pid))
        memory = _proc(process.pid, "status", "VmRSS") / 1024
        most = _proc(process.pid, "status", "VmHWM") / 1024
        size = Path(made.settings.db).stat().st_size / 1024 / count
    grown = (used[3] - used[2]) / (used[1] - used[0])
    figure = f"{memory:.1f} MB, {most:.1f} at most"
    yield Row(f"consumer's memory after {count:,} songs of Last.fm", figure, "< 50 MB", memory < 50)
    times = f"{grown:.2f} times that of the first"
    yield Row(f"CPU of the last tenth of {count:,} songs", times, "≤ 1.3", grown <= 1.3)
    yield Row(f"what each of {count:,} adds to the database", f"{size:.1f} KB", "≤ 4 KB", size <= 4)


def catalogue(quick: bool) -> Iterator[Row]:
    """A look-up among 100,000 songs; with some 24,000 real names among them, where there are."""
    songs = made_up_songs(10_000 if quick else 100_000)
    made_up = [(song.artist, song.title) for song in songs]
    real = [row[:2] for row in corpus.catalogue()][: len(songs) // 4]
    lists = {"made-up": (made_up, made_up), "real": (real, [*real, *made_up[len(real) :]])}
    for kind, (asked, names) in lists.items():
        if not asked:
            continue
        with tempfile.TemporaryDirectory() as place:
            book, file = Path(place) / "book.csv", Path(place) / "catalogue.db"
            lines = (f"{artist}\t{title}\t1975" for artist, title in names)
            book.write_text("\n".join(["Artist\tTitle\tYear", *lines]), encoding="utf-8")
            took = _timed(cataloguing.import_data, book.read_bytes(), str(book), file, "book")
            size = file.stat().st_size / 1e6
            what = f"catalogue: import of {len(names):,}, {kind} names"
            yield Row(what, f"{took:.1f} s, {size:.0f} MB", "≤ 30 s", took <= 30)
            for label, queries in _questions(asked).items():
                yield _look_ups(f"catalogue: look-up, {kind} names, {label}", queries, file)


def _questions(names: Sequence[tuple[str, str]]) -> dict[str, list[Query]]:
    dice = random.Random(1)
    chosen = dice.sample(names, 1000)
    titles = [title for _, title in dice.sample(names, 1000)]
    return {
        "as written": [Query(artist, title) for artist, title in chosen],
        "a slip": [Query(artist, title[:-2] + title[:-3:-1]) for artist, title in chosen],
        "another's title": [
            Query(artist, title) for (artist, _), title in zip(chosen, titles, strict=True)
        ],
    }


def _look_ups(what: str, queries: Sequence[Query], file: Path) -> Row:
    """By the processor's clock: a look-up waits for nothing, and what else runs is not its own."""
    provider, milliseconds = Catalogue(file), []
    for query in queries:
        began = time.thread_time()
        provider.lookup(query)
        milliseconds.append((time.thread_time() - began) * 1000)
    milliseconds.sort()
    half, most = milliseconds[len(queries) // 2], milliseconds[len(queries) * 99 // 100]
    return Row(what, f"{half:.2f} ms, 99th percentile {most:.2f} ms", "< 2 ms", most < 2)


def _timed(call: Callable[..., Any], *arguments: Any) -> float:
    began = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - began


def scanning(quick: bool) -> Iterator[Row]:
    """Scan, parse and enqueue, and how they grow."""
    sizes = (1000, 5000) if quick else (10_000, 100_000)
    took: dict[str, list[float]] = {"scan": [], "parse": [], "enqueue": []}
    for count in sizes:
        names = [f"{song.artist} - {song.title} (Karaoke).mp4" for song in made_up_songs(count)]
        took["parse"].append(_timed(lambda: [parse(name) for name in names]))  # noqa: B023
        with tempfile.TemporaryDirectory() as place:
            for name in names:
                (Path(place) / name).touch()
            settings = _settings(Path(place), "http://127.0.0.1:9", ["lastfm"], {})
            runtime.forget()
            runtime.configure(settings)
            took["scan"].append(_timed(enrich.scan, place))
            ids = list(range(1, count + 1))
            one = sorted(_timed(enrich.queue_ids, [number], 50) for number in ids[:200])[100]
            took["enqueue"].append(_timed(enrich.queue_ids, ids, 100))
            runtime.forget()
            close_library()
    yield Row("enqueue of 1", f"{one * 1000:.2f} ms", "≤ 5 ms", one <= 0.005)
    for what, most in (("scan", 1.0), ("parse", 0.5), ("enqueue", 0.2)):
        for count, seconds in zip(sizes, took[what], strict=True):
            each = seconds / count * 1000
            figure = f"{seconds:.1f} s, {each:.3f} ms each"
            yield Row(f"{what} of {count:,}", figure, f"≤ {most} ms each", each <= most)


def uploads(quick: bool) -> Iterator[Row]:
    """From an upload to the start of its look-up."""
    with stage(1 if quick else 200, ["lastfm"], lastfm_rate=peers.RATE, latency=0.3) as made:
        runtime.configure(made.settings)
        with made.consumer():
            if not quick:
                until(lambda: made.server.count() > 10)
                yield _uploaded(made, "busy, 200 songs wait", 2 / peers.RATE + 0.5, 10)
            until(lambda: not made.waiting(), 120)
            time.sleep(1)
            yield _uploaded(made, "idle", 1.0, 5)


def _uploaded(made: Stage, label: str, most: float, times: int) -> Row:
    from pikaraoke_enrichment import queue_for_enrichment

    took = []
    for number in range(times):
        artist = f"Singer {label[:4]} {number}"
        path = made.folder / f"{artist} - Song.mp4"
        path.touch()
        began = time.monotonic()
        queue_for_enrichment(str(path))
        until(lambda: any(artist in str(request.params) for request in made.server.requests))  # noqa: B023
        at = [request.at for request in made.server.requests if artist in str(request.params)]
        took.append(at[0] - began)
        time.sleep(0.6)
    worst = max(took)
    figure = f"{sorted(took)[times // 2]:.2f} s, at most {worst:.2f} s"
    return Row(f"upload to its first request: {label}", figure, f"≤ {most:.1f} s", worst <= most)


def pages(quick: bool) -> Iterator[Row]:
    """The dashboard's pages; the benchmark of their own tells which one is late."""
    script = HERE / "pages.py"
    if not script.exists():
        return
    for count in (1000,) if quick else (1000, 10_000, 100_000):
        words = [sys.executable, str(script), "--songs", str(count), "--requests", "300"]
        done = subprocess.run(words, capture_output=True, text=True)
        goal = "each page within its own goal"
        said = "all within" if done.returncode == 0 else f"exit {done.returncode}"
        yield Row(f"pages with {count:,} songs", said, goal, done.returncode == 0)
        print(done.stdout, file=sys.stderr)


PARTS: dict[str, Callable[[bool], Iterator[Row]]] = {
    "pace": pace,
    "rivals": rivals,
    "requests": requests,
    "public": at_public_pace,
    "overhead": overhead,
    "offline": offline,
    "start": start,
    "six_minutes": six_minutes,
    "long": long,
    "catalogue": catalogue,
    "scanning": scanning,
    "uploads": uploads,
    "pages": pages,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART")
    parser.add_argument("--quick", action="store_true", help="small numbers: does it run at all?")
    parser.add_argument(
        "--python",
        default=sys.executable,
        help="whose consumer is measured: one that has what consumer.sh installs and no more",
    )
    options = parser.parse_args()
    global consumers_python
    consumers_python = options.python
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith(("model name", "Model"))
    ]
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} × {(model or ['unknown'])[0]}, {python}, load {load} at the start\n")
    print("| what | figure | goal | met |\n|---|---|---|---|", flush=True)
    missed = 0
    with compiled():
        for part in options.only:
            for row in PARTS[part](options.quick):
                met = {None: "", True: "yes", False: "**no**"}[row.is_met]
                missed += row.is_met is False
                print(f"| {row.what} | {row.figure} | {row.goal} | {met} |", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
