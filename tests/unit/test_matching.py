"""The right answer out of what the services offer: covers, versions, spellings, years, fields."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from pikaraoke_enrichment.providers.base import Candidate, Tag
from pikaraoke_enrichment.tasks.judging.songs import song_key
from pikaraoke_enrichment.tasks.matching import Verdict, explain, judge
from pikaraoke_enrichment.tasks.parsing import Hypothesis, Knowledge, ParsedName


def name(
    *readings: tuple[str, str], variant: str = "", featured: tuple[str, ...] = ()
) -> ParsedName:
    """A parsed name with these readings, likeliest first."""
    hypotheses = tuple(
        Hypothesis(artist, title, "strong" if artist else "fallback", variant, featured)
        for artist, title in readings
    )
    return ParsedName(" - ".join(part for part in readings[0] if part), None, hypotheses)


def lastfm(artist: str, title: str, listeners: int = 400_000, *tags: str) -> Candidate:
    words = tuple(Tag(word, 1 - place / 10) for place, word in enumerate(tags))
    return Candidate("lastfm", artist, title, tags=words, listeners=listeners)


def musicbrainz(artist: str, title: str, year: int | None = None, **more: object) -> Candidate:
    return Candidate("musicbrainz", artist, title, year=year, **more)  # type: ignore[arg-type]


def itunes(artist: str, title: str, year: int, genre: str = "Pop", album: str = "") -> Candidate:
    return Candidate("itunes", artist, title, year=year, tags=(Tag(genre),), album=album)


def applied(verdict: Verdict) -> tuple[str, str]:
    assert verdict.applies, verdict.best and explain(verdict.best.evidence)
    return verdict.artist, verdict.title


def test_a_plain_answer_of_three_providers() -> None:
    verdict = judge(
        name(("queen", "bohemian rhapsody")),
        [
            lastfm("Queen", "Bohemian Rhapsody", 1_900_000, "classic rock", "rock", "70s"),
            musicbrainz("Queen", "Bohemian Rhapsody", 1975),
            itunes("Queen", "Bohemian Rhapsody", 1975, "Rock"),
        ],
    )
    assert (verdict.artist, verdict.title, verdict.year) == ("Queen", "Bohemian Rhapsody", 1975)
    assert (verdict.genre, verdict.confidence, verdict.missing) == ("Rock", 0.99, frozenset())
    assert verdict.sources == {
        "artist": "musicbrainz",
        "title": "musicbrainz",
        "year": "musicbrainz",
        "genre": "lastfm",
    }
    assert verdict.best is not None
    assert len(verdict.best.candidates) == 3


def test_nothing_offered() -> None:
    verdict = judge(name(("Queen", "Bohemian Rhapsody")), [])
    assert (verdict.best, verdict.confidence, verdict.applies) == (None, 0.0, False)
    assert verdict.missing == {"year", "genre"}


# --- Spellings ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("Pink", "P!nk"), ("P!nk", "Pink"), ("ACDC", "AC/DC"), ("!!!", "!!!"), ("Kesha", "Ke$ha"),
        ("Beatles, The", "The Beatles"), ("Simon and Garfunkel", "Simon & Garfunkel"),
        ("Guns and Roses", "Guns N' Roses"), ("Beyonce", "Beyoncé"), ("Bjork", "Björk"),
        ("REM", "R.E.M."), ("Florence and the Machine", "Florence + the Machine"),
        ("NSYNC", "*NSYNC"), ("will i am", "will.i.am"), ("Asap Rocky", "A$AP Rocky"),
        ("10000 Maniacs", "10,000 Maniacs"), ("Blink182", "blink-182"),
        ("Motley Crue", "Mötley Crüe"), ("Mo", "MØ"),
        ("Kiki Dee & Elton John", "Elton John & Kiki Dee"),
    ],
)  # fmt: skip
def test_one_artist_in_two_spellings(asked: str, given: str) -> None:
    verdict = judge(name((asked, "Some Title")), [lastfm(given, "Some Title")])
    assert applied(verdict) == (given, "Some Title")
    assert verdict.confidence >= 0.90


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("Nothing Compares to You", "Nothing Compares 2 U"),
        ("Livin' on a Prayer", "Living on a Prayer"),
        ("Satisfaction", "(I Can't Get No) Satisfaction"),
        ("Sittin On The Dock of the Bay", "(Sittin' On) The Dock of the Bay"),
        ("Separate Ways", "Separate Ways (Worlds Apart)"),
        ("Thousand Years", "A Thousand Years"),
        ("Reloj", "El Reloj"),
        ("7 Nation Army", "Seven Nation Army"),
        ("Part 2", "Part II"),
        ("Ironic", "Ironic (2015 Remaster)"),
        ("Despacito", "Despacito (feat. Daddy Yankee)"),
    ],
)
def test_one_title_in_two_spellings(asked: str, given: str) -> None:
    assert judge(name(("Some Artist", asked)), [lastfm("Some Artist", given)]).confidence >= 0.90


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("Bohemian Rhapsody", "Bohemian Rapsody"),
        ("Don't Stop Beleiving", "Don't Stop Believin'"),
        ("Country Roads", "Take Me Home, Country Roads"),
        ("Somewhere Over the Rainbow / Wha", "Somewhere Over the Rainbow / What a Wonderful Day"),
    ],
)  # fmt: skip
def test_a_title_that_agrees_in_part_is_applied_with_medium_confidence(
    asked: str, given: str
) -> None:
    verdict = judge(name(("Some Artist", asked)), [lastfm("Some Artist", given)])
    assert 0.70 <= verdict.confidence < 0.90


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("Hello", "Hello, Goodbye"), ("Hello, Goodbye", "Hello"), ("Home", "Take Me Home, Home"),
        ("99 Luftballons", "99 Red Balloons"), ("1999", "1989"), ("1999", "1979"),
        ("Hero", "Heroes"), ("Hero", "Her"), ("Angie", "Anger"), ("Creep", "Sleep"),
        ("Crazy", "Crazy Love"), ("Love Me", "Love Me Do"), ("Love Me Do", "Love Me So"),
        ("Part 2", "Part 3"), ("Summer of 69", "Summer of 42"), ("Die Young", "Young"),
        ("Back to Black", "Back in Black"),
    ],
)  # fmt: skip
def test_two_titles_that_look_alike(asked: str, given: str) -> None:
    assert not judge(name(("Some Artist", asked)), [lastfm("Some Artist", given)]).applies


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("Queen", "Queens"), ("Nena", "Nina"), ("Kiss", "Bliss"), ("Queen", "Queen Tribute Band"),
        ("Nirvana", "Santana"), ("U2", "UB40"), ("The Who", "The Guess Who"), ("Bread", "Bred"),
        ("Bryan Adams", "Ryan Adams"), ("Michael Jackson", "Janet Jackson"), ("311", "313"),
    ],
)  # fmt: skip
def test_two_artists_that_look_alike_are_no_certain_match(asked: str, given: str) -> None:
    assert judge(name((asked, "Some Title")), [lastfm(given, "Some Title")]).confidence < 0.90


def test_two_weak_agreements_are_not_applied() -> None:
    verdict = judge(
        name(("Metalica", "Nothing Else Maters")), [lastfm("Metallica", "Nothing Else Matters")]
    )
    assert 0.30 <= verdict.confidence < 0.70


# --- Credits ------------------------------------------------------------------------------------


def test_queen_with_david_bowie_is_one_song_over_two_credits() -> None:
    verdict = judge(
        name(("Queen", "Under Pressure")),
        [
            lastfm("Queen", "Under Pressure", 900_000, "rock"),
            musicbrainz("Queen & David Bowie", "Under Pressure", 1981),
        ],
    )
    assert applied(verdict) == ("Queen", "Under Pressure")
    assert (verdict.year, len(verdict.ranked), verdict.confidence) == (1981, 1, 0.99)


def test_a_featured_artist_stays_out_of_the_artist() -> None:
    verdict = judge(
        name(("Eminem", "Love the Way You Lie"), featured=("Rihanna",)),
        [musicbrainz("Eminem feat. Rihanna", "Love the Way You Lie", 2010)],
    )
    assert applied(verdict) == ("Eminem", "Love the Way You Lie")
    assert verdict.confidence >= 0.98


def test_a_named_guest_tells_the_recording_and_its_year() -> None:
    both = [
        musicbrainz("Michael Bublé", "White Christmas", 2003),
        musicbrainz("Michael Bublé feat. Shania Twain", "White Christmas", 2011),
    ]
    asked = name(("Michael Bublé", "White Christmas"), featured=("Shania Twain",))
    assert judge(asked, both).year == 2011
    assert judge(name(("Michael Bublé", "White Christmas")), both).year == 2003


def test_who_is_only_featured_is_no_certain_match() -> None:
    verdict = judge(
        name(("Sia", "Titanium")), [lastfm("David Guetta", "Titanium (feat. Sia)", 900_000)]
    )
    assert not verdict.applies
    verdict = judge(name(("Sia", "Titanium")), [musicbrainz("David Guetta feat. Sia", "Titanium")])
    assert 0.70 <= verdict.confidence < 0.90


def test_an_alias_in_another_script() -> None:
    """Last.fm's autocorrect turns "Utada Hikaru" into 宇多田ヒカル; MusicBrainz knows both."""
    verdict = judge(
        name(("Utada Hikaru", "First Love")),
        [
            lastfm("宇多田ヒカル", "First Love", 90_000, "j-pop"),
            musicbrainz(
                "宇多田ヒカル", "First Love", 1999, artist_aliases=("Utada, Hikaru", "Hikaru Utada")
            ),
        ],
    )
    assert applied(verdict) == ("Hikaru Utada", "First Love")
    assert (verdict.year, verdict.genre) == (1999, "J-Pop")


