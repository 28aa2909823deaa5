"""Who may do what: the password or the host's admin, and the token that every change carries."""

from __future__ import annotations

import hmac
import io
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, session, url_for
from werkzeug.exceptions import Forbidden, RequestEntityTooLarge, SecurityError, Unauthorized
from werkzeug.wrappers import Response

from ..system.said import Said
from ..tasks.runtime import configure
from ..words.sentences import sentence
from .answers import AdminsOnly, is_page
from .kept import log_in_page, press_again, typed
from .mounted import mounted
from .proxied import is_loopback, was_brought
from .texts import gettext as _
from .texts import language

_TOKEN = "enrichment_csrf"
# The log-in's name in the session, and the proof that it was one.
_NAME, _ADMIN = "enrichment_login", "enrichment_admin"
_DEVICE = "enrichment_device"
_A_YEAR = 366 * 86_400
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# Everybody may call these: they show nothing of the library and change nothing.
_OPEN = frozenset(
    {"enrichment.static", "enrichment.healthz", "enrichment.login", "enrichment.login_try"}
)
# Everybody in the room may call these where the admin allows it.
_GUESTS = frozenset({"enrichment.find", "enrichment.to_queue"})
_OWN_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)
LARGEST_REQUEST = 1024 * 1024
# A list of songs that is uploaded; the form around it takes a few hundred bytes more.
LARGEST_LIST = 30_000_000
LARGEST_UPLOAD = LARGEST_LIST + 64 * 1024
_UPLOAD = re.compile(r".*/enrichment/lists/upload", re.ASCII)


def is_upload(path: str) -> bool:
    """Whether a list of songs is uploaded at this path: nothing else may be as large."""
    return _UPLOAD.fullmatch(path) is not None


def may_upload(app: Flask, sender: str, told: Mapping[str, Any]) -> bool:
    """Whether who sends this from the address `sender` may upload, before the body is taken.

    Args:
        told: path and headers, as WSGI has them. A password among them is not tried, which would
            count twice: without the token of a session nobody uploads anything.
    """
    environ = {
        "REQUEST_METHOD": "POST",
        "REMOTE_ADDR": sender,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **{name: value for name, value in told.items() if name != "HTTP_AUTHORIZATION"},
    }
    with app.request_context(environ):
        try:
            check_host()
        except SecurityError:
            return False
        return is_admin()


def largest(path: str) -> int:
    """The most bytes that a request for this path may have."""
    return LARGEST_UPLOAD if is_upload(path) else LARGEST_REQUEST


