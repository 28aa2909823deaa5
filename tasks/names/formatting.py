"""A reading's artist and title in their final spelling: order, case, brackets. Pure."""

from __future__ import annotations

import re

from . import known_names
from .artist_likeness import is_vietnamese
from .folding import fold
from .pieces import EDGES
from .words import SMALL

_COMMA_NAME = re.compile(r"([^,]{2,40}), ([^,]{1,40})")
_ARTICLE = re.compile(
    r"([^,]{2,60}(?:,[^,]{1,60})?), (the|a|an|los|las|el|la|les|le|die|der|das|os|as|il|gli|i)",
    re.IGNORECASE,
)
# A track's number before a title: "06. Lady In Black", "03 Dust In The Wind"; not "99 Luftballons".
_TRACK = re.compile(r"0\d\d?[.)-]? ?-? ?(?=\S)|\d\d?[.)] +(?=\S)")
# '"Secret Love" from "Calamity Jane"', '「ハレンチ」': what the quotation says is the title.
_QUOTED = re.compile(r'["「『《【]([^"「」『』《》【】]{2,})["」』》】]')
_END_YEAR = re.compile(r"[ ,.-]{0,3}(?<![\w'])(?:19[2-9]\d|20[0-3]\d)\.?$")
_BINDS_A_YEAR = frozenset((
    "in", "of", "since", "from", "year", "the", "summer", "winter", "spring", "christmas",
    "december", "september", "june", "july", "en", "el", "del", "de", "año", "verano", "im",
    "seit", "sommer", "jahr", "année", "été", "dal", "nel", "anno", "estate", "rok", "lato",
    "в", "год", "лето",
))  # fmt: skip
# "Eres tú Eurovisión 1973", "Golden Brown SXSW 09": where a song was sung, and when.
_END_EVENT = re.compile(
    r"[ ,-]+(?:eurovisi[oó]n|san ?remo|festival|sxsw|glastonbury|coachella)\W{1,2}\d{2,4}$",
    re.IGNORECASE,
)
# "林俊傑 JJ Lin": one name in two scripts.
_TWO_SCRIPTS = re.compile(r"([\u4e00-\u9fff]{2,4}) ([A-Z][\w .'-]+)", re.ASCII)
# "Tùng Dương Official", "AdeleVEVO": the channel, not the artist.
_CHANNEL = re.compile(r"(?<=\w) (?:official|vevo|oficial|officiel|topic|channel)$", re.IGNORECASE)
_CHANNEL_ENDS = "lLoOcC"  # of "official", "vevo", "topic"
# The dot at the end of "T.I." and "Sammy Davis Jr." belongs to it; elsewhere it ends a sentence.
_END_DOT = re.compile(r"(?<=[^\W\d_]{2})(?<!\bjr)(?<!\bsr)(?<!\bst)(?<!\betc)\.$", re.IGNORECASE)


def flipped(text: str) -> str:
    """ "Costello, Elvis" -> "Elvis Costello", "Lightning Seeds, The" -> "The Lightning Seeds"."""
    if "," not in text:  # "JACKSON MICHAEL", where only Michael Jackson is somebody
        last, _, first = text.partition(" ")
        is_first = text.isascii() and first.lower() in known_names.first_names()
        if is_first and fold(text) not in known_names.artists():
            turned = f"{first} {last}"
            text = turned if fold(turned) in known_names.artists() else text
        return text
    if " & " in text and text.count(",") == 2:
        return " & ".join(map(flipped, text.split(" & ")))
    if (turned := article_first(text)) != text:
        return turned
    found = _COMMA_NAME.fullmatch(text)
    if found is None or is_vietnamese(text) or fold(text) in known_names.artists():
        return text
    last, first = map(str.strip, found.groups())
    # "Pickett, Bobby Boris & Crypt Kickers": the band follows the person.
    own, sign, band = first.partition(" & ")
    turned = f"{own} {last}{sign}{band}"
    if fold(f"{own} {last}") in known_names.artists():
        return turned
    firsts = known_names.first_names()
    one_word = len(last.split()) == 1 and len(own.split()) <= 2
    if one_word and fold(own).split(" ")[0] in firsts and fold(last) not in known_names.artists():
        return turned
    return text


def article_first(text: str) -> str:
    """ "Boxer, The" -> "The Boxer"."""
    found = _ARTICLE.fullmatch(text)
    return f"{found[2]} {found[1].strip()}" if found else text


