"""Links in PiKaraoke's menu, put into its frame as that is read; its files stay as they are."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask
from jinja2 import BaseLoader, Environment

from ..system.said import N_
from .mounted import HOST_FRAME
from .texts import gettext as _
from .wording import badge, waiting_words

log = logging.getLogger("pikaraoke_enrichment")

# For the host only, like PiKaraoke's own "Sessions"; a page of its own and no part swapped into the
# one before, which would lose our Content-Security-Policy.
LINK = """{% if is_admin() %}
<a id="enrichment" class="navbar-item no-spa" href="{{ url_for('enrichment.page') }}">
  <i class="icon icon-music"></i> <span>{{ enrichment_label('dashboard') }}</span>
  {% set waiting = enrichment_waiting() %}{% if waiting -%}
  &nbsp;<span class="tag is-warning is-rounded" title="{{ waiting.words }}">
    {{- waiting.badge }}</span>
  {%- endif %}
</a>
{% endif %}
"""
# For everybody, where the host allows it: among what the room came for.
GUESTS_LINK = """{% if enrichment_for_guests() %}
<a id="enrichment-find" class="navbar-item no-spa" href="{{ url_for('enrichment.find') }}">
  <i class="icon icon-search-1"></i> <span>{{ enrichment_label('guests') }}</span>
</a>
{% endif %}
"""
_LABELS = {"dashboard": N_("Enrichment"), "guests": N_("Find a song")}
# Before "Settings", else under the line that parts what is everybody's from what is the host's.
_PLACES = (re.compile(r'(?=<a id="info")'), re.compile(r'(?<=<hr class="navbar-divider">)'))
# Before "Rankings", the first of what is everybody's; else above that line.
_GUESTS_PLACES = (
    re.compile(r'(?=<a id="rankings")'),
    re.compile(r'(?=<hr class="navbar-divider">)'),
)


def add_links(app: Flask, is_for_guests: Callable[[], bool], waiting: Callable[[], int]) -> None:
    """Put our links into the menu of every page of `app`, which is PiKaraoke.

    Args:
        is_for_guests: whether everybody may find songs; asked for every page, so it must not wait.
        waiting: how many songs wait for the host; the same holds.
    """
    loader = app.jinja_env.loader

    def waiting_badge() -> dict[str, str] | None:
        """The badge, and what it says in words; None where no song waits."""
        count = waiting()
        return {"badge": badge(count), "words": waiting_words(count)} if count else None

    if loader is not None:
        app.jinja_env.globals["enrichment_for_guests"] = is_for_guests
        app.jinja_env.globals["enrichment_waiting"] = waiting_badge
        app.jinja_env.globals["enrichment_label"] = lambda name: _(_LABELS[name])
        app.jinja_env.loader = _WithLinks(loader)


class _WithLinks(BaseLoader):
    """PiKaraoke's templates, the frame with our links in it."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, is_fresh = self._inner.get_source(environment, template)
        return (with_links(source) if template == HOST_FRAME else source), name, is_fresh

    def list_templates(self) -> list[str]:
        return self._inner.list_templates()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def with_links(frame: str) -> str:
    """PiKaraoke's frame with our links; one whose menu we do not know stays as it is."""
    linked = _put(LINK, _PLACES, frame, "the dashboard is at /enrichment/")
    return _put(GUESTS_LINK, _GUESTS_PLACES, linked, "guests find songs at /enrichment/find")


def _put(link: str, places: Sequence[re.Pattern[str]], frame: str, where: str) -> str:
    for place in places:
        if found := place.search(frame):
            return frame[: found.start()] + link + frame[found.start() :]
    log.warning("PiKaraoke's menu has changed: %s, without a link", where)
    return frame
