"""A name's brackets and quotations, each dropped, noted or kept as one private character. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from . import known_names
from .artist_likeness import KIND
from .credit_words import CREDIT_HINTS
from .credits import BY, CREDIT, FEAT, FROM, WITH, bare_name, guest_names, is_cover
from .folding import fold
from .pieces import BRAND, CLOSING, GAP, JOINT, QUOTES, Pieces, is_noise
from .version_words import VARIANT_ENDS
from .words import is_disc_id, is_year

_ENCLOSING = re.compile(r'[()\[\]{}【】「」『』《》〈〉"]')
_SINGLE_QUOTES = re.compile(
    r"(?:(?<= )|^)'(?=[^\s'])([^']{2,60}[^\s'])'(?=[ ,)\]-]|$)"
    r"|(?:(?<= )|^)' ([^']{2,60}) '(?= |$)"
)
_ELIDED = re.compile(
    r"(?:til|till|em|cause|cuz|bout|n|round|tis|twas|neath|gainst|s|t)\b", re.IGNORECASE
)
_GOES_ON = re.compile(r" \w")
# What only a remark holds: a year, a medium, numbers, one letter, an address: "(Capitol Rec 1967)",
# "(12 inch)", "[1/2]", "(x)", "(VintageMusic.es)".
_REMARK = re.compile(
    r"(?<!\d)(?:19[2-9]\d|20[0-3]\d)(?!\d)"
    r"|(?<!\w)(?:vinyl|rpm|\d\d? inch|records|soundtrack|songbook|eurovision|album|lp|ep)(?!\w)"
    r"|(?<!\w)(?:wav|flac)(?!\w)"
    r"|(?<!\w)\d{1,2}(?: of |/)\d{1,3}(?!\w)|^(?:\d\d)?\d0s$"
    r"|^[\d\W_]+$|^[a-z]$|^tv(?: size)?$|^[\w-]+\.(?:com|net|org|es|tv|fr|de)$",
    re.IGNORECASE,
)
# "(Key -2)", "(Lower Key: -3)", "(Tono Am)", "(+1)", "(-3 Key)", "(Karaoke -2 semitones)",
# "(Key of Eb)", "(Transposed -3)", "(Karaoke in D)", "(in Bb)"
_KEY = re.compile(
    r"\b(?:key|tone|tono|tom|tonart|transposed)\b(?: of)?\W{0,3}([+-]\d{1,2}|[A-G][#b♯♭]?m?)(?!\w)"
    r"|^([+-]\d\d?)$|(?<!\S)([+-]\d\d?) ?(?:key|semitones?|tones?|st|karaoke)\b"
    r"|^(?:karaoke (?:version )?)?in (?-i:([A-G][#b♯♭]?m?))(?: major| minor)?$",
    re.IGNORECASE,
)
# "( F#m )", "( Gm/Sol Thứ )", "(Am)": a key by itself.
_BARE_KEY = re.compile(r"([A-G](?:[#b♯♭]m?|m))(?: ?/.*)?$")
# "(2 semitones lower)", "(Karaoke half step down)"
_STEPS = re.compile(
    r"(?:^|karaoke\W{1,3})((?:\d|a|one|two|three|half|whole|half a) ?"
    r"(?:semitones?|tones?|steps?) (?:lower|higher|down|up))$",
    re.IGNORECASE,
)
# "(Karaoke with Lady Gaga part only)", "(Duet Part)", "(Female Part)"
_DUET_PART = re.compile(r"^(?:.*\bwith )?([^()]{2,40} part)(?: only)?$", re.IGNORECASE)
# "(AMV Daicon Opening Animations)": a bracket that begins so tells of the video.
_VIDEOS = frozenset(("amv", "pv", "mv"))
# Signs and words without which none of these three need be tried.
_KEY_HINTS = ("-", "+", "in ", "key", "ton", "tom", "transposed", "step", "part")


def without_brackets(text: str, pieces: Pieces) -> str:
    """The text with each bracket dropped, noted or kept as one private character."""
    if "'" in text:
        text = text.replace("''", '"')
        if text.count("'") in (2, 4):
            text = _SINGLE_QUOTES.sub(_double_quotes, text)
    if not _ENCLOSING.search(text):
        return text
    out: list[str] = []
    pieces_of_text = [*_enclosed(text), ("", "")]
    for (opening, inner), (_, following) in pairwise(pieces_of_text):
        if not opening:
            out.append(inner)
        elif _is_glued(inner, following):
            # "(G)I-DLE", "(K)NoW_NAME": letters glued to a bracket are one word with it.
            out.append(pieces.keep(opening, inner))
        elif len(inner) == 1 and inner.isalpha() and _GOES_ON.match(following):
            # "Dream (s) 1": a letter in the midst of a title; at its end it is a maker's remark.
            out.append(pieces.keep(opening, inner))
        elif opening == "]":
            # A bracket that lost its beginning: "MR 노래방ㆍkaraoke] 난 - 옥주현".
            out.append("" if is_noise(inner, pieces) else inner)
        elif opening in QUOTES and is_noise(inner, pieces):
            out.append(GAP)
        elif opening == "(" and (artist := _branded_artist(inner, text)):
            out.append(pieces.keep(opening, artist))
        elif opening not in QUOTES and _is_aside(inner.strip(), pieces):
            out.append(GAP)
        elif BRAND.fullmatch(inner) and _is_sign(inner, "".join(out), text):
            out.append(GAP if out else "")
        else:
            kept = pieces.keep(opening, inner)
            # "YOASOBI「アイドル」カラオケ": such brackets part words as spaces do.
            is_glued = opening in '([{"' and not (
                opening == "[" and out and out[-1][-1:] > "\u3040"
            )
            out.append(kept if is_glued else f" {kept} ")
    return "".join(out)


def _is_glued(inner: str, following: str) -> bool:
    """Whether letters in brackets begin the word that follows them without a space; in Chinese,
    "【KTV】蔡依林", no word begins so."""
    after = following[:1]
    return (
        len(inner) < 4
        and inner.isascii()
        and inner.isalpha()
        and "0" < after < "\u2e80"
        and after.isalpha()
    )


def _is_sign(inner: str, before: str, text: str) -> bool:
    """Whether capitals in brackets are a maker's: "(SDK) 21 Pilots - …", "Alegria (cori) (MLM)"."""
    if not before.strip():
        return fold(inner) not in known_names.artists()
    return before.rstrip(" ").endswith(GAP) and not text.isupper()


