"""Rows of a spreadsheet program's own files: Excel's .xlsx, OpenDocument's .ods. Pure.

Both are zipped XML, and lists come from strangers: an entity is refused before it is expanded, and
what unpacks to more than a list can hold is not unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree import ElementTree

# KaraFun's 60,000 songs are 25 MB of XML as a sheet.
MOST_UNPACKED = 150_000_000
# A sheet may say that its last, empty cell is repeated to the sheet's end.
MOST_COLUMNS = 200

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(r"([A-Z]+)\d+")
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def is_workbook(data: bytes) -> bool:
    """Whether these bytes are a zip file, as both kinds are."""
    return data.startswith(b"PK\x03\x04")


def rows(data: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet, as text.

    Raises:
        ValueError: it is neither kind of file, damaged, or too large.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = set(book.namelist())
            if "content.xml" in names:
                yield from _of_opendocument(book)
                return
            sheets = [found[0] for name in names if (found := _SHEET.fullmatch(name))]
            if not sheets:
                raise ValueError("is no spreadsheet: save the list as CSV, .xlsx or .ods")
            # The tenth comes behind the second.
            digits = {name: int("".join(filter(str.isdigit, name)) or 0) for name in sheets}
            yield from _of_excel(book, min(sheets, key=lambda name: (digits[name], name)))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, ElementTree.ParseError, EOFError) as error:
        raise ValueError(f"cannot be read as a spreadsheet ({error}): save it as CSV") from None
    except (NotImplementedError, RuntimeError):  # another compression, a password
        raise ValueError("is locked by a password, or packed in a way of its own") from None


class _Limited(io.RawIOBase):
    """A packed file that gives no more than a list can hold, and no XML with a document type: only
    there can an entity be declared, and one of ten lines makes gigabytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = MOST_UNPACKED
        self._tail = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size if size >= 0 else 65536)
        self._left -= len(part)
        if self._left < 0:
            raise ValueError("unpacks to more than any list of songs: it was left as it is")
        plain = self._tail + part.replace(b"\0", b"")  # as it stands in UTF-16 too
        if b"<!DOCTYPE" in plain:
            raise ValueError("holds a document type, which no spreadsheet program writes")
        self._tail = plain[-len(b"<!DOCTYPE") :]
        return part


def _elements(book: zipfile.ZipFile, name: str, tag: str) -> Iterator[ElementTree.Element]:
    """Each element of a tag, emptied once it was looked at."""
    with book.open(name) as file:
        for _, element in ElementTree.iterparse(_Limited(file)):
            if element.tag == tag or element.tag.rpartition("}")[2] == tag:
                yield element
                element.clear()


def _text(element: ElementTree.Element) -> str:
    return "".join(element.itertext())


def _of_excel(book: zipfile.ZipFile, sheet: str) -> Iterator[list[str]]:
    shared: list[str] = []
    if "xl/sharedStrings.xml" in book.namelist():
        shared = [_text(each) for each in _elements(book, "xl/sharedStrings.xml", "si")]
    for row in _elements(book, sheet, "row"):
        cells: dict[int, str] = {}
        for place, cell in enumerate(each for each in row if each.tag.endswith("}c")):
            found = _CELL.fullmatch(cell.get("r", ""))
            if found:  # "C" is 2, "AA" 26
                place = -1
                for letter in found[1]:
                    place = (place + 1) * 26 + ord(letter) - ord("A")
            cells[place] = _cell(cell, shared)
        width = min(max(cells, default=-1) + 1, MOST_COLUMNS)
        yield [cells.get(at, "") for at in range(width)]


def _cell(cell: ElementTree.Element, shared: list[str]) -> str:
    kind = cell.get("t", "")
    if kind == "inlineStr":
        return _text(cell)
    value = next((each.text or "" for each in cell if each.tag.endswith("}v")), "")
    if kind != "s":
        return value
    return shared[int(value)] if value.isdecimal() and int(value) < len(shared) else ""


def _of_opendocument(book: zipfile.ZipFile) -> Iterator[list[str]]:
    is_begun = False
    with book.open("content.xml") as file:
        for _, element in ElementTree.iterparse(_Limited(file)):
            if element.tag == f"{_TABLE}table-row":
                row: list[str] = []
                for cell in element:
                    if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                        continue
                    written = "\n".join(_text(line) for line in cell if line.tag.endswith("}p"))
                    value = written or cell.get(f"{_OFFICE}value", "")
                    many = cell.get(f"{_TABLE}number-columns-repeated", "1")
                    times = int(many) if many.isdecimal() else 1
                    row += [value] * min(times, MOST_COLUMNS - len(row))
                is_begun = is_begun or any(row)
                yield row
                element.clear()
            elif element.tag == f"{_TABLE}table" and is_begun:
                return
