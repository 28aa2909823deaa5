"""Names and words that most people know, read from `data/` when first asked. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from .folding import fold
from .hashed_set import Crowd, Weights

_DATA = Path(__file__).parent / "data"


def _lines(name: str) -> Iterator[str]:
    """The lines of a table one by one, so that no whole file stays in the consumer's memory."""
    with (_DATA / name).open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                yield line.rstrip("\n")


def _folded(name: str) -> Iterator[str]:
    # Not `fold`: its cache is for names that come again.
    return map(fold.__wrapped__, _lines(name))


@cache
def artists() -> Crowd:
    """Folded names of some thousand well-known artists."""
    return Crowd(_folded("artists.txt"))


@cache
def titles() -> Crowd:
    """Folded titles of some thousand songs that many people sing."""
    return Crowd(_folded("titles.txt"))


@lru_cache(maxsize=1024)
def leaning(word: str) -> float:
    """Log odds that a folded word stands in an artist's name rather than in a song's title.

    Counted in the two lists: "Randolph" leans to artists, "Tonight" to songs. What leans to
    neither counts nothing.
    """
    return _leanings().get(word)


@cache
def _leanings() -> Weights:
    names, songs = _count_words("artists.txt"), _count_words("titles.txt")
    # One list is longer than the other, and a word that one of them lacks may yet be in it.
    share = songs.total() / names.total()

    def lean(word: int) -> float:
        odds = math.log((names[word] + 0.5 / share) * share / (songs[word] + 0.5))
        return max(-3.0, min(3.0, odds)) if abs(odds) > 0.3 else 0.0

    return Weights(names.keys() | songs.keys(), lean)


def _count_words(name: str) -> Counter[int]:
    """In how many lines of a table each word stands, by the word's hash."""
    return Counter(word for line in _folded(name) for word in set(map(hash, line.split())))


@cache
def _spellings() -> dict[str, str]:
    """Folded name -> own spelling, of the artists whose spelling cannot be guessed: "AC/DC"."""
    return {
        fold.__wrapped__(line): line
        for line in _lines("artists.txt")
        if line != " ".join(map(str.capitalize, line.split()))
    }


def spelling(folded: str) -> str:
    """How a well-known artist writes itself where capitals alone do not tell, else ""."""
    return _spellings().get(folded, "")


def _words(name: str) -> frozenset[str]:
    return frozenset(fold.__wrapped__(word) for line in _lines(name) for word in line.split())


@cache
def first_names() -> frozenset[str]:
    """Folded first names of many languages."""
    return _words("first_names.txt")


@cache
def sentence_words() -> frozenset[str]:
    """Folded words of which sentences are made, and with them titles."""
    return _words("sentence_words.txt")


@cache
def vietnamese_words() -> frozenset[str]:
    """Words of Vietnamese sentences with their accents, none of which stands in stage names."""
    return frozenset(word for line in _lines("vietnamese_words.txt") for word in line.split())


@cache
def band_words() -> frozenset[str]:
    """Folded words that make a name a band's wherever they stand."""
    return _words("band_words.txt")


@cache
def band_openings() -> frozenset[str]:
    """Folded words that make a name a band's or a singer's when they stand first."""
    return _words("band_openings.txt")


# Surnames that open a Chinese, Japanese or Korean name written without spaces.
HAN_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡林郭何高罗羅郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭"
    "蔡潘田董袁于余叶葉蒋蔣杜苏蘇魏程吕呂丁沈任姚卢盧傅钟鍾姜崔谭譚廖范汪陆陸金石戴贾賈韦韋夏邱方侯邹鄒熊孟"
    "秦白江阎閻薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵万萬钱錢严嚴温溫莫孔汤湯齐齊辛容伍關关费費譚柯阿卓華华"
)
HANGUL_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나엄채원옥"
)
SURNAMES = HAN_SURNAMES | HANGUL_SURNAMES
