"""The dashboard as an application of its own."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, redirect, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ..config import Settings
from . import access, answers
from .dashboard import for_templates
from .mount import mount


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
    mount(app, settings)
    app.before_request(access.check_host)
    app.after_request(answers.harden)
    app.register_error_handler(HTTPException, answers.refuse)
    app.context_processor(for_templates)  # for errors outside of the blueprint
    app.add_url_rule("/", "start", _start)
    return app


def _start() -> Response:
    return redirect(url_for("enrichment.page"))
