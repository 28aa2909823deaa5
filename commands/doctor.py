"""What is wrong and what to do about it: every part looked at, one finding each."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .. import config
from ..database.connection import REQUEST_PATIENCE, database
from ..database.files import open_to_read
from ..database.sqlite import back_up, damage, unwritable
from ..database.urls import is_missing, is_server, shown, without_password
from ..exceptions import LibraryError
from ..models import OUR_TABLES, QueueEntry, Song, SongDetail
from ..providers import catalogue, services
from ..providers.base import KNOWN, Found, NotFound, RateLimited, Refused
from ..providers.services import label_of
from ..schema.migrations import SCHEMA_VERSION
from ..schema.opening import check_is_pikaraoke, is_made_ready
from ..system.contact import as_contact
from ..system.invocation import typed
from ..system.terminal import counted
from ..tasks import control, copies, library, pacing, progress
from ..tasks.broker import huey
from ..tasks.enrich import queue_ids, reconcile
from ..tasks.names.identity import no_song
from ..tasks.pace_rules import NO_CONTACT
from ..tasks.queue import table as queue_table
from ..tasks.runtime import Runtime, configure, presence_of, usable_providers, user_agent
from ..words.sentences import sentence

# Before the first release of this program no clock can be right.
SANE_FROM = datetime(2026, 1, 1).timestamp()
# A database that grows by a song's few kilobytes still wants room for its write-ahead log.
ENOUGH_SPACE = 50_000_000
# A consumer that has nothing to do publishes its progress once a minute.
SILENT = 180.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `advice` says what to do, "" where there is nothing to do."""

    subject: str
    is_fine: bool
    words: str
    advice: str = ""


def examine(
    settings: config.Settings, *, ask_providers: bool = True, fix: bool = False
) -> Iterator[Finding]:
    """Look at everything; changes nothing unless asked to.

    Args:
        ask_providers: also send each provider one request, at its pace.
        fix: also repair what can be repaired without losing anything.
    """
    yield from _machine()
    yield from _keys(settings)
    yield from _config_file(settings.config_file)
    yield from _catalogue(settings.catalogue)
    if is_missing(settings.db):
        advice = f"run {typed('run DIR')}, or start PiKaraoke once"
        yield Finding("Songs database", False, f"there is none at {settings.db}", advice)
        return
    if not is_server(settings.db):
        free = shutil.disk_usage(Path(settings.db).parent).free
        advice = "" if free >= ENOUGH_SPACE else "make room: what is learned cannot be written down"
        yield Finding("Disk", not advice, f"{free / 1e6:,.0f} MB free", advice)
    try:
        if not fix and _is_untouched(settings.db):
            words = "not made ready yet: the first run does that"
            if not is_server(settings.db):
                words += ", after a backup copy"
            yield _songs(settings.db)
            yield Finding("Schema", True, words)
            return
        runtime = configure(settings)
    except LibraryError as error:
        yield Finding("Songs database", False, str(error), "see above; nothing was changed")
        return
    yield _songs(settings.db)
    yield Finding("Schema", True, f"version {SCHEMA_VERSION}")
    yield _copies(settings.db)
    yield from _leftovers(settings.db, fix=fix)
    yield from _queue(settings, runtime, fix=fix)
    if ask_providers:
        pacing.forgive_refusals(settings.contact)  # key or contact may be another one since
    database.close()
    if ask_providers:
        yield from _providers(runtime)


def save(settings: config.Settings) -> Path:
    """Copy the songs database beside itself while everything runs; returns the copy."""
    if is_server(settings.db):
        raise LibraryError("a server's database is copied by its own means: pg_dump")
    if is_missing(settings.db):
        raise LibraryError(f"there is no songs database at {settings.db}")
    return back_up(settings.db, "backup")


def list_copies(settings: config.Settings) -> Iterator[str]:
    """A line for each copy of the songs database, the newest first."""
    for copy in [] if is_server(settings.db) else copies.listed(settings.db):
        made = time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.made_at))
        yield f"{made}  {copy.size / 1e6:8,.1f} MB  {copy.path.name}  ({_WHY.get(copy.why, '')})"


_WHY = {
    "weekly": "made each week",
    "backup": "made by doctor --backup",
    "before-enrichment": "as PiKaraoke had left it",
    "before-change": "before many songs were changed at once",
    "before-restore": "what a restored copy took the place of",
}


