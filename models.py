"""Peewee models: PiKaraoke's songs and our own tables, and how their database is opened."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from typing import Any

from peewee import (
    SQL,
    AutoField,
    BlobField,
    BooleanField,
    DatabaseError,
    DatabaseProxy,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    OperationalError,
    TextField,
)
from peewee import __exception_wrapper__ as as_peewees  # type: ignore[attr-defined]

from .places import is_server, shown, without_password
from .songs_file import SongsFile, back_up, look_into, unwritable
from .terminal import in_words

database = DatabaseProxy()

# Who waits how long for SQLite's write lock, in seconds. PiKaraoke's gevent loop stands still while
# a greenlet waits for it, so whatever may run inside PiKaraoke gives up early.
CONSUMER_PATIENCE = 30.0
REQUEST_PATIENCE = 2.0


class LibraryError(Exception):
    """The songs database cannot be used; the text says why and what to do."""


class Base(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Song(Base):
    """A row of PiKaraoke's own table, and `confidence`, the one column that we add (where it has a
    column of that name itself, ours is `enrichment_confidence`).

    Times are UTC text as SQLite's CURRENT_TIMESTAMP writes them: "2026-11-22 20:15:00".
    """

    id = AutoField()
    file_path = TextField(unique=True)
    youtube_id = TextField(null=True)
    format = TextField()
    artist = TextField(null=True)
    title = TextField(null=True)
    variant = TextField(null=True)
    year = IntegerField(null=True)
    genre = TextField(null=True)
    metadata_status = TextField(null=True, constraints=[SQL("DEFAULT 'pending'")])
    enrichment_attempts = IntegerField(null=True, constraints=[SQL("DEFAULT 0")])
    last_enrichment_attempt = TextField(null=True)
    created_at = TextField(null=True, constraints=[SQL("DEFAULT CURRENT_TIMESTAMP")])
    updated_at = TextField(null=True, constraints=[SQL("DEFAULT CURRENT_TIMESTAMP")])
    confidence = FloatField(null=True, constraints=[SQL("DEFAULT 0.0")])

    class Meta:
        table_name = "songs"


class Reading(Base):
    """What we know of a song beyond PiKaraoke's columns: the name read, and why it was decided so.

    `file_name` is the base name that was parsed: another one in `songs` means a renamed file.
    `sources` is JSON, field -> who it came from; `evidence` is JSON, the card of the decision;
    `reason` tells why a song failed or waits for a person, `failed_by` which provider's failures
    spent its attempts.
    """

    song = ForeignKeyField(Song, primary_key=True, on_delete="CASCADE", backref="reading")
    file_name = TextField()
    sources = TextField(default="{}")
    evidence = TextField(default="{}")
    reason = TextField(default="")
    failed_by = TextField(default="")
    decided_at = FloatField(null=True, index=True)

    class Meta:
        table_name = "enrichment_reading"


class QueueEntry(Base):
    """A song that needs work. The truth of the queue: Huey only delivers it.

    `claim` is the consumer that has it under way; `not_before` the epoch second before which it is
    not to be tried. `failed_by`, `failed_at` and `failed_times` (in a row) note a provider's
    failures that may turn out to be the song's own.
    """

    id = AutoField()
    song = ForeignKeyField(Song, unique=True, on_delete="CASCADE", backref="queue_entry")
    priority = IntegerField(default=0)
    queued_at = FloatField(default=time.time)
    not_before = FloatField(default=0.0)
    claim = TextField(null=True)
    failed_by = TextField(default="")
    failed_at = FloatField(default=0.0)
    failed_times = IntegerField(default=0)

    class Meta:
        table_name = "enrichment_queue"


# The order in which songs are taken up: who reads ahead looks at the first thousand of a library.
QueueEntry.add_index(
    QueueEntry.index(QueueEntry.priority.desc(), QueueEntry.id, name="enrichment_queue_order")
)


class State(Base):
    """Wishes and totals that outlive every process, as key and text."""

    key = TextField(primary_key=True)
    value = TextField()

    class Meta:
        table_name = "enrichment_state"


class ProviderState(Base):
    """One provider's next slot and health, shared by every process. Times are epoch seconds."""

    name = TextField(primary_key=True)
    next_at = FloatField(default=0.0)
    health = TextField(default="closed")
    open_until = FloatField(default=0.0)
    failures = IntegerField(default=0)
    answered_at = FloatField(default=0.0)
    slowdown = FloatField(default=0.0)
    slowed_at = FloatField(default=0.0)
    reason = TextField(default="")
    day = TextField(default="")
    requests = IntegerField(default=0)

    class Meta:
        table_name = "enrichment_provider"


