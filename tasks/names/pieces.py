"""A name cut to pieces: brackets sorted, noise removed, the rest parted at separators. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from ..folding import fold
from . import known
from .likeness import KIND
from .marks import unmarked
from .noise import noise_alone, without_noise, words_of
from .words import (
    BY_WORDS,
    COVER_WORDS,
    CREDITS,
    DISC,
    FEATURING,
    VARIANT_ENDS,
    Phrase,
    credit_pattern,
    cut_words,
    is_disc_id,
    is_track_number,
    is_year,
    longest_phrases,
    phrases,
    title_first_words,
    unspaced_karaoke,
)

# Where a bracket was taken out of the middle of a name: a place to part it, if nothing better is.
GAP = "\x1f"
# A kept bracket or quotation stands as one private character, so that no separator within counts.
FIRST_KEPT = 0xE000

_CLOSING = {
    "(": ")",
    "[": "]",
    "{": "}",
    "【": "】",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
}
_ENCLOSING = re.compile(r'[()\[\]{}【】「」『』《》〈〉"]')
QUOTES = '"「『《'
_SINGLE_QUOTES = re.compile(r"(?:(?<= )|^)'(?=[^\s'])([^']{2,60}[^\s'])'(?=[ ,)\]-]|$)")
_ELIDED = re.compile(
    r"(?:til|till|em|cause|cuz|bout|n|round|tis|twas|neath|gainst|s|t)\b", re.IGNORECASE
)

# How firmly a separator parts, strongest first.
PIPE, DASH, HALF, WIDE, COLON, SPLIT, TIGHT = 7, 6, 5, 4, 3, 2, 1
_JOINT = re.compile(rf"[-–—~_=:|/\\·ㆍ>]{{1,3}}|{GAP}|  ")

# What stands beside a separator that is no part of a word: a space, a gap, the end of the text.
_OPEN = (" ", GAP, "")

# "YOASOBI - アイドルカラオケ", "周杰倫-稻香KTV"
_GLUED = re.compile(rf"(?<=\w)((?:{unspaced_karaoke()}|KTV)(?!\w))")
_CREDIT = credit_pattern(CREDITS)
_CREDIT_HINTS = frozenset(
    word
    for row in CREDITS
    for phrase in row.phrases
    for word in fold(phrase).split()
    if len(word) > 4
) | {"stil", "stile", "by"}  # fmt: skip
BY = credit_pattern(BY_WORDS)
FEAT = re.compile(rf"(?<!\w)(?:{'|'.join(FEATURING)})(?:\.|\b) *", re.IGNORECASE)
_WITH = re.compile(r"(?:with|con|avec|mit) +(?=[^\W\d_])", re.IGNORECASE)
_COVER_OF = re.compile(
    r"(?:cover|tribute|version)s? (?:of|to) +|original(?:ly)? by +", re.IGNORECASE
)
# Words without which the patterns above need not be tried.
_COVER_HINTS = frozenset(
    ["cover", "covers", "tribute", "tributes", "version", "versions", "original", "originally"]
)
GUEST_HINTS = frozenset(word for phrase in FEATURING for word in phrase.split())
_FROM = re.compile(
    r"(?:(?:song|theme)? ?from|ost|bso|b\.?o\.?|soundtrack|aus|de la pel[ií]cula|del film)\b",
    re.IGNORECASE,
)
# A maker's short sign before artist and title: "(SDK) 21 Pilots - …", "CKK - A Day To Remember …".
_BRAND = re.compile(r"[A-Z]{2,5}", re.ASCII)
# "Blue Suede Shoes SC8123-05", "Remote Control SOKC-0042": a disc's number behind a name.
_END_ID = re.compile(r"[ ~-][A-Z]{2,8}-?\d{3,6}(?:[ -]\d{1,3})?$", re.ASCII)
# What only a remark holds: a year, a medium, numbers, one letter, an address: "(Capitol Rec 1967)",
# "(12 inch)", "[1/2]", "(x)", "(VintageMusic.es)".
_REMARK = re.compile(
    r"(?<!\d)(?:19[2-9]\d|20[0-3]\d)(?!\d)"
    r"|(?<!\w)(?:vinyl|rpm|\d\d? inch|records|soundtrack|songbook|eurovision|album|lp|ep)(?!\w)"
    r"|(?<!\w)(?:wav|flac)(?!\w)"
    r"|(?<!\w)\d{1,2}(?: of |/)\d{1,3}(?!\w)|^(?:\d\d)?\d0s$"
    r"|^[\d\W]+$|^[a-z]$|^[\w-]+\.(?:com|net|org|es|tv|fr|de)$",
    re.IGNORECASE,
)
# "(Key -2)", "(Lower Key: -3)", "(Tono Am)", "(+1)", "(-3 Key)", "(Karaoke -2 semitones)",
# "(Key of Eb)", "(Transposed -3)"
_KEY = re.compile(
    r"\b(?:key|tone|tono|tom|tonart|transposed)\b(?: of)?\W{0,3}([+-]\d{1,2}|[A-G][#b♯♭]?m?)(?!\w)"
    r"|^([+-]\d\d?)$|(?<!\S)([+-]\d\d?) ?(?:key|semitones?|tones?|st)\b",
    re.IGNORECASE,
)
# "(2 semitones lower)", "(Karaoke half step down)"
_STEPS = re.compile(
    r"(?:^|karaoke\W{1,3})((?:\d|a|one|two|three|half|whole|half a) ?"
    r"(?:semitones?|tones?|steps?) (?:lower|higher|down|up))$",
    re.IGNORECASE,
)
# "(Karaoke with Lady Gaga part only)", "(Duet Part)", "(Female Part)"
_PART = re.compile(r"^(?:.*\bwith )?([^()]{2,40} part)(?: only)?$", re.IGNORECASE)
# Signs and words without which none of these three need be tried.
_KEY_HINTS = ("-", "+", "key", "ton", "tom", "transposed", "step", "part")
_PLACE = re.compile(r" (?:from|at|live|on|(with|w/|con|avec|mit)) ", re.IGNORECASE)
_PLACE_HINTS = frozenset(("from", "at", "live", "on", "with", "w", "con", "avec", "mit"))
# "Live Feb 1973", "NYC 11/23/13", "Letterman 3-14-2013": a last part that dates a performance.
_DATED = re.compile(r"(?<!\d)(?:\d\d?[./-]\d\d?[./-](?:\d\d){1,2}|(?:19[2-9]|20[0-3])\d)(?!\d)")

EDGES = " \t-–—~_|:;,/*·+=\\" + GAP


@dataclass(slots=True)
class Pieces:
    """What a name is made of.

    Attributes:
        words: all words of the name, folded.
        parts: the texts that may be artist or title, in order; kept brackets as private characters.
        joints: how firmly parts[i] and parts[i + 1] are parted.
        branded: those of the parts that a karaoke word followed: "Rock Solid Karaoke".
        kept: the opening sign and the text of each kept bracket or quotation.
        credit: the artist that a phrase like "in the style of" names, "" for none.
        performers: who "by …" in brackets names, with whether it says "cover by".
        karaoke: how many karaoke words were found.
        covers: X of "X cover" and "cover of X", with whether it can only be the original artist.
    """

    words: frozenset[str] = frozenset()
    parts: list[str] = field(default_factory=list)
    branded: list[str] = field(default_factory=list)
    joints: list[int] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    credit: str = ""
    credit_phrase: str = ""
    performers: list[tuple[str, bool]] = field(default_factory=list)
    covers: list[tuple[str, bool]] = field(default_factory=list)
    featured: list[str] = field(default_factory=list)
    variants: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    karaoke: int = 0
    title_first: float = 0.0
    lead_karaoke: bool = False

    def shown(self, text: str) -> str:
        """A part with its brackets and quotations written out again."""
        if not self.kept or text.isascii():
            return text
        out = []
        for sign in text:
            index = ord(sign) - FIRST_KEPT
            if 0 <= index < len(self.kept):
                opening, inner = self.kept[index]
                sign = f"{opening}{inner}{_CLOSING.get(opening, opening)}"
            out.append(sign)
        return "".join(out)

    def keep(self, opening: str, inner: str) -> str:
        """The private character that stands for this bracket from now on."""
        if len(self.kept) >= 64:
            return " "
        self.kept.append((opening, inner))
        return chr(FIRST_KEPT + len(self.kept) - 1)

    def note(self, phrase: Phrase) -> None:
        """Remember what a phrase of noise says about the track."""
        if phrase.kind == "karaoke" or phrase.channel:
            self.karaoke += 1
        if phrase.variant and phrase.variant not in self.variants:
            self.variants.append(phrase.variant)
        if phrase.channel and phrase.channel not in self.channels:
            self.channels.append(phrase.channel)


def cut(text: str, channel: str = "") -> Pieces:
    """Cut a name that `spelling.unpack` made plain.

    Args:
        text: the name in plain characters.
        channel: who published it, where the file name says so beside its id.
    Returns:
        Its pieces; `parts` is empty when the name holds nothing but noise.
    """
    pieces = Pieces()
    if channel:
        _is_noise(channel, pieces)
    if not text.isascii():
        text = _GLUED.sub(r" \1", text)
    words = pieces.words = frozenset(words_of(text))
    habits = title_first_words()
    if not words.isdisjoint(habits):
        pieces.title_first = max(weight for word, weight in habits.items() if word in words)
    text, disc, key = unmarked(_without_cut_word(text))
    if disc:
        pieces.channels.append(DISC)
    if key:
        pieces.variants.append(f"Key {key}")
    text = _without_brackets(text, pieces)
    if not words.isdisjoint(_CREDIT_HINTS):
        text = _without_credit(text, pieces)
    _part(text, pieces)
    return pieces


def _without_cut_word(text: str) -> str:
    """A name without the beginning of a noise word at which a length limit cut it."""
    head, sign, last = text.rpartition(" ")
    if not sign or last.lower().strip("([|") not in cut_words():
        return text
    before = fold(head[-20:]).rpartition(" ")[2]
    meaning = phrases().get(before)
    # "Zombie - The Cranberries | Karaoke Versi", "Roar - Katy Perry (Kara"
    if (meaning and meaning.kind in ("karaoke", "core")) or last[0] in "([|" or head[-1] in "([|":
        return head
    return text


# --- brackets -------------------------------------------------------------------------------


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
        elif sign in _CLOSING:
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


def _without_brackets(text: str, pieces: Pieces) -> str:
    """The text with each bracket dropped, noted or kept as one private character."""
    if "'" in text:
        text = text.replace("''", '"')
        if text.count("'") in (2, 4):
            text = _SINGLE_QUOTES.sub(_double_quotes, text)
    if not _ENCLOSING.search(text):
        return text
    out = []
    for opening, inner in _enclosed(text):
        if not opening:
            out.append(inner)
        elif opening == "]":
            # A bracket that lost its beginning: "MR 노래방ㆍkaraoke] 난 - 옥주현".
            out.append("" if _is_noise(inner, pieces) else inner)
        elif opening in QUOTES and _is_noise(inner, pieces):
            out.append(GAP)
        elif opening == "(" and (artist := _branded_artist(inner, text)):
            out.append(pieces.keep(opening, artist))
        elif opening not in QUOTES and _is_aside(inner.strip(), pieces):
            out.append(GAP)
        elif (
            not "".join(out).strip()
            and _BRAND.fullmatch(inner)
            and fold(inner) not in known.artists()
        ):
            continue
        else:
            kept = pieces.keep(opening, inner)
            # "YOASOBI「アイドル」カラオケ": such brackets part words as spaces do.
            out.append(kept if opening in '([{"' else f" {kept} ")
    return "".join(out)


def _branded_artist(inner: str, text: str) -> str:
    """The artist of "Yesterday (Beatles Karaoke)" where nothing else parts the name; else ""."""
    if not inner.lower().endswith("karaoke") or _JOINT.search(text.replace(inner, "")):
        return ""
    artist = inner[: -len("karaoke")].strip()
    return artist if fold(artist) in known.artists() else ""


def _double_quotes(found: re.Match[str]) -> str:
    return found.group() if _ELIDED.match(found[1]) else f'"{found[1]}"'


def _is_aside(inner: str, pieces: Pieces) -> bool:
    """Whether a bracket is no part of artist or title; what it says is noted.

    "(Karaoke Version)" is noise, "(Live)" a variant, "(feat. X)" a guest, "(X cover)" an origin;
    "(Sittin' On) The Dock of the Bay" and "Hello (Turn Your Radio On)" stay.
    """
    if label := _key_or_part(inner):
        pieces.variants.append(label)
        _is_noise(inner, pieces)
        return True
    if _is_noise(inner, pieces) or is_year(inner):
        return True
    if found := FEAT.match(inner) or _WITH.match(inner):
        pieces.featured += _guests(inner[found.end() :])
        return True
    if found := _CREDIT.search(inner):
        pieces.credit = pieces.credit or _bare_name(inner[found.end() :], pieces)
        pieces.credit_phrase = found.group().strip().lower()
        _is_noise(inner[: found.start()], pieces)
        return True
    if found := BY.match(inner):
        cover = "cover" in found.group().lower()
        pieces.performers.append((_bare_name(inner[found.end() :], pieces), cover))
        return True
    if _is_cover(inner, pieces):
        return True
    if KIND.search(f"({inner})"):
        return False
    if _FROM.match(inner) or _REMARK.search(inner) or is_disc_id(inner.replace(".", "")):
        return True
    words = fold(inner).split()
    if len(words) > 1 and (words[-1] in VARIANT_ENDS or words[0] == "live"):
        pieces.variants.append(pieces.shown(inner).strip())
        return True
    return inner.startswith("@")


@lru_cache(maxsize=256)
def _key_or_part(inner: str) -> str:
    """The key or the duet's part that a bracket names: "Key -2", "Female part"; else ""."""
    if not any(map(inner.lower().__contains__, _KEY_HINTS)):
        return ""
    if found := _KEY.search(inner):
        return f"Key {found[found.lastindex or 1]}"
    found = _STEPS.search(inner) or _PART.search(inner)
    return found[1].strip() if found else ""


