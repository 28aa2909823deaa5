"""The library as CSV and JSON: every song, every name, and no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.tasks.review import exporting
from pikaraoke_enrichment.tasks.review.exporting import COLUMNS, write_csv, write_json
from pikaraoke_enrichment.tasks.spreadsheets import MARK, as_meant, harmless, is_garbled, mended

TEXTS = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\r\0"))
SONGS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(1),
            "file_path": st.text(st.characters(codec="utf-8", exclude_characters="\r\0")),
            "youtube_id": TEXTS,
            "artist": TEXTS,
            "title": TEXTS,
            "variant": TEXTS,
            "year": st.none() | st.integers(1000, 2100),
            "genre": TEXTS,
            "metadata_status": TEXTS,
            "confidence": st.none() | st.floats(0, 1),
            "duet": st.none() | st.booleans(),
            "language": st.none() | st.sampled_from(["de", "en,es"]),
            "explicit": st.none() | st.booleans(),
        }
    ),
    max_size=5,
)


def written(monkeypatch: pytest.MonkeyPatch, write: Any, songs: list[dict[str, Any]]) -> str:
    monkeypatch.setattr(exporting, "songs", lambda: iter(songs))
    out = io.StringIO(newline="")
    write(out)
    return out.getvalue().removeprefix(MARK)


@given(songs=SONGS)
def test_json_holds_every_song_as_it_is(songs: list[dict[str, Any]]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        text = written(monkeypatch, write_json, songs)
    assert json.loads(text) == songs
    assert len(text.splitlines()) == len(songs) + 2, "a song a line"


@given(songs=SONGS)
def test_csv_holds_every_song_as_it_is_but_formulas(songs: list[dict[str, Any]]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        text = written(monkeypatch, write_csv, songs)
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head == list(COLUMNS)
    assert len(rows) == len(songs)
    for row, song in zip(rows, songs, strict=True):
        flags = {True: "yes", False: "no"}
        cells = [flags[each] if isinstance(each := song[name], bool) else each for name in COLUMNS]
        assert row == ["" if cell is None else str(harmless(cell)) for cell in cells]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_a_formula_is_quoted(text: str) -> None:
    assert harmless(text) == f"'{text}"
    for separator in ";\t\n\r":  # of a spreadsheet of another country, or of none
        assert harmless(f"Song{separator}{text}") == f"Song{separator}'{text}"


@given(text=st.text(st.sampled_from("a=+-@;\t\r\n'")).filter(lambda text: "'" not in text))
def test_no_part_of_a_cell_is_a_formula_and_all_of_it_comes_back(text: str) -> None:
    made = harmless(text)
    assert as_meant(made) == text
    assert not any(part[:1] in ("=", "+", "-", "@") for part in re.split("[;\t\r\n]", made) if part)


TITLES = ("Beyoncé", "Mötley Crüe", "Sigur Rós – “Hoppípolla”", "椎名林檎", "ÀÉÍ")


@pytest.mark.parametrize("title", TITLES)
def test_garbled_letters_are_mended(title: str) -> None:
    free = (0x81, 0x8D, 0x8F, 0x90, 0x9D)  # which Windows shows as they are
    signs = (chr(b) if b in free else bytes([b]).decode("cp1252") for b in title.encode())
    garbled = "".join(signs)
    assert is_garbled(garbled)
    assert mended(garbled) == title
    assert mended(title) == title
    assert not is_garbled(title)


@pytest.mark.parametrize("value", ["Queen", "", "1999", "50+", None, 1975, 0.95, -1])
def test_all_else_stays(value: Any) -> None:
    assert harmless(value) is value


def test_an_empty_library_is_valid_in_both(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(monkeypatch, write_csv, []) == ",".join(COLUMNS) + "\n"
    assert json.loads(written(monkeypatch, write_json, [])) == []
