"""Every text names the command as people have to type it, in every way of installing."""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import pikaraoke_enrichment
from pikaraoke_enrichment.config import unknown_settings
from pikaraoke_enrichment.system.invocation import DOCKER, PROGRAM, Invocation, found

ROOT = Path(pikaraoke_enrichment.__file__).parent


def installed(prefix: Path) -> Path:
    """Our command in an environment."""
    script = prefix / "bin" / PROGRAM
    script.parent.mkdir(parents=True)
    script.touch(mode=0o755)
    return script


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that consumer.sh has set up."""
    installed(tmp_path / ".venv")
    (tmp_path / ".venv" / ".made-for").touch()
    (tmp_path / "consumer.sh").touch()
    return tmp_path


def of(prefix: Path, **environ: str) -> Invocation:
    return found(prefix, str(prefix / "bin" / PROGRAM), environ)


def test_a_checkout_has_consumer_sh(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    here = of(checkout / ".venv")
    assert here.typed("run DIR") == "./consumer.sh DIR"
    assert here.typed("run") == "./consumer.sh"
    assert here.typed("demo") == "./consumer.sh --demo"
    assert here.typed("set password") == f".venv/bin/{PROGRAM} set password"
    assert here.add.format(package="x") == ".venv/bin/pip install x"


def test_elsewhere_its_place_is_told(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """systemd starts it in /, and the page tells what to type."""
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert of(checkout / ".venv").typed("run") == f"{checkout}/consumer.sh"
    assert of(checkout / ".venv").typed("doctor") == f"{checkout}/.venv/bin/{PROGRAM} doctor"


def test_a_venv_that_somebody_made_in_a_checkout_has_no_consumer_sh(checkout: Path) -> None:
    """As on Windows, where no consumer.sh runs."""
    (checkout / ".venv" / ".made-for").unlink()
    assert "consumer.sh" not in of(checkout / ".venv").typed("run")


def test_the_bare_name_where_the_path_has_it(tmp_path: Path) -> None:
    """pipx and uv link their commands from another folder."""
    script = installed(tmp_path / "pipx" / "venvs" / "pikaraoke")
    linked = tmp_path / "bin"
    linked.mkdir()
    (linked / PROGRAM).symlink_to(script)
    here = of(tmp_path / "pipx" / "venvs" / "pikaraoke", PATH=str(linked))
    assert here.typed("run DIR") == f"{PROGRAM} run DIR"
    assert here.typed("") == PROGRAM
    assert here.add.format(package="x") == "pipx inject pikaraoke x"


def test_the_place_where_the_path_has_another(tmp_path: Path) -> None:
    installed(tmp_path / "other")
    installed(tmp_path / "uv" / "tools" / "ours")
    here = of(tmp_path / "uv" / "tools" / "ours", PATH=str(tmp_path / "other" / "bin"))
    assert here.typed("run") == f"{tmp_path}/uv/tools/ours/bin/{PROGRAM} run"
    assert here.add.format(package="x") == f"uv pip install --python {tmp_path}/uv/tools/ours x"


def test_python_where_there_is_no_command(tmp_path: Path) -> None:
    here = found(tmp_path, None, {"PATH": os.defpath})
    assert here.typed("status") == f"{sys.executable} -m pikaraoke_enrichment status"


def test_our_docker_image_is_asked_through_compose(tmp_path: Path) -> None:
    here = of(tmp_path, **{DOCKER: "1"})
    assert here.typed("status") == f"docker compose exec enrichment {PROGRAM} status"
    assert here.typed("run") == "docker compose up -d"
    assert f"{DOCKER}=1" in (ROOT / "deploy" / "Dockerfile").read_text()
    assert unknown_settings({DOCKER: "1", "HOME": str(tmp_path)}) == {}


# --- no other text --------------------------------------------------------------------------------

# Of a command, not of a file or a package that is called the same.
NAMED = re.compile(rf"consumer\.sh|{PROGRAM} [a-z]|pip3? install")
ROOMS = ("commands", "database", "demo", "inside", "providers", "schema", "system", "tasks", "web")


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the program and where it stands; docstrings and comments are for developers."""
    files = [path for room in (*ROOMS, "words") for path in (ROOT / room).rglob("*.py")]
    for path in [*ROOT.glob("*.py"), *files]:
        tree = ast.parse(path.read_text("utf-8"))
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        held = [node for node in ast.walk(tree) if isinstance(node, documented)]
        told = {id(node.body[0].value) for node in held if isinstance(node.body[0], ast.Expr)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in told
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value
    for path in (*(ROOT / "web").rglob("*.html"), *(ROOT / "web").rglob("*.js")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def test_no_other_text_names_a_command_literally() -> None:
    """Fourteen said ./consumer.sh to people who had none."""
    found_there = {
        place: text
        for place, text in texts()
        if NAMED.search(text) and not place.startswith("system/invocation.py")
    }
    assert found_there == {}
