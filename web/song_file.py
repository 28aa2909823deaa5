"""A song's own file, to be seen and heard in the page: what no name tells, three seconds do."""

from __future__ import annotations

import os

from flask import send_file
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from .dashboard import blueprint
from .requested import existing_song
from .texts import gettext as _

# What browsers play. Named here, as the systems' own tables differ.
_PLAYED = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
}


@blueprint.get("/songs/<int:song_id>/file")
def file(song_id: int) -> Response:
    """The file of a song of the library, whole (200) or the range that is asked for (206).

    Nothing but what the library names as a song is sent, and of that only sound and pictures: 404
    for an unknown id, a file that is away, or one that no browser plays.
    """
    path = existing_song(song_id).file_path
    kind = _kind(path)
    if kind is None or not os.path.isfile(path):
        raise NotFound(_("The file is not there, or no browser can play it."))
    return send_file(path, mimetype=kind, conditional=True, etag=True)


def player_of(path: str) -> str | None:
    """What plays a file in a page, "video" or "audio"; None where no browser does."""
    kind = _kind(path)
    return kind.partition("/")[0] if kind else None


def _kind(path: str) -> str | None:
    return _PLAYED.get(os.path.splitext(path)[1].lower())
