"""How right the answers are and how honest their confidence: `python benchmarks/accuracy.py`.

Names with a known artist and title go through the real chain, against the stand-in of the
services filled from the same songs with all traps on. Some songs no service knows, some one service
lacks. Half of the songs are held out: every fit uses the other half, and both halves are printed.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TypeAlias

from corpus import SHARED, Case, corpora, rendered, same_artist
from tables import Row, file_name, looked_up

from pikaraoke_enrichment.demo import itunes as itunes_demo
from pikaraoke_enrichment.demo import lastfm as lastfm_demo
from pikaraoke_enrichment.demo import listenbrainz as listenbrainz_demo
from pikaraoke_enrichment.demo import musicbrainz as musicbrainz_demo
from pikaraoke_enrichment.demo.answer import Answer
from pikaraoke_enrichment.demo.catalogue import SERVICES, Catalogue, Song
from pikaraoke_enrichment.providers.base import (
    Failure,
    Found,
    ManyAtOnce,
    NotFound,
    Outcome,
    Provider,
    Query,
)
from pikaraoke_enrichment.providers.http import Json, Verdict
from pikaraoke_enrichment.providers.itunes import ITunes
from pikaraoke_enrichment.providers.lastfm import LastFm
from pikaraoke_enrichment.providers.listenbrainz import ListenBrainz
from pikaraoke_enrichment.providers.musicbrainz import MusicBrainz
from pikaraoke_enrichment.tasks.judging.genres import genre_of_tag
from pikaraoke_enrichment.tasks.judging.makers import is_karaoke_maker, is_tribute
from pikaraoke_enrichment.tasks.lookup.answer_cache import question
from pikaraoke_enrichment.tasks.lookup.chain import LookUp, look_up, older, readings
from pikaraoke_enrichment.tasks.lookup.read_ahead import MOST_OFFERED, Questions, by_likelihood
from pikaraoke_enrichment.tasks.matching import Verdict as Answered
from pikaraoke_enrichment.tasks.names.folding import fold
from pikaraoke_enrichment.tasks.parsing import Knowledge, ParsedName, parse
from pikaraoke_enrichment.tasks.scoring import LEVELS, level_of, parsed_confidence

# Corpora whose labels are the truth; the others' are what some library or parser returns.
TRUE_LABELS = (
    "karafun_youtube",
    "stingray_singking_youtube",
    "misc_karaoke",
    "community_filenames",
    "spanish_karaoke",
    "portugal_lyrics_karaoke",
    "youtube_covers",
)
# Not karaoke: concerts, covers of covers, shellac, with whatever people wrote beside the names.
GENERAL = ("youtube_covers",)
# Requests a second, as the settings have them: who is slower waits for the second look.
RATES = {"listenbrainz": 1.0, "lastfm": 5.0, "musicbrainz": 0.9, "itunes": 0.33}
UNKNOWN_TO_ALL = 0.08
UNKNOWN_TO_ONE = 0.15
MISSPELLED = 0.02
# Look through this many names of the line for questions that may ride along.
LOOKED_AHEAD = 500
# So many that are named may be asked once more in one request.
AT_ONCE = 50
AGENT = "benchmarks/1 ( benchmarks@example.org )"


# What sets a version of a song apart, in brackets behind its title: no difference of title.
_VERSION = re.compile(
    r"\s*[(\[][^()\[\]]*(?:\b(?:version|live|unplugged|en vivo|ao vivo|remix|mix|edit|duet|duo"
    r"|cover|remaster\w*|acoust\w*|demo|album|take|sessions?|vault|clean|orchestra|feat|ft)\b"
    r"|^with .*|(?:19|20)\d\d)[^()\[\]]*[)\]]\s*$"
    r"|\s*[(\[]with [^()\[\]]*[)\]]\s*$",
    re.IGNORECASE,
)


def same_title(one: str, other: str) -> bool:
    """Whether two titles are equal but for spelling and the brackets of a version."""
    return fold(one) == fold(other) or _bare(one) == _bare(other)


def _bare(title: str) -> str:
    while (shorter := _VERSION.sub("", title)) != title and shorter:
        title = shorter
    return fold(title)


# --- The world: songs, and who knows them -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    """What a song is, for comparison. `known` tells whether any service has heard of it."""

    artist: str
    title: str
    year: int | None
    genres: frozenset[str]
    known: bool


def key_of(artist: str, title: str) -> tuple[str, str]:
    """The identity of a song under any spelling."""
    return fold(artist), fold(title)


class World:
    """The catalogue's songs and those of the labelled names, as the services know them."""

    def __init__(self, cases: Iterable[Case], *, seed: int) -> None:
        self._dice = random.Random(seed)
        self.truths: dict[tuple[str, str], Truth] = {}
        self._artists: list[str] = []
        songs: list[Song] = []
        for rank, row in enumerate(_catalogue_rows()):
            styles = row["styles"].split(",")
            year = int(row["year"]) if row["year"].isdecimal() else None
            self._artists.append(row["artist"])
            songs += self._add(row["artist"], row["title"], year, styles, rank)
        for case in cases:
            songs += self._add(case.artist, case.title, 1990, ["Pop"], 20_000)
        self.catalogue = Catalogue(songs, traps=True, ghosts=True)

    def _add(
        self, artist: str, title: str, year: int | None, styles: Sequence[str], rank: int
    ) -> list[Song]:
        key = key_of(artist, title)
        if key in self.truths:
            return []
        services = self._services()
        genres = frozenset(found[0] for style in styles if (found := genre_of_tag(style)))
        self.truths[key] = Truth(artist, title, year, genres, bool(services))
        # Popularity falls with the catalogue's rank, to a few hundred at its end.
        listeners = int(2_500_000 / (rank + 1) ** 0.75 * self._dice.uniform(0.3, 1.5))
        song = Song(
            artist,
            title,
            year,
            # "Love", "80s" and "Duet" are a karaoke shop's shelves: no service calls them a genre.
            next((style for style in styles if genre_of_tag(style)), styles[0]),
            listeners=listeners,
            covers=self._covers(artist, year or 1990),
            services=frozenset(services),
        )
        return [song] if services else self._decoys(artist, title)

    def _decoys(self, artist: str, title: str) -> list[Song]:
        """What answers instead of a song that nobody knows: another's of that title, or another
        title of that artist."""
        others = ((self._dice.choice(self._artists), title), (artist, f"{title} Tonight"))
        pair = self._dice.choice((*others, None, None))
        if pair is None or key_of(*pair) in self.truths:
            return []
        return [Song(*pair, 1999, "Pop", listeners=self._dice.randint(500, 500_000))]

    def _covers(self, artist: str, year: int) -> tuple[tuple[str, int], ...]:
        """Who else recorded it: nobody for most songs, one or two others for some."""
        count = self._dice.choice((0, 0, 0, 1, 2))
        others = (self._dice.choice(self._artists) for _ in range(count))
        return tuple((other, year + self._dice.randint(1, 30)) for other in others
                     if fold(other) != fold(artist))  # fmt: skip

    def _services(self) -> frozenset[str]:
        chance = self._dice.random()
        if chance < UNKNOWN_TO_ALL:
            return frozenset()
        if chance < UNKNOWN_TO_ALL + UNKNOWN_TO_ONE:
            return SERVICES - {self._dice.choice(("lastfm", "musicbrainz", "itunes"))}
        return SERVICES