class Lookup(Base):
    """A provider's answer to one question, kept so that no question is asked twice.

    `question` is the folded artist and title; `answer` compressed JSON, empty for "not found".
    """

    provider = TextField()
    question = TextField()
    answer = BlobField()
    expires_at = FloatField(index=True)

    class Meta:
        table_name = "enrichment_lookup"
        indexes = ((("provider", "question"), True),)


class CandidateRow(Base):
    """One of the best candidates of a song, kept for a person to choose from."""

    id = AutoField()
    song = ForeignKeyField(Song, on_delete="CASCADE", backref="candidates")
    rank = IntegerField()
    artist = TextField()
    title = TextField()
    variant = TextField(default="")
    year = IntegerField(null=True)
    genre = TextField(null=True)
    confidence = FloatField()
    providers = TextField()
    evidence = TextField(default="{}")
    rejected = BooleanField(default=False)

    class Meta:
        table_name = "enrichment_candidate"
        indexes = ((("song", "rank"), False),)


class Change(Base):
    """One change of a song, kept so that it can be taken back.

    `before` and `after` are JSON, field -> value, of the fields that changed; `source` names who
    made it ("person", or providers), `action` what was done, `batch` the songs changed together.
    """

    id = AutoField()
    song_id: int
    song = ForeignKeyField(Song, on_delete="CASCADE", backref="changes")
    batch = TextField(default="")
    at = FloatField(default=time.time)
    action = TextField()
    source = TextField()
    before = TextField()
    after = TextField()
    undone_at = FloatField(null=True)

    class Meta:
        table_name = "enrichment_change"
        indexes = ((("batch",), False),)


class Rename(Base):
    """A file that PiKaraoke was asked to rename, kept so that it can have its old name back.

    Noted before PiKaraoke is asked: neither name of a row is news of its song, so nothing that is
    known of it is thrown away. Which of the two it has stands in `songs.file_path`.
    """

    id = AutoField()
    song_id: int
    song = ForeignKeyField(Song, on_delete="CASCADE", backref="renames")
    batch = TextField()
    at = FloatField(default=time.time)
    old_name = TextField()
    new_name = TextField()

    class Meta:
        table_name = "enrichment_rename"
        indexes = ((("batch",), False),)


class Keepsake(Base):
    """What people have said of one song, which no deleted row takes along: PiKaraoke deletes a
    song, and with it all that refers to it, as soon as its file is away for one scan.

    `song_id` refers to no table, as the row may be gone. `key` is what the file is known again by:
    its YouTube id, else its base name; `file_path` where it lay. `said` is JSON (see
    `tasks.people.keepsakes`), `gone_at` the epoch second at which the row was missed.
    """

    id = AutoField()
    song_id = IntegerField(unique=True)
    key = TextField(index=True)
    file_path = TextField()
    said = TextField()
    gone_at = FloatField(null=True)

    class Meta:
        table_name = "enrichment_keepsake"


class Listing(Base):
    """What the list of songs is filtered and sorted by: one row a song, text folded.

    It stands beside PiKaraoke's table so that every index is ours; rows go with their song, whoever
    deletes it. `level` is the place in `scoring.LEVELS`; `stamp` the song's `updated_at`.
    """

    song = ForeignKeyField(Song, primary_key=True, on_delete="CASCADE", backref="listing")
    artist = TextField()
    title = TextField()
    level = IntegerField()
    status = TextField()
    confidence = FloatField()
    year = IntegerField(null=True)
    decade = IntegerField(null=True)
    genre = TextField(null=True)
    stamp = TextField(null=True)

    class Meta:
        table_name = "enrichment_listing"
        indexes = tuple(
            (columns, False)
            for columns in (
                ("artist", "title"),
                ("title", "artist"),
                ("level", "artist", "title"),
                ("status", "artist", "title"),
                ("genre", "artist", "title"),
                ("decade", "artist", "title"),
                ("year", "artist", "title"),
                ("confidence", "artist", "title"),
                ("stamp",),
            )
        )


OUR_TABLES: tuple[type[Base], ...] = (
    Reading,
    QueueEntry,
    State,
    ProviderState,
    Lookup,
    CandidateRow,
    Change,
    Rename,
    Keepsake,
    Listing,
)


