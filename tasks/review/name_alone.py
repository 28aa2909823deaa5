"""What a name tells by itself, read as people have taught this library to read it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from ... import config
from ...database.files import open_to_read
from ...database.urls import is_server
from ...exceptions import LibraryError
from ...schema.migrations import SCHEMA_VERSION
from ...schema.opening import is_made_ready
from ..judging.folder_habits import Told, learn, read
from ..parsing import NO_KNOWLEDGE, Habits, Knowledge
from ..scoring import level_of, parsed_confidence


def knowledge_of(settings: config.Settings) -> Knowledge:
    """What the library knows and was taught; nothing where none is ready. Nothing is written."""
    if not is_ready(settings.db):
        return NO_KNOWLEDGE
    # What a library needs is loaded only where there is one.
    from ..lookup.certain_artists import reader
    from ..runtime import configure

    configure(settings)
    return reader().knowledge


def is_ready(path: str) -> bool:
    """Whether a database with our tables lies there: to open any other would write to it."""
    if is_server(path):
        try:
            return is_made_ready(path)
        except LibraryError:  # a name can be read without it
            return False
    try:
        with closing(open_to_read(path)) as db:
            ours = "SELECT value FROM enrichment_state WHERE key = 'schema_version'"
            return (db.execute(ours).fetchone() or ("",))[0] == str(SCHEMA_VERSION)
    except sqlite3.Error:
        return False


def among_neighbours(names: Sequence[str], knowledge: Knowledge) -> Knowledge:
    """What is known together with what the names tell of each other: those without a folder count
    as one folder's."""
    habits = learn((folder_of(name), Told(name)) for name in names)
    known = knowledge.habits
    return replace(
        knowledge,
        habits=Habits({**known.folders, **habits.folders}, {**known.makers, **habits.makers}),
    )


def folder_of(name: str) -> str:
    """The folder of a path; "" for a bare name, in which a stroke may part artist and title."""
    is_path = name.startswith(("/", "./", "../", "~/"))
    return os.path.dirname(name) if is_path else ""


def read_name(name: str, knowledge: Knowledge = NO_KNOWLEDGE) -> dict[str, Any]:
    """A name's readings for JSON.

    Returns:
        name, artist, title, variant, youtube_id, confidence, level,
        hypotheses [{artist, title, strength, variant, featured, evidence}].
    """
    parsed = read(name, knowledge, folder_of(name))
    best = parsed.hypotheses[0]
    confidence = parsed_confidence(best)
    return {
        "name": name,
        "artist": best.artist or None,
        "title": best.title,
        "variant": best.variant or None,
        "youtube_id": parsed.youtube_id,
        "confidence": confidence,
        "level": level_of(confidence, "parsed").label,
        "hypotheses": [hypothesis._asdict() for hypothesis in parsed.hypotheses],
    }
