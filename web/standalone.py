"""The dashboard as an application of its own."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, redirect, request, url_for
from flask.sessions import SecureCookieSessionInterface
from werkzeug.exceptions import HTTPException

from ..config import Settings
from . import access, answers
from .dashboard import for_templates
from .mount import mount
from .proxied import Proxied


def make_app(settings: Settings) -> Flask:
    """See `create_app`."""
    app = Flask("pikaraoke_enrichment.web", static_folder=None, template_folder=None)
    app.config.update(
        # Cookies know no ports: PiKaraoke on the same machine has a "session" of its own.
        SESSION_COOKIE_NAME="enrichment_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
    )
    app.session_interface = _OwnSessions()
    mount(app, settings)
    app.wsgi_app = Proxied(app.wsgi_app, settings.trusted_proxy)  # type: ignore[method-assign]
    app.before_request(access.check_host)
    app.after_request(answers.harden)
    app.register_error_handler(HTTPException, answers.refuse)
    app.context_processor(for_templates)  # for errors outside of the blueprint
    app.add_url_rule("/", "start", lambda: redirect(url_for("enrichment.page")))
    return app


class _OwnSessions(SecureCookieSessionInterface):
    """Cookies that go over https alone where a proxy serves us over it."""

    def get_cookie_secure(self, app: Flask) -> bool:
        del app
        return request.is_secure
