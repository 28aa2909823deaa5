"""A checkout of this house in another folder, as `git clone` lays it out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def lay_out(folder: Path) -> None:
    """Copy the checkout's own files, as they are now; skips where this is no checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    if not any(listed):
        pytest.skip("this is no git checkout")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)


def skip_without_an_index(pip_said: str) -> None:
    """Skips a test whose pip has reached no package index."""
    if "No matching distribution" in pip_said or "Could not connect" in pip_said:
        pytest.skip("no package index can be reached from here")