@pytest.mark.parametrize(
    ("artist", "title", "printed"),
    [
        ("Kino", "Gruppa krovi", ("Кино", "Группа крови")),
        ("Viktor Tsoi", "Zvezda po imeni Solnce", ("Виктор Цой", "Звезда по имени Солнце")),
        ("Alla Pugacheva", "Million alyh roz", ("Алла Пугачёва", "Миллион алых роз")),
        ("Okean Elzy", "Obijmy", ("Океан Ельзи", "Обійми")),
        ("Haris Alexiou", "Ola se thimizoun", ("Χάρις Αλεξίου", "Όλα σε θυμίζουν")),
    ],
)
def test_a_name_in_latin_letters_is_the_one_in_its_own(
    artist: str, title: str, printed: tuple[str, str]
) -> None:
    verdict = judge(name((artist, title)), [lastfm(*printed)])
    assert verdict.confidence >= 0.90
    assert applied(verdict) == (artist, title), "in the letters of the file"
    other_way = judge(name(printed), [lastfm(artist, title)])
    assert applied(other_way) == printed


def test_what_was_refused_in_the_letters_of_the_file_stays_refused() -> None:
    asked = name(("Kino", "Gruppa krovi"))
    refused = Knowledge(refused=frozenset({song_key("Kino", "Gruppa krovi")}))
    assert judge(asked, [lastfm("Кино", "Группа крови")], refused).ranked == ()


