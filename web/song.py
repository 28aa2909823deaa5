"""One song: its page, a person's edit, accepting and rejecting candidates, undoing."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, Conflict, NotFound
from werkzeug.wrappers import Response

from ..exceptions import BadEdit, ChangedSince, EditConflict, Gone, NothingToUndo
from ..models import Change, Song, SongDetail
from ..tasks.enrich import queue_ids
from ..tasks.history import changes
from ..tasks.judging.genres import GENRES
from ..tasks.queue import table as queue_table
from ..tasks.review import browsing, editing, reviewing
from ..tasks.search import review_queue
from ..words.sentences import kept_sentence
from . import answers
from .dashboard import blueprint
from .requested import whole_number
from .texts import gettext as _
from .texts import language
from .wording import (
    FIELD_LABELS,
    candidate_words,
    change_words,
    known_words,
    waiting_words,
)


@blueprint.get("/songs/<int:song_id>")
def song(song_id: int) -> str:
    """A song's page (200); 404 for an id that no song has.

    With the header `X-Part: form` only the form, `X-Part: row` only its row of the list.
    """
    found = _get(song_id)
    part = request.headers.get("X-Part")
    if part == "form":
        return _form(found)
    if part == "row":
        return _row(found)
    return _page(found)


@blueprint.post("/songs/<int:song_id>", endpoint="edit")
def save(song_id: int) -> Response:
    """Save a person's edit of artist, title, variant, year and genre, as form or JSON.

    `seen` is the version that the edit was made on; without it the edit wins over any other.

    Returns:
        303 to the song's page, its new row for `X-Part`, or 200 `{"song": …}`. 400 where a field
        does not take its value and 409 where the song has changed since it was seen: with the form
        as it was filled in, or `{"error": …, "fields": {field: words}}`. 404 for an unknown id.
    """
    said = _said()
    problems = _problems(said)
    if problems:
        return _not_saved(400, song_id, said, problems, _("The song was not saved."))
    try:
        saved = editing.edit(song_id, said, seen=_text("seen") or None)
    except EditConflict as conflict:
        words = _("The song was not saved: somebody has changed it meanwhile.")
        return _not_saved(409, song_id, said, {}, words, conflict.song)
    except BadEdit:
        words = _("A song needs a title.")
        return _not_saved(400, song_id, said, {"title": words}, _("The song was not saved."))
    except LookupError:
        raise NotFound(_("There is no such song.")) from None
    browsing.forget()
    if request.headers.get("X-Part"):
        return Response(_row(saved), mimetype="text/html")
    if answers.is_page():
        return answers.back(_("Saved and verified."), _address(song_id))
    return jsonify(song=_as_json(saved))


# --- deciding -------------------------------------------------------------------------------------


@blueprint.post("/songs/<int:song_id>/accept")
def accept(song_id: int) -> Response:
    """Take `candidate` (its token; the best one without) for the song, which verifies it.

    Returns:
        303 to the song or, from there, to the review; or 200 `{"change": id, "words": …,
        "waiting": …}`. 404 for a song or candidate that is gone, 409 where the song has changed
        since `seen`.
    """
    try:
        change = reviewing.accept(song_id, _text("candidate") or None, seen=_text("seen") or None)
    except LookupError as error:
        raise NotFound(_gone(error)) from None
    except EditConflict:
        raise Conflict(_("Somebody has changed this song meanwhile: look at it again.")) from None
    return _decided(song_id, change, _("Accepted and verified."))


@blueprint.post("/songs/<int:song_id>/reject")
def reject(song_id: int) -> Response:
    """Never offer `candidate` for this song again, or none of those shown without it.

    Returns:
        As `accept` does.
    """
    try:
        change = reviewing.reject(song_id, _text("candidate") or None)
    except LookupError as error:
        raise NotFound(_gone(error)) from None
    return _decided(song_id, change, _("Rejected: it will not be offered for this song again."))


@blueprint.post("/songs/<int:song_id>/requeue", endpoint="requeue_song")
def requeue(song_id: int) -> Response:
    """Look this song up again soon: 303 to its page or 200 `{"queued": n}`; 404, unknown id."""
    _get(song_id)
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
        303 to the song's page, or to the review of this song from there; or 200
        `{"undone": id, "words": …}`. 404 where nothing is to be undone, 409 where the song has
        changed again since.
    """
    _get(song_id)
    try:
        undone = changes.undo(song_id, whole_number(_text("change")))
    except NothingToUndo:
        raise NotFound(_("This song has no change that could be taken back.")) from None
    except ChangedSince:
        raise Conflict(_("The song was changed again since: its own page shows how.")) from None
    browsing.forget()
    words = _("Taken back.")
    if not answers.is_page():
        return jsonify(undone=undone.id, words=words)
    address = _address(song_id)
    if _text("place"):
        address = url_for("enrichment.review", song=song_id)
    return answers.back(words, address)


