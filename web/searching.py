"""Asking the services now, in a person's own words, and offering what they know for one song."""

from __future__ import annotations

from flask import jsonify, render_template, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from ..tasks.review import asking, editing
from ..words.sentences import service
from . import answers
from .dashboard import blueprint
from .requested import existing_song, text_of
from .texts import gettext as _
from .texts import language
from .wording import field_changes

LONGEST = 200


@blueprint.post("/songs/<int:song_id>/search")
def search(song_id: int) -> Response | str:
    """Ask the services about `artist` and `title`; nothing is changed.

    Returns:
        200 with a page (or with `X-Part` its part) whose buttons save what was found, or
        `{"found": [{artist, title, variant, year, genre, confidence, providers}], "silent":
        [provider]}`. 400 without a title, 404 for an unknown id.
    """
    song = existing_song(song_id)
    artist = " ".join(text_of("artist").split())[:LONGEST]
    title = " ".join(text_of("title").split())[:LONGEST]
    if not title:
        raise BadRequest(_("Type a title first."))
    answer = asking.ask(song, artist, title)
    part = request.headers.get("X-Part") == "found"
    if not part and not answers.is_page():
        found = [
            {**offer.new, "confidence": offer.confidence, "providers": offer.providers}
            for offer in answer.offers
        ]
        return jsonify(found=found, silent=answer.silent)
    old = {name: getattr(song, name) for name in editing.EDITABLE}
    return render_template(
        "enrichment/_found.html" if part else "enrichment/found.html",
        title=_("Search for this song"),
        here="songs",
        song=song,
        words=(artist, title),
        offers=[
            {
                "new": offer.new,
                "changes": field_changes(
                    old, offer.new, [name for name in offer.new if offer.new[name] != old[name]]
                ),
                "confidence": language().number(offer.confidence, 2),
                "services": ", ".join(service(name, language()) for name in offer.providers),
            }
            for offer in answer.offers
        ],
        silent=", ".join(service(name, language()) for name in answer.silent),
        seen=editing.version(song),
        place=text_of("place"),
    )
