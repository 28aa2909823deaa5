"""Trying a key before it is saved: one question to its service, at everybody's pace."""

from __future__ import annotations

from collections.abc import Callable

from ..config import Settings
from ..providers.base import KNOWN, Failure, Outcome, Refused
from ..providers.http import Gate
from .runtime import make_provider


def try_key(service: str, key: str, settings: Settings, gate: Callable[[str], Gate]) -> Outcome:
    """What a service says to a key: Found or NotFound is good news, Refused is bad.

    The request keeps everybody's pace; a refusal does not shut the service for everybody.

    Args:
        gate: makes the gate of a service, `Runtime.gate` beside a library.
    """
    provider = make_provider(
        service, settings.with_service(service, key=key), _Trial(gate(service))
    )
    return provider.lookup(KNOWN)


class _Trial:
    """Keeps the pace of everybody, and tells nobody that a key on trial was refused."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._is_ours = False

    def enter(self) -> Failure | None:
        failure = self._gate.enter()
        self._is_ours = failure is None
        return None if isinstance(failure, Refused) else failure

    def sent(self) -> None:
        if self._is_ours:
            self._gate.sent()

    def leave(self, failure: Failure | None) -> bool:
        if self._is_ours and not isinstance(failure, Refused):
            return self._gate.leave(failure)
        return False
