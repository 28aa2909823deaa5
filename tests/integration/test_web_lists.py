"""The page of song lists: upload and link, preview, taken in the background, removed; limits."""

from __future__ import annotations

import io
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from polling import wait_until
from sites import Site, serving_lists

from pikaraoke_enrichment.cli import main
from pikaraoke_enrichment.config import Settings
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import SharedList, Song
from pikaraoke_enrichment.providers.catalogue import lists
from pikaraoke_enrichment.tasks import runtime, taking_in
from pikaraoke_enrichment.tasks.enrich import scan
from pikaraoke_enrichment.tasks.review.editing import edit
from pikaraoke_enrichment.tasks.taking_in import Desk, Draft
from pikaraoke_enrichment.web import access, create_app, listening
from pikaraoke_enrichment.web import lists as web_lists
from pikaraoke_enrichment.web.server import Server, make_server

BROWSER = {"Accept": "text/html"}
PASSWORD = "hunter2hunter2"
HOSTILE = "<script>window.hacked=1</script>"
LIST = """Interpret;Titel;Jahr;Stil
ABBA;Waterloo;1974;Pop
Mötley Crüe;Dr. Feelgood;1989;Rock
;Lost;;
"""
VIDEO = "abcDefghij1"
SHARED = f"youtube_id,artist,title,variant,year,genre\n{VIDEO},ABBA,Waterloo,,1974,Pop\n"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_lists() as made:
        yield made


class Here:
    """A command in a thread of this process: to start one of its own takes a second each."""

    def __init__(self, *words: str, **_: Any) -> None:
        threading.Thread(target=self._do, args=words[1:], daemon=True).start()

    def _do(self, what: str, *words: str) -> None:
        if what == "draft":
            taking_in.work(runtime.runtime().settings, words[0])
        else:
            main(["catalogue", what, *words])
        database.close()


@pytest.fixture
def here(library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in library.settings.environment().items():
        monkeypatch.setenv(name, value)
    for place in (taking_in, web_lists):
        monkeypatch.setattr(place, "Child", Here)


@pytest.fixture
def songs(library: runtime.Runtime, folder: Path) -> list[int]:
    """Two songs of the library: ABBA's by its name, and one that only its video tells."""
    for name in ("ABBA - Waterloo (Karaoke).mp4", f"karaoke 7---{VIDEO}.mp4"):
        (folder / name).touch()
    scan(folder)
    assert library
    return [song.id for song in Song.select().order_by(Song.file_path)]


def page(client: FlaskClient, path: str = "lists") -> str:
    return client.get(f"/enrichment/{path}", headers=BROWSER).text


def post(client: FlaskClient, path: str, **form: Any) -> Any:
    token = re.findall(r'name="csrf_token" value="([^"]+)"', page(client, "settings"))[0]
    data = {"csrf_token": token, **form}
    return client.post(f"/enrichment/lists/{path}", data=data, headers=BROWSER)


def upload(client: FlaskClient, content: bytes, name: str = "Buch.csv") -> Any:
    return post(client, "upload", file=(io.BytesIO(content), name))


def now(client: FlaskClient) -> Draft:
    """The draft, once nothing works at it any more."""
    assert client.get("/enrichment/lists/progress").status_code == 200
    return at_rest(runtime.runtime().settings)


def at_rest(settings: Settings) -> Draft:
    desk = Desk(settings.catalogue)

    def rests() -> Draft | None:
        draft = desk.draft()
        return None if draft is None or draft.is_under_way else draft

    found: Draft = wait_until(rests)
    return found


def kept(client: FlaskClient) -> list[tuple[str, int]]:
    assert client
    return [(name, songs) for name, songs, _ in lists(runtime.runtime().settings.catalogue)]


# --- taken in -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_an_uploaded_list_is_shown_and_taken(
    client: FlaskClient, songs: list[int], encoding: str
) -> None:
    assert upload(client, LIST.encode(encoding)).status_code == 303
    draft = now(client)
    assert (draft.step, draft.name, draft.songs) == ("ready", "Buch", 2)
    shown = page(client)
    for text in ("Mötley Crüe", "Interpret", "Jahr", "Songs in it: 2", 'value="Buch"'):
        assert text in shown
    assert kept(client) == [], "nothing is taken before a person says so"
    assert post(client, "take", name="Our book").status_code == 303
    draft = now(client)
    assert (draft.step, draft.songs, draft.known, draft.left_out) == ("done", 2, 1, 1)
    assert kept(client) == [("Our book", 2)]
    assert "of your library: 1" in page(client)
    assert post(client, "discard").status_code == 303
    assert "The list is taken in." not in page(client)
    assert "of your library, when it was taken in: 1" in page(client)
    assert songs


