"""What PiKaraoke creates, and the steps from one version of our own tables to the next."""

from __future__ import annotations

from collections.abc import Callable

from peewee import Model

from ..database.connection import database
from ..models import (
    Change,
    KeptEdit,
    Listing,
    QueueEntry,
    Rename,
    ReviewEntry,
    SharedList,
    SharedSong,
    Traits,
)

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


def make_search() -> None:
    """Create the full text of the list of songs."""
    for statement in database.search_schema:
        database.execute_sql(statement)


def _add_changes_and_search() -> None:
    database.create_tables([Change, Listing], safe=True)
    make_search()


def _add(*tables: type[Model]) -> Callable[[], None]:
    """The step that makes tables, or an index of one that is there."""
    return lambda: database.create_tables(tables, safe=True)


def _add_keepsakes() -> None:
    """Notes the songs alone, as PiKaraoke waits meanwhile: whoever looks at the library next puts
    in what people have said of them."""
    database.create_tables([KeptEdit], safe=True)
    database.execute_sql(
        "INSERT INTO enrichment_keepsake (song_id, key, file_path, said) "
        "SELECT id, '', '', '' FROM songs WHERE metadata_status = 'manual' OR id IN ("
        "SELECT song_id FROM enrichment_change WHERE source = 'person' AND undone_at IS NULL) "
        # refused before changes were kept
        "OR id IN (SELECT song_id FROM enrichment_candidate WHERE rejected)"
    )


def _add_review() -> None:
    """Fills the table as `tasks.search.review_queue` keeps it: 17,000 waiting songs take a tenth of
    a second."""
    database.create_tables([ReviewEntry], safe=True)
    database.execute_sql(
        "INSERT INTO enrichment_review (song_id, lane, skipped, unsure, sung, confidence) "
        "SELECT l.song_id, CASE l.status WHEN 'parsed' THEN 0 WHEN 'enriched' THEN 1 ELSE 2 END, "
        "0, -l.level, -(SELECT count(*) FROM plays AS p WHERE p.song_id = l.song_id), l.confidence "
        "FROM enrichment_listing AS l WHERE l.status = 'enrichment_failed' OR ("
        "(l.status = 'parsed' OR (l.status = 'enriched' AND l.confidence BETWEEN 0.7 AND 0.89)) "
        "AND EXISTS (SELECT 1 FROM enrichment_candidate AS c "
        "WHERE c.song_id = l.song_id AND NOT c.rejected))"
    )


def _add_known() -> None:
    """Empty, as PiKaraoke waits meanwhile: the steward fills it from what stands there."""
    if "known" not in database.column_names("enrichment_listing"):  # made by a step before
        database.execute_sql("ALTER TABLE enrichment_listing ADD COLUMN known TEXT")


SCHEMA_VERSION = 10
# Steps from one schema version of our own tables to the next, by the version they start from.
MIGRATIONS: dict[int, Callable[[], None]] = {
    1: _add_changes_and_search,
    2: _add(QueueEntry),  # its order
    3: _add(Rename),
    4: _add_keepsakes,
    5: _add_review,
    6: _add(Change),  # the index by which people's words are found among the services' answers
    7: _add(Traits),  # empty, as PiKaraoke waits meanwhile: the steward fills it
    8: _add(SharedList, SharedSong),
    9: _add_known,
}
