"""A form that came too late: kept on a page until a log-in or a fresh token lets it through.

Only what a page of ours has sent is kept: another site's form would otherwise wait for one press.
"""

from __future__ import annotations

import json

from flask import render_template, request
from werkzeug.wrappers import Response

from .answers import is_page
from .texts import gettext as _

Form = list[tuple[str, str]]


def typed() -> Form:
    """The fields of this request's form; none where it is no form of a page of ours."""
    is_ours = request.headers.get("Origin") == request.host_url.rstrip("/")
    if request.method != "POST" or not is_ours or not is_page():
        return []
    return [each for each in request.form.items(multi=True) if each[0] != "csrf_token"]


def brought() -> tuple[Form, str]:
    """The form that the log-in page has kept, and where it was sent; none and "" without one."""
    try:
        read = json.loads(request.form.get("kept", ""))
        form = [(str(name), str(value)) for name, value in read]
    except (ValueError, TypeError, RecursionError):
        return [], ""
    return form, request.form.get("kept_for", "")


def log_in_page(status: int, problem: str, then: str, form: Form, sent_to: str) -> Response:
    """The log-in, with the form that is to be sent after it.

    Args:
        then: the page that was asked for.
        sent_to: where the form was sent, below the host's own path.
    """
    page = render_template(
        "enrichment/login.html",
        title=_("Log in"),
        problem=problem,
        next=then,
        kept=json.dumps(form) if form else "",
        kept_for=sent_to,
    )
    return Response(page, status, mimetype="text/html")


def press_again(status: int, form: Form, target: str) -> Response:
    """A page that holds the form, with a fresh token and a button that sends it to `target`."""
    title = _("Not sent yet")
    page = render_template("enrichment/kept.html", title=title, form=form, target=target)
    return Response(page, status, mimetype="text/html")
