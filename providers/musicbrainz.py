"""MusicBrainz: singles first, artists in bulk, then recordings; year, tags, artists' other names.

The pace is a request a second for a whole house, so one request carries what it can. Most songs
that people sing came out as a single, and one search tells of twenty singles and more, each with
its date; of a hundred recordings of one famous song a search shows those that it likes. So a
question goes through stages, and others that are at the same stage ride along:

1. the artists' names, two dozen a request: who is one, under which names, and what they play;
2. the song as a single;
3. its recordings, narrowed to official ones that are no concerts;
4. its recordings by every means, as phrase and as words: what is not found so is not known.

A single may have been taken from an album of the year before, or be a re-issue. Whether there is an
older recording is a question of its own, which can wait until all others are named.

Stages that a service does not understand are skipped from then on.
"""

from __future__ import annotations

import logging
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Generic, Literal, TypeVar

from ..system.said import Said
from .base import (
    Candidate,
    Failure,
    Found,
    Later,
    NotFound,
    Outcome,
    Query,
    RateLimited,
    Refused,
    Tag,
    Unavailable,
)
from .decoding import AnotherQuestion, Unreadable, record, whole
from .http import Http, Json, by_status, is_told, retry_after
from .musicbrainz_answers import Artist, read_artists, read_recordings, read_singles
from .musicbrainz_queries import (
    artists_of,
    artists_query,
    fits,
    glued,
    older_clause,
    older_query,
    recording_clause,
    recordings_query,
    single_clause,
    singles_query,
    song_query,
    words_of,
    words_or_phrase,
)
from .plain import may_answer
from .services import BY_NAME, MUSICBRAINZ_QUERIES

log = logging.getLogger("pikaraoke_enrichment")

# More than a hundred is not served: MusicBrainz then falls back to 25 without a word.
LIMIT: Final = 100
# Songs of which recordings are searched at once: fewer where an answer does not show them all, more
# where there is room. And names of artists.
LEAST_AT_ONCE, ARTISTS_AT_ONCE = 2, 24
# At first and at most by form of query: what was not found so far is mostly not there.
FIRST_AT_ONCE, MOST_AT_ONCE = {"recordings": 12, "": 16}, {"recordings": 24, "": 24}
# So many songs that no single was searched for yet go before one that is none.
ENOUGH_TO_WAIT_FOR = 12
# So many songs of the shortest names have room in one address.
MOST_SINGLES = 100
# So many names are worth a request of their own.
ENOUGH_NAMES = 12
# At 1.1 s between requests one in four still met "currently busy"; each retry after 1 s worked.
BUSY_WAIT = 1.0
# What an artist is tagged with says less of one song than the song's own tags.
ARTIST_TAG_WEIGHT = 0.5
# A form of query that is refused so often in a row is not understood there.
REFUSALS = 2
# What an artist is tagged with most often tells a genre.
MOST_PLAYED = 5
# Questions and artists that are remembered.
REMEMBERED = 5_000

_NOT_UNDERSTOOD = frozenset({400, 404, 405, 406, 410, 414, 501})
_SINGLES, _RECORDINGS, _EVERYTHING = 0, 1, 2