def guard() -> Response | None:
    """Run before every request to the blueprint: let it in, send it to the log-in, or refuse it.
    What was typed on a page of ours is kept over both.

    Raises:
        Unauthorized: 401, a program without the password.
        Forbidden: 403, no admin, or a change without its token.
        RequestEntityTooLarge: 413, more than a megabyte, or than a list of songs.
        SecurityError: 400, asked from elsewhere while no password guards us.
    """
    if request.endpoint == "enrichment.static":
        return None
    if (request.content_length or 0) > largest(request.path):
        if is_upload(request.path):
            said = Said("list_large", megabytes=LARGEST_LIST // 1_000_000)
            raise RequestEntityTooLarge(sentence(said, language()))
        raise RequestEntityTooLarge(_("The request is larger than one megabyte."))
    # PiKaraoke before 1.22 has an admin password and tells its templates nothing of it: without a
    # password of ours, the place in the network is then all that guards us.
    if _host_check() is None:
        check_host()
    is_open = request.endpoint in _OPEN
    is_for_guests = request.endpoint in _GUESTS and mounted().settings.guests
    if not (is_open or is_for_guests or is_admin()):
        if not can_log_in():
            raise AdminsOnly(_("Only the admin may do this. Log in as admin, then try again."))
        if not is_page():
            raise Unauthorized(_("The dashboard's password is needed."))
        if form := typed():
            return log_in_page(401, "", "", form, _asked_for())
        wanted = _asked_for() if request.method == "GET" else None
        return redirect(url_for("enrichment.login", next=wanted), 303)
    if request.method not in _SAFE_METHODS and not _is_program():
        kept = session.get(_TOKEN, "")
        given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
        if not kept or not _are_same(str(kept), given):
            if form := typed():
                return press_again(403, form, request.script_root + _asked_for())
            raise Forbidden(_("This page is out of date: load it again, then try once more."))
    configure(mounted().settings)
    return None


# --- who asks -------------------------------------------------------------------------------------


def is_admin() -> bool:
    """Whether this request may see and change things: the host's word, else our password."""
    asked = _host_check()
    if asked is not None:
        return asked
    attempts = mounted().attempts
    if not attempts.needed:
        return True
    name, proof = _of_session(_NAME), _of_session(_ADMIN)
    if _are_same(proof, _marker(name)) and name and not mounted().ended.has(name):
        return True
    given = request.authorization
    return (
        given is not None
        and given.type == "basic"
        and attempts.try_password(given.password or "", address(), device())
    )


def _of_session(key: str) -> str:
    kept = session.get(key, "")
    return kept if isinstance(kept, str) else ""


def _are_same(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _host_check() -> bool | None:
    """What the host app says; PiKaraoke gives its check to its templates under this name."""
    check = current_app.jinja_env.globals.get("is_admin")
    return bool(check()) if callable(check) else None


def can_log_in() -> bool:
    """Whether our own log-in page is of use here."""
    return mounted().attempts.needed and _host_check() is None


def is_logged_in() -> bool:
    """Whether there is a session of ours to log out of."""
    return can_log_in() and _ADMIN in session


def address() -> str:
    """The address by which password attempts are counted together."""
    return request.remote_addr or ""


def device() -> str:
    """The name of a device that has logged in before, "" of any other: its mistypings are counted
    apart, so that nobody at the same router or proxy can lock it out."""
    name, _, proof = request.cookies.get(_DEVICE, "").partition(".")
    return name if name and _are_same(proof, _marker(f"device {name}")) else ""


def log_in() -> None:
    """Make this session the admin's. It starts anew: what it held before was a stranger's."""
    session.pop(_TOKEN, None)
    session[_NAME] = secrets.token_urlsafe(16)
    session[_ADMIN] = _marker(session[_NAME])
    session.permanent = True


def remember_device(response: Response) -> None:
    """Know this device again; see `device`."""
    name = device() or secrets.token_urlsafe(16)
    response.set_cookie(
        _DEVICE,
        f"{name}.{_marker(f'device {name}')}",
        max_age=_A_YEAR,
        path=url_for("enrichment.page"),
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )


def log_out() -> None:
    """End this session, also for whoever holds a copy of its cookie."""
    if name := _of_session(_NAME):
        mounted().ended.end(name)
    for key in (_ADMIN, _NAME, _TOKEN):
        session.pop(key, None)


def _marker(what: str) -> str:
    return mounted().attempts.marker(current_app.secret_key or "", what)


def _asked_for() -> str:
    return request.full_path.rstrip("?")


def safe_target(wanted: str) -> str:
    """Where to go after the log-in: a page of ours that was asked for, else the first one."""
    start = url_for("enrichment.page")
    inside = urlsplit(start).path.removeprefix(request.script_root)
    # A path only: "//elsewhere" and "/\elsewhere" name another host to a browser.
    if wanted.startswith(inside) and wanted.isprintable() and not re.search(r"[\\]|//", wanted):
        return request.script_root + wanted
    return start


# --- the token ------------------------------------------------------------------------------------


def csrf_token() -> str:
    """The token that forms of this session carry, as `csrf_token` or header `X-CSRF-Token`."""
    if not isinstance(session.get(_TOKEN), str):
        session[_TOKEN] = secrets.token_urlsafe(32)
    token: str = session[_TOKEN]
    return token


def _is_program() -> bool:
    """Whether this is curl or an upload handler rather than a page in somebody's browser.

    The token guards what a browser does on a stranger's behalf: it adds the admin's cookie to a
    request that another site's page makes. A request without any cookie borrows no one's rights.
    One thing is left to borrow, the place in the network (a dashboard on the loopback without a
    password), so the request must also be one that no other site's page can make: JSON, for which
    a browser asks us first and we never allow it, and without the Origin that browsers put on
    every POST.
    """
    return (
        "Cookie" not in request.headers
        and "Origin" not in request.headers
        and request.mimetype == "application/json"
    )


# --- the Host header ------------------------------------------------------------------------------


def is_own_host() -> bool:
    """Whether the browser calls this machine localhost."""
    return bool(_OWN_HOST.fullmatch(request.environ.get("HTTP_HOST", "")))


def check_host() -> None:
    """Refuse what is not this machine's own, where no password guards the dashboard.

    A page of another site can make its own name point to 127.0.0.1 and then talk to us as the
    same site (DNS rebinding); the Host header still holds its name. And a proxy on this machine
    brings what others ask from the address of this machine.

    Raises:
        SecurityError: 400.
    """
    if mounted().attempts.needed:
        return
    if not is_own_host():
        raise SecurityError(
            _(
                "Without a password the dashboard answers only as localhost. Set "
                "ENRICHMENT_ADMIN_PASSWORD to use it under another name."
            )
        )
    if was_brought(request.environ) or not is_loopback(request.remote_addr or ""):
        raise SecurityError(
            _(
                "Without a password the dashboard answers only to this machine itself. Set "
                "ENRICHMENT_ADMIN_PASSWORD to use it from elsewhere."
            )
        )
