"""Answers in ListenBrainz' way: look-ups for a token, metadata for identities. No network."""

from __future__ import annotations

from ..providers.decoding import MBID
from .agent import names_contact
from .answer import Answer, Object, Params
from .catalogue import Catalogue, Song, made_up_mbid, words

MAX_LOOKUPS = 50


def respond(
    catalogue: Catalogue,
    method: str,
    path: str,
    params: Params,
    payload: object,
    *,
    authorization: str,
    tokens: frozenset[str] | None,
    user_agent: str,
) -> Answer:
    """The end points /1/metadata/lookup/, /1/metadata/recording/ and /1/validate-token.

    Args:
        payload: the parsed body of a POST.
        tokens: the user tokens let in, None for all.
    """
    if not names_contact(user_agent):
        return error(403, "Please set a User-Agent that names a contact.")
    token = authorization.removeprefix("Token ").strip() if authorization else ""
    known = bool(token) and (tokens is None or token in tokens)
    if path == "/1/validate-token":
        return _validated(token, known)
    if path == "/1/metadata/recording/":
        return _recordings_metadata(catalogue, params, payload)
    if path != "/1/metadata/lookup/":
        return error(404, "The requested URL was not found on the server.")
    if not known:
        return error(401, "You need to provide an Authorization header.")
    if method == "GET":
        song = _looked_up(
            catalogue, params.get("artist_name", ""), params.get("recording_name", "")
        )
        return Answer(_lookup_hit(song) if song else {})
    return _lookup_batch(catalogue, payload)


def error(status: int, message: str) -> Answer:
    """An error in ListenBrainz' way."""
    return Answer({"code": status, "error": message}, status)


def _validated(token: str, known: bool) -> Answer:
    if not token:
        return error(400, "You need to provide an Authorization token.")
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
        return error(400, f"recordings must be 1 to {MAX_LOOKUPS} pairs")
    hits: list[Object] = []
    for index, pair in enumerate(pairs):
        artist, title = pair.get("artist_name", ""), pair.get("recording_name", "")
        if not (artist and title):
            return error(400, f"artist_name or recording_name missing at {index}")
        if "release_name" in pair and pair["release_name"] is None:
            return error(500, "Server failed to lookup recording")
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
    if not mbids or not all(MBID.fullmatch(str(mbid)) for mbid in mbids):
        return error(400, "Invalid recording MBID")
    known = {mbid: catalogue.by_mbid[mbid] for mbid in mbids if mbid in catalogue.by_mbid}
    return Answer({mbid: _metadata(song) for mbid, song in known.items()})


def _metadata(song: Song) -> Object:
    # Whatever is unknown is null or missing, as it comes.
    recording: Object = {"name": song.title, "length": None, "isrcs": None, "rels": []}
    if song.duration % 5:
        recording["length"] = song.duration * 1000
    # Only if the full day is known, as the real one.
    if song.year and song.year % 3:
        recording["first_release_date"] = f"{song.year}-06-15"
    elif song.duration % 2:
        recording["first_release_date"] = None
    genre = {"tag": song.genre.lower(), "count": 3, "genre_mbid": made_up_mbid("genre", song.genre)}
    tags = [{"tag": "mellow", "count": 1, "genre_mbid": None}, *([genre] if song.genre else [])]
    artist = {"artist_mbid": made_up_mbid("artist", song.artist), "name": song.artist}
    return {
        "recording": recording,
        "artist": {
            "name": song.artist,
            "artist_credit_id": 1,
            "artists": [{**artist, "join_phrase": "", "begin_year": None, "gender": None}],
        },
        "tag": {"recording": tags, "artist": [], "release_group": []},
        "release": {
            "name": song.album or song.title,
            "year": (song.year or 1990) + 20,
            "caa_id": None,
            "release_group_mbid": None,
        },
    }
