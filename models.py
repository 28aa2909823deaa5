"""Peewee models: PiKaraoke's songs and our own tables."""

from __future__ import annotations

import time
from dataclasses import fields

from peewee import (
    SQL,
    AutoField,
    BlobField,
    BooleanField,
    FloatField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from .database import foreign
from .database.connection import database
from .providers.base import Health


class Base(Model):
    class Meta:
        database = database
        legacy_table_names = False


class ForeignText(TextField):
    python_value = staticmethod(foreign.text)


class ForeignPath(TextField):
    python_value = staticmethod(foreign.path)


class ForeignNumber(IntegerField):
    python_value = staticmethod(foreign.whole)


class ForeignYear(IntegerField):
    python_value = staticmethod(foreign.year)


class ForeignShare(FloatField):
    python_value = staticmethod(foreign.share)


class Song(Base):
    """A row of PiKaraoke's own table, and `confidence`, the one column that we add (where it has a
    column of that name itself, ours is `enrichment_confidence`).

    Its columns hold what any program has put there: they are read as what they should be. Times are
    UTC text as SQLite's CURRENT_TIMESTAMP writes them: "2026-11-22 20:15:00".
    """

    id = AutoField()
    file_path = ForeignPath(unique=True)
    youtube_id = ForeignText(null=True)
    format = ForeignText()
    artist = ForeignText(null=True)
    title = ForeignText(null=True)
    variant = ForeignText(null=True)
    year = ForeignYear(null=True)
    genre = ForeignText(null=True)
    metadata_status = ForeignText(null=True, constraints=[SQL("DEFAULT 'pending'")])
    enrichment_attempts = ForeignNumber(null=True, constraints=[SQL("DEFAULT 0")])
    last_enrichment_attempt = ForeignText(null=True)
    created_at = ForeignText(null=True, constraints=[SQL("DEFAULT CURRENT_TIMESTAMP")])
    updated_at = ForeignText(null=True, constraints=[SQL("DEFAULT CURRENT_TIMESTAMP")])
    confidence = ForeignShare(null=True, constraints=[SQL("DEFAULT 0.0")])
    # Set by `find_song`; empty, with "/" for a name, where nobody has read the name yet.
    detail: SongDetail

    class Meta:
        table_name = "songs"

    @property
    def is_read(self) -> bool:
        """Whether the name that the file has now is the one that was read; of a song that
        `find_song` has read."""
        name, path = self.detail.file_name, str(self.file_path)
        return path == name or path.endswith((f"/{name}", f"\\{name}"))


class SongDetail(Base):
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


class Traits(Base):
    """What guests ask for beyond PiKaraoke's columns: one row a song whose name was read.

    Each is None where nobody says so, and has beside it who says it (see `judging.traits`): "name",
    "credit", "list NAME", "script", "artist", "itunes", "person".
    `language` holds ISO 639 codes of what is sung, parted by commas, the main one first.
    """

    song = ForeignKeyField(Song, primary_key=True, on_delete="CASCADE", backref="traits_row")
    duet = BooleanField(null=True, index=True)
    duet_source = TextField(default="")
    language = TextField(null=True)
    language_source = TextField(default="")
    explicit = BooleanField(null=True, index=True)
    explicit_source = TextField(default="")

    class Meta:
        table_name = "enrichment_traits"


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


# The order in which songs are taken up; read-ahead looks at the first thousand of a library.
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
    """One provider's `Health`, shared by every process."""

    name = TextField(primary_key=True)

    class Meta:
        table_name = "enrichment_provider"


_COLUMN = {float: FloatField, int: IntegerField, str: TextField}
for _each in fields(Health):
    _column = _COLUMN[type(_each.default)](default=_each.default)
    ProviderState._meta.add_field(_each.name, _column)


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
        indexes = ((("batch",), False), (("source", "at"), False))


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


class KeptEdit(Base):
    """What people have said of one song, which no deleted row takes along: PiKaraoke deletes a
    song, and with it all that refers to it, as soon as its file is away for one scan.

    `song_id` refers to no table, as the row may be gone. `key` is what the file is known again by:
    its YouTube id, else its base name; `file_path` where it lay. `said` is JSON (see
    `tasks.history.kept_edits`), `gone_at` the epoch second at which the row was missed.
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
    deletes it. `level` is the place in `scoring.LEVELS`; `stamp` the song's `updated_at`; `known`
    what its columns held when we wrote them last (`search.listing`), None where that is not known.
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
    known = TextField(null=True)

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


class ReviewEntry(Base):
    """A song that a person may look at, and where it stands in the review.

    `lane` is which of the reviews it belongs to (`tasks.search.review_queue.LANES`), `skipped`
    grows with each song that is put off, `unsure` is the level as a negative number, `sung` how
    often it was sung, negative too: ascending, the least certain level comes first, in it the most
    sung.
    """

    song = ForeignKeyField(Song, primary_key=True, on_delete="CASCADE", backref="review")
    lane = IntegerField()
    skipped = IntegerField(default=0)
    unsure = IntegerField()
    sung = IntegerField()
    confidence = FloatField()

    class Meta:
        table_name = "enrichment_review"
        indexes = ((("lane", "skipped", "unsure", "sung", "confidence", "song"), False),)


class SharedList(Base):
    """Another host's list of what people have verified, subscribed by its link.

    `etag` and `modified` are the marks of what was fetched last; `fetched_at` and `due_at` are
    epoch seconds; `trouble` is what went wrong since, as `Said` writes it, "" for nothing; `batch`
    names the changes that the list has made, `songs` is how many rows it holds.
    """

    id = AutoField()
    name = TextField(unique=True)
    link = TextField()
    batch = TextField()
    etag = TextField(default="")
    modified = TextField(default="")
    fetched_at = FloatField(null=True)
    due_at = FloatField(default=0.0)
    trouble = TextField(default="")
    songs = IntegerField(default=0)

    class Meta:
        table_name = "enrichment_shared_list"


class SharedSong(Base):
    """What a shared list says of one YouTube video."""

    list = ForeignKeyField(SharedList, on_delete="CASCADE", backref="rows")
    youtube_id = TextField()
    artist = TextField()
    title = TextField()
    variant = TextField(null=True)
    year = IntegerField(null=True)
    genre = TextField(null=True)

    class Meta:
        table_name = "enrichment_shared_song"
        indexes = ((("youtube_id", "list"), True),)


OUR_TABLES: tuple[type[Base], ...] = tuple(
    each for each in Base.__subclasses__() if each is not Song
)


# Plain SQL for questions that each song asks several times: Peewee takes ten times longer to put
# such a statement together than SQLite takes to run it.
_OF_SONG = tuple(Song._meta.sorted_fields)
_OF_DETAIL = ("file_name", "sources", "reason", "failed_by")
_GET_STATE = "SELECT value FROM enrichment_state WHERE key = ?"
_COUNT_UP = """
INSERT INTO enrichment_state (key, value) VALUES (?, '1')
ON CONFLICT (key) DO UPDATE
SET value = CAST(CAST(enrichment_state.value AS INTEGER) + 1 AS TEXT)
"""


def find_song(song_id: int) -> Song | None:
    """A song by its id, its `detail` with the columns of `_OF_DETAIL`."""
    columns = [*(f"s.{field.column_name}" for field in _OF_SONG), *(f"d.{n}" for n in _OF_DETAIL)]
    row = database.execute_sql(
        f"SELECT {', '.join(columns)} FROM songs AS s "
        "LEFT JOIN enrichment_reading AS d ON d.song_id = s.id WHERE s.id = ?",
        (song_id,),
    ).fetchone()
    if row is None:
        return None
    columns_of_song = zip(_OF_SONG, row, strict=False)
    song = Song(**{field.name: field.python_value(value) for field, value in columns_of_song})
    of_detail = zip(_OF_DETAIL, row[len(_OF_SONG) :], strict=True)
    known = {name: value for name, value in of_detail if value is not None}
    song.detail = SongDetail(**{"song": song_id, "file_name": "/", **known})
    return song


def get_state(key: str) -> str | None:
    """A wish or total, None where it was never set."""
    found = database.execute_sql(_GET_STATE, (key,)).fetchone()
    return None if found is None else str(found[0])


def set_state(key: str, value: str) -> None:
    """Keep a wish or total."""
    State.insert(key=key, value=value).on_conflict(
        conflict_target=[State.key], preserve=[State.value]
    ).execute()


def count_up(key: str) -> None:
    """Add one to a total in one statement, so that no two processes lose a count."""
    database.execute_sql(_COUNT_UP, (key,))
