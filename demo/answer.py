"""An HTTP answer before it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Object: TypeAlias = dict[str, object]
Params: TypeAlias = Mapping[str, str]


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
