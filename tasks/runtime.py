"""What one process needs to work: settings, the open library, gates, providers, its presence."""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

from .. import __version__, config
from ..database.connection import CONSUMER_PATIENCE, REQUEST_PATIENCE
from ..database.sqlite import damage, unwritable
from ..database.urls import is_server
from ..exceptions import LibraryError
from ..providers import services
from ..providers.base import Provider
from ..providers.catalogue import Catalogue, Watch
from ..providers.http import Gate, Http, OpenGate
from ..schema.opening import open_library, reopen_library
from ..system.log_throttle import complain
from . import pacing
from .pacing import Pacer
from .queue.liveness import Presence

if TYPE_CHECKING:
    from .queue.liveness_on_server import SharedPresence


T = TypeVar("T")


class Runtime:
    """One process's working set for one library. `stopping` ends every wait for a slot."""

    def __init__(
        self, settings: config.Settings, *, is_consumer: bool = False, is_patient: bool = False
    ) -> None:
        """`is_patient` lets what nobody waits for, as a scan, wait for locks as a consumer does."""
        self._is_patient = is_consumer or is_patient
        self._take_over(settings)
        pacing.ask_from(settings.address)
        self._following = config.Following(settings)
        self.is_consumer = is_consumer
        self.stopping = threading.Event()
        self.slower_by = 1.0  # while a song plays, if that is wished
        self.presence = presence_of(settings)
        self._catalogue = Watch(settings.catalogue)
        self._made = threading.Lock()
        self.open()

    @property
    def patience(self) -> float:
        """Seconds to wait for SQLite's lock."""
        return CONSUMER_PATIENCE if self._is_patient else REQUEST_PATIENCE

    def open(self) -> None:
        """Open the library; free where it is open."""
        open_library(
            self.settings.db,
            patience=self.patience,
            durable=not self.is_consumer,
        )
        self._look_at_file()

    def reopen(self) -> None:
        """Make a database that was put in place of another ready for us."""
        reopen_library(self.settings.db)
        self._look_at_file()

    def _look_at_file(self) -> None:
        """A consumer writes to no damaged file: it would leave it worse than it found it."""
        db = self.settings.db
        if not self.is_consumer or is_server(db):
            return
        if (denied := unwritable(db)) is not None:
            raise LibraryError(f"{denied} cannot be written: give this user the right")
        if (said := damage(db)) is not None:
            raise LibraryError(f"{db} is damaged ({said}): restore a backup, or move it away")

    def follow_settings(self) -> None:
        """Take over what was saved in the config file since."""
        fresh = self._following.current()
        if fresh != self.settings:
            with self._made:
                self._take_over(fresh)
            pacing.forgive_refusals(fresh.contact)  # the key may be another one

    def _take_over(self, settings: config.Settings) -> None:
        self.settings = settings
        # Requests a second of all who may be asked, read once: each song needs them.
        self.rates = {name: settings.rate(name) for name in services.SOURCES}
        self._providers: list[Provider] | None = None

    @property
    def consumer_name(self) -> str:
        """The name under which this process takes songs up."""
        with self._made:
            return self.presence.name or self.presence.enter()

    @property
    def providers(self) -> list[Provider]:
        """The providers to ask, in their order, each behind its pace, as they are now: the
        catalogue is among them from the moment in which a list was imported."""
        with self._made:
            if self._providers is None:
                services = usable_providers(self.settings)
                self._providers = [
                    make_provider(name, self.settings, self.gate(name)) for name in services
                ]
            try:
                local = self._catalogue.provider()
            except sqlite3.Error as error:
                complain(f"the song lists cannot be read ({error}), so only services are asked")
                local = None
            return [*([local] if local else []), *self._providers]

    @property
    def services(self) -> list[str]:
        """Names of the providers that may be out of reach; the catalogue where it is alone."""
        names = [provider.name for provider in self.providers]
        return [name for name in names if name != Catalogue.name] or names

    def gate(self, name: str) -> Gate:
        """The pace of one provider, shared with every other process."""
        return Pacer(
            name,
            services.label_of(name),
            self.rates[name],
            is_stopping=self.stopping.is_set,
            slower_by=lambda: self.slower_by,
            contact=self.settings.contact,
        )


