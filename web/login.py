"""The log-in page, where the dashboard has a password of its own."""

from __future__ import annotations

import math

from flask import redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from . import access, kept
from .dashboard import blueprint
from .mounted import mounted
from .texts import gettext as _


@blueprint.get("/login")
def login() -> Response:
    """The form. 200, or 303 to the page for those who are in; 404 where there is no password."""
    _check_in_use()
    if access.is_admin():
        return redirect(access.safe_target(request.args.get("next", "")), 303)
    return _form(200)


@blueprint.post("/login", endpoint="login_try")
def try_login() -> Response:
    """Try `password`.

    Returns:
        303 to the page that was asked for, or 200 with the form that the log-in page has kept; 401
        with the log-in after a wrong password, 429 with Retry-After for those who must wait before
        they try again.
    """
    _check_in_use()
    attempts, address, device = mounted().attempts, access.address(), access.device()
    wait = attempts.seconds_to_wait(address, device)
    if wait > 0:
        seconds = math.ceil(wait)
        words = _("Too many wrong passwords: try again in %(seconds)s s.", seconds=seconds)
        response = _form(429, words)
        response.headers["Retry-After"] = str(seconds)
        return response
    if not attempts.try_password(request.form.get("password", ""), address, device):
        return _form(401, _("That is not the password."))
    access.log_in()
    form, sent_to = kept.brought()
    if form:
        response = kept.press_again(200, form, access.safe_target(sent_to))
    else:
        response = redirect(access.safe_target(request.form.get("next", "")), 303)
    access.remember_device(response)
    return response


@blueprint.post("/logout")
def logout() -> Response:
    """Log out; 303 to the log-in."""
    access.log_out()
    return redirect(url_for("enrichment.page"), 303)


def _check_in_use() -> None:
    if not access.can_log_in():
        raise NotFound(_("There is no password here."))


def _form(status: int, problem: str = "") -> Response:
    return kept.log_in_page(status, problem, request.values.get("next", ""), *kept.brought())
