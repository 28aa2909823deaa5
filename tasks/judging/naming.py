"""Credits and titles taken apart, and how well two of them agree. Pure.

A provider prints "Queen & David Bowie" and "Under Pressure - Remastered 2011" where a file name
says "Queen" and "Under Pressure": what is one name and what is an addition is decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from ..names.folding import fold

# --- One spelling for what people type in two ways ---------------------------------------------

# "P!nk", "Ke$ha", "A$AP Rocky": a sign between or before letters stands for a letter.
_LEET = str.maketrans({"!": "i", "$": "s", "@": "a"})
_LEET_WORD = re.compile(r"(?:(?<=\w)[!$@]|\$)(?=\w)")

# Words that are written in two ways; both sides go through the table, so a collision costs little.
_WORDS: dict[str, str] = {
    "u": "you", "ya": "you", "ur": "your", "r": "are", "n": "and", "luv": "love",
    "thru": "through", "nite": "night", "tonite": "tonight", "lite": "light",
    "coz": "because", "cuz": "because", "cause": "because", "till": "til", "until": "til",
    "okay": "ok", "alright": "all right", "mister": "mr", "doctor": "dr", "saint": "st",
    "pt": "part", "vol": "volume", "gonna": "going to", "wanna": "want to", "em": "them",
    "one": "1", "two": "2", "to": "2", "too": "2", "ii": "2", "three": "3", "iii": "3",
    "four": "4", "for": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "colour": "color", "favourite": "favorite", "grey": "gray",
}  # fmt: skip
# "El reloj" is also "Reloj", "A Thousand Years" also "Thousand Years". Not "die": "Die Young".
_ARTICLES = frozenset({"a", "an", "the", "el", "la", "los", "las", "le", "les", "un", "une", "una"})
# "Guns N' Roses", "Florence + The Machine", "Derek & the Dominos": who leaves what out varies.
_FILLERS = frozenset({"the", "and", "y", "et", "und"})


def _loosen(text: str) -> list[str]:
    folded = fold(_LEET_WORD.sub(lambda found: found.group().translate(_LEET), text))
    words = " ".join(_WORDS.get(word, word) for word in folded.split()).split()
    # "Livin' on a Prayer" is also "Living on a Prayer".
    return [word[:-1] if len(word) > 4 and word.endswith("ing") else word for word in words]


@lru_cache(maxsize=128)
def title_key(title: str) -> str:
    """A title in its loosest spelling, without spaces: equal keys mean the same title."""
    words = _loosen(title)
    return "".join(words[1:] if len(words) > 1 and words[0] in _ARTICLES else words)


@lru_cache(maxsize=128)
def artist_key(artist: str) -> str:
    """An artist in the loosest spelling, without spaces: equal keys mean the same artist."""
    words = _loosen(artist)
    return "".join([word for word in words if word not in _FILLERS] or words)


def _near(one: str, other: str) -> float:
    """0.75-0.90 for two folded names a few slips of the pen apart, else 0.0.

    Short names need exactness ("Hero"/"Hers", "Nena"/"Nina"), numbers always do ("1989"/"1999"),
    and so does each short word of a long name ("Back to Black"/"Back in Black").
    """
    size = max(len(one), len(other))
    slips = _slips(size)
    if not slips or abs(len(one) - len(other)) > slips:
        return 0.0
    distance = OSA.distance(one, other, score_cutoff=slips)
    if distance > slips or _NUMBERS.findall(one) != _NUMBERS.findall(other):
        return 0.0
    words = zip(one.split(), other.split(), strict=False)
    for word, its_like in words if one.count(" ") == other.count(" ") else ():
        allowed = _slips(max(len(word), len(its_like)) + 1)
        if word != its_like and OSA.distance(word, its_like, score_cutoff=allowed) > allowed:
            return 0.0
    return 0.915 - 0.8 * distance / size


def _slips(size: int) -> int:
    """How many slips a name of this length may hold and still be the same."""
    return 0 if size < 6 else 1 if size < 10 else 2 if size < 16 else 3 if size < 25 else 4


_NUMBERS = re.compile(r"\d+")


# --- Cyrillic and Greek in Latin letters, as people type them: "Gruppa krovi" ------------------

# Folded letters: accents are gone, so that й is и, ё is е and ї is і.
_LATIN = {
    **dict(zip("абвгдезиклмнопрстуфхыэіґјћ", "abvgdeziklmnoprstufhieigic", strict=True)),
    "ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ь": "", "ю": "iu", "я": "ia",
    "є": "ie", "ђ": "dj", "љ": "li", "њ": "ni", "џ": "dz",
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstifo", strict=True)),
    "θ": "th", "χ": "h", "ψ": "ps",
}  # fmt: skip
_TABLE = str.maketrans(_LATIN)
_FOREIGN = re.compile("[α-ωа-яіґјћєђљњџ]")
# Who types in Latin letters writes "Viktor Tsoy" or "Tsoi", "Aleksandra" or "Alexandra".
_WAYS = (("shch", "sch"), ("kh", "h"), ("ph", "f"), ("ou", "u"), ("w", "v"), ("ks", "x"),
         ("ts", "c"), ("yo", "e"), ("jo", "e"), ("ye", "e"), ("j", "i"), ("y", "i"),
         ("ie", "e"), ("h", ""))  # fmt: skip
_DOUBLE = re.compile(r"(.)\1+")


def is_romanized(one: str, other: str) -> bool:
    """Whether two folded names are the same, one in Latin letters, the other in its own."""
    if one.isascii() == other.isascii():
        return False
    latin, own = (one, other) if one.isascii() else (other, one)
    if not _FOREIGN.search(own):
        return False
    own = own.replace("ου", "u").replace("γγ", "ng")
    return _plainest(latin) == _plainest(own.translate(_TABLE))


@lru_cache(maxsize=512)
def _plainest(latin: str) -> str:
    """A name in Latin letters without what people write in several ways."""
    for written, plain in _WAYS:
        latin = latin.replace(written, plain)
    return _DOUBLE.sub(r"\1", latin.replace(" ", ""))


# --- Artist credits ----------------------------------------------------------------------------

_FEATURED = re.compile(
    r"\s*[(\[]?(?<!\w)(?:feat(?:uring)?|ft)(?!\w)\.?\s*(?P<who>.+?)[)\]]?\s*$", re.IGNORECASE
)
# A slash joins names only between spaces: "AC/DC". A comma only before one: "10,000 Maniacs".
_JOINS = re.compile(
    r"\s*[,;]\s+|\s+(?:&|\+|/|•|·|×|x|y|e|et|und|and|vs\.?|with|con|avec|presents?|duet with)\s+",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[{（【][^()\[\]{}（）【】]*[)\]}）】]")
# "Glee Cast", "Original Broadway Cast of Hamilton", "Moulin Rouge! (2001 film)".
_CAST = frozenset(
    {"cast", "original", "broadway", "london", "film", "movie", "motion", "picture", "musical",
     "soundtrack", "ost", "of", "from", "television", "tv", "series"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Credit:
    """An artist credit taken apart; keys are `artist_key`s.

    Attributes:
        main: the credit without its featured artists, as printed.
        folded: `main` folded.
        key: key of the whole `main`.
        bare: key without what a catalogue adds to a show or a namesake: cast, film, brackets.
        parts: keys of the artists that `main` joins, in order; one of them for a plain name.
        featured: keys of the featured artists.
    """

    main: str
    folded: str
    key: str
    bare: str
    parts: tuple[str, ...]
    featured: tuple[str, ...]


@lru_cache(maxsize=128)
def split_credit(artist: str) -> Credit:
    """Take a credit apart: "Eminem feat. Rihanna" is by "Eminem" and features "Rihanna"."""
    found = _FEATURED.search(artist)
    main = artist[: found.start()].strip() if found and found.start() else artist.strip()
    featured = _keys(found["who"]) if found and main != artist.strip() else ()
    key, parts = artist_key(main), _keys(main)
    words = _loosen(_BRACKETS.sub("", main))
    bare = "".join(word for word in words if word not in _CAST and word not in _FILLERS)
    return Credit(main, fold(main), key, bare, parts or (key,), featured)


def _keys(names: str) -> tuple[str, ...]:
    return tuple(key for name in _JOINS.split(names) if (key := artist_key(name)))


def artist_agreement(asked: Credit, given: Credit, aliases: tuple[str, ...] = ()) -> float:
    """How well a credit answers the artist that was asked for, 0.0 (another one) to 1.0."""
    if asked.folded == given.folded:
        return 1.0
    if asked.key == given.key:
        return 0.98
    if len(asked.parts) > 1 and set(asked.parts) == {*given.parts, *given.featured}:
        return 0.98
    if aliases and sorted_key(asked.main) in _alias_keys(aliases):
        return 0.97
    if is_romanized(asked.folded, given.folded):
        return 0.96
    shared = _shared_artists(asked, given)
    if len(asked.folded) == len(given.folded) and sorted_key(asked.main) == sorted_key(given.main):
        return max(shared, 0.94)  # "Costello Elvis"
    if len(given.bare) > 3 and given.bare == asked.bare:
        return max(shared, 0.94)  # "Glee" for "Glee Cast"
    return max(shared, _near(asked.folded, given.folded))


@lru_cache(maxsize=128)
def sorted_key(artist: str) -> str:
    """An artist's words in alphabetical order, for "Costello, Elvis"."""
    return " ".join(sorted(_loosen(artist)))


