"""The review: one song after another, the least certain and most sung first."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.exceptions import BadRequest

from ..models import Change, Song
from ..tasks.progress import get_progress
from ..tasks.review import reviewing
from ..tasks.search import review_queue
from ..tasks.search.review_queue import FIRST, Place
from . import filters, indexing
from .dashboard import blueprint
from .texts import gettext as _
from .wording import (
    candidate_words,
    change_words,
    coming_words,
    not_found_words,
    waiting_words,
)


@blueprint.get("/review")
def review() -> str:
    """The next song (200): after the place `after`, or `song` itself.

    `done` is the change just made, which the page offers to undo. With the header `X-Part: review`
    only the song and what belongs to it, for the page's script.
    """
    indexing.keep_true()
    after = _after()
    place = _wanted(after)
    found = Song.get_or_none(Song.id == place.song_id) if place else None
    waiting = review_queue.waiting()
    snapshot = get_progress()
    part = request.headers.get("X-Part") == "review"
    return render_template(
        "enrichment/_review.html" if part else "enrichment/review.html",
        title=_("Review"),
        here="review",
        song=found,
        place=str(place) if place else "",
        candidates=candidate_words(reviewing.proposals(found)) if found else [],
        waiting=waiting,
        sure_enough=reviewing.SURE_ENOUGH,
        waiting_words=waiting_words(waiting),
        coming_words=coming_words(snapshot["remaining"] - snapshot["second_looks"]),
        not_found_words=not_found_words(snapshot["failed"]),
        is_end=place is None and after != FIRST,
        done=_done(),
    )


def _after() -> Place:
    text = request.args.get("after", "")
    try:
        return Place.read(text) if text else FIRST
    except (ValueError, OverflowError):
        words = _("This page is out of date: load it again, then try once more.")
        raise BadRequest(words) from None


def _wanted(after: Place) -> Place | None:
    song_id = filters.number(request.args, "song")
    if song_id is not None and (place := review_queue.place_of(song_id)) is not None:
        return place
    return review_queue.next_place(after)


def _done() -> dict[str, object] | None:
    """The change just made, as long as it stands."""
    change_id = filters.number(request.args, "done")
    change = Change.get_or_none(Change.id == change_id) if change_id is not None else None
    return change_words(change) if change is not None and change.undone_at is None else None
