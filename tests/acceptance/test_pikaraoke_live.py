"""The real PiKaraoke program, started as people start it, with us beside it and inside it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pages import find, says, within
from parties import NAMES, NEEDED, SONGS, Party, throwing
from polling import wait_until

pytestmark = NEEDED


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Party]:
    with throwing(tmp_path) as made:
        yield made


def test_a_dropped_file_is_enriched_and_shown_inside(party: Party) -> None:
    """Our command, PiKaraoke's own --base-path and admin password, "sync" by its own API."""
    party.drop(NAMES[0])
    ours = party.start_pikaraoke(
        "--base-path", "/karaoke", "--admin-password", "geheim", inside=True
    )
    assert 'id="enrichment"' not in party.get("/")[1], "guests see no link"
    assert party.get("/enrichment/")[0] == 403
    assert party.post("/auth", admin_password="geheim", next="/karaoke/enrichment/")[0] == 200
    assert 'href="/karaoke/enrichment/"' in party.get("/")[1]

    party.drop(NAMES[1])
    party.sync()
    wait_until(lambda: party.status_of(NAMES[1]) == party.status_of(NAMES[0]) == "enriched")
    status, page = party.get("/enrichment/songs")
    assert status == 200
    assert SONGS[1].title in page
    wait_until(lambda: json.loads(party.get("/enrichment/progress")[1])["enriched"] == 2)
    (copy,) = party.db.parent.glob("*.before-enrichment-*")
    library = next(line for line in party.told().splitlines() if line.startswith("Library: "))
    assert library.startswith(f"Library: {party.db}, ")
    assert library.endswith(f" as it was before: {copy.name} beside it")

    ours.kill()  # nobody can say goodbye
    ours.wait()
    left = party.query("SELECT value FROM enrichment_state WHERE key = 'worker_running'")
    assert left == [("1",)]
    locks = party.db.parent / "pikaraoke-enrichment-queue.db.consumers"
    wait_until(lambda: not list(locks.glob("*.lock")))  # the consumer ended by itself, and cleanly


def test_the_menu_tells_the_host_how_many_songs_wait(party: Party) -> None:
    party.drop(NAMES[0])
    party.start_pikaraoke(inside=True)
    wait_until(lambda: party.status_of(NAMES[0]) == "enriched")
    entry = party.get("/")[1].split('id="enrichment"')[1].split("</a>")[0]
    assert "tag" not in entry
    with closing(sqlite3.connect(party.db, timeout=10)) as db, db:
        db.execute(
            "INSERT INTO enrichment_review (song_id, lane, skipped, unsure, sung, confidence) "
            "SELECT id, 0, 0, 0, 0, 0.5 FROM songs"
        )
    badge = 'title="1 song waits for you">1</span>'
    wait_until(lambda: badge in party.get("/")[1])


def test_a_singers_song_goes_first(party: Party) -> None:
    """What stands in PiKaraoke's queue is looked up before the backlog, also beside it."""
    for name in NAMES:
        party.drop(name)
    party.start_pikaraoke()
    party.api.latency = 0.4
    chosen = party.query("SELECT file_path FROM songs ORDER BY id DESC LIMIT 1")[0][0]
    said = json.loads(party.post("/enqueue", song_to_add=chosen, song_added_by="Ann")[1])
    assert said["success"][0] is True
    # A service that answers one song a request, so that the backlog takes its time.
    party.environment |= {"ENRICHMENT_PROVIDERS": "lastfm", "LASTFM_RATE": "1"}
    party.start_consumer()
    wait_until(lambda: party.status_of(Path(chosen).name) == "enriched")
    assert party.enriched() < len(NAMES), "and not last, as its place in the backlog was"


