"""Every text a person reads goes through `gettext`, which knows the language of who reads it."""

from __future__ import annotations

import json
from importlib import import_module

from babel import Locale
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


# Numbers that are none of anything, and are never parted by thousands.
_NO_AMOUNTS = frozenset({"decade"})


def gettext(text: str, **values: object) -> str:
    """`text` in the reader's language, its %(name)s places filled with `values`, of which numbers
    are written as that language writes them."""
    now: Language = g.get("enrichment_language") or language()
    said = now.gettext(text)
    filled = {name: _written(name, value, now) for name, value in values.items()}
    return said % filled if filled else said


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """`one` or `many` in the reader's language, whichever goes with `count`; %(count)s is the
    number as that language writes it."""
    now = language()
    said = {name: _written(name, value, now) for name, value in values.items()}
    return now.ngettext(one, many, count) % {"count": now.number(count), **said}


def counted_by_script(one: str, many: str) -> str:
    """Texts for a script that counts itself: JSON, from each of the language's plurals, as browsers
    call it, to its text with {count} in its place."""
    now = language()
    plural = Locale.parse(now.tag, sep="-").plural_form
    upwards = reversed(range(1, 201))  # beyond which no language has another
    return json.dumps(
        {plural(n): now.ngettext(one, many, n) % {"count": "{count}"} for n in upwards}
    )


def _written(name: str, value: object, now: Language) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return now.number(value) if is_number and name not in _NO_AMOUNTS else value
