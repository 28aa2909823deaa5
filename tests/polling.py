"""Waiting for something to happen elsewhere, with a limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


def wait_until(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
    """Poll until the condition holds; fails when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


def most_in_a_second(times: list[float]) -> int:
    """The most of these times within any one second, the second's end not included."""
    return max(sum(at <= other < at + 1.0 for other in times) for at in times)
