"""Trying the dashboard's password: compared in constant time, slowed down after failures."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from .proxied import neighbourhood

# So many mistypings are free; each further one doubles the wait, in seconds.
FREE = 3
LONGEST_WAIT = 60.0
FORGOTTEN_AFTER = 900.0
# Addresses and devices remembered; the one that failed longest ago makes room.
REMEMBERED = 1000
# So many wrong guesses from all unknown devices together are free, and one more every so many
# seconds: a guesser who has a thousand addresses gets 8,640 guesses a day, whatever they have.
FREE_TOGETHER = 60
ONE_MORE_AFTER = 10.0


class Attempts:
    """The password of one dashboard, and who failed at it how often.

    Counted by address, so that a guest who guesses does not lock the host out, and apart from that
    by device once it has logged in: behind one router or proxy all have one address. Nothing
    sleeps, since a few sleeping threads would be the whole server.
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
        """What a session, or a device, holds after the log-in; another password makes it
        worthless."""
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
            right = self.needed and _equal(password, self._password)
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
        return max(self._own_wait(who), 0.0 if is_known else self._common_wait())

    def _own_wait(self, who: str) -> float:
        count, at = self._failed.get(who, (0, 0.0))
        passed = self._clock() - at
        if passed > FORGOTTEN_AFTER:
            self._failed.pop(who, None)
            return 0.0
        if count < FREE:
            return 0.0
        return max(0.0, min(2.0 ** min(count - FREE, 10), LONGEST_WAIT) - passed)

    def _common_wait(self) -> float:
        now = self._clock()
        passed, self._together_at = now - self._together_at, now
        self._together = max(0.0, self._together - passed / ONE_MORE_AFTER)
        return max(0.0, (self._together - FREE_TOGETHER + 1) * ONE_MORE_AFTER)


def _who(address: str, device: str) -> str:
    return f"device {device}" if device else neighbourhood(address)


def _equal(one: str, other: str) -> bool:
    # Hashed first, so that not even the length shows in the time taken.
    return hmac.compare_digest(
        hashlib.sha256(one.encode("utf-8", "surrogatepass")).digest(),
        hashlib.sha256(other.encode("utf-8", "surrogatepass")).digest(),
    )
