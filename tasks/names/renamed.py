"""Whether a file's new name tells of another song than the one it is known as. Pure."""

from __future__ import annotations

from .folding import fold

# Slips of the pen and words left out leave so much of a title, of 100 ("Bohemian Rapsody": 97).
_STILL_THERE = 80.0


def is_another_song(strength: str, name: str, artist: str, title: str) -> bool:
    """Whether a new name surely means another song, which a person is then asked.

    What services found stays with the file otherwise: who tidies "Queen-BoRhap!!---ID" by hand
    means the same video, and a song found at 0.99 fell to 0.10 so.

    Args:
        strength: of the new name's likeliest reading.
        name: the new name as it is read: artist and title.
        artist, title: what the song is known as.
    """
    if strength == "fallback" or not (artist and title):
        return False
    from rapidfuzz import fuzz  # a megabyte, for the few songs that are renamed

    said = fold(name)
    whom, what = (fuzz.partial_ratio(fold(each), said) for each in (artist, title))
    if strength == "weak":  # artist and title, but of neither is it certain which
        return what < _STILL_THERE and whom < _STILL_THERE
    return what < _STILL_THERE or (whom < _STILL_THERE and len(fold(title)) < 4)
