"""The first look at the real services: each form of query that we use, with well-known songs.

Nobody who wrote these forms has seen them answered live. The trial compares the answers with what
is known of a dozen songs of several languages and decades, and keeps them in one file, without keys
and addresses, that can be attached to a report and replayed as a test.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from .. import __version__, config
from ..database.urls import is_missing
from ..providers import musicbrainz_queries as queries
from ..providers.base import Candidate, Failure, Found, Later, ManyAtOnce, Outcome, Query
from ..providers.decoding import Unreadable, record, whole
from ..providers.http import Gate, Http, Json, OpenGate, Verdict
from ..providers.musicbrainz import LIMIT, verdict
from ..providers.musicbrainz_answers import read_artists, read_recordings, read_singles
from ..providers.services import BY_NAME, label_of
from ..tasks.runtime import configure, make_provider, usable_providers, user_agent
from ..words.sentences import sentence


class Known(NamedTuple):
    """A song whose year is certain; `asked` is the artist as file names spell it."""

    artist: str
    title: str
    year: int
    asked: str = ""


SONGS = (
    Known("Elvis Presley", "Jailhouse Rock", 1957),
    Known("Ben E. King", "Stand by Me", 1961),
    Known("The Beatles", "Hey Jude", 1968, "Beatles"),
    Known("Queen", "Bohemian Rhapsody", 1975),
    Known("AC/DC", "Highway to Hell", 1979, "ACDC"),
    Known("Nena", "99 Luftballons", 1983),
    Known("Céline Dion", "Pour que tu m'aimes encore", 1995),
    Known("Laura Pausini", "La solitudine", 1993),
    Known("Shakira", "Estoy aquí", 1995),
    Known("宇多田ヒカル", "First Love", 1999),
    Known("P!nk", "So What", 2008, "Pink"),
    Known("Adele", "Rolling in the Deep", 2010),
)
# Three by one artist, whom a store is asked for once.
OF_ONE_ARTIST = (
    SONGS[3],
    Known("Queen", "We Are the Champions", 1977),
    Known("Queen", "Radio Ga Ga", 1984),
)
FILE = "field-trial.json"
# Keep this many items of a list: enough to read, and no copy of anybody's data.
KEPT = 12
_NOT_KEPT = ("image", "artwork", "preview", "url", "href", "uri", "wiki")


@dataclass(frozen=True, slots=True)
class Trial:
    """How one form of query did: `words` say what came of it, `works` whether it is as expected."""

    service: str
    form: str
    works: bool
    words: str


class Notes(Http):
    """A seam that keeps questions and answers."""

    def __init__(self, gate: Gate, *, user_agent: str) -> None:
        super().__init__(gate, user_agent=user_agent)
        self.kept: list[dict[str, Any]] = []
        self.form = ""

    def _send(
        self, method: str, url: str, verdict: Verdict, parts: dict[str, Any]
    ) -> Json | Failure:
        """As `Http._send`; the answer is kept, headers and key are not."""
        seen: list[Json] = []

        def look(answer: Json) -> Failure | None:
            seen.append(answer)
            return verdict(answer)

        answer = super()._send(method, url, look, parts)
        params = parts["params"] if method == "GET" else json.loads(parts["data"])
        told = seen[0] if seen else None
        self.kept.append(
            {
                "form": self.form,
                "path": "/" + url.split("://", 1)[-1].partition("/")[2],
                "question": {name: part for name, part in params.items() if name != "api_key"},
                "status": told.status if told else None,
                "trouble": "" if isinstance(answer, Json) else sentence(answer.reason),
                "answer": shortened(told.body) if told else None,
            }
        )
        return answer


def shortened(value: object) -> object:
    """An answer with short lists, and without addresses, pictures and texts."""
    if isinstance(value, dict):
        return {
            key: shortened(inner)
            for key, inner in value.items()
            if not any(word in key.lower() for word in _NOT_KEPT)
        }
    if isinstance(value, list):
        return [shortened(each) for each in value[:KEPT]]
    return value


class _Slowly(OpenGate):
    """The pace of one program alone, where there is no library to share it through."""

    def __init__(self, rate: float) -> None:
        self._seconds, self._at = 1 / rate, 0.0

    def enter(self) -> Failure | None:
        """Wait until the next request is due."""
        time.sleep(max(0.0, self._at - time.monotonic()))
        self._at = time.monotonic() + self._seconds
        return None


def try_out(settings: config.Settings, file: Path) -> Iterator[Trial]:
    """Ask every service that may be asked, and write what came back to a file.

    Args:
        file: is overwritten.
    Returns:
        A trial for each form of query, as they come.
    """
    kept: list[dict[str, Any]] = []
    for name in usable_providers(settings):
        is_alone = is_missing(settings.db)
        gate = _Slowly(settings.rate(name)) if is_alone else configure(settings).gate(name)
        http = Notes(gate, user_agent=user_agent(settings))
        trials = {"musicbrainz": _of_musicbrainz, "itunes": _of_itunes}.get(name, _of_provider)
        yield from trials(name, settings, http)
        kept += [{"service": name, **each} for each in http.kept]
        http.close()
    told = {"program": __version__, "at": time.strftime("%Y-%m-%d"), "trials": kept}
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


# --- the forms ------------------------------------------------------------------------------------


def _of_musicbrainz(name: str, settings: config.Settings, http: Notes) -> Iterator[Trial]:
    clauses = [queries.single_clause(song.title, [song.artist]) for song in SONGS]
    singles = _Search(settings.url(name), http, "release-group", "singles", read_singles)
    yield singles.judged(queries.singles_query(clauses), SONGS)
    older = [queries.older_clause(song.title, [song.artist], song.year + 2) for song in SONGS]
    dates = _Search(settings.url(name), http, "recording", "dates", read_recordings)
    yield dates.judged(queries.older_query(older), SONGS)
    asked = [song.asked or song.artist for song in SONGS]
    artists = _Search(settings.url(name), http, "artist", "artists", read_artists)
    yield artists.named(queries.artists_query(asked), asked)
    song = SONGS[3]
    clause = queries.recording_clause(song.title, [song.artist])
    recordings = _Search(settings.url(name), http, "recording", "recordings", read_recordings)
    yield recordings.judged(queries.recordings_query([clause]), [song], is_old_first=True)
    plain = _Search(settings.url(name), http, "recording", "plain", read_recordings)
    yield plain.judged(queries.song_query(Query(song.artist, song.title)), [song])


@dataclass(frozen=True, slots=True)
class _Search:
    """One form of MusicBrainz' searches."""

    url: str
    http: Notes
    what: str
    form: str
    read: Callable[[object], tuple[Any, ...]]

    def judged(self, lucene: str, songs: Iterable[Known], *, is_old_first: bool = False) -> Trial:
        """Whether the songs are found with their years."""
        found, words = self._ask(lucene)
        if found is None:
            return Trial("MusicBrainz", self.form, False, words)
        wanted = list(songs)
        told = f"{_compared(wanted, found)}; {words}"
        if is_old_first:
            years = [each.year for each in found[:KEPT] if each.year]
            told += f"; the oldest {'first' if years == sorted(years) else 'not first'}"
        return Trial("MusicBrainz", self.form, _fits(wanted, found) > len(wanted) / 2, told)

    def named(self, lucene: str, asked: list[str]) -> Trial:
        """Whether artists are found by what files call them."""
        found, words = self._ask(lucene)
        if found is None:
            return Trial("MusicBrainz", self.form, False, words)
        known = {queries.glued(name) for artist in found for name in artist.names}
        count = sum(queries.glued(name) in known for name in asked)
        told = f"{count} of {len(asked)} artists found; {words}"
        return Trial("MusicBrainz", self.form, count > len(asked) / 2, told)

    def _ask(self, lucene: str) -> tuple[tuple[Any, ...] | None, str]:
        self.http.form = self.form
        params: dict[str, str | int] = {"query": lucene, "limit": LIMIT, "fmt": "json"}
        answer = self.http.get(f"{self.url.rstrip('/')}/ws/2/{self.what}", params, verdict=verdict)
        if not isinstance(answer, Json):
            return None, sentence(answer.reason)
        try:
            found = self.read(answer.body)
        except Unreadable as error:
            return None, sentence(error.reason)
        return found, f"{whole(record(answer.body).get('count'))} hits in all"


