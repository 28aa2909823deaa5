"""What the other rooms say in plain English, in the reader's language.

The matching and the services write whole sentences, names in them, into the database, and the
command line prints them as they are. Here each is known again, so that a translator has it whole.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..providers.services import label_of
from .texts import N_
from .texts import gettext as _

# What speaks for and against a candidate (`tasks/matching.py`).
EVIDENCE = (
    N_("artist agrees: %(given)s"),
    N_("artist agrees nearly: %(given)s for %(asked)s"),
    N_("artist agrees in part: %(given)s for %(asked)s"),
    N_("another artist: %(given)s, not %(asked)s"),
    N_("the name tells no artist; %(given)s is one that has the song"),
    N_("%(given)s stands in the name"),
    N_("title agrees: %(given)s"),
    N_("title agrees nearly: %(given)s for %(asked)s"),
    N_("title agrees in part: %(given)s for %(asked)s"),
    N_("another title: %(given)s, not %(asked)s"),
    N_("known to %(count)s independent providers"),
    N_("known to %(provider)s alone"),
    N_("%(count)s listeners on Last.fm"),
    N_("%(count)s listener on Last.fm"),
    N_("the likeliest reading of the name"),
    N_("reading %(place)s of the name (%(strength)s)"),
    N_("also known the other way round, by %(artist)s"),
    N_("%(artist)s is the artist where people keep a catalogue"),
    N_("%(artist)s is an artist of the library"),
    N_("the name tells of a cover by this artist"),
    N_("the name tells of a cover by %(artist)s"),
    N_("the name tells of a cover, this may be the original"),
    N_("the name tells of a cover, not by whom"),
    N_("%(seconds)s s longer or shorter than the file"),
    N_("an artist new to the library"),
    N_("an artist of the library"),
    N_("%(artist)s makes karaoke tracks"),
    N_("only offered as a karaoke track"),
    N_("%(artist)s plays others' songs"),
    N_("no %(kind)s version among the answers"),
    N_("only a %(kind)s version is known"),
    N_("features %(artist)s as the name says"),
    N_("%(artist)s of the name is not credited"),
    N_("no other song answers the name"),
    N_("well ahead of %(rival)s"),
    N_("%(rival)s answers the name as well"),
    N_("the name has %(words)s beside the title"),
    N_("the name tells of a medley"),
    N_("year %(year)s from %(provider)s, but %(other)s from %(rival)s"),
    N_("year %(year)s from %(provider)s"),
)
# Why a song is not enriched, and why a service is not asked.
REASONS = (
    N_("no answer is sure enough to apply"),
    N_("a person said that it is another song"),
    N_("no song: macOS keeps it beside one"),
    N_("not found at %(names)s"),
    N_("too many requests"),
    N_("too many requests (HTTP %(status)s)"),
    N_("the server failed (HTTP %(status)s)"),
    N_("the server does not let us in (HTTP %(status)s)"),
    N_("the question was rejected (HTTP %(status)s)"),
    N_("no connection within %(seconds)s s"),
    N_("answer not complete within %(seconds)s s"),
    N_("silent for %(seconds)s s"),
    N_("the token is not valid (HTTP 401)"),
    N_("No provider can be asked: set LASTFM_API_KEY or name others"),
)


def in_words(seen: str) -> str:
    """A sentence as the reader reads it; one that is not known as it is."""
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(seen):
            held = found.groupdict()
            if "provider" in held:
                held["provider"] = label_of(held["provider"])
            return _(sentence, **held)
    return seen


def is_known(seen: str) -> bool:
    """Whether a translator can have this sentence."""
    return any(pattern.fullmatch(seen) for _sentence, pattern in _patterns())


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(sentence, _pattern(sentence)) for sentence in (*EVIDENCE, *REASONS)]


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", sentence)
    texts, names = parts[::2], parts[1::2]
    held = [f"(?P<{name}>.+?)" for name in names]
    return re.compile("".join(map(str.__add__, map(re.escape, texts), [*held, ""])), re.DOTALL)
