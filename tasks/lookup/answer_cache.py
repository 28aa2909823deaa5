"""Answers kept, so that one question serves every song that asks it."""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Collection
from dataclasses import asdict, fields
from functools import lru_cache
from typing import Any

from ...database.connection import database
from ...providers.base import Candidate, Found, NotFound, Outcome, Query, Tag, Trait
from ...providers.catalogue import Catalogue
from ..names.folding import fold
from ..queue.table import IN_ONE_TRANSACTION, in_batches
from ..runtime import is_to_end

DAY = 86_400.0
# Last.fm asks not to hoard its data and a new song becomes known within weeks, so a miss is asked
# again sooner than a hit. A failure is no answer and is never kept.
KEEP_HIT, KEEP_MISS = 90 * DAY, 30 * DAY
# Questions that a statement asks for. Each length is a statement of its own, kept ready by each
# connection: of lists of up to 500 one took 60 KB, and a consumer a megabyte and more.
IN_ONE_STATEMENT = 50
# Written out, as each song asks some five times: Peewee takes longer to put such a statement
# together than SQLite to answer it.
_RECALL = """
SELECT answer FROM enrichment_lookup WHERE provider = ? AND question = ? AND expires_at > ?
"""
_KEEP = """
INSERT INTO enrichment_lookup (provider, question, answer, expires_at) VALUES (?, ?, ?, ?)
ON CONFLICT (provider, question)
DO UPDATE SET answer = excluded.answer, expires_at = excluded.expires_at
"""
_ANSWERED = f"""
SELECT question, length(answer) > 0 FROM enrichment_lookup
WHERE provider = ? AND expires_at > ? AND question IN ({", ".join("?" * IN_ONE_STATEMENT)})
"""
# An answer is packed in 32 KB of memory: zlib's own choice is 256 KB, for a few hundred bytes.
_WINDOW, _MEMORY = 12, 5
# What a kept candidate leaves out.
_DEFAULTS = {field.name: field.default for field in fields(Candidate)}
_TUPLES = frozenset({"artist_aliases", "secondary_types"})


@lru_cache(maxsize=256)
def question(query: Query) -> str:
    """The key under which two spellings of one question are the same."""
    key = f"{fold(query.artist)}\t{fold(query.title)}"
    if query.before:
        return f"{key}\tbefore {query.before}"
    return f"{key}\texact" if query.exact else key


def recall(provider: str, query: Query) -> Found | NotFound | None:
    """The kept answer to a question, None where there is none or it has expired."""
    if provider == Catalogue.name:
        return None
    found = database.execute_sql(_RECALL, (provider, question(query), time.time())).fetchone()
    if found is None:
        return None
    if not found[0]:
        return NotFound()
    kept: list[dict[str, Any]] = json.loads(zlib.decompress(found[0]))
    for candidate in kept:
        candidate.pop("relevance", None)  # an older version kept it
        # JSON knows neither tuples nor tags and traits.
        candidate["tags"] = tuple(Tag(**tag) for tag in candidate.get("tags", ()))
        candidate["traits"] = tuple(Trait(*trait) for trait in candidate.get("traits", ()))
        for name in _TUPLES & candidate.keys():
            candidate[name] = tuple(candidate[name])
    return Found(tuple(Candidate(**candidate) for candidate in kept))


def answered(provider: str, questions: Collection[str]) -> dict[str, bool]:
    """Which of these questions have a kept answer, and whether it is more than "not found"."""
    found: dict[str, bool] = {}
    for batch in in_batches(questions, IN_ONE_STATEMENT):
        filled = [*batch, *batch[:1] * (IN_ONE_STATEMENT - len(batch))]
        rows = database.execute_sql(_ANSWERED, (provider, time.time(), *filled))
        found |= {key: bool(is_found) for key, is_found in rows}
    return found


def keep(provider: str, query: Query, outcome: Outcome) -> None:
    """Keep an answer; failures are let go, and what lies in a table of its own already."""
    if provider == Catalogue.name:
        return
    if isinstance(outcome, Found):
        lean = [
            {name: value for name, value in asdict(each).items() if value != _DEFAULTS[name]}
            for each in outcome.candidates
        ]
        packer = zlib.compressobj(wbits=_WINDOW, memLevel=_MEMORY)
        answer = packer.compress(json.dumps(lean, separators=(",", ":")).encode()) + packer.flush()
        expires_at = time.time() + KEEP_HIT
    elif isinstance(outcome, NotFound):
        answer, expires_at = b"", time.time() + KEEP_MISS
    else:
        return
    database.execute_sql(_KEEP, (provider, question(query), answer, expires_at))


def forget_expired() -> int:
    """Delete answers past their time; returns how many."""
    now, done = time.time(), 0
    # A library that was looked up in one night has all of its answers expire in one.
    while not is_to_end():
        gone = database.execute_sql(_FORGET, (now, IN_ONE_TRANSACTION)).rowcount
        done += gone
        if gone < IN_ONE_TRANSACTION:
            break
    return done


_FORGET = """
DELETE FROM enrichment_lookup
WHERE id IN (SELECT id FROM enrichment_lookup WHERE expires_at <= ? LIMIT ?)
"""
