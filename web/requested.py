"""What a request holds, read strictly: songs by id or path, ticks, fields, numbers, a priority."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest, NotFound

from ..database.connection import database
from ..models import Song
from ..tasks.queue.table import PERSON, SECOND_LOOK
from .texts import gettext as _

MOST_SONGS = 10_000


def requested_songs() -> list[int | str]:
    """The ids and paths under `songs`, in JSON or a form.

    Raises:
        BadRequest: 400 with what is wrong.
    """
    given = _body().get("songs") if request.is_json else request.form.getlist("songs")
    if not isinstance(given, list) or not given:
        raise BadRequest(_("songs is missing: give a list of ids or paths."))
    if len(given) > MOST_SONGS:
        raise BadRequest(_("More than %(most)s songs at once.", most=MOST_SONGS))
    return [_song(item) for item in given]


def requested_priority(default: int) -> int:
    """The `priority`, `default` where none is given.

    Raises:
        BadRequest: 400, no whole number or out of range.
    """
    given: Any = _body().get("priority") if request.is_json else request.form.get("priority")
    if given is None or given == "":
        return default
    priority = whole_number(given)
    if priority is None or not SECOND_LOOK <= priority <= PERSON:
        raise BadRequest(
            _(
                "priority takes a whole number from %(lowest)s to %(highest)s.",
                lowest=SECOND_LOOK,
                highest=PERSON,
            )
        )
    return priority


def given_fields() -> dict[str, Any]:
    """What a form or a JSON object holds.

    Raises:
        BadRequest: 400, JSON that is no object.
    """
    return _body() if request.is_json else request.form.to_dict()


def text_of(name: str) -> str:
    """A field of it as text, "" where it is not given."""
    value = given_fields().get(name)
    return "" if value is None else str(value)


def existing_song(song_id: int) -> Song:
    """A song by its id; raises NotFound, 404, where no song has it."""
    song: Song | None = Song.get_or_none(Song.id == song_id)
    if song is None:
        raise NotFound(_("There is no such song."))
    return song


def _body() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise BadRequest(_("The body is no JSON object."))
    return given


def _song(item: Any) -> int | str:
    song_id = whole_number(item)
    if song_id is not None and 0 < song_id < 2**63:
        return song_id
    if song_id is None and isinstance(item, str) and item.strip():
        # JSON can hold half characters, which neither SQLite nor a disk knows.
        with contextlib.suppress(UnicodeEncodeError):
            if b"\0" not in item.encode():
                return item
    raise BadRequest(_("songs takes ids, which are whole numbers, and paths of files."))


def as_typed(value: Any) -> str:
    """A value as a form's field holds it; "" for none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)


def whole_number(item: Any) -> int | None:
    """A number that JSON or a form's field holds; True is none, though Python thinks so."""
    if isinstance(item, int) and not isinstance(item, bool):
        return item
    if isinstance(item, str) and item.isascii() and len(item) < 20:
        digits = item.removeprefix("-")
        return int(item) if digits.isdigit() else None
    return None


# --- paths ----------------------------------------------------------------------------------------


def check_paths(songs: Iterable[int | str]) -> None:
    """Refuse a path that neither is nor could be a song of this library.

    A new file may lie where PiKaraoke scans or beside songs that it has: whoever may add songs
    must not thereby put any video of this machine on the karaoke screen.

    Raises:
        NotFound: 404, the same for a file elsewhere and for no file, so that nobody can find out
            from us what else lies on the disk.
    """
    for path in songs:
        if isinstance(path, str) and not _belongs(path):
            raise NotFound(_("The library has no song at this path: %(path)s", path=path))


def _belongs(path: str) -> bool:
    """Whether a path is a song's, or a file's where PiKaraoke scans or beside songs."""
    if Song.select(Song.id).where(Song.file_path == path).exists():
        return True
    if not os.path.isabs(path) or os.path.normpath(path) != path or not os.path.isfile(path):
        return False
    folder = os.path.join(os.path.dirname(path), "")
    found = database.execute_sql(
        "SELECT value FROM metadata WHERE key = 'last_scan_directory'"
    ).fetchone()
    if found and found[0] and folder.startswith(os.path.join(found[0], "")):
        return True
    # One range of the path's index holds all that lies below this folder.
    after = folder[:-1] + chr(ord(folder[-1]) + 1)
    below = Song.select(Song.file_path).where((Song.file_path > folder) & (Song.file_path < after))
    return any(os.path.dirname(each) + os.sep == folder for (each,) in below.tuples().iterator())


def ticked() -> list[tuple[int, str]]:
    """The ticked songs of a form, each with what the page knew of it: "12:TOKEN".

    Raises:
        BadRequest: 400, the page was made by another version of this program.
    """
    return [read_pick(text) for text in request.form.getlist("pick")]


def read_pick(text: str) -> tuple[int, str]:
    """One of `ticked`; raises BadRequest likewise."""
    song, colon, known = text.partition(":")
    if not (song.isdecimal() and len(song) < 19 and colon):
        raise BadRequest(_("This page is out of date: load it again, then try once more."))
    return int(song), known
