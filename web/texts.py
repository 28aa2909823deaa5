"""Every text a person reads goes through `gettext`: the host's flask-babel where it has one."""

from __future__ import annotations

from importlib import import_module

from flask import current_app

from ..words.language import ENGLISH, Language


def language() -> Language:
    """How the reader of this page is spoken to."""
    if "babel" not in current_app.extensions:
        return ENGLISH
    flask_babel = import_module("flask_babel")
    return Language(
        gettext=lambda text: str(flask_babel.gettext(text)),
        ngettext=lambda one, many, count: str(flask_babel.ngettext(one, many, count)),
    )


def gettext(text: str, **values: object) -> str:
    """`text` in the reader's language, its %(name)s places filled with `values`."""
    said = language().gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """`one` or `many` in the reader's language, as it is said of so many; %(count)s is the number
    as it is written."""
    now = language()
    return now.ngettext(one, many, count) % {"count": now.number(count), **values}
