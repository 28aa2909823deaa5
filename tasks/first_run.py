"""What a first start asks of the host: whether it was asked yet, and what each key would bring."""

from __future__ import annotations

from ..config import Settings
from ..models import get_state, set_state
from ..providers import services
from .forecast import with_and_without

_KEY = "first_run"


def is_pending(settings: Settings) -> bool:
    """Whether the first-run page is to be shown: nobody has answered or dismissed it, and no key
    tells of a host who has set things up elsewhere."""
    return get_state(_KEY) is None and not any(map(settings.key, services.KEYS))


def set_done() -> None:
    """Show the page by itself no more."""
    set_state(_KEY, "done")


def gain(service: str, songs: int, settings: Settings) -> tuple[float, float]:
    """Seconds that this many songs take with the key of `service`, and without it."""
    keys = [name for name in services.KEYS if settings.key(name)]
    rates = {name: settings.rate(name) for name in {*settings.providers, service}}
    return with_and_without(service, songs, keys, rates)