def _of_itunes(name: str, settings: config.Settings, http: Notes) -> Iterator[Trial]:
    provider = make_provider(name, settings, http=http)
    # It answers a song every three seconds: half of them will do.
    http.form = "look-up"
    alone = [provider.lookup(_asked(song)) for song in SONGS[::2]]
    yield _judged(name, "look-up", SONGS[::2], alone)
    if settings.itunes_queries and isinstance(provider, ManyAtOnce):
        http.form = "artists"
        together = provider.lookup_many([*map(_asked, OF_ONE_ARTIST)])
        yield _judged(name, "artists", OF_ONE_ARTIST, together)


def _of_provider(name: str, settings: config.Settings, http: Notes) -> Iterator[Trial]:
    provider = make_provider(name, settings, http=http)
    http.form = "look-up"
    asked = [*map(_asked, SONGS)]
    outcomes: list[Outcome | Later | None] = (
        provider.lookup_many(asked)
        if isinstance(provider, ManyAtOnce)
        else [*map(provider.lookup, asked)]
    )
    yield _judged(name, "look-up", SONGS, outcomes)


def _asked(song: Known) -> Query:
    return Query(song.asked or song.artist, song.title)


def _judged(
    name: str, form: str, songs: Sequence[Known], outcomes: Sequence[Outcome | Later | None]
) -> Trial:
    """Whether most songs are found, and with which years."""
    found = [each for outcome in outcomes if isinstance(outcome, Found)
             for each in outcome.candidates]  # fmt: skip
    trouble = next((sentence(each.reason) for each in outcomes
                    if each is not None and hasattr(each, "reason")), "")  # fmt: skip
    count = sum(isinstance(outcome, Found) for outcome in outcomes)
    words = trouble or f"{count} of {len(songs)} found"
    if "year" in BY_NAME[name].supplies and found:
        words += f"; {_compared(songs, found)}"
    return Trial(label_of(name), form, count > len(songs) / 2, words)


def _compared(songs: Iterable[Known], found: Iterable[Candidate]) -> str:
    listed, given = list(songs), list(found)
    return f"{_fits(listed, given)} of {len(listed)} with the right year"


def _fits(songs: list[Known], found: Iterable[Candidate]) -> int:
    """Songs whose earliest year among their own answers is right, or off by one."""
    years: dict[str, int] = {}
    for each in found:
        if each.year:
            title = queries.glued(each.title)
            years[title] = min(each.year, years.get(title, each.year))
    told = ((years.get(queries.glued(song.title)), song.year) for song in songs)
    return sum(year is not None and abs(year - right) <= 1 for year, right in told)