def test_another_word_in_another_script_is_another_title() -> None:
    verdict = judge(name(("Kino", "Gruppa krovi")), [lastfm("Кино", "Перемен")])
    assert not verdict.applies


def test_a_former_name_gives_way_to_the_credit() -> None:
    verdict = judge(
        name(("Lady Antebellum", "Need You Now")),
        [musicbrainz("Lady A", "Need You Now", 2009, artist_aliases=("Lady Antebellum",))],
    )
    assert applied(verdict) == ("Lady A", "Need You Now")


def test_a_film_for_its_singers_is_offered_with_medium_confidence() -> None:
    verdict = judge(
        name(("A Star is Born", "Shallow")),
        [
            itunes(
                "Lady Gaga & Bradley Cooper", "Shallow", 2018, album="A Star Is Born Soundtrack"
            ),
            lastfm("Lady Gaga", "Shallow", 900_000, "pop"),
        ],
    )
    assert applied(verdict) == ("Lady Gaga & Bradley Cooper", "Shallow")
    assert verdict.confidence < 0.90


@pytest.mark.parametrize(
    ("asked", "given"),
    [("Glee", "Glee Cast"), ("Moulin Rouge! (2001 film)", "Moulin Rouge!"),
     ("Hamilton", "Original Broadway Cast of Hamilton")],
)  # fmt: skip
def test_a_show_under_its_casts_name(asked: str, given: str) -> None:
    assert applied(judge(name((asked, "Some Song")), [musicbrainz(given, "Some Song")]))[0] == given


# --- Names without an artist --------------------------------------------------------------------


def test_an_artist_at_the_edge_of_a_name_without_separator() -> None:
    verdict = judge(name(("", "Luis Miguel Reloj")), [musicbrainz("Luis Miguel", "El reloj", 1997)])
    assert applied(verdict) == ("Luis Miguel", "El reloj")
    verdict = judge(name(("", "Rocket Man by Elton John")), [lastfm("Elton John", "Rocket Man")])
    assert applied(verdict) == ("Elton John", "Rocket Man")


