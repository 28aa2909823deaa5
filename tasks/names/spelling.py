"""What file systems, downloaders and encodings did to a name's characters, undone. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import unquote

from . import known_names
from .folding import fold
from .front_numbers import NO_NUMBERS, without_number

# What PiKaraoke plays, and the companions of a track; "Mr. Brightside" has no extension.
ENDINGS = (
    ".mp4", ".mp3", ".zip", ".mkv", ".avi", ".webm", ".mov", ".cdg", ".ass",
)  # fmt: skip

# Longer input is no name; what stands behind this many characters is left out of the reading.
LONGEST = 600

# What PiKaraoke 1.23.0 takes for a YouTube id at the end of a name, and yt-dlp writes there.
YOUTUBE_ID = re.compile(r"---([\w-]{11})$|\s*\[([\w-]{11})\]$", re.ASCII)
# youtube-dl's old form "TITLE-ELEVENCHARS": only when it cannot be a word.
# "TITLE (ELEVENCHARS)", "TITLE_ELEVENCHARS", and files that have no other name than their id.
_OLD_ID = re.compile(r"(?:[-_]([\w-]{11})| ?\(([\w-]{11})\))$", re.ASCII)
_BARE_ID = re.compile(r"[\w-]{11}", re.ASCII)
_MIXED = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]*[A-Z]", re.ASCII)
# One id in seven has no digit; no word changes its case that often, or has that many consonants.
_CHANGE = re.compile(r"(?=[a-z][A-Z]|[A-Z][a-z])")
_TWO_CAPITALS = re.compile(r"[A-Z]{2}|[_-]")
_LOWER = frozenset("abcdefghijklmnopqrstuvwxyz")
_CONSONANTS = re.compile(r"[b-df-hj-np-tv-xz]{5}", re.IGNORECASE)
# yt-dlp's `%(id)s__%(uploader)s__%(title)s`.
_LEADING_ID = re.compile(r"([\w-]{11})__(.{1,60}?)__(?=\S)", re.ASCII)

# Endings that an uploader left in a video's title: "Lynch Mob - Tie Your Mother Down.wmv".
_MEDIA = re.compile(
    r"(?:\.f\d{2,3})?(?:_\d{4})?\.(?:f\d{2,3}|cdg|zip|wmv|mpe?g|flv|m4[av]|vob|wav|og[gm]|wma|avi|mov|mp[34]|mkv|webm|3gp|divx|flac)$",
    re.IGNORECASE,
)  # fmt: skip
# "Kay Starr - Sunday - http://www.Example.com"; file systems turn "://" into "---" and the like.
_ADDRESS = re.compile(r"(?:https?[:/_-]{1,4}|www\.)[^\s)\]]+", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:\\")
_DC = re.compile(r"DC\b")
_ENTITY = re.compile(r"&(?:#\d{1,6}|amp|quot|apos|lt|gt|nbsp);")
_SPACES = re.compile(r"\s{2,}|[^\S ]")
_RUNS = re.compile(r"([-–—~=*#:|/\\<>])\1{2,}")
_TRIPLE = re.compile(r"([-–—~=*#:|/\\<>])\1\1")
_SURROGATE = re.compile("[\ud800-\udfff]")

# What yt-dlp writes for characters that a file system refuses, and other look-alikes.
_LOOK_ALIKES = {
    "｜": "|", "⧸": "/", "⧹": "\\", "＂": '"', "：": ":", "？": "?", "＊": "*", "＜": "<",
    "＞": ">",
    "／": " / ",
    "∶": ":", "ː": ":", "꞉": ":", "∕": "/", "⁄": "/", "￨": "|", "│": "|", "┃": "|", "║": "|",
    "ǀ": "|", "❘": "|", "¦": "|", "‖": "|", "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"',
    "»": '"', "″": '"', "〝": '"', "〞": '"', "’": "'", "‘": "'", "‛": "'", "´": "'", "`": "'",
    "′": "'", "–": "–", "‐": "-", "‑": "-", "‒": "–", "―": "—", "−": "-", "﹣": "-", "～": "~",
    "〜": "~", "∼": "~", "⁓": "~", "•": "|", "●": "|", "▪": "|", "■": "|", "►": "|", "▶": "|",
    "◆": "|", "◇": "|", "∙": "|", "‣": "|", "➤": "|", "⏤": "—", "ㅡ": "-", "\u3000": "  ",
    "\u00a0": " ", "\u2028": " ", "\u2029": " ", "〔": "[", "〕": "]", "⟨": "(", "⟩": ")",
}  # fmt: skip
_TRANSLATE = str.maketrans(_LOOK_ALIKES)

# Signs that decorate: emoji, dingbats, notes, marks without width, private-use characters (which
# the parser uses itself), control characters.
_DECORATION = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffc-\uffff"
    "\ue000-\uf8ff\u2190-\u23ff\u2460-\u24ff\u2580-\u27bf\u2900-\u297f\u2b00-\u2bff\ufe0e\ufe0f"
    "\U0001f000-\U0001faff\U000e0000-\U0010ffff]+"
)
# Full-width letters, mathematical alphabets ("𝐊𝔸𝐑𝔸𝐎𝕂𝐄"), half-width kana: plain ones.
_FANCY = re.compile("[\uff01-\uffdc\U0001d400-\U0001d7ff\ufb00-\ufb06]+")

# "Mỹ Mỹ, Liu Grace l EXSH", "Hello - Adele I Karaoke": a letter that stands for a stroke.
_LONE_L = re.compile(
    r" l (?=\S)| I (?=(?i:karaoke|beat|official|lyrics?|tone|instrumental|minus|video)\b)"
)

# No number in front begins later.
_DIGITS = frozenset("0123456789")
# "Don_t Stop Me Now": an apostrophe that somebody's tool refused.
_APOSTROPHE = re.compile(r"(?<=[^\W_])_(?=(?:t|s|m|re|ll|ve|d)(?![^\W_]))")

# "Oasis-Wonderwall-Karaoke": the last hyphen parts the song from what it is.
_TIGHT_END = re.compile(
    r"(?<=[\w)\]])[-.]((?:karaok[eê]|instrumental|lyrics?|ktv)(?:-(?:h[dq]|version|video|lyrics?))*)$",
    re.IGNORECASE,
)

# "abba_dancing-queen_karaoke": what a slug ends on, and the sign that parts it from the song.
_SLUG_END = re.compile(r"([_-])(?:karaok[eê]|instrumental|lyrics?|h[dq])$", re.IGNORECASE)
_SLUG_ENDS = re.compile(
    r"(?:-(?:karaok[eê]|version|instrumental|with|lyrics?|video|h[dq]))+$", re.IGNORECASE
)
# "SF122-03_Always_Be_My_Baby": the hyphen is the disc number's.
_DISC_SLUG = re.compile(r"[A-Z]{2,8}-?\d{3,6}-\d\d_", re.ASCII)
_HUMP = re.compile(r"(?<=[a-z])(?<!Mc)(?=[A-Z])")

# UTF-8 that was read as something else: what its traces look like, and the codec to undo it with.
_MOJIBAKE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("[ÃÂÄÅ][\u0080-\u00bf\u0152-\u2122]|â€|Ð[\u0080-\u00bf]"), "cp1252"),  # "CÃ©line"
    (re.compile("[ÃÂÄÅ][\u0080-\u00bf]"), "latin-1"),  # "CÃ\xadcero"
    (re.compile("├[⌐íóúñª¿¬ÑÖäöüëèïîì£╝║▒│┤╕]|ΓÇ"), "cp437"),  # "C├⌐line", from a zip file
)


def unpack(
    name: str, numbered: Mapping[str, bool] | None = NO_NUMBERS
) -> tuple[str, str | None, str]:
    """A name as its author meant it, without folder, extension and id.

    Args:
        name: a file name or title, with or without folder, extension and YouTube id.
        numbered: what its folder's names say of numbers in front; None leaves the number.
    Returns:
        The text in plain characters (pipes, quotes, dashes and spaces in one form each), the
        YouTube id or None, and the channel where the file name gives one, else "".
    """
    stem, is_file = _stem(name[-4096:])
    stem, youtube_id, channel = _without_id(stem, is_file)
    if "." in stem[-6:]:
        stem = _MEDIA.sub("", stem) or stem
    if not stem.isascii():
        stem = _plain(stem)
    if "&" in stem and _ENTITY.search(stem):
        import html  # 0.3 MB, for the few names that were written for a web page

        stem = html.unescape(stem)
    if "%" in stem and "%20" in stem:
        stem = unquote(stem, errors="replace")
    text = stem[:LONGEST].replace("\\,", ",")
    if not (text.isascii() and text.isprintable()):
        text = _DECORATION.sub(" ", text)
    if "www." in text or "http" in text:
        text = _ADDRESS.sub(" ", text)
    text = text.strip()
    if "+" in text and " " not in text and text.count("+") > 1:
        text = text.replace("+", " ")  # "Adele+Hello+Karaoke"
    if numbered is not None and (text[:1].isdigit() or not _DIGITS.isdisjoint(text[:12])):
        text = without_number(text, numbered)
    text = _slug(text)
    if "  " in text or not text.isprintable() or _TRIPLE.search(text):
        # Two spaces part what one does not: "The Rockin' Berries   Mr. Blue".
        text = _RUNS.sub(r"\1", text)
        text = _SPACES.sub(lambda found: " " if len(found.group()) == 1 else "  ", text)
    text = underscores(_dots(text.strip()))
    if "-" in text[-20:] or "." in text[-14:]:
        text = _TIGHT_END.sub(r" - \1", text)
    if " l " in text or " I " in text:
        text = _LONE_L.sub(" | ", text)
    return text, youtube_id, channel


def _stem(name: str) -> tuple[str, bool]:
    """The name without its folder and extension, and whether it is a file's name."""
    head = name.rstrip()
    low = head[-5:].lower()
    ending = ""
    if low.endswith(ENDINGS):
        ending = next(ending for ending in ENDINGS if low.endswith(ending))
    if head[:1] in "/~." and "/" in head and head[:2] not in ("/ ", ".."):
        head = head.rsplit("/", 1)[1] or head
    elif head[1:2] == ":" and _DRIVE.match(head):
        head = head.rsplit("\\", 1)[1] or head
    elif ending and "/" in head:
        folder, _, tail = head.rpartition("/")
        # "AC/DC - Thunderstruck.mp4" lies in no folder.
        if not (folder.endswith(" ") or tail.startswith(" ") or _DC.match(tail)):
            head = tail
    if ending and len(head) > len(ending):
        head = head[: -len(ending)]
    return head, bool(ending)


