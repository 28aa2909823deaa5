"""Questions to a person at a terminal: a password, a key, how to be reached."""

from __future__ import annotations

import dataclasses
import sys

import click

from .. import config, config_file
from ..exceptions import ServeError
from ..system.contact import as_contact
from ..system.invocation import typed
from ..system.network import LOOPBACK, is_loopback
from ..system.terminal import tell

EVERYWHERE = "0.0.0.0"
NO_CONTACT = "This is neither a mail address nor a web page."
# Whoever is in the network may try words at the dashboard, one letter was taken.
LEAST_PASSWORD = 8
TOO_SHORT = f"A password has at least {LEAST_PASSWORD} signs."
OPTIONS = {spec.name: spec.option for spec in config.SPECS}


def is_terminal() -> bool:
    """Whether somebody can read a question and type the answer."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def secret(question: str) -> str:
    """A secret, typed unseen; where nobody types, a line of standard input."""
    if is_terminal():
        return str(click.prompt(question, hide_input=True, default="", show_default=False)).strip()
    return sys.stdin.readline().strip()


def save(settings: config.Settings, **values: str) -> None:
    """Write settings to the config file; raises SettingsError where it cannot be written."""
    config_file.write(
        settings.config_file, {OPTIONS[name]: value for name, value in values.items()}
    )


def for_the_house(
    settings: config.Settings, *, is_wished: bool, asks: bool = True, anew: bool = False
) -> config.Settings:
    """Settings whose dashboard may listen where they say: the house needs a password.

    At a terminal it asks for one, the first time, and keeps the answer; elsewhere a dashboard that
    has none is for this machine alone.

    Args:
        is_wished: whether somebody just named an address for it.
        asks: False asks nobody, terminal or not.
        anew: whether to ask who has wished for none before.
    Raises:
        ServeError: an address was named, and no password is to be had.
    """
    is_house = not is_loopback(settings.host)
    asks = asks and is_terminal()
    is_open = asks and (anew or not config.is_set("host"))
    if settings.admin_password or not (is_house or is_open):
        return settings
    if asks:
        tell(
            "The dashboard can be seen from a phone or another computer in the house, once it has "
            "a password."
        )
        if word := new_password():
            settings = dataclasses.replace(
                settings, admin_password=word, host=settings.host if is_house else EVERYWHERE
            )
            save(settings, admin_password=word, host=settings.host)
            return settings
        if not is_wished:
            save(settings, host=LOOPBACK)
    if is_wished:
        raise ServeError(
            f"the dashboard may not listen at {settings.host} without a password, since everyone "
            f"in the network could use it: {typed('set password')}"
        )
    if is_house:
        tell(
            f"Only this machine sees the dashboard, as it has no password: {typed('set password')}",
            sys.stderr,
        )
    return dataclasses.replace(settings, host=LOOPBACK)


def for_a_contact(settings: config.Settings, *, asks: bool = True) -> config.Settings:
    """Settings with the contact that MetaBrainz wants, where none is known yet: a terminal asks for
    one and keeps it. Enter alone leaves MetaBrainz' services out."""
    if not (asks and is_terminal()) or not any(map(settings.lacks_contact, settings.providers)):
        return settings
    tell("MusicBrainz and ListenBrainz answer only programs that say how to reach their user.")
    contact = new_contact("Your mail address or web page (Enter alone: they are not asked)", "")
    if not contact:
        return settings
    save(settings, musicbrainz_contact=contact)
    return dataclasses.replace(settings, musicbrainz_contact=contact)


def new_contact(question: str, now: str) -> str:
    """A mail address or web page; Enter alone leaves it as it is now."""
    while (word := str(click.prompt(question, default=now, show_default=bool(now))).strip()) != now:
        if contact := as_contact(word):
            return contact
        click.echo(NO_CONTACT)
    return now


def new_password() -> str:
    """A password of a fair length, typed twice; "" where none is wished."""
    while word := secret("Its password (Enter alone: this machine only sees it)"):
        if len(word) < LEAST_PASSWORD:
            click.echo(TOO_SHORT)
        elif word == secret("The same once more"):
            break
        else:
            click.echo("These two differ.")
    return word
