"""The lines of docs/deploy.md for nginx and Caddy, run: every link, the log-in, the styles."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
import requests
from pages import serving
from polling import wait_until

from pikaraoke_enrichment.tasks import runtime

DOCS = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
PASSWORD = "correct horse"
BROWSER = {"Accept": "text/html"}


def lines(kind: str) -> str:
    """The lines of the docs for one proxy."""
    found = re.search(rf"```{kind}\n(.*?)```", DOCS, re.DOTALL)
    assert found
    return found[1]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def nginx(place: Path, port: int, behind: int) -> list[str]:
    said = lines("nginx").replace("5556", str(behind))
    (place / "nginx.conf").write_text(
        f"daemon off; pid {place}/pid; error_log {place}/error.log;\n"
        "events {}\n"
        f"http {{ access_log off; client_body_temp_path {place}/a; proxy_temp_path {place}/b;\n"
        f"fastcgi_temp_path {place}/c; uwsgi_temp_path {place}/d; scgi_temp_path {place}/e;\n"
        f"server {{ listen 127.0.0.1:{port};\n{said}\n}} }}\n"
    )
    return ["nginx", "-p", str(place), "-c", str(place / "nginx.conf")]


def caddy(place: Path, port: int, behind: int) -> list[str]:
    said = lines("caddy").replace("5556", str(behind))
    head = "{\n admin off\n auto_https off\n}\n"
    (place / "Caddyfile").write_text(f"{head}http://127.0.0.1:{port} {{\n{said}\n}}\n")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(place / "Caddyfile")]


@contextmanager
def proxied(command: list[str], port: int, place: Path) -> Iterator[str]:
    environment = {"PATH": "/usr/sbin:/usr/bin:/bin", "HOME": str(place)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:

        def answers() -> bool:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return True
            return False

        wait_until(answers)
        yield f"http://127.0.0.1:{port}/karaoke/enrichment/"
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("make", [nginx, caddy], ids=lambda make: make.__name__)
def test_the_lines_of_the_docs_serve_the_dashboard(
    make: Callable[[Path, int, int], list[str]], library: runtime.Runtime, tmp_path: Path
) -> None:
    if shutil.which(make.__name__, path="/usr/sbin:/usr/bin:/bin") is None:
        pytest.skip(f"no {make.__name__} here: install it to run this")
    settings = replace(library.settings, admin_password=PASSWORD)
    runtime.forget()
    port = free_port()
    with serving(settings) as server:
        command = make(tmp_path, port, server.effective_port)
        with proxied(command, port, tmp_path) as url, requests.Session() as browser:
            browser.headers.update(BROWSER)
            page = browser.get(url, timeout=10)
            assert page.url == f"{url}login?next=/enrichment/"
            token = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[0]
            form = {"csrf_token": token, "password": PASSWORD, "next": "/enrichment/"}
            page = browser.post(f"{url}login", form, timeout=10)
            assert (page.status_code, page.url) == (200, url)
            links = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text))
            assert links
            assert all(link.startswith("/karaoke/enrichment/") for link in links)
            for link in sorted(link for link in links if "static" in link):
                answer = browser.get(f"http://127.0.0.1:{port}{link}", timeout=10)
                assert answer.status_code == 200, link
