"""The snapshot and the songs in words: pages print them, the page's script puts them in place.

All of a page's sentences are made here, so that page and script cannot say different things and a
translator finds whole sentences.
"""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from babel import Locale

from ..exceptions import BadEdit
from ..models import Change, Song
from ..providers.services import LIST, SOURCES, label_of
from ..system.said import N_, from_dict
from ..tasks.history import changes, former_answers, traits
from ..tasks.history.decisions import refused_by
from ..tasks.judging.languages import CODES, english_name
from ..tasks.judging.traits import TRAITS
from ..tasks.review import editing
from ..tasks.review.browsing import Choices
from ..tasks.review.reviewing import HARDLY, Proposal
from ..tasks.scoring import LEVELS, VERIFIED
from ..words import kinds, units
from ..words.sentences import part_words, sentence, service, told
from ..words.states import brief, second_looks
from . import texts
from .mounted import mounted
from .texts import gettext as _
from .texts import ngettext

Words = dict[str, Any]

_PROVIDER = {
    "closed": N_("Ready"),
    "open": N_("Unreachable"),
    "probing": N_("Trying again"),
    "limited": N_("Slowed down"),
    "refused": N_("Refused"),
}
# The one button that changes with the state; Stop stands beside it.
_PRIMARY = {
    "stopped": ("start", N_("Start")),
    "paused": ("resume", N_("Resume")),
    "running": ("pause", N_("Pause")),
    "waiting": ("pause", N_("Pause")),
}
_SOURCES = {
    "person": N_("a person"),
    "name": N_("the file name"),
    "": N_("the file name"),
    "pikaraoke": "PiKaraoke",
}
LEVEL_LABELS = {level.name: level.label for level in LEVELS}
STATUS_LABELS = {status: kinds.LABELS[name] for name, status in kinds.STATUSES.items()}
SORT_LABELS = {
    "artist": N_("Artist"),
    "title": N_("Title"),
    "unsure": N_("Least certain first"),
    "sure": N_("Most certain first"),
    "newest": N_("Newest year first"),
    "oldest": N_("Oldest year first"),
    "changed": N_("Last changed first"),
}
LANE_LABELS = {
    "unsure": N_("Songs known by their names only"),
    "medium": N_("Songs of Medium Confidence"),
    "not_found": N_("Songs that were not found"),
}
FIELD_LABELS = {
    "artist": N_("Artist"),
    "title": N_("Title"),
    "variant": N_("Version"),
    "year": N_("Year"),
    "genre": N_("Genre"),
    "duet": N_("Duet"),
    "language": N_("Language"),
    "explicit": N_("Explicit"),
}
DECISION_LABELS = {
    "edited": N_("Edited"),
    "accepted": N_("Accepted"),
    "rejected": N_("Rejected"),
    "imported": N_("Imported"),
    "renamed": N_("Files renamed"),
    "undone": N_("Taken back"),
}
_ACTIONS = {
    "answer": N_("Answered by %(source)s"),
    "edit": N_("Edited by a person"),
    "accept": N_("Accepted by a person"),
    "verify": N_("Marked as verified by a person"),
    "as_read": N_("Verified as read, by a person"),
    "swap": N_("Artist and title exchanged by a person"),
    "import": N_("Imported from another library"),
    "reject": N_("Candidates rejected by a person"),
    "list": N_("Taken from another host's list: %(source)s"),
    "elsewhere": N_("Changed by PiKaraoke"),
    "return": N_("The file came back: what people had said of it holds again"),
}


