"""Which video a file is, as far as its name proves it."""

import pytest

from pikaraoke_enrichment.tasks.names.identity import video_of
from pikaraoke_enrichment.tasks.song_files import youtube_id


@pytest.mark.parametrize(
    ("name", "video"),
    [
        ("Toto - Africa [dQw4w9WgXcQ].mp4", "dQw4w9WgXcQ"),
        ("Toto - Africa---dQw4w9WgXcQ.mp4", "dQw4w9WgXcQ"),
        ("Toto - Africa---abcdefghijk.mp4", "abcdefghijk"),
        ("Toto - Africa [abcdefghijk].mp4", None),
        ("Toto - Africa [ZoomKaraoke].mp4", None),
        ("Toto - Africa [DigitalTrax].mp4", None),
        ("Toto - Africa [with-lyrics].mp4", None),
        ("Toto - Africa [1080p-60fps].mp4", None),
        ("._Toto - Africa---dQw4w9WgXcQ.mp4", None),
        ("Toto - Africa.mp4", None),
    ],
)
def test_only_what_can_be_no_word_is_a_video(name: str, video: str | None) -> None:
    path = f"/songs/{name}"
    assert video_of(youtube_id(path), path) == video
