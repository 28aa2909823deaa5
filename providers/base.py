"""What every provider takes and gives: plain dataclasses and the Provider protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

from ..system.said import Said


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of a provider: one reading of a song's name.

    `artist` is empty when the name tells none; a provider that needs one then searches by title.
    `exact` asks for this very pair alone: the like of it is searched for elsewhere. `before` asks
    only for what came out before this year; 0 for all.
    """

    artist: str
    title: str
    exact: bool = False
    before: int = 0


# A song that every service knows, to see whether it answers, or takes a key.
KNOWN = Query("Queen", "Bohemian Rhapsody")


@dataclass(frozen=True, slots=True)
class Tag:
    """A genre word as the provider gives it, `weight` relative to its strongest tag (0.0-1.0)."""

    name: str
    weight: float = 1.0


class Trait(NamedTuple):
    """What a source says of a song beyond its fields.

    Attributes:
        name: "duet", "language" or "explicit".
        value: whether it is so; of a language its ISO 639 codes, parted by commas.
        source: who says it: "credit" (MusicBrainz'), "itunes", "list NAME".
    """

    name: str
    value: bool | str
    source: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """One recording that a provider offers as an answer.

    Attributes:
        provider: the provider's name, as in `Provider.name`.
        artist: artist credit as printed, featured artists included ("Queen & David Bowie").
        title: recording title as printed.
        year: year of first release, None where the provider knows none.
        tags: genre words, strongest first.
        artist_aliases: other names of the credited artists (other scripts, former names).
        album: name of one release; "" where unknown.
        disambiguation: the provider's own remark on the recording ("live", "karaoke version").
        secondary_types: release-group kinds in lower case ("live", "compilation", "soundtrack").
        listeners: listeners on Last.fm, None elsewhere.
        duration: seconds, None where unknown.
        recording_id: the provider's identity of the recording (a MusicBrainz MBID, a trackId).
        url: the provider's page of the recording, for the credit line.
        traits: what comes along in the same answer: whether it is a duet, in which language it is
            sung, whether it is explicit.
    """

    provider: str
    artist: str
    title: str
    year: int | None = None
    tags: tuple[Tag, ...] = ()
    artist_aliases: tuple[str, ...] = ()
    album: str = ""
    disambiguation: str = ""
    secondary_types: tuple[str, ...] = ()
    listeners: int | None = None
    duration: float | None = None
    recording_id: str = ""
    url: str = ""
    traits: tuple[Trait, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The provider knows recordings that may be meant, in its own order."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    """The provider answered, and knows nothing of the kind. An answer, not a failure."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """The provider wants fewer requests; it may be asked again in `retry_after` seconds."""

    retry_after: float
    reason: Said


@dataclass(frozen=True, slots=True)
class Unavailable:
    """No usable answer. `reason` is fit for a person; it never holds a key or a full URL.

    `answered` tells a server that answered badly (5xx, malformed, cut off, too large), which may be
    due to this one question, from none that was reached (no connection, silence, a log-in page).
    `arrived` is False where the question cannot have arrived: what went wrong is never its fault.
    """

    reason: Said
    answered: bool = False
    arrived: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """The key is bad or suspended, or our program is not let in: asking again is useless."""

    reason: Said


@dataclass(frozen=True, slots=True)
class Later:
    """Asked in part. The rest costs a request of its own, which others should not wait for whose
    whole question costs less: ask again when they have had theirs."""


Outcome: TypeAlias = Found | NotFound | RateLimited | Unavailable | Refused
Failure: TypeAlias = RateLimited | Unavailable | Refused


CLOSED, OPEN, LIMITED, PROBING, REFUSED = "closed", "open", "limited", "probing", "refused"


@dataclass(frozen=True, slots=True)
class Health:
    """A provider's next slot and how it fares, the columns of `models.ProviderState`. Times are
    epoch seconds."""

    next_at: float = 0.0
    health: str = CLOSED
    open_until: float = 0.0
    failures: int = 0
    answered_at: float = 0.0
    slowdown: float = 0.0
    slowed_at: float = 0.0
    reason: str = ""
    day: str = ""
    requests: int = 0


class Provider(Protocol):
    """One music API.

    `name` is the word used in settings, database and pages ("lastfm"); `label` is for people
    ("Last.fm"); `supplies` names the fields it can fill beyond artist and title
    ("genre", "year"); `finds_by` tells how it looks for a song: by the exact pair first, by artist
    and title each in its field, or by one text in which their order does not count.
    """

    name: str
    label: str
    supplies: frozenset[str]
    finds_by: Literal["pair", "fields", "text"]

    def lookup(self, query: Query) -> Outcome:
        """Ask for one reading of a name; may take several requests, each through the seam."""
        ...


@runtime_checkable
class ArtistIndex(Protocol):
    """A provider that learns which names are artists', and remembers it."""

    def renown(self, names: Iterable[str]) -> dict[str, int]:
        """How well known whoever is called so is; asks nobody.

        Returns:
            Of these names those that were asked for: 0 where nobody is called so, else one more
            than the number of people who have said something of the best known.
        """
        ...


@runtime_checkable
class ManyAtOnce(Provider, Protocol):
    """A provider that answers several questions, `most` at a time, with one request."""

    most: int

    def lookup_many(self, queries: Sequence[Query]) -> list[Outcome | Later | None]:
        """Ask for several recordings at once.

        Returns:
            An outcome for each question, None where it was left open. The first question has one,
            unless another of the same words was found: the same name, read the other way round. It
            may be put off, where many of the others have not been asked for at all.
        """
        ...


@runtime_checkable
class SecondWitness(ManyAtOnce, Protocol):
    """A provider that knows an older date of some songs, where it is asked for that."""

    def doubted(self, candidates: Iterable[Candidate]) -> int:
        """The year that these tell, if it may be older by another question of `Query.before`, which
        can wait until other songs are named; 0 where it stands."""
        ...
