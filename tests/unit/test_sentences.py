"""What other rooms say in English is known again: a translator has each sentence whole."""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterator

import pytest
from flask import Flask

from pikaraoke_enrichment.tasks import matching
from pikaraoke_enrichment.web import sentences, texts

NAME = "Earth, Wind & Fire (for 3 \n"


def written() -> Iterator[str]:
    """Every sentence in the source of `matching`, a name put in for each of its values."""
    for function in ast.walk(ast.parse(inspect.getsource(matching))):
        if not isinstance(function, ast.FunctionDef):
            continue
        chosen = {
            node.targets[0].id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "words":
                yield from spelled_out(node.value, chosen)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "Part":
                words = node.args[2]
                if not (isinstance(words, ast.Name) and words.id == "words"):
                    yield from spelled_out(words, chosen)


def spelled_out(node: ast.expr, chosen: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from spelled_out(node.body, chosen)
        yield from spelled_out(node.orelse, chosen)
    elif isinstance(node, ast.JoinedStr):
        parts = [list(spelled_out(part, chosen)) for part in node.values]
        yield from map("".join, itertools.product(*parts))
    elif isinstance(node, ast.FormattedValue):
        value = chosen.get(ast.unparse(node.value), node.value)
        is_choice = isinstance(value, ast.IfExp) and isinstance(value.body, ast.Constant)
        yield from spelled_out(value, chosen) if is_choice else [NAME]
    else:
        raise AssertionError(f"words made in a way that is not known: {ast.unparse(node)}")


def test_every_sentence_of_the_matching_is_known() -> None:
    found = set(written())
    assert len(found) > 30
    assert [words for words in found if not sentences.is_known(words)] == []


@pytest.mark.parametrize(
    ("seen", "shown"),
    [
        ("artist agrees: ABBA", "«artist agrees: ABBA»"),
        ("title agrees nearly: A for B for C", "«title agrees nearly: A for B for C»"),
        ("1,234 listeners on Last.fm", "«1,234 listeners on Last.fm»"),
        ("100 % % stands in the name", "«100 % % stands in the name»"),
        ("not found at Last.fm, iTunes", "«not found at Last.fm, iTunes»"),
        ("words of an older version", "words of an older version"),
    ],
)
def test_a_sentence_is_translated_whole_and_an_unknown_one_stays(
    monkeypatch: pytest.MonkeyPatch, seen: str, shown: str
) -> None:
    monkeypatch.setattr(sentences, "_", lambda text, **values: f"«{text % values}»")
    assert sentences.in_words(seen) == shown


def test_without_a_translation_every_sentence_stays_as_it_was_written() -> None:
    assert texts.gettext is sentences._
    with Flask(__name__).app_context():
        for words in written():
            assert sentences.in_words(words) == words
