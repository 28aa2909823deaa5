"""Reads the values of a foreign answer: every key is optional, any type may come. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from ..system.said import Said

# Names longer than this are no names: real credits of whole choirs stay below 300 characters.
MAX_TEXT = 500

# Control characters (a NUL cuts a name short in C programs), halves of surrogate pairs (SQLite
# refuses them) and direction overrides (they turn a page's text around).
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# Only whole ones: "R&B;", "AT&T" and "Rock &not Roll" are written as they are.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,7});", re.IGNORECASE)
# An identity at MusicBrainz, which ListenBrainz uses too.
MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_YEAR = re.compile(r"(\d{4})(?!\d)")
_FIRST_SOUND_RECORDING = 1860
_LAST_YEAR = 2100


class Unreadable(ValueError):
    """An answer that is JSON, and yet not what the API's documentation and real answers show.

    It must not be mistaken for "not found": that would settle a song for good.
    """

    reason = Said("answer_of_unknown_shape")


class AnotherQuestion(Unreadable):
    """An answer to what somebody else has asked, of a muddled server or cache."""

    reason = Said("another_question")


def text(value: object) -> str:
    """`value` as one clean line; "" for anything but a string of at most MAX_TEXT characters.

    What was written for a web page is read as it shows there: "Guns N&#39; Roses".
    """
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return ""
    if "&" in value:
        value = _ENTITY.sub(_unescaped, value)
    return " ".join(_UNWANTED.sub("", " ".join(value.split())).split())


def _unescaped(entity: re.Match[str]) -> str:
    import html  # 0.3 MB, for the few names that were written for a web page

    return html.unescape(entity.group())


def record(value: object) -> Mapping[str, object]:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[Mapping[str, object]]:
    """The JSON objects in `value`: a list's, or the only one where a list was documented.

    Last.fm's JSON is converted XML: one tag comes as an object, none as "" or a line break.
    """
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def number(value: object) -> float | None:
    """A finite number of 0 or more, also from a string ("426288"); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not (value.isascii() and len(value) < 20):
        return None
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return None
    return amount if math.isfinite(amount) and amount >= 0 else None


def whole(value: object) -> int | None:
    """As `number`, cut to an integer."""
    amount = number(value)
    return None if amount is None else int(amount)


def seconds(milliseconds: object) -> float | None:
    """A length; None where it is unknown, for which "0" is Last.fm's word."""
    amount = number(milliseconds)
    return amount / 1000 if amount else None


def year(date: object) -> int | None:
    """The year that a date begins with ("1975", "1975-11", "1975-11-21T08:00:00Z"), or None.

    "" and "????-05" are dates of unknown year in MusicBrainz.
    """
    found = _YEAR.match(text(date))
    if found is None or not found.group(1).isascii():
        return None
    number_of_year = int(found.group(1))
    return number_of_year if _FIRST_SOUND_RECORDING <= number_of_year <= _LAST_YEAR else None


def link(value: object) -> str:
    """A web address fit to be put on a page, else ""."""
    address = text(value)
    return address if address.startswith(("https://", "http://")) and " " not in address else ""


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """`names` without blanks and repetitions, in their order."""
    return tuple(dict.fromkeys(name for name in names if name))
