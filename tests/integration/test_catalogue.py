"""The offline catalogue: lists imported, found in, and asked before any service."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from booklists import import_list
from huey.exceptions import RetryTask

from pikaraoke_enrichment import config, providers
from pikaraoke_enrichment.cli import main
from pikaraoke_enrichment.demo.catalogue import Catalogue as Known
from pikaraoke_enrichment.demo.catalogue import Song, made_up_songs
from pikaraoke_enrichment.demo.server import ApiServer
from pikaraoke_enrichment.exceptions import BadList
from pikaraoke_enrichment.models import Lookup, QueueEntry, SongDetail
from pikaraoke_enrichment.models import Song as Row
from pikaraoke_enrichment.providers.base import Found, NotFound, Query, Tag, Trait
from pikaraoke_enrichment.providers.catalogue import Catalogue, lists
from pikaraoke_enrichment.system import log_throttle
from pikaraoke_enrichment.system.invocation import typed
from pikaraoke_enrichment.tasks import consumer, control, enrich, runtime
from pikaraoke_enrichment.tasks.cataloguing import (
    Line,
    kept_lists,
    read_list,
    remove_list,
)
from pikaraoke_enrichment.words.sentences import kept_sentence

HEADER = "Id;Title;Artist;Year;Duo;Explicit;Date Added;Styles;Languages"
KARAFUN = f"""{HEADER}
1;Bohemian Rhapsody;Queen;1975;0;0;2009-01-01;Rock,Pop;English
2;"Don't Stop Believin'";Journey;1981;0;0;2009-01-01;Rock;English
3;"Song; with a semicolon";Beyoncé;2008;1;0;2009-01-01;"R&B, Pop";English
4;;Nobody;1999;0;0;2009-01-01;Pop;English
5;Crazy in Love;Beyoncé;;0;0;2009-01-01;;English
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """The catalogue's file."""
    return tmp_path / "catalogue.db"


def write(folder: Path, content: str | bytes, name: str = "karafun.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def found(book: Path, artist: str, title: str) -> list[tuple[str, str, int | None]]:
    outcome = Catalogue(book).lookup(Query(artist, title))
    candidates = outcome.candidates if isinstance(outcome, Found) else ()
    return [(each.artist, each.title, each.year) for each in candidates]


# --- reading a list -------------------------------------------------------------------------------


def test_karafuns_public_list(tmp_path: Path, book: Path) -> None:
    assert import_list(write(tmp_path, KARAFUN), book).songs == 4
    (candidate,) = Catalogue(book).lookup(Query("Queen", "Bohemian Rhapsody")).candidates  # type: ignore[union-attr]
    assert (candidate.artist, candidate.title, candidate.year) == (
        "Queen",
        "Bohemian Rhapsody",
        1975,
    )
    assert candidate.tags == (Tag("Rock", 1.0), Tag("Pop", 0.5))


@pytest.mark.parametrize(
    "content",
    [
        "Artist,Title,Year\nABBA,Waterloo,1974\n",
        "\ufeffInterpret;Titel;Jahr\r\nABBA;Waterloo;1974\r\n",
        "Título\tArtista\tAño\nWaterloo\tABBA\t1974\n",
        "\n\nARTIST|SONG|RELEASE YEAR\n\nABBA|Waterloo|1974.0\n",
        "Künstler;Lied;Jahr\nABBA;Waterloo;1974\n".encode("cp1252"),
        "Artist\tTitle\tYear\nABBA\tWaterloo\t1974\n".encode("utf-16"),
        '"Artist","Title","Year"\n"ABBA","Waterloo","1974"\n"lonely"\n"",""\n',
        "Artist,Title,Year\nABBA,Waterloo,1974\nABBA,Waterloo,1974\n",
        "sep=;\r\nArtist;Title;Year\r\nABBA;Waterloo;1974\r\n",
        "\tArtist\tTitle\tYear\n0\tABBA\tWaterloo\t1974\n",
        "Artist;Title;Year\rABBA;Waterloo;1974\r",
        'Artist;Title;Year\nABBA;"Waterloo\n";1974\n',
        "Artist;Title;Year;Note\nABBA;Waterloo;1974;one\u2028two\n",
    ],
)
def test_columns_are_found_by_their_names(tmp_path: Path, content: str | bytes) -> None:
    assert read_list(write(tmp_path, content).read_bytes(), "a list")[0] == Line(
        "ABBA", "Waterloo", 1974, ""
    )


def test_a_book_sorted_by_surnames_is_turned_round(tmp_path: Path, book: Path) -> None:
    rows = (
        "PRESLEY, ELVIS;JAILHOUSE ROCK",
        "SIMON & GARFUNKEL;BOXER, THE",
        "EAGLES, THE;DESPERADO",
    )
    import_list(write(tmp_path, "\n".join(["Artist;Title", *rows])), book)
    assert found(book, "Elvis Presley", "Jailhouse Rock")[0][:2] == (
        "ELVIS PRESLEY",
        "JAILHOUSE ROCK",
    )
    assert found(book, "Simon Garfunkel", "The Boxer")[0][1] == "THE BOXER"
    assert found(book, "Eagles", "Desperado")[0][0] == "THE EAGLES"


def test_in_another_list_a_comma_stays_in_its_name(tmp_path: Path) -> None:
    songs = "\n".join(f"{song.artist};{song.title}" for song in made_up_songs(100))
    written = write(tmp_path, f"Artist;Title\n{songs}\nHello, Dolly! (film);Hello, Dolly!\n")
    assert read_list(written.read_bytes(), "a list")[-1].artist == "Hello, Dolly! (film)"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "no column for the artist"),
        ("Title;Year\nWaterloo;1974\n", "no column for the artist"),
        ("Artist\nABBA\n", "no column for the title"),
        ("ABBA;Waterloo\nQueen;Innuendo\n", "it names abba, waterloo"),
        ("Artist;Title\n;\n", "holds no song"),
        (b"SQLite format 3\0\0\0", "no text file"),
        (f'Artist;Title\nABBA;"{"x" * 200_000}"\n', "line 2"),
    ],
)
def test_a_bad_list_is_told_of_and_nothing_is_lost(
    tmp_path: Path, book: Path, content: str | bytes, words: str
) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    with pytest.raises(BadList, match=words):
        import_list(write(tmp_path, content), book)
    assert lists(book)[0][:2] == ("karafun", 4)
    assert found(book, "Queen", "Bohemian Rhapsody")


