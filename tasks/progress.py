"""The snapshot that every face shows: the consumer composes it, CLI and pages read it."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from peewee import fn

from ..database.connection import database, pairs
from ..models import QueueEntry, Song, SongDetail, get_state
from ..providers import services
from ..providers.base import CLOSED
from ..providers.services import label_of
from ..system.said import Said, from_text
from ..words.sentences import as_json, sentence
from . import control, first_run, now_playing, pacing, quiet_hours
from .broker import huey
from .forecast import Looks, looks
from .pace_rules import Shut, shut_for
from .queue import table as queue_table
from .runtime import Runtime, at_forget, runtime
from .scoring import level_of

KEY = "progress"
RECENT = 20
# A reader without a consumer counts the songs itself, but no more often than this, in seconds.
COUNT_AGAIN_AFTER = 2.0
# Pace is what was settled within this time.
PACE_OVER = 120.0
# What is expected weighs as much as so many songs that were seen.
EXPECTED_SONGS = 20
# Of the songs that are put off, as they are no singles, about half are known to nobody there.
PUT_OFF_SHARE = 0.5
# Whether they are older is asked for some forty songs that are named in one request.
NAMED_A_SECOND = 30.0
# A run without any key that takes longer than this is worth a word of what a free one makes of it.
LONG_RUN = 1800.0

Snapshot = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides the worker's state. `shut` lists usable providers that may not be asked.

    Attributes:
        held: whether a song plays during which nothing is to be looked up.
        rests_until: when the quiet hours end, in epoch seconds; None outside of them.
        now: epoch seconds.
        run_again: the line that starts a consumer.
    """

    alive: bool
    wishes: control.Wishes
    remaining: int
    shut: tuple[tuple[str, Shut], ...]
    usable: int
    held: bool = False
    rests_until: float | None = None
    now: float = 0.0
    run_again: str = ""


def state_of(situation: Situation) -> tuple[str, Said, float | None]:
    """The worker's state, what is to be said of it, and the seconds until it may change by itself.

    One of running, paused, stopped, waiting, offline: a dead consumer outweighs a wish, a wish
    outweighs a provider.
    """
    wishes = situation.wishes
    if not situation.alive:  # and what the next consumer will do: a pause outlives a restart
        if wishes.decided and not wishes.running:
            return "offline", Said("offline_then_stopped", command=situation.run_again), None
        code = "offline_then_paused" if wishes.paused else "offline"
        return "offline", Said(code, command=situation.run_again), None
    if not wishes.running:
        return "stopped", Said("stopped"), None
    if wishes.paused:
        return "paused", Said("paused"), None
    if situation.rests_until is not None:
        until = situation.rests_until
        return "paused", Said("quiet_hours", until=until), until - situation.now
    if situation.held:
        return "paused", Said("song_plays"), None
    if not situation.usable:
        return "waiting", Said("no_provider"), None
    if situation.remaining and len(situation.shut) == situation.usable:
        name, first = min(situation.shut, key=lambda item: item[1].seconds)
        return "waiting", Said("trouble", provider=name, reason=first.reason), first.seconds
    return "running", Said("running"), None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Songs in the queue: those never looked at, how many of these were put off, as they cost
    requests of their own, those that lack a year or genre only, by the look that they wait for, and
    those that are named and may only be older than it was told."""

    first: int
    second: int
    third: int = 0
    put_off: int = 0
    named: int = 0

    @property
    def all(self) -> int:
        """How many they are together."""
        return self.first + self.named + self.second + self.third


def percent(processed: int, total: int, remaining: int = 0) -> float:
    """Share done in percent, one decimal; an empty library is done. 100 never stands while any of
    the `remaining` look-ups is open."""
    share = round(100.0 * processed / total, 1) if total else 100.0
    return min(share, 99.9) if remaining else share


@dataclass(frozen=True, slots=True)
class Rates:
    """How a consumer gets on.

    Attributes:
        first, second, third: looks of each kind that it settles a second.
        to_second, to_third: songs that wait for an earlier look and will need this one too.
        is_parallel: whether slower services have a worker of their own, so that second looks are
            taken up beside first ones.
    """

    first: float = 0.0
    second: float = 0.0
    third: float = 0.0
    to_second: float = 0.0
    to_third: float = 0.0
    is_parallel: bool = True


def time_left(waiting: Waiting, rates: Rates) -> float | None:
    """Seconds until nothing waits, None while the pace of what waits is unknown.

    A song that rode along in another's request is settled as soon as its turn comes, and counts as
    one of those that are settled a second.
    """
    lanes = (
        (float(waiting.first), rates.first),
        (waiting.second + rates.to_second, rates.second),
        (waiting.third + rates.to_third, rates.third),
    )
    if any(looks and not pace for looks, pace in lanes):
        return None
    each = [looks / pace if looks else 0.0 for looks, pace in lanes]
    each[0] += waiting.named / NAMED_A_SECOND
    return max(each) if rates.is_parallel else sum(each)


def going_on(ahead: float, done: float, gone_on: float, share: float) -> float:
    """How many of the songs `ahead` of a look will need the next one too.

    Args:
        done, gone_on: songs that had the look, and those of them that went on.
        share: of them to be expected. Songs that nobody knows come last, so that what went on until
            now tells too little: at least this share of all is taken for sure.
    """
    seen = (gone_on + EXPECTED_SONGS * share) / (done + EXPECTED_SONGS)
    return min(ahead, max(ahead * seen, share * (done + ahead) - gone_on))


class Pace:
    """How many a second over the last two minutes, from a total as it was read."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()
        self._began: int | None = None

    def note(self, total: int, now: float) -> None:
        """Remember the total at `now` (seconds on a clock that never jumps)."""
        self._began = total if self._began is None else self._began
        self._seen.append((now, total))
        while len(self._seen) > 2 and now - self._seen[1][0] > PACE_OVER:
            self._seen.popleft()

    @property
    def counted(self) -> int:
        """How much was done since the first look."""
        return self._seen[-1][1] - (self._began or 0) if self._seen else 0

    def per_second(self, expected: float) -> float:
        """What was seen, and beside it as many songs as tell anything at the `expected` pace: of
        the first one, a minute after the look before, thirty songs were told to take two hours."""
        if not expected:
            return 0.0
        done, seconds = 0, 0.0
        if self._seen and (lately := self._seen[-1][1] - self._seen[0][1]) > 0:
            # Idle time before it is no work.
            began = max(at for at, total in self._seen if total == self._seen[0][1])
            done, seconds = lately, self._seen[-1][0] - began
        return (done + EXPECTED_SONGS) / (seconds + EXPECTED_SONGS / expected)


