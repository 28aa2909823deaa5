"""What guests may see and do, PiKaraoke's queue from our pages, and the pages that rename files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask.testing import FlaskClient
from hosts import ID, PiKaraoke, answering
from visitors import BROWSER, add_song, get

from pikaraoke_enrichment import config_file
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.models import Rename, Song, Traits
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.tasks.review import browsing, clean_names
from pikaraoke_enrichment.web import create_app, hosting
from pikaraoke_enrichment.web.menu import with_links
from pikaraoke_enrichment.web.mounted import EXTENSION

SCRIPT = {"Accept": "application/json"}
PASSWORD = "correct horse"
HOSTILE = "<script>alert(1)</script>\"'>\u202egpm"


@pytest.fixture
def pikaraoke() -> Iterator[PiKaraoke]:
    with answering() as server:
        yield server


@pytest.fixture
def room(library: runtime.Runtime, pikaraoke: PiKaraoke) -> FlaskClient:
    """A guest's browser at a dashboard with a password, whose admin lets guests in."""
    return _client(library, pikaraoke, guests=True, admin_password=PASSWORD)


@pytest.fixture
def admin(library: runtime.Runtime, pikaraoke: PiKaraoke) -> FlaskClient:
    return _client(library, pikaraoke)


def _client(library: runtime.Runtime, pikaraoke: PiKaraoke, **values: Any) -> FlaskClient:
    settings = replace(library.settings, pikaraoke_url=pikaraoke.url, **values)
    pikaraoke.db = settings.db
    runtime.forget()
    runtime.configure(settings)
    return create_app(settings).test_client()


def post(client: FlaskClient, path: str, _from: str = "find", **fields: Any) -> Any:
    """A form sent from one of our pages, which has given this session its token."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', get(client, _from).text)
    data = {"csrf_token": found[1] if found else "", **fields}
    headers = SCRIPT if fields.pop("by_script", False) else BROWSER
    data.pop("by_script", None)
    return client.post(f"/enrichment/{path}", data=data, headers=headers)


# --- guests ---------------------------------------------------------------------------------------


def test_guests_find_songs_and_see_nothing_else(room: FlaskClient) -> None:
    add_song("x1.mp4", title="Waterloo", artist="ABBA", year=1974, genre="Pop")
    add_song("x2.mp4", title="Halo", artist="Beyoncé", year=2008, genre="Pop")
    add_song("secret name.mp4", title=HOSTILE, artist=HOSTILE, year=1999, genre="Rock")

    def found(query: str) -> list[str]:
        page = get(room, f"find?{query}")
        assert page.status_code == 200
        return re.findall(r'class="enr-title">([^<]+)<', page.text)

    assert len(found("")) == 3
    assert found("decade=1970") == ["Waterloo"]
    assert found("genre=Pop&sort=newest") == ["Halo", "Waterloo"]
    assert found("artist=beyonce") == ["Halo"]
    assert found("q=wat") == ["Waterloo"]
    assert len(found("level=high&status=manual&sort=unsure&like=1")) == 3, "that is not asked here"

    page = get(room, "find").text
    assert "<script>alert" not in page
    assert "secret name" not in page
    assert "enr-tabs" not in page
    for path in ("", "songs", "songs/1", "review", "settings", "rename", "export.csv", "progress"):
        assert room.get(f"/enrichment/{path}").status_code in {401, 403}, path
    for path in ("songs/1", "songs/1/requeue", "rename", "enqueue", "start"):
        assert post(room, path).status_code in {303, 401, 403}, path
        assert Song.get_by_id(1).title == "Waterloo"


def test_nobody_is_let_in_unasked(library: runtime.Runtime, pikaraoke: PiKaraoke) -> None:
    client = _client(library, pikaraoke, admin_password=PASSWORD)
    add_song("x.mp4")
    assert get(client, "find").headers["Location"].endswith("login?next=/enrichment/find")
    assert client.post("/enrichment/songs/1/queue").status_code == 401
    # What the admin saves holds at once.
    options = {("ENRICHMENT", "guests"): "yes"}
    config_file.write(library.settings.config_file, options)
    assert get(client, "find").status_code == 200


def test_a_song_whose_name_was_not_read_yet_is_shown_as_it_reads(room: FlaskClient) -> None:
    """PiKaraoke has just added it: guests saw the file's whole name."""
    song = add_song(f"ABBA - Waterloo (Karaoke Version){ID}.mp4", title=None)
    for page in (get(room, "find").text, post(room, f"songs/{song.id}/queue").text):
        assert ">Waterloo</bdi>" in page
        assert ">ABBA</bdi>" in page
        assert not any(part in page for part in ("mp4", "/songs/ABBA", ID, "Karaoke Version"))


