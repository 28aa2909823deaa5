"""What one song that a person put right teaches about others."""

import pytest

from pikaraoke_enrichment.tasks.judging.lessons import Lesson, learned, lesson, maker_of, taught
from pikaraoke_enrichment.tasks.parsing import Knowledge, parse

SIGNED = "[Somebody's Stage Karaoke]"


@pytest.mark.parametrize("said", ["Z-Qwo", "ズルミラ", "Zulmíra QWOP"])
def test_another_name_of_an_artist(said):
    told = lesson("zulmira qwop - blue sparrow karaoke.mp4", said, "Blue Sparrow")
    assert told.alias == ("zulmira qwop", said)


def test_another_name_of_an_artist_who_stands_behind_the_title() -> None:
    told = lesson("Blue Sparrow - Zulmira Qwop (Karaoke).mp4", "Z-Qwo", "Blue Sparrow")
    assert told.alias == ("zulmira qwop", "Z-Qwo")


@pytest.mark.parametrize(
    ("name", "artist", "title"),
    [
        # A song's first artist is no other name of the one who sang it, and neither is a guest.
        ("Adele - Make You Feel My Love (Karaoke)", "Bob Dylan", "Make You Feel My Love"),
        ("Queen - Under Pressure (Karaoke)", "Queen & David Bowie", "Under Pressure"),
        ("Zulmira Qwop - Blue Sparrow (Karaoke)", "Nobody", "Red Robin"),
        ("Zulmira Qwop - Blue Sparrow (Karaoke)", "Zulmira Qwop", "Blue Sparrow"),
    ],
)
def test_what_is_no_other_name(name, artist, title):
    assert lesson(f"{name}.mp4", artist, title).alias is None


def test_a_maker_is_known_by_the_words_beside_artist_and_title():
    assert maker_of(f"Ab Cd - Ef Gh {SIGNED}.mp4", "Ef Gh", "Ab Cd") == "somebodys stage karaoke"
    assert maker_of("Ab Cd - Ef Gh (Karaoke Version) HD.mp4", "Ef Gh", "Ab Cd") == ""


def test_a_makers_habit_turns_the_readings():
    told = lesson(f"Blue Sparrow - Zulmira Qwop {SIGNED}.mp4", "Zulmira Qwop", "Blue Sparrow")
    assert told.title_first is True
    knowledge = learned([told])
    name = f"Green Wren - Ottoline Brask {SIGNED}.mp4"
    best = taught(parse(name), knowledge).hypotheses[0]
    assert (best.artist, best.title) == ("Ottoline Brask", "Green Wren")
    other = "Green Wren - Ottoline Brask (Karaoke).mp4"
    assert taught(parse(other), knowledge) == parse(other), "another maker's name is left alone"


@pytest.mark.parametrize(
    ("makers", "name", "expected"),
    [
        # The order that a maker's names taught, on either side, and where it stands so already.
        ("title", "Green Wren - Ottoline Brask", ("Ottoline Brask", "Green Wren")),
        ("artist", "Green Wren - Ottoline Brask", ("Green Wren", "Ottoline Brask")),
        ("artist", "Ottoline Brask - Green Wren", ("Ottoline Brask", "Green Wren")),
        ("title", "Ottoline Brask - Green Wren", ("Green Wren", "Ottoline Brask")),
        # A well-known artist is no title, whatever this maker's names do.
        ("title", "ABBA - Gimme Shelter Now", ("ABBA", "Gimme Shelter Now")),
    ],
)
def test_a_makers_order(makers: str, name: str, expected: tuple[str, str]) -> None:
    maker = frozenset({"somebodys stage karaoke"})
    knowledge = Knowledge(**{f"{makers}_first": maker})
    parsed = parse(f"{name} {SIGNED}.mp4")
    best = taught(parsed, knowledge).hypotheses[0]
    assert (best.artist, best.title) == expected
    pairs = [(each.artist, each.title) for each in taught(parsed, knowledge).hypotheses]
    assert len(pairs) == len({*pairs}), "no reading is there twice"


def test_a_name_that_tells_no_order_teaches_none() -> None:
    for artist, title in (("Somebody Else", "Blue Sparrow"), ("Zulmira Qwop", "Another Song")):
        told = lesson(f"Blue Sparrow - Zulmira Qwop {SIGNED}.mp4", artist, title)
        assert (told.maker, told.title_first) == ("", None)
    assert lesson(f"Zulmira Qwop - Blue Sparrow {SIGNED}.mp4", "Zulmira Qwop", "Blue Sparrow") == (
        Lesson(None, "somebodys stage karaoke", False)
    )
    same = lesson(f"Gold {SIGNED}.mp4", "Gold", "Gold")
    assert same.title_first is None


def test_two_people_of_two_minds_teach_nothing():
    first, second = Lesson(("kyu", "Kyu Sakamoto")), Lesson(("kyu", "Kyu-hyun"))
    assert learned([first, second]).aliases == {}
    one, other = (Lesson(maker="m stage", title_first=order) for order in (True, False))
    assert learned([one, other]) == Knowledge()


@pytest.mark.parametrize("title_first", [True, False])
def test_a_maker_is_remembered_by_the_side_it_writes(title_first: bool) -> None:
    found = learned([Lesson(maker="m stage", title_first=title_first)])
    assert found.title_first == (frozenset({"m stage"}) if title_first else frozenset())
    assert found.artist_first == (frozenset() if title_first else frozenset({"m stage"}))


def test_the_latest_spelling_counts():
    assert learned([Lesson(("abc", "ABC")), Lesson(("abc", "Abc"))]).aliases == {"abc": "ABC"}


def test_an_alias_is_read_first_and_the_name_as_it_stands_second():
    knowledge = Knowledge(aliases={"zulmira qwop": "Z-Qwo"})
    readings = taught(parse("Zulmira Qwop - Blue Sparrow (Karaoke).mp4"), knowledge).hypotheses
    assert [each.artist for each in readings[:2]] == ["Z-Qwo", "Zulmira Qwop"]


def test_what_is_not_taught_changes_nothing():
    name = "Queen - Bohemian Rhapsody (Karaoke).mp4"
    assert taught(parse(name), Knowledge()) == parse(name)
