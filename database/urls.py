"""Where data lives: the path of a file, or the URL of a server, whose password is never shown."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from ..system.invocation import adding

Kind = Literal["file", "redis", "postgresql"]

_SCHEMES: dict[str, Kind] = {
    "redis": "redis",
    "rediss": "redis",
    "postgresql": "postgresql",
    "postgres": "postgresql",
}
# The package that talks to each kind of server; our extra of the kind's name installs it.
DRIVERS: dict[Kind, str] = {"redis": "redis", "postgresql": "psycopg"}
_PACKAGES = {"redis": "redis", "postgresql": "psycopg[binary]"}
_LONE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
# Either of its parts may be the password.
_AMBIGUOUS = re.compile(r"\?.*pass.*=.*@", re.DOTALL | re.IGNORECASE)
_SECRET = re.compile(r"(?<=://)(.*)(?=@)", re.DOTALL)


def is_server(place: str) -> bool:
    """Whether this is a server's URL."""
    return "://" in place


def is_missing(place: str) -> bool:
    """Whether this is a file that is not there; a server is asked when it is needed."""
    return not is_server(place) and not Path(place).exists()


def kind_of(place: str) -> Kind:
    """The kind of place; raises ValueError for a URL of something else."""
    if not is_server(place):
        return "file"
    scheme = place.partition("://")[0].lower()
    if scheme not in _SCHEMES:
        raise ValueError
    return _SCHEMES[scheme]


def check(url: str) -> str:
    """A server's URL in the spelling that its driver takes.

    Raises:
        ValueError: it names no database or port, or a sign in its password is not escaped.
        LookupError: its driver is not installed; the text says how to get it.
    """
    kind = kind_of(url)
    parts = urlsplit(url)
    has_sign = "@" in parts.path or "@" in parts.query or bool(parts.fragment)
    # A driver may take what follows the first one for the host, and tell half a password as one.
    has_sign = has_sign or parts.netloc.count("@") > 1
    is_escaped = not (has_sign or _LONE_PERCENT.search(url))
    if parts.port == 0 or not is_escaped or (kind == "postgresql" and len(parts.path) < 2):
        raise ValueError
    if importlib.util.find_spec(DRIVERS[kind]) is None:
        raise LookupError(
            f"names a {kind} server, for which a package is missing: "
            f"{adding(_PACKAGES[kind], kind)}"
        )
    scheme = "postgresql" if kind == "postgresql" else parts.scheme.lower()
    return f"{scheme}://{url.partition('://')[2]}"


def shown(place: str) -> str:
    """A place as people may see it: no password, and nothing after a "?", where one may stand."""
    if not is_server(place):
        return place
    scheme, _, rest = place.partition("://")
    if _AMBIGUOUS.search(rest):
        return f"{scheme}://***"
    return _SECRET.sub(_without_secret, place).partition("?")[0]


def _without_secret(found: re.Match[str]) -> str:
    user, colon, _ = found[1].partition(":")
    if colon:
        return f"{user}:***"
    return "***" if "@" in user else user


def without_password(text: str, place: str) -> str:
    """A driver's words about a place, without the password that it may repeat."""
    if not is_server(place):
        return text
    found = _SECRET.search(place)
    secrets = [found[1].partition(":")[2]] if found else []
    secrets += [value for key, value in parse_qsl(urlsplit(place).query) if "password" in key]
    text = text.replace(place, shown(place))
    for secret in {*secrets, *map(unquote, secrets)} - {""}:
        text = text.replace(secret, "***")
    return text