def test_the_settings_tell_guests_an_address_that_is_not_localhost(admin: FlaskClient) -> None:
    """On a guest's phone that is the phone."""
    text = get(admin, "settings").text
    assert "localhost/enrichment/find" not in text
    assert "change nothing, at /enrichment/find" in text


def test_the_settings_tell_guests_the_address_that_the_admin_uses(room: FlaskClient) -> None:
    headers = {**BROWSER, "Host": "pi.lan:5556"}
    text = room.get("/enrichment/settings", headers=headers, auth=("admin", PASSWORD)).text
    assert "change nothing: http://pi.lan:5556/enrichment/find" in text


def test_inside_pikaraoke_the_settings_tell_what_its_qr_code_says(
    library: runtime.Runtime,
) -> None:
    app = create_app(library.settings)
    with app.test_request_context("/enrichment/settings", headers={"Host": "localhost:5555"}):
        app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], has_host_frame=True)
        app.config["KARAOKE_INSTANCE"] = SimpleNamespace(url="http://192.168.1.20:5555/sing")
        assert hosting.guests_address() == "http://192.168.1.20:5555/enrichment/find"


def test_the_menu_has_a_link_for_guests_where_they_are_let_in() -> None:
    frame = '<a id="rankings"></a><hr class="navbar-divider"><a id="info"></a>'
    linked = with_links(frame)
    assert linked.index("enrichment_for_guests") < linked.index('id="rankings"')
    assert linked.index("is_admin()") > linked.index("navbar-divider")


