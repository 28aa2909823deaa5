"""What a first start asks of the host: whether it was asked yet, and what each key would bring."""

from __future__ import annotations

from ..config import Settings
from ..models import Song, SongDetail, get_state, set_state
from ..providers import services
from ..system.said import Said
from ..words.units import rounded
from .forecast import with_and_without

_KEY, _OPEN, _DONE = "first_run", "open", "done"


def is_pending(settings: Settings) -> bool:
    """Whether the first-run page is to be shown: there are songs, nobody has answered or dismissed
    it, and neither a key nor songs decided before tell of a host who has set things up."""
    if any(map(settings.key, services.KEYS)) or not Song.select().exists():
        return False
    state = get_state(_KEY)
    return state == _OPEN or (state is None and not _has_decided())


def note_start() -> None:
    """Note that a consumer starts on a library of which nothing was decided yet: the page is then
    shown however far it is by the time somebody looks."""
    if get_state(_KEY) is None and not _has_decided():
        set_state(_KEY, _OPEN)


def set_done() -> None:
    """Show the page by itself no more."""
    set_state(_KEY, _DONE)


def _has_decided() -> bool:
    return bool(SongDetail.select().where(SongDetail.decided_at.is_null(False)).exists())


def said_gain(service: str, songs: int, settings: Settings) -> Said | None:
    """What a key makes of the time for this library; None where there are no songs, or so few that
    the time is the same: "1 min with it, 1 min without it" spoke against a key that makes surer."""
    with_it, without = gain(service, songs, settings) if songs else (0.0, 0.0)
    if rounded(with_it) == rounded(without):
        return None
    return Said("key_gain", with_it=with_it, without=without)


def gain(service: str, songs: int, settings: Settings) -> tuple[float, float]:
    """Seconds that this many songs take with the key of `service`, and without it."""
    keys = [name for name in services.KEYS if settings.key(name)]
    rates = {name: settings.rate(name) for name in {*settings.providers, service}}
    return with_and_without(service, songs, keys, rates)