def _make_search() -> None:
    for statement in database.search_schema:
        database.execute_sql(statement)


def _add_changes_and_search() -> None:
    database.create_tables([Change, Listing], safe=True)
    _make_search()


def _add_order_of_queue() -> None:
    database.create_tables([QueueEntry], safe=True)


def _add_renames() -> None:
    database.create_tables([Rename], safe=True)


def _add_keepsakes() -> None:
    """Only noted here, as PiKaraoke waits meanwhile: what people have said of these songs is put in
    by whoever looks at the library next."""
    database.create_tables([Keepsake], safe=True)
    database.execute_sql(
        "INSERT INTO enrichment_keepsake (song_id, key, file_path, said) "
        "SELECT id, '', '', '' FROM songs WHERE metadata_status = 'manual' OR id IN ("
        "SELECT song_id FROM enrichment_change WHERE source = 'person' AND undone_at IS NULL) "
        # refused before changes were kept
        "OR id IN (SELECT song_id FROM enrichment_candidate WHERE rejected)"
    )


SCHEMA_VERSION = 5
# Steps from one schema version of our own tables to the next, by the version they start from.
MIGRATIONS: dict[int, Callable[[], None]] = {
    1: _add_changes_and_search,
    2: _add_order_of_queue,
    3: _add_renames,
    4: _add_keepsakes,
}

# What PiKaraoke 1.23.0 creates; kept word for word so that it starts on a file that we made.
PIKARAOKE_SCHEMA = """
CREATE TABLE IF NOT EXISTS songs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    file_path TEXT UNIQUE NOT NULL,
    youtube_id TEXT,
    format TEXT NOT NULL,
    artist TEXT,
    title TEXT,
    variant TEXT,
    year INTEGER,
    genre TEXT,
    metadata_status TEXT DEFAULT 'pending',
    enrichment_attempts INTEGER DEFAULT 0,
    last_enrichment_attempt TEXT,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP,
    updated_at TEXT DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX IF NOT EXISTS idx_youtube_id ON songs(youtube_id);
CREATE INDEX IF NOT EXISTS idx_artist ON songs(artist);
CREATE INDEX IF NOT EXISTS idx_title ON songs(title);
CREATE INDEX IF NOT EXISTS idx_metadata_status ON songs(metadata_status);
CREATE TABLE IF NOT EXISTS metadata (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT UNIQUE NOT NULL,
    name TEXT,
    started_at TEXT DEFAULT CURRENT_TIMESTAMP,
    ended_at TEXT
);
CREATE TABLE IF NOT EXISTS plays (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id INTEGER NOT NULL,
    song_id INTEGER,
    youtube_id TEXT,
    song_title TEXT NOT NULL,
    performer TEXT NOT NULL,
    played_at TEXT DEFAULT CURRENT_TIMESTAMP,
    ended_at TEXT,
    completed INTEGER DEFAULT 0,
    FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE,
    FOREIGN KEY (song_id) REFERENCES songs(id) ON DELETE SET NULL
);
CREATE INDEX IF NOT EXISTS idx_plays_session_played_at ON plays(session_id, played_at);
CREATE INDEX IF NOT EXISTS idx_plays_played_at ON plays(played_at);
CREATE INDEX IF NOT EXISTS idx_plays_performer ON plays(performer COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS idx_plays_song ON plays(song_id);
PRAGMA user_version = 1;
"""


def now_text() -> str:
    """The time as PiKaraoke's columns hold it: UTC, whole seconds."""
    return text_of(time.time())


def text_of(moment: float) -> str:
    """A moment in epoch seconds, as PiKaraoke's columns hold it."""
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def open_library(place: str, *, patience: float = REQUEST_PATIENCE, durable: bool = True) -> None:
    """Open the songs database for this process; make it, or make it ready, where need be.

    A database that PiKaraoke made gets our column and tables once, after a backup copy beside it.
    Opening the same place again is free; another place closes the first.

    Args:
        place: the SQLite file, or a PostgreSQL server's URL.
        patience: seconds to wait for another writer.
        durable: whether each commit waits for the disk. A person's edit does; the consumer's
            answers need not, since what a power cut takes back stands in the queue again.
    Raises:
        LibraryError: it cannot be opened, or is no database of PiKaraoke's.
    """
    if database.obj is not None and database.is_at(place, patience):
        return
    close_library()
    try:
        with _in_plain_words(place):
            if is_server(place):
                _open_server(place, patience, durable)
            else:
                _open_file(place, patience, durable)
            _get_ready(place)
    except LibraryError:
        close_library()
        raise