def sole_name(name: str) -> str:
    """What is left to show of a name in which nothing can be read: "🎵🎵🎵.mp4" and "---.mp4" are
    no songs called ".Mp4", and a file that has an id for its name is called by that."""
    stem, _ = _stem(name)
    return stem.strip(" -_.") or stem.strip() or name.strip(" -_.") or name


def _without_id(stem: str, is_file: bool) -> tuple[str, str | None, str]:
    """Cut the YouTube id off: the rest, the id, and the channel where it stands beside the id."""
    youtube_id = None
    found = YOUTUBE_ID.search(stem, max(0, len(stem) - 16))
    if found and found.start() > 0:
        bare, bracketed = found.groups()
        # "[Instrumento]" has eleven letters too: a word in one case is no id.
        if bare or not (
            bracketed.isalpha() and bracketed[1:] in (bracketed[1:].lower(), bracketed[1:].upper())
        ):
            stem, youtube_id = stem[: found.start()], bare or bracketed
    elif is_file and (found := _OLD_ID.search(stem, max(0, len(stem) - 14))) and found.start() > 0:
        if is_no_word(found[1] or found[2]):
            return stem[: found.start()], found[1] or found[2], ""
    elif is_file and is_no_word(stem):
        return stem, stem, ""
    if "__" in stem and (found := _LEADING_ID.match(stem)):
        return stem[found.end() :], youtube_id or found[1], found[2]
    return stem, youtube_id, ""


