"""Duet, language and explicit: what names, letters, answers and other songs tell of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.providers.base import Candidate, Trait
from pikaraoke_enrichment.tasks.judging import traits
from pikaraoke_enrichment.tasks.judging.languages import (
    CODES,
    code_of,
    codes_of,
    english_name,
    own_name,
)
from pikaraoke_enrichment.tasks.judging.letters import written_language
from pikaraoke_enrichment.tasks.judging.traits import (
    NAME,
    OTHER_SONGS,
    PERSON,
    SCRIPT,
    UNKNOWN,
    Told,
    by_answers,
    by_name,
    by_other_songs,
    merged,
)
from pikaraoke_enrichment.tasks.parsing import parse


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        ("아이유", "좋은 날", "ko"),
        ("IU", "좋은 날 (Good Day)", "ko"),
        ("방탄소년단", "Dynamite", ""),  # who sings tells nothing
        ("Idina Menzel", "Let It Go (렛잇고)", ""),  # beside an English title
        ("스파이더", "Love 사랑", ""),
        ("スピッツ", "空も飛べるはず", "ja"),
        ("石川さゆり", "津軽海峡冬景色", "ja"),
        ("ビートルズ", "イエスタデイ", ""),  # a foreign name in katakana
        ("米津玄師", "レモン", "ja"),
        ("LiSA", "紅蓮華", ""),  # Chinese or Japanese
        ("周杰伦", "青花瓷", "zh"),
        ("五月天", "你不是真正的快樂", "zh"),
        ("Аллегрова", "Младший лейтенант", ""),  # also Bulgarian letters
        ("Ария", "Беспечный ангел", "ru"),
        ("Ария", "Улица роз", ""),
        ("Кино", "Группа крови на рукаве, мы ждём", "ru"),
        ("Океан Ельзи", "Обійми", "uk"),
        ("Скрябін", "Люди як кораблі", "uk"),
        ("Христина Соловій", "Тримай її", "uk"),
        ("Ляпис Трубецкой", "Воіны святла ўсё", "be"),
        ("Қайрат Нұртас", "Сен ғана ыы", ""),  # Kazakh has ы too
        ("Шаман", "Встанем, ґанок ў", ""),
        ("עומר אדם", "תל אביב", "he"),
        ("Νατάσα Θεοδωρίδου", "Άντε γεια", "el"),
        ("บอดี้สแลม", "ชีวิตเป็นของเรา", "th"),
        ("Sơn Tùng M-TP", "Chạy ngay đi", "vi"),
        ("Udo Jürgens", "Ich weiß, was ich will", "de"),
        ("Nena", "99 Luftballons", ""),
        ("فيروز", "نسم علينا الهوى", ""),  # also Persian letters
        ("", "", ""),
        ("", "1999", ""),
        ("", "?!", ""),
    ],
)
def test_letters_tell_a_language_where_only_one_is_written_so(
    artist: str, title: str, expected: str
) -> None:
    assert written_language(artist, title) == expected


@given(st.text(), st.text())
def test_letters_of_any_text_tell_a_known_language_or_none(artist: str, title: str) -> None:
    assert written_language(artist, title) in {"", *CODES}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("English", "en"),
        ("English,Spanish", "en,es"),
        ("Mandarin Chinese", "zh"),
        ("Deutsch / Englisch", "de,en"),
        ("FRANÇAIS", "fr"),
        ("한국어", "ko"),
        ("Other", ""),
        ("English,Other", "en"),
        ("en,en", "en"),
        ("", ""),
    ],
)
def test_languages_of_a_list_become_codes(cell: str, expected: str) -> None:
    assert codes_of(cell) == expected


@pytest.mark.parametrize("code", CODES)
def test_each_language_is_found_by_its_names(code: str) -> None:
    assert code_of(code) == code_of(english_name(code)) == code_of(own_name(code)) == code


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Islands in the Stream (Duet) - Dolly Parton [Karaoke].mp4", {"duet": Told(True, NAME)}),
        ("Shallow (Duett) - Lady Gaga.mp4", {"duet": Told(True, NAME)}),
        ("Simon & Garfunkel - The Boxer.mp4", {}),
        ("Eminem - Lose Yourself (Explicit) karaoke.mp4", {"explicit": Told(True, NAME)}),
        ("Eminem - Lose Yourself (Clean Version).mp4", {"explicit": Told(False, NAME)}),
        ("Rita Ora - Explicit Lyrics.mp4", {}),
        ("Madonna - La Isla Bonita (Spanish Version).mp4", {"language": Told("es", NAME)}),
        ("Rammstein - Engel (English Version).mp4", {"language": Told("en", NAME)}),
        ("ABBA - Chiquitita (Spanish).mp4", {"language": Told("es", NAME)}),
        ("이승철 - 긴 하루.mp4", {"language": Told("ko", SCRIPT)}),
        ("김광석 - 사랑 (English Version).mp4", {"language": Told("en", NAME)}),
        ("Queen - Bohemian Rhapsody.mp4", {}),
    ],
)
def test_a_name_tells_what_stands_in_it(name: str, expected: dict[str, Told]) -> None:
    best = parse(name).hypotheses[0]
    assert by_name(name, best.artist, best.title, best.variant) == expected


def offered(title: str = "Stan", artist: str = "Eminem", *told: Trait) -> Candidate:
    return Candidate("itunes", artist, title, traits=told)


YES, NO = Trait("explicit", True, "itunes"), Trait("explicit", False, "itunes")


def test_a_song_is_explicit_where_one_edition_of_it_is() -> None:
    same = [offered("Stan", "Eminem", NO), offered("Stan", "Eminem", YES)]
    assert by_answers("Eminem", "", same) == {"explicit": Told(True, "itunes")}
    other = [offered("Stan", "Eminem", NO), offered("Stan (Live)", "Eminem", YES)]
    assert by_answers("Eminem", "", other) == {"explicit": Told(False, "itunes")}
    assert by_answers("Eminem", "Live", other) == {"explicit": Told(True, "itunes")}
    assert by_answers("Eminem", "", []) == {}


def test_a_list_goes_before_the_store() -> None:
    told = [offered("Stan", "Eminem", YES), offered("Stan", "Eminem", NO._replace(source="list K"))]
    assert by_answers("Eminem", "", told)["explicit"] == Told(False, "list K")
    assert by_answers("Eminem", "", told[::-1])["explicit"] == Told(False, "list K")


def test_a_credit_counts_that_is_the_artists() -> None:
    pair = Trait("duet", True, "credit")
    both = [offered("Under Pressure", "Queen & David Bowie", pair)]
    assert by_answers("Queen & David Bowie", "", both) == {"duet": Told(True, "credit")}
    assert by_answers("Queen", "", both) == {}


def test_other_songs_tell_a_language_where_they_are_enough_and_agree() -> None:
    assert by_other_songs({"de": 4}) == Told("de", OTHER_SONGS)
    assert by_other_songs({"de": 3}) == UNKNOWN
    assert by_other_songs({"de": 300, "en": 1}) == UNKNOWN
    assert by_other_songs({}) == UNKNOWN


def test_a_persons_word_is_final_and_what_was_told_of_another_song_goes() -> None:
    kept = {
        "duet": Told(False, PERSON),
        "language": Told("en", "list K"),
        "explicit": Told(None, PERSON),
    }
    fresh = [{"duet": Told(True, NAME)}, {"explicit": Told(True, "itunes")}]
    assert merged(kept, fresh, is_same_song=True) == kept
    assert merged(kept, fresh, is_same_song=False) == {**kept, "language": UNKNOWN}


def test_what_a_name_told_is_told_anew() -> None:
    kept = {
        "duet": Told(True, NAME),
        "language": Told("ru", SCRIPT),
        "explicit": Told(True, "itunes"),
    }
    assert merged(kept, [{}], is_same_song=True) == {
        "duet": UNKNOWN,
        "language": UNKNOWN,
        "explicit": Told(True, "itunes"),
    }
    assert set(merged({}, [], is_same_song=True).values()) == {UNKNOWN}
    assert tuple(merged({}, [], is_same_song=True)) == traits.TRAITS
