"""Duet, language and explicit: kept, corrected, taken back, listed, exported, and hidden."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from booklists import import_list
from flask.testing import FlaskClient
from queued import entries
from servers import songs_in_file

from pikaraoke_enrichment import config_file
from pikaraoke_enrichment.cli import main
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.exceptions import BadEdit
from pikaraoke_enrichment.models import Change, QueueEntry, Song, Traits, find_song, get_state
from pikaraoke_enrichment.schema.migrations import SCHEMA_VERSION
from pikaraoke_enrichment.schema.opening import close_library, open_library
from pikaraoke_enrichment.tasks import control, enrich, runtime
from pikaraoke_enrichment.tasks.cataloguing import remove_list
from pikaraoke_enrichment.tasks.enrich import huey
from pikaraoke_enrichment.tasks.history import changes, traits
from pikaraoke_enrichment.tasks.lookup import lists_anew
from pikaraoke_enrichment.tasks.review import browsing, corrections, editing, exporting, many
from pikaraoke_enrichment.tasks.review.browsing import Filter
from pikaraoke_enrichment.tasks.review.many import Edit
from pikaraoke_enrichment.web import create_app

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
LIST = """Artist;Title;Year;Duo;Explicit;Styles;Languages
Nena;99 Luftballons;1983;0;0;Pop;German
Nena;Leuchtturm;1984;0;0;Pop;German
Nena;Irgendwie, irgendwo, irgendwann;1984;0;0;Pop;German
Nena;Rette mich;1984;0;0;Pop;German
Cardi B;WAP;2020;0;1;Rap;English
Shakira;Loca;2010;1;0;Pop;Spanish,English
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "songs"
    made.mkdir()
    return made


