"""Telling the host elsewhere: a run is done, or something has needed them for an hour."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ..providers.base import REFUSED
from ..system.said import Said
from ..words.sentences import sentence

log = logging.getLogger("pikaraoke_enrichment")

# Seconds that trouble may last before the host is told, and to be connected and answered within.
STUCK_AFTER = 3600.0
PATIENCE = (5.0, 10.0)
# A service that has refused us is tried again after an hour: trouble that is back within this many
# seconds has lasted.
GONE_AFTER = 300.0
# Seconds after which a notice that was not taken is sent again, and that an end may wait for one.
AGAIN_AFTER = (5.0, 30.0)
LAST_WORDS = 5.0
# A run of fewer songs, as each download is one, is told only where more of them wait for a person.
LONG_RUN = 20
TEST = "This is a test: notices of the look-ups arrive here"


class Notices:
    """Decides what is worth a notice. Pure: who calls it sends what it returns."""

    def __init__(self) -> None:
        self._most_open = 0
        self._last_unsure = 0
        self._lasting: dict[str, tuple[float, float]] = {}  # trouble -> since when, seen when
        self._told: set[str] = set()

    def note(self, snapshot: Mapping[str, Any], now: float) -> list[str]:
        """What is to be told of a snapshot; `now` is seconds on a steady clock."""
        done = self._done(snapshot)
        # Everything stands still, or a service has shut us out.
        troubles = {
            row["name"]: f"{row['label']} has not let us in for an hour: {row['reason']}"
            for row in snapshot["providers"]
            if row["state"] == REFUSED
        }
        if snapshot["state"] == "waiting":
            troubles["waiting"] = f"The look-ups have waited for an hour: {snapshot['reason']}"
        return [*self._stuck(troubles, now), *([done] if done else [])]

    def failed(self, words: str, now: float) -> list[str]:
        """What is to be told of housekeeping that fails, as it does on a full disk."""
        still = dict.fromkeys(self._lasting, "")  # of the others nothing new is known
        return self._stuck({**still, "housekeeping": f"The look-ups cannot go on: {words}"}, now)

    def _stuck(self, troubles: Mapping[str, str], now: float) -> list[str]:
        """The words of troubles that have lasted long enough, each once as long as it lasts."""
        for name in troubles:
            since = self._lasting[name][0] if name in self._lasting else now
            self._lasting[name] = since, now
        self._lasting = {
            name: (since, seen)
            for name, (since, seen) in self._lasting.items()
            if now - seen <= GONE_AFTER
        }
        self._told &= self._lasting.keys()
        fresh = [
            name
            for name, (since, _) in self._lasting.items()
            if now - since >= STUCK_AFTER and troubles.get(name) and name not in self._told
        ]
        self._told.update(fresh)
        return [troubles[name] for name in fresh]

    def _done(self, snapshot: Mapping[str, Any]) -> str:
        """The words for a run that is done; "" while it is not, or is not worth a word."""
        if snapshot["remaining"]:
            self._most_open = max(self._most_open, snapshot["remaining"])
            return ""
        most, self._most_open = self._most_open, 0
        unsure = snapshot["parsed"] + snapshot["failed"]
        before, self._last_unsure = self._last_unsure, unsure
        if not most or (most < LONG_RUN and unsure <= before):
            return ""
        return (
            f"All {snapshot['total']} songs are looked up: {snapshot['enriched']} enriched, "
            f"{unsure} wait for you"
        )


# --- sending --------------------------------------------------------------------------------------


class Sender:
    """Sends notices behind the caller's back, and again where they are not taken."""

    def __init__(self) -> None:
        self._under_way: list[threading.Thread] = []

    def send(self, url: str, text: str) -> None:
        """Post a text; what is not taken in the end is logged, without the address' secret part."""
        self._under_way = [each for each in self._under_way if each.is_alive()]
        thread = threading.Thread(target=_send, args=(url, text), name="Notice", daemon=True)
        thread.start()
        self._under_way.append(thread)

    def finish(self) -> None:
        """Wait for what is under way, as a run that is done says so and ends at once."""
        until = time.monotonic() + LAST_WORDS
        for thread in self._under_way:
            thread.join(max(0.0, until - time.monotonic()))


def _send(url: str, text: str) -> None:
    for rest in (*AGAIN_AFTER, None):
        fault = post(url, text)
        if fault is None:
            return
        if rest is None:
            log.warning("No notice could be sent to %s: %s", place_of(url), sentence(fault))
        else:
            time.sleep(rest)


def post(url: str, text: str) -> Said | None:
    """Post a text to a webhook or an ntfy topic.

    Returns:
        None where it was taken, else what went wrong ("no connection", "HTTP 404"); never the
        address, as it may hold a secret.
    """
    import requests  # who sends no notice does not load it for this

    try:
        pair = requests.utils.get_auth_from_url(url)
        answer = requests.post(
            url,
            data=text.encode(),
            headers={"Title": "PiKaraoke enrichment", "Content-Type": "text/plain; charset=utf-8"},
            auth=pair if any(pair) else lambda request: request,  # no password of ~/.netrc
            timeout=PATIENCE,
            allow_redirects=False,  # there a page would be asked for, and taken for an answer
        )
    except requests.ConnectTimeout:
        return Said("connect_timeout", seconds=PATIENCE[0])
    except requests.Timeout:
        return Said("silent", seconds=PATIENCE[1])
    except requests.exceptions.SSLError:
        return Said("no_secure_connection")
    except ValueError:  # requests' own of a bad address are such too
        return Said("address_not_valid")
    except requests.RequestException:
        return Said("no_connection")
    if 200 <= answer.status_code < 300:
        return None
    return Said(f"HTTP {answer.status_code}")  # the same in every language


def place_of(url: str) -> str:
    """What of such an address can be shown: "https://ntfy.sh"; "" for none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
