"""The first-run page: the library that was found, and all that a first start needs, on one page."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from werkzeug.wrappers import Response

from ..config import Settings
from ..database.urls import shown
from ..models import Song
from ..tasks import control, first_run
from ..tasks.review import editing
from ..words.sentences import sentence
from . import answers, setting_form
from .dashboard import blueprint
from .mounted import mounted
from .setting_form import CONTACT, TRIED
from .texts import gettext as _
from .texts import language


@blueprint.get("/first-run", endpoint="first_run")
def show() -> str:
    """The page (200); it can be opened again at any time."""
    return _page(mounted().settings)


@blueprint.post("/first-run", endpoint="end_first_run")
def end() -> Response:
    """Save the form and let the worker run.

    Returns:
        303 to the first page, or to the settings where songs were not found without what is new;
        400 with the form as it was filled in where a value cannot be used;
        503 where the config file cannot be written.
    """
    before = mounted().settings
    said = setting_form.not_elsewhere(_said(before))
    values, problems = setting_form.read(said)
    problems = problems or setting_form.refused_keys(before, values)
    if problems:
        page = _page(before, said=said, problems=problems)
        return Response(page, 400, mimetype="text/html")
    changed = setting_form.store_changed(before, said, values)
    first_run.set_done()
    control.start()
    # What was not found before can be looked up again there.
    is_late = any(map(changed.get, TRIED.values())) and any(editing.count_undecided())
    place = url_for("enrichment.settings", new_key=1) if is_late else ""
    return answers.back(_("Saved, and started."), place)


@blueprint.post("/first-run/test", endpoint="test_first_run")
def test() -> str:
    """Try one key, or the contact, and save it once it is taken (200); see `setting_form.tried`."""
    trial = setting_form.tried(mounted().settings)
    settings = mounted().settings  # with what was saved
    return _page(settings, said=_said(settings), trial=trial)


@blueprint.post("/first-run/dismiss", endpoint="dismiss_first_run")
def dismiss() -> Response:
    """Show the page by itself no more, and change nothing else: 303 to the first page."""
    first_run.set_done()
    return answers.back()


def _said(before: Settings) -> dict[str, str]:
    return {
        **setting_form.said_texts(CONTACT),
        **setting_form.said_secrets(before),
        **setting_form.said_flags("guests"),
    }


def _page(settings: Settings, **told: Any) -> str:
    """The page; `told` goes to `setting_form.fields`."""
    fields = setting_form.fields(settings, **told)
    songs = Song.select().count()
    return render_template(
        "enrichment/first_run.html",
        title=_("First steps"),
        here="first_run",
        songs=songs,
        place=shown(settings.db),
        needs_contact=any(map(settings.lacks_contact, settings.providers)),
        gains={
            row.name: sentence(said, language())
            for row in fields["keyed"]
            if (said := first_run.said_gain(row.name, songs, settings))
        },
        **fields,
    )
