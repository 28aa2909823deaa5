"""A file that PiKaraoke was killed at while it renamed it: its row is given the new name too."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

# Lyrics, which PiKaraoke takes along.
COMPANIONS = (".cdg", ".ass")


def finish(execute: Callable[..., Any]) -> bool:
    """Bring the latest rename to its end where the disk has it and PiKaraoke's table has not.

    PiKaraoke renames the file first and its row last. Killed in between, by a power cut say, it
    takes the file for a new song when it starts again, and deletes the old row with all that was
    known of it. One file is renamed at a time, so that only the latest can hang so.

    Args:
        execute: runs a statement on the songs database and gives its cursor.
    Returns:
        Whether there was one.
    """
    row = execute(_LATEST).fetchone()
    if row is None or os.path.basename(row[1]) != row[2]:
        return False
    song_id, path, _, name = row
    renamed = os.path.join(os.path.dirname(path), name)
    if os.path.exists(path) or not os.path.exists(renamed):
        return False
    for kind in COMPANIONS:
        old, new = (os.path.splitext(each)[0] + kind for each in (path, renamed))
        if os.path.exists(old) and not os.path.exists(new):
            os.rename(old, new)
    execute(_RENAME, (renamed, song_id, path, renamed))
    return True


_LATEST = """
SELECT songs.id, songs.file_path, noted.old_name, noted.new_name
FROM enrichment_rename AS noted JOIN songs ON songs.id = noted.song_id
ORDER BY noted.id DESC LIMIT 1
"""
# Unless PiKaraoke has started again already, and has a row for it.
_RENAME = """
UPDATE songs SET file_path = ? WHERE id = ? AND file_path = ?
AND NOT EXISTS (SELECT 1 FROM songs AS there WHERE there.file_path = ?)
"""
