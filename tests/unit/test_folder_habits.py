"""What the names of a folder or a maker tell of each other."""

from dataclasses import replace

import pytest

from pikaraoke_enrichment.tasks.judging.folder_habits import Told, learn, order_in, read
from pikaraoke_enrichment.tasks.parsing import NO_KNOWLEDGE, Knowledge

TITLE_FIRST = ("Waterloo - ABBA", "Hello - Adele", "Angels - Robbie Williams", "Yellow - Coldplay",
               "Africa - Toto", "Wonderwall - Oasis (Karaoke)")  # fmt: skip
OPEN = "Bergziege - Quellwasser"


def knowing(*names: str | Told) -> Knowledge:
    told = (name if isinstance(name, Told) else Told(name) for name in names)
    return replace(NO_KNOWLEDGE, habits=learn(("/songs", each) for each in told))


def test_weak_names_follow_their_folder_and_say_why() -> None:
    known = knowing(*TITLE_FIRST, OPEN)
    best = read(OPEN, known, "/songs").hypotheses[0]
    assert (best.artist, best.title, best.strength) == ("Quellwasser", "Bergziege", "weak")
    assert best.evidence[0].endswith("names in this folder put the title first")
    assert read(OPEN, known, "/elsewhere").hypotheses[0].artist == "Bergziege"


def test_sure_names_stay_whatever_their_folder_does() -> None:
    best = read("Queen - Bohemian Rhapsody", knowing(*TITLE_FIRST), "/songs").hypotheses[0]
    assert best.artist == "Queen"


def test_weak_names_that_stand_as_their_folder_has_them_stay() -> None:
    swapped = (name.partition(" - ")[::2] for name in TITLE_FIRST)
    known = knowing(*(f"{artist} - {title}" for title, artist in swapped), OPEN)
    best = read(OPEN, known, "/songs").hypotheses[0]
    assert (best.artist, best.title) == ("Bergziege", "Quellwasser")
    assert best.evidence[0].endswith("names in this folder put the artist first")


def test_a_folder_of_many_names_is_known_by_some_of_them() -> None:
    many = [Told(f"Lied {n} - Quell {n}", f"Quell {n}", f"Lied {n}") for n in range(400)]
    habit = learn(("/songs", each) for each in many).folders["/songs"]
    assert (habit.first, habit.agreeing, habit.told) == ("title", 200, 200)


def test_what_was_answered_teaches_as_well() -> None:
    songs = [(f"Quell {sign}", f"Lied {sign}") for sign in "ABCDE"]
    answered = [Told(f"{title} - {artist}", artist, title) for artist, title in songs]
    best = read(OPEN, knowing(*answered), "/songs").hypotheses[0]
    assert best.artist == "Quellwasser"


@pytest.mark.parametrize(
    "names",
    [TITLE_FIRST[:4], (*TITLE_FIRST, "ABBA - Fernando", "Queen - Innuendo", "Adele - Skyfall")],
    ids=["too few", "of two minds"],
)
def test_a_folder_that_tells_nothing_changes_nothing(names: tuple[str, ...]) -> None:
    assert read(OPEN, knowing(*names), "/songs") == read(OPEN)


def test_neighbours_tell_that_a_number_is_a_place() -> None:
    names = [f"{number} Monate - Quellwasser" for number in range(12, 30)]
    assert read(names[0]).hypotheses[0].artist == "12 Monate"
    assert read(names[0], knowing(*names), "/songs").hypotheses[0].artist == "Monate"


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("Hello - Adele", "title"),
        ("Adele - Hello (Karaoke).mp4", "artist"),
        ("Hello.mp4", None),
    ],
)
def test_which_side_stands_first(name: str, order: str | None) -> None:
    assert order_in(name, "Adele", "Hello") == order
