"""Trying the dashboard's password: compared in constant time, slowed down after failures."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from .proxied import neighbourhood

# This many mistypings are free; each further one doubles the wait, in seconds.
FREE = 3
LONGEST_WAIT = 60.0
FORGOTTEN_AFTER = 900.0
# Addresses and devices remembered; the one that failed longest ago makes room.
REMEMBERED = 1000
# All unknown devices share this many free wrong guesses, and get one more every ten seconds: a
# guesser with a thousand addresses still gets only 8,640 guesses a day.
FREE_TOGETHER = 60
ONE_MORE_AFTER = 10.0


class Attempts:
    """The password of one dashboard, and who failed at it how often.

    Failures count by address, so that a guest who guesses does not lock the host out, and by device
    once it has logged in: behind one router or proxy all have one address. Nothing sleeps, since a
    few sleeping threads would be the whole server.
    """

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`password` may be empty: then none is needed. `clock` gives seconds."""
        self._password = password
        self._clock = clock
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._together = 0.0  # wrong guesses of all that are unknown, less those forgotten
        self._together_at = clock()
        self._lock = threading.Lock()

    @property
    def needed(self) -> bool:
        """Whether there is a password at all."""
        return bool(self._password)

    def marker(self, key: str | bytes, what: str = "") -> str:
        """What a session or a device holds after the log-in; a new password makes it worthless."""
        secret = key.encode() if isinstance(key, str) else key
        said = what.encode() + self._password.encode("utf-8", "surrogatepass")
        return hmac.new(secret, said, hashlib.sha256).hexdigest()

    def try_password(self, password: str, address: str, device: str = "") -> bool:
        """Whether `password` is right. Call `seconds_to_wait` first.

        A try made before the wait is over is wrong whatever it holds, and does not prolong it.

        Args:
            device: a name of the device, where it has logged in before; else "".
        """
        who = _who(address, device)
        with self._lock:
            if self._wait(who, is_known=bool(device)) > 0:
                return False
            # Hashed first, so that not even the length shows in the time taken.
            right = self.needed and hmac.compare_digest(_hash(password), _hash(self._password))
            count, _ = self._failed.pop(who, (0, 0.0))
            if not right:
                self._failed[who] = (count + 1, self._clock())
                if len(self._failed) > REMEMBERED:
                    self._failed.popitem(last=False)
                if not device:
                    self._together += 1
            return right

    def seconds_to_wait(self, address: str, device: str = "") -> float:
        """Seconds until this address, or known device, may try again, 0.0 when it may now."""
        with self._lock:
            return self._wait(_who(address, device), is_known=bool(device))

    def _wait(self, who: str, *, is_known: bool) -> float:
        now = self._clock()
        count, at = self._failed.get(who, (0, 0.0))
        if now - at > FORGOTTEN_AFTER:
            self._failed.pop(who, None)
            count = 0
        until = at + min(2.0 ** min(count - FREE, 10), LONGEST_WAIT) if count >= FREE else now
        if is_known:
            return max(0.0, until - now)
        passed, self._together_at = now - self._together_at, now
        self._together = max(0.0, self._together - passed / ONE_MORE_AFTER)
        return max(0.0, until - now, (self._together - FREE_TOGETHER + 1) * ONE_MORE_AFTER)


def _who(address: str, device: str) -> str:
    return f"device {device}" if device else neighbourhood(address)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
