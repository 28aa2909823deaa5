"""The services that are asked: one row each holds all that the rest of the house knows of one.

Settings, doctor, settings page, progress, README's table and the demonstration are made from these
rows. To add a service, write its row here and its provider in the file that the row names; a row
that lacks something, or names what is not there, is an error before anything is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any

from ..system.said import N_

YEAR_AND_GENRE = frozenset({"year", "genre"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who tells something of a song, and how far that is believed.

    Attributes:
        name: its word in settings, database and JSON.
        label: its name for people.
        supplies: the fields it can fill beyond artist and title.
        spelling: whose spelling is shown where several fit equally well: the lowest, the curated
            ones first.
        dates: how sure its year is by itself, 0.0-1.0; 0.0 where it knows none.
        genres: how far its words for genres are trusted beside the others', 0.0-1.0.
        data_of: the source whose data it hands on: the two agreeing is one witness.
    """

    name: str
    label: str
    supplies: frozenset[str]
    spelling: int
    dates: float
    genres: float
    data_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a service cannot be asked without.

    Attributes:
        argument: the provider's argument that takes it.
        setting, variable, option: where it is set: field, environment, [section] and option.
        word, caption: what the service calls it, in a sentence and before a field.
        page: where a person gets one, free of charge.
        without: what is missed as long as none is set.
    """

    argument: str
    setting: str
    variable: str
    option: tuple[str, str]
    word: str
    caption: str
    page: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Source):
    """A music API.

    Attributes:
        provider: its class, as "module.Class" below this folder.
        url: base URL, without the API's path.
        rate: requests a second that the public service bears.
        key: what it cannot be asked without, None where it takes everybody.
        options: further arguments of the provider, each with the setting that holds it.
        wants_contact: whether it blocks who does not say how he can be reached. A block lasts some
            five minutes after each request, so that who goes on asking stays blocked.
    """

    provider: str
    url: str
    rate: float
    key: Key | None
    options: Mapping[str, str] = field(default_factory=dict)
    wants_contact: bool = False

    def __post_init__(self) -> None:
        if not (self.rate > 0 and self.url.startswith("http") and self.provider.count(".") == 1):
            raise ValueError(f"the row of {self.name} has no rate, address or provider")

    def provider_class(self) -> Any:
        """The class that asks it; loaded on demand, as only who asks needs `requests`."""
        module, _, name = self.provider.partition(".")
        return getattr(import_module(f".{module}", __package__), name)


# Imported lists: asked first and without a network. Their year counts less than any service's.
CATALOGUE = Source(
    name="catalogue",
    label=N_("Song lists"),
    supplies=YEAR_AND_GENRE,
    spelling=9,
    dates=0.70,
    genres=0.5,
)

# The forms of query that MusicBrainz is asked in beside the plain search for a song's recordings.
# None was seen live by those who wrote them, so each can be switched off.
MUSICBRAINZ_QUERIES = ("singles", "dates", "artists", "recordings")

# And the store's, beside the search for one song.
ITUNES_QUERIES = ("artists",)

# Before the name of another host's list, where a source is named: what a person there has verified.
LIST = "list:"

# In the order they are asked. ListenBrainz answers fifty songs a request and with a year, so at one
# request a second it is through a library before Last.fm has named the first tenth.
SERVICES: tuple[Service, ...] = (
    Service(
        name="listenbrainz",
        label="ListenBrainz",
        provider="listenbrainz.ListenBrainz",
        url="https://api.listenbrainz.org",
        rate=1.0,
        wants_contact=True,
        key=Key(
            argument="token",
            setting="listenbrainz_token",
            variable="LISTENBRAINZ_TOKEN",
            option=("API_KEYS", "listenbrainz"),
            word="token",
            caption=N_("User token"),
            page="https://listenbrainz.org/settings/",
            without=N_(
                "not set: ListenBrainz is not asked. It answers for many songs at once, so that "
                "without it a large library takes longer."
            ),
        ),
        supplies=YEAR_AND_GENRE,
        spelling=1,
        dates=0.90,
        genres=0.8,
        data_of="musicbrainz",
    ),
    Service(
        name="lastfm",
        label="Last.fm",
        provider="lastfm.LastFm",
        url="https://ws.audioscrobbler.com",
        rate=5.0,
        key=Key(
            argument="api_key",
            setting="lastfm_api_key",
            variable="LASTFM_API_KEY",
            option=("API_KEYS", "lastfm"),
            word="key",
            caption=N_("API key"),
            page="https://www.last.fm/api/account/create",
            without=N_(
                "not set: Last.fm is not asked. Songs are then looked up at the other services "
                "alone, and fewer get a genre."
            ),
        ),
        supplies=frozenset({"genre"}),
        spelling=3,
        dates=0.0,
        genres=1.0,
    ),
    Service(
        name="musicbrainz",
        label="MusicBrainz",
        provider="musicbrainz.MusicBrainz",
        url="https://musicbrainz.org",
        rate=0.9,
        key=None,
        options={"queries": "musicbrainz_queries"},
        wants_contact=True,
        supplies=YEAR_AND_GENRE,
        spelling=0,
        # It dates recordings, where the store dates editions.
        dates=0.95,
        genres=0.8,
    ),
    Service(
        name="itunes",
        label="iTunes",
        provider="itunes.ITunes",
        url="https://itunes.apple.com",
        rate=0.33,
        key=None,
        options={"country": "itunes_country", "queries": "itunes_queries"},
        supplies=YEAR_AND_GENRE,
        spelling=2,
        dates=0.75,
        genres=0.7,
    ),
)

BY_NAME: dict[str, Service] = {service.name: service for service in SERVICES}
NAMES: tuple[str, ...] = tuple(BY_NAME)
SOURCES: dict[str, Source] = {CATALOGUE.name: CATALOGUE, **BY_NAME}
KEYS: dict[str, Key] = {each.name: each.key for each in SERVICES if each.key is not None}


@lru_cache(maxsize=32)
def source_of(name: str) -> Source:
    """What is known of a source; kept answers may be of one that a newer version asks no more."""
    return SOURCES.get(name) or Source(
        name=name,
        label=name.removeprefix(LIST),
        supplies=YEAR_AND_GENRE,
        spelling=9,
        dates=0.5,
        genres=0.5,
    )


def label_of(name: str) -> str:
    """A source's name for people."""
    return source_of(name).label
