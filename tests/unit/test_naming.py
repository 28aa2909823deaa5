"""How well two credits or two titles agree: the rows of each rule, and of its edge."""

import pytest

from pikaraoke_enrichment.tasks.judging.naming import (
    artist_agreement,
    split_credit,
    split_title,
    title_agreement,
)


@pytest.mark.parametrize(
    ("asked", "given", "expected"),
    [
        ("Queen", "Queen", 1.0),
        ("Beyonce", "Beyoncé", 1.0),
        ("Guns N' Roses", "Guns Roses", 0.98),
        ("David Bowie & Queen", "Queen & David Bowie", 0.98),
        ("Queen & David Bowie", "Queen feat. David Bowie", 0.98),
        # The first of several artists is who sings; the others sing along.
        ("Queen", "Queen & David Bowie", 0.95),
        ("Prince and the Revolution", "Prince", 0.94),
        ("George Michael", "Elton John & George Michael", 0.82),
        ("Sia", "David Guetta feat. Sia", 0.76),
        ("Nelly & Kelly Rowland", "Nelly & Tim McGraw", 0.80),
        ("Kelly Rowland & Nelly", "Nelly & Tim McGraw", 0.0),
        ("Costello Elvis", "Elvis Costello", 0.94),
        ("Glee", "Glee Cast", 0.94),
        ("Queen", "Madonna", 0.0),
    ],
)
def test_two_credits(asked: str, given: str, expected: float) -> None:
    assert artist_agreement(split_credit(asked), split_credit(given)) == expected


@pytest.mark.parametrize(
    ("asked", "given", "is_one"),
    [
        # One slip in six letters and more, two in ten, three in sixteen, four in twenty-five.
        ("Hero", "Hers", False),
        ("Hellos", "Hallos", True),
        ("Shakira", "Shekira", True),
        ("Shakira", "Shekiro", False),
        ("Evanescence", "Evanecsense", True),
        ("Avril Lavigne", "Avrill Lavinge", True),
        ("Avril Lavigne", "Afrill Lavinge", False),
        ("Wonderful Tonight Again", "Wonderfull Tonihgt Agian", True),
        ("Wonderful Tonight Again", "Wunderfull Tonihgt Agian", False),
        ("Everybody Wants Somebody Sometimes", "Evrybody Wantss Sombody Sometmes", True),
        ("Everybody Wants Somebody Sometimes", "Evrybdy Wantss Sombody Sometmes", False),
        ("Back to Black Again", "Back in Black Again", False),
        ("Summer of 1989", "Summer of 1999", False),
    ],
)
def test_slips_of_the_pen(asked: str, given: str, is_one: bool) -> None:
    assert bool(title_agreement(split_title(asked), split_title(given))) is is_one


@pytest.mark.parametrize(
    ("asked", "given", "expected"),
    [
        ("Waterloo", "Waterloo - Remastered 2011", 1.0),
        ("Satisfaction", "(I Can't Get No) Satisfaction", 0.94),
        ("Stay (Faraway)", "Stay (I Missed You)", 0.80),
        ("小幸运 (A Little Happiness)", "A Little Happiness", 0.85),
        ("A Little Happiness", "小幸运 (A Little Happiness)", 0.85),
        ("Country Roads", "Take Me Home, Country Roads", 0.80),
        ("Hello", "Hello, Goodbye", 0.0),
        # Cut off within a word, or between two: that may as well be another title.
        ("Ballad of Old Peter Pumpkin", "Ballad of Old Peter Pumpkinheads", 0.80),
        ("Ballad of Old Peter Lord", "Ballad of Old Peter Lord and His Hand", 0.72),
        ("Ballad of Old Peter Men", "Ballad of Old Peter Men and His Hand", 0.0),
    ],
)
def test_two_titles(asked: str, given: str, expected: float) -> None:
    assert title_agreement(split_title(asked), split_title(given)) == expected