def test_importing_again_replaces(tmp_path: Path, book: Path) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    import_list(write(tmp_path, "Artist;Title\nABBA;Waterloo\n"), book)
    import_list(write(tmp_path, "Artist;Title\nABBA;Fernando\n", "other.csv"), book)
    assert [(name, count) for name, count, _ in lists(book)] == [("karafun", 1), ("other", 1)]
    assert not found(book, "Queen", "Bohemian Rhapsody")
    assert found(book, "ABBA", "Waterloo")
    remove_list("karafun", book)
    assert not found(book, "ABBA", "Waterloo")
    assert found(book, "ABBA", "Fernando")
    with pytest.raises(LookupError, match=r"no song list 'karafun', only other$"):
        remove_list("karafun", book)


def test_a_damaged_catalogue_knows_nothing_and_says_what_to_do(tmp_path: Path, book: Path) -> None:
    book.write_bytes(b"no database" * 1000)
    assert lists(book) == []
    assert Catalogue(book).lookup(Query("ABBA", "Waterloo")) == NotFound()
    with pytest.raises(BadList, match="delete it"):
        import_list(write(tmp_path, KARAFUN), book)


def test_a_full_disk_is_told_of_and_nothing_is_lost(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    full = f"{providers.catalogue.SCHEMA} PRAGMA max_page_count = 20;"
    monkeypatch.setattr(providers.catalogue, "SCHEMA", full)
    songs = "\n".join(f"{song.artist};{song.title}" for song in made_up_songs(2000))
    with pytest.raises(BadList, match=r"cannot be written \(database or disk is full\)$"):
        import_list(write(tmp_path, f"Artist;Title\n{songs}"), book)
    assert lists(book)[0][:2] == ("karafun", 4)
    assert found(book, "Queen", "Bohemian Rhapsody")


class FullAfterwards(sqlite3.Connection):
    """A disk with room for the log of a change and none for the file."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if "wal_checkpoint" in sql:
            raise sqlite3.OperationalError("database or disk is full")
        return super().execute(sql, *values)


def test_a_list_that_is_kept_is_no_failure_where_the_disk_fills_afterwards(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=FullAfterwards))
        assert import_list(write(tmp_path, KARAFUN), book).songs == 4
    assert found(book, "Queen", "Bohemian Rhapsody")


# --- what lists tell beside the fields ------------------------------------------------------------


def traits(book: Path, artist: str, title: str) -> set[Trait]:
    outcome = Catalogue(book).lookup(Query(artist, title))
    assert isinstance(outcome, Found)
    return set(outcome.candidates[0].traits)


def test_duet_language_and_explicit_come_with_a_list(tmp_path: Path, book: Path) -> None:
    rows = "1;Shallow;Lady Gaga;2018;1;0;;Pop;English\n2;WAP;Cardi B;2020;;yes;;Rap;English,Spanish"
    import_list(write(tmp_path, f"{HEADER}\n{rows}\n"), book, "K")
    assert traits(book, "Lady Gaga", "Shallow") == {
        Trait("duet", True, "list K"),
        Trait("language", "en", "list K"),
        Trait("explicit", False, "list K"),
    }
    assert traits(book, "Cardi B", "WAP") == {
        Trait("language", "en,es", "list K"),
        Trait("explicit", True, "list K"),
    }


def test_what_a_list_does_not_tell_is_unknown(tmp_path: Path, book: Path) -> None:
    rows = "Shallow;Lady Gaga;Country,Duet\nWAP;Cardi B;Rap\n"
    import_list(write(tmp_path, f"Title;Artist;Styles\n{rows}"), book, "K")
    assert traits(book, "Lady Gaga", "Shallow") == {Trait("duet", True, "list K")}, "by its style"
    assert traits(book, "Cardi B", "WAP") == set()
    other = "Title;Artist;Languages;Explicit\nWAP;Cardi B;Other;perhaps\n"
    import_list(write(tmp_path, other), book, "K")
    assert traits(book, "Cardi B", "WAP") == set()


def test_of_two_lists_that_disagree_neither_is_believed(tmp_path: Path, book: Path) -> None:
    for name, language, explicit in (("A", "English", "1"), ("B", "Spanish", "1")):
        row = f"Title;Artist;Languages;Explicit\nDespacito;Luis Fonsi;{language};{explicit}\n"
        import_list(write(tmp_path, row), book, name)
    assert traits(book, "Luis Fonsi", "Despacito") == {Trait("explicit", True, "list A")}


def test_a_file_of_before_is_asked_as_ever_and_tells_more_after_an_import(
    tmp_path: Path, book: Path
) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    with closing(sqlite3.connect(book)) as connection:
        for name in ("duet", "language", "explicit"):
            connection.execute(f"ALTER TABLE enrichment_catalogue_song DROP COLUMN {name}")
    assert found(book, "Queen", "Bohemian Rhapsody")
    assert traits(book, "Queen", "Bohemian Rhapsody") == set()
    import_list(write(tmp_path, KARAFUN), book)
    assert Trait("language", "en", "list karafun") in traits(book, "Queen", "Bohemian Rhapsody")


# --- a file of before the words were counted ------------------------------------------------------


def make_old(book: Path) -> None:
    with closing(sqlite3.connect(book)) as connection:
        connection.executescript(
            "DROP TABLE enrichment_catalogue_word;"
            "CREATE TABLE enrichment_catalogue_common (word TEXT PRIMARY KEY);"
        )


def tables(book: Path) -> set[str]:
    with closing(sqlite3.connect(book)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}


def test_an_import_into_an_old_file_makes_all_its_lists_ready(tmp_path: Path, book: Path) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    make_old(book)
    import_list(write(tmp_path, "Artist;Title\nABBA;Fernando\n", "other.csv"), book)
    assert [name for name, _, _ in lists(book)] == ["karafun", "other"]
    assert found(book, "Jorney", "Don't Stop Believin")


@pytest.mark.parametrize("is_import_given_up", [False, True])
def test_the_commands_make_an_old_file_ready(
    tmp_path: Path, book: Path, is_import_given_up: bool
) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    make_old(book)
    if is_import_given_up:
        with pytest.raises(BadList):
            import_list(write(tmp_path, "Artist;Title\n;\n"), book)
    assert lists(book) == [], "nobody else makes it ready"
    assert [(name, count) for name, count, _ in kept_lists(book)] == [("karafun", 4)]
    assert found(book, "Jorney", "Don't Stop Believin")
    assert "enrichment_catalogue_common" not in tables(book)
    make_old(book)
    remove_list("karafun", book)
    assert kept_lists(book) == []


def test_of_an_old_file_a_consumer_says_at_its_start_what_to_do(
    library: runtime.Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    book = library.settings.catalogue
    import_list(write(tmp_path, KARAFUN), book)
    make_old(book)
    consumer._say_who_is_asked(library)
    assert Catalogue.name not in [provider.name for provider in library.providers]
    (said,) = [each.message for each in caplog.records if "lists" in each.message]
    assert said.endswith(f"run: {typed('catalogue list')}")
    kept_lists(book)
    assert library.providers[0].name == Catalogue.name
    caplog.clear()
    consumer._say_who_is_asked(library)
    assert "catalogue" not in caplog.text


def test_songs_that_have_no_word_need_no_count(tmp_path: Path, book: Path) -> None:
    import_list(write(tmp_path, "Artist;Title\n?;!\n"), book)
    assert [(name, count) for name, count, _ in lists(book)] == [("karafun", 1)]


# --- looking up -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("artist", "title"),
    [
        ("Journey", "Dont Stop Believin"),
        ("", "journey dont stop believin"),
        ("", "Journey_Dont_Stop_Believin"),
        ("𝐉𝐨𝐮𝐫𝐧𝐞𝐲", "ＤＯＮＴ ＳＴＯＰ ＢＥＬＩＥＶＩＮ"),
        ("Don't Stop Believin'", "Journey"),
        ("Jorney", "Don't Stop Believin"),
        ("JOURNEY", "Don't Stop Beleivin'"),
    ],
)
def test_a_song_is_found_however_it_is_written(
    tmp_path: Path, book: Path, artist: str, title: str
) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    assert found(book, artist, title) == [("Journey", "Don't Stop Believin'", 1981)]


@pytest.mark.parametrize(
    ("artist", "title"),
    [("", ""), ("Queen", " "), ("?", "!"), ("Queen", "Innuendo"), ('"', '" OR "'), ("\ud800", "x")],
)
def test_what_is_not_in_it_is_not_found(
    tmp_path: Path, book: Path, artist: str, title: str
) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    assert Catalogue(book).lookup(Query(artist, title)) == NotFound()


def test_a_year_that_lists_disagree_on_is_believed_of_neither(tmp_path: Path, book: Path) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    import_list(write(tmp_path, "Artist;Title;Year\nQUEEN;Bohemian Rhapsody;2009\n", "disc"), book)
    assert found(book, "Queen", "Bohemian Rhapsody") == [("Queen", "Bohemian Rhapsody", None)]


@pytest.mark.parametrize("common_from", [1, 40, 80, 1000])
def test_a_slip_is_found_as_if_each_word_had_been_left_out_in_turn(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch, common_from: int
) -> None:
    monkeypatch.setattr(providers.catalogue, "COMMON_FROM", common_from)
    words = ["love", "you", "me", "night", "baby", "dance", "rain", "fire", "blue"]
    dice = random.Random(common_from)
    weights = range(len(words), 0, -1)
    songs = [
        (" ".join(dice.choices(words, weights, k=2)), " ".join(dice.choices(words, weights, k=3)))
        for _ in range(250)
    ]
    lines = (f"{artist};{title}" for artist, title in songs)
    import_list(write(tmp_path, "\n".join(["Artist;Title", *lines])), book)
    asked = [dice.sample([*words, "moon", "sun"], dice.randint(1, 6)) for _ in range(300)]
    for each in asked:
        names = [(artist, title) for artist, title, _ in found(book, "", " ".join(each))]
        assert names == by_trial(each, list(dict.fromkeys(songs)), common_from), each


def by_trial(
    asked: list[str], songs: list[tuple[str, str]], common_from: int
) -> list[tuple[str, str]]:
    """The songs of just these words; else with all of them; else with all but one rare word."""

    def having(words: Iterable[str], limit: int) -> list[tuple[str, str]]:
        return [song for song in songs if set(words) <= set(" ".join(song).split())][:limit]

    just = [song for song in songs if set(" ".join(song).split()) == set(asked)]
    if just or having(asked, 1):
        return just[: providers.catalogue.LIMIT] or having(asked, providers.catalogue.LIMIT)
    rare = [word for word in asked if len(having([word], len(songs))) < common_from]
    found = [
        song
        for word in (rare if len(asked) > 2 else [])
        for song in having({*asked} - {word}, providers.catalogue.FEWER)
    ]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(
    "title",
    ["Slip Believin Journey", "a b c d e f g h i", "Queen Rhapsody Journey Stop", "x y z " * 40],
)
def test_no_question_takes_more_than_a_few_searches(tmp_path: Path, book: Path, title: str) -> None:
    import_list(write(tmp_path, KARAFUN), book)
    catalogue, searches = Catalogue(book), list[str]()
    catalogue._connection().set_trace_callback(searches.append)
    catalogue.lookup(Query("", title))
    assert 1 < len([each for each in searches if each.startswith("SELECT word")]) <= 4


def test_a_big_catalogue_is_searched_in_two_milliseconds(tmp_path: Path, book: Path) -> None:
    songs = made_up_songs(20_000)
    lines = (f"{song.artist};{song.title};{song.year}" for song in songs)
    import_list(write(tmp_path, "\n".join(["Artist;Title;Year", *lines])), book)
    catalogue, dice = Catalogue(book), random.Random(1)
    chosen = dice.sample(songs, 200)
    began = time.thread_time()
    hits = sum(
        isinstance(catalogue.lookup(Query(song.artist, f"{song.title[:-2]}{end}")), Found)
        for song in chosen
        for end in (song.title[-2:], song.title[:-3:-1])  # as it is, and with a slip of the pen
    )
    assert (time.thread_time() - began) / 400 < 0.002
    assert hits >= 380
    connection = sqlite3.connect(book)
    plan = "EXPLAIN QUERY PLAN SELECT artist FROM enrichment_catalogue_song WHERE words = 'a b'"
    assert "enrichment_catalogue_words" in connection.execute(plan).fetchone()[3]
    connection.close()


# --- as a provider --------------------------------------------------------------------------------


def take_in(library: runtime.Runtime, folder: Path, content: str, *names: str) -> None:
    import_list(write(folder, content), library.settings.catalogue)
    (folder / "songs").mkdir()
    for name in names:
        (folder / "songs" / f"{name} (Karaoke).mp4").touch()
    enrich.scan(folder / "songs")


def look_up_all() -> None:
    for entry in QueueEntry.select().order_by(QueueEntry.id):
        with suppress(RetryTask):
            enrich.enrich_song.call_local(entry.song_id)


def test_a_song_of_the_catalogue_takes_no_request(
    library: runtime.Runtime, api: ApiServer, tmp_path: Path
) -> None:
    take_in(library, tmp_path, KARAFUN, "Queen - Bohemian Rhapsody", "Journey - Dont Stop Believin")
    look_up_all()
    rows = {(row.artist, row.title, row.year, row.genre) for row in Row.select()}
    assert rows == {
        ("Queen", "Bohemian Rhapsody", 1975, "Rock"),
        ("Journey", "Don't Stop Believin'", 1981, "Rock"),
    }
    assert api.count() == 0
    assert QueueEntry.select().count() == 0
    assert Lookup.select().count() == 0, "it is kept where it lies"


def test_what_the_catalogue_leaves_out_is_a_second_look_at_the_services(
    library: runtime.Runtime, api: ApiServer, tmp_path: Path
) -> None:
    api.catalogue = Known(
        [Song("Beyoncé", "Crazy in Love", 2003, "R&B"), Song("A", "B", 1999, "Pop")]
    )
    take_in(library, tmp_path, KARAFUN, "Beyoncé - Crazy in Love", "ABBA - Waterloo")
    song = Row.get(Row.file_path.contains("Crazy"))
    enrich.enrich_song.call_local(song.id)
    assert api.count() == 0
    assert Row.get_by_id(song.id).metadata_status == "enriched"
    enrich.enrich_song.call_local(song.id)
    assert Row.get_by_id(song.id).year == 2003
    api.forget()
    enrich.enrich_song.call_local(Row.get(Row.file_path.contains("ABBA")).id)
    assert api.count(), "a song that it does not know is no second look"
    look_up_all()
    reason = kept_sentence(SongDetail.get(SongDetail.song == Row.get(title="Waterloo")).reason)
    assert reason.startswith("not found at Last.fm"), "a list is not said to lack a song"


def test_without_a_network_the_catalogue_still_answers(
    library: runtime.Runtime, api: ApiServer, tmp_path: Path
) -> None:
    take_in(library, tmp_path, KARAFUN, "Queen - Bohemian Rhapsody", "Nobody - Nothing")
    control.start()
    api.fail("*", "closed")
    for service in library.providers[1:] * 3:
        service.lookup(Query("a", "b"))
    assert enrich.may_work()
    look_up_all()
    assert Row.get(Row.file_path.contains("Queen")).metadata_status == "enriched"
    assert not enrich.may_work(), "the other one waits for the network"


def test_a_song_looked_up_after_an_import_is_found_in_it(
    library: runtime.Runtime, api: ApiServer, tmp_path: Path
) -> None:
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "Queen - Bohemian Rhapsody.mp4").touch()
    enrich.scan(tmp_path / "songs")
    look_up_all()
    assert Row.get().metadata_status == "enrichment_failed"
    import_list(write(tmp_path, KARAFUN), library.settings.catalogue)
    enrich.queue_ids([1], 0)
    look_up_all()
    assert (Row.get().metadata_status, Row.get().year) == ("enriched", 1975)
    assert api.count(), "it was asked while there was no list"


def test_a_list_wakes_the_songs_that_wait_for_a_service(
    library: runtime.Runtime, api: ApiServer, tmp_path: Path
) -> None:
    """Imported without a network, it was not asked until the consumer was started anew."""
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "Queen - Bohemian Rhapsody.mp4").touch()
    enrich.scan(tmp_path / "songs")
    control.start()
    api.fail("*", "closed")
    for service in library.providers * 3:
        service.lookup(Query("a", "b"))
    look_up_all()
    enrich.sweep()
    assert QueueEntry.get().not_before > time.time() + 1
    assert not enrich.may_work()
    import_list(write(tmp_path, KARAFUN), library.settings.catalogue)
    assert enrich.sweep(), "it is delivered at once"
    assert enrich.may_work()
    look_up_all()
    assert Row.get().metadata_status == "enriched"
    assert not enrich.sweep(), "a list that nobody changed wakes nobody again"


def test_every_change_of_the_lists_is_seen_by_the_next_song(
    library: runtime.Runtime, tmp_path: Path
) -> None:
    book = library.settings.catalogue
    services = [provider.name for provider in library.providers]

    def knows(title: str) -> bool:
        first, *others = library.providers
        assert [provider.name for provider in others] == services
        assert library.services == services
        return isinstance(first.lookup(Query("Queen", title)), Found)

    import_list(write(tmp_path, KARAFUN), book)
    assert knows("Bohemian Rhapsody")
    import_list(write(tmp_path, "Artist;Title\nQueen;Innuendo\n"), book)
    assert knows("Innuendo")
    assert not knows("Bohemian Rhapsody")
    for path in book.parent.glob(f"{book.name}*"):
        path.unlink()
    assert [provider.name for provider in library.providers] == services
    import_list(write(tmp_path, KARAFUN), book)
    assert knows("Bohemian Rhapsody")
    remove_list("karafun", book)
    assert [provider.name for provider in library.providers] == services
    book.write_bytes(b"no database" * 1000)
    assert [provider.name for provider in library.providers] == services
    book.unlink()
    import_list(write(tmp_path, KARAFUN), book)
    assert knows("Bohemian Rhapsody")


def test_a_catalogue_that_nobody_changed_is_not_read_again(
    library: runtime.Runtime, tmp_path: Path
) -> None:
    import_list(write(tmp_path, KARAFUN), library.settings.catalogue)
    first = library.providers[0]
    first.lookup(Query("Queen", "Bohemian Rhapsody"))
    assert library.providers[0] is first


def test_a_catalogue_that_could_not_be_read_once_is_read_for_the_next_song(
    library: runtime.Runtime,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(log_throttle, "_said", {})
    import_list(write(tmp_path, KARAFUN), library.settings.catalogue)
    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Unreadable))
        assert Catalogue.name not in [provider.name for provider in library.providers]
    assert "song lists cannot be read (disk I/O error)" in caplog.text
    assert library.providers[0].name == Catalogue.name


class Unreadable(sqlite3.Connection):
    """A file on a disk that fails just now: who has written to it can be told, its lists cannot."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql.lstrip().startswith("SELECT"):
            raise sqlite3.OperationalError("disk I/O error")
        return super().execute(sql, *values)


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def at_hand(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's library is the one that a command finds."""
    monkeypatch.setenv("ENRICHMENT_CONFIG", settings.config_file)
    monkeypatch.setenv("ENRICHMENT_DB", settings.db)
    monkeypatch.setenv("ENRICHMENT_QUEUE", settings.queue)


@pytest.mark.usefixtures("at_hand")
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(write(tmp_path, KARAFUN))
    assert main(["catalogue", "import", path]) == 0
    assert main(["catalogue", "import", path, "--name", "Our book"]) == 0
    assert main(["catalogue", "remove", "karafun"]) == 0
    capsys.readouterr()
    assert main(["catalogue", "list"]) == 0
    assert capsys.readouterr().out.startswith("Our book: 4 songs, imported 20")
    assert main(["catalogue", "remove", "karafun"]) == 1
    assert main(["catalogue", "import", str(write(tmp_path, "x"))]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert main(["catalogue"]) == 2


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["ABBA;Waterloo;1974", "ABBA;Fernando;", "", ";;"], ""),
        (
            ["ABBA;Waterloo;MCMLXXIV", ";Fernando;soon"],
            "1 line without artist or title left out, 1 year not understood\n",
        ),
        (["ABBA;;", ";Fernando;", "ABBA;SOS"], "2 lines without artist or title left out\n"),
        (["ABBA;Waterloo;19xx", "ABBA;SOS;?"], "2 years not understood\n"),
    ],
)
def test_the_command_says_what_it_could_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[str], said: str
) -> None:
    path = write(tmp_path, "\n".join(["Artist;Title;Year", "Queen;Innuendo;1991.0", *lines]))
    assert main(["catalogue", "import", str(path)]) == 0
    assert capsys.readouterr().err == said


