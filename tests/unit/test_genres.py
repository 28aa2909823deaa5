"""Tags of the services -> a genre that a singer would pick, or none."""

from __future__ import annotations

import pytest

from pikaraoke_enrichment.providers.base import Tag
from pikaraoke_enrichment.tasks.judging.genres import GENRES, genre_of, genre_of_tag

# Top tags of Last.fm for Billie Jean with their counts, as answered.
BILLIE_JEAN = {
    "pop": 100, "80s": 89, "michael jackson": 64, "dance": 46, "Disco": 28, "funk": 14,
    "billie jean": 11, "king of pop": 10, "soul": 9, "rnb": 7, "rock": 7, "male vocalists": 7,
    "classic": 7, "american": 6, "favorites": 5,
}  # fmt: skip


def tags(*names: str) -> list[Tag]:
    """Tags without counts, as track.getInfo gives them: their order is all there is."""
    return [Tag(name, 1 - place / 10) for place, name in enumerate(names)]


def test_the_tags_of_a_song_vote() -> None:
    votes = [Tag(name, count / 100) for name, count in BILLIE_JEAN.items()]
    assert genre_of(votes, artist="Michael Jackson") == "Pop"


@pytest.mark.parametrize(
    ("names", "artist", "genre"),
    [
        # "Call Out My Name", as answered in 2021
        (["rnb", "soul", "Canadian", "r&b", "2018"], "The Weeknd", "R&B/Soul"),
        (["classic rock", "queen", "70s", "rock", "seen live"], "Queen", "Rock"),
        (["seen live", "80s", "favorites", "female vocalists", "pop"], "Cher", "Pop"),
        (["country", "alternative country", "americana"], "Calexico", "Country"),
        (["schlager", "german", "pop", "Helene Fischer"], "Helene Fischer", "Schlager"),
        (["chanson", "french", "pop"], "Édith Piaf", "Chanson"),
        (["pop", "christmas", "90s", "xmas"], "Mariah Carey", "Christmas"),
        (["k-pop", "korean", "pop"], "BTS", "K-Pop"),
        (["opm", "pinoy rock", "rock"], "Eraserheads", "OPM"),
        (["Broadway", "musical", "soundtrack"], "Idina Menzel", "Musical/Soundtrack"),
        (["thrash metal", "heavy metal", "rock"], "Metallica", "Metal"),
        (["hip-hop", "rap", "seen live"], "Eminem", "Hip-Hop"),
    ],
)
def test_a_fitting_genre(names: list[str], artist: str, genre: str) -> None:
    assert genre_of(tags(*names), artist=artist) == genre


@pytest.mark.parametrize(
    ("store", "genre"),
    [
        ("Hip-Hop/Rap", "Hip-Hop"), ("R&B/Soul", "R&B/Soul"), ("Singer/Songwriter", "Folk"),
        ("Alternative", "Alternative/Indie"), ("Alternative Folk", "Folk"),
        ("House", "Electronic/Dance"),
        ("Children's Music", "Children's"), ("Latin", "Latin"), ("French Pop", "Chanson"),
        ("Country & Western", "Country"), ("Christian & Gospel", "Gospel/Christian"),
        ("Vocal Pop", "Easy Listening"), ("German Pop", "Pop"), ("Pop/Rock", "Pop"),
        ("Holiday", "Christmas"), ("Original Pilipino Music", "OPM"), ("Bollywood", "Bollywood"),
        ("Música Mexicana", "Latin"), ("Rock & Roll", "Rock 'n' Roll"),
        ("Dance", "Electronic/Dance"),
    ],
)  # fmt: skip
def test_genres_of_the_store(store: str, genre: str) -> None:
    assert genre_of([Tag(store)]) == genre


@pytest.mark.parametrize(
    "junk",
    ["seen live", "80s", "2018", "1985", "Canadian", "american", "london", "favorites", "love",
     "awesome", "female vocalists", "male vocalists", "kid rock", "daft punk", "billie jean",
     "5 stars", "my favorite songs", "karaoke", "under 2000 listeners", "beautiful", "sad",
     "", "!!!"],
)  # fmt: skip
def test_years_places_moods_and_names_are_no_genre(junk: str) -> None:
    assert genre_of_tag(junk) is None
    assert genre_of([Tag(junk)]) is None


def test_an_artists_own_name_is_no_genre() -> None:
    assert genre_of([Tag("Disco", 1.0), Tag("indie pop", 0.4)], artist="Disco") == "Pop"
    assert genre_of([Tag("!!!")], artist="!!!") is None


@pytest.mark.parametrize(
    ("tag", "genre"),
    [("80s pop", "Pop"), ("Swedish pop", "Pop"), ("female country", "Country"),
     ("90s alternative rock", "Alternative/Indie"), ("classic hip hop", "Hip-Hop")],
)  # fmt: skip
def test_a_genre_behind_words_that_change_nothing(tag: str, genre: str) -> None:
    assert genre_of([Tag(tag)]) == genre


def test_counts_below_a_thirtieth_are_opinions() -> None:
    assert genre_of([Tag("seen live", 1.0), Tag("polka", 0.01)]) is None
    assert genre_of([Tag("rock", 0.0), Tag("pop", -1.0)]) is None


def test_a_few_dozen_genres() -> None:
    assert 24 <= len(GENRES) <= 48
    assert all(genre_of([Tag(genre)]) == genre for genre in GENRES)
