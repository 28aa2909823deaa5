"""The settings page: what may be set while the program runs, saved to the config file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask import render_template, request, url_for
from werkzeug.exceptions import BadRequest, ServiceUnavailable
from werkzeug.wrappers import Response

from .. import config_file
from ..config import FOLLOWED, SPECS, Settings, Spec
from ..exceptions import SettingsError
from ..models import ProviderState
from ..providers import services
from ..providers.base import Found, NotFound, Refused
from ..providers.services import label_of
from ..tasks import pacing
from ..tasks.key_trial import try_key
from ..tasks.pace_rules import CLOSED, REFUSED
from ..tasks.runtime import runtime
from ..words.sentences import sentence
from . import answers, hosting
from .dashboard import blueprint
from .mounted import mounted
from .texts import gettext as _
from .texts import language

_BY_NAME: dict[str, Spec] = {spec.name: spec for spec in SPECS if spec.name in FOLLOWED}
# The services that want a key, and the setting that holds it.
_KEYS = {name: key.setting for name, key in services.KEYS.items()}
# Settings that the form has as they stand in the config file.
_TEXTS = ("musicbrainz_contact", "itunes_country", "pikaraoke_url", "while_playing", "name_order")
_FLAGS = ("autostart", "guests", "show_names")
# A key is shown by its end only, and not even that where it is so short that it says much.
_SHOWN_END, _SHORTEST_SHOWN = 2, 8


@blueprint.get("/settings", endpoint="settings")
def show() -> str:
    """The page (200)."""
    return _page(mounted().settings)


@blueprint.post("/settings", endpoint="save_settings")
def save() -> Response:
    """Save the form to the config file; what is set elsewhere is left as it is there.

    Returns:
        303 to the page; 400 with the form as it was filled in where a value cannot be used; 503
        where the file cannot be written.
    """
    before = mounted().settings
    said = {name: text for name, text in _said(before).items() if not _set_by(name)}
    values, problems = _read(said)
    if not problems:
        problems = _too_fast(values, before)
    if problems:
        return Response(_page(before, said, problems), 400, mimetype="text/html")
    changed = {name: said[name] for name in values if values[name] != getattr(before, name)}
    if changed:
        _store(before, changed)
    return answers.back(_("Saved."), url_for("enrichment.settings"))


def _store(before: Settings, changed: Mapping[str, str]) -> None:
    """Write settings to the config file; 503 where that cannot be written."""
    options = {_BY_NAME[name].option: text for name, text in changed.items()}
    try:
        config_file.write(before.config_file, options)
    except SettingsError as error:
        raise ServiceUnavailable(str(error)) from None
    for provider, name in _KEYS.items():
        if name in changed:
            # A provider that refused the old key may be asked at once with the new one.
            ProviderState.update(health=CLOSED, open_until=0.0, reason="").where(
                (ProviderState.name == pacing.row_name(provider))
                & (ProviderState.health == REFUSED)
            ).execute()


@blueprint.post("/settings/test", endpoint="test_key")
def test_key() -> Response:
    """Ask `provider` whether it takes the key that was typed, or the one that is set (200).

    A typed key that it takes is saved, nothing else is. The request keeps everybody's pace; a
    refusal of a typed key does not shut the provider for everybody. 400 for a provider that wants
    no key, 503 where the file cannot be written.
    """
    settings = mounted().settings
    provider = request.form.get("provider", "")
    if provider not in _KEYS:
        raise BadRequest(_("provider takes %(names)s.", names=", ".join(_KEYS)))
    name, typed = _KEYS[provider], _typed()
    key = typed[name] or getattr(settings, name)
    if not key:
        words, is_good = _("Type a key first: none is set."), False
    else:
        words, is_good = _outcome(provider, key, settings)
    if is_good and key != getattr(settings, name) and not _set_by(name):
        _store(settings, {name: key})
        settings, typed = mounted().settings, {**typed, name: ""}
        words = _("%(service)s takes this key: it is saved.", service=label_of(provider))
    page = _page(settings, _said(settings), tested={provider: (words, is_good)}, typed=typed)
    return Response(page, 200, mimetype="text/html")


def _outcome(provider: str, key: str, settings: Settings) -> tuple[str, bool]:
    """What a service says to a key, in words, and whether that is good news."""
    outcome = try_key(provider, key, settings, runtime().gate)
    service = label_of(provider)
    if isinstance(outcome, Found | NotFound):
        return _("%(service)s takes this key.", service=service), True
    reason = sentence(outcome.reason, language())
    if isinstance(outcome, Refused):
        words = _("%(service)s refuses this key: %(reason)s", service=service, reason=reason)
    else:
        words = _("%(service)s could not be asked: %(reason)s", service=service, reason=reason)
    return words, False


# --- what was said --------------------------------------------------------------------------------


def _said(before: Settings) -> dict[str, str]:
    """The form as the texts that the config file holds."""
    form = request.form
    said = {name: form.get(name, "").strip() for name in (*_TEXTS, *_rates()) if name in form}
    for name in _KEYS.values():
        key = _typed()[name] or getattr(before, name)
        said[name] = "" if form.get(f"remove_{name}") else key
    if "quiet_from" in form:
        times = form["quiet_from"].strip(), form.get("quiet_until", "").strip()
        said["quiet_hours"] = "-".join(times) if any(times) else ""
    said |= {name: "yes" if form[name] == "yes" else "no" for name in _FLAGS if name in form}
    said["providers"] = ",".join(_order(form))
    return said


def _typed() -> dict[str, str]:
    """Keys as they were typed into the form."""
    return {name: request.form.get(name, "").strip() for name in _KEYS.values()}


def _order(form: Mapping[str, str]) -> list[str]:
    """The providers by the places they were given, those that are off left out."""
    places = {name: form.get(f"place_{name}", "") for name in services.NAMES}
    return sorted(
        (name for name in services.NAMES if places[name].isdecimal()), key=places.__getitem__
    )


def _rates() -> list[str]:
    return [f"{name}_rate" for name in services.NAMES]


def _read(said: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values and problems by setting; an empty text means the default."""
    values, problems = {}, {}
    for name, text in said.items():
        try:
            values[name] = _BY_NAME[name].read(text) if text else _default(name)
        except ValueError:
            problems[name] = _problem(name)
    if "providers" in said and not said["providers"]:
        problems["providers"] = _("At least one service must be asked.")
    return values, problems