def _is_cover(inner: str, pieces: Pieces) -> bool:
    """Whether a bracket or part says whose song this is or who covers it: "(Johnny Cash Cover)"."""
    if found := _COVER_OF.search(inner):
        pieces.covers.append((_bare_name(inner[found.end() :], pieces), True))
        return True
    words = inner.split()
    while words and fold(words[-1]) in _VIDEO_WORDS:
        words.pop()
    if not words:
        return False
    if len(words) == 1 and words[0].lower().endswith("-cover"):
        pieces.covers.append((pieces.shown(words[0][:-6]), False))
        return True
    if fold(words[-1]) not in COVER_WORDS:
        return False
    end = len(words) - 1
    while end > 0 and _COVER_STYLES.issuperset(fold(words[end - 1]).split()):
        end -= 1
    start = 0
    while start < end and _COVER_STYLES.issuperset(fold(words[start]).split()):
        start += 1
    pieces.covers.append((pieces.shown(" ".join(words[start:end])), False))
    return True


# "(Nicole Cross Official Cover Video)", "(Boyce Avenue piano cover)", "Live Sam Tsui Cover"
_VIDEO_WORDS = frozenset(("video", "official", "version", "clip", "music"))
_COVER_STYLES = _VIDEO_WORDS | frozenset((
    "a", "acoustic", "accoustic", "piano", "live", "guitar", "cello", "violin", "string", "strings",
    "metal", "rock", "ukulele", "band", "acapella", "acappella", "cappella", "studio", "drum",
    "bass", "fingerstyle", "instrumental", "new",
))  # fmt: skip


