"""How the dashboard sits in a Flask app: what it knows there, and the key that signs sessions."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from ..config import Settings
from .attempts import Attempts

_EXTENSION = "enrichment"
_KEY_FILE = "enrichment-session.key"


@dataclass(frozen=True, slots=True)
class Mount:
    """The dashboard in one app.

    Attributes:
        settings: which library, and what the dashboard may be used for.
        attempts: at its password, if it has one.
        base_template: the page frame that every page of ours extends.
    """

    settings: Settings
    attempts: Attempts
    base_template: str = "enrichment/base.html"


def mount(app: Flask, settings: Settings) -> None:
    """Register the blueprint in `app`; see `init_app`."""
    from .dashboard import blueprint

    if not app.secret_key:
        app.secret_key = session_key(settings)
    app.extensions[_EXTENSION] = Mount(settings, Attempts(settings.admin_password))
    app.register_blueprint(blueprint)


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
