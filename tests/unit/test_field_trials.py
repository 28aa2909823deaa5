"""Field trials that were sent in, replayed: what the services answered is understood."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pikaraoke_enrichment.providers import itunes, lastfm, listenbrainz, musicbrainz_answers
from pikaraoke_enrichment.providers.decoding import Unreadable
from pikaraoke_enrichment.providers.http import Json

TRIALS = Path(__file__).parents[1] / "field_trials"
KEPT = [
    pytest.param(each, id=f"{file.stem} {each['service']} {number}")
    for file in sorted(TRIALS.glob("*.json"))
    for number, each in enumerate(json.loads(file.read_text("utf-8"))["trials"])
]
READERS: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("musicbrainz", "singles"): musicbrainz_answers.read_singles,
    ("musicbrainz", "artists"): musicbrainz_answers.read_artists,
    ("musicbrainz", "recordings"): musicbrainz_answers.read_recordings,
    ("musicbrainz", "plain"): musicbrainz_answers.read_recordings,
    ("itunes", "look-up"): itunes.read_songs,
}


def replayed(kept: dict[str, Any]) -> None:
    """Read one answer again; raises where it is not understood."""
    body, key = kept["answer"], (kept["service"], kept["form"])
    if kept["service"] == "lastfm":
        assert lastfm.verdict(Json(kept["status"], body, {})) is None
    elif kept["service"] == "listenbrainz":
        assert listenbrainz.verdict(Json(kept["status"], body, {})) is None
    elif kept["status"] == 200:
        READERS[key](body)


@pytest.mark.skipif(not KEPT, reason="nobody has sent a field trial in yet")
@pytest.mark.parametrize("kept", KEPT)
def test_an_answer_of_a_field_trial_is_understood(kept: dict[str, Any]) -> None:
    replayed(kept)


def test_an_answer_that_is_not_understood_fails() -> None:
    answer = {"service": "musicbrainz", "form": "singles", "status": 200, "answer": {"a": 1}}
    with pytest.raises(Unreadable):
        replayed(answer)
