"""Renaming files to what their songs are known as: what would be done, doing it, taking it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, Conflict, NotFound, ServiceUnavailable
from werkzeug.wrappers import Response

from ..database.urls import shown
from ..exceptions import Declined, Unreachable
from ..tasks import now_playing, pikaraoke
from ..tasks.review import browsing, clean_names, filenames, renaming
from ..words.phrases import KEEPS_ITS_NAME
from . import answers, filters, hosting
from .dashboard import blueprint
from .requested import read_pick, ticked, whole_number
from .texts import gettext as _
from .texts import language


@blueprint.get("/rename")
def rename() -> str:
    """What would be renamed, from the song after the id `after` on (200); nothing is changed."""
    after = filters.number(request.args, "after") or 0
    search = request.args.get("q", "").strip()
    queued, spoken = pikaraoke.queued_paths(hosting.address()), language()
    found = renaming.preview(queued or (), after, search)
    return render_template(
        "enrichment/rename.html",
        title=_("Rename files"),
        here="songs",
        proposals=found,
        can_rename=any(not one.problem for one in found),
        problems={name: _(words) for name, words in KEEPS_ITS_NAME.items()},
        next_after=found[-1].song_id if len(found) == renaming.MOST_SHOWN else None,
        is_there=queued is not None,
        address=shown(hosting.address()),
        batches=[
            {
                "name": name,
                "words": _(
                    "%(at)s, files: %(count)s",
                    at=" ".join((spoken.date(at), spoken.time(at))),
                    count=count,
                ),
            }
            for name, at, count in (renaming.latest_batches() if not after else ())
        ],
        total=renaming.count(),
        excepted=_excepted(request.args),
        search=search,
        job=clean_names.job(),
    )


@blueprint.post("/rename", endpoint="rename_picked")
def rename_picked() -> str:
    """Have PiKaraoke rename the `pick`s of the preview, each "song:token".

    Returns:
        200 with what was done; 400 for none or a pick that is none of ours, 503 where PiKaraoke
        does not answer.
    """
    picks = ticked()
    if not picks:
        raise BadRequest(_("No file is chosen: tick some, then try again."))
    queued = _queued()
    try:
        done = renaming.rename(picks, queued, _hand)
    except Unreachable as error:
        raise ServiceUnavailable(str(error)) from None
    return _told(done, len(picks))


@blueprint.post("/rename/all", endpoint="rename_all")
def rename_all() -> Response:
    """Have all files renamed in the background except those without a tick, on this page or on
    earlier ones.

    Returns:
        200 with the question whether these many are meant, 303 to the page where the form has
        `sure`; 409 while other files are being renamed, 503 where PiKaraoke does not answer.
    """
    excepted = _excepted(request.form)
    _queued()
    if request.form.get("sure"):
        return _begun(lambda: clean_names.begin(excepted))
    page = render_template(
        "enrichment/rename_all.html",
        title=_("Rename files"),
        here="songs",
        count=clean_names.count(excepted),
        excepted=excepted,
        plays=now_playing.is_playing(),
    )
    return Response(page, mimetype="text/html")


@blueprint.get("/rename/all", endpoint="rename_all_again")
def rename_all_again() -> Response:
    """The question's address, typed or reloaded: 302 to the list, where it is asked."""
    return redirect(url_for("enrichment.rename"))


@blueprint.post("/rename/stop", endpoint="stop_renaming")
def stop_renaming() -> Response:
    """Take up no further file: 303 to the page."""
    clean_names.stop()
    return answers.back(_("Stopped."), url_for("enrichment.rename"))


@blueprint.post("/rename/<batch>/undo-all", endpoint="undo_renaming")
def undo_renaming(batch: str) -> Response:
    """Give all files of a batch their old names, in the background: 303; 409, 503 as above."""
    if not renaming.in_batch(batch):
        raise NotFound(_("Nothing was renamed under this address."))
    _queued()
    return _begun(lambda: clean_names.begin_undo(batch))


def _begun(begin: Callable[[], clean_names.Job]) -> Response:
    try:
        begin()
    except Declined:
        raise Conflict(
            _("Files are being renamed already: stop that first, or wait for it.")
        ) from None
    return answers.back(_("It goes on in the background."), url_for("enrichment.rename"))


def _excepted(form: Any) -> list[int]:
    """Songs whose files keep their names: those that `except` names, and those that the page showed
    and that have no tick."""
    picked = {read_pick(text)[0] for text in form.getlist("pick")}
    told = [*form.getlist("shown"), *form.get("except", "").split(",")]
    spared = {song for text in told if (song := whole_number(text)) is not None}
    return sorted(spared - picked)


@blueprint.get("/rename/<batch>")
def renamed(batch: str) -> str:
    """What was renamed together, and the button that takes it back (200); 404, unknown."""
    if not renaming.in_batch(batch):
        raise NotFound(_("Nothing was renamed under this address."))
    return _page(batch)


@blueprint.post("/rename/<batch>/undo")
def undo_rename(batch: str) -> str:
    """Have PiKaraoke give the files of a batch their old names: 200 with what was done, 503 where
    it does not answer."""
    queued = _queued()
    try:
        done = renaming.undo(batch, queued, _hand)
    except Unreachable as error:
        raise ServiceUnavailable(str(error)) from None
    return _told(done, done.renamed + len(done.left))


def _queued() -> list[str]:
    """The files in PiKaraoke's queue; raises ServiceUnavailable, 503, where it does not answer."""
    queued = pikaraoke.queued_paths(hosting.address())
    if queued is None:
        words = _(
            "PiKaraoke does not answer at %(address)s: start it.", address=shown(hosting.address())
        )
        raise ServiceUnavailable(words)
    return queued


def _hand(path: str, proper: str) -> str:
    return pikaraoke.rename(hosting.address(), path, proper, hosting.session_cookies())


def _told(done: renaming.Done, wanted: int) -> str:
    browsing.forget()
    return _page(done.batch, done, wanted - done.renamed - len(done.left))


def _page(batch: str, done: renaming.Done | None = None, changed_since: int = 0) -> str:
    rows = renaming.in_batch(batch)
    return render_template(
        "enrichment/renamed.html",
        title=_("Rename files"),
        here="songs",
        batch=batch,
        rows=[
            {
                "song_id": row.song_id,
                "old": row.old_name,
                "new": row.new_name,
                "stands": renaming.stands(row),
                "comes_back": filenames.comes_back(row.old_name),
            }
            for row in rows
        ],
        standing=sum(renaming.stands(row) for row in rows),
        left=[(name, _(KEEPS_ITS_NAME.get(why, why))) for name, why in done.left] if done else [],
        changed_since=changed_since,
    )
