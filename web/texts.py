"""Every text a person reads goes through `gettext`, which knows the language of who reads it."""

from __future__ import annotations

from importlib import import_module

from flask import current_app, g, has_request_context, request

from ..words import languages
from ..words.language import Language
from .mounted import mounted


def language() -> Language:
    """The reader's language: inside PiKaraoke the host's; alone the browser's, else the setting."""
    if "enrichment_language" not in g:
        if "babel" in current_app.extensions:
            wanted = [str(import_module("flask_babel").get_locale() or "en")]
        else:
            asked = list(request.accept_languages.values()) if has_request_context() else []
            wanted = [*asked, mounted().settings.language]
        g.enrichment_language = languages.language(languages.best(wanted) or "en")
    found: Language = g.enrichment_language
    return found


def gettext(text: str, **values: object) -> str:
    """`text` in the reader's language, its %(name)s places filled with `values`."""
    now: Language = g.get("enrichment_language") or language()
    said = now.gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """`one` or `many` in the reader's language, whichever goes with `count`; %(count)s is the
    number as that language writes it."""
    now = language()
    return now.ngettext(one, many, count) % {"count": now.number(count), **values}
