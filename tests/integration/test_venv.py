"""scripts/venv.sh: when a venv is made, kept, renewed or swapped; Python and pip are played."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "venv.sh"
# A Python of VERSION; `-m venv` makes a folder with another of its kind, whose pip notes what it is
# given, and fails where FAILING holds a word of that.
PYTHON = """#!/bin/sh
version=$(cat "$(dirname "$0")/version")
case "$*" in
  *version_info*) ;;
  *sys.version*) echo "$version" ;;
  "-m venv "*)
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    echo "$version" >"$3/bin/version"
    printf '#!%s\\n' "$3/bin/python" >"$3/bin/pikaraoke"
    echo "home = $3" >"$3/pyvenv.cfg" ;;
  "-m pip "*)
    echo "$*" >>"$HERE/pip"
    for word in $FAILING; do
      case "$*" in *"$word"*) echo "pip: no $word to be had" >&2; exit 1 ;; esac
    done
    touch "$(dirname "$0")/../works" ;;
  *"import pikaraoke_enrichment"*) [ -e "$(dirname "$0")/../works" ] ;;
esac
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A checkout with a Python 3.11 beside it."""
    (tmp_path / "python" / "bin").mkdir(parents=True)
    python = tmp_path / "python" / "bin" / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    set_version(tmp_path, "3.11.2")
    (tmp_path / "pyproject.toml").write_text("one = 1\n")
    (tmp_path / "constraints.txt").write_text("huey==3\n")
    return tmp_path


def set_version(here: Path, version: str) -> None:
    (here / "python" / "bin" / "version").write_text(version)


def make(here: Path, *, failing: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "HERE": str(here), "FAILING": failing}
    environ["PYTHON"] = str(here / "python" / "bin" / "python")
    return subprocess.run(
        ["bash", "-euc", f'. "{SCRIPT}"; make_venv "$PWD/.venv" ""; echo ready'],
        cwd=here,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def asked(here: Path) -> list[str]:
    """What pip was asked since the last look."""
    file = here / "pip"
    lines = file.read_text().splitlines() if file.exists() else []
    file.unlink(missing_ok=True)
    return lines


def test_a_first_start_installs_what_was_tested_and_a_second_needs_no_network(here: Path) -> None:
    assert make(here).stdout == "ready\n"
    (install,) = asked(here)
    assert "--constraint constraints.txt" in install
    assert "--only-binary rapidfuzz" in install
    assert make(here, failing="install").stdout == "ready\n"
    assert asked(here) == []


def test_other_packages_go_into_the_venv_that_is_there(here: Path) -> None:
    make(here)
    (here / ".venv" / "theirs").touch()
    (here / "pyproject.toml").write_text("two = 2\n")
    assert make(here).returncode == 0
    assert (here / ".venv" / "theirs").exists()
    assert make(here).stderr == ""


def test_without_a_network_the_old_venv_goes_on_and_the_next_start_tries_again(here: Path) -> None:
    make(here)
    (here / "constraints.txt").write_text("huey==4\n")
    asked(here)
    done = make(here, failing="install")
    assert done.stdout == "ready\n"
    assert "pip: no install to be had" in done.stderr
    assert "the next start tries again" in done.stderr
    assert len(asked(here)) == 1
    make(here)
    assert len(asked(here)) == 1, "it has tried again"


def test_a_first_start_that_fails_says_what_pip_said(here: Path) -> None:
    done = make(here, failing="install")
    assert done.returncode == 1
    assert "pip: no install to be had" in done.stderr
    assert "is the network up?" in done.stderr
    assert done.stdout == ""


def test_another_python_gets_a_venv_with_all_that_the_host_had_in_the_old_one(here: Path) -> None:
    make(here)
    site = here / ".venv" / "lib" / "python3.11" / "site-packages"
    for name, is_asked in (("pikaraoke-1.23.0", True), ("gevent-26.1", False)):
        (site / f"{name}.dist-info").mkdir(parents=True)
        if is_asked:
            (site / f"{name}.dist-info" / "REQUESTED").touch()
    set_version(here, "3.13.5")
    asked(here)
    assert make(here).stdout == "ready\n"
    _, kept = asked(here)
    assert kept.endswith("pikaraoke==1.23.0")
    assert (here / ".venv" / "bin" / "version").read_text().strip() == "3.13.5"
    assert (here / ".venv" / "bin" / "pikaraoke").read_text() == f"#!{here}/.venv/bin/python\n"
    assert ".new" not in (here / ".venv" / "pyvenv.cfg").read_text()
    assert sorted(path.name for path in here.glob(".venv*")) == [".venv"]


@pytest.mark.parametrize("failing", ["constraint", "pikaraoke=="])
def test_another_python_without_a_network_leaves_the_old_venv(here: Path, failing: str) -> None:
    make(here)
    site = here / ".venv" / "lib" / "python3.11" / "site-packages" / "pikaraoke-1.23.0.dist-info"
    site.mkdir(parents=True)
    (site / "REQUESTED").touch()
    set_version(here, "3.13.5")
    assert make(here, failing=failing).stdout == "ready\n"
    assert (here / ".venv" / "bin" / "version").read_text().strip() == "3.11.2"
    assert make(here).stdout == "ready\n"
    assert (here / ".venv" / "bin" / "version").read_text().strip() == "3.13.5"


def test_a_power_cut_in_the_swap_loses_nothing(here: Path) -> None:
    make(here)
    (here / ".venv").rename(here / ".venv.old")
    asked(here)
    assert make(here, failing="install").stdout == "ready\n"
    assert asked(here) == []
