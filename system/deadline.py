"""A look at a disk that may not answer: a share that hangs holds nobody but the one that looks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from . import real_thread

Answer = TypeVar("Answer")

# Threads that wait for a disk for good: more are not begun. Nobody can end one.
MOST_HUNG = 4
_hung = threading.Semaphore(MOST_HUNG)


def within(seconds: float, work: Callable[..., Answer], *args: Any) -> Answer:
    """Do `work` and return what it returns, or raise what it raises.

    Raises:
        TimeoutError: it was not done in time, or so many others wait already.
    """
    if real_thread.is_needed():  # under gevent a thread of ours is a greenlet, and waits for all
        return work(*args)
    if not _hung.acquire(blocking=False):
        raise TimeoutError("the disk does not answer")
    done: list[tuple[Answer | None, BaseException | None]] = []

    def do() -> None:
        try:
            done.append((work(*args), None))
        except BaseException as error:
            done.append((None, error))
        finally:
            _hung.release()

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    thread.join(seconds)
    if not done:
        raise TimeoutError("the disk does not answer")
    answer, error = done[0]
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]
