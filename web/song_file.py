"""A song's own file, to be seen and heard in the page: what no name tells, three seconds do."""

from __future__ import annotations

import mimetypes
import os

from flask import send_file
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from ..system.deadline import within
from ..tasks.review.renaming import PATIENCE
from .dashboard import blueprint
from .requested import existing_song
from .texts import gettext as _


@blueprint.get("/songs/<int:song_id>/file")
def file(song_id: int) -> Response:
    """The file of a song of the library, whole (200) or the range that is asked for (206).

    Nothing but what the library names as a song is sent, and of that only sound and pictures: 404
    for an unknown id, a file that is away, or one that no browser plays.
    """
    path = existing_song(song_id).file_path
    if kind_of(path) is None or not within(PATIENCE, os.path.isfile, path):
        raise NotFound(_("The file is not there, or no browser can play it."))
    return send_file(path, conditional=True, etag=True)


def kind_of(path: str) -> str | None:
    """ "video" or "audio" as a browser would play it, None where it would not."""
    kind = (mimetypes.guess_type(path)[0] or "").partition("/")[0]
    return kind if kind in {"video", "audio"} else None
