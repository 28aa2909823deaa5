"""MusicBrainz: questions asked in Lucene's language, and answers read."""

import pytest

from pikaraoke_enrichment.providers import musicbrainz
from pikaraoke_enrichment.providers import musicbrainz_answers as read_answers
from pikaraoke_enrichment.providers import musicbrainz_queries as queries
from pikaraoke_enrichment.providers.base import (
    Candidate,
    Found,
    NotFound,
    Query,
    RateLimited,
    Refused,
    Tag,
    Trait,
)
from pikaraoke_enrichment.providers.decoding import Unreadable
from pikaraoke_enrichment.providers.http import Json

MBID = "89d8f933-7c31-47c6-8f80-4927e93e7896"


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        (
            "Calexico",
            "Alone Again Or",
            'recording:"alone again or" AND (artist:"calexico" OR artistname:"calexico" '
            'OR creditname:"calexico")',
        ),
        ("", "DO OR DIE", 'recording:"do or die"'),
        ("", 'a "b" \\ c', 'recording:"a \\"b\\" \\\\ c"'),
        ("", "What's Up?", 'recording:"what\'s up\\?"'),
        ("", "  two\nlines ", 'recording:"two lines"'),
        ("", "", ""),
        ("", "?!", ""),
        ("XXXTENTACION", "???", 'recording:"\\?\\?\\?" AND artist:"xxxtentacion"'),
    ],
)
def test_phrase_query(artist, title, expected):
    assert queries.phrase_query(Query(artist, title)) == expected


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        (
            "Simon & Garfunkel",
            "Sound of Silence",
            "recording:(sound AND of AND silence) AND (artist:(simon AND garfunkel) OR "
            "artistname:(simon AND garfunkel) OR creditname:(simon AND garfunkel))",
        ),
        ("", "queen bohemian rhapsody", "queen AND bohemian AND rhapsody"),
        ("", "hello", ""),
        ("Queen", "?", ""),
        ("", "AC/DC - T.N.T.", '"ac\\/dc" AND "t.n.t."'),
    ],
)
def test_word_query(artist, title, expected):
    assert queries.word_query(Query(artist, title)) == expected


@pytest.mark.parametrize("sign", list('+-&|!(){}[]^"~*?:\\/'))
def test_every_sign_of_lucene_is_escaped(sign):
    assert queries.escape(f"a{sign}b") == f"a\\{sign}b"


def release(title, date="", status="Official", kinds=()):
    group = {"title": title, "primary-type": "Album"}
    if kinds:
        group["secondary-types"] = list(kinds)
    return {"title": title, "date": date, "status": status, "release-group": group}


def recording(**changes):
    entry = {
        "id": MBID,
        "score": 100,
        "title": "Under Pressure",
        "length": 248000,
        "video": None,
        "artist-credit": [
            {"name": "Queen", "joinphrase": " & ", "artist": {"name": "Queen", "aliases": []}},
            {
                "name": "David Bowie",
                "artist": {
                    "name": "David Bowie",
                    "sort-name": "Bowie, David",
                    "aliases": [{"name": "Davy Jones"}, {"name": "Davy Jones"}, {"name": None}],
                },
            },
        ],
        "first-release-date": "1981-10-26",
        "releases": [
            release("Greatest Hits", "1981", kinds=["Compilation"]),
            release("Hot Space", "1982-05-21"),
        ],
        "tags": [
            {"count": 0, "name": "american"},
            {"count": 2, "name": "rock"},
            {"count": 4, "name": "pop"},
        ],
    }
    return {"recordings": [{**entry, **changes}]}


def read(**changes):
    return read_answers.read_recordings(recording(**changes))[0]


def test_recording_is_read_whole():
    assert read() == Candidate(
        provider="musicbrainz",
        artist="Queen & David Bowie",
        title="Under Pressure",
        year=1981,
        tags=(Tag("pop", 1.0), Tag("rock", 0.5)),
        artist_aliases=("Bowie, David", "Davy Jones"),
        album="Hot Space",
        duration=248.0,
        recording_id=MBID,
        url=f"https://musicbrainz.org/recording/{MBID}",
        traits=(Trait("duet", True, "credit"),),
    )


def credit(*names_and_joints):
    """An artist credit: name, what joins it to the next, name, …"""
    names, joints = names_and_joints[::2], (*names_and_joints[1::2], "")
    return [
        {"name": name, "joinphrase": joint, "artist": {"name": name}}
        for name, joint in zip(names, joints, strict=True)
    ]


