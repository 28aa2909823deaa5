"""How often each level was right, by what people have made of its songs."""

from __future__ import annotations

from typing import Any

import pytest

from pikaraoke_enrichment.tasks.review.statistics import Truth, truth

HIGH = {"metadata_status": "enriched", "confidence": 0.95}
MEDIUM = {"metadata_status": "enriched", "confidence": 0.75}
NAME = {"metadata_status": "parsed", "confidence": 0.6}
VERIFIED = {"metadata_status": "manual", "confidence": 1.0}


@pytest.mark.parametrize(
    ("before", "after", "level", "right"),
    [
        (HIGH, VERIFIED, "high", 1),
        (HIGH, {**VERIFIED, "year": 1991}, "high", 1),
        ({**HIGH, "title": "inuendo"}, {**VERIFIED, "title": "Innuendo"}, "high", 0),
        ({**HIGH, "title": "Deja vu"}, {**VERIFIED, "title": "Déjà Vu"}, "high", 1),
        ({**MEDIUM, "artist": "A"}, {**VERIFIED, "artist": "B"}, "medium", 0),
        ({**NAME, "artist": None}, {**VERIFIED, "artist": "B"}, "parsed", 0),
        ({**HIGH, "rejected": []}, {**NAME, "rejected": [1]}, "high", 0),
    ],
)
def test_a_level_is_right_where_artist_and_title_stay(
    before: dict[str, Any], after: dict[str, Any], level: str, right: int
) -> None:
    assert truth([(1, before, after)]) == {level: Truth(1, right)}


def test_only_the_first_word_about_a_song_counts() -> None:
    first = (1, HIGH, VERIFIED)
    later = (1, {"title": "A", "metadata_status": "manual"}, {"title": "B"})
    again = (1, {**MEDIUM, "title": "A"}, {**VERIFIED, "title": "B"})
    assert truth([later, again, first]) == {"high": Truth(1, 1)}


def test_candidates_that_were_rejected_beside_a_song_say_nothing_of_it() -> None:
    assert truth([(1, {"rejected": []}, {"rejected": [1, 2]})]) == {}