def test_a_title_that_begins_like_an_artist_is_not_taken_apart() -> None:
    both = [lastfm("Love", "Story", 5_000), lastfm("Taylor Swift", "Love Story", 900_000)]
    assert not judge(name(("", "Love Story")), both).applies


@pytest.mark.parametrize(
    "candidates",
    [
        [lastfm("Leonard Cohen", "Hallelujah"), lastfm("Jeff Buckley", "Hallelujah")],
        [lastfm("Jeff Buckley", "Hallelujah"), lastfm("Someone", "Hallelujah", 40)],
        [lastfm("Jeff Buckley", "Hallelujah"), musicbrainz("Jeff Buckley", "Hallelujah", 1994)],
        [musicbrainz("Jeff Buckley", "Hallelujah", 1994)],
    ],
)  # fmt: skip
def test_a_title_alone_never_carries_a_match(candidates: list[Candidate]) -> None:
    verdict = judge(name(("", "Hallelujah")), candidates)
    assert verdict.best is not None
    assert not verdict.applies


def test_the_better_known_of_many_is_offered_first() -> None:
    many = [lastfm(f"Singer {number}", "Crazy", 500 * number) for number in range(1, 9)]
    verdict = judge(name(("", "Crazy")), many)
    assert len(verdict.ranked) == 5
    assert not verdict.applies


# --- Covers and versions ------------------------------------------------------------------------

COVERS = [
    musicbrainz("Leonard Cohen", "Hallelujah", 1984),
    musicbrainz("Jeff Buckley", "Hallelujah", 1994),
    musicbrainz("Alexandra Burke", "Hallelujah", 2008),
    lastfm("Jeff Buckley", "Hallelujah", 1_200_000, "alternative"),
]


@pytest.mark.parametrize(
    ("artist", "year"), [("Leonard Cohen", 1984), ("Jeff Buckley", 1994), ("Alexandra Burke", 2008)]
)
def test_original_and_covers_each_with_their_own_year(artist: str, year: int) -> None:
    verdict = judge(name((artist, "Hallelujah")), COVERS)
    assert (*applied(verdict), verdict.year) == (artist, "Hallelujah", year)


def test_a_cover_is_not_applied_for_a_singer_nobody_knows() -> None:
    assert not judge(name(("My Neighbour", "Hallelujah")), COVERS).applies


# As answered for "alone again or" by Calexico: compilations, a live take, a later edition.
CALEXICO = [
    musicbrainz("Calexico", "Alone Again Or", 2003, secondary_types=("compilation",)),
    musicbrainz("Calexico", "Alone Again Or", 2011, secondary_types=("compilation",)),
    musicbrainz("Calexico", "Alone Again Or", 2003),
    musicbrainz("Calexico", "Alone Again Or (live at China Theatre, Stockholm)", 2001),
    musicbrainz("Calexico", "Alone Again Or (remix)", 2002),
    musicbrainz("Calexico", "Alone Again Or - 2023 Remaster", 2023),
    musicbrainz("Calexico", "El Kabong Rides Again", 1998),
]


def test_year_is_the_first_release_of_the_plain_recording() -> None:
    verdict = judge(name(("Calexico", "Alone Again Or")), CALEXICO)
    assert (*applied(verdict), verdict.year) == ("Calexico", "Alone Again Or", 2003)
    assert verdict.year_confidence >= 0.9


@pytest.mark.parametrize(("variant", "year"), [("Live", 2001), ("Remix", 2002), ("", 2003)])
def test_year_of_the_version_that_the_name_asks_for(variant: str, year: int) -> None:
    verdict = judge(name(("Calexico", "Alone Again Or"), variant=variant), CALEXICO)
    assert (verdict.year, verdict.variant, verdict.title) == (year, variant, "Alone Again Or")


def test_year_of_a_version_nobody_dates_is_the_songs_with_less_confidence() -> None:
    verdict = judge(name(("Calexico", "Alone Again Or"), variant="Acoustic"), CALEXICO)
    assert (verdict.year, verdict.applies) == (2003, True)
    assert verdict.year_confidence < 0.7


