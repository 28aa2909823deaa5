"""Names through the real thing: a scanned folder, the queue, the task, and the tables read back.

The services are the stand-in behind real HTTP, the database is PiKaraoke's with our tables; only
the pace is left out, and the consumer's threads: one song after the other, in the queue's order.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import CandidateRow, QueueEntry, Song
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.enrich import enrich_song, scan
from pikaraoke_enrichment.tasks.lookup import certain_artists

# The consumer reads its artists anew once a minute; this run is as much faster.
KNOWS_AFTER = 100
# Requests a second that hold nothing up; who is slower still waits for the second look.
RATES = {"lastfm": 4000.0, "listenbrainz": 3000.0, "musicbrainz": 2000.0, "itunes": 1000.0}
_NO_FILE = str.maketrans('|/\\":?*<>', "｜⧸⧹＂：？＊＜＞")
_LONGEST = 250


@dataclass(frozen=True, slots=True)
class Row:
    """One song as the tables hold it in the end, with its best candidate."""

    artist: str
    title: str
    year: int | None
    genre: str | None
    confidence: float
    status: str
    offered: tuple[str, str]


def file_name(name: str) -> str | None:
    """The name that a downloader gives a video of this title; None for one that is too long."""
    file = f"{name.translate(_NO_FILE).strip()}.mp4"
    return file if len(file.encode()) <= _LONGEST and not file.startswith(".") else None


def looked_up(
    files: Iterable[str], catalogue: Catalogue, providers: Sequence[str]
) -> tuple[dict[str, Row], Counter[str]]:
    """Look up a library of such files.

    Args:
        files: names without folder, each once.
        catalogue: what the services know.
        providers: who is asked, in this order.
    Returns:
        Each file's row, and the requests that came in at each service.
    """
    with tempfile.TemporaryDirectory() as folder, ApiServer() as api:
        api.catalogue = catalogue
        songs = Path(folder) / "songs"
        songs.mkdir()
        for file in files:
            (songs / file).touch()
        with _library(Path(folder), api, providers):
            scan(songs)
            _work_off()
            rows = {Path(song.file_path).name: _row(song) for song in Song.select()}
        return rows, Counter(request.provider for request in api.requests)


@contextmanager
def _library(folder: Path, api: ApiServer, providers: Sequence[str]) -> Iterator[None]:
    """This process opened on a library of its own, as a consumer is."""
    base = config.load({"ENRICHMENT_CONFIG": str(folder / "config.ini")})
    settings = replace(
        base,
        db=str(folder / "pikaraoke.db"),
        queue=str(folder / "queue.db"),
        providers=tuple(providers),
        lastfm_api_key="a-key",
        musicbrainz_contact="benchmarks@example.org",
        listenbrainz_token="a-token",
        retry_delay=0.0,
        **{f"{name}_url": api.url for name in RATES},
        **{f"{name}_rate": rate for name, rate in RATES.items()},
    )
    runtime.forget()
    runtime.configure(settings, is_consumer=True)
    try:
        yield
    finally:
        runtime.forget()
        close_library()


def _work_off() -> None:
    done = 0
    order = QueueEntry.priority.desc(), QueueEntry.id
    while entry := QueueEntry.select().order_by(*order).first():
        if done % KNOWS_AFTER == 0:
            certain_artists.forget()
        enrich_song.call_local(entry.song_id)
        done += 1


def _row(song: Song) -> Row:
    best = (
        CandidateRow.select().where(CandidateRow.song == song).order_by(CandidateRow.rank).first()
    )
    return Row(
        song.artist or "",
        song.title or "",
        song.year,
        song.genre,
        song.confidence or 0.0,
        song.metadata_status,
        (best.artist, best.title) if best else ("", ""),
    )
