"""Whatever JSON a service sends, reading it gives candidates or says that it cannot be read."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from pikaraoke_enrichment.providers import itunes, lastfm, listenbrainz, musicbrainz
from pikaraoke_enrichment.providers.decoding import Unreadable
from pikaraoke_enrichment.providers.http import Json

# The keys that the readers look for, so that made-up answers reach their deepest corners.
WORDS = """
    error track results trackmatches toptags tag name artist listeners duration album title url
    count recordings artist-credit joinphrase aliases sort-name releases release-group status
    secondary-types date first-release-date tags score length id kind trackName artistName
    releaseDate primaryGenreName trackTimeMillis trackId collectionName errorMessage
    recording recording_mbid recording_name artist_credit_name recording_name_arg index
    first_release_date artists tag genre_mbid release release_group
"""
KEYS = st.sampled_from(WORDS.split())
HIT = listenbrainz.Hit("89d8f933-7c31-47c6-8f80-4927e93e7896", "Queen", "Bohemian Rhapsody", "")
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()))
    | st.sampled_from(["song", "Official", "1975-11", "6", "29", "\n", "x" * 501, HIT.mbid])
)
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=25,
)


def read(reader, body):
    try:
        found = reader(body)
    except Unreadable:
        return ()
    return found if isinstance(found, tuple) else (found,) if found else ()


def assert_usable(candidate):
    assert candidate.artist
    assert candidate.title
    repr(candidate).encode()
    assert "\x00" not in candidate.title
    assert candidate.year is None or 1860 <= candidate.year <= 2100
    assert all(0 < tag.weight <= 1 and tag.name for tag in candidate.tags)


@given(ANSWERS)
def test_any_body_is_read_or_said_to_be_unreadable(body):
    readers = (
        lambda answer: lastfm.read_track({"track": answer}),
        lambda answer: lastfm.read_matches({"results": {"trackmatches": {"track": answer}}}),
        lambda answer: musicbrainz.read_recordings({"recordings": answer}),
        lambda answer: itunes.read_songs({"results": answer}),
        lastfm.read_track,
        musicbrainz.read_recordings,
        lambda answer: listenbrainz.read_recording(HIT, answer),
    )
    for reader in readers:
        for candidate in read(reader, body):
            assert_usable(candidate)
    lastfm.read_artist_tags({"toptags": body})
    with suppress(Unreadable):
        listenbrainz.read_lookups([body], [("Queen", "Bohemian Rhapsody")])


@given(ANSWERS, st.integers(100, 599), st.dictionaries(st.just("Retry-After"), st.text()))
def test_any_answer_has_a_verdict(body, status, headers):
    for module in (lastfm, musicbrainz, itunes, listenbrainz):
        module.verdict(Json(status, body, headers))
