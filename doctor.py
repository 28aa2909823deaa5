"""What is wrong and what to do about it: every part looked at, one finding each."""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from . import config
from .models import LibraryError, QueueEntry, Song, database
from .providers.base import Found, NotFound, Query
from .tasks import queueing
from .tasks.runtime import LABELS, Runtime, configure, usable_providers, user_agent

# Before the first release of this program no clock can be right.
SANE_FROM = datetime(2026, 1, 1).timestamp()
# A song that every service knows, to see whether it answers.
KNOWN = Query("Queen", "Bohemian Rhapsody")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `advice` says what to do, "" where there is nothing to do."""

    subject: str
    is_fine: bool
    words: str
    advice: str = ""


def examine(settings: config.Settings, *, ask_providers: bool = True) -> Iterator[Finding]:
    """Look at everything.

    Args:
        ask_providers: also send each provider one request, at its pace.
    """
    yield _versions()
    yield _clock()
    yield from _keys(settings)
    if not Path(settings.db).exists():
        advice = "run ./consumer.sh DIR, or start PiKaraoke once"
        yield Finding("Songs database", False, f"there is none at {settings.db}", advice)
        return
    try:
        runtime = configure(settings)
    except LibraryError as error:
        yield Finding("Songs database", False, str(error))
        return
    yield _integrity("Songs database", settings.db)
    yield from _queue(settings, runtime)
    if ask_providers:
        yield from _providers(runtime)


def _versions() -> Finding:
    words = (
        f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, "
        f"Huey {version('huey')}, Peewee {version('peewee')}"
    )
    return Finding("Versions", sqlite3.sqlite_version_info >= (3, 35), words)


def _clock() -> Finding:
    now = time.time()
    words = time.strftime("%Y-%m-%d %H:%M", time.localtime(now))
    advice = "" if now >= SANE_FROM else "set the clock (a Pi without network starts in the past)"
    return Finding("Clock", not advice, words, advice)


def _keys(settings: config.Settings) -> Iterator[Finding]:
    usable = usable_providers(settings)
    names = ", ".join(LABELS[name] for name in usable) or "none"
    advice = "" if usable else "set LASTFM_API_KEY, or name others in ENRICHMENT_PROVIDERS"
    yield Finding("Providers", bool(usable), f"asked in this order: {names}", advice)
    if "lastfm" in settings.providers:
        has = bool(settings.lastfm_api_key)
        words = "set" if has else "not set, so Last.fm is left out"
        yield Finding("Last.fm key", True, words, "" if has else "a free one makes names surer")
    if "listenbrainz" in settings.providers and not settings.listenbrainz_token:
        words = "not set, so ListenBrainz is left out"
        advice = "a free one answers fifty songs a request: set LISTENBRAINZ_TOKEN"
        yield Finding("ListenBrainz token", True, words, advice)
    if "musicbrainz" in usable and not settings.musicbrainz_contact:
        words = f"MusicBrainz sees us as {user_agent(settings)}"
        yield Finding("Contact", True, words, "set MUSICBRAINZ_CONTACT to a mail address or URL")


def _integrity(subject: str, path: str) -> Finding:
    """SQLite's own quick check, and whether this user may write the file."""
    try:
        connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)
        try:
            said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        return Finding(subject, False, f"{path}: {said}", "restore a backup of it")
    if not os.access(path, os.W_OK):
        return Finding(subject, False, f"{path} cannot be written", "give this user the right")
    return Finding(subject, True, f"{path} is sound")


def _queue(settings: config.Settings, runtime: Runtime) -> Iterator[Finding]:
    alive = len(runtime.presence.alive())
    words = f"{Song.select().count()} songs, {QueueEntry.select().count()} need work"
    yield Finding("Library", True, words)
    advice = "" if alive else "start ./consumer.sh"
    yield Finding("Consumer", bool(alive), f"{alive} running", advice)
    orphans = QueueEntry.select().where(QueueEntry.song.not_in(Song.select(Song.id))).count()
    if orphans:
        queueing.forget_orphans()
        yield Finding("Queue", True, f"{orphans} entries of deleted songs were dropped")
    if Path(settings.queue).exists():
        finding = _integrity("Queue file", settings.queue)
        if not finding.is_fine:
            advice = "stop the consumer, delete the file: it is rebuilt from the songs database"
            finding = Finding(finding.subject, False, finding.words, advice)
        yield finding
    database.close()


def _providers(runtime: Runtime) -> Iterator[Finding]:
    for provider in runtime.providers:
        outcome = provider.lookup(KNOWN)
        if isinstance(outcome, Found | NotFound):
            yield Finding(provider.label, True, "answers")
        else:
            advice = "songs wait until it answers; check the network and the key"
            yield Finding(provider.label, False, outcome.reason, advice)