@lru_cache(maxsize=128)
def _alias_keys(aliases: tuple[str, ...]) -> frozenset[str]:
    """Other names by their words in any order: the sort name of 宇多田ヒカル is "Utada, Hikaru"."""
    return frozenset(sorted_key(alias) for alias in aliases)


def _shared_artists(asked: Credit, given: Credit) -> float:
    """Agreement of two credits that name some of the same artists."""
    if asked.key == given.parts[0]:
        return 0.95  # "Queen" for "Queen & David Bowie"
    if given.key == asked.parts[0]:
        return 0.94  # "Prince and the Revolution" for "Prince"
    if asked.key in given.parts:
        return 0.82  # "George Michael" for "Elton John & George Michael"
    if asked.key in given.featured:
        return 0.76  # "Sia" for "David Guetta feat. Sia"
    return 0.80 if asked.parts[0] in (*given.parts, *given.featured) else 0.0


# --- Titles ------------------------------------------------------------------------------------

# What a bracket or a suffix behind a dash says about the version, the first row that fits.
# Kind "" is no version of its own: an edit for radio is still the recording that people know.
_VERSIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        # "Bohemian Rhapsody (in the style of Queen)", "… - Made Popular By Queen"
        ("karaoke", r".*\b(?:in the style of|(?:originally )?(?:performed|sung|recorded) by|"
                    r"(?:as )?made (?:famous|popular) by|a la manera de|al estilo de|"
                    r"im stil von|style of)\b.*"),
        ("karaoke", r".*\b(?:karaoke|backing tracks?|off vocal|sing ?along|noraebang|playback|"
                    r"minus one|(?:with|without) (?:lead|backing) vocals?|no lead vocals?)\b.*"),
        ("tribute", r".*\b(?:tribute|cover version|cover|8 ?bit|ringtone|lullaby)\b.*"),
        ("rerecording", r".*\b(?:re ?record(?:ed|ing)?|taylors version|new recording|"
                        r"neuaufnahme|nouvelle version|nueva version)\b.*"),
        ("remix", r"(?!original mix$|album mix$|single mix$|stereo mix$|mono mix$|remixed$)"
                  r"(?:.*\b(?:remix(?:ed)?|mix|rmx|mash ?up|bootleg|dub|vip|rework)"
                  r"(?: edit| version)?(?: \d{4})?)"),
        ("live", r"(?:live|unplugged|in concert|concert|en vivo|ao vivo|en directo|en direct|"
                 r"en public|dal vivo|mtv unplugged)(?: .*)?"),
        # "(Stade de France 2009)", "(Rester Vivant Tour 2016)", "('68 Comeback Special)"
        ("live", r"(?:.* )?(?:tour|tournee|stade de france|comeback special|in concert)(?: .*)?"),
        ("live", r"(?:recorded live|\d{4} live|.* live(?: version)?)(?: .*)?"),
        ("acoustic", r"(?:.* )?(?:acoustic|acoustique|acustico|acustica|akustik|stripped|"
                     r"piano version|unplugged)(?: .*)?"),
        ("instrumental", r"(?:.* )?(?:instrumental|instrumentale|a cappella|acapella)(?: .*)?"),
        ("demo", r"(?:.* )?(?:demo|rehearsal|outtake|alternate take|early take|rough mix)(?: .*)?"),
        ("remaster", r"(?:.* )?(?:remaster(?:ed)?|remasterizado|remasterise)(?: .*)?"),
        ("", r"(?:the )?(?:album|single|lp|ep|radio|original|video|main|standard|full length|"
             r"us|uk|english|mono|stereo|clean|explicit|edited|short)"
             r"(?: (?:album|single|radio|stereo|mono))?"
             r"(?: (?:version|edit|mix|recording|cut|remaster(?:ed)?))?(?: \d{4})?"),
        ("", r"(?:official )?(?:music |lyric |lyrics )?(?:video|audio|lyrics?|visuali[sz]er|clip)"
             r"(?: hd| hq| 4k)?|hd|hq|4k|bonus(?: track)?|deluxe.*|remixed|digitally .*"),
        ("", r"(?:from|theme from|love theme from|aus (?:dem|der) (?:film|musical|serie)|"
             r"du film|de la pelicula) .*|.*\b(?:soundtrack|motion picture)\b.*"),
        # "(duet)", and the year that people write behind a title
        ("", r"duet|duett|duo|dueto|duet with .*|(?:19|20)\d\d"),
        ("version", r"(?:.+ )?(?:version|versione|versao|edit|take \d+|sessions?)(?: .+)?"),
    )
)  # fmt: skip
_TAIL_BRACKET = re.compile(
    r"^(?P<rest>.*\S)\s*[(\[{（【](?P<inside>[^()\[\]{}（）【】]*)[)\]}）】]\s*$"
)
_TAIL_DASH = re.compile(r"^(?P<rest>.*\S)\s+[-–—~]\s+(?P<inside>[^-–—]+)$")
_TAIL_WORDS = re.compile(
    r"^(?P<rest>.*\S)\s+(?P<inside>(?:in the style of|made (?:famous|popular) by|"
    r"originally performed by)\s.*|karaoke(?:\s+version)?|\(?live\)?\s+(?:at|from|in)\s+.*)$",
    re.IGNORECASE,
)
# "(With All Your Power)" is the song's own, "(with Justin Bieber)" a guest.
_TITLE_FEATURED = re.compile(
    r"\s*[(\[]\s*(?:(?:feat(?:uring)?|ft)\b\.?|with\b(?!\s+(?:all|an?|one|another|no|"
    r"you|your|my|me|him|her|us|them|this|that|any\w*|every\w*|some\w*)\b))"
    r"\s*(?P<who>[^)\]]+)[)\]]"
    r"|\s+(?:feat(?:uring)?|ft)\b\.?\s+(?P<tail>[^(\[]+)$",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"[(\[{（【]([^()\[\]{}（）【】]*)[)\]}）】]")
