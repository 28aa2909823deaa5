"""Whether an address and a port can be listened at, and what to do where they cannot."""

from __future__ import annotations

import contextlib
import errno
import http.client
import json
import socket

from ..exceptions import NoSuchHost, ServeError
from . import network


def address_of(host: str) -> str:
    """The first address of `host`: one socket, so that port 0 means one port; raises NoSuchHost."""
    try:
        found = socket.getaddrinfo(
            host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE | socket.AI_NUMERICHOST
        )
    except OSError:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise _no_such_host(host) from None
    addresses = [str(info[4][0]).partition("%")[0] for info in found]
    # "localhost" may mean both; PiKaraoke's users type 127.0.0.1 more often than ::1.
    return next((address for address in addresses if "." in address), addresses[0])


def check(host: str, port: int) -> None:
    """Listen there for a moment; raises ServeError where that cannot be."""
    address = address_of(host)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        socket.create_server((address, port), family=family).close()
    except OSError as error:
        raise refusal(error, host, address, port) from None


def refusal(error: OSError, host: str, address: str, port: int) -> ServeError:
    """What the system's refusal to listen at the `address` of `host` means for who named them."""
    if error.errno == errno.EADDRINUSE:
        taken = f"port {port} at {host} is taken"
        if _is_dashboard(address, port):
            found = f"{taken}: another dashboard answers at http://localhost:{port}/enrichment/"
            house = network.house_address()
            if not network.is_loopback(address) and house and not _is_dashboard(house, port):
                return ServeError(
                    f"{found}, for this machine alone; end what serves it, a run most likely, and "
                    f"start that with --host {host}"
                )
            return ServeError(f"{found}; use that one, or give another port with --port")
        return ServeError(
            f"{taken} by another program: end that one, or give another port with --port"
        )
    if error.errno == errno.EACCES:
        return ServeError(f"this user may not listen at port {port}: give one above 1023")
    if error.errno == errno.EADDRNOTAVAIL:
        return _no_such_host(host)
    return ServeError(
        f"the dashboard cannot listen at {host}, port {port}: {error.strerror or error}"
    )


def _no_such_host(host: str) -> NoSuchHost:
    return NoSuchHost(
        f"{host} is no name or address of this machine: give 127.0.0.1 for this machine alone, or "
        "0.0.0.0 for the house"
    )


def _is_dashboard(address: str, port: int) -> bool:
    """Whether a dashboard of ours answers there."""
    with contextlib.closing(http.client.HTTPConnection(address, port, timeout=2)) as asked:
        try:
            asked.request("GET", "/enrichment/healthz", headers={"Host": f"localhost:{port}"})
            answer = json.loads(asked.getresponse().read(1024))
        except (OSError, ValueError, RecursionError, http.client.HTTPException):
            return False
        return bool(answer == {"status": "ok"})
