"""Songs for everyone in the room: found by decade, genre and artist, and put into the queue."""

from __future__ import annotations

import os
from dataclasses import replace
from heapq import nlargest
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from ..exceptions import Declined, Unreachable
from ..models import Song
from ..tasks import pikaraoke
from ..tasks.history import traits
from ..tasks.names.identity import no_song
from ..tasks.review import browsing
from ..tasks.review.browsing import Filter
from ..tasks.review.name_alone import read_name
from . import access, answers, filters, hosting, indexing
from .dashboard import blueprint
from .mounted import mounted
from .texts import gettext as _
from .wording import language_name, list_choices

# What a guest may ask by; how sure a song is and what its file is called are the admin's business.
_ASKED = ("q", "artist", "genre", "decade", "duet", "language", "letter", "pick", "sort")
_SORTS = ("artist", "title", "newest", "oldest")
# A pick of this page alone: another song each time.
_CHANCE = "chance"
# Genres on tiles; the others are to be chosen by name.
_MOST_TILES = 12
_MOST_TONGUES = 6
# A script may have thousands; these are the most frequent ones.
_MOST_LETTERS = 48


@blueprint.get("/find")
def find() -> str:
    """The songs that q, artist, letter, genre, decade, duet, language and pick (sung, new, chance)
    let by, a page at a time (200); 400 for a filter that there is not. In a family, guests do not
    see what is explicit."""
    told = request.args.items(multi=True)
    asked = MultiDict((name, text) for name, text in told if name in _ASKED)
    if asked.get("sort") not in _SORTS:
        asked.pop("sort", None)
    is_of_chance = asked.get("pick") == _CHANCE
    wanted = replace(filters.wanted({} if is_of_chance else asked), is_family=_is_family())
    indexing.keep_true()
    number = filters.number(request.args, "page") or 1
    found = (
        browsing.of_chance(is_family=wanted.is_family)
        if is_of_chance
        else browsing.find(wanted, number)
    )
    queued = hosting.queued_paths()
    choices = browsing.family_choices() if wanted.is_family else browsing.counts()
    return render_template(
        "enrichment/find.html",
        title=_("Find a song"),
        here="find" if access.is_admin() else "",
        wanted=wanted,
        page=found,
        is_of_chance=is_of_chance,
        most_tiles=_MOST_TILES,
        shown=[{**_shown(row.song), "waits": row.song.file_path in queued} for row in found.rows],
        choices=choices,
        letters=sorted(nlargest(_MOST_LETTERS, choices.letters, key=choices.letters.__getitem__)),
        asked_often=_asked_often(wanted) if not wanted.narrows else [],
        # Where all are sung in one language a tile of it leads nowhere.
        tongues=[
            (code, language_name(code))
            for code in (
                list(choices.languages)[:_MOST_TONGUES] if len(choices.languages) > 1 else ()
            )
        ],
        pages=filters.pages_of(
            "enrichment.find", found.number, found.last, **filters.as_arguments(wanted)
        ),
        **list_choices(choices, _SORTS),
    )


def _asked_often(everything: Filter) -> list[tuple[dict[str, str], str]]:
    """Filters that a party asks for, and what their tiles are called; only those that find a song:
    of a new library nobody has sung anything yet."""
    asked = (
        ({"pick": "sung"}, _("Most sung")),
        ({"pick": "new"}, _("New this week")),
        ({"duet": "yes"}, _("Duets")),
    )
    return [
        (query, words)
        for query, words in asked
        if browsing.has_any(replace(filters.wanted(query), is_family=everything.is_family))
    ]


def _is_family() -> bool:
    """Whether this reader is not to see what is explicit."""
    return mounted().settings.family and not access.is_admin()


def _shown(song: Song) -> dict[str, Any]:
    """A song as guests know it: one whose name no consumer has read yet is read here, as what its
    file is called, and where it lies, is no guest's business."""
    if song.title:
        return {"song": song, "title": song.title, "artist": song.artist or ""}
    read = read_name(os.path.basename(song.file_path))
    return {"song": song, "title": read["title"], "artist": read["artist"] or ""}


# --- into the queue -------------------------------------------------------------------------------


@blueprint.post("/songs/<int:song_id>/queue")
def to_queue(song_id: int) -> Response | str:
    """Put a song into PiKaraoke's queue, for `singer` or whoever this device is known as.

    Returns:
        303 to the page `back`, or 200 `{"words": …}`. Where nobody is named: 200 with a page that
        asks, or 400 `{"error": …, "wants": "singer"}`. Where PiKaraoke declines, the same page with
        its reason, or 409 `{"error": …}`; 503 where it does not answer. 404 for an unknown id.
    """
    song = Song.get_or_none(Song.id == song_id)
    is_hidden = song is not None and _is_family() and traits.values(song_id)["explicit"]
    if song is None or is_hidden or no_song(song.file_path):
        raise NotFound(_("There is no such song."))
    name = hosting.singer()
    if not name:
        if not answers.is_page():
            return answers.as_json(
                400, error=_("Who sings? Your name stands in the queue."), wants="singer"
            )
        return render_template(
            "enrichment/singer.html",
            title=_("Who sings?"),
            one=_shown(song),
            back=request.form.get("back", ""),
            longest=hosting.LONGEST_NAME,
        )
    language = request.headers.get("Accept-Language", "")
    try:
        cookies = hosting.session_cookies()
        words = pikaraoke.put_into_queue(hosting.address(), song.file_path, name, cookies, language)
    except Declined as error:
        response = _said(str(error), 409)
    except Unreachable as error:
        response = _said(str(error), 503)
    else:
        response = _said(words, 200)
    hosting.remember_singer(response, name)
    return response


def _said(words: str, status: int) -> Response:
    if answers.is_page():
        flash(words, "is-success" if status == 200 else "is-danger")
        # The page of ours that the button stood on, else the one that everybody may see.
        wanted = request.form.get("back", "")
        return redirect((access.safe_target(wanted) if wanted else url_for("enrichment.find")), 303)
    return answers.as_json(status, **{"words" if status == 200 else "error": words})
