"""A number in front of a name: its place in a list, or part of the artist or the title. Pure."""

# ruff: noqa: E501  (a table's row stays on one line)

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from . import known_names
from .folding import fold
from .noise import without_noise

# What is known of a folder without names.
NO_NUMBERS: Mapping[str, bool] = {}


class Form(NamedTuple):
    """How lists write a name's place before it.

    Attributes:
        kind: its name, and that of the pattern's group around the digits.
        sure: whether nothing else is written so.
        pattern: the number with the signs that part it from the name.
        example: the real case behind the row.
    """

    kind: str
    sure: bool
    pattern: str
    example: str


class Front(NamedTuple):
    """A number in front.

    Attributes:
        kind: how it is written; the names of one list write it in one way.
        number: its digits.
        end: where the name begins that follows it.
    """

    kind: str
    number: str
    end: int


FORMS: tuple[Form, ...] = (
    Form("date", True, r"(?P<date>(?:19|20)\d\d(?:[01]\d[0-3]\d|[-_.][01]?\d[-_.][0-3]?\d))[ _.-]+(?=\S)", "20210506 Adele - Hello"),
    Form("track", True, r"(?:track|titel|pista|faixa|piste|traccia|song|lagu|bài|曲)[ _]?(?P<track>\d{1,4})(?: - |[.):_-]+ *| +)(?=\S)", "Track 12. Adele - Hello"),
    Form("sign", True, r"(?:[#№] ?|n[ro]\. ?|no )(?P<sign>\d{1,5})(?: - |[.):]+ *| +)(?=\S)", "No. 12 Adele - Hello"),
    Form("dot", True, r"(?P<dot>\d{1,6})(?:\.[ _]*(?=[^\d\s])|\. +(?=\S)|\.(?=\d{5,} ))", "102. Adele - Hello"),
    Form("bracket", True, r"[(\[]?(?P<bracket>\d{1,6})(?:[)\]][ _.-]*|- +)(?=\S)", "102) Adele - Hello"),
    Form("zeros", True, r"(?P<zeros>0\d{1,5})(?: - | ?[._-] ?| +)(?=\D|\d+ \D)", "0102 Adele - Hello"),
    Form("book", True, r"(?P<book>\d{5,7})(?: - |[ _-]+)(?=\S)", "35102 - Hello - Adele"),
    Form("underscore", True, r"(?P<underscore>\d{1,4})_+ *(?=[^_\s])", "12_Adele - Hello"),
    Form("dash", False, r"(?P<dash>\d{1,4}) - (?=\S)", "102 - Adele - Hello"),
    Form("hyphen", False, r"(?P<hyphen>\d{2,4})-(?=[^\s\d-]|\d{5,} |\d+[ _\w]*[ _][^\W\d])", "102-Adele - Hello"),
    Form("space", False, r"(?P<space>\d{1,4}) +(?=\S)", "102 Adele - Hello"),
)  # fmt: skip

# Kinds that need no neighbours, and those among them that some artist's name looks like: "01099".
_SURE = frozenset(form.kind for form in FORMS if form.sure)
_NAMES_TOO = frozenset(("zeros", "book"))
_FIRST = frozenset("#([№nNtTpPfFsSlLbB曲")
# What ends the artist or title that may begin with the number.
_SEGMENT_END = re.compile(r" [-–—|~:/] ?|[-–—|:] |_-_|[|(\[{\"]|(?<=\w)[-–—](?=\w)")
_SEPARATOR = re.compile(r" [-–—|~:/] | - ?|[-–—] |\||[(\[【)\]】「」《》]|(?<=[^\x00-\x7f])/")
# What a name has that is more than a title: "710 - “Hasta ayer” (Marc Anthony karaoke)".
_ODD = re.compile(r"[\"「『《/]|(?<!\w)(?:by|ft|feat)(?!\w)| {2}|[^\x00-\u2000] ")
# Numbers that titles and artists are made of whatever follows: "100 Gecs", "1000 Oceans".
_ROUND = frozenset(("100", "1000", "1001"))
# What titles count, folded: "365 Days", "18 Yellow Roses", "17 años", "1000 Träume weit".
_COUNTED = frozenset((
    "years", "days", "nights", "hours", "hour", "minutes", "seconds", "miles", "weeks", "months", "times", "ways", "guns", "girls", "boys",
    "candles", "roses", "stars", "tears", "reasons", "anos", "dias", "noches", "horas", "minutos", "segundos", "besos", "rosas", "ans", "jours",
    "nuits", "heures", "fois", "anni", "mesi", "meses", "mois", "semanas", "monate", "wochen",
    "giorni", "notti", "ore", "minuti", "jahre", "tage", "nachte", "stunden", "mal",
    "meter", "rokow", "dni", "godzin", "лет", "днеи",
    "ночеи", "часов", "tahun", "hari", "jam", "年", "天", "日", "秒", "歳",
))  # fmt: skip
_JOINED = frozenset(("and", "or", "y", "o", "und", "et", "ou", "e", "til", "till", "to"))
# So many names with different numbers make a list, if most of the folder has them.
_FEWEST, _SHARE = 3, 0.7


