"""Settings, read once: environment over config file over default."""

from __future__ import annotations

import configparser
import ipaddress
import math
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, make_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .database import urls
from .exceptions import SettingsError
from .providers import services
from .system.contact import as_contact, own_home

_Some = TypeVar("_Some", bound="_Settings")
_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True, slots=True)
class _Settings:
    """What can be set beside the services' own settings; see `Settings`."""

    db: str = field(repr=False)
    queue: str = field(repr=False)
    config_file: str
    musicbrainz_contact: str = ""
    providers: tuple[str, ...] = services.NAMES
    itunes_country: str = "US"
    musicbrainz_queries: tuple[str, ...] = services.MUSICBRAINZ_QUERIES
    itunes_queries: tuple[str, ...] = services.ITUNES_QUERIES
    workers: int = 4
    host: str = "127.0.0.1"
    port: int = 5556
    admin_password: str = field(default="", repr=False)
    autostart: bool = True
    retry_delay: float = 10.0
    give_up_after: float = 600.0
    address: str = ""
    while_playing: str = "run"
    quiet_hours: str = ""
    pikaraoke_url: str = "http://localhost:5555"
    notify_url: str = field(default="", repr=False)
    guests: bool = False
    family: bool = False
    language: str = "en"
    trusted_proxy: tuple[str, ...] = ("127.0.0.1", "::1")
    show_names: bool = True
    name_order: str = "artist"

    def rate(self, service: str) -> float:
        """Requests a second that `service` may be sent; the catalogue needs no network."""
        if service == services.CATALOGUE.name:
            return math.inf
        return float(getattr(self, f"{service}_rate"))

    def url(self, service: str) -> str:
        """Base URL of `service`, without the API's path."""
        return str(getattr(self, f"{service}_url")).rstrip("/")

    def key(self, service: str) -> str:
        """The key that `service` cannot be asked without; "" where none is set or wanted."""
        wanted = services.BY_NAME[service].key
        return str(getattr(self, wanted.setting)) if wanted else ""

    def can_ask(self, service: str) -> bool:
        """Whether `service` has all that it cannot be asked without."""
        row = services.BY_NAME[service]
        has_key = row.key is None or bool(self.key(service))
        return has_key and not self.lacks_contact(service)

    @property
    def contact(self) -> str:
        """How whoever runs this can be reached, else the program's own home; "" for neither."""
        return as_contact(self.musicbrainz_contact) or own_home()

    def lacks_contact(self, service: str) -> bool:
        """Whether `service` blocks who does not say how he can be reached, and nobody says."""
        return services.BY_NAME[service].wants_contact and not self.contact

    def with_service(
        self: _Some, service: str, *, url: str = "", rate: float = 0.0, key: str = ""
    ) -> _Some:
        """These settings with another address, pace or key of `service`, where one is given."""
        wanted = services.BY_NAME[service].key
        given: dict[str, Any] = {f"{service}_url": url, f"{service}_rate": rate}
        if wanted:
            given[wanted.setting] = key
        return replace(self, **{name: value for name, value in given.items() if value})

    @property
    def catalogue(self) -> Path:
        """The file of the offline catalogue: beside the songs database, where that is a file."""
        beside = self.config_file if urls.is_server(self.db) else self.db
        return Path(beside).with_name("pikaraoke-enrichment-catalogue.db")

    def without_secrets(self, text: str) -> str:
        """A text that may repeat keys and passwords, without them."""
        text = urls.without_password(urls.without_password(text, self.db), self.queue)
        for each in fields(self):
            secret = getattr(self, each.name)
            if not each.repr and secret and each.name not in ("db", "queue"):
                text = text.replace(secret, "***")
        return text

    def environment(self) -> dict[str, str]:
        """These settings as environment variables."""
        variables = {spec.variable: _as_text(getattr(self, spec.name)) for spec in SPECS}
        return {"ENRICHMENT_CONFIG": self.config_file, **variables}

    def whole_environment(self) -> dict[str, str]:
        """The environment for a process that shall run with these settings.

        Values that it reads for itself are left out, so that it follows the config file in them.
        """
        place = {"ENRICHMENT_CONFIG": self.config_file}
        try:
            base = load({**os.environ, **place}).environment()
        except SettingsError:
            base = {}
        own = {name: text for name, text in self.environment().items() if base.get(name) != text}
        # Four threads need no memory arena each: two save a consumer 2 MB, as in consumer.sh.
        return {"MALLOC_ARENA_MAX": "1", **os.environ, **place, **own}


