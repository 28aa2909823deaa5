"""What a first start needs: asked on one page until it is done or dismissed, and by `setup`."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from terminals import Terminal

from pikaraoke_enrichment import config
from pikaraoke_enrichment.commands import asking
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.models import Song, SongDetail
from pikaraoke_enrichment.providers import services
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.system import child
from pikaraoke_enrichment.system.invocation import typed
from pikaraoke_enrichment.tasks import control, first_run, runtime
from pikaraoke_enrichment.web import create_app

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
KEY = "0123456789abcdef0123456789abcd4f"


@pytest.fixture
def settings(
    tmp_path: Path, api: ApiServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[config.Settings]:
    """A host who has set nothing, with 1,000 songs; the stand-in answers for every service."""
    for spec in config.SPECS:
        monkeypatch.delenv(spec.variable, raising=False)
    for name in services.NAMES:
        monkeypatch.setenv(f"{name.upper()}_URL", api.url)
    monkeypatch.setenv("ENRICHMENT_CONFIG", str(tmp_path / "config.ini"))
    monkeypatch.setenv("ENRICHMENT_DB", str(tmp_path / "pikaraoke.db"))
    api.keys = api.tokens = frozenset({KEY})
    runtime.forget()
    found = config.load()
    runtime.configure(found)
    rows = [{"file_path": f"/songs/{number}.mp4", "format": "mp4"} for number in range(1000)]
    Song.insert_many(rows).execute()
    yield found
    runtime.forget()
    close_library()


@pytest.fixture
def client(settings: config.Settings) -> FlaskClient:
    return create_app(settings).test_client()


def page(client: FlaskClient) -> str:
    return client.get("/enrichment/first-run", headers=BROWSER).text


def post(client: FlaskClient, path: str, **fields: str) -> object:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page(client))[0]
    form = {"csrf_token": token, "musicbrainz_contact": "", "guests": "no", **fields}
    return client.post(f"/enrichment/first-run{path}", data=form, headers=BROWSER)


def kept(settings: config.Settings) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(settings.config_file)
    return {name: text for section in parser.sections() for name, text in parser.items(section)}


def opens_first(client: FlaskClient) -> bool:
    """Whether the first page leads to the first-run page."""
    answer = client.get("/enrichment/", headers=BROWSER)
    return answer.status_code == 303 and answer.location == "/enrichment/first-run"


# --- the page -------------------------------------------------------------------------------------


def test_only_the_contact_is_needed_and_only_where_none_is_known(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "own_home", str)
    nameless = page(create_app(settings).test_client())
    assert "Only your contact is needed" in nameless
    assert "Nothing on this page is needed" not in nameless
    named = replace(settings, musicbrainz_contact="me@example.org")
    runtime.forget()
    assert "Nothing on this page is needed" in page(create_app(named).test_client())


def test_it_is_shown_until_it_is_dismissed_and_found_under_settings(client: FlaskClient) -> None:
    assert opens_first(client)
    assert client.get("/enrichment/", headers={"Accept": "*/*"}).status_code == 200, "a program"
    assert "1,000 songs were found" in page(client)
    post(client, "/dismiss")
    assert not opens_first(client)
    assert control.wishes().decided is False, "nothing else was changed"
    assert "/enrichment/first-run" in client.get("/enrichment/settings", headers=BROWSER).text
    assert "1,000 songs were found" in page(client)


def test_who_has_a_key_was_here_before(settings: config.Settings) -> None:
    assert first_run.is_pending(settings)
    assert not first_run.is_pending(replace(settings, lastfm_api_key=KEY))


def test_a_host_of_an_older_version_is_not_asked(client: FlaskClient) -> None:
    """His songs were decided before; who starts now is asked, however far the songs are by then."""
    song = Song.get()
    SongDetail.create(song=song, file_name="0.mp4", decided_at=1.0)
    first_run.note_start()
    assert not opens_first(client)
    SongDetail.update(decided_at=None).execute()
    first_run.note_start()
    SongDetail.update(decided_at=1.0).execute()
    assert opens_first(client)


def test_it_says_what_each_key_makes_of_this_library(client: FlaskClient) -> None:
    told = re.findall(r"named after about (.+?) with it, (.+?) without it", page(client))
    assert len(told) == 1, "with Last.fm's key, a song a request, it is the same"
    assert all(with_it != without for with_it, without in told)
    Song.delete().where(Song.id > 20).execute()
    assert "named after about" not in page(client), "of so few the time is the same"
    assert re.search(r'href="/enrichment/lists">Take a list in</a>', page(client))
    Song.delete().execute()
    assert "named after about" not in page(client)
    assert "There are no songs" in page(client)


def test_all_is_saved_and_the_work_starts(client: FlaskClient, settings: config.Settings) -> None:
    control.stop()
    answer = post(client, "", musicbrainz_contact="me@example.org", guests="yes")
    assert (answer.status_code, answer.location) == (303, "/enrichment/")  # type: ignore[attr-defined]
    assert kept(settings) == {"musicbrainz_contact": "me@example.org", "guests": "yes"}
    assert control.wishes().running
    assert not opens_first(client)


def test_a_late_contact_leads_to_what_was_not_found_without_it(client: FlaskClient) -> None:
    Song.update(metadata_status="enrichment_failed").where(Song.id == 1).execute()
    answer = post(client, "", musicbrainz_contact="me@example.org")
    assert answer.location == "/enrichment/settings?new_key=1"  # type: ignore[attr-defined]
    again = client.get(answer.location, headers=BROWSER)  # type: ignore[attr-defined]
    assert "Look up again what was not found (1)" in again.text


def test_what_cannot_be_used_is_said_and_starts_nothing(
    client: FlaskClient, settings: config.Settings
) -> None:
    answer = post(client, "", musicbrainz_contact="at home", lastfm_api_key=KEY)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "Give a mail address" in answer.text  # type: ignore[attr-defined]
    assert 'value="at home"' in answer.text  # type: ignore[attr-defined]
    assert kept(settings) == {}
    assert opens_first(client)
    answer = post(client, "", lastfm_api_key="wrongkey")
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "Last.fm refuses this key" in answer.text  # type: ignore[attr-defined]
    assert kept(settings) == {}
    assert opens_first(client)


def test_contact_and_keys_are_tried_and_saved_once_they_are_taken(
    client: FlaskClient, settings: config.Settings, api: ApiServer
) -> None:
    def tried(provider: str, **fields: str) -> str:
        return str(post(client, "/test", provider=provider, **fields).text)  # type: ignore[attr-defined]

    assert "Give a mail address" in tried("musicbrainz", musicbrainz_contact="at home")
    api.fail("musicbrainz", "musicbrainz_403", times=1)
    refused = tried("musicbrainz", musicbrainz_contact="blocked@example.org")
    assert "MusicBrainz refuses this contact" in refused
    assert kept(settings) == {}
    taken = tried("musicbrainz", musicbrainz_contact="me@example.org")
    assert "MusicBrainz takes this contact: it is saved." in taken
    assert "takes this contact." in tried("musicbrainz")
    assert "refuses this key" in tried("listenbrainz", listenbrainz_token="wrong")
    taken = tried("listenbrainz", listenbrainz_token=KEY)
    assert "ListenBrainz takes this key: it is saved." in taken
    assert KEY not in taken
    assert kept(settings) == {"musicbrainz_contact": "me@example.org", "listenbrainz": KEY}


def test_a_token_is_tried_with_the_contact_that_was_typed_beside_it(
    client: FlaskClient, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ListenBrainz lets nobody in who names none, and nothing is saved yet."""
    monkeypatch.setattr(config, "own_home", lambda: "")
    typed = {"musicbrainz_contact": "me@example.org", "listenbrainz_token": KEY}
    answer = post(client, "/test", provider="listenbrainz", **typed)
    assert "ListenBrainz takes this key" in answer.text  # type: ignore[attr-defined]
    assert 'value="me@example.org"' in answer.text  # type: ignore[attr-defined]
    assert kept(settings) == {"listenbrainz": KEY}


