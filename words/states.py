"""Where the worker stands, in a few words on a page and in full on a terminal."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from ..system.invocation import DEMONSTRATION, typed
from ..system.said import N_, Said
from .language import ENGLISH, Language
from .sentences import sentence, told
from .units import duration

# A page has its buttons beside the state, which tell the rest.
_BRIEF = {
    "stopped": N_("Stopped"),
    "paused": N_("Paused"),
    "offline": N_("Offline: start %(command)s"),
}
_WAITING = {
    "open": N_("Waiting: %(provider)s unreachable, next try in %(time)s"),
    "probing": N_("Waiting: %(provider)s was unreachable and is being tried again"),
    "limited": N_("Waiting: %(provider)s asks us to slow down, next try in %(time)s"),
    "refused": N_("Waiting: %(provider)s refuses our requests, next try in %(time)s"),
}
# Without the time that changes at every look: what a screen reader says aloud.
_WAITING_ALOUD = {
    "open": N_("Waiting: %(provider)s unreachable"),
    "probing": N_("Waiting: %(provider)s is being tried again"),
    "limited": N_("Waiting: %(provider)s asks us to slow down"),
    "refused": N_("Waiting: %(provider)s refuses our requests"),
}


# A terminal has no buttons to press; but in the demonstration the dashboard's alone reach it.
_TYPED = {
    "stopped": "Stopped: {start} ends it",
    "paused": "Paused: {resume} ends it",
    "offline_then_stopped": "No consumer is running, and the next one begins stopped: {start}",
    "offline_then_paused": "No consumer is running, and the next one begins paused: {resume}",
}


def in_full(snapshot: Mapping[str, Any], now: float | None = None) -> str:
    """What the worker is about, and until when it waits, for the terminal."""
    how = _TYPED.get(snapshot.get("why", {}).get("code", ""))
    if how and DEMONSTRATION not in os.environ:
        return how.format(start=typed("start"), resume=typed("resume"))
    words = snapshot["reason"] or snapshot["state"]
    if snapshot["state"] != "waiting" or not snapshot["reason"]:
        return str(words)
    again = snapshot.get("retry_at")
    now = time.time() if now is None else now
    next_try = f", next try in {duration(again - now)}" if again else ""
    return f"waiting for {words}{next_try}"


def second_looks(count: int, language: Language = ENGLISH) -> str:
    """How many songs that were looked up are to be asked of slower services too, and why."""
    words = language.ngettext(
        "%(count)s second look for what is still missing",
        "%(count)s second looks for what is still missing",
        count,
    )
    return words % {"count": language.number(count)}


def brief(snapshot: Mapping[str, Any], now: float, language: Language = ENGLISH) -> tuple[str, str]:
    """The state as a page shows it, and as it is said aloud."""
    state, say = snapshot["state"], language.gettext
    is_waiting = state == "waiting"
    rows = snapshot["providers"] if is_waiting else ()
    shut = [row for row in rows if row["retry_at"] and row["state"] in _WAITING]
    if shut:
        # In whole seconds, so that of providers that went away together always the same one is
        # named.
        first = min(shut, key=lambda row: round(row["retry_at"]))
        time_left = duration(first["retry_at"] - now, language)
        values = {"provider": say(first["label"]), "time": time_left}
        return say(_WAITING[first["state"]]) % values, say(_WAITING_ALOUD[first["state"]]) % values
    if is_waiting:
        words = say(N_("Waiting: %(reason)s")) % {"reason": told(snapshot, language)}
    elif snapshot.get("rests_until"):
        words = sentence(Said("quiet_hours", until=snapshot["rests_until"]), language)
    elif snapshot.get("held"):
        words = sentence(Said("song_plays"), language)
    elif state in _BRIEF:
        words = say(_BRIEF[state]) % snapshot["why"]["params"]
    elif not snapshot["total"]:
        words = say(N_("Running: no songs in the library yet"))
    elif not snapshot["remaining"]:
        words = say(N_("Running: every song is done, new ones are taken up as they come"))
    else:
        words = sentence(Said("running"), language)
    return words, words
