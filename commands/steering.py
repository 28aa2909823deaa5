"""The commands that watch and steer the work: status, start, stop, pause, resume, doctor."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from .. import config
from ..system.invocation import typed
from ..system.signs import for_eyes
from ..system.terminal import tell
from . import kit


@kit.command("status", "show the progress")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
@click.option("--watch", is_flag=True, help="once a second, until Ctrl-C")
@kit.until_told
def status(as_json: bool, watch: bool) -> int:
    """Print where it stands, once or again and again."""
    from ..tasks.progress import get_progress
    from .run import line
    from .screen import Screen

    kit.open_library()
    screen = Screen(sys.stdout)
    is_drawn = watch and screen.is_drawn_on and not as_json
    try:
        while True:
            snapshot = get_progress()
            if is_drawn:
                screen.living(for_eyes(line(snapshot, screen.columns, hint="Ctrl-C ends")))
            elif as_json:
                print(json.dumps(snapshot), flush=True)
            else:
                tell(line(snapshot, 1000))
            if not watch:
                return 0
            time.sleep(1)
    finally:
        if is_drawn:
            print()


_KEPT = "Holds for every consumer of this library, and over a restart."


def _steering(wish: str, summary: str, more: str = _KEPT) -> kit.Command:
    """A command that notes what is wished of the worker."""

    @kit.command(wish, summary, more)
    def steer() -> int:
        from ..tasks import control
        from ..tasks.progress import get_progress
        from ..words.states import in_full

        kit.open_library()
        getattr(control, wish)()
        snapshot = get_progress()
        words = in_full(snapshot)
        tell(f"{wish}: noted. {words[:1].upper()}{words[1:]}")
        return 0

    return steer


start = _steering("start", "let the worker work", f"Also ends a pause. {_KEPT}")
stop = _steering("stop", "let the songs under way end, take up no more")
pause = _steering("pause", "hold the work until it is resumed")
resume = _steering("resume", "end a pause", "A worker that was stopped stays stopped.")


@kit.command(
    "doctor",
    "check everything and say what to do",
    more="Exits with 1 where something is BAD. Without --fix nothing is changed.",
)
@click.option("--offline", is_flag=True, help="ask no service")
@click.option("--fix", is_flag=True, help="repair what is safe to repair")
@click.option("--backup", is_flag=True, help="only copy the songs database, beside itself")
@click.option("--copies", "is_list", is_flag=True, help="only list the copies that there are")
@click.option(
    "--restore", metavar="COPY", help="only put a copy back: its name, or newest; all must be ended"
)
@click.option("--field-trial", is_flag=True, help="only try every form of query with known songs")
def check(
    offline: bool, fix: bool, backup: bool, is_list: bool, restore: str | None, field_trial: bool
) -> int:
    """Print a finding a line, with what to do below it."""
    from . import doctor

    settings = config.load()
    if is_list:
        lines = list(doctor.list_copies(settings))
        print(
            "\n".join(map(for_eyes, lines))
            or f"There are none: {typed('doctor --backup')} makes one"
        )
        return 0
    if restore:
        copy, kept = doctor.restore(settings, restore)
        print(f"restored {copy}; what was there is kept as {kept}")
        return 0
    if backup:
        print(f"copied to {doctor.save(settings)}")
        return 0
    if field_trial:
        from .field_trial import FILE, try_out

        print("Asking each service for well-known songs, within its pace: a minute or two")
        trials = []
        for trial in try_out(settings, Path(FILE)):
            grade = "works" if trial.works else "FAILS"
            print(f"{grade}  {trial.service:<13} {trial.form:<11} {trial.words}", flush=True)
            trials.append(trial)
        print(f"Questions and answers, without keys and addresses, are in {FILE}")
        return 0 if trials and all(trial.works for trial in trials) else 1
    findings = list(doctor.examine(settings, ask_providers=not offline, fix=fix))
    for finding in findings:
        # A config file that others can read runs, and is not just ok.
        grade = ("note" if finding.advice else "ok  ") if finding.is_fine else "BAD "
        tell(f"{grade} {finding.subject}: {finding.words}", indent="     ")
        if finding.advice:
            tell(f"     {finding.advice}", indent="     ")
    return 0 if all(finding.is_fine for finding in findings) else 1