def _guests(text: str) -> list[str]:
    names = re.split(r" ?(?:,|&| and | y | e | et | und | x ) ?", text)
    return [name.strip(EDGES) for name in names if name.strip(EDGES)]


def _bare_name(text: str, pieces: Pieces) -> str:
    """A credited name without quotes and noise behind it: `"Cher" karaoke video with lyrics`."""
    text = pieces.shown(_trimmed(text, pieces, lead=False)[0]).strip()
    text = text.strip("-_:;,* ")
    if text.count('"') == 2 and text[0] == text[-1] == '"':
        text = text[1:-1]
    elif text.count('"') == 1:
        text = text.replace('"', "")
    return text.strip()


# --- noise ----------------------------------------------------------------------------------


def _is_noise(text: str, pieces: Pieces) -> bool:
    """Whether a bracket or a part is all noise; then its variants and channel are noted."""
    phrases = noise_alone(text)
    if phrases is None:
        return False
    for phrase in phrases:
        pieces.note(phrase)
    return True


def _trimmed(text: str, pieces: Pieces, lead: bool = True) -> tuple[str, str]:
    """A part without the noise at its ends, which is noted; the second text follows its middle."""
    if longest_phrases().keys().isdisjoint(pieces.words):
        return text, ""
    found = without_noise(text, lead)
    for phrase in found.phrases:
        pieces.note(phrase)
    pieces.lead_karaoke = pieces.lead_karaoke or found.led
    return found.text, found.second


