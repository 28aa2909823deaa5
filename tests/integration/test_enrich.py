"""One song's way from the queue to its answer, step by step in this process: whatever happens."""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huey.api import Task
from huey.utils import normalize_time
from queued import entries
from servers import queue_in_file

from pikaraoke_enrichment import queue_for_enrichment
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import (
    CandidateRow,
    ProviderState,
    QueueEntry,
    Rename,
    ReviewEntry,
    Song,
    SongDetail,
    get_state,
    set_state,
)
from pikaraoke_enrichment.providers.base import (
    Candidate,
    Found,
    NotFound,
    Outcome,
    Query,
    RateLimited,
    Refused,
    Tag,
)
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks import control, enrich, runtime
from pikaraoke_enrichment.tasks.enrich import huey
from pikaraoke_enrichment.tasks.lookup import certain_artists
from pikaraoke_enrichment.tasks.queue import table as queue_table
from pikaraoke_enrichment.tasks.queue.table import BACKLOG, PERSON, SECOND_LOOK, UPLOAD
from pikaraoke_enrichment.tasks.review.editing import edit
from pikaraoke_enrichment.tasks.search import listing, review_queue
from pikaraoke_enrichment.words.sentences import kept_sentence

KNOWN = (
    Known("Queen", "Bohemian Rhapsody", 1975, "Rock"),
    Known("ABBA", "Waterloo", 1974, "Pop"),
    Known("Toto", "Africa", 1982, "Rock"),
)


@pytest.fixture(autouse=True)
def started(library: runtime.Runtime, api: ApiServer) -> None:
    """A library whose worker may work, and services that know a few songs."""
    del library
    api.catalogue = Catalogue(KNOWN)
    control.start()


def add(name: str, **values: Any) -> int:
    """A song as PiKaraoke registers it."""
    made = Song.create(**{"file_path": f"/songs/{name}", "format": "mp4", **values})
    return int(made.id)


def song(song_id: int) -> Song:
    found: Song = Song.get_by_id(song_id)
    return found


def next_task() -> Task | None:
    huey._looked_at = 0.0  # a wish is looked at anew
    return huey.dequeue()


def one_step() -> int | None:
    """Do what a worker does with the next task; the song's id, None without one."""
    found = next_task()
    if found is None:
        return None
    huey.execute(found)
    return int(found.args[0])


def work_off(most: int = 100) -> list[int]:
    """Work until nothing is delivered and nothing due; ids in the order they were taken up."""
    done = []
    for _ in range(most):
        song_id = one_step()
        if song_id is None:
            due = huey.read_schedule(normalize_time(delay=0.4))
            if not due:
                return done
            for found in due:
                huey.enqueue(found)
        else:
            done.append(song_id)
    raise AssertionError(f"still not done after {most} steps: {done}")


def time_passes() -> None:
    """All waits are over: providers may be asked and songs tried again."""
    ProviderState.update(open_until=0.0, next_at=0.0).execute()
    QueueEntry.update(not_before=0.0).execute()
    for found in huey.read_schedule(normalize_time(delay=200_000)):
        found.eta = None
        huey.enqueue(found)


def rounds(count: int) -> None:
    """Let a consumer's time pass so many times: it looks for what fell off, and works."""
    for _ in range(count):
        time_passes()
        enrich.sweep()
        work_off()


class Fake:
    """A provider that does what a test says when it is asked."""

    label = "Last.fm"
    supplies = frozenset({"genre", "year"})
    finds_by = "fields"

    def __init__(self, answer: Callable[[Query], Outcome], name: str = "lastfm") -> None:
        self.answer = answer
        self.name = name
        self.asked: list[Query] = []

    def lookup(self, query: Query) -> Outcome:
        self.asked.append(query)
        return self.answer(query)


def answered(provider: str, at: float) -> None:
    """Note a provider's last answer."""
    ProviderState.insert(name=provider, answered_at=at).on_conflict(
        conflict_target=[ProviderState.name], preserve=[ProviderState.answered_at]
    ).execute()


def provide(*fakes: Fake) -> None:
    """Let these be all the providers."""
    runtime.runtime()._providers = list(fakes)  # type: ignore[arg-type]


def queen(query: Query | None = None) -> Found:
    """Queen's song, whatever the question."""
    del query
    candidate = Candidate("lastfm", "Queen", "Bohemian Rhapsody", 1975, listeners=900_000)
    return Found((candidate,))


# --- an answer ------------------------------------------------------------------------------------