_PLAIN_SIGNS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class Title:
    """A recording's title taken apart.

    Attributes:
        full: the title without featured artists, as printed.
        bare: the title without its version either.
        folded: `bare` folded.
        key: `title_key` of `bare`.
        core: key of `bare` without any bracket ("dockofthebay").
        brackets: keys of the brackets that belong to the title.
        kinds: what sets the recording apart: "live", "remix", "remaster", "karaoke" ….
        featured: keys of the artists it features.
    """

    full: str
    bare: str
    folded: str
    key: str
    core: str
    brackets: tuple[str, ...]
    kinds: frozenset[str]
    featured: tuple[str, ...]


def version_kind(words: str) -> str | None:
    """What a remark says about the version: a kind, "" for none of its own, None for no remark."""
    folded = fold(words)
    return next((kind for kind, pattern in _VERSIONS if pattern.fullmatch(folded)), None)


@lru_cache(maxsize=128)
def split_title(title: str) -> Title:
    """Take a title apart: "Hey Jude - Remastered 2015" is "Hey Jude", a remaster.

    A bracket that says nothing about the version belongs to the title: "(Sittin' On) The Dock of
    the Bay", "Separate Ways (Worlds Apart)".
    """
    featured: list[str] = []
    for found in _TITLE_FEATURED.finditer(title):
        featured += _keys(found["who"] or found["tail"])
    full = bare = _TITLE_FEATURED.sub("", title).strip() or title.strip()
    kinds: set[str] = set()
    while tail := _version_tail(bare):
        bare, kind = tail
        kinds.add(kind)
    return Title(
        full=full,
        bare=bare,
        folded=fold(bare),
        key=title_key(bare),
        core=title_key(_BRACKETS.sub("", bare).strip() or bare),
        brackets=tuple(title_key(inside) for inside in _INSIDE.findall(bare)),
        kinds=frozenset(kinds - {""}),
        featured=tuple(featured),
    )


