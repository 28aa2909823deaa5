"""Answers in Last.fm's way: four methods, errors in the body, numbers as strings. No network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote_plus

from ..tasks.names.folding import fold
from .answer import Answer, Object, Params
from .catalogue import Catalogue, Song, words
from .entries import Entry, entries

_GREY_STAR = "https://lastfm.freetls.fastly.net/i/u/34s/2a96cbd8b46e442fc41c2b86b821562f.png"


def respond(catalogue: Catalogue, params: Params, *, keys: frozenset[str] | None) -> Answer:
    """GET /2.0/ with one of four methods.

    Args:
        keys: the API keys let in, None for all.
    """
    key, method = params.get("api_key", ""), params.get("method", "")
    if not key or method not in _METHODS:
        return error(6 if not key else 3)
    if keys is not None and key not in keys:
        return error(10)
    return _METHODS[method](catalogue, params)


_ERRORS = {
    3: (400, "Invalid Method - No method with that name in this package"),
    6: (400, "Invalid parameters - Your request is missing a required parameter"),
    8: (500, "Operation failed - Most likely the backend service failed. Please try again."),
    10: (403, "Invalid API key - You must be granted a valid key by last.fm"),
    11: (503, "Service Offline - This service is temporarily offline. Try again later."),
    16: (503, "The service is temporarily unavailable, please try again."),
    26: (403, "API Key Suspended - This application is not allowed to make requests"),
    29: (429, "Rate Limit Exceded - Your IP has made too many requests in a short period"),
}


def error(code: int, status: int | None = None) -> Answer:
    """One of Last.fm's errors in the body, with the HTTP status that was seen with it."""
    usual, message = _ERRORS[code]
    return Answer({"error": code, "message": message, "links": []}, status or usual)


def _info(catalogue: Catalogue, params: Params) -> Answer:
    artist, title = params.get("artist", ""), params.get("track", "")
    if not (artist and title):
        return error(6)
    corrected = params.get("autocorrect") == "1"
    for entry in _entries(catalogue, title):
        if _is_same(entry, artist, title, corrected):
            return Answer({"track": _track(entry)})
    if catalogue.ghosts:
        nobody = Song(artist, title, listeners=2, duration=0)
        return Answer({"track": _track(Entry(nobody, "ghost", artist, title, None, "", 2))})
    return Answer({"error": 6, "message": "Track not found", "links": []})


def _entries(catalogue: Catalogue, title: str) -> Iterator[Entry]:
    for song in catalogue.find(title):
        yield from entries("lastfm", song, catalogue.traps)


def _is_same(entry: Entry, artist: str, title: str, corrected: bool) -> bool:
    if not corrected:
        asked = (artist.casefold(), title.casefold())
        return asked == (entry.artist.casefold(), entry.title.casefold())
    names = {fold(name) for name in (entry.artist, *entry.song.aliases)}
    return fold(title) == fold(entry.title) and fold(artist) in names


def _page(artist: str, title: str = "") -> str:
    page = f"https://www.last.fm/music/{quote_plus(artist)}"
    return f"{page}/_/{quote_plus(title)}" if title else page


def _track(entry: Entry) -> Object:
    streamable = {"#text": "0", "fulltrack": "0"}
    track: Object = {
        "name": entry.title,
        "url": _page(entry.artist, entry.title),
        "duration": str(entry.song.duration * 1000 if entry.kind == "original" else 0),
        "streamable": streamable,
        "listeners": str(entry.listeners),
        "playcount": str(entry.listeners * 7),
        "artist": {"name": entry.artist, "url": _page(entry.artist)},
        "toptags": {"tag": [_tag(name) for name, _ in entry.tags[:5]]},
    }
    if entry.album:
        track["album"] = {
            "artist": entry.artist,
            "title": entry.album,
            "url": f"{_page(entry.artist)}/{quote_plus(entry.album)}",
            "image": [{"#text": _GREY_STAR, "size": "small"}],
        }
    if entry.listeners > 100_000:
        # The date of the wiki's text: no release date.
        track["wiki"] = {
            "published": "28 Nov 2019, 06:01",
            "summary": f"{entry.title} is a song. <a href='#'>Read more on Last.fm</a>.",
        }
    return track


def _tag(name: str) -> Object:
    return {"name": name, "url": f"https://www.last.fm/tag/{quote_plus(name)}"}


def _search(catalogue: Catalogue, params: Params) -> Answer:
    text, artist = params.get("track", ""), params.get("artist", "")
    if not text:
        return error(6)
    asked, narrowed = set(words(text)), set(words(artist))
    matches = [
        entry
        for entry in _entries(catalogue, f"{text} {artist}")
        if asked <= set(words(f"{entry.title} {entry.artist}"))
        and narrowed <= set(words(entry.artist))
    ]
    # By relevance: how much of a row the words make up, and then no order that helps.
    matches.sort(key=lambda entry: (-_relevance(asked | narrowed, entry), entry.mbid))
    limit = int(params.get("limit", "30"))
    results: Object = {
        "opensearch:Query": {"#text": "", "role": "request", "startPage": "1"},
        "opensearch:totalResults": str(len(matches)),
        "opensearch:startIndex": "0",
        "opensearch:itemsPerPage": str(limit),
        "trackmatches": {"track": [_match(entry) for entry in matches[:limit]]},
        "@attr": {},
    }
    return Answer({"results": results})


def _relevance(asked: set[str], entry: Entry) -> float:
    held = words(f"{entry.title} {entry.artist}")
    return round(len(asked) / len(held), 1)


def _match(entry: Entry) -> Object:
    return {
        "name": entry.title,
        "artist": entry.artist,
        "url": _page(entry.artist, entry.title),
        "streamable": "FIXME",
        "listeners": str(entry.listeners),
        "image": [{"#text": _GREY_STAR, "size": "small"}],
        "mbid": "",
    }


def _track_tags(catalogue: Catalogue, params: Params) -> Answer:
    artist, title = params.get("artist", ""), params.get("track", "")
    for entry in _entries(catalogue, title):
        if _is_same(entry, artist, title, corrected=True):
            return _toptags(entry.tags, artist=entry.artist, track=entry.title)
    return _toptags((), artist=artist, track=title)


def _artist_tags(catalogue: Catalogue, params: Params) -> Answer:
    asked = fold(params.get("artist", ""))
    for song in catalogue.find(params.get("artist", "")):
        if asked in {fold(name) for name in (song.artist, *song.aliases)}:
            tags = ((song.genre.lower(), 100), ("seen live", 60)) if song.genre else ()
            return _toptags(tags, artist=song.artist)
    return Answer({"error": 6, "message": "The artist you supplied could not be found"})


def _toptags(tags: Sequence[tuple[str, int]], **attributes: str) -> Answer:
    listed = [{"count": count, **_tag(name)} for name, count in tags]
    return Answer({"toptags": {"tag": listed, "@attr": attributes}})


_METHODS = {
    "track.getInfo": _info,
    "track.search": _search,
    "track.getTopTags": _track_tags,
    "artist.getTopTags": _artist_tags,
}