def final_artist(text: str) -> str:
    """An artist's name as a reading tells it, without the numbers and brackets beside it."""
    text = _plain(text)
    if "," in text or text.count(" ") == 1:
        text = flipped(text)
    # Most names are letters and spaces, of which only the ends below tell.
    is_plain = text.replace(" ", "").isalpha()
    if not is_plain:  # without a track's number, quotes or brackets
        if text[:1].isdigit() and _TRACK.match(text) and fold(text) not in known_names.artists():
            text = _TRACK.sub("", text, count=1)
        if text.count('"') == 2 and text[0] == text[-1] == '"':
            text = text[1:-1]
        if text and text[-1] in ")]":
            text = behind(text)[0] or text
            if text[0] + text[-1] in ("()", "[]"):
                text = text[1:-1]
    if " " in text:
        if text[-1] in _CHANNEL_ENDS:
            text = _CHANNEL.sub("", text)
        half = len(text) // 2
        if text[half] == " " and text[:half] == text[half + 1 :]:
            # "Adele Adele": downloaders write whom a channel is named after.
            text = text[:half] if fold(text[:half]) in known_names.artists() else text
        if not text.isascii() and (found := _TWO_SCRIPTS.fullmatch(text)):
            text = found[1]
    if is_plain:
        return text
    if text[-4:].isdigit() and fold(text) not in known_names.artists():
        text = _END_YEAR.sub("", text) or text
    return (_END_DOT.sub("", text) if text[-1:] == "." else text).strip()


def final_title(text: str, karaoke: bool) -> str:
    """A title as a reading tells it, without the numbers and years beside it.

    Args:
        text: the title's text.
        karaoke: whether the name is a karaoke track's: its years belong to titles ("1979").
    """
    text = _plain(text)
    if text.replace(" ", "").isalpha():
        return text  # most titles are letters and spaces
    if "," in text:
        text = article_first(text)
    if text[:1].isdigit() and (found := _TRACK.match(text)) and found.end() < len(text):
        text = text[found.end() :]
    if text[-1:].isdigit() and " " in text:
        text = _END_EVENT.sub("", text)
    if not karaoke and text[-4:].strip(".").isdigit() and text.count(" ") > 1:
        bare = _END_YEAR.sub("", text)
        # "En El 2000", "December, 1963": what binds the year makes it the title's own.
        text = text if bare.rpartition(" ")[2].lower() in _BINDS_A_YEAR else bare
    text = text.strip(EDGES)
    if text[-1:] in _CLOSING and text[0] + text[-1] in ("()", "[]") and text.count(text[0]) == 1:
        text = text[1:-1].strip()
    if text[:1] in _QUOTES and (found := _QUOTED.match(text)):
        text = found[1].strip()
    text = _END_DOT.sub("", text) if text[-1:] == "." else text.removeprefix("...")
    return text.removesuffix(" ...").strip()


def in_other_letters(one: str, other: str) -> bool:
    """Whether two texts share no script as far as Latin goes: "Ditto" and "디토"."""
    if one.isascii() and other.isascii():
        return False
    sides = [{letter < "\u0250" for letter in text if letter.isalpha()} for text in (one, other)]
    return {True} in sides and {False} in sides


def with_year(written: str, title: str) -> str:
    """A title with the year that `final_title` took off its end, "" where it took none."""
    found = _END_YEAR.search(written)
    year = found.group().strip(" ,.-") if found else ""
    return f"{title} {year}" if year and not title.endswith(year) else ""


_CLOSING = (")", "]")
_QUOTES = ('"', "「", "『", "《", "【")


def _plain(text: str) -> str:
    if "_" in text or "  " in text:
        text = " ".join(text.replace("_", " ").split())
    return text.strip(EDGES)


def behind(title: str) -> tuple[str, str]:
    """A title without the bracket behind it, and what that bracket says; "" where there is none."""
    if title[-1] not in ")]":
        return "", ""
    start = title.rfind("(" if title[-1] == ")" else "[")
    bare = title[:start].strip(EDGES) if start > 0 else ""
    return bare, title[start + 1 : -1].strip()


_WORD = re.compile(r"[^\W\d_][^\s/(\[-]*")
_NO_VOWEL = re.compile(r"[B-DF-HJ-NP-TV-XZ]{1,3}", re.ASCII)


def readable(artist: str, title: str) -> tuple[str, str]:
    """Artist and title in a readable case where the name has none: all capitals or all small."""
    both = artist + title
    plain = both.isupper() or both.islower()
    if plain or artist.isupper() or artist.islower():
        artist = _recased(artist, plain, True)
    if plain or title.isupper() or title.islower():
        title = _recased(title, plain, False)
    return artist, title


def _recased(text: str, plain: bool, is_name: bool) -> str:
    """ "MARC ANTHONY" -> "Marc Anthony"; one capital word beside mixed case is a style (SB19)."""
    if not plain and " " not in text and (is_name or len(text) < 5):
        return text
    if own := known_names.spelling(fold(text)):
        return own
    words = text.split(" ")
    ends = (0, len(words) - 1)
    for index, word in enumerate(words):
        plain, low = word.isalpha(), word.lower()
        if word.isupper():  # "TJ", "SB19" and "T.I." keep their capitals
            is_short = len(word) < 4 and _NO_VOWEL.fullmatch(word) is not None
            if is_short if plain else word.count(".") > 1 or any(map(str.isdigit, word)):
                continue
        if low in SMALL and index not in ends:
            words[index] = low
        elif plain:
            words[index] = low.capitalize()
        else:  # "DON'T" becomes "Don't"
            words[index] = _WORD.sub(lambda found: found.group().capitalize(), low)
    return " ".join(words)