def test_an_answer_fills_every_column_and_ends_the_work() -> None:
    made = add("queen - bohemian rhapsody (karaoke version).mp4")
    assert enrich.follow() == 1
    work_off()
    done = song(made)
    assert (done.artist, done.title, done.year, done.genre) == (
        "Queen",
        "Bohemian Rhapsody",
        1975,
        "Rock",
    )
    assert done.metadata_status == "enriched"
    assert 0.9 <= done.confidence < 1.0
    assert done.last_enrichment_attempt is not None
    assert done.enrichment_attempts == 0
    assert entries() == {}
    card = SongDetail.get_by_id(made)
    assert json.loads(card.sources).keys() >= {"artist", "title", "year", "genre"}
    assert json.loads(card.evidence)["parts"]
    assert card.decided_at is not None
    assert (get_state("total_processed"), get_state("total_enriched")) == ("1", "1")


def test_two_files_of_one_song_cost_one_question(api: ApiServer) -> None:
    add("Queen - Bohemian Rhapsody (Karaoke).mp4")
    enrich.follow()
    work_off()
    asked = api.count()
    again = add("QUEEN - bohemian rhapsody [KARAOKE].mp4")
    enrich.follow()
    work_off()
    assert song(again).metadata_status == "enriched"
    assert api.count() == asked


def test_a_delivery_that_is_out_of_date_asks_nobody(api: ApiServer) -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    work_off()
    asked, before = api.count(), song(made).updated_at
    enrich.deliver([(made, BACKLOG, 0.0)] * 3 + [(4711, BACKLOG, 0.0)])
    work_off()
    assert api.count() == asked
    assert song(made).updated_at == before


def test_the_urgent_go_first_whatever_came_before() -> None:
    fake = Fake(queen)
    provide(fake)
    ids = [add(f"Artist {number} - Song {number}.mp4") for number in range(4)]
    enrich.follow()
    enrich.queue_ids([ids[2]], UPLOAD)
    enrich.queue_ids([ids[3]], PERSON)
    taken = list(dict.fromkeys(work_off()))
    assert taken == [ids[3], ids[2], ids[0], ids[1]]


# --- what happens while the answer is under way ---------------------------------------------------


def meanwhile(do: Callable[[], Any]) -> Fake:
    """A provider during whose answer something happens, once."""
    happened: list[bool] = []

    def answer(_: Query) -> Outcome:
        if not happened:
            happened.append(True)
            do()
        return queen()

    fake = Fake(answer)
    provide(fake)
    return fake


def test_a_persons_word_is_not_overwritten_by_an_answer_under_way() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    fake = meanwhile(lambda: edit(made, {"artist": "Me", "title": "Mine", "year": 2000}))
    work_off()
    assert fake.asked, "the answer was under way"
    done = song(made)
    assert (done.artist, done.title, done.year) == ("Me", "Mine", 2000)
    assert (done.metadata_status, done.confidence) == ("manual", 1.0)
    assert entries() == {}
    assert get_state("total_enriched") is None


def test_a_persons_word_is_not_marked_as_failed_by_a_look_under_way() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()

    def answer(_: Query) -> Outcome:
        if song(made).metadata_status != "manual":
            edit(made, {"title": "Mine"})
        return NotFound()

    provide(Fake(answer))
    work_off()
    assert song(made).metadata_status == "manual"
    assert get_state("total_failed") is None
    assert SongDetail.get_by_id(made).reason == ""


def test_a_song_that_a_person_verified_is_never_asked_about() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4", metadata_status="manual", title="Mine")
    fake = Fake(queen)
    provide(fake)
    queue_table.add([(made, PERSON)])
    enrich.deliver([(made, PERSON, 0.0)])
    work_off()
    assert fake.asked == []
    assert song(made).title == "Mine"
    assert entries() == {}


def test_nobody_is_asked_about_what_macos_keeps_beside_a_song() -> None:
    """A person may queue it with all others."""
    beside = add("._Queen - Bohemian Rhapsody.mp4")
    fake = Fake(queen)
    provide(fake)
    enrich.follow()
    enrich.queue_ids([beside], PERSON)
    assert work_off() == [beside]
    assert fake.asked == []
    assert entries() == {}
    assert song(beside).metadata_status == "parsed"


