"""Everything about one name: its readings, each provider's candidates, the evidence, the score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ... import config
from ...providers import catalogue
from ...providers.base import Failure, Found, NotFound, Outcome, Provider
from ...providers.http import Gate, OpenGate
from ...providers.services import label_of
from ...system.terminal import counted, printable
from ...words.sentences import as_json, part_words, sentence
from ..judging.folder_habits import read
from ..lookup.chain import LookUp, look_up
from ..runtime import configure, make_provider, usable_providers
from ..scoring import level_of, parsed_confidence
from .name_alone import folder_of, is_ready, knowledge_of

_CANDIDATES, _NOT_FOUND = "candidates", "not found"


def explain_name(
    name: str, settings: config.Settings, tell: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Ask the providers about a name and tell all that came of it; no song is changed.

    Where the library is ours, the name is read as it was taught, and its pace is kept, so that a
    running consumer and this share it. A database that we never worked on is not even opened.

    Args:
        tell: told the provider's label before each request: one that hangs takes twenty seconds.
    Returns:
        name, youtube_id, hypotheses, answers [{provider, artist, title, outcome, candidates}],
        ranked [{artist, title, year, genre, confidence, providers, evidence}] and the verdict.
    """
    known = knowledge_of(settings)
    parsed = read(name, known, folder_of(name))
    lookup = look_up(parsed, _providers(settings, tell), knowledge=known)
    return {
        "name": name,
        "youtube_id": parsed.youtube_id,
        "hypotheses": [
            {**hypothesis._asdict(), "confidence": parsed_confidence(hypothesis)}
            for hypothesis in lookup.parsed.hypotheses
        ],
        "answers": [
            {
                "provider": provider,
                "artist": query.artist,
                "title": query.title,
                **_outcome(outcome),
            }
            for provider, query, outcome in lookup.answers
        ],
        "ranked": [
            {
                "artist": scored.artist,
                "title": scored.title,
                "year": scored.year,
                "genre": scored.genre,
                "confidence": scored.confidence,
                "providers": list(dict.fromkeys(item.provider for item in scored.candidates)),
                "evidence": [
                    {**part, "words": part_words(part)}
                    for part in scored.evidence.as_dict()["parts"]
                ],
            }
            for scored in lookup.verdict.ranked
        ],
        "verdict": _verdict(lookup),
    }


def _providers(settings: config.Settings, tell: Callable[[str], None]) -> list[Provider]:
    gate = configure(settings).gate if is_ready(settings.db) else lambda _: OpenGate()
    has_lists = bool(catalogue.lists(settings.catalogue))
    local: list[Provider] = [catalogue.Catalogue(settings.catalogue)] if has_lists else []
    services = usable_providers(settings)
    return [
        *local,
        *(
            make_provider(name, settings, _Told(gate(name), label_of(name), tell))
            for name in services
        ),
    ]


class _Told:
    """A gate before which it is said who is asked."""

    def __init__(self, gate: Gate, label: str, tell: Callable[[str], None]) -> None:
        self._gate, self._label, self._tell = gate, label, tell
        self.sent, self.leave = gate.sent, gate.leave

    def enter(self) -> Failure | None:
        self._tell(self._label)
        return self._gate.enter()


def has_answer(found: dict[str, Any]) -> bool:
    """Whether anybody answered; that they do not know the song is an answer too."""
    return any(answer["outcome"] in (_CANDIDATES, _NOT_FOUND) for answer in found["answers"])


def _outcome(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Found):
        return {
            "outcome": _CANDIDATES,
            "candidates": [asdict(candidate) for candidate in outcome.candidates],
        }
    if isinstance(outcome, NotFound):
        return {"outcome": _NOT_FOUND, "candidates": []}
    return {"outcome": sentence(outcome.reason), "why": as_json(outcome.reason), "candidates": []}


def _verdict(lookup: LookUp) -> dict[str, Any]:
    verdict = lookup.verdict
    best = lookup.parsed.hypotheses[0]
    if verdict.applies:
        confidence, status = verdict.confidence, "enriched"
        values = (verdict.artist, verdict.title, verdict.variant, verdict.year, verdict.genre)
    else:
        confidence, status = parsed_confidence(best), "parsed"
        values = (best.artist, best.title, best.variant, None, None)
    return {
        **dict(zip(("artist", "title", "variant", "year", "genre"), values, strict=True)),
        "status": status,
        "confidence": confidence,
        "level": level_of(confidence, status).label,
        "sources": dict(verdict.sources) if verdict.applies else {},
    }


def as_text(found: dict[str, Any]) -> str:
    """What `explain_name` found, for a terminal."""
    lines = [found["name"], "", "Readings of the name:"]
    for item in found["hypotheses"]:
        lines.append(f"  {item['artist'] or '?'} - {item['title']}  ({item['strength']})")
        lines += [f"      {words}" for words in item["evidence"]]
    lines.append("Answers:" if found["answers"] else "Answers: none")
    for answer in found["answers"]:
        asked = f"{answer['artist'] or '?'} - {answer['title']}"
        count = len(answer["candidates"])
        outcome = counted(count, "candidate") if count else answer["outcome"]
        lines.append(f"  {label_of(answer['provider'])} on {asked}: {outcome}")
    lines.append("Best candidates:" if found["ranked"] else "Best candidates: none")
    for item in found["ranked"]:
        about = ", ".join(str(item[key]) for key in ("year", "genre") if item[key])
        lines.append(
            f"  {item['confidence']:.2f}  {item['artist']} - {item['title']}  {about}".rstrip()
        )
        lines += [f"      {part['words']}" for part in item["evidence"]]
    verdict = found["verdict"]
    about = ", ".join(str(verdict[key]) for key in ("year", "genre") if verdict[key])
    lines.append(
        f"Verdict: {verdict['artist'] or '?'} - {verdict['title']}"
        f"{' (' + about + ')' if about else ''}: {verdict['confidence']:.2f} {verdict['level']}"
    )
    return "\n".join(map(printable, lines))
