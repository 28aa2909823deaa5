"""Many songs at once: looked up again, accepted, set alike; shown first, and taken back as one."""

from __future__ import annotations

from flask import jsonify, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from ..exceptions import BadEdit
from ..models import Song
from ..tasks.enrich import queue_ids
from ..tasks.history import changes
from ..tasks.queue import table as queue_table
from ..tasks.review import browsing, editing, many
from ..tasks.review.many import Batch, Edit
from ..tasks.review.reviewing import Proposal
from . import answers, filters
from .dashboard import blueprint
from .requested import MOST_SONGS, given_fields, read_pick, requested_songs, text_of, ticked
from .texts import gettext as _
from .texts import ngettext
from .wording import as_said, change_words, field_problem

# Songs that a page shows one by one; the rest of a batch is only counted.
SHOWN = 200
# Beside the fields of an edit a form has the filter that its list was found with.
_FILTER = "filter."
# Fields of a form that say what is to be done.
TYPED = ("set_field", "set_value", "in_field", "find", "with")
_ORDERS = ("do", *TYPED)


@blueprint.post("/songs/many", endpoint="many")
def for_many() -> Response | str:
    """Do `action` with `songs`, or with `all` that the list's filter finds: requeue, accept (which
    shows first what would change), or manual.

    Returns:
        303 to the list (also where no song is ticked) or the batch, 200 with the preview; 400 for
        another action.
    """
    if _is_nothing_ticked():
        return _back_to_ticking()
    action, ids = request.form.get("action", ""), _chosen()
    if action == "requeue":
        known = [row.id for row in Song.select(Song.id).where(Song.id.in_(ids))]
        # Many at once go with the backlog: an upload still comes before them.
        urgency = queue_table.PERSON if len(known) <= SHOWN else queue_table.BACKLOG
        queued = queue_ids(known, urgency)
        one, more = "%(count)s song will be looked up.", "%(count)s songs will be looked up."
        return _back_to_list(ngettext(one, more, queued))
    if action == "accept":
        return _show_preview(many.best(ids[: many.MOST_ACCEPTED]))
    if action == "manual":
        browsing.forget()
        return _show_batch(many.verify(ids))
    raise BadRequest(_("action takes requeue, accept or manual."))


def _chosen() -> list[int]:
    """Ids of the songs that are ticked, or of all that the filter of their list finds.

    Raises:
        BadRequest: 400, none or too many.
    """
    given = given_fields()
    wanted = given.get("filter") if request.is_json else _filter()
    if wanted is not None and not isinstance(wanted, dict):
        raise BadRequest(_("The body is no JSON object."))
    if wanted is not None and (request.is_json or given.get("all")):
        read = filters.of_json if request.is_json else filters.wanted
        ids = browsing.all_ids(read(wanted))
    elif not (request.is_json or request.form.getlist("songs")):
        raise BadRequest(_("No song is chosen: tick some, then try again."))
    else:
        ids = [song for song in requested_songs() if isinstance(song, int)]
    if len(ids) > MOST_SONGS:
        raise BadRequest(_("More than %(most)s songs at once.", most=MOST_SONGS))
    return list(dict.fromkeys(ids))


def _is_nothing_ticked() -> bool:
    """Whether a person pressed a button of the list before ticking a song."""
    chosen = ("songs", "all", "pick", "rest")
    return answers.is_page() and not any(request.form.get(name) for name in chosen)


def _back_to_ticking() -> Response:
    """303 to the list as it was, with what was typed."""
    typed = {name: request.form.get(name) or None for name in TYPED}
    words = _("No song is chosen: tick some, then try again.")
    return _back_to_list(words, "is-danger", **typed)


def _filter() -> MultiDict[str, str]:
    told = request.form.items(multi=True)
    return MultiDict((n.removeprefix(_FILTER), text) for n, text in told if n.startswith(_FILTER))


# --- one edit of many -----------------------------------------------------------------------------


@blueprint.post("/songs/set")
def set_many() -> Response | str:
    """Make one edit of many songs, each a person's word; with `preview` nothing is changed.

    As JSON: `songs` (ids) or `filter` (q, artist, genre … as the list's address has them), and
    artist, title, variant, year, genre, duet, language, explicit as they shall be; or `do` "swap",
    "as_read", "verify", or "replace" with `field`, `find` and `with`. A form has `songs`, `all`, or
    a preview's `pick`s.

    Returns:
        303 to the batch's page, or 200 `{"batch": name, "changed": n, "left": n}`; for a preview
        200 with its page, or `{"changes": [{id, old, new}]}`. 400 for a value that its field does
        not take, or no song; a list's form without a tick leads back to the list.
    """
    if _is_nothing_ticked():
        return _back_to_ticking()
    edit = _edit()
    if text_of("preview"):
        found = many.preview(_chosen(), edit)
        if request.is_json:
            told = [{"id": each.song.id, "old": each.old, "new": each.new} for each in found]
            return jsonify(changes=told)
        return render_template(
            "enrichment/setting.html",
            title=_("Change many"),
            here="songs",
            proposals=found[:SHOWN],
            rest=",".join(f"{each.song.id}:{each.version}" for each in found[SHOWN:]),
            more=max(0, len(found) - SHOWN),
            orders={name: text_of(name) for name in _ORDERS if text_of(name)},
        )
    browsing.forget()
    # The songs of a preview as they were seen: those still ticked, and those it only counted.
    rest = [read_pick(text) for text in request.form.get("rest", "").split(",") if text]
    picks = [*ticked(), *rest]
    made = many.apply(picks or [(song_id, None) for song_id in _chosen()], edit)
    if request.is_json:
        return jsonify(batch=made.name, changed=made.done, left=made.left)
    return _show_batch(made)


