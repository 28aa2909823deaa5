"""Every text a person reads goes through `gettext`: the host's flask-babel where it has one."""

from __future__ import annotations

from importlib import import_module

from flask import current_app


def gettext(text: str, **values: object) -> str:
    """`text` in the reader's language, its %(name)s places filled with `values`."""
    if "babel" in current_app.extensions:
        return str(import_module("flask_babel").gettext(text, **values))
    return text % values if values else text


def N_(text: str) -> str:
    """Mark a text for translators, who find it by this name; `gettext` is asked for it later."""
    return text
