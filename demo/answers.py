"""What the services answer to a question: the real shapes, filled from a catalogue. No network."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote_plus

from ..tasks.folding import fold
from . import lucene
from .catalogue import Catalogue, Song, made_up_mbid, words
from .entries import Entry, entries

Object: TypeAlias = dict[str, object]
Params: TypeAlias = Mapping[str, str]

_GREY_STAR = "https://lastfm.freetls.fastly.net/i/u/34s/2a96cbd8b46e442fc41c2b86b821562f.png"
_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: `body` becomes JSON, `before` and the content type are the service's way."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    before: bytes = b""

    def encoded(self) -> bytes:
        """The bytes of the body; an empty body for None."""
        if self.body is None:
            return b""
        return self.before + json.dumps(self.body, ensure_ascii=False).encode()


# -- Last.fm -----------------------------------------------------------------------------------


def lastfm(catalogue: Catalogue, params: Params, *, keys: frozenset[str] | None) -> Answer:
    """GET /2.0/ with one of four methods.

    Args:
        keys: the API keys let in, None for all.
    """
    key, method = params.get("api_key", ""), params.get("method", "")
    if not key or method not in _LASTFM_METHODS:
        return lastfm_error(6 if not key else 3)
    if keys is not None and key not in keys:
        return lastfm_error(10)
    return _LASTFM_METHODS[method](catalogue, params)


_LASTFM_ERRORS = {
    3: (400, "Invalid Method - No method with that name in this package"),
    6: (400, "Invalid parameters - Your request is missing a required parameter"),
    8: (500, "Operation failed - Most likely the backend service failed. Please try again."),
    10: (403, "Invalid API key - You must be granted a valid key by last.fm"),
    11: (503, "Service Offline - This service is temporarily offline. Try again later."),
    16: (503, "The service is temporarily unavailable, please try again."),
    26: (403, "API Key Suspended - This application is not allowed to make requests"),
    29: (429, "Rate Limit Exceded - Your IP has made too many requests in a short period"),
}


def lastfm_error(code: int, status: int | None = None) -> Answer:
    """One of Last.fm's errors in the body, with the HTTP status that was seen with it."""
    usual, message = _LASTFM_ERRORS[code]
    return Answer({"error": code, "message": message, "links": []}, status or usual)


def _lastfm_not_found(what: str) -> Answer:
    return Answer({"error": 6, "message": f"{what} not found", "links": []})


def _lastfm_info(catalogue: Catalogue, params: Params) -> Answer:
    artist, title = params.get("artist", ""), params.get("track", "")
    if not (artist and title):
        return lastfm_error(6)
    corrected = params.get("autocorrect") == "1"
    for entry in _lastfm_entries(catalogue, title):
        if _is_same(entry, artist, title, corrected):
            return Answer({"track": _lastfm_track(entry)})
    if catalogue.ghosts:
        nobody = Song(artist, title, listeners=2, duration=0)
        return Answer({"track": _lastfm_track(Entry(nobody, "ghost", artist, title, None, "", 2))})
    return _lastfm_not_found("Track")


def _lastfm_entries(catalogue: Catalogue, title: str) -> Iterator[Entry]:
    for song in catalogue.find(title):
        yield from entries("lastfm", song, catalogue.traps)


def _is_same(entry: Entry, artist: str, title: str, corrected: bool) -> bool:
    if not corrected:
        asked = (artist.casefold(), title.casefold())
        return asked == (entry.artist.casefold(), entry.title.casefold())
    names = {fold(name) for name in (entry.artist, *entry.song.aliases)}
    return fold(title) == fold(entry.title) and fold(artist) in names


def _lastfm_page(artist: str, title: str = "") -> str:
    page = f"https://www.last.fm/music/{quote_plus(artist)}"
    return f"{page}/_/{quote_plus(title)}" if title else page


def _lastfm_track(entry: Entry) -> Object:
    streamable = {"#text": "0", "fulltrack": "0"}
    track: Object = {
        "name": entry.title,
        "url": _lastfm_page(entry.artist, entry.title),
        "duration": str(entry.song.duration * 1000 if entry.kind == "original" else 0),
        "streamable": streamable,
        "listeners": str(entry.listeners),
        "playcount": str(entry.listeners * 7),
        "artist": {"name": entry.artist, "url": _lastfm_page(entry.artist)},
        "toptags": {"tag": [_lastfm_tag(name) for name, _ in entry.tags[:5]]},
    }
    if entry.album:
        track["album"] = {
            "artist": entry.artist,
            "title": entry.album,
            "url": f"{_lastfm_page(entry.artist)}/{quote_plus(entry.album)}",
            "image": [{"#text": _GREY_STAR, "size": "small"}],
        }
    if entry.listeners > 100_000:
        # The date of the wiki's text: no release date.
        track["wiki"] = {
            "published": "28 Nov 2019, 06:01",
            "summary": f"{entry.title} is a song. <a href='#'>Read more on Last.fm</a>.",
        }
    return track


