"""Signs that steer: what they do to a terminal, to a line of text, or to whoever reads it."""

from __future__ import annotations

import re

# Control signs (ESC, NUL, DEL, C1), signs that turn the direction of what follows ("gpm.live" for
# "evil.mpg"), unseen ones, parts of signs. The joiners of Persian, Hindi and emoji stay.
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str) -> str:
    """What a person has typed or pasted, in one line, without signs that steer."""
    parted = _STEERING.sub(lambda sign: " " if sign[0].isspace() or sign[0] == "\0" else "", text)
    return " ".join(parted.split())


def in_json(text: str) -> str:
    """JSON in which signs that steer are escaped; its own line feeds stay."""
    return _STEERING.sub(lambda sign: "\n" if sign[0] == "\n" else f"\\u{ord(sign[0]):04x}", text)


def for_eyes(text: str) -> str:
    """Text for a terminal, with a "?" for each sign that steers; its own line feeds stay."""
    return _STEERING.sub(lambda sign: sign[0] if sign[0] in "\n\ufeff" else "?", text)
