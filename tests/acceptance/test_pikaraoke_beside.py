"""The short form of both writing at once: PiKaraoke's own classes, a consumer, a person editing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pikaraoke", reason="PiKaraoke is not installed: pip install pikaraoke")
BESIDE = Path(__file__).parents[2] / "benchmarks" / "beside.py"


def test_nobody_hears_of_a_lock_and_no_write_is_lost() -> None:
    ended = subprocess.run(
        [sys.executable, str(BESIDE), "--seconds", "8", "--songs", "200"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    for work in ("deletes", "downloads", "plays", "renames", "scans", "requests", "songs edited"):
        assert re.search(rf"\b[1-9]\d* {work}\b", ended.stdout), ended.stdout