def test_a_live_takes_year_is_not_given_to_the_song() -> None:
    unplugged = musicbrainz("a-ha", "Take On Me (MTV Unplugged)", 2017)
    verdict = judge(name(("a-ha", "Take On Me")), [unplugged])
    assert (verdict.applies, verdict.year) == (True, None)
    assert "year" in verdict.missing


def test_a_rerecording_is_later_unless_it_is_asked_for() -> None:
    both = [
        musicbrainz("Taylor Swift", "Love Story (Taylor’s Version)", 2021),
        musicbrainz("Taylor Swift", "Love Story", 2008),
    ]
    assert judge(name(("Taylor Swift", "Love Story")), both).year == 2008
    asked = name(("Taylor Swift", "Love Story"), variant="Taylor's Version")
    assert judge(asked, both).year == 2021
    written = name(("Taylor Swift", "Love Story (Taylor's Version)"))
    assert judge(written, both).year == 2021


def test_a_remark_or_a_live_album_tells_a_live_take() -> None:
    verdict = judge(
        name(("Journey", "Faithfully")),
        [
            musicbrainz("Journey", "Faithfully", 1981, secondary_types=("live",)),
            musicbrainz("Journey", "Faithfully", 1982, disambiguation="live, 1982-03-02: Houston"),
            musicbrainz("Journey", "Faithfully", 1982, album="Live in Houston 1981"),
            musicbrainz("Journey", "Faithfully", 1000),
            musicbrainz("Journey", "Faithfully", 1983),
        ],
    )
    assert verdict.year == 1983


def test_musicbrainz_before_the_store_and_less_sure_where_they_disagree() -> None:
    asked = name(("Journey", "Separate Ways"))
    ours, editions = musicbrainz("Journey", "Separate Ways", 1983), "Separate Ways [2024 Remaster]"
    agreed = judge(asked, [itunes("Journey", editions, 1983), ours])
    alone = judge(asked, [ours])
    disagreed = judge(asked, [itunes("Journey", editions, 1999), ours])
    store = judge(asked, [itunes("Journey", editions, 1999)])
    assert [v.year for v in (agreed, alone, disagreed, store)] == [1983, 1983, 1983, 1999]
    assert agreed.year_confidence > alone.year_confidence > disagreed.year_confidence
    assert alone.year_confidence > store.year_confidence
    assert disagreed.best is not None
    card = disagreed.best.evidence["year"]
    assert (card.value, card.penalty) == (disagreed.year_confidence, 0.0)
    assert card.code == "years_differ"
    assert (card.params["provider"], card.params["other_provider"]) == ("musicbrainz", "itunes")
    assert store.sources["year"] == "itunes"


def test_the_stores_earlier_date_where_musicbrainz_only_knows_a_best_of() -> None:
    verdict = judge(
        name(("Boney M.", "Rasputin")),
        [
            musicbrainz("Boney M.", "Rasputin", 2007, secondary_types=("compilation",)),
            itunes("Boney M.", "Rasputin", 1978),
        ],
    )
    assert (verdict.year, verdict.sources["year"]) == (1978, "itunes")


def test_a_duet_years_later_is_dated_by_its_own_credit() -> None:
    title = "Don't Let the Sun Go Down on Me"
    both = [
        musicbrainz("Elton John", title, 1974),
        musicbrainz("George Michael & Elton John", title, 1991),
    ]
    assert judge(name(("Elton John", title)), both).year == 1974
    assert judge(name(("George Michael", title)), both).year == 1991
    assert judge(name(("Elton John & George Michael", title)), both).year == 1991


# --- Fields -------------------------------------------------------------------------------------


def test_what_is_missing_is_told() -> None:
    verdict = judge(name(("Cher", "Believe")), [lastfm("Cher", "Believe", 500_000, "seen live")])
    assert (verdict.year, verdict.genre, verdict.missing) == (None, None, {"year", "genre"})
    verdict = judge(name(("Cher", "Believe")), [musicbrainz("Cher", "Believe", 1998)])
    assert verdict.missing == {"genre"}


