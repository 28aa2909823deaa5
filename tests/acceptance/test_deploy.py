"""What lies in deploy/: linted as far as can be, and the Dockerfile's steps done in a venv."""

from __future__ import annotations

import os
import plistlib
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import checkouts
import pytest

from pikaraoke_enrichment.config import SPECS

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    text = (DEPLOY / "pikaraoke-enrichment.service").read_text()
    command = re.search(r"^ExecStart=(\S+)", text, re.MULTILINE)
    assert command
    program = tmp_path / "pikaraoke-enrichment"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "pikaraoke-enrichment.service"
    unit.write_text(text.replace(command[1], str(program)))
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
    )
    ours = [line for line in said.stderr.splitlines() if unit.name in line]
    assert ours == [], said.stderr


def test_the_property_list_is_one() -> None:
    with (DEPLOY / "pikaraoke-enrichment.plist").open("rb") as file:
        found = plistlib.load(file)
    assert found["ProgramArguments"][1:] == ["run"]
    assert found["ProcessType"] == "Background"


def test_compose_shares_pikaraokes_folders() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    theirs = set(services["pikaraoke"]["volumes"])
    ours = {volume.removesuffix(":ro") for volume in services["enrichment"]["volumes"]}
    assert ours == theirs, "the same songs at the same path, and the same database"
    assert set(services) == {"pikaraoke", "enrichment"}, "one dashboard, the consumer's own"


def test_compose_has_pikaraokes_qr_code_lead_to_this_machine() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    said = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["pikaraoke"]
    found = re.fullmatch(r"\$\{PIKARAOKE_URL:\+(--url) \$\{PIKARAOKE_URL\}\}", said["command"])
    assert found
    arguments = subprocess.run(
        [sys.executable, "-c", _TAKEN, found[1], "http://192.168.1.20:5555"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert arguments.stdout.strip() == "http://192.168.1.20:5555", arguments.stderr


_TAKEN = """
from pikaraoke.lib.args import parse_pikaraoke_args
print(parse_pikaraoke_args().url)
"""


def test_compose_passes_every_setting_and_the_time_zone() -> None:
    """Quiet hours went by London's clock, and half the settings of the README did nothing."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    passed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]["enrichment"]
    environment = passed["environment"]
    assert set(environment) == {"TZ", *(spec.variable for spec in SPECS)}
    fixed = {"ENRICHMENT_HOST", "ENRICHMENT_PIKARAOKE_URL", "ENRICHMENT_ADMIN_PASSWORD"}
    for name in set(environment) - fixed:
        assert environment[name] == f"${{{name}:-}}"


def test_the_dockerfiles_steps_work_in_a_venv(tmp_path: Path) -> None:
    """Its RUN line, with the checkout's files alone, and what it then starts."""
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    kinds = [
        line.split()[0] for line in text.splitlines() if line and not line.startswith(("#", " "))
    ]
    assert set(kinds) <= {
        *("USER", "FROM", "ARG", "ENV", "WORKDIR", "COPY", "RUN", "VOLUME", "EXPOSE", "STOPSIGNAL"),
        *("HEALTHCHECK", "ENTRYPOINT", "CMD"),
    }
    checkouts.lay_out(tmp_path / "checkout")
    place = tmp_path / "venv"
    venv.create(place, with_pip=True, system_site_packages=False)
    bin_folder = place / ("Scripts" if sys.platform == "win32" else "bin")
    step = re.search(r"^RUN (.+)$", text, re.MULTILINE)
    assert step
    environment = {
        **{name: value for name, value in os.environ.items() if "ENRICHMENT" not in name},
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        step[1].replace("--no-cache-dir", ""),
        shell=True,
        cwd=tmp_path / "checkout",
        env=environment,
        capture_output=True,
        text=True,
    )
    checkouts.skip_without_an_index(done.stderr)
    assert done.returncode == 0, done.stderr
    started = subprocess.run(
        [bin_folder / "pikaraoke-enrichment", "run"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert started.returncode == 2
    assert "there is no PiKaraoke database" in started.stderr
