"""Readings ranked by what an index of artists knows."""

from pikaraoke_enrichment.tasks.judging.artist_index import by_index, sides
from pikaraoke_enrichment.tasks.parsing import parse

OPEN = "Bergziege - Quellwasser"


def test_an_open_order_is_asked_for_and_a_sure_one_is_not() -> None:
    assert set(sides(parse(OPEN))) == {"Bergziege", "Quellwasser"}
    assert sides(parse("Adele - Hello")) == ()
    assert sides(parse("Hello (Karaoke)")) == ()


def test_whom_the_index_knows_sings() -> None:
    for artist, title in (("Quellwasser", "Bergziege"), ("Bergziege", "Quellwasser")):
        found = by_index(parse(OPEN), {artist.lower()}, {title.lower()}).hypotheses[0]
        assert (found.artist, found.title, found.strength) == (artist, title, "strong")
        assert found.evidence[0] == "the artist index knows who sings"


def test_in_every_script() -> None:
    name = "米津玄師 - Lemon カラオケ"
    assert by_index(parse(name), {"米津玄師"}).hypotheses[0].artist == "米津玄師"
    name = "מישהו - משהו"
    for artist in ("מישהו", "משהו"):
        assert by_index(parse(name), {artist}).hypotheses[0].artist == artist


def test_an_index_that_knows_both_or_none_decides_nothing() -> None:
    parsed = parse(OPEN)
    assert by_index(parsed, frozenset()) == parsed
    both = by_index(parsed, {"quellwasser", "bergziege"}).hypotheses[0]
    assert (both.artist, both.strength) == (parsed.hypotheses[0].artist, "weak")


def test_who_is_known_not_to_sing_comes_last() -> None:
    found = by_index(parse(OPEN), frozenset(), {"bergziege"}).hypotheses[0]
    assert found.artist == "Quellwasser"
