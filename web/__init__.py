"""The dashboard: a Flask blueprint that stands alone and mounts into any Flask app."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from ..config import Settings

__all__ = ["create_app", "init_app"]


def create_app(settings: Settings) -> Flask:
    """The dashboard as an application of its own.

    With `settings.admin_password` it asks for it; without one it answers to this machine's own
    names only, whoever asks. Sessions are signed with a key kept beside the config file.

    Args:
        settings: which library, and what the dashboard may be used for.
    Returns:
        The Flask application; `/` leads to `/enrichment/`.
    """
    from .standalone import make_app

    return make_app(settings)


def init_app(app: Flask, settings: Settings | None = None) -> None:
    """Mount the dashboard under `/enrichment` into another Flask app, PiKaraoke's for one.

    Where the app offers its templates an `is_admin()`, as PiKaraoke does, that decides who may
    enter; otherwise the dashboard's own password does, if one is set.

    Args:
        app: gets the blueprint `enrichment`, and a session key if it has none.
        settings: by default what environment and config file say.
    Raises:
        SettingsError: a setting that cannot be used.
    """
    from .. import config
    from .mount import mount

    mount(app, settings if settings is not None else config.load())
