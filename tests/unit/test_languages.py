"""Which language a reader is spoken to in, and how it writes numbers and times."""

from __future__ import annotations

import pytest

from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.words.language import ENGLISH
from pikaraoke_enrichment.words.languages import best, language, languages
from pikaraoke_enrichment.words.sentences import sentence

# PiKaraoke's, beside English.
PIKARAOKE = "de_DE es_VE fi_FI fr_FR id_ID it_IT ja_JP ko_KR nb_NO nl_NL pt_BR ru_RU th_TH"


def test_all_languages_of_pikaraoke_are_there() -> None:
    assert {*PIKARAOKE.split(), "zh_Hans_CN", "zh_Hant_TW"} <= set(languages())


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("de", "de_DE"),
        ("de-AT", "de_DE"),
        ("pt_PT", "pt_BR"),
        ("PT-br", "pt_BR"),
        ("en-GB", "en"),
        ("no", "nb_NO"),
        ("nn-NO", "nb_NO"),
        ("zh", "zh_Hans_CN"),
        ("zh-CN", "zh_Hans_CN"),
        ("zh-Hant", "zh_Hant_TW"),
        ("zh-TW", "zh_Hant_TW"),
        ("zh-HK", "zh_Hant_TW"),
        ("zh_Hant_TW", "zh_Hant_TW"),
        ("sv fr", "fr_FR"),
        ("fr en", "fr_FR"),
        ("sv", None),
        ("", None),
        ("*", None),
        ("d", None),
        ("../../de", None),
    ],
)
def test_the_first_language_that_there_is(wanted: str, name: str | None) -> None:
    assert best(wanted.split()) == name


def test_english_is_what_the_code_says() -> None:
    assert language("en") is ENGLISH
    assert ENGLISH.number(12345) == "12,345"
    assert (ENGLISH.number(0.5), ENGLISH.number(97.5, 2)) == ("0.5", "97.50")


@pytest.mark.parametrize(
    ("name", "number", "confidence"),
    [("de_DE", "12.345", "0,97"), ("fr_FR", "12\u202f345", "0,97"), ("ja_JP", "12,345", "0.97")],
)
def test_numbers_are_written_as_the_language_does(name: str, number: str, confidence: str) -> None:
    spoken = language(name)
    assert (spoken.number(12345), spoken.number(0.97, 2)) == (number, confidence)
    assert number in sentence(Said("listeners", count=12345), spoken)


def test_times_are_those_of_this_machine() -> None:
    at = 1_796_000_000.0
    for name in languages():
        spoken = language(name)
        assert ENGLISH.time(at)[-2:] in spoken.time(at)
        assert ENGLISH.clock(at)[-2:] in spoken.clock(at)
        assert ENGLISH.date(at)[:4] in spoken.date(at) or name == "th_TH"  # has years of its own
        assert ENGLISH.day(at)[-2:].lstrip("0") in spoken.day(at)
