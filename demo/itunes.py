"""Answers in iTunes' way: the store's songs that hold all words of a term. No network."""

from __future__ import annotations

import re

from .answer import Answer, Object, Params
from .catalogue import Catalogue, words
from .entries import Entry, entries


def respond(catalogue: Catalogue, params: Params) -> Answer:
    """GET /search for songs of the store."""
    if not re.fullmatch(r"[A-Za-z]{2}", params.get("country", "US")):
        return answer({"errorMessage": "Invalid value(s) for key(s): [country]"}, 400)
    asked = set(words(params.get("term", "")))
    results = [
        _store_song(entry)
        for song in catalogue.find(params.get("term", ""))
        for entry in entries("itunes", song, catalogue.traps)
        if asked <= entry.words
    ]
    results = results[: min(int(params.get("limit", "50")), 200)]
    return answer({"resultCount": len(results), "results": results})


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
        "trackExplicitness": "notExplicit",
        "trackTimeMillis": entry.song.duration * 1000,
        "country": "USA",
        "currency": "USD",
        "primaryGenreName": entry.genre,
        "isStreamable": True,
    }