# --- credits and parts ----------------------------------------------------------------------


def _without_credit(text: str, pieces: Pieces) -> str:
    """Take "in the style of X" out of a text; X reaches to the next separator or noise."""
    found = _CREDIT.search(text)
    if found is None:
        return text
    rest = text[found.end() :]
    name, rest = _to_joint(rest)
    if not name.strip(EDGES) or not text[: found.start()].strip(EDGES):
        return text
    pieces.credit = pieces.credit or _bare_name(name, pieces)
    pieces.credit_phrase = found.group().strip(" :").lower()
    return text[: found.start()] + rest


def _joint(sign: str, before: str, after: str) -> int:
    """How firmly a sign parts a text, by what stands around it; 0 when it is part of a word."""
    if "|" in sign or "ㆍ" in sign or "//" in sign:
        return PIPE
    if sign == GAP:
        return SPLIT
    if sign == "  ":
        # Beside another sign they part nothing: "Louie Louie  -- Somebody".
        return WIDE if (before + after).isalnum() and before and after else 0
    is_dash = sign.strip("-–—~") == ""
    if before in _OPEN and after in _OPEN:
        if sign in ("·", "\\"):
            return PIPE
        return DASH if sign == "::" or not sign.strip("-–—~_=>") else HALF if sign == ":" else COLON
    if before in _OPEN:
        return HALF if is_dash else 0
    if after in _OPEN:
        return HALF if is_dash else COLON if sign in (":", "_") else 0
    return COLON if sign == "—" or (is_dash and len(sign) > 1) else 0