def _edit() -> Edit:
    given = given_fields()
    values = {name: given[name] for name in editing.SAYABLE if request.is_json and name in given}
    if text_of("set_field"):
        values[text_of("set_field")] = as_said(text_of("set_field"), text_of("set_value"))
    # Enter in a form's field presses no button that says what to do: the fields say it.
    is_replacing = not request.is_json and text_of("find") and not text_of("set_value")
    kind = text_of("do") or ("replace" if is_replacing else "set")
    where = text_of("field" if request.is_json else "in_field")
    try:
        if kind != "set":
            values = {}
        return Edit.checked(kind, values, where, text_of("find"), text_of("with"))
    except BadEdit:
        for name, value in values.items():
            if words := field_problem(name, "" if value is None else str(value)):
                raise BadRequest(words) from None
        words = _("Say what is to be changed: a field and its value, or what is to be replaced.")
        raise BadRequest(words) from None


# --- candidates -----------------------------------------------------------------------------------


def _show_preview(found: list[Proposal], least: float | None = None) -> str:
    """The page that says what accepting would change, before anything is changed; `least` is how
    sure the candidates had to be."""
    return render_template(
        "enrichment/preview.html",
        title=_("Accept many"),
        here="review",
        proposals=found,
        least=least,
    )


@blueprint.get("/review/many")
def preview() -> str:
    """What accepting the songs of the review whose best candidate is at least `from` sure means."""
    try:
        least = float(request.args.get("from", many.SURE_ENOUGH))
    except ValueError:
        raise BadRequest(_("%(name)s takes a number.", name="from")) from None
    return _show_preview(many.best(many.surest(least)), least)


@blueprint.post("/review/many")
def accept_many() -> Response:
    """Accept the `pick`s of the preview, each "song:candidate:version".

    Returns:
        303 to the batch's page; 400 for none or a pick that is none of ours.
    """
    picks = []
    for song, known in ticked():
        candidate, colon, version = known.partition(":")
        if not colon:
            raise BadRequest(_("This page is out of date: load it again, then try once more."))
        picks.append((song, candidate, version))
    if not picks:
        raise BadRequest(_("No song is chosen: tick some, then try again."))
    browsing.forget()
    return _show_batch(many.accept(picks))


# --- what was changed together --------------------------------------------------------------------


def _show_batch(made: Batch) -> Response:
    """303 to the page of songs that were changed together."""
    if not made.done:
        return _back_to_list(_("No song was changed."))
    return redirect(url_for("enrichment.batch", name=made.name, left=made.left or None), 303)


@blueprint.get("/batch/<name>")
def batch(name: str) -> str:
    """What a batch changed, and the button that takes it back (200); 404, unknown."""
    made = changes.in_batch(name, SHOWN)
    if not made:
        raise NotFound(_("There is no such page."))
    standing = changes.count_standing(name)
    return render_template(
        "enrichment/batch.html",
        title=_("Changed together"),
        here="songs",
        name=name,
        made=[change_words(change) for change in made],
        standing=standing,
        is_cut=len(made) == SHOWN,
        left=filters.number(request.args, "left") or 0,
    )


@blueprint.post("/batch/<name>/undo")
def undo_batch(name: str) -> Response:
    """Take a whole batch back: 303 to its page; songs changed again since stay as they are."""
    back, stay = changes.undo_batch(name)
    browsing.forget()
    words = ngettext("%(count)s song taken back.", "%(count)s songs taken back.", back)
    if stay:
        left = ngettext(
            "%(count)s was left alone, as it was changed again.",
            "%(count)s were left alone, as they were changed again.",
            stay,
        )
        words = f"{words} {left}"
    return answers.back(words, url_for("enrichment.batch", name=name))


def _back_to_list(words: str, kind: str = "is-success", **typed: str | None) -> Response:
    arguments = {**filters.as_arguments(filters.wanted(_filter())), **typed}
    return answers.back(words, url_for("enrichment.songs", **arguments), kind)