_ROW = BY_NAME["musicbrainz"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """What one answer showed; `is_whole` where there is no more."""

    found: tuple[T, ...]
    is_whole: bool


class MusicBrainz:
    """The provider "musicbrainz".

    Args:
        http: the seam, with MusicBrainz' gate; its User-Agent must name a contact.
        base_url: scheme and host, without "/ws/2".
        queries: the forms of query that may be used, of MUSICBRAINZ_QUERIES.
    """

    name = _ROW.name
    label = _ROW.label
    supplies = _ROW.supplies
    finds_by: Literal["pair", "fields", "text"] = "fields"
    # Four times what one search has room for: most of the next songs are at another stage.
    most = 300

    def __init__(
        self,
        http: Http,
        *,
        base_url: str = _ROW.url,
        queries: Iterable[str] = MUSICBRAINZ_QUERIES,
    ) -> None:
        self._http = http
        self._url = base_url.rstrip("/") + "/ws/2/"
        self._refusals = dict.fromkeys(
            (form for form in MUSICBRAINZ_QUERIES if form in set(queries)), 0
        )
        self._passed: _Memory[int] = _Memory()
        self._artists: _Memory[Artist | None] = _Memory()
        self._at_once = dict(FIRST_AT_ONCE)
        self._plays: _Memory[tuple[Tag, ...]] = _Memory()
        # By name, the reading that was found, 0 while none was but one takes somebody known.
        self._sides: _Memory[int] = _Memory()
        self._spoilers: _Memory[bool] = _Memory()
        self._waited: _Memory[bool] = _Memory()

    def lookup(self, query: Query) -> Outcome:
        """Ask for one reading of a name; takes up to four requests."""
        (outcome,) = self.lookup_many([query])
        return outcome if outcome and not isinstance(outcome, Later) else NotFound()

    def lookup_many(self, queries: Sequence[Query]) -> list[Outcome | Later | None]:
        """Ask for several songs, until the first of them has its outcome or another reading of the
        same name was found."""
        if queries[0].before:
            return [*self._older_than_told(queries)]
        talk = _Talk(queries)
        first = talk.first
        if not song_query(first):
            talk.answer(first, NotFound())
        while talk.is_open:
            # The questions that may share a request, the first one in front.
            at = {
                each: self._stage(each)
                for each in talk.left
                if each == first
                or not (_key(each) in self._spoilers or self._is_turned_round(each))
            }
            stage = min(at[each] for each in talk.readings if each in at)
            has_waited = f"{stage} {_key(first)}"
            if has_waited not in self._waited and self._gives_way(first, stage, at):
                self._waited[has_waited] = True  # once: of two songs that wait none would be asked
                return [Later(), *talk.outcomes[1:]]
            together = [each for each in at if at[each] == stage]
            others = [each.artist for each in together]
            failure = self._learn_artists([first.artist], others) if stage > _SINGLES else None
            if failure is not None:
                talk.answer(first, failure)
            elif self._is_turned_round(first):
                talk.answer(first, NotFound())
            else:
                room = MOST_SINGLES, self._at_once["recordings"], self._at_once[""]
                self._ask(stage, together[: 1 if talk.is_alone else room[stage]], talk)
        for query, outcome in zip(queries, talk.outcomes, strict=True):
            if isinstance(outcome, Found):
                self._sides[_name_of(query)] = hash(_key(query))
        return [*talk.outcomes]

    def doubted(self, candidates: Iterable[Candidate]) -> int:
        """The first year that these tell: errors in dates are on the late side, and of many
        recordings a search shows some."""
        if "dates" not in self._refusals:
            return 0
        told = (each.year for each in candidates if each.provider == self.name and each.year)
        return min(told, default=0)

    def _older_than_told(self, queries: Sequence[Query]) -> list[Outcome | None]:
        """The recordings of each song that came out before its year, as many songs as one search
        has room for."""
        clauses = {
            each: older_clause(each.title, self._names(each), each.before)
            for each in queries
            if each.before
        }
        asked = _fitting(list(clauses), lambda own: older_query(clauses[each] for each in own))
        lucene = older_query(clauses[query] for query in asked)
        page = self._search("recording", lucene, read_recordings, "dates")
        if page is None:
            page = Page((), is_whole=False)
        if not isinstance(page, Page):
            return [page if query == queries[0] else None for query in queries]
        outcomes: dict[Query, Outcome] = {queries[0]: NotFound()}
        for query in asked:
            names = self._names(query)
            own = (each for each in page.found if answers(each, query, names))
            if found := tuple(each for each in own if each.year and each.year < query.before):
                outcomes[query] = Found(found)
            elif page.is_whole:
                outcomes[query] = NotFound()
        return [outcomes.get(query) for query in queries]

    def _gives_way(self, first: Query, stage: int, at: Mapping[Query, int]) -> bool:
        """Whether this song is to wait for others: one search settles twenty songs that nothing was
        asked about yet, where this one needs another for itself; and what is probably not there
        waits until many are searched for at once.

        Args:
            at: the stage of each question that is open.
        """
        count = Counter(at.values())
        if stage > _SINGLES and count[_SINGLES] >= ENOUGH_TO_WAIT_FOR:
            return True
        if stage == _EVERYTHING:
            return count[stage] < self._at_once[""] and count[_RECORDINGS] >= ENOUGH_TO_WAIT_FOR
        asked = {_name_of(each) for each, its in at.items() if its > _SINGLES}
        if stage > _SINGLES or _name_of(first) not in asked:
            return False
        names = set(map(_name_of, at))
        return len(names - asked) >= ENOUGH_TO_WAIT_FOR

    def _is_turned_round(self, query: Query) -> bool:
        """Whether a reading takes the title for the artist: nobody is known for this name, and
        another reading of the same words was found, or takes somebody who is known."""
        found = self._sides.get(_name_of(query))
        if found is None or found == hash(_key(query)) or self._votes(query):
            return False
        return bool(found) or not self._unknown([query.artist])

    def _votes(self, query: Query) -> int:
        """How well known the artist of a question is; 0 for nobody."""
        found = map(self._artists.get, _keys_of(query.artist))
        return max((artist.votes for artist in found if artist is not None), default=0)

    def renown(self, names: Iterable[str]) -> dict[str, int]:
        """How well known whoever is called so is, as far as the artists were asked for; a credit
        of several is as well known as the best known of them."""
        told: dict[str, int] = {}
        for credit in names:
            keys = [key for key in _keys_of(credit) if key in self._artists]
            found = [self._artists.get(key) for key in keys]
            if found and _UNSEEN not in found:
                told[credit] = max(1 + artist.votes if artist else 0 for artist in found)
        return told

    def _stage(self, query: Query) -> int:
        """How far a question has come: the first stage that has not found it."""
        passed = self._passed.get(_key(query)) or _SINGLES
        if not query.artist or not any(sign.isalnum() for sign in query.title):
            return _EVERYTHING
        if passed <= _SINGLES and "singles" in self._refusals:
            return _SINGLES
        return _RECORDINGS if passed <= _RECORDINGS and "recordings" in self._refusals else 2

    def _ask(self, stage: int, batch: Sequence[Query], talk: _Talk) -> None:
        """Ask for a batch; where one of it may have spoiled the request, the first goes alone."""
        ask = (self._ask_for_singles, self._ask_for_recordings, self._ask_for_everything)[stage]
        failure = ask(batch, talk)
        if failure is None:
            # It stumbles over one of those, or broods over it until the time is up: not the others'
            # fault. They ask for themselves from now on.
            for each in talk.suspects:
                self._spoilers[_key(each)] = True
            talk.suspects = ()
        elif len(batch) == 1 or not _may_be_due_to_one(failure):
            talk.answer(talk.first, failure)
        else:  # where it is down, whoever asks alone learns just that
            talk.is_alone, talk.suspects = True, batch[1:]

    # --- artists ----------------------------------------------------------------------------------

    def _learn_artists(self, must: Sequence[str], may: Sequence[str] = ()) -> Failure | None:
        """Learn who these artists are, under which names and what they play: those of some credits
        in any case, with as many of others as there is room for, and others alone where a request
        is worth its second."""
        while unknown := self._unknown([*must, *may]):
            if len(unknown) < ENOUGH_NAMES and not self._unknown(must):
                break
            names = _fitting(unknown[:ARTISTS_AT_ONCE], artists_query)
            page = self._search("artist", artists_query(names), read_artists, "artists")
            if page is None:
                continue  # a form that is refused twice is on no more: then no name is unknown
            if not isinstance(page, Page):
                return None if _may_be_due_to_one(page) else page
            by_key: dict[str, Artist] = {}
            for artist in page.found:
                for key in map(glued, artist.names):
                    if key not in by_key or artist.votes > by_key[key].votes:
                        by_key[key] = artist
            for name in names:
                # Where more artists answer to these names than are shown, this one may be among
                # them.
                known = by_key.get(glued(name), None if page.is_whole else _UNSEEN)
                if known is not None:
                    known = replace(known, others=(), tags=_most_played(known.tags))
                    self._artists[glued(known.name)] = known
                self._artists[glued(name)] = known
        return None

    def _pass(self, query: Query, stage: int) -> None:
        """Let a question go on to a later stage."""
        self._passed[_key(query)] = stage
        if self._votes(query) and _name_of(query) not in self._sides:
            self._sides[_name_of(query)] = 0

    def _unknown(self, credits: Iterable[str]) -> list[str]:
        """The names in credits that are not known to be any artist's or none's."""
        if "artists" not in self._refusals:
            return []
        names = {glued(name): name for each in credits if each for name in artists_of(each)}
        return [name for key, name in names.items() if key not in self._artists]

    def _names(self, query: Query) -> list[str]:
        """What the artist of a question goes by: as asked, and as MusicBrainz prints it."""
        artist = self._artists.get(glued(query.artist))
        if artist is None or not artist.name or words_of(artist.name) == words_of(query.artist):
            return [query.artist]
        return [query.artist, artist.name]

    def _ask_for_singles(self, batch: Sequence[Query], talk: _Talk) -> Failure | None:
        names = {query: self._names(query) for query in batch}
        clauses = {query: single_clause(query.title, names[query]) for query in batch}
        asked = _fitting(batch, lambda own: singles_query(clauses[each] for each in own))
        lucene = singles_query(clauses[query] for query in asked)
        page = self._search("release-group", lucene, read_singles, "singles")
        if page is not None and not isinstance(page, Page):
            return page
        found = {}
        for query in asked:
            every = page.found if page else ()
            own = [each for each in every if is_single(each, query, names[query])]
            if any(each.year for each in own):
                found[query] = own
        missed = [query for query in asked if query not in found]
        # Whoever is found is to be named now, with what its artist plays where it has no genre.
        bare = [own[0].artist for own in found.values() if not any(each.tags for each in own)]
        own_artist = [talk.first.artist] if talk.first in missed else []
        failure = self._learn_artists([*own_artist, *bare], [each.artist for each in missed])
        if failure is not None:
            return failure
        for query, own in found.items():
            talk.answer(query, self._found(own))
        for query in missed:
            if page is None or self._names(query) == names[query]:
                self._pass(query, _RECORDINGS)
        return None

    def _ask_for_recordings(self, batch: Sequence[Query], talk: _Talk) -> Failure | None:
        clauses = {query: recording_clause(query.title, self._names(query)) for query in batch}
        asked = _fitting(batch, lambda own: recordings_query(clauses[each] for each in own))
        lucene = recordings_query(clauses[query] for query in asked)
        page = self._search("recording", lucene, read_recordings, "recordings")
        if page is not None and not isinstance(page, Page):
            return page
        # Others' recordings may have crowded out some of these, which are asked for again; whoever
        # is shown is named, and doubted.
        is_whole = page is None or page.is_whole or len(asked) == 1
        shares = {}
        for query in asked:
            names = self._names(query)
            own = [each for each in page.found if answers(each, query, names)] if page else []
            if any(each.year for each in own):
                shares[query] = own
            elif is_whole:
                self._pass(query, _EVERYTHING)
        talk.is_alone = not is_whole
        self._learn_plays(shares.values())
        for query, own in shares.items():
            talk.answer(query, self._found(own))
        return None

    def _learn_plays(self, shares: Iterable[Sequence[Candidate]]) -> None:
        """Learn what the artists of answers without tags play; without that they are as good."""
        self._learn_artists([own[0].artist for own in shares if not any(e.tags for e in own)])

    def _ask_for_everything(self, batch: Sequence[Query], talk: _Talk) -> Failure | None:
        # Of several the words are asked for alone, which hold the phrase too: which of them comes
        # first matters only where there are more than are shown.
        by = song_query if len(batch) == 1 else words_or_phrase
        lucene = {query: by(query) for query in batch}
        asked = [query for query in batch if lucene[query]]
        for query in batch:
            if not lucene[query]:
                talk.answer(query, NotFound())
        if not asked or talk.first not in asked:
            return None
        asked = _fitting(asked, lambda own: _joined(lucene[query] for query in own))
        page = self._search("recording", _joined(lucene[query] for query in asked), read_recordings)
        if not isinstance(page, Page):
            return page
        if len(asked) == 1:
            found, text = page.found, f"{asked[0].artist} {asked[0].title}"
            if found and not any(may_answer(text, each.artist, each.title) for each in found):
                return Unavailable(AnotherQuestion.reason, answered=True)
            self._learn_plays([found] if found else [])
            talk.answer(asked[0], self._found(found) if found else NotFound())
            return None
        shares = shared_out(page, asked)
        self._learn_plays(each.candidates for each in shares if isinstance(each, Found))
        for query, outcome in zip(asked, shares, strict=True):
            if isinstance(outcome, Found):
                talk.answer(query, self._found(outcome.candidates))
            elif outcome is not None:
                talk.answer(query, outcome)
        # Where a famous song has crowded out the others, they are asked for again without it: else
        # it would ride with the next song, and crowd out the others again.
        talk.is_alone = page.is_whole or not any(shares)
        return None

    def _found(self, candidates: Sequence[Candidate]) -> Found:
        """An answer; where none of it has tags, with what its artist plays."""
        tagged = next((each for each in candidates if each.tags), None)
        if tagged is not None:
            self._plays[_keys_of(tagged.artist)[-1]] = _most_played(tagged.tags)
            return Found(tuple(candidates))
        return Found(tuple(map(self._with_artist_tags, candidates)))

    def _with_artist_tags(self, candidate: Candidate) -> Candidate:
        names = _keys_of(candidate.artist)
        known = map(self._artists.get, names)
        tags = next((artist.tags for artist in known if artist is not None and artist.tags), ())
        # Nobody has said what the artist plays, but maybe what another of his songs is.
        tags = tags or next((own for name in names if (own := self._plays.get(name))), ())
        weighed = (replace(tag, weight=tag.weight * ARTIST_TAG_WEIGHT) for tag in tags)
        return replace(candidate, tags=tuple(weighed))

    # --- the seam ---------------------------------------------------------------------------------

    def _search(
        self, what: str, lucene: str, read: Callable[[object], tuple[T, ...]], form: str = ""
    ) -> Page[T] | Failure | None:
        """Ask one search.

        Args:
            what: "recording", "release-group" or "artist".
            form: of MUSICBRAINZ_QUERIES, "" for what everybody understands.
        Returns:
            The answer, why there is none, or None where the service does not understand the form.
        """
        params: dict[str, str | int] = {"query": lucene, "limit": LIMIT, "fmt": "json"}
        answer = self._http.get(
            self._url + what, params, verdict=_lenient_verdict if form else verdict
        )
        if not isinstance(answer, Json):
            return answer
        try:
            if answer.status in _NOT_UNDERSTOOD:
                raise Unreadable
            found = read(answer.body)
        except Unreadable as error:
            if not form:
                return Unavailable(error.reason, answered=True)
            if form in self._refusals:
                self._refusals[form] += 1
                if self._refusals[form] >= REFUSALS:
                    del self._refusals[form]
                    log.warning(
                        "MusicBrainz does not understand our query form %r: it is used no more "
                        "(MUSICBRAINZ_QUERIES sets which are)",
                        form,
                    )
            return None
        if form in self._refusals:
            self._refusals[form] = 0
        total = whole(record(answer.body).get("count"))
        if what == "recording" and form in self._at_once and total is not None:
            before = self._at_once[form]
            room = before // 2 if total > 2 * LIMIT else before + 2 * (total <= LIMIT)
            self._at_once[form] = max(LEAST_AT_ONCE, min(MOST_AT_ONCE[form], room))
        return Page(found, is_whole=total is not None and total <= LIMIT)


_UNSEEN = Artist("", votes=1)


class _Talk:
    """The questions of one look-up and what has come of them."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self.queries = queries
        self.first = queries[0]
        self.is_alone = False
        self.suspects: Sequence[Query] = ()  # of having spoiled the request for all
        self._answered: dict[Query, Outcome] = {}
        name = _name_of(self.first)
        self.readings = [query for query in queries if _name_of(query) == name]

    @property
    def is_open(self) -> bool:
        """Whether neither the first question has an outcome yet nor the same name, read the other
        way round, was found."""
        is_found = any(isinstance(self._answered.get(each), Found) for each in self.readings)
        return not is_found and self.first not in self._answered

    @property
    def left(self) -> list[Query]:
        """The questions without an outcome, the first one in front and its name's other readings
        behind it: where one is asked alone it is one of these."""
        in_order = dict.fromkeys((*self.readings, *self.queries))
        return [query for query in in_order if query not in self._answered]

    @property
    def outcomes(self) -> list[Outcome | None]:
        """What has come of each question, None for one that was left open."""
        return [self._answered.get(query) for query in self.queries]

    def answer(self, query: Query, outcome: Outcome) -> None:
        """Note a question's outcome."""
        self._answered[query] = outcome


class _Memory(Generic[T]):
    """What was learned last, up to a number; threads share it. Its keys are kept as hashes, as a
    library's names would weigh more than all else that a consumer remembers."""

    def __init__(self) -> None:
        self._kept: dict[int, T] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return hash(key) in self._kept

    def __setitem__(self, key: str, value: T) -> None:
        with self._lock:
            self._kept[hash(key)] = value
            if len(self._kept) > REMEMBERED:
                del self._kept[next(iter(self._kept))]

    def get(self, key: str) -> T | None:
        """What was learned of a key, None where nothing was or is remembered."""
        return self._kept.get(hash(key))


# Each talk looks at the next three hundred questions, of which most were in the one before.
@lru_cache(maxsize=512)
def _key(query: Query) -> str:
    return f"{glued(query.artist)}\t{glued(query.title)}"


@lru_cache(maxsize=512)
def _keys_of(credit: str) -> tuple[str, ...]:
    """By what the artists are remembered that a credit may name: each of a library has many songs,
    and each song several looks."""
    return tuple(map(glued, artists_of(credit)))


@lru_cache(maxsize=512)
def _name_of(query: Query) -> str:
    """What all readings of one name have in common: their words."""
    return " ".join(sorted(words_of(f"{query.artist} {query.title}")))


def _most_played(tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """What is remembered of an artist's tags, to a hundredth: thousands of artists share them."""
    return tuple(_shared(tag.name, round(tag.weight, 2)) for tag in tags[:MOST_PLAYED])


_shared = lru_cache(maxsize=1024)(Tag)


def _joined(queries: Iterable[str]) -> str:
    each = list(queries)
    return each[0] if len(each) == 1 else " OR ".join(f"({query})" for query in each)


def _fitting(items: Sequence[T], query_of: Callable[[Sequence[T]], str]) -> list[T]:
    """As many of the items, from the first on, as one address takes; one in any case."""
    counts = range(2, len(items) + 1)
    more = bisect_left(counts, True, key=lambda count: not fits(query_of(items[:count])))
    return list(items[: 1 + more])


def _may_be_due_to_one(failure: Failure) -> bool:
    return isinstance(failure, Unavailable) and failure.arrived


def verdict(answer: Json) -> Failure | None:
    """The failure in an answer: over the pace every request of this address gets 503."""
    if answer.status in (429, 503):
        wait = retry_after(answer.headers) or 0.0
        said = Said("too_many_requests_status", status=answer.status)
        return RateLimited(max(wait, BUSY_WAIT), said)
    if answer.status == 403 and is_told(answer):
        return Refused(Said("no_contact", status=answer.status))
    return by_status(answer)


def _lenient_verdict(answer: Json) -> Failure | None:
    """As `verdict`, but that a form of query is not understood is no trouble of the service."""
    return None if answer.status in _NOT_UNDERSTOOD else verdict(answer)


# --- whose answer it is ---------------------------------------------------------------------------


def answers(candidate: Candidate, query: Query, names: Sequence[str] = ()) -> bool:
    """Whether a recording holds all words of a question, each in its place.

    Args:
        names: what the artist goes by beside the name asked for.
    """
    title = words_of(query.title)
    if not title:  # "???"
        title, given = frozenset({query.title.strip()}), frozenset({candidate.title})
    else:
        given = words_of(candidate.title)
    credit = words_of(" ".join((candidate.artist, *candidate.artist_aliases)))
    if not words_of(query.artist):
        return title <= given | credit
    return title <= given and any(words_of(name) <= credit for name in (query.artist, *names))


def is_single(candidate: Candidate, query: Query, names: Sequence[str] = ()) -> bool:
    """Whether a single is the song asked for: its title and no more, its artist among the credit.

    Args:
        names: what the artist goes by beside the name asked for.
    """
    if glued(candidate.title) != glued(query.title):
        return False
    return answers(candidate, query, names)


def shared_out(page: Page[Candidate], queries: Sequence[Query]) -> list[Outcome | None]:
    """Each question's own recordings; None where it has none on a page that does not show all there
    are."""
    own = [[each for each in page.found if answers(each, query)] for query in queries]
    if not page.is_whole:
        dated = (any(each.year for each in share) for share in own)
        return [
            Found(tuple(share)) if is_dated else None
            for share, is_dated in zip(own, dated, strict=True)
        ]
    told = {id(each) for share in own for each in share}
    rest = [each for each in page.found if id(each) not in told]
    outcomes: list[Outcome | None] = []
    for query, share in zip(queries, own, strict=True):
        # What MusicBrainz found in another spelling may be meant for this question.
        is_open = any(words_of(query.title) & words_of(each.title) for each in rest)
        outcomes.append(Found(tuple(share)) if share else None if is_open else NotFound())
    return outcomes
