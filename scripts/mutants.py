"""Do the tests notice when a decision is turned round? Mutants of the pure rooms, and who survives.

    python scripts/mutants.py [--most N] [--seed N] [--jobs N] [FILE …]

Changes one thing at a time in scoring, pacing's rules, matching, judging and names ("and" to "or",
< to >, a condition to its opposite, a loop to none) by cosmic-ray's operators, in a copy of
the package, and runs the tests of these rooms on it. Numbers are left as they are: one inside a
band is no decision, nor is whether a band ends before or behind it (`--edges` moves just these).
Prints each mutant that lived, and the share by file; exits 1 where more than a tenth lives. All
mutants take hours: `--most` draws so many, other ones with another `--seed`.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import unified_diff
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import parso
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "mutants"
ROOMS = (
    "tasks/scoring.py",
    "tasks/pace_rules.py",
    "tasks/matching.py",
    *sorted(
        str(path.relative_to(ROOT))
        for room in ("judging", "names")
        for path in ROOT.glob(f"tasks/{room}/*.py")
    ),
)
TESTS = tuple(
    f"tests/unit/test_{name}.py"
    for name in (
        "parsing", "filenames", "identity", "renamed", "hashed_set",
        "scoring", "pace_rules", "folding", "lessons", "folder_habits", "genres", "naming",
        "matching", "matching_traps", "words", "artist_index", "languages", "traits",
    )
)  # fmt: skip
# One way to turn each decision round.
OPERATORS = tuple(
    f"core/{name}"
    for name in (
        "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr",
        "ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak",
        "ExceptionReplacer", "ZeroIterationForLoop", "ReplaceUnaryOperator_Delete_Not",
        "ReplaceUnaryOperator_Delete_USub",
        *(
            f"ReplaceComparisonOperator_{pair}"
            for pair in (
                "Eq_NotEq", "NotEq_Eq", "Lt_Gt", "Gt_Lt", "LtE_GtE", "GtE_LtE", "Is_IsNot",
                "IsNot_Is",
            )
        ),
        *(
            f"ReplaceBinaryOperator_{pair}"
            for pair in (
                "Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "BitOr_BitAnd", "BitAnd_BitOr",
            )
        ),
    )
)  # fmt: skip
# What moves the edge of a band by nothing but the number on it.
EDGES = tuple(
    f"core/ReplaceComparisonOperator_{pair}" for pair in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt")
)
MOST_ALIVE = 0.10
# Seconds after which a mutant runs in circles, which the tests have then noticed: they take ten
# on a quiet machine, and a hundred beside ten other programs.
PATIENCE = 600


class Mutant(NamedTuple):
    """A place in a file where one operator may change something."""

    file: str
    operator: str
    occurrence: int

    def code(self) -> str | None:
        """The file with that changed; None where it says the same, or nothing at all, then."""
        before = (ROOT / self.file).read_text(encoding="utf-8")
        after = mutate_code(before, plugins.get_operator(self.operator)(), self.occurrence)
        try:
            return after if after and _meaning(after) != _meaning(before) else None
        except SyntaxError:
            return None


def mutants(file: str, operators: Sequence[str] = OPERATORS) -> list[Mutant]:
    """All mutants of a file."""
    tree = parso.parse((ROOT / file).read_text(encoding="utf-8"))
    return [
        Mutant(file, name, number)
        for name in operators
        for number, _ in enumerate(
            position
            for node in ast_nodes(tree)
            for position in plugins.get_operator(name)().mutation_positions(node)
        )
    ]


def _meaning(code: str) -> str:
    """The code without annotations, decorators, kinds of argument and `strict`: whether a dataclass
    is frozen, an answer remembered or a zip strict is no decision that a test could see."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = None  # type: ignore[assignment]
        elif isinstance(node, ast.FunctionDef):
            node.returns, node.decorator_list = None, []
        elif isinstance(node, ast.ClassDef):
            node.decorator_list = []
        elif isinstance(node, ast.arguments):  # "*" to "/"
            node.args = [*node.posonlyargs, *node.args, *node.kwonlyargs]
            node.posonlyargs, node.kwonlyargs = [], []
        elif isinstance(node, ast.Call):
            node.keywords = [each for each in node.keywords if each.arg != "strict"]
    return ast.dump(tree)


def lives(file: str, code: str, place: Path) -> bool:
    """Whether no test fails where a file has this code."""
    copy = place / "pikaraoke_enrichment" / file
    before = copy.read_text(encoding="utf-8")
    copy.write_text(code, encoding="utf-8")
    # The file's own tests first: most mutants end there, in a third of the time.
    names = {copy.stem, "parsing"} if copy.parent.name == "names" else {copy.stem}
    own = [test for test in TESTS if Path(test).stem.removeprefix("test_") in names]
    try:
        return all(_pass(tests, place) for tests in (own, sorted({*TESTS} - {*own})) if tests)
    finally:
        copy.write_text(before, encoding="utf-8")


def _pass(tests: Sequence[str], place: Path) -> bool:
    run = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        ended = subprocess.run(
            run, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(place)},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def _copies(jobs: int) -> SimpleQueue[Path]:
    """The package, once for each job; it goes before the one that is installed."""
    shutil.rmtree(PLACE, ignore_errors=True)
    free: SimpleQueue[Path] = SimpleQueue()
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.tsv", "*.txt"], cwd=ROOT, capture_output=True, text=True
    )
    for number in range(jobs):
        place = PLACE / str(number)
        for file in listed.stdout.splitlines():
            if not file.startswith(("tests/", "benchmarks/", "docs/")):
                copy = place / "pikaraoke_enrichment" / file
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / file, copy)
        free.put(place)
    return free


def main() -> int:
    options = _options()
    operators = EDGES if options.edges else OPERATORS
    drawn = [each for file in options.files or ROOMS for each in mutants(file, operators)]
    print(f"{len(drawn)} mutants", flush=True)
    if options.most and options.most < len(drawn):
        drawn = random.Random(options.seed).sample(drawn, options.most)
    free = _copies(options.jobs)

    def tried(mutant: Mutant) -> str | None:
        """What was changed, where that lives; "" where it does not, None where nothing was."""
        code = mutant.code()
        if code is None:
            return None
        place = free.get()
        try:
            return _difference(mutant.file, code) if lives(mutant.file, code, place) else ""
        finally:
            free.put(place)

    made: Counter[str] = Counter()
    alive: Counter[str] = Counter()
    with ThreadPoolExecutor(options.jobs) as pool:
        for mutant, changed in zip(drawn, pool.map(tried, drawn), strict=True):
            made[mutant.file] += changed is not None
            if changed:
                alive[mutant.file] += 1
                print(f"\n{mutant.file} {mutant.operator}\n{changed}", flush=True)
    print("\n| file | mutants | alive |\n|---|---|---|")
    for file, count in sorted(made.items()):
        print(f"| {file} | {count} | {alive[file]} |")
    share = sum(alive.values()) / max(1, sum(made.values()))
    print(f"| all | {sum(made.values())} | {sum(alive.values())}, {share:.1%} |")
    return int(share > MOST_ALIVE)


def _difference(file: str, code: str) -> str:
    before = (ROOT / file).read_text(encoding="utf-8").splitlines()
    lines = unified_diff(before, code.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in lines if line[:3] not in ("---", "+++"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", metavar="FILE", help="other files than these rooms'")
    parser.add_argument("--most", type=int, default=0, help="draw so many; 0 tries all")
    parser.add_argument("--edges", action="store_true", help="only move the edges of bands")
    parser.add_argument("--seed", type=int, default=1, help="draw other ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at a time")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
