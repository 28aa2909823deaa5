"""ListenBrainz: what is asked in one request, and answers read."""

import pytest

from pikaraoke_enrichment.providers import listenbrainz
from pikaraoke_enrichment.providers.base import (
    Candidate,
    Found,
    NotFound,
    Query,
    RateLimited,
    Refused,
    Tag,
    Trait,
    Unavailable,
)
from pikaraoke_enrichment.providers.decoding import Unreadable
from pikaraoke_enrichment.providers.http import Json
from pikaraoke_enrichment.providers.listenbrainz import ListenBrainz, variants
from pikaraoke_enrichment.system.said import Said

MBID = "89d8f933-7c31-47c6-8f80-4927e93e7896"


class Seam:
    """Takes the place of Http: knows some songs, and notes what is posted."""

    def __init__(self, *known, answers=()):
        self.known = {listenbrainz.glued(*pair): pair for pair in known}
        self.answers = list(answers)
        self.posted = []

    def post(self, url, payload, headers=None, *, verdict):
        self.posted.append((url, payload, headers))
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None and not isinstance(answer, Json):
            return answer
        answer = answer or Json(200, self.right_answer(payload), {})
        return verdict(answer) or answer

    def right_answer(self, payload):
        if "recording_mbids" in payload:
            return {mbid: metadata() for mbid in payload["recording_mbids"]}
        return [
            self.looked_up(index, pair["artist_name"], pair["recording_name"])
            for index, pair in enumerate(payload["recordings"])
        ]

    def looked_up(self, index, artist, title):
        asked = {"artist_name_arg": artist, "recording_name_arg": title, "index": index}
        pair = self.known.get(listenbrainz.glued(artist, title))
        if pair is None:
            return asked
        mbid = f"89d8f933-7c31-47c6-8f80-{list(self.known.values()).index(pair):012x}"
        names = {"artist_credit_name": pair[0], "recording_name": pair[1]}
        return {**asked, **names, "recording_mbid": mbid, "release_name": "An Album"}

    @property
    def looked_up_pairs(self):
        return [
            [(pair["artist_name"], pair["recording_name"]) for pair in payload["recordings"]]
            for url, payload, _ in self.posted
            if url.endswith("/lookup/")
        ]


def metadata(**recording):
    return {
        "recording": {"length": 426_000, "first_release_date": "1976-08-01", **recording},
        "tag": {"recording": [{"tag": "rock", "count": 4, "genre_mbid": MBID}]},
    }


def provider(seam):
    return ListenBrainz(seam, token=" a-token ", base_url="https://host/")


BEATLES, ABBA = ("The Beatles", "Hey Jude"), ("ABBA", "Waterloo")


def test_a_song_is_looked_up_and_then_described():
    seam = Seam(BEATLES)
    outcome = provider(seam).lookup(Query("beatles", "Hey, Jude!"))
    assert outcome == Found(
        (
            Candidate(
                "listenbrainz",
                "The Beatles",
                "Hey Jude",
                1976,
                (Tag("rock"),),
                album="An Album",
                duration=426.0,
                recording_id="89d8f933-7c31-47c6-8f80-000000000000",
                url="https://musicbrainz.org/recording/89d8f933-7c31-47c6-8f80-000000000000",
            ),
        )
    )
    (first, asked, headers), (second, named, _) = seam.posted
    assert first == "https://host/1/metadata/lookup/"
    assert headers == {"Authorization": "Token a-token"}
    assert all(pair.keys() == {"artist_name", "recording_name"} for pair in asked["recordings"])
    assert second == "https://host/1/metadata/recording/"
    assert named["inc"] == "artist tag release"


@pytest.mark.parametrize(("kind", "is_duet"), [("Person", True), ("Group", False), (None, True)])
def test_two_persons_who_are_credited_alike_are_a_duet(kind, is_duet):
    both = [
        {"name": "Queen", "join_phrase": " & ", "type": kind},
        {"name": "David Bowie", "join_phrase": "", "type": "Person"},
    ]
    hit = listenbrainz.Hit(MBID, "Queen & David Bowie", "Under Pressure", "")
    candidate = listenbrainz.read_recording(hit, {"artist": {"artists": both}})
    assert candidate.traits == ((Trait("duet", True, "credit"),) if is_duet else ())


def test_without_a_token_nothing_is_asked():
    with pytest.raises(ValueError, match="token"):
        ListenBrainz(Seam(), token=" ")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query("ABBA", "Waterloo"), [("ABBA", "Waterloo")]),
        (Query("The Eagles", "Desperado"), [("The Eagles", "Desperado"), ("Eagles", "Desperado")]),
        (Query("killers", "Human"), [("killers", "Human"), ("The killers", "Human")]),
        (Query("The", "Song"), [("The", "Song")]),
        (Query("", "Song"), []),
        (Query("Queen", "???"), []),
        (Query("Queen\x00\ud800", " a\nb "), [("Queen", "a b")]),
        (Query("Queen", "x" * 245), [("Queen", "x" * 245)]),
        (Query("Queen", "x" * 246), []),
    ],
)
def test_the_pairs_that_a_question_is_asked_by(query, expected):
    assert variants(query) == expected


