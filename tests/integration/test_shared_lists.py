"""Other hosts' lists: subscribed, fetched again, obeyed by the exact video, disputed, removed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from polling import wait_until
from processes import Command, query
from queued import entries, look_up_all
from sites import Site, serving_lists

from pikaraoke_enrichment.cli import main
from pikaraoke_enrichment.config import Settings
from pikaraoke_enrichment.database.connection import database
from pikaraoke_enrichment.demo.catalogue import Catalogue
from pikaraoke_enrichment.demo.catalogue import Song as Known
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.exceptions import BadLink, BadList, NoSuchList
from pikaraoke_enrichment.models import (
    CandidateRow,
    Change,
    SharedList,
    SharedSong,
    Song,
    set_state,
)
from pikaraoke_enrichment.schema.opening import close_library
from pikaraoke_enrichment.tasks import consumer, fetching, runtime
from pikaraoke_enrichment.tasks.enrich import scan
from pikaraoke_enrichment.tasks.history import changes, elsewhere, traits
from pikaraoke_enrichment.tasks.review import reviewing
from pikaraoke_enrichment.tasks.review.editing import edit
from pikaraoke_enrichment.tasks.search import review_queue
from pikaraoke_enrichment.tasks.shared import lists
from pikaraoke_enrichment.tasks.shared.publishing import csv_lines

HEAD = "youtube_id,artist,title,variant,year,genre\n"
VIDEO, OTHER = "abcDefghij1", "zyxWvutsrq9"
ABBA = f"{HEAD}{VIDEO},ABBA,Waterloo,,1974,Pop\n".encode()
Fields = tuple[str | None, str | None, int | None, str | None, str | None, float | None]


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_lists() as made:
        yield made


@pytest.fixture
def called(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Runs a command of ours in this process, on the test's library; its status, all it said."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)

    def call(*words: str) -> tuple[int, str]:
        status = main(list(words))
        said = capsys.readouterr()
        return status, said.out + said.err

    return call


@pytest.fixture
def video(library: runtime.Runtime, folder: Path) -> int:
    """A scanned song of the library, with an id in its name and words that lead astray."""
    (folder / f"karaoke hits no 7---{VIDEO}.mp4").touch()
    scan(folder)
    assert library
    return int(Song.get().id)


def told(song_id: int) -> Fields:
    song = Song.get_by_id(song_id)
    known = song.artist, song.title, song.year, song.genre
    return *known, song.metadata_status, song.confidence


WATERLOO = ("ABBA", "Waterloo", 1974, "Pop", "enriched", 0.95)


def sources(song_id: int) -> dict[str, str]:
    from pikaraoke_enrichment.models import SongDetail

    found: dict[str, str] = json.loads(SongDetail.get_by_id(song_id).sources)
    return found


def subscribed(site: Site, path: str = "/anna.csv", data: bytes = ABBA) -> lists.Fetched:
    site.files[path] = data
    return lists.subscribe(site.url + path)


# --- obeyed ---------------------------------------------------------------------------------------


def test_a_list_names_a_song_by_its_video(site: Site, video: int, api: ApiServer) -> None:
    done = subscribed(site)
    assert (done.name, done.videos, done.changed) == ("anna", 1, 1)
    assert told(video) == WATERLOO
    assert sources(video) == dict.fromkeys(("artist", "title", "year", "genre"), "list:anna")
    assert entries() == {}, "nothing is left to ask"
    assert subscribed(site).changed == 0, "a second time changes nothing"
    assert api.requests == []


def test_an_upload_is_named_before_any_service_is_asked(
    site: Site, library: runtime.Runtime, folder: Path, api: ApiServer
) -> None:
    subscribed(site)
    (folder / f"whatever---{VIDEO}.mp4").touch()
    scan(folder)
    look_up_all()
    assert told(Song.get().id) == WATERLOO
    assert api.requests == []
    assert library


def test_services_add_what_the_list_does_not_tell(site: Site, video: int, api: ApiServer) -> None:
    api.catalogue = Catalogue([Known("ABBA", "Waterloo", 1974, "Pop")])
    subscribed(site, data=f"{HEAD}{VIDEO},Abba,Waterloo!,,,\n".encode())
    assert told(video)[:2] == ("Abba", "Waterloo!")
    assert entries() == {video: 10}
    look_up_all()
    assert told(video)[:3] == ("Abba", "Waterloo!", 1974)
    assert told(video)[4:] == ("enriched", 0.95)
    assert sources(video)["title"] == "list:anna"
    assert sources(video)["year"] != "list:anna"
    before = told(video)
    assert lists.update(every=True)[0].videos is None
    assert told(video) == before
    lists.remove("anna")
    assert told(video)[4] == "parsed"
    assert entries() == {video: 10}, "it is looked up as if there had been no list"


def test_a_persons_word_stands_above_every_list(site: Site, video: int) -> None:
    edit(video, {"artist": "Agnetha", "title": "Solo"})
    assert subscribed(site).changed == 0
    assert told(video)[:2] == ("Agnetha", "Solo")
    lists.remove("anna")
    assert told(video)[:2] == ("Agnetha", "Solo")


def test_what_a_person_takes_back_stays_so(site: Site, video: int) -> None:
    before = told(video)
    subscribed(site)
    changes.undo(video)
    assert told(video) == before
    lists.update(every=True)
    assert subscribed(site).changed == 0
    assert told(video) == before
    assert subscribed(site, data=ABBA.replace(b"Waterloo", b"Fernando")).changed == 1
    assert told(video)[1] == "Fernando", "another answer is another question"


def test_what_another_program_says_stands_above_every_list(site: Site, video: int) -> None:
    """Its change was taken back as a service's would be, and nothing of it kept."""
    subscribed(site)
    Song.update(artist="Abba", title="Waterloo (live)").where(Song.id == video).execute()
    elsewhere.notice()
    subscribed(site, data=ABBA.replace(b"1974", b"1975"))
    lists.remove("anna")
    assert told(video)[:2] == ("Abba", "Waterloo (live)")
    assert [each.action for each in changes.history(video)] == ["elsewhere", "list"]


