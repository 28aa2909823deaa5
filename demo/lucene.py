"""As much of Lucene's query language as MusicBrainz' searches use, and how it takes words apart.

The classic parser's rules: a part is wanted, required ("+", or beside AND) or forbidden ("-", NOT);
without any sign one wanted part is enough; optional parts beside required ones only raise a score.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<range>[\[{]\s*(?P<low>\S+)\s+TO\s+(?P<high>[^\s\]}]+)\s*[\]}])
      | (?P<boost>\^\d+(?:\.\d+)?)
      | (?P<sign>[()]|&&|\|\||[+\-!](?=\S))
      | (?P<field>[a-z]+):(?=\S)
      | "(?P<phrase>(?:\\.|[^"\\])*)"
      | (?P<word>(?:\\.|[^\s()"\\^])+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

Words: TypeAlias = tuple[str, ...]
Finder: TypeAlias = Callable[[str, str], "set[int] | None"]


class BadQuery(ValueError):
    """A query that MusicBrainz answers with 400."""


# An apostrophe stays within a word, dots within initials go, and a hyphen holds together what has a
# figure in it ("Blink-182"); every other sign parts words ("P!nk", "AC/DC").
_WORD = re.compile(r"(?:[^\W_]\.){2,}|[^\W_]+(?:['-][^\W_]+)*")
_QUOTES = str.maketrans(dict.fromkeys("’‘`´ʼ＇", "'"))


@lru_cache(maxsize=65536)
def tokens(text: str) -> Words:
    """The words of a text as MusicBrainz' index holds them: no case, no accents, "&" as "and".

    A text of signs alone keeps them as one word: there are songs called "?" and "!!!".
    """
    letters = unicodedata.normalize("NFKD", text.translate(_QUOTES).replace("&", " and "))
    plain = "".join(sign for sign in letters if not unicodedata.combining(sign)).casefold()
    plain = unicodedata.normalize("NFKC", plain)
    found: list[str] = []
    for word in _WORD.findall(plain):
        has_figure = any(sign.isdigit() for sign in word)
        parts = [word] if has_figure else word.split("-")
        found += [part.replace(".", "").removesuffix("'s") for part in parts]
    return tuple(found) or tuple(plain.split())


@dataclass(frozen=True, slots=True)
class Document:
    """What an index holds of one thing.

    Attributes:
        item: the thing itself.
        texts: the words of each text field, several where it has several values.
        values: lower-case values of the fields that are one word whatever they hold ("dj-mix").
        dates: years of the date fields.
    """

    item: object
    texts: Mapping[str, tuple[Words, ...]]
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    dates: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of an index; `found_by` are those whose words lead to their documents."""

    texts: frozenset[str]
    values: frozenset[str]
    dates: frozenset[str]
    found_by: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every field that a query may name."""
        return self.texts | self.values | self.dates


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a phrase or the beginning of a word, in one field ("" for all texts)."""

    field: str
    text: str
    is_prefix: bool = False

    def numbers(self, find: Finder) -> set[int] | None:
        """Owners of documents that may match, None for any."""
        words = tokens(self.text)
        if self.is_prefix or not words:
            return None
        sets = [find(self.field, word) for word in words]
        known = [numbers for numbers in sets if numbers is not None]
        return set.intersection(*known) if known else None

    def score(self, document: Document) -> float:
        """How well a document matches, 0 for not at all: a short field full of it matches best."""
        if self.field in document.values:
            held = document.values[self.field]
            return 1.0 if self.text.lower() in held or self._begins(held) else 0.0
        if self.field in document.dates:
            years = map(str, document.dates[self.field])
            return 1.0 if self.text[:4] in years else 0.0
        texts = document.texts.get(self.field, ())
        if not self.field:
            texts = tuple(each for held in document.texts.values() for each in held)
        return max((self._within(held) for held in texts), default=0.0)

    def _within(self, held: Words) -> float:
        if self.is_prefix:
            return 1.0 / len(held) if self._begins(held) else 0.0
        words = tokens(self.text)
        size = len(words)
        if not size or words[0] not in held:
            return 0.0
        starts = range(len(held) - size + 1)
        return size / len(held) if any(held[at : at + size] == words for at in starts) else 0.0

    def _begins(self, held: Iterable[str]) -> bool:
        return self.is_prefix and any(word.startswith(self.text.lower()) for word in held)


@dataclass(frozen=True, slots=True)
class Between:
    """A range of years in a date field, both ends included."""

    field: str
    low: int
    high: int

    def numbers(self, find: Finder) -> set[int] | None:  # noqa: ARG002
        """Anything may match."""
        return None

    def score(self, document: Document) -> float:
        """1 where a year lies within."""
        years = document.dates.get(self.field, ())
        return 1.0 if any(self.low <= year <= self.high for year in years) else 0.0


