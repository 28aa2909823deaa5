"""The library on disk and in PiKaraoke's table: scanning a folder, following what others change."""

from __future__ import annotations

import logging
import os
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ..database.connection import database, now_text, run_many
from ..exceptions import NoSuchFolder
from ..models import CandidateRow, Song, SongDetail
from .history import elsewhere, former_answers, kept_edits, naming_habits, restoring, traits
from .lookup.certain_artists import reader
from .names.identity import no_song, video_of
from .names.renamed import is_another_song
from .parsing import Hypothesis, ParsedName
from .queue import table as queue_table
from .runtime import is_to_end, until_told
from .scoring import parsed_confidence
from .search import listing
from .song_files import (
    are_songs,
    as_utf8,
    both_forms,
    is_song,
    is_there,
    names_in,
    on_disk,
    one_form,
    respelt,
    song_format,
    walk,
    youtube_id,
)

log = logging.getLogger("pikaraoke_enrichment")

# The same share at which PiKaraoke takes a drive for unmounted rather than songs for deleted.
MOST_MISSING = 0.5


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found: songs on disk, and rows added, moved, deleted and put in the queue.

    `missing` counts rows whose file is gone; they stay when `halted`, because more than half of the
    folder's songs would go. `unreadable` are the paths of files whose names are no valid text,
    `closed` those of folders that could not be read: rows of what lies there stay as they are;
    `linked` those of folders that are only linked there, and are passed over. What is no song
    (`identity.no_song`) is not counted.
    """

    found: int
    added: int
    moved: int
    deleted: int
    missing: int
    halted: bool
    queued: int
    unreadable: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()


# Reads a file's name, as `certain_artists.Reader` does.
Read: TypeAlias = Callable[[str], ParsedName]
# Path, YouTube id and format of a file, as PiKaraoke's row has them.
Record: TypeAlias = tuple[str, "str | None", str]
# Takes songs that were queued, as id and priority, once their transaction is through.
HandOver: TypeAlias = Callable[[Sequence[tuple[int, int]]], None]


def _to_nobody(_: Sequence[tuple[int, int]]) -> None:
    """Leave the songs to whoever reads the queue."""


# --- scanning -----------------------------------------------------------------------------------


def scan(folder: str | Path, hand_over: HandOver = _to_nobody) -> ScanResult:
    """Register a folder's songs by PiKaraoke's rules, read their names and queue what needs work.

    Rows of files outside the folder stay as they are, but one whose file has gone and turned up
    inside, under the same unique name, is a move: PiKaraoke's play history hangs on its row.

    Args:
        folder: where the songs lie; subfolders count.
        hand_over: is given the queued songs, a batch at a time.
    Raises:
        NoSuchFolder: it is not there.
        OSError: it cannot be read.
    """
    if not Path(folder).is_dir():
        raise NoSuchFolder(f"{folder} is not a folder: name the one that holds your songs")
    kept_edits.follow()  # before rows are deleted that PiKaraoke has moved
    here = as_utf8(os.path.abspath(folder))
    # As PiKaraoke wrote it, so that both name a file by the same path.
    scanned = _scanned_folder()
    top = scanned if scanned and _is_one_folder(scanned, here) else here
    found = walk(here, top)
    rows = {path for (path,) in Song.select(Song.file_path).tuples().iterator()}
    start = _start_of(top)
    below = {path for path in rows if os.path.normcase(path).startswith(start)}

    new, gone = are_songs(found.songs - rows), below - found.songs
    gone -= {path for path in gone if any(_is_below(path, place) for place in found.closed)}
    # A stick that is mounted with another encoding has other names for all letters beyond ASCII.
    unclear = {os.path.dirname(path) for path in found.unreadable}
    in_unclear = (path for path in gone if os.path.dirname(path) in unclear)
    gone -= {path for path in in_unclear if not os.path.basename(path).isascii()}
    moves = _moves(gone, new, rows - below)
    new -= {target for _, target in moves}
    gone -= {source for source, _ in moves}
    halted = len(gone) > MOST_MISSING * len(below)

    with database.in_bulk():
        records = _records(new, lambda path: respelt(path, top, here))
        _write(records, moves, () if halted else gone)
        queued = take_in(hand_over=hand_over)
    return ScanResult(
        found=len(are_songs(found.songs)),
        added=len(new),
        moved=len(moves),
        deleted=0 if halted else len(gone),
        missing=len(gone),
        halted=halted,
        queued=queued,
        unreadable=tuple(found.unreadable),
        closed=tuple(found.closed),
        linked=tuple(found.linked),
    )


def _is_one_folder(scanned: str, folder: str) -> bool:
    """Whether PiKaraoke's folder is this one. One that it was given relatively ("-d ./songs") is
    relative to wherever it was started, and known by a song that lies in both."""
    try:
        if os.path.samefile(on_disk(scanned), on_disk(folder)):
            return True
    except OSError:
        pass  # it is not there any more, or not from here
    if os.path.isabs(scanned):
        return False
    of_it: Any = Song.select(Song.file_path).where(Song.file_path.startswith(scanned)).limit(50)
    return any(
        is_there(os.path.join(folder, os.path.relpath(path, scanned))) for (path,) in of_it.tuples()
    )


def _start_of(top: str) -> str:
    """How the paths of all that lies below a folder begin."""
    return os.path.normcase(os.path.join(top, ""))


def _is_below(path: str, top: str) -> bool:
    return os.path.normcase(path).startswith(_start_of(top))


def _moves(gone: set[str], new: set[str], elsewhere: set[str]) -> list[tuple[str, str]]:
    """Old and new path of files that moved: one gone and one new of the same base name or id."""
    targets, sources = defaultdict(list), defaultdict(list)
    for path in new:
        targets[one_form(os.path.basename(path))].append(path)
    for path in gone:
        sources[one_form(os.path.basename(path))].append(path)
    for path in elsewhere if targets else ():
        name = one_form(os.path.basename(path))
        if name in targets and not is_there(path):
            sources[name].append(path)
    moves = _pairs(sources, targets)
    # A file renamed by hand keeps its YouTube id, and with it the plays and the person's word that
    # hang on its row; PiKaraoke's own scan would drop both.
    moved = {path for move in moves for path in move}
    return moves + _pairs(_by_id(gone - moved), _by_id(new - moved))


def _pairs(
    sources: Mapping[str, Sequence[str]], targets: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """What stands under one key on either side, and alone there."""
    return [
        (paths[0], targets[key][0])
        for key, paths in sources.items()
        if len(paths) == 1 and len(targets.get(key, ())) == 1
    ]


def _by_id(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if video := video_of(youtube_id(path), path):
            found[video].append(path)
    return found


def _records(paths: Iterable[str], place_of: Callable[[str], str]) -> Iterator[Record]:
    """Path, YouTube id and format of new files; each folder is listed once. `place_of` tells where
    a folder is that PiKaraoke spells otherwise."""
    by_folder: dict[str, list[str]] = defaultdict(list)
    for path in sorted(paths):
        by_folder[os.path.dirname(path)].append(path)
    for folder, inside in by_folder.items():
        beside = {name.lower() for name in names_in(place_of(folder))}
        for path in inside:
            yield path, youtube_id(path), song_format(path, beside)


def _write(new: Iterable[Record], moves: Iterable[tuple[str, str]], gone: Iterable[str]) -> None:
    """Bring the rows in line with the files, a batch a transaction."""
    for batch in queue_table.in_batches(new):
        with database.atomic("IMMEDIATE"):
            run_many(_REGISTER, batch)
    for pairs in queue_table.in_batches(moves):
        with database.atomic("IMMEDIATE"):
            for source, target in pairs:
                Song.update(file_path=target, updated_at=now_text()).where(
                    Song.file_path == source
                ).execute()
    for paths in queue_table.in_batches(gone, 200):
        with database.atomic("IMMEDIATE"):
            Song.delete().where(Song.file_path.in_(paths)).execute()


def register(path: str) -> int:
    """The id of a file's row; makes the row, as PiKaraoke would, where there is none yet.

    Raises:
        FileNotFoundError: neither PiKaraoke nor the disk knows the file.
    """
    song_id = known(path)
    if song_id is not None:
        return song_id
    # As PiKaraoke will write it: it joins the folder as it was given to it with what lies below, so
    # a link to the folder stays in the path, and a relative one stays so.
    in_full = os.path.abspath(path)
    in_full = next(iter(_spellings(in_full)), in_full)
    # Companion files are looked for by name: listing a folder of 10,000 songs took three quarters
    # of an upload handler's time.
    base = os.path.splitext(in_full)[0]
    names = (f"{base}.{kind}" for kind in ("cdg", "CDG", "ass", "ASS"))
    beside = {os.path.basename(name).lower() for name in names if os.path.exists(name)}
    record = (in_full, youtube_id(in_full), song_format(in_full, beside))
    with database.atomic("IMMEDIATE"):
        database.execute_sql(_REGISTER, record)
    return int(database.execute_sql(_ITS_ID, (in_full,)).fetchone()[0])


# As PiKaraoke writes it, which finds our row there and leaves it, or the other way round.
_REGISTER = (
    "INSERT INTO songs (file_path, youtube_id, format) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
)
_ITS_ID = "SELECT id FROM songs WHERE file_path = ?"


def known(path: str) -> int | None:
    """The id of a file's row, None where it has none but could have one; reads only.

    Raises:
        FileNotFoundError: neither PiKaraoke nor the disk knows the file.
    """
    in_full = os.path.abspath(path)
    spellings = {
        form for each in (path, in_full, *_spellings(in_full)) for form in both_forms(each)
    }
    marks = ",".join("?" * len(spellings))
    found = database.execute_sql(
        f"SELECT id FROM songs WHERE file_path IN ({marks}) ORDER BY id LIMIT 1", sorted(spellings)
    ).fetchone()
    if found is not None:
        return int(found[0])
    if not is_song(in_full) or not os.path.isfile(in_full):
        raise FileNotFoundError(f"{path} is no song in the library and no song file on disk")
    if no_song(in_full):
        raise FileNotFoundError(f"{path} is no song but what a Mac, a trash or a download has left")
    return None


def _spellings(in_full: str) -> list[str]:
    """How PiKaraoke may spell a path where it does not write it in full, the likeliest first."""
    scanned = _scanned_folder()
    if not scanned:
        return []
    top = os.path.abspath(scanned)
    if os.path.isabs(scanned) and _is_below(in_full, scanned):
        return []
    if _is_below(in_full, top):
        return [os.path.join(scanned, os.path.relpath(in_full, top))]
    real, real_top = os.path.realpath(in_full), os.path.realpath(top)
    if _is_below(real, real_top):
        return [os.path.join(scanned, os.path.relpath(real, real_top))]
    if os.path.isabs(scanned):
        return []
    # Relative to wherever PiKaraoke was started: some folder above the song's has this name.
    inside = os.path.join(os.sep, os.path.normpath(scanned), "")
    places = [found.end() for found in re.finditer(f"(?={re.escape(inside)})", in_full)]
    ends = [in_full[place + len(inside) :] for place in reversed(places)]
    return [os.path.join(scanned, end) for end in ends]


def _scanned_folder() -> str | None:
    found = database.execute_sql(
        "SELECT value FROM metadata WHERE key = 'last_scan_directory'"
    ).fetchone()
    return str(found[0]) if found and found[0] else None


# --- following PiKaraoke's table ----------------------------------------------------------------


def take_in(*, only: Collection[int] | None = None, hand_over: HandOver = _to_nobody) -> int:
    """Read the names of new and renamed songs and queue them; drop what is gone.

    A person's edit and an answer in progress stay: only names that differ from what was read last
    are read; and what services found, unless the new name surely tells another song. A file that
    comes back is given what a person had said of it.

    Args:
        only: ids of the songs to look at; by default all.
        hand_over: is given the queued songs, a batch at a time.
    Returns:
        How many songs were queued.
    """
    if only is None:
        queue_table.forget_orphans()
        kept_edits.follow()
        elsewhere.notice()
    queued, changed = 0, set[str]()
    if only is None:
        folders = {os.path.dirname(row[1]) for row in database.execute_sql(_UNREAD)}
        folders |= naming_habits.due()
        changed = naming_habits.learn_from(folders) if folders else naming_habits.to_read_anew()
    # Songs of folders with a new habit that stand as their names were read.
    as_read = database.execute_sql(_AS_READ) if changed else ()
    weak = {song_id for song_id, path, *_ in as_read if os.path.dirname(path) in changed}
    read = reader().read
    for batch in until_told(_unread(only)):
        entries = _read_names(batch, read)
        hand_over(entries)
        queued += len(entries)
        weak.difference_update(row[0] for row in batch)
    for ids in until_told(queue_table.in_batches(weak)):
        marks = ",".join("?" * len(ids))
        rows = database.execute_sql(f"{_AS_READ} AND id IN ({marks})", ids).fetchall()
        entries = _read_anew(rows, read)
        hand_over(entries)
        queued += len(entries)
    if only is None and not is_to_end():
        naming_habits.set_read_anew(changed)
        listing.fill()
        traits.fill()
    return queued


# A path may be of any kind, as every value there: another program may have written it.
_UNREAD = r"""
SELECT s.id, CAST(s.file_path AS TEXT), r.file_name, s.metadata_status
FROM songs AS s LEFT JOIN enrichment_reading AS r ON r.song_id = s.id
WHERE (r.song_id IS NULL
   OR substr(CAST(s.file_path AS TEXT), length(CAST(s.file_path AS TEXT)) - length(r.file_name))
       NOT IN ('/' || r.file_name, '\' || r.file_name)
       AND CAST(s.file_path AS TEXT) <> r.file_name)
"""


def strange_rows() -> list[int]:
    """Ids of the first songs in whose rows another program has left values of a foreign kind. They
    are read as well as that can be, and cost nobody else anything."""
    if database.is_shared:  # a server takes no others
        return []
    return [row[0] for row in database.execute_sql(_STRANGE).fetchall()]


_STRANGE = """
SELECT id FROM songs
WHERE typeof(file_path) <> 'text' OR typeof(artist) NOT IN ('text', 'null')
   OR typeof(title) NOT IN ('text', 'null') OR typeof(variant) NOT IN ('text', 'null')
   OR typeof(genre) NOT IN ('text', 'null') OR typeof(metadata_status) NOT IN ('text', 'null')
   OR typeof(year) NOT IN ('integer', 'null')
ORDER BY id LIMIT 100
"""


_Unread: TypeAlias = "tuple[int, str, str | None, str | None]"


def _unread(only: Collection[int] | None) -> Iterator[list[_Unread]]:
    """Songs whose present name was never read, as many at a time as one transaction takes: id,
    path, the name read before, status. All 10,000 of a library's at once took 7 MB for good."""
    if only is not None:
        for ids in queue_table.in_batches(only):
            marks = ",".join("?" * len(ids))
            yield database.execute_sql(f"{_UNREAD} AND s.id IN ({marks})", ids).fetchall()
        return
    after, most = 0, queue_table.IN_ONE_TRANSACTION
    some = f"{_UNREAD} AND s.id > ? ORDER BY s.id LIMIT {most}"
    while batch := database.execute_sql(some, (after,)).fetchall():
        yield batch
        after = batch[-1][0]


def _read_names(rows: Sequence[_Unread], read: Read) -> list[tuple[int, int]]:
    """Parse, store and queue a batch of songs in one transaction; id and priority of the queued."""
    changes, readings, entries, renamed, fresh = [], [], [], [], {}
    answered: list[int] = []
    former: list[CandidateRow] = []
    same_again: list[int] = []
    given, now = _names_given([row[0] for row in rows]), now_text()
    for song_id, path, read_before, status in rows:
        name = os.path.basename(path)
        readings.append((name, song_id))
        if read_before is None and status in _ANSWERED:
            answered.append(song_id)  # by another program, or before our tables were lost
            continue
        if status == "manual":
            continue
        if read_before is not None and (
            (song_id, read_before, name) in given or one_form(read_before) == one_form(name)
        ):
            continue
        parsed = _parsed(path, read)
        if read_before is not None and status == "enriched":
            known = former_answers.made_of(song_id)
            if known is None or not _tells_another(known.artist, known.title, parsed):
                continue
            former.append(known)
        elif read_before is not None:
            before = former_answers.of(song_id)
            if before is not None and not _tells_another(*before, parsed):
                same_again.append(song_id)
        changes.append((*_columns(parsed), now, song_id))
        entries.append((song_id, urgency(parsed)))
        if read_before is not None:
            renamed.append(song_id)
        else:
            fresh[song_id] = bool(parsed.hypotheses[0].artist)
    with database.atomic("IMMEDIATE"):
        run_many(_STORE_NAME.format(confidence=Song.confidence.column_name), changes)
        run_many(_STORE_READING, readings)
        elsewhere.adopt(answered)
        verified = restoring.give_back(fresh)
        no_songs = {song_id: why for song_id, path, *_ in rows if (why := no_song(path))}
        entries = [entry for entry in entries if entry[0] not in verified | no_songs.keys()]
        queue_table.add(entries)
        _forget_decisions(renamed)
        former_answers.drop(same_again)
        former_answers.keep(former)
        run_many(_DECIDE_NO_SONG, [(database.now(), why, each) for each, why in no_songs.items()])
        read_now = [song_id for _, song_id in readings]
        listing.index(read_now)
        traits.read_names(read_now, anew=[change[-1] for change in changes])
    return entries


_ANSWERED = frozenset({"manual", "enriched", "enrichment_failed"})
# Where another program has found nothing, no name was read into the columns.
_AS_READ = f"""
SELECT id, CAST(file_path AS TEXT), CAST(coalesce(artist, '') AS TEXT),
    CAST(coalesce(title, '') AS TEXT)
FROM songs
WHERE metadata_status IN ('parsed', 'enrichment_failed') AND id NOT IN (
    SELECT song_id FROM enrichment_reading
    WHERE reason IN ('{elsewhere.CHANGED}', '{elsewhere.SAID}'))
"""


def _read_anew(rows: Sequence[tuple[int, str, str, str]], read: Read) -> list[tuple[int, int]]:
    """Store and queue the songs whose names are read otherwise since their folder's habit is known;
    rows are id, path, artist, title; returns id and priority of the queued."""
    changes, entries, now = [], [], now_text()
    for song_id, path, artist, title in rows:
        parsed = _parsed(path, read)
        best = parsed.hypotheses[0]
        if (best.artist, best.title) != (artist, title):
            changes.append((*_columns(parsed), now, song_id))
            entries.append((song_id, urgency(parsed)))
    with database.atomic("IMMEDIATE"):
        run_many(_STORE_NAME.format(confidence=Song.confidence.column_name), changes)
        queue_table.add(entries)
        read_now = [song_id for song_id, _ in entries]
        listing.index(read_now)
        traits.read_names(read_now, anew=read_now)
    return entries


def _tells_another(artist: str, title: str, parsed: ParsedName) -> bool:
    """Whether a song that services have found is another one by its file's new name."""
    best = parsed.hypotheses[0]
    said = f"{best.artist} {best.title}"
    return is_another_song(best.strength, said, artist, title)


def _names_given(ids: Sequence[int]) -> set[tuple[int, str, str]]:
    """Pairs of names that tell the same of these songs, either way round: one that a file had, and
    the one that we had PiKaraoke give it. After any other name they are news as all are."""
    found: set[tuple[int, str, str]] = set()
    for batch in queue_table.in_batches(ids, 500):
        marks = ",".join("?" * len(batch))
        for song_id, old, new in database.execute_sql(f"{_GIVEN} IN ({marks})", batch).fetchall():
            found |= {(song_id, old, new), (song_id, new, old)}
    return found


_GIVEN = "SELECT song_id, old_name, new_name FROM enrichment_rename WHERE song_id"


def was_given(song_id: int) -> bool:
    """Whether the song's file has a name that tells nothing new (see `review.renaming`)."""
    row = database.execute_sql(_BOTH_NAMES, (song_id,)).fetchone()
    if row is None:
        return False
    name, read_before = os.path.basename(row[0]), row[1]
    given = _names_given([song_id])
    if read_before is None or read_before == name:  # whoever was faster than this has read it
        return any(name == new for _, _, new in given)
    return (song_id, read_before, name) in given


_BOTH_NAMES = """
SELECT CAST(s.file_path AS TEXT), r.file_name
FROM songs AS s LEFT JOIN enrichment_reading AS r ON r.song_id = s.id WHERE s.id = ?
"""


def _forget_decisions(ids: Sequence[int]) -> None:
    """What was decided under the old name says nothing of the new one; whom a person has refused
    stays refused."""
    for batch in queue_table.in_batches(ids, 500):
        SongDetail.update(sources="{}", evidence="{}", decided_at=None).where(
            SongDetail.song.in_(batch)
        ).execute()
        CandidateRow.delete().where(
            CandidateRow.song.in_(batch)
            & ~CandidateRow.rejected
            & (CandidateRow.rank != former_answers.RANK)
        ).execute()


def _parsed(path: str, read: Read) -> ParsedName:
    """The name as it is read. One that our code fails on stands for its title: the other songs go
    on, and its own look-up fails with the reason."""
    try:
        return read(path)
    except Exception:  # any: whatever our own fault is, it must cost one song and not the scan
        name = os.path.basename(path)
        log.exception("The name %r cannot be read", name)
        title = os.path.splitext(name)[0] or name
        return ParsedName(name, None, (Hypothesis("", title, "fallback"),))


def as_read(path: str, read: Read) -> dict[str, Any]:
    """Artist, title, variant and confidence of a song of which nothing but its name is known."""
    columns = _columns(_parsed(path, read))
    return dict(zip(("artist", "title", "variant", "confidence"), columns, strict=True))


def urgency(parsed: ParsedName) -> int:
    """A song that cannot be found by its name in PiKaraoke is looked up before one that can."""
    strength = parsed.hypotheses[0].strength
    return queue_table.UNREADABLE if strength == "fallback" else queue_table.BACKLOG


_STORE_NAME = """
UPDATE songs SET artist = ?, title = ?, variant = ?, year = NULL, genre = NULL,
    metadata_status = 'parsed', {confidence} = ?, enrichment_attempts = 0, updated_at = ?
WHERE id = ? AND coalesce(metadata_status, '') <> 'manual'
"""
# PiKaraoke may delete a song between our reading its row and our writing.
_STORE_READING = """
INSERT INTO enrichment_reading (song_id, file_name, sources, evidence, reason, failed_by)
SELECT id, ?, '{}', '{}', '', '' FROM songs WHERE id = ?
ON CONFLICT (song_id) DO UPDATE SET file_name = excluded.file_name, reason = '', failed_by = ''
"""
_DECIDE_NO_SONG = "UPDATE enrichment_reading SET decided_at = ?, reason = ? WHERE song_id = ?"


def _columns(parsed: ParsedName) -> tuple[str | None, str, str | None, float]:
    best = parsed.hypotheses[0]
    return best.artist or None, best.title, best.variant or None, parsed_confidence(best)
