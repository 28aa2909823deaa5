"""scripts/venv.sh: when a venv is made, kept, renewed or swapped; Python and pip are played.
`acceptance/test_update.py` does it with the real ones."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "venv.sh"
# A Python of VERSION; `-m venv` makes a folder with another of its kind, whose pip notes what it is
# given, fails where FAILING holds a word of that, and is killed with all others, half of its work
# done, where KILLED does. Folders are exchanged by the real one.
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
    rm -f "$(dirname "$0")/../works"
    for word in $KILLED; do
      case "$*" in *"$word"*) kill -9 0 ;; esac
    done
    touch "$(dirname "$0")/../works" ;;
  *renameat2*) [ -z "$NO_EXCHANGE" ] && exec "$REAL" "$@" || exit 1 ;;
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


def has_pikaraoke(here: Path) -> None:
    """The host has installed PiKaraoke, which has brought gevent along."""
    for name, is_asked in (("pikaraoke-1.23.0", True), ("gevent-26.1", False)):
        info = here / ".venv" / "lib" / "python3.11" / "site-packages" / f"{name}.dist-info"
        info.mkdir(parents=True)
        if is_asked:
            (info / "REQUESTED").touch()


def set_version(here: Path, version: str) -> None:
    (here / "python" / "bin" / "version").write_text(version)


def make(
    here: Path, *, failing: str = "", before: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Have the script make `.venv`, in a process group of its own."""
    environ = {"KILLED": "", "NO_EXCHANGE": "", **environ}
    environ |= {"HERE": str(here), "FAILING": failing, "REAL": sys.executable}
    environ["PYTHON"] = str(here / "python" / "bin" / "python")
    return subprocess.run(
        ["bash", "-euc", f'. "{SCRIPT}"; {before} make_venv "$PWD/.venv" ""; echo ready'],
        cwd=here,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
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
    has_pikaraoke(here)
    (here / "pyproject.toml").write_text("two = 2\n")
    asked(here)
    assert make(here).returncode == 0
    assert (here / ".venv" / "theirs").exists()
    _, kept = asked(here)
    assert kept.endswith("pikaraoke==1.23.0"), "it may want other versions than ours"
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
    has_pikaraoke(here)
    set_version(here, "3.13.5")
    asked(here)
    assert make(here).stdout == "ready\n"
    _, kept = asked(here)
    assert kept.endswith("pikaraoke==1.23.0")
    assert is_of(here / ".venv", "3.13.5")
    assert (here / ".venv" / "bin" / "pikaraoke").read_text() == f"#!{here}/.venv/bin/python\n"
    assert ".new" not in (here / ".venv" / "pyvenv.cfg").read_text()
    assert sorted(path.name for path in here.glob(".venv*")) == [".venv"]


@pytest.mark.parametrize("failing", ["constraint", "pikaraoke=="])
def test_another_python_without_a_network_leaves_the_old_venv(here: Path, failing: str) -> None:
    make(here)
    has_pikaraoke(here)
    set_version(here, "3.13.5")
    assert make(here, failing=failing).stdout == "ready\n"
    assert is_of(here / ".venv", "3.11.2")
    assert make(here).stdout == "ready\n"
    assert is_of(here / ".venv", "3.13.5")


def news_of_python(here: Path) -> None:
    set_version(here, "3.13.5")


def news_of_packages(here: Path) -> None:
    (here / "constraints.txt").write_text("huey==4\n")


@pytest.mark.parametrize(("news", "fails"), [(news_of_packages, "cp"), (news_of_python, "sed")])
def test_a_full_disk_leaves_the_old_venv_and_nothing_beside_it(
    here: Path, news: Callable[[Path], None], fails: str
) -> None:
    make(here)
    news(here)
    (here / "played").mkdir()
    (here / "played" / fails).write_text("#!/bin/sh\nexit 1\n")
    (here / "played" / fails).chmod(0o755)
    played = f"{here / 'played'}{os.pathsep}{os.environ['PATH']}"
    assert make(here, PATH=played).stdout == "ready\n"
    assert is_of(here / ".venv", "3.11.2")
    assert sorted(path.name for path in here.glob(".venv*")) == [".venv"]
    assert make(here, failing="install").stdout == "ready\n"


@pytest.mark.parametrize("killed", ["constraint", "pikaraoke=="])
@pytest.mark.parametrize("news", [news_of_packages, news_of_python])
def test_a_power_cut_while_pip_replaces_a_package_leaves_the_old_venv(
    here: Path, news: Callable[[Path], None], killed: str
) -> None:
    make(here)
    has_pikaraoke(here)
    news(here)
    assert make(here, KILLED=killed).returncode == -signal.SIGKILL
    assert (here / ".venv" / "works").exists()
    assert make(here, failing="install").stdout == "ready\n"


def killed_before(command: int) -> str:
    """Has the script and what it started killed before that command of its."""
    return f"set -T; n=0; trap '[ $((++n)) -lt {command} ] || kill -9 -- -$$' DEBUG; "


@pytest.mark.parametrize(
    ("news", "no_exchange"), [(news_of_packages, ""), (news_of_python, "as on macOS")]
)
def test_a_power_cut_at_any_moment_leaves_a_venv_that_works(
    here: Path, news: Callable[[Path], None], no_exchange: str
) -> None:
    """Killed before each command in turn, until one run comes to its end."""
    make(here)
    has_pikaraoke(here)
    venv = here / ".venv"
    news(here)
    for command in itertools.count(1):
        ended = make(here, before=killed_before(command), NO_EXCHANGE=no_exchange)
        if ended.returncode == 0:
            break
        if no_exchange and not venv.exists():  # between two renames: the next start finds it
            assert make(here, failing="install", NO_EXCHANGE=no_exchange).stdout == "ready\n"
        assert (venv / "works").exists(), command
        assert (venv / "lib").exists() or is_of(venv, "3.13.5"), command
        assert ".new" not in (venv / "bin" / "pikaraoke").read_text(), command
    assert command > 20
    assert is_of(venv, (here / "python" / "bin" / "version").read_text())
    assert make(here, failing="install").stderr == ""
    assert sorted(path.name for path in here.glob(".venv*")) == [".venv"]


def is_of(venv: Path, version: str) -> bool:
    return (venv / "bin" / "version").read_text().strip() == version
