"""A name parted at its separators, without the parts that are neither artist nor title. Pure."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from . import known_names
from .artist_likeness import looks
from .channels import DISC
from .credits import (
    BY,
    COVER_HINTS,
    COVER_OF,
    CREDIT,
    FEAT,
    FROM,
    GUEST_HINTS,
    bare_name,
    guest_names,
    is_cover,
)
from .folding import fold
from .formatting import in_other_letters
from .noise import words_of
from .pieces import (
    BRAND,
    COLON,
    DASH,
    EDGES,
    FIRST_KEPT,
    GAP,
    HALF,
    JOINT,
    PIPE,
    PLAIN_JOINT,
    QUOTES,
    SPLIT,
    UNSPACED,
    UNSPACED_END,
    WIDE,
    Pieces,
    is_noise,
    trimmed,
)
from .words import anchor_words, is_disc_id, is_track_number, is_year

# What stands beside a separator that is no part of a word: a space, a gap, the end of the text.
_OPEN = (" ", GAP, "")
# "Blue Suede Shoes SC8123-05", "Remote Control SOKC-0042": a disc's number behind a name.
_END_ID = re.compile(r"[ ~-][A-Z]{2,8}-?\d{3,6}(?:[ -]\d{1,3})?$", re.ASCII)
_PLACE = re.compile(r" (?:from|at|live|on|(with|w/|con|avec|mit)) ", re.IGNORECASE)
_PLACE_HINTS = frozenset(("from", "at", "live", "on", "with", "w", "con", "avec", "mit"))
# "Live Feb 1973", "NYC 11/23/13", "Letterman 3-14-2013": a last part that dates a performance.
_DATED = re.compile(r"(?<!\d)(?:\d\d?[./-]\d\d?[./-](?:\d\d){1,2}|(?:19[2-9]|20[0-3])\d)(?!\d)")
_SITE = re.compile(
    r"(?:www\.)?[\w-]{3,30}\.(?:com|net|org|in|info|co|cc|me|fm|mobi|ru|pk|vn|id|tv|es|it|de|fr|br)",
    re.IGNORECASE,
)
# What a part may be that is neither artist nor title, the surest first.
_LABELS = ("number", "signature", "version", "date", "brand", "rest")
# Joints between the parts of one segment; a stroke parts segments.
_INNER = (DASH, HALF)
_SINGER = 1.0  # from here on a text looks like a person
_CODE = re.compile(r"[B-DF-HJ-NP-TV-XZ]{2,5}", re.ASCII)
# "Boku no Hero Academia - ED2 - Shout Baby": what a series opens or closes with.
_OF_A_SERIES = re.compile(r"(?:OP|ED|IN|INS)[ -]?\d{0,2}")


def without_credit(text: str, pieces: Pieces) -> str:
    """Take "in the style of X" out of a text; X reaches to the next separator or noise."""
    found = CREDIT.search(text)
    if found is None:
        return text
    rest = text[found.end() :]
    name, rest = _to_joint(rest)
    title = text[: found.start()].strip(EDGES)
    if not title and "style" in found.group().lower():
        title = rest.strip(EDGES)  # "In the Style of Adele - Hello"
    if not name.strip(EDGES) or not title:
        return text
    pieces.credit = pieces.credit or bare_name(name, pieces)
    pieces.credit_phrase = found.group().strip(" :").lower()
    return text[: found.start()] + rest


def fill_parts(text: str, pieces: Pieces) -> None:
    """Part a text at its separators into `pieces.parts`, without noise, ids and brands."""
    texts: list[tuple[str, int]] = []
    branded: set[int] = set()
    pending = 0
    # In most names the noise stood in brackets; what is left of them has none.
    anchors = anchor_words()
    noisy = not anchors.isdisjoint(pieces.words) and not anchors.isdisjoint(words_of(text))
    for part, strength in _raw_parts(text):
        pending = max(pending, strength)
        before = pieces.karaoke
        part = part.strip(EDGES)
        # "Lyrics To Go" behind a dash is a title, "| Lyrics Video" behind a stroke none.
        lead = not texts or strength in (PIPE, SPLIT)
        for piece in filter(None, trimmed(part, pieces, lead) if noisy else (part,)):
            texts.append((piece, pending))
            pending = 0
        if pieces.karaoke > before and not pending:
            branded.add(len(texts) - 1)
    parts: list[tuple[str, int]] = []
    for index, (piece, strength) in enumerate(texts):
        if "." in piece and len(texts) > 1 and _SITE.fullmatch(piece):
            continue  # "08 - Vijayi Bhava - PagalSongs.com"
        if strength == SPLIT and len(texts) > 1 and index and is_noise(piece, pieces):
            continue  # "Devuélveme a mi chica-Hombres G-(LETRA)+VIDEO"
        if bare := _bare_part(piece, pieces, alone=len(texts) == 1):
            parts.append((bare, strength or SPLIT))
            if index in branded:
                pieces.branded.append(bare)
    parts = _without_labels(parts, pieces)
    pieces.parts = [part for part, _ in parts]
    pieces.joints = [strength for _, strength in parts[1:]]


def _raw_parts(text: str) -> list[tuple[str, int]]:
    """A text parted at its separators, each part with how firmly it is parted from the last."""
    raw: list[tuple[str, int]] = []
    start, strength = 0, 0
    for found in (JOINT if "  " in text else PLAIN_JOINT).finditer(text):
        at, end = found.span()
        joint = _joint(found.group(), text[at - 1 : at], text[end : end + 1])
        if joint:
            if joint == WIDE:  # not within a name that everybody knows: "Rod  Stewart"
                words = text[end:].split(" ", 4)[:4]
                ends = (" ".join(words[:count]) for count in range(1, len(words) + 1))
                names = [fold(f"{text[start:at]} {ending}") for ending in ends]
                artists, titles = known_names.artists(), known_names.titles()
                if not (artists.isdisjoint(names) and titles.isdisjoint(names)):
                    continue
            raw.append((text[start:at], strength))
            start, strength = end, joint
            if len(raw) >= 12:
                break
    raw.append((text[start:].replace(GAP, " "), strength))
    return raw


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
    if is_dash and (UNSPACED < before < UNSPACED_END or UNSPACED < after < UNSPACED_END):
        return HALF  # "林俊傑-江南-伴唱版": no hyphen joins what is written without spaces
    if sign == "~" and before.isascii() and after.isascii():
        return COLON  # "Billie Eilish~Ocean Eyes~karaoke"
    return COLON if sign == "—" or (is_dash and len(sign) > 1) else 0


def _to_joint(text: str) -> tuple[str, str]:
    """A text up to its first separator, and the rest with it."""
    for found in JOINT.finditer(text, 1):
        at, end = found.span()
        if _joint(found.group(), text[at - 1 : at], text[end : end + 1]):
            return text[:at], text[at:]
    return text, ""


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
        not COVER_HINTS.isdisjoint(pieces.words)
        and (found := COVER_OF.search(part))
        and found.start()
    ):
        pieces.covers.append((bare_name(part[found.end() :], pieces), True))
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
        if (
            " " in name
            and fold(name) in known_names.artists()
            and fold(part) not in known_names.artists()
        ):
            if found[1]:
                pieces.featured += guest_names(pieces.shown(part[found.end() :]))
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
    pieces.featured += guest_names(pieces.shown(part[found.end() :]))
    part = part[: found.start()].strip(EDGES)
    pieces.hosts.append(part)
    return part


def _without_labels(parts: list[tuple[str, int]], pieces: Pieces) -> list[tuple[str, int]]:
    """Drop the parts that are neither artist nor title while two parts remain, the surest first."""
    if len(parts) == 2 and not pieces.karaoke:
        # "11 - Bohemian Rhapsody" begins with its place on a record. "22 - Taylor Swift" does not,
        # nor "7 - Somebody (Karaoke)": songs have such names.
        (number, _), (name, _) = parts
        is_place = len(number) < 3 and number.isdigit()
        if is_place and fold(pieces.shown(name)) not in known_names.artists():
            return parts[1:]
    if len(parts) == 3 and _OF_A_SERIES.fullmatch(parts[1][0]):
        return parts[2:]
    for index in range(2, len(parts) - 1):  # "Queen - Greatest Hits - 11 - Flash"
        if len(parts[index][0]) < 3 and parts[index][0].isdigit():
            parts = parts[: index - 1] + parts[index + 1 :]
            break
    if len(parts) > 2 and parts[-1][1] in (PIPE, COLON):
        before = " ".join(part for part, _ in parts[:-1])
        if in_other_letters(before, parts[-1][0]):
            parts = parts[:-1]  # "Elissa - Ajmal Ihsas / إليسا أجمل إحساس" says all twice
    spare = len(parts) - (1 if pieces.credit else 2)
    for label in _LABELS:
        if spare <= 0:
            break
        kept = []
        dashed = sum(strength > COLON for _, strength in parts[1:]) > 0
        for index, (part, strength) in enumerate(parts):
            end = index == len(parts) - 1
            if spare > 0 and _is_label(label, part, strength, index, end, dashed, pieces):
                spare -= 1
            else:
                kept.append((part, strength))
        parts = kept
    return _dashed_segment(parts) if spare > 0 else parts


def _dashed_segment(parts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The first segment between strokes that holds a dash, and who is known outside it.

    "Walk - HIEUTHUHAI | Anh Trai Say Hi - VieOn": what a stroke parts off is a show, a record, a
    channel; the singer of "Kesariya - Brahmastra | Arijit Singh" is known.
    """
    strokes = [index for index, (_, strength) in enumerate(parts) if index and strength == PIPE]
    bounds = [0, *strokes, len(parts)]
    for start, end in pairwise(bounds):
        if len(parts) == 3 and start == 1 and _are_singers(parts):
            return parts
        if len(strokes) and any(strength in _INNER for _, strength in parts[start + 1 : end]):
            artists = known_names.artists()
            return [
                part
                for index, part in enumerate(parts)
                if start <= index < end or fold(part[0]) in artists
            ]
    return parts