@pytest.mark.parametrize(
    ("printed", "is_duet"),
    [
        (credit("Elton John", " & ", "Kiki Dee"), True),
        (credit("Lady Gaga", " / ", "Bradley Cooper"), True),
        (credit("Reba McEntire", " duet with ", "Vince Gill"), True),
        (credit("Andrea Bocelli", " e ", "Giorgia"), True),
        (credit("Simon & Garfunkel"), False),  # one artist
        (credit("Eminem", " feat. ", "Rihanna"), False),  # a guest
        (credit("Elvis Presley", " & ", "The Jordanaires"), False),  # a singer and a band
        (credit("Glenn Miller", " and ", "His Orchestra"), False),
        (credit("Crosby", ", ", "Stills", " & ", "Nash"), False),
        (credit("Cher"), False),
        ([{"joinphrase": " & "}, {}], False),
        ([], False),
    ],
)
def test_a_credit_of_two_equal_singers_is_a_duet(printed, is_duet):
    expected = (Trait("duet", True, "credit"),) if is_duet else ()
    assert read_answers.read_pair(printed, "joinphrase") == expected


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"first-release-date": "????-05"}, "year", 1981),
        ({"first-release-date": "", "releases": []}, "year", None),
        ({"first-release-date": None, "releases": [release("x", "")]}, "year", None),
        ({"tags": None}, "tags", ()),
        ({"tags": [{"count": -1, "name": "mellow"}]}, "tags", ()),
        ({"tags": {"count": 1, "name": "pop"}}, "tags", (Tag("pop"),)),
        ({"length": None}, "duration", None),
        ({"id": "../../evil"}, "url", ""),
        ({"disambiguation": "live, 1986-07-12"}, "disambiguation", "live, 1986-07-12"),
    ],
)
def test_recording_survives_what_is_missing(changes, field, expected):
    assert getattr(read(**changes), field) == expected


@pytest.mark.parametrize(
    ("releases", "expected"),
    [
        ([release("a", kinds=["Live"]), release("b", kinds=["Live", "Compilation"])], ("live",)),
        ([release("a"), release("b", kinds=["Compilation"])], ()),
        ([release("a", kinds=["Live"]), release("b", status="Bootleg")], ("live",)),
        ([release("a", status="Bootleg", kinds=["Live"])], ("bootleg", "live")),
        ([], ()),
        ([{"status": "Official", "release-group": {"secondary-types": "Live"}}], ()),
    ],
)
def test_secondary_types_are_those_of_all_official_releases(releases, expected):
    assert read_answers.read_secondary_types(releases) == expected


def test_a_script_that_few_can_type_has_its_sort_name_for_an_alias():
    credit = [
        {"name": "宇多田ヒカル", "artist": {"name": "宇多田ヒカル", "sort-name": "Utada, Hikaru"}}
    ]
    assert read_answers.read_aliases(credit) == ("Utada, Hikaru",)


def test_no_recordings():
    assert read_answers.read_recordings({"count": 0, "offset": 0, "recordings": []}) == ()


@pytest.mark.parametrize(
    "body", [None, [], {}, {"recordings": "none"}, {"recordings": [None]}, recording(title=None)]
)
def test_answer_of_no_known_shape_is_not_taken_for_none(body):
    with pytest.raises(Unreadable):
        read_answers.read_recordings(body)


@pytest.mark.parametrize(
    ("header", "seconds"), [({}, 1), ({"Retry-After": "0"}, 1), ({"Retry-After": "5"}, 5)]
)
def test_503_is_a_rate_limit_of_a_second_at_least(header, seconds):
    outcome = musicbrainz.verdict(Json(503, {"error": "busy"}, header))
    assert isinstance(outcome, RateLimited)
    assert outcome.retry_after == seconds


def test_403_names_the_user_agent():
    outcome = musicbrainz.verdict(Json(403, {"error": "no"}, {}))
    assert isinstance(outcome, Refused)
    assert outcome.reason.code == "no_contact"


@pytest.mark.parametrize(
    ("artist", "title", "given", "expected"),
    [
        ("Beth Hart and Joe Bonamassa", "Sinner's Prayer", "Beth Hart & Joe Bonamassa", True),
        ("Beyonce", "Sinners Prayer", "Beyoncé", True),
        ("Hart", "sinners prayer", "Beth Hart", True),
        ("Hart", "Prayer of a Sinner", "Beth Hart", False),
        ("Sinner's Prayer", "Beth Hart", "Beth Hart", False),
        ("", "sinner's prayer beth hart", "Beth Hart", True),
    ],
)
def test_whose_answer_a_recording_is(artist, title, given, expected):
    candidate = Candidate("musicbrainz", given, "Sinner’s Prayer (live)")
    assert musicbrainz.answers(candidate, Query(artist, title)) is expected


def test_a_title_of_signs_is_its_own():
    assert musicbrainz.answers(Candidate("musicbrainz", "A", "???"), Query("A", "???"))
    assert not musicbrainz.answers(Candidate("musicbrainz", "A", "Sad!"), Query("A", "???"))


def page(*songs, whole=True):
    return musicbrainz.Page(tuple(Candidate("musicbrainz", *song) for song in songs), whole)


ASKED = [Query("A", "Yesterday"), Query("B", "Tomorrow")]


def test_a_whole_page_settles_every_question():
    first, second = musicbrainz.shared_out(page(("A", "Yesterday")), ASKED)
    assert isinstance(first, Found)
    assert second == NotFound()


