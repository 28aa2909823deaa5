"""What other hosts' lists say of a song: applied by the exact video, disputed, taken back.

At most one change of a song is a list's: before another is made the last one is taken back, so that
what it stands on is always what was known without any list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ...database.connection import database, now_text
from ...models import CandidateRow, Song, count_up, find_song
from ...providers.services import LIST
from ..history import changes
from ..judging.songs import song_key
from ..matching import Verdict
from ..names.folding import fold
from ..names.identity import video_of
from ..parsing import Hypothesis, ParsedName
from ..queue import table as queue_table
from ..queue.table import SECOND_LOOK
from ..search import listing

ACTION = "list"
CONFIDENCE = 0.95
# The confidence of answers that lists do not agree on: below what is applied without a person.
DISPUTED = 0.65
# An answer of services for year and genre counts from this confidence on.
_SURE = 0.90


@dataclass(frozen=True, slots=True)
class Answer:
    """What lists say of a video, all in the same words.

    Attributes:
        lists: names of those that do, the one that was subscribed first before the others.
        batch: the changes of that first one.
    """

    lists: tuple[str, ...]
    batch: str
    artist: str
    title: str
    variant: str | None
    year: int | None
    genre: str | None

    @property
    def source(self) -> str:
        """Its word in `sources` and in changes."""
        return LIST + self.lists[0]

    @property
    def key(self) -> tuple[str, str]:
        """What is the same for spellings that differ in accents, case or punctuation."""
        return fold(self.artist), fold(self.title)

    @property
    def mark(self) -> list[Any]:
        """What a change keeps, to tell whether it is still what the lists say."""
        return [list(self.lists), self.artist, self.title, self.variant, self.year, self.genre]


@dataclass(frozen=True, slots=True)
class Known:
    """A song that a list has named, with what it lacks still."""

    song: Song
    answer: Answer

    @property
    def missing(self) -> frozenset[str]:
        """The fields that services may still tell."""
        return frozenset(name for name in ("year", "genre") if getattr(self.song, name) is None)

    @property
    def name(self) -> ParsedName:
        """What services are asked for: the list's own names, and no reading of the file's."""
        said = Hypothesis(self.answer.artist, self.answer.title, "strong")
        return ParsedName(f"{said.artist} - {said.title}", None, (said,))

    def completed(self, verdict: Verdict) -> Verdict:
        """The list's answer with what services know of just this song beside it."""
        song, source = self.song, self.answer.source
        is_same = verdict.confidence >= _SURE and song_key(
            verdict.artist, verdict.title
        ) == song_key(song.artist or "", song.title or "")
        told = verdict if is_same else Verdict()
        year, genre = song.year or told.year, song.genre or told.genre
        sources = json.loads(song.detail.sources)
        by_service = {n: who for n, who in told.sources.items() if n in self.missing}
        return replace(
            told,
            confidence=CONFIDENCE,
            artist=song.artist or "",
            title=song.title or "",
            variant=song.variant or "",
            year=year,
            genre=genre,
            sources={**by_service, **sources, "artist": source, "title": source},
            missing=frozenset(
                n for n, value in (("year", year), ("genre", genre)) if value is None
            ),
        )


# --- what they say --------------------------------------------------------------------------------

_SAID = """
SELECT l.name, l.batch, s.artist, s.title, s.variant, s.year, s.genre
FROM enrichment_shared_song AS s JOIN enrichment_shared_list AS l ON l.id = s.list_id
WHERE s.youtube_id = ? ORDER BY l.id
"""


def said_of(song: Song) -> list[Answer]:
    """The answers of lists to a song, one for each artist and title that they name; without those
    that a person has refused. Several mean that they do not agree."""
    video = video_of(song.youtube_id, song.file_path)
    rows = database.execute_sql(_SAID, (video,)).fetchall() if video else []
    if not rows:
        return []
    refused = changes.doubts(song.id).refused
    answers: dict[tuple[str, str], Answer] = {}
    for name, batch, *fields in rows:
        one = Answer((name,), batch, *fields)
        if song_key(one.artist, one.title) in refused:
            continue
        first = answers.setdefault(one.key, one)
        if first is not one:
            answers[one.key] = replace(
                first,
                lists=(*first.lists, name),
                variant=first.variant or one.variant,
                year=first.year or one.year,
                genre=first.genre or one.genre,
            )
    return list(answers.values())


# --- songs brought up to it -----------------------------------------------------------------------


def settle(song: Song) -> Known | bool:
    """Have a song that is to be looked up be what lists say of its video.

    Returns:
        The song as a list has named it; True where lists do not agree, so that a person decides;
        False where they say nothing, or a person has spoken.
    """
    answers = said_of(song)
    if not answers:
        return False
    if _is_stale(song.id):
        with database.atomic("IMMEDIATE"):
            _bring_up(song.id)
    fresh, standing = find_song(song.id), _standing(song.id)
    if fresh is None or standing is None:
        return False
    return Known(fresh, answers[0]) if len(answers) == 1 else True


def settle_all() -> int:
    """The same for all songs of the library that a list concerns or did concern.

    Returns:
        How many were changed.
    """
    changed = 0
    concerned = database.execute_sql(_CONCERNED, (ACTION,)).fetchall()
    for batch in queue_table.in_batches(concerned):
        stale = [song_id for (song_id,) in batch if _is_stale(song_id)]
        for part in queue_table.in_batches(stale, 20):  # PiKaraoke waits while one is written
            with database.atomic("IMMEDIATE"):
                changed += sum(map(_bring_up, part))
    return changed