def describe(snapshot: dict[str, Any], now: float | None = None) -> Words:
    """What the page says about a snapshot.

    Args:
        snapshot: the progress, as `get_progress` gives it.
        now: epoch seconds, by default the clock's.
    Returns:
        status, aloud, bar, to_complete, time_left, hint, current, as_of: text; counts: kind ->
        text; primary: action and label of the button that makes sense now, or None; may_stop;
        providers and recent: a dictionary for each row.
    """
    now = time.time() if now is None else now
    state = snapshot["state"]
    is_held = snapshot.get("held", False)
    action, label = _PRIMARY.get("running" if is_held else state, ("", ""))
    status, aloud = brief(snapshot, now, texts.language())
    bar = _("No songs yet")
    if snapshot["total"]:
        bar = _(
            "%(processed)s/%(total)s (%(percent)s%%)",
            processed=snapshot["processed"],
            total=snapshot["total"],
            percent=_number(snapshot["percent"], 1),
        )
    # Of songs that count among the enriched ones already, or that no faster service knew.
    looks = second_looks(count, texts.language()) if (count := snapshot["second_looks"]) else ""
    return {
        "status": status,
        "aloud": aloud,
        "bar": bar,
        # The counts add up to all songs: those that wait are what the bar still lacks, and not
        # those that wait for a slower service's year.
        "counts": {name: _number(count) for name, count in kinds.counted(snapshot).items()},
        "to_complete": looks,
        "time_left": _time_left(snapshot),
        "hint": " ".join(
            sentence(from_dict(hint), texts.language()) for hint in snapshot.get("hints", ())
        ),
        "current": snapshot["current"] or "",
        "as_of": _("As of %(time)s", time=texts.language().clock(now)),
        "primary": {"action": action, "label": _(label)} if action else None,
        "may_stop": state in {"running", "paused", "waiting"},
        "providers": [_provider(row, now) for row in snapshot["providers"]],
        "recent": [_result(row, now) for row in snapshot["recent"]],
    }


def _number(number: float, places: int | None = None) -> str:
    return texts.language().number(number, places)


# --- the parts ------------------------------------------------------------------------------------


def _time_left(snapshot: dict[str, Any]) -> str:
    if not snapshot["remaining"]:
        return _("nothing left to do")
    if snapshot["state"] != "running":
        return _("stands still")
    rate, seconds = snapshot["rate_per_second"], snapshot["eta_seconds"]
    if not rate or seconds is None:
        return _("the pace is being measured")
    left = units.rounded(seconds, texts.language())
    if snapshot["remaining"] == snapshot["second_looks"]:  # beside a bar of 100 %
        return _("about %(time)s to complete years and genres", time=left)
    if rate < 0.1:
        return _("about %(time)s at %(pace)s songs/min", time=left, pace=_number(rate * 60, 1))
    return _("about %(time)s at %(pace)s songs/s", time=left, pace=_number(rate, 1))


def _provider(row: dict[str, Any], now: float) -> dict[str, str]:
    next_try = ""
    if retry_at := row["retry_at"]:
        wait = units.duration(retry_at - now, texts.language())
        next_try = _("Next try in %(time)s", time=wait)
    return {
        "name": row["name"],
        "label": row["label"],
        "state": row["state"],
        "status": _(_PROVIDER.get(row["state"], row["state"])),
        "pace": _("At most %(rate)s a second", rate=_number(mounted().settings.rate(row["name"]))),
        "requests": _("Requests today: %(count)s", count=row["requests"]),
        "next_try": next_try,
        "reason": told(row, texts.language()),
    }


def _result(row: dict[str, Any], now: float) -> dict[str, str]:
    source = row["source"] or ""
    return {
        # A song decided again is another row.
        "key": f"{row['id']}-{row['at']}",
        "name": row["name"],
        "artist": row["artist"] or "",
        "title": row["title"] or row["name"],
        "year": str(row["year"] or ""),
        "genre": row["genre"] or "",
        "level": _(row["level"]),
        "is_verified": row["level"] == VERIFIED.label,
        "colour": row["colour"],
        "confidence": "" if row["confidence"] is None else _number(row["confidence"], 2),
        "source": _("from %(source)s", source=_(_SOURCES.get(source, source))),
        "reason": told(row, texts.language()),
        "at": "" if row["at"] is None else moment_words(row["at"], now),
    }


# --- songs ----------------------------------------------------------------------------------------


