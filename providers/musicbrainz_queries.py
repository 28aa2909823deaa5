"""What MusicBrainz is asked, in Lucene's language. Pure.

Its index has words of its own: an apostrophe inside a word stays ("don't" is one word, "dont"
another), a final 's goes, "&" is "and", every other sign parts words. File names leave signs out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote_plus

from .base import Query
from .plain import APOSTROPHE, ARTICLE, plain_words

# A web server takes 8 KB for a request line; what MusicBrainz' takes is not told.
LONGEST_URL = 5_800

_SPECIAL = re.compile(r'[+\-&|!(){}\[\]^"~*?:\\/]')
_AND = re.compile(r" (?:and|&) ", re.IGNORECASE)
# What stands between the artists of a credit.
_JOINT = re.compile(
    r"\s*,\s+|\s+(?:&|and|\+|x|vs\.?|with|feat\.?|ft\.?|y|et|und)\s+", re.IGNORECASE
)
# Words that file names write without their apostrophe.
_CONTRACTED = {
    "dont": "don't", "cant": "can't", "wont": "won't", "im": "i'm", "ive": "i've", "ill": "i'll",
    "id": "i'd", "youre": "you're", "youve": "you've", "youll": "you'll", "weve": "we've",
    "theyre": "they're", "its": "it's", "thats": "that's", "whats": "what's", "lets": "let's",
    "hes": "he's", "shes": "she's", "theres": "there's", "whos": "who's", "aint": "ain't",
    "isnt": "isn't", "wasnt": "wasn't", "didnt": "didn't", "doesnt": "doesn't",
    "couldnt": "couldn't", "wouldnt": "wouldn't", "shouldnt": "shouldn't", "havent": "haven't",
    "hasnt": "hasn't", "arent": "aren't", "yall": "y'all", "oclock": "o'clock",
}  # fmt: skip
# Optional parts that only put old recordings before young ones of the same score: the first page
# is all that is read of a song that has more recordings than fit.
_OLD_FIRST = " ".join(f"firstreleasedate:[* TO {year}]^0.1" for year in range(1950, 2021, 10))


def escape(words: str) -> str:
    """Words of a name as Lucene takes them literally.

    In lower case, since AND, OR and NOT in capitals are operators ("DO OR DIE").
    """
    return _SPECIAL.sub(r"\\\g<0>", words.lower())


def words_of(text: str) -> frozenset[str]:
    """The words of a name for comparison; a file says "and" where a credit has "&"."""
    words = frozenset(plain_words(text))
    return (words - {"and"}) or words


def glued(name: str) -> str:
    """A name with nothing but its letters and figures: "ACDC" is AC/DC, "Beatles" The Beatles."""
    words = plain_words(ARTICLE.sub("", name, count=1))
    return "".join(word for word in words if word != "and") or name.strip()


def fits(query: str) -> bool:
    """Whether a query is short enough for the address that carries it."""
    return len(quote_plus(query.encode("utf-8", "replace"))) <= LONGEST_URL


def artists_of(credit: str) -> list[str]:
    """The names that a credit may stand for: the whole of it, and its first artist."""
    first = _JOINT.split(credit, maxsplit=1)[0].strip()
    return [credit] if first in ("", credit) else [credit, first]


# --- many questions in one request ----------------------------------------------------------------


def singles_query(clauses: Iterable[str]) -> str:
    """The search for singles of several songs, each given by its `single_clause`."""
    return f"primarytype:single AND ({' OR '.join(clauses)})"


def single_clause(title: str, artists: Sequence[str]) -> str:
    """A song's part of a search for singles.

    Args:
        title: of the song.
        artists: names that its artist goes by.
    """
    return f"(releasegroup:{_asked(title)} AND artist:{_any_of(artists)})"


def recordings_query(clauses: Iterable[str]) -> str:
    """The narrowed search for recordings of several songs, each given by its `recording_clause`:
    no bootlegs, no concerts, nothing that lies on neither a single nor an album."""
    return f"{older_query(clauses)} {_OLD_FIRST}"


def recording_clause(title: str, artists: Sequence[str]) -> str:
    """A song's part of the narrowed search for recordings; arguments as of `single_clause`."""
    return f"(recording:{_asked(title)} AND artist:{_any_of(artists)})"


def older_query(clauses: Iterable[str]) -> str:
    """The same for recordings that are older than a year, each given by its `older_clause`."""
    kinds = "+status:official +primarytype:(single OR album) -comment:live* -secondarytype:live"
    return f"+({' OR '.join(clauses)}) {kinds}"


