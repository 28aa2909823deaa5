"""A command of ours as a process of its own: started one way, kept there, and ended with us."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping

from . import real_thread

log = logging.getLogger("pikaraoke_enrichment")

# Python looks for modules in the working directory first, also with -m: a json.py on the stick that
# somebody has changed to was run in place of Python's own. (-P does that from Python 3.11 on.)
_START = (
    "import sys; sys.path[:] = [place for place in sys.path if place]; "
    "from pikaraoke_enrichment.cli import main; sys.exit(main())"
)
# Seconds before a child is started anew, twice as long each time: one that was killed for want of
# memory would get no more of it at once.
FIRST_REST, LONGEST_REST = 2.0, 60.0


def command(*words: str) -> list[str]:
    """The words that start this program, as `pikaraoke-enrichment WORDS` does, for `subprocess`."""
    return [sys.executable, "-c", _START, *words]


def when_stdin_closes(act: Callable[[], object]) -> None:
    """Do `act`, in a thread, once nobody holds the other end of this process's standard input."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        act()

    threading.Thread(target=wait, daemon=True).start()


class Child:
    """One command of ours that runs beside this process."""

    def __init__(
        self,
        *words: str,
        environment: Mapping[str, str],
        stdin: int | None = None,
        stdout: int | None = None,
    ) -> None:
        """Start it.

        Args:
            words: the command and its arguments.
            environment: its whole environment, as `Settings.whole_environment` makes it.
            stdin: None shares the terminal with us, and Ctrl-C reaches both; `subprocess.PIPE` is
                for a command that ends when we do, however that comes about; `subprocess.DEVNULL`
                for one that outlives us.
        Raises:
            OSError: there is no memory for another process, say.
        """
        self._process: subprocess.Popen[bytes] = _popen()(
            command(*words),
            env=environment,
            stdin=stdin,
            stdout=stdout,
            start_new_session=stdin is not None,
        )

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; its exit status, below 0 where a signal has killed it."""
        return self._process.wait(timeout)

    def wait_or_end(self) -> int:
        """Wait for its end; Ctrl-C and SIGTERM here end it too, before they are passed on."""
        try:
            return self.wait()
        except KeyboardInterrupt:
            self.end()  # a SIGTERM has reached this process alone
            self.wait()
            raise

    def end(self, kill_after: float | None = None) -> None:
        """Tell it to end; it takes its own time, but ends by force after `kill_after` seconds."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()
        elif self.is_alive():
            self._process.terminate()
        if kill_after is not None:
            try:
                self.wait(kill_after)
            except subprocess.TimeoutExpired:
                self._process.kill()


def _popen() -> type[subprocess.Popen[bytes]]:
    """What starts a process. Inside PiKaraoke it is gevent's, whose wait lets the others go on; but
    in our real thread Python's own, as gevent's works in its loop's thread alone. That one gevent
    has taken apart, so it is read anew."""
    if not real_thread.is_here():
        return subprocess.Popen
    spec = importlib.util.find_spec("subprocess")
    assert spec is not None
    assert spec.loader is not None
    own = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(own)
    return own.Popen  # type: ignore[no-any-return]


class Keeper(threading.Thread):
    """Keeps one child there until `end`."""

    def __init__(
        self,
        name: str,
        start: Callable[[], Child],
        is_to_return: Callable[[int], bool] = lambda _status: True,
    ) -> None:
        """Nothing is started before the thread is.

        Args:
            name: what the child is called in the log.
            start: makes the child.
            is_to_return: whether one that has ended with this status is started anew.
        """
        super().__init__(name=name, daemon=True)
        self._make = start
        self._is_to_return = is_to_return
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._child: Child | None = None

    def run(self) -> None:
        """Start it, again and again."""
        rest = FIRST_REST
        while not self._ended.is_set():
            try:
                with self._lock:
                    if not self._ended.is_set():
                        self._child = self._make()
                status = self._child.wait() if self._child else 0
            except OSError as error:
                log.warning("The %s cannot be started now: %s", self.name, error)
            else:
                if self._ended.is_set() or not self._is_to_return(status):
                    return
                log.warning("The %s ended with status %s: it is started anew", self.name, status)
            self._ended.wait(rest)
            rest = min(LONGEST_REST, 2 * rest)

    def end(self, kill_after: float | None = None) -> None:
        """Start no more, and tell the one that is there to end; see `Child.end`."""
        with self._lock:  # one may just be starting
            self._ended.set()
        if self._child is not None:
            self._child.end(kill_after)