def _lastfm_tag(name: str) -> Object:
    return {"name": name, "url": f"https://www.last.fm/tag/{quote_plus(name)}"}


def _lastfm_search(catalogue: Catalogue, params: Params) -> Answer:
    text, artist = params.get("track", ""), params.get("artist", "")
    if not text:
        return lastfm_error(6)
    asked, narrowed = set(words(text)), set(words(artist))
    matches = [
        entry
        for entry in _lastfm_entries(catalogue, f"{text} {artist}")
        if asked <= set(words(f"{entry.title} {entry.artist}"))
        and narrowed <= set(words(entry.artist))
    ]
    matches.sort(key=lambda entry: -entry.listeners)
    limit = int(params.get("limit", "30"))
    results: Object = {
        "opensearch:Query": {"#text": "", "role": "request", "startPage": "1"},
        "opensearch:totalResults": str(len(matches)),
        "opensearch:startIndex": "0",
        "opensearch:itemsPerPage": str(limit),
        "trackmatches": {"track": [_lastfm_match(entry) for entry in matches[:limit]]},
        "@attr": {},
    }
    return Answer({"results": results})


def _lastfm_match(entry: Entry) -> Object:
    return {
        "name": entry.title,
        "artist": entry.artist,
        "url": _lastfm_page(entry.artist, entry.title),
        "streamable": "FIXME",
        "listeners": str(entry.listeners),
        "image": [{"#text": _GREY_STAR, "size": "small"}],
        "mbid": "",
    }


def _lastfm_track_tags(catalogue: Catalogue, params: Params) -> Answer:
    artist, title = params.get("artist", ""), params.get("track", "")
    for entry in _lastfm_entries(catalogue, title):
        if _is_same(entry, artist, title, corrected=True):
            return _lastfm_toptags(entry.tags, artist=entry.artist, track=entry.title)
    return _lastfm_toptags((), artist=artist, track=title)


def _lastfm_artist_tags(catalogue: Catalogue, params: Params) -> Answer:
    asked = fold(params.get("artist", ""))
    for song in catalogue.find(params.get("artist", "")):
        if asked in {fold(name) for name in (song.artist, *song.aliases)}:
            tags = ((song.genre.lower(), 100), ("seen live", 60)) if song.genre else ()
            return _lastfm_toptags(tags, artist=song.artist)
    return Answer({"error": 6, "message": "The artist you supplied could not be found"})


def _lastfm_toptags(tags: Sequence[tuple[str, int]], **attributes: str) -> Answer:
    listed = [{"count": count, **_lastfm_tag(name)} for name, count in tags]
    return Answer({"toptags": {"tag": listed, "@attr": attributes}})


_LASTFM_METHODS = {
    "track.getInfo": _lastfm_info,
    "track.search": _lastfm_search,
    "track.getTopTags": _lastfm_track_tags,
    "artist.getTopTags": _lastfm_artist_tags,
}


# -- MusicBrainz -------------------------------------------------------------------------------


def musicbrainz(catalogue: Catalogue, path: str, params: Params, *, user_agent: str) -> Answer:
    """GET /ws/2/recording, with a query or an identity at its end."""
    if not user_agent:
        return Answer({"error": "Please set a meaningful User-Agent."}, 403)
    if params.get("fmt") != "json":
        return Answer({"error": "The stand-in answers only fmt=json."}, 406)
    mbid = path.removeprefix("/ws/2/recording").strip("/")
    if mbid:
        return _recording_by_id(catalogue, mbid)
    return _recording_search(catalogue, params)


def _recording_by_id(catalogue: Catalogue, mbid: str) -> Answer:
    if not _MBID.fullmatch(mbid):
        return _musicbrainz_error("Invalid mbid.", 400)
    song = catalogue.by_mbid.get(mbid)
    held = entries("musicbrainz", song, catalogue.traps) if song else ()
    if not held:
        return _musicbrainz_error("Not Found", 404)
    return Answer({**_recording(held[0]), "genres": [], "disambiguation": held[0].comment})


def _musicbrainz_error(message: str, status: int) -> Answer:
    see = "For usage, please see: https://musicbrainz.org/development/mmd"
    return Answer({"error": message, "help": see}, status)


