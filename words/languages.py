"""The languages that pages are translated into, and which of them a reader is spoken to in.

A language is a folder below `translations`, named as PiKaraoke names it (`pt_BR`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from gettext import translation
from pathlib import Path

from .language import ENGLISH, Language

FOLDER = Path(__file__).with_name("translations")
DOMAIN = "messages"
# Tags whose first part alone leads to another language, or to none.
_ALSO_CALLED = {
    "nn": "nb",
    "no": "nb",
    "in": "id",
    "zh_hk": "zh_hant",
    "zh_mo": "zh_hant",
    "zh_tw": "zh_hant",
    "zh": "zh_hans",
}


@cache
def languages() -> tuple[str, ...]:
    """The names of all languages beside English."""
    return tuple(sorted(path.parts[-3] for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def best(wanted: Iterable[str]) -> str | None:
    """The first of these languages that there is.

    Args:
        wanted: as browsers and systems name them ("de-AT", "pt_BR", "zh-TW"), the dearest first.
    Returns:
        A name out of `languages()`, "en" for English, None where there is none of them.
    """
    for tag in wanted:
        parts = tag.strip().lower().replace("-", "_").split("_")
        if parts[0] == "en":
            return "en"
        for size in range(len(parts), 0, -1):
            start = "_".join(parts[:size])
            start = _ALSO_CALLED.get(start, start)
            for name in languages():
                if f"{name.lower()}_".startswith(f"{start}_"):
                    return name
    return None


@cache
def language(name: str) -> Language:
    """A language by its name out of `languages()`; "en" is English.

    Babel is loaded here alone: a consumer, which speaks English, has no need of it.
    """
    if name == "en":
        return ENGLISH
    from babel import Locale, dates, numbers

    locale, texts = Locale.parse(name), translation(DOMAIN, FOLDER, [name])

    def number(value: float, places: int | None = None) -> str:
        form = None if places is None else f"#,##0.{'0' * places}"
        return str(numbers.format_decimal(value, form, locale=locale))

    return Language(
        tag=name.replace("_", "-"),
        direction=str(locale.text_direction),
        gettext=texts.gettext,
        ngettext=texts.ngettext,
        number=number,
        time=lambda at: dates.format_time(_moment(at), "short", locale=locale),
        clock=lambda at: dates.format_time(_moment(at), "medium", locale=locale),
        date=lambda at: dates.format_date(_moment(at), "medium", locale=locale),
        day=lambda at: dates.format_skeleton("Md", _moment(at), locale=locale),
    )


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at)  # without a zone, which Babel then leaves as it is