def older_clause(title: str, artists: Sequence[str], year: int) -> str:
    """As `recording_clause`, for recordings that came out before a year."""
    return f"{recording_clause(title, artists)[:-1]} AND firstreleasedate:[* TO {year - 1}])"


def artists_query(names: Iterable[str]) -> str:
    """The search for artists by what they are called anywhere."""
    any_name = " OR ".join(_phrase(_without_article(name)) for name in names)
    return f"artist:({any_name}) OR alias:({any_name})"


def _any_of(artists: Sequence[str]) -> str:
    """Any of these names, with "and" and with "&"."""
    phrases: dict[str, None] = {}
    for name in map(_without_article, artists):
        phrases[_phrase(name)] = None
        if _AND.search(name):
            other = " and " if "&" in name else " & "
            phrases[_phrase(_AND.sub(other, name))] = None
    return next(iter(phrases)) if len(phrases) == 1 else f"({' OR '.join(phrases)})"


def _without_article(name: str) -> str:
    """What is printed with and without "The" is found without it."""
    return ARTICLE.sub("", " ".join(name.split()), count=1)


def _phrase(text: str) -> str:
    return f'"{escape(" ".join(text.split()))}"'


def _asked(title: str) -> str:
    """A title: its phrase, or all its words where one of them may be spelled in two ways."""
    words = title.split()
    spelled = [_spellings(word) for word in words]
    if all(len(ways) == 1 for ways in spelled):
        return _phrase(title)
    return f"({' AND '.join(_either(ways) for ways in spelled if ways)})"


def _spellings(word: str) -> list[str]:
    """A word with and without its apostrophe; none for a sign."""
    plain = APOSTROPHE.sub("'", word.lower()).strip("'")
    if not any(sign.isalnum() for sign in plain):
        return []
    if "'" in plain:
        return [plain, plain.replace("'", "")]
    return [plain, _CONTRACTED[plain]] if plain in _CONTRACTED else [plain]


def _either(ways: Sequence[str]) -> str:
    """One of several spellings of a word; quoted where signs part it into several."""
    asked = [way if way.isalnum() else _phrase(way) for way in ways]
    return asked[0] if len(asked) == 1 else f"({' OR '.join(asked)})"


# --- one song by every means ----------------------------------------------------------------------


def song_query(query: Query) -> str:
    """The search for a song by its phrase or, ranked below, by its words; "" for neither."""
    return " OR ".join(f"({each})" for each in (phrase_query(query), word_query(query)) if each)


def words_or_phrase(query: Query) -> str:
    """The search for a song by its words, or by its phrase where it has too few; or ""."""
    return word_query(query) or phrase_query(query)


def phrase_query(query: Query) -> str:
    """The search for a recording with exactly this title, by an artist of this name; or "".

    Three fields hold an artist: the credit as printed ("Queen & David Bowie"), each artist's
    name today, and each name as credited.
    """
    title, artist = " ".join(query.title.split()), " ".join(query.artist.split())
    if not any(sign.isalnum() for sign in title):
        # "?" has no words to search for: only its artist has.
        if not title or not any(sign.isalnum() for sign in artist):
            return ""
        return f"recording:{_phrase(title)} AND artist:{_phrase(artist)}"
    if not artist:
        return f"recording:{_phrase(title)}"
    names = " OR ".join(
        f"{field}:{_phrase(artist)}" for field in ("artist", "artistname", "creditname")
    )
    return f"recording:{_phrase(title)} AND ({names})"


def word_query(query: Query) -> str:
    """The looser search: all words of the title and the artist, in any order; or "".

    Without an artist the words may be the title's or the artist's ("bohemian rhapsody queen"),
    so that no field is named.
    """
    title, artist = _words(query.title), _words(query.artist)
    if not title:
        return ""
    if not artist:
        return " AND ".join(title) if len(title) > 1 else ""
    group = " AND ".join(artist)
    names = " OR ".join(f"{field}:({group})" for field in ("artist", "artistname", "creditname"))
    return f"recording:({' AND '.join(title)}) AND ({names})"


def _words(name: str) -> list[str]:
    """The words of a name, each in every spelling; "Sinners" may be a sinner's."""
    found = []
    for word in name.split():
        ways = _spellings(word)
        if ways and ways[0].isalpha() and len(ways[0]) > 4 and ways[0].endswith("s"):
            ways.append(f"{ways[0][:-1]}'s")
        if ways:
            found.append(_either(ways))
    return found
