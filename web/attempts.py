"""Trying the dashboard's password: compared in constant time, slowed down after failures."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

# So many mistypings are free; each further one doubles the wait, in seconds.
FREE = 3
LONGEST_WAIT = 60.0
FORGOTTEN_AFTER = 900.0
# Addresses remembered; the one that failed longest ago makes room.
REMEMBERED = 1000


class Attempts:
    """The password of one dashboard, and who failed at it how often.

    Counted by address, so that a guest who guesses does not lock the host out; nothing sleeps,
    since a few sleeping threads would be the whole server.
    """

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`password` may be empty: then none is needed. `clock` gives seconds."""
        self._password = password
        self._clock = clock
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def needed(self) -> bool:
        """Whether there is a password at all."""
        return bool(self._password)

    def marker(self, key: str | bytes) -> str:
        """What a session holds after the log-in; another password makes it worthless."""
        secret = key.encode() if isinstance(key, str) else key
        return hmac.new(secret, self._password.encode(), hashlib.sha256).hexdigest()

    def try_password(self, password: str, address: str) -> bool:
        """Whether `password` is right. Call `seconds_to_wait` first.

        A try made before the wait is over is wrong whatever it holds, and does not prolong it.
        """
        with self._lock:
            if self._wait(address) > 0:
                return False
            right = self.needed and _equal(password, self._password)
            count, _ = self._failed.pop(address, (0, 0.0))
            if not right:
                self._failed[address] = (count + 1, self._clock())
                if len(self._failed) > REMEMBERED:
                    self._failed.popitem(last=False)
            return right

    def seconds_to_wait(self, address: str) -> float:
        """Seconds until `address` may try again, 0.0 when it may now."""
        with self._lock:
            return self._wait(address)

    def _wait(self, address: str) -> float:
        count, at = self._failed.get(address, (0, 0.0))
        passed = self._clock() - at
        if passed > FORGOTTEN_AFTER:
            self._failed.pop(address, None)
            return 0.0
        if count < FREE:
            return 0.0
        return max(0.0, min(2.0 ** min(count - FREE, 10), LONGEST_WAIT) - passed)


def _equal(one: str, other: str) -> bool:
    # Hashed first, so that not even the length shows in the time taken.
    return hmac.compare_digest(
        hashlib.sha256(one.encode("utf-8", "surrogatepass")).digest(),
        hashlib.sha256(other.encode("utf-8", "surrogatepass")).digest(),
    )
