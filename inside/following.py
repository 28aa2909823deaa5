"""Keeps PiKaraoke's own list, queue and screen true to the shown names, while it runs."""

from __future__ import annotations

from typing import Any

from ..system import real_thread
from ..system.log_throttle import complain
from .family import Guests
from .order import MOST_MOVED, Order
from .seams import has_known_list
from .shown_names import News, ShownNames

LOOK_EVERY = 1.0
# Rest this many times as long as a look took: what shows the song needs the processor too.
REST_TIMES = 5.0


def follow(karaoke: Any, names: ShownNames, guests: Guests | None = None) -> None:
    """Look again and again, and never return: a greenlet's work, beside which the loop goes on."""
    import gevent

    keeper = Keeper(karaoke, names, guests)
    while True:
        try:
            keeper.look()
        except Exception as error:  # whatever it is, PiKaraoke goes on, and so do we
            complain(f"new names are not shown in PiKaraoke yet ({error})", error)
        gevent.sleep(max(LOOK_EVERY, REST_TIMES * names.took))


class Keeper:
    """Keeps one PiKaraoke's list, queue and screen true to the table."""

    def __init__(self, karaoke: Any, names: ShownNames, guests: Guests | None = None) -> None:
        self._karaoke = karaoke
        self._names = names
        self._guests = guests
        self._order: Order | None = None
        self._put_in: int | None = None  # the list's version that the order was made for
        manager = karaoke.song_manager
        self._keeps_order = has_known_list(manager)
        if self._keeps_order:
            manager.songs._sort_key = names.key

    def look(self) -> None:
        """Take over what is new, then show it."""
        news = real_thread.call(self._names.refresh)
        if news:
            if self._keeps_order:
                self._put_in_order(news)
            self._rename_what_waits()
        if self._guests is not None and (news or news.is_hidden_news):
            # Made here, so that no guest's request makes it in PiKaraoke's loop.
            real_thread.call(self._guests.pairs, self._karaoke.song_manager._match_index())

    def _put_in_order(self, news: News) -> None:
        """Make PiKaraoke's list and index as it would, but beside its loop, and hand them over.

        Where its list changed meanwhile it has dropped both, and makes them anew by our keys.
        """
        manager = self._karaoke.song_manager
        songs = manager.songs
        version = songs.version
        # A copy of 100,000 paths takes 2.5 ms, so only where the songs are others.
        paths = None if version == self._put_in else list(songs._songs)
        made = real_thread.call(self._made, news, paths, manager.download_path)
        if songs.version != version:
            return
        songs._sorted_cache, manager._index, manager._initials = made
        if manager._folders_version == version:  # of paths alone: as it was
            manager._folders_version = version + 1
        songs._version = manager._index_version = manager._initials_version = version + 1
        self._put_in = version + 1

    def _made(self, news: News, paths: list[str] | None, folder: str) -> tuple[Any, ...]:
        """List, index and letters; `paths` are None where the order holds the same songs still."""
        if self._order is not None and paths is None:
            if news.is_all or len(news.changed) > MOST_MOVED:
                paths = self._order.paths
            else:
                self._order.move(news.changed)
        if paths is not None:
            self._order = Order(paths, self._names.key, folder)
        assert self._order is not None
        return self._order.paths, self._order.pairs, self._order.letters()

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
