"""Keeps PiKaraoke's own list, queue and screen true to the shown names, while it runs.

Python goes through all that there is for garbage, again and again while a table grows: with
PiKaraoke loaded and lists of 100,000 songs 50 to 100 ms, in which no greenlet goes on. So what
stays is set apart (`gc.freeze`): what is loaded when it begins, and each list that is made anew.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from typing import Any

from ..system import real_thread
from ..system.log_throttle import complain
from .family import Guests
from .order import Order
from .seams import has_known_list
from .shown_names import News, ShownNames

LOOK_EVERY = 1.0
# Rest this many times as long as a look took: what shows the song needs the processor too.
REST_TIMES = 5.0


def follow(karaoke: Any, names: ShownNames, guests: Guests | None = None) -> None:
    """Look again and again, and never return: a greenlet's work, beside which the loop goes on."""
    import gevent

    gc.freeze()
    keeper = Keeper(karaoke, names, guests)
    while True:
        try:
            keeper.look()
        except Exception as error:  # whatever it is, PiKaraoke goes on, and so do we
            complain(f"new names are not shown in PiKaraoke yet ({error})", error)
        gevent.sleep(max(LOOK_EVERY, REST_TIMES * keeper.took))


class Keeper:
    """Keeps one PiKaraoke's list, queue and screen true to the table."""

    def __init__(self, karaoke: Any, names: ShownNames, guests: Guests | None = None) -> None:
        self._karaoke = karaoke
        self._names = names
        self._guests = guests
        self._order: Order | None = None
        self._put_in: int | None = None  # the list's version that the order was made for
        self.took = 0.0  # seconds of work in the last look, without those that it waited
        manager = karaoke.song_manager
        self._keeps_order = has_known_list(manager)
        if self._keeps_order:
            manager.songs._sort_key = names.key

    def look(self) -> None:
        """Take over what is new, then show it."""
        former = self._order
        news = real_thread.call(self._names.refresh)
        self.took = self._names.took
        if self._keeps_order and (news or self._karaoke.song_manager.songs.version != self._put_in):
            self._put_in_order(news)
        if news:
            self._rename_what_waits()
        if self._guests is not None and self._names.hidden:
            # Made here, so that no guest's request makes it in PiKaraoke's loop.
            real_thread.call(self._guests.pairs, self._karaoke.song_manager._match_index())
        if former is not None and former is not self._order:
            real_thread.call(former.let_go)

    def _put_in_order(self, news: News) -> None:
        """Make PiKaraoke's list and index as it would, but beside its loop, and hand them over.

        Where its list changed meanwhile it has dropped both, and makes them anew by our keys.
        """
        manager = self._karaoke.song_manager
        songs = manager.songs
        version = songs.version
        if news.is_all or version != self._put_in:
            self._order = None
        self._put_in = None
        try:
            made = real_thread.call(self._made, news.changed, songs._songs, manager.download_path)
        except RuntimeError:
            if songs.version == version:
                raise
        if songs.version != version:
            return
        songs._sorted_cache, manager._index, manager._initials = made
        if manager._folders_version == version:  # of paths alone: as it was
            manager._folders_version = version + 1
        songs._version = manager._index_version = manager._initials_version = version + 1
        self._put_in = version + 1

    def _made(self, changed: Mapping[str, str], paths: set[str], folder: str) -> tuple[Any, ...]:
        """List, index and letters."""
        begun = time.thread_time()
        is_anew = self._order is None
        if self._order is None:
            gc.collect()  # garbage is not to be set apart with the rest, where it would stay
            self._order = Order(paths, self._names.key, folder)
        else:
            self._order.move(changed)
        made = self._order.paths, self._order.pairs, self._order.letters()
        if is_anew:
            gc.freeze()
        self.took += time.thread_time() - begun
        return made

    def _rename_what_waits(self) -> None:
        """Rename what the queue and the screen hold, as a song was called when it was put there."""
        karaoke, playing = self._karaoke, self._karaoke.playback_controller
        name_of = karaoke.song_manager.display_name_from_path
        waiting = [(item, name_of(item["file"])) for item in karaoke.queue_manager.queue]
        is_queue_news = any(item["title"] != name for item, name in waiting)
        for item, name in waiting:
            item["title"] = name
        plays = playing.now_playing and playing.now_playing_filename
        name = name_of(plays) if plays else playing.now_playing
        if is_queue_news:
            karaoke.events.emit("queue_update")
        if is_queue_news or name != playing.now_playing:
            playing.now_playing = name
            karaoke.events.emit("now_playing_update")
