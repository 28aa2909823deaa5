"""The dashboard's pages and endpoints on a real library, with and without JavaScript."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from visitors import BROWSER, PROGRAM, post, token

from pikaraoke_enrichment import config, init_app
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import CandidateRow, ProviderState, QueueEntry, Song, SongDetail
from pikaraoke_enrichment.system.invocation import typed
from pikaraoke_enrichment.tasks import control, progress, runtime
from pikaraoke_enrichment.web import create_app
from pikaraoke_enrichment.web.wording import describe


def add_song(name: str, **values: Any) -> Song:
    """A song as the library holds it."""
    return Song.create(**{"file_path": f"/songs/{name}", "format": "mp4", **values})


def decide(song: Song, **values: Any) -> None:
    """Note that the song was decided just now."""
    name = Path(song.file_path).name
    SongDetail.create(**{"song": song, "file_name": name, "decided_at": time.time(), **values})


# --- the page -------------------------------------------------------------------------------------


def test_page_shows_status_counts_and_results(
    client: FlaskClient, library: runtime.Runtime
) -> None:
    queen = add_song(
        "a.mp4",
        artist="Queen",
        title="Bohemian Rhapsody",
        year=1975,
        genre="Rock",
        metadata_status="enriched",
        confidence=0.97,
    )
    decide(queen, sources='{"title": "lastfm"}')
    failed = add_song("b.mp4", title="b", metadata_status="enrichment_failed", confidence=0.2)
    decide(failed, reason="three times no answer")
    QueueEntry.create(song=add_song("c.mp4", metadata_status="parsed"), claim=library.consumer_name)
    control.start()

    page = client.get("/enrichment/", headers=BROWSER)

    assert page.status_code == 200
    for text in (
        "Running",
        "2/3 (66.7%)",
        "Bohemian Rhapsody",
        "Queen",
        "1975",
        "High Confidence",
        "from Last.fm",
        "three times no answer",
        "Low Confidence",
        "c.mp4",
        "MusicBrainz",
        "runs in the background",
        "powered by AudioScrobbler",
        "CC BY-NC-SA 3.0",
    ):
        assert text in page.text, text
    assert 'value="66.7" max="100"' in page.text
    assert 'role="progressbar"' in page.text


def test_page_takes_nothing_from_outside_and_holds_nothing_inline(client: FlaskClient) -> None:
    page = client.get("/enrichment/", headers=BROWSER).text
    for address in re.findall(r'(?:src|href|action)="([^"]*)"', page):
        outside = address.startswith(("http:", "https:", "//"))
        assert not outside or address.startswith(
            ("https://www.last.fm/", "https://creativecommons.org/")
        )
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert "<style" not in page
    assert not re.search(r'\s(?:style|on\w+)="', page)
    for address in re.findall(r'(?:src|href)="(/enrichment/static/[^"]+)"', page):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("running", "paused", "buttons"),
    [
        (False, False, {"Start"}),
        (True, False, {"Pause", "Stop"}),
        (True, True, {"Resume", "Stop"}),
    ],
)
def test_page_offers_only_what_makes_sense(
    client: FlaskClient,
    library: runtime.Runtime,
    running: bool,
    paused: bool,
    buttons: set[str],
) -> None:
    assert library.consumer_name
    if running:
        control.start()
    if paused:
        control.pause()
    assert visible_buttons(client.get("/enrichment/", headers=BROWSER).text) == buttons


def test_page_offers_no_button_while_offline(client: FlaskClient) -> None:
    page = client.get("/enrichment/", headers=BROWSER).text
    assert f"Offline: start {typed('run')}" in page
    assert visible_buttons(page) == set()


def visible_buttons(page: str) -> set[str]:
    """The labels of the buttons whose form is not hidden."""
    forms = re.findall(r"<form([^>]*)>(.*?)</form>", page, re.DOTALL)
    return {
        label
        for attributes, inside in forms
        if not attributes.rstrip().endswith("hidden")
        for label in re.findall(r"<button[^>]*>([^<]+)</button>", inside)
    }


def test_root_leads_to_the_page(client: FlaskClient) -> None:
    assert client.get("/").location == "/enrichment/"
    assert client.get("/enrichment").location.endswith("/enrichment/")


# --- JSON -----------------------------------------------------------------------------------------


def test_progress_has_the_fields_that_programs_rely_on(
    client: FlaskClient, library: runtime.Runtime
) -> None:
    assert library.consumer_name
    answer = client.get("/enrichment/progress")
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.get_json()
    assert set(body) >= {
        "state",
        "reason",
        "retry_at",
        "total",
        "processed",
        "enriched",
        "failed",
        "parsed",
        "manual",
        "remaining",
        "percent",
        "rate_per_second",
        "eta_seconds",
        "current",
        "recent",
        "providers",
        "updated_at",
        "words",
    }
    assert body["words"]["status"] == "Stopped"


def test_progress_reads_no_song_while_a_consumer_publishes(
    client: FlaskClient, library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert library.consumer_name
    progress.publish(progress.compose(library))
    monkeypatch.setattr(progress, "compose", lambda *_, **__: pytest.fail("counted the songs"))
    assert client.get("/enrichment/progress").status_code == 200


def test_healthz_says_ok_and_closes_its_connection(client: FlaskClient) -> None:
    answer = client.get("/enrichment/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})
    assert database.is_closed()


def test_damaged_library_is_said_in_words(settings: config.Settings) -> None:
    runtime.forget()
    Path(settings.db).write_bytes(b"no database at all" * 100)
    client = create_app(settings).test_client()
    for path in ("healthz", "progress", ""):
        answer = client.get(f"/enrichment/{path}")
        assert answer.status_code == 503
        assert "damaged" in answer.get_json()["error"]
    page = client.get("/enrichment/", headers=BROWSER)
    assert page.status_code == 503
    assert "damaged" in page.text


def test_unknown_page_is_said_in_words(client: FlaskClient) -> None:
    assert client.get("/enrichment/nothing", headers=BROWSER).status_code == 404
    assert client.get("/nothing").get_json()["error"]


# --- start, stop, pause, resume -------------------------------------------------------------------


def test_program_starts_pauses_resumes_and_stops(
    client: FlaskClient, library: runtime.Runtime
) -> None:
    assert library.consumer_name
    seen = []
    for action in ("start", "pause", "resume", "stop"):
        answer = post(client, action)
        assert answer.status_code == 200
        seen.append((answer.get_json()["words"]["status"].partition(":")[0], control.wishes()))
    assert [status for status, _ in seen] == ["Running", "Paused", "Running", "Stopped"]
    assert [(wish.running, wish.paused) for _, wish in seen] == [
        (True, False),
        (True, True),
        (True, False),
        (False, False),
    ]


def test_forms_without_javascript_come_back_to_the_page(
    client: FlaskClient, library: runtime.Runtime
) -> None:
    assert library.consumer_name
    control.start()
    form = {"csrf_token": token(client)}
    answer = client.post("/enrichment/pause", data=form, headers=BROWSER)
    assert (answer.status_code, answer.location) == (303, "/enrichment/")
    assert control.wishes().paused
    assert "Paused" in client.get(answer.location, headers=BROWSER).text


def test_start_ends_a_pause(client: FlaskClient, library: runtime.Runtime) -> None:
    assert library.consumer_name
    control.pause()
    assert post(client, "start").get_json()["state"] == "running"


# --- queueing -------------------------------------------------------------------------------------


def test_program_enqueues_by_id_and_path(client: FlaskClient) -> None:
    first, second = add_song("One - Two.mp4"), add_song("Three - Four.mp4")
    answer = post(client, "enqueue", {"songs": [first.id, second.file_path], "priority": 70})
    assert (answer.status_code, answer.get_json()) == (200, {"queued": 2})
    assert {entry.priority for entry in QueueEntry.select()} == {70}


def test_enqueue_as_form_with_the_page_s_token(client: FlaskClient) -> None:
    song = add_song("One - Two.mp4")
    form = {"csrf_token": token(client), "songs": [str(song.id)], "priority": ""}
    answer = client.post("/enrichment/enqueue", data=form)
    assert (answer.status_code, answer.get_json()) == (200, {"queued": 1})
    assert QueueEntry.get().priority == 50


def test_enqueue_takes_a_new_file_beside_known_songs(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "Queen - Innuendo.mp4").touch()
    add_song("known", file_path=str(tmp_path / "ABBA - Waterloo.mp4"))
    answer = post(client, "enqueue", {"songs": [str(tmp_path / "Queen - Innuendo.mp4")]})
    assert answer.get_json() == {"queued": 1}


def test_enqueue_takes_a_new_file_where_pikaraoke_scans(
    client: FlaskClient, library: runtime.Runtime, tmp_path: Path
) -> None:
    assert library
    folder = tmp_path / "songs" / "new"
    folder.mkdir(parents=True)
    (folder / "Queen - Innuendo.mp4").touch()
    database.execute_sql(
        "INSERT INTO metadata VALUES ('last_scan_directory', ?)", (str(tmp_path / "songs"),)
    )
    answer = post(client, "enqueue", {"songs": [str(folder / "Queen - Innuendo.mp4")]})
    assert answer.get_json() == {"queued": 1}


def test_enqueue_takes_no_path_outside_the_library(client: FlaskClient, tmp_path: Path) -> None:
    inside, outside = tmp_path / "songs", tmp_path / "private"
    for folder in (inside, outside):
        folder.mkdir()
    (outside / "holiday.mp4").touch()
    add_song("known", file_path=str(inside / "deep" / "ABBA - Waterloo.mp4"))
    add_song("known too", file_path=str(inside / "ABBA - Waterloo.mp4"))
    for path in (
        str(outside / "holiday.mp4"),
        f"{inside}/../private/holiday.mp4",
        "private/holiday.mp4",
        str(outside / "nothing.mp4"),
        str(inside / "nothing.mp4"),
        "/etc/passwd",
    ):
        answer = post(client, "enqueue", {"songs": [path]})
        assert answer.status_code == 404, path
        assert answer.get_json()["error"].startswith("The library has no song at this path")
    assert Song.select().count() == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ([], 400),
        ("songs", 400),
        ({"songs": []}, 400),
        ({"songs": 1}, 400),
        ({"songs": "1"}, 400),
        ({"songs": [True]}, 400),
        ({"songs": [1.5]}, 400),
        ({"songs": [None]}, 400),
        ({"songs": [0]}, 400),
        ({"songs": [-1]}, 400),
        ({"songs": [2**63]}, 400),
        ({"songs": [" "]}, 400),
        ({"songs": ["a\0b.mp4"]}, 400),
        ({"songs": ["\ud800.mp4"]}, 400),
        ({"songs": [[1]]}, 400),
        ({"songs": [1] * 10_001}, 400),
        ({"songs": [1], "priority": "high"}, 400),
        ({"songs": [1], "priority": True}, 400),
        ({"songs": [1], "priority": 101}, 400),
        ({"songs": [1], "priority": -11}, 400),
        ({"songs": [4711]}, 404),
        ({"songs": ["/no/such/file.mp4"]}, 404),
    ],
)
def test_enqueue_refuses_in_clear_words(client: FlaskClient, body: Any, status: int) -> None:
    fresh = client.application.test_client(use_cookies=False)
    answer = fresh.post("/enrichment/enqueue", data=json.dumps(body), headers=PROGRAM)
    assert answer.status_code == status
    assert len(answer.get_json()["error"]) > 10
    assert QueueEntry.select().count() == 0


def test_enqueue_refuses_broken_json(client: FlaskClient) -> None:
    answer = client.post("/enrichment/enqueue", data="{", headers=PROGRAM)
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_requeue_by_group_and_id(client: FlaskClient) -> None:
    failed = add_song("a.mp4", metadata_status="enrichment_failed")
    review = add_song("b.mp4", metadata_status="parsed")
    CandidateRow.create(
        song=review, rank=1, artist="a", title="b", confidence=0.6, providers="lastfm"
    )
    manual = add_song("c.mp4", metadata_status="manual")
    queued = {
        which: post(client, "requeue", {"which": which}).get_json()["queued"]
        for which in ("failed", "review", "all")
    }
    assert queued == {"failed": 1, "review": 1, "all": 2}
    answer = post(client, "requeue", {"songs": [failed.id, manual.id]})
    assert answer.get_json() == {"queued": 1}
    assert QueueEntry.get(QueueEntry.song == failed).priority == 100


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"which": "everything"}, 400),
        ({"which": ["failed"]}, 400),
        ({"songs": ["/songs/a.mp4"]}, 400),
        ({}, 400),
        ([1], 400),
        ({"songs": [4711]}, 404),
    ],
)
def test_requeue_refuses_in_clear_words(client: FlaskClient, body: Any, status: int) -> None:
    answer = post(client, "requeue", body)
    assert answer.status_code == status
    assert answer.get_json()["error"]


def test_requeue_form_says_what_it_did(client: FlaskClient) -> None:
    add_song("a.mp4", metadata_status="enrichment_failed")
    form = {"csrf_token": token(client), "which": "failed"}
    answer = client.post("/enrichment/requeue", data=form, headers=BROWSER)
    assert answer.status_code == 303
    page = client.get(answer.location, headers=BROWSER).text
    assert "1 song will be looked up." in page


# --- in another app -------------------------------------------------------------------------------


def test_mounted_below_a_prefix_every_address_has_it(library: runtime.Runtime) -> None:
    url_prefix = pytest.importorskip("pikaraoke.lib.url_prefix")
    host = Flask("host")
    init_app(host, library.settings)
    host.wsgi_app = url_prefix.BasePathMiddleware(host.wsgi_app, "/karaoke")  # type: ignore[method-assign]
    client = host.test_client()
    page = client.get("/karaoke/enrichment/", headers=BROWSER).text
    for address in re.findall(r'(?:src|href|action|data-progress)="(/[^"]*)"', page):
        assert address.startswith("/karaoke/enrichment/"), address
    form = {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', page)[0]}
    answer = client.post("/karaoke/enrichment/pause", data=form, headers=BROWSER)
    assert (answer.status_code, answer.location) == (303, "/karaoke/enrichment/")


def test_mounted_asks_the_host_who_is_admin(library: runtime.Runtime) -> None:
    host = Flask("host")
    host.secret_key = "the host's own"
    allowed = False
    host.jinja_env.globals["is_admin"] = lambda: allowed
    init_app(host, library.settings)
    client = host.test_client()
    assert host.secret_key == "the host's own"
    assert client.get("/enrichment/", headers=BROWSER).status_code == 403
    assert client.get("/enrichment/progress").status_code == 403
    assert post(client, "pause").status_code == 403
    assert client.get("/enrichment/login", headers=BROWSER).status_code == 404
    assert client.get("/enrichment/healthz").status_code == 200
    allowed = True
    assert client.get("/enrichment/", headers=BROWSER).status_code == 200
    assert post(client, "pause").status_code == 200


@pytest.mark.parametrize("guests", [True, False])
def test_a_guest_of_the_hosts_is_led_on(library: runtime.Runtime, guests: bool) -> None:
    """The only link led to the dashboard, which answered the same."""
    host = Flask("host")
    host.jinja_env.globals["is_admin"] = lambda: False
    host.add_url_rule("/info", "info.info", lambda: "PiKaraoke's page with the log-in")
    init_app(host, replace(library.settings, guests=guests))
    client = host.test_client()
    page = client.get("/enrichment/songs", headers=BROWSER)
    assert page.status_code == 403
    ways = re.findall(r'<p><a href="([^"]+)">', page.text)
    assert ways == ["/enrichment/find"] * guests + ["/info"]
    assert all(client.get(way, headers=BROWSER).status_code == 200 for way in ways)


@pytest.mark.parametrize(
    ("inside", "asked", "set_", "spoken"),
    [
        ("fr_FR", "de", "en", "fr_FR"),
        ("en", "de", "en", "en"),
        (None, "de-AT,en;q=0.5", "en", "de_DE"),
        (None, "sv, en;q=0.5", "en", "en"),
        (None, "sv", "pt-BR", "pt_BR"),
        (None, "", "it", "it_IT"),
        (None, "", "en", "en"),
    ],
)
def test_the_reader_s_language(
    library: runtime.Runtime, inside: str | None, asked: str, set_: str, spoken: str
) -> None:
    """PiKaraoke's inside it, else the browser's, else the one that is set."""
    host = Flask("host")
    if inside:
        flask_babel = pytest.importorskip("flask_babel")
        flask_babel.Babel(host, locale_selector=lambda: inside)
    init_app(host, replace(library.settings, language=set_))
    assert library.consumer_name
    page = host.test_client().get("/enrichment/", headers={**BROWSER, "Accept-Language": asked})
    tag = re.search('<html lang="(.*?)" dir="ltr"', page.text)
    assert tag
    assert tag[1] == spoken.replace("_", "-")


# --- words ----------------------------------------------------------------------------------------


def snapshot(**values: Any) -> dict[str, Any]:
    """A snapshot in mid-run."""
    return {
        "state": "running",
        "why": {"code": "running", "params": {"command": typed("run")}},
        "retry_at": None,
        "total": 1000,
        "processed": 247,
        "percent": 24.7,
        "remaining": 753,
        "second_looks": 0,
        **dict.fromkeys(("enriched", "failed", "parsed", "name_only", "manual"), 0),
        "rate_per_second": 5.0,
        "eta_seconds": 151,
        "current": None,
        "recent": [],
        "providers": [],
        **values,
    }


def shut(name: str, label: str, state: str, retry_at: float) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "state": state,
        "why": {"code": ""},
        "retry_at": retry_at,
        "requests": 7,
    }


@pytest.mark.parametrize(
    ("values", "key", "words"),
    [
        ({}, "status", "Running"),
        ({}, "bar", "247/1,000 (24.7%)"),
        ({}, "time_left", "about 3 min at 5.0 songs/s"),
        (
            {"rate_per_second": 0.05, "eta_seconds": 15060},
            "time_left",
            "about 4 to 5 h at 3.0 songs/min",
        ),
        (
            {"remaining": 753, "second_looks": 753},
            "time_left",
            "about 3 min to complete years and genres",
        ),
        ({"rate_per_second": 0.0, "eta_seconds": None}, "time_left", "the pace is being measured"),
        ({"state": "paused"}, "time_left", "stands still"),
        ({"state": "paused"}, "status", "Paused"),
        ({"state": "stopped"}, "status", "Stopped"),
        ({"state": "offline"}, "status", f"Offline: start {typed('run')}"),
        (
            {"state": "waiting", "why": {"code": "no_connection"}},
            "status",
            "Waiting: no connection",
        ),
        (
            {
                "state": "waiting",
                "providers": [
                    shut("itunes", "iTunes", "limited", 1090.0),
                    shut("lastfm", "Last.fm", "open", 1042.0),
                ],
            },
            "status",
            "Waiting: Last.fm unreachable, next try in 42 s",
        ),
        (
            {"state": "waiting", "providers": [shut("lastfm", "Last.fm", "open", 1042.0)]},
            "aloud",
            "Waiting: Last.fm unreachable",
        ),
    ],
)
def test_snapshot_in_words(app: Flask, values: dict[str, Any], key: str, words: str) -> None:
    with app.app_context():
        assert describe(snapshot(**values), now=1000.0)[key] == words


def test_the_kinds_of_songs_add_up(app: Flask) -> None:
    with app.app_context():
        known = {"total": 3000, "enriched": 1234, "name_only": 1500, "failed": 100, "manual": 66}
        words = describe(snapshot(**known, remaining=142, second_looks=42), now=0.0)
    assert words["counts"] == {
        "enriched": "1,234",
        "name_only": "1,500",
        "not_found": "100",
        "verified": "66",
        "waiting": "100",
    }
    assert words["to_complete"].startswith("42 second looks for what is still missing")


def test_shut_provider_shows_reason_and_next_try(
    client: FlaskClient, library: runtime.Runtime
) -> None:
    assert library.providers
    ProviderState.update(
        health="open", open_until=time.time() + 42, reason="host name not found"
    ).where(ProviderState.name == "itunes").execute()
    rows = client.get("/enrichment/progress").get_json()["words"]["providers"]
    row = next(row for row in rows if row["name"] == "itunes")
    assert row["status"] == "Unreachable"
    assert row["reason"] == "host name not found"
    assert re.fullmatch(r"Next try in 4[12] s", row["next_try"])
