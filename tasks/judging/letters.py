"""The language that a song's own letters tell, where only one language is written so. Pure.

Letters that several languages share say nothing: plain Latin, Arabic, Devanagari, most of Cyrillic.
"""

from __future__ import annotations

import re
import unicodedata

# Scripts of one language, by the first word of their letters' names in Unicode.
_OF_SCRIPT = {
    "HANGUL": "ko",
    "HIRAGANA": "ja",
    "THAI": "th",
    "HEBREW": "he",
    "GREEK": "el",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "KANNADA": "kn",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
}
# Scripts that stand in one name beside another of the same language.
_PARTS = {"CJK": "HAN", "KATAKANA": "KATAKANA"}
# Letters of one language within a script of many; each is lower case. The Cyrillic ы and э are
# Russian's, and those of languages whose other letters then stand beside them.
_OWN_LETTERS = {
    "uk": frozenset("їєґ"),
    "be": frozenset("ў"),
    "sr": frozenset("ђћ"),
    "mk": frozenset("ѓќѕ"),
    "vi": frozenset("ơưấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữựạảẹẻẽịỉọỏụủỳỵỷỹ"),
    "de": frozenset("ß"),
    "hu": frozenset("őű"),
    "cs": frozenset("řů"),
}
# Belarusian has і without и, Kazakh has letters besides that Ukrainian lacks.
_UKRAINIAN = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_RUSSIAN_SIGNS = frozenset("ыэ")
# What is written beside a title: "Let It Go (겨울왕국)" is English.
_BESIDE = re.compile(r"[(\[（【〔].*?[)\]）】〕]")


def written_language(artist: str, title: str) -> str:
    """The code of the language that a title is written in; "" where its letters do not tell.

    Args:
        artist: helps where scripts alone leave two languages open: "津軽海峡冬景色" by 石川さゆり
            is Japanese. By itself it tells nothing: 방탄소년단 sing "Dynamite" in English.
    """
    own = unicodedata.normalize("NFC", _BESIDE.sub(" ", title)).lower()
    letters = [sign for sign in own if sign.isalpha()]
    scripts = {_script(sign) for sign in letters}
    if not letters:
        return ""
    if scripts & {"HIRAGANA", "HAN", "KATAKANA"}:
        return _of_east_asia(scripts, own, artist)
    if len(scripts) > 1:
        return ""
    (script,) = scripts
    return _OF_SCRIPT.get(script) or _by_own_letters(script, letters, artist)


def _script(letter: str) -> str:
    word = unicodedata.name(letter, "").partition(" ")[0]
    return _PARTS.get(word.partition("-")[0], word)


def _of_east_asia(scripts: set[str], title: str, artist: str) -> str:
    """Hiragana is Japanese alone; what is only katakana may be a foreign name ("イエスタデイ"), and
    what is only Han is Chinese where Japan's standard set lacks a sign: 你 and 爱, not 愛."""
    if "HIRAGANA" in scripts:
        return "ja"
    if scripts - {"HAN", "KATAKANA"}:
        return ""
    beside = {_script(sign) for sign in artist if sign.isalpha()}
    if "KATAKANA" in scripts:
        return "ja" if "HAN" in scripts or beside & {"HIRAGANA", "HAN"} else ""
    if beside & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    try:
        "".join(sign for sign in title + artist if _script(sign) == "HAN").encode("shift_jis")
    except UnicodeEncodeError:
        return "zh"
    return ""


def _by_own_letters(script: str, letters: list[str], artist: str) -> str:
    found = [code for code, own in _OWN_LETTERS.items() if not own.isdisjoint(letters)]
    if found or script != "CYRILLIC":
        return found[0] if len(found) == 1 else ""
    if "і" in letters and not {"и", "щ"}.isdisjoint(letters):
        return "uk" if _UKRAINIAN.issuperset(letters) else ""
    if _RUSSIAN_SIGNS.isdisjoint(letters):
        return ""
    cyrillic = {s for s in artist.lower() if s.isalpha() and _script(s) == "CYRILLIC"}
    return "ru" if _RUSSIAN.issuperset(letters) and cyrillic <= _RUSSIAN else ""
