"""The list of songs: search, filters, pages, many songs at once, and the list as CSV."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, stream_with_context, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from ..models import Song
from ..tasks.enrich import queue_ids
from ..tasks.history import changes
from ..tasks.queue import table as queue_table
from ..tasks.review import browsing, reviewing
from ..tasks.review.browsing import Filter, Page
from ..tasks.review.exporting import csv_lines
from . import answers, filters, indexing
from .dashboard import blueprint
from .requested import requested_songs, ticked
from .texts import gettext as _
from .wording import LEVEL_LABELS, SORT_LABELS, STATUS_LABELS, change_words


@blueprint.get("/songs")
def songs() -> str:
    """The list (200), 400 for a filter that there is not.

    With the header `X-Part: list` only the rows and what belongs to them, for the page's script.
    """
    wanted = filters.wanted(request.args)
    missing = indexing.keep_true()
    page = browsing.find(wanted, filters.number(request.args, "page") or 1)
    template = "_list.html" if request.headers.get("X-Part") == "list" else "songs.html"
    return render_template(
        f"enrichment/{template}",
        title=_("Songs"),
        here="songs",
        wanted=wanted,
        page=page,
        pages=_pages(wanted, page),
        arguments=filters.as_arguments(wanted),
        unindexed=missing,
        counts=browsing.counts(),
        levels=LEVEL_LABELS,
        statuses=STATUS_LABELS,
        sorts=SORT_LABELS,
    )


def _pages(wanted: Filter, page: Page) -> dict[str, str | None]:
    """Addresses of the first, previous, next and last page, None where there is none."""
    arguments = filters.as_arguments(wanted)

    def address(number: int) -> str:
        page = number if number > 1 else None  # url_for leaves None out
        return url_for("enrichment.songs", **arguments, page=page)

    return {
        "first": address(1) if page.number > 1 else None,
        "previous": address(page.number - 1) if page.number > 1 else None,
        "next": address(page.number + 1) if page.number < page.last else None,
        "last": address(page.last) if page.number < page.last else None,
    }


@blueprint.get("/export.csv")
def export() -> Response:
    """The songs that the filter in the address wants, as CSV (200); 400 as for the list."""
    lines = csv_lines(browsing.songs(filters.wanted(request.args)))
    chunks = ("".join(batch) for batch in queue_table.in_batches(lines, 500))
    response = Response(stream_with_context(chunks), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="songs.csv"'
    return response


# --- many at once ---------------------------------------------------------------------------------


@blueprint.post("/songs/many")
def many() -> Response:
    """Do `action` with `songs`: requeue, accept (which shows first what would change), or manual.

    Returns:
        303 to the list or the batch, 200 with the preview; 400 for another action or no song.
    """
    action = request.form.get("action", "")
    if not request.form.getlist("songs"):
        raise BadRequest(_("No song is chosen: tick some, then try again."))
    ids = [song for song in requested_songs() if isinstance(song, int)]
    if action == "requeue":
        known = [row.id for row in Song.select(Song.id).where(Song.id.in_(ids))]
        queued = queue_ids(known, queue_table.PERSON)
        return _back_to_list(_("Songs to be looked up again: %(count)s", count=queued))
    if action == "accept":
        return show_preview(reviewing.preview(ids[: reviewing.MOST_AT_ONCE]), len(ids))
    if action == "manual":
        browsing.forget()
        return show_batch(reviewing.verify_many(ids))
    raise BadRequest(_("action takes requeue, accept or manual."))


def show_preview(
    found: list[reviewing.Proposal], chosen: int, least: float | None = None
) -> Response:
    """The page that says what accepting would change, before anything is changed; `least` is how
    sure the candidates had to be."""
    page = render_template(
        "enrichment/preview.html",
        title=_("Accept many"),
        here="review",
        proposals=found,
        chosen=chosen,
        least=least,
    )
    return Response(page, mimetype="text/html")


@blueprint.get("/review/many")
def preview() -> Response:
    """What accepting the songs of the review whose best candidate is at least `from` sure means."""
    try:
        least = float(request.args.get("from", reviewing.SURE_ENOUGH))
    except ValueError:
        raise BadRequest(_("%(name)s takes a number.", name="from")) from None
    ids = reviewing.surest(least)
    return show_preview(reviewing.preview(ids), len(ids), least)


@blueprint.post("/review/many")
def accept_many() -> Response:
    """Accept the `pick`s of the preview, each "song:candidate:version".

    Returns:
        303 to the batch's page; 400 for none or a pick that is none of ours.
    """
    picks = [(song, *_candidate(known)) for song, known in ticked()]
    if not picks:
        raise BadRequest(_("No song is chosen: tick some, then try again."))
    browsing.forget()
    return show_batch(reviewing.accept_many(picks))


def _candidate(known: str) -> tuple[str, str]:
    """The candidate that a page showed of a song, and the song's version then."""
    candidate, colon, version = known.partition(":")
    if not colon:
        raise BadRequest(_("This page is out of date: load it again, then try once more."))
    return candidate, version


def show_batch(made: reviewing.Batch) -> Response:
    """303 to the page of songs that were changed together."""
    if not made.done:
        return _back_to_list(_("No song was changed."))
    return redirect(url_for("enrichment.batch", name=made.name, left=made.left or None), 303)


@blueprint.get("/batch/<name>")
def batch(name: str) -> str:
    """What a batch changed, and the button that takes it back (200)."""
    made = changes.in_batch(name)
    return render_template(
        "enrichment/batch.html",
        title=_("Changed together"),
        here="songs",
        name=name,
        made=[change_words(change) for change in made],
        standing=sum(change.undone_at is None for change in made),
        left=filters.number(request.args, "left") or 0,
    )


@blueprint.post("/batch/<name>/undo")
def undo_batch(name: str) -> Response:
    """Take a whole batch back: 303 to its page; songs changed again since stay as they are."""
    back, stay = changes.undo_batch(name)
    browsing.forget()
    words = _("Songs taken back: %(count)s", count=back)
    if stay:
        words = _(
            "Songs taken back: %(count)s. Left alone, as they were changed again: %(stay)s",
            count=back,
            stay=stay,
        )
    return answers.back(words, url_for("enrichment.batch", name=name))


def _back_to_list(words: str) -> Response:
    arguments: dict[str, Any] = filters.as_arguments(filters.wanted(request.form))
    return answers.back(words, url_for("enrichment.songs", **arguments))