# --- setup ----------------------------------------------------------------------------------------


def test_setup_asks_the_same_in_a_terminal(settings: config.Settings, api: ApiServer) -> None:
    Song.update(metadata_status="enrichment_failed").where(Song.id == 1).execute()
    asking.save(settings, host="127.0.0.1")  # as Enter at the first start's question does
    terminal = Terminal(settings, *child.command("setup"))
    try:
        terminal.hear("1000 songs.")
        terminal.hear("mail address or web page")
        terminal.type("at home")
        terminal.hear("neither a mail address nor a web page")
        terminal.type("me@example.org")
        terminal.hear("ListenBrainz: a free token")
        terminal.hear("named after about")
        terminal.hear("token (none is set")
        terminal.type("wrong")
        terminal.hear("refuses this key")
        terminal.hear("token (none is set")
        terminal.type(KEY)
        terminal.hear("ListenBrainz takes this key")
        terminal.hear("key (none is set")
        terminal.type("")
        terminal.hear("catalogue import")
        terminal.hear("May everyone in the room")
        terminal.type("y")
        terminal.hear("Its password")
        terminal.type("on the sofa")
        terminal.hear("once more")
        terminal.type("on the chair")
        terminal.hear("These two differ")
        terminal.hear("Its password")
        terminal.type("on the sofa")
        terminal.hear("once more")
        terminal.type("on the sofa")
        terminal.hear("To look up again with it:")
        terminal.hear("1 not found")
        terminal.hear(f"That is all. Start it: {typed('run')}")
        assert terminal.process.wait(30) == 0
    finally:
        terminal.end()
    assert KEY.encode() not in terminal.heard
    assert b"sofa" not in terminal.heard
    assert kept(settings) == {
        "musicbrainz_contact": "me@example.org",
        "listenbrainz": KEY,
        "guests": "yes",
        "admin_password": "on the sofa",
        "host": "0.0.0.0",
    }
    runtime.forget()
    assert not first_run.is_pending(config.load()), "and the page is not shown any more"
    assert api.count() >= 2


def test_a_contact_that_a_run_is_told_leads_to_what_was_asked_without_it(
    settings: config.Settings,
) -> None:
    Song.update(metadata_status="enrichment_failed").where(Song.id <= 3).execute()
    asking.save(settings, host="127.0.0.1")
    terminal = Terminal(settings, *child.command("run", "--port", "0"))
    try:
        terminal.hear("Your mail address or web page")
        terminal.type("me@example.org")
        terminal.hear("To look up again with it: 3 not found (")
        terminal.hear("requeue --failed)")
        terminal.hear("Library: ")
        terminal.hear("Dashboard: ")
    finally:
        terminal.end()


def test_setup_without_a_library_says_to_give_the_folder(
    settings: config.Settings, tmp_path: Path
) -> None:
    nowhere = replace(settings, db=str(tmp_path / "none" / "pikaraoke.db"))
    terminal = Terminal(nowhere, *child.command("setup"))
    try:
        for asked in ("web page", "token (", "key (", "May everyone", "Its password"):
            terminal.hear(asked)
            terminal.type("")
        terminal.hear(f"That is all. Start it: {typed('run DIR')}")
    finally:
        terminal.end()


def test_setup_needs_a_terminal(settings: config.Settings) -> None:
    import subprocess

    done = subprocess.run(
        child.command("setup"),
        env=settings.whole_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert typed("set") in done.stderr
