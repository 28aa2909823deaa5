"""The full text of the list of songs: FTS5 in a file, lexemes and their index on a server.

Either finds the songs in which each of some words begins a word of artist, title or file name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from peewee import SQL

from ...database.connection import count_rows, database, run_many
from ..queue import table as queue_table
from ..runtime import until_told


class Text(NamedTuple):
    """One song's words, each folded and parted by blanks."""

    song_id: int
    artist: str
    title: str
    name: str


class _InFile:
    """SQLite's FTS5. The rows of deleted songs stay until they are cleared away."""

    matching = "SELECT rowid FROM enrichment_search WHERE enrichment_search MATCH ?"

    def store(self, texts: Sequence[Text]) -> None:
        # Most answers confirm what the name had told: to write the words again costs a merge of the
        # index every few songs.
        marks = ",".join("?" * len(texts))
        ids = [row.song_id for row in texts]
        kept = set(database.execute_sql(f"{_KEPT_IN_FILE} IN ({marks})", ids).fetchall())
        news = [row for row in texts if row not in kept]
        run_many("DELETE FROM enrichment_search WHERE rowid = ?", [(row[0],) for row in news])
        run_many(_STORE_IN_FILE, news)

    def forget_orphans(self) -> None:
        if count_rows("enrichment_search_docsize") <= count_rows("enrichment_listing"):
            return
        # Half a library may be gone with a stick, and each song's words cost a merge of the index.
        gone = database.execute_sql(_GONE_FROM_FILE).fetchall()
        for batch in until_told(queue_table.in_batches(gone)):
            with database.atomic("IMMEDIATE"):
                run_many("DELETE FROM enrichment_search WHERE rowid = ?", batch)

    def beginning_with(self, words: Sequence[str]) -> str:
        return " ".join('"{}"*'.format(word.replace('"', '""')) for word in words)


class _OnServer:
    """PostgreSQL's lexemes, just as they are folded: none of its parsers reads names. Rows go with
    their song."""

    matching = "SELECT song_id FROM enrichment_search WHERE words @@ CAST(? AS tsquery)"

    def store(self, texts: Sequence[Text]) -> None:
        run_many(
            _STORE_ON_SERVER,
            [(row.song_id, sorted({*" ".join(row[1:]).split()})) for row in texts],
        )

    def forget_orphans(self) -> None:
        pass

    def beginning_with(self, words: Sequence[str]) -> str:
        quoted = (word.replace("\\", "\\\\").replace("'", "''") for word in words)
        return " & ".join(f"'{word}':*" for word in quoted)


_KEPT_IN_FILE = "SELECT rowid, artist, title, name FROM enrichment_search WHERE rowid"
_GONE_FROM_FILE = """
SELECT id FROM enrichment_search_docsize
WHERE id NOT IN (SELECT song_id FROM enrichment_listing)
"""
_STORE_IN_FILE = "INSERT INTO enrichment_search (rowid, artist, title, name) VALUES (?, ?, ?, ?)"
_STORE_ON_SERVER = """
INSERT INTO enrichment_search (song_id, words) VALUES (?, array_to_tsvector(CAST(? AS text[])))
ON CONFLICT (song_id) DO UPDATE SET words = excluded.words
"""


def _text() -> _InFile | _OnServer:
    return _OnServer() if database.is_shared else _InFile()


def store(texts: Iterable[Text]) -> None:
    """Keep the words of songs, in place of those before; within the caller's transaction."""
    _text().store(list(texts))


def forget_orphans() -> None:
    """The text of a deleted song finds nothing any more; here it is cleared away."""
    _text().forget_orphans()


def count(words: Sequence[str]) -> int:
    """How many songs have all these words."""
    sql = f"SELECT count(*) FROM ({_text().matching}) AS found"
    return int(database.execute_sql(sql, (_text().beginning_with(words),)).fetchone()[0])


def condition(words: Sequence[str], column: str) -> Any:
    """Holds where `column`, as it stands in the query, is the id of a song with all these words."""
    return SQL(f"{column} IN ({_text().matching})", [_text().beginning_with(words)])
