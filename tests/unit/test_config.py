"""Settings: where each is read, what it takes, and that a process started with them has them."""

from __future__ import annotations

import os
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment import config
from pikaraoke_enrichment.config import SPECS, Settings, load
from pikaraoke_enrichment.exceptions import SettingsError
from pikaraoke_enrichment.providers import services


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    return tmp_path / "config.ini"


def read(config_file: Path, **variables: str) -> Settings:
    return load({"ENRICHMENT_CONFIG": str(config_file), **variables})


def test_defaults_are_those_of_the_design(config_file: Path) -> None:
    settings = read(config_file)
    folder = config.data_directory({})
    assert settings.db == str(folder / "pikaraoke.db")
    assert Path(settings.queue).parent == folder
    assert settings.providers == ("listenbrainz", "lastfm", "musicbrainz", "itunes")
    assert settings.lastfm_api_key == ""
    rates = [settings.rate(name) for name in ("lastfm", "musicbrainz", "itunes", "listenbrainz")]
    assert rates == [5, 0.9, 0.33, 1]
    assert (settings.workers, settings.port, settings.autostart) == (4, 5556, True)


def test_every_field_is_read_somewhere() -> None:
    named = {spec.name for spec in SPECS} | {"config_file"}
    assert named == {field.name for field in fields(Settings)}
    assert len({spec.variable for spec in SPECS}) == len(SPECS)
    assert len({spec.option for spec in SPECS}) == len(SPECS)


def test_the_environment_outweighs_the_config_file_and_that_the_default(config_file: Path) -> None:
    config_file.write_text("[ENRICHMENT]\nworkers = 2\nport = 81\n[API_KEYS]\nlastfm = from-file\n")
    settings = read(config_file, ENRICHMENT_WORKERS="3", LASTFM_API_KEY="from-env")
    assert (settings.workers, settings.port) == (3, 81)
    assert settings.lastfm_api_key == "from-env"
    assert read(config_file).lastfm_api_key == "from-file"
    assert settings.musicbrainz_rate == 0.9


def test_an_empty_variable_counts_as_not_set(config_file: Path) -> None:
    config_file.write_text("[ENRICHMENT]\nworkers = 2\n")
    assert read(config_file, ENRICHMENT_WORKERS="  ").workers == 2


def test_pikaraokes_own_config_file_is_read_as_it_is(config_file: Path) -> None:
    config_file.write_bytes(
        "\ufeff[USERPREFERENCES]\nlow_score_phrases = 50 % off\n[API_KEYS]\nlastfm = a%b\n".encode()
    )
    assert read(config_file).lastfm_api_key == "a%b"


@pytest.mark.parametrize(
    ("variable", "bad"),
    [
        ("LASTFM_RATE", "0"),
        ("LASTFM_RATE", "-1"),
        ("LASTFM_RATE", "nan"),
        ("LASTFM_RATE", "inf"),
        ("LASTFM_RATE", "fast"),
        ("ENRICHMENT_WORKERS", "0"),
        ("ENRICHMENT_WORKERS", "65"),
        ("ENRICHMENT_WORKERS", "4.5"),
        ("ENRICHMENT_PORT", "65536"),
        ("ENRICHMENT_PORT", "-1"),
        ("ENRICHMENT_AUTOSTART", "maybe"),
        ("ENRICHMENT_RETRY_DELAY", "-1"),
        ("ENRICHMENT_GIVE_UP_AFTER", "soon"),
        ("ENRICHMENT_QUIET_HOURS", "night"),
        ("ENRICHMENT_QUIET_HOURS", "22:00"),
        ("ENRICHMENT_QUIET_HOURS", "22:00-"),
        ("ENRICHMENT_QUIET_HOURS", "22:00-25:00"),
        ("ENRICHMENT_QUIET_HOURS", "22:60-06:00"),
        ("ENRICHMENT_QUIET_HOURS", "24:30-06:00"),
        ("ENRICHMENT_QUIET_HOURS", "06:00-06:00"),
        ("ENRICHMENT_QUIET_HOURS", "22-06-13"),
        ("ENRICHMENT_QUIET_HOURS", "٢٢-٠٦"),
        ("ENRICHMENT_PROVIDERS", "spotify"),
        ("ENRICHMENT_PROVIDERS", ","),
        ("LASTFM_URL", "ws.audioscrobbler.com"),
        ("ITUNES_COUNTRY", "USA"),
        ("ENRICHMENT_ADDRESS", "a@b"),
        ("ENRICHMENT_DB", "ftp://host/file"),
        ("ENRICHMENT_DB", "~nobody-of-this-name/pikaraoke.db"),
    ],
)
def test_a_bad_value_is_named_with_what_it_takes(
    config_file: Path, variable: str, bad: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(config_file, **{variable: bad})
    spec = next(spec for spec in SPECS if spec.variable == variable)
    assert variable in str(caught.value)
    assert spec.takes in str(caught.value)


def test_a_bad_value_in_the_file_names_section_and_option(config_file: Path) -> None:
    config_file.write_text("[ENRICHMENT]\nport = none\n")
    with pytest.raises(SettingsError, match=r"\[ENRICHMENT\] port is 'none'"):
        read(config_file)


def test_a_config_file_that_may_not_be_read_is_said_and_not_passed_over(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its keys would be missing, and nobody would know why."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(SettingsError, match=r"config\.ini cannot be read \(Permission denied\)"):
        read(config_file)


def test_a_folder_in_the_config_files_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Is a directory"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"no section\n", "line 1 stands before any [SECTION]"),
        (b"[A]\na=1\n[A]\n", "line 3 begins [A] once more"),
        (b"[A]\na=1\na=2\n", "line 3 sets a once more"),
        (b"[A]\nlastfm sesame\n", "line 2 is no NAME = VALUE"),
        (b"[A]\na = caf\xe9\n", "it is no text in UTF-8"),
    ],
)
def test_a_broken_config_file_is_said_with_its_line(
    config_file: Path, text: bytes, words: str
) -> None:
    """And not what stands there: it may be a key."""
    config_file.write_bytes(text)
    with pytest.raises(SettingsError, match=r"config\.ini cannot be read") as caught:
        read(config_file)
    assert words in str(caught.value)
    assert "sesame" not in str(caught.value)
    assert "Error" not in str(caught.value)


