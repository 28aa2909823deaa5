"""A list fetched by its link: from the web outside alone, no more than a list's size, in its time.

A link is typed by a person and may be anybody's: an address inside the house (the router's page, a
cloud's key server) is never asked, neither at once nor by a redirect, nor by a name that is another
address the second time, as the connection goes to the very address that was looked at.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

import certifi
import urllib3

from ..exceptions import BadLink
from ..system import loopback
from ..system.said import Said

MOST_BYTES = 30_000_000
SECONDS = 60.0
MOST_REDIRECTS = 5
_NO_LINK = "this is no link: paste one that begins with https://"
_AGENT = "pikaraoke-enrichment (song list)"
_NAME = re.compile(r'filename="?([^";]{1,120})"?', re.IGNORECASE)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a link led to: the bytes, the file's name, and the two marks by which it is asked
    whether there is news."""

    data: bytes
    name: str
    etag: str
    modified: str = ""


def is_outside(address: str) -> bool:
    """Whether an IP address is somebody's on the internet, and no machine's of this house."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if loopback.stands_for_outside(found):
        return True
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner:
            return inner.is_global
    return found.is_global and not found.is_multicast


def fetch(
    link: str,
    *,
    etag: str = "",
    modified: str = "",
    may_reach: Callable[[str], bool] = is_outside,
) -> Fetched | None:
    """Fetch a file.

    Args:
        link: http or https.
        etag, modified: the marks of what was fetched last time.
        may_reach: whether an IP address may be asked.
    Returns:
        None where it is still what it was.
    Raises:
        BadLink: it cannot be fetched; the text says why and what to do.
    """
    until = time.monotonic() + SECONDS
    marks = {"If-None-Match": etag, "If-Modified-Since": modified}
    marks = {name: mark for name, mark in marks.items() if mark}
    for _ in range(MOST_REDIRECTS + 1):
        answer = _ask(link, marks, may_reach, until)
        if answer.status not in (301, 302, 303, 307, 308):
            break
        link = urljoin(link, answer.headers.get("Location", ""))
        answer.close()
    else:
        raise BadLink(
            "the link leads on and on: open it in a browser, and take in the file",
            _answers(link, answer),
        )
    try:
        if answer.status == 304 and marks:
            return None
        if answer.status != 200:
            raise BadLink(
                f"the link's server answers {answer.status}: open it in a browser",
                _answers(link, answer),
            )
        data = _read(answer, until)
    finally:
        answer.close()
    told = answer.headers
    # What the file is called there, without a folder.
    found = _NAME.search(told.get("Content-Disposition", ""))
    name = found[1] if found else unquote(urlsplit(link).path.rstrip("/")).rpartition("/")[2]
    name = "".join(sign for sign in re.split(r"[/\\]", name)[-1] if sign.isprintable())[:80]
    return Fetched(data, name, told.get("ETag", ""), told.get("Last-Modified", ""))


def _answers(link: str, answer: urllib3.BaseHTTPResponse) -> Said:
    return Said("link_status", host=urlsplit(link).hostname or "", status=answer.status)


def _ask(
    link: str, marks: Mapping[str, str], may_reach: Callable[[str], bool], until: float
) -> urllib3.BaseHTTPResponse:
    try:
        parts = urlsplit(link)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise BadLink(_NO_LINK, Said("link_none")) from None
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host:
        raise BadLink(_NO_LINK, Said("link_none"))
    if parts.username or parts.password:
        raise BadLink(
            "the link holds a password: download the file, and take that in",
            Said("link_password"),
        )
    address = _address(host, port, may_reach)
    headers = {"Host": parts.netloc, "User-Agent": _AGENT, "Accept-Encoding": "gzip, identity"}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    timeout = urllib3.Timeout(connect=10.0, read=max(1.0, min(20.0, until - time.monotonic())))
    pool = (
        urllib3.HTTPSConnectionPool(
            address, port, server_hostname=host, assert_hostname=host, ca_certs=certifi.where()
        )
        if parts.scheme == "https"
        else urllib3.HTTPConnectionPool(address, port)
    )
    try:
        return pool.urlopen(
            "GET",
            path,
            headers={**headers, **marks},
            timeout=timeout,
            retries=False,
            redirect=False,
            preload_content=False,
        )
    except urllib3.exceptions.HTTPError as error:
        raise BadLink(
            f"{host} cannot be reached ({type(error).__name__}): try later",
            Said("link_lost", host=host),
        ) from None


def _address(host: str, port: int, may_reach: Callable[[str], bool]) -> str:
    """The address to connect to; all that the name stands for have to be outside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadLink(
            f"{host} is not found: is the link whole, and the network up?",
            Said("link_lost", host=host),
        ) from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(map(may_reach, addresses)):
        raise BadLink(
            f"{host} is a machine inside a house: download the file, and take that in",
            Said("link_inside", host=host),
        )
    return addresses[0]


def _read(answer: urllib3.BaseHTTPResponse, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        for part in answer.stream(65536, decode_content=True):
            size += len(part)
            if size > MOST_BYTES:
                most = MOST_BYTES // 1_000_000
                raise BadLink(
                    f"the file is larger than {most} MB: no song list",
                    Said("list_large", megabytes=most),
                )
            if time.monotonic() > until:
                raise BadLink(
                    "the link's server is too slow: download the file, and take that in",
                    Said("link_broken"),
                )
            parts.append(part)
    except urllib3.exceptions.HTTPError as error:
        raise BadLink(
            f"the answer broke off ({type(error).__name__}): try again", Said("link_broken")
        ) from None
    return b"".join(parts)
