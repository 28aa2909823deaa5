"""How a reader is spoken to: texts, plurals, numbers and times. English is the terminal's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def _english_plural(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


def _english_number(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


def _english_time(at: float) -> str:
    return time.strftime("%H:%M", time.localtime(at))


@dataclass(frozen=True, slots=True)
class Language:
    """One language.

    Attributes:
        gettext: an English text -> its translation, places for values still open.
        ngettext: the English text for one, for many, and how many -> the translation for so many.
        number: a number as it is written.
        time: epoch seconds -> the time of day.
    """

    gettext: Callable[[str], str] = str
    ngettext: Callable[[str, str, int], str] = _english_plural
    number: Callable[[float], str] = _english_number
    time: Callable[[float], str] = _english_time


ENGLISH = Language()
