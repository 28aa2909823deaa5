"""A bug of ours: a line for people, and its traceback in a file for who mends it."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

NAME = "pikaraoke-enrichment-bugs.log"
# In bytes, then the file begins anew: a command that a script calls again and again must not fill a
# card.
LARGEST = 200_000


def write(error: Exception, folder: Path, hide: Callable[[str], str] = lambda text: text) -> str:
    """Write the traceback to a file, and return the line that says so.

    Args:
        folder: where the file lies; where it cannot be written there, standard error takes it.
        hide: takes secrets out of a text.
    """
    told = hide("".join(traceback.format_exception(error)))
    place = folder / NAME
    try:
        mode = "w" if place.exists() and place.stat().st_size > LARGEST else "a"
        for_its_owner = partial(os.open, mode=0o600)
        with open(place, mode, encoding="utf-8", opener=for_its_owner) as file:
            file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {sys.argv[1:2]}\n{told}\n")
    except OSError:
        print(told, file=sys.stderr)
        where = "what happened stands above"
    else:
        where = f"what happened was written to {place}"
    return f"this is a bug of ours ({type(error).__name__}); {where}: please report it"
