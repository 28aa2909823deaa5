"""Languages by code and by what lists and people call them. Pure.

A code is that of ISO 639, its shortest: "de", "fil". In the reader's language Babel names them;
these names are for lists, the terminal and searches.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from ..names.folding import fold

# Code -> its English name, its own, then what else it is called where karaoke lists are made.
_NAMES: dict[str, tuple[str, ...]] = {
    "en": ("English", "English", "Englisch", "anglais", "inglés", "inglês", "inglese", "Engels",
           "eng"),
    "fr": ("French", "français", "Französisch", "francés", "francês", "francese", "Frans", "fra",
           "fre"),
    "de": ("German", "Deutsch", "allemand", "alemán", "alemão", "tedesco", "Duits", "deu", "ger"),
    "es": ("Spanish", "español", "Spanisch", "espagnol", "espanhol", "spagnolo", "Spaans",
           "castellano", "Castilian", "spa"),
    "it": ("Italian", "italiano", "Italienisch", "italien", "Italiaans", "ita"),
    "nl": ("Dutch", "Nederlands", "Niederländisch", "Holländisch", "néerlandais", "holandés",
           "neerlandés", "holandês", "olandese", "Flemish", "Vlaams", "nld", "dut"),
    "pt": ("Portuguese", "português", "Portugiesisch", "portugais", "portugués", "portoghese",
           "Portugees", "Brazilian Portuguese", "Brazilian", "por"),
    "af": ("Afrikaans", "Afrikaans"),
    "ar": ("Arabic", "العربية", "Arab", "Arabisch", "arabe", "árabe", "arabo", "ara"),
    "be": ("Belarusian", "беларуская", "Weißrussisch"),
    "bg": ("Bulgarian", "български", "Bulgarisch", "bulgare"),
    "bn": ("Bengali", "বাংলা", "Bangla"),
    "br": ("Breton", "brezhoneg"),
    "ca": ("Catalan", "català", "Katalanisch", "catalán"),
    "co": ("Corsican", "corsu", "Korsisch", "corse"),
    "cs": ("Czech", "čeština", "Tschechisch", "tchèque", "checo"),
    "cy": ("Welsh", "Cymraeg"),
    "da": ("Danish", "dansk", "Dänisch", "danois", "danés", "dinamarquês", "danese", "Deens"),
    "el": ("Greek", "ελληνικά", "Griechisch", "grec", "griego", "grego", "greco", "Grieks"),
    "et": ("Estonian", "eesti"),
    "eu": ("Basque", "euskara"),
    "fa": ("Persian", "فارسی", "Farsi"),
    "fi": ("Finnish", "suomi", "Finnisch", "finnois", "finlandés", "Fins"),
    "fil": ("Filipino", "Filipino", "Tagalog", "tl", "tgl"),
    "ga": ("Irish", "Gaeilge"),
    "gu": ("Gujarati", "ગુજરાતી"),
    "haw": ("Hawaiian", "ʻŌlelo Hawaiʻi"),
    "he": ("Hebrew", "עברית", "Hebräisch", "hébreu", "hebreo", "iw"),
    "hi": ("Hindi", "हिन्दी"),
    "hr": ("Croatian", "hrvatski", "Kroatisch"),
    "hu": ("Hungarian", "magyar", "Ungarisch", "hongrois", "húngaro"),
    "hy": ("Armenian", "հայերեն"),
    "id": ("Indonesian", "Bahasa Indonesia", "Indonesisch", "Indonesia"),
    "is": ("Icelandic", "íslenska", "Isländisch"),
    "ja": ("Japanese", "日本語", "Japanisch", "japonais", "japonés", "japonês", "giapponese",
           "Japans", "jpn"),
    "jv": ("Javanese", "Basa Jawa"),
    "ka": ("Georgian", "ქართული"),
    "kk": ("Kazakh", "қазақ тілі"),
    "km": ("Khmer", "ខ្មែរ"),
    "kn": ("Kannada", "ಕನ್ನಡ"),
    "ko": ("Korean", "한국어", "Koreanisch", "coréen", "coreano", "Koreaans", "kor"),
    "la": ("Latin", "Latina", "Latein", "latín", "latim"),
    "lo": ("Lao", "ລາວ"),
    "lt": ("Lithuanian", "lietuvių"),
    "lv": ("Latvian", "latviešu"),
    "mi": ("Maori", "te reo Māori"),
    "mk": ("Macedonian", "македонски"),
    "ml": ("Malayalam", "മലയാളം"),
    "mn": ("Mongolian", "монгол"),
    "ms": ("Malay", "Bahasa Melayu"),
    "my": ("Burmese", "မြန်မာ"),
    "no": ("Norwegian", "norsk", "Norwegisch", "norvégien", "noruego", "norueguês", "norvegese",
           "Noors", "nb", "nn", "nor"),
    "oc": ("Occitan", "occitan"),
    "pa": ("Punjabi", "ਪੰਜਾਬੀ"),
    "pl": ("Polish", "polski", "Polnisch", "polonais", "polaco", "polacco", "Pools", "pol"),
    "ro": ("Romanian", "română", "Rumänisch", "roumain", "rumano", "romeno", "rumeno", "Roemeens"),
    "ru": ("Russian", "русский", "Russisch", "russe", "ruso", "russo", "rus"),
    "si": ("Sinhala", "සිංහල"),
    "sk": ("Slovak", "slovenčina", "Slowakisch"),
    "sl": ("Slovenian", "slovenščina", "Slovene", "Slowenisch"),
    "sq": ("Albanian", "shqip"),
    "sr": ("Serbian", "српски", "Serbisch"),
    "sv": ("Swedish", "svenska", "Schwedisch", "suédois", "sueco", "svedese", "Zweeds", "swe"),
    "sw": ("Swahili", "Kiswahili"),
    "ta": ("Tamil", "தமிழ்"),
    "te": ("Telugu", "తెలుగు"),
    "th": ("Thai", "ไทย", "Thailändisch", "thaï", "tailandés"),
    "tr": ("Turkish", "Türkçe", "Türkisch", "turc", "turco", "Turks"),
    "uk": ("Ukrainian", "українська", "Ukrainisch", "ukrainien", "ucraniano"),
    "ur": ("Urdu", "اردو"),
    "vi": ("Vietnamese", "Tiếng Việt", "Vietnamesisch", "vietnamien", "vietnamita"),
    "yi": ("Yiddish", "ייִדיש", "Jiddisch"),
    "zh": ("Chinese", "中文", "Mandarin Chinese", "Mandarin", "Cantonese", "Chinesisch", "chinois",
           "chino", "chinês", "cinese", "Chinees", "zho", "chi"),
    "zu": ("Zulu", "isiZulu"),
}  # fmt: skip
CODES = tuple(_NAMES)
_BY_NAME = MappingProxyType(
    {fold(name): code for code, names in _NAMES.items() for name in (code, *names)}
)
_BETWEEN = re.compile(r"\s*[,;/|+&]\s*|\s+(?:and|und|et|y|e|en)\s+")
# A song in more languages than these is none of which anybody asks for one.
_MOST = 6


def english_name(code: str) -> str:
    """What a language is called in English: "German" of "de"; the code itself of an unknown one."""
    return _NAMES[code][0] if code in _NAMES else code


def own_name(code: str) -> str:
    """What a language calls itself: "Deutsch" of "de"."""
    return _NAMES[code][1] if code in _NAMES else code


def code_of(name: str) -> str:
    """The code of a language by its code or any of its names; "" for an unknown one."""
    return _BY_NAME.get(fold(name), "")


def codes_of(text: str) -> str:
    """The codes of languages written in one cell ("English,Spanish"), parted by commas.

    Names that are unknown ("Other") are left out; "" where none is known.
    """
    found = [code for name in _BETWEEN.split(text.strip()) if (code := code_of(name))]
    return ",".join(list(dict.fromkeys(found))[:_MOST])
