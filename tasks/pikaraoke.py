"""PiKaraoke's own HTTP API, as 1.23.0 has it: its queue, a song put into it, a file renamed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
import urllib3

from ..database.urls import shown
from ..exceptions import AdminOnly, Declined, Unreachable
from ..providers.transport import Session, clock

# Seconds to be connected within, and to be answered within: PiKaraoke is on this machine or beside
# it, but its loop may stand still for a moment.
PATIENCE = (0.5, 2.0)
LONGER = (2.0, 15.0)
# And to be through with it, however it comes.
LONGEST_LOOK, LONGEST_DEED = 5.0, 30.0
LARGEST_ANSWER = 1024 * 1024


def queued_paths(url: str) -> list[str] | None:
    """Files in PiKaraoke's queue, None where it does not answer."""
    try:
        with _session(LONGEST_LOOK) as session:
            answer = session.get(f"{url}/get_queue", timeout=PATIENCE, stream=True)
            answer.raise_for_status()
            items = _read(answer)
    except (requests.RequestException, ValueError, RecursionError, OSError):
        return None
    if not isinstance(items, list):
        return None
    paths = [item.get("file") for item in items if isinstance(item, dict)]
    return [path for path in paths if isinstance(path, str)]


def put_into_queue(
    url: str, path: str, singer: str, cookies: Mapping[str, str], language: str = ""
) -> str:
    """Put a song into PiKaraoke's queue; returns what PiKaraoke says to that.

    Args:
        cookies: the session of who asks.
        language: as a browser's Accept-Language, for its words.
    Raises:
        Declined: it is in the queue already, or the singer has too many there.
        Unreachable: PiKaraoke does not answer.
    """
    form = {"song_to_add": path, "song_added_by": singer}
    said = _post(f"{url}/enqueue", form, cookies, language).get("success")
    if not (isinstance(said, list) and len(said) == 2 and isinstance(said[1], str)):
        raise Declined(_other_version(url))
    if said[0] is not True:
        raise Declined(said[1])
    return said[1]


def rename(url: str, path: str, proper: str, cookies: Mapping[str, str]) -> str:
    """Have PiKaraoke rename a file with its companions, which it refuses for one that plays or
    stands in its queue, or whose new name is taken.

    Args:
        path: the file as PiKaraoke knows it.
        proper: the new name without id and extension, which stay.
        cookies: the session of the admin who asks.
    Returns:
        The file's new path.
    Raises:
        Declined, Unreachable.
    """
    form = {"old_name": path, "new_name": proper}
    said = _post(f"{url}/batch-song-renamer/rename-song", form, cookies)
    renamed = said.get("new_file_name")
    if said.get("success") is not True or not isinstance(renamed, str):
        raise Declined(str(said.get("message") or _other_version(url)))
    return renamed


def _post(
    url: str, form: Mapping[str, str], cookies: Mapping[str, str], language: str = ""
) -> dict[str, Any]:
    try:
        with _session(LONGEST_DEED) as session:
            answer = session.post(
                url,
                data=form,
                cookies=dict(cookies),
                headers={"Accept-Language": language or "en"},
                timeout=LONGER,
                allow_redirects=False,
                stream=True,
            )
            if answer.is_redirect or answer.status_code in {401, 403}:
                raise AdminOnly(
                    "PiKaraoke lets only its admin do this: log in there, then try again"
                )
            if answer.status_code >= 500:  # it may have done it all the same
                raise Unreachable(
                    f"PiKaraoke at {_origin(url)} failed at this ({answer.status_code}): look into "
                    "its log, then try again"
                )
            said = _read(answer)
    except (requests.RequestException, OSError):
        raise Unreachable(
            f"PiKaraoke does not answer at {_origin(url)}: start it, or set its address in "
            "the settings"
        ) from None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Declined(_other_version(url))
    return said


@contextmanager
def _session(seconds: float) -> Iterator[requests.Session]:
    """A session that asks no proxy, as PiKaraoke is in this house, and breaks off after `seconds`
    what comes byte by byte."""
    clock.until = time.monotonic() + seconds
    try:
        with Session() as session:
            session.trust_env = False
            yield session
    finally:
        del clock.until


def _read(answer: requests.Response) -> Any:
    try:
        said = answer.raw.read(LARGEST_ANSWER, decode_content=True)
    except urllib3.exceptions.HTTPError as error:  # it stalled, broke off or sent a broken body
        raise requests.ConnectionError(str(error)) from None
    return json.loads(said)


def _other_version(url: str) -> str:
    return f"What answers at {_origin(url)} is no PiKaraoke that we know: 1.23.0 or newer is needed"


def _origin(url: str) -> str:
    """The server that a URL names, without a password."""
    return "/".join(shown(url).split("/", 3)[:3])
