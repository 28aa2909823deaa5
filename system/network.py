"""Where this machine is seen from: by itself alone, or by the house it stands in."""

from __future__ import annotations

import ipaddress
import socket

LOOPBACK = "127.0.0.1"
# Any address beyond the house will do: nothing is sent to it, it only has a way chosen. This one is
# kept free for documentation.
_BEYOND = "192.0.2.1"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at a name or address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def house_address() -> str:
    """This machine's address in the house, "" where it has none; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect((_BEYOND, 9))
            found = str(way.getsockname()[0])
        except OSError:
            return ""
    return "" if is_loopback(found) else found
