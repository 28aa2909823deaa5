"""A library opened without harm: a file of PiKaraoke's or a server, checked, made ready."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from peewee import DatabaseError

from ..database.connection import REQUEST_PATIENCE, database
from ..database.sqlite import SongsFile, back_up, look_into
from ..database.troubles import what_to_do
from ..database.urls import is_server, shown, without_password
from ..exceptions import LibraryError
from ..models import OUR_TABLES, Song, get_state, set_state
from ..system.invocation import updating
from .migrations import MIGRATIONS, PIKARAOKE_SCHEMA, SCHEMA_VERSION, make_search


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
                # Imported here, as its driver takes memory that a file does without.
                from ..database.postgresql import SongsServer

                database.initialize(SongsServer(place, patience, durable))
                _check(shown(place), database.get_tables(), _columns("songs"), _schema_version())
            else:
                Path(place).parent.mkdir(parents=True, exist_ok=True)
                if not Path(place).exists():
                    Path(place).touch()
                check = partial(check_is_pikaraoke, place, patience)
                database.initialize(SongsFile(place, patience, durable, check))
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
        raise LibraryError(_in_words(place, error)) from (None if is_server(place) else error)


def _get_ready(place: str) -> None:
    if not (_confidence_column() in _columns("songs") and _schema_version() == SCHEMA_VERSION):
        # What is missing is added once: whoever else opens it at the same moment waits meanwhile.
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
                make_search()
            for step in range(version or SCHEMA_VERSION, SCHEMA_VERSION):
                MIGRATIONS[step]()
            set_state("schema_version", str(SCHEMA_VERSION))
    # Have the model read and write the column that is ours.
    column, meta, field = _confidence_column(), Song._meta, Song._meta.fields["confidence"]
    del meta.columns[field.column_name]
    field.column_name = column
    meta.columns[column] = meta.combined[column] = field


def is_made_ready(url: str) -> bool:
    """Whether a server's database has our tables as we need them; changes nothing.

    Raises:
        LibraryError: it cannot be asked.
    """
    from ..database.postgresql import SongsServer

    looked_into = SongsServer(url, REQUEST_PATIENCE, durable=True)
    try:
        if not looked_into.table_exists("enrichment_state"):
            return False
        ours = "SELECT value FROM enrichment_state WHERE key = 'schema_version'"
        row = looked_into.execute_sql(ours).fetchone()
        return bool(row and row[0] == str(SCHEMA_VERSION))
    except DatabaseError as error:
        raise LibraryError(_in_words(url, error)) from None
    finally:
        looked_into.close()


def close_library() -> None:
    """Close this thread's connection and forget the database."""
    if database.obj is not None:
        database.close()
        database.initialize(None)


def is_newer() -> bool:
    """Whether a newer version of this program has made the open database its own."""
    return _schema_version() > SCHEMA_VERSION


def check_is_pikaraoke(path: str, patience: float) -> None:
    """Raise LibraryError for a file that is not ours to write; an empty one is."""
    _check(path, *look_into(path, patience))


def _check(place: str, tables: Collection[str], columns: set[str], version: int) -> None:
    missing = {
        field.column_name for name, field in Song._meta.fields.items() if name != "confidence"
    } - columns
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
            f"Update this one: {updating()}"
        )


def _confidence_column() -> str:
    """The column of `songs` that is ours to write. One named `confidence` that is declared in any
    other way than we declare it is PiKaraoke's: we read nothing from it and never write to it."""
    found = {
        column.name: (str(column.data_type).upper(), column.default)
        for column in database.get_columns("songs")
    }
    ours = (database.real, "0.0")
    numbers = (f"enrichment_confidence_{number}" for number in itertools.count(2))
    names = itertools.chain(("confidence", "enrichment_confidence"), numbers)
    return next(name for name in names if found.get(name, ours) == ours)


def _schema_version() -> int:
    if not _has_table("enrichment_state"):
        return 0
    return int(get_state("schema_version") or 0)


def _has_table(name: str) -> bool:
    return bool(database.table_exists(name))


def _columns(table: str) -> set[str]:
    return set(database.column_names(table))


def _in_words(place: str, error: Exception) -> str:
    if is_server(place):
        said = without_password(" ".join(str(error).split()), place)
        return f"the songs database {shown(place)} cannot be used: {said}"
    return what_to_do(place, error)