def restore(settings: config.Settings, name: str) -> tuple[Path, Path]:
    """Put a copy in the place of the songs database.

    Returns:
        The copy, and where the database that was lies now.
    Raises:
        LibraryError: a consumer or PiKaraoke runs, or the copy cannot be put back.
    """
    if not is_server(settings.db) and presence_of(settings).alive():
        raise LibraryError("a consumer runs: end it first, then try again. Nothing was changed")
    return copies.restore(settings.db, name)


def _machine() -> Iterator[Finding]:
    words = (
        f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, "
        f"Huey {version('huey')}, Peewee {version('peewee')}"
    )
    yield Finding("Versions", sqlite3.sqlite_version_info >= (3, 35), words)
    now = time.time()
    words = time.strftime("%Y-%m-%d %H:%M", time.localtime(now))
    advice = "" if now >= SANE_FROM else "set the clock (a Pi without network starts in the past)"
    yield Finding("Clock", not advice, words, advice)


def _keys(settings: config.Settings) -> Iterator[Finding]:
    usable = usable_providers(settings)
    names = ", ".join(label_of(name) for name in usable) or "none"
    advice = "" if usable else f"{typed('set lastfm')}, or name others in ENRICHMENT_PROVIDERS"
    yield Finding("Providers", bool(usable), f"asked in this order: {names}", advice)
    for name in settings.providers:
        service = services.BY_NAME[name]
        if service.key is None:
            continue
        has = bool(settings.key(name))
        words = "set" if has else service.key.without
        advice = "" if has else f"get a free one at {service.key.page}: {typed(f'set {name}')}"
        yield Finding(f"{service.label} {service.key.word}", True, words, advice)
    if not any(services.BY_NAME[name].wants_contact for name in settings.providers):
        return
    is_own = bool(as_contact(settings.musicbrainz_contact))
    if settings.musicbrainz_contact and not is_own:
        words = "MUSICBRAINZ_CONTACT is neither a mail address nor a web address"
        yield Finding("Contact", False, words, "set it to one, or to nothing")
    elif not settings.contact:
        words = "none: MusicBrainz and ListenBrainz are not asked, as they block who names none"
        advice = f"{typed('set contact')} takes your mail address or web page"
        yield Finding("Contact", False, words, advice)
    else:
        words = f"MusicBrainz and ListenBrainz see us as {user_agent(settings)}"
        advice = "" if is_own else f"or name your own: {typed('set contact')}"
        yield Finding("Contact", True, words, advice)


def _songs(db: str) -> Finding:
    if is_server(db):
        return Finding("Songs database", True, f"{shown(db)} answers")
    return _integrity("Songs database", db)


def _integrity(subject: str, path: str) -> Finding:
    """SQLite's own quick check, and whether this user may write the file."""
    said = damage(path)
    if said is not None:
        return Finding(subject, False, f"{path}: {said}", "restore a backup of it")
    denied = unwritable(path)
    if denied is not None:
        advice = "give this user the right; a first run with sudo makes it root's"
        return Finding(subject, False, f"{denied} cannot be written", advice)
    return Finding(subject, True, f"{path} is sound")


def _config_file(path: str) -> Iterator[Finding]:
    """Settings that have no such name, and whether others on this machine can read, and thus use, a
    key."""
    for name, near in config.unknown_settings().items():
        advice = f"name it {near}" if near else "take it out; the README has all settings"
        yield Finding(name, False, "no setting of this name: it sets nothing", advice)
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return
    is_open = os.name == "posix" and mode & 0o077
    advice = f"keep it to yourself: chmod 600 {path}" if is_open else ""
    yield Finding("Config file", True, f"{path}, rights {mode & 0o777:o}", advice)


def _catalogue(path: Path) -> Iterator[Finding]:
    """The lists that were imported: one file, which can be made again."""
    if (said := damage(str(path))) is not None:
        yield Finding("Song lists", False, f"{path}: {said}", catalogue.IF_DAMAGED)
        return
    try:
        found = catalogue.read_lists(path)
    except catalogue.NotCounted as error:
        words = f"{path} is not asked: {error}"
        yield Finding("Song lists", False, words, catalogue.IF_NOT_COUNTED)
        return
    except sqlite3.Error as error:
        advice = "look whether this user may read it, and who else holds it"
        yield Finding("Song lists", False, f"{path} cannot be read: {error}", advice)
        return
    if found:
        songs = counted(sum(count for _, count, _ in found), "song")
        yield Finding("Song lists", True, f"{path} is sound, {songs}")


def _is_untouched(db: str) -> bool:
    """Whether the database is still as PiKaraoke made it; raises LibraryError for one it is not."""
    if is_server(db):
        return not is_made_ready(db)
    try:
        check_is_pikaraoke(db, REQUEST_PATIENCE)
        with closing(open_to_read(db)) as connection:
            found = connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'enrichment_state'"
            ).fetchone()
    except sqlite3.Error:
        return False  # what is wrong with it comes out below
    return found is None


