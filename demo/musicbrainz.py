"""Answers in MusicBrainz' way: searches in Lucene's language, and by identity. No network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from ..providers.decoding import MBID
from . import lucene
from .agent import names_contact
from .answer import Answer, Object, Params
from .catalogue import Catalogue, made_up_mbid
from .documents import Artist, ReleaseGroup, credited, index_of
from .entries import Entry, entries

# The longest request line that the stand-in takes, in bytes; a usual web server takes 8 KB.
LONGEST_QUERY = 6000


def respond(catalogue: Catalogue, path: str, params: Params, *, user_agent: str) -> Answer:
    """GET /ws/2/recording, /ws/2/release-group or /ws/2/artist with a query; the first also with
    an identity at its end."""
    if not names_contact(user_agent):
        return Answer({"error": "Please set a meaningful User-Agent that names a contact."}, 403)
    if params.get("fmt") != "json":
        return Answer({"error": "The stand-in answers only fmt=json."}, 406)
    what, _, mbid = path.removeprefix("/ws/2/").partition("/")
    if what not in _SEARCHES or (mbid and what != "recording"):
        return _error("Not Found", 404)
    return _recording_by_id(catalogue, mbid) if mbid else _search(catalogue, what, params)


def _recording_by_id(catalogue: Catalogue, mbid: str) -> Answer:
    if not MBID.fullmatch(mbid):
        return _error("Invalid mbid.", 400)
    song = catalogue.by_mbid.get(mbid)
    held = entries("musicbrainz", song, catalogue.traps) if song else ()
    if not held:
        return _error("Not Found", 404)
    return Answer({**_recording(held[0]), "genres": [], "disambiguation": held[0].comment})


def _error(message: str, status: int) -> Answer:
    see = "For usage, please see: https://musicbrainz.org/development/mmd"
    return Answer({"error": message, "help": see}, status)


def _search(catalogue: Catalogue, what: str, params: Params) -> Answer:
    index, show = index_of(catalogue, what), _SEARCHES[what]
    query = params.get("query", "")
    if len(query.encode()) > LONGEST_QUERY:
        return Answer(None, 414)
    try:
        node = lucene.parse(query, index.fields)
    except lucene.BadQuery:
        return _error("The given parameters do not match any available query", 400)
    scored = index.search(node)
    best = scored[0][0] if scored else 1.0
    limit, offset = _whole(params.get("limit", "")), _whole(params.get("offset", "")) or 0
    # Over a hundred, and whatever makes no sense, falls back to 25 without a word.
    limit = limit if 1 <= limit <= 100 else 25
    found = [
        {"score": int(100 * score / best), **show(item)}
        for score, item in scored[offset : offset + limit]
    ]
    body = {"created": "2026-01-01T00:00:00.000Z", "count": len(scored), "offset": offset}
    return Answer({**body, f"{what}s": found})


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0


# --- what is shown --------------------------------------------------------------------------------


def _recording(item: object) -> Object:
    entry = cast(Entry, item)
    recording: Object = {
        "id": entry.mbid,
        "title": entry.title,
        "length": entry.song.duration * 1000,
        "video": None,
        "artist-credit": _credit(entry.artist, _aliases(entry)),
        "releases": list(_releases(entry)),
    }
    if entry.comment:
        recording["disambiguation"] = entry.comment
    if entry.year:
        recording["first-release-date"] = _date(entry.year)
    if entry.tags:
        recording["tags"] = _tags(entry.tags)
    return recording


def _date(year: int) -> str:
    return f"{year}-06-15" if year % 3 else str(year)


def _tags(tags: Sequence[tuple[str, int]]) -> list[Object]:
    return [{"count": count, "name": name} for name, count in tags]


def _aliases(entry: Entry) -> tuple[str, ...]:
    return () if entry.kind == "cover" else entry.song.aliases


def _credit(artist: str, aliases: Sequence[str]) -> list[Object]:
    names = credited(artist)
    credit: list[Object] = [
        {
            "name": name,
            "artist": {
                "id": made_up_mbid("artist", name),
                "name": name,
                "sort-name": Artist(name).sort_name,
            },
        }
        for name in names
    ]
    for part in credit if aliases else ():
        cast(Object, part["artist"])["aliases"] = [_alias(alias) for alias in aliases]
    for part in credit[:-1]:
        part["joinphrase"] = " feat. "
    return credit


def _alias(name: str) -> Object:
    nothing = dict.fromkeys(("locale", "type", "primary", "begin-date", "end-date"))
    return {"sort-name": name, "name": name, **nothing}


def _releases(entry: Entry) -> Iterator[Object]:
    date = str(entry.year or "")
    for primary in entry.primary:
        title = entry.album if primary == "Album" else entry.title
        yield _release(title, date, primary, entry.secondary_types, entry.status)
    if entry.compiled:
        later = str((entry.year or 1990) + 20)
        yield _release(f"The Best of {entry.artist}", later, "Album", ("Compilation",))
        yield _release(entry.album, "", "Album", entry.secondary_types)


def _release(
    title: str, date: str, primary: str, secondary: Sequence[str], status: str = "Official"
) -> Object:
    group: Object = {
        "id": made_up_mbid("release-group", title),
        "title": title,
        "primary-type": primary,
    }
    if secondary:
        group["secondary-types"] = list(secondary)
    return {
        "id": made_up_mbid("release", title, date),
        "title": title,
        "status": status,
        "date": date,
        "country": "XW",
        "release-group": group,
    }


def _group(item: object) -> Object:
    group = cast(ReleaseGroup, item)
    shown: Object = {
        "id": group.mbid,
        "type-id": made_up_mbid("type", group.primary),
        "count": 1,
        "title": group.title,
        "primary-type": group.primary,
        "artist-credit": _credit(group.artist, group.aliases),
        "releases": [
            {
                "id": made_up_mbid("release", group.mbid),
                "title": group.title,
                "status": group.status,
            }
        ],
    }
    if group.year:
        shown["first-release-date"] = _date(group.year)
    if group.secondary:
        shown["secondary-types"] = list(group.secondary)
    if group.tags:
        shown["tags"] = _tags(group.tags)
    return shown


def _artist(item: object) -> Object:
    artist = cast(Artist, item)
    shown: Object = {
        "id": artist.mbid,
        "type": "Group",
        "name": artist.name,
        "sort-name": artist.sort_name,
        "life-span": {"ended": None},
    }
    if artist.comment:
        shown["disambiguation"] = artist.comment
    if artist.aliases:
        shown["aliases"] = [_alias(alias) for alias in artist.aliases]
    if artist.tags:
        shown["tags"] = _tags(artist.tags)
    return shown


_SEARCHES = {"recording": _recording, "release-group": _group, "artist": _artist}