# --- composing ----------------------------------------------------------------------------------


def compose(now: Runtime, pace: Paces | None = None, *, alive: bool = True) -> Snapshot:
    """The whole snapshot, from the tables.

    Returns:
        The progress JSON of DESIGN.md. `total` counts the library's songs, `processed` those that
        wait for no first look, `remaining` those in the queue; of these `second_looks` were looked
        up and are asked about once more, where a slower provider may add a year or a genre;
        `name_only` are those of the `parsed` ones that wait for no first look (`words.kinds` has
        all kinds); a song that is looked up anew is still what it was, and `processed`;
        `rate_per_second` is songs a second, `eta_seconds` None while no pace is known; `held` tells
        a pause that ends by itself, with a song or at `rests_until`; `why` is the reason with code,
        params and words; times are epoch seconds.
    """
    counted = Song.select(Song.metadata_status, fn.COUNT(Song.id)).group_by(Song.metadata_status)
    by_status = pairs(counted)
    total = sum(by_status.values())
    waiting = _waiting(total)
    parsed = by_status.get("parsed", 0)
    rates = pace.rates(waiting, looks(now.services, now.rates)) if pace else Rates()
    seconds = time_left(waiting, replace(rates, is_parallel=now.settings.workers > 1))
    name_only = parsed
    if parsed and waiting.first:  # of 100,000 songs this takes 70 ms
        is_first = QueueEntry.priority > queue_table.SECOND_LOOK
        is_open = is_first & (Song.metadata_status == "parsed")
        name_only -= QueueEntry.select().join(Song).where(is_open).count()
    kinds = {
        "enriched": by_status.get("enriched", 0),
        "failed": by_status.get("enrichment_failed", 0),
        "name_only": name_only,
        "manual": by_status.get("manual", 0),
    }
    processed = sum(kinds.values())
    of_first = rates.first if waiting.first else rates.second if waiting.second else rates.third
    latest = _decided().order_by(SongDetail.decided_at.desc()).limit(RECENT)
    snapshot: Snapshot = {
        "total": total,
        "processed": processed,
        **kinds,
        "parsed": parsed,
        "remaining": waiting.all,
        "percent": percent(processed, total, waiting.all),
        "second_looks": waiting.all - waiting.first,
        "rate_per_second": round(of_first, 2),
        "eta_seconds": None if seconds is None else round(seconds),
        "current": _current(),
        "recent": [_result(row) for row in latest],
    }
    return _with_state(snapshot, now, alive=alive)


