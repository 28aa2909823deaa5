"""The page of song lists: taken in by upload or link, subscribed, removed; one's own for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from subprocess import DEVNULL
from typing import Any

from flask import jsonify, render_template, request, stream_with_context, url_for
from werkzeug.exceptions import BadRequest, Conflict, NotFound, ServiceUnavailable
from werkzeug.wrappers import Response

from ..exceptions import BadList
from ..system.child import Child
from ..system.said import N_, Said
from ..system.signs import clean
from ..tasks import cataloguing, taking_in
from ..tasks.review import editing
from ..tasks.shared import lists, publishing
from ..tasks.taking_in import DONE, READY, WORKING, Desk, Draft
from ..words.sentences import kept_sentence, sentence
from . import answers
from .access import LARGEST_LIST
from .dashboard import blueprint
from .mounted import mounted
from .texts import gettext as _
from .texts import language
from .wording import FIELD_LABELS, moment_words

_STEPS = {
    "fetching": N_("The list is being fetched …"),
    "reading": N_("The list is being read …"),
    "writing": N_("The list is being written …"),
    "comparing": N_("Your library is being compared with it …"),
}
_OUT_OF_DATE = N_("This page is out of date: load it again, then try once more.")
# What a list leaves behind that is removed, by whose it was.
_AFTER_OWN = N_("What songs have from it stays.")
_AFTER_SHARED = N_("Its songs go back to what was known without it.")
_LONGEST_FILE_NAME = 120


@blueprint.get("/lists", endpoint="lists")
def show() -> str:
    """The page (200)."""
    draft = _desk().draft()
    for_review, failed = editing.count_undecided()
    return render_template(
        "enrichment/lists.html",
        title=_("Song lists"),
        here="settings",
        draft=draft,
        comes_from=lists.shown_link(draft.link) if draft else "",
        progress=_progress(draft) if draft else None,
        trouble=kept_sentence(draft.trouble, language()) if draft else "",
        fields=[(name, _(FIELD_LABELS[name])) for name in ("artist", "title", "year", "genre")],
        largest=LARGEST_LIST,
        too_large=sentence(Said("list_large", megabytes=LARGEST_LIST // 1_000_000), language()),
        for_review=for_review,
        failed=failed,
        kept=_kept(),
        shared=[
            {
                "name": each.name,
                "link": (link := lists.shown_link(each.link)),
                "is_whole": link == each.link,
                "songs": each.songs,
                "at": moment_words(each.fetched_at) if each.fetched_at else "",
                "known": lists.count_known(each),
                "trouble": kept_sentence(each.trouble, language()) if each.trouble else "",
            }
            for each in lists.all_lists()
        ],
        own=sum(1 for _row in publishing.rows()),
    )


@blueprint.get("/lists/progress", endpoint="lists_progress")
def progress() -> Response:
    """How far the list is that is being taken in (200): `{"step", "words", "value", "of"}`; the
    step is empty where there is none."""
    draft = _desk().draft()
    return jsonify(_progress(draft) if draft else {"step": ""})


@blueprint.post("/lists/upload", endpoint="upload_list")
def upload() -> Response:
    """Look into an uploaded `file` of at most LARGEST_LIST bytes.

    Returns:
        303 to the page; 400 without a file, 409 while another list is taken in, 413 for a larger
        one, 503 where the disk does not take it.
    """
    given = request.files.get("file")
    if given is None or not given.filename:
        raise BadRequest(_("Choose a file first."))
    name = clean(PurePath(given.filename).name)[:_LONGEST_FILE_NAME]
    desk = _free_desk()

    def begin() -> None:
        desk.data.parent.mkdir(parents=True, exist_ok=True)
        given.save(desk.data)
        taking_in.start(mounted().settings, Draft("reading", file=name), "look")

    return _begun(begin)


@blueprint.post("/lists/link", endpoint="link_list")
def link() -> Response:
    """Fetch the list behind `link` and look into it: 303 to the page; 409, 503 as for an upload."""
    address = request.form.get("link", "").strip()
    _free_desk()
    return _begun(
        lambda: taking_in.start(mounted().settings, Draft("fetching", link=address), "look")
    )


@blueprint.post("/lists/take", endpoint="take_list")
def take() -> Response:
    """Take the list in that was looked into, as `name`, or subscribe it where `how` is "subscribe":
    303 to the page; 409 where none is ready."""
    draft = _desk().draft()
    if draft is None or draft.step != READY:
        raise Conflict(_(_OUT_OF_DATE))
    named = replace(draft, name=lists.plain_name(request.form.get("name", "")) or draft.name)
    if request.form.get("how") == "subscribe" and draft.names_videos and draft.link:
        step, work = "fetching", "subscribe"
    else:
        step, work = "reading", "take"
    return _begun(lambda: taking_in.start(mounted().settings, replace(named, step=step), work))


@blueprint.post("/lists/discard", endpoint="discard_list")
def discard() -> Response:
    """Forget the list that was looked into or taken: 303 to the page; 409 while that goes on."""
    _free_desk().clear()
    return answers.back("", url_for("enrichment.lists"))


@blueprint.post("/lists/remove", endpoint="remove_list")
def remove() -> Response:
    """Remove the list `name`, in the background: 303 to the page; 404 where there is none."""
    name = request.form.get("name", "")
    is_shared = name in [each.name for each in lists.all_lists()]
    if not is_shared and name not in [each["name"] for each in _kept()]:
        raise NotFound(_(_OUT_OF_DATE))
    environment = mounted().settings.whole_environment()
    words = "catalogue", "remove", "--", name
    done = _("%(name)s is being removed, which may take a moment.", name=name)
    after = _(_AFTER_SHARED if is_shared else _AFTER_OWN)
    draft = _desk().draft()
    if draft is not None and (draft.step, draft.name) == (DONE, name):
        _desk().clear()  # "The list is taken in" is no longer so
    return _begun(
        lambda: Child(*words, environment=environment, stdin=DEVNULL, stdout=DEVNULL),
        f"{done} {after}",
    )


@blueprint.get("/lists/mine.csv", endpoint="own_list")
def own_list() -> Response:
    """One's own list for other hosts, as a file (200)."""
    response = Response(stream_with_context(publishing.csv_lines()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="karaoke-list.csv"'
    return response


# --- parts ----------------------------------------------------------------------------------------


def _desk() -> Desk:
    return Desk(mounted().settings.catalogue)


def _free_desk() -> Desk:
    """The desk, where no process works at what lies on it; raises Conflict, 409."""
    desk = _desk()
    draft = desk.draft()
    if draft is not None and draft.is_under_way:
        raise Conflict(_("Another list is being taken in: wait until that is done."))
    return desk


def _begun(begin: Callable[[], object], words: str = "") -> Response:
    """Begin, and go back to the page; raises ServiceUnavailable, 503."""
    try:
        begin()
    except OSError as error:
        words = _(
            "That could not be begun: %(error)s", error=error.strerror or type(error).__name__
        )
        raise ServiceUnavailable(words) from None
    return answers.back(words, url_for("enrichment.lists"))


def _progress(draft: Draft) -> dict[str, Any]:
    is_at_work = draft.is_under_way
    return {
        "step": draft.step,
        "words": _(_STEPS[draft.step]) if is_at_work else "",
        "value": WORKING.index(draft.step) + 1 if is_at_work else len(WORKING),
        "of": len(WORKING),
    }


def _kept() -> list[dict[str, Any]]:
    """The catalogue's own lists; none where its file cannot be used, which the log tells."""
    path = mounted().settings.catalogue
    try:
        found = cataloguing.kept_lists(path)
    except BadList:
        return []
    known = cataloguing.counts_of_known(path)
    return [
        {"name": name, "songs": songs, "at": moment_words(at), "known": known.get(name)}
        for name, songs, at in found
    ]
