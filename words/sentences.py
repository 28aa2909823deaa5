"""What is said, as a sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..providers.services import SOURCES, label_of
from ..system.invocation import typed
from ..system.said import Said, from_dict, from_text
from .language import ENGLISH, Language
from .phrases import COMMANDS, KINDS, PHRASES, STRENGTHS
from .units import rounded


def sentence(said: Said, language: Language = ENGLISH) -> str:
    """The sentence; what has no phrase, as of an older version, as it stands."""
    return phrase(said.code, said.params, language)


def kept_sentence(text: str, language: Language = ENGLISH) -> str:
    """The sentence of what a column of text holds."""
    return sentence(from_text(text), language)


def as_json(said: Said) -> dict[str, Any]:
    """What is said for JSON: code, params, and words in English; each empty for nothing."""
    return {**said.as_dict(), "words": sentence(said)}


def phrase(code: str, params: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """The sentence of a code and its parameters."""
    template = PHRASES.get(code)
    if template is None:
        return code
    if isinstance(template, tuple):
        text = language.ngettext(*template, params.get("count", 0))
    else:
        text = language.gettext(template)
    if code in COMMANDS:
        params = {**params, "command": typed(COMMANDS[code])}
    words: dict[str, str] = {}
    for name, value in params.items():
        if isinstance(value, Said):
            words[name] = sentence(value, language)
        elif name in _IN_WORDS:
            words[name] = _IN_WORDS[name](value, language)
        else:
            words[name] = language.number(value) if isinstance(value, float) else str(value)
    try:
        return text % words
    except KeyError:  # kept by a version that named other things
        return code


def told(row: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """The reason in a snapshot or in a row of it."""
    return sentence(from_dict(row["why"]), language) if row["why"]["code"] else ""


def part_words(part: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """A part of an evidence card as it is kept; one of an older version holds its words alone."""
    if "code" not in part:
        return str(part.get("words", ""))
    return phrase(part["code"], part.get("params") or {}, language)


def service(name: str, language: Language = ENGLISH) -> str:
    """What people call a service; a list's own name is as its host wrote it."""
    label = label_of(name)
    return language.gettext(label) if name in SOURCES else label


# --- parameters ---------------------------------------------------------------------------------


_IN_WORDS: dict[str, Callable[[Any, Language], str]] = {
    "count": lambda count, language: language.number(count),
    "each": lambda each, language: "; ".join(sentence(said, language) for said in each),
    "kinds": lambda kinds, language: "/".join(language.gettext(KINDS.get(k, k)) for k in kinds),
    "other_provider": service,
    "provider": service,
    "providers": lambda names, language: ", ".join(service(name, language) for name in names),
    "strength": lambda strength, language: language.gettext(STRENGTHS.get(strength, strength)),
    "until": lambda at, language: language.time(at),
    "with_it": rounded,
    "without": rounded,
}
