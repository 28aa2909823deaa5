"""Values of foreign answers: what is taken, what is left."""

import math

import pytest

from pikaraoke_enrichment.providers import decoding


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Queen", "Queen"),
        ("  Queen \n and  David\tBowie ", "Queen and David Bowie"),
        ("Que\x00en\x1b", "Queen"),
        ("half a pair \ud800", "half a pair"),
        ("\u202eneeuQ", "neeuQ"),
        ("x" * 500, "x" * 500),
        ("x" * 501, ""),
        ("上を向いて歩こう", "上を向いて歩こう"),
        ("Guns N&#39; Roses", "Guns N' Roses"),
        ("Simon &amp; Garfunkel", "Simon & Garfunkel"),
        ("Que&#x0;en&#8238;&nbsp;Live", "Que\ufffden Live"),
        ("Rock &not Roll; R&B; AT&T", "Rock &not Roll; R&B; AT&T"),
        (None, ""),
        (17, ""),
        (["Queen"], ""),
    ],
)
def test_text_is_one_clean_line(value, expected):
    assert decoding.text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("426288", 426288.0),
        (238000, 238000.0),
        ("0", 0.0),
        ("1e3", 1000.0),
        (-1, None),
        ("-1", None),
        (True, None),
        ("many", None),
        ("", None),
        ("٣", None),
        ("9" * 400, None),
        (10**400, None),
        (math.nan, None),
        (math.inf, None),
        ("nan", None),
        (None, None),
        ([3], None),
    ],
)
def test_number_is_finite_and_not_negative(value, expected):
    assert decoding.number(value) == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("1975", 1975),
        ("1975-11", 1975),
        ("1975-11-21", 1975),
        ("1983-01-05T08:00:00Z", 1983),
        ("", None),
        ("????-05", None),
        ("197", None),
        ("19751121", None),
        ("0001-01-01", None),
        ("9999", None),
        ("١٩٧٥", None),
        (1975, None),
        (None, None),
    ],
)
def test_year_is_what_a_date_begins_with(date, expected):
    assert decoding.year(date) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([{"name": "pop"}, {"name": "rock"}], [{"name": "pop"}, {"name": "rock"}]),
        ({"name": "pop"}, [{"name": "pop"}]),
        ([{"name": "pop"}, "rock", None, 3], [{"name": "pop"}]),
        ("", []),
        ("\n", []),
        (None, []),
    ],
)
def test_records_of_lists_that_degrade(value, expected):
    assert decoding.records(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://www.last.fm/music/Cher", "https://www.last.fm/music/Cher"),
        ("javascript:alert(1)", ""),
        ("//elsewhere.invalid", ""),
        ("https://a b", ""),
        (None, ""),
    ],
)
def test_link_is_fit_for_a_page(value, expected):
    assert decoding.link(value) == expected
