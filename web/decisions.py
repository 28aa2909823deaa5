"""What people decided: every word of theirs, newest first, and each taken back from here."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from werkzeug.exceptions import BadRequest

from ..tasks.history import decisions
from ..tasks.history.decisions import Decision
from . import texts
from .dashboard import blueprint
from .texts import gettext as _
from .texts import ngettext
from .wording import DECISION_LABELS, action_words, change_words, moment_words

SHOWN = 50


@blueprint.get("/decisions", endpoint="decisions")
def show() -> str:
    """The decisions (200): of the `kind`, made before the moment `before`; 400 for another kind."""
    kind = request.args.get("kind", "")
    if kind and kind not in decisions.KINDS:
        raise BadRequest(_("There is no filter %(name)s=%(value)s.", name="kind", value=kind))
    try:
        before = float(request.args["before"]) if "before" in request.args else None
    except ValueError:
        raise BadRequest(_("%(name)s takes a number.", name="before")) from None
    found = decisions.latest(SHOWN + 1, before=before, kind=kind)
    rows = found[:SHOWN]
    older: dict[str, Any] | None = None
    if len(found) > SHOWN:
        older = {"kind": kind or None, "before": repr(rows[-1].at)}
    return render_template(
        "enrichment/decisions.html",
        title=_("What people decided"),
        here="decisions",
        kind=kind,
        kinds=DECISION_LABELS,
        rows=[_row(each) for each in rows],
        older=url_for("enrichment.decisions", **older) if older else None,
    )


def _row(decision: Decision) -> dict[str, Any]:
    row: dict[str, Any] = {
        "kind": decision.kind,
        "batch": decision.batch,
        "at": moment_words(decision.at),
        "stands": decision.standing > 0,
        "songs": ngettext("%(count)s song", "%(count)s songs", decision.count),
        "action": _("Files renamed"),
    }
    if decision.kind == "change" and decision.change is not None:
        return {**row, **change_words(decision.change), "file": decision.change.song.file_path}
    if decision.kind == "batch":
        row["action"] = action_words(decision.action, "person")
        if 0 < decision.standing < decision.count:
            part = texts.language().number(decision.count - decision.standing)
            row["partly"] = _("%(count)s of them taken back", count=part)
    return row
