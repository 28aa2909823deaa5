"""Lists as Excel and OpenDocument save them, and what is refused: bombs, entities, passwords."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.tasks import workbooks

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def zipped(**files: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            book.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return made.getvalue()


def excel(rows: str, strings: str = "") -> bytes:
    shared = {"xl__sharedStrings_xml": f'<sst xmlns="{SHEET}">{strings}</sst>'} if strings else {}
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped(xl__workbook_xml="<workbook/>", xl__worksheets__sheet1_xml=sheet, **shared)


def opendocument(rows: str) -> bytes:
    return zipped(
        content_xml=f"<office:document-content {ODS}><office:body><office:spreadsheet>"
        f"<table:table>{rows}</table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )


def test_excels_shared_and_rich_strings_numbers_and_gaps() -> None:
    strings = "<si><t>Artist</t></si><si><r><t>Wa</t></r><r><t>terloo</t></r></si>"
    book = excel(
        '<row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="C1" t="inlineStr"><is><t>Year</t></is></c></row>'
        '<row r="2"><c r="B2" t="s"><v>1</v></c><c r="C2"><v>1974</v></c></row>',
        strings,
    )
    assert list(workbooks.rows(book)) == [["Artist", "", "Year"], ["", "Waterloo", "1974"]]


def test_opendocuments_repeated_cells_and_numbers() -> None:
    book = opendocument(
        "<table:table-row><table:table-cell><text:p>ABBA</text:p></table:table-cell>"
        '<table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value="1974" office:value-type="float"/>'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    (row,) = workbooks.rows(book)
    assert row[:4] == ["ABBA", "", "", "1974"]
    assert len(row) == workbooks.MOST_COLUMNS


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped(word__document_xml="<x/>"), "is no spreadsheet"),
        (b"PK\x03\x04 and nothing", "cannot be read as a spreadsheet"),
        (excel("<row>"), "cannot be read as a spreadsheet"),
        (
            zipped(
                xl__worksheets__sheet1_xml=f'{ENTITIES}<worksheet xmlns="{SHEET}">&b;</worksheet>'
            ),
            "document type",
        ),
        (zipped(content_xml=f"{ENTITIES}<x>&b;</x>"), "document type"),
        (zipped(content_xml=f"{ENTITIES}<x>&b;</x>".encode("utf-16")), "document type"),
    ],
)
def test_what_is_no_list_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(workbooks.rows(data))


def test_what_unpacks_to_more_than_a_list_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 100_000)
    bomb = excel("<row><c><v>1</v></c></row>" * 10_000)
    assert len(bomb) < 5_000
    with pytest.raises(ValueError, match="more than any list"):
        list(workbooks.rows(bomb))


def test_a_document_type_is_seen_between_two_reads() -> None:
    for pad in range(65_520, 65_540):
        xml = f"<!--{' ' * pad}-->{ENTITIES}<x>&b;</x>"
        with pytest.raises(ValueError, match="document type"):
            list(workbooks.rows(zipped(content_xml=xml)))


@given(st.binary(max_size=200))
def test_any_bytes_end_in_rows_or_a_refusal(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        list(workbooks.rows(b"PK\x03\x04" + data))
