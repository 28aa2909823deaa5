"""What the services really hold beside the songs: makers, tributes, swapped and ghost entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pikaraoke_enrichment.providers.base import Candidate, Tag
from pikaraoke_enrichment.tasks.matching import judge
from pikaraoke_enrichment.tasks.parsing import Hypothesis, Knowledge, ParsedName


def name(*readings: tuple[str, str]) -> ParsedName:
    hypotheses = tuple(Hypothesis(artist, title, "weak") for artist, title in readings)
    return ParsedName(" - ".join(readings[0]), None, hypotheses)


def lastfm(artist: str, title: str, listeners: int, *tags: str) -> Candidate:
    return Candidate(
        "lastfm", artist, title, tags=tuple(Tag(tag) for tag in tags), listeners=listeners
    )


def itunes(artist: str, title: str, genre: str = "Pop", album: str = "") -> Candidate:
    return Candidate("itunes", artist, title, year=2014, tags=(Tag(genre),), album=album)


MAKERS = [
    itunes("Party Tyme Karaoke", "Bohemian Rhapsody (Made Popular By Queen) [Karaoke]", "Karaoke"),
    itunes("Ameritz", "Bohemian Rhapsody (In the Style of Queen)", "Karaoke"),
    itunes("Ameritz Tracks Planet", "Bohemian Rhapsody"),
    itunes("Ameritz Countdown Singers", "Bohemian Rhapsody"),
    itunes("The Karaoke Channel", "Bohemian Rhapsody (Originally Performed By Queen)"),
    itunes("Zoom Karaoke", "Bohemian Rhapsody", "Karaoke"),
    itunes("Karaoke Version", "Bohemian Rhapsody"),
    itunes("Sunfly", "Bohemian Rhapsody", album="Sunfly Hits 12"),
    itunes("ProSource Karaoke", "Bohemian Rhapsody"),
    itunes("Stingray Karaoke", "Bohemian Rhapsody"),
    itunes("Some Singers", "Bohemian Rhapsody", "Karaoke"),
    itunes("Some Singers", "Bohemian Rhapsody", album="Karaoke Hits of Queen, Vol. 3"),
    Candidate("musicbrainz", "Some Band", "Bohemian Rhapsody", disambiguation="karaoke version"),
    lastfm("Sing King", "Bohemian Rhapsody - Karaoke Version", 4_000),
]  # fmt: skip
TRIBUTES = [
    itunes("Queen Tribute Band", "Bohemian Rhapsody"),
    itunes("Vitamin String Quartet", "Bohemian Rhapsody", "Classical"),
    itunes("Studio Allstars", "Bohemian Rhapsody", album="A Tribute to Queen"),
    itunes("Rockabye Baby!", "Bohemian Rhapsody", "Children's Music"),
]


@pytest.mark.parametrize("offered", [*MAKERS, *TRIBUTES], ids=lambda each: each.artist)
@pytest.mark.parametrize(
    "asked",
    [
        name(("Queen", "Bohemian Rhapsody")),
        name(("", "Bohemian Rhapsody")),
        name(("", "Queen Bohemian Rhapsody")),
    ],
    ids=["artist", "title", "both"],
)
def test_no_maker_or_tribute_band_is_even_offered(asked: ParsedName, offered: Candidate) -> None:
    assert judge(asked, [offered]).ranked == ()


@pytest.mark.parametrize("offered", MAKERS[:10], ids=lambda each: each.artist)
def test_a_maker_is_not_applied_even_for_its_own_file(offered: Candidate) -> None:
    """ "Bohemian Rhapsody - Zoom Karaoke.mp4" asks for the song, not for the maker."""
    asked = name(("Bohemian Rhapsody", offered.artist), (offered.artist, "Bohemian Rhapsody"))
    assert not judge(asked, [offered]).applies


def test_a_maker_is_offered_where_the_name_asks_for_its_credit() -> None:
    asked = name(("Ameritz Karaoke Band", "Bohemian Rhapsody"), ("", "Bohemian Rhapsody"))
    band = itunes("Ameritz Karaoke Band", "Bohemian Rhapsody", "Karaoke")
    verdict = judge(asked, [band, itunes("Zoom Karaoke", "Bohemian Rhapsody", "Karaoke")])
    assert [scored.artist for scored in verdict.ranked] == ["Ameritz Karaoke Band"]
    assert not verdict.applies


@pytest.mark.parametrize(
    "credit",
    ["Queen & The Hit Crew", "Queen & Party Tyme", "Queen, Ameritz & Friends", "Queen Karaoke"],
)
def test_a_maker_beside_the_artist_is_no_guest(credit: str) -> None:
    assert judge(name(("Queen", "Radio Ga Ga")), [itunes(credit, "Radio Ga Ga")]).ranked == ()


def test_a_makers_genre_and_year_are_not_the_artists() -> None:
    asked = name(("Queen", "Radio Ga Ga"))
    sold = Candidate("itunes", "Queen & The Hit Crew", "Radio Ga Ga", year=1983, tags=(Tag("Pop"),))
    verdict = judge(asked, [sold, lastfm("Queen", "Radio Ga Ga", 900_000, "rock")])
    assert (verdict.artist, verdict.genre, verdict.year) == ("Queen", "Rock", None)


@pytest.mark.parametrize(
    ("artist", "title", "album"),
    [
        ("Drake", "Karaoke", "Karaoke - Single"),
        ("Tenacious D", "Tribute", "Tribute - Single"),
        ("Kaizers Orchestra", "Sing Along", "Sing Along"),
    ],
)
def test_a_song_may_be_called_like_what_makers_sell(artist: str, title: str, album: str) -> None:
    assert judge(name((artist, title)), [itunes(artist, title, album=album)]).applies


@pytest.mark.parametrize(("said", "applies"), [("2019", False), ("1992", True), ("", True)])
def test_a_film_that_was_made_anew_is_another_show(said: str, applies: bool) -> None:
    show = f"Aladdin ({said} film)" if said else "Aladdin"
    written = f"A Whole New World - {show} (Karaoke)"
    asked = ParsedName(written, None, (Hypothesis("Aladdin", "A Whole New World", "strong"),))
    older = Candidate("musicbrainz", "Aladdin (1992 film)", "A Whole New World", year=1992)
    assert judge(asked, [older]).applies is applies


def test_what_nothing_speaks_for_is_not_offered() -> None:
    asked = name(("Queen", "Bohemian Rhapsody"))
    queen = itunes("Queen", "Bohemian Rhapsody")
    verdict = judge(asked, [itunes("Nena", "99 Luftballons"), queen])
    assert [scored.artist for scored in verdict.ranked] == ["Queen"]
    assert judge(asked, [itunes("Nena", "99 Luftballons")]).best is None


def test_among_makers_and_tributes_the_original_is_found() -> None:
    queen = itunes("Queen", "Bohemian Rhapsody", "Rock")
    verdict = judge(name(("Queen", "Bohemian Rhapsody")), [*MAKERS, *TRIBUTES, queen])
    assert (verdict.artist, verdict.genre, verdict.confidence >= 0.9) == ("Queen", "Rock", True)


@pytest.mark.parametrize(
    "artist", ["Vitamin String Quartet", "Kidz Bop Kids", "Nomad", "Stingray", "Postmodern Jukebox"]
)
def test_an_act_that_covers_is_right_where_the_name_asks_for_it(artist: str) -> None:
    asked = name((artist, "Hallelujah"))
    assert judge(asked, [lastfm(artist, "Hallelujah", 30_000, "cover")]).applies


def test_a_karaoke_track_under_the_artists_own_name_dates_nothing() -> None:
    asked = name(("Queen", "Bohemian Rhapsody"))
    track = itunes("Queen", "Bohemian Rhapsody", "Karaoke")
    verdict = judge(asked, [track, lastfm("Queen", "Bohemian Rhapsody", 1_900_000, "rock")])
    assert (verdict.applies, verdict.year, verdict.genre) == (True, None, "Rock")


def test_what_people_tag_as_karaoke_on_lastfm_is_still_the_song() -> None:
    asked = name(("Journey", "Don't Stop Believin'"))
    offered = lastfm("Journey", "Don't Stop Believin'", 1_500_000, "karaoke", "rock")
    verdict = judge(asked, [offered])
    assert (verdict.applies, verdict.genre) == (True, "Rock")


# --- Swapped and ghost entries ------------------------------------------------------------------

REAL = lastfm("The Beatles", "Hey Jude", 1_500_000, "classic rock", "60s")
SWAPPED = lastfm("Hey Jude", "The Beatles", 14)
ORDERS = [
    name(("Hey Jude", "The Beatles"), ("The Beatles", "Hey Jude")),
    name(("The Beatles", "Hey Jude"), ("Hey Jude", "The Beatles")),
]


@pytest.mark.parametrize("asked", ORDERS, ids=["title first", "artist first"])
def test_the_real_entry_beside_the_swapped_one(asked: ParsedName) -> None:
    verdict = judge(asked, [SWAPPED, REAL])
    assert (verdict.artist, verdict.title) == ("The Beatles", "Hey Jude")
    assert verdict.confidence >= 0.90


@pytest.mark.parametrize("listeners", [1, 14, 120, 900])
def test_a_swapped_entry_alone_is_not_applied(listeners: int) -> None:
    """track.getInfo answers one pair only: the real entry has not been seen yet."""
    swapped = lastfm("Hey Jude", "The Beatles", listeners)
    assert not judge(ORDERS[0], [swapped]).applies


def test_a_swapped_entry_in_the_store_does_not_hide_the_real_song() -> None:
    real = [Candidate("musicbrainz", "The Beatles", "Hey Jude"), itunes("The Beatles", "Hey Jude")]
    verdict = judge(ORDERS[0], [*real, itunes("Hey Jude", "The Beatles")])
    assert (verdict.artist, verdict.applies) == ("The Beatles", True)


@pytest.mark.parametrize("asked", ORDERS, ids=["title first", "artist first"])
@pytest.mark.parametrize("listeners", [14, 25_000, 800_000])
def test_a_catalogue_kept_by_hand_tells_the_swapped_entry(
    asked: ParsedName, listeners: int
) -> None:
    real = Candidate("musicbrainz", "The Beatles", "Hey Jude", year=1968)
    verdict = judge(asked, [lastfm("Hey Jude", "The Beatles", listeners, "rock"), real])
    assert (verdict.artist, verdict.confidence >= 0.9) == ("The Beatles", True)


def test_two_real_songs_that_are_each_others_reverse_are_left_to_a_person() -> None:
    both = [lastfm("Texas", "Angel", 60_000), lastfm("Angel", "Texas", 50_000)]
    assert not judge(name(("Texas", "Angel"), ("Angel", "Texas")), both).applies


def test_the_library_betrays_a_swapped_entry() -> None:
    known = Knowledge(frozenset({"beatles"}))
    asked = name(("Hey Jude", "The Beatles"))
    swapped = lastfm("Hey Jude", "The Beatles", 5_000)
    assert judge(asked, [swapped]).applies
    assert not judge(asked, [swapped], known).applies


# track.search for "wonderful tonight eric clapton", as answered.
REVERSED = [
    lastfm(
        "Wonderful tonight", "Eric Clapton (Boyce Avenue acoustic cover) on Spotify & Apple", 16
    ),
    lastfm(
        "Boyce Avenue",
        "Wonderful Tonight - Eric Clapton (Boyce Avenue acoustic cover) on Spotify & Apple",
        4,
    ),
    lastfm("Wonderful tonight", "Eric Clapton on Spotify & Apple (Boyce Avenue acoustic cover)", 2),
    lastfm("Wonderful tonight", "Eric Clapton  🎵 (Boyce Avenue acoustic Cover)", 1),
    lastfm(
        "EmboLyrics",
        "Wonderful Tonight - Eric Clapton (Boyce Avenue acoustic Cover) (Lyrics)🎵",
        1,
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [
        name(("Eric Clapton", "Wonderful Tonight"), ("Wonderful Tonight", "Eric Clapton")),
        name(("Wonderful Tonight", "Eric Clapton"), ("Eric Clapton", "Wonderful Tonight")),
        name(("", "Wonderful Tonight Eric Clapton")),
        name(("Boyce Avenue", "Wonderful Tonight")),
    ],
)
def test_dirty_entries_of_a_real_search(asked: ParsedName) -> None:
    assert not judge(asked, REVERSED).applies


def test_a_ghost_is_not_applied_and_a_second_provider_makes_it_real() -> None:
    asked = name(("Fake Artist", "Fake Track"))
    ghost = lastfm("Fake Artist", "Fake Track", 2)
    assert not judge(asked, [ghost]).applies
    assert not judge(asked, [lastfm("Fake Artist", "Fake Track", 0)]).applies
    witness = Candidate("musicbrainz", "Fake Artist", "Fake Track", year=1999)
    assert judge(asked, [ghost, witness]).confidence >= 0.90


def test_listenbrainz_is_no_second_witness_beside_musicbrainz() -> None:
    asked = name(("Cher", "Believe"))
    one = Candidate("musicbrainz", "Cher", "Believe", year=1998)
    same = Candidate("listenbrainz", "Cher", "Believe", year=1999)
    verdict = judge(asked, [one, same])
    assert verdict.best is not None
    assert verdict.best.evidence["solid"].value < 1.0


@pytest.mark.parametrize(
    "nobody", ["[unknown]", "Unknown Artist", "Various Artists", "<Unknown>", "[no artist]"]
)
@pytest.mark.parametrize("title", ["Hey Jude", ""])
def test_nobody_is_no_artist(nobody: str, title: str) -> None:
    asked = name((nobody, "Hey Jude"), ("", "Hey Jude"))
    assert judge(asked, [lastfm(nobody, title, 1_062_744)]).best is None
    offered = [lastfm(nobody, title, 900), lastfm("The Beatles", "Hey Jude", 900_000)]
    verdict = judge(name(("The Beatles", "Hey Jude")), offered)
    assert verdict.artist == "The Beatles", "it hides nobody who stands behind it"


def test_a_medley_is_not_one_of_its_songs() -> None:
    asked = name(("Selena", "Disco Medley (I Will Survive / Funky Town)"))
    assert not judge(asked, [lastfm("Selena", "I Will Survive", 90_000)]).applies
    whole = lastfm("Selena", "Disco Medley: I Will Survive / Funky Town", 40_000)
    assert judge(name(("Selena", "Disco Medley")), [whole]).confidence < 0.90
    exact = lastfm("Selena", "Disco Medley (I Will Survive/Funkytown)", 40_000)
    assert judge(asked, [exact]).applies


@pytest.mark.parametrize(
    ("written", "title", "applies"),
    [
        ("Lights / Stay Awhile (Live) - Journey (Karaoke)", "Stay Awhile", False),
        ("Lights ⧸ Stay Awhile - Journey", "Lights", False),
        ("Journey - Lights + Stay Awhile", "Lights", False),
        ("Lights / Stay Awhile - Journey (Karaoke)", "Lights / Stay Awhile", True),
        ("Journey - Lights / Stay Awhile Medley", "Lights", False),
        ("Journey Medley: Lights, Stay Awhile (Karaoke)", "Lights", False),
        ("Journey - Lights Medley (Karaoke)", "Lights Medley", True),
        ("Lights / Journey / Karaoke Version", "Lights", True),
        ("Journey / Lights", "Lights", True),
        ("Journey - Lights / with lyrics", "Lights", True),
    ],
)
def test_one_of_two_titles_that_a_slash_joins_is_not_the_song(
    written: str, title: str, applies: bool
) -> None:
    readings = [("Journey", title), ("Journey", "Lights - Stay Awhile"), ("Stay Awhile", "Lights")]
    asked = ParsedName(written, None, tuple(Hypothesis(*each, "weak") for each in readings))
    assert judge(asked, [lastfm("Journey", title, 300_000)]).applies is applies


@pytest.mark.parametrize(
    ("album", "sure"),
    [
        ("Toto IV", True),
        ("Now 100 Hits 80s", False),
        ("Toto IV (Deluxe Edition)", False),
        ("Toto IV (Remastered)", False),
        ("The Essential Toto", False),
        ("Greatest Hits", False),
        ("Africa - Single", True),
    ],
)
def test_the_store_dates_what_it_sells(album: str, sure: bool) -> None:
    sold = Candidate("itunes", "Toto", "Africa", year=1982, tags=(Tag("Rock"),), album=album)
    verdict = judge(name(("Toto", "Africa")), [sold])
    assert verdict.year == 1982
    assert verdict.year_confidence == (0.75 if sure else 0.5)
    assert ("year" in verdict.missing) is not sure


TOTO = Candidate("musicbrainz", "Toto", "Africa", year=1982, tags=(Tag("rock"),))


@pytest.mark.parametrize(
    ("own", "other", "year", "sure"),
    [
        # An older date of an independent source beats a younger one by more than a year.
        ({"year": 1999}, {"year": 1982}, 1982, 0.75),
        ({"year": 1983}, {"year": 1982}, 1983, 0.99),
        ({"year": 1982}, {"year": 1999}, 1982, 0.85),
        # But not that of a compilation or bootleg, and no edition is a younger witness.
        ({"year": 1999}, {"year": 1982, "album": "Now 100 Hits"}, 1999, 0.95),
        ({"year": 1982}, {"year": 2011, "album": "Toto IV (Deluxe Edition)"}, 1982, 0.95),
        ({"year": 2006, "secondary_types": ("compilation",)}, {"year": 1982}, 1982, 0.75),
        ({"year": 2006, "secondary_types": ("compilation",)}, None, 2006, 0.5),
        ({"year": 1981, "secondary_types": ("bootleg",)}, {"year": 1982}, 1982, 0.75),
    ],
)
def test_a_year_has_two_witnesses(own: Any, other: Any, year: int, sure: float) -> None:
    offered = [replace(TOTO, **own)]
    offered += [Candidate("itunes", "Toto", "Africa", tags=TOTO.tags, **other)] if other else []
    verdict = judge(name(("Toto", "Africa")), offered)
    assert (verdict.year, verdict.year_confidence) == (year, sure)


def test_nobodys_song_has_no_year() -> None:
    song = Candidate("musicbrainz", "[traditional]", "Greensleeves", year=1952, tags=TOTO.tags)
    verdict = judge(name(("Traditional", "Greensleeves")), [song])
    assert (verdict.artist, verdict.year) == ("traditional", None)


def test_classical_music_has_no_year() -> None:
    song = Candidate("itunes", "Carl Orff", "O Fortuna", year=1968, tags=(Tag("Classical"),))
    assert judge(name(("Carl Orff", "O Fortuna")), [song]).year is None


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        (("QUEEN", "BOHEMIAN RHAPSODY"), ("Queen", "Bohemian Rhapsody")),
        (("queen", "bohemian rhapsody"), ("Queen", "Bohemian Rhapsody")),
        (("ABBA", "SOS"), ("ABBA", "SOS")),
        (("Billie Eilish", "bad guy"), ("Billie Eilish", "bad guy")),
    ],
)
def test_an_entry_that_shouts_or_mumbles_is_written_plainly(
    printed: tuple[str, str], shown: tuple[str, str]
) -> None:
    verdict = judge(name(shown), [lastfm(*printed, 900_000, "rock")])
    assert (verdict.artist, verdict.title) == shown


def test_what_is_kept_by_hand_is_written_as_it_stands() -> None:
    kept = Candidate("musicbrainz", "k.d. lang", "constant craving", year=1992)
    verdict = judge(name(("K.D. Lang", "Constant Craving")), [kept])
    assert (verdict.artist, verdict.title) == ("k.d. lang", "constant craving")


def test_a_ghosts_spelling_is_not_shown_for_a_song_that_others_know() -> None:
    asked = name(("Frances Faye", "I Gotta Right to Sing the Blues - [1960 Imperial Records]"))
    ghost = lastfm("Frances Faye", "I Gotta Right to Sing the Blues - [1960 Imperial Records]", 2)
    song = Candidate("musicbrainz", "Frances Faye", "I Gotta Right to Sing the Blues", year=1960)
    verdict = judge(asked, [ghost, song])
    assert (verdict.applies, verdict.title) == (True, "I Gotta Right to Sing the Blues")


@pytest.mark.parametrize(
    ("written", "singer", "listeners", "applies"),
    [
        ("Zedd - Clarity (Sam Tsui Cover)", "Zedd", 900_000, False),
        ("Hello - Adele (cover by Nataly Dawn)", "Adele", 900_000, False),
        ("Hello - Adele (cover by Nataly Dawn)", "Nataly Dawn", 3_000, True),
        ("D.O.A. - All Apologies (Nirvana Cover)", "D.O.A.", 9_000, True),
        ("Anita O'Day - I Cover the Waterfront", "Anita O'Day", 400_000, True),
    ],
)
def test_whose_recording_a_cover_is(
    written: str, singer: str, listeners: int, applies: bool
) -> None:
    title = "I Cover the Waterfront" if "Waterfront" in written else "Some Title"
    asked = ParsedName(written, None, (Hypothesis(singer, title, "strong"),))
    assert judge(asked, [lastfm(singer, title, listeners)]).applies is applies


# --- Makers that no list holds ------------------------------------------------------------------


@pytest.mark.parametrize(
    "credit",
    [
        "Backing Track Masters", "Kings of Karaoke", "Караоке Студия", "カラオケ歌っちゃ王",
        "노래방 스타",        "KTV伴奏", "Basi Musicali", "Nameless Playback",
        "Studio Musicians", "The Studio Sound Ensemble", "Session Singers", "Studio 99 Singers",
        "The Cover Crew", "Cover Kings", "Deluxe Pop Covers", "Instrumental Kings",
        "Hits Unlimited", "Chart Hits Allstars", "Today's Hits!", "Party Hit Kings",
        "Drew's Famous Party Singers",
        "The Sing-Alongs", "Sound-a-Like Stars", "The Professionals Backing Band", "Re-Made Hits",
        "The Tribute Beat", "Tribute to Queen", "Guitar Tribute Players", "8-Bit Arcade",
    ],
)  # fmt: skip
@pytest.mark.parametrize("artist", ["Queen", ""])
def test_a_maker_unknown_by_name_is_known_by_its_words(credit: str, artist: str) -> None:
    asked = name((artist, "Bohemian Rhapsody"))
    offered = [itunes(credit, "Bohemian Rhapsody"), lastfm(credit, "Bohemian Rhapsody", 40_000)]
    assert judge(asked, offered).ranked == ()


@pytest.mark.parametrize(
    ("title", "album"),
    [
        ("Bohemian Rhapsody (Karaoke Version)", ""),
        ("Bohemian Rhapsody (In the Style of Queen) [Backing Track]", ""),
        ("Bohemian Rhapsody (Originally Performed by Queen)", ""),
        ("Bohemian Rhapsody - Made Famous by Queen", ""),
        ("Bohemian Rhapsody (Sing-Along Version)", ""),
        ("Bohemian Rhapsody", "Rock Karaoke, Vol. 7"),
        ("Bohemian Rhapsody", "Backing Tracks Minus Vocals"),
    ],
)
def test_a_karaoke_track_is_not_applied_though_the_name_begins_with_its_maker(
    title: str, album: str
) -> None:
    asked = name(("Utopia Nine", "Bohemian Rhapsody"), ("Bohemian Rhapsody", "Utopia Nine"))
    assert not judge(asked, [itunes("Utopia Nine", title, album=album)]).applies


@pytest.mark.parametrize(
    "artist",
    ["Cover Drive", "Dr. Horrible's Sing-Along Blog", "All Star Tribute", "Hit the Lights"],
)
def test_who_only_sounds_like_a_maker_is_right_where_the_name_asks_for_it(artist: str) -> None:
    asked = name((artist, "Some Title"))
    assert judge(asked, [lastfm(artist, "Some Title", 90_000, "pop")]).confidence >= 0.90


# --- Versions, shows, songs of nobody -----------------------------------------------------------


def test_a_rerecording_is_the_song_and_keeps_its_own_year_where_it_is_asked_for() -> None:
    offered = [
        Candidate("musicbrainz", "Taylor Swift", "Love Story", year=2008),
        Candidate("musicbrainz", "Taylor Swift", "Love Story (Taylor’s Version)", year=2021),
    ]
    plain = judge(name(("Taylor Swift", "Love Story")), offered)
    again = judge(name(("Taylor Swift", "Love Story (Taylor's Version)")), offered)
    assert (plain.title, plain.year, plain.confidence >= 0.9) == ("Love Story", 2008, True)
    assert (again.year, again.confidence >= 0.9) == (2021, True)


def test_a_song_of_nobody_is_under_the_credit_that_the_catalogues_give_it() -> None:
    asked = name(("Traditional", "Amazing Grace"))
    credited = Candidate("musicbrainz", "[traditional]", "Amazing Grace")
    assert judge(asked, [credited]).applies
    assert not judge(asked, [lastfm("Judy Collins", "Amazing Grace", 200_000)]).applies


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("99 Luftballons", "99 Red Balloons"),
        ("1999", "1989"),
        ("Mambo No. 5", "Mambo No. 8"),
        ("7", "7 Years"),
    ],
)
def test_numbers_are_no_slips_of_the_pen(asked: str, given: str) -> None:
    assert not judge(name(("Some Artist", asked)), [lastfm("Some Artist", given, 900_000)]).applies


@pytest.mark.parametrize("artist", ["!!!", "?", "+/-", "¥$"])
def test_an_artist_of_signs_alone(artist: str) -> None:
    asked = name((artist, "Some Title"))
    assert judge(asked, [lastfm(artist, "Some Title", 90_000, "rock")]).confidence >= 0.90
    assert not judge(asked, [lastfm("Anybody Else", "Some Title", 90_000, "rock")]).applies


def test_one_title_of_many_artists_without_an_artist_is_offered_and_not_applied() -> None:
    many = [lastfm(f"Singer {n}", "Hello", 900_000 // (n + 1)) for n in range(8)]
    verdict = judge(name(("", "Hello")), many)
    assert not verdict.applies
    assert len(verdict.ranked) == 5
