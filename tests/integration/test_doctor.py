"""doctor: what is fine, what is bad, and what to do about it."""

from __future__ import annotations

import itertools
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from booklists import import_list
from pikaraoke.lib.karaoke_database import KaraokeDatabase

from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands import doctor
from pikaraoke_enrichment.commands.doctor import Finding, examine
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import QueueEntry, Song, SongDetail
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.system.invocation import typed
from pikaraoke_enrichment.tasks import consumer, enrich, progress, runtime
from pikaraoke_enrichment.tasks.runtime import presence_of


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    runtime.forget()
    close_library()
    yield
    runtime.forget()
    close_library()


@pytest.fixture
def made(settings: config.Settings) -> config.Settings:
    """Settings of a library that PiKaraoke made, with a consumer that lives."""
    KaraokeDatabase(settings.db).close()
    runtime.configure(settings)
    runtime.forget()
    close_library()
    return settings


def found(settings: config.Settings, *, ask_providers: bool = False) -> dict[str, Finding]:
    return {finding.subject: finding for finding in examine(settings, ask_providers=ask_providers)}


def bad(findings: dict[str, Finding]) -> set[str]:
    return {subject for subject, finding in findings.items() if not finding.is_fine}


def test_all_is_fine_with_a_library_a_consumer_and_providers(made: config.Settings) -> None:
    consumer = presence_of(made)
    consumer.enter()
    try:
        findings = found(made, ask_providers=True)
    finally:
        consumer.leave()
    assert bad(findings) == set()
    assert {"Last.fm", "MusicBrainz", "iTunes"} <= set(findings)
    assert made.db in findings["Songs database"].words


def test_whatever_is_bad_says_what_to_do(made: config.Settings) -> None:
    consumer = found(made)["Consumer"]
    assert not consumer.is_fine
    assert "start" in consumer.advice


def test_no_library_is_said_and_none_is_made(settings: config.Settings) -> None:
    findings = found(settings, ask_providers=True)
    assert "Songs database" in bad(findings)
    assert findings["Songs database"].advice
    assert not Path(settings.db).exists()