def test_a_rename_and_a_deletion_while_their_look_up_is_under_way(party: Party) -> None:
    renamed, deleted = party.drop(NAMES[2]), party.drop(NAMES[3])
    party.start_pikaraoke()
    number = party.query("SELECT id FROM songs WHERE file_path = ?", str(renamed))[0][0]
    party.api.latency = 3.0
    party.start_consumer()
    wait_until(lambda: len(party.api.requests) >= 2)

    better = f"{SONGS[4].artist} - {SONGS[4].title}"
    party.post("/files/edit", old_file_name=str(renamed), new_file_name=better)
    party.post(f"/files/delete?{urllib.parse.urlencode({'song': str(deleted)})}")
    assert not renamed.exists()
    assert not deleted.exists()
    party.api.latency = 0.0
    row = "SELECT artist, title FROM songs WHERE id = ? AND metadata_status = 'enriched'"
    wanted = [(SONGS[4].artist, SONGS[4].title)]
    wait_until(lambda: party.query(row, number) == wanted)
    wait_until(lambda: not party.query("SELECT 1 FROM enrichment_queue"))
    assert party.query("SELECT count(*) FROM songs") == [(1,)]


def test_pikaraoke_stopped_and_started_during_a_run(party: Party) -> None:
    for name in NAMES:
        party.drop(name)
    first = party.start_pikaraoke()
    party.api.latency = 0.3
    party.environment["ENRICHMENT_WORKERS"] = "1"
    party.start_consumer()
    wait_until(lambda: party.enriched() >= 2)
    first.terminate()
    first.wait(20)
    party.start_pikaraoke()
    party.sync()
    wait_until(lambda: party.enriched() == len(NAMES))
    assert party.query("PRAGMA integrity_check") == [("ok",)]


def test_uninstalled_it_leaves_pikaraoke_as_it_was(party: Party) -> None:
    """As docs/deploy.md says: our files deleted, PiKaraoke goes on; the backup put back, nothing of
    ours is in its database."""
    for name in NAMES[:3]:
        party.drop(name)
    first = party.start_pikaraoke()
    schema = party.query("SELECT sql FROM sqlite_master ORDER BY name")
    consumer = party.start_consumer()
    wait_until(lambda: party.enriched() == 3)
    consumer.terminate()
    assert consumer.wait(30) == 0
    for left in party.db.parent.glob("pikaraoke-enrichment-*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()

    renamed, deleted = (str(party.songs / name) for name in NAMES[:2])
    party.post("/files/edit", old_file_name=renamed, new_file_name="Another Name")
    party.post(f"/files/delete?{urllib.parse.urlencode({'song': deleted})}")
    party.drop(NAMES[3])
    party.sync()
    wait_until(lambda: party.status_of(NAMES[3]) == "pending")
    assert party.query("SELECT count(*) FROM songs") == [(3,)]
    first.terminate()
    first.wait(20)

    (backup,) = party.db.parent.glob("*.before-enrichment-*")
    for kind in ("-wal", "-shm"):
        party.db.with_name(f"{party.db.name}{kind}").unlink(missing_ok=True)
    backup.replace(party.db)
    party.start_pikaraoke()
    party.sync()
    wait_until(lambda: party.status_of(NAMES[3]) == "pending")
    assert party.query("SELECT sql FROM sqlite_master ORDER BY name") == schema


def test_the_launchers_page_in_a_browser_through_pikaraokes_log_in(
    party: Party, browser: Any
) -> None:
    party.drop(NAMES[5])
    party.start_pikaraoke("--admin-password", "geheim", inside=True)
    browser.get(party.address("/info"))
    field = find(browser, "form[action$='auth'] [type=password]")
    browser.execute_script("arguments[0].value = 'geheim'; arguments[0].form.submit()", field)
    browser.get(within(lambda: find(browser, "#enrichment").get_attribute("href")))
    within(lambda: says(browser, "Song enrichment", css="h1"))
    assert find(browser, "#pikaraoke-menu"), "it stands in PiKaraoke's own frame"
    wait_until(lambda: party.status_of(NAMES[5]) == "enriched")
    browser.get(party.address("/enrichment/songs"))
    within(lambda: says(browser, SONGS[5].title))
