"""The list of songs: search, filters, pages, and the list as CSV."""

from __future__ import annotations

from flask import render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response

from ..tasks.queue import table as queue_table
from ..tasks.review import browsing, many
from ..tasks.review.browsing import Filter, Page
from ..tasks.review.exporting import csv_lines
from . import filters, indexing
from .dashboard import blueprint
from .many import TYPED
from .texts import gettext as _
from .wording import FIELD_LABELS, LEVEL_LABELS, SORT_LABELS, STATUS_LABELS, language_choices


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
        counts=(counts := browsing.counts()),
        languages=language_choices(counts.languages),
        levels=LEVEL_LABELS,
        statuses=STATUS_LABELS,
        sorts=SORT_LABELS,
        fields=FIELD_LABELS,
        texts=many.TEXTS,
        typed={name: request.args.get(name, "") for name in TYPED},
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
