"""Telling the host elsewhere: a run is done, or something has held it up for an hour."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Any

from ..database.urls import shown

log = logging.getLogger("pikaraoke_enrichment")

# Seconds that trouble may last before the host is told, and to be connected and answered within.
STUCK_AFTER = 3600.0
PATIENCE = (5.0, 10.0)


class Notices:
    """Decides what is worth a notice. Pure: who calls it sends what it returns."""

    def __init__(self) -> None:
        self._had_work = False
        self._stuck_since: float | None = None
        self._told_stuck = False

    def note(self, snapshot: Mapping[str, Any], now: float) -> str:
        """What is to be told of a snapshot, "" for nothing; `now` is seconds on a steady clock."""
        if snapshot["state"] != "waiting":
            self._stuck_since, self._told_stuck = None, False
        elif self._stuck_since is None:
            self._stuck_since = now
        elif now - self._stuck_since >= STUCK_AFTER and not self._told_stuck:
            self._told_stuck = True
            return f"The look-ups have waited for an hour: {snapshot['reason']}"
        if snapshot["remaining"]:
            self._had_work = True
            return ""
        if not self._had_work:
            return ""
        self._had_work = False
        unsure = snapshot["parsed"] + snapshot["failed"]
        return (
            f"All {snapshot['total']} songs are looked up: {snapshot['enriched']} enriched, "
            f"{unsure} wait for you"
        )


def send(url: str, text: str) -> None:
    """Post a text to a webhook or an ntfy topic, behind the caller's back; a failure is logged."""
    threading.Thread(target=_post, args=(url, text), name="Notice", daemon=True).start()


def _post(url: str, text: str) -> None:
    import requests  # who sends no notice does not load it for this

    try:
        answer = requests.post(
            url, data=text.encode(), headers={"Title": "PiKaraoke enrichment"}, timeout=PATIENCE
        )
        answer.raise_for_status()
    except requests.RequestException as error:  # its words may hold the URL, and that a secret
        place = "/".join(shown(url).split("/", 3)[:3])
        log.warning("No notice could be sent to %s: %s", place, type(error).__name__)