@pytest.mark.usefixtures("here")
def test_last_months_list_is_replaced_by_its_name(client: FlaskClient, songs: list[int]) -> None:
    for title in ("Waterloo", "Fernando"):
        upload(client, f"Artist\tTitle\nABBA\t{title}\n".encode(), "book.txt")
        now(client)
        post(client, "take", name="book")
        assert now(client).step == "done"
    assert kept(client) == [("book", 1)]
    assert songs


@pytest.mark.usefixtures("here")
def test_a_spreadsheet_programs_own_file(client: FlaskClient, songs: list[int]) -> None:
    row = "<row>{}</row>".format
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'.format
    rows = [row("".join(map(cell, each))) for each in (("Artist", "Title"), ("ABBA", "Waterloo"))]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as book:
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<w xmlns="x"><sheetData>{"".join(rows)}</sheetData></w>'
        )
    upload(client, data.getvalue(), "Buch.xlsx")
    draft = now(client)
    assert (draft.name, draft.rows) == ("Buch", [["ABBA", "Waterloo", "", ""]])
    assert songs


def test_a_list_by_its_link(client: FlaskClient, songs: list[int], site: Site) -> None:
    site.files["/karafun.csv"] = LIST.encode("cp1252")
    assert post(client, "link", link=f"{site.url}/karafun.csv").status_code == 303
    assert (now(client).step, now(client).name) == ("ready", "karafun")
    post(client, "take", name="KaraFun", how="subscribe")
    assert now(client).step == "done"
    assert kept(client) == [("KaraFun", 2)]
    assert SharedList.select().count() == 0, "what names no video is not subscribed"
    assert songs


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("link", "step"),
    [
        ("http://host:sesame@example.org/list.csv", "failed"),
        ("{site}/gone.csv?key=sesame", "failed"),
        ("{site}/?key=sesame", "ready"),
        ("{site}/list.csv?key=sesame#sesame", "ready"),
    ],
)
def test_a_password_or_token_in_a_link_is_shown_nowhere(
    client: FlaskClient,
    songs: list[int],
    site: Site,
    link: str,
    step: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It was the list's name too, where the link names no file."""
    caplog.set_level("DEBUG", "pikaraoke_enrichment")
    for path in ("/?key=sesame", "/list.csv?key=sesame"):
        site.files[path] = SHARED.encode()
    post(client, "link", link=link.format(site=site.url))
    assert now(client).step == step
    shown = page(client) + client.get("/enrichment/lists/progress").text
    if step == "ready":
        post(client, "take", how="subscribe")
        assert now(client).step == "done"
        assert SharedList.get().link == link.format(site=site.url), "it is fetched again by it"
        assert main(["catalogue", "list"]) == 0
        shown += page(client) + page(client, f"songs/{songs[1]}") + page(client, "lists/mine.csv")
    assert "sesame" not in shown + "".join(capsys.readouterr()) + caplog.text


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("http://192.168.1.1/list.csv", "machine inside a house"),
        ("/in", "machine inside a house"),
        ("/gone.csv", "answers 404"),
        ("/cut.csv", "broke off"),
        ("ftp://example.org/x", "begins with https://"),
        ("/page.csv", "must name the columns"),
    ],
)
def test_a_link_that_leads_to_no_list_is_told(
    client: FlaskClient, songs: list[int], site: Site, path: str, words: str
) -> None:
    site.moved["/in"] = "http://127.0.0.1:1/router"
    site.files["/cut.csv"], site.troubles["/cut.csv"] = LIST.encode(), "cut off"
    site.files["/page.csv"] = b"<html>not for you</html>"
    post(client, "link", link=path if "://" in path else site.url + path)
    assert now(client).step == "failed"
    assert words in page(client)
    assert "Take a list in" in page(client), "another can be tried at once"
    assert songs


def test_what_is_under_way_is_not_disturbed(client: FlaskClient, songs: list[int]) -> None:
    desk = Desk(runtime.runtime().settings.catalogue)
    desk.put(Draft("writing", name="book"))
    assert upload(client, LIST.encode()).status_code == 409
    assert post(client, "link", link="https://example.org/x").status_code == 409
    assert post(client, "take").status_code == 409
    assert client.get("/enrichment/lists/progress").json == {
        "step": "writing",
        "words": "The list is being written …",
        "value": 3,
        "of": 4,
    }
    assert songs


