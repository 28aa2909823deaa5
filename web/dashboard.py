"""Progress and control: the first page of the dashboard, and what programs ask it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from peewee import OperationalError
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.wrappers import Response

from ..database.connection import database
from ..exceptions import LibraryError, NoSuchSong
from ..system.invocation import typed
from ..tasks import control, first_run
from ..tasks.enrich import queue_ids
from ..tasks.progress import get_progress
from ..tasks.queue import table as queue_table
from ..tasks.review import browsing, editing
from ..tasks.review.statistics import statistics
from ..tasks.search import review_queue
from ..tasks.uploads import queue_for_enrichment
from ..words import kinds
from . import access, answers, delivery, indexing
from .mounted import mounted
from .pictures import draw
from .requested import check_paths, requested_priority, requested_songs
from .texts import gettext as _
from .texts import language, ngettext
from .wording import badge, describe, proposal_words, waiting_words

blueprint = Blueprint(
    "enrichment",
    __name__,
    url_prefix="/enrichment",
    template_folder="templates",
)
blueprint.url_defaults(delivery.add_version)
blueprint.add_url_rule("/static/<path:filename>", "static", delivery.static_file)
blueprint.before_request(access.guard)
blueprint.after_request(answers.harden)
blueprint.register_error_handler(HTTPException, answers.refuse)
blueprint.register_error_handler(LibraryError, answers.refuse_library)
blueprint.register_error_handler(OperationalError, answers.refuse_busy)
blueprint.register_error_handler(RecursionError, answers.refuse_depth)
blueprint.register_error_handler(TimeoutError, answers.refuse_silent)
blueprint.register_error_handler(OverflowError, answers.refuse_number)
blueprint.register_error_handler(Exception, answers.refuse_unexpected)


@blueprint.context_processor
def for_templates() -> dict[str, Any]:
    """What every page of ours may use."""
    return {
        "_": _,
        "ngettext": ngettext,
        "csrf_token": access.csrf_token,
        "differences": proposal_words,
        "number": language().number,
        "language": language(),
        "enrichment_badge": lambda: badge(review_queue.waiting()),
        "enrichment_base": mounted().base_template,
        "enrichment_is_inside": mounted().has_host_frame,
        "enrichment_logged_in": access.is_logged_in(),
        "command_line": typed,
        "site_title": current_app.config.get("SITE_NAME", "PiKaraoke"),
    }


@blueprint.teardown_request
def _close_connection(_error: BaseException | None) -> None:
    """Let go of this thread's connection: the server's threads come and go."""
    if database.obj is not None:
        database.close()


# --- what is shown --------------------------------------------------------------------------------


@blueprint.get("/")
def page() -> str | Response:
    """The page (200); 303 to the first-run page, as long as that was neither used nor dismissed.
    With the header `X-Part: pictures` only these, for the page's script."""
    if answers.is_page() and first_run.is_pending(mounted().settings):
        return redirect(url_for("enrichment.first_run"), 303)
    indexing.keep_true()
    pictures = draw(browsing.counts(), statistics())
    if request.headers.get("X-Part") == "pictures":
        return render_template("enrichment/_pictures.html", pictures=pictures)
    snapshot = _progress()
    return render_template(
        "enrichment/dashboard.html",
        title=_("Song enrichment"),
        here="page",
        snapshot=snapshot,
        words=snapshot["words"],
        kinds=kinds.LABELS,
        statuses=kinds.STATUSES,
        pictures=pictures,
    )


@blueprint.get("/progress")
def progress() -> Response:
    """The progress as JSON (200): DESIGN.md's fields, and `words`, the same for people's eyes; 304
    where nothing but the time has changed since."""
    now = _progress()
    timeless = {name: value for name, value in now.items() if name != "updated_at"}
    timeless["words"] = {name: value for name, value in now["words"].items() if name != "as_of"}
    return delivery.news(now, timeless)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether the dashboard works: 200 `{"status": "ok"}`, 503 where the library cannot be used."""
    database.execute_sql("SELECT 1 FROM enrichment_state LIMIT 1").fetchone()
    return jsonify(status="ok")


def _progress() -> dict[str, Any]:
    snapshot = get_progress()
    waiting = review_queue.waiting()
    words = {"for_you": waiting_words(waiting) if waiting else "", "badge": badge(waiting)}
    return {**snapshot, "words": {**describe(snapshot), **words}}


# --- start, stop, pause, resume -------------------------------------------------------------------


def _steering(wish: Callable[[], object]) -> Callable[[], Response]:
    def steer() -> Response:
        """Obey: 303 to the page, or the progress as JSON (200)."""
        wish()
        return answers.back() if answers.is_page() else jsonify(_progress())

    return steer


for _wish in (control.start, control.stop, control.pause, control.resume):
    _name = _wish.__name__
    blueprint.add_url_rule(f"/{_name}", _name, _steering(_wish), methods=["POST"])


# --- queueing -------------------------------------------------------------------------------------


@blueprint.post("/enqueue")
def enqueue() -> Response:
    """Ask for songs to be enriched soon; what an upload handler posts.

    Takes JSON `{"songs": [id or path, …], "priority": 50}` or the same as a form. A program that
    sends JSON and no cookie needs no token (see `access`).

    Returns:
        200 `{"queued": n}`; songs that a person has verified are not queued. 400 `{"error": …}`
        for a body that is none of this, 404 for a song that the library does not have.
    """
    songs = requested_songs()
    priority = requested_priority(queue_table.UPLOAD)
    check_paths(songs)
    try:
        return jsonify(queued=queue_for_enrichment(songs, priority))
    except (NoSuchSong, FileNotFoundError) as error:
        raise NotFound(str(error)) from None


_REQUEUE = {
    "failed": editing.requeue_failed,
    "review": editing.requeue_for_review,
    "all": editing.requeue_all,
}


@blueprint.post("/requeue")
def requeue() -> Response:
    """Look songs up again: `{"which": "failed" | "review" | "all"}` or `{"songs": [id, …]}`.

    Returns:
        303 to the page, or 200 `{"queued": n}`; 400 for another `which`, 404 for an unknown id.
    """
    given = request.get_json() if request.is_json else request.form
    which = given.get("which") if hasattr(given, "get") else None
    if which is None:
        songs = requested_songs()
        ids = [song for song in songs if isinstance(song, int)]
        if len(ids) != len(songs):
            raise BadRequest(_("songs takes ids here, which are whole numbers."))
        try:
            queued = queue_ids(ids, queue_table.PERSON)
        except NoSuchSong as error:
            raise NotFound(str(error)) from None
    elif isinstance(which, str) and which in _REQUEUE:
        queued = _REQUEUE[which]()
    else:
        raise BadRequest(_("which takes failed, review or all; or give songs, a list of ids."))
    if answers.is_page():
        one, more = "%(count)s song will be looked up.", "%(count)s songs will be looked up."
        return answers.back(ngettext(one, more, queued))
    return jsonify(queued=queued)
