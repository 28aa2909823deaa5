"""The command that sets what is secret, or who we are: `set`, for who has no browser at hand."""

from __future__ import annotations

import os

import click

from .. import config
from ..exceptions import NoAnswer, UsageError
from ..providers import services
from ..system.contact import as_contact
from ..system.invocation import typed
from ..system.network import is_loopback
from ..system.terminal import printable, tell
from . import asking, kit

_WHAT = ("lastfm", "listenbrainz", "contact", "password")
_QUESTIONS = {
    "lastfm": "Last.fm's API key",
    "listenbrainz": "ListenBrainz' user token",
    "contact": "Your mail address or URL, for MusicBrainz",
    "password": "The dashboard's password",
}
_SETTINGS = {"contact": "musicbrainz_contact", "password": "admin_password"}


@kit.command(
    "set",
    "set a service's key, your contact or the dashboard's password",
    more="What is set is asked for, or read from standard input, so that no secret stands in the "
    "shell's history. A key is tried before it is saved. "
    'Enter alone leaves it as it is, "" as VALUE takes it out.',
    examples=(
        typed("set listenbrainz"),
        typed("set contact me@example.org"),
        typed("set password <password.txt"),
    ),
)
@kit.word("what", "WHAT", ", ".join(_WHAT), type=click.Choice(_WHAT))
@kit.word(
    "value", "VALUE", 'the contact, or "" to take out; a secret is never given so', required=False
)
@click.option("--untested", is_flag=True, help="save a key that its service does not take now")
def set_one(what: str, value: str | None, untested: bool) -> int:
    """Ask for one setting, try it, save it."""
    if value and what != "contact":
        raise UsageError(f"a secret is not typed into the command: leave it out of `set {what}`")
    settings = config.load()
    name = _SETTINGS.get(what) or services.KEYS[what].setting
    text = asking.secret(_QUESTIONS[what]) if value is None else value.strip()
    if not text and value is None:
        take_out = typed(f'set {what} ""')
        raise UsageError(f"nothing given, nothing changed: {take_out} takes it out")
    if text and what == "contact":
        if not (contact := as_contact(text)):
            raise UsageError(asking.NO_CONTACT)
        text = contact
    if text and what == "password" and len(text) < asking.LEAST_PASSWORD:
        raise UsageError(asking.TOO_SHORT)
    if text and what in services.KEYS:
        try:
            print(tried(what, text, settings, must=not untested))
        except NoAnswer as error:
            raise NoAnswer(f"{error} (--untested saves it all the same)") from None
    asking.save(settings, **{name: text})
    if what == "password" and text and not config.is_set("host"):
        asking.save(settings, host=asking.EVERYWHERE)
    variable = next(spec.variable for spec in config.SPECS if spec.name == name)
    if os.environ.get(variable, "").strip():
        words = f"saved, but {variable} in the environment is what holds"
    elif not text:
        words = "taken out"
    elif what != "password":
        words = "saved"
    elif is_loopback(config.load().host):
        words = "saved; it holds from the next start on"
    else:
        words = "saved; from the next start on the house sees the dashboard with it"
    tell(f"{what}: {words}")
    if text and what != "password":
        kit.tell_undecided(settings, "with it")
    return 0


def tried(service: str, key: str, settings: config.Settings, *, must: bool) -> str:
    """What a service says to a key; raises NoAnswer where it must take it and does not."""
    from ..providers.base import Found, NotFound, Refused
    from ..providers.http import OpenGate
    from ..providers.services import label_of
    from ..tasks.key_trial import try_key
    from ..tasks.review.name_alone import is_ready
    from ..tasks.runtime import configure
    from ..words.sentences import sentence

    gate = configure(settings).gate if is_ready(settings.db) else lambda _: OpenGate()
    outcome = try_key(service, key, settings, gate)
    label = label_of(service)
    if isinstance(outcome, Found | NotFound):
        return f"{label} takes this key"
    said = "refuses this key" if isinstance(outcome, Refused) else "could not be asked"
    text = f"{label} {said}: {printable(sentence(outcome.reason))}"
    if must:
        raise NoAnswer(f"{text}. Nothing was saved")
    return text