def _copies(db: str) -> Finding:
    if is_server(db):
        advice = "the server's administrator makes them, by pg_dump for one"
        return Finding("Backup copies", True, "not made from here", advice)
    found = copies.listed(db)
    words = f"{len(found)}, the newest {found[0].path.name}" if found else "none"
    advice = "" if found else f"{typed('doctor --backup')} makes one, also while all runs"
    return Finding("Backup copies", True, words, advice)


def _leftovers(db: str, *, fix: bool) -> Iterator[Finding]:
    """What copies that were killed have left."""
    if is_server(db) or not (found := copies.leftovers(db)):
        return
    size = sum(path.stat().st_size for path in found) / 1e6
    words = f"{counted(len(found), 'file')} of copies that were broken off, {size:,.0f} MB"
    if fix:
        copies.forget_leftovers(db)
        yield Finding("Leftovers", True, f"{words}: removed")
    else:
        yield Finding(
            "Leftovers", True, words, f"they do no harm; {typed('doctor --fix')} removes them"
        )


def _queue(settings: config.Settings, runtime: Runtime, *, fix: bool) -> Iterator[Finding]:
    """The queue as the tables tell it, beside what Huey holds and who works at it."""
    alive = runtime.presence.alive()
    waiting = QueueEntry.select().where(QueueEntry.claim.is_null()).count()
    claimed = QueueEntry.select().count() - waiting
    songs = counted(Song.select().count(), "song")
    words = f"{songs}, {waiting + claimed} to be looked up, {claimed} under way"
    yield Finding("Library", True, words)
    yield from _foreign_rows()
    yield _consumer(settings.queue, len(alive))
    yield from _orphans(fix=fix)
    yield from _stuck(alive, fix=fix)
    yield from _fallen_off(fix=fix)
    if is_server(settings.queue):  # a consumer fills it anew when it is empty
        url = settings.queue
        try:
            delivered = huey.storage.queue_size() + huey.storage.schedule_size()
        except huey.errors as error:
            said = f"{shown(url)}: {without_password(str(error), url)}"
            yield Finding("Queue", False, said, "songs wait until it answers")
        else:
            words = f"{shown(url)} answers, {_deliveries(delivered, waiting)}"
            yield Finding("Queue", True, words)
    else:
        yield from _queue_file(settings.queue, waiting, alive=bool(alive), fix=fix)


def _foreign_rows() -> Iterator[Finding]:
    """Files that a Mac, a trash or a download has left and PiKaraoke lists as songs, and values
    that another program has left in its table and that are no text, or no number."""
    rows: Any = Song.select(Song.file_path).tuples()
    count = sum(bool(no_song(path)) for (path,) in rows)
    if count:
        kinds = "what macOS keeps beside songs, deleted ones, half downloads"
        words = f"{counted(count, 'file')} ({kinds}), not looked up"
        yield Finding("No songs", True, words, "PiKaraoke lists them as songs: delete them")
    if strange := library.strange_rows():
        words = f"{counted(len(strange), 'song')} with values of a foreign kind: {strange[:5]}"
        advice = "another program wrote them; an edit of such a song puts it right"
        yield Finding("Foreign rows", True, words, advice)


def _consumer(queue: str, alive: int) -> Finding:
    """Whether one lives, and says so now and then: one that hangs holds its lock all the same."""
    if not alive:
        return Finding("Consumer", False, "0 running", f"start {control.run_again()}")
    published: object = None
    # What is wrong with the queue's file comes out below.
    with suppress(*huey.errors):
        published = None if is_missing(queue) else huey.published(progress.KEY)
    at = published.get("updated_at") if isinstance(published, dict) else None
    silent = time.time() - at if isinstance(at, (int, float)) else 0.0
    if silent < SILENT:
        return Finding("Consumer", True, f"{alive} running")
    words = f"{alive} running, without a word for {silent / 60:.0f} min"
    advice = "it hangs or waits for a database: look into its log, and start it anew"
    return Finding("Consumer", False, words, advice)


def _orphans(*, fix: bool) -> Iterator[Finding]:
    """Rows of songs that a program without foreign keys deleted."""
    songs = Song.select(Song.id)
    tables: list[Any] = [table for table in OUR_TABLES if "song" in table._meta.fields]
    orphans = {table: table.select().where(table.song.not_in(songs)).count() for table in tables}
    count = sum(orphans.values())
    rows = f"{counted(count, 'row')} of deleted songs"
    if count and fix:
        with database.atomic("IMMEDIATE"):
            for table in tables:
                table.delete().where(table.song.not_in(songs)).execute()
        yield Finding("Orphans", True, f"{rows}: dropped")
    elif count:
        advice = f"they do no harm; {typed('doctor --fix')} drops them"
        yield Finding("Orphans", True, rows, advice)


