"""Serving the dashboard with waitress: on the loopback, or elsewhere with a password."""

from __future__ import annotations

import ipaddress
import threading
from typing import Any

from waitress import wasyncore

from ..config import Settings
from ..exceptions import ServeError
from ..system import network, serving
from ..system.invocation import typed
from . import create_app
from .access import LARGEST_REQUEST
from .listening import Listener

THREADS = 4


class Server:
    """A dashboard that listens already; `run` answers until `close` or Ctrl-C.

    Attributes:
        effective_host: the address it listens at.
        effective_port: the port, also where 0 left the choice to the system.
    """

    def __init__(self, server: Any) -> None:
        """`server` is a `Listener`, of which Waitress's stubs know half."""
        self._server = server
        self._closing = threading.Lock()
        self._told = False
        self.effective_host: str = server.effective_host
        self.effective_port = int(server.effective_port)

    @property
    def url(self) -> str:
        """Where a browser of this machine finds it."""
        address = ipaddress.ip_address(self.effective_host)
        host = f"[{address}]" if address.version == 6 else str(address)
        if address.is_unspecified or address.is_loopback:
            host = "localhost"
        return f"http://{host}:{self.effective_port}/enrichment/"

    def run(self) -> None:
        """Answer requests until closed; also ended by Ctrl-C and SystemExit in this thread."""
        try:
            self._server.run()
        finally:
            self._server.task_dispatcher.shutdown()
            with self._closing:
                self._end()

    def close(self) -> None:
        """End `run` from any thread; closing twice is harmless."""
        with self._closing:
            # The loop itself closes its sockets: it must not wait on any that are gone. It is told
            # once: it may be closing them just now, the trigger among them.
            if self._server.sockets and not self._told:
                self._told = True
                self._server.trigger.pull_trigger(self._end)

    def _end(self) -> None:
        wasyncore.close_all(self._server.sockets, ignore_all=True)

    @property
    def house_url(self) -> str:
        """Where other machines of the house find it, "" where they do not."""
        address = ipaddress.ip_address(self.effective_host)
        host = network.house_address() if address.is_unspecified else str(address)
        if address.is_loopback or not host:
            return ""
        return f"http://{f'[{host}]' if ':' in host else host}:{self.effective_port}/enrichment/"


def make_server(settings: Settings, host: str = "127.0.0.1", port: int | None = None) -> Server:
    """Listen, without answering yet.

    Args:
        settings: which library, and the password that listening beyond the loopback needs.
        host: name or address to listen at.
        port: 0 takes a free one; by default the settings' own.
    Raises:
        ServeError: the port is taken or not allowed, the host is not this machine's, or a password
            is missing.
    """
    port = settings.port if port is None else port
    address = serving.address_of(host)
    if not ipaddress.ip_address(address).is_loopback and not settings.admin_password:
        raise ServeError(
            f"the dashboard may not listen at {host} without a password, since everyone in the "
            f"network could use it: {typed('set password')}, or ENRICHMENT_ADMIN_PASSWORD"
        )
    try:
        server = Listener(
            create_app(settings),
            settings.trusted_proxy,
            host=address,
            port=port,
            threads=THREADS,
            ident=None,
            max_request_body_size=LARGEST_REQUEST,
        )
    except OSError as error:
        raise serving.refusal(error, host, address, port) from None
    return Server(server)