def test_a_persons_word_of_a_trait_holds_no_list_back(site: Site, video: int) -> None:
    """A song that was said to be a duet kept the names of a list that was long removed."""
    subscribed(site)
    edit(video, {"duet": True})
    subscribed(site, data=ABBA.replace(b"1974", b"1975"))
    assert told(video)[2] == 1975
    lists.remove("anna")
    assert told(video)[4] == "parsed"
    assert traits.said_of(video) == {"duet": True}
    assert [each.action for each in changes.history(video)] == ["edit"]
    changes.undo(video)
    assert traits.said_of(video) == {}
    assert told(video)[4] == "parsed"


def test_a_list_is_taken_back_below_however_many_answers(site: Site, video: int) -> None:
    subscribed(site)
    for year in range(1950, 1975):
        changes.record(video, {"year": year}, {"year": year + 1}, action="answer", source="itunes")
    lists.remove("anna")
    assert told(video)[:3] != WATERLOO[:3]
    assert changes.history(video) == []


def test_what_a_person_has_refused_is_not_taken_from_a_list(site: Site, video: int) -> None:
    CandidateRow.create(
        song=video, rank=1, artist="ABBA", title="Waterloo", confidence=0.5, providers="itunes"
    )
    reviewing.reject(video)
    assert subscribed(site).changed == 0


def test_a_name_in_brackets_is_no_video(site: Site, library: runtime.Runtime, folder: Path) -> None:
    (folder / "ABBA - Waterloo [ZoomKaraoke].mp4").touch()
    scan(folder)
    line = "ZoomKaraoke,Other,Song,,,\n"
    assert subscribed(site, data=f"{HEAD}{line}".encode()).changed == 0
    assert library


# --- fetched again --------------------------------------------------------------------------------


def test_a_corrected_row_and_one_that_is_gone(site: Site, video: int) -> None:
    before = told(video)
    subscribed(site)
    site.files["/anna.csv"] = ABBA.replace(b"1974", b"1975")
    assert lists.update(every=True)[0].changed == 1
    assert told(video)[2] == 1975
    site.files["/anna.csv"] = ABBA.replace(VIDEO.encode(), OTHER.encode())
    assert lists.update(every=True)[0].changed == 1
    assert told(video) == before
    assert entries() == {video: 10}


def test_a_list_is_due_after_a_week_and_asked_whether_there_is_news(site: Site, video: int) -> None:
    subscribed(site)
    assert not lists.has_due()
    assert lists.update() == []
    SharedList.update(due_at=0.0).execute()
    assert lists.has_due()
    assert lists.update() == [lists.Fetched("anna")]
    assert site.asked[-1][1], "with the mark of what it has"
    assert not lists.has_due()
    assert told(video) == WATERLOO


