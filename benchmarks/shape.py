"""What the product is made of: lines, functions, and the private helpers that are used once.

    python benchmarks/shape.py [--list]

It counts the files of the package without demo, benchmarks and tests. A private helper is a
function or method whose name begins with one underscore; it is used once where its name stands in
one place of its file outside of itself. `--list` names those, the shortest first.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
ROOMS = (
    "commands", "database", "inside", "providers", "schema", "system", "tasks", "web", "words",
)  # fmt: skip
SHORT = 6


class Helper(NamedTuple):
    """A private function that is used once, and its lines, decorators and docstring included."""

    lines: int
    file: str
    name: str
    is_called: bool  # and not handed on, as a pattern's substitute or a table's entry, or decorated


def files() -> list[Path]:
    """The product's own files."""
    inside = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return [*sorted(ROOT.glob("*.py")), *inside]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def used_once(path: Path) -> list[Helper]:
    """The private helpers of a file whose name stands in one place of it outside of themselves."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    uses = names(tree)
    called = names(*(node.func for node in ast.walk(tree) if isinstance(node, ast.Call)))
    return [
        Helper(
            (each.end_lineno or 0) - each.lineno + 1,
            str(path.relative_to(ROOT)),
            each.name,
            each.name in called and not each.decorator_list,
        )
        for each in functions(tree)
        if each.name.startswith("_")
        and not each.name.startswith("__")
        # Within itself it calls itself, or the library's method that it takes the place of.
        and uses[each.name] - names(each)[each.name] == 1
    ]


def names(*trees: ast.AST) -> Counter[str]:
    """How often each name stands in pieces of code."""
    return Counter(
        node.id if isinstance(node, ast.Name) else node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--list", action="store_true", help="name the helpers")
    options = parser.parse_args()
    own = files()
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in own)
    count = sum(1 for path in own for _ in functions(ast.parse(path.read_text(encoding="utf-8"))))
    helpers = sorted(helper for path in own for helper in used_once(path))
    if options.list:
        for helper in helpers:
            handed_on = "" if helper.is_called else " (handed on)"
            print(f"{helper.lines:3} {helper.file} {helper.name}{handed_on}")
        return 0
    short = sum(helper.lines <= SHORT for helper in helpers)
    print(f"| files | {len(own)} |")
    print(f"| lines | {lines} |")
    print(f"| functions | {count} |")
    print(f"| private helpers used once | {len(helpers)}, {100 * len(helpers) / count:.0f} % |")
    print(f"| of these {SHORT} lines or shorter | {short} |")
    called = sum(helper.is_called for helper in helpers)
    print(f"| of these called, where they could be written out | {called} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