def test_an_answer_to_the_old_name_is_not_written_under_the_new_one() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    fake = meanwhile(
        lambda: Song.update(file_path="/songs/ABBA - Waterloo.mp4").where(Song.id == made).execute()
    )
    assert one_step() == made
    assert song(made).metadata_status == "parsed"
    fake.answer = lambda query: Found((Candidate("lastfm", query.artist, query.title, 1974),))
    work_off()
    assert entries() == {}
    assert (song(made).artist, song(made).title) == ("ABBA", "Waterloo")
    assert song(made).metadata_status == "enriched"


def test_a_new_name_noticed_under_way_is_looked_up_too() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()

    def rename() -> None:
        Song.update(file_path="/songs/ABBA - Waterloo.mp4").where(Song.id == made).execute()
        assert enrich.follow() == 1

    fake = meanwhile(rename)
    fake_answer = fake.answer
    fake.answer = lambda query: (
        fake_answer(query)
        if query.artist == "Queen"
        else Found((Candidate("lastfm", query.artist, query.title, 1974),))
    )
    work_off()
    assert (song(made).artist, song(made).metadata_status) == ("ABBA", "enriched")
    assert entries() == {}


@pytest.mark.parametrize("year", [1975, None])
def test_a_second_look_goes_on_when_we_have_the_file_renamed_under_way(year: int | None) -> None:
    """The new name is no news, so nobody else would queue the song again."""
    old, new = "queen bohemian rhapsody.mp4", "Queen - Bohemian Rhapsody.mp4"
    made = add(old)
    enrich.follow()
    known = {"artist": "Queen", "title": "Bohemian Rhapsody", "metadata_status": "enriched"}
    Song.update(**known, confidence=0.95).where(Song.id == made).execute()
    QueueEntry.update(priority=SECOND_LOOK).where(QueueEntry.song == made).execute()
    enrich.deliver(queue_table.waiting(), anew=True)

    def rename() -> None:
        Rename.create(song=made, batch="one", old_name=old, new_name=new)
        Song.update(file_path=f"/songs/{new}").where(Song.id == made).execute()
        assert enrich.follow() == 0

    fake = meanwhile(rename)
    during = fake.answer
    fake.answer = lambda query: during(query) if year else (during(query), NotFound())[1]
    assert one_step() == made
    assert song(made).year is None
    assert entries() == {made: SECOND_LOOK}
    assert get_state("total_second_looks") is None
    work_off()
    assert (song(made).year, song(made).metadata_status) == (year, "enriched")
    assert entries() == {}
    assert get_state("total_second_looks") == "1"


def test_a_file_that_moves_to_another_folder_under_way_gets_its_answer() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    moved = "/songs/sub/Queen - Bohemian Rhapsody.mp4"
    meanwhile(lambda: Song.update(file_path=moved).where(Song.id == made).execute())
    work_off()
    enrich.follow()
    work_off()
    assert song(made).metadata_status == "enriched"
    assert song(made).file_path == moved


def test_a_song_that_is_deleted_under_way_is_just_gone(caplog: pytest.LogCaptureFixture) -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    meanwhile(lambda: Song.delete().where(Song.id == made).execute())
    work_off()
    assert Song.select().count() == 0
    assert entries() == {}
    assert CandidateRow.select().count() == 0
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_queued_anew_under_way_a_song_is_done_again_at_its_new_priority() -> None:
    first = add("Queen - Bohemian Rhapsody.mp4")
    others = [add(f"Artist {number} - Song {number}.mp4") for number in range(3)]
    enrich.follow()

    def ask_again() -> None:
        enrich.queue_ids([first], PERSON)
        assert one_step() == first, "another worker takes up the delivery, too early"

    meanwhile(ask_again)
    taken = work_off()
    assert taken.index(first) == 0
    again = taken.index(first, 1)
    assert again < taken.index(others[0]), "a person asked for it: it comes before the backlog"
    assert entries() == {}


# --- unsure, unknown ------------------------------------------------------------------------------


def test_an_answer_that_is_no_more_than_likely_waits_for_a_person_from_its_first_look_on() -> None:
    title = "Don't Let the Sun Go Down on Me"
    joint = Candidate("lastfm", "Elton John & George Michael", title, 1991, tags=(Tag("pop"),))
    made = add(f"George Michael - {title}.mp4")
    enrich.follow()
    provide(Fake(lambda _: Found((joint,))))
    work_off()
    assert song(made).metadata_status == "enriched"
    assert 0.70 <= song(made).confidence < 0.90
    assert review_queue.waiting("medium") == 1
    ReviewEntry.delete().execute()  # as older versions did
    listing.forget()
    listing.fill()
    assert review_queue.waiting("medium") == 1