def _to_joint(text: str) -> tuple[str, str]:
    """A text up to its first separator, and the rest with it."""
    for found in _JOINT.finditer(text, 1):
        at, end = found.span()
        if _joint(found.group(), text[at - 1 : at], text[end : end + 1]):
            return text[:at], text[at:]
    return text, ""


def _raw_parts(text: str) -> list[tuple[str, int]]:
    """A text parted at its separators, each part with how firmly it is parted from the last."""
    raw: list[tuple[str, int]] = []
    start, strength = 0, 0
    for found in _JOINT.finditer(text):
        at, end = found.span()
        joint = _joint(found.group(), text[at - 1 : at], text[end : end + 1])
        if joint:
            if joint == WIDE and _is_one(text[start:at], text[end:]):
                continue
            raw.append((text[start:at], strength))
            start, strength = end, joint
            if len(raw) >= 12:
                break
    raw.append((text[start:].replace(GAP, " "), strength))
    return raw


def _is_one(left: str, right: str) -> bool:
    """Whether two spaces stand within a name that everybody knows: "Rod  Stewart"."""
    words = right.split(" ", 4)[:4]
    heads = (fold(f"{left} {' '.join(words[:count])}") for count in range(1, len(words) + 1))
    return any(head in known.artists() or head in known.titles() for head in heads)


def _part(text: str, pieces: Pieces) -> None:
    """Part a text at its separators into `pieces.parts`, without noise, ids and brands."""
    texts: list[tuple[str, int]] = []
    branded: set[int] = set()
    pending = 0
    # In most names the noise stood in brackets; what is left of them has none.
    noisy = not longest_phrases().keys().isdisjoint(words_of(text))
    for part, strength in _raw_parts(text):
        pending = max(pending, strength)
        before = pieces.karaoke
        part = part.strip(EDGES)
        for piece in filter(None, _trimmed(part, pieces) if noisy else (part,)):
            texts.append((piece, pending))
            pending = 0
        if pieces.karaoke > before:
            branded.add(len(texts) - 1)
    parts: list[tuple[str, int]] = []
    for index, (piece, strength) in enumerate(texts):
        if bare := _bare_part(piece, pieces, alone=len(texts) == 1):
            parts.append((bare, strength or SPLIT))
            if index in branded:
                pieces.branded.append(bare)
    parts = _without_labels(parts, pieces)
    pieces.parts = [part for part, _ in parts]
    pieces.joints = [strength for _, strength in parts[1:]]


def _bare_part(part: str, pieces: Pieces, alone: bool) -> str:
    """A part without a disc's number, guests or the one whom it honours behind it."""
    part = part.strip(EDGES)
    if len(part) == 1 and FIRST_KEPT <= ord(part) < FIRST_KEPT + len(pieces.kept):
        # "Artist - [Title]": what is all a part in brackets needs none.
        opening, inner = pieces.kept[ord(part) - FIRST_KEPT]
        part = part if opening in QUOTES else inner.strip(EDGES)
    if part and part[-1].isdigit() and (found := _END_ID.search(part)):
        part = part[: found.start()]
        pieces.channels.append(DISC)
    if (
        not _COVER_HINTS.isdisjoint(pieces.words)
        and (found := _COVER_OF.search(part))
        and found.start()
    ):
        pieces.covers.append((_bare_name(part[found.end() :], pieces), True))
        part = part[: found.start()].rstrip(EDGES)
    return _without_guests(part if alone else _without_place(part, pieces), pieces, alone)


