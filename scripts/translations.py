#!/usr/bin/env python3
"""Bring the translations up to date: texts of the code, each language's file, what it lacks.

scripts/translations.py            update messages.pot and every messages.po, compile them
scripts/translations.py --check    change nothing; exit 1 where something is missing or wrong
scripts/translations.py --new sv_SE    begin a language
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "words" / "translations"
TEMPLATE = FOLDER / "messages.pot"
ROOMS = ("providers", "system", "tasks", "web", "words")
HEADER = "# pikaraoke-enrichment: the texts of its pages. scripts/translations.py keeps this file."
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "N_n": (1, 2)}
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


class Texts(Catalog):
    """Texts under a header that says nothing of who made the file, when and by which version: it
    would differ each time."""

    def _header(self) -> list[tuple[str, str]]:
        kept = {"Language", "Plural-Forms", "Content-Type"}
        return [each for each in super().mime_headers if each[0] in kept]

    mime_headers = property(_header, Catalog.mime_headers.fset)


def template() -> Catalog:
    """All texts of the code."""
    catalog = Texts(header_comment=HEADER, fuzzy=False)
    for room in ROOMS:
        found = extract_from_dir(str(ROOT / room), METHODS, keywords=KEYWORDS)
        for name, _line, message, comments, context in sorted(found, key=lambda each: each[:2]):
            place = [(f"{room}/{name}", 1)]
            catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def languages() -> dict[str, Path]:
    """Name and file of each language."""
    return {path.parts[-3]: path for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))}


def read(path: Path, name: str) -> Catalog:
    """A language's file."""
    with path.open("rb") as file:
        return read_po(file, locale=name)


def updated(name: str, path: Path, texts: Catalog) -> Catalog:
    """A language with the code's texts; what is no longer said is left out."""
    before = read(path, name) if path.exists() else Catalog(locale=Locale.parse(name))
    catalog = Texts(locale=Locale.parse(name), header_comment=HEADER, fuzzy=False)
    # As the file says: another Babel may know other plurals.
    catalog.mime_headers = [("Plural-Forms", before.plural_forms)]
    for text in texts:
        if text.id:
            known = before.get(text.id)
            catalog.add(text.id, known.string if known else None, text.locations, text.flags)
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The file of texts for translators."""
    file = io.BytesIO()
    # By the text, so that one that moves in the code moves in no file here.
    write_po(file, catalog, width=100, include_lineno=False, sort_output=True)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The file that the program reads."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def faults(catalog: Catalog) -> Iterator[str]:
    """What is not translated, and where a translation's places are not those of its text."""
    for message in catalog:
        if not message.id:
            continue
        texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
        text = message.id[0] if isinstance(message.id, tuple) else message.id
        forms = catalog.num_plurals if isinstance(message.id, tuple) else 1
        if message.fuzzy or len(texts) != forms or not all(texts):
            yield f"not translated: {text!r}"
        elif wrong := next((each for each in texts if not _has_places(message, each)), None):
            yield f"other places than {text!r}: {wrong!r}"


def _has_places(message: Message, translated: str) -> bool:
    asked = message.id if isinstance(message.id, tuple) else (message.id,)
    wanted = {place for each in asked for place in _places(each)}
    given = _places(translated)
    if isinstance(message.id, tuple):  # "one song" need not name the number
        return given <= wanted and wanted - given <= {"%(count)s"}
    # A lone "%" would end in an error where the text is filled in.
    is_filled = any(place.startswith("%") for place in wanted)
    return given == wanted and not (
        is_filled and "%" in _PLACE.sub("", translated).replace("%%", "")
    )


def _places(text: str) -> set[str]:
    return {found.group() for found in _PLACE.finditer(text)}


def main() -> int:
    """Run the command; the exit status."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--check", action="store_true", help="change nothing")
    options.add_argument("--new", metavar="LOCALE", help="begin a language")
    given = options.parse_args()
    texts, files = template(), {TEMPLATE: b""}
    files[TEMPLATE] = as_po(texts)
    known = languages()
    if given.new:
        known[given.new] = FOLDER / given.new / "LC_MESSAGES" / "messages.po"
    has_faults = False
    for name, path in known.items():
        catalog = updated(name, path, texts)
        files |= {path: as_po(catalog), path.with_suffix(".mo"): as_mo(catalog)}
        for fault in faults(catalog):
            has_faults = True
            print(f"{name}: {fault}")
    stale = [path for path, made in files.items() if not path.exists() or path.read_bytes() != made]
    if given.check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not up to date: run scripts/translations.py")
        return int(bool(stale or has_faults))
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(files[path])
    print(f"{len(texts)} texts in {len(known)} languages")
    return int(has_faults)


if __name__ == "__main__":
    sys.exit(main())
