"""The settings page: what may be set while the program runs, saved to the config file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from ..config import Settings
from ..providers import services
from ..providers.services import label_of
from ..tasks.review import editing
from . import answers, setting_form
from .dashboard import blueprint
from .mounted import mounted
from .setting_form import RATES, Trial, default
from .texts import gettext as _

# Settings that the form has as they stand in the config file.
_TEXTS = (
    setting_form.CONTACT,
    "itunes_country",
    "pikaraoke_url",
    "while_playing",
    "name_order",
    *RATES,
)
_FLAGS = ("autostart", "guests", "family", "show_names")


@blueprint.get("/settings", endpoint="settings")
def show() -> str:
    """The page (200)."""
    return _page(mounted().settings, is_new_key="new_key" in request.args)


@blueprint.post("/settings", endpoint="save_settings")
def save() -> Response:
    """Save the form to the config file; what is set elsewhere is left as it is there.

    Returns:
        303 to the page; 400 with the form as it was filled in where a value cannot be used; 503
        where the file cannot be written.
    """
    before = mounted().settings
    said = setting_form.not_elsewhere(_said(before))
    values, problems = setting_form.read(said)
    if "providers" in said and not said["providers"]:
        problems["providers"] = _("At least one service must be asked.")
    if not problems:
        # Rates beyond what the public services bear; a server of one's own may be asked faster.
        for name in services.NAMES:
            limit, is_public = default(f"{name}_rate"), before.url(name) == default(f"{name}_url")
            if is_public and values.get(f"{name}_rate", 0) > limit:
                problems[f"{name}_rate"] = _(
                    "%(service)s bears %(rate)s requests a second at most.",
                    service=label_of(name),
                    rate=limit,
                )
        problems = problems or setting_form.refused_keys(before, values)
    if problems:
        page = _page(before, said=said, problems=problems)
        return Response(page, 400, mimetype="text/html")
    changed = setting_form.store_changed(before, said, values)
    new_key = 1 if any(map(changed.get, setting_form.TRIED.values())) else None
    return answers.back(_("Saved."), url_for("enrichment.settings", new_key=new_key))


@blueprint.post("/settings/test", endpoint="test_key")
def test_key() -> str:
    """Try the key of `provider`, or the contact at MusicBrainz, and save it once it is taken (200);
    see `setting_form.tried`."""
    return _tried(setting_form.tried)


@blueprint.post("/settings/notice", endpoint="test_notice")
def test_notice() -> str:
    """Send a test to the address for notices, and save it once it is taken (200)."""
    return _tried(setting_form.tried_notice)


def _tried(trial: Callable[[Settings], Trial]) -> str:
    came = trial(mounted().settings)
    settings = mounted().settings  # with what was saved
    is_new_key = came.is_good and came.name in setting_form.TRIED.values()
    return _page(settings, is_new_key=is_new_key, said=_said(settings), trial=came)


# --- what was said --------------------------------------------------------------------------------


def _said(before: Settings) -> dict[str, str]:
    """The form as the texts that the config file holds."""
    form = request.form
    said = {
        **setting_form.said_texts(*_TEXTS),
        **setting_form.said_secrets(before),
        **setting_form.said_flags(*_FLAGS),
    }
    if "quiet_from" in form:
        times = form["quiet_from"].strip(), form.get("quiet_until", "").strip()
        said["quiet_hours"] = "-".join(times) if any(times) else ""
    # A provider that is off has no place.
    places = {name: form.get(f"place_{name}", "") for name in services.NAMES}
    asked = (name for name in services.NAMES if places[name].isdecimal())
    said["providers"] = ",".join(sorted(asked, key=places.__getitem__))
    return said


# --- what is shown --------------------------------------------------------------------------------


def _page(settings: Settings, *, is_new_key: bool = False, **told: Any) -> str:
    """The page; `told` goes to `setting_form.fields`. What a service asks for that has just been
    given finds more: it offers to look up again what was not found without it."""
    for_review, failed = editing.count_undecided() if is_new_key else (0, 0)
    fields = setting_form.fields(settings, **told)
    order = [name for name in fields["shown"]["providers"].split(",") if name in services.NAMES]
    all_providers = [*order, *(name for name in services.NAMES if name not in order)]
    return render_template(
        "enrichment/settings.html",
        title=_("Settings"),
        here="settings",
        labels={name: row.label for name, row in services.BY_NAME.items()},
        places={name: order.index(name) + 1 if name in order else 0 for name in services.NAMES},
        all_providers=all_providers,
        for_review=for_review,
        failed=failed,
        **fields,
    )