def _default(name: str) -> Any:
    return Settings.__dataclass_fields__[name].default


def _problem(name: str) -> str:
    if name in _rates():
        return _("Give requests a second, a number above 0.")
    if name == "itunes_country":
        return _("Give a country by its two letters, as US.")
    if name == "pikaraoke_url":
        return _("Give an address that begins with http:// or https://.")
    if name == "quiet_hours":
        return _("Give both times, and different ones; or neither.")
    return _("This cannot be used.")


def _too_fast(values: dict[str, Any], before: Settings) -> dict[str, str]:
    """Rates beyond what the public services bear; a server of one's own may be asked faster."""
    problems = {}
    for name in services.NAMES:
        limit, is_public = _default(f"{name}_rate"), before.url(name) == _default(f"{name}_url")
        if is_public and values.get(f"{name}_rate", 0) > limit:
            problems[f"{name}_rate"] = _(
                "%(service)s bears %(rate)s requests a second at most.",
                service=label_of(name),
                rate=limit,
            )
    return problems


# --- what is shown --------------------------------------------------------------------------------


def _page(
    settings: Settings,
    said: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    tested: dict[str, tuple[str, bool]] | None = None,
    typed: dict[str, str] | None = None,
) -> str:
    shown = {**{name: _text(settings, name) for name in _BY_NAME}, **(said or {})}
    order = [name for name in shown["providers"].split(",") if name in services.NAMES]
    return render_template(
        "enrichment/settings.html",
        title=_("Settings"),
        here="settings",
        shown=shown,
        problems=problems or {},
        tested=tested or {},
        typed=typed or {},
        keyed=[row for row in services.SERVICES if row.key],
        key_ends={name: _end(getattr(settings, name)) for name in _KEYS.values()},
        has_key={name: bool(getattr(settings, name)) for name in _KEYS.values()},
        labels={name: row.label for name, row in services.BY_NAME.items()},
        places={name: order.index(name) + 1 if name in order else 0 for name in services.NAMES},
        all_providers=sorted(
            services.NAMES,
            key=lambda name: (
                name not in order,
                (order.index(name) if name in order else services.NAMES.index(name)),
            ),
        ),
        elsewhere={name: _set_by(name) for name in _BY_NAME if _set_by(name)},
        config_file=settings.config_file,
        guests_address=hosting.guests_address(),
    )


def _text(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _end(key: str) -> str:
    """The last signs of a key."""
    return key[-_SHOWN_END:] if len(key) >= _SHORTEST_SHOWN else ""


def _set_by(name: str) -> str:
    """What sets this above the config file, in words: "" where nothing does."""
    variable = _BY_NAME[name].variable
    if os.environ.get(variable, "").strip():
        return _("Set by %(variable)s in the environment.", variable=variable)
    if name in mounted().following.fixed:
        return _("Set by the program that started the dashboard.")
    return ""
