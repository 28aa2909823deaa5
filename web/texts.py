"""Every text a person reads goes through `gettext`, which knows the language of who reads it."""

from __future__ import annotations

from importlib import import_module

from flask import current_app, g, has_request_context, request

from ..words import languages
from ..words.language import Language
from .mounted import mounted


def language() -> Language:
    """How the reader of this page is spoken to: in the host's language inside PiKaraoke, alone in
    the browser's, else in the one that is set."""
    if "enrichment_language" not in g:
        g.enrichment_language = languages.language(languages.best(_wanted()) or "en")
    found: Language = g.enrichment_language
    return found


def _wanted() -> list[str]:
    if "babel" in current_app.extensions:
        return [str(import_module("flask_babel").get_locale() or "en")]
    asked = list(request.accept_languages.values()) if has_request_context() else []
    return [*asked, mounted().settings.language]


def gettext(text: str, **values: object) -> str:
    """`text` in the reader's language, its %(name)s places filled with `values`."""
    said = language().gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """`one` or `many` in the reader's language, as it is said of so many; %(count)s is the number
    as it is written."""
    now = language()
    return now.ngettext(one, many, count) % {"count": now.number(count), **values}
