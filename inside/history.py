"""PiKaraoke's play history: recorded under the files' names as ever, shown under the known ones.

The history knows a song without a YouTube id by its title alone. So its records stay those that
PiKaraoke would write without us, whatever we learn of the song, and whether we stay.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from .shown_name import ShownName
from .shown_names import ShownNames

# Remember the titles of this many songs, those shown last: a link may ask for them.
MOST_REMEMBERED = 10_000


def name_history(history: Any, names: ShownNames, file_name: Callable[..., str]) -> None:
    """Change PiKaraoke's class that keeps the play history.

    Args:
        history: the class.
        names: the names to show.
        file_name: PiKaraoke's own name of a file.
    Raises:
        AttributeError: it lacks what 1.23.0 has.
    """
    recorded: dict[str, str] = {}  # shown name -> the title of its plays

    def rows(own: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
        @functools.wraps(own)
        def named(self: Any, *given: Any, **asked: Any) -> list[dict[str, Any]]:
            found = own(self, *given, **_as_recorded(asked, recorded))
            for row in found:
                name = names.get(row.get("file_path") or "")
                if name is not None:
                    recorded[name] = row["song"]
                    row["song"] = name
            while len(recorded) > MOST_REMEMBERED:
                del recorded[next(iter(recorded))]
            return found

        return named

    own_record, own_count = history.record_play, history.count_plays
    own_plays, own_top = history.get_plays, history.get_top_songs

    @functools.wraps(own_record)
    def record_play(
        self: Any, song_id: int | None, youtube_id: str | None, performer: str, song_title: str
    ) -> None:
        if isinstance(song_title, ShownName):
            song_title = file_name(song_title.path)
        own_record(self, song_id, youtube_id, performer, song_title)

    @functools.wraps(own_count)
    def count_plays(self: Any, *given: Any, **asked: Any) -> Any:
        return own_count(self, *given, **_as_recorded(asked, recorded))

    history.record_play, history.count_plays = record_play, count_plays
    history.get_plays, history.get_top_songs = rows(own_plays), rows(own_top)


def _as_recorded(asked: dict[str, Any], recorded: dict[str, str]) -> dict[str, Any]:
    """The arguments with the song under the title that its plays were recorded under."""
    return (
        {**asked, "song": recorded.get(asked["song"], asked["song"])}
        if asked.get("song")
        else asked
    )