@pytest.mark.parametrize(
    ("asked", "printed", "shown"),
    [
        ("Hey Jude", "Hey Jude - Remastered 2015", "Hey Jude"),
        ("Valerie", "Valerie (Live at BBC Radio 1 Live Lounge, London / 2007)", "Valerie"),
        ("Separate Ways", "Separate Ways (Worlds Apart) [2024 Remaster]",
         "Separate Ways (Worlds Apart)"),
        ("Dock of the Bay", "(Sittin’ On) The Dock of the Bay", "(Sittin' On) The Dock of the Bay"),
        ("Shallow", "Shallow (From “A Star Is Born”)", "Shallow"),
        ("Old Town Road", "Old Town Road (feat. Billy Ray Cyrus) [Remix]", "Old Town Road"),
        ("Beauty and a Beat", "Beauty and a Beat (with Nicki Minaj)", "Beauty and a Beat"),
        ("The Yeah Yeah Yeah Song (With All Your Power)",
         "The Yeah Yeah Yeah Song (With All Your Power)",
         "The Yeah Yeah Yeah Song (With All Your Power)"),
        ("Better Man (Taylor's Version)", "Better Man (Taylor’s Version)",
         "Better Man (Taylor's Version)"),
        ("Live and Let Die", "Live and Let Die", "Live and Let Die"),
        ("Karaoke", "Karaoke", "Karaoke"),
    ],
)  # fmt: skip
def test_the_title_as_it_is_shown(asked: str, printed: str, shown: str) -> None:
    """Without version and guests, but with the brackets that are its own."""
    assert judge(name(("Someone", asked)), [musicbrainz("Someone", printed)]).title == shown


def test_a_curated_spelling_is_shown_before_a_listeners() -> None:
    verdict = judge(
        name(("a-ha", "take on me")),
        [lastfm("A-Ha", "take on me"), musicbrainz("a‐ha", "Take On Me", 1984)],
    )
    assert applied(verdict) == ("a-ha", "Take On Me")


def test_genre_is_the_vote_of_all_providers() -> None:
    verdict = judge(
        name(("Dolly Parton", "Jolene")),
        [
            lastfm("Dolly Parton", "Jolene", 700_000, "country", "70s", "folk", "female vocalists"),
            itunes("Dolly Parton", "Jolene", 1973, "Pop"),
        ],
    )
    assert (verdict.genre, verdict.sources["genre"]) == ("Country", "lastfm")


# --- Evidence -----------------------------------------------------------------------------------


def part(verdict: Verdict, part_name: str) -> tuple[str, float]:
    """The code of one part of the best answer's evidence, and its value."""
    assert verdict.best is not None
    found = verdict.best.evidence[part_name]
    return found.code, found.value


@pytest.mark.parametrize(
    ("said", "printed", "featured", "expected"),
    [
        ("Eminem", "Eminem feat. Rihanna", ("Rihanna",), ("guest_credited", 1.0)),
        # A second credited artist is a guest.
        ("Eminem", "Eminem & Rihanna", ("Rihanna",), ("guest_credited", 1.0)),
        ("Eminem", "Eminem", ("Rihanna",), ("guest_not_credited", 0.5)),
        ("Eminem feat. Rihanna", "Eminem feat. Rihanna", (), ("some_guest_credited", 1.0)),
        ("Eminem feat. Rihanna", "Eminem feat. Dido", (), ("some_guest_not_credited", 0.5)),
    ],
)
def test_whether_a_guest_is_credited(
    said: str, printed: str, featured: tuple[str, ...], expected: tuple[str, float]
) -> None:
    asked = name((said, "Love the Way You Lie"), featured=featured)
    assert part(judge(asked, [lastfm(printed, "Love the Way You Lie")]), "featured") == expected


@pytest.mark.parametrize(
    ("asked", "artist", "code"),
    [
        ("Queen", "Queen", "artist_agrees"),
        ("Sia", "David Guetta feat. Sia", "artist_agrees_in_part"),
        ("Shakira", "Shekira", "artist_agrees_in_part"),
        ("Prince and the Revolution", "Prince", "artist_agrees_nearly"),
        ("Queen", "Madonna", "artist_differs"),
        ("", "Queen", "artist_not_told"),
    ],
)
def test_how_an_artist_agrees_is_said(asked: str, artist: str, code: str) -> None:
    verdict = judge(
        name((asked, "Under Pressure Again")), [musicbrainz(artist, "Under Pressure Again")]
    )
    assert part(verdict, "artist")[0] == code


