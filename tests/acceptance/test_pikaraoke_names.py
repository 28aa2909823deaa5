"""The real PiKaraoke with us inside shows and finds songs by what is known of them."""

from __future__ import annotations

import json
import re
import tempfile
import urllib.parse
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pages import find, within
from parties import NEEDED, Party, throwing, wait_until

pytestmark = NEEDED
FILES = ["k - Wndrwll KARAOKE.mp4", "Zz unknown thing.mp4", "track 07---bbbbbbbbb07.mp4"]


@pytest.fixture
def party(tmp_path: Path) -> Iterator[Party]:
    with throwing(tmp_path) as made:
        yield made


def start(party: Party, *words: str) -> None:
    """PiKaraoke with three files whose names tell nothing, all of them read."""
    for name in FILES:
        if not (party.songs / name).exists():
            party.drop(name)
    party.start_pikaraoke("--splash-delay", "90", *words, inside=True)
    wait_until(lambda: all(party.status_of(name) not in (None, "pending") for name in FILES))


def post(party: Party, path: str, **fields: str) -> None:
    page = party.get("/enrichment/songs")[1]
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    status, answer = party.post(path, csrf_token=found[1], **fields)
    assert status == 200, answer


def verify(party: Party, name: str, artist: str, title: str, **more: str) -> None:
    """A person says of a file which song it is."""
    sql = "SELECT id FROM songs WHERE file_path = ?"
    number = party.query(sql, str(party.songs / name))[0][0]
    fields = {"year": "1985", "genre": "Rock", "variant": "", **more}
    post(party, f"/enrichment/songs/{number}", artist=artist, title=title, **fields)


def browse(party: Party, **asked: str) -> list[str]:
    """Names on PiKaraoke's own page, in their order."""
    page = party.get(f"/browse?{urllib.parse.urlencode(asked)}")[1]
    return re.findall(r'<td class="break-word"[^>]*>([^<]*)</td>', page)


def queue(party: Party) -> list[str]:
    return [item["title"] for item in json.loads(party.get("/get_queue")[1])]


def test_names_are_shown_found_and_sorted_everywhere(party: Party) -> None:
    start(party)
    plain = ["k - Wndrwll KARAOKE", "track 07", "Zz unknown thing"]
    assert browse(party) == plain
    party.post("/enqueue", song_to_add=str(party.songs / FILES[0]), song_added_by="Ann")
    assert queue(party) == plain[:1]

    verify(party, FILES[0], "Beyoncé", "Déjà <b>Vu", variant="Live")
    verify(party, FILES[1], "ABBA", "Waterloo", year="1974", genre="Pop")
    shown = "Beyoncé - Déjà ‹b›Vu (Live)"
    wait_until(lambda: browse(party) == ["ABBA - Waterloo", shown, "track 07"])
    assert queue(party) == [shown], "what waits already has its name too"
    up_next = json.loads(party.get("/now_playing")[1])["up_next"]
    assert up_next == shown

    # It is found by what is known of it, in any spelling, and by the file's own name as before.
    for asked in ("80s rock", "beyonce deja", "Déjà", "1985", "wndrwll", "KARAOKE vu"):
        assert browse(party, q=asked) == [shown], asked
    assert browse(party, q="70s") == ["ABBA - Waterloo"]
    assert browse(party, q="zz unknown") == ["ABBA - Waterloo"]
    assert browse(party, letter="a") == ["ABBA - Waterloo"]
    assert browse(party, letter="b") == [shown]
    assert browse(party, letter="k") == browse(party, letter="z") == []

    # The other order, and off, as soon as they are saved.
    services = {"place_lastfm": "1", "place_musicbrainz": "2", "place_itunes": "3"}

    def save(**said: str) -> None:
        post(party, "/enrichment/settings", **services, **said)

    save(name_order="title")
    wait_until(
        lambda: browse(party) == ["Déjà ‹b›Vu - Beyoncé (Live)", "track 07", "Waterloo - ABBA"]
    )
    save(show_names="no")
    assert set(browse(party)) == set(plain)
    wait_until(lambda: browse(party) == plain and queue(party) == plain[:1])
    assert browse(party, q="80s") == []
    save(show_names="yes", name_order="artist")
    wait_until(lambda: browse(party) == ["ABBA - Waterloo", shown, "track 07"])


