"""What goes through the whole library: a batch a transaction, and no further once told to end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from folders import touch
from servers import songs_in_file

from pikaraoke_enrichment.database.connection import database, run_many
from pikaraoke_enrichment.models import QueueEntry, Song
from pikaraoke_enrichment.tasks import control, enrich, library, runtime
from pikaraoke_enrichment.tasks.broker import huey
from pikaraoke_enrichment.tasks.consumer import EnrichmentConsumer
from pikaraoke_enrichment.tasks.history import elsewhere, kept_edits, traits
from pikaraoke_enrichment.tasks.lookup import answer_cache
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.search import full_text, listing

SONGS = 250


class ToldAfterOne(threading.Event):
    """Set once it was looked at: whoever asks is told to end during the batch that comes then."""

    is_asked = False

    def is_set(self) -> bool:
        before, self.is_asked = self.is_asked, True
        return before


class Phase(NamedTuple):
    """One of the deeds: what makes it necessary, and how many songs it has left undone."""

    prepare: tuple[str, ...]
    act: Callable[[], Any]
    left: str


ENTRY = """
INSERT INTO enrichment_queue
    (song_id, priority, queued_at, not_before, claim, failed_by, failed_at, failed_times)
SELECT id, 0, 0.0, {wait}, {claim}, '', 0.0, 0 FROM songs
"""
NONE_WAITS = "DELETE FROM enrichment_queue"
ANSWERS = (
    "INSERT INTO enrichment_lookup (provider, question, answer, expires_at) "
    "SELECT 'lastfm', id, '', 1.0 FROM songs"
)
KEPT = (
    "INSERT INTO enrichment_keepsake (song_id, key, file_path, said) "
    "SELECT id, '', '/before/it/moved.mp4', '' FROM songs"
)
NOT_IN = "SELECT count(*) FROM songs WHERE id NOT IN (SELECT song_id FROM {})"

STOPPING = {
    "names": Phase(
        ("DELETE FROM enrichment_reading",), library.take_in, NOT_IN.format("enrichment_reading")
    ),
    "list": Phase(
        ("DELETE FROM enrichment_listing",), listing.fill, NOT_IN.format("enrichment_listing")
    ),
    "traits": Phase(
        ("DELETE FROM enrichment_traits",), traits.fill, NOT_IN.format("enrichment_traits")
    ),
    "what stands there": Phase(
        ("UPDATE enrichment_listing SET known = NULL",),
        listing.learn_known,
        "SELECT count(*) FROM enrichment_listing WHERE known IS NULL",
    ),
    "changed elsewhere": Phase(
        ("UPDATE songs SET genre = 'Polka'",),
        elsewhere.notice,
        "SELECT count(*) FROM enrichment_listing WHERE known NOT LIKE '%Polka%'",
    ),
    "people's words": Phase((KEPT,), kept_edits.follow, "SELECT count(*) FROM enrichment_keepsake"),
    "texts of songs that are gone": Phase(
        ("DELETE FROM enrichment_listing",),
        full_text.forget_orphans,
        "SELECT count(*) FROM enrichment_search_docsize",
    ),
    "answers": Phase(
        (ANSWERS,), answer_cache.forget_expired, "SELECT count(*) FROM enrichment_lookup"
    ),
    "queued again": Phase(
        (NONE_WAITS,),
        lambda: enrich.queue_ids([song.id for song in Song.select()], 0),
        NOT_IN.format("enrichment_queue"),
    ),
}
MOVES = [(f"/songs/ABBA - Song {number}.mp4", f"/new/{number}.mp4") for number in range(SONGS)]
SHORT = {
    "waits": Phase(
        (NONE_WAITS, ENTRY.format(wait=9e9, claim="NULL")),
        queue_table.forget_waits,
        "SELECT count(*) FROM enrichment_queue WHERE not_before > 0",
    ),
    "claims": Phase(
        (NONE_WAITS, ENTRY.format(wait=0.0, claim="'dead'")),
        lambda: queue_table.free_claims({"alive"}),
        "SELECT count(*) FROM enrichment_queue WHERE claim IS NOT NULL",
    ),
    "entries of songs that are gone": Phase(
        ("PRAGMA foreign_keys = 0", "DELETE FROM songs", "PRAGMA foreign_keys = 1"),
        queue_table.forget_orphans,
        "SELECT count(*) FROM enrichment_queue",
    ),
    "moved files": Phase(
        (),
        lambda: library._write((), MOVES, ()),
        "SELECT count(*) FROM songs WHERE file_path LIKE '/songs/%'",
    ),
}

pytestmark = songs_in_file


@pytest.fixture
def large(library: runtime.Runtime) -> runtime.Runtime:
    """As large as a library must be to be more than two batches, its names read."""
    control.pause()
    rows = [(f"/songs/ABBA - Song {number}.mp4",) for number in range(SONGS)]
    run_many("INSERT INTO songs (file_path, format) VALUES (?, 'mp4')", rows)
    enrich.follow()
    return library


def made_necessary(phase: Phase) -> None:
    for statement in phase.prepare:
        database.execute_sql(statement)
    listing.forget()
    assert left(phase) == SONGS


def left(phase: Phase) -> int:
    return int(database.execute_sql(phase.left).fetchone()[0])


@pytest.mark.parametrize("name", STOPPING)
def test_told_to_end_it_goes_no_further_and_the_next_start_does_the_rest(
    large: runtime.Runtime, name: str
) -> None:
    phase = STOPPING[name]
    made_necessary(phase)
    large.stopping = ToldAfterOne()
    phase.act()
    assert 0 < left(phase) < SONGS
    large.stopping = threading.Event()
    listing.forget()
    phase.act()
    assert left(phase) == 0


class Transactions:
    """How many rows each transaction of this thread's connection changes."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self._connection = database.connection()
        self._before = self._connection.total_changes
        self._is_open = False
        self._connection.set_trace_callback(self._note)

    def _note(self, statement: str) -> None:
        """Called before each statement."""
        if not self._is_open:
            self._end()
        self._is_open |= statement.startswith("BEGIN")
        self._is_open &= not statement.startswith(("COMMIT", "ROLLBACK"))

    def _end(self) -> None:
        now = self._connection.total_changes
        self.rows.append(now - self._before)
        self._before = now

    def all(self) -> list[int]:
        self._connection.set_trace_callback(None)
        self._end()
        return self.rows