def known_words(song: Song, sources: str, card: str) -> list[Words]:
    """What is known of a song: each field's label, value, source and the song's page there, and in
    words how sure the year is by itself ("" for the other fields, and where nobody has said)."""
    kept, pages = json.loads(sources or "{}"), links(card)
    parts = json.loads(card or "{}").get("parts", ()) if kept.get("year") else ()
    sure = next((float(part["value"]) for part in parts if part.get("name") == "year"), None)
    year = "" if sure is None else _("Confidence %(number)s", number=_number(sure, 2))
    # The figure is the answer's, which a person's word has put aside.
    if song.metadata_status == "manual" or kept.get("year") == changes.PERSON:
        year = _(VERIFIED.label)
    fields = [
        {
            "label": _(FIELD_LABELS[name]),
            "value": value,
            "source": _source(str(kept.get(name, ""))),
            "link": pages.get(str(kept.get(name, "")), ""),
            "sure": year if name == "year" else "",
        }
        for name in editing.EDITABLE
        if (value := getattr(song, name))
    ]
    more = [  # which are shown as unknown too
        {
            "label": _(FIELD_LABELS[name]),
            "value": value_words(name, told.value) or _("unknown"),
            "source": _trait_source(told.source) if told.source else "",
            "link": pages.get(told.source, ""),
            "sure": "",
        }
        for name, told in traits.known(song.id).items()
    ]
    return [*fields, *more]


_TRAIT_SOURCES = {
    "credit": N_("the credit at MusicBrainz"),
    "script": N_("the title's letters"),
    "artist": N_("the artist's other songs"),
}


def _trait_source(source: str) -> str:
    kind, _blank, name = source.partition(" ")
    if kind == "list":
        return _("the list %(name)s", name=name)
    return _(_TRAIT_SOURCES[kind]) if kind in _TRAIT_SOURCES else _source(kind)


def value_words(name: str, value: Any) -> str:
    """A field's value as it is read: "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "language":
        return ", ".join(map(language_name, str(value).split(",")))
    return str(value)


def language_name(code: str) -> str:
    """What a language is called in the reader's."""
    locale = Locale.parse(texts.language().tag, sep="-")
    return str(locale.languages.get(code) or english_name(code))


def language_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Codes and names of languages, by name; several in one are parted by commas."""
    named = [(code, value_words("language", code)) for code in codes]
    return sorted(named, key=lambda each: unicodedata.normalize("NFKD", each[1].lower()))


def choices(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Names and labels, as a form offers them."""
    return [(name, _(label)) for name, label in labels.items()]


def list_choices(found: Choices, sorts: Iterable[str]) -> Words:
    """What a list may be narrowed and sorted by."""
    return {
        "decades": [
            (decade, _("%(decade)ss", decade=decade))
            for decade, songs in reversed(found.decades.items())
            if songs
        ],
        "genres": [(genre, genre) for genre in found.genres],
        "languages": language_choices(found.languages),
        "sorts": choices({name: SORT_LABELS[name] for name in sorts}),
    }


