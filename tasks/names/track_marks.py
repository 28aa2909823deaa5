"""What discs, cameras, downloaders and copying write at a name's two ends, found by tables. Pure."""

# ruff: noqa: E501  (a table's row stays on one line)

from __future__ import annotations

import re
from typing import NamedTuple

from . import known_names
from .folding import fold


class Mark(NamedTuple):
    """A mark at one end of a name, which is no part of artist or title.

    Attributes:
        kind: what it says about the track: it lay on a "disc", its "key", or nothing ("").
        pattern: the mark with the signs that part it from the name; its group holds the key.
        example: the real case behind the row.
    """

    kind: str
    pattern: str
    example: str


class Unmarked(NamedTuple):
    """A name without its marks, whether a disc's number stood before it, and its key or ""."""

    text: str
    disc: bool = False
    key: str = ""


_SITES = r"[a-z0-9][a-z0-9-]{1,25}\.(?:com|net|org|io|cc|to|is|pro|app|guru|mobi|biz|info)"

FRONT: tuple[Mark, ...] = (
    Mark("", r"(?i:\d{2,3} ?kbps)[ _.-]+", "320kbps_Queen - Radio Ga Ga"),
    Mark("", r"(?i:copy of|copia de|cópia de|copie de|kopie von) +", "Copy of Queen - Radio Ga Ga"),
    Mark("", r"(?i:youtube) ?[-–|] +", "YouTube - Queen - Radio Ga Ga karaoke"),
    Mark("", rf"(?i:[\[(]?(?:www\.)?{_SITES}(?:[\])][ _-]*| ?[-_|] ?))", "y2mate.com - Queen - Radio Ga Ga"),
    Mark("disc", r"(?i:[a-z]{1,8}-?\d{1,6}(?:-\d{1,4})?-\d\d)[ _.-]+", "SC8125-06 Eagles, The - Hotel California"),
    Mark("disc", r"[A-Z]{2,8}-?\d{3,6}(?: - |[ _-])\d\d[ _.-]+", "MIX001 - 02 - Queen - Radio Ga Ga"),
    Mark("disc", r"[A-Z]{2,4} \d{3,6}[ -]\d\d[ .-]+", "SF 098 12 Robbie Williams - Angels"),
    Mark("disc", r"[A-Z]{2,8}-?\d{3,6}[ _.-]+", "ABC-1234-LET IT BE-BEATLES, THE"),
    Mark("", r"(?:TJ|KY|금영|태진)[ .]?\d{3,6}[ _.-]+", "TJ 12345 아이유 - 좋은 날"),
    Mark("", r"(?i:cd|dis[ck]) ?\d{1,2}[ _-]+(?i:track ?)?\d{1,2}(?: - |[ _.-])+(?=\S)", "CD1 - 02 - Queen - Radio Ga Ga"),
    Mark("", r"\d{1,2}[-.]\d\d(?:[ _-]|\.(?!\d))+(?=\D|\d+\w* [^\W\d]|\d{5})", "1-01 Queen - Radio Ga Ga"),
)  # fmt: skip

BACK: tuple[Mark, ...] = (
    Mark("", r"(?<=[\uac00-\ud7a3]) +(?i:mr|inst\.?)", "좋은 날 - 아이유 MR"),
    Mark("", r"__(?:nam|nu|nữ|song_ca)", "Queen - Radio Ga Ga__nam"),
    Mark("", r" +[A-Z]{2,6} ?(?:20\d\d[01]\d[0-3]\d\d*)", "Queen - Radio Ga Ga (Karaoke) KEN 20250108001"),
    Mark("", r" +[-–|] +(?i:youtube|copy|copia|cópia|copie|kopie)(?: ?\(?\d{1,2}\)?)?", "Queen - Radio Ga Ga - Copy"),
    Mark("", r"[ _(\[-]+\d{3,4}p(?:[ _]?\d\d)?(?:fps)?(?:[ _]h\.?26\d[\w -]*)?[)\]]?", "Queen - Radio Ga Ga_1080p"),
    Mark("", r"[ _(\[-]+(?i:(?:mp3[ _])?(?:64|96|128|160|192|256|320) ?k(?:bps|bit/s|b/s)?)[)\]]?", "Queen - Radio Ga Ga(MP3_160K)"),
    Mark("", r"(?i:(?<=\w\w)(?<!part)(?<!pt)(?<!no)(?<!vol)_[1-3])", "Queen - Radio Ga Ga_1"),
    Mark("", r"[ (\[/|-]+(?:TJ|KY|금영|태진)[ .]?(?:No\.? ?)?\d{3,6}[)\]]?", "좋은 날 - 아이유 / KY.84123"),
    Mark("key", r"[ ,(\[-]+(?i:(?:in )?(?:the )?key(?: of)?[ :]+([a-g](?: ?[#b♯♭]| sharp| flat)?m?)(?: major| minor)?)[)\]]?", "My Way (Frank Sinatra) key of C"),
    Mark("key", r"[ ,(\[-]+(?i:(?:lower |higher )?(?:key|tone|tono|tom)[ :]*([+-]\d\d?))[)\]]?", "Radio Ga Ga - Queen - Key -2"),
    Mark("key", r"[ ,(\[]+([+-]\d\d?) ?(?i:key|semitones?|tones?|st)[)\]]?", "Queen - Radio Ga Ga -3 key"),
)  # fmt: skip