def _of_services() -> Iterator[tuple[str, type, Any]]:
    """The fields that each service's row asks for."""
    for service in services.SERVICES:
        yield f"{service.name}_url", str, field(default=service.url)
        yield f"{service.name}_rate", float, field(default=service.rate)
        if service.key is not None:
            yield service.key.setting, str, field(default="", repr=False)


if TYPE_CHECKING:

    class Settings(_Settings):
        """Everything that can be set. Field names are the settings' own; SPECS says where each is
        read.

        Beside those above each service has `NAME_url`, `NAME_rate` and its key. Rates are requests
        a second, times are seconds. Keys and passwords stay out of the repr, and so do `db` and
        `queue`, which hold one where they are a server's URL (`urls.shown` hides it).
        """

else:
    Settings = make_dataclass(
        "Settings",
        _of_services(),
        bases=(_Settings,),
        frozen=True,
        slots=True,
        namespace={"__module__": __name__},
    )


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return ",".join(value) or "none"
    return str(value)


# --- how each kind of value is read ---------------------------------------------------------------


def _sendable(raw: str) -> str:
    """What can be sent in a header or an address."""
    text = raw.strip()
    if not (text.isascii() and text.isprintable()):
        raise SettingsError(
            "has a sign that cannot be sent to a service: it takes plain letters, digits and signs "
            "only, so copy it anew"
        )
    return text


_QUOTES = frozenset(zip("\"'“„„‘«", "\"'”“”’»", strict=True))


def _secret(raw: str) -> str:
    """A key or token, without the quotes and invisible signs that came with it from where it was
    copied."""
    seen = "".join(sign for sign in raw if unicodedata.category(sign) != "Cf").strip()
    while len(seen) > 1 and (seen[0], seen[-1]) in _QUOTES:
        seen = seen[1:-1].strip()
    return _sendable(seen)


def _queue(raw: str) -> str:
    place = raw.strip().removeprefix("sqlite:///")
    try:
        if urls.is_server(place):
            return urls.check(place)
        return str(Path(place).expanduser().absolute())
    except LookupError as error:
        raise SettingsError(str(error)) from None
    except RuntimeError:  # "~somebody" whom this machine does not know
        raise ValueError from None


def _db(raw: str) -> str:
    if urls.kind_of(raw.strip().removeprefix("sqlite:///")) == "redis":
        raise ValueError
    return _queue(raw)


def _number(kind: type[_Number], fits: Callable[[_Number], bool]) -> Callable[[str], _Number]:
    def read(raw: str) -> _Number:
        value = kind(raw)
        if not fits(value):
            raise ValueError
        return value

    return read


def _word(pattern: str, case: Callable[[str], str] = str) -> Callable[[str], str]:
    """A word of this shape, once it is put into upper or lower case."""

    def read(raw: str) -> str:
        word = case(raw.strip())
        if not re.fullmatch(pattern, word):
            raise ValueError
        return word

    return read


def _flag(raw: str) -> bool:
    word = raw.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off"}:
        return False
    raise ValueError


def _providers(raw: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip().lower() for name in raw.split(",") if name.strip()))
    if not names or any(name not in services.BY_NAME for name in names):
        raise ValueError
    return names


def _queries(forms: Sequence[str]) -> Callable[[str], tuple[str, ...]]:
    """Reads which of these forms of query are to be used."""

    def read(raw: str) -> tuple[str, ...]:
        names = {name.strip().lower() for name in raw.split(",")} - {"", "none"}
        if not names <= set(forms):
            raise ValueError
        return tuple(name for name in forms if name in names)

    return read


def _base_url(raw: str) -> str:
    url = raw.strip().rstrip("/")
    if not url.startswith(("http://", "https://")):
        raise ValueError
    return url


def _networks(raw: str) -> tuple[str, ...]:
    """Addresses and networks; "none" is none at all."""
    words = raw.replace(",", " ").split()
    if [word.lower() for word in words] == ["none"]:
        return ()
    for word in words:
        ipaddress.ip_network(word)
    return tuple(words)