def _recording_search(catalogue: Catalogue, params: Params) -> Answer:
    try:
        node = lucene.parse(params.get("query", ""))
    except lucene.BadQuery:
        return _musicbrainz_error("The given parameters do not match any available query", 400)
    scored = _scored(catalogue, node)
    best = scored[0][0] if scored else 1.0
    limit, offset = int(params.get("limit", "25")), int(params.get("offset", "0"))
    limit = limit if 1 <= limit <= 100 else 25
    recordings = [
        {"score": int(100 * score / best), **_recording(entry)}
        for score, entry in scored[offset : offset + limit]
    ]
    body = {"created": "2026-01-01T00:00:00.000Z", "count": len(scored), "offset": offset}
    return Answer({**body, "recordings": recordings})


def _scored(catalogue: Catalogue, node: lucene.Node) -> list[tuple[float, Entry]]:
    numbers = node.numbers(catalogue)
    numbers = set(range(len(catalogue.songs))) if numbers is None else numbers
    scored = [
        (score, entry)
        for number in sorted(numbers)
        for entry in entries("musicbrainz", catalogue.songs[number], catalogue.traps)
        if (score := node.score(entry)) > 0
    ]
    return sorted(scored, key=lambda pair: -pair[0])


def _recording(entry: Entry) -> Object:
    recording: Object = {
        "id": entry.mbid,
        "title": entry.title,
        "length": entry.song.duration * 1000,
        "video": None,
        "artist-credit": _credit(entry),
        "releases": list(_releases(entry)),
    }
    if entry.comment:
        recording["disambiguation"] = entry.comment
    if entry.year:
        recording["first-release-date"] = (
            f"{entry.year}-06-15" if entry.year % 3 else str(entry.year)
        )
    if entry.tags:
        recording["tags"] = [{"count": count, "name": name} for name, count in entry.tags]
    return recording


def _credit(entry: Entry) -> list[Object]:
    names = entry.artist.split(" feat. ")
    credit: list[Object] = []
    for name in names:
        artist: Object = {
            "id": made_up_mbid("artist", name),
            "name": name,
            "sort-name": name.removeprefix("The ") + (", The" if name.startswith("The ") else ""),
        }
        if entry.song.aliases and name in entry.song.artist:
            artist["aliases"] = [_alias(alias) for alias in entry.song.aliases]
        credit.append({"name": name, "artist": artist})
        if name is not names[-1]:
            credit[-1]["joinphrase"] = " feat. "
    return credit


def _alias(name: str) -> Object:
    nothing = dict.fromkeys(("locale", "type", "primary", "begin-date", "end-date"))
    return {"sort-name": name, "name": name, **nothing}


def _releases(entry: Entry) -> Iterator[Object]:
    date = str(entry.year or "")
    yield _release(entry.album, date, entry.secondary_types)
    if entry.compiled:
        later = str((entry.year or 1990) + 20)
        yield _release(f"The Best of {entry.artist}", later, ("Compilation",))
        yield _release(entry.album, "", entry.secondary_types)


def _release(title: str, date: str, secondary: Sequence[str]) -> Object:
    group: Object = {
        "id": made_up_mbid("release-group", title),
        "title": title,
        "primary-type": "Album",
    }
    if secondary:
        group["secondary-types"] = list(secondary)
    return {
        "id": made_up_mbid("release", title, date),
        "title": title,
        "status": "Official",
        "date": date,
        "country": "XW",
        "release-group": group,
    }


# -- iTunes ------------------------------------------------------------------------------------


def itunes(catalogue: Catalogue, params: Params) -> Answer:
    """GET /search for songs of the store."""
    if not re.fullmatch(r"[A-Za-z]{2}", params.get("country", "US")):
        return itunes_answer({"errorMessage": "Invalid value(s) for key(s): [country]"}, 400)
    asked = set(words(params.get("term", "")))
    results = [
        _store_song(entry)
        for song in catalogue.find(params.get("term", ""))
        for entry in entries("itunes", song, catalogue.traps)
        if asked <= entry.words
    ]
    results = results[: min(int(params.get("limit", "50")), 200)]
    return itunes_answer({"resultCount": len(results), "results": results})


def itunes_answer(body: object, status: int = 200) -> Answer:
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


# -- ListenBrainz ------------------------------------------------------------------------------

MAX_LOOKUPS = 50


