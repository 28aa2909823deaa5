"""Answers that were recorded from the real services, through the readers: each is understood, or
said not to be. They lie beside the checkout and are never copied into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pikaraoke_enrichment.providers import itunes, lastfm, listenbrainz, musicbrainz_answers
from pikaraoke_enrichment.providers.decoding import MBID, Unreadable
from pikaraoke_enrichment.providers.http import Json

RECORDED = Path(__file__).parents[3] / "shared" / "responses"
FILES = sorted(path for path in RECORDED.rglob("*.json"))
# What nobody asks for: other end points of the same services.
OTHERS = (
    "release",
    "album",
    "acoustid",
    "artist-get",
    "artist-browse",
    "recording-get",
    "recording-browse",
    "labs",
)


def load(path: Path) -> Any:
    """The answer; None for a file that was never JSON (one was mended by hand)."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return None


def reader_of(body: Any) -> Callable[[Any], Any] | None:
    """Who reads an answer of this shape; None for one that we never ask for."""
    if isinstance(body, list):
        return _read_lookups if body and "artist_name_arg" in body[0] else None
    if not isinstance(body, dict):
        return None
    by_key: dict[str, Callable[[Any], Any]] = {
        "resultCount": itunes.read_songs,
        "recordings": musicbrainz_answers.read_recordings,
        "release-groups": musicbrainz_answers.read_singles,
        "artists": musicbrainz_answers.read_artists,
        "track": lastfm.read_track,
        "toptags": lastfm.read_artist_tags,
    }
    results = body.get("results")
    if isinstance(results, dict) and "trackmatches" in results:
        return lastfm.read_matches
    if body and all(MBID.fullmatch(key) for key in body):
        return _read_metadata
    return next((read for key, read in by_key.items() if key in body), None)


def _read_lookups(body: Any) -> Any:
    pairs = [(each["artist_name_arg"], each["recording_name_arg"]) for each in body]
    return list(listenbrainz.read_lookups(body, pairs).values())


def _read_metadata(body: Any) -> Any:
    hits = (listenbrainz.Hit(mbid, "Somebody", "Something", "") for mbid in body)
    return [listenbrainz.read_recording(hit, body[hit.mbid]) for hit in hits]


recorded = pytest.mark.skipif(
    not FILES, reason="no recorded answers of the real services beside this checkout"
)


@recorded
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_recorded_answer_is_read_or_said_to_be_unreadable(path: Path) -> None:
    body = load(path)
    if isinstance(body, dict) and isinstance(body.get("error"), int):
        assert lastfm.read_matches(body) == () if body["error"] == 6 else True
        lastfm.verdict(Json(200, body, {}))
        return
    read = reader_of(body)
    if read is None:
        return
    try:
        found = read(body)
    except Unreadable:
        assert any(word in path.name for word in OTHERS), "we ask for answers of this kind"
        return
    for each in found if isinstance(found, tuple | list) else [found]:
        repr(each).encode()
        if hasattr(each, "title"):
            assert each.artist
            assert each.title


@recorded
def test_most_recorded_answers_are_of_kinds_that_we_ask_for() -> None:
    bodies = [load(path) for path in FILES]
    assert sum(reader_of(body) is not None for body in bodies) > len(bodies) / 3


@recorded
def test_dates_that_the_store_does_not_know_are_none() -> None:
    body = load(RECORDED / "field" / "itunes.lookup.harmony_255636575_gb.json")
    told = [text for song in body["results"] if (text := song.get("releaseDate"))]
    assert any(text.startswith("1900-01-01") for text in told)
    assert all(song.year != 1900 for song in itunes.read_songs(body))
