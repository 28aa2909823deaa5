"""What is to be said to a person, as a code with parameters, and the marks for translators: the
face makes the sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:
    """Mark a text for translators, who find it by this name; it is translated where it is shown."""
    return text


def N_n(one: str, many: str) -> tuple[str, str]:
    """Mark a text that depends on its `count`: for one, and for any other number."""
    return one, many


@dataclass(frozen=True, slots=True, init=False)
class Said:
    """One thing to be said.

    Attributes:
        code: a row of `words.phrases.PHRASES`. One that has no row there is shown as it stands:
            rows of an older version hold whole sentences.
        params: what the phrase names: text, numbers, or more that is said.
    """

    code: str
    params: dict[str, Any] = field(hash=False)

    def __init__(self, code: str, /, **params: Any) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "params", params)

    def as_dict(self) -> dict[str, Any]:
        """Code and params for JSON."""
        return {"code": self.code, "params": {k: _as_json(v) for k, v in self.params.items()}}

    def as_text(self) -> str:
        """The same for a column of text; the bare code where it names nothing."""
        return json.dumps(self.as_dict(), ensure_ascii=False) if self.params else self.code


def from_dict(kept: dict[str, Any]) -> Said:
    """What `as_dict` gave."""
    params = kept.get("params") or {}
    return Said(str(kept["code"]), **{name: _from_json(value) for name, value in params.items()})


def from_text(text: str) -> Said:
    """What `as_text` gave; a sentence of an older version is its own code."""
    if text.startswith("{"):
        try:
            return from_dict(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError):
            pass  # a sentence that begins so
    return Said(text)


def _as_json(value: Any) -> Any:
    if isinstance(value, Said):
        return value.as_dict()
    return [_as_json(each) for each in value] if isinstance(value, list | tuple) else value


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return from_dict(value)
    return [_from_json(each) for each in value] if isinstance(value, list) else value
