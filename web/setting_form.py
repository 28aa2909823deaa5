"""Settings as our forms say them: read, tried at their service, stored, and shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from flask import request
from werkzeug.exceptions import BadRequest, ServiceUnavailable

from .. import config_file
from ..config import FOLLOWED, SPECS, Settings, Spec
from ..database import urls
from ..exceptions import SettingsError
from ..providers import services
from ..providers.base import Found, NotFound, Refused
from ..providers.services import label_of
from ..system.contact import as_contact
from ..system.said import N_
from ..tasks import pacing
from ..tasks.key_trial import try_key
from ..tasks.notices import TEST, place_of, post
from ..tasks.runtime import runtime
from ..words.sentences import sentence
from . import hosting
from .mounted import mounted
from .requested import as_typed
from .texts import gettext as _
from .texts import language

BY_NAME: dict[str, Spec] = {spec.name: spec for spec in SPECS if spec.name in FOLLOWED}
# The services that want a key, and the setting that holds it.
KEYS = {name: key.setting for name, key in services.KEYS.items()}
CONTACT, NOTICES = "musicbrainz_contact", "notify_url"
# What no page shows: an empty field keeps it.
_SECRETS = (*KEYS.values(), NOTICES)
RATES = tuple(f"{name}_rate" for name in services.NAMES)
# What a press tries, by the service that is asked.
TRIED = {**KEYS, "musicbrainz": CONTACT}
# A key is shown by its end only, and not even that where it is so short that it says much.
_SHOWN_END, _SHORTEST_SHOWN = 2, 8


# --- what was said --------------------------------------------------------------------------------


def _typed_secrets() -> dict[str, str]:
    """Secrets as they were typed into the form."""
    return {name: request.form.get(name, "").strip() for name in _SECRETS}


def said_secrets(before: Settings) -> dict[str, str]:
    """Secrets as the form leaves them: an empty field keeps what is set, a tick removes it."""
    form = request.form
    return {
        name: "" if form.get(f"remove_{name}") else typed or getattr(before, name)
        for name, typed in _typed_secrets().items()
    }


def said_texts(*names: str) -> dict[str, str]:
    """Fields of the form as the config file holds them; an address whose password the page has
    hidden keeps it."""
    settings = mounted().settings
    hidden = {urls.shown(each): each for each in (settings.pikaraoke_url,)}
    said = {name: request.form[name].strip() for name in names if name in request.form}
    said.update({name: said[name].replace(",", ".") for name in RATES if name in said})  # "0,5"
    return {name: hidden.get(text, text) for name, text in said.items()}


def said_flags(*names: str) -> dict[str, str]:
    """Choices of yes or no."""
    form = request.form
    return {name: "yes" if form[name] == "yes" else "no" for name in names if name in form}


def not_elsewhere(said: Mapping[str, str]) -> dict[str, str]:
    """Without what is set above the config file, which holds whatever is said here."""
    return {name: text for name, text in said.items() if not set_by(name)}


def read(said: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values and problems by setting; an empty text means the default."""
    values, problems = {}, {}
    for name, text in said.items():
        try:
            values[name] = BY_NAME[name].read(text) if text else default(name)
        except ValueError:
            problems[name] = _problem(name)
    if said.get(CONTACT) and not as_contact(said[CONTACT]):
        problems[CONTACT] = _problem(CONTACT)
    return values, problems


def default(name: str) -> Any:
    """What holds where nothing is set."""
    return Settings.__dataclass_fields__[name].default


def _problem(name: str) -> str:
    if name == CONTACT:
        return _("Give a mail address, or the address of a web page.")
    if name in RATES:
        return _("Give requests a second, a number above 0.")
    if name == "itunes_country":
        return _("Give a country by its two letters, as US.")
    if name in ("pikaraoke_url", "notify_url"):
        return _("Give an address that begins with http:// or https://.")
    if name == "quiet_hours":
        return _("Give both times, and different ones; or neither.")
    return _("This cannot be used.")


# --- kept -----------------------------------------------------------------------------------------


def store_changed(
    before: Settings, said: Mapping[str, str], values: Mapping[str, Any]
) -> dict[str, str]:
    """Write what is another value now, and return it; 503 where the file cannot be written."""
    changed = {name: said[name] for name in values if values[name] != getattr(before, name)}
    if changed:
        store(before, changed)
    return changed


def store(before: Settings, changed: Mapping[str, str]) -> None:
    """Write settings to the config file; 503 where that cannot be written."""
    options = {BY_NAME[name].option: text for name, text in changed.items()}
    try:
        config_file.write(before.config_file, options)
    except SettingsError as error:
        raise ServiceUnavailable(str(error)) from None
    for provider, name in TRIED.items():
        if name in changed:
            pacing.forget_refusal(provider)


# --- tried ----------------------------------------------------------------------------------------


class Trial(NamedTuple):
    """What came of a press on "test": which setting, in words, whether that is good news."""

    name: str
    words: str
    is_good: bool


class _Words(NamedTuple):
    """What is said of a trial, by what came of it."""

    missing: str
    taken: str
    saved: str
    refused: str


_OF_KEY = _Words(
    N_("Type a key first: none is set."),
    N_("%(service)s takes this key."),
    N_("%(service)s takes this key: it is saved."),
    N_("%(service)s refuses this key: %(reason)s"),
)
_OF_CONTACT = _Words(
    N_("Type a contact first: none is set."),
    N_("%(service)s takes this contact."),
    N_("%(service)s takes this contact: it is saved."),
    N_("%(service)s refuses this contact: %(reason)s"),
)


