"""How many real names the parser reads rightly, beside its peers: `python benchmarks/names.py`."""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import field_names
from corpus import FILE_FORMS, Case, as_file, corpora, rendered, same_artist, same_title

from pikaraoke_enrichment.tasks.names import known_names
from pikaraoke_enrichment.tasks.names.folding import fold
from pikaraoke_enrichment.tasks.parsing import parse

Reading: TypeAlias = tuple[str, str]
Reader: TypeAlias = Callable[[str], list[Reading]]

# What is measured as karaoke; the rest are general videos.
GENERAL = ("youtube_covers", "youtube_general_libraries")


@dataclass
class Tally:
    """Counts over one corpus."""

    total: int = 0
    right: int = 0
    swapped: int = 0
    first_three: int = 0
    among_all: int = 0
    wrong: list[tuple[Case, list[Reading]]] = field(default_factory=list)

    def add(self, case: Case, readings: list[Reading]) -> bool:
        """Count one name; returns whether its first reading is right."""
        hits = [same_artist(a, case.artist) and same_title(t, case.title) for a, t in readings]
        first = readings[0] if readings else ("", "")
        self.total += 1
        self.first_three += any(hits[:3])
        self.among_all += any(hits)
        if hits and hits[0]:
            self.right += 1
            return True
        self.swapped += same_artist(first[1], case.artist) and same_title(first[0], case.title)
        self.wrong.append((case, readings))
        return False

    def line(self) -> str:
        """The counts as percentages, one column each."""
        share = [self.right, self.swapped, self.first_three, self.among_all]
        return " ".join(f"{100 * count / max(1, self.total):7.1f}" for count in share)


def ours(name: str) -> list[Reading]:
    """This project's readings, best first."""
    return [(found.artist, found.title) for found in parse(name).hypotheses]


def peers() -> dict[str, Reader]:
    """The parsers of other projects, as far as they are installed."""
    found: dict[str, Reader] = {}
    try:
        from youtube_title_parse import get_artist_title

        found["youtube-title-parse"] = lambda name: [
            tuple(get_artist_title(_stem(name)) or ("", ""))
        ]
    except ImportError:
        print("youtube-title-parse is not installed: left out (pip install youtube-title-parse)")
    try:
        from pikaraoke.lib.metadata_parser import regex_tidy

        found["PiKaraoke regex_tidy"] = lambda name: [_halves(regex_tidy(_stem(name)))]
    except ImportError:
        print("pikaraoke is not installed: left out (pip install pikaraoke)")
    return found


def _stem(name: str) -> str:
    """Peers get a file name as their own programs hand it over: without extension and id."""
    name = re.sub(r"\.(?:mp4|mp3|zip|mkv|avi|webm|mov|cdg)$", "", name)
    return re.sub(r"---[\w-]{11}$|\s*\[[\w-]{11}\]$", "", name)


def _halves(tidied: str) -> Reading:
    artist, _, title = tidied.partition(" - ")
    return artist, title


def measure(cases: Iterable[Case], reader: Reader) -> tuple[Tally, dict[str, bool]]:
    """Count a reader's answers; also per name whether it was right."""
    tally, verdicts = Tally(), {}
    for case in cases:
        verdicts[case.name] = tally.add(case, reader(case.name))
    return tally, verdicts


HEAD = f"{'':34} {'names':>6}   right swapped  first3     all"


def report(show_wrong: str | None) -> dict[str, bool]:
    """Print the table of all corpora and parsers; returns our verdict for every name."""
    found = corpora()
    if not found:
        print("no corpora: put them into ../shared/names to measure (nothing measured)")
        return {}
    verdicts: dict[str, bool] = {}
    groups: dict[str, list[Case]] = {
        "karaoke": [case for name, cases in found.items() if name not in GENERAL for case in cases]
    } | found
    others = peers()
    for form in ("title", *FILE_FORMS):
        print(f"\nas {form if form == 'title' else 'file name: ' + form}\n{HEAD}")
        for label, cases in groups.items():
            shaped = cases if form == "title" else [as_file(case, form) for case in cases]
            tally, found_right = measure(shaped, ours)
            verdicts |= {f"{form}: {name}": right for name, right in found_right.items()}
            print(f"{label:34} {tally.total:6} {tally.line()}")
            if show_wrong and re.fullmatch(show_wrong, f"{form}:{label}"):
                print_wrong(tally)
            if form in ("title", "yt-dlp"):
                for peer, reader in others.items():
                    print(f"    {peer:30} {'':6} {measure(shaped, reader)[0].line()}")
    return verdicts


