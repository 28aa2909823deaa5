"""The services that may be asked: one row a service."""

from __future__ import annotations

LABELS = {
    "catalogue": "Song catalogue",
    "listenbrainz": "ListenBrainz",
    "lastfm": "Last.fm",
    "musicbrainz": "MusicBrainz",
    "itunes": "iTunes",
}
"""Name in settings, database and JSON -> what people call it."""