def test_a_process_that_died_leaves_no_list_under_way_for_ever(
    client: FlaskClient, songs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(runtime.runtime().settings.catalogue)
    desk.put(Draft("writing", name="book"))
    monkeypatch.setattr(taking_in, "BEGINS_WITHIN", 0.0)
    assert "This was broken off: begin anew." in page(client)
    holder = Desk(runtime.runtime().settings.catalogue)
    with holder.lock:
        draft = desk.draft()
        assert draft is not None
        assert draft.is_under_way, "its process lives, however long it takes"
    assert songs


def test_who_asks_just_when_it_begins_stops_no_list(library: runtime.Runtime) -> None:
    """The page holds the lock for a moment, as it asks whether the process lives: one that began
    just then ended at once, and the list was told as broken off half a minute later."""
    desk, page = Desk(library.settings.catalogue), Desk(library.settings.catalogue)
    desk.data.write_bytes(LIST.encode())
    desk.put(Draft("reading", file="Buch.csv"))
    assert page.lock.take()
    threading.Timer(0.1, page.lock.release).start()
    taking_in.work(library.settings, "look")
    assert at_rest(library.settings).step == "ready"


# --- other hosts' ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_another_hosts_list_is_subscribed_and_removed(
    client: FlaskClient, songs: list[int], site: Site
) -> None:
    site.files["/anna.csv"] = SHARED.encode()
    post(client, "link", link=f"{site.url}/anna.csv")
    assert now(client).names_videos
    assert "Subscribe" in page(client)
    post(client, "take", name="Anna", how="subscribe")
    assert (now(client).step, now(client).known) == ("done", 1)
    assert Song.get_by_id(songs[1]).title == "Waterloo"
    post(client, "discard")
    shown = page(client)
    assert f"{site.url}/anna.csv" in shown
    assert "of your library: 1" in shown
    assert "verified by Anna" in page(client, f"songs/{songs[1]}")
    assert post(client, "remove", name="Anna").status_code == 303
    assert "may take a moment. Its songs go back" in page(client)
    wait_until(lambda: SharedList.select().count() == 0)
    wait_until(lambda: Song.get_by_id(songs[1]).title != "Waterloo")
    assert "Anna" not in page(client).partition("Lists of other hosts")[2]


def test_ones_own_list(client: FlaskClient, songs: list[int]) -> None:
    edit(songs[1], {"artist": "ABBA", "title": "Waterloo", "year": "1974", "genre": "Pop"})
    assert "Download it (videos: 1)" in page(client)
    response = client.get("/enrichment/lists/mine.csv")
    assert response.text == f"\ufeff{SHARED}"
    assert "karaoke-list.csv" in response.headers["Content-Disposition"]


# --- who may, and how much ------------------------------------------------------------------------


@pytest.mark.usefixtures("here")
def test_names_from_strangers_are_escaped(
    client: FlaskClient, songs: list[int], site: Site
) -> None:
    upload(client, f"Artist;Title;{HOSTILE}\n{HOSTILE};{HOSTILE};x\n".encode(), f"{HOSTILE}.csv")
    assert now(client).step == "ready"
    assert HOSTILE not in page(client)
    post(client, "take", name=HOSTILE)
    assert now(client).step == "done"
    assert HOSTILE not in page(client)
    assert "The list is taken in." in page(client)
    assert post(client, "remove", name=HOSTILE).status_code == 303
    shown = page(client)
    assert "may take a moment. What songs have from it stays." in shown
    assert "The list is taken in." not in shown, "the box went with its list"
    wait_until(lambda: kept(client) == [])
    assert songs
    assert site


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("../../../etc/cron.d/x.csv", "x"),
        ("/etc/passwd", "passwd"),
        ("..", ".."),
        ("/", "songs"),
        ("a\x1b[2J.csv", "a[2J"),
        ("x" * 500 + ".csv", "x" * 60),
        (f"{HOSTILE}.csv", "script>"),
    ],
)
def test_an_uploads_name_is_no_path(
    client: FlaskClient, songs: list[int], tmp_path: Path, name: str, called: str
) -> None:
    upload(client, LIST.encode(), name)
    assert (now(client).step, now(client).name) == ("ready", called)
    assert client.get("/enrichment/lists/progress").status_code == 200
    written = {path.name for path in tmp_path.rglob("*") if ".csv" in path.name}
    assert written == set(), "its bytes lie under a name of ours"
    assert HOSTILE not in page(client)
    assert songs


