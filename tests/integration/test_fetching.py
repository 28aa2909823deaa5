"""A list fetched by its link: its size, its time, its mark, and no machine inside the house."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from answering import Answering, at_work

from pikaraoke_enrichment.cli import main
from pikaraoke_enrichment.exceptions import BadLink
from pikaraoke_enrichment.tasks import fetching
from pikaraoke_enrichment.tasks.fetching import fetch, is_outside

LIST = b"Artist;Title;Year\nABBA;Waterloo;1974\n"


class Site(Answering):
    """One list, links to it, and links that lead where nobody shall go."""

    seen: list[str]

    def do_GET(self) -> None:
        type(self).seen.append(self.path)
        if self.headers.get("If-None-Match") == '"one"':
            self.say(304)
        elif self.path.startswith("/moved"):
            self.say(302, Location="/list.csv?account=1")
        elif self.path == "/inside":
            self.say(302, Location="http://127.0.0.2:1/router")
        elif self.path == "/round":
            self.say(302, Location="/round")
        elif self.path == "/file":
            self.say(302, Location="file:///etc/passwd")
        elif self.path == "/large":
            self.say(200, b"x" * 2_000_000)
        elif self.path == "/gone":
            self.say(404)
        else:
            self.say(200, LIST, ETag='"one"')


@pytest.fixture
def site() -> Iterator[str]:
    Site.seen = []
    with at_work(ThreadingHTTPServer(("127.0.0.1", 0), Site)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def this_machine(address: str) -> bool:
    return address == "127.0.0.1"


def test_a_list_is_fetched_also_by_a_link_that_moved(site: str) -> None:
    for path in ("/list.csv", "/moved"):
        found = fetch(f"{site}{path}", may_reach=this_machine)
        assert found is not None
        assert (found.data, found.name, found.etag) == (LIST, "list.csv", '"one"')


def test_what_was_fetched_before_is_not_fetched_again(site: str) -> None:
    assert fetch(f"{site}/list.csv", etag='"one"', may_reach=this_machine) is None


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/inside", "inside a house"),
        ("/round", "on and on"),
        ("/file", "no link"),
        ("/gone", "answers 404"),
    ],
)
def test_a_link_that_leads_astray_is_told(site: str, path: str, said: str) -> None:
    with pytest.raises(BadLink, match=said):
        fetch(f"{site}{path}", may_reach=this_machine)


def test_what_is_larger_than_a_list_is_not_read(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 1_000_000)
    with pytest.raises(BadLink, match="larger than 1 MB"):
        fetch(f"{site}/large", may_reach=this_machine)


@pytest.mark.parametrize(
    "link",
    ["", "list.csv", "ftp://example.org/x", "http://", "http://[::1", "https://a:b@example.org/x"],
)
def test_what_is_no_link_is_told(link: str) -> None:
    with pytest.raises(BadLink):
        fetch(link)


def test_no_machine_of_the_house_is_asked_for_a_list(
    site: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENRICHMENT_CONFIG", str(tmp_path / "config.ini"))
    monkeypatch.setenv("ENRICHMENT_DB", str(tmp_path / "songs.db"))
    assert main(["catalogue", "import", f"{site}/list.csv"]) == 1
    assert "inside a house" in capsys.readouterr().err
    assert Site.seen == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1",
        "::ffff:192.168.1.1", "64:ff9b::c0a8:101", "2002:c0a8:101::1", "ff02::1", "router",
    ],
)  # fmt: skip
def test_addresses_inside(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize(
    "address", ["9.9.9.9", "2620:fe::fe", "::ffff:9.9.9.9", "64:ff9b::909:909"]
)
def test_addresses_outside(address: str) -> None:
    assert is_outside(address)
