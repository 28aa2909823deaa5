"""What a song was known as before its file was given another song's name: kept for a person.

Who renames a file so may have put right what we had found wrongly, or have mistaken the file: it
waits for the review with both answers. The former one stands among the candidates, with rank 0.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ...database.connection import database, run_many
from ...models import CandidateRow, Song, SongDetail
from ...system.said import Said

RANK, ASKED = 0, Said("renamed_to_another").as_text()
_ITS = "FROM enrichment_candidate WHERE song_id = ? AND rank = ? AND NOT rejected"


def of(song_id: int) -> tuple[str, str] | None:
    """Artist and title of a song's former answer, None where it has none, or a person has refused
    it."""
    row = database.execute_sql(f"SELECT artist, title {_ITS}", (song_id, RANK)).fetchone()
    return (row[0], row[1]) if row else None


def made_of(song_id: int) -> CandidateRow | None:
    """The answer that a song has now as a candidate, not saved yet."""
    song = Song.get_or_none(Song.id == song_id)
    if song is None:
        return None
    detail = SongDetail.get_by_id(song_id)
    named_by = dict.fromkeys(json.loads(detail.sources).values())
    return CandidateRow(
        song=song,
        rank=RANK,
        artist=song.artist or "",
        title=song.title or "",
        variant=song.variant or "",
        year=song.year,
        genre=song.genre,
        confidence=song.confidence or 0.0,
        providers=",".join(named_by),
        evidence=detail.evidence,
    )


def keep(answers: Sequence[CandidateRow]) -> None:
    """Keep them, and what is to be asked, within the caller's transaction; PiKaraoke may have
    deleted a song since."""
    for answer in answers:
        if Song.get_or_none(Song.id == answer.song.id) is not None:
            answer.save(force_insert=True)
            SongDetail.update(reason=ASKED).where(SongDetail.song == answer.song).execute()


def drop(song_ids: Sequence[int]) -> None:
    """Forget them, within the caller's transaction: the new name is the old song's after all."""
    run_many(f"DELETE {_ITS}", [(song_id, RANK) for song_id in song_ids])