def _quiet_hours(raw: str) -> str:
    times = []
    for word in raw.replace("\N{EN DASH}", "-").split("-"):
        found = re.fullmatch(r"(\d\d?)(?::(\d\d))?", word.strip(), re.ASCII)
        if found is None:
            raise ValueError
        hour, minute = int(found[1]), int(found[2] or 0)
        if (hour, minute) == (24, 0):
            hour = 0
        if hour > 23 or minute > 59:
            raise ValueError
        times.append(f"{hour:02}:{minute:02}")
    begin, end = times
    if begin == end:  # the whole day, or none of it?
        raise ValueError
    return f"{begin}-{end}"


class Spec(NamedTuple):
    """The places in which one setting is read, and what it takes (for the error text)."""

    name: str
    variable: str
    option: tuple[str, str]
    read: Callable[[str], Any]
    takes: str


_SECTION = "ENRICHMENT"
_OURS = "ENRICHMENT_"
_YES_OR_NO = "yes or no"
_seconds = _number(float, lambda seconds: 0 <= seconds < math.inf)
_rate = _number(float, lambda rate: 0 < rate < math.inf)
_A_RATE = "requests a second, a number above 0"
_POSTGRESQL = "postgresql://USER:PASSWORD@HOST/DATABASE (the password as URLs spell it: %2F for /)"
_A_URL = "a base URL that begins with http:// or https://"


def _spec(name: str, read: Callable[[str], Any], takes: str, variable: str = "") -> Spec:
    return Spec(name, variable or f"{_OURS}{name.upper()}", (_SECTION, name), read, takes)


def _specs_of_services() -> Iterator[Spec]:
    for service in services.SERVICES:
        name = service.name
        for what, read, takes in (("url", _base_url, _A_URL), ("rate", _rate, _A_RATE)):
            setting = f"{name}_{what}"
            yield _spec(setting, read, takes, setting.upper())
        if key := service.key:
            yield Spec(key.setting, key.variable, key.option, _secret, f"a {key.word}")


SPECS: tuple[Spec, ...] = (
    *_specs_of_services(),
    _spec("db", _db, f"the path of a SQLite file, or {_POSTGRESQL}"),
    _spec(
        "queue",
        _queue,
        f"the path of a SQLite file, redis://HOST/NUMBER, or {_POSTGRESQL}",
    ),
    _spec("musicbrainz_contact", _sendable, "a mail address or URL", "MUSICBRAINZ_CONTACT"),
    _spec("providers", _providers, f"names parted by commas, of {', '.join(services.NAMES)}"),
    _spec(
        "itunes_country",
        _word("[A-Z]{2}", str.upper),
        "a country's two letters, as US",
        "ITUNES_COUNTRY",
    ),
    _spec(
        "musicbrainz_queries",
        _queries(services.MUSICBRAINZ_QUERIES),
        f"names parted by commas, of {', '.join(services.MUSICBRAINZ_QUERIES)}; or none",
        "MUSICBRAINZ_QUERIES",
    ),
    _spec(
        "itunes_queries",
        _queries(services.ITUNES_QUERIES),
        f"{', '.join(services.ITUNES_QUERIES)}; or none",
        "ITUNES_QUERIES",
    ),
    _spec("workers", _number(int, lambda count: 1 <= count <= 64), "a number from 1 to 64"),
    _spec("host", _word(r"[^\s/]+"), "a name or address of this machine"),
    _spec("port", _number(int, lambda port: 0 <= port <= 65535), "a port number, 0 to 65535"),
    _spec("admin_password", str.strip, "a password"),
    _spec("autostart", _flag, _YES_OR_NO),
    _spec("retry_delay", _seconds, "seconds, 0 or more"),
    _spec("give_up_after", _seconds, "seconds, 0 or more"),
    _spec("address", _word(r"[\w.-]{1,40}"), "a word of letters and digits"),
    _spec("while_playing", _word("run|slow|pause", str.lower), "run, slow or pause"),
    _spec("quiet_hours", _quiet_hours, "two times of day parted by a dash, as 22:00-06:00"),
    _spec("pikaraoke_url", _base_url, _A_URL),
    _spec(
        "language",
        _word("[A-Za-z]{2,3}([_-][A-Za-z]{2,4})*"),
        "a language's letters, as de or pt_BR",
    ),
    _spec("notify_url", _base_url, _A_URL),
    _spec("guests", _flag, _YES_OR_NO),
    _spec("family", _flag, _YES_OR_NO),
    _spec(
        "trusted_proxy",
        _networks,
        "addresses or networks, as 192.168.1.2 or 172.18.0.0/16, parted by commas; or none",
    ),
    _spec("show_names", _flag, _YES_OR_NO),
    _spec("name_order", _word("artist|title", str.lower), "artist or title: what stands first"),
)