def _decided(song_id: int, change: int | None, words: str) -> Response:
    browsing.forget()
    if not answers.is_page():
        waiting = waiting_words(review_queue.waiting())
        return jsonify(change=change, words=words, waiting=waiting)
    place = _text("place")
    if not place:
        return answers.back(words, _address(song_id))
    still = review_queue.place_of(song_id) is not None
    where = {"song": song_id} if still else {"after": place}
    return redirect(url_for("enrichment.review", **where, done=change), 303)


def _gone(error: LookupError) -> str:
    if isinstance(error, Gone):
        return _("The song does not have this candidate any more.")
    return _("There is no such song.")


# --- what was said --------------------------------------------------------------------------------


def _given() -> dict[str, Any]:
    if not request.is_json:
        return request.form.to_dict()
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadRequest(_("The body is no JSON object."))
    return body


def _text(name: str) -> str:
    value = _given().get(name)
    return "" if value is None else str(value)


def _said() -> dict[str, str]:
    """The fields that a person speaks for; a field that is not given stays as it is."""
    given = _given()
    said = {name: given[name] for name in editing.EDITABLE if name in given}
    if not said:
        raise BadRequest(_("Nothing to change: give artist, title, variant, year or genre."))
    return {name: "" if value is None else str(value) for name, value in said.items()}


def _problems(said: dict[str, str]) -> dict[str, str]:
    """What is wrong with each field, in words."""
    problems = {}
    for name, value in said.items():
        try:
            editing.checked(name, value)
        except BadEdit:
            problems[name] = _problem(name, value)
    return problems


def _problem(name: str, value: str) -> str:
    if name == "year":
        last = datetime.now(timezone.utc).year + 1
        return _(
            "The year is a number from %(first)s to %(last)s.",
            first=editing.FIRST_YEAR,
            last=last,
        )
    if name == "title" and not value.strip():
        return _("A song needs a title.")
    if not value.isprintable():
        return _("This holds signs that cannot be saved.")
    return _("This is too long: 500 characters at most.")


def _not_saved(
    status: int,
    song_id: int,
    said: dict[str, str],
    problems: dict[str, str],
    words: str,
    now: Song | None = None,
) -> Response:
    """What was typed is still there, with what is wrong about it."""
    if request.is_json or not (answers.is_page() or request.headers.get("X-Part")):
        response = jsonify(error=words, fields=problems)
        response.status_code = status
        return response
    found = now or _get(song_id)
    page = _form if request.headers.get("X-Part") else _page
    html = page(found, said=said, problems=problems, words=words, is_conflict=now is not None)
    return Response(html, status, mimetype="text/html")


# --- what is shown --------------------------------------------------------------------------------


def _page(found: Song, **filled: Any) -> str:
    reading = SongDetail.get_or_none(SongDetail.song == found.id)
    past: list[Change] = changes.history(found.id)
    return render_template(
        "enrichment/song.html",
        title=_("Song"),
        here="songs",
        row=browsing.row(found.id),
        reason=kept_sentence(reading.reason, language()) if reading else "",
        known=known_words(found, *(reading.sources, reading.evidence) if reading else ("", "")),
        candidates=candidate_words(reviewing.proposals(found)),
        history=[change_words(change) for change in past],
        place="",
        **_filled(found, **filled),
    )


def _form(found: Song, **filled: Any) -> str:
    return render_template("enrichment/_form.html", **_filled(found, **filled))


def _row(found: Song) -> str:
    return render_template("enrichment/_rows.html", rows=[browsing.row(found.id)])


def _filled(
    found: Song,
    *,
    said: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    words: str = "",
    is_conflict: bool = False,
) -> dict[str, Any]:
    """The form's fields: what was typed, else what the song has."""
    now = {name: _shown(getattr(found, name)) for name in editing.EDITABLE}
    return {
        "song": found,
        "fields": FIELD_LABELS,
        "values": {**now, **(said or {})},
        "now": now,
        "problems": problems or {},
        "words": words,
        "is_conflict": is_conflict,
        "seen": editing.version(found),
        "genres": GENRES,
        "last_year": datetime.now(timezone.utc).year + 1,
    }


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _get(song_id: int) -> Song:
    try:
        return editing.get(song_id)
    except LookupError:
        raise NotFound(_("There is no such song.")) from None


def _address(song_id: int) -> str:
    return url_for("enrichment.song", song_id=song_id)


def _as_json(found: Song) -> dict[str, Any]:
    fields = ("id", *changes.FIELDS)
    return {**{name: getattr(found, name) for name in fields}, "version": editing.version(found)}
