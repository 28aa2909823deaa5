"""Where Huey keeps its messages: a SQLite file, or a server that several machines share."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from ...database.urls import Kind, is_server, kind_of
from .table import Lane

# One message: what Huey has packed, its priority, and before when it is not to be handed out.
Message = tuple[bytes, float, datetime | None]
_MODULES: dict[Kind, str] = {
    "file": "on_sqlite",
    "redis": "on_redis",
    "postgresql": "on_postgresql",
}


class Storage(Protocol):
    """What the broker asks of a storage beside what Huey does."""

    def take(self, lane: Lane) -> bytes | None:
        """Huey's `dequeue` for the tasks of one lane."""

    def is_empty(self) -> bool:
        """Whether nothing waits in any lane; it takes no lock, and is asked all the time."""

    def deliver(self, messages: Iterable[Message], *, anew: bool) -> None:
        """Add messages in one transaction; `anew` forgets all others within the same one."""

    def in_a_hurry(self, patience: float) -> AbstractContextManager[None]:
        """Within it nobody waits longer than `patience` seconds for another writer."""

    def is_gone(self) -> bool:
        """Whether what was opened is no longer what stands there, or was met damaged."""


class OnServer:
    """What a queue on any server answers alike."""

    def in_a_hurry(self, patience: float) -> AbstractContextManager[None]:
        """No writer waits for another there, but for a moment in which all is delivered anew."""
        del patience
        return nullcontext()

    def is_gone(self) -> bool:
        """What the server has lost is delivered again as soon as it is empty."""
        return False


def open_storage(name: str, place: str, patience: float) -> Any:
    """The storage at a place: a Huey storage that is a `Storage` too.

    Args:
        place: a path or a server's URL.
        patience: seconds to wait for other writers, or for a server's answer.
    """
    return _module(place).open_storage(name, place, patience)


def errors(place: str) -> tuple[type[Exception], ...]:
    """What is raised when the storage at this place cannot be used."""
    found: tuple[type[Exception], ...] = _module(place).ERRORS
    return found


def is_damage(place: str, error: Exception) -> bool:
    """Whether such an error tells that the storage will not get well by itself; a server does."""
    return not is_server(place) and bool(_module(place).is_damage(error))


def mend(place: str) -> Path | None:
    """Move a damaged file aside; returns where to, None where nothing was, or on a server."""
    moved: Path | None = None if is_server(place) else _module(place).mend(place)
    return moved


def _module(place: str) -> Any:
    # Each driver is imported only where it is configured.
    return import_module(f"{__package__}.{_MODULES[kind_of(place)]}")


def in_utc(at: datetime) -> datetime:
    """Huey's times, which are UTC without saying so: machines that share a queue may have set
    different time zones."""
    return at.replace(tzinfo=timezone.utc)
