"""As much of Lucene's query language as recording searches use: fields, phrases, groups, AND."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from .catalogue import Catalogue, words
from .entries import Entry

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<sign>[()]|&&|\|\||[+\-!](?=\S))
      | (?P<field>[a-z]+):(?=\S)
      | "(?P<phrase>(?:\\.|[^"\\])*)"
      | (?P<word>(?:\\.|[^\s()"\\])+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

# The texts that a field is looked for in; "" is a word without field.
_FIELDS: dict[str, Callable[[Entry], tuple[str, ...]]] = {
    "": lambda entry: (entry.title, entry.artist, entry.album, *(tag for tag, _ in entry.tags)),
    "recording": lambda entry: (entry.title,),
    "recordingaccent": lambda entry: (entry.title,),
    "artist": lambda entry: (entry.artist,),
    "artistname": lambda entry: tuple(entry.artist.split(" feat. ")),
    "creditname": lambda entry: tuple(entry.artist.split(" feat. ")),
    "release": lambda entry: (entry.album,),
    "comment": lambda entry: (entry.comment,),
    "tag": lambda entry: tuple(tag for tag, _ in entry.tags),
    "secondarytype": lambda entry: entry.secondary_types,
    "firstreleasedate": lambda entry: (str(entry.year or ""),),
    "date": lambda entry: (str(entry.year or ""),),
    "status": lambda _entry: ("official",),
}
# Fields whose words the catalogue's index holds.
_INDEXED = {"", "recording", "recordingaccent", "artist", "artistname", "creditname"}


class BadQuery(ValueError):
    """A query that MusicBrainz answers with 400."""


@dataclass(frozen=True, slots=True)
class Words:
    """One word or phrase, in one field or in all."""

    field: str
    words: tuple[str, ...]

    def numbers(self, catalogue: Catalogue) -> set[int] | None:
        """Songs that may match, None for any."""
        return catalogue.with_words(self.words) if self.field in _INDEXED else None

    def score(self, entry: Entry) -> float:
        """How well an entry matches, 0 for not at all: a short field full of it matches best."""
        best = 0.0
        for text in _FIELDS[self.field](entry):
            held, size = tuple(words(text)), len(self.words)
            starts = range(len(held) - size + 1)
            if size and any(held[start : start + size] == self.words for start in starts):
                best = max(best, size / len(held))
        return best


@dataclass(frozen=True, slots=True)
class All:
    """Every part must match, but those in `none` must not."""

    parts: tuple[Node, ...]
    none: tuple[Node, ...] = ()

    def numbers(self, catalogue: Catalogue) -> set[int] | None:
        """Songs that may match, None for any."""
        sets = [part.numbers(catalogue) for part in self.parts]
        known = [numbers for numbers in sets if numbers is not None]
        return set.intersection(*known) if known else None

    def score(self, entry: Entry) -> float:
        """The sum over the parts, 0 if one does not match."""
        scores = [part.score(entry) for part in self.parts]
        if not all(scores) or any(part.score(entry) for part in self.none):
            return 0.0
        return sum(scores)


@dataclass(frozen=True, slots=True)
class Any:
    """One part is enough."""

    parts: tuple[Node, ...]

    def numbers(self, catalogue: Catalogue) -> set[int] | None:
        """Songs that may match, None for any."""
        found: set[int] = set()
        for part in self.parts:
            numbers = part.numbers(catalogue)
            if numbers is None:
                return None
            found |= numbers
        return found

    def score(self, entry: Entry) -> float:
        """The sum over the parts."""
        return sum(part.score(entry) for part in self.parts)


Node: TypeAlias = Words | All | Any


def parse(query: str) -> Node:
    """The tree of a query; BadQuery if it is blank or does not close what it opens."""
    tokens = _tokens(query)
    node, rest = _either(tokens, "")
    if rest:
        raise BadQuery(query)
    return node


def _tokens(query: str) -> list[tuple[str, str]]:
    tokens, place = [], 0
    while place < len(query.rstrip()):
        found = _TOKEN.match(query, place)
        if found is None or found.lastgroup is None:
            raise BadQuery(query)
        kind, value = found.lastgroup, found.group(found.lastgroup)
        if kind == "word" and value in ("AND", "OR", "NOT"):
            kind = "sign"
        tokens.append((kind, {"&&": "AND", "||": "OR", "!": "NOT", "-": "NOT"}.get(value, value)))
        place = found.end()
    return tokens


Tokens: TypeAlias = list[tuple[str, str]]


def _either(tokens: Tokens, field: str) -> tuple[Node, Tokens]:
    """Parts with OR or nothing between them: without AND any one word is enough."""
    parts: list[Node] = []
    while tokens and tokens[0] != ("sign", ")"):
        part, tokens = _together(tokens, field)
        parts.append(part)
        if tokens and tokens[0] == ("sign", "OR"):
            tokens = tokens[1:]
    if not parts:
        raise BadQuery
    return (parts[0] if len(parts) == 1 else Any(tuple(parts))), tokens


def _together(tokens: Tokens, field: str) -> tuple[Node, Tokens]:
    """Parts with AND between them."""
    parts: list[Node] = []
    none: list[Node] = []
    while True:
        side = parts
        if tokens[:1] == [("sign", "NOT")]:
            side, tokens = none, tokens[1:]
        part, tokens = _atom(tokens, field)
        side.append(part)
        if tokens[:1] != [("sign", "AND")]:
            break
        tokens = tokens[1:]
    return (parts[0] if len(parts) == 1 and not none else All(tuple(parts), tuple(none))), tokens


def _atom(tokens: Tokens, field: str) -> tuple[Node, Tokens]:
    if tokens[:1] == [("sign", "+")]:
        tokens = tokens[1:]
    if tokens and tokens[0][0] == "field":
        field, tokens = tokens[0][1], tokens[1:]
        if field not in _FIELDS:
            raise BadQuery(field)
    if tokens[:1] == [("sign", "(")]:
        node, rest = _either(tokens[1:], field)
        if rest[:1] != [("sign", ")")]:
            raise BadQuery
        return node, rest[1:]
    if not tokens or tokens[0][0] not in ("word", "phrase"):
        raise BadQuery
    return Words(field, tuple(words(_ESCAPED.sub(r"\1", tokens[0][1])))), tokens[1:]