# What a camera, a phone or a recorder calls a file: nothing of it is artist or title.
NAMELESS: tuple[Mark, ...] = (
    Mark("", r"(?:vid|img|mvi|mov|dscn?|dscf|pxl|gopr|g[hx]|aud|rec|wa|p)[ _-]?\d{3,}(?:[ _-]\w+)*", "VID_20200101_0001"),
    Mark("", r"(?-i:(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{11})", "fJ9rUzIMcZQ"),
    Mark("", r"\d{6,8}(?:[ _-]\d+)*|\d{4}-\d\d-\d\d(?:[ _-]+[\d.]+)*", "20200101_123456"),
    Mark("", r"(?:video ?playback|untitled|unknown|whatsapp (?:video|audio) .+)(?: ?\(?\d+\)?)?", "videoplayback (3)"),
    Mark("", r"(?:(?:audio ?|cd ?)?track|titel|pista|faixa|piste|traccia|new recording|aufnahme)[ _-]*\d+", "Track 01"),
)  # fmt: skip

_FRONT = re.compile("|".join(f"({mark.pattern})" for mark in FRONT))
_BACK = [(mark, re.compile(f"(?:{mark.pattern})$")) for mark in BACK]
_NAMELESS = re.compile("|".join(mark.pattern for mark in NAMELESS), re.IGNORECASE)
# No mark is longer; what stands further in is never looked at.
_REACH = 48
# Signs without which no mark stands at an end, so that most names need no pattern.
_DIGITS = frozenset("0123456789")
_FRONT_WORDS = ("cop", "cóp", "kopie", "youtube")
_BACK_WORDS = ("key", "youtube", "cop", "kopie")


def unmarked(text: str) -> Unmarked:
    """Take the marks off both ends of a name, as long as something is left.

    Args:
        text: the name in plain characters.
    """
    disc, key = False, ""
    may_begin = (
        not _DIGITS.isdisjoint(text[:12])
        or "." in text[:30]
        or text[:7].lower().startswith(_FRONT_WORDS)
    )
    for _ in range(3 if may_begin else 0):
        found = _FRONT.match(text)
        if (
            found is None
            or found.end() == len(text)
            or fold(found.group()) in known_names.artists()
        ):
            break
        disc = disc or FRONT[(found.lastindex or 1) - 1].kind == "disc"
        text = text[found.end() :]
    end = text[-_REACH:].lower()
    if (
        not _DIGITS.isdisjoint(end)
        or any(map(end.__contains__, _BACK_WORDS))
        or (not end.isascii() and end.endswith((" mr", " inst", " inst.")))
    ):
        for mark, pattern in _BACK:
            found = pattern.search(text, max(1, len(text) - _REACH))
            if found:
                text = text[: found.start()]
                if mark.kind == "key":  # "c sharp" -> "C#"
                    plain = found[1].lower().replace(" sharp", "#").replace(" flat", "b")
                    key = plain.replace(" ", "").capitalize()
    return Unmarked(text, disc, key)


def is_nameless(text: str) -> bool:
    """Whether a name tells nothing because a machine gave it: "IMG_1234"."""
    if len(text) > 80 or (" " in text and not text[-1].isdigit() and text[-1] != ")"):
        return False
    return _NAMELESS.fullmatch(text) is not None
