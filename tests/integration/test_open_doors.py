"""What opened doors from outside: modules in the working directory."""

from __future__ import annotations

import subprocess
from pathlib import Path

from pikaraoke_enrichment import config
from pikaraoke_enrichment.system import child

HOSTILE = """
import pathlib
pathlib.Path({proof!r}).write_text(__name__)
raise SystemExit("a module of the working directory was run")
"""


def test_nothing_of_the_working_directory_is_run(settings: config.Settings, tmp_path: Path) -> None:
    """`cd /media/stick; pikaraoke-enrichment run .`: a json.py lay on the stick."""
    stick, proof = tmp_path / "stick", tmp_path / "proof"
    stick.mkdir()
    for name in ("json", "huey", "requests", "peewee", "sqlite3", "flask", "config", "cli"):
        (stick / f"{name}.py").write_text(HOSTILE.format(proof=str(proof)))
    (stick / "Queen - Innuendo.mp4").touch()
    done = subprocess.run(
        child.command("run", ".", "--until-done", "--no-dashboard"),
        env=settings.whole_environment(),
        cwd=stick,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not proof.exists(), done.stderr
    assert "1 song found" in done.stdout