@pytest.mark.parametrize(
    ("trouble", "code"), [(500, "link_status"), ("cut off", "link_broken"), (404, "link_status")]
)
def test_what_cannot_be_fetched_stays_and_is_tried_the_next_day(
    site: Site, video: int, trouble: int | str, code: str
) -> None:
    subscribed(site)
    site.files["/anna.csv"], site.troubles["/anna.csv"] = ABBA * 2, trouble
    (done,) = lists.update(every=True)
    assert done.trouble is not None
    assert done.trouble.said.code == code
    kept = SharedList.get()
    assert code in kept.trouble
    assert lists.DAY - 60 < kept.due_at - (kept.fetched_at or 0) < lists.WEEK
    assert told(video) == WATERLOO
    del site.troubles["/anna.csv"]
    assert lists.update(every=True)[0].trouble is None
    assert SharedList.get().trouble == ""


def test_what_is_no_list_any_more_takes_nothing_away(site: Site, video: int) -> None:
    subscribed(site)
    site.files["/anna.csv"] = b"<html>the domain is for sale</html>"
    (done,) = lists.update(every=True)
    assert isinstance(done.trouble, BadList)
    assert told(video) == WATERLOO
    assert SharedSong.select().count() == 1


def test_a_list_too_large_or_inside_the_house_is_refused(
    site: Site, library: runtime.Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.moved["/in"] = "http://127.0.0.1:1/router.csv"
    with pytest.raises(BadLink, match="inside a house"):
        lists.subscribe(f"{site.url}/in")
    monkeypatch.setattr(fetching, "MOST_BYTES", 20)
    with pytest.raises(BadLink, match="larger"):
        subscribed(site)
    assert SharedList.select().count() == 0
    assert library


# --- two lists ------------------------------------------------------------------------------------


def test_two_lists_that_agree_complete_each_other(site: Site, video: int) -> None:
    subscribed(site, data=f"{HEAD}{VIDEO},Abba,WATERLOO,,,Pop\n".encode())
    row = {"youtube_id": VIDEO, "artist": "ABBA", "title": "Waterloo", "year": 1974}
    subscribed(site, "/ben.json", json.dumps([row]).encode())
    assert told(video) == ("Abba", "WATERLOO", 1974, "Pop", "enriched", 0.95)


def test_two_lists_that_disagree_leave_the_song_to_a_person(
    site: Site, video: int, api: ApiServer
) -> None:
    subscribed(site)
    subscribed(site, "/ben.csv", ABBA.replace(b"Waterloo", b"Fernando"))
    assert told(video)[4] == "parsed"
    assert review_queue.waiting() == 1
    shown = [(each.title, each.providers) for each in reviewing.candidates(video)]
    assert sorted(shown) == [("Fernando", "list:ben"), ("Waterloo", "list:anna")]
    look_up_all()
    assert (api.requests, entries()) == ([], {})
    lists.remove("ben")
    assert told(video) == WATERLOO
    assert review_queue.waiting() == 0
    assert [each.source for each in Change.select()] == ["list:anna"]


def test_a_person_decides_between_two_lists(site: Site, video: int) -> None:
    subscribed(site)
    subscribed(site, "/ben.csv", ABBA.replace(b"Waterloo", b"Fernando"))
    reviewing.accept(video)
    decided = told(video)
    assert decided[4:] == ("manual", 1.0)
    lists.remove("ben")
    lists.remove("anna")
    assert told(video) == decided


# --- removed --------------------------------------------------------------------------------------


def test_a_list_that_is_removed_takes_all_it_said_with_it(
    site: Site, library: runtime.Runtime, folder: Path
) -> None:
    ids = [f"abcDefgh{number:03d}" for number in range(150)]
    for each in ids:
        (folder / f"nobody knows---{each}.mp4").touch()
    scan(folder)
    before = [told(song.id) for song in Song.select()]
    rows = "".join(f"{each},Artist,Song {each},,1999,Pop\n" for each in ids)
    assert subscribed(site, data=(HEAD + rows).encode()).changed == 150
    assert lists.count_known(SharedList.get()) == 150
    assert lists.remove("anna") == 150
    assert [told(song.id) for song in Song.select()] == before
    assert len(entries()) == 150
    assert SharedSong.select().count() == 0
    with pytest.raises(NoSuchList):
        lists.remove("anna")
    assert library


# --- pages and older libraries --------------------------------------------------------------------


def test_every_page_shows_what_a_list_said(site: Site, video: int, client: FlaskClient) -> None:
    subscribed(site)
    for path in ("", "songs", f"songs/{video}", "review", "decisions", "find", "lists"):
        answer = client.get(f"/enrichment/{path}", headers={"Accept": "text/html"})
        assert answer.status_code == 200, path
    page = client.get(f"/enrichment/songs/{video}", headers={"Accept": "text/html"}).text
    assert "verified by anna" in page
    assert "Taken from another host&#39;s list: verified by anna" in page
    assert client.get("/enrichment/progress").json["recent"][0]["source"] == "anna"


def test_a_library_of_the_version_before_gets_the_tables(
    site: Site, video: int, library: runtime.Runtime
) -> None:
    for table in ("enrichment_shared_song", "enrichment_shared_list"):
        database.execute_sql(f"DROP TABLE {table}")
    set_state("schema_version", "8")
    close_library()
    library.open()
    assert subscribed(site).changed == 1
    assert told(video) == WATERLOO


# --- published ------------------------------------------------------------------------------------


def test_ones_own_list_tells_nothing_of_the_house(
    site: Site,
    video: int,
    folder: Path,
    tmp_path: Path,
    called: Callable[..., tuple[int, str]],
) -> None:
    for name in (f"copy---{VIDEO}.mp4", "Private Party [ZoomKaraoke].mp4", "rip.mp4"):
        (folder / name).touch()
    scan(folder)
    for song in Song.select():
        edit(song.id, {"artist": "=ABBA", "title": "Waterloo", "year": "1974", "genre": "Pop"})
    text = "".join(csv_lines())
    assert text == f"\ufeff{HEAD}{VIDEO},'=ABBA,Waterloo,,1974,Pop\n"
    out = tmp_path / "mine.csv"
    status, said = called("export", "--publish", str(out))
    assert (status, "1 verified video" in said) == (0, True)
    assert out.read_text(encoding="utf-8") == text
    Song.update(metadata_status="parsed").execute()
    subscribed(site, data=out.read_bytes())
    assert told(video)[:2] == ("=ABBA", "Waterloo")
    assert list(csv.reader(io.StringIO("".join(csv_lines()))))[1:] == [], "no list's word is ours"


# --- the commands ---------------------------------------------------------------------------------


def test_the_commands(site: Site, video: int, called: Callable[..., tuple[int, str]]) -> None:
    site.files["/anna.csv"] = ABBA
    status, said = called("catalogue", "subscribe", f"{site.url}/anna.csv", "--name", "Anna, 1st")
    assert (status, said.splitlines()[-1]) == (
        0,
        "Anna 1st names 1 video, 1 song changed by it; it is fetched again once a week",
    )
    assert called("catalogue", "update") == (0, "No list is due\n")
    assert called("catalogue", "update", "--all") == (0, "Anna 1st: no news\n")
    site.troubles["/anna.csv"] = 503
    SharedList.update(etag="").execute()
    status, said = called("catalogue", "update", "--all")
    assert (status, "answers 503" in said) == (1, True)
    status, said = called("catalogue", "list")
    assert "Anna 1st: 1 video, 1 of them in this library, fetched 2" in said
    assert "answers 503" in said
    status, said = called("catalogue", "remove", "Anna 1st")
    assert (status, said) == (0, "Anna 1st removed; 1 song as they were without it\n")
    assert told(video)[4] == "parsed"


# --- the chore ------------------------------------------------------------------------------------


def test_the_consumer_fetches_what_is_due(
    site: Site, settings: Settings, video: int, command: Callable[..., Command],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    subscribed(site)
    SharedList.update(due_at=0.0).execute()
    site.files["/anna.csv"] = ABBA.replace(b"1974", b"1975")
    monkeypatch.setattr(consumer, "FIRST_LISTS_AFTER", 0.0)
    steward = consumer.Steward(stop_flag=None)
    hours: list[float | None] = [1.0]
    monkeypatch.setattr(consumer.quiet_hours, "rests_until", lambda: hours[0])
    steward._fetch_lists(consumer.time.monotonic())
    assert steward._fetching is None, "in quiet hours nothing is fetched"
    hours[0] = None
    steward._fetch_lists(consumer.time.monotonic())
    wait_until(lambda: told(video)[2] == 1975)
    assert command
    assert query(settings, "SELECT count(*) FROM enrichment_shared_song") == [(1,)]