class Paces:
    """The pace of first, second and third looks; each total is what the consumers count."""

    def __init__(self) -> None:
        self._lanes = tuple(_Lane(name) for name in _TOTALS)

    def note(self, now: float) -> None:
        """Read the totals; `now` is seconds on a clock that never jumps."""
        for lane in self._lanes:
            lane.read(now)

    def rates(self, waiting: Waiting, expected: Looks) -> Rates:
        """How it gets on. Songs that are put off were looked up before others, and would look like
        none that go on as long as they wait."""
        first, second, third = self._lanes
        first.look(waiting.first)
        second.look(waiting.second)
        third.look(waiting.third)
        put_off = min(waiting.put_off, waiting.first)
        likely = put_off * PUT_OFF_SHARE if expected.second else 0.0
        to_second = likely + going_on(
            waiting.first - put_off,
            first.counted + put_off,
            second.entered + likely,
            expected.beyond_first,
        )
        to_third = going_on(
            waiting.second + to_second, second.counted, third.entered, expected.beyond_second
        )
        return Rates(
            first.per_second(expected.first),
            second.per_second(expected.second),
            third.per_second(expected.third),
            to_second,
            to_third,
        )


_TOTALS = ("total_processed", "total_second_looks", "total_third_looks")


class _Lane(Pace):
    """What is settled of one kind of look, in the time in which any waited for it."""

    def __init__(self, total: str) -> None:
        super().__init__()
        self._total = total
        self._at_first: int | None = None  # of those that wait, what an earlier run has left
        self._waiting = 0
        self._noted_at, self._idle = 0.0, 0.0

    def read(self, now: float) -> None:
        """Note the total as it is; what its pace was while nobody waited says nothing."""
        self._idle += 0.0 if self._waiting else now - self._noted_at
        self._noted_at = now
        self.note(int(get_state(self._total) or 0), now - self._idle)

    def look(self, waiting: int) -> None:
        """Note how many wait."""
        self._waiting = waiting
        self._at_first = waiting + self.counted if self._at_first is None else self._at_first

    @property
    def entered(self) -> int:
        """How many came into the lane since."""
        return max(0, self._waiting + self.counted - (self._at_first or 0))


def _waiting(total: int) -> Waiting:
    """Songs that wait, among them those that PiKaraoke has added and no consumer has seen yet."""
    by_priority = QueueEntry.select(QueueEntry.priority, fn.COUNT(QueueEntry.id))
    waiting = pairs(by_priority.group_by(QueueEntry.priority))
    named = waiting.get(queue_table.NAMED, 0)
    third = sum(count for at, count in waiting.items() if at <= queue_table.THIRD_LOOK)
    second = sum(count for at, count in waiting.items() if at <= queue_table.SECOND_LOOK) - third
    unread = total - SongDetail.select().count()
    if unread > 0:  # an upload is queued before its name is read
        read = SongDetail.select(SongDetail.song)
        unread -= QueueEntry.select().where(QueueEntry.song.not_in(read)).count()
    return Waiting(
        first=sum(waiting.values()) - named - second - third + max(0, unread),
        second=second,
        third=third,
        put_off=waiting.get(queue_table.PUT_OFF, 0),
        named=named,
    )


def _current() -> str | None:
    """The name of the song that is longest under way."""
    row = (
        Song.select(Song.file_path)
        .join(QueueEntry)
        .where(QueueEntry.claim.is_null(False))
        .order_by(QueueEntry.priority.desc(), QueueEntry.id)
        .tuples()
        .first()
    )
    return os.path.basename(row[0]) if row else None


def results_since(at: float) -> list[dict[str, Any]]:
    """Every song decided after `at` (epoch seconds), the oldest first, each as in `recent`.

    A batch decides a hundred songs at once, of which the snapshot shows the last twenty only.
    """
    rows = _decided().where(SongDetail.decided_at > at).order_by(SongDetail.decided_at)
    return [_result(reading) for reading in rows]


def _decided() -> Any:
    return (
        SongDetail.select(SongDetail, Song).join(Song).where(SongDetail.decided_at.is_null(False))
    )


def _result(reading: SongDetail) -> dict[str, Any]:
    song = reading.song
    level = level_of(song.confidence, song.metadata_status or "pending")
    return {
        "id": song.id,
        "name": reading.file_name,
        "artist": song.artist,
        "title": song.title,
        "year": song.year,
        "genre": song.genre,
        "status": song.metadata_status,
        "confidence": song.confidence,
        "level": level.label,
        "colour": level.colour,
        "source": named_by(reading.sources),
        **_reason(from_text(reading.reason)),
        "at": reading.decided_at,
    }


_RESULT = frozenset(
    {"id", "name", "artist", "title", "year", "genre", "status", "confidence"}
    | {"level", "colour", "source", "reason", "why", "at"}
)


def _reason(said: Said) -> dict[str, Any]:
    """A reason in English words, and the same with code and params."""
    why = as_json(said)
    return {"reason": why["words"], "why": why}


def named_by(sources: str) -> str:
    """Who named a song, for people: the provider of its artist and title."""
    kept = json.loads(sources or "{}")
    name = kept.get("title") or kept.get("artist") or ""
    return label_of(name)


