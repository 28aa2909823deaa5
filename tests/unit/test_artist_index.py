"""Readings ranked by what an index of artists knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.tasks.judging.artist_index import KNOWN, by_index, names_in
from pikaraoke_enrichment.tasks.parsing import Hypothesis, parse

OPEN = "Bergziege - Quellwasser"


def first(name: str, **renown: int) -> Hypothesis:
    return by_index(parse(name), renown).hypotheses[0]


def test_both_sides_of_a_name_are_asked_for() -> None:
    assert set(names_in(parse(OPEN))) == {"Bergziege", "Quellwasser"}


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        (OPEN, "Quellwasser", "Bergziege"),
        (OPEN, "Bergziege", "Quellwasser"),
        ("米津玄子 - 檸檬 カラオケ", "檸檬", "米津玄子"),
        ("מישהו - משהו", "משהו", "מישהו"),
        ("Кельвора - Зефидель", "Зефидель", "Кельвора"),
        ("บลอร์วัน - เซฟิเดล คาราโอเกะ", "เซฟิเดล", "บลอร์วัน"),
    ],
)
def test_whom_the_index_knows_sings_in_every_script(name: str, artist: str, title: str) -> None:
    found = first(name, **{artist: 30, title: 0})
    assert (found.artist, found.title, found.strength) == (artist, title, "weak")
    assert found.evidence[0] == KNOWN


@pytest.mark.parametrize(
    "renown",
    [
        {},
        {"Quellwasser": 20, "Bergziege": 20},
        {"Quellwasser": 0, "Bergziege": 0},
        {"Bergziege": 0},
    ],
    ids=["not asked", "both known", "both nobody", "one nobody"],
)
def test_what_the_index_does_not_tell_changes_nothing(renown: dict[str, int]) -> None:
    assert by_index(parse(OPEN), renown) == parse(OPEN)


def test_of_two_artists_the_far_better_known_sings() -> None:
    assert first(OPEN, Quellwasser=900, Bergziege=3).artist == "Quellwasser"
    assert first(OPEN, Quellwasser=9, Bergziege=3).artist == "Bergziege"


@pytest.mark.parametrize(
    ("name", "turned"),
    [
        ("Adele - Hello", "Hello"),
        ("Bergziege by Quellwasser (Karaoke)", "Bergziege"),
        ("Bergziege (in the style of Quellwasser) Karaoke", "Bergziege"),
        ("Quellwasser", "Quellwasser"),
    ],
)
def test_what_the_name_says_goes_before_the_index(name: str, turned: str) -> None:
    parsed = parse(name)
    assert by_index(parsed, {turned: 900}) == parsed


def test_a_sure_order_is_not_turned_by_an_artist_of_whom_nobody_has_said_anything() -> None:
    name = "Quellwasser - Bergziege | Karaoke Version | KaraFun"
    assert first(name, Quellwasser=1, Bergziege=0).artist == "Bergziege"
    assert first(name, Quellwasser=40, Bergziege=0).artist == "Quellwasser"


@given(st.text(max_size=60), st.dictionaries(st.text(max_size=20), st.integers(0, 99)))
def test_no_reading_is_lost_or_invented(name: str, renown: dict[str, int]) -> None:
    parsed = parse(name)
    renown |= dict.fromkeys(names_in(parsed), len(name))
    found = by_index(parsed, renown).hypotheses
    assert sorted(each[:2] for each in found) == sorted(each[:2] for each in parsed.hypotheses)
    assert bool(found[0].artist) == bool(parsed.hypotheses[0].artist)
