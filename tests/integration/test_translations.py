"""Every language has every text, with its places, and is compiled as it stands."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import pikaraoke_enrichment
from pikaraoke_enrichment.words.languages import languages

ROOT = Path(pikaraoke_enrichment.__file__).parent


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """scripts/translations.py."""
    pytest.importorskip("babel.messages.catalog")
    spec = importlib.util.spec_from_file_location("translations", ROOT / "scripts/translations.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts(tool: ModuleType) -> Any:
    """All texts of the code."""
    return tool.template()


@pytest.mark.parametrize("name", languages())
def test_a_language_is_complete_and_compiled(tool: Any, texts: Any, name: str) -> None:
    path = tool.languages()[name]
    catalog = tool.updated(name, path, texts)
    assert list(tool.faults(catalog)) == [], "scripts/translations.py tells what is missing"
    assert path.read_bytes() == tool.as_po(catalog), "run scripts/translations.py"
    assert path.with_suffix(".mo").read_bytes() == tool.as_mo(catalog)


@pytest.mark.parametrize(
    ("text", "translated", "is_whole"),
    [
        ("Year", "Jahr", True),
        ("Year", "", False),
        ("at %(rate)s", "%(rate)s", True),
        ("at %(rate)s", "bei %(pace)s", False),
        ("at %(rate)s", "bei", False),
        ("%(percent)s%%", "%(percent)s %%", True),
        ("%(percent)s%%", "%(percent)s %", False),
        ("As of {time}", "Stand {time}", True),
        ("As of {time}", "Stand {zeit}", False),
        (("%(count)s song", "%(count)s songs"), ("ein Lied", "%(count)s Lieder"), True),
        (("%(count)s song", "%(count)s songs"), ("%(count)s Lied",), False),
        (("%(count)s song", "%(count)s songs"), ("%(count)s Lied", "%(number)s Lieder"), False),
    ],
)
def test_what_a_translation_lacks_is_found(
    tool: Any, text: Any, translated: Any, is_whole: bool
) -> None:
    catalog = tool.Texts(locale="de_DE")
    catalog.add(text, translated)
    assert (list(tool.faults(catalog)) == []) is is_whole