def _with_state(snapshot: Snapshot, now: Runtime, *, alive: bool) -> Snapshot:
    """The snapshot with what may have changed since: wishes, providers, the consumer's life."""
    rows = pacing.rows()
    usable = now.services
    known = [(name, rows[name]) for name in usable if name in rows]
    shut = tuple((name, found) for name, row in known if (found := shut_for(row, database.now())))
    at, wishes, rests_until = time.time(), control.wishes(), quiet_hours.rests_until()
    situation = Situation(
        alive=alive,
        wishes=wishes,
        remaining=snapshot["remaining"],
        shut=shut,
        usable=len(usable),
        held=now_playing.holds(),
        rests_until=rests_until,
        now=at,
        run_again="" if alive else control.run_again(),
    )
    state, said, seconds = state_of(situation)
    by_itself = state == "paused" and not wishes.paused
    today, closed, providers = time.strftime("%Y-%m-%d"), dict(shut), []
    for name in usable:
        its, row = closed.get(name), rows.get(name)
        providers.append(
            {
                "name": name,
                "label": label_of(name),
                "state": its.health if its else CLOSED,
                **_reason(its.reason if its else Said("")),
                "retry_at": at + its.seconds if its else None,
                "requests": row.requests if row is not None and row.day == today else 0,
            }
        )
    return {
        **snapshot,
        "state": state,
        "reason": "" if state == "running" else sentence(said),
        "why": as_json(said),
        "hints": [as_json(hint) for hint in _hints(now, snapshot)],
        "held": by_itself,
        "rests_until": rests_until if by_itself else None,
        "retry_at": at + seconds if seconds is not None else None,
        "current": snapshot["current"] if alive else None,
        "providers": providers,
        "updated_at": snapshot.get("updated_at") or at,
    }


def _hints(now: Runtime, snapshot: Snapshot) -> Iterator[Said]:
    """What whoever looks on may want to do about it."""
    settings = now.settings
    if any(settings.lacks_contact(name) for name in settings.providers):
        yield Said("contact_missing")
    key = services.KEYS["listenbrainz"]
    has_key = any(settings.key(name) for name in services.KEYS)
    is_wanted = "listenbrainz" in settings.providers and settings.contact
    if is_wanted and not has_key and (snapshot["eta_seconds"] or 0) > LONG_RUN:
        with_it, _ = first_run.gain("listenbrainz", snapshot["remaining"], settings)
        yield Said(
            "free_token",
            service=label_of("listenbrainz"),
            key=key.word,
            minutes=max(1, round(with_it / 60)),
            page=key.page,
        )


# --- publishing and reading ---------------------------------------------------------------------


def publish(snapshot: Snapshot) -> None:
    """Put the snapshot where every process reads it: Huey's result store."""
    huey.put(KEY, snapshot)


def stamp() -> object:
    """Something that is another once the progress is, but for a wait that has grown shorter.

    Two glances, where `get_progress` asks a dozen times: who shows it looks each second.
    """
    return database.news(), huey.get_raw(KEY, peek=True), quiet_hours.rests_until()


# What is published, what `_with_state` adds aside: who writes to the queue writes this too.
_NUMBERS = frozenset(
    {"total", "processed", "enriched", "failed", "parsed", "manual", "remaining", "percent"}
    | {"name_only", "second_looks", "rate_per_second"}
)


def _is_snapshot(published: Any) -> bool:
    """Whether this has the shape of what `compose` makes."""
    return (
        isinstance(published, dict)
        and all(isinstance(published.get(name), (int, float)) for name in _NUMBERS)
        and isinstance(published.get("eta_seconds"), (int, type(None)))
        and isinstance(published.get("current"), (str, type(None)))
        and isinstance(published.get("updated_at"), (int, float, type(None)))
        and isinstance(published.get("recent"), list)
        and all(isinstance(each, dict) and each.keys() >= _RESULT for each in published["recent"])
    )


_counted: Snapshot = {}
_counted_at = 0.0
_counting = threading.Lock()


def get_progress() -> Snapshot:
    """The progress as it is now, for CLI and pages.

    While a consumer lives this reads its snapshot and never the songs table; otherwise the songs
    are counted at most once in two seconds.
    """
    now = runtime()
    if now.presence.alive():
        published = huey.published(KEY)
        if _is_snapshot(published):
            return _with_state(published, now, alive=True)
        return _count(now, alive=True)
    return _count(now, alive=False)


@at_forget
def forget() -> None:
    """Count anew on the next use (another library was opened)."""
    _counted.clear()


def _count(now: Runtime, *, alive: bool) -> Snapshot:
    global _counted, _counted_at
    with _counting:
        if not _counted or time.monotonic() - _counted_at >= COUNT_AGAIN_AFTER:
            _counted = compose(now, alive=alive)
            _counted_at = time.monotonic()
        return _with_state({**_counted}, now, alive=alive)
