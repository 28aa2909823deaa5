"""PiKaraoke started with enrichment inside it: our pages in its menu, its events, our consumer."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import config
from .exceptions import NoPiKaraoke
from .system import child

log = logging.getLogger("pikaraoke_enrichment")

# How often PiKaraoke is looked for while it starts, and how long a consumer that died is left
# alone: twice as long each time, in seconds.
LOOK_EVERY = 0.1
FIRST_REST, LONGEST_REST = 1.0, 60.0


def launch(arguments: Sequence[str]) -> int:
    """Run PiKaraoke with these arguments of its own until it ends.

    Raises:
        NoPiKaraoke: it is not installed in this environment.
    """
    sys.argv = ["pikaraoke", *arguments]
    app_module = _import_pikaraoke()
    settings = _settings(app_module.args)

    import gevent

    from .web import init_app

    init_app(app_module.app, settings)
    companion = Companion(settings, _address(app_module.args))
    watcher = gevent.spawn(_join_in, app_module.app, companion)
    try:
        app_module.main()
    finally:
        watcher.kill()
        companion.end()
    return 0


def _import_pikaraoke() -> Any:
    """PiKaraoke's own module, whose first deed is gevent's monkey-patching: so before Flask, our
    models or anything else that knows threads and sockets."""
    try:
        return importlib.import_module("pikaraoke.app")
    except ModuleNotFoundError as error:
        if error.name != "pikaraoke":
            raise
        raise NoPiKaraoke(
            "PiKaraoke is not installed in this environment: pip install pikaraoke, or start it as "
            "you always do and run ./consumer.sh beside it"
        ) from None


def _settings(args: Any) -> config.Settings:
    """Our settings for this PiKaraoke: its own database always, its config file unless told."""
    data = Path(importlib.import_module("pikaraoke.lib.get_platform").get_data_directory())
    if not os.environ.get("ENRICHMENT_CONFIG", "").strip():
        place = data / args.config_file_path  # an absolute one stays
        os.environ["ENRICHMENT_CONFIG"] = str(place)
    settings = config.load()
    db = str(data / "pikaraoke.db")
    if settings.db == db:
        return settings
    return replace(settings, db=db, queue=config.default_queue(db))


def _address(args: Any) -> str:
    """Where this machine reaches this PiKaraoke."""
    return f"http://127.0.0.1:{args.port}{args.base_path}"


# --- what goes on beside its main loop ------------------------------------------------------------


def _join_in(app: Any, companion: Companion) -> None:
    """Once PiKaraoke is there, with its database made, listen to it and look after the consumer."""
    import gevent

    while "KARAOKE_INSTANCE" not in app.config:
        gevent.sleep(LOOK_EVERY)
    listen(app.config["KARAOKE_INSTANCE"])
    companion.attend()


def listen(karaoke: Any) -> None:
    """Queue what PiKaraoke downloads and renames, and what its singers choose, before the rest."""
    from .tasks.queue.table import UPLOAD
    from .tasks.uploads import hurry, queue_for_enrichment, take_renamed

    def downloaded(path: str, *_: Any) -> None:
        _soon(queue_for_enrichment, path, UPLOAD)

    def renamed(song_id: int, *_: Any) -> None:
        _soon(take_renamed, song_id)

    def chosen() -> None:
        _soon(hurry, [item["file"] for item in karaoke.queue_manager.queue])

    karaoke.events.on("song_downloaded", downloaded)
    karaoke.events.on("song_renamed", renamed)
    karaoke.events.on("queue_update", chosen)


def _soon(work: Any, *given: Any) -> None:
    """PiKaraoke calls us in the midst of its own work, and must neither wait nor fail for us."""
    from .system import real_thread

    real_thread.spawn(work, *given)


class Companion:
    """The consumer, a process of its own that ends with this one: its standard input is a pipe of
    which we hold the other end, and that closes however PiKaraoke ends."""

    def __init__(self, settings: config.Settings, pikaraoke_url: str) -> None:
        self._environment = {
            **settings.whole_environment(),
            "ENRICHMENT_DB": settings.db,
            "ENRICHMENT_QUEUE": settings.queue,
            "ENRICHMENT_PIKARAOKE_URL": pikaraoke_url,
        }
        self._process: Any = None

    def attend(self) -> None:
        """Keep one running; returns never."""
        import gevent

        rest = FIRST_REST
        while True:
            self._start()
            status = self._process.wait()
            log.error("The consumer ended with status %s; it is started again", status)
            gevent.sleep(rest)
            rest = min(LONGEST_REST, 2 * rest)

    def _start(self) -> None:
        import subprocess  # gevent's: its wait lets the others go on

        words = ["run", "--no-dashboard", "--until-stdin-closes"]
        self._process = subprocess.Popen(
            child.command(*words),
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,  # its log is on standard error, as PiKaraoke's
            start_new_session=True,  # Ctrl-C in this terminal reaches it through the pipe
        )

    def end(self) -> None:
        """Tell it to end, which it does once the songs under way are through."""
        if self._process is not None and self._process.poll() is None:
            self._process.stdin.close()