_CONCERNED = """
SELECT s.id FROM songs AS s
WHERE s.youtube_id IN (SELECT youtube_id FROM enrichment_shared_song)
UNION SELECT song_id FROM enrichment_change WHERE action = ? AND undone_at IS NULL
"""


def _is_stale(song_id: int) -> bool:
    song = find_song(song_id)
    if song is None or song.metadata_status == "manual" or not song.is_read:
        return False  # a name that nobody has read yet is read first, by the song's own task
    mark = [each.mark for each in said_of(song)]
    standing = _standing(song_id)
    if mark == (standing[1] if standing else []):
        return False
    # Whether a person has taken just this answer back.
    back = database.execute_sql(_TAKEN_BACK, (song_id, ACTION)).fetchall()
    return all(json.loads(after)["told"] != mark for _, after in back)


# Written out, as every song that a list names needs them.
_MADE = """
SELECT id, "after" FROM enrichment_change
WHERE song_id = ? AND action = ? AND undone_at IS {null} ORDER BY id DESC
"""
_STANDING, _TAKEN_BACK = _MADE.format(null="NULL"), _MADE.format(null="NOT NULL")


def _standing(song_id: int) -> tuple[int, list[Any]] | None:
    """The change that a list has made of a song, and its mark; None where none stands."""
    found = database.execute_sql(_STANDING, (song_id, ACTION)).fetchone()
    return (found[0], json.loads(found[1])["told"]) if found else None


def _bring_up(song_id: int) -> bool:
    """Have a song be what lists say, within the caller's transaction; whether that changed it."""
    standing = _standing(song_id)
    if standing is not None and not changes.take_back_unsaid(song_id, standing[0]):
        return False
    song = find_song(song_id)
    if song is None or song.metadata_status == "manual":
        return standing is not None
    answers = said_of(song)
    if len(answers) == 1:
        _apply(song, answers[0])
    elif answers:  # a person is shown each list's
        state = {"metadata_status": "parsed", "confidence": min(song.confidence or 0.0, DISPUTED)}
        sources = json.loads(song.detail.sources)
        _write(song, answers, state, sources, is_left=False, candidates=answers)
    return bool(answers) or standing is not None


def _apply(song: Song, answer: Answer) -> None:
    is_same = fold(song.artist or "") == fold(answer.artist) and fold(song.title or "") == fold(
        answer.title
    )
    was = json.loads(song.detail.sources)
    sources = dict.fromkeys(("artist", "title"), answer.source)
    fields: dict[str, Any] = {"artist": answer.artist or None, "title": answer.title}
    fields["variant"] = answer.variant or song.variant
    for name in ("year", "genre"):
        fields[name] = getattr(answer, name)
        if fields[name]:
            sources[name] = answer.source
        elif is_same and getattr(song, name):
            fields[name] = getattr(song, name)
            sources[name] = was.get(name, "")
    if song.metadata_status != "enriched":
        count_up("total_enriched")
    state = {**fields, "metadata_status": "enriched", "confidence": CONFIDENCE}
    is_whole = bool(fields["year"] and fields["genre"])
    _write(song, [answer], state, sources, is_left=not is_whole, candidates=())


def _write(
    song: Song,
    answers: list[Answer],
    state: dict[str, Any],
    sources: dict[str, str],
    *,
    is_left: bool,
    candidates: Iterable[Answer],
) -> None:
    """Write what becomes of a song, and keep what it was.

    Args:
        state: columns of the song; the others stay.
        is_left: whether services may still add to it.
    """
    was = changes.standing_of(song)
    if not is_left:
        queue_table.put(song.id, None)
    elif was["queued"] is None:
        queue_table.add([(song.id, SECOND_LOOK)])
    # Its place is kept also where it is the same: who looks the song up now asks for the list's own
    # names, which says nothing of the file's.
    queued = {**(queue_table.standing(song.id) or {}), "by": ACTION}
    now = {**state, "sources": sources, "reason": "", "queued": queued}
    Song.update(**state, updated_at=now_text()).where(Song.id == song.id).execute()
    kept = json.dumps(sources), json.dumps(_card(answers)), database.now(), song.id
    database.execute_sql(_KEEP_CARD, kept)
    database.execute_sql(_FORGET_CANDIDATES, (song.id,))
    for rank, answer in enumerate(candidates, 1):
        CandidateRow.create(
            song=song.id,
            rank=rank,
            artist=answer.artist,
            title=answer.title,
            variant=answer.variant or "",
            year=answer.year,
            genre=answer.genre,
            confidence=DISPUTED,
            providers=",".join(LIST + name for name in answer.lists),
            evidence=json.dumps(_card([answer])),
        )
    changes.record(
        song.id,
        was,
        {**now, "told": [each.mark for each in answers]},
        action=ACTION,
        source=",".join(each.source for each in answers),
        batch=answers[0].batch,
    )
    listing.index([song.id])


_KEEP_CARD = """
UPDATE enrichment_reading SET sources = ?, evidence = ?, reason = '', failed_by = '', decided_at = ?
WHERE song_id = ?
"""
_FORGET_CANDIDATES = "DELETE FROM enrichment_candidate WHERE song_id = ? AND NOT rejected"


def _card(answers: list[Answer]) -> dict[str, Any]:
    """The evidence of lists, as `scoring.Evidence.as_dict` has it."""
    parts = [
        {
            "name": ACTION,
            "value": 1.0,
            "weight": 0.0,
            "penalty": 0.0,
            "code": "verified_by",
            "params": {"list": name},
        }
        for answer in answers
        for name in answer.lists
    ]
    sure = CONFIDENCE if len(answers) == 1 else DISPUTED
    return {"confidence": sure, "distance": 0.0, "parts": parts, "links": {}}
