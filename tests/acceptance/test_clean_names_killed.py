"""The short form of a whole library renamed by the real PiKaraoke while programs are killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import parties

CLEAN_NAMES = Path(__file__).parents[2] / "benchmarks" / "clean_names.py"
pytestmark = parties.NEEDED


def test_nothing_is_lost_when_consumer_and_pikaraoke_are_killed() -> None:
    """With a password for PiKaraoke's admin, whom nobody is in the background."""
    ended = subprocess.run(
        [sys.executable, str(CLEAN_NAMES), "--songs", "200", "--kills", "3"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "renamed: 200 of 200 files, 0 left alone, 3 kills" in ended.stdout
    assert "taken back: 200 of 200 files, 0 left alone, 3 kills" in ended.stdout