@pytest.mark.parametrize("name", [*STOPPING, *SHORT])
@pytest.mark.usefixtures("large")
def test_no_transaction_takes_more_than_a_batch(name: str) -> None:
    """PiKaraoke waits five seconds for another's, and ends at its start where that is longer."""
    phase = {**STOPPING, **SHORT}[name]
    made_necessary(phase)
    seen = Transactions()
    phase.act()
    changed = seen.all()
    assert left(phase) == 0
    assert max(changed) <= sum(changed) * queue_table.IN_ONE_TRANSACTION / SONGS * 1.2


def test_the_queue_is_delivered_no_further_either(large: runtime.Runtime) -> None:
    large.stopping = ToldAfterOne()
    enrich.reconcile()
    assert huey.storage.queue_size() < SONGS
    large.stopping = threading.Event()
    enrich.reconcile()
    assert huey.storage.queue_size() == QueueEntry.select().count() == SONGS


@pytest.fixture
def starting(large: runtime.Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A consumer that finds no name read, and is given its signals by the test alone."""
    made_necessary(STOPPING["names"])
    consumer = EnrichmentConsumer(huey, workers=1, periodic=False)
    monkeypatch.setattr(consumer, "_set_signal_handlers", lambda: None)
    yield consumer
    large.stopping = threading.Event()
    huey.has_steward, huey.stop_flag = False, None


def test_a_signal_is_heard_while_the_library_is_taken_up(
    starting: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 100,000 songs a consumer went on for three minutes, and PiKaraoke's next start found the
    database locked."""
    read = library._read_names

    def signalled(*given: Any) -> Any:
        starting._handle_signal(signal.SIGTERM, None)
        starting._handle_signal(signal.SIGINT, None)  # it often comes twice
        return read(*given)

    monkeypatch.setattr(library, "_read_names", signalled)
    starting.run()
    assert left(STOPPING["names"]) == SONGS - queue_table.IN_ONE_TRANSACTION


def test_names_that_a_new_habit_reads_otherwise_are_read_by_the_next_start(
    library: runtime.Runtime, folder: Path
) -> None:
    touch(folder, "Bergziege - Quellwasser.mp4")
    enrich.scan(folder)
    for name in ("Waterloo - ABBA", "Hello - Adele", "Angels - Robbie Williams",
                 "Yellow - Coldplay", "Wonderwall - Oasis", "Africa - Toto"):  # fmt: skip
        touch(folder, f"{name}.mp4")
    library.stopping = ToldAfterOne()
    enrich.scan(folder)
    weak = Song.get(Song.file_path.contains("Quellwasser"))
    assert weak.artist == "Bergziege"
    library.stopping = threading.Event()
    assert enrich.follow() == 1
    assert Song.get_by_id(weak.id).artist == "Quellwasser"
    assert enrich.follow() == 0
