"""How the dashboard sits in a Flask app: what it knows there, and the key that signs sessions."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from flask import Flask, current_app
from jinja2 import TemplateNotFound

from .. import native
from ..config import Following, Settings
from .attempts import Attempts

_EXTENSION = "enrichment"
OWN_FRAME = "enrichment/base.html"
# PiKaraoke's frame, and what it asks the app for.
HOST_FRAME, HOST_NEEDS = "base.html", frozenset({"is_admin", "active_session_name"})
_PAGES = ("login", "songs", "song", "review", "settings", "find", "renaming")
_KEY_FILE = "enrichment-session.key"


@dataclass(frozen=True, slots=True)
class Mount:
    """The dashboard in one app.

    Attributes:
        following: which library, and what the dashboard may be used for.
        attempts: at its password, if it has one.
        base_template: the page frame that every page of ours extends.
        has_host_frame: whether that frame is the host's own.
    """

    following: Following
    attempts: Attempts
    base_template: str = OWN_FRAME
    has_host_frame: bool = False

    @property
    def settings(self) -> Settings:
        """The settings, with what was saved in the config file since."""
        return self.following.current()


def mount(app: Flask, settings: Settings) -> None:
    """Register the blueprint in `app`; see `init_app`."""
    from .dashboard import blueprint

    for pages in _PAGES:  # each adds its own to the blueprint
        import_module(f".{pages}", __package__)
    if not app.secret_key:  # PiKaraoke sets its own when it starts
        app.secret_key = session_key(settings)
    is_inside = _is_pikaraoke(app)
    following = Following(settings)
    app.extensions[_EXTENSION] = Mount(
        following,
        Attempts(settings.admin_password),
        HOST_FRAME if is_inside else OWN_FRAME,
        is_inside,
    )
    app.register_blueprint(blueprint)
    if is_inside:
        from .menu import add_links

        add_links(app, lambda: following.latest.guests)
    if native.is_needed():
        from .greenlets import InRealThread

        app.wsgi_app = InRealThread(app, app.wsgi_app)  # type: ignore[method-assign]


def _is_pikaraoke(app: Flask) -> bool:
    """Whether our pages can stand in PiKaraoke's own frame, with its menu and look."""
    if not app.jinja_env.globals.keys() >= HOST_NEEDS:
        return False
    try:
        app.jinja_env.get_template(HOST_FRAME)
    except TemplateNotFound:
        return False
    return True


def mounted() -> Mount:
    """The dashboard in the app that answers this request."""
    found: Mount = current_app.extensions[_EXTENSION]
    return found


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
