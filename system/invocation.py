"""What people type to call this program, where and as it was installed."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROGRAM = "pikaraoke-enrichment"
# The Dockerfile sets it: from inside nobody can tell how a container is called.
DOCKER = "ENRICHMENT_IN_DOCKER"
# The demonstration sets it: a command that is typed beside it reaches the host's own library.
DEMONSTRATION = "ENRICHMENT_IN_DEMONSTRATION"


@dataclass(frozen=True, slots=True)
class Invocation:
    """One way of having this program.

    Attributes:
        program: what stands before a command's words.
        own: commands that have a shorter line of their own here.
        add: installs the package that stands for `{package}` beside us.
        update: brings a newer version of us.
        extra: installs what we call `{extra}` ourselves; "" where that goes as any package does.
    """

    program: str
    own: Mapping[str, str]
    add: str
    update: str
    extra: str = ""

    def typed(self, words: str) -> str:
        """A command as it is typed: "run DIR" is `./consumer.sh DIR` in a checkout."""
        command, _, rest = words.partition(" ")
        line = self.own.get(command, f"{self.program} {command}")
        return f"{line} {rest}".strip()


def typed(words: str = "") -> str:
    """The line that calls a command of ours, as every text has to name it.

    Args:
        words: the command with its arguments, as "set password"; nothing names the program alone.
    """
    return _here().typed(words)


def adding(package: str, extra: str = "") -> str:
    """The line that installs a package beside us.

    Args:
        package: as an index has it, "psycopg[binary]".
        extra: the extra of ours that holds it, if one does.
    """
    here = _here()
    if extra and here.extra:
        return here.extra.format(extra=extra)
    return here.add.format(package=shlex.quote(package))


def updating() -> str:
    """What brings a newer version of this program."""
    return _here().update


@functools.cache
def _here() -> Invocation:
    if sys.prefix != sys.base_prefix:  # a venv, as pipx and uv make them too
        scripts = os.path.join(sys.prefix, "Scripts" if os.name == "nt" else "bin")
    else:
        # It reads all that Python was built with: half a megabyte that a consumer does without.
        import sysconfig

        scripts = sysconfig.get_path("scripts")
    return found(Path(sys.prefix), shutil.which(PROGRAM, path=scripts), os.environ)


def found(prefix: Path, script: str | None, environ: Mapping[str, str]) -> Invocation:
    """The way in which the Python of `prefix` has this program.

    Args:
        prefix: the environment that Python runs in.
        script: our command in it, None where it has none.
        environ: its PATH tells whether the command's bare name is enough.
    """
    if environ.get(DOCKER):
        up = "docker compose up -d"
        return Invocation(
            f"docker compose exec enrichment {PROGRAM}",
            {"run": up},
            add="RUN pip install {package} in deploy/Dockerfile",
            update=f"git pull, then {up} --build",
            extra=f"ENRICHMENT_EXTRAS={{extra}} {up} --build",
        )
    consumer = prefix.parent / "consumer.sh"
    if script and (prefix / ".made-for").exists() and consumer.exists():
        own = _short(consumer)
        return Invocation(
            _short(Path(script)),
            {"run": own, "demo": f"{own} --demo"},
            add=f"{_short(prefix / 'bin' / 'pip')} install {{package}}",
            update=f"git pull, then {own}",
            extra=f"ENRICHMENT_EXTRAS={{extra}} {own}",
        )
    program = f"{shlex.quote(sys.executable)} -m pikaraoke_enrichment"
    if script:
        on_path = shutil.which(PROGRAM, path=environ.get("PATH", ""))
        is_same = on_path is not None and os.path.realpath(on_path) == os.path.realpath(script)
        program = PROGRAM if is_same else _short(Path(script))
    add = f"{shlex.quote(sys.executable)} -m pip install {{package}}"
    # pipx and uv keep tools in folders of these names; uv's have no pip.
    if "pipx" in prefix.parts:
        add = f"pipx inject {prefix.name} {{package}}"
    elif prefix.parent.parts[-2:] == ("uv", "tools"):
        add = f"uv pip install --python {shlex.quote(str(prefix))} {{package}}"
    return Invocation(program, {}, add, "install it anew as you did the first time")


def _short(path: Path) -> str:
    """From the folder that people stand in, where it lies in that."""
    try:
        short = path.relative_to(os.getcwd())
    except (ValueError, OSError):  # elsewhere; a folder that was deleted
        return shlex.quote(str(path))
    return shlex.quote(str(short) if len(short.parts) > 1 else f"./{short}")