def usable_providers(settings: config.Settings) -> list[str]:
    """The providers in the settings' order without those that lack a key, or our contact."""
    return [name for name in settings.providers if settings.can_ask(name)]


def make_provider(
    name: str, settings: config.Settings, gate: Gate | None = None, *, http: Http | None = None
) -> Provider:
    """A provider as the settings describe it, its requests going through `gate`, or through a seam
    of the caller's."""
    row = services.BY_NAME[name]
    options = {argument: getattr(settings, setting) for argument, setting in row.options.items()}
    if row.key is not None:
        options[row.key.argument] = settings.key(name)
    http = http or Http(gate or OpenGate(), user_agent=user_agent(settings))
    provider: Provider = row.provider_class()(http, base_url=settings.url(name), **options)
    return provider


def user_agent(settings: config.Settings) -> str:
    """Who we are, in the form that MetaBrainz asks for: name/version ( contact )."""
    told = f" ( {settings.contact} )" if settings.contact else ""
    return f"pikaraoke-enrichment/{__version__}{told}"


def presence_of(settings: config.Settings) -> Presence | SharedPresence:
    """Who works on this library; where only the queue is a server's, by locks beside the songs."""
    if is_server(settings.db):
        from .queue.liveness_on_server import SharedPresence

        return SharedPresence(settings.db)
    is_shared = is_server(settings.queue)
    return Presence(config.default_queue(settings.db) if is_shared else settings.queue)


# --- the process's own --------------------------------------------------------------------------

_current: Runtime | None = None
_lock = threading.Lock()
_to_let_go: list[Callable[[], None]] = []


def configure(
    settings: config.Settings, *, is_consumer: bool = False, is_patient: bool = False
) -> Runtime:
    """Make this process work with `settings`; what it worked with before is let go."""
    global _current
    if _current is not None and _current.settings != settings:
        forget()
    with _lock:
        if _current is None or (is_consumer and not _current.is_consumer):
            _current = Runtime(settings, is_consumer=is_consumer, is_patient=is_patient)
        return _current


def at_forget(let_go: Callable[[], None]) -> Callable[[], None]:
    """Decorator for what must not outlive a change of library (a cache, an open queue)."""
    _to_let_go.append(let_go)
    return let_go


class Remembered(Generic[T]):
    """What `make` gives: made anew at most every so many seconds, and once it was forgotten."""

    def __init__(self, seconds: float, make: Callable[[], T]) -> None:
        self._seconds, self._make = seconds, make
        self._made: tuple[T, float] | None = None
        self._making = threading.Lock()
        at_forget(self.forget)

    def __call__(self) -> T:
        """It, as it was made last."""
        with self._making:
            made = self._made
            if made is None or time.monotonic() - made[1] >= self._seconds:
                made = self._made = self._make(), time.monotonic()
            return made[0]

    def forget(self) -> None:
        """Make it anew on the next use (another library was opened, or somebody changed a song)."""
        self._made = None


def forget() -> None:
    """Let go of the process's working set; the next use reads the settings anew."""
    global _current
    with _lock:
        if _current is not None:
            _current.stopping.set()
            _current.presence.leave()
            _current = None
    for let_go in _to_let_go:
        let_go()


def runtime() -> Runtime:
    """The process's working set, made from the settings on first use."""
    return _current if _current is not None else configure(config.load())


def is_to_end() -> bool:
    """Whether this process was told to end. What goes through a whole library asks between two
    batches: to read the names of 100,000 songs takes a Pi half an hour, and PiKaraoke may be
    started anew meanwhile."""
    return _current is not None and _current.stopping.is_set()


def until_told(items: Iterable[T]) -> Iterator[T]:
    """Items as long as this process is not told to end."""
    return itertools.takewhile(lambda _: not is_to_end(), items)