def listenbrainz(
    catalogue: Catalogue,
    method: str,
    path: str,
    params: Params,
    payload: object,
    *,
    authorization: str,
    tokens: frozenset[str] | None,
) -> Answer:
    """The end points /1/metadata/lookup/, /1/metadata/recording/ and /1/validate-token.

    Args:
        payload: the parsed body of a POST.
        tokens: the user tokens let in, None for all.
    """
    token = authorization.removeprefix("Token ").strip() if authorization else ""
    known = bool(token) and (tokens is None or token in tokens)
    if path == "/1/validate-token":
        return _validated(token, known)
    if path == "/1/metadata/recording/":
        return _recordings_metadata(catalogue, params, payload)
    if path != "/1/metadata/lookup/":
        return listenbrainz_error(404, "The requested URL was not found on the server.")
    if not known:
        return listenbrainz_error(401, "You need to provide an Authorization header.")
    if method == "GET":
        song = _looked_up(
            catalogue, params.get("artist_name", ""), params.get("recording_name", "")
        )
        return Answer(_lookup_hit(song) if song else {})
    return _lookup_batch(catalogue, payload)


def listenbrainz_error(status: int, message: str) -> Answer:
    """An error in ListenBrainz' way."""
    return Answer({"code": status, "error": message}, status)


def _validated(token: str, known: bool) -> Answer:
    if not token:
        return listenbrainz_error(400, "You need to provide an Authorization token.")
    if not known:
        return Answer({"code": 200, "message": "Token invalid.", "valid": False})
    return Answer({"code": 200, "message": "Token valid.", "valid": True, "user_name": "singer"})


def _looked_up(catalogue: Catalogue, artist: str, title: str) -> Song | None:
    """The song whose names are equal once everything but letters and figures is gone."""
    asked = (_glued(artist), _glued(title))
    for song in catalogue.find(title):
        if "listenbrainz" in song.services and asked == (_glued(song.artist), _glued(song.title)):
            return song
    return None


def _glued(name: str) -> str:
    return "".join(words(name))


def _lookup_hit(song: Song) -> Object:
    return {
        "recording_mbid": song.mbid,
        "release_mbid": made_up_mbid("release", song.album or song.title, str(song.year or "")),
        "artist_mbids": [made_up_mbid("artist", name) for name in song.artist.split(" feat. ")],
        "recording_name": song.title,
        "release_name": song.album or song.title,
        "artist_credit_name": song.artist,
    }


def _lookup_batch(catalogue: Catalogue, payload: object) -> Answer:
    pairs = payload.get("recordings") if isinstance(payload, dict) else None
    if not isinstance(pairs, list) or not pairs or len(pairs) > MAX_LOOKUPS:
        return listenbrainz_error(400, f"recordings must be 1 to {MAX_LOOKUPS} pairs")
    hits: list[Object] = []
    for index, pair in enumerate(pairs):
        artist, title = pair.get("artist_name", ""), pair.get("recording_name", "")
        if not (artist and title):
            return listenbrainz_error(400, f"artist_name or recording_name missing at {index}")
        if "release_name" in pair and pair["release_name"] is None:
            return listenbrainz_error(500, "Server failed to lookup recording")
        song = _looked_up(catalogue, artist, title)
        asked: Object = {
            "artist_name_arg": artist,
            "recording_name_arg": title,
            "release_name_arg": pair.get("release_name"),
            "index": index,
        }
        hits.append({**asked, **_lookup_hit(song)} if song else asked)
    return Answer(hits)


def _recordings_metadata(catalogue: Catalogue, params: Params, payload: object) -> Answer:
    given = payload.get("recording_mbids") if isinstance(payload, dict) else None
    mbids = given if isinstance(given, list) else params.get("recording_mbids", "").split(",")
    if not mbids or not all(_MBID.fullmatch(str(mbid)) for mbid in mbids):
        return listenbrainz_error(400, "Invalid recording MBID")
    known = {mbid: catalogue.by_mbid[mbid] for mbid in mbids if mbid in catalogue.by_mbid}
    return Answer({mbid: _metadata(song) for mbid, song in known.items()})


def _metadata(song: Song) -> Object:
    recording: Object = {"name": song.title, "length": song.duration * 1000, "rels": []}
    # Only if the full day is known, as the real one.
    if song.year and song.year % 3:
        recording["first_release_date"] = f"{song.year}-06-15"
    genre = {"tag": song.genre.lower(), "count": 3, "genre_mbid": made_up_mbid("genre", song.genre)}
    tags = [{"tag": "mellow", "count": 1}, *([genre] if song.genre else [])]
    return {
        "recording": recording,
        "artist": {"name": song.artist, "artist_credit_id": 1, "artists": []},
        "tag": {"recording": tags, "artist": [], "release_group": []},
        "release": {"name": song.album or song.title, "year": (song.year or 1990) + 20},
    }
