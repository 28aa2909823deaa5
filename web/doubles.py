"""The page of songs that people have twice; files are deleted by PiKaraoke alone, one by one."""

from __future__ import annotations

from flask import render_template, request, url_for

from ..tasks.review import doubles
from . import filters, indexing
from .dashboard import blueprint
from .mounted import mounted
from .texts import gettext as _


@blueprint.get("/doubles", endpoint="doubles")
def show() -> str:
    """Songs with several files, twenty a page (200)."""
    indexing.keep_true()
    last = max(1, -(-doubles.count() // doubles.PAGE))
    number = max(1, min(filters.number(request.args, "page") or 1, last))
    return render_template(
        "enrichment/doubles.html",
        title=_("Songs that are there twice"),
        here="songs",
        groups=doubles.find(number),
        here_again=url_for("enrichment.doubles", page=number),
        may_delete=mounted().has_host_frame,
        pages=filters.pages_of("enrichment.doubles", number, last),
    )
