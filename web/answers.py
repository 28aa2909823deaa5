"""What a request gets back: pages for browsers, JSON for programs, and the headers of both."""

from __future__ import annotations

import logging

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from peewee import OperationalError
from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
)
from werkzeug.wrappers import Response

from ..database.connection import database, is_locked
from ..database.troubles import what_to_do
from ..exceptions import LibraryError
from ..system.said import N_
from . import framing
from .mounted import mounted
from .texts import gettext as _

log = logging.getLogger("pikaraoke_enrichment")


def is_page() -> bool:
    """Whether the answer is for a person's eyes: browsers name text/html, programs do not."""
    return any(kind == "text/html" for kind, _quality in request.accept_mimetypes)


def back(message: str = "", address: str = "", kind: str = "is-success") -> Response:
    """The answer to a form: 303 to a page of ours, the first one without `address`, which shows
    `message` once, as good news or, with `kind` "is-danger", as bad."""
    if message:
        flash(message, kind)
    return redirect(address or url_for("enrichment.page"), 303)


def as_json(status: int, **told: object) -> Response:
    """What a program is told, with its status."""
    response = jsonify(told)
    response.status_code = status
    return response


def harden(response: Response) -> Response:
    """Add the headers that every answer of ours has."""
    headers = response.headers
    is_page_of_ours = response.mimetype == "text/html" and request.blueprint == "enrichment"
    is_framed = is_page_of_ours and mounted().has_host_frame
    policy = framing.policy_in_frame() if is_framed else framing.POLICY
    headers.setdefault("Content-Security-Policy", policy)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint != "enrichment.static":
        headers["Cache-Control"] = "no-store"
    return response


# --- errors ---------------------------------------------------------------------------------------


# What Werkzeug says by itself, which knows English only.
_REFUSALS = {
    404: N_("There is no such page."),
    405: N_("That cannot be done at this address."),
    413: N_("The request is larger than one megabyte."),
}
_REFUSAL = N_("The dashboard cannot answer that.")
# PiKaraoke's page that holds its log-in.
_HOST_LOG_IN = "info.info"


class AdminsOnly(Forbidden):
    """Somebody who is no admin of the host's asked for what is the admin's."""


def refuse(error: HTTPException) -> Response:
    """An error in words, as page or as `{"error": …}`, with its own status and headers."""
    is_ours = error.description and error.description != type(error).description
    words = error.description if is_ours else _(_REFUSALS.get(error.code or 500, _REFUSAL))
    if is_page():
        ways = [(url_for("enrichment.page"), _("Back to the dashboard"))]
        if isinstance(error, AdminsOnly):
            # A guest whom every link of the dashboard's sent back to the same error had no way on.
            find = (url_for("enrichment.find"), _("Find a song"))
            ways = [find] if mounted().settings.guests else []
            if _HOST_LOG_IN in current_app.view_functions:
                ways.append((url_for(_HOST_LOG_IN), _("Log in")))
        page = render_template(
            "enrichment/error.html", title=_("That did not work"), words=words, ways=ways
        )
        response = Response(page, mimetype="text/html")
    else:
        response = jsonify(error=words)
    response.status_code = error.code or 500
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def refuse_library(error: LibraryError) -> Response:
    """The songs database cannot be used: 503 with what to do about it."""
    log.error("The dashboard cannot open the library: %s", error)
    return refuse(ServiceUnavailable(str(error)))


def refuse_busy(error: OperationalError) -> Response:
    """SQLite's lock did not come free in time: 503, try again. Or the disk is full or read-only:
    503 too, with what to do about it."""
    log.warning("The dashboard could not reach the library: %s", error)
    path = getattr(database.obj, "path", "")  # of a file
    if path and not is_locked(error):
        return refuse(ServiceUnavailable(what_to_do(path, error)))
    return refuse(ServiceUnavailable(_("The library is busy: try again in a moment.")))


def refuse_silent(_error: TimeoutError) -> Response:
    """A disk or share hangs: 503, try again."""
    words = _("The disk or share that the songs lie on does not answer: try again later.")
    return refuse(ServiceUnavailable(words))


def refuse_depth(error: RecursionError) -> Response:
    """JSON nested a thousand deep, which Python's reader gives up in its own way: 400."""
    if not request.is_json:
        return refuse_unexpected(error)
    return refuse(BadRequest(_("The JSON is nested too deeply.")))


def refuse_number(_error: OverflowError) -> Response:
    """A number that no database can hold is no song's: 404."""
    return refuse(NotFound(_("There is no such song.")))


def refuse_unexpected(error: Exception) -> Response:
    """A mistake of our own: 500, told to the log and not to the visitor."""
    log.exception("The dashboard failed", exc_info=error)
    return refuse(InternalServerError(_("The dashboard failed; its log says more.")))
