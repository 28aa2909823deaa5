"""A link in PiKaraoke's menu, put into its frame as that is read; its files stay as they are."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import BaseLoader, Environment

from .mount import HOST_FRAME

log = logging.getLogger("pikaraoke_enrichment")

# For the host only, like PiKaraoke's own "Sessions"; a page of its own and no part swapped into the
# one before, which would lose our Content-Security-Policy.
LINK = """{% if is_admin() %}
<a id="enrichment" class="navbar-item no-spa" href="{{ url_for('enrichment.page') }}">
  <i class="icon icon-music"></i> <span>{{ _('Enrichment') }}</span>
</a>
{% endif %}
"""
# Before "Settings", else under the line that parts what is everybody's from what is the host's.
_PLACES = (re.compile(r'(?=<a id="info")'), re.compile(r'(?<=<hr class="navbar-divider">)'))


def add_link(app: Flask) -> None:
    """Put our link into the menu of every page of `app`, which is PiKaraoke."""
    loader = app.jinja_env.loader
    if loader is not None:
        app.jinja_env.loader = _WithLink(loader)


class _WithLink(BaseLoader):
    """PiKaraoke's templates, the frame with our link in it."""

    def __init__(self, inner: BaseLoader) -> None:
        self._inner = inner

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, is_fresh = self._inner.get_source(environment, template)
        return (with_link(source) if template == HOST_FRAME else source), name, is_fresh

    def list_templates(self) -> list[str]:
        return self._inner.list_templates()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def with_link(frame: str) -> str:
    """PiKaraoke's frame with our link; one whose menu we do not know stays as it is."""
    for place in _PLACES:
        if found := place.search(frame):
            return frame[: found.start()] + LINK + frame[found.start() :]
    log.warning("PiKaraoke's menu has changed: the dashboard is at /enrichment/, without a link")
    return frame
