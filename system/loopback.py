"""A process held to its own machine: the demonstration and the tests reach no other host."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
import sys
from typing import Any

# The variable that holds every process of ours, and its children, to the loopback.
VARIABLE = "ENRICHMENT_LOOPBACK_ONLY"
# In such a process these addresses of its own machine stand for the internet, and the rest of its
# addresses for the house: what is fetched from the one and refused by the other can then be seen.
_OUTSIDE = ipaddress.ip_network("127.1.0.0/16")
_REACHING = frozenset({"socket.connect", "socket.sendto", "socket.getaddrinfo"})


def hold_to_loopback() -> None:
    """Refuse connections to other hosts, and questions for addresses, until this process ends.

    An audit hook sees what every library does, ours or not, and cannot be taken away. What is
    refused looks like a network that is down: an OSError of the kind that a socket raises.
    """
    os.environ[VARIABLE] = "1"
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _REACHING:
        return
    address = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = address[0] if isinstance(address, tuple) else address
    if is_loopback(host) or (event == "socket.getaddrinfo" and _is_number(host)):
        return
    said = f"{host!r} is not this machine, and {VARIABLE} is set"
    if event == "socket.getaddrinfo":
        raise socket.gaierror(socket.EAI_NONAME, said)
    raise ConnectionRefusedError(errno.ECONNREFUSED, said)


def _is_number(host: object) -> bool:
    """Whether an address is given as it is: nobody is asked for it."""
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


def is_loopback(host: object) -> bool:
    """Whether a host of a socket's address is this machine; the path of a Unix socket is."""
    if isinstance(host, bytes):
        host = os.fsdecode(host)
    if not isinstance(host, str) or host in ("", "localhost") or host.startswith(("/", "\0")):
        return True
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return found.is_loopback or found.is_unspecified


def stands_for_outside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address stands for one on the internet, as in a process held to its machine."""
    return VARIABLE in os.environ and address in _OUTSIDE
