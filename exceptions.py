"""What can go wrong, as people are told it: every error of ours that crosses a room's door."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Song
    from .system.said import Said


class EnrichmentError(Exception):
    """What people are told in a line of their own; everything else that is raised is a bug of ours,
    or what the disk and the databases raise."""

    exit_status = 1
    """Of the command that ends with it: 2 where it was called in a way that it does not take."""


class LibraryError(EnrichmentError):
    """The songs database cannot be used; the text says why and what to do."""


class SettingsError(EnrichmentError, ValueError):
    """A setting that cannot be used; the text names it and says what it takes."""

    exit_status = 2


class UsageError(EnrichmentError):
    """The command was called in a way that it does not take."""

    exit_status = 2


class NoSuchFolder(EnrichmentError):
    """The folder to scan is not there."""

    exit_status = 2


class Told(EnrichmentError, ValueError):
    """One that pages tell too: `said` is the same for a reader of any language."""

    def __init__(self, words: str, said: Said) -> None:
        super().__init__(words)
        self.said = said


class BadLink(Told):
    """A link that is not fetched, or cannot be; the text says why and what to do."""


class BadList(Told):
    """A file that is no list of songs, or cannot be kept; the text says what is wrong with it."""


class Unreachable(EnrichmentError, RuntimeError):
    """No PiKaraoke answers there; the text says where and what to do."""


class Declined(EnrichmentError, RuntimeError):
    """PiKaraoke will not do it; the text is its own word, or says what to do."""


class AdminOnly(Declined):
    """PiKaraoke does it for its admin alone, and nobody is logged in there."""


class BadEdit(EnrichmentError, ValueError):
    """An edit that cannot be saved; the text says what the field takes."""

    exit_status = 2


class EditConflict(EnrichmentError, RuntimeError):
    """The song was changed since the person saw it; `song` is as it is now."""

    def __init__(self, song: Song) -> None:
        super().__init__("the song was changed meanwhile")
        self.song = song


class Gone(EnrichmentError, LookupError):
    """A candidate that the song does not have (any more)."""


class NothingToUndo(EnrichmentError, LookupError):
    """There is no change to take back; the text says why."""


class ChangedSince(EnrichmentError, RuntimeError):
    """The song was changed again after the change that was to be taken back."""


class NoCorrections(EnrichmentError, ValueError):
    """The file holds none that we can read; the text says why."""


class ServeError(EnrichmentError, RuntimeError):
    """The dashboard cannot be served; the text says why and what to do."""


class NoSuchHost(ServeError):
    """What the dashboard is to listen at is no name or address of this machine."""

    exit_status = 2


class NoPiKaraoke(EnrichmentError, RuntimeError):
    """PiKaraoke cannot be started here; the text says why and what to do."""


class NoSuchSong(EnrichmentError, LookupError):
    """No song has this id."""

    def __init__(self, song_id: int) -> None:
        super().__init__(f"no song has the id {song_id}")


class NoSuchList(EnrichmentError, LookupError):
    """The catalogue has no list of this name."""


class NoSuchBatch(EnrichmentError, LookupError):
    """No changes were made together under this name."""


class NoAnswer(EnrichmentError, LookupError):
    """No service said anything of a name."""
