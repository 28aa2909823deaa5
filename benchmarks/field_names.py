"""How names of the field are read: twenty languages, numbered, without an artist."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from corpus import SHARED, FieldCase, field_cases, is_answer, same_title, titles_only

from pikaraoke_enrichment.tasks.judging.folder_habits import Told, learn, read
from pikaraoke_enrichment.tasks.parsing import Knowledge, ParsedName, parse

Numbering: TypeAlias = Callable[[int, str], str]

FIELD = SHARED / "names" / "field"
EUROPEAN = frozenset(["de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "sv", "uk"])

# Every kind of number in front that a list may have; the first names of the rows are shown.
NUMBERINGS: dict[str, Numbering] = {
    "102. ": lambda n, name: f"{n}. {name}",
    "0102. ": lambda n, name: f"{n:04}. {name}",
    "102) ": lambda n, name: f"{n}) {name}",
    "(102) ": lambda n, name: f"({n}) {name}",
    "[102] ": lambda n, name: f"[{n}] {name}",
    "102 ": lambda n, name: f"{n} {name}",
    "12 ": lambda n, name: f"{n % 90 + 10} {name}",
    "0102 ": lambda n, name: f"{n:04} {name}",
    "102 - ": lambda n, name: f"{n} - {name}",
    "102-": lambda n, name: f"{n}-{name}",
    "12-": lambda n, name: f"{n % 90 + 10}-{name}",
    "12_": lambda n, name: f"{n % 100:02}_{name}",
    "102_": lambda n, name: f"{n}_{name}",
    "102.": lambda n, name: f"{n}.{name}",
    "#102 ": lambda n, name: f"#{n} {name}",
    "Track 12. ": lambda n, name: f"Track {n % 100:02}. {name}",
    "Track 12 - ": lambda n, name: f"Track {n % 100:02} - {name}",
    "No. 12 ": lambda n, name: f"No. {n} {name}",
    "20210506 ": lambda n, name: f"2021{n % 12 + 1:02}{n % 28 + 1:02} {name}",
    "20210506_": lambda n, name: f"2021{n % 12 + 1:02}{n % 28 + 1:02}_{name}",
    "2021-05-06 ": lambda n, name: f"2021-{n % 12 + 1:02}-{n % 28 + 1:02} {name}",
    "book 35102 ": lambda n, name: f"{35000 + n} {name}",
    "book 35102 - ": lambda n, name: f"{35000 + n} - {name}",
    "book 35102. ": lambda n, name: f"{35000 + n}. {name}",
    "1-12 ": lambda n, name: f"{n % 3 + 1}-{n % 20 + 1:02} {name}",
    "CD1 - 12 - ": lambda n, name: f"CD{n % 3 + 1} - {n % 20 + 1:02} - {name}",
    "06.05.2021 ": lambda n, name: f"{n % 28 + 1:02}.{n % 12 + 1:02}.2021 {name}",
    "SF123-04 ": lambda n, name: f"SF{n}-{n % 20 + 1:02} {name}",
    "SC8123-04 - ": lambda n, name: f"SC8{n}-{n % 20 + 1:02} - {name}",
    "SF123-04_": lambda n, name: f"SF{n}-{n % 20 + 1:02}_{name}",
}


@dataclass
class Count:
    """Counts over some names of the field."""

    names: int = 0
    right: int = 0
    first_three: int = 0
    strong: int = 0
    strong_wrong: int = 0
    wrong: list[tuple[FieldCase, ParsedName]] = field(default_factory=list)

    def add(self, case: FieldCase, parsed: ParsedName) -> bool:
        """Count one name; returns whether its first reading is right."""
        hits = [is_answer(case, each.artist, each.title) for each in parsed.hypotheses]
        strong = parsed.hypotheses[0].strength == "strong"
        self.names += 1
        self.right += hits[0]
        self.first_three += any(hits[:3])
        self.strong += strong
        self.strong_wrong += strong and not hits[0]
        if not hits[0]:
            self.wrong.append((case, parsed))
        return hits[0]

    def line(self) -> str:
        """Names, right, within three, strong, strong and wrong as a share of the strong."""
        share = [100 * count / max(1, self.names) for count in (self.right, self.first_three)]
        return (
            f"{self.names:6} {share[0]:7.1f} {share[1]:7.1f} {self.strong:7}"
            f" {100 * self.strong_wrong / max(1, self.strong):7.1f}"
        )


HEAD = f"{'':24}  names   right  first3  strong  strong and wrong"


def measure(cases: Iterable[FieldCase]) -> Count:
    """Read each name alone."""
    count = Count()
    for case in cases:
        count.add(case, parse(case.name))
    return count


def report(show_wrong: str | None) -> dict[str, bool]:
    """Print the tables of the field; returns our verdict for every name."""
    found = field_cases()
    if not found:
        print("\nno names of the field: put them into ../shared/names/field (nothing measured)")
        return {}
    everything = [case for cases in found.values() for case in cases]
    groups: dict[str, list[FieldCase]] = {
        "all": everything,
        "European languages": [case for case in everything if case.language in EUROPEAN],
        "all others": [case for case in everything if case.language not in EUROPEAN],
    }
    for case in everything:
        groups.setdefault(f"language {case.language}", []).append(case)
    groups |= found
    print(f"\nnames of the field, each alone\n{HEAD}")
    for label, cases in groups.items():
        count = measure(cases)
        print(f"{label:24} {count.line()}")
        if show_wrong and re.fullmatch(show_wrong, f"field:{label}"):
            print_wrong(count)
    report_folders(found)
    report_numbered(everything, show_wrong)
    report_invented(show_wrong)
    report_words()
    report_credits()
    return {f"field: {case.name}": verdict(case) for case in everything}


def verdict(case: FieldCase) -> bool:
    """Whether a name's first reading is right."""
    first = parse(case.name).hypotheses[0]
    return is_answer(case, first.artist, first.title)


