"""Secure connections: one set of trusted authorities for all, and nobody else is believed."""

from __future__ import annotations

import http.server
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from answering import Answering, at_work

from pikaraoke_enrichment.providers import transport
from pikaraoke_enrichment.providers.transport import Session


class _Handler(Answering):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.say(200, b"{}")


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that nobody has signed, its key beside it; a bundle of the user's is unset."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(
        ["openssl", *words.split(), *names], cwd=tmp_path, check=True, capture_output=True
    )
    return tmp_path / "cert.pem"


@pytest.fixture
def address(certificate: Path) -> Iterator[str]:
    """A server with that certificate."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with at_work(server):
        yield f"https://127.0.0.1:{server.server_port}/"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    transport.trust.cache_clear()
    yield
    transport.trust.cache_clear()


def test_a_certificate_that_nobody_signed_is_refused(address: str) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        Session().get(address, timeout=5)


def test_the_authorities_are_read_once_for_all_providers(
    address: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "DEFAULT_CA_BUNDLE_PATH", str(certificate))
    for _ in range(3):
        assert Session().get(address, timeout=5).status_code == 200
    assert transport.trust.cache_info().misses == 1


def test_a_bundle_of_the_users_own_is_used(
    address: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert Session().get(address, timeout=5).status_code == 200