def test_a_damaged_library_is_said(made: config.Settings) -> None:
    with open(made.db, "r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 3000)
    findings = found(made)
    assert "Songs database" in bad(findings)


def test_another_programs_database_is_left_as_it_is(settings: config.Settings) -> None:
    connection = sqlite3.connect(settings.db)
    with connection:
        connection.execute("CREATE TABLE songs (name TEXT)")
    connection.close()
    before = Path(settings.db).read_bytes()
    assert "Songs database" in bad(found(settings))
    assert Path(settings.db).read_bytes() == before


def test_a_damaged_queue_file_says_that_it_may_go(made: config.Settings) -> None:
    Path(made.queue).write_bytes(b"not a database " * 500)
    finding = found(made)["Queue file"]
    assert not finding.is_fine
    assert finding.advice


def test_the_catalogues_file_is_looked_at(made: config.Settings, tmp_path: Path) -> None:
    assert "Song lists" not in found(made)
    songs = tmp_path / "book.csv"
    songs.write_text("Artist;Title\nABBA;Waterloo\nABBA;Fernando\n")
    import_list(songs, made.catalogue)
    finding = found(made)["Song lists"]
    assert finding.is_fine
    assert finding.words == f"{made.catalogue} is sound, 2 songs"
    with closing(sqlite3.connect(made.catalogue)) as connection:
        connection.execute("DROP TABLE enrichment_catalogue_word")
    finding = found(made)["Song lists"]
    assert finding.words == f"{made.catalogue} is not asked: an older version made it"
    assert finding.advice == f"run: {typed('catalogue list')}"
    made.catalogue.write_bytes(b"not a database " * 500)
    finding = found(made)["Song lists"]
    assert not finding.is_fine
    assert finding.advice == "delete it, and import your lists again"


def test_providers_that_do_not_answer_are_named_without_the_key(
    made: config.Settings, api: ApiServer
) -> None:
    api.stop()
    findings = found(made, ask_providers=True)
    assert {"Last.fm", "MusicBrainz", "iTunes"} <= bad(findings)
    assert "connection refused" in findings["Last.fm"].words
    assert "a-key" not in repr(findings)


def test_key_and_contact_are_tried_and_a_block_says_what_to_set(
    made: config.Settings, api: ApiServer
) -> None:
    findings = found(made, ask_providers=True)
    assert findings["Last.fm"].words == "answers, and takes our key"
    assert findings["MusicBrainz"].words == "answers, and takes our contact"
    assert findings["iTunes"].words == "answers"
    api.fail("musicbrainz", "musicbrainz_403", times=1)
    blocked = found(made, ask_providers=True)["MusicBrainz"]
    assert not blocked.is_fine
    assert typed("set contact") in blocked.advice
    assert found(made, ask_providers=True)["MusicBrainz"] == blocked, "and it is not asked again"


def test_a_missing_contact_is_told_once_with_what_to_type(
    made: config.Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(config, "own_home", str)
    nameless = replace(made, musicbrainz_contact="", providers=("musicbrainz", "listenbrainz"))
    told = found(nameless)["Contact"]
    assert typed("set contact") in told.advice
    assert "address" not in told.words, "the advice says what to give"
    runtime.forget()
    consumer._say_who_is_asked(runtime.configure(nameless))
    (said,) = [each.message for each in caplog.records if each.levelname == "WARNING"]
    assert typed("set contact") in said


def test_a_refused_key_is_said(made: config.Settings, api: ApiServer) -> None:
    api.keys = frozenset({"another"})
    findings = found(made, ask_providers=True)
    assert "Last.fm" in bad(findings)
    assert "key" in findings["Last.fm"].words + findings["Last.fm"].advice


def test_offline_nobody_is_asked(made: config.Settings, api: ApiServer) -> None:
    found(made)
    assert api.count() == 0


def test_a_missing_key_is_no_fault_and_no_provider_at_all_is(made: config.Settings) -> None:
    without = replace(made, lastfm_api_key="")
    findings = found(without)
    assert findings["Last.fm key"].is_fine
    assert "Last.fm key" not in bad(findings)
    nobody = replace(without, providers=("lastfm",))
    assert "Providers" in bad(found(nobody))


def test_a_mistyped_setting_is_told_without_its_value(
    made: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENRICHMENT_LASTFM_APIKEY", "0123-secret")
    finding = found(made)["ENRICHMENT_LASTFM_APIKEY"]
    assert not finding.is_fine
    assert finding.advice == "name it LASTFM_API_KEY"
    assert "secret" not in str(finding)


def test_a_clock_of_1970_is_said(made: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(made)["Clock"].is_fine
    monkeypatch.setattr(doctor.time, "time", lambda: 100.0)
    assert "set the clock" in found(made)["Clock"].advice


def test_what_this_user_may_not_write_is_named(
    made: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first run with sudo leaves a log behind that nobody else may write."""
    log = f"{made.db}-wal"
    keeps_log = sqlite3.connect(made.db)
    keeps_log.execute("SELECT count(*) FROM songs").fetchone()
    monkeypatch.setattr("os.access", lambda path, _mode: str(path) != log)
    finding = found(made)["Songs database"]
    keeps_log.close()
    assert not finding.is_fine
    assert finding.words == f"{log} cannot be written"
    assert "give this user the right" in finding.advice


def test_a_consumer_that_lives_and_says_nothing_is_told(made: config.Settings) -> None:
    runtime.configure(made)
    consumer = presence_of(made)
    consumer.enter()
    try:
        for seconds, is_fine in [(30.0, True), (600.0, False)]:
            enrich.huey.put(progress.KEY, {"updated_at": time.time() - seconds})
            finding = found(made)["Consumer"]
            assert finding.is_fine == is_fine
        assert "without a word for 10 min" in finding.words
        assert "start it anew" in finding.advice
    finally:
        consumer.leave()


def test_songs_that_fell_off_the_queue_are_told_and_put_back(made: config.Settings) -> None:
    runtime.configure(made)
    for name in ("lost", "decided", "queued", "enriched"):
        song = Song.create(file_path=f"/songs/{name}.mp4", format="mp4", metadata_status="parsed")
        decided = 1.0 if name == "decided" else None
        SongDetail.create(song=song, file_name=f"{name}.mp4", decided_at=decided)
    QueueEntry.create(song=3)
    Song.update(metadata_status="enriched").where(Song.id == 4).execute()
    assert found(made)["Queue"].words.startswith("1 song never looked up")
    assert "put into it" in fixed(made)["Queue"].words
    runtime.configure(made)
    assert {entry.song_id for entry in QueueEntry.select()} == {1, 3}
    assert "Queue" not in found(made)


@pytest.mark.parametrize(
    ("fault", "advice"),
    [("lastfm_26", "set another key"), ("429_retry", "asked again in"), ("500", "the network")],
)
def test_what_to_do_about_a_provider_depends_on_what_it_says(
    made: config.Settings, api: ApiServer, fault: str, advice: str
) -> None:
    api.fail("lastfm", fault)
    assert advice in found(made, ask_providers=True)["Last.fm"].advice


def test_the_contact_is_tested_by_a_request_and_another_one_anew(
    made: config.Settings, api: ApiServer
) -> None:
    api.fail("musicbrainz", "musicbrainz_403")
    for _ in range(2):
        refused = found(made, ask_providers=True)["MusicBrainz"]
        assert not refused.is_fine
        assert typed("set contact") in refused.advice
    assert api.count("musicbrainz") == 1, "each request would prolong the block"
    api.heal()
    another = replace(made, musicbrainz_contact="another@example.org")
    assert found(another, ask_providers=True)["MusicBrainz"].is_fine


def test_entries_of_deleted_songs_do_no_harm(made: config.Settings) -> None:
    runtime.configure(made)
    song = Song.create(file_path="/songs/a.mp4", format="mp4")
    QueueEntry.create(song=song)
    database.execute_sql("PRAGMA foreign_keys = 0")
    Song.delete().execute()
    database.execute_sql("PRAGMA foreign_keys = 1")
    findings = found(made)
    assert "Library" not in bad(findings)
    assert findings["Library"].words.startswith("0 songs")


def test_without_fix_nothing_is_changed(settings: config.Settings) -> None:
    KaraokeDatabase(settings.db).close()
    before = Path(settings.db).read_bytes()
    assert "not made ready" in found(settings)["Schema"].words
    assert Path(settings.db).read_bytes() == before
    assert not list(Path(settings.db).parent.glob("*before-enrichment*"))


def broken(settings: config.Settings) -> None:
    """A song that a dead consumer holds, one without delivery, a row without song."""
    runtime.configure(settings)
    for number in range(3):
        QueueEntry.create(song=Song.create(file_path=f"/songs/{number}.mp4", format="mp4"))
    QueueEntry.update(claim="dead").where(QueueEntry.song == 1).execute()
    enrich.huey.storage.flush_queue()
    database.execute_sql("PRAGMA foreign_keys = 0")
    Song.delete().where(Song.id == 3).execute()
    database.execute_sql("PRAGMA foreign_keys = 1")


def fixed(settings: config.Settings) -> dict[str, Finding]:
    findings = examine(settings, ask_providers=False, fix=True)
    return {finding.subject: finding for finding in findings}


def test_what_is_stuck_or_orphaned_is_told_and_left(made: config.Settings) -> None:
    broken(made)
    findings = found(made)
    assert findings["Orphans"].words == "1 row of deleted songs"
    assert findings["Claims"].words == "1 song of consumers that died"
    runtime.configure(made)
    assert QueueEntry.select().count() == 3
    assert QueueEntry.select().where(QueueEntry.claim == "dead").count() == 1


def test_fix_frees_drops_and_delivers_anew(made: config.Settings) -> None:
    broken(made)
    findings = fixed(made)
    assert "freed" in findings["Claims"].words
    assert "dropped" in findings["Orphans"].words
    assert "delivered anew" in findings["Queue file"].words
    runtime.configure(made)
    assert {entry.song_id for entry in QueueEntry.select()} == {1, 2}
    assert QueueEntry.select().where(QueueEntry.claim.is_null(False)).count() == 0
    assert enrich.huey.storage.queue_size() == 2
    assert {"Claims", "Orphans"}.isdisjoint(found(made))


def test_fix_moves_a_damaged_queue_file_aside(made: config.Settings) -> None:
    Path(made.queue).write_bytes(b"not a database " * 500)
    assert "was damaged" in fixed(made)["Queue file"].words
    assert list(Path(made.queue).parent.glob("*.damaged-*"))
    assert found(made)["Queue file"].is_fine


def test_what_macos_left_beside_songs_is_told(made: config.Settings, tmp_path: Path) -> None:
    assert "No songs" not in found(made)
    for name in ("a._b.mp4", "._Queen - Bohemian Rhapsody.mp4", "Queen - Bohemian Rhapsody.mp4"):
        (tmp_path / "songs").mkdir(exist_ok=True)
        (tmp_path / "songs" / name).touch()
    runtime.configure(made)
    enrich.scan(tmp_path / "songs")
    for name in ("._Queen - Bohemian Rhapsody.mp4", "#recycle/Blur - Song 2.mp4"):
        Song.create(file_path=str(tmp_path / "songs" / name), format="mp4")  # as PiKaraoke does
    enrich.follow()
    runtime.forget()
    close_library()
    findings = found(made)
    assert findings["No songs"].words.startswith("2 files (what macOS keeps beside songs")
    assert "Queue" not in findings, "it is no song that fell off the queue"


def test_a_backup_is_a_whole_database(made: config.Settings) -> None:
    copy = doctor.save(made)
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert copy.name in found(made)["Backup copies"].words


def test_the_command_prints_a_line_a_finding_and_fails_when_one_is_bad(
    made: config.Settings,
) -> None:
    Path(made.config_file).touch()
    Path(made.config_file).chmod(0o644)
    said = subprocess.run(
        [sys.executable, "-m", "pikaraoke_enrichment", "doctor", "--offline"],
        env=made.whole_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1, "no consumer is running"
    lines = said.stdout.splitlines()
    assert all(line.startswith(("ok ", "note ", "BAD ", "     ")) for line in lines)
    assert sum(line.startswith("BAD ") for line in lines) == 1
    for line, advice in itertools.pairwise(lines):
        assert not advice.startswith("     ") or not line.startswith("ok "), "ok is ok"
    assert os.name != "posix" or any(line.startswith("note Config file: ") for line in lines)
    assert said.stderr == ""
    assert "a-key" not in said.stdout