def tried(settings: Settings) -> Trial:
    """Ask the form's `provider` whether it takes the key or contact that was typed, or what is set.

    What was typed is saved once it is taken, nothing else is. The request keeps everybody's pace; a
    refusal does not shut the provider for everybody.

    Raises:
        BadRequest: 400, a provider that takes neither.
        ServiceUnavailable: 503, the file cannot be written.
    """
    service = request.form.get("provider", "")
    if service not in TRIED:
        raise BadRequest(_("provider takes %(names)s.", names=", ".join(TRIED)))
    name, words = TRIED[service], _OF_KEY if service in KEYS else _OF_CONTACT
    values, problems = read({name: request.form.get(name, "").strip(), **said_texts(CONTACT)})
    if name in problems:
        return Trial(name, problems[name], False)
    on_trial = settings
    if values.get(CONTACT) and CONTACT not in problems and not set_by(CONTACT):
        on_trial = replace(settings, musicbrainz_contact=values[CONTACT])  # ListenBrainz wants it
    key = "" if name == CONTACT else values[name] or getattr(settings, name)
    if not (on_trial.contact if name == CONTACT else key):
        return Trial(name, _(words.missing), False)
    outcome = try_key(service, key, on_trial, runtime().gate)
    said = {"service": label_of(service)}
    if isinstance(outcome, Found | NotFound):
        if values[name] in ("", getattr(settings, name)) or set_by(name):
            return Trial(name, _(words.taken, **said), True)
        store(settings, {name: values[name]})
        return Trial(name, _(words.saved, **said), True)
    said["reason"] = sentence(outcome.reason, language())
    if isinstance(outcome, Refused):
        return Trial(name, _(words.refused, **said), False)
    return Trial(name, _("%(service)s could not be asked: %(reason)s", **said), False)


def refused_keys(before: Settings, values: Mapping[str, Any]) -> dict[str, str]:
    """Problems by setting: the new keys that their services refuse, asked now. Enter in a key's
    field saves the form, and saved a key that its own test had just refused. A service that cannot
    be asked refuses nothing."""
    on_trial, problems = before, {}
    if values.get(CONTACT):
        on_trial = replace(before, musicbrainz_contact=values[CONTACT])  # ListenBrainz wants it
    for service, name in KEYS.items():
        key = values.get(name, "")
        # Without a contact ListenBrainz takes no token, right or wrong.
        if key in ("", getattr(before, name)) or on_trial.lacks_contact(service):
            continue
        outcome = try_key(service, key, on_trial, runtime().gate)
        if isinstance(outcome, Refused):
            reason = sentence(outcome.reason, language())
            said = {"service": label_of(service), "reason": reason}
            problems[name] = _(_OF_KEY.refused, **said)
    return problems


def tried_notice(settings: Settings) -> Trial:
    """Send a test to the address that was typed, or is set; one that takes it is saved.

    Raises:
        ServiceUnavailable: 503, the file cannot be written.
    """
    typed = request.form.get(NOTICES, "").strip()
    values, problems = read({NOTICES: typed})
    if problems:
        return Trial(NOTICES, problems[NOTICES], False)
    if not (url := values[NOTICES] or settings.notify_url):
        return Trial(NOTICES, _("Type an address first: none is set."), False)
    said = {"place": place_of(url)}
    if told := post(url, TEST):
        fault = sentence(told, language())
        return Trial(NOTICES, _("%(place)s did not take it: %(fault)s", fault=fault, **said), False)
    if typed and url != settings.notify_url and not set_by(NOTICES):
        store(settings, {NOTICES: typed})
        return Trial(NOTICES, _("%(place)s has taken it: the address is saved.", **said), True)
    return Trial(NOTICES, _("%(place)s has taken it.", **said), True)


# --- shown ----------------------------------------------------------------------------------------


def fields(
    settings: Settings,
    said: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    trial: Trial | None = None,
) -> dict[str, Any]:
    """What the fields of a form are drawn from (`enrichment/_fields.html`)."""
    # What is not saved is not lost with the page.
    typed = _typed_secrets() if trial or problems else {}
    keys = {name: str(getattr(settings, name)) for name in KEYS.values()}
    shown = {name: as_typed(getattr(settings, name)) for name in BY_NAME}
    shown["pikaraoke_url"] = urls.shown(settings.pikaraoke_url)  # it may hold a password
    if trial and trial.is_good:
        typed[trial.name] = ""
    return {
        "shown": {**shown, **(said or {})},
        "problems": problems or {},
        "trial": trial,
        "typed": typed,
        "keyed": [row for row in services.SERVICES if row.key],
        "key_ends": {
            name: key[-_SHOWN_END:] for name, key in keys.items() if len(key) >= _SHORTEST_SHOWN
        },
        "has_key": {name: bool(key) for name, key in keys.items()},
        "notices_go_to": place_of(settings.notify_url),
        "elsewhere": {name: words for name in BY_NAME if (words := set_by(name))},
        "config_file": settings.config_file,
        "guests_address": hosting.guests_address(),
    }


def set_by(name: str) -> str:
    """What sets this above the config file, in words: "" where nothing does."""
    variable = BY_NAME[name].variable
    if os.environ.get(variable, "").strip():
        return _("Set by %(variable)s in the environment.", variable=variable)
    if name in mounted().following.fixed:
        return _("Set by the program that started the dashboard.")
    return ""
