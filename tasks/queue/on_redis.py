"""Huey's messages on a Redis server, by priority, for consumers on several machines."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterable
from datetime import datetime

from huey.storage import PriorityRedisStorage
from redis import ConnectionPool
from redis.exceptions import RedisError

from .storage import Message, OnServer, in_utc
from .table import Lane

ERRORS = (RedisError,)
# Seconds after which a connection that says nothing is asked whether it still lives.
STILL_THERE = 30
# A sorted set's lowest score goes first, so Huey scores a message by its priority's opposite.
_TAKE = """
local found = redis.call('zrangebyscore', KEYS[1], ARGV[1], ARGV[2], 'limit', 0, 1)
if found[1] then redis.call('zrem', KEYS[1], found[1]) end
return found[1]
"""
# Huey puts the moment before each message in microseconds, so that equal scores keep their order.
_MOMENT = struct.Struct(">Q")


class RedisQueue(OnServer, PriorityRedisStorage):  # type: ignore[misc]
    """Huey's sorted set, of which a lane can be taken, and which is filled in one transaction."""

    def take(self, lane: Lane) -> bytes | None:
        scores = -lane.up_to, f"({-lane.above}"
        found: bytes | None = self.take_lowest(keys=[self.queue_key], args=scores)
        return None if found is None else found[_MOMENT.size :]

    def is_empty(self) -> bool:
        return not self.queue_size()

    def deliver(self, messages: Iterable[Message], *, anew: bool) -> None:
        now = int(time.time() * 1e6)
        due: dict[bytes, float] = {}
        later: dict[bytes, float] = {}
        for place, (data, priority, eta) in enumerate(messages):
            if eta is None:
                due[_MOMENT.pack(now + place) + data] = -priority
            else:
                later[data] = self.convert_ts(eta)
        with self.conn.pipeline(transaction=True) as pipe:
            if anew:
                pipe.delete(self.queue_key, self.schedule_key)
            for key, scores in ((self.queue_key, due), (self.schedule_key, later)):
                if scores:
                    pipe.zadd(key, scores)
            pipe.execute()

    def convert_ts(self, ts: datetime) -> float:
        """Epoch seconds, whatever this machine's time zone."""
        return in_utc(ts).timestamp()

    def close(self) -> None:
        """Let go of the connections."""
        self.pool.disconnect()


def open_storage(name: str, url: str, patience: float) -> RedisQueue:
    """The queue on the server at `url`; nothing is asked of it yet."""
    pool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=patience,
        socket_timeout=patience,
        health_check_interval=STILL_THERE,
    )
    storage = RedisQueue(name, blocking=False, connection_pool=pool)
    storage.take_lowest = storage.conn.register_script(_TAKE)
    return storage