def test_a_hundred_songs_take_three_requests():
    songs = [(f"Singer {number}", f"Song {number}") for number in range(100)]
    seam = Seam(*songs)
    outcomes = provider(seam).lookup_many([Query(*song) for song in songs])
    assert [len(pairs) for pairs in seam.looked_up_pairs] == [50, 50]
    assert len(seam.posted) == 3
    assert [outcome.candidates[0].title for outcome in outcomes] == [title for _, title in songs]


def test_what_finds_no_room_is_left_open():
    songs = [(f"Band {number}s", f"Song {number}") for number in range(60)]
    seam = Seam(*songs)
    outcomes = provider(seam).lookup_many([Query(*song) for song in songs])
    assert [isinstance(outcome, Found) for outcome in outcomes] == [True] * 50 + [False] * 10
    assert set(outcomes[50:]) == {None}
    assert seam.looked_up_pairs[0][:2] == [songs[0], (f"The {songs[0][0]}", songs[0][1])]


def test_a_pair_is_sent_once_however_it_is_written():
    seam = Seam(BEATLES)
    queries = [Query("The Beatles", "Hey Jude"), Query("Beatles", "Hey Jude!"), Query("", "Hey")]
    first, second, third = provider(seam).lookup_many(queries)
    assert seam.looked_up_pairs == [[("The Beatles", "Hey Jude"), ("Beatles", "Hey Jude")]]
    assert isinstance(first, Found)
    assert first == second
    assert third == NotFound()


def test_what_nobody_knows_takes_one_request():
    seam = Seam()
    assert provider(seam).lookup_many([Query(*ABBA), Query("Nobody", "Nothing")]) == [
        NotFound(),
        NotFound(),
    ]
    assert len(seam.posted) == 1


def test_nothing_is_asked_for_nothing():
    seam = Seam()
    assert provider(seam).lookup(Query("", "")) == NotFound()
    assert seam.posted == []


@pytest.mark.parametrize("step", [0, 1])
def test_a_failure_is_the_first_songs_and_nobody_is_taken_for_unknown(step):
    seam = Seam(ABBA, answers=[None] * step + [RateLimited(3, Said("slower"))])
    outcomes = provider(seam).lookup_many([Query(*ABBA), Query("Carpenters", "Superstar")])
    assert outcomes[0] == RateLimited(3, Said("slower"))
    assert not isinstance(outcomes[1], Found)
    assert (outcomes[1] == NotFound()) is (step == 1)


def test_a_pair_that_fails_the_whole_request_leaves_the_first_question_its_answer():
    seam = Seam(ABBA, answers=[Unavailable(Said("rejected"), answered=True)])
    outcomes = provider(seam).lookup_many([Query(*ABBA), Query("Odd", "One")])
    assert isinstance(outcomes[0], Found)
    assert outcomes[1] is None


def test_an_identity_without_metadata_is_still_a_song():
    seam = Seam(ABBA)
    seam.answers = [None, Json(200, {}, {})]
    (candidate,) = provider(seam).lookup(Query(*ABBA)).candidates
    assert (candidate.artist, candidate.title, candidate.year) == ("ABBA", "Waterloo", None)


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        [],
        [{}],
        [{"recording_name_arg": "x", "index": 7}],
        [{"recording_name_arg": "x", "recording_mbid": "no-mbid", "artist_credit_name": "A"}],
    ],
)
def test_an_answer_of_an_unknown_shape_is_never_a_miss(body):
    with pytest.raises(Unreadable):
        listenbrainz.read_lookups(body, [ABBA])


def test_genres_are_what_has_an_identity_the_songs_own_first():
    tags = {
        "recording": [{"tag": "seen live", "count": 90}],
        "artist": [
            {"tag": "pop", "count": 2, "genre_mbid": MBID},
            {"tag": "disco", "count": 8, "genre_mbid": MBID},
            {"tag": "schlager", "count": 0, "genre_mbid": MBID},
        ],
    }
    assert listenbrainz.read_tags(tags) == (Tag("disco", 0.5), Tag("pop", 0.125))


@pytest.mark.parametrize(
    ("date", "expected"), [("1994-08-22", 1994), (None, None), ("", None), (1994, None)]
)
def test_only_the_first_release_date_tells_a_year(date, expected):
    about = {**metadata(first_release_date=date), "release": {"name": "Hits", "year": 2011}}
    hit = listenbrainz.Hit(MBID, *ABBA, "")
    assert listenbrainz.read_recording(hit, about).year == expected


def test_verdicts():
    verdict = listenbrainz.verdict
    wait = {"X-RateLimit-Reset-In": "7"}
    assert verdict(Json(429, {}, wait)) == RateLimited(7.0, Said("too_many_requests"))
    assert verdict(Json(429, {}, {})) == RateLimited(10.0, Said("too_many_requests"))
    assert isinstance(verdict(Json(401, {}, {})), Refused)
    assert isinstance(verdict(Json(500, None, {})), Unavailable)
    assert verdict(Json(200, [], {})) is None
