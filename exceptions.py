"""What can go wrong, as people are told it: every error of ours that crosses a room's door."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Song


class LibraryError(Exception):
    """The songs database cannot be used; the text says why and what to do."""


class SettingsError(ValueError):
    """A setting that cannot be used; the text names it and says what it takes."""


class UsageError(Exception):
    """The command was called in a way that it does not take."""


class NoSuchFolder(Exception):
    """The folder to scan is not there."""


class BadList(ValueError):
    """A file that is no list of songs, or cannot be kept; the text says what is wrong with it."""


class Unreachable(RuntimeError):
    """No PiKaraoke answers there; the text says where and what to do."""


class Declined(RuntimeError):
    """PiKaraoke will not do it; the text is its own word, or says what to do."""


class BadEdit(ValueError):
    """An edit that cannot be saved; the text says what the field takes."""


class EditConflict(RuntimeError):
    """The song was changed since the person saw it; `song` is as it is now."""

    def __init__(self, song: Song) -> None:
        super().__init__("the song was changed meanwhile")
        self.song = song


class Gone(LookupError):
    """A candidate that the song does not have (any more)."""


class NothingToUndo(LookupError):
    """There is no change to take back; the text says why."""


class ChangedSince(RuntimeError):
    """The song was changed again after the change that was to be taken back."""


class NoCorrections(ValueError):
    """The file holds none that we can read; the text says why."""


class ServeError(RuntimeError):
    """The dashboard cannot be served; the text says why and what to do."""


class NoPiKaraoke(RuntimeError):
    """PiKaraoke cannot be started here; the text says why and what to do."""
