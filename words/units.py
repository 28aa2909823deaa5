"""Amounts in words, the same on terminal and page."""

from __future__ import annotations

from ..system.said import N_
from .language import ENGLISH, Language


def duration(seconds: float, language: Language = ENGLISH) -> str:
    """A time in its two largest units: "42 s", "2 min 31 s", "3 h 5 min", "2 d 4 h"."""
    whole = max(0, round(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    say = language.gettext
    if days:
        return say(N_("%(days)s d %(hours)s h")) % {"days": days, "hours": hours % 24}
    if hours:
        return say(N_("%(hours)s h %(minutes)s min")) % {"hours": hours, "minutes": minutes % 60}
    if minutes:
        values = {"minutes": minutes, "seconds": whole % 60}
        return say(N_("%(minutes)s min %(seconds)s s")) % values
    return say(N_("%(seconds)s s")) % {"seconds": whole}


def rounded(seconds: float, language: Language = ENGLISH) -> str:
    """A time that nobody can know to the second: "1 min", "25 min", "1 to 2 h", "12 h"."""
    minutes, say = seconds / 60, language.gettext
    if minutes <= 10:
        return say(N_("%(minutes)s min")) % {"minutes": max(1, round(minutes))}
    if minutes <= 57:
        return say(N_("%(minutes)s min")) % {"minutes": 5 * round(minutes / 5)}
    hours = int(seconds / 3600 + 0.25)
    if 1.2 <= seconds / 3600 < 8:
        return say(N_("%(least)s to %(most)s h")) % {"least": max(1, hours), "most": hours + 1}
    return say(N_("%(hours)s h")) % {"hours": max(1, round(seconds / 3600))}