def _version_tail(title: str) -> tuple[str, str] | None:
    for pattern in (_TAIL_BRACKET, _TAIL_DASH, _TAIL_WORDS):
        found = pattern.match(title)
        if found and (kind := version_kind(found["inside"])) is not None:
            return found["rest"].strip(), kind
    return None


def title_agreement(asked: Title, given: Title) -> float:
    """How well a title answers the one that was asked for, 0.0 (another song) to 1.0."""
    if asked.folded == given.folded:
        return 1.0
    if asked.key == given.key:
        return 0.97
    if asked.core and asked.core == given.core:
        # One leaves a bracket out: "Satisfaction" for "(I Can't Get No) Satisfaction". Two
        # different brackets are rather two songs.
        return 0.94 if not (asked.brackets and given.brackets) else 0.80
    if is_romanized(asked.folded, given.folded):
        return 0.96
    if _other_script(asked, given) or _other_script(given, asked):
        return 0.85
    return max(_as_a_part(asked, given), _near(asked.folded, given.folded))


def _other_script(one: Title, other: Title) -> bool:
    """Whether `one` holds `other` in brackets: "小幸运 (A Little Happiness)"."""
    return other.key in one.brackets and one.core.isascii() != other.key.isascii()


def _as_a_part(asked: Title, given: Title) -> float:
    """Agreement of a title with the beginning or a piece of another."""
    # "Country Roads" is "Take Me Home, Country Roads"; "Hello" is not "Hello, Goodbye".
    pieces = given.bare.split(",")[1:] if " " in asked.folded and len(asked.folded) >= 10 else ()
    if asked.key in [title_key(piece) for piece in pieces]:
        return 0.80
    # A file name cut at a length limit still begins like the title. Cut between two words it may
    # as well be another one: "Heat Wave", "Heat Wave Tonight".
    if len(asked.folded) < 24 or not given.folded.startswith(asked.folded):
        return 0.0
    return 0.72 if given.folded[len(asked.folded)] == " " else 0.80


def display(name: str) -> str:
    """A provider's spelling with the signs that people can type: MusicBrainz prints "a‐ha"."""
    return " ".join(name.translate(_PLAIN_SIGNS).split())