@pytest.mark.usefixtures("here")
def test_another_hosts_hostile_words_are_text_everywhere(
    client: FlaskClient, songs: list[int], site: Site
) -> None:
    row = f'"{HOSTILE}"'
    site.files["/x.csv"] = (
        f"youtube_id,artist,title,variant,year,genre\n{VIDEO},{row},{row},,,{row}\n".encode()
    )
    post(client, "link", link=f"{site.url}/x.csv")
    now(client)
    post(client, "take", name=f'"><img src=x onerror=alert(1)>{HOSTILE}', how="subscribe")
    assert now(client).step == "done"
    assert Song.get_by_id(songs[1]).artist == HOSTILE
    for path in ("lists", f"songs/{songs[1]}", "songs", "", "decisions", "review", "find"):
        shown = page(client, path)
        assert HOSTILE not in shown
        assert "<img src=x" not in shown


def test_the_settings_lead_there(client: FlaskClient) -> None:
    assert 'href="/enrichment/lists"' in page(client, "settings")


def test_the_host_alone_and_no_other_site(client: FlaskClient, library: runtime.Runtime) -> None:
    for path in ("upload", "link", "take", "discard", "remove"):
        assert client.post(f"/enrichment/lists/{path}", headers=BROWSER).status_code == 403
    locked = replace(library.settings, admin_password="secret", guests=True)
    guest = create_app(locked).test_client()
    for path in ("lists", "lists/progress", "lists/mine.csv"):
        assert guest.get(f"/enrichment/{path}").status_code == 401


@pytest.fixture
def served(library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A dashboard with a password, which takes lists of three megabytes."""
    monkeypatch.setattr(access, "LARGEST_UPLOAD", 3_000_000)
    monkeypatch.setattr(listening, "LARGEST_UPLOAD", 3_000_000)
    server = make_server(replace(library.settings, admin_password=PASSWORD))
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server
    server.close()
    thread.join()


def body(size: int) -> bytes:
    return LIST.encode() + b";;\n" * (size // 3)


@pytest.mark.usefixtures("here")
def test_a_list_may_be_larger_than_any_other_request(
    library: runtime.Runtime, songs: list[int], served: Server
) -> None:
    with requests.Session() as session:
        session.headers["Accept"] = "text/html"
        url = f"http://127.0.0.1:{served.effective_port}/enrichment"

        def form(path: str) -> dict[str, str]:
            text = session.get(f"{url}/{path}").text
            return {"csrf_token": re.findall(r'name="csrf_token" value="([^"]+)"', text)[0]}

        def sent(path: str, size: int) -> requests.Response:
            files = {"file": ("big.csv", body(size))}
            return session.post(f"{url}/{path}", data=token, files=files, timeout=60)

        token = form("login")
        assert sent("lists/upload", 2_500_000).url.endswith("/login"), "and no broken connection"
        session.post(f"{url}/login", data={**token, "password": PASSWORD})
        token = form("lists")
        assert sent("lists/upload", 2_500_000).url.endswith("/lists")
        assert at_rest(library.settings).songs == 2
        refused = sent("lists/upload", 4_000_000)
        assert refused.status_code == 413
        assert "save the sheet with the songs alone" in refused.text
        assert sent("lists/link", 2_500_000).status_code == 413
    assert songs


@pytest.mark.parametrize("size", ["Content-Length: 2500000", "Transfer-Encoding: chunked"])
def test_of_a_strangers_upload_nothing_is_kept(served: Server, size: str) -> None:
    """Forty connections with 60 MB each would fill a Pi's card, or its memory: /tmp lies there."""
    with socket.create_connection(("127.0.0.1", served.effective_port)) as stranger:
        head = f"POST /enrichment/lists/upload HTTP/1.1\r\nHost: localhost\r\n{size}\r\n\r\n"
        stranger.sendall(head.encode() + (b"100000\r\n" if "chunked" in size else b""))
        stranger.sendall(b"x" * 1_000_000)

        def arrived() -> Any:
            """What the server has of it by now."""
            channels = list(vars(served)["_server"].active_channels.values())
            requests = [channel.request for channel in channels if channel.request]
            return next((each for each in requests if each.body_bytes_received > 999_000), None)

        request = wait_until(arrived)
        assert len(request.body_rcv) == 0
