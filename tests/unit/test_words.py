"""What is said is a code with parameters until it is shown, and each code has one phrase."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pikaraoke_enrichment
from pikaraoke_enrichment.providers.services import LIST
from pikaraoke_enrichment.system.invocation import typed
from pikaraoke_enrichment.system.said import Said, from_dict, from_text
from pikaraoke_enrichment.tasks.judging.naming import _VERSIONS
from pikaraoke_enrichment.words.language import Language
from pikaraoke_enrichment.words.phrases import COMMANDS, KINDS, PHRASES
from pikaraoke_enrichment.words.sentences import as_json, part_words, phrase, sentence, told
from pikaraoke_enrichment.words.states import brief
from pikaraoke_enrichment.words.units import duration

ROOT = Path(pikaraoke_enrichment.__file__).parent
ROOMS = ("commands", "providers", "tasks", "web", "words")
MARKED = Language(gettext=lambda text: f"«{text}»", number=lambda number: f"#{number}")


def sayings() -> Iterator[tuple[str, str, set[str] | None]]:
    """Where something is said in the source: place, code, and the parameters, where told there."""
    for path in sorted(each for room in ROOMS for each in (ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            chosen = {
                ast.unparse(node.targets[0]): node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
            }
            for call in ast.walk(function):
                if not isinstance(call, ast.Call):
                    continue
                place = f"{path.relative_to(ROOT)}:{call.lineno}"
                if ast.unparse(call.func) == "Said":
                    names = {word.arg or "" for word in call.keywords}
                    yield from ((place, code, names) for code in codes(call.args[0], chosen))
                elif ast.unparse(call.func) == "Part":
                    yield from ((place, code, None) for code in codes(call.args[2], chosen))


def codes(node: ast.expr, chosen: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from codes(node.body, chosen)
        yield from codes(node.orelse, chosen)
    elif isinstance(node, ast.Name) and node.id in chosen:
        yield from codes(chosen[node.id], chosen)


def places(template: str | tuple[str, str]) -> set[str]:
    texts = template if isinstance(template, tuple) else (template,)
    return {name for text in texts for name in re.findall(r"%\((\w+)\)s", text)}


def test_each_code_that_is_said_has_a_phrase_with_places_for_its_parameters() -> None:
    found = [each for each in sayings() if each[1]]
    assert len({code for _, code, _ in found}) > 60
    assert [each for each in found if each[1] not in PHRASES] == []
    named = [each for each in found if each[2] is not None]
    by_reader = {code: {"command"} for code in COMMANDS}
    wrong = [
        (place, code, params)
        for place, code, params in named
        if params != places(PHRASES[code]) - by_reader.get(code, set())
    ]
    assert wrong == []


def test_every_phrase_is_said_somewhere() -> None:
    elsewhere = "\n".join(path.read_text() for path in (ROOT / "providers").glob("*.py"))
    for place in (
        "names/identity.py",
        "history/changes.py",
        "history/elsewhere.py",
        "history/former_answers.py",
        "shared/answers.py",
    ):
        elsewhere += (ROOT / "tasks" / place).read_text()
    said = {code for _, code, _ in sayings()}
    assert [code for code in PHRASES if code not in said and code not in elsewhere] == []


def test_every_kind_of_version_is_in_words() -> None:
    assert {kind for kind, _ in _VERSIONS if kind} <= KINDS.keys()


PARAMS = st.dictionaries(
    st.sampled_from(["given", "asked", "count"]), st.text() | st.integers() | st.booleans()
)


@given(st.text(), PARAMS, PARAMS)
def test_what_is_said_outlives_its_row(code: str, params: Any, inner: Any) -> None:
    said = Said(code, **params, reason=Said("no_connection", **inner))
    several = Said("troubles", each=[said, Said("silent", seconds=5.0)])
    for each in (said, several):
        assert from_text(each.as_text()) == each
        assert from_dict(each.as_dict()) == each


@pytest.mark.parametrize(
    "text", ["", "not found at iTunes", "100 % %(given)s", "{", '{"code"}', "{[1]}"]
)
def test_a_row_of_an_older_version_is_shown_as_it_stands(text: str) -> None:
    assert sentence(from_text(text)) == text
    assert sentence(from_text(text), Language(gettext=str.upper)) == text
    assert told({"why": as_json(from_text(text))}) == text
    assert part_words({"name": "artist", "words": text}) == text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said("artist_agrees", given="100 % %s"), "artist agrees: 100 % %s"),
        (Said("listeners", count=1), "1 listener on Last.fm"),
        (Said("listeners", count=1234), "1,234 listeners on Last.fm"),
        (Said("known_to_one", provider="lastfm"), "known to Last.fm alone"),
        (Said("not_found", providers=["lastfm", "itunes"]), "not found at Last.fm, iTunes"),
        (Said("version_only", kinds=["acoustic", "live"]), "only a acoustic/live version is known"),
        (Said("silent", seconds=5.0), "silent for 5 s"),
        (Said("answer_too_large", megabytes=0.5), "an answer of more than 0.5 MB"),
        (Said("year", year=1975, provider="itunes"), "year 1975 from iTunes"),
        (
            Said("troubles", each=[Said("trouble", provider="itunes", reason=Said("no_slot"))] * 2),
            "iTunes: no slot came in time; iTunes: no slot came in time",
        ),
        (Said("silent"), "silent"),  # as a later version may keep it
    ],
)
def test_in_english(said: Said, words: str) -> None:
    assert sentence(said) == words
    assert as_json(said) == {**said.as_dict(), "words": words}


def test_in_another_language_all_that_is_said_within_is_translated_too() -> None:
    said = Said("trouble", provider="lastfm", reason=Said("silent", seconds=2.5))
    assert sentence(said, MARKED) == "««Last.fm»: «silent for #2.5 s»»"
    assert phrase("later_reading", {"place": 2, "strength": "weak"}, MARKED) == (
        "«reading 2 of the name («weak»)»"
    )
    # A list's name is as its host wrote it.
    assert phrase("known_to_one", {"provider": f"{LIST}Songs"}, MARKED) == "«known to Songs alone»"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (151, "2 min 31 s"),
        (3599.4, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (11_100, "3 h 5 min"),
        (90_000, "1 d 1 h"),
        (2 * 86400 + 4 * 3600, "2 d 4 h"),
    ],
)
def test_durations_are_the_same_on_terminal_and_page(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"state": "stopped"}, "Stopped"),
        ({"state": "paused"}, "Paused"),
        ({"state": "offline"}, f"Offline: start {typed('run')}"),
        ({"state": "paused", "held": True}, "Paused: a song is playing"),
        ({"total": 0}, "Running: no songs in the library yet"),
        ({"remaining": 0}, "Running: every song is done, new ones are taken up as they come"),
        ({}, "Running"),
    ],
)
def test_a_state_in_brief(values: dict[str, Any], shown: str) -> None:
    why = {"params": {"command": typed("run")}}
    snapshot = {"state": "running", "reason": "", "total": 2, "remaining": 1, "why": why, **values}
    assert brief(snapshot, 0.0) == (shown, shown)