# --- following the config file ------------------------------------------------------------------

# Settings that may change while a process runs; the rest (paths, port, password) holds until it
# ends.
FOLLOWED = frozenset(
    {
        "musicbrainz_contact",
        "providers",
        "pikaraoke_url",
        "notify_url",
        "guests",
        "family",
        "language",
        "show_names",
        "name_order",
        "itunes_country",
        "autostart",
        "while_playing",
        "quiet_hours",
        *(f"{name}_rate" for name in services.NAMES),
        *(key.setting for key in services.KEYS.values()),
    }
)


class Following:
    """Settings that follow their config file: what is saved there holds without a restart.

    What the program was given otherwise than environment and file say (an argument) stays.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stamp = _stamp(settings.config_file)
        self._lock = threading.Lock()
        read = self._read()
        self.fixed = frozenset(
            name
            for name in FOLLOWED
            if read is None or getattr(read, name) != getattr(self._settings, name)
        )

    @property
    def latest(self) -> Settings:
        """The settings as they were when somebody asked last; waits for no lock and no disk."""
        return self._settings

    def current(self) -> Settings:
        """The settings as they are now; a file that cannot be read changes nothing."""
        with self._lock:
            stamp = _stamp(self._settings.config_file)
            if stamp != self._stamp:
                self._stamp = stamp
                read = self._read()
                if read is not None:
                    names = FOLLOWED - self.fixed
                    values = {name: getattr(read, name) for name in names}
                    self._settings = replace(self._settings, **values)
            return self._settings

    def _read(self) -> Settings | None:
        try:
            return load({**os.environ, "ENRICHMENT_CONFIG": self._settings.config_file})
        except SettingsError:
            return None


def _stamp(path: str) -> tuple[int, int, int] | None:
    """A stamp that tells one state of a file from another; None where there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


# --- where the data lives ----------------------------------------------------------------------


IMAGE_DATA = Path("/home/pikaraoke/.pikaraoke")


def data_directory(environ: Mapping[str, str] | None = None) -> Path:
    """PiKaraoke's data folder, chosen as PiKaraoke 1.23.0 does."""
    environ = os.environ if environ is None else environ
    if sys.platform.startswith("win"):
        return Path(environ.get("APPDATA") or Path.home()) / "pikaraoke"
    home = Path.home() / ".pikaraoke"
    # In PiKaraoke's Docker image its user has the data; `docker exec` comes in as root.
    if not (home / "pikaraoke.db").exists() and (IMAGE_DATA / "pikaraoke.db").exists():
        return IMAGE_DATA
    return home


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read every setting.

    Args:
        environ: stands in for the process's environment.
    Raises:
        SettingsError: a value that its setting does not take, or a config file that is none.
    """
    environ = os.environ if environ is None else environ
    folder = data_directory(environ)
    config_file = _config_file(environ)
    parser = _parser(config_file)
    values: dict[str, Any] = {}
    for spec in SPECS:
        raw, place = _raw(spec, environ, parser)
        if raw is None:
            continue
        try:
            values[spec.name] = spec.read(raw)
        except SettingsError as error:
            raise SettingsError(f"{place} {error}") from None
        except ValueError:
            # Keys take any text and cannot fail here; a URL is shown without its password.
            raise SettingsError(f"{place} is {urls.shown(raw)!r}: it takes {spec.takes}") from None
    values.setdefault("db", str(folder / "pikaraoke.db"))
    values.setdefault("queue", default_queue(values["db"]))
    return Settings(config_file=config_file, **values)


# Read elsewhere: where the config file lies, what consumer.sh installs beside us, whether this is
# our Docker image or the demonstration (system/invocation.py), whether the network is shut
# (system/loopback.py).
_NO_SETTINGS = (
    "ENRICHMENT_CONFIG",
    "ENRICHMENT_EXTRAS",
    "ENRICHMENT_IN_DEMONSTRATION",
    "ENRICHMENT_IN_DOCKER",
    "ENRICHMENT_LOOPBACK_ONLY",
)


def is_set(name: str) -> bool:
    """Whether environment or config file say anything of a setting; raises SettingsError."""
    spec = next(spec for spec in SPECS if spec.name == name)
    return _raw(spec, os.environ, _parser(_config_file(os.environ)))[0] is not None


def is_title_first(config_file: str) -> bool:
    """Whether PiKaraoke's own preference puts the title before the artist in names it suggests."""
    try:
        order = _parser(config_file).get("USERPREFERENCES", "suggestion_name_order", fallback="")
    except SettingsError:
        return False
    return order.strip() == "title_artist"