def test_a_recording_in_another_spelling_leaves_its_question_open():
    shown = page(("A", "Yesterday"), ("Be", "Tomorrow"))
    assert musicbrainz.shared_out(shown, ASKED)[1] is None


def test_a_page_that_does_not_show_all_settles_who_it_shows_with_a_year():
    """Of a famous song it showed a hundred recordings. Left open, it rode with the next question,
    and crowded that one out too."""
    shown = page(("A", "Yesterday", 1965), ("B", "Tomorrow"), whole=False)
    first, second = musicbrainz.shared_out(shown, ASKED)
    assert isinstance(first, Found)
    assert second is None


# --- singles and artists --------------------------------------------------------------------------


def test_singles_are_searched_for_by_name_and_kind():
    clauses = [
        queries.single_clause("So What", ["Pink", "P!nk"]),
        queries.single_clause("Dont Stop Believin'", ["The Journey"]),
        queries.single_clause("Mrs. Robinson", ["Simon & Garfunkel"]),
    ]
    assert queries.singles_query(clauses) == (
        "primarytype:single AND ("
        '(releasegroup:"so what" AND artist:("pink" OR "p\\!nk")) OR '
        '(releasegroup:((dont OR "don\'t") AND stop AND believin) AND artist:"journey") OR '
        '(releasegroup:"mrs. robinson" AND artist:("simon \\& garfunkel" OR "simon and garfunkel"))'
        ")"
    )


def test_recordings_are_narrowed_and_old_ones_come_first():
    asked = queries.recordings_query([queries.recording_clause("Hey Jude", ["The Beatles"])])
    assert asked.startswith(
        '+((recording:"hey jude" AND artist:"beatles")) '
        "+status:official +primarytype:(single OR album) -comment:live*"
    )
    assert "firstreleasedate:[* TO 1980]^0.1" in asked


def test_artists_are_searched_for_by_every_name():
    asked = queries.artists_query(["AC/DC", "The Beatles"])
    names = '"ac\\/dc" OR "beatles"'
    assert asked == f"artist:({names}) OR alias:({names})"


@pytest.mark.parametrize(
    ("name", "other"),
    [("ACDC", "AC/DC"), ("Beatles", "The Beatles"), ("Simon and Garfunkel", "Simon & Garfunkel")],
)
def test_names_are_one_without_signs_and_article(name, other):
    assert queries.glued(name) == queries.glued(other)


def group(**changes):
    entry = {
        "id": MBID,
        "score": 100,
        "title": "So What",
        "primary-type": "Single",
        "first-release-date": "2008-08-18",
        "artist-credit": [{"name": "P!nk", "artist": {"name": "P!nk"}}],
        "releases": [{"title": "So What", "status": "Official"}],
        "tags": [{"count": 3, "name": "pop"}],
    }
    return {"release-groups": [{**entry, **changes}]}


def test_a_single_is_the_song_dated():
    (single,) = read_answers.read_singles(group())
    assert (single.artist, single.title, single.year) == ("P!nk", "So What", 2008)
    assert single.tags == (Tag("pop"),)
    assert single.url == f"https://musicbrainz.org/release-group/{MBID}"


def test_a_double_a_side_is_each_of_its_songs():
    found = read_answers.read_singles(group(title="So What / Could've Had Everything"))
    assert {"So What", "Could've Had Everything"} <= {each.title for each in found}


@pytest.mark.parametrize(
    "changes",
    [
        {"primary-type": "Album"},
        {"releases": [{"status": "Promotion"}, {"status": "Bootleg"}]},
        {"artist-credit": []},
    ],
)
def test_what_is_no_single_for_sale_is_left_out(changes):
    assert read_answers.read_singles(group(**changes)) == ()


def test_a_remix_tells_that_it_is_one():
    (single,) = read_answers.read_singles(group(**{"secondary-types": ["Remix"]}))
    assert single.secondary_types == ("remix",)


@pytest.mark.parametrize(
    ("title", "artist", "is_it"),
    [("So What", "P!nk", True), ("So What?", "Pink", True), ("So", "P!nk", False)],
)
def test_whose_single_it_is(title, artist, is_it):
    (single,) = read_answers.read_singles(group())
    assert musicbrainz.is_single(single, Query(artist, title), ["P!nk"]) is is_it


def test_artists_are_read_with_all_their_names_but_nobodies():
    body = {
        "artists": [
            {"name": "[traditional]"},
            {
                "name": "P!nk",
                "sort-name": "P!nk",
                "aliases": [{"name": "Pink"}, {"name": None}],
                "tags": [{"count": 0, "name": "american"}, {"count": 9, "name": "pop"}],
            },
        ]
    }
    assert read_answers.read_artists(body) == (
        read_answers.Artist("P!nk", ("Pink",), (Tag("pop"),), 9),
    )


@pytest.mark.parametrize("read", [read_answers.read_singles, read_answers.read_artists])
@pytest.mark.parametrize("body", [None, [], {}, {"recordings": []}])
def test_an_answer_to_another_search_is_not_taken_for_none(read, body):
    with pytest.raises(Unreadable):
        read(body)