@dataclass(frozen=True, slots=True)
class Boosted:
    """A part whose score counts more or less than others'."""

    part: Node
    by: float

    def numbers(self, find: Finder) -> set[int] | None:
        """As the part says."""
        return self.part.numbers(find)

    def score(self, document: Document) -> float:
        """The part's, multiplied."""
        return self.part.score(document) * self.by


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that must match, may match and must not match."""

    must: tuple[Node, ...] = ()
    may: tuple[Node, ...] = ()
    none: tuple[Node, ...] = ()

    def numbers(self, find: Finder) -> set[int] | None:
        """Owners of documents that may match, None for any."""
        if self.must:
            sets = [part.numbers(find) for part in self.must]
            known = [numbers for numbers in sets if numbers is not None]
            return set.intersection(*known) if known else None
        found: set[int] = set()
        for part in self.may:
            numbers = part.numbers(find)
            if numbers is None:
                return None
            found |= numbers
        return found

    def score(self, document: Document) -> float:
        """The sum over the parts, 0 where the document does not match. What is only forbidden
        finds nothing."""
        if any(part.score(document) for part in self.none):
            return 0.0
        required = [part.score(document) for part in self.must]
        if not all(required):
            return 0.0
        return sum(required) + sum(part.score(document) for part in self.may)


Node: TypeAlias = Term | Between | Boosted | Group


def parse(query: str, fields: Fields) -> Node:
    """The tree of a query; BadQuery if it is blank, names an unknown field or does not close what
    it opens."""
    parser = _Parser(_tokens(query), fields)
    node = parser.group("")
    if parser.left:
        raise BadQuery(query)
    return node


@dataclass(slots=True)
class _Token:
    kind: str
    value: str
    low: str = ""
    high: str = ""


def _tokens(query: str) -> list[_Token]:
    found, place = [], 0
    while place < len(query.rstrip()):
        token = _TOKEN.match(query, place)
        if token is None:
            raise BadQuery(query)
        kind = next(name for name in _KINDS if token[name] is not None)
        value = token[kind]
        if kind == "word" and value in ("AND", "OR", "NOT"):
            kind = "sign"
        value = _SIGNS.get(value, value) if kind == "sign" else value
        found.append(_Token(kind, value, token["low"] or "", token["high"] or ""))
        place = token.end()
    return found


_KINDS = ("range", "boost", "sign", "field", "phrase", "word")
_SIGNS = {"&&": "AND", "||": "OR", "!": "NOT", "-": "NOT"}


class _Parser:
    def __init__(self, left: list[_Token], fields: Fields) -> None:
        self.left = left
        self.fields = fields

    def group(self, field: str) -> Node:
        """Clauses up to the end or the bracket that closes them."""
        clauses: list[tuple[str, Node]] = []
        joint = ""
        while self.left and not self._next_is(")"):
            if clauses and (joint := self._take("AND", "OR")) == "AND" and clauses[-1][0] == "may":
                clauses[-1] = ("must", clauses[-1][1])
            sign = self._take("+", "NOT")
            how = "none" if sign == "NOT" else "must" if sign == "+" or joint == "AND" else "may"
            clauses.append((how, self._clause(field)))
        if not clauses:
            raise BadQuery
        if len(clauses) == 1 and clauses[0][0] != "none":
            return clauses[0][1]
        return Group(*(tuple(node for how, node in clauses if how == kind)
                       for kind in ("must", "may", "none")))  # fmt: skip

    def _next_is(self, *signs: str) -> bool:
        return bool(self.left) and self.left[0].kind == "sign" and self.left[0].value in signs

    def _take(self, *signs: str) -> str:
        return self.left.pop(0).value if self._next_is(*signs) else ""

    def _clause(self, field: str) -> Node:
        if self.left and self.left[0].kind == "field":
            field = self.left.pop(0).value
            if field not in self.fields.all:
                raise BadQuery(field)
        node = self._atom(field)
        if self.left and self.left[0].kind == "boost":
            node = Boosted(node, float(self.left.pop(0).value[1:]))
        return node

    def _atom(self, field: str) -> Node:
        if self._take("("):
            node = self.group(field)
            if not self._take(")"):
                raise BadQuery
            return node
        if not self.left or self.left[0].kind not in ("word", "phrase", "range"):
            raise BadQuery
        token = self.left.pop(0)
        if token.kind == "range":
            return Between(field, _year(token.low, 0), _year(token.high, 9999))
        is_prefix = token.kind == "word" and re.search(r"(?<!\\)\*$", token.value) is not None
        text = _ESCAPED.sub(r"\1", token.value.removesuffix("*") if is_prefix else token.value)
        return Term(field, text, is_prefix)


def _year(text: str, unbound: int) -> int:
    if text == "*":
        return unbound
    if not text[:4].isdecimal():
        raise BadQuery(text)
    return int(text[:4])