def unknown_settings(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Variables and options that are named as if they were ours and set nothing, each with the name
    that may be meant, "" where none is near: ENRICHMENT_LASTFM_APIKEY was passed over in silence.

    Values are left out: a mistyped key's is a key.

    Raises:
        SettingsError: the config file is none.
    """
    import difflib  # no consumer loads it for this

    environ = os.environ if environ is None else environ
    variables = {spec.variable.removeprefix(_OURS): spec.variable for spec in SPECS}
    options = {
        word: "[{}] {}".format(*spec.option)
        for spec in SPECS
        for word in (spec.variable.removeprefix(_OURS).lower(), spec.option[1])
    }
    known = {*variables.values(), *options.values(), *_NO_SETTINGS}
    said = {
        name: (name.removeprefix(_OURS), variables) for name in environ if name.startswith(_OURS)
    }
    parser = _parser(_config_file(environ))
    if parser.has_section(_SECTION):
        said |= {f"[{_SECTION}] {each}": (each, options) for each in parser.options(_SECTION)}
    found = {}
    for name in sorted(said.keys() - known):
        word, names = said[name]
        near = difflib.get_close_matches(word, names, n=1)
        found[name] = names[near[0]] if near else ""
    return found


def default_queue(db: str) -> str:
    """The queue that belongs to a songs database: a file beside it, or the same server."""
    if urls.is_server(db):
        return db
    return str(Path(db).with_name("pikaraoke-enrichment-queue.db"))


def _config_file(environ: Mapping[str, str]) -> str:
    given = environ.get("ENRICHMENT_CONFIG", "").strip()
    return given or str(data_directory(environ) / "config.ini")


def _parser(config_file: str) -> configparser.ConfigParser:
    # No interpolation: PiKaraoke keeps scores' phrases there, and a "%" in them is just a "%".
    parser = configparser.ConfigParser(interpolation=None)
    try:
        # Not `parser.read`, which passes over a file that this user may not read, and its keys.
        with open(config_file, encoding="utf-8-sig") as file:
            parser.read_file(file)
    except (FileNotFoundError, NotADirectoryError):
        pass  # there is none
    except OSError as error:
        raise SettingsError(
            f"{config_file} cannot be read ({error.strerror or error}): give this user the right"
        ) from None
    except (configparser.Error, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{config_file} cannot be read as a config file ({fault(error)}): mend it or move it "
            "away"
        ) from None
    return parser


def fault(error: configparser.Error | UnicodeDecodeError) -> str:
    """What is wrong with a config file, in words; never what stands there, which may be a key."""
    if isinstance(error, configparser.MissingSectionHeaderError):
        return f"line {error.lineno} stands before any [SECTION]"
    if isinstance(error, configparser.DuplicateSectionError):
        return f"line {error.lineno} begins [{error.section}] once more"
    if isinstance(error, configparser.DuplicateOptionError):
        return f"line {error.lineno} sets {error.option} once more"
    if isinstance(error, configparser.ParsingError) and error.errors:
        return f"line {error.errors[0][0]} is no NAME = VALUE"
    return "it is no text in UTF-8"


def _raw(
    spec: Spec, environ: Mapping[str, str], parser: configparser.ConfigParser
) -> tuple[str | None, str]:
    """The setting's text and the place it stands in; an empty variable counts as not set."""
    if environ.get(spec.variable, "").strip():
        return environ[spec.variable], spec.variable
    section, option = spec.option
    raw = parser.get(section, option, fallback="").strip()
    return (raw, f"[{section}] {option}") if raw else (None, "")
