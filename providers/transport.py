"""A requests session that keeps to a deadline, follows no redirect and writes no query to a log.

The read timeout of requests counts from one byte to the next: a server that sends a byte a
second, also within its headers, would hold a worker for days. So every single read from the
socket is given no more time than the request has left.
"""

from __future__ import annotations

import http.client
import io
import logging
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.ssl_ import create_urllib3_context


class _Clock(threading.local):
    until = math.inf
    on_send: Callable[[], None] = staticmethod(lambda: None)


clock = _Clock()


class _TimedFile(io.RawIOBase):
    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = clock.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("deadline")
        self._sock.settimeout(min(left, self._sock.gettimeout() or left))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """What http.client's response wants of a socket: a file to read from."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedFile(self._sock))


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(_TimedSocket(sock), *args, **kwargs)  # type: ignore[arg-type]


class _Connection(HTTPConnection):
    response_class = _TimedResponse

    def request(self, *args: Any, **kwargs: Any) -> None:
        # Connect first: it is when the request itself goes out that the provider counts.
        if self.sock is None:
            self.connect()
        clock.on_send()
        super().request(*args, **kwargs)
        clock.on_send()  # a busy machine may have held us up before it was really on its way


class _SecureConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


@cache
def trust() -> ssl.SSLContext:
    """The authorities that are trusted, read once: urllib3 would read them again for every single
    connection, a megabyte and some twenty milliseconds each time."""
    context = create_urllib3_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """With our connections: through a proxy of HTTP the same deadline holds."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
        return manager

    def build_connection_pool_key_attributes(
        self, request: Any, verify: Any, cert: Any = None
    ) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        # Anything but True names a bundle of the user's own (REQUESTS_CA_BUNDLE).
        if host["scheme"] == "https" and verify is True:
            pool["ssl_context"] = trust()
        return host, pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        if verify is True:
            conn.ca_certs = None  # they are in `trust` already


class Session(requests.Session):
    """Keeps connections, takes no cookies.

    In the thread that sends a request, set `clock.until` to its end (as time.monotonic() tells it)
    and `clock.on_send` to what is called just before it goes out and again just after.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        # Without any, requests looks into ~/.netrc: a "default" line there, as FTP programs write
        # it, took our token's place and was sent to every service.
        self.auth = lambda request: request
        self._environment: dict[tuple[str, str], Any] = {}
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(max_retries=0, pool_maxsize=16))

    def merge_environment_settings(self, url: Any, *given: Any) -> Any:
        """What the environment says of proxies and certificates for a host, which is asked once:
        requests reads all variables twice for every request, a sixth of the time that it takes."""
        host = urlsplit(url)[:2]
        if host not in self._environment:
            self._environment[host] = super().merge_environment_settings(url, *given)
        return dict(self._environment[host])

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """Nowhere: requests would read a redirect's whole body, of any size, to follow it."""
        return None


class _HideQueries(logging.Filter):
    """Cuts queries from urllib3's debug lines: Last.fm's key stands in them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                value.partition("?")[0] if isinstance(value, str) else value
                for value in record.args
            )
        return True


for _name in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_HideQueries())
