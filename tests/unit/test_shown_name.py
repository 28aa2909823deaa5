"""What a song is called inside PiKaraoke, by which words it is found, and in which order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.inside.order import AT_ONCE, Order
from pikaraoke_enrichment.inside.shown_name import (
    END_OF_NAME,
    Known,
    search_key,
    shown_name,
    words_of,
)


@pytest.mark.parametrize(
    ("known", "name", "title_first"),
    [
        (("Oasis", "Wonderwall", None), "Oasis - Wonderwall", "Wonderwall - Oasis"),
        (
            ("Oasis", "Wonderwall", "Live, Key -2"),
            "Oasis - Wonderwall (Live, Key -2)",
            "Wonderwall - Oasis (Live, Key -2)",
        ),
        ((None, "Happy Birthday", ""), "Happy Birthday", "Happy Birthday"),
        (("AC/DC", "T.N.T.", ""), "AC/DC - T.N.T.", "T.N.T. - AC/DC"),
        # Put into a page as it stands it must not become a part of it.
        (("Ed", "<3 <img src=x>", ""), "Ed - ‹3 ‹img src=x›", "‹3 ‹img src=x› - Ed"),
        (("\u202egpm", " a\nb ", ""), "gpm - a b", "a b - gpm"),
        (("Oasis", "", ""), None, None),
        (("Oasis", "\u202e", ""), None, None),
    ],
)
def test_name(known: tuple[str, ...], name: str | None, title_first: str | None) -> None:
    whole = Known(*known, None, None)
    assert shown_name(whole) == name
    assert shown_name(whole, is_title_first=True) == title_first


def test_words_tell_other_spellings_year_decade_and_genre() -> None:
    words = words_of(Known("Ke$ha & Røyksopp", "Déjà Vu", None, 1985, "Synth-Pop"))
    key = search_key("kesha", words)
    for term in ("kesha", "royksopp", "deja", "1985", "80s", "1980s", "synth-pop"):
        assert term in key
    assert words_of(Known(None, None, None, None, None)) == []


@given(st.text(), st.lists(st.text().filter(str.strip)))
def test_every_term_of_a_word_is_found(name: str, given_words: list[str]) -> None:
    words = " ".join(given_words).split()
    key = search_key(name, words)
    assert key.startswith(name + END_OF_NAME)
    assert all(word[start:] in key for word in words for start in range(len(word)))
    assert not END_OF_NAME.split(), "no term can hold it"


# --- the order ------------------------------------------------------------------------------------

names = st.text("abz1é .", max_size=4)


@given(st.dictionaries(names, names, max_size=30), st.dictionaries(names, names, max_size=30))
def test_moved_songs_stand_where_a_new_order_would_put_them(
    before: dict[str, str], after: dict[str, str]
) -> None:
    keys = {f"/songs/{path}.mp4": key for path, key in before.items()}
    order = Order(list(keys), keys.__getitem__, "/songs")
    old = order.pairs
    kept = list(old)
    now = {f"/songs/{path}.mp4": key for path, key in after.items()}
    changed = {path: keys.get(path, "") for path in now}
    keys.update({path: key for path, key in now.items() if path in keys})
    order.move(changed)
    anew = Order(list(keys), keys.__getitem__, "/songs")
    assert order.pairs == anew.pairs == sorted((key, path) for path, key in keys.items())
    assert order.paths == [path for _, path in anew.pairs]
    assert order.letters() == anew.letters()
    assert old == kept, "PiKaraoke may be going through it"


def test_more_songs_than_are_sorted_at_once() -> None:
    paths = [f"/songs/{number * 7919 % 10007:05}.mp4" for number in range(2 * AT_ONCE + 1)]
    order = Order(paths, lambda path: path[7:], "/songs/")
    assert order.paths == sorted(paths)


def test_letters_are_told_by_folder_as_pikaraoke_does() -> None:
    keys = {
        "/songs/a.mp4": "abba",
        "/songs/b.mp4": "99 luftballons",
        "/songs/rock/old/c.mp4": "élan",
        "/songs/rock/d.mp4": "",
    }
    letters = Order(list(keys), keys.__getitem__, "/songs").letters()
    assert letters[""] == {"a", "numeric"}
    assert letters["rock/old"] == {"é"}
    assert letters[None] == {"a", "numeric", "é", ""}
