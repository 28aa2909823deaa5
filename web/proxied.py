"""Behind a reverse proxy: whom it asks for, under which name, and below which path.

Only a proxy that the settings name is believed; anybody can send these headers.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Headers that proxies add to a request from somewhere else.
_BROUGHT = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")
_WAS_BROUGHT = "enrichment.was_brought"
# "//elsewhere" would be another host to a browser, and ".." another path.
_PREFIX = re.compile(r"(?:/(?!\.)[\w.~-]+)+", re.ASCII)


class Proxied:
    """WSGI: believes what a trusted proxy tells in X-Forwarded-For, -Proto, -Host and -Prefix.

    The path may reach us with the prefix or without it.
    """

    def __init__(self, inner: Wsgi, trusted: Sequence[str]) -> None:
        """`trusted` holds addresses and networks, as "127.0.0.1" and "172.18.0.0/16"."""
        self._inner = inner
        self._networks = [ipaddress.ip_network(each) for each in trusted]
        self._as_told = ProxyFix(inner, x_for=1, x_proto=1, x_host=1, x_prefix=1)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ[_WAS_BROUGHT] = any(name in environ for name in _BROUGHT)
        if not is_among(environ.get("REMOTE_ADDR", ""), self._networks):
            return self._inner(environ, start_response)
        prefix = environ.pop("HTTP_X_FORWARDED_PREFIX", "").rstrip("/")
        if _PREFIX.fullmatch(prefix):
            environ["HTTP_X_FORWARDED_PREFIX"] = prefix
            path = environ.get("PATH_INFO", "")
            if path.startswith(f"{prefix}/"):
                environ["PATH_INFO"] = path.removeprefix(prefix)
        return self._as_told(environ, start_response)


def was_brought(environ: Environ) -> bool:
    """Whether a proxy, known or not, brought this request from somewhere else."""
    known: bool | None = environ.get(_WAS_BROUGHT)
    return any(name in environ for name in _BROUGHT) if known is None else known


def parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address, an IPv4 one also where it is written as IPv6; None where the text is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def is_among(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of these networks."""
    found = parsed(address)
    return found is not None and any(found in network for network in networks)


def is_loopback(address: str) -> bool:
    """Whether a request from there comes from this machine."""
    found = parsed(address)
    return found is not None and found.is_loopback


def neighbourhood(address: str) -> str:
    """Whose requests count together: an IPv4 address, or the /64 of an IPv6 one, in which a phone
    takes as many addresses as it likes."""
    found = parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return address if found is None else str(found)