def reopen_library(place: str) -> None:
    """Make a database ready that was put in place of the open one. It stays open whatever is wrong
    with it, and until it is mended this raises LibraryError each time."""
    database.close()
    with _in_plain_words(place):
        _get_ready(place)


@contextmanager
def _in_plain_words(place: str) -> Iterator[None]:
    try:
        yield
    except (OSError, DatabaseError, sqlite3.Error) as error:
        raise LibraryError(_what_to_do(place, error)) from (None if is_server(place) else error)


def _get_ready(place: str) -> None:
    if not _is_ready():
        _make_ready(place)
    _name_confidence(_confidence_column())


def _open_file(path: str, patience: float, durable: bool) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    if not Path(path).exists():
        Path(path).touch()
    check = partial(check_is_pikaraoke, path, patience)
    database.initialize(SongsFile(path, patience, durable, check))


def _open_server(url: str, patience: float, durable: bool) -> None:
    from .songs_server import SongsServer  # its driver takes memory that a file does without

    database.initialize(SongsServer(url, patience, durable))
    _check(shown(url), database.get_tables(), _columns("songs"), _schema_version())


def is_made_ready(url: str) -> bool:
    """Whether a server's database has our tables as we need them; changes nothing.

    Raises:
        LibraryError: it cannot be asked.
    """
    from .songs_server import SongsServer

    looked_into = SongsServer(url, REQUEST_PATIENCE, durable=True)
    try:
        if not looked_into.table_exists("enrichment_state"):
            return False
        ours = "SELECT value FROM enrichment_state WHERE key = 'schema_version'"
        row = looked_into.execute_sql(ours).fetchone()  # type: ignore[no-untyped-call]
        return bool(row and row[0] == str(SCHEMA_VERSION))
    except DatabaseError as error:
        raise LibraryError(_what_to_do(url, error)) from None
    finally:
        looked_into.close()


def close_library() -> None:
    """Close this thread's connection and forget the database."""
    if database.obj is not None:
        database.close()
        database.initialize(None)


def is_replaced() -> bool:
    """Whether another file stands where this thread's was (a backup was put back); the thread then
    lets go of the old one.

    Raises:
        LibraryError: no file stands there any more.
    """
    try:
        return bool(database.is_replaced())
    except OSError as error:
        raise LibraryError(
            f"the songs database {database.path} is gone: put it back, or its drive"
        ) from error


def is_newer() -> bool:
    """Whether a newer version of this program has made the open database its own."""
    return _schema_version() > SCHEMA_VERSION


def _make_ready(place: str) -> None:
    """Add what is missing, once: whoever else opens it at the same moment waits meanwhile."""
    with database.atomic("IMMEDIATE"):
        _refuse_newer(shown(place), _schema_version())
        if not _has_table("songs"):
            for statement in database.ddl(PIKARAOKE_SCHEMA):
                database.execute_sql(statement)
        elif not _has_table("enrichment_state") and not is_server(place):
            back_up(place)
        column = _confidence_column()
        if column not in _columns("songs"):
            database.execute_sql(
                f"ALTER TABLE songs ADD COLUMN {column} {database.real} DEFAULT 0.0"
            )
        version = _schema_version()
        if version == 0:
            database.create_tables(OUR_TABLES, safe=True)
            _make_search()
        for step in range(version or SCHEMA_VERSION, SCHEMA_VERSION):
            MIGRATIONS[step]()
        set_state("schema_version", str(SCHEMA_VERSION))


def check_is_pikaraoke(path: str, patience: float) -> None:
    """Raise LibraryError for a file that is not ours to write; an empty one is."""
    _check(path, *look_into(path, patience))


def _check(place: str, tables: Collection[str], columns: set[str], version: int) -> None:
    missing = _pikaraoke_columns() - columns
    # A server's database may hold tables of other programs beside ours, a file of PiKaraoke's not.
    if missing and (columns or (tables and not is_server(place))):
        raise LibraryError(
            f"{place} is not a database of PiKaraoke that we know (its table songs lacks "
            f"{', '.join(sorted(missing))}): it was left as it is. Start PiKaraoke 1.23.0 or newer "
            "once, or name another file with ENRICHMENT_DB"
        )
    _refuse_newer(place, version)


