"""Huey's messages as JSON: who can write to the queue runs no code of theirs in ours.

Huey's own are pickles, and whoever reads a pickle does what it says; a Redis server's usual URL has
no password. What is not read here (an older version's message, too) is dropped: the table delivers
its song anew.
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from typing import Any

from huey.registry import Message
from huey.serializer import Serializer

# What is kept of a message; no task of ours uses more of Huey.
_FIELDS = ("id", "name", "eta", "retries", "retry_delay", "priority", "args", "kwargs")
# Signs that a message may have, so that reading one costs next to nothing: the progress has some
# twenty songs with their names.
LONGEST = 1_000_000
_LARGEST_NUMBER = 2**63


class JsonSerializer(Serializer):  # type: ignore[misc]
    """Tasks and published values: numbers, text, lists and dictionaries, and nothing that acts."""

    def _serialize(self, data: Any) -> bytes:
        if isinstance(data, Message):
            kept = {name: getattr(data, name) for name in _FIELDS}
            if data.eta is not None:
                kept["eta"] = data.eta.isoformat()
            data = {"task": kept}
        else:
            data = {"value": data}
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Any:
        """What was packed; raises ValueError for anything else."""
        found = decoded(data)
        if isinstance(found, dict) and found.keys() == {"value"}:
            return found["value"]
        if isinstance(found, dict) and found.keys() == {"task"}:
            return _message(found["task"])
        raise ValueError("this is no message of ours")


def decoded(data: Any) -> Any:
    """JSON's value; raises ValueError for what is none, is too long, or nested too deeply."""
    text = bytes(data)
    if len(text) > LONGEST:
        raise ValueError("a message is longer than any of ours")
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("a message is nested too deeply") from None


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _message(kept: Any) -> Message:
    if not (isinstance(kept, dict) and kept.keys() == set(_FIELDS)):
        raise ValueError("this is no task of ours")
    is_right = (
        isinstance(kept["id"], str)
        and isinstance(kept["name"], str)
        and _is_number(kept["retries"])
        and _is_number(kept["retry_delay"])
        and (kept["priority"] is None or _is_number(kept["priority"]))
        and isinstance(kept["args"], list)
        and all(isinstance(each, str) or _is_number(each) for each in kept["args"])
        and kept["kwargs"] == {}
        and (kept["eta"] is None or isinstance(kept["eta"], str))
    )
    if not is_right:
        raise ValueError("a task has values that none of ours has")
    eta = None if kept["eta"] is None else datetime.fromisoformat(kept["eta"])
    return Message(**{**kept, "eta": eta, "args": tuple(kept["args"])})


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) < _LARGEST_NUMBER
    )
