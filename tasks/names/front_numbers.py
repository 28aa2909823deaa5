"""A number in front of a name: its place in a list, or part of the artist or the title. Pure."""

# ruff: noqa: E501  (a table's row stays on one line)

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from . import known_names
from .credits import CREDIT
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
        sign: what parts it from the name, "" for a space.
        end: where the name begins that follows it.
    """

    kind: str
    number: str
    sign: str
    end: int


FORMS: tuple[Form, ...] = (
    Form("date", True, r"[(\[]?(?P<date>(?:19|20)\d\d(?:[01]\d[0-3]\d|[-_.][01]?\d[-_.][0-3]?\d)|[0-3]?\d[-_.][01]?\d[-_.](?:19|20)\d\d)(?:_\d{6})?[)\]]?[ _.-]+(?=\S)", "20210506 Adele - Hello"),
    Form("track", True, r"(?:track|titel|pista|faixa|piste|traccia|song|lagu|bài|曲)[ _]?(?P<track>\d{1,4})(?: - |[.):_-]+ *| +)(?=\S)", "Track 12. Adele - Hello"),
    Form("sign", True, r"(?:[#№] ?|n[ro]?[.°º] ?|no )(?P<sign>\d{1,5})(?: - |[.):]+ *| +)(?=\S)", "No. 12 Adele - Hello"),
    Form("dot", True, r"(?P<dot>\d{1,6})(?:\.[ _]*(?=[^\d\s])|\. +(?=\S)|\.(?=\d{5,} ))", "102. Adele - Hello"),
    Form("bracket", True, r"[(\[]?(?P<bracket>\d{1,6})(?:[)\]][ _.-]*|- +)(?=\S)", "102) Adele - Hello"),
    Form("zeros", True, r"(?P<zeros>0\d{1,5})(?: - | ?[._-] ?| +)(?=\D|\d+ \D)", "0102 Adele - Hello"),
    Form("book", True, r"(?P<book>\d{5,7})(?: - |[ _-]+)(?=\S)", "35102 - Hello - Adele"),
    Form("dash", False, r"(?P<dash>\d{1,4})(?: [-–|:.] +|: +|_-_| _ )(?=\S)", "102 - Adele - Hello"),
    Form("underscore", True, r"(?P<underscore>\d{1,4})_+ *(?=[^_\s])", "12_Adele - Hello"),
    Form("point", False, r"(?P<point>\d{2,4})\.(?=\d{1,3}[^\W\d]|\d{1,3} )", "102.2 Quell - Adele - Hello"),
    Form("hyphen", False, r"(?P<hyphen>\d{2,4})-(?=[^\s\d-]|\d{5,} |\d+[ _\w]*[ _][^\W\d])", "102-Adele - Hello"),
    Form("space", False, r"(?P<space>\d{1,4}) +(?=\S)", "102 Adele - Hello"),
)  # fmt: skip

_FORMS = re.compile("|".join(form.pattern for form in FORMS), re.IGNORECASE)
# Kinds that need no neighbours, and those among them that some artist's name looks like: "01099".
_SURE = frozenset(form.kind for form in FORMS if form.sure)
_NAMES_TOO = frozenset(("zeros", "book"))
_FIRST = frozenset("#([№nNtTpPfFsSlLbB曲")
# What ends the artist or title that may begin with the number.
_SEGMENT_END = re.compile(r" [-–—|~:/] ?|[-–—|:] |_-_|[|(\[{\"]|(?<=\w)[-–—](?=\w)")
_BRACKET_THEN_NAME = re.compile(r"(?:[(\[{][^()\[\]{}]*[)\]}] ?)+\w")
_END_BRACKETS = re.compile(r"(?: ?[(\[{][^()\[\]{}]*[)\]}])+$")
_SEPARATOR = re.compile(r" [-–—|~:/] | - ?|[-–—] |\||[(\[【)\]】「」《》]|(?<=[^\x00-\x7f])/")
# Kinds that part the number from what follows, as artist and title are parted.
_PARTING = frozenset(("dash", "point"))
_QUOTATIONS = frozenset('"「『《【')
# What a name has that is more than a title: "710 - “Hasta ayer” (Marc Anthony karaoke)".
_ODD = re.compile(r"[\"「『《/]|(?<!\w)(?:by|ft|feat)(?!\w)| {2}|[^\x00-\u2000] ")
# Numbers that titles and artists are made of whatever follows: "100 Gecs", "1000 Oceans".
_ROUND = frozenset(("100", "1000", "1001"))
# What titles count, folded: "365 Days", "18 Yellow Roses", "17 años", "1000 Träume weit".
_COUNTED = frozenset((
    "uhr", "jahr", "lander", "meilen", "karat", "groszy", "words", "kinds", "tons", "channels", "carats", "annee", "ways",
    "oclock", "feet", "inch", "inches", "dollars", "bars", "shots", "beers", "tequila", "percent", "prozent", "grad",
    "years", "days", "nights", "hours", "hour", "minutes", "seconds", "miles", "weeks", "months", "times", "guns", "girls", "boys",
    "candles", "roses", "stars", "tears", "reasons", "anos", "dias", "noches", "horas", "minutos", "segundos", "besos", "rosas", "ans", "jours",
    "nuits", "heures", "fois", "anni", "mesi", "meses", "mois", "semanas", "monate", "wochen",
    "giorni", "notti", "ore", "minuti", "jahre", "tage", "nachte", "stunden", "mal",
    "meter", "rokow", "dni", "godzin", "лет", "днеи",
    "ночеи", "часов", "tahun", "hari", "jam", "年", "天", "日", "秒", "歳",
))  # fmt: skip
_JOINED = frozenset(("and", "or", "y", "o", "und", "et", "ou", "e", "til", "till", "to"))
# How many names with different numbers make a list, if most of the folder has them, or if they lie
# close together: "41 …", "42 …", "44 …". Single digits do so by themselves.
_FEWEST, _SHARE = 3, 0.7
_FEWEST_CLOSE, _CLOSE = 5, 2


def front_of(text: str) -> Front | None:
    """The number in front of a name, None where there is none."""
    if not text[:1].isdigit() and text[:1] not in _FIRST:
        return None
    found = _FORMS.match(text)
    if found is None or not any(map(str.isalpha, text[found.end() :])):
        return None
    kind = found.lastgroup or ""
    number = found[kind]
    if kind in ("underscore", "hyphen") and " " not in text:
        kind = "space"  # "99_Problems_-_Jay-Z", "99-luftballons-nena-karaoke"
    return Front(kind, number, text[found.end(kind) : found.end()].strip(), found.end())


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
        # "50 Cent - In da Club" in the midst of a list is no song of one Cent.
        return numbered[front.kind] and not (front.kind == "space" and _is_known(front, rest))
    if front.kind in _SURE:
        # "01099 - Frühling" has an artist's name in front.
        return front.kind not in _NAMES_TOO or front.number not in known_names.artists()
    # Without neighbours, where the form leaves it open: "21 Guns - Green Day", "50 Cent - In Da
    # Club" and "1979 - Smashing Pumpkins" begin with their numbers, "102 Adele - Hello" does not.
    number, parts = front.number, front.kind in _PARTING
    is_slug = " " not in rest and "_" in rest
    rest = rest.replace("_", " ")
    left = _SEGMENT_END.split(rest, 1)[0].strip()
    if not parts and _is_known(front, left):
        return False
    if is_slug and front.sign != "_" and rest.count(" ") > 1:
        return True  # "122 - Always_Be_My_Baby_David_Cook", "42-One_Direction_History"
    artists, titles = known_names.artists(), known_names.titles()
    folded = fold(without_noise(left, True).text)
    told = _told(rest)
    if number in artists and not (
        (folded in artists or not parts) and _told(_END_BRACKETS.sub("", rest)) > 1
    ):
        return False
    if not left:
        # '98 "Hello" by Adele', "98 [Karaoke] Adele Hello"; not "2002 (acoustic) - Anne-Marie"
        return rest[0] in _QUOTATIONS or _BRACKET_THEN_NAME.match(rest) is not None
    if folded in artists:
        return told > 1 or front.kind == "hyphen"
    if folded in titles:
        return told > 1 or len(number) > 2
    if (
        number in _ROUND
        or (len(number) == 4 and "1900" <= number <= "2039")
        or CREDIT.match(left)
        or _is_count(number, left.lower().split())
    ):
        return False
    if parts:
        return told > 1 or (len(number) > 1 and _ODD.search(rest) is not None)
    return len(number) > 1


def _is_known(front: Front, rest: str) -> bool:
    """Whether the number and the words after it are an artist or a song that people know."""
    left = _SEGMENT_END.split(rest.replace("_", " "), 1)[0]
    words = fold(f"{front.number} {left}").split()
    heads = (" ".join(words[:size]) for size in range(2, min(5, len(words)) + 1))
    return any(head in known_names.artists() or head in known_names.titles() for head in heads)


def _told(rest: str) -> int:
    """How many parts of a name tell something."""
    segments = filter(None, map(str.strip, _SEPARATOR.split(rest, 6)))
    return sum(without_noise(each, True).text != "" for each in segments)


def _is_count(number: str, words: list[str]) -> bool:
    """Whether the words after a number tell what is counted: "18 Yellow Roses", "40 y 20"."""
    if not words or words[0] in _JOINED:
        return bool(words)
    reach = 2 if len(number) < 3 else 1
    return not _COUNTED.isdisjoint(map(fold, words[:reach]))


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
        elif _are_close(found):
            told[kind] = True
        elif kind not in _SURE and count >= 3 * _FEWEST and len(found) < 0.3 * count:
            told[kind] = False
    return told


def _are_close(numbers: Iterable[str]) -> bool:
    """Whether numbers of two digits and more are all different and lie close together."""
    found = [int(number) for number in numbers if len(number) > 1]
    if len(found) < _FEWEST_CLOSE or len(set(found)) < len(found):
        return False
    return max(found) - min(found) < _CLOSE * len(found)