def _refuse_newer(place: str, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise LibraryError(
            f"{place} was written by a newer pikaraoke-enrichment: it was left as it is. "
            "Update this one (git pull, then ./consumer.sh)"
        )


def _pikaraoke_columns() -> set[str]:
    return {field.column_name for name, field in Song._meta.fields.items() if name != "confidence"}


def _confidence_column() -> str:
    """The column of `songs` that is ours to write. One named `confidence` that is declared in any
    other way than we declare it is PiKaraoke's: we read nothing from it and never write to it."""
    found = {
        column.name: (str(column.data_type).upper(), column.default)
        for column in database.get_columns("songs")
    }
    ours = (database.real, "0.0")
    is_theirs = found.get("confidence", ours) != ours
    return "enrichment_confidence" if is_theirs else "confidence"


def _name_confidence(column: str) -> None:
    """Have the model read and write that column."""
    meta, field = Song._meta, Song._meta.fields["confidence"]
    del meta.columns[field.column_name]
    field.column_name = column
    meta.columns[column] = meta.combined[column] = field


def _is_ready() -> bool:
    return _confidence_column() in _columns("songs") and _schema_version() == SCHEMA_VERSION


def _schema_version() -> int:
    if not _has_table("enrichment_state"):
        return 0
    return int(get_state("schema_version") or 0)


def _has_table(name: str) -> bool:
    return bool(database.table_exists(name))


def _columns(table: str) -> set[str]:
    return set(database.column_names(table))


def _what_to_do(path: str, error: Exception) -> str:
    if is_server(path):
        said = without_password(" ".join(str(error).split()), path)
        return f"the songs database {shown(path)} cannot be used: {said}"
    if isinstance(error, PermissionError) or "readonly" in str(error) or "read-only" in str(error):
        which = unwritable(path) or path
        return (
            f"{which} cannot be written ({in_words(error)}): give this user the right to write it"
        )
    if "locked" in str(error):
        return f"{path} is locked by another program ({error}): try again when it is done"
    if "not a database" in str(error) or "malformed" in str(error):
        return f"{path} is damaged or no SQLite file ({error}): restore a backup, or move it away"
    return f"{path} cannot be opened: {in_words(error)}"


def is_locked(error: Exception) -> bool:
    """Whether an error tells that another process writes just now."""
    return isinstance(error, OperationalError | sqlite3.OperationalError) and any(
        word in str(error) for word in ("locked", "busy", "lock timeout", "deadlock")
    )


def run_many(sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run a statement once for each row of values."""
    with as_peewees:
        database.cursor().executemany(sql, rows)


def pairs(query: Any) -> dict[Any, Any]:
    """A query of two columns as a dictionary."""
    return {row[0]: row[1] for row in query.tuples().iterator()}


# Written out, as each song asks several times: Peewee takes ten times longer to put such a
# statement together than SQLite to run it.
_OF_SONG = tuple(Song._meta.sorted_fields)
_GET_STATE = "SELECT value FROM enrichment_state WHERE key = ?"
_COUNT_UP = """
INSERT INTO enrichment_state (key, value) VALUES (?, ?)
ON CONFLICT (key) DO UPDATE
SET value = CAST(CAST(enrichment_state.value AS INTEGER) + ? AS TEXT)
"""


def find_song(song_id: int) -> Song | None:
    """A song by its id."""
    columns = ", ".join(field.column_name for field in _OF_SONG)
    row = database.execute_sql(f"SELECT {columns} FROM songs WHERE id = ?", (song_id,)).fetchone()
    if row is None:
        return None
    known = zip(_OF_SONG, row, strict=True)
    return Song(**{field.name: field.python_value(value) for field, value in known})


def get_state(key: str) -> str | None:
    """A wish or total, None where it was never set."""
    found = database.execute_sql(_GET_STATE, (key,)).fetchone()
    return None if found is None else str(found[0])


def set_state(key: str, value: str) -> None:
    """Keep a wish or total."""
    State.insert(key=key, value=value).on_conflict(
        conflict_target=[State.key], preserve=[State.value]
    ).execute()


def count_up(key: str, by: int = 1) -> None:
    """Add to a total in one statement, so that no two processes lose a count."""
    database.execute_sql(_COUNT_UP, (key, str(by), by))
