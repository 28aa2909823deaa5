"""What people have taught the library, and the waiting songs that are judged anew by it.

Nothing is stored: the lessons are the songs that people have verified, so that an edit taken back
teaches nothing any more.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Set
from functools import reduce
from itertools import islice
from operator import or_
from typing import TypeAlias

from ...models import Song, SongDetail, set_state
from ..judging.lessons import learned, lesson, maker_of
from ..names.folding import fold
from ..parsing import NO_KNOWLEDGE, Knowledge, parse
from ..queue import table as queue_table

# How many words of people are read, the latest ones, and how many songs are judged anew at a time.
MOST_LESSONS = 2000
MOST_AT_ONCE = 200
# Words that one statement looks for in the files' names.
SIGNS_AT_ONCE = 50
TAUGHT_AT = "taught_at"


def knowledge() -> Knowledge:
    """All that people's edits and accepted candidates teach, the latest first."""
    rows = (
        Song.select(Song.artist, Song.title, SongDetail.file_name)
        .join(SongDetail, on=(SongDetail.song == Song.id))
        .where((Song.metadata_status == "manual") & (Song.artist != "") & (Song.title != ""))
        .order_by(Song.updated_at.desc(), Song.id.desc())
        .limit(MOST_LESSONS)
        .tuples()
    )
    return learned(lesson(name, artist, title) for artist, title, name in rows.iterator())


# The path of a song's file, and the artist and title that a person has said it has.
Word: TypeAlias = "tuple[str, str | None, str | None]"


def word_of(song: Song) -> Word:
    """What `learn` needs of a song that a person has spoken for."""
    return song.file_path, song.artist, song.title


def learn(words: Iterable[Word]) -> list[int]:
    """Queue the waiting songs that a person's word about some songs may settle.

    They are judged again from the answers that are kept; only a question that nobody has asked
    yet is a request. Within no transaction: the answer of the person is saved by then.

    Returns:
        Ids of the songs that were queued, at most MOST_AT_ONCE, for `enrich.deliver`.
    """
    set_state(TAUGHT_AT, repr(time.time()))
    told = {
        (name := os.path.basename(path)): lesson(name, artist, title)
        for path, artist, title in words
        if artist and title
    }
    aliases = {each.alias[0] for each in told.values() if each.alias}
    makers = {each.maker for each in told.values() if each.maker}
    # A word of each thing learned, as waiting songs' file names hold it too. Folded, a word may be
    # another than the file's: "Somebody's" is "somebodys".
    signs: set[str] = set()
    for name, each in told.items():
        for learned_from in (each.alias[0] if each.alias else "", each.maker):
            written = [word for word in learned_from.split() if word in name.lower()]
            signs.update(sorted(written, key=len)[-1:])
    ids = [*islice(_concerned(signs, aliases, makers), MOST_AT_ONCE)]
    queue_table.add((waiting_id, queue_table.BACKLOG) for waiting_id in ids)
    return ids


def _concerned(signs: Set[str], aliases: Set[str], makers: Set[str]) -> Iterator[int]:
    """Ids of songs without a certain answer whose name holds an artist or a maker that was learned,
    the latest first; each of these has one of `signs`."""
    is_open = Song.metadata_status.in_(["parsed", "enrichment_failed"])
    seen: set[int] = set()
    for batch in queue_table.in_batches(sorted(signs), SIGNS_AT_ONCE):
        holds = reduce(or_, (Song.file_path.contains(sign) for sign in batch))
        rows = Song.select().where(is_open & holds).order_by(Song.id.desc()).limit(MOST_AT_ONCE)
        for song in rows:
            if song.id in seen:
                continue
            seen.add(song.id)
            name = os.path.basename(song.file_path)
            best = parse(name, NO_KNOWLEDGE).hypotheses[0]
            is_known = not aliases.isdisjoint((fold(best.artist), fold(best.title)))
            if is_known or maker_of(name, best.artist, best.title) in makers:
                yield song.id