def is_no_word(youtube_id: str) -> bool:
    """Whether eleven characters can only be an id: most are, a maker's name in brackets is not."""
    if not _BARE_ID.fullmatch(youtube_id) or not _LOWER.intersection(youtube_id):
        return False
    if _MIXED.match(youtube_id):
        return True
    changes = len(_CHANGE.findall(youtube_id))
    if changes > 3 and _TWO_CAPITALS.search(youtube_id):
        return True  # "LetItBeLive" has capitals too, but one at a time
    return changes > 2 and _CONSONANTS.search(youtube_id) is not None


def _plain(text: str) -> str:
    """Undo wrong decoding and look-alike characters."""
    if _SURROGATE.search(text):
        # A byte that was no UTF-8 (os.fsdecode) is most often Windows-1252; a lone half is nothing.
        text = _SURROGATE.sub(_from_byte, text)
    for traces, codec in _MOJIBAKE:
        if traces.search(text):
            try:
                text = text.encode(codec).decode("utf-8")
                break
            except UnicodeError:
                continue
    text = unicodedata.normalize("NFC", text).translate(_TRANSLATE)
    return _FANCY.sub(lambda run: unicodedata.normalize("NFKC", run.group()), text)


def _from_byte(found: re.Match[str]) -> str:
    code = ord(found.group()) - 0xDC00
    return bytes((code,)).decode("cp1252", "ignore") if 0x80 <= code <= 0xFF else " "