def front_of(text: str) -> Front | None:
    """The number in front of a name, None where there is none."""
    if not text[:1].isdigit() and text[:1] not in _FIRST:
        return None
    found = _forms().match(text)
    if found is None or not any(map(str.isalpha, text[found.end() :])):
        return None
    kind = found.lastgroup or ""
    number = found[kind]
    if kind in ("underscore", "hyphen") and " " not in text:
        kind = "space"  # "99_Problems_-_Jay-Z", "99-luftballons-nena-karaoke"
    return Front(kind, number, found.end())


def without_number(text: str, numbered: Mapping[str, bool] = NO_NUMBERS) -> str:
    """A name without the number in front that only tells a place in a list.

    Args:
        text: the name in plain characters.
        numbered: what the folder's other names say of each kind (`numbered_kinds`).
    """
    for _ in range(2):  # "102. 35102 - Hello - Adele": a list's own, and a song book's
        front = front_of(text)
        if front is None or not _is_place(front, text[front.end :], numbered):
            break
        text = text[front.end :]
    return text


def _is_place(front: Front, rest: str, numbered: Mapping[str, bool]) -> bool:
    if front.kind in numbered:
        return numbered[front.kind]
    if front.kind == "dash" and len(front.number) > 2 and rest.count("_") > 1 and " " not in rest:
        return True  # "122 - Always_Be_My_Baby_David_Cook"
    if front.kind in _SURE:
        # "01099 - Frühling" has an artist's name in front.
        return front.kind not in _NAMES_TOO or front.number not in known_names.artists()
    return _is_place_alone(front, rest.replace("_", " "))


def _is_place_alone(front: Front, rest: str) -> bool:
    """The same for a name without neighbours, where the form leaves it open.

    "21 Guns - Green Day", "50 Cent - In Da Club" and "1979 - Smashing Pumpkins" begin with their
    numbers, "102 Adele - Hello" does not.
    """
    number = front.number
    artists, titles = known_names.artists(), known_names.titles()
    segments = [each for each in map(str.strip, _SEPARATOR.split(rest, 6)) if each]
    parted = sum(without_noise(each, True).text != "" for each in segments) > 1
    left = _SEGMENT_END.split(rest, 1)[0].strip()
    folded = fold(left)
    if front.kind != "dash":
        words = fold(f"{number} {left}").split()
        heads = (" ".join(words[:size]) for size in range(2, min(5, len(words)) + 1))
        if any(head in artists or head in titles for head in heads):
            return False
    if number in artists and not (parted and (folded in artists or front.kind != "dash")):
        return False
    if folded in artists:
        return parted or front.kind == "hyphen"
    if folded in titles:
        return parted or len(number) > 2
    if _is_year(number) or number in _ROUND or _is_count(number, left.lower().split()):
        return False
    if front.kind == "dash":
        return parted or (len(number) > 2 and _ODD.search(rest) is not None)
    return (parted and len(number) > 1) or len(number) > 2 or front.kind == "hyphen"


def _is_count(number: str, words: list[str]) -> bool:
    """Whether the words after a number tell what is counted: "18 Yellow Roses", "40 y 20"."""
    if not words or words[0] in _JOINED:
        return bool(words)
    reach = 2 if len(number) < 3 else 1
    return not _COUNTED.isdisjoint(map(fold, words[:reach]))


def _is_year(number: str) -> bool:
    return len(number) == 4 and "1900" <= number <= "2039"


def numbered_kinds(names: Iterable[str]) -> dict[str, bool]:
    """What the names of one folder say of each kind of number in front.

    Args:
        names: the folder's names in plain characters.
    Returns:
        For each kind found whether it tells the place in the list: most names have it, each with
        another number. Kinds of which the names tell nothing are left out.
    """
    numbers: dict[str, list[str]] = defaultdict(list)
    count = 0
    for name in names:
        count += 1
        if (front := front_of(name)) is not None:
            numbers[front.kind].append(front.number)
    if count < _FEWEST:
        return {}
    told = {}
    for kind, found in numbers.items():
        if len(found) >= max(_FEWEST, _SHARE * count):
            # All of one number may be a singer's: "50 Cent - In Da Club".
            if kind in _SURE or 2 * len(set(found)) > len(found):
                told[kind] = True
        elif kind not in _SURE and count >= 3 * _FEWEST and len(found) < 0.3 * count:
            told[kind] = False
    return told


@cache
def _forms() -> re.Pattern[str]:
    return re.compile("|".join(form.pattern for form in FORMS), re.IGNORECASE)