def test_an_answer_below_the_line_is_kept_for_review_and_applied_to_nothing() -> None:
    made = add("Queeny - Bohemia.mp4")
    enrich.follow()
    before = song(made)
    provide(Fake(queen))
    work_off()
    done = song(made)
    kept = list(CandidateRow.select().where(CandidateRow.song == made))
    assert [(row.artist, row.title, row.rank) for row in kept] == [
        ("Queen", "Bohemian Rhapsody", 1)
    ]
    assert kept[0].confidence < 0.70
    assert (done.artist, done.title, done.year) == (before.artist, before.title, None)
    assert done.confidence == before.confidence
    assert done.metadata_status == "parsed"
    assert "sure" in kept_sentence(SongDetail.get_by_id(made).reason)
    assert entries() == {}
    assert get_state("total_processed") == "1"


def test_a_song_that_nobody_knows_fails_at_once_and_keeps_what_its_name_told() -> None:
    made = add("Nobody Ever - Heard Of This.mp4")
    enrich.follow()
    before = song(made)
    work_off()
    done = song(made)
    assert done.metadata_status == "enrichment_failed"
    assert (done.artist, done.title) == (before.artist, before.title)
    assert done.confidence == before.confidence > 0
    assert done.enrichment_attempts == 0, "an answer, not a failure"
    reason = kept_sentence(SongDetail.get_by_id(made).reason)
    assert "not found at" in reason
    assert "MusicBrainz" in reason
    assert entries() == {}
    assert (get_state("total_processed"), get_state("total_failed")) == ("1", "1")


def test_a_later_look_that_finds_nothing_takes_no_answer_away() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    provide(Fake(queen))
    work_off()
    year = song(made).year
    from pikaraoke_enrichment.models import Lookup

    Lookup.delete().execute()
    provide(Fake(lambda _: NotFound()))
    enrich.queue_ids([made], PERSON)
    work_off()
    assert (song(made).metadata_status, song(made).year) == ("enriched", year)
    assert entries() == {}


# --- failures -------------------------------------------------------------------------------------


def test_a_song_that_alone_makes_a_provider_fail_has_three_attempts(api: ApiServer) -> None:
    api.fail("*", "500", when="waterloo")
    unlucky, fine = add("ABBA - Waterloo.mp4"), add("Toto - Africa.mp4")
    enrich.follow()
    for _ in range(20):
        time_passes()
        work_off()
        if not entries():
            break
    assert song(fine).metadata_status == "enriched"
    assert song(fine).enrichment_attempts == 0
    failed = song(unlucky)
    assert (failed.metadata_status, failed.enrichment_attempts) == ("enrichment_failed", 3)
    assert failed.confidence >= 0.3
    assert "HTTP 500" in kept_sentence(SongDetail.get_by_id(unlucky).reason)
    assert entries() == {}


@pytest.mark.parametrize("fault", ["500", "cut_json"])
def test_a_lone_upload_does_not_fail_for_an_outage(api: ApiServer, fault: str) -> None:
    """Nobody else asked in the half minute in which all services answered 500 or rubbish."""
    api.fail("*", fault)
    made = add("Queen - Innuendo.mp4")
    enrich.follow()
    for _ in range(8):
        time_passes()
        work_off()
    assert (song(made).metadata_status, song(made).enrichment_attempts) == ("parsed", 0)
    api.heal()
    rounds(4)
    assert entries() == {}
    assert song(made).metadata_status != "parsed"


def test_an_outage_spends_no_attempts_and_ends_by_itself(api: ApiServer) -> None:
    api.fail("*", "503")
    ids = [add("Queen - Bohemian Rhapsody.mp4"), add("Toto - Africa.mp4")]
    enrich.follow()
    for _ in range(8):
        time_passes()
        work_off()
    assert {song(song_id).metadata_status for song_id in ids} == {"parsed"}
    assert {song(song_id).enrichment_attempts for song_id in ids} == {0}
    assert set(entries()) == set(ids)
    api.heal()
    rounds(3)
    assert {song(song_id).metadata_status for song_id in ids} == {"enriched"}
    assert entries() == {}


def test_what_an_outage_cuts_off_as_it_begins_is_no_songs_failure(api: ApiServer) -> None:
    """The first two fail before anybody can know that the provider is down."""
    runtime.runtime()._providers = runtime.runtime().providers[:1]
    ids = [add(f"{known.artist} - {known.title}.mp4") for known in KNOWN]
    enrich.follow()
    api.fail("lastfm", "reset")
    work_off()
    assert ProviderState.get_by_id("lastfm").health == "open"
    api.heal()
    for _ in range(3):
        time_passes()
        work_off()
    assert {song(song_id).metadata_status for song_id in ids} == {"enriched"}
    assert {song(song_id).enrichment_attempts for song_id in ids} == {0}