def _are_singers(parts: list[tuple[str, int]]) -> bool:
    """Whether a title stands before a stroke and two singers behind it: "Quê Hương Tuổi Thơ Tôi |
    Như Quỳnh - Mạnh Quỳnh"."""
    title, *others = (looks(part, frozenset()).score for part, _ in parts)
    return title < _SINGER and min(others) >= _SINGER and parts[0][0].count(" ") > 1


def _is_label(
    label: str, part: str, strength: int, index: int, end: bool, dashed: bool, pieces: Pieces
) -> bool:
    if label == "number":
        if is_disc_id(part) and fold(part) not in known_names.artists():
            pieces.channels.append(DISC)
            return True
        return is_track_number(part) or is_year(part) or part.isdigit()
    if label == "signature":
        # "100 Gecs - Last Train - Rock Solid Karaoke", "ACV Karaoke | Title - Artist | Beat"
        is_maker = end or (not index and dashed and BRAND.fullmatch(part) is not None)
        if (is_maker and part in pieces.branded) or is_noise(part, pieces):
            return True
        # "Mutiara - Laila Ayu | Karaoke Duet (Lirik) by ZYLVEmedia"
        return index > 1 and pieces.karaoke > 0 and BY.match(part) is not None
    if label == "version":
        if _is_variant(part, pieces) or (index > 1 and FROM.match(part)):
            return True
        return index > 0 and is_cover(part, pieces)
    if label == "date":
        return end and _DATED.search(part) is not None
    if label == "rest":
        # "Bruciare per te (cori) Maker - Elisa": what follows a bracket within a dashed part.
        return strength == SPLIT and dashed and index > 0 and not pieces.covers
    # "CKK - A Day To Remember - If It Means A Lot To You"
    # "STAY - The Kid LAROI" and "OK - Robin Schulz" are titles.
    return not index and bool(_CODE.fullmatch(part)) and fold(part) not in known_names.artists()


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
