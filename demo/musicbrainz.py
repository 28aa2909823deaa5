"""Answers in MusicBrainz' way: recordings by a Lucene query or by their identity. No network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from . import lucene
from .answer import Answer, Object, Params
from .catalogue import Catalogue, made_up_mbid
from .entries import Entry, entries

_MBID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def respond(catalogue: Catalogue, path: str, params: Params, *, user_agent: str) -> Answer:
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
        return _error("Invalid mbid.", 400)
    song = catalogue.by_mbid.get(mbid)
    held = entries("musicbrainz", song, catalogue.traps) if song else ()
    if not held:
        return _error("Not Found", 404)
    return Answer({**_recording(held[0]), "genres": [], "disambiguation": held[0].comment})


def _error(message: str, status: int) -> Answer:
    see = "For usage, please see: https://musicbrainz.org/development/mmd"
    return Answer({"error": message, "help": see}, status)


def _recording_search(catalogue: Catalogue, params: Params) -> Answer:
    try:
        node = lucene.parse(params.get("query", ""))
    except lucene.BadQuery:
        return _error("The given parameters do not match any available query", 400)
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