def _dots(text: str) -> str:
    """Dots for spaces, as file sharers write: "the.proclaimers.-.im.gonna.be.(500.miles)".

    Only where no space stands, and no initials: "R.E.M." and "B.o.B" are names.
    """
    if " " in text or "_" in text or text.count(".") < 3:
        return text
    words = text.split(".")
    long = sum(len(word) > 1 for word in words)
    return " ".join(filter(None, words)) if 2 * long > len(words) else text


def _slug(text: str) -> str:
    """One of "_" and "-" parts a name without spaces, and the other joins words.

    "abba_dancing-queen_karaoke" and "Simon_and_Garfunkel-The_Boxer-Karaoke" tell by the sign before
    what is no part of the song, "queen_bohemian-rhapsody" by the artist at one end.
    """
    if " " in text:
        return text
    if _HUMP.search(text) and not is_no_word(text):
        humped = _HUMP.sub(" ", text.replace("_", " - ").replace("-", " - "))
        # "BrunoMars-JustTheWayYouAre"; both ends of "HeyJude-Beatles" are known, none of "McFly-…".
        if len(_HUMP.findall(text)) > 2 or _fit(humped) >= _SURE:
            return humped
    if "-" not in text or "_-_" in text or _DISC_SLUG.match(text):
        return text
    if "_" not in text:
        # Hyphens stand for spaces: "bruno-mars-just-the-way-you-are-karaoke". Where but one is left
        # before what is no part of the song it parts: "Oasis-Wonderwall-Karaoke".
        if "---" in text:
            return text.replace("---", " | ").replace("-", " ").replace("|", "-")
        return text if _SLUG_ENDS.sub("", text).count("-") < 3 else text.replace("-", " ")
    found = _SLUG_END.search(text)
    if found:
        return _parted(text, found[1])
    sign = max("_-", key=lambda sign: _fit(_parted(text, sign)))
    return _parted(text, sign) if _fit(_parted(text, sign)) else text


def _parted(slug: str, sign: str) -> str:
    other = "-" if sign == "_" else "_"
    return slug.replace(other, " ").replace(sign, " - ")


# How well a slug fits whose ends are a song and who sings it.
_SURE = 4


def _fit(parted: str) -> int:
    """How well the ends of a parted slug are somebody and a song: "abba-dancing_queen" ends on an
    artist by either sign."""
    chunks = parted.split(" - ")
    first, last = fold(chunks[0]), fold(chunks[-1])
    artists, titles = known_names.artists(), known_names.titles()
    is_song = (first in artists and last in titles) or (last in artists and first in titles)
    return _SURE * is_song + 2 * (first in artists) + (last in artists)


def underscores(text: str) -> str:
    """Underscores that stand for spaces; those beside a space stand for a refused character.

    "Marry_You_-_Bruno_Mars" has no other space; in "Marry You _ Bruno Mars _ Karaoke with Lyrics"
    (Windows) they were ":" and "|", and in "in the Style of _Cher_ karaoke" they were quotes.
    """
    if "_" not in text:
        return text
    text = _APOSTROPHE.sub("'", text)
    if " " not in text or text.count("_") > 2 * text.count(" ") + 1:
        return text.replace("__", " | ").replace("_", " ").replace("  ", " ").strip()
    if text.count("_") >= 2:
        text = re.sub(r"(?<= )_(?=[^\s_])([^_]{1,60}[^\s_])_(?= |$)", r'"\1"', text)
    return text.replace(" _ ", " | ").replace("__", " | ")
