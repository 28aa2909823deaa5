"""Serving the dashboard with waitress: on the loopback, or elsewhere with a password."""

from __future__ import annotations

import contextlib
import errno
import http.client
import ipaddress
import json
import socket
import threading
from typing import Any

from waitress import wasyncore

from ..config import Settings
from ..exceptions import ServeError
from ..system import network
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
    address = _address(host)
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
        raise ServeError(_what_to_do(error, host, address, port)) from None
    return Server(server)


def _address(host: str) -> str:
    """The first address of `host`: one socket, so that port 0 means one port."""
    try:
        found = socket.getaddrinfo(
            host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICHOST
        )
    except OSError:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise ServeError(f"{host} is no name or address of this machine") from None
    addresses = [str(info[4][0]).partition("%")[0] for info in found]
    # "localhost" may mean both; PiKaraoke's users type 127.0.0.1 more often than ::1.
    return next((address for address in addresses if "." in address), addresses[0])


def _what_to_do(error: OSError, host: str, address: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        taken = f"port {port} at {host} is taken"
        if _is_dashboard(address, port):
            found = f"{taken}: another dashboard answers at http://localhost:{port}/enrichment/"
            house = network.house_address()
            if not network.is_loopback(address) and house and not _is_dashboard(house, port):
                return (
                    f"{found}, for this machine alone; end what serves it, a run most likely, and "
                    f"start that with --host {host}"
                )
            return f"{found}; use that one, or give another port with --port"
        return f"{taken} by another program: end that one, or give another port with --port"
    if error.errno == errno.EACCES:
        return f"this user may not listen at port {port}: give one above 1023"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine"
    return f"the dashboard cannot listen at {host}, port {port}: {error.strerror or error}"


def _is_dashboard(address: str, port: int) -> bool:
    """Whether a dashboard of ours answers there."""
    with contextlib.closing(http.client.HTTPConnection(address, port, timeout=2)) as asked:
        try:
            asked.request("GET", "/enrichment/healthz", headers={"Host": f"localhost:{port}"})
            answer = json.loads(asked.getresponse().read(1024))
        except (OSError, ValueError, RecursionError, http.client.HTTPException):
            return False
        return bool(answer == {"status": "ok"})
