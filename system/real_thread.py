"""Work that may wait for a lock or the disk: in a thread of the system where gevent rules the rest.

PiKaraoke's server runs on gevent: all its threads are greenlets of one real thread, and a greenlet
that waits inside SQLite stops every other one, the video with them (2.93 s were measured). So what
touches our database there is done in one real thread, while the greenlet that asked waits alone.

One thread and not many: gevent has put its own locks in place of the system's, and two real threads
that wait for one of those start an event loop each (PiKaraoke saw its start hang on macOS so).
"""

from __future__ import annotations

import functools
import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")

log = logging.getLogger("pikaraoke_enrichment")

# A real thread that computes lets the greenlets' thread go on after this many seconds at most.
SWITCH_AFTER = 0.001

_pool: Any = None
_own_thread: int | None = None


def is_needed() -> bool:
    """Whether gevent has replaced this process's threads."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and bool(monkey.is_module_patched("threading"))


def is_here() -> bool:
    """Whether this is the real thread, under gevent."""
    return is_needed() and _thread_id() == _own_thread


def call(work: Callable[..., Answer], *args: Any, **kwargs: Any) -> Answer:
    """Do `work` and return what it returns, or raise what it raises.

    Under gevent it is done in the real thread, and other greenlets go on meanwhile; elsewhere, and
    in that thread itself, it is an ordinary call.
    """
    if not is_needed() or _thread_id() == _own_thread:
        return work(*args, **kwargs)
    answer, error = _the_pool().apply(_caught, (work, args, kwargs))
    if error is not None:
        raise error
    return answer  # type: ignore[no-any-return]


def spawn(work: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Have `work` done soon and return at once; what it raises goes to the log. gevent only."""
    pool = _the_pool()

    def line_up() -> None:
        import gevent

        # A greenlet of its own: the pool lets nobody leave before the work is taken up.
        gevent.spawn(pool.apply, _caught, (_logged, (work, args, kwargs), {}))

    if _thread_id() == _own_thread:
        pool.hub.loop.run_callback_threadsafe(line_up)
    else:
        line_up()


def in_background(work: Callable[..., Any], *args: Any) -> None:
    """Have `work` done behind the caller's back; the process ends only when it is done."""
    if is_needed():
        spawn(work, *args)
    else:
        _background().submit(_logged, work, args, {})


@functools.cache
def _background() -> ThreadPoolExecutor:
    """One lasting thread: to start one takes longer than to have it wait, 30 ms on a busy machine.
    Python ends the process only when it has done what it was given."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="Background")


def never_blocking(work: Callable[..., Answer]) -> Callable[..., Answer]:
    """Decorator for what other programs call: it may wait, their event loop does not."""

    @functools.wraps(work)
    def call_it(*args: Any, **kwargs: Any) -> Answer:
        return call(work, *args, **kwargs)

    return call_it


def _the_pool() -> Any:
    global _pool
    if _pool is None:
        from gevent.threadpool import ThreadPool

        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_AFTER))
        _pool = ThreadPool(1)
    return _pool


def _caught(
    work: Callable[..., Answer], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Answer | None, BaseException | None]:
    """gevent would print what is raised in its threads, handled or not."""
    global _own_thread
    _own_thread = _thread_id()
    try:
        return work(*args, **kwargs), None
    except BaseException as error:
        return None, error


def _logged(work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    try:
        work(*args, **kwargs)
    except Exception as error:
        log.error("Left undone: %s", error, exc_info=error)


def _thread_id() -> int:
    """The real thread's; `threading.get_ident` tells greenlets apart under gevent."""
    from gevent.monkey import get_original

    return int(get_original("_thread", "get_ident")())