def _enclosed(text: str) -> Iterator[tuple[str, str]]:
    """The outermost brackets and quotations of a text and what stands between: (opening, inner)."""
    start, open_at = 0, 0
    stack: list[str] = []
    for found in _ENCLOSING.finditer(text):
        at, sign = found.start(), found.group()
        if at < start:
            continue
        if sign == '"':
            if stack:
                continue
            end = text.find('"', at + 1)
            if end > at + 1 and text[at + 1 : end].strip():
                yield "", text[start:at]
                yield '"', text[at + 1 : end]
            else:
                yield "", text[start:at] + " "
            start = max(end, at) + 1
        elif sign in CLOSING:
            if not stack:
                yield "", text[start:at]
                open_at = start = at
            stack.append(sign)
        elif stack:
            stack.pop()
            if not stack:
                yield text[open_at], text[open_at + 1 : at]
                start = at + 1
        else:
            yield "]", text[start:at]
            start = at + 1
    if stack:
        yield text[open_at], text[open_at + 1 :]
    else:
        yield "", text[start:]


def _branded_artist(inner: str, text: str) -> str:
    """The artist of "Yesterday (Beatles Karaoke)" where nothing else parts the name; else ""."""
    if not inner.lower().endswith("karaoke") or JOINT.search(text.replace(inner, "")):
        return ""
    artist = inner[: -len("karaoke")].strip()
    return artist if fold(artist) in known_names.artists() else ""


def _double_quotes(found: re.Match[str]) -> str:
    inner = found[1] or found[2]
    return found.group() if _ELIDED.match(inner) else f'"{inner}"'


def _is_aside(inner: str, pieces: Pieces) -> bool:
    """Whether a bracket is no part of artist or title; what it says is noted.

    "(Karaoke Version)" is noise, "(Live)" a variant, "(feat. X)" a guest, "(X cover)" an origin;
    "(Sittin' On) The Dock of the Bay" and "Hello (Turn Your Radio On)" stay.
    """
    if label := _key_or_part(inner):
        pieces.variants.append(label)
        is_noise(inner, pieces)
        return True
    if is_noise(inner, pieces) or is_year(inner):
        return True
    if found := FEAT.match(inner) or WITH.match(inner):
        pieces.featured += guest_names(inner[found.end() :])
        return True
    if not CREDIT_HINTS.isdisjoint(pieces.words) and (found := CREDIT.search(inner)):
        pieces.credit = pieces.credit or bare_name(inner[found.end() :], pieces)
        pieces.credit_phrase = found.group().strip().lower()
        is_noise(inner[: found.start()], pieces)
        return True
    if found := BY.match(inner):
        cover = "cover" in found.group().lower()
        pieces.performers.append((bare_name(inner[found.end() :], pieces), cover))
        return True
    if is_cover(inner, pieces):
        return True
    if KIND.search(f"({inner})"):
        return False
    words = fold(inner).split()
    # "(Live at the Ritz 1988)": a year beside "live" dates a version, which is no mere remark.
    is_live = len(words) > 1 and words[0] == "live"
    is_remark = FROM.match(inner) or _REMARK.search(inner) or is_disc_id(inner.replace(".", ""))
    if is_remark and not is_live:
        return True
    if len(words) > 1 and words[0] in _VIDEOS:
        return True
    if is_live or (len(words) > 1 and words[-1] in VARIANT_ENDS):
        pieces.variants.append(pieces.shown(inner).strip())
        return True
    return inner.startswith("@")


@lru_cache(maxsize=256)
def _key_or_part(inner: str) -> str:
    """The key or the duet's part that a bracket names: "Key -2", "Female part"; else ""."""
    if len(inner) < 20 and (found := _BARE_KEY.match(inner)):
        return f"Key {found[1]}"
    if not any(map(inner.lower().__contains__, _KEY_HINTS)):
        return ""
    if found := _KEY.search(inner):
        return f"Key {found[found.lastindex or 1]}"
    found = _STEPS.search(inner) or _DUET_PART.search(inner)
    return found[1].strip() if found else ""
