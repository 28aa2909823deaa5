"""Another host's list read as what it is: a file from a stranger."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.exceptions import BadList
from pikaraoke_enrichment.tasks.shared import reading
from pikaraoke_enrichment.tasks.shared.reading import COLUMNS, LONGEST, Row, names_videos, read

ABBA = Row("abcDefghij1", "ABBA", "Waterloo", None, 1974, "Pop")
HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize(
    "content",
    [
        f"{HEAD}\nabcDefghij1,ABBA,Waterloo,,1974,Pop\n",
        f"\ufeff{HEAD}\r\nabcDefghij1,ABBA,Waterloo,,1974,Pop\r\n",
        "Title;YouTube_ID;Artist;Genre;Year;file_path\nWaterloo;abcDefghij1;ABBA;Pop;1974;/home/x\n",
        "youtube_id,name,artist,title,variant,year,genre,corrected_at\n"
        "abcDefghij1,x.mp4,ABBA,Waterloo,,1974,Pop,2026-01-01T00:00:00Z\n",
        json.dumps([ABBA._asdict()]),
        json.dumps({"songs": [{**ABBA._asdict(), "year": "1974"}]}),
        f"{HEAD}\nabcDefghij1,ABBA,Waterloo,,1974,Pop\nabcDefghij1,Other,Song,,,\n",
        f"{HEAD}\nno video,ABBA,Fernando,,,\nabcDefghij2,ABBA,,,,\n"
        f"abcDefghij1,AB\u202eBA,Water\x00loo,,1974,\x1bPop\n".replace("\x00", "\x07"),
    ],
)
def test_rows(content: str) -> None:
    assert read(content.encode()) == [ABBA]


def test_what_keeps_a_spreadsheet_from_running_a_cell_is_taken_off_again() -> None:
    (row,) = read(f"{HEAD}\n'-bcDefghij1,'=cmd,'+1,,,\n".encode())
    assert (row.youtube_id, row.artist, row.title) == ("-bcDefghij1", "=cmd", "+1")


def test_a_row_with_an_endless_name_or_a_strange_year_harms_nobody() -> None:
    long = "x" * (LONGEST + 1)
    rows = read(f"{HEAD}\nabcDefghij1,{long},Title,,,\nabcDefghij2,A,Title,,99999,\n".encode())
    assert rows == [Row("abcDefghij2", "A", "Title", None, None, None)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list_no_videos"),
        (b"Artist;Title\nABBA;Waterloo\n", "list_no_videos"),
        (b"[" * 100_000, "list_unreadable"),
        (b"{}", "list_unreadable"),
        (b'{"songs": 5}', "list_unreadable"),
        (b"[1, null, []]", "list_no_videos"),
        (b"SQLite format 3\0\0\0", "list_unreadable"),
        (f'{HEAD}\nabcDefghij1,"{"x" * 200_000}'.encode(), "list_unreadable"),
    ],
)
def test_what_is_no_list_is_told(content: bytes, code: str) -> None:
    with pytest.raises(BadList) as told:
        read(content)
    assert told.value.said.code == code


def test_an_endless_list_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_SONGS", 2)
    lines = "\n".join(f"abcDefghij{n},A,T,,," for n in range(3))
    with pytest.raises(BadList) as told:
        read(f"{HEAD}\n{lines}\n".encode())
    assert told.value.said.code == "list_long"


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda t: f"{HEAD}\n{t}".encode()))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    try:
        rows = read(data)
    except BadList:
        return
    assert all(row.title and "\n" not in row.title + row.artist for row in rows)


def test_which_tables_name_videos() -> None:
    assert names_videos(["YouTube_ID", " title "])
    assert not names_videos(["Artist", "Title"])