@pytest.mark.usefixtures("at_hand")
def test_of_a_damaged_catalogue_the_command_says_what_to_do(
    settings: config.Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.catalogue.write_bytes(b"no database" * 1000)
    for words in (["list"], ["remove", "karafun"]):
        assert main(["catalogue", *words]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert f"{settings.catalogue} is damaged" in said.err
        assert "delete it, and import your lists again" in said.err


@pytest.mark.usefixtures("at_hand")
def test_the_command_says_which_songs_may_gain_and_how(
    settings: config.Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write(tmp_path, KARAFUN))

    def said(*words: str) -> list[str]:
        assert main(words) == 0
        return capsys.readouterr().out.splitlines()

    assert said("catalogue", "import", path) == ["4 songs in the song list karafun"]
    assert not Path(settings.db).exists(), "a list needs no library"
    (tmp_path / "songs").mkdir()
    for name in ("ABBA - Waterloo", "Queen - Innuendo", "Blur - Song 2", "Oasis - Wonderwall"):
        (tmp_path / "songs" / f"{name}.mp4").touch()
    said("scan", str(tmp_path / "songs"))
    assert len(said("catalogue", "import", path)) == 1, "they are looked up anyway"
    with closing(sqlite3.connect(settings.db)) as connection, connection:
        connection.execute("DELETE FROM enrichment_queue")
        connection.execute("UPDATE songs SET metadata_status = 'enrichment_failed' WHERE id = 4")
    by_name = f"3 known by their name only ({typed('requeue --review')})"
    not_found = f"1 not found ({typed('requeue --failed')})"
    assert said("catalogue", "import", path)[1:] == [
        f"To look up again with it: {by_name}, {not_found}"
    ]
    assert said("requeue", "--review")[0].startswith("3 queued")
    assert said("catalogue", "remove", "karafun") == [
        "karafun removed; what songs have from it stays",
        f"To look up again without it: {not_found}",
    ]
    assert said("set", "contact", "me@example.org") == [
        "contact: saved",
        f"To look up again with it: {not_found}",
    ]
    assert said("set", "contact", "") == ["contact: taken out"]