def trait_choices(known: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """What a form offers for each trait; of languages the song's own too, where it has several."""
    flags = [("yes", _("yes")), ("no", _("no"))]
    own = [code for code in (known.get("language"),) if code and code not in CODES]
    return {"duet": flags, "language": language_choices([*CODES, *own]), "explicit": flags}


def as_said(name: str, text: str) -> str:
    """What a person typed for a trait in the reader's language, as it is taken."""
    choices = trait_choices({}).get(name, [])
    return next((value for value, words in choices if words.lower() == text.strip().lower()), text)


def _source(name: str) -> str:
    if name.startswith(LIST):
        return _("verified by %(list)s", list=label_of(name))
    return service(name, texts.language()) if name in SOURCES else _(_SOURCES.get(name, name))


def candidate_words(proposals: Sequence[Proposal]) -> list[Words]:
    """Each candidate as the review shows it: what it says, why, and what it would change."""
    all_, language = [], texts.language()
    for place, proposal in enumerate(proposals):
        candidate = proposal.candidate
        assert candidate is not None
        rival = proposals[1 if place == 0 else 0].candidate if len(proposals) > 1 else None
        gap = ""
        if rival is not None:
            behind = _number(abs(candidate.confidence - rival.confidence), 2)
            words = _("%(gap)s behind the first") if place else _("runner-up %(gap)s behind")
            gap = words % {"gap": behind}
        names = [service(name, language) for name in candidate.providers.split(",") if name]
        # What speaks against it stands first.
        evidence = [
            {"words": part_words(part, language), "is_against": part["penalty"] > 0.05}
            for part in json.loads(candidate.evidence or "{}").get("parts", [])
        ]
        against = [part["words"] for part in evidence if part["is_against"]]
        for_it = ngettext("%(count)s reason for it", "%(count)s reasons for it", len(evidence))
        why = _("Against: %(words)s", words=against[0]) if against else for_it
        if candidate.rank == former_answers.RANK:
            why = _("known before its file was renamed")
        all_.append(
            {
                "key": place + 1,
                "token": proposal.token,
                "version": proposal.version,
                "new": proposal.new,
                "changes": proposal_words(proposal),
                "confidence": _number(candidate.confidence, 2),
                "services": _("Known to %(names)s", names=", ".join(names)),
                "pages": [
                    {"name": service(name, language), "link": link}
                    for name, link in links(candidate.evidence).items()
                ],
                "gap": gap,
                "evidence": evidence,
                # In one line: the first thing that speaks against it, else how much for it.
                "why": why,
                "is_folded": candidate.confidence <= HARDLY,
            }
        )
    return all_


def reading_words(proposal: Proposal) -> Words:
    """What the name alone tells, as the review's first choice."""
    return {
        "new": proposal.new,
        "version": proposal.version,
        "changes": proposal_words(proposal),
        "can_be_swapped": bool(proposal.new["artist"]),
    }


def place_words(number: int, total: int) -> str:
    """Which song of how many is shown."""
    return _("%(number)s of %(total)s", number=_number(min(number, total)), total=_number(total))


def proposal_words(proposal: Proposal) -> list[Words]:
    """The fields that accepting would change."""
    return field_changes(proposal.old, proposal.new, proposal.changed)


def waiting_words(count: int) -> str:
    """How many songs wait for a person."""
    return ngettext("%(count)s song waits for you", "%(count)s songs wait for you", count)


def badge(count: int) -> str:
    """The same on a tab, where there is little room; "" for none."""
    return "" if not count else "999+" if count > 999 else str(count)


def coming_words(count: int) -> str:
    """How many songs still wait for their first look-up, and may come to the review too."""
    if count <= 0:
        return ""
    return _(
        "Songs that still wait for their look-up and may come up here as well: %(count)s",
        count=_number(count),
    )


def links(card: str) -> dict[str, str]:
    """Each source's page of a song, from its evidence; nothing but the web's own addresses."""
    kept = json.loads(card or "{}").get("links") or {}
    return {name: url for name, url in kept.items() if str(url).startswith("https://")}


def field_changes(old: Words, new: Words, names: Sequence[str]) -> list[Words]:
    """The fields that change, as label, old and new."""
    return [
        {
            "name": name,
            "label": _(FIELD_LABELS[name]),
            "old": value_words(name, old.get(name)),
            "new": value_words(name, new.get(name)),
        }
        for name in names
        if name in FIELD_LABELS
    ]


def action_words(action: str, source: str) -> str:
    """What was done to a song, and by whom."""
    names = ", ".join(_source(name) for name in source.split(",") if name)
    return _(_ACTIONS.get(action, action), source=names)


def moment_words(at: float, now: float | None = None) -> str:
    """When something was, in epoch seconds: the time of day, the date where that is another one."""
    today = time.localtime(time.time() if now is None else now)
    language = texts.language()
    return language.time(at) if time.localtime(at)[:3] == today[:3] else language.date(at)


def change_words(change: Change) -> Words:
    """One change of a song's history: who made it, when, and old and new of each field."""
    before, after = json.loads(change.before), json.loads(change.after)
    return {
        "id": change.id,
        "song_id": change.song_id,
        "name": change.song.title or "",
        "batch": change.batch,
        "is_undone": change.undone_at is not None,
        "action": action_words(change.action, change.source),
        "at": moment_words(change.at),
        "refused": refused_by(before, after),
        "changes": field_changes(before, after, list(after)),
    }


def field_problem(name: str, value: str) -> str:
    """What is wrong with a value that a person gives a field; "" where it takes it."""
    try:
        editing.checked(name, value)
    except BadEdit:
        if name == "language":
            return _("Give languages by their names, as German; several are parted by commas.")
        if name in TRAITS:
            return _("Give yes or no.")
        if name == "year":
            last = datetime.now(timezone.utc).year + 1
            words = _("The year is a number from %(first)s to %(last)s.")
            return words % {"first": editing.FIRST_YEAR, "last": last}
        if name == "title" and not value.strip():
            return _("A song needs a title.")
        if not value.isprintable():
            return _("This holds signs that cannot be saved.")
        return _("This is too long: 500 characters at most.")
    return ""
