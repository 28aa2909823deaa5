"""Other hosts' lists: subscribed by a link, fetched weekly, removed with all that they said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

from ...database.connection import database, run_many
from ...exceptions import NoSuchList, Told
from ...models import SharedList, SharedSong
from ...system.signs import clean
from ..history import changes
from ..names.identity import video_of
from ..queue import table as queue_table
from . import answers
from .reading import COLUMNS, Row

# Seconds until a list is fetched again, and until it is tried again where that failed.
WEEK, DAY = 7 * 86_400.0, 86_400.0
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of fetching a list: how many videos it names, None where it is what it was; how
    many songs of the library were changed by it; what went wrong, None where nothing did."""

    name: str
    videos: int | None = None
    changed: int = 0
    trouble: Told | None = None


def subscribe(link: str, name: str = "") -> Fetched:
    """Fetch another host's list and have it fetched again every week, in place of one of its name.

    Args:
        link: http or https.
        name: what it is called; by default as its file.
    Raises:
        BadLink: it cannot be fetched.
        BadList: it is no such list.
    """
    from ..fetching import fetch
    from .reading import read

    found = fetch(link)
    assert found is not None  # as no mark was given
    rows = read(found.data)
    called = plain_name(name or PurePath(found.name).stem) or plain_name(
        urlsplit(link).hostname or "list"
    )
    kept = SharedList.get_or_none(SharedList.name == called) or SharedList.create(
        name=called, link=link, batch=changes.new_batch()
    )
    kept.link = link
    changed = _take(kept, rows, found.etag, found.modified)
    return Fetched(called, len(rows), changed)


def plain_name(text: str) -> str:
    """A name as a source may have it: in one line, and without the comma that parts sources."""
    return clean(text.replace(",", " "))[:LONGEST_NAME].strip()


def shown_link(link: str) -> str:
    """A link as people may see it: no password, and nothing of its query, in which a token may
    stand that opens somebody's files."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return "…"
    hidden = "?…" if parts.query or parts.fragment else ""
    place = parts.netloc.rpartition("@")[2]
    return clean(f"{parts.scheme}://{place}{parts.path}{hidden}" if place else "…")


def all_lists() -> list[SharedList]:
    """The lists, by name."""
    return list(SharedList.select().order_by(SharedList.name))


def has_due() -> bool:
    """Whether a list is to be fetched by now; one small question."""
    due = "SELECT 1 FROM enrichment_shared_list WHERE due_at <= ? LIMIT 1"
    return database.execute_sql(due, (database.now(),)).fetchone() is not None


def update(*, every: bool = False) -> list[Fetched]:
    """Fetch the lists again that are due, or every one; what cannot be fetched stays as it was, is
    noted and tried again the next day."""
    from ..fetching import fetch
    from .reading import read

    now, done = database.now(), []
    for kept in all_lists():
        if not every and kept.due_at > now:
            continue
        try:
            found = fetch(kept.link, etag=kept.etag, modified=kept.modified)
            rows = read(found.data) if found else []
        except Told as error:
            kept.trouble, kept.due_at = error.said.as_text(), database.now() + DAY
            kept.save(only=[SharedList.trouble, SharedList.due_at])
            done.append(Fetched(kept.name, trouble=error))
            continue
        if found is not None:
            changed = _take(kept, rows, found.etag, found.modified)
            done.append(Fetched(kept.name, len(rows), changed))
            continue
        kept.trouble, kept.fetched_at = "", database.now()
        kept.due_at = kept.fetched_at + WEEK
        kept.save(only=[SharedList.trouble, SharedList.fetched_at, SharedList.due_at])
        done.append(Fetched(kept.name))
    return done


def remove(name: str) -> int:
    """Take a list out, and back what songs have from it; those go back to what was known without.

    Returns:
        How many songs were changed.
    Raises:
        NoSuchList: there is none of that name.
    """
    kept = SharedList.get_or_none(SharedList.name == name)
    if kept is None:
        raise NoSuchList(f"no list of another host is called {name!r}")
    _store(kept, [])
    kept.delete_instance()
    return answers.settle_all()


def count_known(kept: SharedList) -> int:
    """How many songs of the library a list knows by their video."""
    return sum(
        video_of(youtube_id, path) is not None
        for youtube_id, path in database.execute_sql(_KNOWN, (kept.id,)).fetchall()
    )


_KNOWN = """
SELECT s.youtube_id, s.file_path FROM enrichment_shared_song AS x
JOIN songs AS s ON s.youtube_id = x.youtube_id WHERE x.list_id = ?
"""


# --- rows -----------------------------------------------------------------------------------------


def _take(kept: SharedList, rows: list[Row], etag: str, modified: str) -> int:
    """Keep a list's rows and have the library be what they say; how many songs that changed.

    The marks are kept last: what was broken off is fetched as a whole again.
    """
    _store(kept, rows)
    changed = answers.settle_all()
    kept.etag, kept.modified, kept.trouble, kept.songs = etag, modified, "", len(rows)
    kept.fetched_at = database.now()
    kept.due_at = kept.fetched_at + WEEK
    kept.save()
    return changed


def _store(kept: SharedList, rows: Iterable[Row]) -> None:
    """Write what has changed of a list, and no more: of thousands of rows few do in a week."""
    mine = database.execute_sql(_HAD, (kept.id,)).fetchall()
    had = {Row(*row) for row in mine}
    wanted = set(rows)
    for gone in queue_table.in_batches(row.youtube_id for row in had - wanted):
        with database.atomic("IMMEDIATE"):
            which = (SharedSong.list == kept.id) & SharedSong.youtube_id.in_(gone)
            SharedSong.delete().where(which).execute()
    for batch in queue_table.in_batches((kept.id, *row) for row in wanted - had):
        with database.atomic("IMMEDIATE"):
            run_many(_ADD, batch)


_HAD = f"SELECT {', '.join(COLUMNS)} FROM enrichment_shared_song WHERE list_id = ?"
_ADD = f"""
INSERT INTO enrichment_shared_song (list_id, {", ".join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
