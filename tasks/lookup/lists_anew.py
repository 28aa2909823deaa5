"""What lists tell of songs that are done already, once one was imported, replaced or removed.

A song that is looked up has it from the list's answer. For the others a list comes too late: they
are gone through beside the workers, a hundred at a time, by the names that they have by now.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress

from ...database.connection import database
from ...models import get_state, set_state
from ...providers import catalogue
from ...providers.base import Provider
from ..history import traits
from ..judging.traits import Told, by_answers
from ..runtime import runtime

# The state that says which lists were gone through, which of them are gone, and after which song
# it goes on; so another start takes it up.
KEY = "lists_told"
AT_ONCE = 100

_IDS = """
SELECT s.id FROM songs AS s JOIN enrichment_traits AS t ON t.song_id = s.id
WHERE s.id > ? AND (s.metadata_status IN ('enriched', 'manual') OR t.duet_source LIKE 'list %'
    OR t.language_source LIKE 'list %' OR t.explicit_source LIKE 'list %')
ORDER BY s.id LIMIT ?
"""


class Round:
    """The songs gone through after a change of the lists; not for two threads at once."""

    def __init__(self) -> None:
        self._is_begun = False
        self._seen: Provider | None = None  # another object after each change of the lists
        self._lists: dict[str, float] = {}  # name -> time of its import
        self._gone: list[str] = []
        self._after: int | None = None  # None once all songs are through

    def go_on(self) -> bool:
        """Tell of a hundred songs more; whether others are left."""
        provider = next(iter(runtime().providers), None)
        asked = provider if isinstance(provider, catalogue.Catalogue) else None
        if not self._is_begun:
            kept = json.loads(get_state(KEY) or "{}")
            self._lists, self._gone = kept.get("lists", {}), kept.get("gone", [])
            self._after = kept.get("after")
        if asked is not self._seen or not self._is_begun:
            self._is_begun, self._seen = True, asked
            # Begin anew where the lists are others; of an older version's file, or a damaged one,
            # another provider tells when it can be read.
            with suppress(sqlite3.Error):
                found = catalogue.read_lists(runtime().settings.catalogue)
                lists = {name: imported_at for name, _, imported_at in found}
                if lists != self._lists:
                    self._gone = sorted({*self._gone, *self._lists} - set(lists))
                    self._lists, self._after = lists, 0
                    self._keep()
        if self._after is None or (self._lists and asked is None):
            return False
        ids = [row[0] for row in database.execute_sql(_IDS, (self._after, AT_ONCE)).fetchall()]

        def listed(song: traits.Named) -> Mapping[str, Told] | None:
            found = asked.song(song.artist, song.title) if asked else None
            return None if found is None else by_answers(song.artist, song.variant, [found])

        with database.atomic("IMMEDIATE"):
            traits.relist(ids, listed, self._gone)
            self._after = ids[-1] if len(ids) == AT_ONCE else None
            self._keep()
        return self._after is not None

    def _keep(self) -> None:
        if self._after is None:
            self._gone = []
        state = {"lists": self._lists, "gone": self._gone, "after": self._after}
        set_state(KEY, json.dumps(state))
