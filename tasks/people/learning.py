"""What people have taught the library, and the waiting songs that are judged anew by it.

Nothing is stored: the lessons are the songs that people have verified, so that an edit taken back
teaches nothing any more.
"""

from __future__ import annotations

import os
import time
from functools import reduce
from operator import or_

from ...models import Reading, Song, set_state
from .. import queueing
from ..folding import fold
from ..judging.lessons import Lesson, learned, lesson, maker_of
from ..parsing import NO_KNOWLEDGE, Knowledge, parse

# The latest words of people are read, so many; judged anew are so many songs at a time.
MOST_LESSONS = 2000
MOST_AT_ONCE = 200
TAUGHT_AT = "taught_at"


def knowledge() -> Knowledge:
    """All that people's edits and accepted candidates teach, the latest first."""
    rows = (
        Song.select(Song.artist, Song.title, Reading.file_name)
        .join(Reading, on=(Reading.song == Song.id))
        .where((Song.metadata_status == "manual") & (Song.artist != "") & (Song.title != ""))
        .order_by(Song.updated_at.desc(), Song.id.desc())
        .limit(MOST_LESSONS)
        .tuples()
    )
    return learned(lesson(name, artist, title) for artist, title, name in rows.iterator())


def learn(song_id: int) -> list[int]:
    """Queue the waiting songs that a person's word about one song may settle.

    They are judged again from the answers that are kept; only a question that nobody has asked
    yet is a request. Within no transaction: the answer of the person is saved by then.

    Returns:
        Ids of the songs that were queued, for `enrich.deliver`.
    """
    set_state(TAUGHT_AT, repr(time.time()))
    song = Song.get_or_none(Song.id == song_id)
    if song is None or not (song.artist and song.title):
        return []
    name = os.path.basename(song.file_path)
    told = lesson(name, song.artist, song.title)
    ids = [each.id for each in _waiting(name, told) if _is_concerned(each, told)]
    queueing.add((waiting_id, queueing.BACKLOG) for waiting_id in ids)
    return ids


def _waiting(name: str, told: Lesson) -> list[Song]:
    """Songs without a certain answer whose name holds a word of what was learned."""
    learned_from = [told.alias[0] if told.alias else "", told.maker]
    # Folded, a word may be another than the file's: "Somebody's" is "somebodys".
    written = [[word for word in text.split() if word in name.lower()] for text in learned_from]
    signs = [max(words, key=len) for words in written if words]
    if not signs:
        return []
    holds = reduce(or_, (Song.file_path.contains(sign) for sign in signs))
    is_open = Song.metadata_status.in_(["parsed", "enrichment_failed"])
    return list(Song.select().where(is_open & holds).order_by(Song.id.desc()).limit(MOST_AT_ONCE))


def _is_concerned(song: Song, told: Lesson) -> bool:
    """Whether a waiting song's name holds the artist or the maker that was learned."""
    name = os.path.basename(song.file_path)
    best = parse(name, NO_KNOWLEDGE).hypotheses[0]
    if told.alias and told.alias[0] in (fold(best.artist), fold(best.title)):
        return True
    return bool(told.maker) and maker_of(name, best.artist, best.title) == told.maker
