"""PiKaraoke as our pages speak to it: where it is, and on whose behalf it is asked."""

from __future__ import annotations

import time
from urllib.parse import quote, unquote, urlsplit

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from ..tasks import pikaraoke
from .access import is_own_host
from .mounted import mounted

# PiKaraoke's own cookie with the name of whoever uses this device; its pages read it too.
_SINGER = "user"
_TEN_YEARS = 3650 * 24 * 3600
LONGEST_NAME = 60
# Seconds after which PiKaraoke is asked for its queue again; longer where it did not answer.
_ASK_AGAIN, _ASK_SILENT_AGAIN = 3.0, 30.0


def address() -> str:
    """Where PiKaraoke answers: inside it, itself; else where the settings say."""
    port = getattr(current_app.config.get("KARAOKE_INSTANCE"), "port", None)
    if mounted().has_host_frame and port:
        base_path = str(current_app.config.get("PIKARAOKE_BASE_PATH") or "")
        return f"http://127.0.0.1:{port}{base_path}"
    return mounted().settings.pikaraoke_url


def queued_paths() -> frozenset[str]:
    """Files that wait in PiKaraoke's queue; none where it does not answer.

    Inside PiKaraoke a look costs nothing; beside it, we ask it at most every few seconds.
    """
    global _queue_asked
    karaoke = current_app.config.get("KARAOKE_INSTANCE")
    if mounted().has_host_frame and karaoke is not None:
        waiting = getattr(getattr(karaoke, "queue_manager", None), "queue", [])
        return frozenset(item["file"] for item in list(waiting))
    url = address()
    until, of, paths = _queue_asked
    if time.monotonic() >= until or of != url:
        found = pikaraoke.queued_paths(url)
        paths = frozenset(found or ())
        until = time.monotonic() + (_ASK_AGAIN if found is not None else _ASK_SILENT_AGAIN)
        _queue_asked = until, url, paths
    return paths


_queue_asked: tuple[float, str, frozenset[str]] = (0.0, "", frozenset())


def guests_address() -> str:
    """Where everyone in the room finds songs, "" where that is not known: an admin who sits at the
    machine itself calls it localhost, which on a guest's phone is the phone."""
    page = url_for("enrichment.find")
    told = getattr(current_app.config.get("KARAOKE_INSTANCE"), "url", None)  # as its QR code says
    if mounted().has_host_frame and told:
        scheme, host = urlsplit(told)[:2]
        return f"{scheme}://{host}{page}"
    return "" if is_own_host() else url_for("enrichment.find", _external=True)


def session_cookies() -> dict[str, str]:
    """What proves to PiKaraoke that its admin asks; nothing where we are not inside it."""
    name = str(current_app.config["SESSION_COOKIE_NAME"])
    if mounted().has_host_frame and name in request.cookies:
        return {name: request.cookies[name]}
    return {}


def singer() -> str:
    """Who queues songs with this device: as the form says, else as PiKaraoke knows; "" unknown."""
    given = request.form.get("singer", "") or unquote(request.cookies.get(_SINGER, ""))
    return " ".join("".join(c for c in given if c.isprintable()).split())[:LONGEST_NAME]


def remember_singer(response: Response, name: str) -> None:
    """Have this device keep the name, for us and for PiKaraoke."""
    path = str(current_app.config.get("SESSION_COOKIE_PATH") or "/")
    value = quote(name, safe="")
    response.set_cookie(_SINGER, value, max_age=_TEN_YEARS, path=path, samesite="Lax")
