"""The tests and the demonstration reach no host outside this machine."""

from __future__ import annotations

import os
import socket

import pytest

from pikaraoke_enrichment.system.loopback import VARIABLE, is_loopback


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "", "0.0.0.0", "/run/x.sock", b"::1"]
)
def test_this_machine_is_reached(host: object) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["musicbrainz.org", "192.0.2.1", "10.255.255.255", "2001:db8::1", "fe80::1%eth0"]
)
def test_no_other_is(host: object) -> None:
    assert not is_loopback(host)


def test_this_very_process_cannot_ask_for_a_name() -> None:
    with pytest.raises(OSError, match="not this machine"):
        socket.getaddrinfo("musicbrainz.org", 443)


def test_this_very_process_cannot_connect_by_number() -> None:
    # 192.0.2.0/24 is kept for documentation: nobody is there.
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        pytest.raises(OSError, match="not this machine"),
    ):
        udp.connect(("192.0.2.1", 9))


def test_what_it_starts_is_held_too() -> None:
    assert os.environ[VARIABLE] == "1"