def test_a_menu_that_has_changed_is_told_with_both_addresses(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert with_links("<p>another menu</p>") == "<p>another menu</p>"
    assert "the dashboard is at /enrichment/, without a link" in caplog.text
    assert "guests find songs at /enrichment/find, without a link" in caplog.text


# --- PiKaraoke's queue ----------------------------------------------------------------------------


def test_a_song_is_put_into_the_queue_and_the_singer_remembered(
    room: FlaskClient, pikaraoke: PiKaraoke
) -> None:
    song = add_song("a & b.mp4")
    asked = post(room, f"songs/{song.id}/queue", back="/enrichment/find?q=a")
    assert 'name="singer"' in asked.text
    assert pikaraoke.asked == []

    said = post(room, f"songs/{song.id}/queue", singer=" Ann\n Ö ", back="/enrichment/find?q=a")
    assert (said.status_code, said.headers["Location"]) == (303, "/enrichment/find?q=a")
    path, form, _ = pikaraoke.asked[0]
    assert (path, form) == (
        "/enqueue",
        {"song_to_add": "/songs/a & b.mp4", "song_added_by": "Ann Ö"},
    )
    assert "Song added to the queue" in get(room, "find").text

    again = post(room, f"songs/{song.id}/queue", by_script=True)
    assert again.get_json()["words"].startswith("Song added")
    assert pikaraoke.asked[1][1]["song_added_by"] == "Ann Ö", "by PiKaraoke's own cookie"


def test_what_pikaraoke_says_against_it(room: FlaskClient, pikaraoke: PiKaraoke) -> None:
    song = add_song("x.mp4")
    queue = f"songs/{song.id}/queue"
    nobody = post(room, queue, by_script=True)
    assert (nobody.status_code, nobody.get_json()["wants"]) == (400, "singer")
    pikaraoke.says = json.dumps({"song": "x", "success": [False, "Already <there>"]}).encode()
    declined = post(room, queue, by_script=True, singer="Ann")
    assert (declined.status_code, declined.get_json()["error"]) == (409, "Already <there>")
    post(room, queue, singer="Ann")
    assert "Already &lt;there&gt;" in get(room, "find").text
    for nonsense in (b"<html>", b"[]", b'{"success": "yes"}', b'{"success": [1]}', b" " * 2**21):
        pikaraoke.says = nonsense
        answer = post(room, queue, by_script=True, singer="Ann")
        assert answer.status_code == 409
        assert "no PiKaraoke that we know" in answer.get_json()["error"]
    pikaraoke.shutdown()
    pikaraoke.server_close()
    gone = post(room, queue, by_script=True, singer="Ann")
    assert gone.status_code == 503
    assert "does not answer" in gone.get_json()["error"]
    assert post(room, "songs/999/queue", singer="Ann").status_code == 404


@pytest.mark.parametrize("elsewhere", ["//evil.example/", "https://evil.example/", "/\\evil", "x"])
def test_the_way_back_leads_to_no_other_site(
    room: FlaskClient, pikaraoke: PiKaraoke, elsewhere: str
) -> None:
    song = add_song("x.mp4")
    said = post(room, f"songs/{song.id}/queue", singer="Ann", back=elsewhere)
    assert pikaraoke.asked
    assert said.headers["Location"] == "/enrichment/"


def test_it_takes_a_token(room: FlaskClient, pikaraoke: PiKaraoke) -> None:
    song = add_song("x.mp4")
    get(room, "find")
    assert (
        room.post(f"/enrichment/songs/{song.id}/queue", data={"singer": "Ann"}).status_code == 403
    )
    assert pikaraoke.asked == []


# --- renaming -------------------------------------------------------------------------------------


@pytest.fixture
def file(admin: FlaskClient, tmp_path: Path) -> Path:
    """A file with as bad a name as a disk takes, whose song a person has named."""
    assert admin
    path = tmp_path / f"{HOSTILE.replace('/', '')}{ID}.mp4"
    path.touch()
    values = {"artist": "Queen", "title": "Innuendo", "metadata_status": "manual"}
    add_song(path.name, file_path=str(path), confidence=1.0, **values)
    return path


def picked(client: FlaskClient) -> list[str]:
    return re.findall(r'name="pick" value="([^"]+)" checked', get(client, "rename").text)


def press(client: FlaskClient, path: str, **fields: Any) -> Any:
    return post(client, path, _from="songs", **fields)


def test_a_press_renames_what_the_preview_shows_and_another_takes_it_back(
    admin: FlaskClient, file: Path
) -> None:
    page = get(admin, "rename").text
    assert "<script>alert" not in page
    assert f"Queen - Innuendo{ID}.mp4" in page
    (pick,) = picked(admin)
    new = file.with_name(f"Queen - Innuendo{ID}.mp4")

    done = press(admin, "rename", pick=pick)
    assert "Files renamed: 1" in done.text
    assert "<script>alert" not in done.text
    assert (file.exists(), new.exists()) == (False, True)
    assert picked(admin) == []

    (batch,) = re.findall(r'href="/enrichment/rename/(\w{16})"', get(admin, "rename").text)
    assert "Files renamed: 1" in get(admin, f"rename/{batch}").text
    back = press(admin, f"rename/{batch}/undo")
    assert "Files renamed: 1" in back.text
    assert (file.exists(), new.exists()) == (True, False)
    assert "It has another name now" in get(admin, f"rename/{batch}").text
    assert press(admin, "rename", pick=pick).status_code == 200
    assert new.exists()


def test_what_the_page_says_of_its_button_is_so_after_renaming_too(
    admin: FlaskClient, file: Path
) -> None:
    """It said "Nothing is renamed yet", and below that what had just been renamed."""
    said, button = "Nothing happens before you press “Rename these”", ">Rename these</button>"
    press(admin, "rename", pick=picked(admin)[0])
    page = get(admin, "rename").text
    assert "Renamed lately" in page
    assert "Nothing is renamed" not in page
    assert (said in page, button in page) == (False, False), "nothing is left to press it for"
    another = file.with_name("another.mp4")
    another.touch()
    values = {"title": "Somebody to Love", "metadata_status": "manual", "confidence": 1.0}
    add_song(another.name, file_path=str(another), artist="Queen", **values)
    page = get(admin, "rename").text
    assert (said in page, button in page) == (True, True)


def test_the_button_can_be_pressed_as_soon_as_one_file_can_be_renamed(
    admin: FlaskClient, file: Path
) -> None:
    """Two files of one song, and a button that answered "No file is chosen"."""
    twin = file.with_name(f"twin{ID}.mp4")
    twin.touch()
    values = {"artist": "Queen", "title": "Innuendo", "metadata_status": "manual"}
    song = add_song(twin.name, file_path=str(twin), confidence=1.0, **values)
    reason, off = "None of these can be renamed now: each says why", 'type="submit" disabled'
    page = get(admin, "rename").text
    assert page.count("Another song would get the same name") == 2
    assert (reason in page, off in page) == (True, True)
    Song.update(title="I'm Going Slightly Mad").where(Song.id == song.id).execute()
    page = get(admin, "rename").text
    assert (reason in page, off in page) == (False, False)


def test_what_is_not_renamed_is_told_with_the_reason(
    admin: FlaskClient, file: Path, pikaraoke: PiKaraoke
) -> None:
    assert press(admin, "rename").status_code == 400, "nothing is ticked"
    assert press(admin, "rename", pick="1").status_code == 400
    (pick,) = picked(admin)
    pikaraoke.says = json.dumps({"success": False, "message": "It <plays>"}).encode()
    assert "It &lt;plays&gt;" in press(admin, "rename", pick=pick).text
    pikaraoke.status = 302  # a newer one, whose admin we are not
    assert "lets only its admin do this" in press(admin, "rename", pick=pick).text
    pikaraoke.status = 200
    asked = len(pikaraoke.asked)

    file.with_name(f"Queen - Innuendo{ID}.mkv").touch()
    assert "Another file has this name" in press(admin, "rename", pick=pick).text
    assert picked(admin) == []
    pikaraoke.queue = [{"file": str(file)}]
    assert "It stands in the queue" in press(admin, "rename", pick=pick).text
    Song.update(title="I'm Going Slightly Mad").execute()
    assert "changed since they were shown: 1" in press(admin, "rename", pick=pick).text
    assert len(pikaraoke.asked) == asked, "PiKaraoke is not even asked"
    assert file.exists()
    assert get(admin, "rename/nothing").status_code == 404
    assert get(admin, "batch/nothing").status_code == 404
    reloaded = get(admin, "rename/all")  # the question's address
    assert (reloaded.status_code, reloaded.location) == (302, "/enrichment/rename")


def test_a_rename_that_failed_in_pikaraoke_stays_noted(
    admin: FlaskClient, file: Path, pikaraoke: PiKaraoke
) -> None:
    """It may have renamed the file before it failed: nobody is to take the new name for news."""
    (pick,) = picked(admin)
    pikaraoke.status, pikaraoke.says = 500, b"<h1>Internal Server Error</h1>"
    answer = press(admin, "rename", pick=pick)
    assert answer.status_code == 503
    assert "failed at this (500)" in answer.text
    noted = Rename.get()
    assert (noted.old_name, noted.new_name) == (file.name, f"Queen - Innuendo{ID}.mp4")


def test_a_password_in_pikaraokes_address_is_not_shown(
    library: runtime.Runtime, pikaraoke: PiKaraoke
) -> None:
    pikaraoke.url = pikaraoke.url.replace("://", "://host:sesame/@")
    client = _client(library, pikaraoke, guests=True)
    song = add_song("x.mp4", artist="Queen", metadata_status="manual", confidence=1.0)
    pages = [
        get(client, "rename").text,
        press(client, "rename", pick="1:x").text,
        press(client, f"songs/{song.id}/queue", by_script=True, singer="Ann").text,
    ]
    for page in pages:
        assert "host:***@" in page
        assert "sesame" not in page


def test_without_pikaraoke_it_says_so(admin: FlaskClient, pikaraoke: PiKaraoke) -> None:
    pikaraoke.shutdown()
    pikaraoke.server_close()
    add_song("x.mp4", artist="Queen", metadata_status="manual", confidence=1.0)
    page = get(admin, "rename").text
    assert "does not answer at" in page
    assert 'type="submit" disabled' in page
    answer = press(admin, "rename", pick="1:x")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


@pytest.mark.usefixtures("file")
def test_no_button_renames_while_pikaraoke_is_away(
    admin: FlaskClient, pikaraoke: PiKaraoke
) -> None:
    """The one for all files began a job at one press, which then waited for PiKaraoke."""
    add_song("x.mp4", artist="Abba", title="T", metadata_status="manual", confidence=1.0)
    why = 'disabled aria-describedby="enrichment-away"'
    assert get(admin, "rename").text.count(why) == 0
    pikaraoke.shutdown()
    pikaraoke.server_close()
    page = get(admin, "rename").text
    assert page.count(why) == 2
    assert 'role="alert" id="enrichment-away"' in page
    for how in ({}, {"sure": "yes"}):  # by a page that was open before
        answer = press(admin, "rename/all", **how)
        assert (answer.status_code, "does not answer at" in answer.text) == (503, True)
    assert clean_names.job() is None


def test_all_are_renamed_in_the_background_but_those_ticked_off(
    admin: FlaskClient, file: Path
) -> None:
    """Over all pages: what has no tick on this one is told along, and what a search has not shown
    is renamed too."""
    others = [add_song(f"x{n}.mp4", artist="Abba", title=f"T{n}", metadata_status="manual",
                       confidence=1.0) for n in range(2)]  # fmt: skip
    page = get(admin, "rename").text
    assert "Files that could have clean names: 3" in page
    shown = [str(song.id) for song in others] + ["1"]
    asked = press(admin, "rename/all", shown=shown, pick=picked(admin))
    assert clean_names.job() is None, "one press is none too few"
    assert "Rename this file" in asked.text
    assert "without a tick: 2" in asked.text
    assert "when the song that plays is over" not in asked.text
    (spared,) = re.findall(r'name="except" value="([\d,]+)"', asked.text)
    answer = press(admin, "rename/all", **{"except": spared, "sure": "yes"})
    assert answer.status_code == 303
    job = clean_names.job()
    assert job is not None
    assert (job.total, job.excepted) == (1, tuple(song.id for song in others))
    assert "Files are being renamed" in get(admin, "rename").text
    assert press(admin, "rename/all", sure="yes").status_code == 409
    assert press(admin, "rename/stop").status_code == 303
    endless = "9" * 5000  # which is no id, and which Python makes no number of
    page = get(admin, f"rename?except={others[0].id},{endless}&q={file.stem[:3]}").text
    assert "without a tick: 1" in page


# --- what a party asks for ------------------------------------------------------------------------


def found(client: FlaskClient, path: str) -> list[str]:
    page = get(client, path)
    assert page.status_code == 200
    return re.findall(r'<bdi class="enr-title">([^<]*)</bdi>', page.text)


def sing(song: Song, completed: int = 1) -> None:
    database.execute_sql("INSERT OR IGNORE INTO sessions (id, uuid) VALUES (1, 'a')")
    database.execute_sql(
        "INSERT INTO plays (session_id, song_id, song_title, performer, completed) "
        "VALUES (1, ?, 'x', 'Ann', ?)",
        (song.id, completed),
    )


def test_no_tile_leads_to_nothing(room: FlaskClient) -> None:
    """In a new library "Most sung" and "Duets" led to "No song is like that."."""
    add_song("x", artist="A<b>", genre="Alternative/Indie", created_at="2001-01-01 00:00:00")
    browsing.forget()
    page = get(room, "find").text
    for way in ("find?pick=sung", "find?pick=new", "find?duet=yes"):
        assert f'href="/enrichment/{way}"' not in page
        assert found(room, way) == []
    assert "find?pick=chance" in page
    assert ">Alternative/<wbr>Indie<" in page, "broken where the word may be"


def test_tiles_lead_to_what_a_party_asks_for(room: FlaskClient) -> None:
    add_song("Waterloo", artist="ABBA", year=1974, genre="Pop", created_at="2001-01-01 00:00:00")
    add_song("Under Pressure (Duet)", artist="Queen", year=1981, genre="Rock")
    add_song("99 Luftballons", artist="Élan", created_at="2001-01-01 00:00:00")
    add_song("nobody knows", created_at="2001-01-01 00:00:00")
    sung, skipped = (add_song(name, artist="Toto", year=1982) for name in ("Africa", "Rosanna"))
    other = add_song("Hold the Line", artist="Toto", created_at="2001-01-01 00:00:00")
    for song in (other, sung, sung):
        sing(song)
    sing(skipped, completed=0)
    Traits.create(song=sung, duet=True)
    browsing.forget()

    page = get(room, "find").text
    tiles = re.findall(r'<nav class="enr-tiles.*?</nav>', page, re.DOTALL)
    assert len(tiles) == 2
    ways = [unescape(way) for way in re.findall(r'href="/enrichment/([^"]+)"', "".join(tiles))]
    asked_often = ("find?pick=sung", "find?pick=new", "find?duet=yes")
    of_songs = ("find?decade=1980", "find?genre=Rock", "find?letter=a", "find?letter=e")
    for way in asked_often + of_songs:
        assert way in ways
    for way in ways:
        found(room, way)
    assert "enr-tiles" not in get(room, "find?decade=1980").text

    assert found(room, "find?pick=sung") == ["Africa", "Hold the Line"]
    assert found(room, "find?pick=new") == ["Rosanna", "Africa", "Under Pressure (Duet)"]
    assert found(room, "find?q=duet") == ["Under Pressure (Duet)"]
    assert found(room, "find?letter=t") == ["Africa", "Hold the Line", "Rosanna"]
    assert found(room, "find?letter=E") == ["99 Luftballons"]
    assert found(room, "find?letter=t&pick=sung&q=africa") == ["Africa"]
    assert browsing.count(browsing.Filter(text="africa", letter="a")) == 0
    assert found(room, "find")[-1] == "nobody knows"
    chances = {title for _ in range(60) for title in found(room, "find?pick=chance")}
    assert len(chances) > 1
    assert "nobody knows" not in chances
    assert get(room, "find?pick=nothing").status_code == 400


def test_chance_in_a_library_without_a_name_finds_none(room: FlaskClient) -> None:
    add_song("nobody knows")
    assert found(room, "find?pick=chance") == []


def test_what_waits_in_pikaraoke_s_queue_is_marked(room: FlaskClient, pikaraoke: PiKaraoke) -> None:
    add_song("Waterloo", artist="ABBA")
    waits = add_song("Africa", artist="Toto")
    pikaraoke.queue = [{"file": waits.file_path, "user": "Ann", "title": "x"}]
    page = get(room, "find").text
    rows = re.findall(r'<li class="enr-row enr-found">.*?</li>', page, re.DOTALL)
    assert ["In the queue" in row for row in rows] == [False, True]
    assert ["data-queue" in row for row in rows] == [True, False]
