"""Lists of songs as files, for tests of the catalogue that is made of them."""

from __future__ import annotations

from pathlib import Path

from pikaraoke_enrichment.tasks.cataloguing import Imported, import_data


def import_list(path: Path, into: Path, name: str = "") -> Imported:
    """Read a file into the catalogue, under its own name where none is given."""
    return import_data(path.read_bytes(), str(path), into, name or path.stem)
