"""Answers in iTunes' way: the store's songs that hold all words of a term. No network."""

from __future__ import annotations

import re
from collections.abc import Callable

from .answer import Answer, Object, Params
from .catalogue import Catalogue, words
from .entries import Entry, entries

# What an attribute lets a term be searched for in.
_FIELDS: dict[str, Callable[[Entry], str]] = {
    "artistTerm": lambda entry: entry.artist,
    "songTerm": lambda entry: entry.title,
    "albumTerm": lambda entry: entry.album,
}


def respond(catalogue: Catalogue, params: Params) -> Answer:
    """GET /search for songs of the store."""
    if not re.fullmatch(r"[A-Za-z]{2}", params.get("country", "US")):
        return answer({"errorMessage": "Invalid value(s) for key(s): [country]"}, 400)
    attribute = params.get("attribute", "")
    if attribute and attribute not in _FIELDS:
        return answer({"errorMessage": "Invalid value(s) for key(s): [attributeType]"}, 400)
    limit = params.get("limit", "")
    limit_of = int(limit) if limit.isdecimal() and int(limit) else 50
    found = _found(catalogue, params.get("term", ""), attribute)[: min(limit_of, 200)]
    return answer({"resultCount": len(found), "results": [_store_song(entry) for entry in found]})


def _found(catalogue: Catalogue, term: str, attribute: str) -> list[Entry]:
    """The store's songs that hold every word of a term, misspelled or not, in what the attribute
    names, if any: what is sold most first, and of one song whichever copy comes."""

    def held_by(entry: Entry) -> frozenset[str]:
        return frozenset(words(_FIELDS[attribute](entry))) if attribute else entry.words

    asked = [near for word in words(term) for near in [catalogue.spellings(word)] if near]
    if not asked or len(asked) < len(words(term)):
        return []
    numbers = set.intersection(
        *(set().union(*(catalogue.with_word(word) for word in near)) for near in asked)
    )
    held = [
        entry
        for number in numbers
        for entry in entries("itunes", catalogue.songs[number], catalogue.traps)
        if all(not near.isdisjoint(own) for own in [held_by(entry)] for near in asked)
    ]
    return sorted(held, key=lambda entry: (-entry.song.listeners, entry.mbid))


def answer(body: object, status: int = 200) -> Answer:
    """An answer in iTunes' way: as a script, after some line breaks."""
    return Answer(body, status, {}, "text/javascript; charset=utf-8", b"\n\n\n")


def _store_song(entry: Entry) -> Object:
    number = int(entry.mbid[:7], 16)
    page = f"https://music.apple.com/us/album/{number}?i={number + 1}"
    return {
        "wrapperType": "track",
        "kind": "song",
        "artistId": number + 2,
        "collectionId": number,
        "trackId": number + 1,
        "artistName": entry.artist,
        "collectionName": entry.album,
        "trackName": entry.title,
        "collectionCensoredName": entry.album,
        "trackCensoredName": entry.title,
        "trackViewUrl": page,
        **({"releaseDate": f"{entry.year}-01-01T08:00:00Z"} if entry.year else {}),
        "trackExplicitness": "explicit" if entry.song.explicit else "notExplicit",
        "trackTimeMillis": entry.song.duration * 1000,
        "country": "USA",
        "currency": "USD",
        "primaryGenreName": entry.genre,
        "isStreamable": True,
    }
