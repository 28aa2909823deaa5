"""From nothing to the phone on the sofa, without an editor: the password, the address, the keys."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest
from terminals import Terminal

from pikaraoke_enrichment import config
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.system import child
from pikaraoke_enrichment.system.loopback import VARIABLE


def call(
    settings: config.Settings, *words: str, said: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        child.command(*words),
        env=settings.whole_environment(),
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
    )


def kept(settings: config.Settings) -> dict[str, str]:
    """Our options of the config file."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(settings.config_file)
    return {name: text for section in parser.sections() for name, text in parser.items(section)}


def test_the_house_is_let_in_with_a_password_only(settings: config.Settings) -> None:
    folder = Path(settings.db).parent / "songs"
    folder.mkdir()
    done = call(settings, "run", str(folder), "--host", "0.0.0.0")
    assert (done.returncode, done.stdout) == (1, "")
    assert "without a password" in done.stderr
    assert "set password" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_password_comes_from_standard_input_and_opens_the_house(
    settings: config.Settings,
) -> None:
    done = call(settings, "set", "password", said="correct horse\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "correct horse" not in done.stdout
    assert kept(settings)["admin_password"] == "correct horse"
    assert kept(settings)["host"] == "0.0.0.0"
    assert "from the next start on the house sees the dashboard" in done.stdout
    assert Path(settings.config_file).stat().st_mode & 0o777 == 0o600


def test_a_secret_is_not_typed_into_the_command(settings: config.Settings) -> None:
    done = call(settings, "set", "lastfm", "a-key")
    assert done.returncode == 2
    assert "a-key" not in done.stderr
    done = call(settings, "set", "contact", "me@example.org")
    assert (done.returncode, kept(settings)["musicbrainz_contact"]) == (0, "me@example.org")


def test_a_contact_is_a_mail_address_or_a_web_page(settings: config.Settings) -> None:
    done = call(settings, "set", "contact", "hello")
    assert (done.returncode, done.stdout, kept(settings)) == (2, "", {})
    assert "neither a mail address nor a web page" in done.stderr
    assert call(settings, "set", "contact", "example.org").returncode == 0
    assert kept(settings)["musicbrainz_contact"] == "https://example.org"


@pytest.mark.parametrize(
    ("what", "said", "name"),
    [
        ("contact", "me@example.org", "musicbrainz_contact"),
        ("password", "on the sofa", "admin_password"),
    ],
)
def test_nothing_at_standard_input_takes_nothing_out(
    settings: config.Settings, what: str, said: str, name: str
) -> None:
    """`set contact </dev/null` took the contact out."""
    call(settings, "set", what, said=said)
    done = call(settings, "set", what)
    assert (done.returncode, done.stdout, kept(settings)[name]) == (2, "", said)
    assert "nothing given, nothing changed" in done.stderr
    assert f'set {what} ""' in done.stderr
    assert call(settings, "set", what, "").returncode == 0
    assert kept(settings)[name] == ""


def test_a_password_of_one_letter_is_refused(settings: config.Settings) -> None:
    done = call(settings, "set", "password", said="a\n")
    assert (done.returncode, done.stdout, kept(settings)) == (2, "", {})
    assert "at least 8 signs" in done.stderr


def test_a_key_is_tried_before_it_is_saved(settings: config.Settings, api: ApiServer) -> None:
    environment = settings.whole_environment()
    environment.pop("LASTFM_API_KEY", None)
    api.keys = frozenset({"a-key"})

    def set_key(*words: str, said: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            child.command("set", "lastfm", *words),
            env=environment,
            input=said,
            capture_output=True,
            text=True,
            timeout=60,
        )

    refused = set_key(said="wrong\n")
    assert refused.returncode == 1
    assert "refuses this key" in refused.stderr
    assert "wrong" not in refused.stdout + refused.stderr
    assert "lastfm" not in kept(settings)
    taken = set_key(said="a-key\n")
    assert (taken.returncode, taken.stderr) == (0, "")
    assert "takes this key" in taken.stdout
    assert kept(settings)["lastfm"] == "a-key"
    assert set_key("--untested", said="wrong\n").returncode == 0
    assert api.count() >= 2


def house_address() -> str:
    """As a process sees it that is not held to the loopback."""
    program = "from pikaraoke_enrichment.system import network; print(network.house_address())"
    environment = {name: text for name, text in os.environ.items() if name != VARIABLE}
    words = [sys.executable, "-c", program]
    return subprocess.check_output(words, env=environment, text=True).strip()


def test_at_the_first_start_in_a_terminal_a_password_is_offered(settings: config.Settings) -> None:
    """Typed blind and twice; then the address of the house stands there, with its QR code."""
    if not (address := house_address()):
        pytest.skip("this machine stands in no network")
    (folder := Path(settings.db).parent / "songs").mkdir()
    terminal = Terminal(
        settings,
        *child.command("run", str(folder), "--port", "0"),
        held_to_loopback=False,  # to see the house's address; there is no song to ask for
    )
    try:
        terminal.hear("Its password")
        terminal.type("sofa")
        terminal.hear("at least 8 signs")
        terminal.hear("Its password")
        terminal.type("on the sofa")
        terminal.hear("once more")
        terminal.type("on the sofa")
        terminal.hear(f"From the house: http://{address}:")
        terminal.hear("█")
    finally:
        terminal.end()
    assert b"sofa" not in terminal.heard
    assert kept(settings)["admin_password"] == "on the sofa"


def test_who_wants_no_password_is_not_asked_again(settings: config.Settings) -> None:
    """The answer is kept as the address: this machine only."""
    program = (
        "import sys; from pikaraoke_enrichment import config; from pikaraoke_enrichment.commands "
        "import asking; print(asking.for_the_house(config.load(), is_wished=False).host)"
    )
    for is_asked in (True, False):
        terminal = Terminal(settings, sys.executable, "-c", program)
        try:
            if is_asked:
                terminal.hear("Its password")
                terminal.type("")
            terminal.hear("127.0.0.1")
        finally:
            terminal.end()
        assert (b"Its password" in terminal.heard) is is_asked
        assert kept(settings)["host"] == "127.0.0.1"