def print_wrong(tally: Tally) -> None:
    """List what was read wrongly, with the truth."""
    for case, readings in tally.wrong:
        print(f"  {case.name!r}\n      is  {case.artist!r} · {case.title!r}")
        for reading in readings[:3]:
            print(f"      got {reading[0]!r} · {reading[1]!r}")


def report_rendered(count: int, show_wrong: str | None) -> None:
    """Print how names made of the catalogue's songs are read, by whether we know the artist."""
    counts: dict[tuple[str, bool], Tally] = defaultdict(Tally)
    for label, case in rendered(count):
        counts[label, fold(case.artist) in known_names.artists()].add(case, ours(case.name))
    if not counts:
        print("no catalogue: put it into ../shared/catalogue to measure made names (left out)")
        return
    print(f"\nmade of catalogue songs, known and unknown artists\n{HEAD}")
    for (label, is_known), tally in counts.items():
        print(
            f"{label + (', known' if is_known else ', unknown'):34} {tally.total:6} {tally.line()}"
        )
        if show_wrong and show_wrong == f"made:{label}":
            print_wrong(tally)


def report_strengths() -> None:
    """Print how often the first reading is right, by its strength: what confidence may promise."""
    counts: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for label, cases in corpora().items():
        for case in cases:
            first = parse(case.name).hypotheses[0]
            right = same_artist(first.artist, case.artist) and same_title(first.title, case.title)
            counts["general" if label in GENERAL else "karaoke", first.strength].append(right)
    print("\nfirst reading right, by strength")
    for (group, strength), rights in sorted(counts.items()):
        share = 100 * sum(rights) / len(rights)
        print(f"{group:10} {strength:9} {len(rights):6} names {share:6.1f} %")


def report_speed() -> None:
    """Print the seconds of one core for 10,000 different names, after a warm-up."""
    made = [case.name for _, case in rendered(420)]
    names = made[:10000] or [f"Artist {i} - Title {i} (Karaoke)" for i in range(10000)]
    for name in names[:200]:
        parse(name)
    started = time.process_time()
    for name in names:
        parse(name)
    taken = time.process_time() - started
    each = 1e6 * taken / len(names)
    print(f"\nspeed: {len(names)} names in {taken:.2f} s ({each:.0f} µs each)")


def compare(path: Path, verdicts: dict[str, bool]) -> None:
    """List each name that got better or worse since `--save` wrote the file."""
    before: dict[str, bool] = json.loads(path.read_text(encoding="utf-8"))
    for word, now in (("better", True), ("worse", False)):
        changed = [
            name
            for name, right in verdicts.items()
            if right is now and before.get(name, right) is not now
        ]
        print(f"\n{word}: {len(changed)}")
        for name in changed:
            print(f"  {name}")


def main() -> None:
    """Run the measurement that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the verdict of each name")
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="list what changed since --save"
    )
    parser.add_argument(
        "--wrong", metavar="PATTERN", help="list wrong names, e.g. 'title:karafun.*'"
    )
    parser.add_argument("--made", type=int, default=300, metavar="N", help="made names per pattern")
    options = parser.parse_args()
    verdicts = report(options.wrong)
    verdicts |= field_names.report(options.wrong)
    report_rendered(options.made, options.wrong)
    report_strengths()
    report_speed()
    if options.save:
        options.save.write_text(
            json.dumps(verdicts, ensure_ascii=False, indent=0), encoding="utf-8"
        )
    if options.compare:
        compare(options.compare, verdicts)


if __name__ == "__main__":
    main()
