"""The settings page, and the config file that PiKaraoke keeps too."""

from __future__ import annotations

import configparser
import os
import re
import stat
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from visitors import BROWSER

from pikaraoke_enrichment import config, config_file
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.exceptions import SettingsError
from pikaraoke_enrichment.models import ProviderState, Song
from pikaraoke_enrichment.providers import services
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.runtime import usable_providers
from pikaraoke_enrichment.web import create_app

KEY = "0123456789abcdef0123456789abcd4f"
PIKARAOKE = """\
[USERPREFERENCES]
low_score_phrases = 100% off
volume = 0.85

[SECRETS]
secret_key = 5f
password_hash =
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "config.ini"
    found.write_text(PIKARAOKE, encoding="utf-8")
    return found


@pytest.fixture
def client(file: Path, api: ApiServer, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    for spec in config.SPECS:
        monkeypatch.delenv(spec.variable, raising=False)
    runtime.forget()
    places = {"ENRICHMENT_CONFIG": str(file), "ENRICHMENT_DB": str(file.with_name("p.db"))}
    settings = config.load(places)
    urls = {f"{name}_url": api.url for name in services.NAMES}
    return create_app(replace(settings, **urls)).test_client()


def page(client: FlaskClient) -> str:
    return client.get("/enrichment/settings", headers=BROWSER).text


def save(client: FlaskClient, path: str = "settings", **fields: str) -> Any:
    """The form as the page shows it, with `fields` filled in otherwise."""
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page(client))[0]
    form = {
        "csrf_token": token,
        "lastfm_api_key": "",
        "listenbrainz_token": "",
        "place_listenbrainz": "1",
        "place_lastfm": "2",
        "place_musicbrainz": "3",
        "place_itunes": "4",
        "listenbrainz_rate": "1.0",
        "lastfm_rate": "5.0",
        "musicbrainz_rate": "0.9",
        "itunes_rate": "0.33",
        "musicbrainz_contact": "",
        "itunes_country": "US",
        "autostart": "yes",
        "while_playing": "run",
        "guests": "no",
        "pikaraoke_url": "http://localhost:5555",
        "quiet_from": "",
        "quiet_until": "",
    }
    return client.post(f"/enrichment/{path}", data={**form, **fields}, headers=BROWSER)


def stored(file: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(file, encoding="utf-8")
    return parser


# --- the page -------------------------------------------------------------------------------------


def test_without_a_key_the_page_says_what_that_means(client: FlaskClient) -> None:
    assert "not set: Last.fm is not asked" in page(client)
    assert "Get one for free from Last.fm" in page(client)


def test_key_is_saved_for_its_owner_alone_and_never_shown(client: FlaskClient, file: Path) -> None:
    answer = save(client, lastfm_api_key=KEY)
    assert (answer.status_code, answer.location) == (303, "/enrichment/settings?new_key=1")
    shown = page(client)
    assert "set, ends in …4f" in shown
    assert KEY[:8] not in shown
    assert KEY[-6:] not in shown
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = stored(file)
    assert kept["API_KEYS"]["lastfm"] == KEY
    assert kept["USERPREFERENCES"]["low_score_phrases"] == "100% off"
    assert kept["SECRETS"]["secret_key"] == "5f"
    assert sorted(kept.sections()) == ["API_KEYS", "SECRETS", "USERPREFERENCES"]


def test_saved_settings_hold_at_once_in_the_dashboard_and_for_a_consumer(
    client: FlaskClient, file: Path
) -> None:
    page(client)
    consumer = runtime.Runtime(runtime.runtime().settings)
    assert "lastfm" not in [provider.name for provider in consumer.providers]
    save(client, lastfm_api_key=KEY, place_itunes="", musicbrainz_contact="a@example.org")
    page(client)
    assert usable_providers(runtime.runtime().settings) == ["lastfm", "musicbrainz"]
    consumer.follow_settings()
    assert [provider.name for provider in consumer.providers] == ["lastfm", "musicbrainz"]
    assert consumer.settings.lastfm_api_key == KEY
    file.write_text("no config file at all")
    consumer.follow_settings()
    assert consumer.settings.lastfm_api_key == KEY


def test_empty_field_keeps_the_key_and_the_tick_removes_it(client: FlaskClient, file: Path) -> None:
    save(client, lastfm_api_key=KEY)
    save(client, musicbrainz_contact="a@example.org")
    assert stored(file)["API_KEYS"]["lastfm"] == KEY
    assert stored(file)["ENRICHMENT"]["musicbrainz_contact"] == "a@example.org"
    save(client, remove_lastfm_api_key="yes")
    # Cleared and not removed: PiKaraoke would write it back from its memory.
    assert stored(file)["API_KEYS"]["lastfm"] == ""
    assert "not set: Last.fm is not asked" in page(client)


def test_order_country_and_start_are_saved(client: FlaskClient, file: Path) -> None:
    save(
        client,
        place_listenbrainz="",
        place_lastfm="5",
        place_itunes="0",
        itunes_country="de",
        autostart="no",
        guests="yes",
        pikaraoke_url="http://bar:5555/karaoke/",
        while_playing="slow",
    )
    kept = stored(file)["ENRICHMENT"]
    assert kept["providers"] == "itunes,musicbrainz,lastfm"
    settings = config.load({"ENRICHMENT_CONFIG": str(file)})
    assert settings.providers == ("itunes", "musicbrainz", "lastfm")
    assert settings.itunes_country == "DE"
    assert not settings.autostart
    assert settings.guests
    assert settings.pikaraoke_url == "http://bar:5555/karaoke"
    assert settings.while_playing == "slow"


def test_a_countrys_name_is_not_cut_to_another_country(client: FlaskClient) -> None:
    """ "Germany" became "GE", which is Georgia."""
    assert not re.search(r'name="itunes_country"[^>]*maxlength', page(client))


def test_a_pace_may_have_a_comma(client: FlaskClient, file: Path) -> None:
    assert save(client, lastfm_rate="0,5").status_code == 303
    assert stored(file)["ENRICHMENT"]["lastfm_rate"] == "0.5"


def test_a_key_that_is_refused_is_not_saved_with_the_form(
    client: FlaskClient, file: Path, api: ApiServer
) -> None:
    api.tokens = frozenset({KEY})
    save(client, musicbrainz_contact="tests@example.org")
    contact = {"musicbrainz_contact": "tests@example.org"}
    answer = save(client, listenbrainz_token="wrong", itunes_country="DE", **contact)
    assert answer.status_code == 400
    assert "ListenBrainz refuses this key" in answer.text
    assert "API_KEYS" not in stored(file)
    assert save(client, listenbrainz_token=KEY, **contact).status_code == 303
    assert stored(file)["API_KEYS"]["listenbrainz"] == KEY


def test_quiet_hours_are_saved_shown_and_taken_away(client: FlaskClient, file: Path) -> None:
    save(client, quiet_from="22:00", quiet_until="6:30")
    assert config.load({"ENRICHMENT_CONFIG": str(file)}).quiet_hours == "22:00-06:30"
    assert 'name="quiet_from" value="22:00"' in page(client)
    assert 'name="quiet_until" value="06:30"' in page(client)
    save(client)
    assert config.load({"ENRICHMENT_CONFIG": str(file)}).quiet_hours == ""


def test_what_stays_as_it_is_is_not_written(client: FlaskClient, file: Path) -> None:
    before = file.read_bytes()
    assert save(client).status_code == 303
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"itunes_country": "Deutschland"}, "two letters"),
        ({"lastfm_rate": "fast"}, "a number above 0"),
        ({"lastfm_rate": "-1"}, "a number above 0"),
        ({"lastfm_rate": "nan"}, "a number above 0"),
        ({"while_playing": "dance"}, "This cannot be used"),
        ({"quiet_from": "22:00"}, "Give both times, and different ones"),
        ({"quiet_from": "06:00", "quiet_until": "06:00"}, "Give both times, and different ones"),
        ({"quiet_from": "late", "quiet_until": "06:00"}, "Give both times, and different ones"),
        (
            {f"place_{name}": "" for name in services.NAMES},
            "At least one service must be asked",
        ),
    ],
)
def test_bad_value_is_said_and_what_was_typed_stays(
    client: FlaskClient, file: Path, fields: dict[str, str], words: str
) -> None:
    typed = {
        "musicbrainz_contact": "what I typed",
        "lastfm_api_key": KEY,
        "notify_url": "http://a/b",
    }
    answer = save(client, remove_listenbrainz_token="yes", **typed, **fields)
    assert answer.status_code == 400
    assert words in answer.text
    for value in typed.values():
        assert f'value="{value}"' in answer.text
    assert file.read_text(encoding="utf-8") == PIKARAOKE


def test_what_was_to_be_removed_is_so_still_where_another_field_is_refused(
    client: FlaskClient, file: Path
) -> None:
    save(client, lastfm_api_key=KEY)
    page = save(client, remove_lastfm_api_key="yes", itunes_country="Deutschland").text
    assert 'name="remove_lastfm_api_key" value="yes" checked' in page
    assert KEY in file.read_text(encoding="utf-8")


def test_a_password_in_pikaraokes_address_is_kept_and_not_shown(
    client: FlaskClient, file: Path
) -> None:
    save(client, pikaraoke_url="http://host:sesame@pi:5555")
    assert 'value="http://host:***@pi:5555"' in page(client)
    assert "sesame" not in page(client)
    save(client, pikaraoke_url="http://host:***@pi:5555", itunes_country="DE")
    assert "http://host:sesame@pi:5555" in file.read_text(encoding="utf-8")


def test_public_services_are_asked_no_faster_than_they_bear(file: Path) -> None:
    runtime.forget()
    places = {"ENRICHMENT_CONFIG": str(file), "ENRICHMENT_DB": str(file.with_name("p.db"))}
    client = create_app(config.load(places)).test_client()
    answer = save(client, musicbrainz_rate="3")
    assert answer.status_code == 400
    assert "MusicBrainz bears 0.9 requests a second at most" in answer.text


def test_what_the_environment_sets_is_not_changed_here(
    client: FlaskClient, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ITUNES_COUNTRY", "GB")
    monkeypatch.setenv("MUSICBRAINZ_CONTACT", "me@example.org")
    assert "Set by ITUNES_COUNTRY in the environment." in page(client)
    assert re.search(r'value="musicbrainz"[^>]* disabled>', page(client))
    assert save(client, itunes_country="FR", autostart="no").status_code == 303
    assert "itunes_country" not in stored(file)["ENRICHMENT"]


def test_file_that_cannot_be_used_is_left_as_it_is(client: FlaskClient, file: Path) -> None:
    page(client)
    file.write_text("[broken\nx", encoding="utf-8")
    answer = save(client, lastfm_api_key=KEY)
    assert answer.status_code == 503
    assert "left as it is" in answer.text
    assert KEY not in answer.text
    assert file.read_text(encoding="utf-8") == "[broken\nx"


# --- the test button ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provider", "name", "label"),
    [
        ("lastfm", "lastfm_api_key", "Last.fm"),
        ("listenbrainz", "listenbrainz_token", "ListenBrainz"),
    ],
)
def test_key_is_saved_once_it_is_taken(
    client: FlaskClient, api: ApiServer, file: Path, provider: str, name: str, label: str
) -> None:
    save(client, musicbrainz_contact="tests@example.org")
    api.keys = api.tokens = frozenset({KEY})
    assert "Type a key first" in save(client, "settings/test", provider=provider).text
    bad = save(client, "settings/test", provider=provider, **{name: "wrong"})
    assert f"{label} refuses this key" in bad.text
    assert save(client, "settings/test", provider="itunes").status_code == 400
    assert "API_KEYS" not in stored(file)
    good = save(client, "settings/test", provider=provider, **{name: KEY})
    assert f"{label} takes this key: it is saved." in good.text
    assert KEY in file.read_text()
    assert KEY not in good.text
    again = save(client, "settings/test", provider=provider)
    assert f"{label} takes this key." in again.text
    # The trial shuts the service for nobody.
    assert ProviderState.get_by_id(provider).health == "closed"


def test_new_key_offers_to_look_up_again_what_was_not_found(
    client: FlaskClient, api: ApiServer
) -> None:
    """A first run without a contact left half a folder unknown, and nothing said what to do."""
    offered = "Look up again what was not found (1)"
    page(client)
    Song.create(file_path="/songs/a.mp4", format="mp4", metadata_status="enrichment_failed")
    saved = save(client, musicbrainz_contact="a@example.org")
    assert offered in client.get(saved.location, headers=BROWSER).text
    assert offered not in page(client), "only where something is new"
    api.keys = frozenset({KEY})
    assert offered in save(client, "settings/test", provider="lastfm", lastfm_api_key=KEY).text
    assert "new_key" not in save(client, remove_lastfm_api_key="yes").location


def test_new_key_lifts_the_refusal_of_the_old_one(client: FlaskClient) -> None:
    page(client)
    ProviderState.insert(name="lastfm", health="refused", open_until=9e9, reason="bad").execute()
    save(client, lastfm_api_key=KEY)
    assert ProviderState.get_by_id("lastfm").health == "closed"


# --- the file -------------------------------------------------------------------------------------


def test_a_new_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.ini"
    config_file.write(str(path), {("API_KEYS", "lastfm"): "a%b\nc"})
    assert stored(path)["API_KEYS"]["lastfm"] == "a%b c"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.ini"
    real.write_text(PIKARAOKE)
    link = tmp_path / "config.ini"
    link.symlink_to(real)
    config_file.write(str(link), {("API_KEYS", "lastfm"): "key"})
    assert link.is_symlink()
    assert stored(real)["API_KEYS"]["lastfm"] == "key"


def test_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="cannot be written"):
        config_file.write(str(tmp_path / "file" / "config.ini"), {("A", "b"): "c"})


def test_pikaraoke_writing_at_the_same_time_loses_nothing(tmp_path: Path) -> None:
    manager = pytest.importorskip("pikaraoke.lib.preference_manager")
    path = tmp_path / "config.ini"
    path.write_text(PIKARAOKE, encoding="utf-8")
    preferences = manager.PreferenceManager(str(path))
    config_file.write(str(path), {("API_KEYS", "lastfm"): "before"})
    done = threading.Event()

    def ours() -> None:
        for number in range(20):
            config_file.write(str(path), {("API_KEYS", "lastfm"): f"key {number}"})
        done.set()

    writer = threading.Thread(target=ours)
    writer.start()
    while not done.wait(0.02):
        preferences._config_obj.read(path, encoding="utf-8")
    writer.join()
    preferences._config_obj.set("USERPREFERENCES", "volume", "0.5")
    with path.open("w", encoding="utf-8") as out:
        preferences._config_obj.write(out)
    kept = stored(path)
    assert kept["SECRETS"]["secret_key"] == "5f"
    assert kept["API_KEYS"]["lastfm"].startswith("key")
    assert not [name for name in os.listdir(tmp_path) if name != "config.ini"]


def test_child_process_follows_the_file_in_what_it_reads_so_by_itself(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for spec in config.SPECS:
        monkeypatch.delenv(spec.variable, raising=False)
    settings = config.load({"ENRICHMENT_CONFIG": str(file)})
    assert "LASTFM_RATE" not in settings.whole_environment()
    given = replace(settings, lastfm_rate=2.0).whole_environment()
    assert config.load(given).lastfm_rate == 2.0
    assert given["LASTFM_RATE"] == "2.0"