def test_songs_that_failed_in_an_outage_are_queued_again_when_it_ends() -> None:
    hit, other = add("Queen - Bohemian Rhapsody.mp4"), add("Nobody - Nothing.mp4")
    enrich.follow()
    QueueEntry.delete().execute()
    Song.update(metadata_status="enrichment_failed", enrichment_attempts=3).execute()
    now = time.time()
    SongDetail.update(failed_by="lastfm", decided_at=now).where(SongDetail.song == hit).execute()
    SongDetail.update(failed_by="", decided_at=now).where(SongDetail.song == other).execute()
    answered("lastfm", now - 5)
    enrich.sweep()
    assert entries() == {}, "it still does not answer"
    ProviderState.update(answered_at=now + 5).execute()
    enrich.sweep()
    assert set(entries()) == {hit}
    assert song(hit).enrichment_attempts == 0


def test_two_songs_that_services_stumble_over_come_to_rest(api: ApiServer) -> None:
    """What a service answers to one of them is no end of an outage for the other."""
    api.fail("*", "500", when="waterloo")
    api.fail("*", "500", when="africa")
    unlucky = [add("ABBA - Waterloo.mp4"), add("Toto - Africa.mp4")]
    enrich.follow()
    rounds(25)
    api.forget()
    rounds(5)
    assert api.requests == []
    assert {song(song_id).metadata_status for song_id in unlucky} == {"enrichment_failed"}
    assert entries() == {}


def test_a_song_that_one_service_alone_stumbles_over_does_not_pass_for_its_outage(
    api: ApiServer,
) -> None:
    """It was asked about every five minutes for ever, no other song meanwhile."""
    runtime.runtime()._providers = runtime.runtime().providers[1:]
    api.fail("musicbrainz", "500", when="waterloo")
    unlucky, fine = add("ABBA - Waterloo.mp4"), add("Toto - Africa.mp4")
    enrich.follow()
    rounds(5)
    assert {song(each).year for each in (unlucky, fine)} == {1974, 1982}
    assert ProviderState.get_by_id("musicbrainz").health == "closed"
    assert entries() == {}
    api.forget()
    rounds(5)
    assert api.requests == []


def test_a_known_song_waits_in_the_queue_for_a_service_that_comes_and_goes(api: ApiServer) -> None:
    """Decided anew each time, thousands of songs were written every five minutes."""
    runtime.runtime()._providers = runtime.runtime().providers[1:]
    ids = [add(f"{known.artist} - {known.title}.mp4") for known in KNOWN]
    enrich.follow()
    api.fail("musicbrainz", "reset")
    work_off()
    now = time.time()
    SongDetail.update(decided_at=now - 10).execute()
    ProviderState.update(answered_at=now, open_until=0.0, health="closed", failures=0).execute()
    enrich.sweep()
    work_off()
    assert set(entries()) == set(ids), "it was gone again"
    assert {song(song_id).enrichment_attempts for song_id in ids} == {0}
    api.heal()
    time_passes()
    work_off()
    told = [json.loads(each.sources)["year"] for each in SongDetail.select()]
    assert told == ["musicbrainz"] * len(ids)
    assert entries() == {}


def test_a_refused_key_fails_no_song_and_is_said(api: ApiServer) -> None:
    api.keys = frozenset({"another-key"})
    runtime.runtime()._providers = runtime.runtime().providers[:1]
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    for _ in range(4):
        work_off()
    assert (song(made).metadata_status, song(made).enrichment_attempts) == ("parsed", 0)
    assert set(entries()) == {made}
    assert api.count() == 1, "asked once, not for every song"
    assert ProviderState.get_by_id("lastfm").health == "refused"


def test_a_refused_key_does_not_hold_up_what_others_know() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    refusing = Fake(lambda _: Refused(Said("the key is not valid")))
    knowing = Fake(lambda _: Found((Candidate("itunes", "Queen", "Bohemian Rhapsody"),)), "itunes")
    provide(refusing, knowing)
    work_off()
    assert song(made).metadata_status == "enriched"
    assert entries() == {}