def test_keys_and_passwords_stay_out_of_the_repr(config_file: Path) -> None:
    secrets = {
        "LASTFM_API_KEY": "sesame-1",
        "LISTENBRAINZ_TOKEN": "sesame-2",
        "ENRICHMENT_ADMIN_PASSWORD": "sesame-3",
    }
    settings = read(config_file, **secrets)
    assert settings.lastfm_api_key == "sesame-1"
    assert "sesame" not in repr(settings)


@pytest.mark.parametrize(
    ("word", "flag"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("FALSE", False)]
)
def test_flags_take_the_usual_words(config_file: Path, word: str, flag: bool) -> None:
    assert read(config_file, ENRICHMENT_AUTOSTART=word).autostart is flag


def test_providers_keep_their_order_and_count_once(config_file: Path) -> None:
    settings = read(config_file, ENRICHMENT_PROVIDERS=" iTunes, musicbrainz ,itunes")
    assert settings.providers == ("itunes", "musicbrainz")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("22:00-06:00", "22:00-06:00"),
        (" 22 - 6:30 ", "22:00-06:30"),
        ("9:15–17:00", "09:15-17:00"),
        ("18:00-24:00", "18:00-00:00"),
    ],
)
def test_quiet_hours_are_taken_as_people_write_them(
    config_file: Path, written: str, kept: str
) -> None:
    assert read(config_file, ENRICHMENT_QUIET_HOURS=written).quiet_hours == kept


def test_base_urls_lose_their_last_slash(config_file: Path) -> None:
    assert read(config_file, ITUNES_URL="http://mirror:8080/ ").url("itunes") == (
        "http://mirror:8080"
    )


def test_paths_become_absolute(config_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(config_file.parent))
    monkeypatch.chdir(config_file.parent)
    assert read(config_file, ENRICHMENT_DB="~/a.db").db == str(config_file.with_name("a.db"))
    assert read(config_file, ENRICHMENT_DB="sub/a.db").db == str(config_file.parent / "sub/a.db")
    assert read(config_file, ENRICHMENT_DB="sqlite:////x/a.db").db == "/x/a.db"


def test_the_queue_lies_beside_the_database_unless_said(config_file: Path) -> None:
    assert Path(read(config_file, ENRICHMENT_DB="/x/a.db").queue).parent == Path("/x")
    assert read(config_file, ENRICHMENT_QUEUE="/y/q.db").queue == "/y/q.db"


@pytest.mark.skipif(sys.platform.startswith("win"), reason="PiKaraoke looks at APPDATA there")
def test_the_data_folder_is_the_one_that_pikaraoke_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pikaraoke.lib.get_platform import get_data_directory

    monkeypatch.setenv("HOME", str(tmp_path))
    assert str(config.data_directory()) == get_data_directory()


WORDS = st.from_regex(r"[A-Za-z0-9]([ -~]*[A-Za-z0-9])?", fullmatch=True)


