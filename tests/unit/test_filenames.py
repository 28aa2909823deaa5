"""What a file should be called, and that PiKaraoke leaves such a name as it is."""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pikaraoke_enrichment.demo.catalogue import made_up_songs
from pikaraoke_enrichment.tasks.parsing import parse
from pikaraoke_enrichment.tasks.review.filenames import comes_back, parts, proper_name

ID = "---dQw4w9WgXcQ"


@pytest.mark.parametrize(
    ("said", "name", "proper"),
    [
        (("Queen", "Innuendo", ""), f"innuendo KARAOKE{ID}.mp4", f"Queen - Innuendo{ID}.mp4"),
        (("Queen", "Innuendo", ""), "x [dQw4w9WgXcQ].mp4", "Queen - Innuendo [dQw4w9WgXcQ].mp4"),
        (("Queen", "Innuendo", ""), "track01.MP3", "Queen - Innuendo.MP3"),
        # What tells two versions apart stays.
        (("Queen", "Innuendo", "Key -2"), f"x{ID}.mp4", f"Queen - Innuendo (Key -2){ID}.mp4"),
        # What a disk refuses, now or on the next stick.
        (("AC/DC", "Who Made Who?", ""), "x.mp4", "AC-DC - Who Made Who.mp4"),
        (('"Weird Al"', "a:b*c|d<e>\\f", ""), "x.mp4", "'Weird Al' - a-b-c-de-f.mp4"),
        # A dot before it would hide the file.
        ((".hack//SIGN", "..Obsession...", ""), "x.mp4", "hack--SIGN - Obsession.mp4"),
        # Signs that turn the others round, end the line or are none.
        (("\u202egpm", "a\n\0b\tc", ""), "x.mp4", "gpm - a b c.mp4"),
        (("Beyonce\u0301", "Déjà Vu", ""), "x.mp4", "Beyoncé - Déjà Vu.mp4"),
        (("Queen", "  Innuendo   -  ", " "), "x.mp4", "Queen - Innuendo.mp4"),
        (("", "Innuendo", ""), "x.mp4", None),
        (("Queen", "???", ""), "x.mp4", None),
        (("Queen", "./", ""), "x.mp4", None),
        (("Queen", "é" * 130, ""), "x.mp4", None),
        # It would get a YouTube id that is none.
        (("Queen", "a---bcdefghijkl", ""), "x.mp4", None),
        (("R.E.M.", "Man on the Moon.", ""), "x.mp4", "R.E.M. - Man on the Moon.mp4"),
    ],
)
def test_the_proper_name(said: tuple[str, str, str], name: str, proper: str | None) -> None:
    assert proper_name(*said, name) == proper


@pytest.mark.parametrize(
    ("name", "can"),
    [
        (f"innuendo KARAOKE{ID}.mp4", True),
        ("x [dQw4w9WgXcQ].mp4", True),
        (f"two  spaces{ID}.mp4", False),
        (f"a space before the id {ID}.mp4", False),
        (" a space before it.mp4", False),
        ("a dash behind it -.mp4", False),
        ("a\\b.mp4", False),
    ],
)
def test_names_that_pikaraoke_can_give_back(name: str, can: bool) -> None:
    assert comes_back(name) is can


TEXT = st.text(max_size=40)


@given(TEXT, TEXT, TEXT, st.sampled_from(["", ID, " [dQw4w9WgXcQ]"]))
def test_pikaraoke_leaves_such_a_name_as_it_is(
    artist: str, title: str, variant: str, identity: str
) -> None:
    metadata_parser = pytest.importorskip("pikaraoke.lib.metadata_parser")
    made = proper_name(artist, title, variant, f"x{identity}.mp4")
    if made is None:
        return
    proper, kept, extension = parts(made)
    assert (kept, extension) == (identity, ".mp4")
    asked = proper.strip() + metadata_parser.youtube_id_suffix(f"/songs/x{identity}.mp4")
    for system in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(metadata_parser, "is_windows", lambda system=system: system)
            assert metadata_parser.sanitize_filename(asked) + extension == made
    assert os.path.basename(made) == made
    assert comes_back(made)
    assert proper_name(artist, title, variant, made) == made, "and it needs no other name"


@example("-", "")
@given(st.text(min_size=1, max_size=30), st.sampled_from(["", ID, " [dQw4w9WgXcQ]"]))
def test_what_comes_back_is_what_pikaraoke_writes(text: str, identity: str) -> None:
    metadata_parser = pytest.importorskip("pikaraoke.lib.metadata_parser")
    name = f"{text}{identity}.mp4".replace("/", "")
    proper = parts(name)[0]
    suffix = metadata_parser.youtube_id_suffix(name)
    written = metadata_parser.sanitize_filename(proper.strip() + suffix)
    assert comes_back(name) is (written + parts(name)[2] == name)


def test_such_a_name_is_read_again_as_it_was_meant() -> None:
    songs = made_up_songs(300)
    read = [parse(f"{song.artist} - {song.title}{ID}.mp4").hypotheses[0] for song in songs]
    right = sum(
        (best.artist, best.title) == (song.artist, song.title)
        for song, best in zip(songs, read, strict=True)
    )
    assert right >= 0.98 * len(songs)
