"""CSV as people's programs write and read it: marks, separators, encodings, formulas. Pure."""

from __future__ import annotations

import re
from typing import Any

MARK = "\ufeff"
"""At the beginning of a file it has Excel read UTF-8, and not the letters of its own country."""
SEPARATORS = ";\t,|"
# Some programs say first which separator they use, or leave lines empty.
_BEFORE_HEADER = re.compile(r"\A(?:\ufeff|\s*[\r\n]|sep=.[\r\n]+)+", re.IGNORECASE)
# A spreadsheet takes a cell that begins so for a formula, and names come from strangers. One of
# another country parts cells where we do not.
_FORMULA = re.compile(r"(\A|[;\t\r\n])(?=[=+\-@\t\r])")
_MADE_HARMLESS = re.compile(r"(\A|[;\t\r\n])'(?=[=+\-@\t\r])")
# Two signs for one letter: UTF-8 that was read as Windows-1252 ("BeyoncÃ©").
_GARBLED = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|"
    "[\u00e0-\u00ef][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}"
)


def decoded(data: bytes) -> str:
    """The text of a file that some spreadsheet or text program has saved.

    Raises:
        ValueError: it is no text.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise ValueError("is no text file: save it as CSV")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # as Excel saves a CSV


def from_header(content: str) -> tuple[str, str]:
    """The text from its head line on, and the separator that stands there most."""
    rest = _BEFORE_HEADER.sub("", content)
    head = re.split(r"[\r\n]", rest, maxsplit=1)[0]
    return rest, max(SEPARATORS, key=head.count)


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, wherever it parts cells; see `as_meant`."""
    if not isinstance(value, str) or _FORMULA.search(value) is None:
        return value
    return _FORMULA.sub(r"\1'", value)


def as_meant(cell: str) -> str:
    """A cell without what `harmless` has put there."""
    meant = _MADE_HARMLESS.sub(r"\1", cell)
    return meant if harmless(meant) == cell else cell


def mended(text: str) -> str:
    """Text whose letters a program has garbled, as it was; else the text itself."""
    if _GARBLED.search(text) is None:
        return text
    try:
        return b"".join(map(_byte, text)).decode("utf-8")
    except UnicodeError:
        return text


def is_garbled(text: str) -> bool:
    """Whether a program has garbled the letters of a text."""
    return _GARBLED.search(text) is not None


def _byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")  # the five bytes that Windows-1252 leaves free