@given(
    key=WORDS,
    contact=WORDS,
    rate=st.floats(min_value=1e-6, max_value=1e6),
    workers=st.integers(1, 64),
    autostart=st.booleans(),
    providers=st.permutations(services.NAMES),
    delay=st.floats(min_value=0, max_value=1e9),
)
def test_a_process_started_with_settings_has_the_same(
    key: str,
    contact: str,
    rate: float,
    workers: int,
    autostart: bool,
    providers: list[str],
    delay: float,
) -> None:
    settings = replace(
        load({"ENRICHMENT_CONFIG": "/nowhere/config.ini", "HOME": os.sep}),
        lastfm_api_key=key,
        musicbrainz_contact=contact,
        lastfm_rate=rate,
        workers=workers,
        autostart=autostart,
        providers=tuple(providers),
        retry_delay=delay,
    )
    assert load(settings.environment()) == settings


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ENRICHMENT_LASTFM_APIKEY", "LASTFM_API_KEY"),
        ("ENRICHMENT_LASTFM_API_KEY", "LASTFM_API_KEY"),
        ("ENRICHMENT_LISTENBRAINZ_TOKEN", "LISTENBRAINZ_TOKEN"),
        ("ENRICHMENT_WORKER", "ENRICHMENT_WORKERS"),
        ("ENRICHMENT_DATABASE", ""),
        ("ENRICHMENT_QUITE_HOURS", "ENRICHMENT_QUIET_HOURS"),
        ("ENRICHMENT_", ""),
    ],
)
def test_a_variable_that_sets_nothing_is_noticed(name: str, meant: str) -> None:
    environ = {"ENRICHMENT_CONFIG": "/nowhere/config.ini", name: "x", "LASTFM_SECRET": "y"}
    assert config.unknown_settings(environ) == {name: meant}


def test_an_option_that_sets_nothing_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "config.ini"
    file.write_text(
        "[API_KEYS]\nelse = 1\n[ENRICHMENT]\nworkers = 2\nworker = 3\nlastfm_api_key = k\nx = 1\n"
    )
    assert config.unknown_settings({"ENRICHMENT_CONFIG": str(file)}) == {
        "[ENRICHMENT] worker": "[ENRICHMENT] workers",
        "[ENRICHMENT] lastfm_api_key": "[API_KEYS] lastfm",
        "[ENRICHMENT] x": "",
    }


def test_what_our_own_processes_are_given_is_known() -> None:
    settings = load({"ENRICHMENT_CONFIG": "/nowhere/config.ini", "HOME": os.sep})
    assert config.unknown_settings({**settings.environment(), "ENRICHMENT_EXTRAS": "redis"}) == {}


@pytest.mark.parametrize(
    ("at_home", "in_image", "found"),
    [(True, True, "home"), (False, True, "image"), (False, False, "home"), (True, False, "home")],
)
def test_in_pikaraokes_docker_image_root_finds_the_data_of_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_home: bool, in_image: bool, found: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(config, "IMAGE_DATA", tmp_path / "image")
    places = {"home": tmp_path / "home" / ".pikaraoke", "image": tmp_path / "image"}
    for place, is_there in ((places["home"], at_home), (places["image"], in_image)):
        place.mkdir(parents=True)
        if is_there:
            (place / "pikaraoke.db").touch()
    assert config.data_directory({}) == places[found]


@pytest.mark.parametrize(
    "given",
    [
        '"abc-1"',
        "'abc-1'",
        "“abc-1”",
        "„abc-1“",
        " abc-1 ",
        "\ufeffabc-1",
        "a\u200bbc-1",
        "“ abc-1 ”",
    ],
)
def test_what_came_with_a_copied_key_is_taken_off(config_file: Path, given: str) -> None:
    assert read(config_file, LISTENBRAINZ_TOKEN=given).listenbrainz_token == "abc-1"
    config_file.write_text(f"[API_KEYS]\nlastfm = {given}\n", encoding="utf-8")
    assert read(config_file).lastfm_api_key == "abc-1"


@pytest.mark.parametrize(
    "variable", ["LISTENBRAINZ_TOKEN", "LASTFM_API_KEY", "MUSICBRAINZ_CONTACT"]
)
@pytest.mark.parametrize("given", ["Łukasz@example.org", "abc\ndef", "abc\x07", "ключ"])
def test_what_no_header_can_hold_is_told_as_a_setting(
    config_file: Path, variable: str, given: str
) -> None:
    """It was told as "no connection", of every service."""
    with pytest.raises(SettingsError, match=f"{variable} has a sign") as caught:
        read(config_file, **{variable: given})
    assert given not in str(caught.value)
