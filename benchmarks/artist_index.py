"""What an index of artists tells of songs that no service knows: benchmarks/artist_index.py.

The stand-in of MusicBrainz, with all traps, knows another song of every artist of the labelled
names and of those of the field, and one name in ten has for its title an artist of which nobody has
said anything. Each name goes through the real provider and the real chain.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from accuracy import TRUE_LABELS, Stand
from corpus import Case, FieldCase, corpora, field_cases, is_answer

from pikaraoke_enrichment.demo.catalogue import Catalogue, Song
from pikaraoke_enrichment.providers.musicbrainz import MusicBrainz
from pikaraoke_enrichment.tasks.lookup.chain import look_up
from pikaraoke_enrichment.tasks.parsing import ParsedName, parse

TITLE_IS_SOMEBODY = 0.1


def named() -> list[FieldCase]:
    """The labelled names and those of the field."""
    labelled = [
        case for corpus, cases in corpora().items() if corpus in TRUE_LABELS for case in cases
    ]
    found = [FieldCase(case.name, case.artist, case.title, "labelled") for case in labelled]
    return found + [case for cases in field_cases().values() for case in cases]


def world(cases: Sequence[Case]) -> Catalogue:
    """Another song of every artist; some titles are somebody as well."""
    dice = random.Random(5)
    songs = {case.artist: Song(case.artist, "Another Song", 1990, "Pop") for case in cases}
    for case in cases:
        if dice.random() < TITLE_IS_SOMEBODY and case.title not in songs:
            songs[case.title] = Song(case.title, "Another Song", 1990, "")
    return Catalogue(songs.values(), traps=True)


def is_right(case: FieldCase, parsed: ParsedName) -> bool:
    """Whether the first reading is the song's."""
    first = parsed.hypotheses[0]
    return is_answer(case, first.artist, first.title)


def main() -> None:
    """Print what the parser alone reads rightly, and with the index, weak readings apart."""
    cases = named()
    provider = MusicBrainz(Stand(world(cases)))  # type: ignore[arg-type]
    print(f"{'':12} {'names':>6} {'alone':>7} {'index':>7} {'better':>7} {'worse':>6}")
    rows: dict[str, list[tuple[bool, bool]]] = {}
    for case in cases:
        parsed = parse(case.name)
        found = look_up(parsed, [provider]).parsed
        pair = is_right(case, parsed), is_right(case, found)
        kind = "labelled" if case.language == "labelled" else "field"
        strength = parsed.hypotheses[0].strength
        for label in (kind, f"{kind} {strength}"):
            rows.setdefault(label, []).append(pair)
    for label, pairs in sorted(rows.items()):
        alone, index = (100 * sum(side) / len(pairs) for side in zip(*pairs, strict=True))
        better = sum(now and not before for before, now in pairs)
        worse = sum(before and not now for before, now in pairs)
        print(f"{label:16} {len(pairs):6} {alone:7.1f} {index:7.1f} {better:7} {worse:6}")


if __name__ == "__main__":
    main()