def print_wrong(count: Count) -> None:
    """List what was read wrongly, with the truth."""
    for case, parsed in count.wrong:
        print(f"  {case.name!r}\n      is  {case.artist!r} · {case.title!r}")
        for each in parsed.hypotheses[:3]:
            print(f"      {each.strength:8} {each.artist!r} · {each.title!r}")


def report_folders(sources: dict[str, list[FieldCase]]) -> None:
    """Print how names are read that are each other's neighbours: every source a folder, bare and
    numbered in the way that leaves most open, and all of them in one folder."""
    print(f"\nas folders\n{HEAD}")
    numbered = {
        source: [replace(case, name=f"{at} {case.name}") for at, case in enumerate(cases, start=11)]
        for source, cases in sources.items()
    }
    everything = {"": [case for cases in sources.values() for case in cases]}
    for label, folders in (
        ("every source", sources),
        ('every source, "12 "', numbered),
        ("all in one", everything),
    ):
        count = Count()
        for cases in folders.values():
            habits = learn(("", Told(case.name)) for case in cases)
            known = Knowledge(habits=habits)
            for case in cases:
                count.add(case, read(case.name, known))
        print(f"{label:24} {count.line()}")


def report_numbered(cases: Sequence[FieldCase], show_wrong: str | None) -> None:
    """Print how the same names are read with a number in front, each alone."""
    print(f"\nnumbered, each alone; all names\n{HEAD}")
    dice = random.Random(3)
    numbers = [dice.randint(101, 999) for _ in cases]
    for label, numbered in NUMBERINGS.items():
        shaped = [
            replace(case, name=numbered(number, case.name))
            for number, case in zip(numbers, cases, strict=True)
        ]
        count = measure(shaped)
        print(f"{label:24} {count.line()}")
        if show_wrong and re.fullmatch(show_wrong, f"numbered:{label}"):
            print_wrong(count)


def report_invented(show_wrong: str | None) -> None:
    """Print how often a name that tells no artist was given one."""
    rows = titles_only()
    readings = {name: parse(name).hypotheses[0] for name, _ in rows}
    invented = [name for name, _ in rows if readings[name].artist]
    right = sum(same_title(readings[name].title, title) for name, title in rows)
    print(
        f"\nno artist in the name: {len(rows)} names, "
        f"{len(invented)} given one, {right} titles right"
    )
    if show_wrong and re.fullmatch(show_wrong, "title_only"):
        for name, title in rows:
            first = readings[name]
            if first.artist or not same_title(first.title, title):
                print(
                    f"  {name!r}\n      is  {title!r}\n      got {first.artist!r} · {first.title!r}"
                )


# Where a decoration stands in a name of two parts; W is the word, A and T the song.
PLACES = {
    "(W)": "{a} - {t} ({w})",
    "[W]f": "[{w}] {a} - {t}",
    "W end": "{a} - {t} {w}",
    "- W": "{a} - {t} - {w}",
    "| W": "{a} - {t} | {w}",
    "W front": "{w} {a} - {t}",
}
_ARTIST, _TITLE = "Blorvan Kiedel", "Tramuno Sefi"


def _is_cut(name: str) -> bool:
    pairs = {(each.artist, each.title) for each in parse(name).hypotheses[:1]}
    return bool(pairs & {(_ARTIST, _TITLE), (_TITLE, _ARTIST)})


def report_words() -> None:
    """Print which share of each language's trade words is cut off, by place."""
    words = _local_words()
    print(f"\ntrade words cut off, by place\n{'':6}  words " + " ".join(f"{p:>8}" for p in PLACES))
    for language, listed in words.items():
        shares = [
            sum(_is_cut(form.format(a=_ARTIST, t=_TITLE, w=word)) for word in listed) / len(listed)
            for form in PLACES.values()
        ]
        print(f"{language:6} {len(listed):6} " + " ".join(f"{100 * s:7.0f}%" for s in shares))


def _local_words() -> dict[str, list[str]]:
    """Language -> the words that the list names."""
    found: dict[str, list[str]] = defaultdict(list)
    path = FIELD / "local_words.txt"
    language = ""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if line.startswith("## "):
            language = line[3:].strip()
        elif language and line.startswith("  ") and "fails:" in line:
            found[language].append(line.partition("fails:")[0].strip())
    return found


def report_credits() -> None:
    """Print which of each language's phrases before an artist are understood."""
    path = FIELD / "local_credits.txt"
    total: Counter[str] = Counter()
    known: Counter[str] = Counter()
    missed: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        found = re.match(r"(\w+) +(.+?) +\d/\d", line)
        if not found:
            continue
        language, phrase = found[1], found[2].strip()
        first = parse(f"{_TITLE} {phrase} {_ARTIST} (Karaoke)").hypotheses[0]
        total[language] += 1
        if (first.artist, first.title) == (_ARTIST, _TITLE):
            known[language] += 1
        else:
            missed.append(f"{language} {phrase}")
    print("\nphrases before the artist, understood of how many")
    print("  ".join(f"{each} {known[each]}/{total[each]}" for each in total))
    print("not: " + ", ".join(missed))
