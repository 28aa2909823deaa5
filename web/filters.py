"""Which songs a request wants to see, read strictly from its address, and written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from ..tasks.judging.languages import CODES
from ..tasks.review import browsing
from ..tasks.review.browsing import Filter
from .requested import whole_number
from .texts import gettext as _

MOST_TEXT = 200
# More genres than these are all of them.
MOST_GENRES = 50
_CHOICES = {
    "level": browsing.LEVEL_NAMES,
    "status": browsing.STATUSES,
    "missing": browsing.MISSING,
    "duet": browsing.ANSWERS,
    "explicit": browsing.ANSWERS,
    "language": (*CODES, "unknown"),
    "pick": browsing.PICKS,
    "sort": tuple(browsing.SORTS),
}
_NAMES = {"q", "artist", "genre", "letter", "decade", "like", *_CHOICES}


def wanted(given: Mapping[str, Any]) -> Filter:
    """The filter in an address or a form.

    Args:
        given: q, level, status, artist, genre (several where it has a list, or the name more than
            once), decade, duet, language, explicit, missing, like, letter, pick, sort; "" is none.
    Raises:
        BadRequest: 400, a value that its filter does not know.
    """
    genres = given.getlist("genre") if isinstance(given, MultiDict) else given.get("genre", ())
    told = [genres] if isinstance(genres, str) else map(str, genres or ())
    values: dict[str, Any] = {
        "text": given.get("q", "")[:MOST_TEXT],
        "artist": given.get("artist", "")[:MOST_TEXT],
        "genres": tuple(dict.fromkeys(genre[:MOST_TEXT] for genre in told if genre))[:MOST_GENRES],
        "letter": given.get("letter", "")[:1].lower(),
    }
    for name, known in _CHOICES.items():
        value = given.get(name, "")
        if value and value not in known:
            raise BadRequest(_("There is no filter %(name)s=%(value)s.", name=name, value=value))
        if value:
            values[name] = value
    for name in ("decade", "like"):
        values[name] = number(given, name)
    return Filter(**values)


def of_json(given: Mapping[str, Any]) -> Filter:
    """The filter in a JSON object, whose null is none.

    Raises:
        BadRequest: 400, as above, and a name that no filter has: it would let all songs by.
    """
    texts: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _NAMES or isinstance(value, dict if name == "genre" else (dict, list)):
            raise BadRequest(_("There is no filter %(name)s=%(value)s.", name=name, value=value))
        texts[name] = value if isinstance(value, list) else "" if value is None else str(value)
    return wanted(texts)


def number(given: Mapping[str, str], name: str) -> int | None:
    """A number in an address, None where it is not given; anything else is a BadRequest."""
    text = given.get(name, "")
    value = whole_number(text)
    if text and (value is None or not 0 <= value < 2**63):
        raise BadRequest(_("%(name)s takes a whole number.", name=name))
    return value


def pages_of(endpoint: str, number: int, last: int, **arguments: Any) -> dict[str, str | None]:
    """Addresses of a list's first, previous, next and last page, None where there is none."""

    def address(page: int) -> str:
        return url_for(endpoint, **arguments, page=page if page > 1 else None)

    return {
        "first": address(1) if number > 1 else None,
        "previous": address(number - 1) if number > 1 else None,
        "next": address(number + 1) if number < last else None,
        "last": address(last) if number < last else None,
    }


def as_arguments(chosen: Filter) -> dict[str, Any]:
    """The filter as arguments of `url_for("enrichment.songs")`, without what filters nothing."""
    values = {
        "q": chosen.text,
        "level": chosen.level,
        "status": chosen.status,
        "artist": chosen.artist,
        "genre": list(chosen.genres),
        "decade": chosen.decade,
        "duet": chosen.duet,
        "language": chosen.language,
        "explicit": chosen.explicit,
        "missing": chosen.missing,
        "like": chosen.like,
        "letter": chosen.letter,
        "pick": chosen.pick,
        "sort": "" if chosen.sort == "artist" else chosen.sort,
    }
    return {name: value for name, value in values.items() if value not in ("", None, [])}
