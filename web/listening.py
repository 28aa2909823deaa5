"""Waitress with limits: nobody holds all connections by saying nothing, or by saying it slowly."""

from __future__ import annotations

import io
import ipaddress
import socket
from collections.abc import Callable, Sequence
from copy import copy
from functools import partial
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer

from .access import LARGEST_UPLOAD, is_upload, may_upload
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


class Nowhere:
    """Where the body goes of a request that is answered without it: it is taken from the wire, as a
    browser that is cut off while it sends shows no answer, and kept nowhere."""

    def append(self, data: bytes) -> None:
        """Let go of these bytes."""

    def __len__(self) -> int:
        return 0

    def getfile(self) -> io.BytesIO:
        """What there is to read: nothing."""
        return io.BytesIO()

    def close(self) -> None:
        """There is nothing to close."""


class Parser(HTTPRequestParser):
    """A request, which may be larger where a list of songs is uploaded, by who may do that: of
    forty connections of a stranger's each would fill 60 MB of a Pi's card.

    What is somewhat too large comes through, without its body, to the page that says so: here it
    could be told in English alone.
    """

    def __init__(self, is_known: Callable[[dict[str, Any]], bool], adj: Any) -> None:
        """`is_known` tells by a WSGI environment without body whether its sender may upload."""
        super().__init__(adj)
        self._is_known = is_known

    def parse_header(self, header_plus: bytes) -> None:
        """Waitress's; knows afterwards what is asked for, and by whom."""
        super().parse_header(header_plus)
        request: Any = self  # whose half the stubs do not know
        if not is_upload(str(request.path)) or request.body_rcv is None:
            return
        self.adj = copy(self.adj)
        self.adj.max_request_body_size = LARGEST_UPLOAD * (1 if request.chunked else 2)
        told = {f"HTTP_{name}": value for name, value in request.headers.items()}
        is_known = self._is_known({"PATH_INFO": request.path, **told})
        if not is_known:
            request.headers["CONTENT_LENGTH"] = "0"
        if not is_known or request.content_length > LARGEST_UPLOAD:
            request.body_rcv.buf = Nowhere()


class Channel(HTTPChannel):
    """A connection that knows whose it is, and since when a request arrives that is not whole."""

    def __init__(self, server: Any, sock: socket.socket, addr: Any, adj: Any, **kw: Any) -> None:
        super().__init__(server, sock, addr, adj, **kw)
        is_known = partial(may_upload, server.application, str(addr[0]))
        self.parser_class: Any = partial(Parser, is_known)
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
