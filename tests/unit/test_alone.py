"""A unit test starts no process, in whatever way."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable

import pytest


@pytest.mark.parametrize(
    "start",
    [
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        lambda: multiprocessing.get_context("spawn").Process(target=print).start(),
        lambda: os.system("true"),
    ],
    ids=["subprocess", "multiprocessing", "system"],
)
def test_no_process_is_started(start: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="a unit test starts no process"):
        start()