def _catalogue_rows() -> Iterator[Mapping[str, str]]:
    with (SHARED / "catalogue" / "songs.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


class Stand:
    """In place of the network: one service's answers as the stand-in gives them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.requests: Counter[str] = Counter()

    def get(self, url: str, params: Mapping[str, object], *, verdict: Verdict) -> Json | Failure:
        """Answer as the service at this address would."""
        asked = {name: str(value) for name, value in params.items()}
        return self._read(*self._answer(url, asked), verdict)

    def post(
        self, url: str, payload: object, headers: Mapping[str, str], *, verdict: Verdict
    ) -> Json | Failure:
        """Answer as ListenBrainz would."""
        path, token = url[url.index("/1/") :], headers["Authorization"]
        answer = listenbrainz_demo.respond(
            self._catalogue, "POST", path, {}, payload, authorization=token, tokens=None,
            user_agent=AGENT,
        )  # fmt: skip
        return self._read("listenbrainz", answer, verdict)

    def _read(self, service: str, answer: Answer, verdict: Verdict) -> Json | Failure:
        self.requests[service] += 1
        body = answer.encoded()
        read = Json(answer.status, json.loads(body) if body else None, answer.headers)
        return verdict(read) or read

    def _answer(self, url: str, params: Mapping[str, str]) -> tuple[str, Answer]:
        if "audioscrobbler" in url:
            return "lastfm", lastfm_demo.respond(self._catalogue, params, keys=None)
        if "musicbrainz" in url:
            path = url[url.index("/ws/2") :]
            answer = musicbrainz_demo.respond(self._catalogue, path, params, user_agent=AGENT)
            return "musicbrainz", answer
        return "itunes", itunes_demo.respond(self._catalogue, params)


# --- One song through the chain -----------------------------------------------------------------


@dataclass(slots=True)
class Result:
    """What came of one name."""

    name: str
    group: str
    held_out: bool
    known: bool
    artist: str
    title: str
    year: int | None
    genre: str | None
    confidence: float
    status: str
    right: bool
    swapped: bool
    year_right: bool | None
    year_near: bool | None
    genre_right: bool | None
    maker: bool
    distance: float | None
    best_right: bool

    @property
    def applied(self) -> bool:
        return self.status == "enriched"

    @property
    def level(self) -> str:
        return level_of(self.confidence, self.status).label


class Library:
    """A library that grows name by name, as the consumer's does."""

    def __init__(self, world: World, asked: Sequence[str]) -> None:
        self.world = world
        self.stand = Stand(world.catalogue)
        http = self.stand
        providers: dict[str, Provider] = {
            "listenbrainz": ListenBrainz(http, token="t"),  # type: ignore[arg-type]
            "lastfm": LastFm(http, api_key="k"),  # type: ignore[arg-type]
            "musicbrainz": MusicBrainz(http),  # type: ignore[arg-type]
            "itunes": ITunes(http),  # type: ignore[arg-type]
        }
        self.providers = [providers[name] for name in asked]
        self.answers: dict[tuple[str, str], Outcome] = {}
        self.artists: set[str] = set()
        self.knowledge = Knowledge()
        self.line: list[str] = []
        self.put_off: Cases = []
        self._readings: dict[tuple[str, str], list[Query]] = {}
        self._known_as: dict[str, Query] = {}
        self._named: dict[str, LookUp] = {}

    def enrich(self, group: str, case: Case, *, second: bool = False) -> Result | None:
        """Look one name up and compare the outcome with the truth.

        Returns:
            None where slower providers are left for a second look.
        """
        parsed = parse(case.name, self.knowledge)
        lookup = look_up(
            parsed,
            self.providers,
            recall=self._recall,
            keep=self._keep,
            knowledge=self.knowledge,
            rates=None if second else RATES,
            read_ahead=self._read_ahead,
            names_first=case.name not in self._named,
        )
        verdict = lookup.verdict
        if lookup.is_put_off:
            self.put_off.append((group, case))
            if verdict.applies:
                self._named[case.name] = lookup
            return None
        if lookup.needs_second_look:
            if verdict.applies:
                self._known_as[case.name] = Query(verdict.artist, verdict.title)
            return None
        return self._result(group, case, lookup.parsed, verdict)

    @contextmanager
    def _read_ahead(self, provider: ManyAtOnce, own: Sequence[Query]) -> Iterator[Sequence[Query]]:
        """A name's own questions, then those of the next names in the line, as the consumer does.
        ListenBrainz is asked for one song at a time."""
        if own and own[0].before:
            named = [self._named[name].verdict for name in self.line if name in self._named]
            yield list(dict.fromkeys([*own, *self._older(provider, named)]))
            return
        room = provider.most - len(own) if provider.name != "listenbrainz" else 0
        songs: list[Questions] = []
        for name in self.line[:LOOKED_AHEAD] if room else ():
            told = [(each, self._recall(provider.name, each)) for each in self._of(provider, name)]
            is_found = any(isinstance(outcome, Found) for _, outcome in told)
            if not is_found and (left := [each for each, known in told if known is None]):
                songs.append({question(each): each for each in left[:MOST_OFFERED]})
            if len(songs) == room:
                break
        riders = [*by_likelihood(songs, room).values()]
        if own and provider.finds_by == "text":
            riders = [each for each in riders if fold(each.artist) == fold(own[0].artist)]
        yield [*own, *(each for each in riders if each not in own)]

    def _older(self, provider: ManyAtOnce, named: Sequence[Answered]) -> list[Query]:
        """What the next fifty that are named will ask once more."""
        asked = [
            query
            for each in named[:AT_ONCE]
            if each.best
            for query in older(provider, Query(each.artist, each.title), each.best.candidates)
        ]
        return [query for query in asked if self._recall(provider.name, query) is None]

    def _of(self, provider: Provider, name: str) -> list[Query]:
        """What a name's own look-up will ask."""
        if name in self._known_as:
            return [self._known_as[name]]
        if (provider.name, name) not in self._readings:
            parsed, is_alone = parse(name, self.knowledge), len(self.providers) == 1
            asked = readings(parsed, provider, is_alone=is_alone)
            self._readings[provider.name, name] = [query for query in asked if query.artist]
        return self._readings[provider.name, name]

    def _result(self, group: str, case: Case, parsed: ParsedName, verdict: Answered) -> Result:
        best = parsed.hypotheses[0]
        offered = (verdict.artist, verdict.title)
        if verdict.applies:
            row = Row(
                *offered, verdict.year, verdict.genre, verdict.confidence, "enriched", offered
            )
            if verdict.confidence >= 0.9:
                self.artists.add(fold(verdict.artist))
        else:
            sure = parsed_confidence(best)
            row = Row(best.artist, best.title, None, None, sure, "parsed", offered)
        distance = verdict.best.evidence.distance if verdict.best else None
        return compared(self.world, group, case, row, distance)

    def learn(self) -> None:
        """Know the artists that the library holds for certain by now."""
        self.knowledge = replace(self.knowledge, artists=frozenset(self.artists))

    def _recall(self, provider: str, query: Query) -> Outcome | None:
        return self.answers.get((provider, question(query)))

    def _keep(self, provider: str, query: Query, outcome: Outcome) -> None:
        if isinstance(outcome, Found | NotFound):
            self.answers[provider, question(query)] = outcome


def compared(
    world: World, group: str, case: Case, row: Row, distance: float | None = None
) -> Result:
    """What came of a name beside what it should be."""
    truth = world.truths[key_of(case.artist, case.title)]
    right = same_artist(row.artist, truth.artist) and same_title(row.title, truth.title)
    turned = same_artist(row.title, truth.artist) and same_title(row.artist, truth.title)
    is_applied = row.status == "enriched"
    year, genre = (row.year, row.genre) if is_applied else (None, None)
    offered_artist, offered_title = row.offered
    return Result(
        case.name,
        group,
        is_held_out(truth),
        truth.known,
        row.artist,
        row.title,
        year,
        genre,
        row.confidence,
        row.status,
        right,
        turned and not right,
        year == truth.year if right and year and truth.year else None,
        abs(year - truth.year) <= 1 if right and year and truth.year else None,
        genre in truth.genres if right and genre and truth.genres else None,
        is_karaoke_maker(row.artist) or (is_tribute(row.artist) and not right),
        distance,
        same_artist(offered_artist, truth.artist) and same_title(offered_title, truth.title),
    )


def is_held_out(truth: Truth) -> bool:
    """Whether a song is kept back from every fit: half of them, by their names."""
    return zlib.crc32("\t".join(key_of(truth.artist, truth.title)).encode()) % 2 == 1


def named_cases(made: int, seed: int) -> list[tuple[str, Case]]:
    """Labelled names, and names made of the catalogue's songs."""
    labelled = [
        (corpus, case)
        for corpus, cases in corpora().items()
        if corpus in TRUE_LABELS
        for case in cases
    ]
    dice = random.Random(seed)
    drawn = [(f"made: {label}", case) for label, case in rendered(made, seed)]
    return labelled + [
        (group, slipped(case, dice)) if dice.random() < MISSPELLED else (group, case)
        for group, case in drawn
    ]


def slipped(case: Case, dice: random.Random) -> Case:
    """The same song under a name in which two letters of a longer word changed places."""
    words = re.findall(r"[^\W\d_]{6,}", f"{case.artist} {case.title}")
    if not words:
        return case
    word = dice.choice(words)
    at = dice.randrange(1, len(word) - 2)
    wrong = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return replace(case, name=case.name.replace(word, wrong))


Cases: TypeAlias = list[tuple[str, Case]]


def drawn_cases(made: int, seed: int, only: str = "", *, as_files: bool = False) -> Cases:
    """The names to be looked up; as files' names each once."""
    cases = [each for each in named_cases(made, seed) if each[0].startswith(only)]
    if as_files:
        named = [(file_name(case.name), group, case) for group, case in cases]
        once = {name: (group, replace(case, name=name)) for name, group, case in named if name}
        cases = list(once.values())
    return cases


def measure(
    cases: Cases, world: World, providers: Sequence[str], seed: int
) -> tuple[list[Result], Counter[str]]:
    """All names through the chain, in random order; the results and the requests made."""
    library = Library(world, providers)
    results: list[Result] = []
    left = list(cases)
    random.Random(seed).shuffle(left)
    for second in (False, True):
        looked_at, left = left, []
        while looked_at:
            library.line = [case.name for _, case in looked_at]
            for number, (group, case) in enumerate(looked_at):
                if number % 100 == 0:  # the consumer reads its library once a minute
                    library.learn()
                library.line.pop(0)
                before = len(library.put_off)
                result = library.enrich(group, case, second=second)
                if result is not None:
                    results.append(result)
                elif len(library.put_off) == before:
                    left.append((group, case))
            looked_at, library.put_off = library.put_off, []
    return results, library.stand.requests


def measure_tables(
    cases: Cases, world: World, providers: Sequence[str]
) -> tuple[list[Result], Counter[str]]:
    """The same through a scanned folder, the queue, the task and the tables."""
    rows, requests = looked_up((case.name for _, case in cases), world.catalogue, providers)
    return [compared(world, group, case, rows[case.name]) for group, case in cases], requests


def report_difference(direct: Sequence[Result], tabled: Sequence[Result]) -> None:
    """Tell how far the tables hold what the chain answered."""
    by_name = {result.name: result for result in direct}
    told = [(by_name[result.name], result) for result in tabled]
    fields = ("status", "artist", "title", "year", "genre")
    print("\nfrom the tables as straight from the chain:")
    for name in (*fields, "level", "right"):
        print(
            f"  {name:8}",
            share(sum(getattr(a, name) == getattr(b, name) for a, b in told), len(told)),
        )


# --- The report ---------------------------------------------------------------------------------


def share(part: int, whole: int) -> str:
    """A percentage with the counts behind it."""
    return f"{100 * part / whole:6.2f} %  ({part}/{whole})" if whole else "     –"


def report(label: str, results: Sequence[Result]) -> None:
    """Print what one set of songs came to."""
    known = [result for result in results if result.known]
    applied = [result for result in results if result.applied]
    of_known = [result for result in known if result.applied]
    years = [result.year_right for result in applied if result.year_right is not None]
    genres = [result.genre_right for result in applied if result.genre_right is not None]
    print(f"\n== {label}: {len(results)} names, {len(known)} of songs that some service knows")
    print("applied, of the known      ", share(len(of_known), len(known)))
    print(
        "applied, of the unknown    ",
        share(len(applied) - len(of_known), len(results) - len(known)),
    )
    print("right, of the applied      ", share(sum(r.right for r in applied), len(applied)))
    print("right, of the applied known", share(sum(r.right for r in of_known), len(of_known)))
    print("swapped, of the applied    ", share(sum(r.swapped for r in applied), len(applied)))
    print("makers as artist           ", sum(result.maker for result in applied))
    near = [result.year_near for result in applied if result.year_near is not None]
    print("year exact                 ", share(sum(years), len(years)))
    print("year within one            ", share(sum(near), len(near)))
    print(
        "year known                 ", share(sum(r.year is not None for r in applied), len(applied))
    )
    print("genre fitting              ", share(sum(genres), len(genres)))
    print(f"{'level':20} {'stated':>7} {'true':>7} {'count':>6}")
    for level in LEVELS:
        of_level = [result for result in results if result.level == level.label]
        if of_level:
            stated = sum(result.confidence for result in of_level) / len(of_level)
            true = sum(result.right for result in of_level) / len(of_level)
            print(f"{level.label:20} {stated:7.3f} {true:7.3f} {len(of_level):6}")
    print(f"expected calibration error, applied {calibration_error(applied):.4f}, "
          f"all {calibration_error(results):.4f}")  # fmt: skip


def calibration_error(results: Sequence[Result]) -> float:
    """Mean distance of stated confidence and true rate over the levels, weighted by count."""
    error = 0.0
    for level in LEVELS:
        of_level = [result for result in results if result.level == level.label]
        error += abs(sum(result.confidence - result.right for result in of_level))
    return error / max(1, len(results))


def fitted(results: Sequence[Result]) -> list[tuple[float, float, int]]:
    """Isotonic regression of "the best candidate is right" on its distance.

    Returns:
        Steps (mean distance, true rate, count), the rate never rising with the distance.
    """
    told = sorted((r.distance, r.best_right) for r in results if r.distance is not None)
    steps: list[list[float]] = []  # sum of distances, number right, count
    for distance, right in told:
        steps.append([distance, right, 1])
        while len(steps) > 1 and steps[-1][1] * steps[-2][2] >= steps[-2][1] * steps[-1][2]:
            last = steps.pop()
            steps[-1] = [a + b for a, b in zip(steps[-1], last, strict=True)]
    return [(total / count, right / count, int(count)) for total, right, count in steps]


def report_groups(results: Sequence[Result]) -> None:
    """Print a line for each corpus and pattern."""
    print(f"\n{'group':34} {'names':>6} {'known':>6} {'applied':>8} {'right':>8}")
    for group in dict.fromkeys(result.group for result in results):
        known = [result for result in results if result.group == group and result.known]
        applied = [result for result in known if result.applied]
        right = sum(result.right for result in applied)
        print(f"{group:34} {sum(r.group == group for r in results):6} {len(known):6} "
              f"{100 * len(applied) / max(1, len(known)):8.1f} "
              f"{100 * right / max(1, len(applied)):8.1f}")  # fmt: skip


def verdict_of(result: Result) -> str:
    """One word for a name: what --compare tells apart."""
    if not result.applied:
        return "left"
    return "right" if result.right else "wrong"


def compare(path: Path, results: Sequence[Result]) -> None:
    """List each name whose verdict changed since `--save` wrote the file."""
    order = {"wrong": 0, "left": 1, "right": 2}
    before = {each["name"]: each for each in json.loads(path.read_text(encoding="utf-8"))}
    for word, sign in (("better", 1), ("worse", -1)):
        changed = [
            (result, before[result.name]["verdict"])
            for result in results
            if result.name in before
            and sign * (order[verdict_of(result)] - order[before[result.name]["verdict"]]) > 0
        ]
        print(f"\n{word}: {len(changed)}")
        for result, was in changed:
            print(f"  {was} → {verdict_of(result)} {result.confidence:.2f}  {result.name}")
            print(f"      {result.artist} | {result.title}")


def show(kind: str, results: Sequence[Result]) -> None:
    """List the names of one kind of outcome, with what was made of them."""
    wanted = {
        "wrong": lambda r: r.applied and not r.right,
        "left": lambda r: r.known and not r.applied,
        "year": lambda r: r.year_right is False,
        "genre": lambda r: r.genre_right is False,
    }[kind]
    for result in filter(wanted, results):
        print(f"  {result.confidence:.2f} {result.name}")
        print(f"       {result.artist} | {result.title} | {result.year} | {result.genre}")


def main() -> None:
    """Run the measurement that the command line asks for."""
    parser = argparse.ArgumentParser(description="How right the answers are, and how honest.")
    parser.add_argument("--made", type=int, default=100, metavar="N", help="made names per pattern")
    parser.add_argument("--seed", type=int, default=7, help="other songs, other traps")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the verdict of each name")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="list what changed since then")
    parser.add_argument(
        "--show", choices=("wrong", "left", "year", "genre"), help="list such names"
    )
    parser.add_argument("--only", default="", metavar="GROUP", help='"made" leaves the labelled')
    parser.add_argument("--fit", action="store_true", help="true rate by distance, to fit to")
    parser.add_argument("--groups", action="store_true", help="a line for each corpus and pattern")
    parser.add_argument(
        "--providers", default="lastfm,musicbrainz,itunes", help="who is asked, in this order"
    )
    parser.add_argument(
        "--tables", action="store_true", help="through scan, queue, task and tables, as files"
    )
    options = parser.parse_args()
    started = time.perf_counter()
    providers = options.providers.split(",")
    cases = drawn_cases(options.made, options.seed, options.only, as_files=options.tables)
    world = World((case for _, case in cases), seed=options.seed)
    results, requests = measure(cases, world, providers, options.seed)
    if options.tables:
        direct = results
        results, requests = measure_tables(cases, world, providers)
        report_difference(direct, results)
    for label, general in (("karaoke names", False), ("general videos", True)):
        of_kind = [result for result in results if (result.group in GENERAL) is general]
        report(f"{label}, fitted to", [result for result in of_kind if not result.held_out])
        report(f"{label}, held out", [result for result in of_kind if result.held_out])
    each = ", ".join(f"{name} {count / len(results):.2f}" for name, count in requests.items())
    print(f"requests a song: {each}   ({time.perf_counter() - started:.0f} s)")
    if options.fit:
        print(f"\n{'distance':>8} {'true':>6} {'count':>6}")
        fit_to = [each for each in results if not each.held_out and each.group not in GENERAL]
        for distance, rate, count in fitted(fit_to):
            print(f"{distance:8.2f} {rate:6.3f} {count:6}")
    if options.groups:
        report_groups(results)
    if options.show:
        show(options.show, results)
    if options.compare:
        compare(options.compare, results)
    if options.save:
        rows = [{**asdict(result), "verdict": verdict_of(result)} for result in results]
        options.save.write_text(json.dumps(rows, ensure_ascii=False, indent=0), encoding="utf-8")


if __name__ == "__main__":
    main()
