"""Signs that steer get in by no edit and out by no command."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.system.signs import clean, for_eyes, in_json
from pikaraoke_enrichment.tasks.review.editing import checked

STEERING = (
    "\x1b[31m",
    "\x9b2J",
    "\x00",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\ud800",
    "\r",
)


@pytest.mark.parametrize("sign", STEERING)
def test_no_word_of_a_person_steers(sign: str) -> None:
    for name in ("artist", "title", "variant", "genre"):
        kept = checked(name, f"Queen{sign}Live")
        assert kept.isprintable()
        assert kept.startswith("Queen")
        assert kept.endswith("Live")


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "👩\u200d🎤", "क्\u200dष", "Beyoncé", "e\u0301", "♥\ufe0f", "AC/DC"]
)
def test_what_belongs_to_a_script_stays(text: str) -> None:
    assert clean(text) == for_eyes(text) == in_json(text) == text


@given(text=st.text(st.characters()))
def test_json_is_the_same_json_and_steers_nothing(text: str) -> None:
    made = in_json(json.dumps({"name": text}, ensure_ascii=False, indent=1))
    assert json.loads(made) == {"name": text}
    assert not any(sign < " " and sign != "\n" for sign in made)
    assert not any("\x7f" <= sign < "\xa0" or "\u202a" <= sign <= "\u202e" for sign in made)


@given(text=st.text(st.characters()))
def test_cleaning_is_done_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
