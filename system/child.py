"""How a process of ours is started by another: what lies in its working directory is never run."""

from __future__ import annotations

import sys

# Python looks for modules in the working directory first, also with -m: a json.py on the stick that
# somebody has changed to was run in place of Python's own. (-P does that from Python 3.11 on.)
_START = (
    "import sys; sys.path[:] = [place for place in sys.path if place]; "
    "from pikaraoke_enrichment.cli import main; sys.exit(main())"
)


def command(*words: str) -> list[str]:
    """The words that start this program, as `pikaraoke-enrichment WORDS` does, for `subprocess`."""
    return [sys.executable, "-c", _START, *words]