def test_an_artist_that_stands_in_the_name_is_said_so() -> None:
    asked = ParsedName(
        "Luis Miguel El Reloj", None, (Hypothesis("", "Luis Miguel El Reloj", "fallback"),)
    )
    assert part(judge(asked, [lastfm("Luis Miguel", "El Reloj")]), "artist") == (
        "artist_in_name", 0.95,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rivals", "code"), [((), "no_rival"), (("Quen",), "near_rival"), (("Madonna",), "far_rival")]
)
def test_how_near_a_rival_comes_is_said(rivals: tuple[str, ...], code: str) -> None:
    offered = [lastfm(artist, "Radio Ga Ga") for artist in ("Queen", *rivals)]
    asked = name(("Queen", "Radio Ga Ga"), ("Quen", "Radio Ga Ga"))
    assert part(judge(asked, offered), "margin")[0] == code


def test_a_rival_who_is_as_far_off_is_as_near_as_can_be() -> None:
    offered = [lastfm(artist, "Radio Ga Ga") for artist in ("Queen", "Quen")]
    assert part(judge(name(("", "Radio Ga Ga")), offered), "margin") == ("near_rival", 0.0)


@pytest.mark.parametrize(
    ("asked", "album", "kinds", "is_of_show"),
    [
        ("A Star is Born", "A Star Is Born Soundtrack", (), True),
        ("A Star is Born", "A Star Is Born", ("soundtrack",), True),
        ("A Star is Born", "A Star Is Born", (), False),
        ("A Star is Born", "The Greatest Showman Soundtrack", (), False),
        ("Six", "Six: The Musical", (), False),  # so short a word stands in many albums' names
    ],
)
def test_a_show_for_its_singers(
    asked: str, album: str, kinds: tuple[str, ...], is_of_show: bool
) -> None:
    sung = musicbrainz("Lady Gaga", "Shallow", 2018, album=album, secondary_types=kinds)
    verdict = judge(name((asked, "Shallow")), [sung])
    assert (verdict.best is not None and part(verdict, "artist")[1] == 0.77) is is_of_show


def test_the_year_is_that_of_the_credit_that_is_meant() -> None:
    offered = [
        musicbrainz("Elton John", "Don't Let the Sun Go Down on Me", 1974),
        musicbrainz("Elton John & George Michael", "Don't Let the Sun Go Down on Me", 1991),
    ]
    for artist, year in (("Elton John", 1974), ("Elton John & George Michael", 1991)):
        asked = name((artist, "Don't Let the Sun Go Down on Me"))
        assert judge(asked, offered).year == year


def test_an_edited_versions_year_is_better_than_none_unless_another_is_asked_for() -> None:
    edited = [musicbrainz("Cher", "Believe (Xenomania Sessions)", 1998)]
    assert judge(name(("Cher", "Believe")), edited).year == 1998
    assert judge(name(("Cher", "Believe"), variant="Live"), edited).year is None


def test_the_spelling_with_the_names_own_bracket_is_shown() -> None:
    asked = name(("Otis Redding", "(Sittin' On) The Dock of the Bay"))
    offered = [
        musicbrainz("Otis Redding", "The Dock of the Bay", 1968),
        lastfm("Otis Redding", "(Sittin' On) The Dock of the Bay"),
    ]
    assert judge(asked, offered).title == "(Sittin' On) The Dock of the Bay"


def test_evidence_tells_why_worst_first() -> None:
    verdict = judge(name(("Queen", "Bohemian Rapsody")), [lastfm("Queen", "Bohemian Rhapsody")])
    assert verdict.best is not None
    assert explain(verdict.best.evidence)[0] == (
        "title agrees in part: Bohemian Rhapsody for Bohemian Rapsody"
    )
    assert verdict.best.card["parts"][0]["name"] == "title"


def test_the_library_decides_an_open_order() -> None:
    asked = name(("Texas", "Angel"), ("Angel", "Texas"))
    both = [lastfm("Texas", "Angel", 5_000), lastfm("Angel", "Texas", 6_000)]
    assert not judge(asked, both).applies
    verdict = judge(asked, both, Knowledge(frozenset({"texas"})))
    assert (verdict.artist, verdict.title) == ("Texas", "Angel")


def test_many_candidates_are_judged_in_few_calls() -> None:
    """Some milliseconds, of which a busy machine makes many more."""
    offered = [musicbrainz(f"Artist {n % 30}", f"Song {n % 40} of many words") for n in range(75)]
    asked = name(*((f"Artist {n}", f"Song {n} of many words") for n in range(5)))
    judge(asked, offered)
    called: Counter[str] = Counter()
    sys.setprofile(lambda _frame, event, _of: called.update([event]))
    try:
        judge(asked, offered)
    finally:
        sys.setprofile(None)
    assert 0 < called["call"] + called["c_call"] < 40_000
