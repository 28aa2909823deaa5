"""Waitress with limits: nobody holds all connections by saying nothing, or by saying it slowly."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer

from .proxied import neighbourhood, parsed

# Browsers open six to a host; a room full of phones behind one router has a few each.
MOST_OF_ONE = 40
# Descriptors are 1,024 at most where nobody has raised that.
MOST_OF_ALL = 600
# Seconds without a byte either way, and those that a request may take to arrive as a whole.
LONGEST_SILENCE = 20
LONGEST_REQUEST = 30
LOOK_EVERY = 2

OPTIONS: dict[str, Any] = {
    "connection_limit": MOST_OF_ALL,
    "channel_timeout": LONGEST_SILENCE,
    "cleanup_interval": LOOK_EVERY,
    # select() ends the server at descriptor 1,024; poll() knows no such number.
    "asyncore_use_poll": True,
    # What a proxy tells is for `proxied` to believe or not.
    "clear_untrusted_proxy_headers": False,
    # One who reads slowly fills a file, and keeps no thread waiting.
    "outbuf_high_watermark": 2**31,
}


class Channel(HTTPChannel):
    """A connection, whose it is, and since when a request arrives that is not whole yet."""

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, **kw: Any) -> None:
        super().__init__(server, sock, addr, adj, **kw)
        self.whose = neighbourhood(str(addr[0]))
        self.arriving_since: float | None = None


class Listener(TcpWSGIServer):
    """Waitress's server, which counts connections by address."""

    channel_class = Channel

    def __init__(self, application: Any, trusted: Sequence[str], **options: Any) -> None:
        """`trusted` holds addresses and networks of proxies: theirs are everybody's connections,
        and are not counted. `options` are Waitress's."""
        self._proxies = [ipaddress.ip_network(each) for each in trusted]
        super().__init__(application, **{**OPTIONS, **options})

    def handle_accept(self) -> None:
        """Waitress's; who has enough connections is hung up on."""
        before = set(self._channels())
        super().handle_accept()
        for channel in set(self._channels()) - before:
            if self._count(channel.whose) > MOST_OF_ONE and not self._is_proxy(channel.addr[0]):
                channel.handle_close()

    def _channels(self) -> list[Any]:
        open_ones: Any = self.active_channels  # by descriptor, whatever the stubs say
        return list(open_ones.values())

    def _count(self, whose: str) -> int:
        return sum(channel.whose == whose for channel in self._channels())

    def _is_proxy(self, address: str) -> bool:
        found = parsed(address)
        return found is not None and any(found in network for network in self._proxies)

    def maintenance(self, now: Any) -> None:
        """Waitress's, which ends those who say nothing; here also those who come to no end: one
        byte a second is a sign of life there, and keeps a connection for ever."""
        super().maintenance(now)
        for channel in self._channels():
            if channel.request is None or channel.requests:
                channel.arriving_since = None
            elif channel.arriving_since is None:
                channel.arriving_since = now
            elif now - channel.arriving_since > LONGEST_REQUEST:
                channel.will_close = True
