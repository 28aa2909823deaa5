"""The dashboard as it sits in one app: its settings, its frame, the attempts at its password."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from ..config import Following, Settings
from ..inside.waiting import Waiting
from .attempts import Attempts
from .sessions import EndedSessions

EXTENSION = "enrichment"
OWN_FRAME = "enrichment/base.html"
# PiKaraoke's frame, and what it asks the app for.
HOST_FRAME, HOST_NEEDS = "base.html", frozenset({"is_admin", "active_session_name"})


@dataclass(frozen=True, slots=True)
class Mount:
    """The dashboard in one app.

    Attributes:
        following: which library, and what the dashboard may be used for.
        attempts: at its password, if it has one.
        ended: log-ins that open nothing any more.
        base_template: the page frame that every page of ours extends.
        has_host_frame: whether that frame is the host's own.
        waiting: the songs that wait for the host, for the host's menu; counted where the launcher
            has that done.
    """

    following: Following
    attempts: Attempts
    ended: EndedSessions
    base_template: str
    has_host_frame: bool
    waiting: Waiting

    @property
    def settings(self) -> Settings:
        """The settings, with what was saved in the config file since."""
        return self.following.current()


def mounted() -> Mount:
    """The dashboard in the app that answers this request."""
    found: Mount = current_app.extensions[EXTENSION]
    return found
