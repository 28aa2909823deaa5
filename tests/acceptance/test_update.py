"""An update of both in one: PiKaraoke and we in one venv, which Saturday's party starts from.

The real Python and pip; `integration/test_venv.py` plays them, and kills the script at every
command. Only the first update reaches for the package index: the others find it away.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import checkouts
import parties
import pytest

pytestmark = [
    *parties.NEEDED,
    pytest.mark.skipif(sys.prefix == sys.base_prefix, reason="these tests run in no venv"),
    pytest.mark.skipif(sys.platform == "win32", reason="consumer.sh is none of Windows'"),
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in whose venv the host has installed PiKaraoke, updated once with a network."""
    place = tmp_path_factory.mktemp("update") / "checkout"
    checkouts.lay_out(place)
    copy_of_our_venv(place / ".venv")
    done = subprocess.run(script(place), capture_output=True, text=True, check=False)
    checkouts.skip_without_an_index(done.stderr)
    assert (done.returncode, done.stdout) == (0, "ready\n"), done.stderr
    return place


def copy_of_our_venv(venv: Path) -> None:
    """All that these tests run with, as if the host had asked pip for PiKaraoke there."""
    subprocess.run(["cp", "-Rp", sys.prefix, str(venv)], check=True)
    for program in (venv / "bin").iterdir():
        if program.is_file() and not program.is_symlink():
            program.write_bytes(
                program.read_bytes().replace(os.fsencode(sys.prefix), os.fsencode(venv))
            )
    (info,) = venv.glob("lib/python*/site-packages/pikaraoke-[0-9]*.dist-info")
    (info / "REQUESTED").touch()
    (venv / ".made-for").unlink(missing_ok=True)


def script(checkout: Path, before: str = "") -> list[str]:
    """What consumer.sh does before anything else."""
    words = f'cd "{checkout}"; . scripts/venv.sh; {before} make_venv "$PWD/.venv" ""; echo ready'
    return ["bash", "-euc", words]


@pytest.fixture
def news(checkout: Path) -> None:
    """`git pull` has brought other versions."""
    with (checkout / "constraints.txt").open("a") as file:
        file.write("# another version\n")


@contextlib.contextmanager
def index_away() -> Iterator[tuple[socket.socket, dict[str, str]]]:
    """An index that says nothing, and an environment in which there is no other."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        listening.settimeout(60)
        environ = {name: text for name, text in os.environ.items() if not name.startswith("PIP_")}
        environ["PIP_INDEX_URL"] = f"http://127.0.0.1:{port}/"
        environ["PIP_CONFIG_FILE"] = os.devnull
        environ["PIP_NO_CACHE_DIR"] = "1"
        yield listening, environ


def look_whole(checkout: Path) -> None:
    """No package lacks another, we are those of the checkout, and PiKaraoke takes us in."""
    assert "--admin-password" in called(checkout, "pikaraoke-enrichment", "pikaraoke", "--help")
    called(checkout, "python", "-m", "pip", "check")
    asked = "import pikaraoke_enrichment; print(pikaraoke_enrichment.__file__)"
    assert called(checkout, "python", "-c", asked).strip() == str(checkout / "__init__.py")


def called(checkout: Path, program: str, *words: str) -> str:
    """What a program of the venv prints, which must end well."""
    command = [checkout / ".venv" / "bin" / program, *words]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_venv_that_was_swapped_throws_a_party(checkout: Path, tmp_path: Path) -> None:
    look_whole(checkout)
    assert [path.name for path in checkout.glob(".venv*")] == [".venv"]
    with parties.throwing(tmp_path) as party:
        party.programs = checkout / ".venv" / "bin"
        party.start_pikaraoke("--admin-password", "geheim", inside=True)
        assert party.get("/enrichment/healthz")[0] == 200


@pytest.mark.usefixtures("news")
def test_an_index_that_refuses_leaves_the_venv_that_is_there(checkout: Path) -> None:
    with index_away() as (listening, environ):
        listening.close()
        done = subprocess.run(
            script(checkout), env=environ, capture_output=True, text=True, check=False
        )
    assert (done.returncode, done.stdout) == (0, "ready\n"), done.stderr
    assert "the next start tries again" in done.stderr
    look_whole(checkout)


@pytest.mark.usefixtures("news")
def test_a_kill_while_pip_is_at_it_leaves_the_venv_that_is_there(checkout: Path) -> None:
    with index_away() as (listening, environ):
        process = subprocess.Popen(script(checkout), env=environ, start_new_session=True)
        connection, _ = listening.accept()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        connection.close()
    look_whole(checkout)


@pytest.mark.usefixtures("news")
def test_a_disk_that_takes_no_more_leaves_the_venv_that_is_there(checkout: Path) -> None:
    """Played by the largest file that may be written: a full disk takes root to be made."""
    full = script(checkout, "ulimit -f 100;")
    done = subprocess.run(full, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ready\n"), done.stderr
    assert "File too large" in done.stderr
    assert [path.name for path in checkout.glob(".venv*")] == [".venv"]
    look_whole(checkout)
