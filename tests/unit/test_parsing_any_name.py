"""Reading names: what holds for any name at all."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pikaraoke_enrichment.tasks.names.front_numbers import numbered_kinds
from pikaraoke_enrichment.tasks.names.pieces import JOINT, PLAIN_JOINT
from pikaraoke_enrichment.tasks.parsing import (
    NO_KNOWLEDGE,
    Habit,
    Knowledge,
    ParsedName,
    parse,
)

# Pieces of which names are made, the signs that rules look for, and what breaks parsers.
ATOMS = st.sampled_from(
    ["a", "A", "Queen", "Elton John", "Love", " ", "  ", " - ", "-", "--", "–", "—", "|", "｜", "_",
     "__", ":", "/", "⧸", "\\", ".", "...", ",", ", The", "&", " and ", "'", '"', "“", "(", ")",
     "[", "]", "【", "】", "「", "」", "{", "}", "karaoke", "(Karaoke Version)", "Kara", " by ",
     " feat. ", " in the style of ", " cover", "(X cover)", "version of ", " sings ", "live at ",
     "1979", "01", "SC1234-05", "(-2)", " part)", "www.x.y", "http://", "---dQw4w9WgXcQ", ".mp4",
     "[dQw4w9WgXcQ]", "Ã©", "â€™", "&amp;", "%20", "é", "ß", "한글", "カラオケ", "米津玄師",
     "караоке", "فيروز", "\u202b", "\u200b", "🎤", "𝐊", "\ufeff", "\x00", "\x1f", "\ue000",
     "\ud800", "\udce9"]
)  # fmt: skip
NAMES = st.one_of(
    st.text(max_size=255),
    st.text(alphabet=st.characters(exclude_categories=()), max_size=255),  # lone surrogates too
    st.lists(ATOMS, max_size=60).map("".join),
    st.tuples(ATOMS, ATOMS, st.integers(1, 255)).map(
        lambda row: ((row[0] + row[1]) * row[2])[:255]
    ),
)


def holds(parsed: ParsedName, name: str) -> None:
    assert parsed.name == name
    assert 1 <= len(parsed.hypotheses) <= 8
    assert parsed.youtube_id is None or len(parsed.youtube_id) == 11
    for index, found in enumerate(parsed.hypotheses):
        assert found.strength in ("strong", "weak", "fallback")
        assert found.strength != "strong" or index == 0
        assert found.evidence
        assert found.title or not name.strip() or found.strength == "fallback"
        for text in (found.artist, found.title, found.variant, *found.featured):
            assert text == text.strip() or found.strength == "fallback"
            assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Co") for sign in text), text


@given(NAMES)
@settings(max_examples=600, deadline=None)
def test_any_name_is_read(name: str) -> None:
    holds(parse(name), name)


@given(NAMES, st.frozensets(st.text(max_size=10), max_size=3))
@settings(max_examples=100, deadline=None)
def test_whatever_the_library_knows(name: str, artists: frozenset[str]) -> None:
    holds(parse(name, Knowledge(artists)), name)


@pytest.mark.parametrize("name", ["", " ", ".mp4", "\x00", "\ud800", "---dQw4w9WgXcQ.mp4", "()"])
def test_names_of_nothing(name: str) -> None:
    holds(parse(name), name)


@given(st.tuples(ATOMS, ATOMS).map("".join))
@settings(max_examples=300, deadline=None)
def test_long_names_take_no_more_than_their_length(atom: str) -> None:
    started = time.process_time()
    parse((atom * 255)[:255])
    assert time.process_time() - started < 0.25


@pytest.mark.parametrize(
    "atom", ["a", ".", "(", "[]", '"', "'", "_", "- ", "  a", "「", "カラオケ", "Q "]
)
def test_ten_thousand_signs_take_no_more_than_their_length(atom: str) -> None:
    parse("Queen")  # reads the tables
    started = time.process_time()
    parse((atom * 10_000)[:10_000])
    assert time.process_time() - started < 0.25


@given(NAMES)
@settings(max_examples=100, deadline=None)
def test_reading_is_repeatable(name: str) -> None:
    assert parse(name) == parse(name)


# Words of no language's songs and singers, so that only what stands beside them can be mistaken.
WORDS = st.sampled_from(
    ["Quellwasser", "Bergziege", "Tramuno", "Sefidel", "Blorvan", "Kiedelo", "Zwirbalt", "Mondaxo",
     "Ķelvora", "Öhrlatsch", "Брольван", "Зефидель", "Μπλορβαν", "บลอร์วัน", "블로르반"]
)  # fmt: skip
SONGS = st.tuples(
    WORDS, WORDS, WORDS, WORDS, st.sampled_from(["", " (Karaoke)", " | Karaoke"])
).map(lambda row: f"{row[0]} {row[1]} - {row[2]} {row[3]}{row[4]}")
STYLES = st.sampled_from([
    "{}. ", "{}) ", "({}) ", "[{}] ", "{} ", "{}-", "{}_", "{} - ", "{}: ", "{}.- ", "{}.",
    "{:04} ", "{:04}. ", "{:05} - ", "#{} ", "No. {} ", "Nr. {} ", "N° {} ", "№ {} ", "Track {}. ",
    "Track {} ", "Track {} - ", "1-{:.2} ", "CD1 - {:.2} - ", "SF{}-04 ", "SC8{}-06 - ",
    "20210506 ", "2021-05-06 ", "06.05.2021 ",
])  # fmt: skip


@given(SONGS, st.integers(10, 99) | st.integers(200, 999), STYLES)
@settings(max_examples=400, deadline=None)
def test_a_number_in_front_changes_nothing(name: str, number: int, style: str) -> None:
    style = style.replace("{:.2}", f"{number % 90 + 10}")
    bare = parse(name).hypotheses[0]
    found = parse(style.format(number) + name).hypotheses[0]
    assert {found.artist, found.title} == {bare.artist, bare.title}, style.format(number) + name


# What people and programs write behind a name that already says that it is a karaoke track's.
JUNK = st.lists(
    st.sampled_from(
        [" HD", " [HQ]", " (4K)", " (with lyrics)", " [Lyrics]", " | Karaoke Version", " 🎤",
         " (Karaoke Version)", " [Official Karaoke]", "_1080p", " - YouTube", " (Instrumental)",
         " (con letra)", " (mit Text)", " (с текстом)", " (伴奏)", " [노래방]", " (คาราโอเกะ)",
         " (Key -2)", " (No Lead Vocals)", " | 60fps"]
    ),
    max_size=3,
).map("".join)  # fmt: skip
ENDINGS = st.sampled_from(["", ".mp4", ".webm", " [dQw4w9WgXcQ].mp4", "---dQw4w9WgXcQ.mp4"])


@given(st.tuples(WORDS, WORDS, WORDS, WORDS), JUNK, ENDINGS)
@settings(max_examples=400, deadline=None)
def test_junk_behind_a_name_changes_no_side(
    words: tuple[str, str, str, str], junk: str, ending: str
) -> None:
    name = f"{words[0]} {words[1]} - {words[2]} {words[3]} (Karaoke)"
    bare, found = parse(name).hypotheses[0], parse(name + junk + ending).hypotheses[0]
    assert {found.artist, found.title} == {bare.artist, bare.title}, name + junk + ending


@given(st.lists(WORDS, min_size=1, max_size=4), JUNK, ENDINGS)
@settings(max_examples=400, deadline=None)
def test_nobody_is_invented(words: list[str], junk: str, ending: str) -> None:
    name = " ".join(words) + " (Karaoke)" + junk + ending
    found = parse(name).hypotheses[0]
    assert (found.artist, found.title) == ("", " ".join(words)), name


@given(SONGS, st.lists(st.integers(11, 99), min_size=5, max_size=40, unique=True))
@settings(max_examples=50, deadline=None)
def test_neighbours_tell_of_any_numbers(name: str, numbers: list[int]) -> None:
    for style in ("{} ", "{}-", "{} - ", "{}_"):
        names = [style.format(number) + name for number in numbers]
        habit = Habit(numbered=numbered_kinds(names))
        bare, found = parse(name), parse(names[0], NO_KNOWLEDGE, habit)
        assert found.hypotheses[0][:3] == bare.hypotheses[0][:3], style


@given(st.text(alphabet="ab -–—~_=:|/\\·ㆍ>\x1f", max_size=12))
def test_separators_are_found_alike_in_one_set(text: str) -> None:
    plain = text.replace("  ", " ")
    if "  " not in plain:
        found = [one.span() for one in JOINT.finditer(plain)]
        assert [one.span() for one in PLAIN_JOINT.finditer(plain)] == found


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("🎵🎵🎵.mp4", "🎵🎵🎵"),
        ("---.mp4", "---"),
        (" .mp4", "Mp4"),
        ("---dQw4w9WgXcQ.mp4", "dQw4w9WgXcQ"),
        ("...", "..."),
    ],
)
def test_a_name_of_signs_alone_is_shown_without_its_ending(name: str, title: str) -> None:
    assert parse(name).hypotheses[0].title == title
