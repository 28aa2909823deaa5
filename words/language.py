"""How a reader is spoken to: texts, plurals, numbers and times. English is the terminal's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def _english_number(number: float, places: int | None = None) -> str:
    if places is not None:
        return f"{number:,.{places}f}"
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        tag: its name for browsers ("pt-BR").
        direction: in which it is written, "ltr" or "rtl".
        gettext: an English text -> its translation, places for values still open.
        ngettext: the English texts for one and for many, and a number -> the translation for it.
        number: a number as it is written, with a number of decimal places where that is given.
        time, clock, date, day: epoch seconds -> the time of day, the same with seconds, the date,
            the date without its year.
    """

    tag: str = "en"
    direction: str = "ltr"
    gettext: Callable[[str], str] = str
    ngettext: Callable[[str, str, int], str] = lambda one, many, count: one if count == 1 else many
    number: Callable[..., str] = _english_number
    time: Callable[[float], str] = lambda at: time.strftime("%H:%M", time.localtime(at))
    clock: Callable[[float], str] = lambda at: time.strftime("%H:%M:%S", time.localtime(at))
    date: Callable[[float], str] = lambda at: time.strftime("%Y-%m-%d", time.localtime(at))
    day: Callable[[float], str] = lambda at: time.strftime("%m-%d", time.localtime(at))


ENGLISH = Language()
