"""Waitress with limits: nobody holds all connections by saying nothing, or by saying it slowly."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from copy import copy
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer

from .access import LARGEST_UPLOAD, is_upload
from .proxied import is_among, neighbourhood

# Browsers open six to a host; a room full of phones behind one router has a few each.
MOST_OF_ONE = 40
# Descriptors are 1,024 at most where nobody has raised that.
MOST_OF_ALL = 600
# Seconds without a byte either way, and seconds for a request to arrive as a whole.
LONGEST_SILENCE = 20
LONGEST_REQUEST = 30
LOOK_EVERY = 2
# The same for a list of songs that is uploaded, which a phone's Wi-Fi takes minutes for.
LONGEST_UPLOAD = 300

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


class Parser(HTTPRequestParser):
    """A request, which may be larger where a list of songs is uploaded. What is somewhat too large
    is let through to the page that says so: here it could be told in English alone."""

    def parse_header(self, header_plus: bytes) -> None:
        """Waitress's; knows afterwards what is asked for."""
        super().parse_header(header_plus)
        if is_upload(str(vars(self).get("path", ""))):
            self.adj = copy(self.adj)
            self.adj.max_request_body_size = 2 * LARGEST_UPLOAD


class Channel(HTTPChannel):
    """A connection that knows whose it is, and since when a request arrives that is not whole."""

    parser_class = Parser

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, **kw: Any) -> None:
        super().__init__(server, sock, addr, adj, **kw)
        self.whose = neighbourhood(str(addr[0]))
        self.arriving_since: float | None = None


class Listener(TcpWSGIServer):
    """Waitress's server, which counts connections by address.

    Attributes:
        sockets: all that it has open, by descriptor.
    """

    channel_class = Channel

    def __init__(self, application: Any, trusted: Sequence[str], **options: Any) -> None:
        """`trusted` holds addresses and networks of proxies, whose connections are everybody's and
        do not count. `options` are Waitress's."""
        self._proxies = [ipaddress.ip_network(each) for each in trusted]
        self.sockets: dict[int, Any] = {}
        super().__init__(application, map=self.sockets, **{**OPTIONS, **options})

    def handle_accept(self) -> None:
        """Waitress's; hangs up on whoever has enough connections."""
        before = set(self._channels())
        super().handle_accept()
        for channel in set(self._channels()) - before:
            count = sum(each.whose == channel.whose for each in self._channels())
            if count > MOST_OF_ONE and not is_among(channel.addr[0], self._proxies):
                channel.handle_close()

    def _channels(self) -> list[Any]:
        open_ones: Any = self.active_channels  # by descriptor, whatever the stubs say
        return list(open_ones.values())

    def maintenance(self, now: Any) -> None:
        """Waitress's, which ends connections that say nothing; this ends also those that come to no
        end: one byte a second is a sign of life to Waitress and keeps a connection for ever."""
        super().maintenance(now)
        for channel in self._channels():
            if channel.request is None or channel.requests:
                channel.arriving_since = None
            elif channel.arriving_since is None:
                channel.arriving_since = now
            else:
                path = getattr(channel.request, "path", "")  # none until its headers are there
                longest = LONGEST_UPLOAD if is_upload(path) else LONGEST_REQUEST
                if now - channel.arriving_since > longest:
                    channel.will_close = True