def _without_place(part: str, pieces: Pieces) -> str:
    """A singer whom everybody knows without where it was and with whom.

    "Ella Fitzgerald at the Opera House", "Sarah Vaughan with Clifford Brown"
    """
    if pieces.words.isdisjoint(_PLACE_HINTS):
        return part
    for found in islice(_PLACE.finditer(part), 3):
        name = part[: found.start()]
        if " " in name and fold(name) in known.artists() and fold(part) not in known.artists():
            if found[1]:
                pieces.featured += _guests(pieces.shown(part[found.end() :]))
            return name
    return part


def _without_guests(part: str, pieces: Pieces, alone: bool) -> str:
    """Take "feat. X" off the end of a part.

    In a name of one part the title may follow the guest: "Jessie J ft. B.o.B Price Tag" stays.
    """
    found = None if GUEST_HINTS.isdisjoint(pieces.words) else FEAT.search(part)
    if found is None or not (guests := part[found.end() :].strip(EDGES)):
        return part
    if alone and " " in guests:
        return part
    pieces.featured += _guests(pieces.shown(part[found.end() :]))
    return part[: found.start()].strip(EDGES)


# What a part may be that is neither artist nor title, the surest first.
_LABELS = ("number", "signature", "version", "date", "brand")


def _without_labels(parts: list[tuple[str, int]], pieces: Pieces) -> list[tuple[str, int]]:
    """Drop the parts that are neither artist nor title while two parts remain, the surest first."""
    if len(parts) == 2 and _is_track(parts, pieces):
        return parts[1:]
    parts = _without_album(parts)
    spare = len(parts) - (1 if pieces.credit else 2)
    for label in _LABELS:
        if spare <= 0:
            break
        kept = []
        for index, (part, strength) in enumerate(parts):
            end = index == len(parts) - 1
            if spare > 0 and _is_label(label, part, index, end, pieces):
                spare -= 1
            else:
                kept.append((part, strength))
        parts = kept
    return parts


def _without_album(parts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Drop the record and the place on it: "Queen - Greatest Hits - 11 - Flash"."""
    for index in range(2, len(parts) - 1):
        if len(parts[index][0]) < 3 and parts[index][0].isdigit():
            return parts[: index - 1] + parts[index + 1 :]
    return parts


def _is_track(parts: list[tuple[str, int]], pieces: Pieces) -> bool:
    """Whether "11 - Bohemian Rhapsody" begins with its place on a record.

    "22 - Taylor Swift" does not, nor "7 - Somebody (Karaoke)": songs have such names.
    """
    (number, _), (name, _) = parts
    if pieces.karaoke or len(number) > 2 or not number.isdigit():
        return False
    return fold(pieces.shown(name)) not in known.artists()


def _is_label(label: str, part: str, index: int, end: bool, pieces: Pieces) -> bool:
    if label == "number":
        if is_disc_id(part) and fold(part) not in known.artists():
            pieces.channels.append(DISC)
            return True
        return is_track_number(part) or is_year(part) or part.isdigit()
    if label == "signature":
        # "100 Gecs - Last Train - Rock Solid Karaoke"
        return (end and part in pieces.branded) or ((end or not index) and _is_noise(part, pieces))
    if label == "version":
        if _is_variant(part, pieces) or (index > 1 and _FROM.match(part)):
            return True
        return index > 0 and _is_cover(part, pieces)
    if label == "date":
        return end and _DATED.search(part) is not None
    # "CKK - A Day To Remember - If It Means A Lot To You"
    return not index and bool(_BRAND.fullmatch(part)) and fold(part) not in known.artists()


def _is_variant(part: str, pieces: Pieces) -> bool:
    """Whether a part names a version: "live at the BBC 1969", "Bossa Nova Version"."""
    words = fold(part).split()
    if len(words) < 2 and words != ["live"]:
        return False
    ends = words[-1] in ("version", "remix", "remaster", "mix", "edit", "remastered")
    if ends or (words[0] == "live" and (len(words) == 1 or words[1] in ("at", "in", "from", "on"))):
        pieces.variants.append(pieces.shown(part).strip())
        return True
    return False