def _stuck(alive: set[str], *, fix: bool) -> Iterator[Finding]:
    """Songs that a consumer had under way when it died."""
    held = QueueEntry.claim.is_null(False)
    stuck = QueueEntry.select().where(held & QueueEntry.claim.not_in(alive or {""})).count()
    words = f"{counted(stuck, 'song')} of consumers that died"
    if stuck and fix:
        queue_table.free_claims(alive)
        yield Finding("Claims", True, f"{words}: freed")
    elif stuck:
        advice = f"the next consumer takes them up; {typed('doctor --fix')} frees them now"
        yield Finding("Claims", True, words, advice)


def _fallen_off(*, fix: bool) -> Iterator[Finding]:
    """Songs whose name was read, that were never decided, and that nobody is going to look up."""
    queued = QueueEntry.select(QueueEntry.song)
    rows = (
        Song.select(Song.id)
        .join(SongDetail)
        .where(
            SongDetail.decided_at.is_null()
            & Song.metadata_status.in_(["pending", "parsed"])
            & Song.id.not_in(queued)
        )
    )
    ids = [row[0] for row in rows.tuples().iterator()]
    if ids and fix:
        queue_ids(ids, queue_table.BACKLOG)
        words = f"{counted(len(ids), 'song')} in no queue: put into it"
        yield Finding("Queue", True, words)
    elif ids:
        words = f"{counted(len(ids), 'song')} never looked up and not in the queue"
        yield Finding("Queue", False, words, f"{typed('doctor --fix')} puts them into it")


def _queue_file(path: str, waiting: int, *, alive: bool, fix: bool) -> Iterator[Finding]:
    """Whether Huey's file is sound, and holds a delivery for every song that waits."""
    if not Path(path).exists():
        yield Finding("Queue file", True, "none: it is filled when a consumer starts")
        return
    finding = _integrity("Queue file", path)
    if finding.is_fine:
        delivered = 0
        # Until a consumer has made Huey's tables there are none.
        with suppress(sqlite3.Error), closing(open_to_read(path)) as connection:
            asked = "SELECT (SELECT count(*) FROM task) + (SELECT count(*) FROM schedule)"
            delivered = int(connection.execute(asked).fetchone()[0])
        words = f"{finding.words}, {_deliveries(delivered, waiting)}"
        if delivered >= waiting:
            yield Finding("Queue file", True, words)
        elif not fix:
            advice = f"a consumer delivers them when it is through, {typed('doctor --fix')} now"
            yield Finding("Queue file", True, words, advice)
        else:
            reconcile()
            yield Finding("Queue file", True, f"{words}: all were delivered anew")
    elif fix and not alive:
        aside = huey.mend()
        reconcile()
        yield Finding("Queue file", True, f"it was damaged, lies at {aside}, and was filled anew")
    else:
        advice = f"a consumer moves it aside and fills it anew, as does {typed('doctor --fix')}"
        yield Finding("Queue file", False, finding.words, advice)


def _deliveries(delivered: int, waiting: int) -> str:
    songs = counted(waiting, "song")
    return f"{counted(delivered, 'delivery', 'deliveries')} for {songs} in wait"


def _providers(runtime: Runtime) -> Iterator[Finding]:
    """What each service says to a song that all know, and so to our key and contact."""
    for provider in runtime.providers:
        outcome = provider.lookup(KNOWN)
        if not isinstance(outcome, Found | NotFound):
            advice = "songs wait until it answers: check the network"
            if outcome.reason.code == NO_CONTACT:
                asked = "it is asked again once the contact is another one"
                advice = f"{asked}: {typed('set contact')}"
            elif isinstance(outcome, Refused):
                advice = "set another key, on the settings page or as the README says"
            elif isinstance(outcome, RateLimited):
                again = f"it is asked again in {outcome.retry_after:.0f} s"
                advice = f"nothing: {again}, and more slowly"
            yield Finding(provider.label, False, sentence(outcome.reason), advice)
            continue
        row = services.BY_NAME.get(provider.name)
        takes = [row.key.word] if row and row.key else []
        takes += ["contact"] if row and row.wants_contact else []
        words = f"answers, and takes our {' and '.join(takes)}" if takes else "answers"
        yield Finding(provider.label, True, words)
