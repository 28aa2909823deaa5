"""What a person decides about one song: accepting, rejecting, exchanging, skipping, undoing."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from flask import jsonify, redirect, session, url_for
from werkzeug.exceptions import BadRequest, Conflict, NotFound
from werkzeug.wrappers import Response

from ..exceptions import BadEdit, ChangedSince, EditConflict, Gone, NoSuchSong, NothingToUndo
from ..tasks.enrich import queue_ids
from ..tasks.history import changes
from ..tasks.queue import table as queue_table
from ..tasks.review import browsing, reviewing
from ..tasks.search import review_queue
from ..tasks.search.review_queue import Place
from . import answers
from .dashboard import blueprint
from .requested import existing_song, text_of, whole_number
from .texts import gettext as _
from .wording import badge, place_words

# How many songs were decided since the review was opened.
_DECIDED = "enrichment_decided"


@blueprint.post("/songs/<int:song_id>/accept")
def accept(song_id: int) -> Response:
    """Take `candidate` (its token; the best one without) for the song, which verifies it.

    Returns:
        303 to the song or, from there, to the review; or 200 `{"change": id, "words": …,
        "waiting": …, "badge": …, "stays": whether the song still waits}`. 404 for a song or
        candidate that is gone, 409 where the song has changed since `seen`.
    """
    with _refusals():
        candidate, seen = text_of("candidate") or None, text_of("seen") or None
        change = reviewing.accept(song_id, candidate, seen=seen)
    return decided(song_id, change, _("Accepted and verified."))


@blueprint.post("/songs/<int:song_id>/as-read")
def as_read(song_id: int) -> Response:
    """Take the song as its name was read, which verifies it: as `accept` does; 400, no title."""
    return _accept_as_read(song_id, is_swapped=False)


@blueprint.post("/songs/<int:song_id>/swap")
def swap(song_id: int) -> Response:
    """Take the song as its name was read, artist and title exchanged: as `as_read` does."""
    return _accept_as_read(song_id, is_swapped=True)


def _accept_as_read(song_id: int, *, is_swapped: bool) -> Response:
    seen = text_of("seen") or None
    with _refusals():
        change = reviewing.accept_as_read(song_id, seen=seen, is_swapped=is_swapped)
    said = _("Artist and title exchanged, and verified.") if is_swapped else _("Verified as read.")
    return decided(song_id, change, said)


@blueprint.post("/songs/<int:song_id>/reject")
def reject(song_id: int) -> Response:
    """Never offer `candidate` for this song again, or none of those shown without it: as `accept`
    does."""
    with _refusals():
        change = reviewing.reject(song_id, text_of("candidate") or None)
    return decided(song_id, change, _("Rejected: it will not be offered for this song again."))


@blueprint.post("/songs/<int:song_id>/not-this")
def not_this(song_id: int) -> Response:
    """Take back the answer that the song has, and never give it to this song again: as `accept`
    does; 409 where the song has no answer of a service."""
    with _refusals():
        change = reviewing.reject_answer(song_id)
    if change is None:
        raise Conflict(_("This song has no answer of a service that could be taken back."))
    return decided(song_id, change, _("Taken back: it will not be taken for that song again."))


@blueprint.post("/songs/<int:song_id>/skip")
def skip(song_id: int) -> Response:
    """Put the song behind all others of the review: as `accept` does, without a change."""
    existing_song(song_id)
    review_queue.skip(song_id)
    return _go_on(song_id, None, _("Skipped: it comes up again when all others are through."))


@blueprint.post("/songs/<int:song_id>/requeue", endpoint="requeue_song")
def requeue(song_id: int) -> Response:
    """Look this song up again soon: 303 to its page or 200 `{"queued": n}`; 404, unknown id."""
    existing_song(song_id)
    queued = queue_ids([song_id], queue_table.PERSON)
    if not answers.is_page():
        return jsonify(queued=queued)
    words = _("The song will be looked up again.")
    if not queued:
        words = _("A verified song is not looked up: undo that first.")
    return answers.back(words, _address(song_id))


@blueprint.post("/songs/<int:song_id>/undo")
def undo(song_id: int) -> Response:
    """Take the song's latest change back; `change` names the one that is meant.

    Returns:
        303 to the song's page, to `back`, or to the review of this song from there; or 200
        `{"undone": id, "words": …}`. 404 where nothing is to be undone, 409 where the song has
        changed again since.
    """
    existing_song(song_id)
    try:
        undone = changes.undo(song_id, whole_number(text_of("change")))
    except NothingToUndo:
        raise NotFound(_("This song has no change that could be taken back.")) from None
    except ChangedSince:
        raise Conflict(_("The song was changed again since: its own page shows how.")) from None
    browsing.forget()
    words = _("Taken back.")
    if text_of("place"):
        _count(-1)
    if not answers.is_page():
        return jsonify(undone=undone.id, words=words, badge=badge(review_queue.waiting()))
    address = _address(song_id)
    if text_of("place"):
        address = url_for("enrichment.review", song=song_id)
    elif text_of("back") == "decisions":
        address = url_for("enrichment.decisions")
    return answers.back(words, address)


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Why a decision cannot be taken, as the answer to its request."""
    try:
        yield
    except NoSuchSong:
        raise NotFound(_("There is no such song.")) from None
    except Gone:
        raise NotFound(_("The song does not have this candidate any more.")) from None
    except EditConflict:
        words = _("Somebody has changed this song meanwhile: look at it again.")
        raise Conflict(words) from None
    except BadEdit:
        raise BadRequest(_("A song needs a title.")) from None


# --- where the review goes on ---------------------------------------------------------------------


def decided(song_id: int, change: int | None, words: str) -> Response:
    """The answer to a decision: see `accept`."""
    browsing.forget()
    stays = review_queue.place_of(song_id) is not None
    if text_of("place") and not stays:
        _count(1)
    return _go_on(song_id, change, words, stays=stays)


def _go_on(song_id: int, change: int | None, words: str, *, stays: bool = False) -> Response:
    if not answers.is_page():
        try:
            after = review_queue.next_place(Place.read(text_of("place")))
        except (ValueError, OverflowError):
            after = None
        told = {"waiting": position(after), "badge": badge(review_queue.waiting())}
        return jsonify(change=change, words=words, stays=stays, **told)
    if not text_of("place"):
        return answers.back(words, _address(song_id))
    where = {"song": song_id} if stays else {"after": text_of("place"), "before": song_id}
    return redirect(url_for("enrichment.review", **where, done=change), 303)


def begin() -> None:
    """Count the songs that are decided from here on."""
    session.pop(_DECIDED, None)


def _count(by: int) -> None:
    session[_DECIDED] = max(0, _decided() + by)


def _decided() -> int:
    kept = session.get(_DECIDED, 0)
    return kept if isinstance(kept, int) else 0


def position(place: Place | None) -> str:
    """Which song of how many stands at a place, in words; "" for none."""
    if place is None:
        return ""
    total = _decided() + review_queue.waiting(review_queue.LANES[place.lane])
    return place_words(_decided() + review_queue.ahead(place) + 1, total)


def _address(song_id: int) -> str:
    return url_for("enrichment.song", song_id=song_id)
