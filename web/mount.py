"""The dashboard put into a Flask app: its pages, its link, and the key that signs sessions."""

from __future__ import annotations

import contextlib
import os
import secrets
from importlib import import_module
from pathlib import Path

from flask import Flask
from jinja2 import TemplateNotFound

from ..config import Following, Settings
from ..inside.waiting import Waiting
from ..system import real_thread
from .attempts import Attempts
from .dashboard import blueprint
from .menu import add_links
from .mounted import EXTENSION, HOST_FRAME, HOST_NEEDS, OWN_FRAME, Mount
from .sessions import EndedSessions
from .turnstile import Turnstile

_PAGES = (
    "login",
    "songs",
    "doubles",
    "many",
    "song",
    "review",
    "deciding",
    "decisions",
    "searching",
    "song_file",
    "settings",
    "lists",
    "first_run",
    "find",
    "renaming",
)
_KEY_FILE = "enrichment-session.key"
_ENDED_FILE = "enrichment-session.ended"


def mount(app: Flask, settings: Settings) -> None:
    """Register the blueprint in `app`; see `init_app`."""
    for pages in _PAGES:  # each adds its own to the blueprint
        import_module(f".{pages}", __package__)
    if not app.secret_key:  # PiKaraoke sets its own when it starts
        app.secret_key = session_key(settings)
    is_inside = _is_pikaraoke(app)
    following = Following(settings)
    app.extensions[EXTENSION] = Mount(
        following,
        Attempts(settings.admin_password),
        EndedSessions(Path(settings.config_file).with_name(_ENDED_FILE)),
        HOST_FRAME if is_inside else OWN_FRAME,
        is_inside,
        waiting := Waiting(following),
    )
    app.register_blueprint(blueprint)
    if is_inside:
        add_links(app, lambda: following.latest.guests, lambda: waiting.count)
    if real_thread.is_needed():
        from .greenlets import InRealThread

        app.wsgi_app = InRealThread(app, app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = Turnstile(app.wsgi_app)  # type: ignore[method-assign]


def _is_pikaraoke(app: Flask) -> bool:
    """Whether our pages can stand in PiKaraoke's own frame, with its menu and look."""
    if not app.jinja_env.globals.keys() >= HOST_NEEDS:
        return False
    try:
        app.jinja_env.get_template(HOST_FRAME)
    except TemplateNotFound:
        return False
    return True


def session_key(settings: Settings) -> str:
    """The key that signs sessions, kept beside the config file for this user's eyes only.

    Where that folder cannot be written the key lives as long as the process: a restart then asks
    everybody to log in again, and nothing worse.
    """
    path = Path(settings.config_file).with_name(_KEY_FILE)
    fresh = secrets.token_hex(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and linked into place: of two processes that start at once one wins, and
        # neither reads half a key.
        draft = path.with_name(f"{path.name}.{fresh[:8]}")
        draft.touch(mode=0o600)
        draft.write_text(fresh, encoding="ascii")
        try:
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
        return path.read_text(encoding="ascii").strip() or fresh
    except (OSError, UnicodeDecodeError):
        return fresh