def test_renaming_and_tidy_names_go_on_working(party: Party) -> None:
    start(party)
    verify(party, FILES[2], "ABBA", "Waterloo")
    wait_until(lambda: "ABBA - Waterloo" in browse(party))
    # The pages that are about files show what the files are called.
    path = str(party.songs / FILES[2])
    page = party.get(f"/files/edit?{urllib.parse.urlencode({'song': path})}")[1]
    assert 'currentName = "track 07"' in page
    lines = json.loads(party.get("/batch-song-renamer/get-all-songs/1")[1])["html"]
    assert 'data-old-name="track 07"' in lines
    assert "Waterloo" not in lines
    party.post("/enqueue", song_to_add=path, song_added_by="Ann")
    party.post("/files/edit", old_file_name=path, new_file_name="something else")
    assert (party.songs / "something else---bbbbbbbbb07.mp4").exists()
    # A person's word outlives the renaming, in the queue too.
    wait_until(lambda: browse(party, q="something") == ["ABBA - Waterloo"])
    wait_until(lambda: queue(party) == ["ABBA - Waterloo"])
    # PiKaraoke's own preference holds for what is not known.
    party.drop("Zz (Karaoke Version)---ccccccccc01.mp4")
    party.sync()
    wait_until(lambda: "Zz (Karaoke Version)" in browse(party))
    party.post("/change_preferences", pref="enable_title_tidy", val="True")
    wait_until(lambda: "Zz" in browse(party))


def test_play_history_keeps_its_identity(party: Party) -> None:
    """One file without a YouTube id, sung before its name was known, after, and after it was
    switched off again: one song in the rankings, under the name that is shown."""
    socketio = pytest.importorskip("socketio", reason="python-socketio comes with PiKaraoke")
    party.film(FILES[0])
    for name in FILES[1:]:
        party.drop(name)
    program = party.start_pikaraoke("--splash-delay", "0", "--streaming-format", "mp4", inside=True)
    # One stream has to be gone before the same song is sung again: PiKaraoke ends otherwise.
    streams = Path(tempfile.gettempdir()) / str(program.pid)
    wait_until(lambda: party.status_of(FILES[0]) not in (None, "pending"))
    screen = socketio.Client()
    screen.connect(party.base)

    def playing() -> Any:
        return json.loads(party.get("/now_playing")[1])["now_playing"]

    def sing() -> str:
        path = str(party.songs / FILES[0])
        party.post("/enqueue", song_to_add=path, song_added_by="Ann")
        name = wait_until(playing)
        screen.emit("start_song")
        logged = "SELECT count(*) FROM plays WHERE ended_at IS NULL"
        wait_until(lambda: party.query(logged) == [(1,)])
        return str(name)

    def end() -> None:
        screen.emit("end_song", "complete")
        wait_until(lambda: not playing() and not list(streams.glob("*")))

    def log(**asked: str) -> list[str]:
        said = json.loads(party.get(f"/api/history/plays?{urllib.parse.urlencode(asked)}")[1])
        return [play["song"] for play in said["plays"]]

    assert sing() == "k - Wndrwll KARAOKE"
    verify(party, FILES[0], "Oasis", "Wonderwall")
    wait_until(lambda: playing() == "Oasis - Wonderwall")  # the song that is on
    end()
    assert sing() == "Oasis - Wonderwall"
    end()
    wait_until(lambda: log() == ["Oasis - Wonderwall"] * 2)
    assert log(song="Oasis - Wonderwall") == ["Oasis - Wonderwall"] * 2, "a link of the rankings"
    rankings = party.get("/rankings")[1]
    assert rankings.count("Oasis - Wonderwall</a>") == 1
    assert "Wndrwll" not in re.sub(r'data-\w+="[^"]*"', "", rankings)
    assert set(party.query("SELECT song_title FROM plays")) == {("k - Wndrwll KARAOKE",)}
    screen.disconnect()


def test_a_guest_types_into_pikaraoke_s_own_box(party: Party, browser: Any) -> None:
    start(party)
    verify(party, FILES[0], "Queen", "Bohemian Rhapsody", year="1975")
    verify(party, FILES[1], "Toto", "Africa", year="1982")
    wait_until(lambda: "Toto - Africa" in browse(party))
    browser.get(party.address("/browse"))
    browser.add_cookie({"name": "user", "value": "Ann"})

    def shown() -> list[str]:
        cells = browser.find_elements("css selector", "#browse-results td.break-word")
        return [cell.text for cell in cells]

    for typed, found in (("80s rock", "Toto - Africa"), ("bohemian", "Queen - Bohemian Rhapsody")):
        box = find(browser, "#song-filter")
        box.clear()
        box.send_keys(typed)
        within(lambda found=found: shown() == [found])
    find(browser, "#browse-results .add-song-link").click()
    within(lambda: queue(party) == ["Queen - Bohemian Rhapsody"])


def test_a_song_that_is_there_twice_is_deleted_by_pikaraoke(party: Party) -> None:
    start(party)
    for name in FILES[:2]:
        verify(party, name, "Toto", "Africa")
    page = wait_until(
        lambda: (said := party.get("/enrichment/doubles")[1]).count("<li") > 1 and said
    )
    ways = re.findall(r'action="(/files/delete[^"]+)"', page)
    assert len(ways) == 2
    party.post(unescape(ways[0]))
    left = {path.name for path in party.songs.iterdir()}
    assert len(left) == 2
    assert FILES[2] in left
    wait_until(lambda: "No song is there twice." in party.get("/enrichment/doubles")[1])
