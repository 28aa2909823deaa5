"""A file's new name: the same song said otherwise, or surely another one."""

from __future__ import annotations

import pytest

from pikaraoke_enrichment.tasks.names.renamed import is_another_song


@pytest.mark.parametrize(
    ("strength", "name", "is_another"),
    [
        ("fallback", "our wedding song", False),
        ("weak", "Bohemian Rhapsody", False),
        ("strong", "Queen Bohemian Rhapsody", False),
        ("strong", "Bohemian Rapsody Queen", False),
        ("strong", "Qeen Bohemian Rhapsody (Live)", False),
        ("strong", "ABBA Waterloo", True),
        ("weak", "Pevovol Lazudro", True),
        ("weak", "Queen live at home", False),
        ("strong", "Queen Innuendo", True),
        ("fallback", "ABBA Waterloo", False),
    ],
)
def test_the_new_name_of_a_known_song(strength: str, name: str, is_another: bool) -> None:
    assert is_another_song(strength, name, "Queen", "Bohemian Rhapsody") is is_another


def test_a_short_title_is_known_by_its_artist_too() -> None:
    assert is_another_song("strong", "Cher Believe", "U2", "Eve") is True
    assert is_another_song("strong", "Nothing Known", "", "Nothing") is False