def put(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch()
    enrich.scan(folder)


def number(name: str) -> int:
    """The id of the song whose file's name begins so."""
    found: Song = Song.get(Song.file_path.contains(f"/{name}"))
    return int(found.id)


def told(name: str) -> dict[str, tuple[Any, str]]:
    """What is known of a song's traits, and who says so."""
    known = traits.known(number(name))
    return {each: tuple(known[each]) for each in known if known[each].source}


def work_off() -> None:
    control.start()
    huey._looked_at = 0.0
    while (task := huey.dequeue()) is not None:
        huey.execute(task)
        huey._looked_at = 0.0


def with_list(library: runtime.Runtime, tmp_path: Path, content: str = LIST) -> None:
    path = tmp_path / "book.csv"
    path.write_text(content)
    import_list(path, library.settings.catalogue, "book")


# --- told -----------------------------------------------------------------------------------------


def test_a_name_tells_at_once(library: runtime.Runtime, folder: Path) -> None:
    del library
    put(folder, "Nena - Haus (Duet).mp4", "아이유 - 좋은 날.mp4", "Toto - Africa.mp4")
    assert told("Nena") == {"duet": (True, "name")}
    assert told("아이유") == {"language": ("ko", "script")}
    assert told("Toto") == {}
    assert Traits.select().count() == 3


def test_a_new_name_tells_anew(library: runtime.Runtime, folder: Path) -> None:
    del library
    put(folder, "Nena - Haus (Duet).mp4")
    song = number("Nena")
    (folder / "Nena - Haus (Duet).mp4").rename(folder / "Berlin - Metro (Explicit).mp4")
    Song.update(file_path=str(folder / "Berlin - Metro (Explicit).mp4")).execute()
    enrich.scan(folder)
    assert number("Berlin") == song
    assert told("Berlin") == {"explicit": (True, "name")}


def test_lists_and_store_tell_with_their_answers(
    library: runtime.Runtime, api: ApiServer, folder: Path, tmp_path: Path
) -> None:
    with_list(library, tmp_path)
    api.catalogue = Catalogue([Known("Eminem", "Stan", 2000, "Hip-Hop", explicit=True)])
    put(folder, "Nena - Leuchtturm.mp4", "Shakira - Loca.mp4", "Cardi B - WAP.mp4")
    work_off()
    assert told("Nena") == {
        "duet": (False, "list book"),
        "language": ("de", "list book"),
        "explicit": (False, "list book"),
    }
    assert told("Shakira")["language"] == ("es,en", "list book")
    assert told("Cardi B")["explicit"] == (True, "list book")
    asked = replace(library.settings, providers=("itunes",))
    runtime.configure(asked, is_consumer=True)
    put(folder, "Eminem - Stan.mp4")
    work_off()
    assert told("Eminem") == {"explicit": (True, "itunes")}


def test_an_answer_taken_back_takes_its_traits_along(
    library: runtime.Runtime, folder: Path, tmp_path: Path
) -> None:
    with_list(library, tmp_path)
    put(folder, "Nena - Leuchtturm.mp4")
    work_off()
    song = number("Nena")
    assert json.loads(Change.get(Change.song == song).after)["language"] == "de"
    changes.undo(song)
    assert told("Nena") == {}


def go_through() -> int:
    """What the steward does with its lists; how many hundreds of songs that took."""
    steps, done = 1, lists_anew.Round()
    while done.go_on():
        steps += 1
    return steps


def test_a_list_tells_of_songs_that_are_done_and_takes_it_back(
    library: runtime.Runtime, folder: Path, tmp_path: Path
) -> None:
    put(folder, "Nena - Leuchtturm.mp4", "Shakira - Loca.mp4", "Cardi B - WAP (Clean).mp4")
    put(folder, "Nena - Haus.mp4", "Unread - Name.mp4")
    for name in ("Nena - L", "Shakira", "Cardi B", "Nena - H"):
        read = find_song(number(name))
        assert read is not None
        changes.say(read, {"year": 2000}, action="edit")
    editing.edit(number("Shakira"), {"explicit": "yes", "language": "pt"})
    go_through()
    assert told("Shakira") == {"explicit": (True, "person"), "language": ("pt", "person")}

    with_list(library, tmp_path)
    stamp = Song.get_by_id(number("Nena - L")).updated_at
    Song.update(updated_at="2000-01-01 00:00:00").execute()
    go_through()
    assert told("Nena - L") == {
        "duet": (False, "list book"),
        "language": ("de", "list book"),
        "explicit": (False, "list book"),
    }
    assert Song.get_by_id(number("Nena - L")).updated_at >= stamp, "PiKaraoke is told"
    assert told("Shakira") == {
        "duet": (True, "list book"),
        "explicit": (True, "person"),
        "language": ("pt", "person"),
    }
    assert told("Cardi B")["explicit"] == (False, "name")
    assert told("Nena - H") == told("Unread") == {}

    # Next month's list says less, and another one disagrees.
    with_list(library, tmp_path, "Artist;Title;Languages;Duo\nNena;Leuchtturm;German;0\n")
    go_through()
    assert told("Nena - L") == {"duet": (False, "list book"), "language": ("de", "list book")}
    other = tmp_path / "other.csv"
    other.write_text("Artist;Title;Languages;Duo\nNENA;Leuchtturm;English;0\nNena;Haus;German;1\n")
    import_list(other, library.settings.catalogue, "other")
    go_through()
    assert told("Nena - L") == {"duet": (False, "list book")}
    assert told("Shakira")["duet"] == (True, "list book"), (
        "what a list has told stays as long as the list"
    )

    for name in ("book", "other"):
        remove_list(name, library.settings.catalogue)
    go_through()
    assert told("Nena - L") == told("Nena - H") == {}
    assert told("Shakira") == {"explicit": (True, "person"), "language": ("pt", "person")}


def test_lists_are_gone_through_by_the_hundred_and_once(
    library: runtime.Runtime, folder: Path, tmp_path: Path
) -> None:
    songs = [f"Nena - Song {number}" for number in range(250)]
    put(folder, *(f"{song}.mp4" for song in songs))
    Song.update(metadata_status="enriched").execute()
    rows = "".join(f"Nena;Song {number};German\n" for number in range(250))
    with_list(library, tmp_path, f"Artist;Title;Languages\n{rows}")

    def known() -> int:
        return Traits.select().where(Traits.language == "de").count()

    assert lists_anew.Round().go_on()
    # The artist's other songs have it of these hundred already.
    assert Traits.select().where(Traits.language_source == "list book").count() == 100
    assert known() == 250
    assert go_through() == 2, "a consumer that starts anew goes on"
    assert Traits.select().where(Traits.language_source == "list book").count() == 250
    before = database.connection().total_changes
    assert not lists_anew.Round().go_on()
    assert database.connection().total_changes == before, "nothing is written"
    # The file is gone for a while: no list was removed.
    catalogue, away = library.settings.catalogue, tmp_path / "away"
    catalogue.rename(away)
    catalogue.write_bytes(b"no database" * 100)
    assert not lists_anew.Round().go_on()
    assert known() == 250


def test_an_artists_other_songs_tell_while_they_agree(
    library: runtime.Runtime, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_list(library, tmp_path)
    titles = "99 Luftballons", "Leuchtturm", "Rette mich", "Irgendwie, irgendwo, irgendwann"
    names = [f"Nena - {title}" for title in titles]
    put(folder, "Nena - Strobo.mp4", *(f"{name}.mp4" for name in names[:3]))
    work_off()
    assert told("Nena - Strobo") == {}, "three are not enough"
    stamp = Song.get_by_id(number("Nena - Strobo")).updated_at
    Song.update(updated_at="2001-01-01 00:00:00").where(Song.updated_at == stamp).execute()
    put(folder, f"{names[3]}.mp4")
    work_off()
    assert told("Nena - Strobo") == {"language": ("de", "artist")}
    assert Song.get_by_id(number("Nena - Strobo")).updated_at > "2001", "PiKaraoke's words follow"
    put(folder, "Nena - Nur geträumt.mp4")
    assert told("Nena - Nur") == {"language": ("de", "artist")}, "a new one too"
    editing.edit(number(names[0]), {"language": "en"}, sees_all=False)
    assert told("Nena - Strobo") == told("Nena - Nur") == {}, "they disagree now"
    changes.undo(number(names[0]))
    assert told("Nena - Strobo") == {"language": ("de", "artist")}
    # Under the name of a maker, say, lie thousands.
    monkeypatch.setattr(traits, "MOST_SONGS", 6)
    put(folder, "Nena - Ganz oben.mp4")
    assert told("Nena - Ganz") == told("Nena - Strobo") == {}, "nobody's own songs are that many"


def test_korean_titles_say_nothing_of_an_english_one(
    library: runtime.Runtime, folder: Path
) -> None:
    del library
    put(
        folder,
        *(f"방탄소년단 - {title}.mp4" for title in ("봄날", "소우주", "고민보다", "Dynamite")),
    )
    assert told("방탄소년단 - 봄날") == {"language": ("ko", "script")}
    assert told("방탄소년단 - Dynamite") == {}


def test_a_library_of_before_is_filled(library: runtime.Runtime, folder: Path) -> None:
    put(folder, "Nena - Haus (Duet).mp4", "Toto - Africa.mp4")
    database.execute_sql("DROP TABLE enrichment_traits")
    database.execute_sql("UPDATE enrichment_state SET value = '7' WHERE key = 'schema_version'")
    place = library.settings.db
    close_library()
    open_library(place)
    assert get_state("schema_version") == str(SCHEMA_VERSION)
    enrich.scan(folder)
    assert told("Nena") == {"duet": (True, "name")}
    assert Traits.select().count() == 2


# --- said -----------------------------------------------------------------------------------------


def test_a_word_about_traits_alone_verifies_nothing_and_is_final(
    library: runtime.Runtime, folder: Path, tmp_path: Path
) -> None:
    put(folder, "Nena - Leuchtturm.mp4")
    song = number("Nena")
    editing.edit(song, {"language": "Dutch", "explicit": "yes"}, sees_all=False)
    assert Song.get_by_id(song).metadata_status == "parsed"
    assert QueueEntry.select().where(QueueEntry.song == song).exists()
    with_list(library, tmp_path)
    work_off()
    assert Song.get_by_id(song).metadata_status == "enriched"
    assert told("Nena") == {
        "duet": (False, "list book"),
        "language": ("nl", "person"),
        "explicit": (True, "person"),
    }
    editing.edit(song, {"explicit": ""}, sees_all=False)
    assert told("Nena")["explicit"] == (None, "person"), "unknown is a word, too"
    assert changes.undo(song).source == "person"
    assert told("Nena")["explicit"] == (True, "person")


@pytest.mark.parametrize(
    ("name", "value"),
    [("duet", "perhaps"), ("language", "Klingonish"), ("language", "de,xx"), ("explicit", "2")],
)
def test_what_a_trait_does_not_take_is_refused(
    library: runtime.Runtime, folder: Path, name: str, value: str
) -> None:
    del library
    put(folder, "Nena - Haus.mp4")
    with pytest.raises(BadEdit, match=name):
        editing.edit(number("Nena"), {name: value}, sees_all=False)


def test_another_songs_title_leaves_the_first_ones_traits_behind(
    library: runtime.Runtime, folder: Path, tmp_path: Path
) -> None:
    with_list(library, tmp_path)
    put(folder, "Nena - Leuchtturm.mp4", "Shakira - Loca.mp4")
    work_off()
    form = {name: value or "" for name, value in editing.fields_of(editing.get(1)).items()}
    slip = {**form, "title": "Leuchttürm", "duet": "no", "explicit": "no"}
    editing.edit(number("Nena"), slip)
    assert told("Nena")["language"] == ("de", "list book"), "a slip put right"
    editing.edit(number("Nena"), {**slip, "title": "Africa", "artist": "Toto"})
    assert told("Nena") == {}


def test_many_are_told_alike_and_taken_back_as_one(library: runtime.Runtime, folder: Path) -> None:
    del library
    put(folder, "Nena - Haus.mp4", "Toto - Africa.mp4", "Queen - Innuendo.mp4")
    editing.edit(number("Toto"), {"language": "de"}, sees_all=False)
    edit = Edit.checked("set", {"language": "German"})
    shown = many.preview([1, 2, 3], edit)
    assert len(shown) == 2
    made = many.apply([(each.song.id, each.version) for each in shown], edit)
    assert (made.done, made.left) == (2, 0)
    assert {told(name)["language"] for name in ("Nena", "Toto", "Queen")} == {("de", "person")}
    assert {song.metadata_status for song in Song.select()} == {"parsed"}
    assert sorted(entries()) == [1, 2, 3]
    assert changes.undo_batch(made.name) == (2, 0)
    assert told("Nena") == {}


def test_to_verify_a_song_says_nothing_of_its_traits(
    library: runtime.Runtime, folder: Path
) -> None:
    del library
    put(folder, "Nena - Haus (Duet).mp4")
    many.verify([1])
    assert told("Nena") == {"duet": (True, "name")}


@songs_in_file
def test_what_was_said_comes_back_with_the_file(library: runtime.Runtime, folder: Path) -> None:
    del library
    put(folder, "Nena - Haus.mp4", "Toto - Africa.mp4", "Queen - Innuendo.mp4")
    editing.edit(number("Nena"), {"language": "de", "duet": "no"}, sees_all=False)
    (folder / "Nena - Haus.mp4").unlink()
    enrich.scan(folder)
    assert Song.select().count() == 2
    put(folder, "Nena - Haus.mp4")
    assert told("Nena") == {"duet": (False, "person"), "language": ("de", "person")}
    assert Song.get_by_id(number("Nena")).metadata_status == "parsed"


# --- listed and given on --------------------------------------------------------------------------


def shown(**wanted: Any) -> set[str]:
    rows = browsing.find(Filter(**wanted)).rows
    return {str(row.song.artist) for row in rows}


def test_songs_are_listed_by_their_traits(
    library: runtime.Runtime, folder: Path, tmp_path: Path
) -> None:
    with_list(library, tmp_path)
    put(folder, "Nena - Leuchtturm.mp4", "Shakira - Loca.mp4", "Cardi B - WAP.mp4")
    put(folder, "Toto - Unknown.mp4")
    work_off()
    everybody = {"Nena", "Shakira", "Cardi B", "Toto"}
    assert shown(duet="yes") == {"Shakira"}
    assert shown(duet="no") == {"Nena", "Cardi B"}
    assert shown(duet="unknown") == {"Toto"}
    assert shown(language="en") == {"Shakira", "Cardi B"}
    assert shown(language="unknown") == {"Toto"}
    assert shown(explicit="yes", text="wap") == {"Cardi B"}
    assert shown(explicit="unknown") == {"Toto"}
    assert shown(is_family=True) == everybody - {"Cardi B"}
    assert shown(is_family=True, text="wap") == set()
    assert shown(genres=("Pop", "Hip-Hop")) == everybody - {"Toto"}
    assert shown(genres=("Pop",), language="de") == {"Nena"}
    assert browsing.count(Filter(text="l", language="es")) == 1
    browsing.forget()
    assert browsing.counts().languages == {"en": 2, "de": 1, "es": 1}
    for _ in range(30):
        (row,) = browsing.of_chance(is_family=True).rows
        assert row.song.artist != "Cardi B"


def test_traits_are_exported(library: runtime.Runtime, folder: Path) -> None:
    del library
    put(folder, "Nena - Haus (Duet).mp4")
    editing.edit(1, {"language": "de,en"}, sees_all=False)
    out = io.StringIO()
    exporting.write_csv(out)
    head, row = out.getvalue().removeprefix("\ufeff").splitlines()
    assert head.endswith(",confidence,duet,language,explicit")
    assert row.endswith(',yes,"de,en",')
    out = io.StringIO()
    exporting.write_json(out)
    (song,) = json.loads(out.getvalue())
    assert (song["duet"], song["language"], song["explicit"]) == (True, "de,en", None)


def test_corrections_carry_what_people_said_of_traits(
    library: runtime.Runtime, folder: Path
) -> None:
    del library
    put(folder, "Nena - Haus.mp4", "Toto - Africa (Duet).mp4", "Queen - Innuendo.mp4")
    editing.edit(number("Nena"), {"language": "de"}, sees_all=False)
    editing.edit(number("Toto"), {"artist": "Toto", "explicit": "no"}, sees_all=False)
    out = io.StringIO()
    assert corrections.write_csv(out) == 2
    changes.undo(number("Nena"))
    changes.undo(number("Toto"))
    assert told("Nena") == {}

    def take() -> tuple[int, int]:
        done = corrections.read_csv(out.getvalue().removeprefix("\ufeff").splitlines(True))
        assert [done.wrong, done.unknown, done.kept] == [[], [], []]
        return done.applied, done.equal

    assert take() == (2, 0)
    assert told("Nena") == {"language": ("de", "person")}
    assert Song.get_by_id(number("Nena")).metadata_status == "parsed"
    assert told("Toto") == {"duet": (True, "name"), "explicit": (False, "person")}
    assert Song.get_by_id(number("Toto")).metadata_status == "manual"
    assert take() == (0, 2), "a second time changes nothing"


def test_the_command_edits_them(
    library: runtime.Runtime, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(folder, "Nena - Haus.mp4")
    monkeypatch.setenv("ENRICHMENT_DB", library.settings.db)
    monkeypatch.setenv("ENRICHMENT_CONFIG", str(tmp_path / "config.ini"))
    assert main(["edit", "1", "--language", "German", "--explicit", "no"]) == 0
    assert told("Nena") == {"language": ("de", "person"), "explicit": (False, "person")}
    assert main(["edit", "1", "--language", "Klingonish"]) == 2


# --- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def client(library: runtime.Runtime, folder: Path, tmp_path: Path) -> FlaskClient:
    """An admin's browser at a dashboard with a few songs."""
    with_list(library, tmp_path)
    put(folder, "Nena - Leuchtturm.mp4", "Shakira - Loca.mp4", "Cardi B - WAP.mp4")
    put(folder, "Toto - Unknown.mp4")
    work_off()
    runtime.forget()
    runtime.configure(library.settings)
    return create_app(library.settings).test_client()


def get(client: FlaskClient, path: str, **more: Any) -> Any:
    return client.get(f"/enrichment/{path}", headers=BROWSER, **more)


def post(client: FlaskClient, path: str, **fields: Any) -> Any:
    found = re.search(r'name="csrf_token" value="([^"]+)"', get(client, "songs").text)
    assert found
    data = {"csrf_token": found[1], **fields}
    return client.post(f"/enrichment/{path}", data=data, headers=BROWSER)


def titles(page: str) -> set[str]:
    return set(re.findall(r'class="enr-title"[^>]*>(?:<bdi>)?([^<]+)<', page))


def test_a_songs_page_shows_and_takes_them(client: FlaskClient) -> None:
    song = number("Nena")
    page = get(client, f"songs/{song}").text
    for words in ("<bdi>German</bdi>", "from the list book", '<option value="de" selected>German'):
        assert words in page, words
    assert get(client, f"songs/{number('Toto')}").text.count("<bdi>unknown</bdi>") == 3
    form = {"artist": "Nena", "title": "Leuchtturm", "language": "fr", "duet": "yes"}
    assert post(client, f"songs/{song}", **form).status_code == 303
    page = get(client, f"songs/{song}").text
    assert "<bdi>French</bdi>" in page
    assert "from a person" in page
    assert re.search(r'Language</span>\s*<del class="enr-old"><bdi>German', page)
    assert post(client, f"songs/{song}", title="Leuchtturm", language="xx").status_code == 400


def test_the_list_is_narrowed_by_them(client: FlaskClient) -> None:
    assert titles(get(client, "songs?language=en").text) == {"Loca", "WAP"}
    assert titles(get(client, "songs?explicit=yes").text) == {"WAP"}
    assert titles(get(client, "songs?genre=Pop&genre=Hip-Hop").text) == {
        "Leuchtturm",
        "Loca",
        "WAP",
    }
    page = get(client, "songs?genre=Pop&genre=Hip-Hop").text
    assert page.count('name="filter.genre"') == 2
    assert get(client, "songs?language=klingon").status_code == 400
    assert get(client, "songs?duet=perhaps").status_code == 400
    line = get(client, "export.csv?language=de").text.splitlines()[1]
    assert line.endswith(",no,de,no")


def test_all_that_was_found_is_set_in_the_readers_words(client: FlaskClient) -> None:
    german = {**BROWSER, "Accept-Language": "de"}
    page = client.get("/enrichment/songs", headers=german).text
    assert '<option value="en">Englisch</option>' in page
    order = {"set_field": "language", "set_value": "Niederländisch", "do": "set", "all": "1"}
    data = {**order, "filter.genre": ["Pop", "Hip-Hop"]}
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    answer = client.post(
        "/enrichment/songs/set", data={"csrf_token": found[1], **data}, headers=german
    )
    assert answer.status_code == 303
    assert shown(language="nl") == {"Nena", "Shakira", "Cardi B"}
    words = {"songs": [number("Toto")], "explicit": "no"}
    program = client.application.test_client(use_cookies=False)
    said = program.post("/enrichment/songs/set", json=words)
    assert said.json["changed"] == 1
    assert told("Toto") == {"explicit": (False, "person")}


def test_guests_find_by_them(client: FlaskClient) -> None:
    page = get(client, "find").text
    assert 'href="/enrichment/find?duet=yes"' in page
    assert 'href="/enrichment/find?language=en"><bdi>English</bdi>' in page
    assert titles(get(client, "find?duet=yes").text) == {"Loca"}
    assert titles(get(client, "find?language=es&genre=Pop&genre=Rock").text) == {"Loca"}


def tiles(guest: FlaskClient) -> set[str]:
    """Where the guests' tiles lead."""
    parts = re.findall(r'<nav class="enr-tiles.*?</nav>', get(guest, "find").text, re.DOTALL)
    return {unescape(way) for way in re.findall(r'href="/enrichment/([^"]+)"', "".join(parts))}


@pytest.mark.usefixtures("client")
def test_in_a_family_guests_see_nothing_explicit(library: runtime.Runtime) -> None:
    settings = replace(library.settings, guests=True, admin_password="correct horse")
    runtime.forget()
    runtime.configure(settings)
    guest = create_app(settings).test_client()
    admin = {"auth": ("admin", "correct horse")}
    wap = number("Cardi B")

    def queue() -> int:
        token = re.search(r'name="csrf_token" value="([^"]+)"', get(guest, "find").text)
        data = {"csrf_token": token[1] if token else "", "singer": "Ann"}
        path = f"/enrichment/songs/{wap}/queue"
        return int(guest.post(path, data=data, headers=BROWSER).status_code)

    of_wap = {"find?letter=c", "find?decade=2020", "find?genre=Hip-Hop"}
    assert "WAP" in titles(get(guest, "find").text)
    assert of_wap <= tiles(guest)
    assert queue() != 404
    config_file.write(settings.config_file, {("ENRICHMENT", "family"): "yes"})
    for path in (
        "find",
        "find?q=wap",
        "find?artist=cardi+b",
        "find?language=en",
        "find?decade=2020",
    ):
        page = get(guest, path)
        assert page.status_code == 200
        assert "WAP" not in titles(page.text), path
    for _ in range(20):
        assert "WAP" not in get(guest, "find?pick=chance").text
    ways = tiles(guest)
    assert {"find?letter=s", "find?language=en", "find?genre=Pop"} <= ways
    assert not ways & of_wap
    assert all(titles(get(guest, way).text) for way in ways), "no tile leads to nothing"
    assert not re.search('value="2020"|value="Hip-Hop"', get(guest, "find").text)
    assert queue() == 404
    assert "WAP" in titles(get(guest, "find?q=wap", **admin).text), "the admin sees all"
    editing.edit(wap, {"explicit": "no"}, sees_all=False)
    browsing.forget()
    assert "WAP" in titles(get(guest, "find").text), "a person's word"
    assert of_wap <= tiles(guest)
    config_file.write(settings.config_file, {("ENRICHMENT", "family"): "no"})
    assert "WAP" in titles(get(guest, "find").text)


def test_the_settings_page_switches_the_family(client: FlaskClient) -> None:
    services = {"place_lastfm": "1", "place_musicbrainz": "2", "place_itunes": "3"}
    assert post(client, "settings", family="yes", **services).status_code == 303
    assert re.search(r'name="family" value="yes" checked', get(client, "settings").text)
