"""The review: one song after another, the least certain and most sung first."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.exceptions import BadRequest

from ..models import Change, Song
from ..tasks.history import changes
from ..tasks.names.identity import video_of
from ..tasks.progress import get_progress
from ..tasks.review import asking, many, reviewing
from ..tasks.scoring import level_of
from ..tasks.search import review_queue
from ..tasks.search.review_queue import LANES, Place
from . import deciding, filters, indexing, song_file
from .dashboard import blueprint
from .texts import gettext as _
from .wording import (
    LANE_LABELS,
    candidate_words,
    change_words,
    coming_words,
    reading_words,
)


@blueprint.get("/review")
def review() -> str:
    """The next song (200): of the `lane` (unsure, medium, not_found), after the place `after`, or
    `song` itself, also one that is decided.

    `done` is the change just made, which the page offers to undo, `before` the song that was shown
    before. With the header `X-Part: review` only the song and what belongs to it, for the page's
    script. 400 for a place or lane that there is not.
    """
    indexing.keep_true()
    part = request.headers.get("X-Part") == "review"
    after = _after()
    if not part and not request.args.keys() & {"after", "song"}:
        deciding.begin()
    found, place = _wanted(after)
    snapshot = get_progress()
    waiting = {lane: review_queue.waiting(lane) for lane in LANES}
    # The change just made, as long as it stands; of a song that is decided, what decided it.
    change_id = filters.number(request.args, "done")
    change = Change.get_or_none(Change.id == change_id) if change_id is not None else None
    if change is None and found is not None and review_queue.place_of(found.id) is None:
        change = next(iter(changes.history(found.id, most=1)), None)
    return render_template(
        "enrichment/_review.html" if part else "enrichment/review.html",
        title=_("Review"),
        here="review",
        lane=LANES[(place or after).lane],
        waiting=waiting,
        lanes=LANE_LABELS,
        sure_enough=many.SURE_ENOUGH,
        coming_words=coming_words(snapshot["remaining"] - snapshot["second_looks"]),
        done=change_words(change) if change is not None and change.undone_at is None else None,
        before=filters.number(request.args, "before"),
        **(_shown(found, place) if found else {"song": None}),
    )


def _after() -> Place:
    text, lane = request.args.get("after", ""), request.args.get("lane") or LANES[0]
    if lane not in LANES:
        raise BadRequest(_("There is no filter %(name)s=%(value)s.", name="lane", value=lane))
    try:
        return Place.read(text) if text else review_queue.first(lane)
    except (ValueError, OverflowError):
        words = _("This page is out of date: load it again, then try once more.")
        raise BadRequest(words) from None


def _wanted(after: Place) -> tuple[Song | None, Place | None]:
    """The song to be shown, and where it stands in the review, None where it does not wait."""
    song_id = filters.number(request.args, "song")
    if song_id is not None and (asked := Song.get_or_none(Song.id == song_id)) is not None:
        return asked, review_queue.place_of(song_id)
    place = review_queue.next_place(after) or review_queue.next_place(
        review_queue.first(LANES[after.lane])
    )
    return (Song.get_or_none(Song.id == place.song_id) if place else None), place


def _shown(song: Song, place: Place | None) -> dict[str, Any]:
    after = str(place or review_queue.FIRST)
    return {
        "song": song,
        "place": after,
        "position": deciding.position(place),
        "is_decided": place is None,
        "is_skipped": place is not None and place.skipped > 0,
        "level": level_of(song.confidence, song.metadata_status or "pending"),
        "reading": reading_words(reviewing.as_read(song)),
        "candidates": candidate_words(reviewing.proposals(song)),
        "words_of": asking.words_of(song),
        "video": video_of(song.youtube_id, song.file_path),
        "can_be_played": song_file.player_of(song.file_path),
        "next_address": url_for("enrichment.review", after=after),
        "own_address": url_for("enrichment.review", song=song.id),
    }
