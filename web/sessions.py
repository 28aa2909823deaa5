"""Sessions that were ended by "Log out": a cookie that somebody has copied opens nothing then.

Flask keeps a session in its cookie, signed, and forgets none. So each log-in has a name, and the
names of those that were ended are kept beside the key that signs them.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

# As long as a session's cookie is good for, in seconds.
GOOD_FOR = 30 * 86_400.0
# People log out now and then; nobody has this many open log-ins.
REMEMBERED = 2000


class EndedSessions:
    """Names of ended log-ins, in a file, for all processes and over restarts."""

    def __init__(self, file: Path, clock: Callable[[], float] = time.time) -> None:
        """`file` is made when it is first needed; where it cannot be written, names are kept as
        long as the process lives. `clock` gives epoch seconds."""
        self._file = file
        self._clock = clock
        self._ended: dict[str, float] = {}
        self._stamp: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def end(self, name: str) -> None:
        """Have the log-in of this name open nothing any more."""
        with self._lock:
            self._read()
            self._ended[name] = self._clock()
            oldest = self._clock() - GOOD_FOR
            kept = {each: at for each, at in self._ended.items() if at > oldest}
            self._ended = dict(sorted(kept.items(), key=lambda item: item[1])[-REMEMBERED:])
            draft = self._file.with_name(f"{self._file.name}.new")
            with contextlib.suppress(OSError):
                draft.touch(mode=0o600)
                draft.write_text(json.dumps(self._ended), encoding="utf-8")
                draft.replace(self._file)

    def has(self, name: str) -> bool:
        """Whether the log-in of this name was ended."""
        with self._lock:
            self._read()
            return name in self._ended

    def _read(self) -> None:
        """Take in what another process has ended."""
        try:
            found = self._file.stat()
            stamp = found.st_mtime_ns, found.st_size
            if stamp == self._stamp:
                return
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            names = {str(name): float(at) for name, at in kept.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return  # none yet, or half of one that a power cut left
        self._ended |= names
        self._stamp = stamp
