"""The list of songs: search, filters, pages, and the list as CSV."""

from __future__ import annotations

from flask import render_template, request, stream_with_context
from werkzeug.wrappers import Response

from ..system.said import N_n
from ..tasks.queue import table as queue_table
from ..tasks.review import browsing, many
from ..tasks.review.exporting import csv_lines
from . import filters, indexing
from .dashboard import blueprint
from .many import TYPED
from .texts import counted_by_script
from .texts import gettext as _
from .wording import (
    FIELD_LABELS,
    LEVEL_LABELS,
    SORT_LABELS,
    STATUS_LABELS,
    choices,
    list_choices,
)

_TICKED = N_n("Change the ticked song …", "Change the %(count)s ticked songs …")


@blueprint.get("/songs")
def songs() -> str:
    """The list (200), 400 for a filter that there is not.

    With the header `X-Part: list` only the rows and what belongs to them, for the page's script.
    """
    wanted = filters.wanted(request.args)
    missing = indexing.keep_true()
    page = browsing.find(wanted, filters.number(request.args, "page") or 1)
    arguments = filters.as_arguments(wanted)
    template = "_list.html" if request.headers.get("X-Part") == "list" else "songs.html"
    return render_template(
        f"enrichment/{template}",
        title=_("Songs"),
        here="songs",
        wanted=wanted,
        page=page,
        pages=filters.pages_of("enrichment.songs", page.number, page.last, **arguments),
        arguments=arguments,
        unindexed=missing,
        levels=choices(LEVEL_LABELS),
        statuses=choices(STATUS_LABELS),
        fields=(fields := choices(FIELD_LABELS)),
        texts=[each for each in fields if each[0] in many.TEXTS],
        **list_choices(browsing.counts(), SORT_LABELS),
        ticked=counted_by_script(*_TICKED),
        typed={name: request.args.get(name, "") for name in TYPED},
    )


@blueprint.get("/export.csv")
def export() -> Response:
    """The songs that the filter in the address wants, as CSV (200); 400 as for the list."""
    lines = csv_lines(browsing.songs(filters.wanted(request.args)))
    chunks = ("".join(batch) for batch in queue_table.in_batches(lines, 500))
    response = Response(stream_with_context(chunks), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="songs.csv"'
    return response