def test_a_name_that_breaks_our_code_fails_that_song_only(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = add("Poison - Song.mp4"), add("Toto - Africa.mp4")
    enrich.follow()
    read = certain_artists.read

    def poisoned(name: str, *knowledge: Any) -> Any:
        if name.startswith("Poison"):
            raise ZeroDivisionError("poisoned")
        return read(name, *knowledge)

    monkeypatch.setattr(certain_artists, "read", poisoned)
    certain_artists.forget()  # and with it the names that were read
    work_off()
    assert song(good).metadata_status == "enriched"
    failed = song(bad)
    assert (failed.metadata_status, failed.enrichment_attempts) == ("enrichment_failed", 3)
    assert (
        kept_sentence(SongDetail.get_by_id(bad).reason)
        == "ZeroDivisionError in our own code, see the log"
    )
    assert caplog.text.count("ZeroDivisionError: poisoned") >= 3, "with its traceback in the log"
    assert entries() == {}


def test_an_answer_that_breaks_our_code_fails_that_song_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pikaraoke_enrichment.tasks.lookup import chain

    bad, good = add("ABBA - Waterloo.mp4"), add("Toto - Africa.mp4")
    enrich.follow()
    judge = chain.judge

    def poisoned(parsed: Any, candidates: Any, *rest: Any) -> Any:
        if "Waterloo" in parsed.name and candidates:
            raise RecursionError("poisoned")
        return judge(parsed, candidates, *rest)

    monkeypatch.setattr(chain, "judge", poisoned)
    work_off()
    assert song(good).metadata_status == "enriched"
    assert song(bad).metadata_status == "enrichment_failed"
    assert song(bad).enrichment_attempts == 3


def test_a_person_who_queues_a_failed_song_gives_it_new_attempts() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    QueueEntry.delete().execute()
    Song.update(metadata_status="enrichment_failed", enrichment_attempts=3).execute()
    enrich.queue_ids([made], PERSON)
    assert song(made).enrichment_attempts == 0
    work_off()
    assert song(made).metadata_status == "enriched"


# --- the second look ------------------------------------------------------------------------------


def test_a_second_look_fills_the_year_behind_all_first_ones(settings: Any) -> None:
    runtime.configure(
        replace(settings, musicbrainz_rate=900.0, itunes_rate=800.0), is_consumer=True
    )
    control.start()
    ids = [add(f"{known.artist} - {known.title}.mp4") for known in KNOWN]
    enrich.follow()
    first = [one_step() for _ in ids]
    assert first == ids
    assert {song(song_id).metadata_status for song_id in ids} == {"enriched"}
    assert {song(song_id).year for song_id in ids} == {None}
    assert {song(song_id).genre for song_id in ids} >= {"Rock"}
    assert set(entries().values()) == {SECOND_LOOK}
    assert get_state("total_processed") == "3"
    work_off()
    assert [song(song_id).year for song_id in ids] == [1975, 1974, 1982]
    assert entries() == {}
    assert (get_state("total_processed"), get_state("total_second_looks")) == ("3", "3")
    assert get_state("total_enriched") == "3", "counted once"


def test_a_new_song_comes_before_the_second_looks(settings: Any) -> None:
    runtime.configure(
        replace(settings, musicbrainz_rate=900.0, itunes_rate=800.0), is_consumer=True
    )
    control.start()
    ids = [add(f"{known.artist} - {known.title}.mp4") for known in KNOWN[:2]]
    enrich.follow()
    assert [one_step(), one_step()] == ids
    late = add("Toto - Africa.mp4")
    enrich.follow()
    assert one_step() == late


# --- delivery -------------------------------------------------------------------------------------


def test_a_lost_queue_file_costs_nothing() -> None:
    ids = [add(f"{known.artist} - {known.title}.mp4") for known in KNOWN]
    enrich.follow()
    one_step()
    path = Path(runtime.runtime().settings.queue)
    huey.close()
    for file in path.parent.glob(f"{path.name}*"):
        if file.is_file():
            file.unlink()
    enrich.reconcile()
    work_off()
    assert {song(song_id).metadata_status for song_id in ids} == {"enriched"}


def test_songs_of_a_consumer_that_died_are_taken_up_again() -> None:
    ids = [add(f"{known.artist} - {known.title}.mp4") for known in KNOWN]
    enrich.follow()
    QueueEntry.update(claim="dead").where(QueueEntry.song.in_(ids[:2])).execute()
    huey.storage.flush_queue()
    assert enrich.reconcile() == 2
    work_off()
    assert {song(song_id).metadata_status for song_id in ids} == {"enriched"}


def test_songs_of_a_living_consumer_are_left_to_it() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    other = runtime.presence_of(runtime.runtime().settings)
    QueueEntry.update(claim=other.enter()).execute()
    assert enrich.reconcile() == 0
    enrich.sweep()
    work_off()
    assert song(made).metadata_status == "parsed"
    other.leave()
    enrich.sweep()
    work_off()
    assert song(made).metadata_status == "enriched"


def test_songs_of_a_dead_consumer_do_not_wait_until_all_else_is_done() -> None:
    made, later = add("Queen - Bohemian Rhapsody.mp4"), add("Toto - Africa.mp4")
    enrich.follow()
    huey.storage.flush_queue()
    QueueEntry.update(claim="dead").where(QueueEntry.song == made).execute()
    QueueEntry.update(not_before=time.time() + 3600).where(QueueEntry.song == later).execute()
    enrich.deliver([(later, BACKLOG, time.time() + 3600)])
    enrich.sweep()
    work_off()
    assert song(made).metadata_status == "enriched"
    assert set(entries()) == {later}


def test_a_clock_that_is_set_back_holds_no_song_up() -> None:
    """A machine without a clock of its own began a day ahead, and its network came later."""
    made, fine = add("Queen - Bohemian Rhapsody.mp4"), add("Toto - Africa.mp4")
    enrich.follow()
    huey.storage.flush_queue()
    for song_id, wait in ((made, 86_400), (fine, 3600)):
        later = time.time() + wait
        QueueEntry.update(not_before=later).where(QueueEntry.song == song_id).execute()
        enrich.deliver([(song_id, BACKLOG, later)])
    assert enrich.sweep() is True
    assert enrich.sweep() is False
    work_off()
    assert song(made).metadata_status == "enriched"
    assert set(entries()) == {fine}, "whoever asked for an hour has it"


def test_what_huey_has_lost_is_delivered_again_once_it_has_nothing_left() -> None:
    ids = [add(f"{known.artist} - {known.title}.mp4") for known in KNOWN]
    enrich.follow()
    next_task()  # dequeued, and then the plug was pulled
    assert enrich.sweep() is False, "there is still work: no need to look"
    work_off()
    assert set(entries()) == {ids[0]}
    assert enrich.sweep() is True
    work_off()
    assert entries() == {}
    assert enrich.sweep() is False


@queue_in_file
def test_results_of_songs_do_not_pile_up(settings: Any, api: ApiServer) -> None:
    api.fail("*", "500", when="waterloo")
    for known in KNOWN:
        add(f"{known.artist} - {known.title}.mp4")
    enrich.follow()
    for _ in range(3):
        time_passes()
        work_off()
    connection = sqlite3.connect(settings.queue)
    kept = connection.execute("SELECT key FROM kv").fetchall()
    connection.close()
    assert kept == []


def test_a_worker_that_is_told_to_end_puts_its_song_back() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    now = runtime.runtime()

    def answer(_: Query) -> Outcome:
        now.stopping.set()
        return NotFound()

    provide(Fake(answer))
    one_step()
    entry = QueueEntry.get(QueueEntry.song == made)
    assert (entry.claim, entry.not_before) == (None, 0.0)
    assert (song(made).metadata_status, song(made).enrichment_attempts) == ("parsed", 0)


# --- queue_for_enrichment -------------------------------------------------------------------------


def upload(folder: Path, name: str) -> str:
    path = folder / name
    path.touch()
    return str(path)


def test_an_upload_is_registered_and_queued_at_once_and_goes_all_the_way(tmp_path: Path) -> None:
    path = upload(tmp_path, "Queen - Bohemian Rhapsody---abcdefghijk.mp4")
    assert queue_for_enrichment(path) == 1
    made = Song.get(Song.file_path == path)
    assert (made.youtube_id, made.format) == ("abcdefghijk", "mp4")
    assert entries() == {made.id: UPLOAD}
    work_off()
    done = song(made.id)
    assert (done.metadata_status, done.artist, done.year) == ("enriched", "Queen", 1975)
    assert entries() == {}


def test_ids_and_paths_and_path_objects_may_be_mixed(tmp_path: Path) -> None:
    made = add("Toto - Africa.mp4")
    path = upload(tmp_path, "ABBA - Waterloo.mp4")
    other = Path(upload(tmp_path, "Queen - Bohemian Rhapsody.mp4"))
    assert queue_for_enrichment([made, path, other], priority=7) == 3
    assert list(entries().values()) == [7, 7, 7]
    assert queue_for_enrichment([]) == 0


def test_what_is_unknown_is_said(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="4711"):
        queue_for_enrichment(4711)
    with pytest.raises(FileNotFoundError, match=r"missing\.mp4"):
        queue_for_enrichment(str(tmp_path / "missing.mp4"))
    assert entries() == {}


def test_a_song_that_a_person_verified_is_not_queued() -> None:
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    edit(made, {"title": "Mine"})
    assert queue_for_enrichment(made) == 0
    assert entries() == {}


def test_more_songs_than_one_statement_takes_are_queued() -> None:
    ids = [add(f"Artist {number} - Song {number}.mp4") for number in range(1203)]
    assert queue_for_enrichment(ids, priority=1) == 1203
    assert set(entries().values()) == {1}
    assert huey.storage.queue_size() == 1203


def undecided() -> None:
    """Nobody has ever pressed Start or Stop."""
    from pikaraoke_enrichment.models import State

    State.delete().where(State.key.in_([control.RUNNING, control.PAUSED])).execute()


def test_work_starts_by_itself_with_the_first_songs(tmp_path: Path) -> None:
    undecided()
    assert not control.wishes().may_work
    queue_for_enrichment(upload(tmp_path, "Toto - Africa.mp4"))
    assert control.wishes().may_work, "an upload handler is all that calls us"


def test_work_does_not_start_by_itself_once_a_person_said_stop(tmp_path: Path) -> None:
    control.stop()
    queue_for_enrichment(upload(tmp_path, "Toto - Africa.mp4"))
    add("ABBA - Waterloo.mp4")
    enrich.follow()
    enrich.scan(tmp_path)
    assert not control.wishes().running


def test_a_setting_keeps_work_from_starting_by_itself(tmp_path: Path, settings: Any) -> None:
    runtime.configure(replace(settings, autostart=False), is_consumer=True)
    undecided()
    queue_for_enrichment(upload(tmp_path, "Toto - Africa.mp4"))
    enrich.scan(tmp_path)
    enrich.follow()
    assert not control.wishes().running


def test_a_refusal_for_speed_that_is_over_already_spends_no_attempt() -> None:
    """MusicBrainz is busy for a second, the next provider takes three to answer."""
    made = add("Queen - Bohemian Rhapsody.mp4")
    enrich.follow()
    busy = Fake(lambda _: RateLimited(1.0, Said("too many requests")), "musicbrainz")
    knows_nothing = Fake(lambda _: NotFound(), "itunes")
    provide(busy, knows_nothing)
    for _ in range(5):
        time_passes()
        one_step()
        answered("musicbrainz", time.time())
    assert (song(made).metadata_status, song(made).enrichment_attempts) == ("parsed", 0)
    assert set(entries()) == {made}


OF_OURS = (
    '{"code": "own_error", "params": {"error": "KeyError"}}',
    "KeyError in our own code, see the log",
)


@pytest.mark.parametrize("reason", OF_OURS)
def test_what_an_older_version_failed_on_is_tried_again(reason: str) -> None:
    ours, nobodys = add("ABBA - Waterloo.mp4"), add("Nobody - Nothing.mp4")
    enrich.follow()
    QueueEntry.delete().execute()
    Song.update(metadata_status="enrichment_failed", enrichment_attempts=3).execute()
    SongDetail.update(reason=reason).where(SongDetail.song == ours).execute()
    SongDetail.update(reason="not_found").where(SongDetail.song == nobodys).execute()
    enrich.reconcile()
    assert set(entries()) == {ours}
    assert song(ours).enrichment_attempts == 0
    QueueEntry.delete().execute()
    enrich.reconcile()
    assert entries() == {}, "once a version"
    set_state(enrich.RAN_LAST, "0.0.9")
    enrich.reconcile()
    assert set(entries()) == {ours}


def test_the_artist_index_tells_the_sides_of_a_song_that_nobody_knows(api: ApiServer) -> None:
    api.catalogue = Catalogue([*KNOWN, Known("Quellwasser", "Ein anderes Lied", 1999, "Rock")])
    song_id = add("Bergziege - Quellwasser (Karaoke).mp4")
    enrich.follow()
    assert (song(song_id).artist, song(song_id).title) == ("Bergziege", "Quellwasser")
    work_off()
    found = song(song_id)
    assert (found.artist, found.title) == ("Quellwasser", "Bergziege")
    assert found.metadata_status in ("parsed", "enrichment_failed")
